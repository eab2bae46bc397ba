//! Which paper belongs to which attempt.
//!
//! The rule guarded here: nobody can work a paper out before it is opened, and practice shows
//! nothing of it. Start at [`Rules::paper`].

use super::blueprint::{Described, draw_sections};
use super::counting::Purpose;
use super::{Item, Rules, draw};
use crate::id::{ContestId, LearnerId, TopicId};
use crate::seed::seed_of;
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
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
        seed_of(&[
            &secret.to_string(),
            &contest.to_string(),
            &learner,
            purpose.as_str(),
            &number.to_string(),
        ])
    }
}

/// What of `pool` a practice paper may be drawn from when everyone gets the same papers: nothing
/// that is in `papers`, and no near double of it.
#[must_use]
pub fn without<D: Borrow<Described>>(pool: Vec<D>, papers: &[Item]) -> Vec<D> {
    let ids: HashSet<_> = papers.iter().map(|item| &item.question).collect();
    let shown = |d: &Described| ids.contains(&d.candidate.id);
    let families: HashSet<_> = pool
        .iter()
        .map(Borrow::borrow)
        .filter(|d| shown(d))
        .filter_map(|d| d.candidate.family.clone())
        .collect();
    let near = |d: &Described| {
        let family = d.candidate.family.as_ref();
        family.is_some_and(|f| families.contains(f))
    };
    pool.into_iter()
        .filter(|d| !shown(d.borrow()) && !near(d.borrow()))
        .collect()
}

impl Rules {
    /// Whether keys and explanations are shown once an attempt is over: where everyone gets the
    /// same papers, others sit them until the contest closes. Practice shows nothing of those.
    #[must_use]
    pub fn shows_keys(&self, purpose: Purpose, closes: Millis, now: Millis) -> bool {
        purpose == Purpose::Practice || self.papers == Papers::Each || now >= closes
    }

    /// The topics whose questions a paper can hold; all when empty. What is frozen of the bank
    /// for a contest.
    #[must_use]
    pub fn drawn_topics(&self) -> Vec<TopicId> {
        if self.sections.is_empty() {
            return self.topics.clone();
        }
        if self.sections.iter().any(|s| s.topics.is_empty()) {
            return Vec::new();
        }
        let mut topics: Vec<TopicId> = self
            .sections
            .iter()
            .flat_map(|s| s.topics.clone())
            .collect();
        topics.sort();
        topics.dedup();
        topics
    }

    /// The paper of the attempt with this `number` for this `purpose`, drawn from `bank` by what
    /// the rules promise: by sections where there are any, otherwise from [`Rules::topics`].
    ///
    /// Where everyone gets the same papers, practice is drawn from what is in none of them.
    #[must_use]
    pub fn paper(
        &self,
        bank: &[Described],
        secret: u64,
        contest: ContestId,
        learner: LearnerId,
        purpose: Purpose,
        number: i64,
    ) -> Vec<Item> {
        let seed = |purpose, number| self.papers.seed(secret, contest, learner, purpose, number);
        let mut pool: Vec<&Described> = bank.iter().collect();
        if purpose == Purpose::Practice && self.papers == Papers::Same {
            let ranked = (1..=self.attempts).map(|n| seed(Purpose::Rank, n));
            let shown: Vec<Item> = ranked
                .flat_map(|seed| self.drawn(pool.clone(), seed))
                .collect();
            pool = without(pool, &shown);
        }
        self.drawn(pool, seed(purpose, number))
    }

    fn drawn(&self, pool: Vec<&Described>, seed: u64) -> Vec<Item> {
        if !self.sections.is_empty() {
            return draw_sections(pool, &self.sections, seed).items;
        }
        let fits = |d: &&Described| self.topics.is_empty() || self.topics.contains(&d.topic);
        let pool = pool.into_iter().filter(fits).map(|d| &d.candidate);
        draw(pool.collect(), self.questions, seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::Candidate;
    use crate::contest::blueprint::Section;
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

    fn rules(papers: Papers) -> Rules {
        Rules {
            questions: 2,
            attempts: 2,
            papers,
            ..Rules::default()
        }
    }

    fn paper(rules: &Rules, who: u128, purpose: Purpose, number: i64) -> Vec<Item> {
        let bank: Vec<_> = (0..12).map(|n| question(n, None)).collect();
        let id = |n| uuid::Uuid::from_u128(n);
        let (contest, learner) = (ContestId(id(1)), LearnerId(id(who)));
        rules.paper(&bank, 7, contest, learner, purpose, number)
    }

    #[test]
    fn where_all_have_the_same_papers_practice_holds_no_question_of_any_of_them() {
        let same = rules(Papers::Same);
        let ranked = |who, n| paper(&same, who, Purpose::Rank, n);
        assert_eq!(ranked(1, 1), ranked(2, 1));
        let shown = [ranked(1, 1), ranked(1, 2)].concat();
        for number in 1..6 {
            let practice = paper(&same, 1, Purpose::Practice, number);
            assert_eq!(practice.len(), 2);
            let seen = |item: &Item| shown.iter().any(|s| s.question == item.question);
            assert!(!practice.iter().any(seen));
        }
        let each = rules(Papers::Each);
        let own = |who| paper(&each, who, Purpose::Rank, 1);
        assert_ne!(own(1), own(2));
    }

    #[test]
    fn what_is_frozen_is_what_sections_can_take_and_all_where_one_takes_any() {
        let of = |topics: &[&str]| Section {
            topics: topics.iter().map(|t| TopicId::from(*t)).collect(),
            count: 1,
            ..Section::default()
        };
        let with = |sections| Rules {
            topics: vec!["a".into()],
            sections,
            ..Rules::default()
        };
        let topics = |sections| with(sections).drawn_topics();
        assert_eq!(topics(vec![]), ["a".into()]);
        let both = topics(vec![of(&["c", "b"]), of(&["b"])]);
        assert_eq!(both, ["b".into(), "c".into()]);
        assert!(topics(vec![of(&["b"]), of(&[])]).is_empty());
    }

    #[test]
    fn the_key_of_a_paper_that_others_still_sit_is_told_after_the_end_alone() {
        let rules = |papers| Rules {
            papers,
            ..Rules::default()
        };
        let shows = |papers, purpose, now| {
            let closes = Millis(10);
            rules(papers).shows_keys(purpose, closes, Millis(now))
        };
        assert!(!shows(Papers::Same, Purpose::Rank, 9));
        assert!(shows(Papers::Same, Purpose::Rank, 10));
        assert!(shows(Papers::Same, Purpose::Practice, 9));
        assert!(shows(Papers::Each, Purpose::Rank, 9));
    }
}
