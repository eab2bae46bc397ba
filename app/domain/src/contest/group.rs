//! Rankings of groups: units, counties, prefectures, teams.
//!
//! The rule guarded here: big groups do not win by numbers, nor small ones by averages, and every
//! result opens into the numbers behind it (pains.md: "Mean of the best k, stated beforehand"; "a
//! percentage opens into the names behind it"). Start at [`GroupRule::score`].
//!
//! ```text
//! k      = max(least, ⌈share × members⌉)
//! result = sum of the best k ÷ k × (1 − weight × (1 − participants ÷ members))
//! ```
//!
//! - *k grows with the members*, so that a big group does not win by having more people to pick
//!   its best from: everyone shows the same share of theirs.
//! - *k has a least value*, and a place that nobody fills counts 0: a group of one star, or one that
//!   sends its star alone, does not win by that star's average.
//! - *Participation weighs on all of it*, by a bounded weight: beyond the k-th learner, too, it is
//!   worth while that colleagues come. With the default a group where nobody but the best k came
//!   loses at most a fifth. The full product (mean × participation) was not taken: a village
//!   office of four has 100 % on any afternoon, a hospital with shifts never.
//!
//! Members are those on the roster at the opening, and a learner counts for the unit of that
//! instant: nobody is moved in for the last day. For counties and prefectures the learners and
//! members of all units below are put together, by the same rule.

use super::{Score, Standing, ranks};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// How groups are scored; stated before the contest opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRule {
    /// The fewest places that count, from 1.
    pub least: i64,
    /// Per cent of the members whose points count, 0 to 100.
    pub share: i64,
    /// Per cent of the result that hangs on participation, 0 to 100.
    pub weight: i64,
}

impl Default for GroupRule {
    /// The best tenth and three at least; a fifth of the result hangs on participation.
    fn default() -> Self {
        Self {
            least: 3,
            share: 10,
            weight: 20,
        }
    }
}

/// The result of a group and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupScore {
    /// On the roster at the opening.
    pub members: i64,
    /// Who took part: learners with a standing.
    pub participants: i64,
    /// k: so many places count.
    pub places: i64,
    /// So many of them are filled; the others count 0.
    pub filled: i64,
    /// Points of those who fill them.
    pub sum: i64,
    /// The result in thousandths of a point, rounded down once.
    pub milli_points: i64,
}

impl GroupRule {
    /// The result of a group with `members` on the roster, of the points of all its learners who
    /// took part, in any order. More participants than members are taken as all of them.
    #[must_use]
    pub fn score(self, members: i64, mut points: Vec<i64>) -> GroupScore {
        let participants = i64::try_from(points.len()).unwrap_or(i64::MAX);
        let share = (members * self.share + 99).div_euclid(100); // rounded up
        let places = share.max(self.least).max(1);
        points.sort_unstable_by_key(|p| Reverse(*p));
        points.truncate(usize::try_from(places).unwrap_or(usize::MAX));
        let sum: i64 = points.iter().sum();
        // Everything over one denominator, so that it is rounded once.
        let roster = members.max(1);
        let absent = (roster - participants).max(0);
        let num = i128::from(sum) * 1_000 * i128::from(100 * roster - self.weight * absent);
        let den = i128::from(places) * 100 * i128::from(roster);
        GroupScore {
            members,
            participants,
            places,
            filled: i64::try_from(points.len()).unwrap_or(i64::MAX),
            sum,
            milli_points: i64::try_from(num.div_euclid(den)).unwrap_or(i64::MAX),
        }
    }
}

/// Groups with their ranks, best first; equal results share a rank.
#[must_use]
pub fn rank_groups<T>(groups: Vec<(T, GroupScore)>) -> Vec<(i64, T, GroupScore)> {
    let standings = groups.into_iter().map(|who| Standing {
        score: Score {
            points: who.1.milli_points,
            ..Score::default()
        },
        who,
    });
    ranks(standings.collect())
        .into_iter()
        .map(|(rank, Standing { who, .. })| (rank, who.0, who.1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn score(members: i64, points: &[i64]) -> GroupScore {
        GroupRule::default().score(members, points.to_vec())
    }

    #[test]
    fn a_result_opens_into_the_numbers_behind_it() {
        // k = ⌈10 % of 35⌉ = 4; 350 ÷ 4 × (1 − 20 % × 30/35) = 87.5 × 0.82857… = 72.5
        assert_eq!(
            score(35, &[60, 100, 80, 90, 80]),
            GroupScore {
                members: 35,
                participants: 5,
                places: 4,
                filled: 4,
                sum: 350,
                milli_points: 72_500,
            }
        );
    }

    #[test]
    fn a_small_unit_does_not_win_by_the_average_of_its_star() {
        let star = score(1, &[100]);
        let three = score(3, &[60, 60, 60]);
        let sends_its_star = score(30, &[100]);
        assert_eq!(
            (star.places, star.filled, star.milli_points),
            (3, 1, 33_333)
        );
        assert!(three.milli_points > star.milli_points);
        assert!(star.milli_points > sends_its_star.milli_points);
    }

    #[test]
    fn a_big_unit_does_not_win_by_numbers() {
        // The same spread of learners, thirty times as many.
        let spread: Vec<i64> = (0..30).map(|n| 100 - n).collect();
        let big: Vec<i64> = spread.iter().flat_map(|p| [*p; 30]).collect();
        assert_eq!(
            score(30, &spread).milli_points,
            score(900, &big).milli_points
        );
    }

    #[test]
    fn nobody_makes_nothing() {
        assert_eq!(score(0, &[]).milli_points, 0);
        assert_eq!(score(500, &[]).milli_points, 0);
    }

    #[test]
    fn groups_with_one_result_share_a_rank() {
        let groups = vec![
            ("c", score(10, &[10, 10, 10])),
            ("a", score(10, &[90, 90, 90])),
            ("b", score(10, &[90, 90, 90])),
        ];
        let ranked = rank_groups(groups);
        let seen: Vec<_> = ranked.iter().map(|(rank, who, _)| (*rank, *who)).collect();
        assert_eq!(seen, [(1, "a"), (1, "b"), (3, "c")]);
    }

    proptest! {
        #[test]
        fn one_more_who_takes_part_never_costs_the_group_anything(
            points in prop::collection::vec(0_i64..5_000, 0..60), more in 0_i64..5_000,
            members in 60_i64..600, least in 1_i64..6, share in 0_i64..=100, weight in 0_i64..=100,
        ) {
            let rule = GroupRule { least, share, weight };
            let before = rule.score(members, points.clone());
            let mut points = points;
            points.push(more);
            let after = rule.score(members, points);
            prop_assert!(after.milli_points >= before.milli_points);
        }

        #[test]
        fn a_result_is_between_nothing_and_the_best_learner(
            points in prop::collection::vec(0_i64..5_000, 0..60), members in 0_i64..100,
        ) {
            let best = points.iter().max().copied().unwrap_or(0);
            let result = GroupRule::default().score(members, points).milli_points;
            prop_assert!((0..=best * 1_000).contains(&result));
        }

        #[test]
        fn without_its_share_of_absentees_a_group_loses_the_weight_at_most(
            points in prop::collection::vec(1_i64..5_000, 3..60), members in 60_i64..600,
        ) {
            let weighed = GroupRule::default().score(members, points.clone()).milli_points;
            let plain = GroupRule { weight: 0, ..GroupRule::default() };
            let plain = plain.score(members, points).milli_points;
            prop_assert!(weighed <= plain && weighed >= plain * 80 / 100 - 1);
        }
    }
}
