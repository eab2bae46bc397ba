//! Quick matches (快速对战): two to four learners, five questions, a minute.
//!
//! The rule guarded here: a learner is in one place at a time (one row of `quick_place`), so that
//! nobody is put into two matches however many processes pair those who wait; and a match's end
//! is settled once ([`settle`]). A quick match is a live match ([`super::match`]) whose host is
//! the clock: [`Desk`] pairs those who wait and leads what runs, from the log alone, so that it
//! goes on where a process that is gone stopped. Start at [`queue`], [`Desk::turn`].

mod ask;
mod check;
mod desk;
mod lead;
mod make;
mod place;
mod read;
mod room;
mod settle;
mod strength;

pub use check::quick_off;
pub use desk::Desk;
pub use make::start;
pub use place::{Place, leave, look, place, queue};
pub use read::{Opponent, PastMatch, Record, is_quick, past, record};
pub use room::{Guest, Seats, enter, open, room};
pub use settle::settle;

use domain::time::{MINUTE, SECOND};

/// After how long a silence of their page a learner who waits is not paired, in milliseconds.
const SILENT: i64 = 8 * SECOND;
/// After how long a silence a learner who waits is let go, in milliseconds.
const GONE: i64 = MINUTE;
/// The same in a room, whose link is being sent to others meanwhile.
const GONE_FROM_ROOM: i64 = 10 * MINUTE;
