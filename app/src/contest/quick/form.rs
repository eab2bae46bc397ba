//! What the forms of quick matches post to. Each may be sent twice: a learner is in one place, so
//! the second time leads to where the first one did.

use super::{address, room_address};
use crate::page::{Failure, done, redirect, refused};
use crate::state::AppState;
use crate::visit::Visit;
use axum::extract::{Path, State};
use axum::response::Response;
use platform::contest::quick::{self, Place};
use platform::{Error, clock};

/// To an address, or to another one with the reason why not.
fn to(outcome: platform::Result<String>, otherwise: &str) -> Result<Response, Failure> {
    match outcome {
        Ok(there) => Ok(redirect(&there, None)),
        Err(error @ (Error::Invalid(_) | Error::Wait(_))) => {
            Ok(redirect(otherwise, refused(&error)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Into the queue.
pub async fn queue(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let me = visit.signed_in()?.learner;
    let place = quick::queue(&state.db, me, clock::now()).await;
    to(place.map(|place| address(&place)), "/contests/quick")
}

/// Out of the queue or the room.
pub async fn leave(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let me = visit.signed_in()?.learner;
    quick::leave(&state.db, me).await?;
    if let Some(at @ Place::Match(_)) = quick::place(&state.db, me).await? {
        return Ok(redirect(&address(&at), None)); // it was made in the meantime
    }
    Ok(redirect("/contests/quick", done("flash.quick-left", 0)))
}

/// A new room.
pub async fn open(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let me = visit.signed_in()?.learner;
    let place = quick::open(&state.db, me, clock::now()).await;
    to(place.map(|place| address(&place)), "/contests/quick")
}

/// Into a room.
pub async fn enter(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let me = visit.signed_in()?.learner;
    let entered = quick::enter(&state.db, me, &code, clock::now()).await;
    to(entered.map(|()| room_address(&code)), "/contests/quick")
}

/// Starts the match of a room.
pub async fn start(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let me = visit.signed_in()?.learner;
    let started = quick::start(&state.db, me, &code, clock::now()).await;
    to(
        started.map(|id| address(&Place::Match(id))),
        &room_address(&code),
    )
}
