//! The clock in a host's place: leads one match to its end.
//!
//! It knows nothing but the log. A process that takes a match up reads it from its beginning and
//! goes on; of two that lead the same match, the second to step is refused as any host would be
//! who has not seen the last step.

use super::settle::settle;
use crate::contest::r#match::{Entered, Hall, Room, Wish, log, setup};
use crate::db::Db;
use crate::{Result, clock};
use domain::contest::r#match::{Audience, Match, Steer};
use domain::contest::quick::{CLOCKWORK, Next, next};
use domain::id::MatchId;
use domain::time::Millis;
use std::time::Duration;
use tokio::time::sleep;

/// How long to wait before looking again after a refusal, or at a log that was out of reach.
const AGAIN: Duration = Duration::from_millis(250);

/// Leads a match that was made at `made` until it is over, then settles it.
pub(super) async fn lead(db: Db, hall: Hall, id: MatchId, made: Millis) {
    loop {
        match play(&db, &hall, id, made).await {
            Ok(()) => return,
            Err(error) => {
                tracing::error!(cause = format!("{error:#}"), "a quick match stands still");
                sleep(4 * AGAIN).await;
            }
        }
    }
}

async fn play(db: &Db, hall: &Hall, id: MatchId, made: Millis) -> Result<()> {
    let room = hall.room(id).await?;
    let mut game = Match::new(setup(db, id).await?);
    let mut since = made;
    loop {
        // A door of its own tells it of news; what the news are is in the log.
        let Entered { mut live, .. } = room.enter(Audience::Host, u64::MAX);
        loop {
            for numbered in log(db, id, game.number()).await? {
                let before = (game.phase(), game.question());
                game.apply(&numbered);
                if before != (game.phase(), game.question()) {
                    since = numbered.at;
                }
            }
            let (due, step) = match next(&game, made, since) {
                Next::Step(due, step) => (Some(due), Some(step)),
                Next::GiveUp(due) => (Some(due), None),
                Next::Wait => (None, None),
                Next::Over => {
                    settle(db, id, clock::now()).await?;
                    return Ok(());
                }
            };
            tokio::select! {
                // The door first: what was answered in the meantime is taken in before a step.
                biased;
                told = live.recv() => if told.is_none() { break },
                () = until(due) => match step {
                    Some(step) => ask(&room, &game, step).await?,
                    None => {
                        if settle(db, id, clock::now()).await? {
                            hall.forget(id).await;
                        }
                        return Ok(());
                    }
                },
            }
        }
        sleep(AGAIN).await; // it read too slowly, or the hall is closing
    }
}

async fn ask(room: &Room, game: &Match, steer: Steer) -> Result<()> {
    let wish = Wish::Steer {
        host: CLOCKWORK,
        expects: game.number(),
        steer,
    };
    if let Err(refusal) = room.ask(wish).await? {
        tracing::debug!(%refusal, "another has stepped");
        sleep(AGAIN).await;
    }
    Ok(())
}

/// Sleeps until an instant; for ever without one.
async fn until(due: Option<Millis>) {
    match due {
        Some(due) => {
            let left = due.since(clock::steady()).max(0);
            sleep(Duration::from_millis(left.unsigned_abs())).await;
        }
        None => std::future::pending().await,
    }
}
