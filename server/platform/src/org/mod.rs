//! The organisation: the tree province → prefecture → county → unit, who belongs where, and what
//! an administrator sees of it.
//!
//! The rule guarded here: who administers a unit sees the learners of that unit and of the units
//! below, and nobody else's. Every reading of learners goes through [`visible`].

mod browse;
mod divisions;

pub use browse::{Branch, LearnerPage, LearnerRow, PAGE_SIZE, UnitRow, branch, learners, visible};
pub use divisions::{DivisionRow, import_divisions, parse_divisions};

use crate::db::{Db, Tx};
use crate::{Result, id, sql, values};
use domain::id::{LearnerId, UnitId};
use domain::org::{Membership, UnitKind, unit_at};
use domain::time::Millis;

/// Adds a unit under `parent`, or changes the name of the one that is there.
///
/// # Errors
/// [`crate::Error::Fault`] when the parent is missing or the database fails.
pub async fn put_unit(
    tx: &mut Tx,
    unit: &UnitId,
    parent: Option<&UnitId>,
    division: Option<&str>,
    kind: UnitKind,
    name: &str,
    position: i64,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into unit (id, parent_id, division_code, kind, name, position) \
             values ($1, $2, $3, $4, $5, $6) \
             on conflict (id) do update set name = excluded.name, position = excluded.position"
        ),
        values![
            unit,
            parent.map(ToString::to_string),
            division.map(str::to_owned),
            kind.as_str(),
            name,
            position
        ],
    )
    .await?;
    tx.run(
        sql!(
            "insert into unit_ancestor (ancestor_id, unit_id, depth) values ($1, $1, 0) \
             on conflict (ancestor_id, unit_id) do nothing"
        ),
        values![unit],
    )
    .await?;
    if let Some(parent) = parent {
        tx.run(
            sql!(
                "insert into unit_ancestor (ancestor_id, unit_id, depth) \
                 select ancestor_id, cast($1 as text), depth + 1 from unit_ancestor \
                 where unit_id = $2 on conflict (ancestor_id, unit_id) do nothing"
            ),
            values![unit, parent],
        )
        .await?;
    }
    Ok(())
}

/// Puts a learner into a unit from `from` on; a stay that is open ends there.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn join(tx: &mut Tx, learner: LearnerId, unit: &UnitId, from: Millis) -> Result<()> {
    tx.run(
        sql!("update membership set until_at = $2 where learner_id = $1 and until_at is null"),
        values![learner, from],
    )
    .await?;
    tx.run(
        sql!(
            "insert into membership (id, learner_id, unit_id, from_at, until_at) \
             values ($1, $2, $3, $4, null)"
        ),
        values![id::fresh(from)?, learner, unit, from],
    )
    .await?;
    Ok(())
}

/// The unit that a learner belongs to at an instant, if any.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn unit_of(db: &Db, learner: LearnerId, at: Millis) -> Result<Option<UnitId>> {
    let rows: Vec<(String, i64, Option<i64>)> = db
        .all(
            sql!("select unit_id, from_at, until_at from membership where learner_id = $1"),
            values![learner],
        )
        .await?;
    let stays: Vec<Membership> = rows
        .into_iter()
        .map(|(unit, from, until)| Membership {
            unit: UnitId(unit),
            from: Millis(from),
            until: until.map(Millis),
        })
        .collect();
    Ok(unit_at(&stays, at).cloned())
}

/// The way from the province down to a unit, the unit last: id, kind and name of each.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn path(db: &Db, unit: &UnitId) -> Result<Vec<(UnitId, UnitKind, String)>> {
    let rows: Vec<(String, String, String)> = db
        .all(
            sql!(
                "select u.id, u.kind, u.name from unit_ancestor a join unit u on u.id = a.ancestor_id \
                 where a.unit_id = $1 order by a.depth desc"
            ),
            values![unit],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, kind, name)| Some((UnitId(id), UnitKind::parse(&kind)?, name)))
        .collect())
}
