//! Re-scoring after a question was found wrong, and what it moves.
//!
//! The rule guarded here: nothing is edited. Saved answers stay as they are, the rulings in force
//! say what a question counts as, and credits that were posted move by correcting entries. The dry
//! run and the later posting are the same call of [`diff`]. Start at [`Ruling`].
//!
//! A correction is always from the rulings that were in force to those that are: taking a ruling
//! back is the next correction, with one ruling fewer. While a contest's credits are not posted yet
//! there is nothing to correct: its scores are counted again, and what they earn is posted.

use super::format::{Mark, Verdict};
use super::{BonusReason, Rules, Score, Standing, bonus, ranks};
use crate::id::{ContestId, QuestionId};
use crate::question::{Answer, Key};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What an editor decides about a question of a closed contest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// 作废: as if it had not been asked. Nobody has points from it; the maximum of a paper stays,
    /// and its other questions share the points
    /// ([`Format::score`](super::format::Format::score)). The time spent on it stays spent.
    Void,
    /// 增加答案: what this key accepts is right too.
    Accept(Key),
    /// 全员给分: right for everyone whose paper holds it, answered or not. Where papers differ,
    /// [`Self::Void`] is the fairer: this one gives nothing to those who drew another question.
    FullMarks,
}

/// A ruling about a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// The question.
    pub question: QuestionId,
    /// What was decided.
    pub ruling: Ruling,
}

/// A question as it was asked in an attempt.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The question.
    pub question: &'a QuestionId,
    /// What was right when it was asked.
    pub key: &'a Key,
    /// The revision that counts, in options, and when the server received it.
    pub saved: Option<(&'a Answer, Millis)>,
}

impl Asked<'_> {
    /// What the question counts as under `rulings`, in any order. Of several about one question,
    /// void goes before full marks, and full marks before further answers.
    #[must_use]
    pub fn mark(&self, rulings: &[Ruled]) -> Mark {
        let about = || {
            rulings
                .iter()
                .filter(|r| r.question == *self.question)
                .map(|r| &r.ruling)
        };
        let is_right = |answer| {
            let accepts =
                |ruling: &Ruling| matches!(ruling, Ruling::Accept(key) if key.grade(answer));
            self.key.grade(answer) || about().any(accepts)
        };
        let verdict = if about().any(|r| *r == Ruling::Void) {
            Verdict::Void
        } else if about().any(|r| *r == Ruling::FullMarks)
            || self.saved.is_some_and(|(answer, _)| is_right(answer))
        {
            Verdict::Right
        } else {
            Verdict::Wrong
        };
        Mark {
            verdict,
            received: self.saved.map(|(_, received)| received),
        }
    }
}

/// The score under `rulings` of an attempt that began at `started`, of all questions of its paper
/// in the order of the paper. Without rulings it is the score that the attempt had.
///
/// Every attempt of a learner is re-scored, then [`counted`](super::counting::counted) says again
/// which one counts.
#[must_use]
pub fn rescore(rules: &Rules, started: Millis, paper: &[Asked<'_>], rulings: &[Ruled]) -> Score {
    let marks: Vec<Mark> = paper.iter().map(|asked| asked.mark(rulings)).collect();
    rules.format.score(rules, started, &marks)
}

/// Someone in the standings, by the rulings that were in force and by those that are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescored<T> {
    /// Who.
    pub who: T,
    /// Questions with a saved answer in the attempt that counts.
    pub answered: i64,
    /// The score that counted.
    pub before: Score,
    /// The score that counts now.
    pub after: Score,
}

/// Rank and points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Standard competition rank.
    pub rank: i64,
    /// Points.
    pub points: i64,
}

/// Bonus credits that move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// The rule of the bonus, by [`BonusReason::rule`].
    pub rule: &'static str,
    /// Credits by the rulings that were in force.
    pub from: i64,
    /// Credits by those that are.
    pub to: i64,
}

impl Correction {
    /// What the correcting entry of the ledger adds: negative where credits are lost.
    #[must_use]
    pub const fn amount(self) -> i64 {
        self.to - self.from
    }

    /// The id of the event that the entry is posted under: posted twice, it corrects once.
    /// `number` is the contest's correction, from 1.
    #[must_use]
    pub fn event(self, contest: ContestId, number: i64) -> String {
        format!("contest:{contest}:{}:correction-{number}", self.rule)
    }
}

/// Someone for whom something moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    /// Who.
    pub who: T,
    /// Where they stood.
    pub before: Place,
    /// Where they stand.
    pub after: Place,
    /// The bonus credits that move; empty when only rank or points do.
    pub corrections: Vec<Correction>,
}

/// Whose points, rank or bonus credits move, those who lead now first.
#[must_use]
pub fn diff<T>(rules: &Rules, everyone: Vec<Rescored<T>>) -> Vec<Change<T>> {
    // Who stands where, by position in `everyone`.
    let rank_by = |score: fn(&Rescored<T>) -> Score| {
        let standing = |(who, one)| Standing {
            who,
            score: score(one),
        };
        let mut by_position = vec![0; everyone.len()];
        for (rank, standing) in ranks(everyone.iter().enumerate().map(standing).collect()) {
            by_position[standing.who] = rank;
        }
        by_position
    };
    let before = rank_by(|one| one.before);
    let after = rank_by(|one| one.after);
    let mut changes: Vec<Change<T>> = everyone
        .into_iter()
        .zip(before.into_iter().zip(after))
        .map(|(one, (was, is))| Change {
            corrections: corrections(rules, one.answered, was, is),
            who: one.who,
            before: Place {
                rank: was,
                points: one.before.points,
            },
            after: Place {
                rank: is,
                points: one.after.points,
            },
        })
        .filter(|c| c.before != c.after || !c.corrections.is_empty())
        .collect();
    changes.sort_by_key(|c| (c.after.rank, c.before.rank));
    changes
}

fn corrections(rules: &Rules, answered: i64, was: i64, is: i64) -> Vec<Correction> {
    let (before, after) = (bonus(rules, was, answered), bonus(rules, is, answered));
    let credits = |of: &[super::Bonus], rule| {
        let same = of.iter().filter(|b| b.reason.rule() == rule);
        same.map(|b| b.credits).sum()
    };
    [BonusReason::TakingPart, BonusReason::Rank(is)]
        .into_iter()
        .map(|reason| Correction {
            rule: reason.rule(),
            from: credits(&before, reason.rule()),
            to: credits(&after, reason.rule()),
        })
        .filter(|c| c.amount() != 0)
        .collect()
}

#[cfg(test)]
mod tests;
