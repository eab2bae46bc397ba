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

    pub(super) fn moved(self, by_ms: i64) -> Self {
        match self {
            Self::Running { until } => Self::Running {
                until: until.plus(by_ms),
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

    /// When it runs out, if it runs.
    #[must_use]
    pub const fn until(self) -> Option<Millis> {
        match self {
            Self::Running { until } => Some(until),
            Self::Stopped { .. } => None,
        }
    }
}
