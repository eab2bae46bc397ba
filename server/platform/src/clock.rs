//! The one place that makes time. Services take `now` as a parameter; only the edges ask here.

use domain::time::Millis;
use std::sync::LazyLock;
use std::time::Instant;

/// The time of this machine, in milliseconds UTC.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place that makes time")]
pub fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Millis(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}

/// The time of this machine in microseconds UTC, as it was when the program began and running on
/// evenly since: a clock that is set does not touch it. For measuring what lies between two
/// instants.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place that makes time")]
pub fn micros() -> i64 {
    static BEGAN: LazyLock<(i64, Instant)> =
        LazyLock::new(|| (now().0.saturating_mul(1_000), Instant::now()));
    let since = i64::try_from(BEGAN.1.elapsed().as_micros()).unwrap_or(i64::MAX);
    BEGAN.0.saturating_add(since)
}

/// `now` and what has passed since `began`: when something is done that waited in a queue.
#[must_use]
pub fn after(now: Millis, began: Instant) -> Millis {
    now.plus(i64::try_from(began.elapsed().as_millis()).unwrap_or_default())
}

/// [`micros`] in milliseconds: what live matches are played by.
#[must_use]
pub fn steady() -> Millis {
    Millis(micros() / 1_000)
}
