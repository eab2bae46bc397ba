//! The one place that makes time. Services take `now` as a parameter; only the edges ask here.

use domain::time::Millis;

/// The time of this machine, in milliseconds UTC.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place that makes time")]
pub fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Millis(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}
