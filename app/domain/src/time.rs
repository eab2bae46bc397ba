//! Time as the product counts it: instants are milliseconds UTC, days and years are those of
//! Beijing (UTC+8, without daylight saving since 1991), because caps and goals are by the day and
//! the year that a learner lives in.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

/// Milliseconds in a second.
pub const SECOND: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in a day.
pub const DAY: i64 = 24 * 60 * MINUTE;

impl Millis {
    /// The date and the time of day in Beijing.
    ///
    /// An instant outside the years that a calendar can hold is taken as the epoch.
    #[must_use]
    pub fn beijing(self) -> DateTime {
        let instant = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        Offset::constant(8).to_datetime(instant)
    }

    /// The day in Beijing.
    #[must_use]
    pub fn day(self) -> Date {
        self.beijing().date()
    }

    /// The calendar year in Beijing.
    #[must_use]
    pub fn year(self) -> i64 {
        i64::from(self.beijing().year())
    }

    /// This instant moved by `ms` milliseconds.
    #[must_use]
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        let before = Millis(1_767_196_799_999); // 2025-12-31T15:59:59.999Z
        assert_eq!(before.day().to_string(), "2025-12-31");
        assert_eq!(before.plus(1).day().to_string(), "2026-01-01");
        assert_eq!(before.plus(1).year(), 2026);
    }

    #[test]
    fn an_impossible_instant_is_taken_as_the_epoch() {
        assert_eq!(Millis(i64::MAX).year(), 1970);
    }
}
