//! Results made final (结果定稿), and provisional again: each a row on record.

use super::{MAX_REASON, hold, must_be_at_rest, must_be_over, reviewable};
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::{Error, Result, event, sql, values};
use domain::id::{ContestId, EventId, LearnerId};
use domain::time::Millis;

/// How far the review of a contest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Since when its results are final.
    pub final_since: Option<Millis>,
    /// Objections that wait for an answer.
    pub unanswered: i64,
    /// Whether a correction is on its way.
    pub correcting: bool,
}

/// How far the review of a contest is.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contest.
pub async fn outcome(db: &Db, contest: ContestId) -> Result<Outcome> {
    let (reviewed, unanswered, correcting): (Option<i64>, i64, i64) = db
        .one(
            sql!(
                "select c.reviewed_at, (select count(*) from contest_objection o \
                   where o.contest_id = c.id and o.reply_id is null), \
                   (select count(*) from contest_correction k \
                   where k.contest_id = c.id and k.done_at is null) \
                 from contest c where c.id = $1"
            ),
            values![contest],
        )
        .await?;
    Ok(Outcome {
        final_since: reviewed.map(Millis),
        unanswered,
        correcting: correcting > 0,
    })
}

/// Makes the results of a contest final.
///
/// # Errors
/// As [`reviewable`]; [`Error::Invalid`] with `review-open` before the end, `correction-running`
/// while a correction is on its way, `already-final`, and `objections-open` when objections wait
/// for an answer and no reason is given.
pub async fn finalize(
    db: &Db,
    viewer: &Viewer,
    event_id: EventId,
    id: ContestId,
    why: &str,
    now: Millis,
) -> Result<()> {
    set(db, viewer, event_id, id, true, why, now).await
}

/// Makes the results provisional again, with a reason.
///
/// # Errors
/// As [`finalize`], with `not-final` and `review-reason`.
pub async fn reopen(
    db: &Db,
    viewer: &Viewer,
    event_id: EventId,
    id: ContestId,
    why: &str,
    now: Millis,
) -> Result<()> {
    set(db, viewer, event_id, id, false, why, now).await
}

async fn set(
    db: &Db,
    viewer: &Viewer,
    event_id: EventId,
    id: ContestId,
    to_final: bool,
    why: &str,
    now: Millis,
) -> Result<()> {
    let contest = reviewable(db, viewer, id).await?;
    must_be_over(&contest, now)?;
    let why = why.trim().to_owned();
    if why.chars().count() > MAX_REASON || (!to_final && why.is_empty()) {
        return Err(Error::Invalid("review-reason"));
    }
    let learner = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            let is_final = hold(tx, id).await?;
            let once = event::once(tx, event_id, learner, "contest-review", now);
            if let Some(before) = once.await? {
                return Ok(before);
            }
            must_be_at_rest(tx, id).await?;
            if is_final == to_final {
                let word = if is_final {
                    "already-final"
                } else {
                    "not-final"
                };
                return Err(Error::Invalid(word));
            }
            put(tx, id, to_final, why, learner, now).await?;
            event::answered(tx, event_id, ()).await
        })
    })
    .await
}

async fn put(
    tx: &mut Tx,
    id: ContestId,
    to_final: bool,
    why: String,
    learner: LearnerId,
    now: Millis,
) -> Result<()> {
    let (unanswered, last): (i64, i64) = tx
        .one(
            sql!(
                "select (select count(*) from contest_objection \
                   where contest_id = $1 and reply_id is null), \
                   (select coalesce(max(number), 0) from contest_review where contest_id = $1)"
            ),
            values![id],
        )
        .await?;
    if to_final && unanswered > 0 && why.is_empty() {
        return Err(Error::Invalid("objections-open"));
    }
    tx.run(
        sql!(
            "insert into contest_review (contest_id, number, is_final, reason, unanswered, \
               decided_by, decided_at) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        values![id, last + 1, to_final, why, unanswered, learner, now],
    )
    .await?;
    tx.run(
        sql!("update contest set reviewed_at = $2 where id = $1"),
        values![id, to_final.then_some(now.0)],
    )
    .await?;
    Ok(())
}
