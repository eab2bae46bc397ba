//! What the check of a lesson posts to where there is no wasm.

use crate::page::{Failure, redirect, refused};
use crate::practice::form::Posted;
use crate::question::answer_of;
use crate::state::AppState;
use crate::visit::Visit;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::LessonId;
use platform::{Error, clock, question, study};

/// Answers a check question and comes back to it.
pub async fn check(
    State(state): State<AppState>,
    visit: Visit,
    Path(lesson): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let posted = Posted::read(&fields)?;
    let asked = question::question(&state.db, &posted.question).await?;
    let here = format!("/lessons/{lesson}");
    let Some(answer) = answer_of(asked.kind, &posted.answer) else {
        return Ok(redirect(&here, refused(&Error::Invalid("answer-empty"))));
    };
    let (viewer, id) = (visit.signed_in()?, LessonId(lesson));
    let now = clock::now();
    study::answer_check(
        &state.db,
        viewer,
        posted.event,
        id,
        asked.id.clone(),
        answer,
        now,
    )
    .await?;
    Ok(redirect(
        &format!("{here}?answered={}&try={}#check", asked.id, posted.event),
        None,
    ))
}
