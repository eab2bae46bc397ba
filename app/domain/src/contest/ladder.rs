//! The ladder: everyone's standing while a contest is live, kept in order as points come in.
//!
//! The rule guarded here: it says at every moment what [`ranks`](super::ranks) would say of the
//! same standings, without sorting them again. Start at [`Ladder::set`] and [`Ladder::rank`].
//!
//! Standings lie best first in buckets of less than 1 024, each a sorted vector: a sorted list of
//! two levels, as in Python's `sortedcontainers`. With n standings in b ≈ n ÷ 700 buckets, a
//! change costs two searches of O(log n) and moves at most a bucket of 24-byte keys; a rank adds up
//! the lengths of the buckets before, O(b + log n), which for 200 000 is some 300 numbers; the top
//! and the neighbours are read where they lie. A tree that counts its nodes would be O(log n)
//! throughout and several times the code.
//!
//! One ladder a board: the contest's, a prefecture's, a unit's. The caller numbers the learners of
//! each, 0, 1, …, and keeps who is who.

use super::rank::order;
use super::{Score, Standing};
use std::cmp::Reverse;

/// A bucket of so many standings is cut in two; a power of two, so that it never has more memory
/// than it can fill. Few in tests, so that small ones have many buckets.
const MOST: usize = if cfg!(test) { 16 } else { 1_024 };
/// Two neighbouring buckets that hold no more than this are joined.
const JOINED: usize = MOST / 2;

/// Where a standing lies: by points, then by time, then by the learner's number.
type Key = (Reverse<i64>, i64, u32);

/// The standings of a live contest in order.
#[derive(Debug, Clone, Default)]
pub struct Ladder {
    /// Never empty ones, best first.
    buckets: Vec<Vec<Key>>,
    /// The score of each learner who stands.
    scores: Vec<Option<Score>>,
}

fn key(who: u32, score: &Score) -> Key {
    (Reverse(score.points), score.time, who)
}

impl Ladder {
    /// Sets the score of learner number `who`, or takes the learner off the ladder.
    pub fn set(&mut self, who: u32, score: Option<Score>) {
        let at = who as usize;
        if at >= self.scores.len() {
            self.scores.resize(at + 1, None);
        }
        let before = std::mem::replace(&mut self.scores[at], score);
        if before == score {
            return;
        }
        if let Some(before) = before {
            self.remove(&key(who, &before));
        }
        if let Some(score) = score {
            self.insert(key(who, &score));
        }
    }

