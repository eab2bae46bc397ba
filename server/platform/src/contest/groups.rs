//! Rankings of units, counties and prefectures, by the rule that the contest states.
//!
//! The rule guarded here: members are those who could enter when the contest opened, and a learner
//! counts for the unit of that instant ([`GroupRule`]). The roster of the opening is counted once,
//! when somebody first asks; who was not on it counts for nobody.

use super::Contest;
use super::places::Units;
use crate::db::Db;
use crate::{Result, sql, values};
use domain::contest::entry::PostLevel;
use domain::contest::group::{GroupRule, GroupScore, rank_groups};
use domain::id::UnitId;
use domain::org::UnitKind;
use std::collections::{BTreeMap, HashMap};

/// What is ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Unit,
    County,
    Prefecture,
}

/// Who could enter when the contest opened, counted by unit.
#[derive(Debug, Default)]
pub(super) struct Roster {
    /// Members of each unit, its county and its prefecture.
    units: HashMap<u32, Home>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Home {
    members: i64,
    county: Option<u32>,
    prefecture: Option<u32>,
}

impl Home {
    const fn group(&self, level: Level, unit: u32) -> Option<u32> {
        match level {
            Level::Unit => Some(unit),
            Level::County => self.county,
            Level::Prefecture => self.prefecture,
        }
    }
}

/// The members of one unit with one level of post.
#[derive(sqlx::FromRow)]
struct Count {
    unit_id: String,
    kind: String,
    post: Option<String>,
    members: i64,
}

/// Counts the roster of the opening.
pub(super) async fn counts(db: &Db, contest: &Contest) -> Result<Vec<(String, i64)>> {
    let entry = &contest.rules.entry;
    let rows: Vec<Count> = db
        .all(
            sql!(
                "select m.unit_id, u.kind, l.post, count(*) as members from membership m \
                 join unit_ancestor a on a.unit_id = m.unit_id and a.ancestor_id = $1 \
                 join unit u on u.id = m.unit_id join learner l on l.id = m.learner_id \
                 where m.from_at <= $2 and (m.until_at is null or m.until_at > $2) \
                   and (not $3 or exists (select 1 from contest_listed c \
                     where c.contest_id = $4 and c.learner_id = m.learner_id)) \
                 group by m.unit_id, u.kind, l.post"
            ),
            values![&contest.unit, contest.opens_at, entry.listed, contest.id],
        )
        .await?;
    let within = within(db, &entry.within).await?;
    let may = |row: &Count| {
        let kind = UnitKind::parse(&row.kind);
        let post = row.post.as_deref().and_then(post);
        within
            .as_ref()
            .is_none_or(|units| units.contains(&row.unit_id))
            && (entry.kinds.is_empty() || kind.is_some_and(|kind| entry.kinds.contains(&kind)))
            && (entry.posts.is_empty() || post.is_some_and(|post| entry.posts.contains(&post)))
    };
    let mut members: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows.into_iter().filter(may) {
        *members.entry(row.unit_id).or_default() += row.members;
    }
    Ok(members.into_iter().collect())
}

fn post(word: &str) -> Option<PostLevel> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

/// The units of some subtrees; `None` for everywhere.
async fn within(db: &Db, subtrees: &[UnitId]) -> Result<Option<Vec<String>>> {
    if subtrees.is_empty() {
        return Ok(None);
    }
    let mut all = Vec::new();
    for unit in subtrees {
        let rows: Vec<(String,)> = db
            .all(
                sql!("select unit_id from unit_ancestor where ancestor_id = $1"),
                values![unit],
            )
            .await?;
        all.extend(rows.into_iter().map(|row| row.0));
    }
    Ok(Some(all))
}

/// County and prefecture of every unit of a subtree: the unit, what is above it and its kind.
pub(super) async fn aboves(db: &Db, contest: &Contest) -> Result<Vec<(String, String, String)>> {
    db.all(
        sql!(
            "select a.unit_id, a.ancestor_id, u.kind from unit_ancestor a \
             join unit u on u.id = a.ancestor_id and u.kind in ('county', 'prefecture') \
             join unit_ancestor c on c.unit_id = a.unit_id and c.ancestor_id = $1"
        ),
        values![&contest.unit],
    )
    .await
}

impl Roster {
    /// The roster, by the numbers that `units` gives.
    pub fn new(
        units: &mut Units,
        counts: &[(String, i64)],
        aboves: &[(String, String, String)],
    ) -> Self {
        let mut roster = Self::default();
        for (unit, members) in counts {
            roster.units.entry(units.number(unit)).or_default().members += members;
        }
        for (unit, above, kind) in aboves {
            let Some(home) = roster.units.get_mut(&units.number(unit)) else {
                continue;
            };
            let above = Some(units.number(above));
            match UnitKind::parse(kind) {
                Some(UnitKind::County) => home.county = above,
                Some(UnitKind::Prefecture) => home.prefecture = above,
                _ => {}
            }
        }
        roster
    }

    /// The groups of a level in which somebody took part, best first, of the units and points of
    /// everyone who stands.
    pub fn ranking(
        &self,
        level: Level,
        rule: GroupRule,
        homes: Vec<(Option<u32>, i64)>,
    ) -> Vec<(i64, u32, GroupScore)> {
        let mut members: HashMap<u32, i64> = HashMap::new();
        for (unit, home) in &self.units {
            if let Some(group) = home.group(level, *unit) {
                *members.entry(group).or_default() += home.members;
            }
        }
        let mut points: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        for (home, score) in homes {
            let group = home.and_then(|unit| self.units.get(&unit)?.group(level, unit));
            if let Some(group) = group {
                points.entry(group).or_default().push(score);
            }
        }
        let groups = points.into_iter().map(|(group, points)| {
            let members = members.get(&group).copied().unwrap_or_default();
            (group, rule.score(members, points))
        });
        rank_groups(groups.collect())
    }
}
