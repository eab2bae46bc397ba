//! Identifiers. What the product makes is a time-ordered UUIDv7 (RFC 9562); what editors name is
//! a short word. Both are newtypes, so that a learner can not be passed where a unit is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Declares id newtypes over a UUID.
macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, uuid::Error> { s.parse().map(Self) }
        }
    )*};
}

/// Declares id newtypes over a short word.
macro_rules! word_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl From<&str> for $name {
            fn from(s: &str) -> Self { Self(s.to_owned()) }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str { &self.0 }
        }
    )*};
}

uuid_ids! {
    /// A learner (学员), and whoever else signs in.
    LearnerId;
    /// A contest (竞赛).
    ContestId;
    /// One attempt (作答) of a learner in a contest.
    AttemptId;
    /// A team (代表队) of a contest.
    TeamId;
    /// A live match of a team challenge (团体挑战赛).
    MatchId;
    /// One page on one device: a phone that opens the page anew is another one.
    DeviceId;
    /// Something a client asks for once: the same id again changes nothing more.
    EventId;
}

word_ids! {
    /// A unit (单位) of the organisation tree; a division's node carries its GB/T 2260 code.
    UnitId;
    /// A lesson (课件).
    LessonId;
    /// A question of the bank (题).
    QuestionId;
    /// A topic (专题).
    TopicId;
    /// The address of a law (法律): its short title.
    LawSlug;
}

impl EventId {
    /// When it was made, by the clock of whoever made it; `None` for an id that is no UUIDv7.
    #[must_use]
    pub fn made_at(self) -> Option<crate::time::Millis> {
        let (seconds, nanoseconds) = self.0.get_timestamp()?.to_unix();
        let millis = seconds * 1_000 + u64::from(nanoseconds) / 1_000_000;
        i64::try_from(millis).ok().map(crate::time::Millis)
    }
}

/// A UUIDv7 made of a time in milliseconds UTC and ten random bytes.
#[must_use]
pub fn uuid_v7(now: crate::time::Millis, random: &[u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(now.0.max(0).cast_unsigned(), random).into_uuid()
}
