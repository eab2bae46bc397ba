//! The matches that this process plays.

use super::room::Room;
use crate::Result;
use crate::db::Db;
use domain::id::MatchId;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Mutex, OnceCell};

/// The matches that this process plays, each opened when it is first asked for.
#[derive(Clone)]
pub struct Hall {
    db: Db,
    rooms: Arc<Mutex<HashMap<MatchId, Arc<OnceCell<Room>>>>>,
}

impl Hall {
    /// A hall without matches.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            db,
            rooms: Arc::default(),
        }
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
            self.rooms.lock().await.remove(&id); // an address that leads nowhere is not kept
        }
        opened.cloned()
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
