//! What the parts of a live page share, and how they ask the server for something.

use super::replica::Replica;
use domain::contest::r#match::message::Move;
use domain::contest::r#match::{Audience, QuestionNumber, Refusal, Setup, Steer};
use domain::question::Answer;
use domain::time::Millis;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// It was never open yet.
    Opening,
    /// It is open and everything missed was told.
    Open,
    /// It was open and is not.
    Lost,
}

/// What became of a wish that was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// It was refused.
    Refused(Refusal),
    /// It could not be stored.
    Failed,
}

/// A wish that the server has not acknowledged. A copy of those that matter is kept on the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The page's number of the request.
    #[serde(skip)]
    pub id: u64,
    /// What is wished.
    pub play: Move,
    /// When it was sent on this connection, by the page's clock; 0 when it was not.
    #[serde(skip)]
    pub sent: i64,
}

/// What the parts of a live page share.
#[derive(Clone, Copy)]
pub struct Live {
    /// The match, as it was told.
    pub replica: RwSignal<Replica>,
    /// How the connection is.
    pub line: RwSignal<Line>,
    /// Whether the page has been told everything once: what the server made of it can go.
    pub awake: RwSignal<bool>,
    /// The server's time, a few times a second.
    pub now: RwSignal<i64>,
    /// What the server has not acknowledged.
    pub waiting: RwSignal<Vec<Waiting>>,
    /// What became of the last wish, if it was not done.
    pub notice: RwSignal<Option<Notice>>,
    /// Whether another device has the player's seat.
    pub taken: RwSignal<bool>,
    /// Whether a host's step is on its way.
    pub steering: RwSignal<bool>,
    /// What is chosen and not sent: the answer of who has the floor, a blank that is being typed.
    pub draft: RwSignal<Option<(QuestionNumber, Answer)>>,
    /// The stake that is chosen and not sent.
    pub stake: RwSignal<Option<u32>>,
}

impl Live {
    /// A page that has been told nothing, at `now` by the server's clock.
    #[must_use]
    pub fn new(setup: Setup, audience: Audience, now: Millis) -> Self {
        Self::of(Replica::new(setup, audience), now)
    }

    /// A page with a replica that knows something already.
    #[must_use]
    pub fn of(replica: Replica, now: Millis) -> Self {
        Self {
            replica: RwSignal::new(replica),
            line: RwSignal::new(Line::Opening),
            awake: RwSignal::new(false),
            now: RwSignal::new(now.0),
            waiting: RwSignal::new(Vec::new()),
            notice: RwSignal::new(None),
            taken: RwSignal::new(false),
            steering: RwSignal::new(false),
            draft: RwSignal::new(None),
            stake: RwSignal::new(None),
        }
    }

    /// The answer to a question that the server has not acknowledged, with its revision.
    #[must_use]
    pub fn on_its_way(&self, asked: QuestionNumber) -> Option<(u32, Answer)> {
        self.waiting.with(|waiting| {
            waiting.iter().rev().find_map(|w| match &w.play {
                Move::Answer {
                    question,
                    revision,
                    answer,
                } if *question == asked => Some((*revision, answer.clone())),
                _ => None,
            })
        })
    }

    /// Whether a press at a question waits for the server.
    #[must_use]
    pub fn is_pressing(&self, asked: QuestionNumber) -> bool {
        self.waiting.with(|waiting| {
            waiting
                .iter()
                .any(|w| matches!(&w.play, Move::Press { question, .. } if *question == asked))
        })
    }

    /// Answers a question, by options as the bank lists them, with a revision above all that are
    /// known.
    pub fn answer(&self, question: QuestionNumber, answer: Answer) {
        let known = self
            .replica
            .with_untracked(|replica| replica.view().own.and_then(|own| own.given))
            .map_or(0, |given| given.revision);
        let waiting = untrack(|| self.on_its_way(question)).map_or(0, |(revision, _)| revision);
        play(Move::Answer {
            question,
            revision: known.max(waiting) + 1,
            answer,
        });
    }
}

/// Asks for something as a player. Pages made on the server ask for nothing.
pub fn play(wish: Move) {
    #[cfg(feature = "live")]
    super::connection::play(wish);
    #[cfg(not(feature = "live"))]
    let _ = wish;
}

/// Takes the seat on this device.
pub fn take_seat() {
    #[cfg(feature = "live")]
    super::connection::take_seat();
}

/// Asks for a step as a host.
pub fn steer(step: Steer) {
    #[cfg(feature = "live")]
    super::connection::steer(step);
    #[cfg(not(feature = "live"))]
    let _ = step;
}
