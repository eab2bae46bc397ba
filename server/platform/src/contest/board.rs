//! Rankings: in the contest, in the unit and in the city.

use crate::db::Db;
use crate::identity::Viewer;
use crate::{Result, org, sql, values};
use domain::contest::{Score, Standing, ranks};
use domain::id::{ContestId, UnitId};
use domain::org::UnitKind;
use domain::time::Millis;

/// Rows that a board shows.
pub const BOARD_SIZE: i64 = 50;

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
}

#[derive(sqlx::FromRow)]
struct Row {
    learner_id: String,
    name: String,
    unit: Option<String>,
    points: i64,
    time_ms: i64,
}

/// The board of a contest in a scope, with the viewer's rank. Empty where the viewer has no such
/// unit.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn board(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    scope: Scope,
    now: Millis,
) -> Result<Board> {
    let place = match scope {
        Scope::Contest => None,
        Scope::Unit | Scope::Prefecture => match place_of(db, viewer, scope, now).await? {
            None => {
                return Ok(Board {
                    place: None,
                    rows: vec![],
                    total: 0,
                    mine: None,
                });
            }
            some => some,
        },
    };
    let inside = place.as_ref().map(|(id, _)| id.0.clone());
    let (unit, prefecture) = match scope {
        Scope::Unit => (inside, None),
        Scope::Prefecture => (None, inside),
        Scope::Contest => (None, None),
    };
    let rows: Vec<Row> = db
        .all(
            sql!(
                "select s.learner_id, l.name, u.name as unit, s.points, s.time_ms \
                 from contest_standing s join learner l on l.id = s.learner_id \
                 left join unit u on u.id = s.unit_id \
                 where s.contest_id = $1 and (cast($2 as text) is null or s.unit_id = $2) \
                   and (cast($3 as text) is null or s.prefecture_id = $3) \
                 order by s.points desc, s.time_ms, s.learner_id limit $4"
            ),
            values![contest, unit.clone(), prefecture.clone(), BOARD_SIZE],
        )
        .await?;
    let (total,): (i64,) = db
        .one(
            sql!(
                "select count(*) from contest_standing s \
                 where s.contest_id = $1 and (cast($2 as text) is null or s.unit_id = $2) \
                   and (cast($3 as text) is null or s.prefecture_id = $3)"
            ),
            values![contest, unit.clone(), prefecture.clone()],
        )
        .await?;
    let me = viewer.learner.to_string();
    let standings = rows.into_iter().map(|row| Standing {
        who: BoardRow {
            mine: row.learner_id == me,
            name: row.name,
            unit: row.unit.unwrap_or_default(),
        },
        score: Score {
            right: 0,
            points: row.points,
            time: row.time_ms,
        },
    });
    Ok(Board {
        place: place.map(|(_, name)| name),
        rows: ranks(standings.collect()),
        total,
        mine: rank_in(db, viewer, contest, unit, prefecture).await?,
    })
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

/// The viewer's rank and score among everyone in the contest.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn my_rank(db: &Db, viewer: &Viewer, contest: ContestId) -> Result<Option<(i64, Score)>> {
    rank_in(db, viewer, contest, None, None).await
}

async fn rank_in(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    unit: Option<String>,
    prefecture: Option<String>,
) -> Result<Option<(i64, Score)>> {
    let row: Option<(i64, i64, i64)> = db
        .optional(
            sql!(
                "select m.points, m.time_ms, 1 + (select count(*) from contest_standing s \
                   where s.contest_id = m.contest_id \
                     and (cast($3 as text) is null or s.unit_id = $3) \
                     and (cast($4 as text) is null or s.prefecture_id = $4) \
                     and (s.points > m.points \
                       or (s.points = m.points and s.time_ms < m.time_ms))) \
                 from contest_standing m where m.contest_id = $1 and m.learner_id = $2 \
                   and (cast($3 as text) is null or m.unit_id = $3) \
                   and (cast($4 as text) is null or m.prefecture_id = $4)"
            ),
            values![contest, viewer.learner, unit, prefecture],
        )
        .await?;
    Ok(row.map(|(points, time, rank)| {
        (
            rank,
            Score {
                right: 0,
                points,
                time,
            },
        )
    }))
}
