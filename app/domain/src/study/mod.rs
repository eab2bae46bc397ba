//! Study time: which of the seconds that a page reports were really read or watched.
//!
//! The rule guarded here: study time is the union of intervals on the server's own clock, so
//! that overlapping, repeated or faster-than-the-clock intervals earn nothing more. Start at
//! [`accept`].

mod complete;
mod span;

pub use complete::{DEFAULT_SHARE, covers};
pub use span::{Span, Union};

use crate::time::{MINUTE, Millis};
use serde::{Deserialize, Serialize};

/// What a page says it showed: how long ago, by its own running clock, so that a wrong clock on
/// the phone changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Report {
    /// Intervals in which the page was visible and in use, `from` and `to` in milliseconds before
    /// the report was sent; `from` is the larger number.
    pub seen: Vec<Ago>,
    /// Intervals of a video's own timeline that were played, in milliseconds.
    pub watched: Vec<Span>,
}

/// An interval before now, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ago {
    /// Where it began, milliseconds ago.
    pub from: i64,
    /// Where it ended, milliseconds ago.
    pub to: i64,
}

/// The most intervals of each kind that one report may carry.
pub const MAX_INTERVALS: usize = 64;
/// How long a report may have been on its way, in milliseconds: what a lost signal held back.
pub const MAX_AGE: i64 = 120 * MINUTE;
/// What playing may run ahead of the clock, all reports of a video together, in milliseconds.
pub const SLACK: i64 = 2_000;

/// What a report was worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accepted {
    /// Milliseconds that were not counted before.
    pub seen: i64,
    /// Milliseconds of the video's timeline that were not counted before.
    pub watched: i64,
}

/// Adds a report to what is known and says what it was worth.
///
/// `time` is the union of everything that the learner studied, on the server's clock, whatever it
/// was; `media` is the union of the video's timeline (empty for a text); `length` its length in
/// milliseconds; `studied` is how long this subject was studied before. `not_before` is when the
/// learner signed in: nothing before it can be true. Intervals in the future, older than
/// [`MAX_AGE`] or turned round earn nothing. Of the video no more is counted than the clock allows,
/// and [`SLACK`] once: many small reports earn no more than one large one.
pub fn accept(
    time: &mut Union,
    media: &mut Union,
    report: &Report,
    length: i64,
    studied: i64,
    now: Millis,
    not_before: Millis,
) -> Accepted {
    let oldest = not_before.0.max(now.0 - MAX_AGE);
    let seen = report
        .seen
        .iter()
        .take(MAX_INTERVALS)
        .filter(|ago| ago.to >= 0 && ago.from > ago.to)
        .map(|ago| {
            time.add(Span {
                from: now.0.saturating_sub(ago.from).max(oldest),
                to: now.0.saturating_sub(ago.to),
            })
        })
        .sum();
    let ahead = (media.total() - studied).max(0);
    let mut allowance = if seen > 0 { seen + SLACK - ahead } else { 0 };
    let mut watched = 0;
    for span in report.watched.iter().take(MAX_INTERVALS) {
        let clipped = Span {
            from: span.from.max(0),
            to: span.to.min(length),
        };
        let gain = media.add_up_to(clipped, allowance);
        allowance -= gain;
        watched += gain;
    }
    Accepted { seen, watched }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn report(seen: &[(i64, i64)], watched: &[(i64, i64)]) -> Report {
        Report {
            seen: seen.iter().map(|&(from, to)| Ago { from, to }).collect(),
            watched: watched
                .iter()
                .map(|&(from, to)| Span { from, to })
                .collect(),
        }
    }

    fn take(time: &mut Union, media: &mut Union, r: &Report) -> Accepted {
        let studied = time.total();
        accept(time, media, r, 60_000, studied, NOW, Millis(0))
    }

    #[test]
    fn the_same_report_twice_earns_once() {
        let (mut time, mut media) = (Union::default(), Union::default());
        let r = report(&[(30_000, 0)], &[(0, 30_000)]);
        assert_eq!(
            take(&mut time, &mut media, &r),
            Accepted {
                seen: 30_000,
                watched: 30_000
            }
        );
        assert_eq!(take(&mut time, &mut media, &r), Accepted::default());
    }

    #[test]
    fn two_pages_open_at_once_earn_like_one() {
        let (mut time, mut media) = (Union::default(), Union::default());
        take(&mut time, &mut media, &report(&[(30_000, 0)], &[]));
        let second = take(&mut time, &mut media, &report(&[(40_000, 5_000)], &[]));
        assert_eq!(second.seen, 10_000);
    }

    #[test]
    fn a_video_played_faster_than_the_clock_counts_by_the_clock() {
        let (mut time, mut media) = (Union::default(), Union::default());
        let r = report(&[(10_000, 0)], &[(0, 60_000)]);
        assert_eq!(take(&mut time, &mut media, &r).watched, 10_000 + SLACK);
    }

    #[test]
    fn many_small_reports_run_no_further_ahead_than_one() {
        let (mut time, mut media) = (Union::default(), Union::default());
        for n in 0..10 {
            let r = report(&[(1_000 * (n + 1), 1_000 * n)], &[(0, 60_000)]);
            take(&mut time, &mut media, &r);
        }
        assert_eq!(media.total(), 10_000 + SLACK);
    }

    #[test]
    fn a_video_without_a_visible_page_counts_nothing() {
        let (mut time, mut media) = (Union::default(), Union::default());
        assert_eq!(
            take(&mut time, &mut media, &report(&[], &[(0, 60_000)])).watched,
            0
        );
    }

    #[test]
    fn what_lies_in_the_future_or_before_the_sign_in_earns_nothing() {
        let (mut time, mut media) = (Union::default(), Union::default());
        let r = report(&[(10_000, -50_000), (0, 10_000)], &[]);
        assert_eq!(take(&mut time, &mut media, &r).seen, 0);
        let signed_in = NOW.plus(-5_000);
        let r = report(&[(600_000, 0)], &[]);
        assert_eq!(
            accept(&mut time, &mut media, &r, 0, 0, NOW, signed_in).seen,
            5_000
        );
    }

    proptest::proptest! {
        #[test]
        fn never_more_than_the_clock_that_passed(
            spans in proptest::collection::vec((-10_000_i64..10_000_000, -10_000_i64..10_000_000), 0..80),
            media_spans in proptest::collection::vec((-1_000_i64..100_000, -1_000_i64..100_000), 0..80),
        ) {
            let (mut time, mut media) = (Union::default(), Union::default());
            let got = take(&mut time, &mut media, &report(&spans, &media_spans));
            proptest::prop_assert!(got.seen >= 0 && got.seen <= MAX_AGE);
            proptest::prop_assert!(got.watched >= 0 && got.watched <= got.seen + SLACK);
            proptest::prop_assert!(media.total() <= 60_000);
            proptest::prop_assert_eq!(time.total(), got.seen);
        }
    }
}
