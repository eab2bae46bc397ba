//! Confirming a dry run, and carrying it out in transactions of bounded size.
//!
//! A correction is worked out anew from saved answers whenever it goes on, so a crash in the
//! middle costs nothing: it goes on after the last learner who is done. Each transaction holds the
//! correction's row, so that two processes at once take turns.

use super::super::{Contest, ContestRow, close, standing};
use super::plan::{Plan, credits, dry_run, plan, sides};
use super::ruling::{Act, decided};
use super::{hold, learner_id, must_be_at_rest, reason};
use crate::credits::{self as ledger, Earned};
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::{Error, Result, clock, event, sql, values};
use domain::contest::Score;
use domain::contest::rescore::Change;
use domain::credits::Source;
use domain::id::{AttemptId, ContestId, EventId, LearnerId};
use domain::time::Millis;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// What a click that decides is kept as.
const KIND: &str = "contest-correction";

/// Learners in one transaction.
pub const BATCH: usize = 100;

/// A decision as an editor confirms it.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The click: the same one decides once.
    pub event: EventId,
    /// What is decided.
    pub act: Act,
    /// The fingerprint of the dry run that was seen.
    pub seen: String,
    /// Why, for everyone to read.
    pub reason: String,
}

/// Decides what a dry run has shown, with the reason: from then on it is on record, and
/// [`carry_on`] does it. Returns its number; the same event again gets the same one.
///
/// # Errors
/// As [`dry_run`]; [`Error::Invalid`] with `review-reason` without a reason and with
/// `review-changed` when the dry run would show something else now.
pub async fn confirm(
    db: &Db,
    viewer: &Viewer,
    contest_id: ContestId,
    decision: Decision,
    now: Millis,
) -> Result<i64> {
    let (click, learner) = (decision.event, viewer.learner);
    match decide(db, viewer, contest_id, decision, now).await {
        // A double click: the first one has changed what the second one would be compared with.
        Err(Error::Invalid(refusal)) => {
            let before = event::earlier(db, click, learner, KIND).await?;
            before.ok_or(Error::Invalid(refusal))
        }
        outcome => outcome,
    }
}

async fn decide(
    db: &Db,
    viewer: &Viewer,
    contest_id: ContestId,
    decision: Decision,
    now: Millis,
) -> Result<i64> {
    let Decision {
        event: event_id,
        act,
        seen,
        reason: why,
    } = decision;
    let contest = super::reviewable(db, viewer, contest_id).await?;
    super::must_be_over(&contest, now)?;
    let why = reason(&why)?;
    let learner = viewer.learner;
    let run = dry_run(db, viewer, contest_id, &act, now).await?;
    if run.fingerprint != seen {
        return Err(Error::Invalid("review-changed"));
    }
    // Corrections correct what was posted: so that is posted first, by the ranks as they are.
    if contest.posted_at.is_none() {
        close::post(db, &contest_id.to_string(), now).await?;
    }
    let (points, ranks, credits) = run.counts();
    let counts = [points, ranks, credits].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    let (added, taken) = run.sums();
    let (number, after_final, question) = (run.number, run.after_final, run.question);
    let (ruling, takes_back) = match act {
        Act::Rule(ruled) => (Some(serde_json::to_string(&ruled.ruling)?), None),
        Act::TakeBack(number) => (None, Some(number)),
    };
    db.write(move |tx| {
        Box::pin(async move {
            let is_final = hold(tx, contest_id).await?;
            let once = event::once(tx, event_id, learner, KIND, now);
            if let Some(before) = once.await? {
                return Ok(before);
            }
            must_be_at_rest(tx, contest_id).await?;
            let (last,): (i64,) = tx
                .one(
                    sql!(
                        "select coalesce(max(number), 0) from contest_correction \
                         where contest_id = $1"
                    ),
                    values![contest_id],
                )
                .await?;
            if last + 1 != number || is_final != after_final {
                return Err(Error::Invalid("review-changed"));
            }
            tx.run(
                sql!(
                    "insert into contest_correction (contest_id, number, question_id, ruling, \
                       takes_back, reason, decided_by, decided_at, after_final, points_moved, \
                       ranks_moved, credits_moved, credits_added, credits_taken, done_until, \
                       done_at) \
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', null)"
                ),
                values![
                    contest_id,
                    number,
                    &question,
                    ruling,
                    takes_back,
                    why,
                    learner,
                    now,
                    after_final,
                    counts[0],
                    counts[1],
                    counts[2],
                    added,
                    taken
                ],
            )
            .await?;
            event::answered(tx, event_id, number).await
        })
    })
    .await
}

/// Does what is confirmed and not done yet, in all contests.
///
/// # Errors
/// [`Error::Fault`] when the database does; what is done stays, the rest comes next time.
pub async fn carry_on(db: &Db, now: Millis) -> Result<()> {
    carry_on_in(db, now, BATCH, usize::MAX).await.map(drop)
}

