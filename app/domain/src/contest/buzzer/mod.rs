//! The buzzer (抢答): who pressed first, over networks that are not equal.
//!
//! The rule guarded here: a press is ordered by when it was made, as far as the delay measured
//! for that phone makes believable and never beyond the bound that the contest states. Start at
//! [`Link`], which learns a phone's clock and delay from exchanges; [`judge`] says when a press
//! was made, [`order`] who was first, [`settled_at`] from when on nobody can still go before.
//! All times are microseconds; those of a server are of one monotonic clock, those of a phone of
//! its own, which may be off by anything. Whole numbers only: every machine judges alike.
//!
//! # What a cheat can do
//!
//! It may tell any time and hold back any message, but it cannot answer sooner than its network
//! lets it: a round trip by the server's clock is too long at most. A lie about the clock that is
//! the same in pings and press cancels out. Three things limit the others.
//!
//! - *The round trip.* To seem slower, it must hold back every ping, and half of that counts for
//!   the way up. A question that goes out and a press that comes back are a round trip too: who
//!   once presses soon is no longer believed to be slow.
//! - *The usual.* Beyond half the least round trip, a press is believed to be as late as nine of
//!   ten pings are, and that only as far as [`JITTER_FLOOR`] says.
//! - *The allowance.* A lost packet makes an honest press later still, but rarely: two such
//!   presses are believed, up to the bound, and one more for each six that came in time.
//!
//! What is not believed of a claim is kept beside it ([`Judged::disbelieved`]), so that it reads
//! as a tie rather than as a wrong order, and is shown as a fact ([`Judged::clamped`],
//! [`Judged::late`], [`Summary`]), not as a verdict. A cheat can thus make a tie of its own press,
//! and gains nothing by it: within a tie the earlier judged goes first (where a match draws lots
//! for ties instead, it gains its share in the lot). Two things nobody can see from here: a phone
//! that holds back everything, from the lobby on, and never presses soon, is a distant phone and
//! gains what the bound leaves; and of a way up that is always slower than the way down, half of
//! the difference stays as an error.
//!
//! # Why the default bound is 500 ms
//!
//! `zhijian-load buzzer`, presses 60 / 100 / 200 ms apart, where first to arrive is wrong in 33,
//! 26 and 16 of a hundred pairs ([`simulate`]; the gain is that of the best of its strategies in
//! the mean, and nearly the bound at most):
//!
//! | bound | told apart wrongly, % | tie, % | wrong with ties, % | cheat gains |
//! | ---: | ---: | ---: | ---: | ---: |
//! | 200 ms | 0.4 / 0.3 / 0.2 | 24 / 19 / 11 | 18 / 14 / 8.2 | 95 ms |
//! | 400 ms | 0.2 / 0.1 / 0.1 | 10 / 6.4 / 4.7 | 6.4 / 5.5 / 4.3 | 241 ms |
//! | 500 ms | 0.1 / 0.1 / 0.1 | 7.9 / 4.8 / 4.0 | 4.8 / 4.4 / 3.8 | 304 ms |
//! | 600 ms | 0.1 / 0.1 / 0.1 | 7.1 / 4.1 / 3.6 | 4.1 / 3.9 / 3.5 | 344 ms |
//! | 800 ms | 0.1 / 0.1 / 0.1 | 6.5 / 3.5 / 3.2 | 3.6 / 3.4 / 3.2 | 395 ms |
//!
//! Up to 500 ms each 100 ms of bound put one pair in sixty or more right that stood in the wrong
//! order; beyond, one in a hundred and forty or fewer, while a cheat gains 25 to 40 ms more and
//! the hall waits 100 ms longer for [`settled_at`]. What is left at 500 ms are lost packets for
//! the most part, which take more than a second: no bound worth waiting for would mend them.
//! (Believing everything up to the bound, with the median of the five fastest of forty pings as
//! the clock, is wrong in 6.5 % at 400 ms and 3.6 % at 800 ms of the pairs 60 ms apart, says of
//! none that it is a tie, and grants any lie the whole bound.)

mod judge;
mod link;
mod order;
mod ping;
pub mod simulate;

pub use judge::{Claim, Clamp, DEFAULT_BOUND_MS, Judged, Rules, judge};
pub use link::{Exchange, JITTER_FLOOR, Link, Summary};
pub(super) use order::margin;
pub use order::{Place, order, settled_at};
pub use ping::Pings;
