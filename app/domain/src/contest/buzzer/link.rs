//! What is known of a phone: how its clock stands to the server's, and how long its messages take.

use serde::{Deserialize, Serialize};

/// Times beyond this are taken as this, so that no sum of a few of them overflows.
const FARTHEST: i64 = 1 << 60;

/// A round trip of more than this is not a measurement, in microseconds.
pub(super) const LONGEST_TRIP: i64 = 30_000_000;

/// Round trips that [`Link::jitter`] looks at: the lobby's forty and some of the match.
const WINDOW: usize = 64;

/// A phone's clock runs at most one microsecond in so many faster or slower than the server's:
/// 100 ppm, twice what quartz is sold for.
const DRIFT: i64 = 10_000;

/// Jitter of this many microseconds is believed on any link, and beyond it a quarter of the round
/// trip: who holds back some pings and not others gains no more.
pub const JITTER_FLOOR: i64 = 150_000;

/// Presses in time that earn one late press, and how many late presses can be saved up.
const IN_TIME_FOR_ONE_LATE: u32 = 6;
const MOST_LATE: u32 = 3;

/// A message to the phone and its answer. An answer that the phone holds back is a longer trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// When the server sent, by its clock.
    pub server_sent: i64,
    /// When the phone received, by the phone's clock.
    pub phone_received: i64,
    /// When the phone answered, by the phone's clock.
    pub phone_sent: i64,
    /// When the server had the answer, by its clock.
    pub server_received: i64,
}

/// What the exchanges with a phone have shown; of one size, however many they are.
///
/// The difference of the clocks (phone − server) lies in the intersection of the intervals that
/// the exchanges allow (Marzullo 1984), each widened with age by the drift of a clock (as the
/// dispersion of RFC 5905, 11.1). Its upper end comes from the quickest message down, its lower
/// end from the quickest up, and its middle is off by half of what these two differ.
#[derive(Debug, Clone)]
pub struct Link {
    /// The difference of the clocks is at most and at least this, at `at`.
    upper: i64,
    lower: i64,
    at: i64,
    /// Exchanges that agree on the difference of the clocks, since it last jumped.
    agreeing: i64,
    jumps: u32,
    /// The least round trip, by the server's clock alone.
    rtt_min: i64,
    trips: [u32; WINDOW],
    samples: usize,
    /// Presses in time that may still be spent on late ones.
    in_time: u32,
}

/// What a host's console shows of a link, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The least round trip.
    pub rtt_min: i64,
    /// By how much nine of ten round trips exceed the least at most.
    pub jitter: i64,
    /// The phone's clock less the server's.
    pub offset: i64,
    /// By how much `offset` may be wrong.
    pub offset_uncertainty: i64,
    /// Exchanges observed.
    pub samples: usize,
    /// How often the phone's clock contradicted what it said before: it slept, was set, or lies.
    pub jumps: u32,
}

/// The clock of a phone at an instant.
pub(super) struct Clock {
    pub offset: i64,
    /// The least round trip that the two directions allow when each is at its quickest.
    pub rtt: i64,
    pub uncertainty: i64,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            upper: 0,
            lower: 0,
            at: 0,
            agreeing: 0,
            jumps: 0,
            rtt_min: LONGEST_TRIP,
            trips: [0; WINDOW],
            samples: 0,
            in_time: 2 * IN_TIME_FOR_ONE_LATE,
        }
    }
}

