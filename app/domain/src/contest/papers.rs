//! Which paper belongs to which attempt.
//!
//! The rule guarded here: nobody can work a paper out before it is opened, and practice shows
//! nothing of it. Start at [`Papers::seed`].

use super::Item;
use super::blueprint::Described;
use super::counting::Purpose;
use crate::id::{ContestId, LearnerId};
use crate::seed::seed_of;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Whether everyone gets the same paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Papers {
    /// Everyone's first attempt has one paper, everyone's second another.
    Same,
    /// Each attempt of each learner has its own.
    #[default]
    Each,
}

impl Papers {
    /// The seed of the paper of an attempt: of the contest, the purpose and the number alone, or
    /// of the learner too.
    ///
    /// `secret` is drawn at random when the contest is made and stays on the server: all else in
    /// a seed is known to learners, and so is this code.
    #[must_use]
    pub fn seed(
        self,
        secret: u64,
        contest: ContestId,
        learner: LearnerId,
        purpose: Purpose,
        number: i64,
    ) -> u64 {
        let learner = match self {
            Self::Same => String::new(),
            Self::Each => learner.to_string(),
        };
        let purpose = match purpose {
            Purpose::Practice => "practice",
            Purpose::Rank => "rank",
        };
        seed_of(&[
            &secret.to_string(),
            &contest.to_string(),
            &learner,
            purpose,
            &number.to_string(),
        ])
    }
}

/// What of `pool` a practice paper may be drawn from when everyone gets the same papers: nothing
/// that is in `papers`, and no near double of it.
#[must_use]
pub fn without(pool: Vec<Described>, papers: &[Item]) -> Vec<Described> {
    let ids: HashSet<_> = papers.iter().map(|item| &item.question).collect();
    let shown = |d: &Described| ids.contains(&d.candidate.id);
    let families: HashSet<_> = pool
        .iter()
        .filter(|d| shown(d))
        .filter_map(|d| d.candidate.family.clone())
        .collect();
    pool.into_iter()
        .filter(|d| !shown(d))
        .filter(|d| {
            d.candidate
                .family
                .as_ref()
                .is_none_or(|f| !families.contains(f))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::{Candidate, draw};
    use crate::question::QuestionKind;

    fn question(n: usize, family: Option<&str>) -> Described {
        Described {
            candidate: Candidate {
                id: format!("q{n}").as_str().into(),
                kind: QuestionKind::Single,
                options: 4,
                family: family.map(Into::into),
            },
            topic: "t".into(),
            difficulty: 1,
        }
    }

    #[test]
    fn everyone_gets_the_same_paper_or_each_their_own_and_practice_is_another() {
        let id = |n| uuid::Uuid::from_u128(n);
        let seed = |papers: Papers, who, purpose, number| {
            papers.seed(7, ContestId(id(1)), LearnerId(id(who)), purpose, number)
        };
        let first = |papers, who| seed(papers, who, Purpose::Rank, 1);
        assert_eq!(first(Papers::Same, 1), first(Papers::Same, 2));
        assert_ne!(first(Papers::Each, 1), first(Papers::Each, 2));
        for papers in [Papers::Same, Papers::Each] {
            assert_ne!(first(papers, 1), seed(papers, 1, Purpose::Rank, 2));
            assert_ne!(first(papers, 1), seed(papers, 1, Purpose::Practice, 1));
            let elsewhere = |secret, contest| {
                papers.seed(
                    secret,
                    ContestId(id(contest)),
                    LearnerId(id(1)),
                    Purpose::Rank,
                    1,
                )
            };
            assert_eq!(elsewhere(7, 1), first(papers, 1));
            assert_ne!(elsewhere(8, 1), first(papers, 1));
            assert_ne!(elsewhere(7, 2), first(papers, 1));
        }
    }

    #[test]
    fn practice_shows_nothing_of_the_paper_and_no_near_double_of_it() {
        let families = [Some("a"), Some("a"), Some("b"), None];
        let pool: Vec<_> = (0..).zip(families).map(|(n, f)| question(n, f)).collect();
        let paper = draw(vec![pool[0].candidate.clone()], 1, 1);
        let left = without(pool, &paper);
        let ids: Vec<_> = left.iter().map(|d| d.candidate.id.0.as_str()).collect();
        assert_eq!(ids, ["q2", "q3"]);
    }
}
