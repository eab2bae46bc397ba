//! Teams (代表队) of a team challenge: a unit's people register one, fill it by an invitation or
//! from the roster and hand it in; an administrator approves it.
//!
//! The rules guarded here: who comes in is of the team's unit or one below and may enter the
//! contest; a person is in one team of a contest; two who take the last seat in the same instant do
//! not both get it. Who may do what is [`domain::contest::team`]. Start at [`teams`]; then
//! [`register`] and [`change`].

mod approved;
mod change;
mod register;
mod roster;
mod view;

pub use approved::{ApprovedTeam, approved};
pub use change::{change, join, renew_invitation};
pub use register::register;
pub use roster::{Candidate, roster};
pub use view::{Invited, Record, TeamPage, TeamRow, Teams, invited, team, teams};

use super::entry::door;
use super::{Contest, challenge};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::contest::team::{Refusal, TeamRules};
use domain::id::{ContestId, LearnerId, UnitId};
use domain::org::Role;
use domain::time::Millis;

/// What a team challenge says about teams; another contest has none.
fn rules(contest: &Contest) -> Result<TeamRules> {
    contest.rules.team.ok_or(Error::NotFound)
}

/// Whether someone decides about the teams of a unit: who runs the contest, or an administrator
/// of the unit or above.
async fn decides(db: &Db, viewer: &Viewer, contest: &Contest, unit: &UnitId) -> Result<bool> {
    if challenge::runs(db, viewer, contest).await? {
        return Ok(true);
    }
    for grant in &viewer.grants {
        if grant.role == Role::Administrator && is_below(db, unit, &grant.unit).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether `unit` is `top` or below it.
async fn is_below(db: &Db, unit: &UnitId, top: &UnitId) -> Result<bool> {
    let depth: Option<(i64,)> = db
        .optional(
            sql!("select depth from unit_ancestor where ancestor_id = $1 and unit_id = $2"),
            values![top, unit],
        )
        .await?;
    Ok(depth.is_some())
}

/// Sees that a person may come into a team that `unit` sends.
///
/// # Errors
/// [`Error::Invalid`] with `team-other-unit` for who is of another unit, [`Error::Barred`] for who
/// may not enter the contest.
async fn must_fit(
    db: &Db,
    contest: ContestId,
    unit: &UnitId,
    who: LearnerId,
    now: Millis,
) -> Result<()> {
    let door = match door(db, who, contest, now).await {
        Err(Error::NotFound) => return Err(Error::Invalid("team-other-unit")),
        known => known?,
    };
    if !is_below(db, &door.unit, unit).await? {
        return Err(Error::Invalid("team-other-unit"));
    }
    door.contest.admits()
}

/// What a refusal is to whoever asked.
fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Forbidden => Error::Forbidden,
        Refusal::Closed => Error::Invalid("team-closed"),
        Refusal::HandedIn => Error::Invalid("team-handed-in"),
        Refusal::Withdrawn => Error::Invalid("team-withdrawn"),
        Refusal::Drawn => Error::Invalid("team-drawn"),
        Refusal::Full => Error::Invalid("team-full"),
        Refusal::Short => Error::Invalid("team-short"),
        Refusal::Already => Error::Invalid("team-already"),
        Refusal::NotIn => Error::Invalid("team-gone"),
        Refusal::Captain => Error::Invalid("team-captain"),
        Refusal::Name => Error::Invalid("team-name"),
        Refusal::Note => Error::Invalid("team-note"),
    }
}
