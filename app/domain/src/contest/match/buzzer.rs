//! The order of presses.
//!
//! The rule guarded here: whoever certainly pressed before another stands before them; where the
//! uncertainty of the two leaves it open they are tied, the tie is said, and the stated rule
//! decides.

use super::TieRule;
use crate::id::LearnerId;
use crate::seed::Draw;
use serde::{Deserialize, Serialize};

/// A press as it was judged: made in `made - uncertainty ..= made + uncertainty`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press {
    /// Who pressed.
    pub seat: LearnerId,
    /// When it was made, in microseconds of server time.
    pub made: i64,
    /// How far off that may be to either side, in microseconds; not negative.
    pub uncertainty: i64,
}

/// A press in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Who pressed.
    pub seat: LearnerId,
    /// When it was made, in microseconds of server time.
    pub made: i64,
    /// How far off that may be to either side, in microseconds.
    pub uncertainty: i64,
    /// Microseconds after the press one place before; 0 for the first, negative when a lot put
    /// the later estimate first.
    pub margin: i64,
    /// Whether it could have been before the press one place before.
    pub tied: bool,
}

impl Press {
    const fn earliest(&self) -> i64 {
        self.made.saturating_sub(self.uncertainty)
    }

    const fn latest(&self) -> i64 {
        self.made.saturating_add(self.uncertainty)
    }
}

/// The presses in order. Each place goes to one of those left that could have been the first of
/// them; with several of these the rule decides, by the lot of `seed` where it asks for one. The
/// order in which presses arrived changes nothing.
#[must_use]
pub fn buzzer_order(presses: &[Press], rule: TieRule, seed: u64) -> Vec<Place> {
    let mut left = presses.to_vec();
    left.sort_by_key(|press| (press.made, press.seat));
    let mut draw = Draw::from_seed(seed);
    draw.shuffle(&mut left); // equal estimates must not stand in the order of anybody's id
    left.sort_by_key(|press| press.made);
    let mut order: Vec<Place> = Vec::with_capacity(left.len());
    let mut previous: Option<Press> = None;
    while let Some(soonest_end) = left.iter().map(Press::latest).min() {
        let could_be_first: Vec<usize> = (0..left.len())
            .filter(|&index| left[index].earliest() <= soonest_end)
            .collect();
        let pick = match rule {
            TieRule::Estimated => 0,
            TieRule::Drawn => {
                let bound = u32::try_from(could_be_first.len()).unwrap_or(u32::MAX);
                could_be_first[draw.below(bound) as usize]
            }
        };
        let press = left.remove(pick);
        order.push(Place {
            seat: press.seat,
            made: press.made,
            uncertainty: press.uncertainty,
            margin: previous.map_or(0, |before| press.made.saturating_sub(before.made)),
            tied: previous.is_some_and(|before| press.earliest() <= before.latest()),
        });
        previous = Some(press);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn press(seat: u128, made: i64, uncertainty: i64) -> Press {
        Press {
            seat: LearnerId(Uuid::from_u128(seat)),
            made,
            uncertainty,
        }
    }

    fn seats(order: &[Place]) -> Vec<u128> {
        order.iter().map(|place| place.seat.0.as_u128()).collect()
    }

    #[test]
    fn a_clear_order_is_kept_with_its_margins() {
        let presses = [press(2, 60_000, 9_000), press(1, 0, 9_000)];
        for rule in [TieRule::Drawn, TieRule::Estimated] {
            let order = buzzer_order(&presses, rule, 7);
            assert_eq!(seats(&order), [1, 2]);
            assert_eq!((order[1].margin, order[1].tied), (60_000, false));
        }
    }

    #[test]
    fn presses_that_cannot_be_told_apart_are_a_tie_and_go_by_the_rule() {
        let presses = [press(1, 0, 9_000), press(2, 10_000, 9_000)];
        let mut first = [0; 2];
        for seed in 0..200 {
            let order = buzzer_order(&presses, TieRule::Drawn, seed);
            assert!(order[1].tied);
            first[usize::from(seats(&order) == [2, 1])] += 1;
        }
        assert!(first.iter().all(|times| *times > 70), "{first:?}");
        assert_eq!(
            seats(&buzzer_order(&presses, TieRule::Estimated, 3)),
            [1, 2]
        );
    }

    #[test]
    fn equal_estimates_go_by_lot_and_not_by_id() {
        let presses = [press(1, 5, 0), press(2, 5, 0)];
        let first = |seed| seats(&buzzer_order(&presses, TieRule::Estimated, seed))[0];
        assert_eq!((0..50).map(first).min(), Some(1));
        assert_eq!((0..50).map(first).max(), Some(2));
    }

    proptest! {
        #[test]
        fn who_was_certainly_first_is_never_behind_and_arrival_changes_nothing(
            made in proptest::collection::vec((0_i64..50_000, 0_i64..20_000), 0..8),
            seed: u64,
        ) {
            let presses: Vec<_> =
                (0..).zip(made).map(|(seat, (at, off))| press(seat, at, off)).collect();
            for rule in [TieRule::Drawn, TieRule::Estimated] {
                let order = buzzer_order(&presses, rule, seed);
                prop_assert_eq!(order.len(), presses.len());
                for (index, later) in order.iter().enumerate() {
                    for sooner in &order[..index] {
                        let certainly = later.made + later.uncertainty < sooner.made - sooner.uncertainty;
                        prop_assert!(!certainly);
                    }
                }
                let mut turned = presses.clone();
                turned.reverse();
                prop_assert_eq!(order, buzzer_order(&turned, rule, seed));
            }
        }
    }
}
