//! What may be asked of a match, and by whom.

use super::QuestionNumber;
use crate::contest::buzzer::Judged;
use crate::id::{DeviceId, LearnerId};
use crate::question::Answer;
use serde::{Deserialize, Serialize};

/// Who asks. The server knows this from the session, never from the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// Somebody who came to lead.
    Host(LearnerId),
    /// Somebody who came to play.
    Player(LearnerId),
    /// The server's timer.
    Clock,
}

/// What someone asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// A player does something, from a device.
    Play {
        /// The page that asks.
        device: DeviceId,
        /// What is asked.
        play: Play,
    },
    /// A host does something.
    Steer {
        /// The number of the event that the host saw last. When a step came after it the command
        /// is refused: a double click or two hosts never step twice.
        expects: u64,
        /// What is asked.
        steer: Steer,
    },
    /// The timer rings; see [`super::Match::due`]. Too early it changes nothing.
    Tick,
}

/// What a player may do. Each may be sent again at will: the second time changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Play {
    /// Takes the own seat; the newest device wins. A page that comes back and finds another
    /// device in the seat asks the person before it takes the seat again.
    Join,
    /// Says to be ready.
    Ready,
    /// Answers, or changes the answer by a higher revision.
    Answer {
        /// The question meant.
        question: QuestionNumber,
        /// The page's own count of answers to this question.
        revision: u32,
        /// The answer, by the options' order in the bank; a seat sees them in the order of
        /// [`super::options_of`].
        answer: Answer,
    },
    /// Presses the buzzer.
    Press {
        /// The question meant.
        question: QuestionNumber,
        /// What [`judge`](crate::contest::buzzer::judge()) made of the phone's evidence, never the
        /// phone's own word. The clock of its microseconds is the one of `now`.
        judged: Judged,
    },
    /// Stakes points on the question that comes. A stake stands.
    Stake {
        /// The question meant.
        question: QuestionNumber,
        /// Whole points.
        points: u32,
    },
    /// Tells how long the page was hidden during a question: a fact for the host, no verdict.
    Hidden {
        /// The question meant.
        question: QuestionNumber,
        /// Milliseconds, all times of this question together.
        ms: u32,
    },
}

/// What the host in charge may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Steer {
    /// Begins the ready check.
    Start,
    /// Goes on to the next question; before a wager this first takes the stakes.
    Open,
    /// Closes the question before its time.
    Lock,
    /// Shows what is right, and the points.
    Reveal,
    /// Shows the scoreboard: what came before is final.
    Scoreboard,
    /// Ends the match.
    Finish,
    /// Stops the clock; nobody can answer.
    Pause,
    /// Lets the clock run on.
    Resume,
    /// Gives or takes time.
    MoveClock {
        /// Milliseconds more, or fewer when negative; an hour at most.
        by_ms: i64,
    },
    /// Takes a question's points back, whenever it was; one that was not asked yet is left out.
    Void {
        /// The question.
        question: QuestionNumber,
    },
    /// Takes the last step back.
    Undo,
    /// Takes the last undo back.
    Redo,
    /// Frees a seat of its device, so that the person can come in again.
    PutBack {
        /// Whose seat.
        seat: LearnerId,
    },
    /// Lets a substitute play in a member's place; a captain's substitute is captain.
    Substitute {
        /// The member who goes to the bench.
        leaves: LearnerId,
        /// The team's substitute who comes in.
        enters: LearnerId,
    },
    /// Puts another host in charge. A host who is not in charge can take over in this way.
    HandOver {
        /// The host who leads from now on.
        to: LearnerId,
    },
}
