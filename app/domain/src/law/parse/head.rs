//! The head of a file: title, part, and history, up to where the body begins.

use super::Findings;
use super::clean::{Line, compact};
use super::comment::{self, Comment};
use super::heading::{self, RawHeading};
use super::history::{self, Dates};
use super::{body, title};
use crate::law::{FindingReason, HistoryLine, ParseFailure};

/// What stands at the head, and the lines that do not.
#[derive(Debug)]
pub(super) struct Head<'a> {
    pub title: String,
    pub part: Option<String>,
    pub history: Vec<HistoryLine>,
    pub dates: Dates,
    /// The lines before the title, which should not be there.
    pub before: &'a [Line],
    /// The lines of the body.
    pub body: &'a [Line],
}

/// Reads the head.
pub(super) fn read<'a>(
    lines: &'a [Line],
    file_name: &str,
    findings: &mut Findings,
) -> Result<Head<'a>, ParseFailure> {
    let (title, before, rest) = split_title(lines, file_name, findings)?;
    for line in before {
        findings.add(line, FindingReason::TextBeforeTitle);
    }
    let (head_lines, body) = split_head(rest);
    let unended = body.len() + head_lines.len() == rest.len();
    if let Some(line) = body.first().filter(|_| unended) {
        findings.add(line, FindingReason::NoInfoEnd);
    }
    let mut head = Head {
        title,
        part: None,
        history: Vec::new(),
        dates: Dates::default(),
        before,
        body,
    };
    for line in head_lines {
        head.take(line, findings);
    }
    Ok(head)
}

impl Head<'_> {
    /// Files one line of the head as part or history.
    fn take(&mut self, line: &Line, findings: &mut Findings) {
        let text = match (heading::marked(&line.text), comment::read(&line.text)) {
            (Some((_, "")), _) => return findings.add(line, FindingReason::BlankHeading),
            (Some((_, words)), _) if self.part.is_none() => {
                self.part = Some(title::tidy(words));
                return;
            }
            (Some((_, words)), _) => {
                findings.add(line, FindingReason::ExtraTitle);
                words
            }
            (None, Some(Comment::Unknown)) => {
                findings.add(line, FindingReason::UnknownComment);
                line.text.as_str()
            }
            (None, Some(_)) => return,
            (None, None) => line.text.as_str(),
        };
        if history::has_impossible_date(text) {
            findings.add(line, FindingReason::ImpossibleDate);
        }
        self.dates.add(text);
        self.history.push(history::line(text));
    }
}

/// Finds the title: the first line with one `#`, else a first line like the name of the file,
/// else that name. Answers what stands before it and behind it too.
fn split_title<'a>(
    lines: &'a [Line],
    file_name: &str,
    findings: &mut Findings,
) -> Result<(String, &'a [Line], &'a [Line]), ParseFailure> {
    let first = lines.first().ok_or(ParseFailure::Empty)?;
    let before_articles = lines
        .iter()
        .take_while(|line| body::article(&line.text).is_none());
    for (place, line) in before_articles.enumerate() {
        if let Some(title) = marked_title(&line.text) {
            return Ok((title, &lines[..place], &lines[place + 1..]));
        }
    }
    let named = title::of_file_name(file_name);
    let words = heading::marked(&first.text).map_or(first.text.as_str(), |(_, words)| words);
    let alike = !named.is_empty() && compact(words).contains(&compact(&named));
    if alike && words.chars().count() <= 80 && is_usable(&title::tidy(words)) {
        findings.add(first, FindingReason::TitleNotMarked);
        return Ok((title::tidy(words), &[], &lines[1..]));
    }
    if is_usable(&named) {
        findings.add(first, FindingReason::TitleFromFileName);
        return Ok((named, &[], lines));
    }
    Err(ParseFailure::NoTitle)
}

fn marked_title(line: &str) -> Option<String> {
    let (1, words) = heading::marked(line)? else {
        return None;
    };
    let title = title::tidy(words);
    (RawHeading::new(1, words).label.is_none() && is_usable(&title)).then_some(title)
}

fn is_usable(title: &str) -> bool {
    !title::slug(title::short(title)).is_empty()
}

