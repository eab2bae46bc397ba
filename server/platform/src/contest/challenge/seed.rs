//! How the teams of the first round are put in order: by lot, by hand, by an earlier contest.

use super::bracket::Seeding;
use super::compose::{Day, led};
use crate::contest::team::ApprovedTeam;
use crate::contest::{Contest, ContestRow};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Result, sql, values};
use domain::id::{ContestId, TeamId};
use domain::seed::Draw;
use domain::time::Millis;
use std::cmp::Reverse;
use std::collections::HashMap;

/// How the teams of the first round are put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// By lot.
    Lot,
    /// By hand, best first; teams that are not named follow by lot.
    Hand(Vec<TeamId>),
    /// By the points of their members in an earlier contest, added up; equal ones by lot.
    Earlier(ContestId),
}

/// A contest whose points teams can be seeded by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The contest.
    pub id: ContestId,
    /// What it is called.
    pub title: String,
}

/// Contests that are over, in the unit of this one or above it, the newest first.
///
/// # Errors
/// As [`led`].
pub async fn earlier(db: &Db, viewer: &Viewer, id: ContestId, now: Millis) -> Result<Vec<Earlier>> {
    let contest = led(db, viewer, id).await?;
    let rows: Vec<ContestRow> = db
        .all(
            sql!(
                "select c.id, c.kind, c.title, c.summary, c.unit_id, c.opens_at, c.closes_at, \
                   c.rules, c.posted_at \
                 from contest c join unit_ancestor a on a.ancestor_id = c.unit_id \
                 where a.unit_id = $1 and c.kind <> 'team' and not c.is_draft and c.closes_at <= $2 \
                 order by c.closes_at desc limit 20"
            ),
            values![&contest.unit, now],
        )
        .await?;
    let contests = rows.into_iter().map(Contest::try_from);
    let named = contests.map(|contest| {
        contest.map(|contest| Earlier {
            id: contest.id,
            title: contest.title,
        })
    });
    named.collect()
}

pub(super) async fn seeded(db: &Db, day: &Day, order: &Order) -> Result<Seeding> {
    let mut seeds: Vec<TeamId> = day.teams.iter().map(|team| team.id).collect();
    seeds.sort();
    // The lot is shown to everyone, so the draw can be made again by anyone.
    Draw::from_seed(day.lot.cast_unsigned()).shuffle(&mut seeds);
    let (by, earlier) = match order {
        Order::Lot => ("lot", None),
        Order::Hand(named) => {
            let place = |team: &TeamId| named.iter().position(|known| known == team);
            seeds.sort_by_key(|team| place(team).unwrap_or(usize::MAX));
            ("hand", None)
        }
        Order::Earlier(contest) => {
            let points = points_of(db, *contest, &day.teams).await?;
            seeds.sort_by_key(|team| Reverse(points.get(team).copied().unwrap_or(0)));
            ("earlier", Some(*contest))
        }
    };
    Ok(Seeding {
        by: by.to_owned(),
        lot: Some(day.lot),
        earlier,
        seeds,
    })
}

async fn points_of(
    db: &Db,
    contest: ContestId,
    teams: &[ApprovedTeam],
) -> Result<HashMap<TeamId, i64>> {
    let rows: Vec<(String, i64)> = db
        .all(
            sql!("select learner_id, points from contest_standing where contest_id = $1"),
            values![contest],
        )
        .await?;
    let points: HashMap<String, i64> = rows.into_iter().collect();
    let sum = |team: &ApprovedTeam| {
        let members = team.members.iter();
        members.filter_map(|m| points.get(&m.to_string())).sum()
    };
    Ok(teams.iter().map(|team| (team.id, sum(team))).collect())
}
