//! The names of what the rules of a contest speak of, for the page that says them in words.

use super::Contest;
use crate::db::Db;
use crate::{Result, sql, values};
use domain::id::{TopicId, UnitId};
use std::collections::HashMap;

/// Units that a page names one by one; of more it says how many there are.
pub const NAMED: usize = 5;

/// Names of units and topics.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The contest's unit.
    pub unit: String,
    /// The first [`NAMED`] units of `entry.within`, those that exist.
    pub within: Vec<String>,
    /// Every topic of the bank.
    pub topics: HashMap<TopicId, String>,
}

/// The names that the rules of a contest speak of.
///
/// # Errors
/// [`Error::Fault`](crate::Error::Fault) when the database does.
pub async fn names(db: &Db, contest: &Contest) -> Result<Names> {
    let mut within = Vec::new();
    for unit in contest.rules.entry.within.iter().take(NAMED) {
        within.extend(unit_name(db, unit).await?);
    }
    let topics: Vec<(String, String)> = db
        .all(sql!("select id, name from topic"), values![])
        .await?;
    Ok(Names {
        unit: unit_name(db, &contest.unit).await?.unwrap_or_default(),
        within,
        topics: topics
            .into_iter()
            .map(|(id, name)| (TopicId(id), name))
            .collect(),
    })
}

async fn unit_name(db: &Db, unit: &UnitId) -> Result<Option<String>> {
    let row: Option<(String,)> = db
        .optional(sql!("select name from unit where id = $1"), values![unit])
        .await?;
    Ok(row.map(|(name,)| name))
}
