//! When a lesson counts as studied.

/// The share of a lesson that must be covered unless the lesson says otherwise, in thousandths.
pub const DEFAULT_SHARE: i64 = 900;

/// Whether `covered` milliseconds of a lesson of `length` milliseconds reach `share` thousandths
/// of it. A lesson without a length is never covered.
#[must_use]
pub fn covers(covered: i64, length: i64, share: i64) -> bool {
    length > 0 && covered.saturating_mul(1000) >= length.saturating_mul(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_tenths_are_enough_and_a_millisecond_less_is_not() {
        assert!(covers(54_000, 60_000, DEFAULT_SHARE));
        assert!(!covers(53_999, 60_000, DEFAULT_SHARE));
        assert!(!covers(0, 0, DEFAULT_SHARE));
    }
}
