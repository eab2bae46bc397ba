//! Ranks: standard competition ranking (1, 1, 3).

use super::Score;
use std::cmp::{Ordering, Reverse};

/// Someone and what they reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<T> {
    /// Who.
    pub who: T,
    /// The score that counts.
    pub score: Score,
}

/// Which of two scores stands before the other: more points first, then less time.
pub(super) fn order(a: &Score, b: &Score) -> Ordering {
    (Reverse(a.points), a.time).cmp(&(Reverse(b.points), b.time))
}

/// Everyone with their rank, best first. Equal points and equal time share a rank, and the ranks
/// after them are left out.
#[must_use]
pub fn ranks<T>(mut standings: Vec<Standing<T>>) -> Vec<(i64, Standing<T>)> {
    standings.sort_by(|a, b| order(&a.score, &b.score));
    let mut ranked: Vec<(i64, Standing<T>)> = Vec::with_capacity(standings.len());
    for (place, standing) in (1..).zip(standings) {
        let rank = match ranked.last() {
            Some((rank, last)) if order(&last.score, &standing.score).is_eq() => *rank,
            _ => place,
        };
        ranked.push((rank, standing));
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(who: &str, points: i64, time: i64) -> Standing<String> {
        Standing {
            who: who.into(),
            score: Score {
                right: points / 10,
                points,
                time,
            },
        }
    }

    #[test]
    fn ties_share_a_rank_and_the_next_is_left_out() {
        let ranked = ranks(vec![
            standing("c", 80, 9),
            standing("a", 90, 5),
            standing("d", 70, 1),
            standing("b", 90, 5),
        ]);
        let seen: Vec<_> = ranked.iter().map(|(r, s)| (*r, s.who.as_str())).collect();
        assert_eq!(seen, [(1, "a"), (1, "b"), (3, "c"), (4, "d")]);
    }

    #[test]
    fn time_never_beats_knowledge() {
        let ranked = ranks(vec![
            standing("fast", 80, 1),
            standing("right", 90, 999_999),
        ]);
        assert_eq!(ranked[0].1.who, "right");
    }
}
