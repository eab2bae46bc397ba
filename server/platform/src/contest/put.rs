//! Opening a contest.

use super::bank::freeze;
use crate::db::Tx;
use crate::{Result, sql, values};
use domain::contest::{ContestKind, Rules};
use domain::id::{ContestId, UnitId};
use domain::time::Millis;

/// A contest that an editor opens.
#[derive(Debug, Clone)]
pub struct NewContest {
    /// Its id.
    pub id: ContestId,
    /// What it is.
    pub kind: ContestKind,
    /// Title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Who may enter.
    pub unit: UnitId,
    /// When it opens.
    pub opens_at: Millis,
    /// When it closes.
    pub closes_at: Millis,
    /// What it promises.
    pub rules: Rules,
}

/// Puts a new contest in, with a secret for its papers, and freezes its bank.
///
/// # Errors
/// [`crate::Error::Fault`] when the id is taken, the unit missing or the database fails.
pub async fn put_contest(tx: &mut Tx, contest: &NewContest) -> Result<()> {
    tx.run(
        sql!(
            "insert into contest (id, kind, title, summary, unit_id, opens_at, closes_at, rules, \
               posted_at) values ($1, $2, $3, $4, $5, $6, $7, $8, null)"
        ),
        values![
            contest.id,
            contest.kind.as_str(),
            &contest.title,
            &contest.summary,
            &contest.unit,
            contest.opens_at,
            contest.closes_at,
            serde_json::to_string(&contest.rules)?
        ],
    )
    .await?;
    freeze(tx, contest.id, &contest.rules.drawn_topics()).await
}
