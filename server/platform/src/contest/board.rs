//! Rankings as a learner sees them: in the contest, in the unit and in the city, and who is near.
//!
//! The rule guarded here: ranks are those of the public board, frozen when that is frozen, except
//! for who may edit the contest; a learner's own points are always the newest.

use super::edit::may_edit;
use super::ladder::{Boards, Live};
use super::places::Part;
use super::snapshot::PUBLIC_SIZE;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Result, org};
use domain::contest::freeze::{Audience, Shown};
use domain::contest::{Score, Standing};
use domain::id::{ContestId, UnitId};
use domain::org::UnitKind;
use domain::time::Millis;

/// Rows that a board shows.
pub const BOARD_SIZE: usize = 50;
/// Rows before and after a learner's own.
const NEAR: usize = 5;

/// Whom a board compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everyone in the contest.
    Contest,
    /// The viewer's unit.
    Unit,
    /// The viewer's prefecture.
    Prefecture,
}

/// A row of a board.
#[derive(Debug, Clone)]
pub struct BoardRow {
    /// Name of the learner.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// Whether this is the viewer.
    pub mine: bool,
}

/// A board.
#[derive(Debug, Clone)]
pub struct Board {
    /// What the board compares: the unit's or prefecture's name; `None` for the contest.
    pub place: Option<String>,
    /// Best first, each with the rank.
    pub rows: Vec<(i64, Standing<BoardRow>)>,
    /// How many stand in it.
    pub total: i64,
    /// The viewer's rank and score, if they stand in it.
    pub mine: Option<(i64, Score)>,
    /// Which board this is.
    pub shown: Shown<Millis>,
}

impl Boards {
    /// Which board of a contest `audience` is shown.
    ///
    /// # Errors
    /// As [`Self::contest`].
    pub async fn shown(
        &self,
        id: ContestId,
        audience: Audience,
        now: Millis,
    ) -> Result<Shown<Millis>> {
        Ok(self.live(id, now).await?.shown(audience, now))
    }

    /// Who someone is before the board of a contest: staff if they may edit it.
    ///
    /// # Errors
    /// As [`Self::contest`].
    pub async fn audience(&self, viewer: &Viewer, id: ContestId, now: Millis) -> Result<Audience> {
        let contest = self.contest(id, now).await?;
        let edits = may_edit(&self.db, viewer, &contest.unit).await?;
        Ok(if edits {
            Audience::Staff
        } else {
            Audience::Public
        })
    }
}

/// The board of a contest in a scope, with the viewer's rank. Empty where the viewer has no such
/// unit.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is no such contest; [`crate::Error::Fault`] when the
/// database fails.
pub async fn board(
    boards: &Boards,
    viewer: &Viewer,
    contest: ContestId,
    scope: Scope,
    now: Millis,
) -> Result<Board> {
    let audience = boards.audience(viewer, contest, now).await?;
    let live = boards.live(contest, now).await?;
    let shown = live.shown(audience, now);
    let empty = |place| Board {
        place,
        rows: vec![],
        total: 0,
        mine: None,
        shown,
    };
    let (part, place) = match scope {
        Scope::Contest => (Some(Part::All), None),
        Scope::Unit | Scope::Prefecture => match place_of(&boards.db, viewer, scope, now).await? {
            None => return Ok(empty(None)),
            Some((id, name)) => {
                let number = live.units().known(&id.0);
                let part = number.map(|number| match scope {
                    Scope::Unit => Part::Unit(number),
                    _ => Part::Prefecture(number),
                });
                (part, Some(name))
            }
        },
    };
    let Some(part) = part else {
        return Ok(empty(place));
    };
    live.read_own(&boards.db, viewer.learner).await?;
    let (top, total, mine) = {
        let places = live.places();
        let ladders = places.seen_by(audience);
        let own = places.number(viewer.learner);
        let mine = own.and_then(|who| ladders.rank(part, who));
        (ladders.top(part, BOARD_SIZE), ladders.total(part), mine)
    };
    Ok(Board {
        place,
        rows: rows(boards, &live, viewer, top).await?,
        total,
        mine,
        shown,
    })
}

