//! Server functions of practice.

use crate::error::ApiError;
use domain::id::{EventId, QuestionId};
use domain::question::Answer;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// What an answer led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether the answer that counts, the first of the day, is right.
    pub right: bool,
    /// Credits it earned.
    pub credits: i64,
}

/// Answers a question of today; `answer` holds options as they are shown, from 0. The same `id`
/// again gets the same outcome.
///
/// # Errors
/// `not-found` (404) for a question that is not among today's, `answer` (422) for an answer that
/// does not fit, `sign-in-needed` (401).
#[server(prefix = "/api", endpoint = "practice/answer", input = Json, output = Json)]
pub async fn give(id: EventId, question: QuestionId, answer: Answer) -> Result<Outcome, ApiError> {
    let (state, visit) = crate::visit::here().await?;
    let outcome = async {
        let viewer = visit.signed_in()?;
        let now = platform::clock::now();
        platform::practice::answer(&state.db, viewer, id, question, answer, now).await
    };
    let outcome = outcome
        .await
        .map_err(|e| crate::error::api_error(e, &visit))?;
    Ok(Outcome {
        right: outcome.right,
        credits: outcome.credits,
    })
}
