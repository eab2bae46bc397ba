//! Study: lessons, videos, and the clock that counts what was really read or watched.

pub mod api;
mod clock;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod page;
mod player;
#[cfg(feature = "hydrate")]
mod queue;

pub use clock::{StudyClock, StudyClockWords};
pub use player::{Player, PlayerWords};
