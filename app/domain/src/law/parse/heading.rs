//! Headings: which lines are one, what they say, and how they nest.

use super::clean::compact;
use crate::law::{Heading, Level, numeral};

/// How many `#` a heading without any counts for: that of the outermost ones of a body.
const UNMARKED: usize = 2;

/// A heading as a line has it, before it is known how deep it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawHeading {
    pub marks: usize,
    pub level: Level,
    pub label: Option<String>,
    pub title: String,
}

impl RawHeading {
    /// Reads the words of a heading, `第三分编　准 合 同`.
    pub fn new(marks: usize, words: &str) -> Self {
        let words = words.trim_matches('*').trim();
        let (level, label, title) = match labelled(words) {
            Some((level, label, rest)) => (level, Some(label), rest),
            None => (Level::Other, None, words),
        };
        Self {
            marks,
            level,
            label,
            title: tidy(title),
        }
    }

    pub fn is_blank(&self) -> bool {
        self.label.is_none() && self.title.is_empty()
    }

    /// Whether it heads an annex: 附件, 附录一, 附表; not 附则.
    pub fn is_annex(&self) -> bool {
        self.label.is_none() && annex(&self.title)
    }

    /// Whether it heads a table of contents.
    pub fn is_contents(&self) -> bool {
        self.label.is_none() && self.title == "目录"
    }
}

/// Splits `## words` into the number of marks and the words.
pub(super) fn marked(line: &str) -> Option<(usize, &str)> {
    let words = line.trim_start_matches('#');
    let marks = line.len() - words.len();
    (marks > 0).then(|| (marks, words.trim_end_matches('#').trim()))
}

/// Reads a line without `#` that is a heading all the same: `第一章 总 则`, `附 则`, `附件：名单`.
pub(super) fn unmarked(line: &str) -> Option<RawHeading> {
    let whole = compact(line);
    let annex = annex(&whole);
    let length = line.chars().count();
    let text = line.contains('。') || line.ends_with(['；', '：', ':', ';', '”', '，']);
    if length > 40 || text && !(annex && length <= 8) {
        return None;
    }
    let known = matches!(whole.as_str(), "目录" | "序言" | "总则" | "附则");
    let numbered = labelled(line)
        .is_some_and(|(_, _, rest)| rest.is_empty() || rest.starts_with(char::is_whitespace));
    (annex || known || numbered).then(|| RawHeading::new(UNMARKED, line))
}

/// Whether the words are 附件, 附录, 附表 or 附, a number or none, and a name or none.
fn annex(words: &str) -> bool {
    ["附件", "附录", "附表", "附"]
        .iter()
        .find_map(|name| words.strip_prefix(name))
        .map(|rest| rest.trim_start().trim_start_matches(numeral::is_numeral))
        .is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(char::is_whitespace)
                || rest.starts_with(['：', ':', '、', '.', '．', '《', '（', '('])
        })
}

/// Splits `第三分编之一 名` into its level, its label without white space, and the rest.
fn labelled(words: &str) -> Option<(Level, String, &str)> {
    let inside = words.strip_prefix('第')?;
    let unit = inside.trim_start_matches(|c: char| numeral::is_numeral(c) || c.is_whitespace());
    numeral::read(&compact(&inside[..inside.len() - unit.len()]))?;
    let (level, mut rest) = [
        ("分编", Level::SubPart),
        ("部分", Level::Part),
        ("编", Level::Part),
        ("篇", Level::Part),
        ("章", Level::Chapter),
        ("节", Level::Section),
    ]
    .into_iter()
    .find_map(|(name, level)| Some((level, unit.strip_prefix(name)?)))?;
    if let Some(behind) = rest.strip_prefix('之') {
        let after = behind.trim_start_matches(numeral::is_numeral);
        if numeral::read(&behind[..behind.len() - after.len()]).is_some() {
            rest = after;
        }
    }
    Some((level, compact(&words[..words.len() - rest.len()]), rest))
}

/// The words with no white space between Chinese characters and single spaces elsewhere.
pub(super) fn tidy(words: &str) -> String {
    let mut tidied = String::new();
    for word in words.split_whitespace() {
        let chinese =
            !tidied.ends_with(|c: char| c.is_ascii()) && !word.starts_with(|c: char| c.is_ascii());
        if !tidied.is_empty() && !chinese {
            tidied.push(' ');
        }
        tidied.push_str(word);
    }
    tidied
}

