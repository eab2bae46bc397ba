//! Contests: the list, the rules of one, an attempt against the clock, the boards; live matches.

#[cfg(not(feature = "live"))]
pub mod api;
#[cfg(not(feature = "live"))]
mod attempt;
#[cfg(feature = "ssr")]
pub mod board;
#[cfg(feature = "ssr")]
pub mod certificate;
#[cfg(feature = "ssr")]
pub mod challenge;
#[cfg(feature = "ssr")]
pub mod edit;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
mod link;
#[cfg(any(feature = "ssr", feature = "live"))]
pub mod r#match;
#[cfg(feature = "ssr")]
mod pace;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod promise;
#[cfg(feature = "ssr")]
pub mod quick;
#[cfg(feature = "ssr")]
pub mod ranking;
#[cfg(feature = "ssr")]
pub mod review;
#[cfg(feature = "hydrate")]
mod saving;
#[cfg(feature = "ssr")]
mod sheet;
#[cfg(feature = "ssr")]
pub mod sitting;
#[cfg(feature = "ssr")]
pub mod team;

#[cfg(not(feature = "live"))]
pub use attempt::{Attempt, AttemptWords, Place};
