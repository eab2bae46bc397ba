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
use domain::id::{ContestId, LearnerId, UnitId};
use domain::org::UnitKind;
use domain::time::Millis;

/// A contest as a learner finds it who is about to begin.
pub(super) struct Door {
    pub contest: Contest,
    /// The learner's unit.
    pub unit: UnitId,
    /// What seeds of papers are made with; never for a page.
    pub secret: u64,
    /// Which freezing of the bank.
    pub frozen_as: Option<i64>,
}

/// A contest, and beside it the learner who sees it, as the register has them at an instant.
#[derive(sqlx::FromRow)]
struct SeenRow {
    #[sqlx(flatten)]
    contest: ContestRow,
    /// The learner, where they are on the contest's list.
    listed: Option<String>,
    home_id: String,
    home_kind: String,
    post: Option<String>,
    /// The unit and those above, a line each.
    path: Option<String>,
}

impl TryFrom<SeenRow> for Contest {
    type Error = Error;

    fn try_from(row: SeenRow) -> Result<Self> {
        let path = row.path.as_deref().unwrap_or_default().lines();
        let path: Vec<UnitId> = path.map(UnitId::from).collect();
        let person = Person {
            path: &path,
            kind: UnitKind::parse(&row.home_kind),
            post: row.post.as_deref().and_then(PostLevel::parse),
            listed: row.listed.is_some(),
        };
        let mut contest = Self::try_from(row.contest)?;
        contest.barred = contest.rules.entry.admits(&person).err();
        Ok(contest)
    }
}

/// Contests that learner `$1` sees at `$2`, one statement for all that entering asks: everybody does it
/// in the same second. Of two stays that overlap the later one counts, as in `domain::org::unit_at`.
macro_rules! seen {
    ($rest:literal) => {
        concat!(
            "select c.id, c.kind, c.title, c.summary, c.unit_id, c.opens_at, c.closes_at, c.rules, \
               c.posted_at, c.secret, c.frozen_as, i.learner_id as listed, m.unit_id as home_id, \
               u.kind as home_kind, l.post, (select string_agg(a.ancestor_id, '\n') \
                 from unit_ancestor a where a.unit_id = m.unit_id) as path \
             from contest c join learner l on l.id = $1 \
             join membership m on m.id = (select id from membership where learner_id = $1 \
               and from_at <= $2 and (until_at is null or until_at > $2) \
               order by from_at desc, id desc limit 1) \
             join unit u on u.id = m.unit_id \
             left join contest_listed i on i.contest_id = c.id and i.learner_id = $1 \
             where not c.is_draft and exists (select 1 from unit_ancestor a \
               where a.unit_id = m.unit_id and a.ancestor_id = c.unit_id) ",
            $rest
        )
    };
}

/// The contests that the viewer sees, the one that closes soonest first, closed ones last; each
/// says whether they may enter.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn contests(db: &Db, viewer: &Viewer, now: Millis) -> Result<Vec<Contest>> {
    let all = sql!(seen!(
        "order by case when c.closes_at > $2 then 0 else 1 end, \
           case when c.closes_at > $2 then c.closes_at else -c.closes_at end limit 200"
    ));
    let rows: Vec<SeenRow> = db.all(all, values![viewer.learner, now]).await?;
    rows.into_iter().map(Contest::try_from).collect()
}

/// A contest, for whoever sees it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is not for the viewer's
/// unit.
pub async fn contest(db: &Db, viewer: &Viewer, id: ContestId, now: Millis) -> Result<Contest> {
    Ok(door(db, viewer.learner, id, now).await?.contest)
}

pub(super) async fn door(db: &Db, learner: LearnerId, id: ContestId, now: Millis) -> Result<Door> {
    let one = sql!(seen!("and c.id = $3"));
    let row: SeenRow = db.one(one, values![learner, now, id]).await?;
    Ok(Door {
        unit: row.home_id.as_str().into(),
        secret: row.contest.secret.cast_unsigned(),
        frozen_as: row.contest.frozen_as,
        contest: row.try_into()?,
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
