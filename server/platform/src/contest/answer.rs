//! Saving answers.

use super::standing::stand;
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::question::question;
use crate::{Error, Result, event, sql, values};
use domain::contest::{Item, Rules, Score, Scored, score};
use domain::id::{AttemptId, EventId, LearnerId, QuestionId};
use domain::question::Answer;
use domain::time::Millis;
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

/// A revision of an answer as it comes in.
#[derive(Debug, Clone)]
pub struct Given {
    /// The client's id for it.
    pub event: EventId,
    /// The attempt.
    pub attempt: AttemptId,
    /// The question.
    pub question: QuestionId,
    /// From 1; the highest one of a question counts.
    pub revision: i64,
    /// The answer, in places as the paper shows them.
    pub answer: Answer,
}

#[derive(sqlx::FromRow)]
struct Running {
    contest_id: String,
    paper: String,
    started_at: i64,
    deadline_at: i64,
    submitted_at: Option<i64>,
}

/// Saves a revision of an answer. The highest revision of a question counts, in whatever order
/// they arrive; the same event again gets the same acknowledgement.
///
/// # Errors
/// [`Error::NotFound`] for an attempt that is not the viewer's or a question that is not in its
/// paper; [`Error::TooLate`] from the deadline on, by the server's clock: then the answer is kept
/// and marked, and does not count; [`Error::Invalid`] with
/// `submitted` after handing in and with `answer` for an answer that does not fit;
/// [`Error::Superseded`] with the newer revision when one is saved already.
pub async fn save(db: &Db, viewer: &Viewer, given: Given, now: Millis) -> Result<Saved> {
    let Given {
        event: event_id,
        attempt,
        question: id,
        revision,
        answer: given,
    } = given;
    if !(1..=1_000_000).contains(&revision) {
        return Err(Error::Invalid("answer"));
    }
    let asked = question(db, &id).await?;
    let learner = viewer.learner;
    let late = (id.clone(), given.clone());
    let saved = db.write(move |tx| {
        Box::pin(async move {
            if let Some(before) = event::once(tx, event_id, learner, "contest-answer", now).await? {
                return Ok(before);
            }
            let running = running(tx, attempt, learner).await?;
            if running.submitted_at.is_some() {
                return Err(Error::Invalid("submitted"));
            }
            if now >= Millis(running.deadline_at) {
                return Err(Error::TooLate);
            }
            let paper: Vec<Item> = serde_json::from_str(&running.paper)?;
            let item = paper
                .into_iter()
                .find(|i| i.question == id)
                .ok_or(Error::NotFound)?;
            let answer = given.through(&item.order).ok_or(Error::Invalid("answer"))?;
            if !answer.fits(asked.kind, asked.options.len()) {
                return Err(Error::Invalid("answer"));
            }
            let changed = tx
                .run(
                    sql!(
                        "insert into contest_answer (attempt_id, question_id, revision, event_id, \
                           answer, is_right, received_at) values ($1, $2, $3, $4, $5, $6, $7) \
                         on conflict (attempt_id, question_id) do update set \
                           revision = excluded.revision, event_id = excluded.event_id, \
                           answer = excluded.answer, is_right = excluded.is_right, \
                           received_at = excluded.received_at \
                         where contest_answer.revision < excluded.revision"
                    ),
                    values![
                        attempt,
                        &id,
                        revision,
                        event_id,
                        serde_json::to_string(&answer)?,
                        asked.key.grade(&answer),
                        now
                    ],
                )
                .await?;
            if changed == 0 {
                let (newer,): (i64,) = tx
                    .one(
                        sql!(
                            "select revision from contest_answer \
                             where attempt_id = $1 and question_id = $2"
                        ),
                        values![attempt, &id],
                    )
                    .await?;
                return Err(Error::Superseded(newer));
            }
            let answered = rescore(tx, attempt, learner, &running, now).await?;
            event::answered(
                tx,
                event_id,
                Saved {
                    revision,
                    answered,
                    received_at: now,
                },
            )
            .await
        })
    });
    let saved = saved.await;
    if matches!(saved, Err(Error::TooLate)) {
        let (question, given) = late;
        keep_late(db, attempt, question, revision, given, now).await?;
    }
    saved
}

/// Keeps an answer that came too late for an attempt: the highest revision of each question.
async fn keep_late(
    db: &Db,
    attempt: AttemptId,
    question: QuestionId,
    revision: i64,
    given: Answer,
    now: Millis,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let (paper,): (String,) = tx
                .one(
                    sql!("select paper from contest_attempt where id = $1"),
                    values![attempt],
                )
                .await?;
            let paper: Vec<Item> = serde_json::from_str(&paper)?;
            let item = paper.into_iter().find(|item| item.question == question);
            // What fits no question of the paper is no answer, late or not.
            let Some(answer) = item.and_then(|item| given.through(&item.order)) else {
                return Ok(());
            };
            tx.run(
                sql!(
                    "insert into contest_late_answer \
                       (attempt_id, question_id, revision, answer, received_at) \
                     values ($1, $2, $3, $4, $5) on conflict (attempt_id, question_id) \
                     do update set revision = excluded.revision, answer = excluded.answer, \
                       received_at = excluded.received_at \
                     where contest_late_answer.revision < excluded.revision"
                ),
                values![
                    attempt,
                    question,
                    revision,
                    serde_json::to_string(&answer)?,
                    now
                ],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

async fn running(tx: &mut Tx, attempt: AttemptId, learner: LearnerId) -> Result<Running> {
    // The update holds the attempt, so that two answers at once are scored one after the other.
    tx.one(
        sql!(
            "update contest_attempt set answered = answered where id = $1 and learner_id = $2 \
             returning contest_id, paper, started_at, deadline_at, submitted_at"
        ),
        values![attempt, learner],
    )
    .await
}

/// Brings the attempt's sums, and the learner's standing if it got better, up to its answers.
async fn rescore(
    tx: &mut Tx,
    attempt: AttemptId,
    learner: LearnerId,
    running: &Running,
    now: Millis,
) -> Result<i64> {
    let (rules,): (String,) = tx
        .one(
            sql!("select rules from contest where id = $1"),
            values![&running.contest_id],
        )
        .await?;
    let rules: Rules = serde_json::from_str(&rules)?;
    let answers: Vec<(bool, i64)> = tx
        .all(
            sql!("select is_right, received_at from contest_answer where attempt_id = $1"),
            values![attempt],
        )
        .await?;
    let answers: Vec<Scored> = answers
        .into_iter()
        .map(|(right, received)| Scored {
            right,
            received: Millis(received),
        })
        .collect();
    let Score { points, time, .. } = score(&rules, Millis(running.started_at), &answers);
    let answered = i64::try_from(answers.len()).unwrap_or(i64::MAX);
    tx.run(
        sql!("update contest_attempt set answered = $2, points = $3, time_ms = $4 where id = $1"),
        values![attempt, answered, points, time],
    )
    .await?;
    stand(tx, &running.contest_id, &rules, learner, now).await?;
    Ok(answered)
}

/// Hands an attempt in: nothing can be changed afterwards. What is saved counts without it too.
///
/// # Errors
/// [`Error::NotFound`] for an attempt that is not the viewer's.
pub async fn submit(db: &Db, viewer: &Viewer, attempt: AttemptId, now: Millis) -> Result<()> {
    let learner = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            running(tx, attempt, learner).await?;
            tx.run(
                sql!(
                    "update contest_attempt set submitted_at = $2 \
                     where id = $1 and submitted_at is null and deadline_at > $2"
                ),
                values![attempt, now],
            )
            .await?;
            Ok(())
        })
    })
    .await
}
