//! When a press was made.

use super::link::{LONGEST_TRIP, Link, sane};
use serde::{Deserialize, Serialize};

/// The bound of a contest that states none, in milliseconds.
pub const DEFAULT_BOUND_MS: i64 = 500;

/// How much later a lost message comes, beyond a round trip: the least time that a sender waits
/// before it sends again by RFC 6298, 2.4. In microseconds.
const SENT_AGAIN: i64 = 1_000_000;

/// What a contest states about its buzzer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// A press counts as made at most this long before it arrived, in milliseconds.
    pub bound_ms: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            bound_ms: DEFAULT_BOUND_MS,
        }
    }
}

impl Rules {
    /// The bound in microseconds; a nonsensical one is taken as the nearest that makes sense.
    pub(in crate::contest) fn bound(self) -> i64 {
        self.bound_ms.clamp(0, LONGEST_TRIP / 1_000) * 1_000
    }
}

/// A press as it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// When it was made, by the phone's clock.
    pub pressed_at_phone: i64,
    /// When it arrived.
    pub received_at_server: i64,
    /// When the server opened the question.
    pub opened_at_server: i64,
}

/// Why a press does not count from the time that the phone told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clamp {
    /// Nothing is known of the phone's clock: the press counts from its arrival.
    Unmeasured,
    /// Longer before its arrival than the contest's bound.
    Bound,
    /// Longer before its arrival than the phone's delay makes believable.
    Delay,
    /// Before the question can have reached the phone.
    Opening,
    /// Before the question was opened at all, by more than the phone's clock may be wrong: meant
    /// for an earlier opening, or for none. It does not count.
    Early,
    /// So late that it cannot have arrived when it did.
    Arrival,
}

/// When a press counts as made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// By the server's clock.
    pub made: i64,
    /// By how many microseconds that may be wrong, either way.
    pub uncertainty: i64,
    /// By how many microseconds it may have been earlier besides: what the phone told and is not
    /// believed, as far as one lost packet can explain it.
    pub disbelieved: i64,
    /// Why it is not the time that the phone told.
    pub clamped: Option<Clamp>,
    /// Whether it came later than this phone's messages usually do.
    pub late: bool,
}

/// Says when a press was made: at the time that the phone told, as far as that is believable.
///
/// Never earlier than the bound before its arrival, never before the opening, never after its
/// arrival; [`Clamp::Early`] where it must not count at all. A function of its arguments; hand each press once to [`Link::pressed`] afterwards.
#[must_use]
pub fn judge(link: &Link, claim: &Claim, rules: Rules) -> Judged {
    let received = sane(claim.received_at_server);
    let opened = sane(claim.opened_at_server).min(received);
    let Some(clock) = link.clock(received) else {
        return Judged {
            made: received,
            uncertainty: 0,
            disbelieved: rules.bound(),
            clamped: Some(Clamp::Unmeasured),
            late: false,
        };
    };
    // The question out and the press back are a round trip as well.
    let rtt = clock.rtt.min(received - opened);
    let bound = received - rules.bound();
    let opening = opened + rtt / 2;
    let usual = received - rtt / 2 - link.jitter();
    let earliest = if link.may_be_late() { bound } else { usual }
        .max(bound)
        .max(opening);
    let latest = (received - rtt / 2).max(bound);
    let claimed = sane(claim.pressed_at_phone) - clock.offset;
    let made = claimed.clamp(earliest, latest);
    let is_early = claimed.saturating_add(clock.uncertainty) < sane(claim.opened_at_server);
    let clamped = match made {
        _ if is_early => Some(Clamp::Early),
        _ if made == claimed => None,
        _ if made < claimed => Some(Clamp::Arrival),
        _ if made == opening => Some(Clamp::Opening),
        _ if made == bound => Some(Clamp::Bound),
        _ => Some(Clamp::Delay),
    };
    Judged {
        made,
        uncertainty: clock.uncertainty,
        disbelieved: (made - claimed).clamp(0, SENT_AGAIN + rtt),
        clamped,
        late: claimed < usual,
    }
}