impl Link {
    /// Learns from an exchange. One that ended before it began or took longer than half a minute
    /// is passed over; whatever else a phone says is taken, and contradictions start its clock
    /// anew.
    pub fn observe(&mut self, exchange: Exchange) {
        let sent = sane(exchange.server_sent);
        let got = sane(exchange.phone_received);
        let answered = sane(exchange.phone_sent);
        let back = sane(exchange.server_received);
        let trip = back - sent;
        if !(0..=LONGEST_TRIP).contains(&trip) {
            return;
        }
        // What the phone says it needed to answer can shorten the trip, never lengthen it.
        let rtt = trip - (answered - got).clamp(0, trip);
        self.saw_round_trip(rtt);
        self.trips[self.samples % WINDOW] = u32::try_from(rtt).unwrap_or(u32::MAX);
        self.samples += 1;

        let (upper, lower) = (got - sent, got - sent - rtt);
        let (old_upper, old_lower) = self.bounds(back);
        let (both_upper, both_lower) = (upper.min(old_upper), lower.max(old_lower));
        if self.agreeing > 0 && both_lower <= both_upper {
            (self.upper, self.lower) = (both_upper, both_lower);
            self.at = self.at.max(back);
            self.agreeing += 1;
        } else {
            self.jumps += u32::from(self.agreeing > 0);
            (self.upper, self.lower) = (upper, lower);
            self.at = back;
            self.agreeing = 1;
        }
    }

    /// Takes note of a round trip that the server measured: no other can be quicker.
    pub(super) fn saw_round_trip(&mut self, rtt: i64) {
        self.rtt_min = self.rtt_min.min(rtt);
    }

    /// Takes note of a press that was judged to be late or in time.
    pub(super) fn saw_press(&mut self, late: bool) {
        if !late {
            self.in_time = (self.in_time + 1).min(MOST_LATE * IN_TIME_FOR_ONE_LATE);
        } else if self.may_be_late() {
            self.in_time -= IN_TIME_FOR_ONE_LATE;
        }
    }

    /// Whether a press later than usual is believed.
    pub(super) fn may_be_late(&self) -> bool {
        self.in_time >= IN_TIME_FOR_ONE_LATE
    }

    /// Between what the difference of the clocks lies at the server's time `at`.
    fn bounds(&self, at: i64) -> (i64, i64) {
        let slack = (at - self.at).max(0) / DRIFT;
        (self.upper + slack, self.lower - slack)
    }

    /// The phone's clock at the server's time `at`; nothing before the first exchange.
    ///
    /// The uncertainty, one standard deviation, is the sum of three. Half of an asymmetry that is
    /// uniform in ± (20 ms + a tenth of the way): 1/√12 of that. Few exchanges: the least of n
    /// delays is too long by an nth of their mean excess, were they exponentially distributed. And
    /// half of what the two directions at their quickest lack of the least round trip, or exceed
    /// it by since they were measured.
    pub(super) fn clock(&self, at: i64) -> Option<Clock> {
        if self.agreeing == 0 {
            return None;
        }
        let (upper, lower) = self.bounds(sane(at));
        let width = upper - lower;
        let rtt = self.rtt_min.min(width);
        Some(Clock {
            offset: lower + width / 2,
            rtt,
            uncertainty: 5_800
                + rtt / 69
                + (self.jitter() + rtt / 2) / self.agreeing
                + (width - self.rtt_min).abs() / 2,
        })
    }

    /// By how much nine of ten round trips exceed the least, as far as that is believed.
    pub(super) fn jitter(&self) -> i64 {
        let mut trips = self.trips;
        let trips = &mut trips[..self.samples.min(WINDOW)];
        let Some(last) = trips.len().checked_sub(1) else {
            return 0;
        };
        let (_, ninth, _) = trips.select_nth_unstable(last * 9 / 10);
        (i64::from(*ninth) - self.rtt_min).clamp(0, JITTER_FLOOR + self.rtt_min / 4)
    }

    /// What is known at the server's time `at`; nothing before the first exchange.
    #[must_use]
    pub fn summary(&self, at: i64) -> Option<Summary> {
        self.clock(at).map(|clock| Summary {
            rtt_min: self.rtt_min,
            jitter: self.jitter(),
            offset: clock.offset,
            offset_uncertainty: clock.uncertainty,
            samples: self.samples,
            jumps: self.jumps,
        })
    }
}

