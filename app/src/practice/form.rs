//! What the practice form posts to where there is no wasm.

use crate::page::{Failure, redirect, refused};
use crate::question::answer_of;
use crate::state::AppState;
use crate::visit::Visit;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use domain::id::QuestionId;
use platform::{Error, practice, question};

/// Answers a question and comes back to it.
pub async fn answer(
    State(state): State<AppState>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let posted = Posted::read(&fields)?;
    let asked = question::question(&state.db, &posted.question).await?;
    let Some(answer) = answer_of(asked.kind, &posted.answer) else {
        return Ok(redirect(
            "/practice",
            refused(&Error::Invalid("answer-empty")),
        ));
    };
    let viewer = visit.signed_in()?;
    let now = platform::clock::now();
    practice::answer(
        &state.db,
        viewer,
        posted.event,
        asked.id.clone(),
        answer,
        now,
    )
    .await?;
    Ok(redirect(&format!("/practice?answered={}", asked.id), None))
}

/// The fields of a form with one question.
pub struct Posted {
    /// The id that the page gave the answer.
    pub event: domain::id::EventId,
    /// The question.
    pub question: QuestionId,
    /// The values of the answer's fields.
    pub answer: Vec<String>,
}

impl Posted {
    /// Reads the fields.
    ///
    /// # Errors
    /// [`Error::Invalid`] with `malformed` when a field is missing.
    pub fn read(fields: &[(String, String)]) -> platform::Result<Self> {
        let all = |name: &str| -> Vec<String> {
            fields
                .iter()
                .filter(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
                .collect()
        };
        let malformed = || Error::Invalid("malformed");
        let event = all("event")
            .first()
            .and_then(|e| e.parse().ok())
            .ok_or_else(malformed)?;
        let question = all("question").into_iter().next().ok_or_else(malformed)?;
        Ok(Self {
            event,
            question: QuestionId(question),
            answer: all("answer"),
        })
    }
}
