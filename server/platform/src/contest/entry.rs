//! The door of a contest: which contests a learner sees, and which of them they may enter.
//!
//! The rule guarded here: a contest is seen by the learners of its unit and of the units below,
//! and by nobody else; who sees it and may not enter is told which condition it was. Start at
//! [`contest`].

use super::{Contest, ContestRow};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::contest::entry::{Person, PostLevel};
use domain::id::{ContestId, UnitId};
use domain::org::UnitKind;
use domain::time::Millis;

/// Who stands at the door, as the register has them at an instant.
struct Caller {
    unit: Option<UnitId>,
    kind: Option<UnitKind>,
    post: Option<PostLevel>,
    path: Vec<UnitId>,
}

/// A contest as a learner finds it who is about to begin.
pub(super) struct Door {
    pub contest: Contest,
    /// The learner's unit.
    pub unit: Option<UnitId>,
    /// What seeds of papers are made with; never for a page.
    pub secret: u64,
    /// Which freezing of the bank.
    pub frozen_as: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Stay {
    unit_id: Option<String>,
    from_at: Option<i64>,
    kind: Option<String>,
    post: Option<String>,
    ancestor_id: Option<String>,
}

async fn caller(db: &Db, viewer: &Viewer, now: Millis) -> Result<Caller> {
    let mut stays: Vec<Stay> = db
        .all(
            sql!(
                "select m.unit_id, m.from_at, u.kind, l.post, a.ancestor_id from learner l \
                 left join membership m on m.learner_id = l.id and m.from_at <= $2 \
                   and (m.until_at is null or m.until_at > $2) \
                 left join unit u on u.id = m.unit_id \
                 left join unit_ancestor a on a.unit_id = m.unit_id where l.id = $1"
            ),
            values![viewer.learner, now],
        )
        .await?;
    // Of two stays that overlap the later one counts, as in `domain::org::unit_at`.
    let latest = stays.iter().map(|stay| stay.from_at).max().flatten();
    stays.retain(|stay| stay.from_at == latest);
    let first = stays.first();
    let word = |of: fn(&Stay) -> &Option<String>| first.and_then(|stay| of(stay).as_deref());
    Ok(Caller {
        unit: word(|s| &s.unit_id).map(UnitId::from),
        kind: word(|s| &s.kind).and_then(UnitKind::parse),
        post: word(|s| &s.post).and_then(PostLevel::parse),
        path: stays
            .iter()
            .filter_map(|stay| stay.ancestor_id.as_deref())
            .map(UnitId::from)
            .collect(),
    })
}

impl Caller {
    fn before(&self, row: ContestRow) -> Result<Contest> {
        let person = Person {
            path: &self.path,
            kind: self.kind,
            post: self.post,
            listed: row.listed.is_some(),
        };
        let mut contest = Contest::try_from(row)?;
        contest.barred = contest.rules.entry.admits(&person).err();
        Ok(contest)
    }
}

/// The contests that the viewer sees, the one that closes soonest first, closed ones last; each
/// says whether they may enter.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn contests(db: &Db, viewer: &Viewer, now: Millis) -> Result<Vec<Contest>> {
    let caller = caller(db, viewer, now).await?;
    let rows: Vec<ContestRow> = db
        .all(
            sql!(
                "select c.id, c.kind, c.title, c.summary, c.unit_id, c.opens_at, c.closes_at, \
                   c.rules, c.posted_at, i.learner_id as listed from contest c \
                 left join contest_listed i on i.contest_id = c.id and i.learner_id = $1 \
                 where not c.is_draft and exists (select 1 from membership m \
                   join unit_ancestor a on a.unit_id = m.unit_id \
                   where m.learner_id = $1 and m.from_at <= $2 \
                     and (m.until_at is null or m.until_at > $2) and a.ancestor_id = c.unit_id) \
                 order by case when c.closes_at > $2 then 0 else 1 end, \
                   case when c.closes_at > $2 then c.closes_at else -c.closes_at end limit 200"
            ),
            values![viewer.learner, now],
        )
        .await?;
    rows.into_iter().map(|row| caller.before(row)).collect()
}

/// A contest, for whoever sees it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is not for the viewer's
/// unit.
pub async fn contest(db: &Db, viewer: &Viewer, id: ContestId, now: Millis) -> Result<Contest> {
    Ok(door(db, viewer, id, now).await?.contest)
}

pub(super) async fn door(db: &Db, viewer: &Viewer, id: ContestId, now: Millis) -> Result<Door> {
    let row: ContestRow = db
        .one(
            sql!(
                "select c.id, c.kind, c.title, c.summary, c.unit_id, c.opens_at, c.closes_at, \
                   c.rules, c.posted_at, c.secret, c.frozen_as, i.learner_id as listed \
                 from contest c \
                 left join contest_listed i on i.contest_id = c.id and i.learner_id = $1 \
                 where c.id = $3 and not c.is_draft and exists (select 1 from membership m \
                   join unit_ancestor a on a.unit_id = m.unit_id \
                   where m.learner_id = $1 and m.from_at <= $2 \
                     and (m.until_at is null or m.until_at > $2) and a.ancestor_id = c.unit_id)"
            ),
            values![viewer.learner, now, id],
        )
        .await?;
    let caller = caller(db, viewer, now).await?;
    let (secret, frozen_as) = (row.secret.cast_unsigned(), row.frozen_as);
    Ok(Door {
        contest: caller.before(row)?,
        unit: caller.unit,
        secret,
        frozen_as,
    })
}

impl Contest {
    /// Whether the viewer may enter it.
    ///
    /// # Errors
    /// [`Error::Barred`] with the condition that fails.
    pub fn admits(&self) -> Result<()> {
        self.barred
            .map_or(Ok(()), |barred| Err(Error::Barred(barred)))
    }
}
