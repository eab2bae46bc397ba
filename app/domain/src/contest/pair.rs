//! Quick matches (快速对战): who of those waiting plays whom now.
//!
//! The rule guarded here: nobody waits longer than [`PATIENCE`] for an answer, which is a match or
//! "there is nobody"; nobody sits in two matches. Start at [`pair`], which the server calls every
//! half second or so with everyone who waits.
//!
//! Two learners fit when their ratings are no further apart than the longer wait, or the greater
//! uncertainty, of the two allows: `reach = 100 + waited ÷ 20 ms + deviation`, and anyone from
//! [`ANYONE`] on, because a strong opponent is better than none and costs a newcomer's rating
//! next to nothing. On the scale of Glicko-2 (Glickman 2013), 100 points apart is a chance of 64 %
//! to 36 %. A match of four starts at once; after [`GATHER`] two are enough.

use crate::id::LearnerId;
use crate::time::SECOND;
use std::collections::HashSet;

/// The most learners in a match.
pub const MOST: usize = 4;
/// How long a match waits to be full, in milliseconds.
pub const GATHER: i64 = 3 * SECOND;
/// From when on anyone will do, in milliseconds.
pub const ANYONE: i64 = 8 * SECOND;
/// When someone who is alone is told so, in milliseconds.
pub const PATIENCE: i64 = 10 * SECOND;

/// A learner who waits for a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub who: LearnerId,
    /// Strength on Glicko-2's scale, 1500 for a newcomer, in whole points.
    pub rating: i64,
    /// How uncertain the rating is, 350 for a newcomer, in whole points.
    pub deviation: i64,
    /// How long they have waited, in milliseconds.
    pub waited: i64,
}

/// What becomes of those who wait; who is in neither list waits on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paired {
    /// Matches that start now, of two to [`MOST`] learners.
    pub matches: Vec<Vec<LearnerId>>,
    /// Those who are told that there is nobody.
    pub alone: Vec<LearnerId>,
}

impl Waiting {
    /// How far apart an opponent's rating may be.
    fn reach(&self) -> i64 {
        if self.waited >= ANYONE {
            i64::MAX
        } else {
            100 + self.waited / 20 + self.deviation
        }
    }

    fn gap(&self, other: &Self) -> i64 {
        self.rating.saturating_sub(other.rating).saturating_abs()
    }

    fn fits(&self, other: &Self) -> bool {
        self.gap(other) <= self.reach().max(other.reach())
    }
}

