//! From the text of a file to a law.

mod body;
mod clean;
mod comment;
mod head;
mod heading;
mod history;
mod order;
mod title;

use self::clean::Line;
use super::{Finding, FindingReason, Node, ParseFailure, ParsedLaw};

/// Reads one law from the text of its file.
///
/// The form is that of the collection LawRefBook/Laws: `# title`, perhaps a second `# part`,
/// lines of history, `<!-- INFO END -->`, then headings and paragraphs, of which those that
/// begin `第一条 ` open an article. The function is forgiving: `#` may be missing or miscounted,
/// white space may stand anywhere or be of any kind, the end of the head may be unmarked. No
/// words are dropped, and whatever looks wrong is told in [`ParsedLaw::findings`].
///
/// `file_name` gives the date of the version, `刑法修正案（十二）(2023-12-29).md`, and the title
/// where the text has none; it may be empty.
///
/// # Errors
/// [`ParseFailure`] when there is nothing that could be called a law: no words, no title, or
/// nothing behind the head.
///
/// # Examples
/// ```
/// use domain::law::parse;
///
/// let text = "# 中华人民共和国刑法\n\n<!-- INFO END -->\n\n## 第一章 总 则\n\n第一条 为了惩罚犯罪。";
/// let law = parse(text, "刑法(2023-12-29).md")?;
/// assert_eq!(law.slug, "刑法");
/// assert_eq!(law.version, Some("2023-12-29".parse().unwrap()));
/// let (number, paragraphs) = law.articles().next().unwrap();
/// assert_eq!(number.to_string(), "第一条");
/// assert_eq!(paragraphs, ["为了惩罚犯罪。"]);
/// # Ok::<(), domain::law::ParseFailure>(())
/// ```
pub fn parse(text: &str, file_name: &str) -> Result<ParsedLaw, ParseFailure> {
    let lines = clean::lines(text);
    let mut findings = Findings::default();
    for line in &lines {
        if line.text.contains(char::REPLACEMENT_CHARACTER) {
            findings.add(line, FindingReason::UnreadableCharacter);
        }
    }
    let head = head::read(&lines, file_name, &mut findings)?;
    let mut body = body::read(head.body, &mut findings);
    if !head.before.is_empty() {
        let paragraphs = head.before.iter().map(|line| line.text.clone()).collect();
        body.insert(0, Node::Text { paragraphs });
    }
    if body.is_empty() {
        return Err(ParseFailure::NoBody);
    }
    let short_title = title::short(&head.title).to_owned();
    Ok(ParsedLaw {
        slug: title::slug(&short_title),
        short_title,
        title: head.title,
        part: head.part,
        history: head.history,
        version: history::of_file_name(file_name).or(head.dates.made),
        effective: head.dates.in_force,
        body,
        findings: findings.sorted(),
    })
}

/// What was found so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, line: &Line, reason: FindingReason) {
        self.0.push(Finding {
            line: line.number,
            text: clean::excerpt(&line.text),
            reason,
        });
    }

    fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| finding.line);
        self.0
    }
}

#[cfg(test)]
mod tests;
