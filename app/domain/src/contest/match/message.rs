//! What a page and the server say to each other about a match. A frame is a list of these.

use super::{Numbered, QuestionNumber, Refusal, Steer, Tally};
use crate::id::{DeviceId, LearnerId};
use crate::question::{Answer, QuestionKind};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What the server tells a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// First of all: the server's time, by which clocks run.
    Hello {
        /// Milliseconds UTC.
        now: Millis,
    },
    /// The session of this page is over, and with it what it is told: it asks to sign in.
    SignedOut,
    /// An event, as this page may know it.
    Event(Numbered),
    /// The counts of now.
    Tally(Tally),
    /// Who of those who took their seats is not heard of now; to hosts only.
    Gone {
        /// Everyone of whom it is so.
        seats: Vec<LearnerId>,
    },
    /// The words of a question, sealed; see [`super::seal`].
    Sealed {
        /// The question.
        question: QuestionNumber,
        /// Base64.
        text: String,
    },
    /// What opens them.
    Key {
        /// The question.
        question: QuestionNumber,
        /// Base64.
        key: String,
    },
    /// To be answered at once with [`Asked::Pong`].
    Ping {
        /// Which one.
        id: u32,
    },
    /// What was asked is durable, or had been before; the match stood at `number` then.
    Done {
        /// The asking page's own number of the request.
        id: u64,
        /// The last event of the match.
        number: u64,
    },
    /// What was asked is refused and changed nothing.
    Refused {
        /// The asking page's own number of the request.
        id: u64,
        /// Why.
        why: Refusal,
    },
    /// The server could not store it; it may be asked again.
    Failed {
        /// The asking page's own number of the request.
        id: u64,
    },
}

/// What a page asks of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// A player does something.
    Play {
        /// The page's own number of the request.
        id: u64,
        /// The page.
        device: DeviceId,
        /// What is asked.
        play: Move,
    },
    /// A host does something.
    Steer {
        /// The page's own number of the request.
        id: u64,
        /// The number of the event that the host saw last.
        expects: u64,
        /// What is asked.
        steer: Steer,
    },
    /// The answer to a ping, in microseconds of the phone's clock.
    Pong {
        /// Which one.
        id: u32,
        /// When it was received.
        received: i64,
        /// When this is sent.
        sent: i64,
    },
}

/// What a player may do, with what only the phone can say of it; see [`super::Play`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// Takes the own seat.
    Join,
    /// Says to be ready.
    Ready,
    /// Answers.
    Answer {
        /// The question meant.
        question: QuestionNumber,
        /// The page's own count of answers to this question.
        revision: u32,
        /// The answer, by the options' order in the bank.
        answer: Answer,
    },
    /// Presses the buzzer.
    Press {
        /// The question meant.
        question: QuestionNumber,
        /// When it was pressed, in microseconds of the phone's clock.
        pressed: i64,
    },
    /// Stakes points.
    Stake {
        /// The question meant.
        question: QuestionNumber,
        /// Whole points.
        points: u32,
    },
    /// Tells how long the page was hidden during a question.
    Hidden {
        /// The question meant.
        question: QuestionNumber,
        /// Milliseconds, all times of this question together.
        ms: u32,
    },
}

/// A question as everyone sees it once it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Its type.
    pub kind: QuestionKind,
    /// What is asked.
    pub stem: String,
    /// The options, in the bank's order.
    pub options: Vec<String>,
}
