//! What is known of a law after its file was read.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ArticleNumber;

/// A law as one file holds it: what stands at its head, and the body in its order.
///
/// The numbers of its articles ascend strictly, so that each names one article of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedLaw {
    /// The title as it stands: 中华人民共和国刑法.
    pub title: String,
    /// The title without 中华人民共和国: 刑法.
    pub short_title: String,
    /// The short title for addresses: no white space, and nothing that ends a path segment.
    pub slug: String,
    /// The part of the law that the file holds (人格权编), where a law is split over files.
    pub part: Option<String>,
    /// The lines between the title and the body: who passed it when, who changed it since.
    pub history: Vec<HistoryLine>,
    /// The date of this version: that in the file's name, else the latest in the history that
    /// does not only say since when the law is in force.
    pub version: Option<Date>,
    /// Since when the law is in force (施行), where the history says it.
    pub effective: Option<Date>,
    /// Headings, articles and words outside any article, in the order of the file.
    pub body: Vec<Node>,
    /// What could not be placed, or looks wrong, by ascending line.
    pub findings: Vec<Finding>,
}

impl ParsedLaw {
    /// The articles in their order, each with its paragraphs.
    pub fn articles(&self) -> impl Iterator<Item = (ArticleNumber, &[String])> {
        self.body.iter().filter_map(|node| match node {
            Node::Article { number, paragraphs } => Some((*number, paragraphs.as_slice())),
            Node::Heading(_) | Node::Text { .. } => None,
        })
    }
}

/// One line of the history, `2020年5月28日 第十三届全国人民代表大会第三次会议通过`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// The first date in the line.
    pub date: Option<Date>,
    /// The whole line, the date included.
    pub text: String,
}

/// One piece of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Node {
    /// A heading of a part, chapter or section.
    Heading(Heading),
    /// An article: its number, and its paragraphs without the number, items （一） included.
    Article {
        /// The number of the article.
        number: ArticleNumber,
        /// Its paragraphs, none of them empty.
        paragraphs: Vec<String>,
    },
    /// Words outside any article: a preamble, an annex, a decision or standard without articles.
    Text {
        /// The paragraphs, at least one, none of them empty.
        paragraphs: Vec<String>,
    },
}

/// A heading: `第三分编　准 合 同` is label 第三分编 and title 准合同.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// What it heads.
    pub level: Level,
    /// How deep it stands: 1 for the outermost of this file.
    pub depth: u8,
    /// Its number, 第一章; none for 序言, 附则 and the like.
    pub label: Option<String>,
    /// Its words without the number and without white space between Chinese characters.
    pub title: String,
}

/// What a heading heads, from the widest to the narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 编
    Part,
    /// 分编
    SubPart,
    /// 章
    Chapter,
    /// 节
    Section,
    /// A heading without such a number: 序言, 附则, 附件一, 5.1　颅脑、脊髓.
    Other,
}

/// Something that a person should look at before the text is taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The line of the file, from 1.
    pub line: usize,
    /// The beginning of that line, at most 80 characters.
    pub text: String,
    /// What is wrong with it.
    pub reason: FindingReason,
}

/// What is wrong with a line. Nothing is lost in any of these cases but the blank heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FindingReason {
    /// Words before the title; they open the body as text.
    #[error("words before the title, kept as text of the body")]
    TextBeforeTitle,
    /// The title stands without `#`.
    #[error("the title stands without #")]
    TitleNotMarked,
    /// There is no title; the name of the file serves.
    #[error("no title; the name of the file serves")]
    TitleFromFileName,
    /// A third line with one `#` at the head; it is kept in the history.
    #[error("a third line with one #, kept in the history")]
    ExtraTitle,
    /// `<!-- INFO END -->` is missing or stands too late; the body was taken to begin here.
    #[error("no <!-- INFO END --> before it; the body was taken to begin here")]
    NoInfoEnd,
    /// A date of the history is not in the calendar (2月30日).
    #[error("a date that is not in the calendar")]
    ImpossibleDate,
    /// A comment that is not known; it is kept as text.
    #[error("a comment that is not known, kept as text")]
    UnknownComment,
    /// A heading without words; it was left out.
    #[error("a heading without words, left out")]
    BlankHeading,
    /// This number has been before; the line is kept as text of what stands before it.
    #[error("this number has been before; kept as text of what stands before it")]
    NumberRepeated,
    /// This number does not fit into the ascending row; the line is kept as text as well.
    #[error("this number does not fit into the row{}; kept as text", .after.map_or_else(String::new, |after| format!(" after {after}")))]
    NumberOutOfOrder {
        /// The article before it, if any.
        after: Option<ArticleNumber>,
    },
    /// Numbers are missing between the article before and this one.
    #[error("numbers are missing after {after}")]
    NumbersSkipped {
        /// The article before it.
        after: ArticleNumber,
    },
    /// An article that another one quotes, behind a colon and out of the row, as an amendment
    /// does that inserts some; it is kept as text of that one.
    #[error("an article that {by} quotes, kept as text of that one")]
    NumberQuoted {
        /// The article that quotes it.
        by: ArticleNumber,
    },
    /// An article in an annex; it is no article of the law and is kept as text.
    #[error("an article in an annex, kept as text")]
    NumberInAnnex,
    /// The next number, but nothing that sets it apart: an article, or only a mention of one.
    #[error(
        "the next number, but nothing sets it apart: an article, or only a mention of one; kept as text"
    )]
    PerhapsArticle,
    /// Set like an article, with a number that is none or above 9 999 (第一万亿条); it is kept as
    /// text.
    #[error("set like an article, but the number can not be read; kept as text")]
    NumberUnread,
    /// An article without words.
    #[error("an article without words")]
    ArticleEmpty,
    /// A character that could not be read when the file was decoded (U+FFFD).
    #[error("a character that could not be read when the file was decoded")]
    UnreadableCharacter,
}

/// Why a text is no law at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ParseFailure {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// No title, neither in the text nor in the name of the file.
    #[error("the text has no title")]
    NoTitle,
    /// A head without a body.
    #[error("the text has a title and nothing else")]
    NoBody,
}
