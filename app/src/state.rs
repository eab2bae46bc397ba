//! What pages and server functions are given: the database, the hashing pool, the names of the
//! site's files.

use crate::contest::ranking::Wall;
use crate::law::Shelf;
use platform::Db;
use platform::contest::Boards;
use platform::contest::r#match::Hall;
use platform::identity::Hasher;
use serde::Deserialize;
use std::sync::Arc;

/// Names of the files that pages refer to, with their hashes: `pkg/assets.json`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Assets {
    /// The module that wakes the islands.
    pub js: String,
    /// Its wasm.
    pub wasm: String,
    /// The module that wakes the islands of a live match.
    pub live_js: String,
    /// Its wasm.
    pub live_wasm: String,
    /// The style.
    pub css: String,
    /// `navigate.js`.
    pub navigate: String,
}

/// What every handler may use.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// The pool that hashes passwords.
    pub hasher: Hasher,
    /// The live matches.
    pub hall: Hall,
    /// The rankings of contests that somebody looks at.
    pub boards: Boards,
    /// Their public boards, ready to send.
    pub wall: Wall,
    /// Names of files.
    pub assets: Arc<Assets>,
    /// Pages of laws that are ready.
    pub shelf: Shelf,
    /// Whether the site is behind TLS, so that cookies are `Secure`.
    pub secure: bool,
}