/// The learners just before and just after the viewer, and the viewer; empty for who does not
/// stand on the board they see. Names of those who are not among the first are masked.
///
/// # Errors
/// As [`board`].
pub async fn neighbours(
    boards: &Boards,
    viewer: &Viewer,
    contest: ContestId,
    now: Millis,
) -> Result<Vec<(i64, Standing<BoardRow>)>> {
    let audience = boards.audience(viewer, contest, now).await?;
    let live = boards.live(contest, now).await?;
    let near = || {
        let places = live.places();
        let own = places.number(viewer.learner);
        let ladders = places.seen_by(audience);
        let near = own.map_or_else(Vec::new, |who| ladders.around(Part::All, who, NEAR));
        let who = near
            .iter()
            .filter_map(|(_, who, _)| Some(places.who(*who)?.0));
        (who.collect::<Vec<_>>(), near)
    };
    // Most still have the neighbours whom they had.
    live.read_own_and_names(&boards.db, viewer.learner, &near().0)
        .await?;
    let (_, near) = near();
    let mut rows = rows(boards, &live, viewer, near).await?;
    let first = i64::try_from(PUBLIC_SIZE).unwrap_or(i64::MAX);
    for (rank, Standing { who, .. }) in &mut rows {
        if *rank > first && !who.mine {
            who.name = super::masked(&who.name);
        }
    }
    Ok(rows)
}

/// The viewer's rank on the board they see, if they stand on it, and their score as it is now.
///
/// # Errors
/// As [`board`].
pub async fn my_rank(
    boards: &Boards,
    viewer: &Viewer,
    contest: ContestId,
    now: Millis,
) -> Result<Option<(Option<i64>, Score)>> {
    let audience = boards.audience(viewer, contest, now).await?;
    let live = boards.live(contest, now).await?;
    live.read_own(&boards.db, viewer.learner).await?;
    let places = live.places();
    Ok(places.number(viewer.learner).and_then(|who| {
        let rank = places.seen_by(audience).rank(Part::All, who);
        Some((rank.map(|(rank, _)| rank), places.score(who)?))
    }))
}

async fn rows(
    boards: &Boards,
    live: &Live,
    viewer: &Viewer,
    found: Vec<(i64, u32, Score)>,
) -> Result<Vec<(i64, Standing<BoardRow>)>> {
    let found: Vec<_> = {
        let places = live.places();
        let known = |(rank, who, score)| Some((rank, places.who(who)?, score));
        found.into_iter().filter_map(known).collect()
    };
    let learners: Vec<_> = found.iter().map(|(_, (learner, _), _)| *learner).collect();
    let names = live.names(&boards.db, &learners).await?;
    let mut rows = Vec::with_capacity(found.len());
    for ((rank, (learner, unit), score), name) in found.into_iter().zip(names) {
        let who = BoardRow {
            name: name.to_string(),
            unit: live.unit_name(&boards.db, unit).await?.to_string(),
            mine: learner == viewer.learner,
        };
        rows.push((rank, Standing { who, score }));
    }
    Ok(rows)
}

async fn place_of(
    db: &Db,
    viewer: &Viewer,
    scope: Scope,
    now: Millis,
) -> Result<Option<(UnitId, String)>> {
    let Some(unit) = org::unit_of(db, viewer.learner, now).await? else {
        return Ok(None);
    };
    let path = org::path(db, &unit).await?;
    let found = match scope {
        Scope::Unit => path.into_iter().next_back(),
        _ => path
            .into_iter()
            .find(|(_, kind, _)| *kind == UnitKind::Prefecture),
    };
    Ok(found.map(|(id, _, name)| (id, name)))
}
