//! A new team.

use super::{refused, rules};
use crate::contest::entry::door;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, event, id, sql, values};
use domain::contest::ContestKind;
use domain::contest::team::name_of;
use domain::id::{ContestId, EventId, TeamId};
use domain::time::Millis;

/// Registers a team of the viewer's unit, with the viewer as its captain. The same event again gets
/// the same team.
///
/// # Errors
/// [`Error::NotFound`] where there is no such team challenge for the viewer, [`Error::Barred`] for
/// who may not enter it; [`Error::Invalid`] with `team-closed`, `team-name`, `team-already` for who
/// is in a team, `team-exists` when the unit has as many as it may.
pub async fn register(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    name: &str,
    now: Millis,
) -> Result<TeamId> {
    let door = door(db, viewer.learner, contest, now).await?;
    if door.contest.kind != ContestKind::Team {
        return Err(Error::NotFound);
    }
    door.contest.admits()?;
    let rules = rules(&door.contest)?;
    let unit = door.unit;
    let name = name_of(name).map_err(refused)?;
    if now >= rules.register_until {
        return Err(Error::Invalid("team-closed"));
    }
    let (team, invitation) = (TeamId(id::fresh(now)?), invitation()?);
    let who = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(known) = event::once::<TeamId>(tx, event, who, "team-register", now).await?
            {
                return Ok(known);
            }
            // Holds the unit, so that two of its people who come at once come one after the other.
            tx.run(
                sql!("update unit set position = position where id = $1"),
                values![&unit],
            )
            .await?;
            let (there,): (i64,) = tx
                .one(
                    sql!(
                        "select count(*) from contest_team \
                         where contest_id = $1 and unit_id = $2 and state <> 'withdrawn'"
                    ),
                    values![contest, &unit],
                )
                .await?;
            if there >= rules.teams {
                return Err(Error::Invalid("team-exists"));
            }
            tx.run(
                sql!(
                    "insert into contest_team (id, contest_id, unit_id, name, captain_id, \
                       invitation, state, note, created_at) \
                     values ($1, $2, $3, $4, $5, $6, 'open', '', $7)"
                ),
                values![team, contest, unit, name, who, invitation, now],
            )
            .await?;
            let seated = tx
                .run(
                    sql!(
                        "insert into contest_team_member (contest_id, learner_id, team_id, seat, \
                           position, joined_at) values ($1, $2, $3, 'member', 0, $4) \
                         on conflict (contest_id, learner_id) do nothing"
                    ),
                    values![contest, who, team, now],
                )
                .await?;
            if seated == 0 {
                return Err(Error::Invalid("team-already"));
            }
            tx.run(
                sql!(
                    "insert into contest_team_change (id, team_id, what, made_by, made_at) \
                     values ($1, $2, 'register', $3, $4)"
                ),
                values![event, team, who, now],
            )
            .await?;
            event::answered(tx, event, team).await?;
            Ok(team)
        })
    })
    .await
}

/// A code that nobody guesses: 128 bits in hexadecimal.
pub(super) fn invitation() -> Result<String> {
    let bits = id::random::<16>()?;
    Ok(bits.iter().map(|b| format!("{b:02x}")).collect())
}