impl Link {
    /// Learns from a press that was judged: what it shows of the round trip, and whether it was
    /// late. Once a press, or a copy of it would be counted as another.
    pub fn pressed(&mut self, claim: &Claim, judged: &Judged) {
        let trip = sane(claim.received_at_server) - sane(claim.opened_at_server);
        if trip > 0 {
            self.saw_round_trip(trip);
        }
        self.saw_press(judged.late);
    }
}

#[cfg(test)]
mod tests {
    use super::super::link::Exchange;
    use super::super::order::settled_at;
    use super::*;
    use proptest::prelude::*;

    /// A phone whose messages take `way` microseconds, with a clock that is right.
    fn link(way: i64) -> Link {
        let mut link = Link::default();
        for n in 0..40 {
            link.observe(exchange(n * 1_000_000, way, way));
        }
        link
    }

    fn exchange(at: i64, down: i64, up: i64) -> Exchange {
        Exchange {
            server_sent: at,
            phone_received: at + down,
            phone_sent: at + down,
            server_received: at + down + up,
        }
    }

    /// A press after a question that was opened at a hundred seconds, times in ms from there.
    fn claim(pressed: i64, received: i64) -> Claim {
        let at = |ms: i64| 100_000_000 + ms * 1_000;
        Claim {
            pressed_at_phone: at(pressed),
            received_at_server: at(received),
            opened_at_server: at(0),
        }
    }

    /// The same in ms from the opening.
    fn made(judged: &Judged) -> i64 {
        (judged.made - 100_000_000) / 1_000
    }

    /// The link of someone whose late presses have been used up.
    fn spent(mut link: Link) -> Link {
        for _ in 0..8 {
            link.saw_press(true);
        }
        link
    }

    #[test]
    fn a_press_counts_from_when_it_was_made() {
        let judged = judge(&link(50_000), &claim(2_000, 2_070), Rules::default());
        assert_eq!(
            (made(&judged), judged.clamped, judged.late),
            (2_000, None, true)
        );
        let judged = judge(&link(50_000), &claim(2_000, 2_050), Rules::default());
        assert_eq!(
            (made(&judged), judged.clamped, judged.late),
            (2_000, None, false)
        );
    }

    #[test]
    fn what_is_not_believed_is_clamped_and_the_reason_is_given() {
        let link = link(50_000);
        let judge = |link: &Link, claim| judge(link, &claim, Rules::default());
        let early = judge(&link, claim(1_000, 3_000));
        assert_eq!((made(&early), early.clamped), (2_500, Some(Clamp::Bound)));
        let early = judge(&spent(link.clone()), claim(1_000, 3_000));
        assert_eq!((made(&early), early.clamped), (2_950, Some(Clamp::Delay)));
        let before = judge(&link, claim(-5, 300));
        assert_eq!((made(&before), before.clamped), (50, Some(Clamp::Opening)));
        let stale = judge(&link, claim(-500, 3_000));
        assert_eq!(stale.clamped, Some(Clamp::Early), "for another opening");
        let stale = judge(&link, claim(-500, -450));
        assert_eq!(stale.clamped, Some(Clamp::Early), "arrived before it, too");
        let ahead = judge(&link, claim(9_000, 3_000));
        assert_eq!((made(&ahead), ahead.clamped), (2_950, Some(Clamp::Arrival)));
        let unknown = judge(&Link::default(), claim(1_000, 3_000));
        assert_eq!(
            (made(&unknown), unknown.clamped),
            (3_000, Some(Clamp::Unmeasured))
        );
    }

    #[test]
    fn what_is_not_believed_is_kept_beside_the_judgement() {
        let link = spent(link(50_000));
        let late = judge(&link, &claim(2_000, 2_350), Rules::default());
        assert!((300_000..300_100).contains(&late.disbelieved), "{late:?}");
    }

    #[test]
    fn late_presses_are_believed_twice_and_again_after_six_in_time() {
        let mut link = link(50_000);
        let mut press = |late: bool| {
            let claim = claim(2_000, if late { 2_400 } else { 2_050 });
            let judged = judge(&link, &claim, Rules::default());
            link.pressed(&claim, &judged);
            judged.clamped.is_none()
        };
        assert_eq!([(); 4].map(|()| press(true)), [true, true, false, false]);
        assert_eq!([(); 6].map(|()| press(false)), [true; 6]);
        assert_eq!([(); 2].map(|()| press(true)), [true, false]);
    }

