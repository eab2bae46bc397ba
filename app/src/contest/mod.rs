//! Contests: the list, the rules of one, an attempt against the clock, the boards.

pub mod api;
mod attempt;
#[cfg(feature = "ssr")]
pub mod board;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "hydrate")]
mod saving;
#[cfg(feature = "ssr")]
pub mod sitting;

pub use attempt::{Attempt, AttemptWords, Place};
