//! The clock of a question, of a stake or of the floor.

use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// A clock that the players see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// It runs.
    Running {
        /// Until then.
        until: Millis,
    },
    /// It is stopped.
    Stopped {
        /// Milliseconds that are left.
        left: i64,
    },
}

impl Clock {
    pub(super) fn stop(self, at: Millis) -> Self {
        match self {
            Self::Running { until } => Self::Stopped {
                left: until.since(at).max(0),
            },
            Self::Stopped { .. } => self,
        }
    }

    pub(super) fn resume(self, at: Millis) -> Self {
        match self {
            Self::Stopped { left } => Self::Running {
                until: at.plus(left),
            },
            Self::Running { .. } => self,
        }
    }

    /// The same with so many milliseconds more, or fewer when negative, at `at`: no clock runs out
    /// before the moment at which its time is taken, so that this is undone to the millisecond.
    pub(super) fn moved(self, by_ms: i64, at: Millis) -> Self {
        match self {
            Self::Running { until } => Self::Running {
                until: until.plus(by_ms).max(until.min(at)),
            },
            Self::Stopped { left } => Self::Stopped {
                left: left.saturating_add(by_ms).max(0),
            },
        }
    }

    /// The same if it is stopped; running out at `until` if it would run longer.
    pub(super) fn at_the_latest(self, until: Millis) -> Self {
        match self {
            Self::Running { until: known } => Self::Running {
                until: known.min(until),
            },
            Self::Stopped { .. } => self,
        }
    }

    /// How many milliseconds more it has than another one, if both run or both are stopped.
    pub(super) fn exceeds(self, other: Self) -> i64 {
        match (self, other) {
            (Self::Running { until }, Self::Running { until: other }) => until.since(other),
            (Self::Stopped { left }, Self::Stopped { left: other }) => left.saturating_sub(other),
            _ => 0,
        }
    }

    /// When it runs out, if it runs.
    #[must_use]
    pub const fn until(self) -> Option<Millis> {
        match self {
            Self::Running { until } => Some(until),
            Self::Stopped { .. } => None,
        }
    }
}
