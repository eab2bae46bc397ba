//! How often the order of two presses is wrong, and what a cheat gains, with the product's own
//! [`judge`](super::judge()) and [`order`](super::order()). `zhijian-load buzzer` prints it.
//!
//! A phone's messages are used in the order they come in: two thirds as exchanges in the lobby,
//! one a second, the rest in turns as an exchange and a press eleven seconds apart. The question
//! reaches the phone as late as the exchange before did, and the press follows 0.3 to 3 s after,
//! log-uniform. Each phone's clock is off by up to eleven days and drifts by up to 50 ppm.

mod trace;

pub use trace::{Trace, TraceError};

use super::{Claim, Exchange, Judged, Link, Rules, judge, order};
use crate::seed::Draw;
use serde::Serialize;
use trace::unit;

/// Presses this far apart, in milliseconds.
pub const GAPS_MS: [i64; 3] = [60, 100, 200];

/// Phones of [`Trace::draw`] that a run is made of.
pub const PHONES: usize = 4_000;

/// Pairs of presses that the order is looked at of.
const PAIRS: usize = 100_000;

/// Messages of phones that the cheats are tried on, for each strategy.
const CHEATED: usize = 40_000;

/// What a bound does to presses a certain time apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Row {
    /// The bound in milliseconds.
    pub bound_ms: i64,
    /// How far apart the presses were made, in milliseconds.
    pub gap_ms: i64,
    /// Share of pairs that arrive in the wrong order.
    pub first_to_arrive_wrong: f64,
    /// Share of pairs that are told apart and in the wrong order.
    pub wrong: f64,
    /// Share of pairs that are said to be a tie.
    pub tie: f64,
    /// Share of pairs in the wrong order, with the ties that the rule for ties puts so.
    pub wrong_with_ties: f64,
    /// How much earlier than when honest a phone is judged to press, in milliseconds: the mean
    /// over phones and presses, of the strategy that gains the most.
    pub cheat_gain_ms: f64,
    /// Ninety-nine of a hundred presses gain no more than this, in milliseconds, with the
    /// strategy for which it is the most.
    pub cheat_gain_p99_ms: f64,
}

/// What a phone does to be judged earlier, in milliseconds; all zero when it is honest.
#[derive(Debug, Clone, Copy, Default)]
struct Cheat {
    /// Tells presses so much before they are made.
    early: f64,
    /// Tells a clock that is so far off in answers to pings, but not in presses.
    clock: f64,
    /// Holds back every answer to a ping.
    slow: f64,
    /// Holds back two answers of five, at random, for as long in addition.
    sometimes: f64,
}

/// Far more than anyone believes.
const EVER: f64 = 10_000.0;

/// The strategies tried: each lie with each way to seem slower.
fn cheats() -> impl Iterator<Item = Cheat> {
    let lies = [(200.0, 0.0), (EVER, 0.0), (0.0, 200.0)];
    let delays = [0.0, 200.0, 400.0, 800.0];
    lies.into_iter().flat_map(move |(early, clock)| {
        delays.into_iter().flat_map(move |slow| {
            delays.map(|sometimes| Cheat {
                early,
                clock,
                slow,
                sometimes,
            })
        })
    })
}

/// A press as it was and as it was judged, with the true time of the press as zero.
struct Press {
    judged: Judged,
    arrived: i64,
}

/// A line for each bound and gap; all shares are 0 when there are not two phones that press.
/// Hand it traces that [`Trace::check`] lets pass.
#[must_use]
pub fn simulate(phones: &[Trace], bounds_ms: &[i64], seed: u64) -> Vec<Row> {
    bounds_ms
        .iter()
        .flat_map(|bound_ms| {
            let rules = Rules {
                bound_ms: *bound_ms,
            };
            let honest: Vec<Vec<Press>> = (seed..)
                .zip(phones)
                .map(|(seed, phone)| play(phone, rules, Cheat::default(), seed))
                .collect();
            let (mean, p99) = gains(phones, &honest, rules, seed);
            GAPS_MS.map(|gap_ms| Row {
                cheat_gain_ms: mean,
                cheat_gain_p99_ms: p99,
                ..compare(&honest, rules, gap_ms, seed)
            })
        })
        .collect()
}