/// The same in at most `most` transactions of `size` learners each; whether everything is done.
///
/// # Errors
/// As [`carry_on`].
pub async fn carry_on_in(db: &Db, now: Millis, size: usize, most: usize) -> Result<bool> {
    let began = Instant::now();
    let on_their_way: Vec<(String, i64)> = db
        .all(
            sql!(
                "select contest_id, number from contest_correction where done_at is null \
                 order by contest_id, number"
            ),
            values![],
        )
        .await?;
    let mut left = most;
    for (contest, number) in on_their_way {
        let row: ContestRow = db
            .one(
                sql!(
                    "select id, kind, title, summary, unit_id, opens_at, closes_at, rules, \
                       posted_at from contest where id = $1"
                ),
                values![contest],
            )
            .await?;
        if !carry(db, row.try_into()?, number, size, &mut left, (now, began)).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One learner's part of a correction.
struct Part {
    learner: LearnerId,
    attempts: Vec<(AttemptId, Score)>,
    change: Option<Change<LearnerId>>,
}

/// Carries a correction out in as many transactions as are left to do so; whether it is done.
async fn carry(
    db: &Db,
    contest: Contest,
    number: i64,
    size: usize,
    left: &mut usize,
    (now, began): (Millis, Instant),
) -> Result<bool> {
    let decided = decided(db, contest.id).await?;
    let Some(this) = decided.iter().find(|one| one.number == number) else {
        return Ok(true);
    };
    let (before, after) = sides(&decided, number);
    let Plan {
        mut attempts,
        changes,
        ..
    } = plan(db, &contest, &this.question, &before, &after).await?;
    let mut changes: BTreeMap<LearnerId, Change<LearnerId>> =
        changes.into_iter().map(|c| (c.who, c)).collect();
    let who: BTreeSet<LearnerId> = attempts.keys().chain(changes.keys()).copied().collect();
    let mut parts: Vec<Part> = who
        .into_iter()
        .map(|learner| Part {
            attempts: attempts.remove(&learner).unwrap_or_default(),
            change: changes.remove(&learner),
            learner,
        })
        .collect();
    let mut until = this.done_until.clone();
    let detail = format!("{}#{}", this.reason.replace('#', "＃"), contest.title);
    while *left > 0 {
        *left -= 1;
        if !until.is_empty() {
            let done = learner_id(&until)?;
            parts.retain(|part| part.learner > done);
        }
        let rest = parts.split_off(parts.len().min(size));
        let batch = std::mem::replace(&mut parts, rest);
        let (of, detail) = (contest.clone(), detail.clone());
        let from = until.clone();
        let outcome = db
            .write(move |tx| {
                // Who follows the rows reads what was written since a while: by the first
                // instant of a long correction its last rows would be too old.
                let at = (now, clock::after(now, began));
                Box::pin(async move { one_batch(tx, &of, number, from, batch, detail, at).await })
            })
            .await?;
        match outcome {
            Some(now_until) => until = now_until,
            None => {
                tracing::info!(contest = %contest.id, number, "corrected");
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Does a batch, if nobody else has done it; where it has come to, `None` when all is done.
async fn one_batch(
    tx: &mut Tx,
    contest: &Contest,
    number: i64,
    from: String,
    batch: Vec<Part>,
    detail: String,
    (now, written): (Millis, Millis),
) -> Result<Option<String>> {
    let held: Option<(String,)> = tx
        .optional(
            sql!(
                "update contest_correction set done_until = done_until \
                 where contest_id = $1 and number = $2 and done_at is null returning done_until"
            ),
            values![contest.id, number],
        )
        .await?;
    let Some((until,)) = held else {
        return Ok(None);
    };
    // Another process has come further: what it did is not done again.
    if until != from {
        return Ok(Some(until));
    }
    let Some(last) = batch.last().map(|part| part.learner) else {
        tx.run(
            sql!(
                "update contest_correction set done_at = $3 where contest_id = $1 and number = $2"
            ),
            values![contest.id, number, now],
        )
        .await?;
        return Ok(None);
    };
    for part in batch {
        for (attempt, score) in &part.attempts {
            tx.run(
                sql!("update contest_attempt set points = $2, time_ms = $3 where id = $1"),
                values![*attempt, score.points, score.time],
            )
            .await?;
        }
        let (stood, values) = standing::stood(contest.id, part.learner);
        let stood = tx.all(stood, values).await?;
        let stands = standing::stand(
            tx,
            stood,
            contest.id,
            &contest.rules,
            part.learner,
            None,
            (now, written),
        );
        if let Some((statement, values)) = stands.await? {
            tx.run(statement, values).await?;
        }
        if let Some(change) = part.change {
            note(tx, contest, number, &change).await?;
            for correction in &change.corrections {
                let reason = match correction.rule {
                    "rank" => "contest-rank-corrected",
                    _ => "contest-part-corrected",
                };
                let earned = Earned {
                    learner: part.learner,
                    source: Source::Contest,
                    amount: correction.amount(),
                    reason,
                    detail: detail.clone(),
                    event: correction.event(contest.id, number),
                };
                ledger::post(tx, earned, now).await?;
            }
        }
    }
    tx.run(
        sql!("update contest_correction set done_until = $3 where contest_id = $1 and number = $2"),
        values![contest.id, number, last],
    )
    .await?;
    Ok(Some(last.to_string()))
}

/// Puts down what moved for a learner.
async fn note(
    tx: &mut Tx,
    contest: &Contest,
    number: i64,
    change: &Change<LearnerId>,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into contest_change (contest_id, number, learner_id, rank_before, rank_after, \
               points_before, points_after, credits) values ($1, $2, $3, $4, $5, $6, $7, $8) \
             on conflict (contest_id, number, learner_id) do nothing"
        ),
        values![
            contest.id,
            number,
            change.who,
            change.before.rank,
            change.after.rank,
            change.before.points,
            change.after.points,
            credits(change)
        ],
    )
    .await?;
    Ok(())
}
