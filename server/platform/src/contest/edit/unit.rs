//! Choosing units: by a part of the name, or by walking down the tree.

use super::{MOST_UNITS, Wrong};
use crate::db::Db;
use crate::{Result, sql, values};
use domain::contest::entry::Entry;
use domain::id::UnitId;
use domain::time::Millis;

/// A unit that may be chosen.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UnitFound {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name of the unit above it, empty for the highest.
    pub above: String,
    /// Units right below it.
    pub below: i64,
}

/// Whether all of `units` are `top` or below it.
pub(super) async fn inside(db: &Db, top: &UnitId, units: &[UnitId]) -> Result<bool> {
    for unit in units.iter().take(MOST_UNITS + 1) {
        let found: Option<(i64,)> = db
            .optional(
                sql!("select depth from unit_ancestor where ancestor_id = $1 and unit_id = $2"),
                values![top, unit],
            )
            .await?;
        if found.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What hinders a contest of `unit` from being published when nobody in it or below has a level of
/// post that may enter: nobody could.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn without_posts(
    db: &Db,
    unit: &UnitId,
    entry: &Entry,
    now: Millis,
) -> Result<Option<Wrong>> {
    let Some(first) = entry.posts.first() else {
        return Ok(None);
    };
    let word = |n: usize| entry.posts.get(n).unwrap_or(first).as_str();
    let someone: Option<(String,)> = db
        .optional(
            sql!(
                "select l.id from learner l where l.post in ($3, $4, $5, $6) \
                   and exists (select 1 from membership m \
                     join unit_ancestor a on a.unit_id = m.unit_id \
                     where m.learner_id = l.id and a.ancestor_id = $1 and m.from_at <= $2 \
                       and (m.until_at is null or m.until_at > $2)) limit 1"
            ),
            values![unit, now, word(0), word(1), word(2), word(3)],
        )
        .await?;
    let none = someone.is_none();
    Ok(none.then(|| Wrong::new("posts", "contest-posts")))
}

/// The first twenty units in or below `top` whose name holds `part`, the highest ones first.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn find_units(db: &Db, top: &UnitId, part: &str) -> Result<Vec<UnitFound>> {
    let part: String = part.trim().chars().take(60).collect();
    if part.is_empty() {
        return Ok(Vec::new());
    }
    let escaped = part
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    db.all(
        sql!(
            "select u.id, u.name, coalesce(p.name, '') as above, \
               (select count(*) from unit b where b.parent_id = u.id) as below \
             from unit_ancestor a join unit u on u.id = a.unit_id \
             left join unit p on p.id = u.parent_id \
             where a.ancestor_id = $1 and u.name like $2 escape '!' \
             order by a.depth, u.position, u.name limit 20"
        ),
        values![top, format!("%{escaped}%")],
    )
    .await
}

/// The units right below `unit`, which must be `top` or below it; at most five hundred.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn units_below(db: &Db, top: &UnitId, unit: &UnitId) -> Result<Vec<UnitFound>> {
    db.all(
        sql!(
            "select u.id, u.name, p.name as above, \
               (select count(*) from unit b where b.parent_id = u.id) as below \
             from unit p join unit u on u.parent_id = p.id \
             where p.id = $2 and exists (select 1 from unit_ancestor a \
               where a.ancestor_id = $1 and a.unit_id = p.id) \
             order by u.position, u.name limit 500"
        ),
        values![top, unit],
    )
    .await
}
