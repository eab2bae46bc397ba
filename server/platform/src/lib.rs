//! Services and storage of 指尖学法, one module a capability.
//!
//! A service asks a rule of `domain`, does what the rule says, and is the only one to write the
//! tables of its capability. Everything takes `now` as a parameter; [`clock`] is the one place
//! that makes time and [`id`] the one that makes ids. To add a capability: a module here with its
//! statements beside their use (each written with [`sql!`], so that the test which prepares every
//! statement on both databases finds it), its tables in `migrations/`, its rules in `domain`, its
//! tests in `tests/` with [`mod@db`] on both databases.
#![warn(missing_docs)]

pub mod check;
pub mod clock;
pub mod contest;
pub mod credits;
pub mod db;
mod error;
pub mod event;
pub mod home;
pub mod id;
pub mod identity;
pub mod law;
pub mod org;
pub mod practice;
pub mod question;
pub mod starter;
pub mod study;

pub use db::Db;
pub use error::{Error, Result};
