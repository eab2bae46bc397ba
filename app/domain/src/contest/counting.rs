//! Which attempt of a learner counts.
//!
//! The rule guarded here: what is saved counts, practice never does. Start at [`counted`].

use super::rank::order;
use super::{Rules, Score};
use serde::{Deserialize, Serialize};

/// Which of several attempts counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// The one with the best score; of equal ones the earliest.
    #[default]
    Best,
    /// The latest in which something was saved: opening one by mistake takes nothing away.
    Last,
    /// The first that was begun, even if nothing was saved in it: to look at a paper and leave
    /// is no free look.
    First,
}

impl Counting {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Best, Self::Last, Self::First];
}

/// What an attempt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To get to know the contest; it has a paper of its own and does not count.
    Practice,
    /// To be ranked.
    #[default]
    Rank,
}

/// An attempt that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// From 1, counted for each purpose by itself.
    pub number: i64,
    /// What it is for.
    pub purpose: Purpose,
    /// Questions with a saved answer.
    pub answered: i64,
    /// What the saved answers are worth.
    pub score: Score,
}

/// The attempt that counts, of attempts in any order; `None` while nothing that counts is saved.
#[must_use]
pub fn counted(counting: Counting, attempts: &[Begun]) -> Option<&Begun> {
    let ranked = attempts.iter().filter(|a| a.purpose == Purpose::Rank);
    let saved = |a: &&Begun| a.answered > 0;
    match counting {
        Counting::Best => ranked
            .filter(saved)
            .min_by(|a, b| order(&a.score, &b.score).then(a.number.cmp(&b.number))),
        Counting::Last => ranked.filter(saved).max_by_key(|a| a.number),
        Counting::First => ranked.min_by_key(|a| a.number).filter(saved),
    }
}

impl Purpose {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Rank => "rank",
        }
    }

    /// The purpose behind a word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Practice, Self::Rank]
            .into_iter()
            .find(|purpose| purpose.as_str() == word)
    }
}

impl Rules {
    /// How many attempts for `purpose` a learner may begin.
    #[must_use]
    pub const fn allowed(&self, purpose: Purpose) -> i64 {
        match purpose {
            Purpose::Practice => self.practice,
            Purpose::Rank => self.attempts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(number: i64, points: i64, time: i64) -> Begun {
        Begun {
            number,
            purpose: Purpose::Rank,
            answered: 5,
            score: Score {
                right: points / 10,
                points,
                time,
            },
        }
    }

    fn number(counting: Counting, attempts: &[Begun]) -> Option<i64> {
        counted(counting, attempts).map(|a| a.number)
    }

    #[test]
    fn the_best_is_by_points_then_time_then_the_earlier() {
        let attempts = [
            begun(4, 80, 5),
            begun(3, 90, 7),
            begun(2, 90, 6),
            begun(1, 90, 6),
        ];
        assert_eq!(number(Counting::Best, &attempts), Some(1));
        assert_eq!(number(Counting::Last, &attempts), Some(4));
        assert_eq!(number(Counting::First, &attempts), Some(1));
    }

    #[test]
    fn practice_never_counts_however_good() {
        let practice = Begun {
            purpose: Purpose::Practice,
            ..begun(1, 100, 1)
        };
        for counting in Counting::ALL {
            assert_eq!(number(counting, &[practice]), None);
            assert_eq!(number(counting, &[practice, begun(2, 10, 9)]), Some(2));
        }
    }

    #[test]
    fn an_attempt_with_nothing_saved_takes_nothing_away_but_is_no_free_look() {
        let empty = |number| Begun {
            answered: 0,
            ..begun(number, 0, 0)
        };
        let attempts = [empty(1), begun(2, 50, 9), empty(3)];
        assert_eq!(number(Counting::Best, &attempts), Some(2));
        assert_eq!(number(Counting::Last, &attempts), Some(2));
        assert_eq!(number(Counting::First, &attempts), None);
    }

    #[test]
    fn practice_attempts_are_allowed_by_themselves() {
        let rules = Rules {
            attempts: 1,
            practice: 3,
            ..Rules::default()
        };
        assert_eq!(rules.allowed(Purpose::Rank), 1);
        assert_eq!(rules.allowed(Purpose::Practice), 3);
    }
}
