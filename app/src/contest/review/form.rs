//! What the forms of a review post to.

use super::dry_run::{act, address};
use crate::contest::form::{answer, contest_id};
use crate::page::{Failure, percent};
use crate::state::AppState;
use crate::visit::Visit;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::contest::stage::Line;
use domain::id::{EventId, QuestionId};
use platform::contest::review::{self, Decision};
use platform::{Error, clock};
use serde::Deserialize;

/// An answer to objections.
#[derive(Deserialize)]
pub struct Replied {
    event: EventId,
    words: String,
}

/// Answers all who object to a question.
pub async fn reply(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, question)): Path<(String, String)>,
    Form(form): Form<Replied>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let here = format!(
        "/admin/contests/{contest}/review/questions/{}",
        percent(&question)
    );
    let (event, now) = (form.event, clock::now());
    let question = QuestionId(question);
    let sent = review::reply(&state.db, viewer, event, id, question, &form.words, now).await;
    answer(sent, "flash.replied", &here, &here)
}

/// Confirms what a dry run has shown.
pub async fn confirm(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let field = |name: &str| {
        let found = fields.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let act = act(&fields)?;
    let event = field("event");
    let again = address(&contest, &act);
    let decision = Decision {
        event: event.parse().map_err(|_| Error::Invalid("malformed"))?,
        act,
        seen: field("seen").to_owned(),
        reason: field("reason").to_owned(),
    };
    let confirmed = review::confirm(&state.db, viewer, id, decision, clock::now()).await;
    let record = format!("/admin/contests/{contest}/review#record");
    answer(confirmed, "flash.corrected", &record, &again)
}

/// Where the line goes.
#[derive(Deserialize)]
pub struct Moved {
    event: EventId,
    by: String,
    at: i64,
    reason: String,
}

/// Moves the line.
pub async fn line(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Moved>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let to = match form.by.as_str() {
        "rank" => Line::Rank(form.at),
        "points" => Line::Points(form.at),
        _ => return Err(Error::Invalid("malformed").into()),
    };
    let (event, now) = (form.event, clock::now());
    let moved = review::move_line(&state.db, viewer, event, id, to, &form.reason, now).await;
    let here = format!("/admin/contests/{contest}/review");
    answer(moved, "flash.line-moved", &format!("{here}#record"), &here)
}

/// A decision about the results as a whole.
#[derive(Deserialize)]
pub struct Whole {
    event: EventId,
    reason: String,
}

/// Makes the results final.
pub async fn finalize(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Whole>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let now = clock::now();
    let made = review::finalize(&state.db, viewer, form.event, id, &form.reason, now).await;
    let here = format!("/admin/contests/{contest}/review");
    answer(made.map(|()| 0), "flash.made-final", &here, &here)
}

/// Makes the results provisional again.
pub async fn reopen(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Whole>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let now = clock::now();
    let made = review::reopen(&state.db, viewer, form.event, id, &form.reason, now).await;
    let here = format!("/admin/contests/{contest}/review");
    answer(made.map(|()| 0), "flash.reopened", &here, &here)
}
