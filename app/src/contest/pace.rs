//! How soon those who only look at a board are to ask for it again.
//!
//! The rule guarded here: however many look on, the boards that are asked for stay a small share of
//! what a process does, so that an answer waits for none of them. Each reader is told a pause, and
//! the pause grows with the readers: [`MOST`] askings a second, and no more.

use domain::time::{Millis, SECOND};
use std::sync::{Mutex, PoisonError};

/// Askings a second that a process gets, as long as no pause is longer than [`LONGEST`].
const MOST: i64 = 1_000;
/// The pause of a few readers, and the longest of all, in milliseconds.
const SHORTEST: i64 = 5 * SECOND;
const LONGEST: i64 = 30 * SECOND;

/// Counts askings, and says how long to pause.
#[derive(Debug)]
pub struct Pace(Mutex<Count>);

#[derive(Debug, Clone, Copy)]
struct Count {
    since: Millis,
    asked: i64,
    pause: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self(Mutex::new(Count {
            since: Millis(0),
            asked: 0,
            pause: SHORTEST,
        }))
    }
}

impl Pace {
    /// Someone asks at `now`: how long they are to pause, in milliseconds.
    pub fn asked(&self, now: Millis) -> i64 {
        let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *count = count.and_one(now);
        count.pause
    }
}

impl Count {
    /// One asking more. In as long as the pause everyone asks once, so that whoever asked in it are
    /// all the readers that there are.
    fn and_one(self, now: Millis) -> Self {
        let asked = self.asked + 1;
        let lasted = now.since(self.since);
        if (0..self.pause).contains(&lasted) {
            return Self { asked, ..self };
        }
        let readers = if lasted < self.pause * 2 {
            asked * self.pause / lasted.max(1)
        } else {
            1 // after a time in which hardly anyone asked, or a clock that was set
        };
        Self {
            since: now,
            asked: 0,
            pause: (readers * SECOND / MOST).clamp(SHORTEST, LONGEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::seed::Draw;
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    /// Lets so many ask for two minutes, as their pages do: askings a second in the last one.
    fn a_second(readers: i64, pace: &Pace, from: Millis) -> i64 {
        let mut draw = Draw::from_seed(1);
        let mut due: BinaryHeap<_> = (0..readers)
            .map(|n| Reverse(from.plus(n * SHORTEST / readers)))
            .collect();
        let mut last = 0;
        while let Some(Reverse(now)) = due.pop() {
            if now.since(from) >= 120 * SECOND {
                break;
            }
            last += i64::from(now.since(from) >= 60 * SECOND);
            let part = 75 + i64::from(draw.below(51)); // per cent
            due.push(Reverse(now.plus(pace.asked(now) * part / 100)));
        }
        last / 60
    }

    #[test]
    fn a_few_readers_ask_every_five_seconds_and_twenty_thousand_a_thousand_times_a_second() {
        for (readers, from, to) in [
            (1, 0, 0),
            (100, 18, 22),
            (5_000, 900, 1_100),
            (20_000, 900, 1_100),
            (60_000, 1_900, 2_100), // the longest pause
        ] {
            let found = a_second(readers, &Pace::default(), Millis(1_000_000));
            assert!((from..=to).contains(&found), "{readers}: {found} a second");
        }
    }

    #[test]
    fn once_they_have_gone_a_few_are_told_the_short_pause_again() {
        let pace = Pace::default();
        let (noon, later) = (Millis(1_000_000), Millis(2_000_000));
        assert!(a_second(20_000, &pace, noon) > 900);
        assert!((18..=22).contains(&a_second(100, &pace, later)));
    }
}
