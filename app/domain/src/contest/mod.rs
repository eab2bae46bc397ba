//! Contests (竞赛): papers drawn by seed, points, ranks, bonus credits.
//!
//! The rule guarded here: what is saved counts, with or without a submission, and closing is
//! computed from times. Start at [`Rules`] for what a contest promises. A contest goes through
//! the modules in this order: [`entry`], [`papers`] and [`blueprint`]; [`mod@format`],
//! [`counting`], [`ladder`], [`group`] and [`freeze`] while it is open; then [`ranks`], [`stage`]
//! and [`bonus()`], and [`rescore`] when a question was wrong. [`pair`] and [`quick`] are for quick matches; the
//! live challenge of teams is [`mod@match`], and [`buzzer`] says who pressed first.

mod bonus;
mod deal;
mod draw;
mod rank;
mod score;
mod window;

pub mod blueprint;
pub mod buzzer;
pub mod certificate;
pub mod challenge;
pub mod counting;
pub mod entry;
pub mod format;
pub mod freeze;
pub mod group;
pub mod ladder;
pub mod r#match;
pub mod pair;
pub mod papers;
pub mod quick;
pub mod rescore;
pub mod stage;
pub mod team;

pub use blueprint::Described;
pub use bonus::{Band, Bonus, BonusReason, bonus};
pub use deal::{deal, wanted};
pub use draw::{Candidate, Item, draw};
pub use rank::{Standing, ranks};
pub use score::{Score, Scored, score};
pub use window::{Phase, deadline, phase};

use crate::id::TopicId;
use group::GroupRule;
use serde::{Deserialize, Serialize};

/// What a contest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum ContestKind {
    /// 主题竞赛: about a topic, for everyone.
    #[default]
    Themed,
    /// 专项竞赛: for some of the learners, about what their work asks for.
    Special,
    /// 团体挑战赛: teams of units in live matches.
    Team,
}

impl ContestKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Themed, Self::Special, Self::Team];

    /// The word in the database and in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Themed => "themed",
            Self::Special => "special",
            Self::Team => "team",
        }
    }

    /// The kind behind a word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a contest promises before it begins; never changed once it is open. That a line was moved
/// stands beside it ([`stage::LineMoved`]).
///
/// Stored as JSON; a field that is missing there means what contests did before it was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Questions of a paper: those of [`Self::sections`] together, where there are any.
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
    /// Sections of a paper; when empty, it is drawn from [`Self::topics`].
    #[serde(default)]
    pub sections: Vec<blueprint::Section>,
    /// Whether all learners get the same paper.
    #[serde(default)]
    pub papers: papers::Papers,
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
    pub group: GroupRule,
    /// Minutes before the end from which the public board stands still; 0 for never.
    #[serde(default)]
    pub freeze: i64,
    /// What teams of a team challenge are made of; nothing else in the rules matters to one but
    /// [`Self::bands`] by place, [`Self::taking_part`], [`Self::topics`] and [`Self::entry`].
    #[serde(default)]
    pub team: Option<team::TeamRules>,
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
            papers: papers::Papers::default(),
            practice: 0,
            counting: counting::Counting::default(),
            format: format::Format::default(),
            line: None,
            group: GroupRule::default(),
            freeze: 0,
            team: None,
        }
    }
}

impl Rules {
    /// The first field that makes no contest, if any: what an editor's form has to say.
    #[must_use]
    pub fn defect(&self) -> Option<&'static str> {
        let in_sections: usize = self.sections.iter().map(|s| s.count).sum();
        let per_cent = |share| (0..=100).contains(&share);
        let sound = [
            ("questions", self.questions > 0),
            ("minutes", self.minutes > 0),
            ("attempts", self.attempts > 0),
            ("points", self.points > 0),
            (
                "bands",
                self.bands.iter().all(|b| 0 < b.from && b.from <= b.to),
            ),
            (
                "sections",
                self.sections.is_empty() || in_sections == self.questions,
            ),
            ("practice", self.practice >= 0),
            (
                "group",
                self.group.least > 0 && per_cent(self.group.share) && per_cent(self.group.weight),
            ),
            ("freeze", self.freeze >= 0),
        ];
        sound
            .into_iter()
            .find(|(_, is)| !is)
            .map(|(field, _)| field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_new_contest_makes_one_and_the_first_wrong_field_is_named() {
        let new = Rules::default();
        assert_eq!(new.defect(), None);
        let ten = |count| Rules {
            sections: vec![blueprint::Section {
                count,
                ..Default::default()
            }],
            ..Rules::default()
        };
        assert_eq!(
            (ten(10).defect(), ten(9).defect()),
            (None, Some("sections"))
        );
        let without_points = Rules { points: 0, ..new };
        assert_eq!(without_points.defect(), Some("points"));
    }

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
        assert_eq!(rules.papers, papers::Papers::Each);
    }
}
