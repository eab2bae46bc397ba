//! Who runs a day, what they compose, and what is next.

use super::bracket::{Bracket, bracket};
use crate::contest::team::{ApprovedTeam, approved};
use crate::contest::{Contest, ContestRow};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, id, sql, values};
use domain::contest::ContestKind;
use domain::contest::challenge::{Form, Outcome, Programme};
use domain::id::{ContestId, LearnerId};
use domain::org::Role;
use domain::time::Millis;

/// The most people that a search for hosts shows.
const MOST_FOUND: i64 = 20;
/// The most people who may lead matches of a day.
const MOST_HOSTS: usize = 100;

/// Someone who may be given a match to lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Who.
    pub id: LearnerId,
    /// Their name.
    pub name: String,
    /// The unit of their role, so that two of one name can be told apart.
    pub unit: String,
}

/// What is next on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Fewer than two teams are approved.
    Teams,
    /// The programme is not composed, or can not be played.
    Compose,
    /// Nobody was named who may lead.
    Hosts,
    /// The first round can be drawn.
    First,
    /// Matches are still to be played.
    Play,
    /// A tie on the line is to be settled.
    Settle,
    /// The next round can be drawn.
    After,
    /// The next round can be drawn, or the places declared as they are.
    AfterOrDeclare,
    /// The places can be declared.
    Declare,
    /// The places are declared.
    Declared,
}

/// The day as those see it who run it.
#[derive(Debug, Clone)]
pub struct Day {
    /// The contest.
    pub contest: Contest,
    /// Its approved teams.
    pub teams: Vec<ApprovedTeam>,
    /// What the next round is made of.
    pub programme: Programme,
    /// Whether it was saved.
    pub composed: bool,
    /// Who may be given a match.
    pub hosts: Vec<Host>,
    /// What lots are drawn with.
    pub lot: i64,
    /// What was drawn, and what came of it.
    pub bracket: Bracket,
    /// When the result was declared.
    pub declared_at: Option<Millis>,
}

impl Day {
    /// What is next.
    #[must_use]
    pub fn next(&self) -> Next {
        if self.declared_at.is_some() {
            return Next::Declared;
        }
        let Some(last) = self.bracket.rounds.last() else {
            return if self.teams.len() < 2 {
                Next::Teams
            } else if !self.composed || self.programme.defect().is_some() {
                Next::Compose
            } else if self.hosts.is_empty() {
                Next::Hosts
            } else {
                Next::First
            };
        };
        let outcomes = || last.slots.iter().map(|slot| slot.meeting.outcome());
        if outcomes().any(|outcome| matches!(outcome, Outcome::Tied { .. })) {
            Next::Settle
        } else if outcomes().any(|outcome| outcome == Outcome::Open) {
            Next::Play
        } else if last.slots.len() == 1 {
            Next::Declare
        } else if matches!(last.form, Form::Groups(_)) {
            Next::AfterOrDeclare
        } else {
            Next::After
        }
    }
}

