//! The frozen board (封榜): towards the end the public sees a board that stands still, until the
//! review is done.
//!
//! The rule guarded here: nobody learns the end of a contest from its board before it is final,
//! and nobody takes a board for final that is not. As in the programming contests of the ICPC, a
//! learner still sees their own points. Start at [`shown`].

use super::Rules;
use crate::time::{MINUTE, Millis};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Everyone at the board: learners, spectators, the big screen.
    Public,
    /// A learner at their own points, but not at their rank, which tells of the others.
    Own,
    /// Those who hold or review the contest.
    Staff,
}

/// Which board is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown<P> {
    /// As it is now.
    Live,
    /// As it was just before this point.
    Frozen(P),
    /// As it is after the end; the review may still change it.
    Provisional,
    /// As it stays.
    Final,
}

/// The board that `audience` is shown at `now`, of a board that freezes at `freezes`, if it does,
/// in a contest that ends at `closes`.
///
/// A point `P` is an instant ([`Millis`]) or the number of an event, whichever the contest goes by.
#[must_use]
pub fn shown<P: Ord + Copy>(
    freezes: Option<P>,
    closes: P,
    reviewed: bool,
    audience: Audience,
    now: P,
) -> Shown<P> {
    let over = now >= closes;
    match freezes.filter(|point| now >= *point) {
        _ if over && reviewed => Shown::Final,
        Some(point) if audience == Audience::Public => Shown::Frozen(point),
        _ if over => Shown::Provisional,
        _ => Shown::Live,
    }
}

impl Rules {
    /// When the public board of a contest that ends at `closes` freezes, if it does.
    #[must_use]
    pub fn freezes(&self, closes: Millis) -> Option<Millis> {
        (self.freeze > 0).then(|| closes.plus(self.freeze.saturating_mul(-MINUTE)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Audience::{Own, Public, Staff};

    #[test]
    fn the_public_board_stands_still_until_the_review_is_done() {
        let at = |now, reviewed, audience| shown(Some(80), 100, reviewed, audience, now);
        assert_eq!(at(79, false, Public), Shown::Live);
        assert_eq!(at(80, false, Public), Shown::Frozen(80));
        assert_eq!(at(100, false, Public), Shown::Frozen(80));
        assert_eq!(at(100, true, Public), Shown::Final);
    }

    #[test]
    fn staff_and_each_learner_for_themselves_see_what_is_and_that_it_is_not_final() {
        for audience in [Staff, Own] {
            let at = |now, reviewed| shown(Some(80), 100, reviewed, audience, now);
            assert_eq!(at(99, false), Shown::Live);
            assert_eq!(at(100, false), Shown::Provisional);
            assert_eq!(at(100, true), Shown::Final);
        }
    }

    #[test]
    fn a_board_that_never_freezes_is_provisional_until_the_review() {
        let at = |now, reviewed| shown(None, 100, reviewed, Public, now);
        assert_eq!(at(99, false), Shown::Live);
        assert_eq!(at(100, false), Shown::Provisional);
        assert_eq!(at(100, true), Shown::Final);
    }

    #[test]
    fn a_review_before_the_end_is_none() {
        assert_eq!(shown(Some(80), 100, true, Public, 90), Shown::Frozen(80));
    }

    #[test]
    fn the_minutes_of_the_rules_go_back_from_the_end() {
        let rules = |freeze| Rules {
            freeze,
            ..Rules::default()
        };
        let closes = Millis(100 * MINUTE);
        assert_eq!(rules(0).freezes(closes), None);
        assert_eq!(rules(30).freezes(closes), Some(Millis(70 * MINUTE)));
    }
}
