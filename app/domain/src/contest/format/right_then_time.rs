//! `right-then-time`: points × right answers, and a bonus of
//! `⌊(points − 1) × right ÷ questions × time left ÷ time allowed⌋`.
//!
//! The bonus grows with right answers too, so that who hurries through without knowing gets
//! nothing for it. Time runs to the last answer that changed something.

use super::Facts;

/// All answers right at once is the whole bonus.
pub(super) const fn share(facts: &Facts<'_>) -> (i64, i64) {
    let left = facts.limit - facts.used;
    (facts.right * left, facts.counted * facts.limit)
}