/// The headings that are open at a place of the body, the outermost first.
#[derive(Default)]
pub(super) struct Outline(Vec<(Level, usize)>);

impl Outline {
    /// Places a heading: numbered ones by what they head, since files differ in their `#`;
    /// the others by `#`.
    pub fn place(&mut self, raw: RawHeading) -> Heading {
        while let Some(&(level, marks)) = self.0.last() {
            let holds = if raw.level == Level::Other || level == Level::Other {
                marks < raw.marks
            } else {
                level < raw.level
            };
            if holds {
                break;
            }
            self.0.pop();
        }
        self.0.push((raw.level, raw.marks));
        Heading {
            level: raw.level,
            depth: u8::try_from(self.0.len()).unwrap_or(u8::MAX),
            label: raw.label,
            title: raw.title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(words: &str) -> (Level, Option<String>, String) {
        let raw = RawHeading::new(2, words);
        (raw.level, raw.label, raw.title)
    }

    #[test]
    fn a_numbered_heading_has_a_label_and_a_title() {
        for (words, level, label, title) in [
            ("第一编 总则", Level::Part, "第一编", "总则"),
            ("第三分编 准 合 同", Level::SubPart, "第三分编", "准合同"),
            ("第 十 二 章　附　则", Level::Chapter, "第十二章", "附则"),
            ("第一节一般规定", Level::Section, "第一节", "一般规定"),
            ("第三章之一 数据", Level::Chapter, "第三章之一", "数据"),
            ("**第一章 总则**", Level::Chapter, "第一章", "总则"),
            ("第2篇", Level::Part, "第2篇", ""),
        ] {
            assert_eq!(heading(words), (level, Some(label.into()), title.into()));
        }
    }

    #[test]
    fn other_headings_keep_their_words() {
        for (words, title) in [
            ("序 言", "序言"),
            ("5.1　颅脑、脊髓", "5.1 颅脑、脊髓"),
            ("附件 1", "附件 1"),
            ("一、制度工作时间的计算", "一、制度工作时间的计算"),
            ("第一审程序", "第一审程序"),
            ("", ""),
        ] {
            assert_eq!(heading(words), (Level::Other, None, title.into()));
        }
    }

    #[test]
    fn short_lines_without_marks_may_be_headings() {
        for line in [
            "第一章 总 则",
            "第二编",
            "附 则",
            "目　录",
            "附件一",
            "附件1：操作规程",
            "附表",
            "附件：",
            "附：刑法有关条文",
        ] {
            assert!(unmarked(line).is_some(), "{line}");
        }
        for line in [
            "第一章规定的犯罪",
            "第一章 的规定适用于本法。",
            "附则规定的",
            "附件中的",
            "附件如下：",
            "序言说明",
            "第二节 的前款所列各项，包括：",
            "附条件的民事法律行为",
            "总则编",
        ] {
            assert!(unmarked(line).is_none(), "{line}");
        }
    }

    #[test]
    fn marks_are_counted_with_or_without_a_space() {
        assert_eq!(marked("## 总则"), Some((2, "总则")));
        assert_eq!(marked("#刑法 #"), Some((1, "刑法")));
        assert_eq!(marked("##"), Some((2, "")));
        assert_eq!(marked("总则 #"), None);
    }

    #[test]
    fn headings_nest_by_meaning_whatever_their_marks() {
        let mut outline = Outline::default();
        let depths = [
            (2, "第一编 总则"),
            (2, "第一章 甲"),
            (2, "第一节 乙"),
            (4, "第二章 丙"),
            (2, "第二编 分则"),
            (3, "第一分编 丁"),
            (2, "第三章 戊"),
            (2, "附则"),
            (3, "5.1 己"),
            (4, "5.1.1 庚"),
            (3, "5.2 辛"),
        ]
        .map(|(marks, words)| outline.place(RawHeading::new(marks, words)).depth);
        assert_eq!(depths, [1, 2, 3, 2, 1, 2, 3, 1, 2, 3, 2]);
    }
}
