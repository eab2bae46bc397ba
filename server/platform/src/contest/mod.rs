//! Contests: entering, answering, ranks, and the bonus credits at the end.
//!
//! The rule guarded here: what is saved counts, nothing else does; an answer is acknowledged
//! after its commit; bonus credits are unique by person, rule and contest. Start at
//! [`attempt::start`] and [`answer::save`]; [`close`] is what happens at the end.

mod answer;
mod attempt;
mod board;
mod close;
mod groups;
mod ladder;
pub mod r#match;
mod places;
mod put;
pub mod receipt;
mod snapshot;
mod standing;

pub use answer::{Given, Saved, save, submit};
pub use attempt::{AskedQuestion, AttemptView, Started, attempt, attempts, start};
pub use board::{Board, BoardRow, Scope, board, my_rank, neighbours};
pub use close::{post_due, unposted};
pub use ladder::Boards;
pub use put::{NewContest, put_contest};
pub use snapshot::{Of, PUBLIC_SIZE, PublicRow, Reached, Snapshot, Taken, masked};
pub(crate) use standing::standings_off;

use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
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
    /// Who may enter: learners of this unit and below.
    pub unit: UnitId,
    /// When it opens.
    pub opens_at: Millis,
    /// When it closes.
    pub closes_at: Millis,
    /// What it promises.
    pub rules: Rules,
    /// When its bonus credits were posted.
    pub posted_at: Option<Millis>,
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
        })
    }
}

/// The contests that the viewer may enter, the one that closes soonest first, closed ones last.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn contests(db: &Db, viewer: &Viewer, now: Millis) -> Result<Vec<Contest>> {
    let rows: Vec<ContestRow> = db
        .all(
            sql!(
                "select c.id, c.kind, c.title, c.summary, c.unit_id, c.opens_at, c.closes_at, c.rules, \
                   c.posted_at \
                 from contest c where not c.is_draft and exists (select 1 from membership m \
                   join unit_ancestor a on a.unit_id = m.unit_id \
                   where m.learner_id = $1 and m.from_at <= $2 \
                     and (m.until_at is null or m.until_at > $2) and a.ancestor_id = c.unit_id) \
                 order by case when c.closes_at > $2 then 0 else 1 end, \
                   case when c.closes_at > $2 then c.closes_at else -c.closes_at end limit 200"
            ),
            values![viewer.learner, now],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A contest, for whoever may enter it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is not for the viewer's unit.
pub async fn contest(db: &Db, viewer: &Viewer, id: ContestId, now: Millis) -> Result<Contest> {
    let row: ContestRow = db
        .one(
            sql!(
                "select c.id, c.kind, c.title, c.summary, c.unit_id, c.opens_at, c.closes_at, c.rules, \
                   c.posted_at \
                 from contest c where c.id = $3 and not c.is_draft and exists (select 1 from membership m \
                   join unit_ancestor a on a.unit_id = m.unit_id \
                   where m.learner_id = $1 and m.from_at <= $2 \
                     and (m.until_at is null or m.until_at > $2) and a.ancestor_id = c.unit_id)"
            ),
            values![viewer.learner, now, id],
        )
        .await?;
    row.try_into()
}
