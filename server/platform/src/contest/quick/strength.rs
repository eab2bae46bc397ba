//! How strong learners are: Glicko-2 (Glickman 2013), one rating period a match, in which each
//! has played every other. Kept in whole numbers, so that both databases hold the same.

use skillratings::Outcomes;
use skillratings::glicko2::{Glicko2Config, Glicko2Rating, glicko2_rating_period};
use std::cmp::Ordering;

/// A rating as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Strength {
    /// In thousandths of a point.
    pub rating: i64,
    /// In thousandths of a point.
    pub deviation: i64,
    /// In millionths.
    pub volatility: i64,
}

/// The strength of someone who has not played.
pub(super) fn newcomer() -> Strength {
    kept(&Glicko2Rating::new())
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "ratings are thousands at most, and a cast from a float stops at the ends"
)]
fn kept(rating: &Glicko2Rating) -> Strength {
    Strength {
        rating: (rating.rating * 1e3).round() as i64,
        deviation: (rating.deviation * 1e3).round() as i64,
        volatility: (rating.volatility * 1e6).round() as i64,
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "ratings are far below where whole numbers get lost"
)]
fn read(strength: &Strength) -> Glicko2Rating {
    Glicko2Rating {
        rating: strength.rating as f64 / 1e3,
        deviation: strength.deviation as f64 / 1e3,
        volatility: strength.volatility as f64 / 1e6,
    }
}

/// The strengths after a match, of each one's rank and strength before it, in the same order.
pub(super) fn after(table: &[(i64, Strength)]) -> Vec<Strength> {
    let config = Glicko2Config::new();
    let others = |me: usize| {
        let rank = table[me].0;
        let others = table.iter().enumerate().filter(move |(n, _)| *n != me);
        others.map(move |(_, (theirs, strength))| {
            let outcome = match rank.cmp(theirs) {
                Ordering::Less => Outcomes::WIN,
                Ordering::Equal => Outcomes::DRAW,
                Ordering::Greater => Outcomes::LOSS,
            };
            (read(strength), outcome)
        })
    };
    (0..table.len())
        .map(|me| {
            let results: Vec<_> = others(me).collect();
            kept(&glicko2_rating_period(
                &read(&table[me].1),
                &results,
                &config,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(rating: i64, deviation: i64) -> Strength {
        Strength {
            rating: rating * 1_000,
            deviation: deviation * 1_000,
            volatility: 60_000,
        }
    }

    #[test]
    fn the_example_of_the_paper_comes_out() {
        // Glickman, "Example of the Glicko-2 system": 1464.06, 151.52, 0.05999.
        let me = strength(1_500, 200);
        let others = [
            (1, strength(1_400, 30)),
            (3, strength(1_550, 100)),
            (3, strength(1_700, 300)),
        ];
        // A win, then two losses: the first is behind me, the others before me.
        let table = [
            (2, me),
            (4, others[0].1),
            (1, others[1].1),
            (1, others[2].1),
        ];
        let after = after(&table)[0];
        assert_eq!(
            (after.rating / 1_000, after.deviation / 1_000),
            (1_464, 151)
        );
        assert!((59_990..=60_000).contains(&after.volatility));
    }

    #[test]
    fn who_wins_gains_who_loses_loses_and_equals_stay() {
        let new = newcomer();
        let changed = after(&[(1, new), (2, new)]);
        assert!(changed[0].rating > new.rating && changed[1].rating < new.rating);
        assert!(changed.iter().all(|s| s.deviation < new.deviation));
        let drawn = after(&[(1, new), (1, new)]);
        assert!(drawn.iter().all(|s| s.rating == new.rating));
    }
}
