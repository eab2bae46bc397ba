//! Teams as people see them.

use super::change::{drawn, seats, team_of, unit_of};
use super::{Contest, challenge, decides, is_below, rules};
use crate::contest::challenge::shown;
use crate::contest::entry::door;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::contest::team::{State, Team, TeamRules};
use domain::id::{ContestId, LearnerId, TeamId, UnitId};
use domain::time::Millis;
use std::collections::HashMap;

/// The most teams that a list shows.
const MOST_TEAMS: i64 = 1_000;

/// A team in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// The team.
    pub id: TeamId,
    /// What it is called.
    pub name: String,
    /// The unit that sends it.
    pub unit: String,
    /// How far it has come.
    pub state: State,
    /// Members so far.
    pub members: i64,
    /// Substitutes so far.
    pub substitutes: i64,
}

/// The teams of a contest.
#[derive(Debug, Clone)]
pub struct Teams {
    /// The contest.
    pub contest: Contest,
    /// What it says about teams.
    pub rules: TeamRules,
    /// Those that the viewer may see: approved ones, those of their unit, those that they decide
    /// about. What waits for a decision comes first.
    pub rows: Vec<TeamRow>,
    /// The viewer's own.
    pub mine: Option<TeamId>,
    /// Whether the viewer may register one now, as far as the contest goes.
    pub may_register: bool,
    /// Whether the viewer runs the contest.
    pub runs: bool,
}