    /// How many stand.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buckets.iter().map(Vec::len).sum()
    }

    /// Whether nobody stands.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// Rank and score of learner number `who`: 1 and how many stand strictly before. `None` for
    /// who does not stand.
    #[must_use]
    pub fn rank(&self, who: u32) -> Option<(i64, Score)> {
        let score = self.score(who)?;
        Some((self.rank_of(&score), score))
    }

    /// The best `n` with their ranks, best first.
    #[must_use]
    pub fn top(&self, n: usize) -> Vec<(i64, Standing<u32>)> {
        self.slice(0, n)
    }

    /// Learner number `who` between the `n` before and the `n` after, with their ranks. Empty for
    /// who does not stand.
    #[must_use]
    pub fn around(&self, who: u32, n: usize) -> Vec<(i64, Standing<u32>)> {
        let Some(score) = self.score(who) else {
            return Vec::new();
        };
        let place = self.before(&key(who, &score));
        let first = place.saturating_sub(n);
        self.slice(first, (place - first + 1).saturating_add(n))
    }

    fn score(&self, who: u32) -> Option<Score> {
        *self.scores.get(who as usize)?
    }

    fn rank_of(&self, score: &Score) -> i64 {
        // Nobody's number is below 0: this key lies before all that share the score.
        let place = self.before(&key(0, score));
        i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The bucket in which `key` lies or would lie; one past the last when it is behind all.
    fn bucket(&self, key: &Key) -> usize {
        self.buckets
            .partition_point(|bucket| bucket.last().is_some_and(|last| last < key))
    }

    /// How many keys lie before `key`.
    fn before(&self, key: &Key) -> usize {
        let at = self.bucket(key);
        let whole: usize = self.buckets[..at].iter().map(Vec::len).sum();
        let inside = self.buckets.get(at);
        whole + inside.map_or(0, |bucket| bucket.partition_point(|k| k < key))
    }

    fn insert(&mut self, key: Key) {
        let at = self.bucket(&key).min(self.buckets.len().saturating_sub(1));
        let Some(bucket) = self.buckets.get_mut(at) else {
            self.buckets.push(vec![key]);
            return;
        };
        bucket.insert(bucket.partition_point(|k| *k < key), key);
        if bucket.len() >= MOST {
            let rest = bucket.split_off(MOST / 2);
            self.buckets.insert(at + 1, rest);
        }
    }

    fn remove(&mut self, key: &Key) {
        let at = self.bucket(key);
        let Some(bucket) = self.buckets.get_mut(at) else {
            return;
        };
        let Ok(inside) = bucket.binary_search(key) else {
            return;
        };
        bucket.remove(inside);
        if bucket.is_empty() {
            self.buckets.remove(at);
        } else {
            self.join(at);
        }
        if at > 0 {
            self.join(at - 1);
        }
    }

    /// Joins bucket `at` with the next if they are small. Without it, a crowd that moves on would
    /// leave a trail of buckets of a few keys each.
    fn join(&mut self, at: usize) {
        if let [this, next, ..] = &self.buckets[at..]
            && this.len() + next.len() <= JOINED
        {
            let next = self.buckets.remove(at + 1);
            self.buckets[at].extend(next);
        }
    }

    /// `n` standings from place `first` on, counted from 0, with their ranks.
    fn slice(&self, first: usize, n: usize) -> Vec<(i64, Standing<u32>)> {
        let mut rows: Vec<(i64, Standing<u32>)> = Vec::with_capacity(n.min(self.scores.len()));
        let keys = self.buckets.iter().flatten().skip(first).take(n);
        for (place, (_, _, who)) in (1..).zip(keys).map(|(nth, key)| (first + nth, *key)) {
            let Some(score) = self.score(who) else {
                continue;
            };
            let rank = match rows.last() {
                Some((rank, last)) if order(&last.score, &score).is_eq() => *rank,
                Some(_) => i64::try_from(place).unwrap_or(i64::MAX),
                None => self.rank_of(&score),
            };
            rows.push((rank, Standing { who, score }));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::ranks;
    use proptest::prelude::*;

    fn score(points: i64, time: i64) -> Score {
        Score {
            right: points / 10,
            points,
            time,
        }
    }

    #[test]
    fn equals_share_a_rank_and_who_left_has_none() {
        let mut ladder = Ladder::default();
        for (who, points) in (0..).zip([80, 90, 90, 70]) {
            ladder.set(who, Some(score(points, 5)));
        }
        let ranks = |ladder: &Ladder| {
            (0..5)
                .map(|w| ladder.rank(w).map(|r| r.0))
                .collect::<Vec<_>>()
        };
        assert_eq!(ranks(&ladder), [Some(3), Some(1), Some(1), Some(4), None]);
        ladder.set(1, None);
        assert_eq!(ranks(&ladder), [Some(2), None, Some(1), Some(3), None]);
        assert_eq!(ladder.len(), 3);
        assert!(ladder.around(1, 2).is_empty());
    }

    /// No bucket is empty, and no two neighbours are small.
    fn is_compact(ladder: &Ladder) -> bool {
        let sizes: Vec<_> = ladder.buckets.iter().map(Vec::len).collect();
        sizes.iter().all(|n| (1..MOST).contains(n))
            && sizes.windows(2).all(|pair| pair[0] + pair[1] > JOINED)
    }

    #[test]
    fn a_crowd_that_moves_on_leaves_no_trail_of_small_buckets() {
        let mut ladder = Ladder::default();
        for who in 0..1_000 {
            ladder.set(who, Some(score(0, i64::from(who))));
        }
        for who in (0..1_000).filter(|who| who % MOST as u32 != 0) {
            ladder.set(who, None);
            assert!(is_compact(&ladder));
        }
        assert_eq!(ladder.len(), 1_000_usize.div_ceil(MOST));
    }

    /// What the ladder is compared with: everything sorted again.
    fn sorted(scores: &[Option<Score>]) -> Vec<(i64, Standing<u32>)> {
        let standings = (0..).zip(scores);
        let standings = standings.filter_map(|(who, s)| s.map(|score| Standing { who, score }));
        ranks(standings.collect())
    }

    /// Many changes of few scores, so that ties are common, among enough learners for several
    /// buckets.
    fn changes() -> impl Strategy<Value = Vec<(u32, Option<Score>)>> {
        let some = (0_i64..9, 0_i64..9).prop_map(|(points, time)| score(points, time));
        prop::collection::vec((0_u32..300, prop::option::weighted(0.9, some)), 0..900)
    }

    proptest! {
        #[test]
        fn the_ladder_is_what_sorting_again_would_be(
            changes in changes(), who in 0_u32..300, n in 0_usize..40,
        ) {
            let mut ladder = Ladder::default();
            let mut scores = vec![None; 300];
            for (who, score) in changes {
                ladder.set(who, score);
                scores[who as usize] = score;
            }
            let wanted = sorted(&scores);
            prop_assert!(is_compact(&ladder));
            prop_assert_eq!(ladder.len(), wanted.len());
            prop_assert_eq!(ladder.is_empty(), wanted.is_empty());
            prop_assert_eq!(&ladder.top(usize::MAX), &wanted);
            prop_assert_eq!(&ladder.top(n), &wanted[..n.min(wanted.len())]);
            let place = wanted.iter().position(|(_, s)| s.who == who);
            let mine = place.map(|p| (wanted[p].0, wanted[p].1.score));
            prop_assert_eq!(ladder.rank(who), mine);
            let around = place.map_or(&[][..], |p| {
                &wanted[p.saturating_sub(n)..(p + n + 1).min(wanted.len())]
            });
            prop_assert_eq!(&ladder.around(who, n), around);
        }
    }
}
