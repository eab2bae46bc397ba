//! The matches that this process plays.

use super::room::Room;
use super::store::{CHANNEL, HEARD, heard};
use crate::Result;
use crate::db::Db;
use domain::id::MatchId;
use sqlx::PgPool;
use sqlx::postgres::{PgListener, PgPoolOptions};
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell};

type Rooms = Mutex<HashMap<MatchId, Arc<OnceCell<Room>>>>;

/// How long to wait before listening again to a database that is gone.
const AGAIN: Duration = Duration::from_secs(1);

/// The matches that this process plays, each opened when it is first asked for.
#[derive(Clone)]
pub struct Hall {
    db: Db,
    rooms: Arc<Rooms>,
}

impl Hall {
    /// A hall without matches. On PostgreSQL it listens for what other processes play.
    #[must_use]
    pub fn new(db: Db) -> Self {
        let rooms: Arc<Rooms> = Arc::default();
        if let Db::Postgres(pool) = &db {
            tokio::spawn(listen(pool.clone(), Arc::downgrade(&rooms)));
        }
        Self { db, rooms }
    }

    /// The room of a match, opened now if it is not.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when there is no such match.
    pub async fn room(&self, id: MatchId) -> Result<Room> {
        let cell = self.rooms.lock().await.entry(id).or_default().clone();
        let opened = cell
            .get_or_try_init(|| Room::open(self.db.clone(), id))
            .await;
        if opened.is_err() {
            // An address that leads nowhere is not kept.
            let mut rooms = self.rooms.lock().await;
            if rooms.get(&id).is_some_and(|cell| !cell.initialized()) {
                rooms.remove(&id);
            }
        }
        opened.cloned()
    }

    /// Lets go of the rooms of matches that are over and that nobody looks on at.
    pub async fn sweep(&self) {
        let mut rooms = self.rooms.lock().await;
        rooms.retain(|_, cell| cell.get().is_none_or(|room| !room.is_deserted()));
    }

    /// Lets go of the room of a match that was given up before it began.
    pub(in crate::contest) async fn forget(&self, id: MatchId) {
        self.rooms.lock().await.remove(&id);
    }

    /// Sends everyone who looks on away; they come back to whichever process goes on.
    pub async fn close(&self) {
        for cell in self.rooms.lock().await.values() {
            if let Some(room) = cell.get() {
                room.close();
            }
        }
    }
}

/// Wakes the rooms of which another process tells news, for as long as there is a hall.
async fn listen(pool: PgPool, rooms: Weak<Rooms>) {
    // A connection of its own, which no closing of the pool has to wait for.
    let options = (*pool.connect_options()).clone();
    drop(pool);
    let own = PgPoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(options);
    while rooms.strong_count() > 0 {
        if let Err(error) = hear(&own, &rooms).await {
            tracing::warn!(cause = format!("{error:#}"), "not listening for matches");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn hear(own: &PgPool, rooms: &Weak<Rooms>) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(own).await?;
    listener.listen_all([CHANNEL, HEARD]).await?;
    // What was told while nobody listened is lost: after each beginning all rooms look.
    let mut which: Option<MatchId> = None;
    loop {
        let Some(open) = rooms.upgrade() else {
            return Ok(());
        };
        for (id, cell) in open.lock().await.iter() {
            if let Some(room) = cell.get().filter(|_| which.is_none_or(|news| news == *id)) {
                room.wake();
            }
        }
        drop(open);
        which = loop {
            let Some(news) = listener.try_recv().await? else {
                break None;
            };
            if news.channel() == CHANNEL {
                break news.payload().parse().ok();
            }
            hear_phones(rooms, news.payload()).await;
        };
    }
}

/// Another process, or this one, tells which phones of a match it hears.
async fn hear_phones(rooms: &Weak<Rooms>, payload: &str) {
    let (Some(rooms), Some((id, bits))) = (rooms.upgrade(), heard(payload)) else {
        return;
    };
    if let Some(room) = rooms.lock().await.get(&id).and_then(|cell| cell.get()) {
        room.hear_elsewhere(&bits);
    }
}