/// Whether someone runs the days of a contest: an editor or administrator of its unit or above.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn runs(db: &Db, viewer: &Viewer, contest: &Contest) -> Result<bool> {
    let grants = viewer.grants.iter();
    for grant in grants.filter(|g| matches!(g.role, Role::Administrator | Role::Editor)) {
        let below: Option<(i64,)> = db
            .optional(
                sql!("select depth from unit_ancestor where ancestor_id = $1 and unit_id = $2"),
                values![&grant.unit, &contest.unit],
            )
            .await?;
        if below.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A team challenge, for whoever runs its day.
///
/// # Errors
/// [`Error::NotFound`] when there is none, [`Error::Forbidden`] for everyone else.
pub async fn led(db: &Db, viewer: &Viewer, id: ContestId) -> Result<Contest> {
    let row: ContestRow = db
        .one(
            sql!(
                "select id, kind, title, summary, unit_id, opens_at, closes_at, rules, posted_at \
                 from contest where id = $1"
            ),
            values![id],
        )
        .await?;
    let contest: Contest = row.try_into()?;
    if !runs(db, viewer, &contest).await? {
        return Err(Error::Forbidden);
    }
    if contest.kind != ContestKind::Team {
        return Err(Error::NotFound);
    }
    Ok(contest)
}

/// A team challenge, for whoever may enter its contest or runs its day.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is for neither.
pub async fn shown(db: &Db, viewer: &Viewer, id: ContestId, now: Millis) -> Result<Contest> {
    let contest = match crate::contest::contest(db, viewer, id, now).await {
        Err(Error::NotFound) => match led(db, viewer, id).await {
            Err(Error::Forbidden) => Err(Error::NotFound),
            led => led,
        },
        known => known,
    }?;
    if contest.kind != ContestKind::Team {
        return Err(Error::NotFound);
    }
    Ok(contest)
}

/// The day of a contest.
///
/// # Errors
/// As [`led`].
pub async fn day(db: &Db, viewer: &Viewer, id: ContestId) -> Result<Day> {
    let contest = led(db, viewer, id).await?;
    let kept: Option<(String, String, i64, Option<i64>)> = db
        .optional(
            sql!(
                "select programme, hosts, lot, declared_at from contest_day where contest_id = $1"
            ),
            values![id],
        )
        .await?;
    let composed = kept.is_some();
    let (programme, hosts, lot, declared) = match kept {
        Some((programme, hosts, lot, declared)) => (
            serde_json::from_str(&programme)?,
            serde_json::from_str(&hosts)?,
            lot,
            declared,
        ),
        None => (Programme::default(), Vec::new(), 0, None),
    };
    Ok(Day {
        teams: approved(db, id).await?,
        bracket: bracket(db, id).await?,
        hosts: named(db, &hosts).await?,
        contest,
        programme,
        composed,
        lot,
        declared_at: declared.map(Millis),
    })
}

/// The row of a day, with its lot: drawn once, so that nobody draws again until they like it.
pub(super) async fn ensure(db: &Db, id: ContestId) -> Result<()> {
    let lot = i64::from(u32::from_le_bytes(id::random()?));
    let programme = serde_json::to_string(&Programme::default())?;
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!(
                    "insert into contest_day (contest_id, programme, hosts, lot) \
                     values ($1, $2, '[]', $3) on conflict (contest_id) do nothing"
                ),
                values![id, programme, lot],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// People with a role whose name holds `name`: in the contest's unit, above or below it.
///
/// # Errors
/// As [`led`].
pub async fn hosts(db: &Db, viewer: &Viewer, id: ContestId, name: &str) -> Result<Vec<Host>> {
    let contest = led(db, viewer, id).await?;
    let name = name.trim();
    if name.is_empty() {
        return Ok(Vec::new());
    }
    // What is special in a pattern is looked for as it stands.
    let pattern = name
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let rows: Vec<(String, String, String)> = db
        .all(
            sql!(
                "select l.id, l.name, min(u.name) from role_grant g \
                   join learner l on l.id = g.learner_id join unit u on u.id = g.unit_id \
                 where l.name like $2 escape '\\' and exists (select 1 from unit_ancestor a \
                   where (a.ancestor_id = $1 and a.unit_id = g.unit_id) \
                      or (a.ancestor_id = g.unit_id and a.unit_id = $1)) \
                 group by l.id, l.name order by l.name, l.id limit $3"
            ),
            values![&contest.unit, format!("%{pattern}%"), MOST_FOUND],
        )
        .await?;
    people(rows)
}

fn people(rows: Vec<(String, String, String)>) -> Result<Vec<Host>> {
    let host = |(id, name, unit): (String, String, String)| {
        let id = id
            .parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
        Ok(Host { id, name, unit })
    };
    rows.into_iter().map(host).collect()
}

/// Who may be given a match, in the order in which they were named.
async fn named(db: &Db, ids: &[LearnerId]) -> Result<Vec<Host>> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(
            db.optional::<(String, String, String)>(
                sql!(
                    "select l.id, l.name, coalesce(min(u.name), '') from learner l \
                       left join role_grant g on g.learner_id = l.id \
                       left join unit u on u.id = g.unit_id \
                     where l.id = $1 group by l.id, l.name"
                ),
                values![*id],
            )
            .await?,
        );
    }
    people(rows)
}

/// Names someone who may be given a match; one who is named already stays.
///
/// # Errors
/// As [`led`]; [`Error::Invalid`] with `host-unknown` for who has no role there.
pub async fn add_host(db: &Db, viewer: &Viewer, id: ContestId, host: LearnerId) -> Result<()> {
    let contest = led(db, viewer, id).await?;
    let role: Option<(String,)> = db
        .optional(
            sql!(
                "select g.role from role_grant g join unit_ancestor a \
                   on (a.ancestor_id = $1 and a.unit_id = g.unit_id) \
                   or (a.ancestor_id = g.unit_id and a.unit_id = $1) \
                 where g.learner_id = $2 limit 1"
            ),
            values![&contest.unit, host],
        )
        .await?;
    if role.is_none() {
        return Err(Error::Invalid("host-unknown"));
    }
    change_hosts(db, id, move |hosts| {
        if !hosts.contains(&host) && hosts.len() < MOST_HOSTS {
            hosts.push(host);
        }
    })
    .await
}

/// Takes someone from those who may be given a match; matches that were made keep theirs.
///
/// # Errors
/// As [`led`].
pub async fn drop_host(db: &Db, viewer: &Viewer, id: ContestId, host: LearnerId) -> Result<()> {
    led(db, viewer, id).await?;
    change_hosts(db, id, move |hosts| hosts.retain(|known| *known != host)).await
}

async fn change_hosts(
    db: &Db,
    id: ContestId,
    change: impl FnOnce(&mut Vec<LearnerId>) + Send + 'static,
) -> Result<()> {
    ensure(db, id).await?;
    db.write(move |tx| {
        Box::pin(async move {
            // The update that changes nothing makes a second change wait for this one.
            let (text,): (String,) = tx
                .one(
                    sql!(
                        "update contest_day set hosts = hosts where contest_id = $1 returning hosts"
                    ),
                    values![id],
                )
                .await?;
            let mut hosts: Vec<LearnerId> = serde_json::from_str(&text)?;
            change(&mut hosts);
            tx.run(
                sql!("update contest_day set hosts = $2 where contest_id = $1"),
                values![id, serde_json::to_string(&hosts)?],
            )
            .await?;
            Ok(())
        })
    })
    .await
}
