//! Questions as they are shown: a fieldset for a form, and what was right afterwards.

#[cfg(feature = "ssr")]
mod answered;
#[cfg(feature = "ssr")]
mod fields;
mod island;

#[cfg(feature = "ssr")]
pub use answered::{Given, answered, citation_figure, given};
#[cfg(feature = "ssr")]
pub use fields::{Asked, LETTERS, fields, stem};
pub use island::{AnswerForm, AnswerFormWords, Target};

use domain::question::{Answer, QuestionKind};

/// Reads an answer off a form's values: places of options, or words.
#[must_use]
pub fn answer_of(kind: QuestionKind, values: &[String]) -> Option<Answer> {
    match kind {
        QuestionKind::FillIn => {
            let words = values.first().map(|w| w.trim()).filter(|w| !w.is_empty())?;
            Some(Answer::Words(words.to_owned()))
        }
        _ if values.is_empty() => None,
        _ => values
            .iter()
            .map(|v| v.parse().ok())
            .collect::<Option<_>>()
            .map(Answer::Choices),
    }
}
