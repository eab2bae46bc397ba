//! Contests: entering, answering, ranks, and the bonus credits at the end.
//!
//! The rule guarded here: what is saved counts, nothing else does; an answer is acknowledged
//! after its commit; bonus credits are unique by person, rule and contest. Start at
//! [`attempt::start`] and [`answer::save`]; [`close`] is what happens at the end.

mod answer;
mod attempt;
pub mod bank;
mod board;
pub mod certificate;
pub mod challenge;
mod close;
pub mod edit;
mod entry;
mod groups;
mod ladder;
pub mod r#match;
mod names;
mod places;
mod put;
pub mod quick;
pub mod receipt;
pub mod review;
pub(crate) mod scoring;
mod snapshot;
pub(crate) mod standing;
pub mod team;

pub use answer::{Given, Saved, save, submit};
pub use attempt::{
    AskedQuestion, AttemptView, Started, attempt, attempts, practise, practised, start,
};
pub use board::{Board, BoardRow, Scope, board, my_rank, neighbours};
pub use close::{post_due, unposted};
pub use entry::{contest, contests};
pub use ladder::Boards;
pub use names::{NAMED, Names, names};
pub use put::{NewContest, put_contest};
pub use snapshot::{Of, PUBLIC_SIZE, PublicRow, Reached, Snapshot, Taken, masked};

use crate::{Error, Result};
use domain::contest::entry::Barred;
use domain::contest::{ContestKind, Phase, Rules, phase};
use domain::id::{ContestId, UnitId};
use domain::time::Millis;

/// A contest.
#[derive(Debug, Clone)]
pub struct Contest {
    /// Its id.
    pub id: ContestId,
    /// What it is.
    pub kind: ContestKind,
    /// Title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Who sees it: learners of this unit and below.
    pub unit: UnitId,
    /// When it opens.
    pub opens_at: Millis,
    /// When it closes.
    pub closes_at: Millis,
    /// What it promises.
    pub rules: Rules,
    /// When its bonus credits were posted.
    pub posted_at: Option<Millis>,
    /// Why the viewer may not enter, if so.
    pub barred: Option<Barred>,
}

impl Contest {
    /// Where it stands.
    #[must_use]
    pub fn phase(&self, now: Millis) -> Phase {
        phase(self.opens_at, self.closes_at, now)
    }
}

#[derive(sqlx::FromRow)]
struct ContestRow {
    id: String,
    kind: String,
    title: String,
    summary: String,
    unit_id: String,
    opens_at: i64,
    closes_at: i64,
    rules: String,
    posted_at: Option<i64>,
    #[sqlx(default)]
    secret: i64,
    #[sqlx(default)]
    frozen_as: Option<i64>,
}

impl TryFrom<ContestRow> for Contest {
    type Error = Error;

    fn try_from(row: ContestRow) -> Result<Self> {
        Ok(Self {
            id: row
                .id
                .parse()
                .map_err(|e| Error::Fault(anyhow::Error::new(e)))?,
            kind: ContestKind::parse(&row.kind)
                .ok_or_else(|| anyhow::anyhow!("kind of contest {}", row.kind))?,
            title: row.title,
            summary: row.summary,
            unit: UnitId(row.unit_id),
            opens_at: Millis(row.opens_at),
            closes_at: Millis(row.closes_at),
            rules: serde_json::from_str(&row.rules)?,
            posted_at: row.posted_at.map(Millis),
            barred: None,
        })
    }
}
