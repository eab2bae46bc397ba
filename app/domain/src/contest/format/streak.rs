//! `streak`: points × right answers, and a bonus of
//! `⌊(points − 1) × longest run of right answers ÷ questions⌋`.
//!
//! A run goes by the order of the paper, not by when answers came in, so that nobody can make one
//! by answering the sure questions first. A question left open ends it, a void one does not.

use super::{Facts, Verdict};

/// Every answer right is the whole bonus.
pub(super) fn share(facts: &Facts<'_>) -> (i64, i64) {
    let (mut run, mut longest) = (0, 0);
    for mark in facts.marks {
        run = match mark.verdict {
            Verdict::Right => run + 1,
            Verdict::Wrong => 0,
            Verdict::Void => run,
        };
        longest = longest.max(run);
    }
    (longest, facts.counted)
}
