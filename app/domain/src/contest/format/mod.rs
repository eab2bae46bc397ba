//! Scoring formats: how points are made of a paper's answers. One file a format, listed by
//! [`Format::ALL`].
//!
//! The rule guarded here: right answers first. A right answer is worth at least `points` of the
//! rules, and whatever a format adds for speed or streaks is less than that in total: a format
//! only says which share of `points − 1` it gives, and [`Format::score`] does the rest, so that no
//! format can break the rule. All numbers are whole points, rounded down once.
//!
//! To add one: a file with `pub(super) fn share(&Facts) -> (i64, i64)`, a variant, its word, and
//! the two sentences of the interface that it is called and explained by.

mod right_first;
mod right_then_time;
mod streak;

use super::{Rules, Score, Scored};
use crate::time::{MINUTE, Millis};
use serde::{Deserialize, Serialize};

/// A scoring format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Points for right answers; time only breaks ties.
    #[default]
    RightFirst,
    /// And a bounded bonus for time left.
    RightThenTime,
    /// And a bounded bonus for the longest run of right answers.
    Streak,
}

/// What a question of a paper counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// As right.
    Right,
    /// As wrong, or not answered.
    Wrong,
    /// As if it had not been asked.
    Void,
}

/// A question of a paper when points are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// What it counts as.
    pub verdict: Verdict,
    /// When the server received the revision that counts, if there is one.
    pub received: Option<Millis>,
}

impl Mark {
    /// A question without a saved answer.
    pub const OPEN: Self = Self {
        verdict: Verdict::Wrong,
        received: None,
    };
}

impl From<Scored> for Mark {
    fn from(answer: Scored) -> Self {
        Self {
            verdict: if answer.right {
                Verdict::Right
            } else {
                Verdict::Wrong
            },
            received: Some(answer.received),
        }
    }
}

/// What a format may look at.
struct Facts<'a> {
    /// The paper in its order.
    marks: &'a [Mark],
    /// Questions that count as right.
    right: i64,
    /// Questions that are not void; at least 1.
    counted: i64,
    /// Milliseconds used, from 0 to [`Self::limit`].
    used: i64,
    /// Milliseconds allowed: the minutes of the rules, the same for everyone, also for who began
    /// late and was cut short by the end of the contest.
    limit: i64,
}

impl Format {
    /// All formats, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::RightFirst, Self::RightThenTime, Self::Streak];

    /// The key of its name in the words of the interface.
    #[must_use]
    pub const fn name_key(self) -> &'static str {
        match self {
            Self::RightFirst => "contest.format-right-first",
            Self::RightThenTime => "contest.format-right-then-time",
            Self::Streak => "contest.format-streak",
        }
    }

    /// The key of its formula in the words of the interface, as shown to learners; it may use
    /// `{points}` and `{bonus}`, the most that the bonus can be.
    #[must_use]
    pub const fn formula_key(self) -> &'static str {
        match self {
            Self::RightFirst => "contest.formula-right-first",
            Self::RightThenTime => "contest.formula-right-then-time",
            Self::Streak => "contest.formula-streak",
        }
    }

    /// The most that the format adds to the points of right answers: one point less than a right
    /// answer, or nothing.
    #[must_use]
    pub fn bonus(self, rules: &Rules) -> i64 {
        match self {
            Self::RightFirst => 0,
            Self::RightThenTime | Self::Streak => (rules.points - 1).max(0),
        }
    }

    /// The score of an attempt that began at `started`, of the marks of its whole paper in the
    /// order of the paper.
    ///
    /// Where a question is void the paper's maximum stays and the other questions share its
    /// points: `⌊points × right × questions ÷ counted⌋`. Papers differ from learner to learner, and
    /// whoever happened to draw the bad question can neither lose nor win by it; of those with the
    /// same paper nobody is overtaken. A paper of void questions alone is worth 0.
    #[must_use]
    pub fn score(self, rules: &Rules, started: Millis, marks: &[Mark]) -> Score {
        let count = |verdict| marks.iter().filter(|m| m.verdict == verdict).count() as i64;
        let right = count(Verdict::Right);
        let all = marks.len() as i64;
        let counted = all - count(Verdict::Void);
        let time = marks
            .iter()
            .filter_map(|m| m.received)
            .map(|received| received.since(started).max(0))
            .max()
            .unwrap_or(0);
        let limit = rules.minutes.saturating_mul(MINUTE).max(1);
        let facts = Facts {
            marks,
            right,
            counted: counted.max(1),
            used: time.min(limit),
            limit,
        };
        let (num, den) = match self {
            Self::RightFirst => right_first::share(&facts),
            Self::RightThenTime => right_then_time::share(&facts),
            Self::Streak => streak::share(&facts),
        };
        let for_right = part(rules.points, right * all, facts.counted);
        let bonus = part(self.bonus(rules), num.clamp(0, den), den);
        Score {
            right,
            points: for_right + bonus,
            time,
        }
    }
}

/// `⌊whole × num ÷ den⌋`, whatever the size of the product. `den` is at least 1.
fn part(whole: i64, num: i64, den: i64) -> i64 {
    let exact = (i128::from(whole) * i128::from(num)).div_euclid(i128::from(den));
    i64::try_from(exact).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
