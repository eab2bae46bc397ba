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
///
/// To a player who is not the one of [`Event::seat`] it is what it is to the public: one text for
/// all of them.
#[must_use]
pub fn redact(numbered: &Numbered, audience: &Audience) -> Option<Numbered> {
    let host = *audience == Audience::Host;
    let seat = numbered.event.seat();
    let own = seat.is_some_and(|seat| *audience == Audience::Player(seat));
    let may_know = match &numbered.event {
        Event::Joined { .. }
        | Event::Readied { .. }
        | Event::Staked { .. }
        | Event::Answered { .. }
        | Event::AnsweredLate { .. }
        | Event::Pressed { .. }
        | Event::PutBack { .. } => own || host,
        Event::Hid { .. } | Event::HandedOver { .. } => host,
        Event::Started
        | Event::StakesOpened { .. }
        | Event::Opened { .. }
        | Event::BuzzerJudged { .. }
        | Event::Turned { .. }
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
    if !may_know {
        return None;
    }
    let mut redacted = numbered.clone();
    match &mut redacted.event {
        Event::Answered { given, .. }
        | Event::AnsweredLate { given, .. }
        | Event::Turned {
            given: Some(given), ..
        } if !own => given.answer = None,
        _ => {}
    }
    Some(redacted)
}
