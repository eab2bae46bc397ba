//! The buzzer in a match: when the presses are judged, and who goes first of a tie.
//!
//! The rule guarded here: who pressed before whom is [`order`]'s to say and nobody else's; the
//! match adds what its rules promise for a tie, and moves nobody from one rank to another.

use super::TieRule;
use crate::contest::buzzer::{self, Judged, margin, order, settled_at};
use crate::id::LearnerId;
use crate::seed::Draw;
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Microseconds in a millisecond.
pub(super) const MICROS: i64 = 1_000;

/// A press in its place: what a screen shows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Who pressed.
    pub seat: LearnerId,
    /// 1 for the first; presses that cannot be told apart share it, and the ranks after are left
    /// out (1, 1, 3).
    pub rank: usize,
    /// Whether another press has the same rank.
    pub tied: bool,
    /// Microseconds after the press one place before; 0 for the first, negative when a lot put
    /// the later of a tie first.
    pub margin: i64,
    /// By how many microseconds the margin may be wrong; 0 for the first.
    pub margin_uncertainty: i64,
}

/// The presses as [`order`] has them, ties by the rule. Presses judged alike to the microsecond go
/// by the lot of `seed` under either rule, for the order of ids is the order of registration.
pub(super) fn places(
    presses: &BTreeMap<LearnerId, Judged>,
    rule: TieRule,
    seed: u64,
) -> Vec<Place> {
    let mut lots: Vec<usize> = (0..presses.len()).collect();
    Draw::from_seed(seed).shuffle(&mut lots);
    let presses: Vec<((usize, LearnerId), Judged)> = lots
        .into_iter()
        .zip(presses)
        .map(|(lot, (seat, judged))| ((lot, *seat), *judged))
        .collect();
    let mut list = order(&presses);
    if rule == TieRule::Drawn {
        list.sort_by_key(|place| (place.rank, place.who));
    }
    let mut before: Option<Judged> = None;
    list.into_iter()
        .map(|place| {
            let after = before.replace(place.judged);
            let (margin, margin_uncertainty) =
                after.map_or((0, 0), |before| margin(&before, &place.judged));
            Place {
                seat: place.who.1,
                rank: place.rank,
                tied: place.tied,
                margin,
                margin_uncertainty,
            }
        })
        .collect()
}

/// From when on a press that arrived in the millisecond from `at` waits for no other: none can go
/// before it any more. The bound after its arrival at the latest, sooner by as much as it was on
/// its way.
pub(super) fn settled(judged: &Judged, at: Millis, rules: buzzer::Rules) -> Millis {
    let settled = settled_at(judged, rules).saturating_add(MICROS - 1);
    Millis(settled.div_euclid(MICROS)).min(last_arrival(at.plus(1), rules))
}

/// Until when a press that was made at `made` can arrive and still count from then.
pub(super) fn last_arrival(made: Millis, rules: buzzer::Rules) -> Millis {
    made.plus(rules.bound() / MICROS)
}

