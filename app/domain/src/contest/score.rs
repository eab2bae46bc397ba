//! Points of an attempt: right answers first, time only to break ties.

use super::Rules;
use super::format::{Format, Mark};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// A saved answer, as far as the score goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// Whether it is right.
    pub right: bool,
    /// When the server received the revision that counts.
    pub received: Millis,
}

/// The score of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Score {
    /// Right answers.
    pub right: i64,
    /// `points of the rules × right answers`, and what the contest's format adds.
    pub points: i64,
    /// Milliseconds from the start to the last answer that changed something: pressing submit
    /// costs no time and saves none.
    pub time: i64,
}

/// The score of the saved answers of an attempt that began at `started`, in any order, by
/// [`Format::RightFirst`]. Other formats need the whole paper: [`Format::score`].
#[must_use]
pub fn score(rules: &Rules, started: Millis, answers: &[Scored]) -> Score {
    let marks: Vec<Mark> = answers.iter().copied().map(Mark::from).collect();
    Format::RightFirst.score(rules, started, &marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_right_answers_and_time_is_the_last_answer() {
        let rules = Rules {
            questions: 10,
            minutes: 5,
            attempts: 1,
            points: 10,
            topics: vec![],
            bands: vec![],
            taking_part: 0,
            ..Rules::default()
        };
        let at = |ms: i64| Millis(1_000 + ms);
        let answers = [
            Scored {
                right: true,
                received: at(5_000),
            },
            Scored {
                right: false,
                received: at(9_000),
            },
            Scored {
                right: true,
                received: at(7_000),
            },
        ];
        assert_eq!(
            score(&rules, Millis(1_000), &answers),
            Score {
                right: 2,
                points: 20,
                time: 9_000
            }
        );
        assert_eq!(score(&rules, Millis(1_000), &[]), Score::default());
    }
}
