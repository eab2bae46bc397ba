//! Who pressed first.

use super::judge::{Judged, Rules};
use serde::{Deserialize, Serialize};

/// Where a press stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place<T> {
    /// Whose press.
    pub who: T,
    /// When it was made.
    pub judged: Judged,
    /// 1 for the first; a tie shares it and the ranks after are left out (1, 1, 3).
    pub rank: usize,
    /// Whether another press has the same rank.
    pub tied: bool,
    /// Microseconds after the press before it in the list; 0 for the first.
    pub margin: i64,
    /// By how many microseconds the margin may be wrong; 0 for the first.
    pub margin_uncertainty: i64,
}

/// Puts presses in order, the earliest first.
///
/// Two presses cannot be told apart when their margin is no more than its uncertainty: the root
/// of the sum of squares of theirs (JCGM 100:2008, 5.1.2), that of the later one with what is not
/// believed of its claim, for only that could put it before the other. One standard deviation is
/// enough, for most of the error is asymmetry, which ends at 1.7 of them.
///
/// "Cannot be told apart" does not carry over from pair to pair, so a rank belongs to its first
/// press: whoever follows in the list shares it while they cannot be told apart from *that*
/// press, and the next one opens a rank of its own. A chain of near presses is thus never one
/// endless tie.
///
/// The rule for a tie: within it, the earlier judged press goes first, as in the list returned;
/// of presses judged alike to the microsecond, the surer one, then the lesser `who`. The same
/// presses give the same list in whatever order they come.
#[must_use]
pub fn order<T: Ord + Clone>(presses: &[(T, Judged)]) -> Vec<Place<T>> {
    let mut sorted: Vec<&(T, Judged)> = presses.iter().collect();
    sorted.sort_by(|(a, x), (b, y)| (x.made, x.uncertainty, a).cmp(&(y.made, y.uncertainty, b)));
    let mut places: Vec<Place<T>> = Vec::with_capacity(sorted.len());
    let mut first = 0; // the press that the current rank belongs to
    for (index, (who, judged)) in sorted.into_iter().enumerate() {
        let tied = index > 0 && {
            let opened = &places[first].judged;
            let (margin, uncertainty) = margin(opened, judged);
            margin <= uncertainty
        };
        if tied {
            places[first].tied = true;
        } else {
            first = index;
        }
        let before = places.last().map(|place| place.judged);
        let (margin, margin_uncertainty) = before.map_or((0, 0), |b| margin(&b, judged));
        places.push(Place {
            who: who.clone(),
            judged: *judged,
            rank: first + 1,
            tied,
            margin,
            margin_uncertainty,
        });
    }
    places
}

/// From when on, by the server's clock, no press that arrives can go before `earliest`: none is
/// judged to be made longer than the bound before it arrived.
#[must_use]
pub fn settled_at(earliest: &Judged, rules: Rules) -> i64 {
    earliest.made.saturating_add(rules.bound())
}

/// By how many microseconds `other` was made after `one`, negative when it was before, and by how
/// many that may be wrong: as [`order`] reckons it.
pub(in crate::contest) fn margin(one: &Judged, other: &Judged) -> (i64, i64) {
    let square = |uncertainty: i64| u128::from(uncertainty.unsigned_abs()).pow(2);
    let (earlier, later) = if other.made < one.made {
        (other, one)
    } else {
        (one, other)
    };
    let claimed = later.uncertainty.saturating_add(later.disbelieved);
    let uncertainty = (square(earlier.uncertainty) + square(claimed)).isqrt();
    (
        other.made.saturating_sub(one.made),
        i64::try_from(uncertainty).unwrap_or(i64::MAX),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(made: i64, uncertainty: i64) -> Judged {
        Judged {
            made,
            uncertainty,
            disbelieved: 0,
            clamped: None,
            late: false,
        }
    }

    fn ranks(presses: &[(&'static str, Judged)]) -> Vec<(&'static str, usize, bool)> {
        let places = order(presses);
        places.iter().map(|p| (p.who, p.rank, p.tied)).collect()
    }

    #[test]
    fn presses_told_apart_have_ranks_of_their_own_and_the_margin_is_shown() {
        let presses = [("b", press(90, 30)), ("a", press(0, 40))];
        assert_eq!(ranks(&presses), [("a", 1, false), ("b", 2, false)]);
        let second = &order(&presses)[1];
        assert_eq!((second.margin, second.margin_uncertainty), (90, 50));
    }

    #[test]
    fn presses_that_cannot_be_told_apart_are_a_tie_for_both() {
        let presses = [
            ("b", press(50, 30)),
            ("a", press(0, 40)),
            ("c", press(500, 3)),
        ];
        assert_eq!(
            ranks(&presses),
            [("a", 1, true), ("b", 1, true), ("c", 3, false)]
        );
    }

    #[test]
    fn a_chain_of_near_presses_is_not_one_endless_tie() {
        let presses = [
            ("a", press(0, 30)),
            ("b", press(40, 30)),
            ("c", press(80, 30)),
        ];
        assert_eq!(
            ranks(&presses),
            [("a", 1, true), ("b", 1, true), ("c", 3, false)]
        );
    }

    #[test]
    fn what_is_not_believed_can_put_a_later_press_before_but_not_an_earlier_one_after() {
        let doubted = |made| Judged {
            disbelieved: 100,
            ..press(made, 0)
        };
        assert!(order(&[("a", press(0, 0)), ("b", doubted(50))])[0].tied);
        assert!(!order(&[("a", doubted(0)), ("b", press(50, 0))])[0].tied);
    }

    #[test]
    fn nobody_pressing_is_no_order() {
        assert!(ranks(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn the_order_is_the_same_whatever_order_the_presses_come_in(
            presses in prop::collection::vec((any::<u8>(), -50..50_i64, 0..20_i64), 0..12)
                .prop_flat_map(|p| (Just(p.clone()), Just(p).prop_shuffle()))
        ) {
            let judged = |p: Vec<(u8, i64, i64)>| {
                order(&p.into_iter().map(|(who, made, u)| (who, press(made, u))).collect::<Vec<_>>())
            };
            prop_assert_eq!(judged(presses.0), judged(presses.1));
        }

        #[test]
        fn a_tie_is_never_of_one_and_ranks_never_fall(
            presses in prop::collection::vec((any::<i64>(), any::<i64>()), 0..12)
        ) {
            let presses: Vec<_> = (0..).zip(presses).map(|(n, (made, u))| (n, press(made, u))).collect();
            let places = order(&presses);
            for place in &places {
                let alike = places.iter().filter(|p| p.rank == place.rank).count();
                prop_assert_eq!(place.tied, alike > 1);
            }
            prop_assert!(places.is_sorted_by_key(|p| (p.rank, p.judged.made)));
        }
    }
}
