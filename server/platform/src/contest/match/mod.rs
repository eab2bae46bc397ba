//! Live matches of a team challenge (团体挑战赛): kept, played, and told to everyone.
//!
//! The rule guarded here: nobody sees an effect of an event before it is stored. What may happen
//! is `domain::contest::match`'s matter; here a match is made ([`put_match`]), its log kept
//! (`store`), played by one task a match in each process ([`Room`]), and told to whoever looks
//! on (`shown`). Start at [`Room::ask`].
//!
//! Several processes may play the same match on PostgreSQL: each decision is made in a
//! transaction that holds the match's row, on the log as it stands then. A process that has no
//! lease to lose needs none to be taken over.

mod hall;
mod people;
mod room;
mod shown;
mod store;

pub use hall::Hall;
pub use people::{Part, names, parts};
pub use room::{Room, Wish};
pub use shown::{Entered, Text};
pub use store::{MatchHead, NewMatch, head, logs_off, put_match, setup};
pub(in crate::contest) use store::{Ready, log, put_ready, ready, ready_of};
