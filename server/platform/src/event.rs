//! What clients ask for once: every change carries an id made by the client, and the same id
//! again gets the first answer again and changes nothing more.

use crate::db::{Db, Statement, Tx, Value};
use crate::{Error, Result, sql, values};
use domain::id::{EventId, LearnerId};
use domain::time::Millis;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Claims `event` for `learner`. `Some` is the answer that the event already got.
///
/// # Errors
/// [`Error::Forbidden`] when the id was used by another person or for another kind of change.
pub async fn once<T: DeserializeOwned>(
    tx: &mut Tx,
    event: EventId,
    learner: LearnerId,
    kind: &str,
    now: Millis,
) -> Result<Option<T>> {
    let new = tx
        .run(
            sql!(
                "insert into client_event (id, learner_id, kind, received_at) \
                 values ($1, $2, $3, $4) on conflict (id) do nothing"
            ),
            values![event, learner, kind, now],
        )
        .await?;
    if new == 1 {
        return Ok(None);
    }
    let row = tx
        .one(
            sql!("select learner_id, kind, outcome from client_event where id = $1"),
            values![event],
        )
        .await?;
    first_answer(event, learner, kind, row).map(Some)
}

/// What keeps an event with its answer, for the change that it asked for to run as its last
/// statement: one instead of the two of [`once`] and [`answered`]. Where it changes no row the id
/// was used before: then the change must be undone, and [`earlier`] has the first answer.
///
/// # Errors
/// [`Error::Fault`] for an answer that is no JSON.
pub fn record<T: Serialize>(
    event: EventId,
    learner: LearnerId,
    kind: &str,
    now: Millis,
    outcome: &T,
) -> Result<(Statement, Vec<Value>)> {
    Ok((
        sql!(
            "insert into client_event (id, learner_id, kind, received_at, outcome) \
             values ($1, $2, $3, $4, $5) on conflict (id) do nothing"
        ),
        values![event, learner, kind, now, serde_json::to_string(outcome)?],
    ))
}

/// The answer that `event` of `learner` already got, if there was such an event.
///
/// # Errors
/// [`Error::Forbidden`] when the id was used by another person or for another kind of change.
pub async fn earlier<T: DeserializeOwned>(
    db: &Db,
    event: EventId,
    learner: LearnerId,
    kind: &str,
) -> Result<Option<T>> {
    let found = db
        .optional(
            sql!("select learner_id, kind, outcome from client_event where id = $1"),
            values![event],
        )
        .await?;
    found
        .map(|row| first_answer(event, learner, kind, row))
        .transpose()
}

fn first_answer<T: DeserializeOwned>(
    event: EventId,
    learner: LearnerId,
    kind: &str,
    (owner, its_kind, outcome): (String, String, Option<String>),
) -> Result<T> {
    if owner != learner.to_string() || its_kind != kind {
        return Err(Error::Forbidden);
    }
    let outcome = outcome.ok_or_else(|| anyhow::anyhow!("event {event} has no outcome"))?;
    Ok(serde_json::from_str(&outcome)?)
}

/// Keeps the answer of an event that [`once`] claimed, and hands it on.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn answered<T: Serialize>(tx: &mut Tx, event: EventId, outcome: T) -> Result<T> {
    tx.run(
        sql!("update client_event set outcome = $2 where id = $1"),
        values![event, serde_json::to_string(&outcome)?],
    )
    .await?;
    Ok(outcome)
}
