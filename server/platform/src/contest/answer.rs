//! Saving answers.

use super::standing::{StoodRow, stand, stood_in};
use super::{bank, scoring};
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::{Error, Result, clock, event, sql, values};
use domain::contest::counting::Purpose;
use domain::contest::{Item, Rules};
use domain::id::{AttemptId, EventId, LearnerId, QuestionId};
use domain::question::Answer;
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// What these events are called.
const KIND: &str = "contest-answer";

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
    frozen_as: Option<i64>,
    rules: String,
    purpose: String,
    paper: String,
    started_at: i64,
    deadline_at: i64,
    submitted_at: Option<i64>,
    saved: Option<String>,
}

/// Saves a revision of an answer. The highest revision of a question counts, in whatever order
/// they arrive; the same event again gets the same acknowledgement.
///
/// Two readings sent together, then four statements sent together, in one transaction; the question
/// and its key are in memory.
///
/// # Errors
/// [`Error::NotFound`] for an attempt that is not the viewer's or a question that is not in its
/// paper; [`Error::TooLate`] from the deadline on, by the server's clock: then the answer is kept
/// and marked, and does not count; [`Error::Invalid`] with
/// `submitted` after handing in and with `answer` for an answer that does not fit;
/// [`Error::Superseded`] with the newer revision when one is saved already.
pub async fn save(db: &Db, viewer: &Viewer, given: Given, now: Millis) -> Result<Saved> {
    if !(1..=1_000_000).contains(&given.revision) {
        return Err(Error::Invalid("answer"));
    }
    let learner = viewer.learner;
    let sent = given.clone();
    let arrived = Instant::now();
    let saved = db.write(move |tx| {
        // In a rush there was a queue.
        Box::pin(put(tx, learner, sent, now, clock::after(now, arrived)))
    });
    let refusal = match saved.await {
        Ok(saved) => return Ok(saved),
        Err(fault @ Error::Fault(_)) => return Err(fault),
        Err(refusal) => refusal,
    };
    // What was acknowledged once is acknowledged again, whatever happened since.
    if let Some(before) = event::earlier(db, given.event, learner, KIND).await? {
        return Ok(before);
    }
    if matches!(refusal, Error::TooLate) {
        keep_late(db, given, now).await?;
    }
    Err(refusal)
}

/// Puts the answer that came in at `now` in, at `written`, and brings the sums up to it.
async fn put(
    tx: &mut Tx,
    learner: LearnerId,
    given: Given,
    now: Millis,
    written: Millis,
) -> Result<Saved> {
    let Given {
        event: event_id,
        attempt,
        question: id,
        revision,
        answer: given,
    } = given;
    let (running, mut answers, stood) = running(tx, attempt, learner).await?;
    if running.submitted_at.is_some() {
        return Err(Error::Invalid("submitted"));
    }
    if now >= Millis(running.deadline_at) {
        return Err(Error::TooLate);
    }
    let paper: Vec<Item> = serde_json::from_str(&running.paper)?;
    let item = paper.iter().find(|item| item.question == id);
    let item = item.ok_or(Error::NotFound)?;
    let contest = running.contest_id.parse();
    let contest = contest.map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
    let bank = bank::kept_in(tx, contest, running.frozen_as).await?;
    let asked = bank.question(&id).ok_or(Error::NotFound)?;
    let answer = given.through(&item.order).ok_or(Error::Invalid("answer"))?;
    if !answer.fits(asked.kind, asked.options.len()) {
        return Err(Error::Invalid("answer"));
    }
    let right = asked.key.grade(&answer);
    answers.retain(|(question, ..)| *question != id.0);
    answers.push((id.0.clone(), right, now.0));
    let answered = i64::try_from(answers.len()).unwrap_or(i64::MAX);
    let rules: Rules = serde_json::from_str(&running.rules)?;
    let score = scoring::score(&rules, Millis(running.started_at), &paper, &answers);
    let saved = Saved {
        revision,
        answered,
        received_at: now,
    };
    let mut changes = vec![
        (
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
                right,
                now
            ],
        ),
        event::record(event_id, learner, KIND, now, &saved)?,
        (
            sql!(
                "update contest_attempt set answered = $2, points = $3, time_ms = $4 where id = $1"
            ),
            values![attempt, answered, score.points, score.time],
        ),
    ];
    if running.purpose == Purpose::Rank.as_str() {
        let scored = Some((attempt, answered, score));
        let at = (now, written);
        changes.extend(stand(tx, stood, contest, &rules, learner, scored, at).await?);
    }
    let changed = tx.run_all(changes).await?;
    if changed[0] == 0 {
        let (newer,): (i64,) = tx
            .one(
                sql!(
                    "select revision from contest_answer \
                     where attempt_id = $1 and question_id = $2"
                ),
                values![attempt, &id],
            )
            .await?;
        return Err(Error::Superseded(newer)); // which undoes the rest
    }
    if changed[1] == 0 {
        return Err(Error::Forbidden); // a used id undoes all of it
    }
    Ok(saved)
}

