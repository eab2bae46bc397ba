//! Contests (竞赛): papers drawn by seed, points, ranks, bonus credits.
//!
//! The rule guarded here: what is saved counts, with or without a submission, and closing is
//! computed from times. Start at [`Rules`] for what a contest promises, then [`draw`], [`score`],
//! [`rank`], [`bonus`]; at [`buzzer`] for who pressed first.

mod bonus;
pub mod buzzer;
mod draw;
mod rank;
mod score;
mod window;

pub use bonus::{Band, Bonus, BonusReason, bonus};
pub use draw::{Candidate, Item, draw};
pub use rank::{Standing, ranks};
pub use score::{Score, Scored, score};
pub use window::{Phase, deadline, phase};

use crate::id::TopicId;
use serde::{Deserialize, Serialize};

/// What a contest promises before it begins; never changed once it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Questions of a paper.
    pub questions: usize,
    /// Minutes from the start to the deadline of an attempt.
    pub minutes: i64,
    /// Attempts a learner may make; the best one counts.
    pub attempts: i64,
    /// Points for a right answer.
    pub points: i64,
    /// Topics that questions are drawn from; all when empty.
    pub topics: Vec<TopicId>,
    /// Bonus credits by rank.
    pub bands: Vec<Band>,
    /// Bonus credits for taking part: at least one saved answer.
    pub taking_part: i64,
}