/// The teams of a contest, for whoever sees it.
///
/// # Errors
/// [`Error::NotFound`] when there is none for the viewer.
pub async fn teams(db: &Db, viewer: &Viewer, id: ContestId, now: Millis) -> Result<Teams> {
    let contest = shown(db, viewer, id, now).await?;
    let rules = rules(&contest)?;
    let runs = challenge::runs(db, viewer, &contest).await?;
    let unit = match door(db, viewer.learner, id, now).await {
        Ok(door) => Some(door.unit),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let rows: Vec<(String, String, String, String, i64, i64)> = db
        .all(
            sql!(
                "select t.id, t.name, u.name, t.state, \
                   (select count(*) from contest_team_member m \
                     where m.team_id = t.id and m.seat = 'member'), \
                   (select count(*) from contest_team_member m \
                     where m.team_id = t.id and m.seat = 'substitute') \
                 from contest_team t join unit u on u.id = t.unit_id \
                 where t.contest_id = $1 and t.state <> 'withdrawn' \
                   and (t.state = 'approved' or $2 \
                     or t.unit_id in (select a.ancestor_id from unit_ancestor a where a.unit_id = $3) \
                     or exists (select 1 from role_grant g \
                       join unit_ancestor a on a.ancestor_id = g.unit_id \
                       where g.learner_id = $4 and g.role = 'administrator' \
                         and a.unit_id = t.unit_id)) \
                 order by case t.state when 'handed-in' then 0 when 'approved' then 2 else 1 end, \
                   t.created_at, t.id limit $5"
            ),
            values![
                id,
                runs,
                unit.as_ref().map(|unit| unit.0.clone()),
                viewer.learner,
                MOST_TEAMS
            ],
        )
        .await?;
    let rows = rows
        .into_iter()
        .map(|(id, name, unit, state, members, substitutes)| {
            Ok(TeamRow {
                id: TeamId(
                    id.parse()
                        .map_err(|e| Error::Fault(anyhow::Error::new(e)))?,
                ),
                name,
                unit,
                state: State::parse(&state).ok_or_else(|| anyhow::anyhow!("state of a team"))?,
                members,
                substitutes,
            })
        });
    let mine = own(db, id, viewer.learner).await?;
    Ok(Teams {
        rows: rows.collect::<Result<_>>()?,
        may_register: mine.is_none()
            && unit.is_some()
            && contest.barred.is_none()
            && now < rules.register_until,
        contest,
        rules,
        mine,
        runs,
    })
}

async fn own(db: &Db, contest: ContestId, who: LearnerId) -> Result<Option<TeamId>> {
    let row: Option<(String,)> = db
        .optional(
            sql!(
                "select team_id from contest_team_member where contest_id = $1 and learner_id = $2"
            ),
            values![contest, who],
        )
        .await?;
    let parsed = row.map(|(id,)| id.parse().map(TeamId));
    parsed
        .transpose()
        .map_err(|e| Error::Fault(anyhow::Error::new(e)))
}

pub(super) async fn captain_of(db: &Db, id: TeamId) -> Result<LearnerId> {
    let (captain,): (String,) = db
        .one(
            sql!("select captain_id from contest_team where id = $1"),
            values![id],
        )
        .await?;
    captain
        .parse()
        .map_err(|e| Error::Fault(anyhow::Error::new(e)))
}

/// A change on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The word of the change.
    pub what: String,
    /// Whom it was about, by name.
    pub whom: Option<String>,
    /// Who made it, by name.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// A team with everything that its page shows.
#[derive(Debug, Clone)]
pub struct TeamPage {
    /// The contest.
    pub contest: Contest,
    /// What it says about teams.
    pub rules: TeamRules,
    /// The team.
    pub id: TeamId,
    /// The unit that sends it.
    pub unit: String,
    /// Its seats and how far it has come.
    pub team: Team,
    /// What the people are called.
    pub names: HashMap<LearnerId, String>,
    /// The code by which people come in, for its captain and who decides.
    pub invitation: Option<String>,
    /// Whether the viewer leads it.
    pub leads: bool,
    /// Whether the viewer decides about it.
    pub decides: bool,
    /// What happened to it, newest first, for who decides.
    pub record: Vec<Record>,
}

/// A team, for who is in it, is of its unit or decides about it; an approved one for everyone who
/// sees the contest.
///
/// # Errors
/// [`Error::NotFound`] for everyone else.
pub async fn team(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    id: TeamId,
    now: Millis,
) -> Result<TeamPage> {
    let contest = shown(db, viewer, contest, now).await?;
    let rules = rules(&contest)?;
    let unit = unit_of(db, contest.id, id).await?;
    let (name, state, note, captain, unit_name, invitation) = db
        .one::<(String, String, String, String, String, String)>(
            sql!(
                "select t.name, t.state, t.note, t.captain_id, u.name, t.invitation \
                 from contest_team t join unit u on u.id = t.unit_id where t.id = $1"
            ),
            values![id],
        )
        .await?;
    let seats = db.all(seats(), values![id]).await?;
    let (statement, values) = drawn(id);
    let drawn: Option<(i64,)> = db.optional(statement, values).await?;
    let team = team_of((name, state, note, captain), seats, drawn.is_some())?;
    let decides = decides(db, viewer, &contest, &unit).await?;
    let leads = team.captain == viewer.learner && team.state != State::Withdrawn;
    let may_see = decides
        || leads
        || team.state == State::Approved
        || team.seat(viewer.learner).is_some()
        || is_of(db, contest.id, viewer.learner, &unit, now).await?;
    if !may_see {
        return Err(Error::NotFound);
    }
    Ok(TeamPage {
        names: names(db, id).await?,
        record: if decides {
            record(db, id).await?
        } else {
            Vec::new()
        },
        invitation: (leads || decides).then_some(invitation),
        contest,
        rules,
        id,
        unit: unit_name,
        team,
        leads,
        decides,
    })
}

/// Whether someone is of a unit or of one below, as the contest's door sees them.
async fn is_of(
    db: &Db,
    contest: ContestId,
    who: LearnerId,
    unit: &UnitId,
    now: Millis,
) -> Result<bool> {
    match door(db, who, contest, now).await {
        Ok(door) => is_below(db, &door.unit, unit).await,
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn names(db: &Db, id: TeamId) -> Result<HashMap<LearnerId, String>> {
    let rows: Vec<(String, String)> = db
        .all(
            sql!(
                "select l.id, l.name from contest_team_member m \
                 join learner l on l.id = m.learner_id where m.team_id = $1"
            ),
            values![id],
        )
        .await?;
    let named = rows.into_iter().map(|(id, name)| {
        let id = id
            .parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
        Ok((id, name))
    });
    named.collect()
}

async fn record(db: &Db, id: TeamId) -> Result<Vec<Record>> {
    let rows: Vec<(String, Option<String>, String, i64)> = db
        .all(
            sql!(
                "select c.what, w.name, b.name, c.made_at from contest_team_change c \
                 join learner b on b.id = c.made_by left join learner w on w.id = c.whom \
                 where c.team_id = $1 order by c.made_at desc, c.id desc limit 100"
            ),
            values![id],
        )
        .await?;
    let record = rows.into_iter().map(|(what, whom, by, at)| Record {
        what,
        whom,
        by,
        at: Millis(at),
    });
    Ok(record.collect())
}

/// What someone sees who was invited.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The contest.
    pub contest: Contest,
    /// The team.
    pub id: TeamId,
    /// What it is called.
    pub name: String,
    /// The unit that sends it.
    pub unit: String,
    /// Who leads it.
    pub captain: String,
    /// Whether the viewer is in it already.
    pub is_in: bool,
}

/// The team of an invitation, for whoever sees the contest.
///
/// # Errors
/// [`Error::NotFound`] when it is void.
pub async fn invited(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    code: &str,
    now: Millis,
) -> Result<Invited> {
    let contest = shown(db, viewer, contest, now).await?;
    let (id, name, unit, captain): (String, String, String, String) = db
        .one(
            sql!(
                "select t.id, t.name, u.name, l.name from contest_team t \
                 join unit u on u.id = t.unit_id join learner l on l.id = t.captain_id \
                 where t.contest_id = $1 and t.invitation = $2 and t.state <> 'withdrawn'"
            ),
            values![contest.id, code],
        )
        .await?;
    let id = TeamId(
        id.parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e)))?,
    );
    Ok(Invited {
        is_in: own(db, contest.id, viewer.learner).await? == Some(id),
        contest,
        id,
        name,
        unit,
        captain,
    })
}