/// Keeps an answer that came too late for an attempt: the highest revision of each question.
async fn keep_late(db: &Db, given: Given, now: Millis) -> Result<()> {
    let Given {
        attempt,
        question,
        revision,
        answer: given,
        ..
    } = given;
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

/// The attempt of `learner`, held until the end of the transaction, so that two answers at once
/// are scored one after the other; with what its contest promises, with its saved answers, and with
/// where the learner stands.
async fn running(
    tx: &mut Tx,
    attempt: AttemptId,
    learner: LearnerId,
) -> Result<(Running, Vec<scoring::Answered>, Vec<StoodRow>)> {
    // Without `returning`, for which SQLite makes and drops a table of its own each time.
    let hold =
        sql!("update contest_attempt set answered = answered where id = $1 and learner_id = $2");
    // The answers in one row: each row that is sent costs more than its reading.
    let read = sql!(
        "select a.contest_id, a.purpose, a.paper, a.started_at, a.deadline_at, a.submitted_at, \
           c.rules, c.frozen_as, \
           (select string_agg(cast(w.received_at as text) || case when w.is_right then ' 1 ' \
              else ' 0 ' end || w.question_id, '\n') \
            from contest_answer w where w.attempt_id = a.id) as saved \
         from contest_attempt a join contest c on c.id = a.contest_id \
         where a.id = $1 and a.learner_id = $2"
    );
    let values = values![attempt, learner];
    let stood = stood_in(attempt, learner);
    let (running, stood): (Running, _) = tx
        .read_locked((hold, values.clone()), (read, values), stood)
        .await?;
    let answers = answered(running.saved.as_deref().unwrap_or_default())?;
    Ok((running, answers, stood))
}

/// The answers behind lines of when each was received, whether it is right, and its question.
fn answered(lines: &str) -> Result<Vec<scoring::Answered>> {
    let answer = |line: &str| {
        let (received, rest) = line.split_once(' ')?;
        let (right, question) = rest.split_once(' ')?;
        Some((question.to_owned(), right == "1", received.parse().ok()?))
    };
    let answers: Option<Vec<_>> = lines.lines().map(answer).collect();
    Ok(answers.ok_or_else(|| anyhow::anyhow!("saved answers that can not be read"))?)
}

/// Hands an attempt in: nothing can be changed afterwards. What is saved counts without it too.
///
/// # Errors
/// [`Error::NotFound`] for an attempt that is not the viewer's.
pub async fn submit(db: &Db, viewer: &Viewer, attempt: AttemptId, now: Millis) -> Result<()> {
    let learner = viewer.learner;
    let found = db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!(
                    "update contest_attempt set submitted_at = case \
                       when submitted_at is null and deadline_at > $3 then $3 \
                       else submitted_at end where id = $1 and learner_id = $2"
                ),
                values![attempt, learner, now],
            )
            .await
        })
    });
    if found.await? == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}
