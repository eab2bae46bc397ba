//! What became of a question.

use super::event::{Given, Verdict};
use super::{Place, Points};
use crate::contest::buzzer::Judged;
use crate::id::LearnerId;
use crate::question::Key;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What became of a question. A replica holds of it what its audience may know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Asked {
    /// Whether its words were ever shown; not so for one that was only staked on or left out.
    pub opened: bool,
    /// What captains staked, in whole points.
    pub staked: BTreeMap<LearnerId, u32>,
    /// What each team stands to win or lose, known to all since the question opened.
    pub stakes: Vec<u32>,
    /// Shared by the copies of a question that differ in other things: a thousand may answer.
    pub answers: Arc<BTreeMap<LearnerId, Given>>,
    /// The one press of each seat.
    pub presses: BTreeMap<LearnerId, Judged>,
    pub order: Vec<Place>,
    /// How the turns of [`Self::order`] ended, as far as they have.
    pub verdicts: Vec<Verdict>,
    /// How many of each team had answered at the lock.
    pub answered: Option<Vec<u32>>,
    pub revealed: Option<Revealed>,
    pub voided: bool,
}

/// What was shown of a question, by team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Revealed {
    pub key: Key,
    pub right: Vec<u32>,
    pub points: Vec<Points>,
}

impl Asked {
    /// Who has the floor, while the floor is given.
    pub fn floor(&self) -> Option<LearnerId> {
        let turn = self.order.get(self.verdicts.len())?;
        Some(turn.seat)
    }

    /// How the turn of a team ended, if it had one.
    pub fn verdict_of(&self, members: &[LearnerId]) -> Option<Verdict> {
        let turn = self
            .order
            .iter()
            .position(|place| members.contains(&place.seat))?;
        self.verdicts.get(turn).copied()
    }

    /// What each team got that still counts.
    pub fn points(&self) -> Option<&[Points]> {
        let revealed = self.revealed.as_ref().filter(|_| !self.voided)?;
        Some(&revealed.points)
    }

    /// Whether a person's answer is right by the key.
    pub fn is_right(&self, seat: &LearnerId, key: &Key) -> bool {
        let given = self
            .answers
            .get(seat)
            .and_then(|given| given.answer.as_ref());
        given.is_some_and(|answer| key.grade(answer))
    }
}