    #[test]
    fn who_pressed_soon_is_no_longer_believed_to_be_slow() {
        let mut slowed = link(400_000);
        let quick = claim(50, 300);
        let judged = judge(&slowed, &quick, Rules::default());
        slowed.pressed(&quick, &judged);
        let slowed = spent(slowed);
        let later = judge(&slowed, &claim(2_000, 3_000), Rules::default());
        assert!(made(&later) >= 3_000 - 150 - 150 - 75, "{later:?}");
    }

    fn any_time() -> impl Strategy<Value = i64> {
        prop_oneof![
            Just(i64::MIN),
            Just(i64::MAX),
            Just(0),
            any::<i64>(),
            -10_000_000..200_000_000_i64
        ]
    }

    proptest! {
        #[test]
        fn a_press_stays_between_its_bound_its_opening_and_its_arrival_whatever_a_phone_says(
            exchanges in prop::collection::vec([any_time(), any_time(), any_time(), any_time()], 0..30),
            pressed in any_time(), received in any_time(), opened in any_time(),
            bound_ms in any_time(),
        ) {
            let mut link = Link::default();
            for [server_sent, phone_received, phone_sent, server_received] in exchanges {
                link.observe(Exchange { server_sent, phone_received, phone_sent, server_received });
            }
            let claim = Claim { pressed_at_phone: pressed, received_at_server: received, opened_at_server: opened };
            let rules = Rules { bound_ms };
            let judged = judge(&link, &claim, rules);
            link.pressed(&claim, &judged);
            let _ = link.summary(received);
            let (received, opened) = (sane(received), sane(opened));
            prop_assert!(judged.made <= received);
            prop_assert!(judged.made >= received - rules.bound());
            prop_assert!(judged.made >= opened.min(received));
            prop_assert!(judged.uncertainty >= 0 && judged.disbelieved >= 0);
        }

        #[test]
        fn a_cheat_gains_no_more_than_the_bound_however_it_lies_and_dawdles(
            way in 1_000..400_000_i64,
            held in prop::collection::vec((0..2_000_000_i64, any_time(), any_time()), 40),
            late in 0..400_000_i64, lie in any_time(), bound_ms in 0..1_000_i64,
        ) {
            let rules = Rules { bound_ms };
            let mut cheat = Link::default();
            for (n, (held, received, sent)) in (0..).zip(held) {
                let honest = exchange(n * 3_000_000, way, way + held);
                cheat.observe(Exchange { phone_received: received, phone_sent: sent, ..honest });
            }
            let made = 130_000_000;
            let true_claim = Claim { pressed_at_phone: made, received_at_server: made + way + late, opened_at_server: 125_000_000 };
            let lying = Claim { pressed_at_phone: lie, ..true_claim };
            let honest = judge(&link(way), &true_claim, rules);
            let gain = honest.made - judge(&cheat, &lying, rules).made;
            prop_assert!(gain <= rules.bound());
        }

        #[test]
        fn nobody_goes_before_a_press_once_it_is_settled(
            made in 0..100_000_000_i64, after in 0..1_000_000_i64, lie in any_time(),
        ) {
            let first = judge(&link(50_000), &claim(made / 1_000, made / 1_000 + 50), Rules::default());
            let received_at_server = settled_at(&first, Rules::default()) + after;
            let next = Claim { pressed_at_phone: lie, received_at_server, ..claim(0, 0) };
            prop_assert!(judge(&link(1_000), &next, Rules::default()).made >= first.made);
        }

        #[test]
        fn a_lie_about_the_clock_alone_gains_nothing(shift in -1_000_000_000_000..1_000_000_000_000_i64, pressed in 100..3_000_i64) {
            let mut lying = Link::default();
            for n in 0..40 {
                let honest = exchange(n * 1_000_000, 50_000, 50_000);
                lying.observe(Exchange {
                    phone_received: honest.phone_received + shift,
                    phone_sent: honest.phone_sent + shift,
                    ..honest
                });
            }
            let truth = claim(pressed, pressed + 60);
            let lie = Claim { pressed_at_phone: truth.pressed_at_phone + shift, ..truth };
            let judge = |link, claim| judge(link, &claim, Rules::default()).made;
            prop_assert_eq!(judge(&lying, lie), judge(&link(50_000), truth));
        }
    }
}
