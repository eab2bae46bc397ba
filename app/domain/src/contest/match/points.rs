//! Points, and what a question gives.

use super::event::Verdict;
use super::{Board, Kind, QuestionNumber, Setup};
use crate::id::LearnerId;
use crate::question::Key;
use serde::{Deserialize, Serialize};

/// Points in tenths of a point: shares of a team need no fraction, and sums are exact.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct Points(pub i64);

impl Points {
    /// So many whole points.
    #[must_use]
    pub const fn whole(points: u32) -> Self {
        Self(points as i64 * 10)
    }

    /// `right` parts of `of` of so many whole points, half up; nothing of nothing.
    #[must_use]
    pub fn share(points: u32, right: u32, of: u32) -> Self {
        let (right, of) = (i64::from(right), i64::from(of));
        if of == 0 {
            return Self(0);
        }
        // Both factors are 32 bits wide, so the product fits even with the tenfold.
        let doubled = i128::from(Self::whole(points).0) * i128::from(right) * 2;
        let share = (doubled + i128::from(of)) / (i128::from(of) * 2);
        Self(i64::try_from(share).unwrap_or(i64::MAX))
    }
}

impl std::ops::Neg for Points {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl std::ops::Add for Points {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self(0), std::ops::Add::add)
    }
}

/// How many right answers each team gave to a question, and what it gets; see [`Kind`] for the
/// formulas. A void question gives nothing.
pub(super) fn outcome(
    setup: &Setup,
    board: &Board,
    number: QuestionNumber,
    key: &Key,
) -> (Vec<u32>, Vec<Points>) {
    let (Some((_, round, _)), Some(asked)) = (setup.round_of(number), board.asked.get(&number))
    else {
        return (Vec::new(), Vec::new());
    };
    let outcomes = board.teams.iter().enumerate().map(|(index, team)| {
        let alone = board.answers_alone(setup, number, index);
        let (right, points) = match &round.kind {
            Kind::Required => {
                let right = count(team.members.iter(), |seat| asked.is_right(seat, key));
                let size = u32::try_from(team.members.len()).unwrap_or(u32::MAX);
                (right, Points::share(round.points, right, size))
            }
            Kind::Relay => {
                let right = count(alone.iter(), |seat| asked.is_right(seat, key));
                (right, Points::share(round.points, right, 1))
            }
            Kind::Wager { .. } => {
                let stake = Points::whole(asked.stakes.get(index).copied().unwrap_or(0));
                let right = count(alone.iter(), |seat| asked.is_right(seat, key));
                (right, if right > 0 { stake } else { -stake })
            }
            Kind::Buzzer { penalty, .. } => match asked.verdict_of(&team.members) {
                Some(Verdict::Right) => (1, Points::whole(round.points)),
                Some(Verdict::Wrong | Verdict::Silent) => (0, -Points::whole(*penalty)),
                None => (0, Points(0)),
            },
        };
        (right, if asked.voided { Points(0) } else { points })
    });
    outcomes.unzip()
}

/// How many of `all` are so.
pub(super) fn count<'a>(
    all: impl Iterator<Item = &'a LearnerId>,
    is_so: impl Fn(&LearnerId) -> bool,
) -> u32 {
    u32::try_from(all.filter(|seat| is_so(seat)).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_in_tenths_half_up() {
        let share = |points, right, of| Points::share(points, right, of).0;
        assert_eq!(share(10, 2, 3), 67);
        assert_eq!(share(10, 1, 3), 33);
        assert_eq!(share(1, 1, 4), 3); // 2.5 tenths
        assert_eq!(share(10, 5, 5), 100);
        assert_eq!(share(10, 0, 0), 0);
        assert_eq!(share(u32::MAX, u32::MAX, 1), i64::MAX);
    }
}
