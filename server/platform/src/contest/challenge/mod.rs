//! The day of a group challenge (团体挑战赛), for those who run it: a programme, a draw, matches,
//! who goes on, places.
//!
//! The rules guarded here: nothing is drawn that was not seen as a dry run; no question comes again
//! that a match of this contest was made with, but in the matches of a round for which the bank has
//! not enough, which is said before it is drawn; a tie on the line is settled by people, with a
//! reason on record; the result is declared once, and nothing is built on a result that was taken
//! back meanwhile.
//! Start at [`day`]; then [`preview`] and [`make`], [`decide`] and [`declare`].

mod bracket;
mod compose;
mod draw;
mod places;
mod programme;
mod questions;
mod seed;
mod settle;

pub use bracket::{Bracket, Game, RoundSoFar, Seeding, Slot, Tie, bracket};
pub use compose::{Day, Host, Next, add_host, day, drop_host, hosts, led, runs, shown};
pub use draw::{Making, Preview, Wish, make, preview};
pub use places::{Placed, declare, placed, post_declared};
pub(in crate::contest) use programme::hand_on;
pub use programme::{composed, programme, save_programme};
pub use seed::{Earlier, Order, earlier};
pub use settle::{decide, decider, remake, unmake};