/// Splits what follows the title into head and body: at `<!-- INFO END -->`, which belongs to
/// neither; where that is missing or too late, behind the last line that looks like history.
fn split_head(rest: &[Line]) -> (&[Line], &[Line]) {
    let end = rest
        .iter()
        .position(|line| comment::read(&line.text) == Some(Comment::InfoEnd));
    if let Some(end) = end
        && !rest[..end].iter().any(|line| opens_body(&line.text))
    {
        return (&rest[..end], &rest[end + 1..]);
    }
    let history = rest
        .iter()
        .take_while(|line| {
            !opens_body(&line.text)
                && (marked_title(&line.text).is_some() || history::is_history(&line.text))
        })
        .count();
    rest.split_at(history)
}

/// Whether a line cannot belong to the head.
fn opens_body(line: &str) -> bool {
    match heading::marked(line) {
        Some((marks, _)) => marks > 1,
        None => body::article(line).is_some() || heading::unmarked(line).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::parse;
    use super::super::tests::{HEAD, outline, reasons};
    use super::*;

    #[test]
    fn a_part_of_a_law_is_read_with_its_dates() {
        let law = parse(
        "# 中华人民共和国民法典\n\n# 人格权编\n\n2020年5月28日 通过\n\n2021年1月1日 施行\n\n\
         <!-- INFO END -->\n\n## 第一章  一般规定\n\n第九百八十九条 本编。\n\n第九百九十条 人格权。\n\n（一）生命权。",
        "人格权编.md",
    )
    .expect("a law");
        assert_eq!(
            (law.title.as_str(), law.slug.as_str()),
            ("中华人民共和国民法典", "民法典")
        );
        assert_eq!(law.part.as_deref(), Some("人格权编"));
        assert_eq!(law.version, Some(date(2020, 5, 28)));
        assert_eq!(law.effective, Some(date(2021, 1, 1)));
        assert_eq!(law.history.len(), 2);
        assert_eq!(
            outline(&law),
            [
                "#1 第一章|一般规定",
                "989: 本编。",
                "990: 人格权。/（一）生命权。"
            ]
        );
        assert_eq!(law.findings, []);
    }

    #[test]
    fn the_date_in_the_name_of_the_file_goes_first() {
        let law = parse(&format!("{HEAD}第一条 甲。"), "甲法(2023-12-29).md").expect("a law");
        assert_eq!(law.version, Some(date(2023, 12, 29)));
    }

    #[test]
    fn without_an_end_the_head_is_its_history() {
        let text = "# 甲法\n（2014年11月1日第十二届全国人民代表大会通过）\n2015年1月1日 施行\n\
                为了甲，制定本法。\n第一条 乙。";
        let law = parse(text, "").expect("a law");
        assert_eq!(law.history.len(), 2);
        assert_eq!(law.version, Some(date(2014, 11, 1)));
        assert_eq!(law.effective, Some(date(2015, 1, 1)));
        assert_eq!(outline(&law), ["为了甲，制定本法。", "1: 乙。"]);
        assert_eq!(reasons(&law), [(4, FindingReason::NoInfoEnd)]);
    }

    #[test]
    fn an_end_behind_articles_does_not_make_them_history() {
        let law = parse("# 甲法\n第一条 乙。\n<!-- INFO END -->\n第二条 丙。", "").expect("a law");
        assert_eq!(outline(&law), ["1: 乙。", "2: 丙。"]);
        assert_eq!(reasons(&law), [(2, FindingReason::NoInfoEnd)]);
    }

    #[test]
    fn lines_before_the_title_are_told_and_kept() {
        let law = parse("公告\n# 甲法\n<!-- INFO END -->\n第一条 乙。", "").expect("a law");
        assert_eq!(outline(&law), ["公告", "1: 乙。"]);
        assert_eq!(reasons(&law), [(1, FindingReason::TextBeforeTitle)]);
    }

    #[test]
    fn a_missing_title_is_taken_from_the_first_line_or_the_name() {
        let law = parse("中华人民共和国甲法\n第一条 乙。", "甲法(2020-01-01).md").expect("a law");
        assert_eq!(law.title, "中华人民共和国甲法");
        assert_eq!(law.findings[0].reason, FindingReason::TitleNotMarked);
        let law = parse("第一条 乙。", "行政法/甲法(2020-01-01).md").expect("a law");
        assert_eq!(law.title, "甲法");
        assert_eq!(law.findings[0].reason, FindingReason::TitleFromFileName);
    }
}
