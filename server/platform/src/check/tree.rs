//! The tree of units: the rows that name every unit's ancestors follow from its parents alone.

use super::LISTED;
use crate::db::Db;
use crate::{Result, sql, values};
use std::collections::{BTreeMap, BTreeSet};

/// The longest way to the top that is followed; a longer one is a ring.
const DEEPEST: i64 = 64;

/// Units whose ancestors are others than their parents say, or whose parents go in a ring.
pub(super) async fn ancestors_off(db: &Db) -> Result<Vec<(String,)>> {
    let units: Vec<(String, Option<String>)> = db
        .all(sql!("select id, parent_id from unit"), values![])
        .await?;
    let written: Vec<(String, String, i64)> = db
        .all(
            sql!("select unit_id, ancestor_id, depth from unit_ancestor"),
            values![],
        )
        .await?;
    let parents: BTreeMap<String, Option<String>> = units.into_iter().collect();
    let mut ancestors: BTreeMap<&str, BTreeSet<(&str, i64)>> = BTreeMap::new();
    for (unit, ancestor, depth) in &written {
        ancestors
            .entry(unit)
            .or_default()
            .insert((ancestor, *depth));
    }
    let off = parents.keys().filter(|unit| {
        let mut due = BTreeSet::new();
        let (mut at, mut depth) = (Some(unit.as_str()), 0);
        while let Some(unit) = at.filter(|_| depth < DEEPEST) {
            due.insert((unit, depth));
            at = parents.get(unit).and_then(Option::as_deref);
            depth += 1;
        }
        at.is_some() || ancestors.get(unit.as_str()) != Some(&due)
    });
    Ok(off.take(LISTED).map(|unit| (unit.clone(),)).collect())
}
