//! Pings to a phone that are under way, by whichever road it listens and answers.

use super::link::{Exchange, LONGEST_TRIP};
use std::collections::VecDeque;

/// Pings under way to one phone that are remembered: those of four seconds at their quickest.
const MOST: usize = 40;

/// Pings that were sent to a phone and not answered. Each ends in one [`Exchange`] at most.
#[derive(Debug, Clone, Default)]
pub struct Pings(VecDeque<(u32, i64)>);

impl Pings {
    /// Takes note of a ping sent at `now` by the server's clock, in microseconds. Its id must not
    /// be guessable: who answers before the ping came would seem nearer than they are.
    pub fn sent(&mut self, id: u32, now: i64) {
        self.0.push_back((id, now));
        if self.0.len() > MOST {
            self.0.pop_front();
        }
    }

    /// The exchange that an answer ends which arrived at `now`; nothing when the ping was answered
    /// before, was never sent, or was sent more than half a minute ago.
    ///
    /// `received` and `sent` are what the phone says by its own clock, in microseconds.
    pub fn answered(&mut self, id: u32, received: i64, sent: i64, now: i64) -> Option<Exchange> {
        let index = self.0.iter().position(|(ping, _)| *ping == id)?;
        let (_, server_sent) = self.0.remove(index)?;
        (now - server_sent <= LONGEST_TRIP).then_some(Exchange {
            server_sent,
            phone_received: received,
            phone_sent: sent,
            server_received: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Claim, Link, Rules, judge};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ping_is_answered_once() {
        let mut pings = Pings::default();
        pings.sent(7, 1_000);
        assert_eq!(pings.answered(8, 0, 0, 2_000), None, "never sent");
        let exchange = Exchange {
            server_sent: 1_000,
            phone_received: 5,
            phone_sent: 6,
            server_received: 2_000,
        };
        assert_eq!(pings.answered(7, 5, 6, 2_000), Some(exchange));
        assert_eq!(pings.answered(7, 5, 6, 2_001), None);
    }

    #[test]
    fn an_answer_that_comes_late_is_none() {
        let mut pings = Pings::default();
        pings.sent(1, 0);
        assert_eq!(pings.answered(1, 0, 0, LONGEST_TRIP + 1), None);
        (0..=40).for_each(|id| pings.sent(id, 0));
        assert_eq!(pings.answered(0, 0, 0, 1), None, "forty came after it");
        assert!(pings.answered(1, 0, 0, 1).is_some());
    }

    proptest! {
        #[test]
        fn who_answers_pings_twice_late_or_with_lies_gains_the_bound_at_most(
            way in 1_000..400_000_i64,
            answers in prop::collection::vec((0..60_u32, 0..40_000_000_i64, any::<i64>(), any::<i64>()), 1..80),
            lie: i64,
        ) {
            let (mut pings, mut honest, mut cheat) = (Pings::default(), Link::default(), Link::default());
            for id in 0..60 {
                let at = i64::from(id) * 1_500_000;
                pings.sent(id, at);
                honest.observe(Exchange {
                    server_sent: at,
                    phone_received: at + way,
                    phone_sent: at + way,
                    server_received: at + 2 * way,
                });
            }
            for (id, held, received, sent) in answers {
                let now = i64::from(id) * 1_500_000 + 2 * way + held;
                if let Some(exchange) = pings.answered(id, received, sent, now) {
                    cheat.observe(exchange);
                }
            }
            let pressed = 130_000_000;
            let truth = Claim {
                pressed_at_phone: pressed,
                received_at_server: pressed + way,
                opened_at_server: pressed - 5_000_000,
            };
            let lying = Claim { pressed_at_phone: lie, ..truth };
            let rules = Rules::default();
            let gain = judge(&honest, &truth, rules).made - judge(&cheat, &lying, rules).made;
            prop_assert!(gain <= rules.bound(), "{gain}");
        }
    }
}
