//! What a reader of laws is given.

use domain::law::{ArticleNumber, Level};
use serde::{Deserialize, Serialize};

/// A law in the list, in its newest version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct LawSummary {
    /// Its address.
    pub slug: String,
    /// Its title: 中华人民共和国刑法.
    pub title: String,
    /// The folder it came in, 行政法; empty where it came in none.
    pub category: String,
    /// The date of the version, `2020-05-28`; empty where the text gives none.
    pub version_date: String,
    /// Since when it is in force, where the text says it.
    pub effective_date: Option<String>,
    /// How many articles it has.
    pub articles: i64,
    /// How many versions there are.
    pub versions: i64,
}

/// A version of a law: title page and contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The law's address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The folder it came in.
    pub category: String,
    /// The date of this version, empty where the text gives none.
    pub version_date: String,
    /// Since when it is in force, where the text says it.
    pub effective_date: Option<String>,
    /// The dates of all versions, newest first.
    pub versions: Vec<String>,
    /// Whether this is the newest.
    pub is_latest: bool,
    /// Its parts, in the order of their articles.
    pub parts: Vec<Part>,
}

/// A part of a law; a law in one piece is one part without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name, 人格权编, or empty.
    pub name: String,
    /// Who passed it when, who changed it since; a line each.
    pub history: Vec<String>,
    /// Its contents, in order.
    pub entries: Vec<Entry>,
}

/// A line of the contents: a heading, or a section that has none (label and title empty).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it heads.
    pub level: Level,
    /// How deep it stands, from 1.
    pub depth: i64,
    /// Its number, 第一章, or empty.
    pub label: String,
    /// Its words.
    pub title: String,
    /// Where it leads, for [`super::read::section`].
    pub address: String,
    /// The first article under it.
    pub from: Option<ArticleNumber>,
    /// The last article under it.
    pub to: Option<ArticleNumber>,
}

/// One page of the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The law's address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The date of this version, empty where the text gives none.
    pub version_date: String,
    /// Whether this is the newest version.
    pub is_latest: bool,
    /// The name of the part, or empty.
    pub part: String,
    /// The section's own address, the same whichever of its articles was asked for.
    pub address: String,
    /// Label and title of the headings above it, outermost first, its own last.
    pub breadcrumb: Vec<(String, String)>,
    /// What stands in it, without the headings of the breadcrumb.
    pub nodes: Vec<Node>,
    /// The address of the node that was asked for; none where the whole section was.
    pub marked: Option<String>,
    /// The section before it.
    pub previous: Option<Neighbour>,
    /// The section after it.
    pub next: Option<Neighbour>,
}

/// An article, a piece of text, or a heading within a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Which of the three.
    pub kind: NodeKind,
    /// 第一百二十条之一 of an article, the number of a heading, or empty.
    pub label: String,
    /// The words of a heading.
    pub title: String,
    /// Its address in this version, unique in the page.
    pub address: String,
    /// Its paragraphs; empty for a heading.
    pub html: String,
}

/// What a [`Node`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A heading below that of the section.
    Heading,
    /// An article.
    Article,
    /// Words outside any article.
    Text,
}

/// The section before or after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbour {
    /// Where it is, for [`super::read::section`].
    pub address: String,
    /// The name of its part, or empty.
    pub part: String,
    /// The number of its heading; that of its first article where it has no heading.
    pub label: String,
    /// The words of its heading, or empty.
    pub title: String,
}

/// The words of an article, to show where it is cited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct ArticleText {
    /// 第一百二十条之一
    pub label: String,
    /// Its paragraphs.
    pub html: String,
    /// The version they are from, empty where the text gives no date.
    pub version_date: String,
}
