//! Server functions of contests.

use crate::error::ApiError;
use domain::id::{AttemptId, EventId, QuestionId};
use domain::question::Answer;
use domain::time::Millis;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// The acknowledgement of an answer: it is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The revision that is saved.
    pub revision: i64,
    /// How many questions of the paper have a saved answer.
    pub answered: i64,
    /// When the server received it, in milliseconds UTC.
    pub received_at: Millis,
}

/// Saves a revision of an answer; `answer` holds places as the paper shows them, from 0. The
/// highest revision of a question counts; the same `id` again gets the same acknowledgement. It
/// is given after the commit.
///
/// # Errors
/// `not-found` (404), `too-late` (409) from the deadline on by the server's clock, `submitted`
/// (422) after handing in, `superseded` (409) with the newer revision, `answer` (422) for one that
/// does not fit, `sign-in-needed` (401).
#[server(prefix = "/api", endpoint = "contest/answer", input = Json, output = Json)]
pub async fn save(
    id: EventId,
    attempt: AttemptId,
    question: QuestionId,
    revision: i64,
    answer: Answer,
) -> Result<Saved, ApiError> {
    let (state, visit) = crate::visit::here().await?;
    let saved = async {
        let viewer = visit.signed_in()?;
        let given = platform::contest::Given {
            event: id,
            attempt,
            question,
            revision,
            answer,
        };
        platform::contest::save(&state.db, viewer, given, platform::clock::now()).await
    };
    let saved = saved
        .await
        .map_err(|e| crate::error::api_error(e, &visit))?;
    Ok(Saved {
        revision: saved.revision,
        answered: saved.answered,
        received_at: saved.received_at,
    })
}
