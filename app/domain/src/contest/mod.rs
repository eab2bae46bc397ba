//! Contests (竞赛): papers drawn by seed, points, ranks, bonus credits.
//!
//! The rule guarded here: what is saved counts, with or without a submission, and closing is
//! computed from times. Start at [`Rules`] for what a contest promises. A contest goes through
//! the modules in this order: [`entry`], [`blueprint`] and [`draw`], [`format`], [`counting`],
//! [`rank`](ranks) with [`ladder`], [`group`] and [`freeze`] while it is open, [`stage`],
//! [`bonus`], and [`rescore`] when a question was wrong. [`pair`] is for quick matches.

mod bonus;
mod draw;
mod rank;
mod score;
mod window;

pub mod blueprint;
pub mod counting;
pub mod entry;
pub mod format;
pub mod freeze;
pub mod group;
pub mod ladder;
pub mod pair;
pub mod rescore;
pub mod stage;

pub use bonus::{Band, Bonus, BonusReason, bonus};
pub use draw::{Candidate, Item, draw};
pub use rank::{Standing, ranks};
pub use score::{Score, Scored, score};
pub use window::{Phase, deadline, phase};

use crate::id::TopicId;
use serde::{Deserialize, Serialize};

/// What a contest promises before it begins; never changed once it is open, but for the line of
/// its stage, which moves on record ([`stage::LineMoved`]).
///
/// Stored as JSON. What was added later is what the contests before it did when it is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Questions of a paper, unless [`Self::sections`] says it in detail.
    pub questions: usize,
    /// Minutes from the start to the deadline of an attempt.
    pub minutes: i64,
    /// Attempts a learner may make; [`Self::counting`] says which one counts.
    pub attempts: i64,
    /// Points for a right answer.
    pub points: i64,
    /// Topics that questions are drawn from; all when empty.
    pub topics: Vec<TopicId>,
    /// Bonus credits by rank.
    pub bands: Vec<Band>,
    /// Bonus credits for taking part: at least one saved answer.
    pub taking_part: i64,
    /// Who may enter.
    #[serde(default)]
    pub entry: entry::Entry,
    /// Sections of a paper; when empty, [`Self::questions`] from [`Self::topics`].
    #[serde(default)]
    pub sections: Vec<blueprint::Section>,
    /// Whether all learners get the same paper.
    #[serde(default)]
    pub papers: blueprint::Papers,
    /// Practice attempts a learner may make besides; they do not count.
    #[serde(default)]
    pub practice: i64,
    /// Which attempt counts.
    #[serde(default)]
    pub counting: counting::Counting,
    /// How points are made of answers.
    #[serde(default)]
    pub format: format::Format,
    /// Who goes on to the final, if there is one.
    #[serde(default)]
    pub line: Option<stage::Line>,
    /// How units, counties and prefectures are ranked.
    #[serde(default)]
    pub group: group::GroupRule,
    /// Minutes before the end from which the public board stands still; 0 for never.
    #[serde(default)]
    pub freeze: i64,
}

impl Default for Rules {
    /// What the form of a new contest shows: ten questions in ten minutes, once.
    fn default() -> Self {
        Self {
            questions: 10,
            minutes: 10,
            attempts: 1,
            points: 10,
            topics: Vec::new(),
            bands: Vec::new(),
            taking_part: 0,
            entry: entry::Entry::default(),
            sections: Vec::new(),
            papers: blueprint::Papers::default(),
            practice: 0,
            counting: counting::Counting::default(),
            format: format::Format::default(),
            line: None,
            group: group::GroupRule::default(),
            freeze: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stored_before_there_was_more_than_one_kind_read_as_what_they_did() {
        let stored = r#"{"questions":4,"minutes":5,"attempts":2,"points":10,"topics":[],
            "bands":[{"from":1,"to":1,"credits":50}],"taking_part":5}"#;
        let rules: Rules = serde_json::from_str(stored).unwrap();
        assert_eq!(
            rules,
            Rules {
                questions: 4,
                minutes: 5,
                attempts: 2,
                bands: vec![Band {
                    from: 1,
                    to: 1,
                    credits: 50
                }],
                taking_part: 5,
                ..Rules::default()
            }
        );
        assert_eq!(rules.counting, counting::Counting::Best);
        assert_eq!(rules.format, format::Format::RightFirst);
        assert_eq!(rules.papers, blueprint::Papers::Each);
    }
}
