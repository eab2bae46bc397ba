//! The teams that play.

use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::id::{ContestId, LearnerId, TeamId, UnitId};

/// A team that may play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovedTeam {
    /// The team.
    pub id: TeamId,
    /// The unit that sends it.
    pub unit: UnitId,
    /// What it is called.
    pub name: String,
    /// Who plays, the captain first.
    pub members: Vec<LearnerId>,
    /// Who may come in.
    pub substitutes: Vec<LearnerId>,
}

/// The approved teams of a contest, in the order in which they were made.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn approved(db: &Db, contest: ContestId) -> Result<Vec<ApprovedTeam>> {
    let rows: Vec<(String, String, String, String, String)> = db
        .all(
            sql!(
                "select t.id, t.unit_id, t.name, m.learner_id, m.seat \
                 from contest_team t join contest_team_member m on m.team_id = t.id \
                 where t.contest_id = $1 and t.state = 'approved' \
                 order by t.created_at, t.id, \
                   case when m.learner_id = t.captain_id then 0 else 1 end, m.position"
            ),
            values![contest],
        )
        .await?;
    let parsed = |text: &str| {
        text.parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e)))
    };
    let mut teams: Vec<ApprovedTeam> = Vec::new();
    for (id, unit, name, learner, seat) in rows {
        let (id, learner) = (TeamId(parsed(&id)?), LearnerId(parsed(&learner)?));
        if teams.last().is_none_or(|team| team.id != id) {
            teams.push(ApprovedTeam {
                id,
                unit: UnitId(unit),
                name,
                members: Vec::new(),
                substitutes: Vec::new(),
            });
        }
        if let Some(team) = teams.last_mut() {
            let seats = match seat.as_str() {
                "member" => &mut team.members,
                _ => &mut team.substitutes,
            };
            seats.push(learner);
        }
    }
    Ok(teams)
}
