//! What of the log each audience gets.
//!
//! The rule guarded here: no answer reaches anyone but who gave it, no key anyone before it is
//! revealed, and what one of a thousand players does goes to that player and the host only. Each
//! event that undo can take back goes to everyone, so that every replica has the same steps.

use super::{Event, Numbered};
use crate::id::LearnerId;
use serde::{Deserialize, Serialize};

/// Who a log is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// The hosts.
    Host,
    /// One person on a roster.
    Player(LearnerId),
    /// The big screen and all spectators.
    Public,
}

/// The event as the audience may know it; `None` when it may not know of it at all.
#[must_use]
pub fn redact(numbered: &Numbered, audience: &Audience) -> Option<Numbered> {
    let own = |seat: &LearnerId| *audience == Audience::Player(*seat);
    let host = *audience == Audience::Host;
    let mut redacted = numbered.clone();
    let may_know = match &mut redacted.event {
        Event::Answered { seat, given } | Event::AnsweredLate { seat, given, .. } => {
            if !own(seat) {
                given.answer = None;
            }
            own(seat) || host
        }
        Event::Turned { seat, given, .. } => {
            if let Some(given) = given.as_mut().filter(|_| !own(seat)) {
                given.answer = None;
            }
            true
        }
        Event::Joined { seat, .. }
        | Event::Readied { seat }
        | Event::Staked { seat, .. }
        | Event::Pressed { seat, .. }
        | Event::PutBack { seat } => own(seat) || host,
        Event::Hid { .. } | Event::HandedOver { .. } => host,
        Event::Started
        | Event::StakesOpened { .. }
        | Event::Opened { .. }
        | Event::BuzzerJudged { .. }
        | Event::Locked { .. }
        | Event::Revealed { .. }
        | Event::ScoreboardShown
        | Event::Finished
        | Event::Paused
        | Event::Resumed
        | Event::ClockMoved { .. }
        | Event::Voided { .. }
        | Event::Undone
        | Event::Redone
        | Event::Substituted { .. } => true,
    };
    may_know.then_some(redacted)
}