/// The presses of a phone through a match.
fn play(phone: &Trace, rules: Rules, cheat: Cheat, seed: u64) -> Vec<Press> {
    let mut draw = Draw::from_seed(seed);
    let offset = (unit(&mut draw) - 0.5) * 2e9;
    let rate = 1.0 + (unit(&mut draw) - 0.5) * 1e-4;
    let by_phone = |ms: f64| micros(offset + ms * rate);

    let mut link = Link::default();
    let mut presses = Vec::new();
    let mut now = 0.0;
    let mut up = phone.up.iter();
    let lobby = phone.up.len().min(phone.down.len()) * 2 / 3;
    for (count, down) in (1..).zip(&phone.down) {
        let Some(back) = up.next() else { break };
        let sometimes = draw.below(5) < 2;
        let held = cheat.slow + if sometimes { cheat.sometimes } else { 0.0 };
        let told = by_phone(now + down + cheat.clock);
        link.observe(Exchange {
            server_sent: micros(now),
            phone_received: told,
            phone_sent: told,
            server_received: micros(now + down + held + back),
        });
        now += 1_000.0;
        if count < lobby {
            continue;
        }
        let Some(delay) = up.next() else { break };
        let opened = now;
        let made = opened + down + 300.0 * 10_f64.powf(unit(&mut draw));
        let claim = Claim {
            pressed_at_phone: by_phone(made - cheat.early),
            received_at_server: micros(made + delay),
            opened_at_server: micros(opened),
        };
        let judged = judge(&link, &claim, rules);
        link.pressed(&claim, &judged);
        presses.push(Press {
            judged: Judged {
                made: judged.made - micros(made),
                ..judged
            },
            arrived: micros(*delay),
        });
        now += 10_000.0;
    }
    presses
}

fn micros(ms: f64) -> i64 {
    (ms * 1_000.0).round() as i64
}

/// Pairs of presses of different phones, the second made `gap_ms` after the first.
fn compare(phones: &[Vec<Press>], rules: Rules, gap_ms: i64, seed: u64) -> Row {
    let mut draw = Draw::from_seed(seed);
    let mut any = |count: usize| draw.below(u32::try_from(count).unwrap_or(u32::MAX)) as usize;
    let (mut pairs, mut arrived_wrong, mut wrong, mut tie, mut misplaced) = (0, 0, 0, 0, 0);
    for _ in 0..PAIRS {
        let (a, b) = (any(phones.len()), any(phones.len()));
        let (first, second) = (phones.get(a), phones.get(b));
        let (Some(first), Some(second)) = (first, second) else {
            break;
        };
        let (first, second) = (first.get(any(first.len())), second.get(any(second.len())));
        let (Some(first), Some(second), false) = (first, second, a == b) else {
            continue;
        };
        let gap = gap_ms * 1_000;
        let later = Judged {
            made: second.judged.made + gap,
            ..second.judged
        };
        let places = order(&[(1, first.judged), (2, later)]);
        let (tied, turned) = (places[0].tied, places[0].who == 2);
        pairs += 1;
        arrived_wrong += i32::from(second.arrived + gap < first.arrived);
        tie += i32::from(tied);
        wrong += i32::from(turned && !tied);
        misplaced += i32::from(turned);
    }
    let share = |count: i32| f64::from(count) / f64::from(pairs.max(1));
    Row {
        bound_ms: rules.bound_ms,
        gap_ms,
        first_to_arrive_wrong: share(arrived_wrong),
        wrong: share(wrong),
        tie: share(tie),
        wrong_with_ties: share(misplaced),
        cheat_gain_ms: 0.0,
        cheat_gain_p99_ms: 0.0,
    }
}