/// Who plays whom now. Whoever waited longest chooses first, and takes those nearest in rating
/// who fit everyone already in the match; of learners who wait twice the first place counts.
///
/// O(n² log n) for n who wait at worst, which is when nobody fits.
#[must_use]
pub fn pair(waiting: &[Waiting]) -> Paired {
    let mut seen = HashSet::new();
    let mut queue: Vec<&Waiting> = waiting.iter().filter(|w| seen.insert(w.who)).collect();
    queue.sort_by_key(|w| w.waited); // the last one waited longest
    let mut paired = Paired::default();
    while let Some(first) = queue.pop() {
        // Of five, four would leave one alone.
        let seats = if queue.len() == MOST { MOST - 1 } else { MOST };
        let mut near: Vec<&Waiting> = queue.iter().copied().filter(|w| first.fits(w)).collect();
        near.sort_by_key(|w| first.gap(w));
        let mut table = vec![first];
        for one in near {
            if table.len() < seats && table.iter().all(|sitting| sitting.fits(one)) {
                table.push(one);
            }
        }
        if table.len() == 1 {
            if first.waited >= PATIENCE {
                paired.alone.push(first.who);
            }
        } else if table.len() == MOST || first.waited >= GATHER {
            queue.retain(|w| !table.contains(w));
            paired.matches.push(table.iter().map(|w| w.who).collect());
        }
    }
    paired
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn who(n: u128) -> LearnerId {
        LearnerId(uuid::Uuid::from_u128(n))
    }

    fn waiting(n: u128, rating: i64, waited: i64) -> Waiting {
        Waiting {
            who: who(n),
            rating,
            deviation: 50,
            waited,
        }
    }

    #[test]
    fn four_alike_start_at_once_and_two_when_they_have_waited() {
        let four = [1, 2, 3, 4].map(|n| waiting(n, 1500 + 10 * n as i64, 0));
        assert_eq!(pair(&four).matches[0].len(), 4);
        assert_eq!(pair(&four[..2]), Paired::default());
        let two = [waiting(1, 1500, GATHER), waiting(2, 1510, 0)];
        assert_eq!(pair(&two).matches, [[who(1), who(2)]]);
    }

    #[test]
    fn of_five_nobody_is_left_over() {
        let five: Vec<_> = (0..5).map(|n| waiting(n, 1500, GATHER)).collect();
        let sizes: Vec<_> = pair(&five).matches.iter().map(Vec::len).collect();
        assert_eq!(sizes, [3, 2]);
    }

    #[test]
    fn the_nearest_in_strength_is_taken_and_the_reach_widens_with_waiting() {
        let near = [
            waiting(1, 1500, 5_000),
            waiting(2, 2400, 0),
            waiting(3, 1600, 0),
        ];
        assert_eq!(pair(&near).matches, [[who(1), who(3)]]);
        let many = [5, 90, 20, 80, 10, 70].map(|gap| waiting(gap, 1500 + gap as i64, 0));
        let all = [&[waiting(0, 1500, GATHER)][..], &many].concat();
        assert_eq!(pair(&all).matches[0], [0, 5, 10, 20].map(who));
        let far = |waited| pair(&[waiting(1, 1500, waited), waiting(2, 2400, 0)]);
        assert_eq!(far(ANYONE - 1), Paired::default());
        assert_eq!(far(ANYONE).matches.len(), 1);
    }

    #[test]
    fn who_is_alone_is_told_after_ten_seconds_and_not_before() {
        let alone = |waited| pair(&[waiting(1, 1500, waited)]).alone;
        assert!(alone(PATIENCE - 1).is_empty());
        assert_eq!(alone(PATIENCE), [who(1)]);
    }

    #[test]
    fn who_waits_in_two_tabs_does_not_play_alone() {
        let twice = [waiting(1, 1500, 9_000), waiting(1, 1500, 4_000)];
        assert_eq!(pair(&twice), Paired::default());
    }

    fn any_waiting() -> impl Strategy<Value = Vec<Waiting>> {
        let one = (0_u128..40, 800_i64..2_400, 30_i64..350, 0_i64..12_000);
        let one = one.prop_map(|(n, rating, deviation, waited)| Waiting {
            deviation,
            ..waiting(n, rating, waited)
        });
        prop::collection::vec(one, 0..40)
    }

    proptest! {
        #[test]
        fn nobody_sits_twice_and_nobody_who_could_play_is_left(all in any_waiting()) {
            let paired = pair(&all);
            let mut placed: Vec<_> = paired.matches.iter().flatten().collect();
            placed.extend(&paired.alone);
            let once: HashSet<_> = placed.iter().collect();
            prop_assert_eq!(once.len(), placed.len());
            prop_assert!(paired.matches.iter().all(|m| (2..=MOST).contains(&m.len())));

            let mut seen = HashSet::new();
            let all = all.into_iter().filter(|w| seen.insert(w.who));
            let left: Vec<_> = all.filter(|w| !placed.contains(&&w.who)).collect();
            prop_assert!(left.iter().all(|w| w.waited < PATIENCE));
            for (n, a) in left.iter().enumerate() {
                for b in &left[n + 1..] {
                    prop_assert!(!a.fits(b) || a.waited.max(b.waited) < GATHER);
                }
            }
            prop_assert!(paired.alone.is_empty() || left.is_empty());
        }

        #[test]
        fn all_who_play_together_fit_each_other(all in any_waiting()) {
            let mut by_id = std::collections::HashMap::new();
            for one in &all {
                by_id.entry(one.who).or_insert(one);
            }
            for table in pair(&all).matches {
                for (a, b) in table.iter().flat_map(|a| table.iter().map(move |b| (a, b))) {
                    prop_assert!(by_id[a].fits(by_id[b]));
                }
            }
        }
    }
}
