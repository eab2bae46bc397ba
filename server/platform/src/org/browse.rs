//! What an administrator or a liaison sees: the units below and the learners in them.

use super::path;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::id::UnitId;
use domain::org::UnitKind;
use domain::time::Millis;

/// Learners on a page.
pub const PAGE_SIZE: i64 = 50;

/// Whether the viewer may see the learners of `unit`: a role in it or in a unit above.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn visible(db: &Db, viewer: &Viewer, unit: &UnitId) -> Result<bool> {
    for granted in viewer.sees() {
        let below: Option<(i64,)> = db
            .optional(
                sql!("select depth from unit_ancestor where ancestor_id = $1 and unit_id = $2"),
                values![granted, unit],
            )
            .await?;
        if below.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A unit with what is in it and below it now.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UnitRow {
    /// The unit's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Learners in it and below, now.
    pub learners: i64,
    /// Their credits of the year, added up.
    pub credits: i64,
}

/// A unit as its administrator sees it.
#[derive(Debug, Clone)]
pub struct Branch {
    /// The way down to the unit, from the highest one that the viewer may see; the unit last.
    pub path: Vec<(UnitId, UnitKind, String)>,
    /// The units right below.
    pub units: Vec<UnitRow>,
}

/// The unit with the units right below it, with learners and credits of `now`'s year.
///
/// # Errors
/// [`Error::Forbidden`] for a unit that the viewer may not see, whether it exists or not.
pub async fn branch(db: &Db, viewer: &Viewer, unit: &UnitId, now: Millis) -> Result<Branch> {
    if !visible(db, viewer, unit).await? {
        return Err(Error::Forbidden);
    }
    let granted: Vec<&UnitId> = viewer.sees().collect();
    let whole = path(db, unit).await?;
    let from = whole
        .iter()
        .position(|(id, _, _)| granted.contains(&id))
        .unwrap_or(0);
    let units = db
        .all(
            sql!(
                "select u.id, u.name, \
                   cast(count(distinct m.learner_id) as bigint) as learners, \
                   cast(coalesce(sum(s.amount), 0) as bigint) as credits \
                 from unit u \
                 left join unit_ancestor a on a.ancestor_id = u.id \
                 left join membership m on m.unit_id = a.unit_id and m.from_at <= $2 \
                      and (m.until_at is null or m.until_at > $2) \
                 left join credit_sum s on s.learner_id = m.learner_id and s.period = $3 \
                 where u.parent_id = $1 \
                 group by u.id, u.name, u.position order by u.position, u.name"
            ),
            values![unit, now, now.year().to_string()],
        )
        .await?;
    Ok(Branch {
        path: whole[from.min(whole.len())..].to_vec(),
        units,
    })
}

/// A learner as an administrator sees one.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LearnerRow {
    /// The name.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// Credits of the year.
    pub credits: i64,
}

/// A page of learners.
#[derive(Debug, Clone)]
pub struct LearnerPage {
    /// The rows.
    pub rows: Vec<LearnerRow>,
    /// How many learners there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
}

/// The learners of a unit and of the units below, as they are now, most credits first.
///
/// # Errors
/// [`Error::Forbidden`] for a unit that the viewer may not see, whether it exists or not.
pub async fn learners(
    db: &Db,
    viewer: &Viewer,
    unit: &UnitId,
    page: i64,
    now: Millis,
) -> Result<LearnerPage> {
    if !visible(db, viewer, unit).await? {
        return Err(Error::Forbidden);
    }
    let page = page.clamp(1, 1_000_000);
    let (total,): (i64,) = db
        .one(
            sql!(
                "select count(distinct m.learner_id) from membership m \
                 join unit_ancestor a on a.unit_id = m.unit_id \
                 where a.ancestor_id = $1 and m.from_at <= $2 \
                   and (m.until_at is null or m.until_at > $2)"
            ),
            values![unit, now],
        )
        .await?;
    let rows = db
        .all(
            sql!(
                "select l.name as name, u.name as unit, \
                   cast(coalesce((select sum(s.amount) from credit_sum s \
                     where s.learner_id = l.id and s.period = $3), 0) as bigint) as credits \
                 from membership m \
                 join unit_ancestor a on a.unit_id = m.unit_id and a.ancestor_id = $1 \
                 join learner l on l.id = m.learner_id \
                 join unit u on u.id = m.unit_id \
                 where m.from_at <= $2 and (m.until_at is null or m.until_at > $2) \
                 order by credits desc, name, l.id limit $4 offset $5"
            ),
            values![
                unit,
                now,
                now.year().to_string(),
                PAGE_SIZE,
                (page - 1) * PAGE_SIZE
            ],
        )
        .await?;
    Ok(LearnerPage { rows, total, page })
}
