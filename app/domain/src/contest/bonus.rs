//! Bonus credits (额外积分) of a closed contest.

use super::Rules;
use serde::{Deserialize, Serialize};

/// Ranks `from..=to` earn `credits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// First rank.
    pub from: i64,
    /// Last rank.
    pub to: i64,
    /// Bonus credits.
    pub credits: i64,
}

/// Why a bonus is given; with the contest and the person it makes the event that earns once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BonusReason {
    /// For taking part.
    TakingPart,
    /// For the rank.
    Rank(i64),
}

impl BonusReason {
    /// The rule's name in the event: one event a person, rule and contest.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::TakingPart => "taking-part",
            Self::Rank(_) => "rank",
        }
    }
}

/// A bonus that someone has earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bonus {
    /// Why.
    pub reason: BonusReason,
    /// Credits.
    pub credits: i64,
}

/// The bonus credits of someone who ended at `rank` with `answered` saved answers: for taking
/// part, and by the first band that holds the rank. Who saved nothing earns nothing.
#[must_use]
pub fn bonus(rules: &Rules, rank: i64, answered: i64) -> Vec<Bonus> {
    if answered == 0 {
        return Vec::new();
    }
    let part = Bonus {
        reason: BonusReason::TakingPart,
        credits: rules.taking_part,
    };
    let band = rules.bands.iter().find(|b| (b.from..=b.to).contains(&rank));
    let by_rank = band.map(|b| Bonus {
        reason: BonusReason::Rank(rank),
        credits: b.credits,
    });
    [Some(part), by_rank]
        .into_iter()
        .flatten()
        .filter(|b| b.credits > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            questions: 10,
            minutes: 5,
            attempts: 1,
            points: 10,
            topics: vec![],
            bands: vec![
                Band {
                    from: 1,
                    to: 1,
                    credits: 50,
                },
                Band {
                    from: 2,
                    to: 3,
                    credits: 30,
                },
            ],
            taking_part: 5,
            ..Rules::default()
        }
    }

    #[test]
    fn a_rank_in_a_band_earns_the_band_and_taking_part() {
        let credits: Vec<_> = bonus(&rules(), 3, 10).iter().map(|b| b.credits).collect();
        assert_eq!(credits, [5, 30]);
        assert_eq!(bonus(&rules(), 4, 1).len(), 1);
    }

    #[test]
    fn who_saved_nothing_earns_nothing_whatever_the_rank() {
        assert!(bonus(&rules(), 1, 0).is_empty());
    }
}
