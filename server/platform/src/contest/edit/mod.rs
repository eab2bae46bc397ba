//! Making contests: what an editor writes, tries and publishes.
//!
//! The rules guarded here: a contest is a draft, which nobody but its editors sees, until it is
//! published, and what it promises never changes after that; nothing is written that has a
//! [`Wrong`]; whoever is no editor of the contest's unit is refused. Start at [`save`].

mod bank;
mod check;
mod copy;
mod draft;
mod listed;
mod stage;
mod trial;
mod unit;
mod window;

pub use bank::{Topic, bank, shortage, topics};
pub use check::{
    LONGEST_SUMMARY, LONGEST_TITLE, MOST_BANDS, MOST_SECTIONS, MOST_UNITS, Wrong, defects,
};
pub use copy::copy;
pub use draft::{Draft, create, delete, save, unready, withdraw};
pub use listed::{Checked, LONGEST_LIST, Reason, Refused, check_list, put_list};
pub use stage::{Final, Moved, final_of, make_final, moved, renew};
pub use trial::{Trial, grade, trial};
pub use unit::{UnitFound, find_units, units_below, without_posts};
pub use window::{at_local, local};

use super::{Contest, ContestRow};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::id::{ContestId, UnitId};
use domain::org::Role;
use domain::seed::seed_of;

/// A contest as its editors see it.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The contest.
    pub contest: Contest,
    /// Whether it is not published.
    pub is_draft: bool,
    /// The contest whose qualified enter this one, if it is a final.
    pub open_round: Option<ContestId>,
    /// People on its list.
    pub listed: i64,
    /// Whether someone has begun: an attempt was started or a team registered.
    pub has_begun: bool,
    /// Its rules as they are stored.
    stored: String,
}

impl Edited {
    /// A word that is another one as soon as anything of the contest was changed.
    #[must_use]
    pub fn stamp(&self) -> String {
        let Contest {
            title,
            summary,
            opens_at,
            closes_at,
            ..
        } = &self.contest;
        let times = format!("{} {} {}", opens_at.0, closes_at.0, self.is_draft);
        format!("{:016x}", seed_of(&[title, summary, &times, &self.stored]))
    }
}

#[derive(sqlx::FromRow)]
struct EditedRow {
    #[sqlx(flatten)]
    contest: ContestRow,
    is_draft: bool,
    open_round_id: Option<String>,
    invited: i64,
    begun: i64,
}

impl TryFrom<EditedRow> for Edited {
    type Error = Error;

    fn try_from(row: EditedRow) -> Result<Self> {
        let open_round = row.open_round_id.map(|id| id.parse()).transpose();
        Ok(Self {
            stored: row.contest.rules.clone(),
            contest: row.contest.try_into()?,
            is_draft: row.is_draft,
            open_round: open_round.map_err(|e| Error::Fault(anyhow::Error::new(e)))?,
            listed: row.invited,
            has_begun: row.begun > 0,
        })
    }
}

/// The units in which the viewer is an editor; everything below them is meant too.
pub fn editor_units(viewer: &Viewer) -> impl Iterator<Item = &UnitId> {
    let grants = viewer.grants.iter();
    grants
        .filter(|g| g.role == Role::Editor)
        .map(|grant| &grant.unit)
}

/// Whether the viewer may edit the contests of a unit: is an editor of it or of one above.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn may_edit(db: &Db, viewer: &Viewer, unit: &UnitId) -> Result<bool> {
    for own in editor_units(viewer) {
        if unit::inside(db, own, std::slice::from_ref(unit)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn must_be_editor(viewer: &Viewer) -> Result<()> {
    let first = editor_units(viewer).next();
    first.map(drop).ok_or(Error::Forbidden)
}

/// The contests of the units in which the viewer is an editor, the latest window first.
///
/// # Errors
/// [`Error::Forbidden`] for who is no editor anywhere.
pub async fn edited(db: &Db, viewer: &Viewer) -> Result<Vec<Edited>> {
    rows(db, viewer, None).await
}

/// A contest, for an editor of its unit or of one above.
///
/// # Errors
/// [`Error::Forbidden`] for who is no editor anywhere; [`Error::NotFound`] when there is none, or
/// it is another editor's.
pub async fn one_edited(db: &Db, viewer: &Viewer, id: ContestId) -> Result<Edited> {
    let found = rows(db, viewer, Some(id)).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// What the viewer may edit: the contest `one`, or all.
async fn rows(db: &Db, viewer: &Viewer, one: Option<ContestId>) -> Result<Vec<Edited>> {
    must_be_editor(viewer)?;
    let rows: Vec<EditedRow> = db
        .all(
            sql!(
                "select c.*, (select count(*) from contest_listed l where l.contest_id = c.id) as invited, \
                   cast(case when exists (select 1 from contest_attempt t where t.contest_id = c.id) \
                     or exists (select 1 from contest_team m where m.contest_id = c.id) \
                     then 1 else 0 end as bigint) as begun \
                 from contest c where (cast($2 as text) is null or c.id = $2) \
                   and exists (select 1 from role_grant g \
                     join unit_ancestor a on a.ancestor_id = g.unit_id \
                     where g.learner_id = $1 and g.role = 'editor' and a.unit_id = c.unit_id) \
                 order by c.opens_at desc, c.id desc limit 200"
            ),
            values![viewer.learner, one.map(|id| id.to_string())],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A draft, for its editor.
///
/// # Errors
/// [`Error::Invalid`] with `contest-published` for what is none; as [`one_edited`].
pub async fn one_draft(db: &Db, viewer: &Viewer, id: ContestId) -> Result<Edited> {
    let edited = one_edited(db, viewer, id).await?;
    if edited.is_draft {
        Ok(edited)
    } else {
        Err(Error::Invalid("contest-published"))
    }
}
