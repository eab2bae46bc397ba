//! The text of a law: how its articles are numbered, and how a file becomes a law.
//!
//! [`ArticleNumber`] is the address of an article (`第一百二十条之一`, `120-1`).
//! [`parse()`] reads one Markdown text of the form that the public collection LawRefBook/Laws
//! uses and answers a [`ParsedLaw`]: title, history, dates, and the body in its order. It never
//! panics, and it drops no words: whatever it could not place stands in the body as text, with
//! a [`Finding`] that says the line and the reason.

mod number;
pub(crate) mod numeral;
mod parse;
mod parsed;

pub use number::{ArticleNumber, ArticleNumberError};
pub use parse::parse;
pub use parsed::{
    Finding, FindingReason, Heading, HistoryLine, Level, Node, ParseFailure, ParsedLaw,
};
