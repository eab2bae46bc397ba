//! The live match (团体挑战赛): a player's page, the host's console, the big screen, spectators.
//!
//! Each page is a picture of a [`Replica`]: the same functions make it on the server, for the first
//! sight and for browsers without wasm, and in the browser, each time the server tells something.
//! In the browser they are a module of their own (feature `live`), so that a learner who never
//! plays does not carry it; [`start`] is where it goes on from the server's picture.

pub mod away;
#[cfg(feature = "live")]
mod connection;
#[cfg(feature = "live")]
mod device;
pub mod host;
pub mod host_dialog;
pub mod host_log;
pub mod host_seats;
pub mod host_steps;
pub mod live;
pub mod options;
#[cfg(feature = "ssr")]
pub mod page;
pub mod parts;
pub mod player;
pub mod press;
pub mod question;
pub mod replica;
pub mod scene;
pub mod screen;
pub mod start;
#[cfg(feature = "live")]
mod transport;
pub mod watch;
#[cfg(feature = "live")]
mod wishes;

pub use replica::Replica;
pub use scene::{Scene, Sentences};
