//! For how long a page was hidden during questions: a fact for the host, no verdict.

use super::replica::Replica;
use domain::contest::r#match::{Event, Phase, QuestionNumber};

/// A page that was hidden; times are the server's, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    since: i64,
    /// The question that ran then.
    question: Option<QuestionNumber>,
    /// When it was seen again, if it was.
    until: Option<i64>,
}

impl Away {
    /// A page that is hidden at `now` by its own clock.
    #[must_use]
    pub fn new(replica: &Replica, now: i64) -> Self {
        Self {
            since: replica.server_time(now),
            question: running(replica),
            until: None,
        }
    }

    /// The same, seen again at `now` by the page's clock, or hidden once more before it was told.
    #[must_use]
    pub fn seen(self, replica: &Replica, now: Option<i64>) -> Self {
        Self {
            until: now.map(|now| replica.server_time(now)),
            ..self
        }
    }

    /// How long it was hidden during the question that ran at first, and during the one that runs
    /// now, by a replica that has been told everything; nothing before it is seen again.
    #[must_use]
    pub fn during(&self, replica: &Replica) -> Vec<(QuestionNumber, i64)> {
        let Some(until) = self.until else {
            return Vec::new();
        };
        let now = running(replica);
        let ended = replica.steps().iter().find(|step| {
            step.at.0 > self.since
                && matches!(
                    step.event,
                    Event::Locked { .. }
                        | Event::Revealed { .. }
                        | Event::StakesOpened { .. }
                        | Event::Opened { .. }
                )
        });
        let ended = ended.map_or(until, |step| step.at.0.min(until));
        let before = self.question.filter(|before| Some(*before) != now);
        let before = before.map(|question| (question, ended - self.since));
        let now = now.map(|question| {
            let opened = replica.game().opened_at().0;
            let began = match self.question {
                Some(before) if before == question => self.since,
                _ => opened.max(self.since),
            };
            (question, until - began)
        });
        let both = before.into_iter().chain(now);
        both.filter(|(_, ms)| *ms > 0).collect()
    }
}

/// The question that is open, or of which somebody has the floor.
fn running(replica: &Replica) -> Option<QuestionNumber> {
    let game = replica.game();
    let runs = matches!(game.phase(), Phase::Open | Phase::Floor);
    game.question().filter(|_| runs)
}

#[cfg(test)]
mod tests {
    use super::super::replica::tests::setup;
    use super::*;
    use domain::contest::r#match::message::Told;
    use domain::contest::r#match::{Actor, Audience, Numbered};
    use domain::time::Millis;

    const FIRST: QuestionNumber = QuestionNumber(0);
    const SECOND: QuestionNumber = QuestionNumber(1);

    /// A page whose clock is the server's, told of steps by their times.
    fn page(steps: &[(i64, Event)]) -> Replica {
        let mut replica = Replica::new(setup(), Audience::Public);
        replica.take(&Told::Hello { now: Millis(0) }, 0);
        for (number, (at, event)) in (1..).zip(steps) {
            let event = Numbered {
                number,
                at: Millis(*at),
                by: Actor::Clock,
                event: event.clone(),
            };
            replica.take(&Told::Event(event), *at);
        }
        replica
    }

    const fn opened(question: QuestionNumber) -> Event {
        Event::Opened {
            question,
            stakes: Vec::new(),
        }
    }

    fn locked() -> Event {
        Event::Locked {
            answered: vec![0, 0],
        }
    }

    /// What a page tells that is hidden after the first steps, and seen again after the others.
    fn told(
        steps: &[(i64, Event)],
        known: usize,
        from: i64,
        to: i64,
    ) -> Vec<(QuestionNumber, i64)> {
        let away = Away::new(&page(&steps[..known]), from);
        let replica = page(steps);
        away.seen(&replica, Some(to)).during(&replica)
    }

    #[test]
    fn a_page_that_is_hidden_tells_of_each_question_that_it_missed_a_part_of() {
        let steps = [
            (1_000, opened(FIRST)),
            (9_000, locked()),
            (20_000, opened(SECOND)),
        ];
        assert_eq!(told(&steps[..1], 1, 3_000, 5_000), [(FIRST, 2_000)]);
        assert_eq!(told(&steps[..2], 1, 3_000, 15_000), [(FIRST, 6_000)]);
        let both = told(&steps, 1, 3_000, 25_000);
        assert_eq!(both, [(FIRST, 6_000), (SECOND, 5_000)]);
        assert_eq!(told(&steps, 2, 12_000, 25_000), [(SECOND, 5_000)]);
        assert_eq!(told(&steps[..2], 2, 12_000, 15_000), []);
    }

    #[test]
    fn nothing_is_told_while_a_page_is_still_hidden() {
        let replica = page(&[(1_000, opened(FIRST))]);
        let away = Away::new(&replica, 3_000);
        assert_eq!(away.during(&replica), []);
        let again = away.seen(&replica, Some(5_000)).seen(&replica, None);
        assert_eq!(again.during(&replica), []);
    }
}
