//! When a contest is open and when an attempt ends: computed from times, nothing has to run.

use super::Rules;
use crate::time::{MINUTE, Millis};
use serde::{Deserialize, Serialize};

/// Where a contest stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Not open yet.
    Coming,
    /// Can be entered.
    Open,
    /// Over.
    Closed,
}

/// Where a contest with the window `opens..closes` stands at `now`.
#[must_use]
pub fn phase(opens: Millis, closes: Millis, now: Millis) -> Phase {
    if now < opens {
        Phase::Coming
    } else if now < closes {
        Phase::Open
    } else {
        Phase::Closed
    }
}

/// When an attempt that began at `started` ends: after the minutes of the rules, or with the
/// contest if that is sooner. An answer received at that very instant is too late.
#[must_use]
pub fn deadline(rules: &Rules, started: Millis, closes: Millis) -> Millis {
    started
        .plus(rules.minutes.saturating_mul(MINUTE))
        .min(closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contest_is_open_from_its_first_instant_to_just_before_its_last() {
        let at = |now| phase(Millis(10), Millis(20), Millis(now));
        assert_eq!(
            [at(9), at(10), at(19), at(20)],
            [Phase::Coming, Phase::Open, Phase::Open, Phase::Closed]
        );
    }
}
