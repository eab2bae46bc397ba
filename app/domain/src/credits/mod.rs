//! Credits (学分): a ledger of entries, never a number that is overwritten.
//!
//! The rule guarded here: an event earns once, and never more than the caps of the policy allow.
//! Start at [`Policy::grant`].

use serde::{Deserialize, Serialize};

/// Where an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Reading, watching and finishing lessons.
    Study,
    /// The daily questions.
    Practice,
    /// Bonus credits of a contest, outside the daily cap.
    Contest,
    /// The yearly exam.
    Exam,
    /// An administrator's entry, with a reason.
    Manual,
}

impl Source {
    /// All sources, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Study,
        Self::Practice,
        Self::Contest,
        Self::Exam,
        Self::Manual,
    ];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Practice => "practice",
            Self::Contest => "contest",
            Self::Exam => "exam",
            Self::Manual => "manual",
        }
    }

    /// The source behind a word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
}

/// The most that a source may earn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Cap {
    /// A day, if bounded.
    pub daily: Option<i64>,
    /// A year, if bounded.
    pub yearly: Option<i64>,
}

/// What earns how much. An administrator may change it; every version is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The year's goal, in credits.
    pub goal: i64,
    /// Full minutes of study that earn [`Self::study_step_credits`].
    pub study_step_minutes: i64,
    /// Credits for each such step of a day.
    pub study_step_credits: i64,
    /// Credits for a finished lesson, once.
    pub lesson_credits: i64,
    /// Credits for a right answer of the day's practice.
    pub practice_right_credits: i64,
    /// The most that study may earn.
    pub study: Cap,
    /// The most that practice may earn.
    pub practice: Cap,
    /// What quick matches earn. A policy that was kept before there were any has the usual.
    #[serde(default)]
    pub quick: QuickPolicy,
}

/// What quick matches (快速对战) earn: bonus credits, with a small cap of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickPolicy {
    /// Credits for taking part in a match that counts.
    pub taking_part: i64,
    /// Credits more for the first of it.
    pub winning: i64,
    /// The most of a day.
    pub daily: i64,
}

impl Default for QuickPolicy {
    fn default() -> Self {
        Self {
            taking_part: 1,
            winning: 1,
            daily: 4,
        }
    }
}

impl QuickPolicy {
    /// How much of `amount` is granted when quick matches have earned `today` so far.
    #[must_use]
    pub fn grant(&self, amount: i64, today: i64) -> i64 {
        amount.min((self.daily - today).max(0))
    }
}

impl Default for Policy {
    /// The policy of a new database.
    fn default() -> Self {
        Self {
            goal: 1000,
            study_step_minutes: 5,
            study_step_credits: 2,
            lesson_credits: 5,
            practice_right_credits: 1,
            study: Cap {
                daily: Some(30),
                yearly: Some(800),
            },
            practice: Cap {
                daily: Some(5),
                yearly: Some(400),
            },
            quick: QuickPolicy::default(),
        }
    }
}

impl Policy {
    /// The cap of a source. Contest, exam and manual entries have none.
    #[must_use]
    pub fn cap(&self, source: Source) -> Cap {
        match source {
            Source::Study => self.study,
            Source::Practice => self.practice,
            Source::Contest | Source::Exam | Source::Manual => Cap::default(),
        }
    }

    /// How much of `amount` is granted when the source has earned `today` and `this_year` so far;
    /// 0 when a cap is reached. Never negative unless `amount` is: corrections pass as they are.
    #[must_use]
    pub fn grant(&self, source: Source, amount: i64, today: i64, this_year: i64) -> i64 {
        let cap = self.cap(source);
        let left = |limit: Option<i64>, used: i64| limit.map_or(i64::MAX, |l| (l - used).max(0));
        amount
            .min(left(cap.daily, today))
            .min(left(cap.yearly, this_year))
    }

    /// How many steps of study a day's `milliseconds` hold.
    #[must_use]
    pub fn study_steps(&self, milliseconds: i64) -> i64 {
        milliseconds / (self.study_step_minutes.max(1) * crate::time::MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_grant_stops_at_the_daily_and_at_the_yearly_cap() {
        let p = Policy::default();
        assert_eq!(p.grant(Source::Study, 5, 0, 0), 5);
        assert_eq!(p.grant(Source::Study, 5, 28, 28), 2);
        assert_eq!(p.grant(Source::Study, 5, 30, 30), 0);
        assert_eq!(p.grant(Source::Study, 5, 0, 799), 1);
    }

    #[test]
    fn bonus_credits_of_a_contest_are_outside_the_caps() {
        assert_eq!(
            Policy::default().grant(Source::Contest, 50, 1_000, 10_000),
            50
        );
    }

    #[test]
    fn quick_matches_stop_at_their_own_cap_and_an_older_policy_has_it_too() {
        let quick = Policy::default().quick;
        assert_eq!(
            [0, 3, 4, 9].map(|today| quick.grant(2, today)),
            [2, 1, 0, 0]
        );
        let mut older = serde_json::to_value(Policy::default()).expect("JSON");
        older.as_object_mut().expect("an object").remove("quick");
        let read: Policy = serde_json::from_value(older).expect("a policy");
        assert_eq!(read, Policy::default());
    }

    #[test]
    fn a_step_takes_its_full_minutes() {
        let p = Policy::default();
        assert_eq!(p.study_steps(299_999), 0);
        assert_eq!(p.study_steps(300_000), 1);
        assert_eq!(p.study_steps(3_600_000), 12);
    }

    #[test]
    fn words_of_sources_lead_back_to_them() {
        for source in Source::ALL {
            assert_eq!(Source::parse(source.as_str()), Some(source));
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_events_earns_more_than_a_cap(amounts in prop::collection::vec(0_i64..20, 0..200)) {
            let p = Policy::default();
            let mut day = 0;
            for a in amounts { day += p.grant(Source::Study, a, day, day); }
            prop_assert!(day <= 30);
        }
    }
}
