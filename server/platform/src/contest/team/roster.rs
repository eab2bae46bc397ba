//! Whom a captain may put in.

use super::change::unit_of;
use super::{decides, view::captain_of};
use crate::contest::challenge::shown;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::id::{ContestId, LearnerId, TeamId};
use domain::time::Millis;

/// The most people that a search shows.
const MOST_FOUND: i64 = 20;
/// The longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 30;

/// Someone of the team's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub id: LearnerId,
    /// Their name.
    pub name: String,
    /// Their unit, so that two of one name can be told apart.
    pub unit: String,
    /// Whether they are in a team of this contest already.
    pub taken: bool,
}

/// The people of a team's unit and of those below whose name holds `search`, at most 20.
///
/// # Errors
/// [`Error::Forbidden`] for who neither leads the team nor decides about it.
pub async fn roster(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    id: TeamId,
    search: &str,
    now: Millis,
) -> Result<Vec<Candidate>> {
    let contest = shown(db, viewer, contest, now).await?;
    let unit = unit_of(db, contest.id, id).await?;
    if captain_of(db, id).await? != viewer.learner && !decides(db, viewer, &contest, &unit).await? {
        return Err(Error::Forbidden);
    }
    let search = search.trim();
    if search.is_empty() || search.chars().count() > LONGEST_SEARCH {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, String, String, bool)> = db
        .all(
            sql!(
                "select l.id, l.name, u.name, exists (select 1 from contest_team_member t \
                   where t.contest_id = $4 and t.learner_id = l.id) \
                 from unit_ancestor a join membership m on m.unit_id = a.unit_id \
                   and m.from_at <= $3 and (m.until_at is null or m.until_at > $3) \
                 join learner l on l.id = m.learner_id join unit u on u.id = m.unit_id \
                 where a.ancestor_id = $1 and replace(l.name, $2, '') <> l.name \
                 order by l.name, l.id limit $5"
            ),
            values![unit, search, now, contest.id, MOST_FOUND],
        )
        .await?;
    let found = rows.into_iter().map(|(id, name, unit, taken)| {
        let id = id
            .parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
        Ok(Candidate {
            id,
            name,
            unit,
            taken,
        })
    });
    found.collect()
}
