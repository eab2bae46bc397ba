//! After a contest closes: objections (异议), rulings and what they move, the line, the results
//! made final.
//!
//! The rule guarded here: nothing is edited. Saved answers stay as they are; what was decided, by
//! whom, when and why is a row of its own; ranks and credits follow by a correction with a number,
//! shown beforehand as a dry run, and the same correction never moves anything twice. Start at
//! [`dry_run`] and [`confirm`]; [`carry_on`] does what is confirmed and not done yet; [`record`] is
//! what everyone may read.

mod carry;
mod check;
mod line;
mod marks;
mod objection;
mod outcome;
mod plan;
mod question;
mod record;
mod ruling;
mod scores;

pub use carry::{BATCH, Decision, carry_on, carry_on_in, confirm};
pub use check::{bonus_off, corrections_overdue, scores_off};
pub use line::{Lie, lie, line, move_line};
pub use marks::{Note, Reply, notes};
pub use objection::{
    Ground, MAX_OBJECTION, MINE, Objection, Raised, object, objectionable, objections,
};
pub use outcome::{Outcome, finalize, outcome, reopen};
pub use plan::{DryRun, Named, dry_run, named};
pub use question::{
    AskedOften, Chosen, Objected, Reviewed, asked_often, chosen, objected, reply, reviewed,
};
pub use record::{Entry, Moved, moved, record};
pub use ruling::{Act, Decided, decided, rulings};

use super::{Contest, ContestRow};
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::contest::ContestKind;
use domain::id::{ContestId, LearnerId};
use domain::org::Role;
use domain::time::Millis;

/// The longest reason or answer of an editor, in characters.
pub const MAX_REASON: usize = 500;

/// A contest that the viewer may review: an editor of its unit or of one above.
///
/// # Errors
/// [`Error::Forbidden`] for who is no editor at all; [`Error::NotFound`] when there is no such
/// contest, it is another unit's, or a challenge of teams: that is judged in its matches.
pub async fn reviewable(db: &Db, viewer: &Viewer, id: ContestId) -> Result<Contest> {
    if !viewer.grants.iter().any(|g| g.role == Role::Editor) {
        return Err(Error::Forbidden);
    }
    let row: ContestRow = db
        .one(
            sql!(
                "select c.id, c.kind, c.title, c.summary, c.unit_id, c.opens_at, c.closes_at, \
                   c.rules, c.posted_at \
                 from contest c where c.id = $1 and not c.is_draft and exists (select 1 \
                   from role_grant g join unit_ancestor a on a.ancestor_id = g.unit_id \
                   where g.learner_id = $2 and g.role = $3 and a.unit_id = c.unit_id)"
            ),
            values![id, viewer.learner, Role::Editor.as_str()],
        )
        .await?;
    let contest = Contest::try_from(row)?;
    if contest.kind == ContestKind::Team {
        return Err(Error::NotFound);
    }
    Ok(contest)
}

/// Whether the viewer may review a contest.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn may_review(db: &Db, viewer: &Viewer, id: ContestId) -> Result<bool> {
    match reviewable(db, viewer, id).await {
        Ok(_) => Ok(true),
        Err(Error::Forbidden | Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a contest is over and its last answers are committed.
#[must_use]
pub fn is_over(contest: &Contest, now: Millis) -> bool {
    now >= contest.closes_at.plus(super::close::SETTLE)
}

/// Refuses while a contest runs, and in the seconds in which its last answers are committed.
fn must_be_over(contest: &Contest, now: Millis) -> Result<()> {
    is_over(contest, now)
        .then_some(())
        .ok_or(Error::Invalid("review-open"))
}

/// Words of an editor as they are kept.
fn reason(words: &str) -> Result<String> {
    let words = words.trim();
    if words.is_empty() || words.chars().count() > MAX_REASON {
        return Err(Error::Invalid("review-reason"));
    }
    Ok(words.to_owned())
}

/// Holds the contest for the rest of the transaction, so that decisions about it come one after
/// the other; whether its results are final.
async fn hold(tx: &mut Tx, contest: ContestId) -> Result<bool> {
    let (reviewed,): (Option<i64>,) = tx
        .one(
            sql!("update contest set title = title where id = $1 returning reviewed_at"),
            values![contest],
        )
        .await?;
    Ok(reviewed.is_some())
}

/// Refuses while a correction of the contest is on its way.
async fn must_be_at_rest(tx: &mut Tx, contest: ContestId) -> Result<()> {
    let on_its_way: Option<(i64,)> = tx
        .optional(
            sql!(
                "select number from contest_correction \
                 where contest_id = $1 and done_at is null limit 1"
            ),
            values![contest],
        )
        .await?;
    match on_its_way {
        Some(_) => Err(Error::Invalid("correction-running")),
        None => Ok(()),
    }
}

/// An id that the database holds.
fn stored<T>(text: &str) -> Result<T>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse()
        .map_err(|e: T::Err| Error::Fault(anyhow::Error::new(e)))
}

/// A learner's id that the database holds.
fn learner_id(text: &str) -> Result<LearnerId> {
    stored(text)
}