/// A time that can be reckoned with.
pub(super) fn sane(time: i64) -> i64 {
    time.clamp(-FARTHEST, FARTHEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    /// An exchange that begins at `at`, with a phone whose clock is `offset` ahead.
    fn exchange(at: i64, down: i64, up: i64, offset: i64) -> Exchange {
        Exchange {
            server_sent: at,
            phone_received: at + down + offset,
            phone_sent: at + down + offset + 300,
            server_received: at + down + 300 + up,
        }
    }

    /// Delays that vary by up to 100 ms, not the same up and down.
    fn jitter(n: i64) -> (i64, i64) {
        ((n * 37 % 101) * 1_000, (n * 53 % 101) * 1_000)
    }

    fn lobby(least: i64, offset: i64) -> Link {
        let mut link = Link::default();
        for n in 0..40 {
            let (down, up) = jitter(n + 1);
            link.observe(exchange(n * SECOND, least + down, least + up, offset));
        }
        link
    }

    #[test]
    fn the_offset_of_a_symmetrical_link_is_found_within_its_uncertainty() {
        for least in [1_000, 20_000, 150_000, 400_000] {
            for offset in [0, 86_400 * SECOND, -7 * SECOND] {
                let known = lobby(least, offset).summary(40 * SECOND).unwrap();
                assert!((known.offset - offset).abs() <= known.offset_uncertainty);
                assert!(known.offset_uncertainty < 50_000, "{known:?}");
                assert!((0..60_000).contains(&(known.rtt_min - 2 * least)));
                assert_eq!((known.samples, known.jumps), (40, 0));
            }
        }
    }

    #[test]
    fn an_asymmetrical_link_errs_by_half_of_the_difference_and_no_more() {
        let mut link = Link::default();
        for n in 0..40 {
            link.observe(exchange(n * SECOND, 50_000, 80_000, 0));
        }
        let known = link.summary(40 * SECOND).unwrap();
        assert!((known.offset + 15_000).abs() < 1_000, "{known:?}");
    }

    #[test]
    fn an_hour_of_fifty_ppm_is_followed() {
        let mut link = Link::default();
        for n in 0..1_800 {
            let at = n * 2 * SECOND;
            let (down, up) = jitter(n + 1);
            link.observe(exchange(at, 30_000 + down, 30_000 + up, at / 20_000));
        }
        let known = link.summary(3_600 * SECOND).unwrap();
        let error = known.offset - 3_600 * SECOND / 20_000;
        assert!(error.abs() <= known.offset_uncertainty, "{error} {known:?}");
        assert!(error.abs() < 10_000);
        assert_eq!(known.jumps, 0);
    }

    #[test]
    fn a_clock_that_jumps_is_known_anew_after_one_exchange() {
        let mut link = lobby(30_000, 0);
        let slept = -30 * SECOND;
        link.observe(exchange(60 * SECOND, 45_000, 30_000, slept));
        let known = link.summary(61 * SECOND).unwrap();
        assert_eq!(known.jumps, 1);
        assert!((known.offset - slept).abs() <= known.offset_uncertainty);
    }

    #[test]
    fn a_jump_too_small_to_be_seen_makes_the_offset_less_certain() {
        let mut link = Link::default();
        for n in 0..40 {
            link.observe(exchange(n * SECOND, 30_000, 30_000, 0));
        }
        let before = link.summary(41 * SECOND).unwrap().offset_uncertainty;
        link.observe(exchange(40 * SECOND, 30_000, 30_000, 20_000));
        let known = link.summary(41 * SECOND).unwrap();
        assert_eq!(known.jumps, 0);
        assert!(known.offset_uncertainty > before);
        assert!(
            (known.offset - 20_000).abs() <= known.offset_uncertainty,
            "{known:?}"
        );
    }

    #[test]
    fn a_link_that_is_no_longer_measured_grows_less_certain() {
        let link = lobby(30_000, 0);
        let at = |minutes: i64| {
            link.summary(minutes * 60 * SECOND)
                .unwrap()
                .offset_uncertainty
        };
        assert!(at(1) < at(10) && at(10) < at(100));
    }

    #[test]
    fn an_exchange_that_cannot_be_is_passed_over() {
        let mut link = Link::default();
        link.observe(exchange(0, 10, -SECOND, 0));
        link.observe(exchange(0, LONGEST_TRIP, 10, 0));
        assert_eq!(link.summary(0), None);
    }
}
