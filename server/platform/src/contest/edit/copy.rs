//! Last year's contest, made again.

use super::draft::put_draft;
use super::one_edited;
use super::window::move_on;
use crate::contest::NewContest;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Result, id};
use domain::id::{ContestId, EventId};
use domain::time::Millis;

/// Makes a draft with the rules of an earlier contest, its window moved by whole years to the next
/// one to come, and the year in its title with it. A list is not copied: people move. The same
/// event again gets the same draft.
///
/// # Errors
/// As [`one_edited`].
pub async fn copy(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    of: ContestId,
    now: Millis,
) -> Result<ContestId> {
    let contest = one_edited(db, viewer, of).await?.contest;
    let mut new = NewContest {
        id: ContestId(id::fresh(now)?),
        kind: contest.kind,
        title: contest.title,
        summary: contest.summary,
        unit: contest.unit,
        opens_at: contest.opens_at,
        closes_at: contest.closes_at,
        rules: contest.rules,
    };
    move_on(&mut new, now);
    put_draft(db, viewer, event, new, None, Vec::new(), now).await
}
