//! Where a learner is: nowhere, waiting for opponents, in a room, or in a match.

use super::ask::ask;
use crate::db::{Db, Statement, Tx};
use crate::{Error, Result, sql, values};
use domain::id::{LearnerId, MatchId};
use domain::time::{Millis, SECOND};

/// How exactly it is kept when a page asked last, in milliseconds: a write less for most asks.
const EXACT: i64 = SECOND;

/// Where a learner is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the queue, since then.
    Waiting(Millis),
    /// In the room of this code.
    Room(String),
    /// In a match that is being played.
    Match(MatchId),
}

pub(super) type PlaceRow = (Option<String>, Option<String>, i64);

impl TryFrom<PlaceRow> for Place {
    type Error = Error;

    fn try_from((room, game, since): PlaceRow) -> Result<Self> {
        Ok(match (room, game) {
            (_, Some(game)) => Self::Match(
                game.parse()
                    .map_err(|e| Error::Fault(anyhow::Error::new(e)))?,
            ),
            (Some(room), None) => Self::Room(room),
            (None, None) => Self::Waiting(Millis(since)),
        })
    }
}

fn place_of() -> Statement {
    sql!("select room, match_id, since from quick_place where learner_id = $1")
}

/// Where a learner is; `None` for nowhere.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn place(db: &Db, learner: LearnerId) -> Result<Option<Place>> {
    let row: Option<PlaceRow> = db.optional(place_of(), values![learner]).await?;
    row.map(Place::try_from).transpose()
}

pub(super) async fn place_in(tx: &mut Tx, learner: LearnerId) -> Result<Option<Place>> {
    let row: Option<PlaceRow> = tx.optional(place_of(), values![learner]).await?;
    row.map(Place::try_from).transpose()
}

/// As [`place`], for a page that waits: who does not look any more is not paired.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn look(db: &Db, learner: LearnerId, now: Millis) -> Result<Option<Place>> {
    let found = place(db, learner).await?;
    if matches!(found, Some(Place::Waiting(_) | Place::Room(_))) {
        db.write(move |tx| {
            Box::pin(async move {
                tx.run(
                    sql!(
                        "update quick_place set seen_at = $2 \
                         where learner_id = $1 and match_id is null and seen_at <= $3"
                    ),
                    values![learner, now, now.plus(-EXACT)],
                )
                .await
            })
        })
        .await?;
    }
    Ok(found)
}

/// Puts a learner into the queue; who is somewhere already stays there. Says where they are.
///
/// # Errors
/// [`Error::Wait`] when they asked too often; [`Error::Invalid`] with `quick-bank` when the bank has
/// too few questions for a match.
pub async fn queue(db: &Db, learner: LearnerId, now: Millis) -> Result<Place> {
    if let Some(found) = look(db, learner, now).await? {
        return Ok(found);
    }
    ask(db, learner, now).await?;
    super::make::enough(db).await?;
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!(
                    "insert into quick_place (learner_id, since, seen_at) values ($1, $2, $2) \
                     on conflict (learner_id) do nothing"
                ),
                values![learner, now],
            )
            .await?;
            place_in(tx, learner).await?.ok_or(Error::NotFound)
        })
    })
    .await
}

/// Takes a learner out of the queue or of their room; a match is not left, only not played. A
/// room whose owner leaves goes to whoever has been in it longest.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn leave(db: &Db, learner: LearnerId) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let left = tx
                .run(
                    sql!("delete from quick_place where learner_id = $1 and match_id is null"),
                    values![learner],
                )
                .await?;
            if left > 0 {
                super::room::hand_on(tx).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Lets go of those whose page has been silent for too long, and of rooms that are empty.
pub(super) async fn clear(db: &Db, now: Millis) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let gone = tx
                .run(
                    sql!(
                        "delete from quick_place where match_id is null and \
                           (seen_at < $2 or (room is null and seen_at < $1))"
                    ),
                    values![now.plus(-super::GONE), now.plus(-super::GONE_FROM_ROOM)],
                )
                .await?;
            if gone > 0 {
                super::room::hand_on(tx).await?;
            }
            Ok(())
        })
    })
    .await
}
