//! The live match of a team challenge (团体挑战赛), as a state machine.
//!
//! The rule guarded here: nothing happens but by an event. [`decide`] says which event a command
//! leads to, or why it is refused, and changes nothing; [`Match::apply`] takes an event, never
//! fails and asks nothing but the state and the event. So the same log gives the same match on
//! the server, in the host's console, on a phone and on the big screen, and a match is replayed
//! by applying its log again.
//!
//! Whoever is not the server gets its log through [`redact`], which leaves out what the audience
//! may not know yet, and comes to the same [`View`] as the server has for that audience. The
//! counts of who is here and who has answered do not travel as events (with a thousand players
//! that would be a million messages a question) but as a [`Tally`] now and then.
//!
//! The server's part: [`decide`], [`Match::numbered`], store it, [`Match::apply`], then [`redact`]
//! for each audience and send; [`Command::Tick`] at [`Match::due`] until nothing happens any more.
//! A command leads to one event at most, so that no crash can leave half of its effect behind.
//!
//! Who pressed first is [`super::buzzer`]'s to say: the server judges each press there before it
//! asks, and a match takes the order from there too.
//!
//! Start reading at [`Setup`] for what a match is made of, then [`Command`] and [`Event`].
//!
//! ## Undo
//!
//! What a host's step changes is the [`Board`]; a copy of it is kept before each step, and undo
//! brings the last copy back. Devices, readiness and facts about a page are not on the board: a
//! phone that came back in the meantime stays in. A copy that was running comes back stopped, with
//! the time that was left then. A scoreboard that was shown is final: the copies before it are
//! dropped. An undo that would compute the way back instead of remembering it was not chosen: each
//! kind of step would need its inverse, and each inverse its tests. Two kinds have one all the
//! same, for players go on answering, pressing and staking after them, and what was acknowledged
//! stays: a clock that was moved is moved back, and a question that was voided counts again.

mod asked;
mod board;
mod bracket;
mod buzzer;
mod clock;
mod command;
mod decide;
mod event;
mod history;
pub mod message;
mod options;
mod points;
mod redact;
mod refusal;
pub mod seal;
mod setup;
mod state;
mod view;

pub use board::{Board, Phase};
pub use bracket::{GoingOn, Pairing, going_on, groups, knockout, next_round};
pub use buzzer::Place;
pub use clock::Clock;
pub use command::{Actor, Command, Play, Steer};
pub use decide::decide;
pub use event::{Event, Given, Numbered, Verdict};
pub use options::options_of;
pub use points::Points;
pub use redact::{Audience, redact};
pub use refusal::Refusal;
pub use setup::{
    Defect, Kind, QuestionNumber, Round, Rules, Secret, Secrets, Setup, Team, TieRule,
};
pub use state::{Match, QUICK};
pub use view::{BuzzerView, Console, Own, SeatFacts, Tally, TeamView, View};
