//! Server functions of study.

use crate::error::ApiError;
use domain::id::{EventId, LawSlug, LessonId, QuestionId};
use domain::question::Answer;
use domain::study::Report as Seen;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// What was studied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A lesson.
    Lesson(LessonId),
    /// A law in the reader.
    Law(LawSlug),
}

/// What the server knows after a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Seconds studied today, everything together.
    pub today_seconds: i64,
    /// Seconds studied of this subject.
    pub subject_seconds: i64,
    /// Thousandths of the lesson that are covered; 0 for a law.
    pub covered: i64,
    /// Whether the share that the lesson asks for is covered.
    pub enough: bool,
    /// Whether the lesson is complete.
    pub complete: bool,
    /// Credits that this report earned.
    pub credits: i64,
}

/// Counts what a page showed, by the rules of [`domain::study::accept`]: intervals in
/// milliseconds before now, 64 of each kind at most. The same `id` again gets the same answer.
///
/// # Errors
/// `not-found` (404) for a subject that is not there, `sign-in-needed` (401).
#[server(prefix = "/api", endpoint = "study/progress", input = Json, output = Json)]
pub async fn report(id: EventId, subject: Subject, report: Seen) -> Result<Progress, ApiError> {
    use platform::study;
    let (state, visit) = crate::visit::here().await?;
    let subject = match subject {
        Subject::Lesson(id) => study::Subject::Lesson(id),
        Subject::Law(slug) => study::Subject::Law(slug),
    };
    let known = async {
        let viewer = visit.signed_in()?;
        study::report(
            &state.db,
            viewer,
            id,
            subject,
            report,
            platform::clock::now(),
        )
        .await
    };
    let known = known
        .await
        .map_err(|e| crate::error::api_error(e, &visit))?;
    Ok(Progress {
        today_seconds: known.today_seconds,
        subject_seconds: known.subject_seconds,
        covered: known.covered,
        enough: known.enough,
        complete: known.complete,
        credits: known.credits,
    })
}

/// Remembers where the reader is in a law: the version's date and the article's address. The
/// place of the youngest id stays, in whatever order they arrive; the same id again changes nothing.
///
/// # Errors
/// `not-found` (404) for a law or version that is not there, `sign-in-needed` (401).
#[server(prefix = "/api", endpoint = "study/place", input = Json, output = Json)]
pub async fn place(
    id: EventId,
    law: LawSlug,
    version: String,
    address: String,
) -> Result<(), ApiError> {
    let (state, visit) = crate::visit::here().await?;
    let kept = async {
        let learner = visit.signed_in()?.learner;
        let now = platform::clock::now();
        let read_at = id.made_at().map_or(now, |made| made.min(now));
        platform::study::remember_place(&state.db, learner, law, version, address, read_at).await
    };
    kept.await.map_err(|e| crate::error::api_error(e, &visit))
}

/// What a check answer led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOutcome {
    /// Whether the answer is right.
    pub right: bool,
    /// Whether the lesson is complete now.
    pub complete: bool,
    /// Credits earned by completing it.
    pub credits: i64,
}

/// Answers a check question at the end of a lesson; a wrong answer may be tried again.
///
/// # Errors
/// `not-found` (404) when the lesson has no such check, `answer` (422), `sign-in-needed` (401).
#[server(prefix = "/api", endpoint = "study/check", input = Json, output = Json)]
pub async fn check(
    id: EventId,
    lesson: LessonId,
    question: QuestionId,
    answer: Answer,
) -> Result<CheckOutcome, ApiError> {
    let (state, visit) = crate::visit::here().await?;
    let outcome = async {
        let viewer = visit.signed_in()?;
        let now = platform::clock::now();
        platform::study::answer_check(&state.db, viewer, id, lesson, question, answer, now).await
    };
    let outcome = outcome
        .await
        .map_err(|e| crate::error::api_error(e, &visit))?;
    Ok(CheckOutcome {
        right: outcome.right,
        complete: outcome.complete,
        credits: outcome.credits,
    })
}