/// What the best strategy gains in the mean, and the most that one gains in 99 of 100 presses.
fn gains(phones: &[Trace], honest: &[Vec<Press>], rules: Rules, seed: u64) -> (f64, f64) {
    let mut messages = 0;
    let some: Vec<_> = (seed..)
        .zip(phones.iter().zip(honest))
        .take_while(|(_, (phone, _))| {
            messages += phone.up.len();
            messages <= CHEATED.max(phone.up.len())
        })
        .collect();
    cheats().fold((0.0, 0.0), |most: (f64, f64), cheat| {
        let mut gains: Vec<f64> = some
            .iter()
            .flat_map(|(seed, (phone, honest))| {
                let cheated = play(phone, rules, cheat, *seed);
                let gain = |(h, c): (&Press, Press)| h.judged.made - c.judged.made;
                honest.iter().zip(cheated).map(gain).collect::<Vec<_>>()
            })
            .map(|gain| gain as f64 / 1_000.0)
            .collect();
        gains.sort_by(f64::total_cmp);
        let mean = gains.iter().sum::<f64>() / gains.len().max(1) as f64;
        let p99 = gains.get(gains.len() * 99 / 100).copied().unwrap_or(0.0);
        (most.0.max(mean), most.1.max(p99))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Clamp;
    use super::super::DEFAULT_BOUND_MS;
    use super::*;

    fn phones(count: usize) -> Vec<Trace> {
        let mut draw = Draw::from_seed(2026);
        (0..count).map(|_| Trace::draw(&mut draw)).collect()
    }

    #[test]
    fn the_order_is_seldom_wrong_where_first_to_arrive_often_is() {
        for row in simulate(&phones(200), &[DEFAULT_BOUND_MS], 1) {
            let (first, tie) = match row.gap_ms {
                60 => (0.28, 0.12),
                100 => (0.22, 0.08),
                _ => (0.12, 0.07),
            };
            assert!(row.first_to_arrive_wrong > first, "{row:?}");
            assert!(row.wrong < 0.005, "{row:?}");
            assert!(row.tie < tie, "{row:?}");
            assert!(row.wrong_with_ties < 0.07, "{row:?}");
        }
    }

    #[test]
    fn nobody_who_is_honest_is_said_to_have_pressed_before_the_opening() {
        for (seed, phone) in (1..).zip(&phones(500)) {
            let presses = play(phone, Rules::default(), Cheat::default(), seed);
            let early = |press: &Press| press.judged.clamped == Some(Clamp::Early);
            assert!(!presses.iter().any(early));
        }
    }

    #[test]
    fn no_strategy_gains_more_than_the_bound() {
        for row in simulate(&phones(60), &[0, 500], 1) {
            assert!(row.cheat_gain_ms <= row.cheat_gain_p99_ms);
            assert!(row.cheat_gain_p99_ms <= row.bound_ms as f64, "{row:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_figures() {
        let run = |seed| simulate(&phones(20), &[400], seed);
        let once = run(1);
        assert_eq!(once, run(1));
        assert_ne!(once, run(2));
    }

    /// Phones of which all messages take so long, in milliseconds, by their number.
    fn alike(count: usize, way: impl Fn(usize) -> (f64, f64)) -> Vec<Trace> {
        let phone = |n| {
            let (up, down) = way(n);
            Trace {
                up: vec![up; 30],
                down: vec![down; 30],
            }
        };
        (0..count).map(phone).collect()
    }

    #[test]
    fn a_satellite_beyond_the_bound_makes_ties_and_not_wrong_orders() {
        let phones = alike(10, |n| {
            if n % 2 == 0 {
                (600.0, 600.0)
            } else {
                (20.0, 20.0)
            }
        });
        for row in simulate(&phones, &[400], 1) {
            assert!(row.wrong < 0.001 && row.tie > 0.2, "{row:?}");
        }
        for row in simulate(&phones, &[800], 1) {
            assert!(row.wrong_with_ties < 0.001, "{row:?}");
        }
    }

    #[test]
    fn too_few_phones_or_messages_give_nothing_and_no_panic() {
        let short = alike(3, |_| (1.0, 1.0)).into_iter().map(|phone| Trace {
            up: phone.up[..1].to_vec(),
            down: vec![],
        });
        for phones in [vec![], phones(1), short.collect()] {
            let rows = simulate(&phones, &[400], 1);
            assert!(rows.iter().all(|row| row.wrong == 0.0 && row.tie == 0.0));
        }
    }

    #[test]
    fn a_trace_that_cannot_be_is_refused() {
        let trace = |up: &[f64], down: &[f64]| {
            let (up, down) = (up.to_vec(), down.to_vec());
            Trace { up, down }.check()
        };
        assert_eq!(trace(&[1.0, 2.0], &[3.0]), Ok(()));
        assert_eq!(trace(&[], &[]), Err(TraceError::Short));
        assert_eq!(trace(&[1.0, -2.0], &[3.0]), Err(TraceError::Delay(-2.0)));
        assert!(trace(&[1.0, f64::NAN], &[3.0]).is_err());
    }
}
