//! What a match is made of: kept until the next round is drawn, shown to everyone, handed on to next
//! year's contest.

use super::compose::{day, ensure, led};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, id, sql, values};
use domain::contest::challenge::{MOST_ROUNDS, Programme};
use domain::id::ContestId;

/// What the next round of a contest is made of.
///
/// # Errors
/// As [`led`].
pub async fn programme(db: &Db, viewer: &Viewer, id: ContestId) -> Result<Programme> {
    Ok(day(db, viewer, id).await?.programme)
}

/// Keeps what the next round is made of, whether it can be played yet or not; rounds that were
/// made keep what they were made of.
///
/// # Errors
/// As [`led`]; [`Error::Invalid`] with `rounds-many` for too many.
pub async fn save_programme(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    programme: &Programme,
) -> Result<()> {
    led(db, viewer, id).await?;
    if programme.rounds.len() > MOST_ROUNDS {
        return Err(Error::Invalid("rounds-many"));
    }
    let text = serde_json::to_string(programme)?;
    ensure(db, id).await?;
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("update contest_day set programme = $2 where contest_id = $1"),
                values![id, text],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// What the next round of a contest is made of, once someone has composed it and it can be played.
/// Whoever may see the contest may see this.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn composed(db: &Db, id: ContestId) -> Result<Option<Programme>> {
    let kept: Option<(String,)> = db
        .optional(
            sql!("select programme from contest_day where contest_id = $1"),
            values![id],
        )
        .await?;
    let programme: Option<Programme> = kept
        .map(|(text,)| serde_json::from_str(&text))
        .transpose()?;
    Ok(programme.filter(|programme| programme.defect().is_none()))
}

/// Begins the day of a contest that was copied with the programme of the earlier one; a lot of its
/// own, and nobody who leads. A day that was begun stays as it is.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub(in crate::contest) async fn hand_on(db: &Db, of: ContestId, to: ContestId) -> Result<()> {
    let lot = i64::from(u32::from_le_bytes(id::random()?));
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!(
                    "insert into contest_day (contest_id, programme, hosts, lot) \
                     select cast($2 as text), programme, '[]', cast($3 as bigint) \
                     from contest_day where contest_id = $1 \
                     on conflict (contest_id) do nothing"
                ),
                values![of, to, lot],
            )
            .await?;
            Ok(())
        })
    })
    .await
}