/// An instant in microseconds.
pub(super) const fn micros(at: Millis) -> i64 {
    at.0.saturating_mul(MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const RULES: [TieRule; 2] = [TieRule::Drawn, TieRule::Estimated];

    fn judged(made: i64, uncertainty: i64) -> Judged {
        Judged {
            made,
            uncertainty,
            disbelieved: 0,
            clamped: None,
            late: false,
        }
    }

    fn presses(made: &[(i64, i64)]) -> BTreeMap<LearnerId, Judged> {
        (1..)
            .zip(made)
            .map(|(n, (made, uncertainty))| (seat(n), judged(*made, *uncertainty)))
            .collect()
    }

    const fn seat(n: u128) -> LearnerId {
        LearnerId(Uuid::from_u128(n))
    }

    fn seats(places: &[Place]) -> Vec<u128> {
        places.iter().map(|place| place.seat.0.as_u128()).collect()
    }

    fn ranks(places: &[Place]) -> Vec<(usize, bool)> {
        places.iter().map(|p| (p.rank, p.tied)).collect()
    }

    #[test]
    fn a_clear_order_is_kept_with_its_margins() {
        let presses = presses(&[(60_000, 9_000), (0, 12_000)]);
        for rule in RULES {
            let places = places(&presses, rule, 7);
            assert_eq!(seats(&places), [2, 1]);
            assert_eq!(ranks(&places), [(1, false), (2, false)]);
            let margins = places.map_margins();
            assert_eq!(margins, [(0, 0), (60_000, 15_000)]);
        }
    }

    #[test]
    fn presses_that_cannot_be_told_apart_are_a_tie_and_go_by_the_rule() {
        let presses = presses(&[(0, 9_000), (10_000, 9_000)]);
        let mut first = [0; 2];
        for seed in 0..200 {
            let places = places(&presses, TieRule::Drawn, seed);
            assert_eq!(ranks(&places), [(1, true), (1, true)]);
            let turned = seats(&places) == [2, 1];
            first[usize::from(turned)] += 1;
            // The lot is seen in the margin, which is as uncertain either way.
            let margin = if turned { -10_000 } else { 10_000 };
            assert_eq!(places.map_margins()[1], (margin, 12_727));
        }
        assert!(first.iter().all(|times| *times > 70), "{first:?}");
        assert_eq!(seats(&places(&presses, TieRule::Estimated, 3)), [1, 2]);
    }

    #[test]
    fn a_lot_is_drawn_within_a_rank_and_never_beyond_it() {
        let of_one_rank = [(0, 9_000), (5_000, 9_000), (10_000, 9_000)];
        let two_ranks = [of_one_rank[0], of_one_rank[1], (60_000, 9_000)];
        let all = |made: &[(i64, i64)], rule| -> Vec<Vec<u128>> {
            let presses = presses(made);
            let mut all: Vec<_> = (0..300)
                .map(|seed| seats(&places(&presses, rule, seed)))
                .collect();
            all.sort();
            all.dedup();
            all
        };
        assert_eq!(all(&of_one_rank, TieRule::Drawn).len(), 6);
        assert_eq!(
            all(&two_ranks, TieRule::Drawn),
            [vec![1, 2, 3], vec![2, 1, 3]]
        );
        assert_eq!(all(&of_one_rank, TieRule::Estimated), [vec![1, 2, 3]]);
    }

    #[test]
    fn a_chain_of_near_presses_ends_where_a_rank_does_whatever_the_lot() {
        let chain = presses(&[(0, 30), (40, 30), (80, 30), (120, 30)]);
        for seed in 0..50 {
            let places = places(&chain, TieRule::Drawn, seed);
            assert_eq!(ranks(&places), [(1, true), (1, true), (3, true), (3, true)]);
            let mut firsts = seats(&places)[..2].to_vec();
            firsts.sort_unstable();
            assert_eq!(firsts, [1, 2]);
        }
    }

    #[test]
    fn presses_judged_alike_go_by_lot_and_not_by_id() {
        let presses = presses(&[(5, 0), (5, 0)]);
        for rule in RULES {
            let first = |seed| seats(&places(&presses, rule, seed))[0];
            assert_eq!((0..50).map(first).min(), Some(1));
            assert_eq!((0..50).map(first).max(), Some(2));
        }
    }

    #[test]
    fn a_press_is_settled_the_bound_after_it_was_made_or_arrived_whichever_is_sooner() {
        let rules = buzzer::Rules { bound_ms: 400 };
        let settled = |made| settled(&judged(made, 0), Millis(1_000), rules).0;
        assert_eq!(settled(900_000), 1_300);
        assert_eq!(
            settled(900_001),
            1_301,
            "not before the whole bound is over"
        );
        assert_eq!(settled(1_000_000), 1_400);
        // It arrived at some time of its millisecond, and counts from no later than that one's end.
        assert_eq!(settled(i64::MAX), 1_401);
    }

    trait Margins {
        fn map_margins(&self) -> Vec<(i64, i64)>;
    }

    impl Margins for Vec<Place> {
        fn map_margins(&self) -> Vec<(i64, i64)> {
            self.iter()
                .map(|place| (place.margin, place.margin_uncertainty))
                .collect()
        }
    }

    proptest! {
        #[test]
        fn either_rule_keeps_every_press_at_the_rank_that_the_order_gives_it(
            made in prop::collection::vec((0_i64..50_000, 0_i64..20_000), 0..8),
            seed: u64,
        ) {
            let presses = presses(&made);
            let listed: Vec<_> = presses.iter().map(|(seat, judged)| (*seat, *judged)).collect();
            let known: BTreeMap<_, _> = order(&listed)
                .into_iter()
                .map(|place| (place.who, (place.rank, place.tied)))
                .collect();
            for rule in RULES {
                let places = places(&presses, rule, seed);
                let ranked: BTreeMap<_, _> =
                    places.iter().map(|place| (place.seat, (place.rank, place.tied))).collect();
                prop_assert_eq!(&ranked, &known);
                prop_assert!(places.is_sorted_by_key(|place| place.rank));
                if rule == TieRule::Estimated {
                    prop_assert!(places.is_sorted_by_key(|place| presses[&place.seat].made));
                }
            }
        }

        #[test]
        fn absurd_presses_are_put_in_some_order_and_break_nothing(
            made in prop::collection::vec((any::<i64>(), any::<i64>()), 0..8), seed: u64, at: i64, bound_ms: i64,
        ) {
            let presses = presses(&made);
            for rule in RULES {
                prop_assert_eq!(places(&presses, rule, seed).len(), presses.len());
            }
            for judged in presses.values() {
                let _ = settled(judged, Millis(at), buzzer::Rules { bound_ms });
            }
        }
    }
}
