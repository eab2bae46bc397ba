//! What happened in a match: the log that everything follows from.

use super::{Actor, Place, Points, QuestionNumber};
use crate::contest::buzzer::Judged;
use crate::id::{DeviceId, LearnerId};
use crate::question::{Answer, Key};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered {
    /// From 1, without a gap in the server's log; a redacted log has gaps.
    pub number: u64,
    /// When the server decided it: the `now` that [`super::decide`] was asked with.
    pub at: Millis,
    /// Who asked for it.
    pub by: Actor,
    /// What happened.
    pub event: Event,
}

/// An answer that counts unless a higher revision comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The page's own count of answers to the question.
    pub revision: u32,
    /// The answer; not there for whoever may only know that there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// How a turn at the buzzer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The answer was right: the question is won.
    Right,
    /// The answer was wrong.
    Wrong,
    /// No answer came in time.
    Silent,
}

/// What happened. Lists go by team, in the order of [`super::Setup::teams`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A person took their seat on a device.
    Joined {
        /// The person.
        seat: LearnerId,
        /// The device that has the seat from now on.
        device: DeviceId,
    },
    /// A person is ready.
    Readied {
        /// The person.
        seat: LearnerId,
    },
    /// A captain staked.
    Staked {
        /// The captain.
        seat: LearnerId,
        /// Whole points.
        points: u32,
    },
    /// An answer came in time.
    Answered {
        /// Who answered.
        seat: LearnerId,
        /// The answer.
        given: Given,
    },
    /// An answer came after the time or the lock: kept and marked, it never counts.
    AnsweredLate {
        /// Who answered.
        seat: LearnerId,
        /// The question meant.
        question: QuestionNumber,
        /// The answer.
        given: Given,
    },
    /// A press came, to be judged with the others. It was received at [`Numbered::at`].
    Pressed {
        /// Who pressed.
        seat: LearnerId,
        /// When it counts as made, in microseconds of server time.
        judged: Judged,
    },
    /// A page was hidden during a question.
    Hid {
        /// Whose.
        seat: LearnerId,
        /// The question.
        question: QuestionNumber,
        /// Milliseconds, all times of this question together.
        ms: u32,
    },
    /// The ready check began.
    Started,
    /// The stakes of a wager are taken.
    StakesOpened {
        /// The question that comes.
        question: QuestionNumber,
    },
    /// A question is open. Its number names the key that its sealed words open with.
    Opened {
        /// The question.
        question: QuestionNumber,
        /// In a wager what each team has staked, in whole points; empty otherwise.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stakes: Vec<u32>,
    },
    /// The order of the buzzer stands; the first has the floor.
    BuzzerJudged {
        /// One place a team, first to last.
        order: Vec<Place>,
    },
    /// The turn of who had the floor ended: right, or there is no next, and the question is
    /// locked; otherwise the next one has the floor.
    Turned {
        /// Who had the floor.
        seat: LearnerId,
        /// Their answer, if one came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        given: Option<Given>,
        /// How it ended.
        verdict: Verdict,
    },
    /// The question is closed.
    Locked {
        /// How many of each team answered.
        answered: Vec<u32>,
    },
    /// What is right was shown, and what each team gets.
    Revealed {
        /// What is right.
        key: Key,
        /// How many right answers each team gave.
        right: Vec<u32>,
        /// What each team gets.
        points: Vec<Points>,
    },
    /// The scoreboard was shown: what came before is final.
    ScoreboardShown,
    /// The match ended.
    Finished,
    /// The clock was stopped.
    Paused,
    /// The clock runs on.
    Resumed,
    /// Time was given or taken.
    ClockMoved {
        /// Milliseconds more, or fewer when negative.
        by_ms: i64,
    },
    /// A question does not count any more: the correcting entry for what it had given.
    Voided {
        /// The question.
        question: QuestionNumber,
        /// What each team had got and loses again; empty when the question had given nothing.
        points: Vec<Points>,
    },
    /// The last step was taken back.
    Undone,
    /// The last undo was taken back.
    Redone,
    /// A seat was freed of its device.
    PutBack {
        /// Whose.
        seat: LearnerId,
    },
    /// A substitute plays in a member's place.
    Substituted {
        /// Who went to the bench.
        leaves: LearnerId,
        /// Who came in.
        enters: LearnerId,
    },
    /// Another host is in charge.
    HandedOver {
        /// Who leads from now on.
        to: LearnerId,
    },
}

impl Event {
    /// Who it concerns, when it is one person.
    #[must_use]
    pub const fn seat(&self) -> Option<LearnerId> {
        match self {
            Self::Joined { seat, .. }
            | Self::Readied { seat }
            | Self::Staked { seat, .. }
            | Self::Answered { seat, .. }
            | Self::AnsweredLate { seat, .. }
            | Self::Pressed { seat, .. }
            | Self::Hid { seat, .. }
            | Self::Turned { seat, .. }
            | Self::PutBack { seat } => Some(*seat),
            _ => None,
        }
    }

    /// Whether it is a step of the match, not something that a player did: a host who has not
    /// seen it may not step.
    #[must_use]
    pub const fn is_step(&self) -> bool {
        !matches!(
            self,
            Self::Joined { .. }
                | Self::Readied { .. }
                | Self::Staked { .. }
                | Self::Answered { .. }
                | Self::AnsweredLate { .. }
                | Self::Pressed { .. }
                | Self::Hid { .. }
        )
    }

    /// Whether undo takes it back. Pausing, resuming and handing over are taken back by doing the
    /// opposite, putting back by the person who joins again.
    #[must_use]
    pub const fn can_be_undone(&self) -> bool {
        matches!(
            self,
            Self::Started
                | Self::StakesOpened { .. }
                | Self::Opened { .. }
                | Self::BuzzerJudged { .. }
                | Self::Turned { .. }
                | Self::Locked { .. }
                | Self::Revealed { .. }
                | Self::Finished
                | Self::ClockMoved { .. }
                | Self::Voided { .. }
                | Self::Substituted { .. }
        )
    }
}
