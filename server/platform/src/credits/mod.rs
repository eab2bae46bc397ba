//! Credits: the ledger and the sums that are kept beside it as entries happen.
//!
//! The rule guarded here: entries are added and never changed, an event earns once, and the sums
//! are what the entries add up to ([`crate::check`] proves it). Start at [`post`].

use crate::db::{Db, Tx};
use crate::{Result, id, sql, values};
use domain::credits::{Policy, Source};
use domain::id::LearnerId;
use domain::time::Millis;

/// An entry that something has earned.
#[derive(Debug, Clone)]
pub struct Earned {
    /// Whose.
    pub learner: LearnerId,
    /// Where from.
    pub source: Source,
    /// How many credits, before the caps.
    pub amount: i64,
    /// Which sentence of the interface gives the reason: `study-minutes`, `lesson`,
    /// `practice`, `contest-part`, `contest-rank`, `contest-part-corrected`,
    /// `contest-rank-corrected`, `manual`.
    pub reason: &'static str,
    /// What stands in the sentence.
    pub detail: String,
    /// What earned it; the same again earns nothing.
    pub event: String,
}

/// The policy in force.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn policy(db: &Db) -> Result<Policy> {
    let row: Option<(String,)> = db.optional(newest_policy(), values![]).await?;
    parse_policy(row)
}

/// The policy in force, as a transaction sees it.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn policy_in(tx: &mut Tx) -> Result<Policy> {
    parse_policy(tx.optional(newest_policy(), values![]).await?)
}

fn newest_policy() -> crate::db::Statement {
    sql!("select policy from credit_policy order by version desc limit 1")
}

fn parse_policy(row: Option<(String,)>) -> Result<Policy> {
    row.map_or_else(
        || Ok(Policy::default()),
        |(text,)| Ok(serde_json::from_str(&text)?),
    )
}

/// Adds an entry, as far as the caps allow, and the sums with it; returns the credits granted:
/// 0 when the event had earned before or a cap is reached. A correction takes credits away by a
/// negative amount, which no cap touches.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn post(tx: &mut Tx, earned: Earned, now: Millis) -> Result<i64> {
    let policy = policy_in(tx).await?;
    let (year, day) = (now.year().to_string(), now.day().to_string());
    // Taking hold of the sums first makes a second entry of the same person wait for this one.
    let this_year = hold_sum(tx, earned.learner, &year, earned.source).await?;
    let today = hold_sum(tx, earned.learner, &day, earned.source).await?;
    let amount = policy.grant(earned.source, earned.amount, today, this_year);
    if amount == 0 {
        return Ok(0);
    }
    let new = tx
        .run(
            sql!(
                "insert into credit_entry (id, learner_id, year, day, source, amount, reason, \
                   detail, event_id, created_at) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                 on conflict (learner_id, event_id) do nothing"
            ),
            values![
                id::fresh(now)?,
                earned.learner,
                now.year(),
                &day,
                earned.source.as_str(),
                amount,
                earned.reason,
                earned.detail,
                earned.event,
                now
            ],
        )
        .await?;
    if new == 0 {
        return Ok(0);
    }
    for period in [year, day] {
        tx.run(
            sql!(
                "update credit_sum set amount = amount + $4 \
                 where learner_id = $1 and period = $2 and source = $3"
            ),
            values![earned.learner, period, earned.source.as_str(), amount],
        )
        .await?;
    }
    let counter = if amount > 0 {
        "zhijian_credits_granted"
    } else {
        "zhijian_credits_taken_back"
    };
    metrics::counter!(counter, "source" => earned.source.as_str()).increment(amount.unsigned_abs());
    Ok(amount)
}

async fn hold_sum(tx: &mut Tx, learner: LearnerId, period: &str, source: Source) -> Result<i64> {
    let (amount,): (i64,) = tx
        .one(
            sql!(
                "insert into credit_sum (learner_id, period, source, amount) \
                 values ($1, $2, $3, 0) on conflict (learner_id, period, source) \
                 do update set amount = credit_sum.amount returning amount"
            ),
            values![learner, period, source.as_str()],
        )
        .await?;
    Ok(amount)
}

/// The year's credits by source.
#[derive(Debug, Clone, Default)]
pub struct Total {
    /// All of them.
    pub all: i64,
    /// The year's goal.
    pub goal: i64,
    /// Each source that has earned something.
    pub by_source: Vec<(Source, i64)>,
}

impl Total {
    /// Credits still missing to the goal; 0 when it is reached.
    #[must_use]
    pub fn missing(&self) -> i64 {
        (self.goal - self.all).max(0)
    }
}

/// The credits of a learner in the year of `now`.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn total(db: &Db, learner: LearnerId, now: Millis) -> Result<Total> {
    let rows: Vec<(String, i64)> = db
        .all(
            sql!("select source, amount from credit_sum where learner_id = $1 and period = $2"),
            values![learner, now.year().to_string()],
        )
        .await?;
    let amount = |source: Source| {
        rows.iter()
            .filter(|(s, _)| s == source.as_str())
            .map(|(_, n)| n)
            .sum::<i64>()
    };
    let by_source: Vec<_> = Source::ALL
        .into_iter()
        .map(|s| (s, amount(s)))
        .filter(|(_, n)| *n != 0)
        .collect();
    let all = by_source.iter().map(|(_, n)| n).sum();
    Ok(Total {
        all,
        goal: policy(db).await?.goal,
        by_source,
    })
}

/// An entry of the ledger.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    /// The day in Beijing.
    pub day: String,
    /// The word of [`Source::as_str`].
    pub source: String,
    /// Credits.
    pub amount: i64,
    /// Which sentence gives the reason.
    pub reason: String,
    /// What stands in it.
    pub detail: String,
    /// When.
    pub created_at: i64,
    /// Credits of its whole day, on whichever page the others are.
    pub of_day: i64,
    /// How many entries the year has, on all pages.
    pub of_year: i64,
}

/// Entries on a page of the ledger.
pub const PAGE_SIZE: i64 = 100;

/// The ledger of the year of `now`, newest first, [`PAGE_SIZE`] entries from page 1 on.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn ledger(db: &Db, learner: LearnerId, page: i64, now: Millis) -> Result<Vec<Entry>> {
    let offset = (page.clamp(1, 1_000_000) - 1) * PAGE_SIZE;
    db.all(
        sql!(
            "select day, source, amount, reason, detail, created_at, \
               cast(sum(amount) over (partition by day) as bigint) as of_day, \
               count(*) over () as of_year from credit_entry \
             where learner_id = $1 and year = $2 order by created_at desc, id desc \
             limit $3 offset $4"
        ),
        values![learner, now.year(), PAGE_SIZE, offset],
    )
    .await
}
