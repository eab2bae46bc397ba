//! What the forms of a contest post to.

use crate::page::{Failure, done, redirect, refused};
use crate::question::answer_of;
use crate::state::AppState;
use crate::visit::Visit;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::{AttemptId, ContestId, EventId};
use platform::contest::{self, Given};
use platform::{Error, clock, id};
use serde::Deserialize;

/// An id in an address; what is none leads nowhere.
pub(super) fn contest_id(text: &str) -> platform::Result<ContestId> {
    text.parse().map_err(|_| Error::NotFound)
}

/// An attempt's id in an address.
pub(super) fn attempt_id(text: &str) -> platform::Result<AttemptId> {
    text.parse().map_err(|_| Error::NotFound)
}

/// To `ok` with a message when it was done, to `not` with the reason when it was refused.
pub(super) fn answer(
    outcome: platform::Result<i64>,
    message: &str,
    ok: &str,
    not: &str,
) -> Result<Response, Failure> {
    match outcome {
        Ok(n) => Ok(redirect(ok, done(message, n))),
        Err(error @ Error::Invalid(_)) => Ok(redirect(not, refused(&error))),
        Err(error) => Err(error.into()),
    }
}

/// The form that starts an attempt.
#[derive(Deserialize)]
pub struct Start {
    event: EventId,
}

/// Starts an attempt, or goes to the one that is running.
pub async fn start(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Start>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let started = contest::start(&state.db, viewer, form.event, id, clock::now()).await;
    to_attempt(&contest, started)
}

/// Starts a practice attempt, or goes to the one that is running.
pub async fn practise(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Start>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let started = contest::practise(&state.db, viewer, form.event, id, clock::now()).await;
    to_attempt(&contest, started)
}

/// To the attempt, or back to the contest with the reason why there is none.
fn to_attempt(
    contest: &str,
    started: platform::Result<contest::Started>,
) -> Result<Response, Failure> {
    let here = format!("/contests/{contest}");
    match started {
        Ok(started) => Ok(redirect(
            &format!("{here}/attempts/{}", started.attempt),
            None,
        )),
        Err(
            error @ (Error::NotOpen | Error::NoAttemptLeft | Error::Barred(_) | Error::Invalid(_)),
        ) => Ok(redirect(&here, refused(&error))),
        Err(error) => Err(error.into()),
    }
}

/// Saves every answer of the form, and hands in when that is asked for. Each answer that is not
/// what the server already has becomes a new revision.
pub async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, attempt)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, attempt_id(&attempt)?);
    let here = format!("/contests/{contest}/attempts/{attempt}");
    let now = clock::now();
    let known = contest::attempt(&state.db, viewer, id).await?;
    let (mut saved, mut refusal) = (0, None);
    for (place, asked) in known.questions.iter().enumerate() {
        let name = format!("q{place}");
        let values: Vec<String> = fields
            .iter()
            .filter(|(n, _)| *n == name)
            .map(|(_, v)| v.clone())
            .collect();
        let Some(answer) = answer_of(asked.question.kind, &values) else {
            continue;
        };
        let revision = match &asked.saved {
            Some((before, _)) if same(before, &answer) => continue,
            Some((_, revision)) => revision + 1,
            None => 1,
        };
        let given = Given {
            event: EventId(id::fresh(now)?),
            attempt: id,
            question: asked.question.id.clone(),
            revision,
            answer,
        };
        match contest::save(&state.db, viewer, given, now).await {
            Ok(_) => saved += 1,
            // Another device was quicker with this question; its answer is the newer one.
            Err(Error::Superseded(_)) => {}
            // What comes too late is kept, each answer of it; and one that does not fit keeps no
            // other from being saved.
            Err(error @ (Error::TooLate | Error::Invalid(_))) => refusal = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(error) = refusal {
        return Ok(redirect(&here, refused(&error)));
    }
    if fields
        .iter()
        .any(|(name, value)| name == "do" && value == "submit")
    {
        contest::submit(&state.db, viewer, id, now).await?;
        return Ok(redirect(&here, done("flash.submitted", 0)));
    }
    Ok(redirect(&here, done("flash.saved", saved)))
}

/// Whether two answers are the same choice, in whatever order it was made.
fn same(a: &domain::question::Answer, b: &domain::question::Answer) -> bool {
    use domain::question::Answer;
    match (a, b) {
        (Answer::Choices(a), Answer::Choices(b)) => {
            let set = |c: &[u8]| c.iter().copied().collect::<std::collections::BTreeSet<_>>();
            set(a) == set(b)
        }
        (a, b) => a == b,
    }
}
