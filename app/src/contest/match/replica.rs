//! A page's copy of the match, made of what the server tells and nothing else.
//!
//! The rule guarded here: what a page shows is a function of its replica, so that a page that is
//! opened late, or comes back, shows the same as one that was there all the time.

use domain::contest::r#match::message::{Told, Words};
use domain::contest::r#match::{Audience, Match, Numbered, QuestionNumber, Setup, View, seal};
use domain::id::{DeviceId, LearnerId};
use domain::time::Millis;
use std::collections::BTreeMap;

/// A page's copy of the match.
#[derive(Debug, Clone)]
pub struct Replica {
    audience: Audience,
    game: Match,
    sealed: BTreeMap<QuestionNumber, String>,
    keys: BTreeMap<QuestionNumber, String>,
    words: BTreeMap<QuestionNumber, Words>,
    /// The steps that were told, oldest first.
    steps: Vec<Numbered>,
    /// The server's clock less the page's, in milliseconds.
    offset: Option<i64>,
}

impl Replica {
    /// The match before anything was told of it.
    #[must_use]
    pub fn new(setup: Setup, audience: Audience) -> Self {
        Self {
            audience,
            game: Match::new(setup),
            sealed: BTreeMap::new(),
            keys: BTreeMap::new(),
            words: BTreeMap::new(),
            steps: Vec::new(),
            offset: None,
        }
    }

    /// Takes in what the server told, at `now` by the page's clock.
    pub fn take(&mut self, told: &Told, now: i64) {
        match told {
            Told::Hello { now: server } => self.hear_clock(*server, now),
            Told::Event(numbered) => {
                if numbered.number > self.game.number() && numbered.event.is_step() {
                    self.steps.push(numbered.clone());
                }
                self.game.apply(numbered);
                self.hear_clock(numbered.at, now);
            }
            Told::Tally(tally) => self.game.take_tally(tally.clone()),
            Told::Gone { seats } => self.game.set_gone(seats.iter().copied().collect()),
            Told::Sealed { question, text } => {
                self.sealed.insert(*question, text.clone());
                self.open(*question);
            }
            Told::Key { question, key } => {
                self.keys.insert(*question, key.clone());
                self.open(*question);
            }
            Told::SignedOut
            | Told::Ping { .. }
            | Told::Done { .. }
            | Told::Refused { .. }
            | Told::Failed { .. } => {}
        }
    }

    /// Everything that the server says took some time to arrive, so its clock is at least there:
    /// the most that was ever heard is the nearest.
    fn hear_clock(&mut self, server: Millis, now: i64) {
        let heard = server.0 - now;
        self.offset = Some(self.offset.map_or(heard, |known| known.max(heard)));
    }

    fn open(&mut self, question: QuestionNumber) {
        let (Some(text), Some(key)) = (self.sealed.get(&question), self.keys.get(&question)) else {
            return;
        };
        if let Some(words) = seal::open(text, key) {
            self.words.insert(question, words);
        }
    }

    /// What the page's audience may see.
    #[must_use]
    pub fn view(&self) -> View {
        self.game.view(&self.audience)
    }

    /// The match as far as it is known.
    #[must_use]
    pub const fn game(&self) -> &Match {
        &self.game
    }

    /// The words of a question, once they were opened.
    #[must_use]
    pub fn words(&self, question: Option<QuestionNumber>) -> Option<&Words> {
        self.words.get(&question?)
    }

    /// The steps that were told, oldest first.
    #[must_use]
    pub fn steps(&self) -> &[Numbered] {
        &self.steps
    }

    /// The number of the last event.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.game.number()
    }

    /// The server's time when it is `now` by the page's clock.
    #[must_use]
    pub fn server_time(&self, now: i64) -> i64 {
        now + self.offset.unwrap_or(0)
    }

    /// Whether a press, in microseconds of the page's clock, was made before the current question
    /// was opened or its clock resumed: one that waited on the phone while the host went back.
    #[must_use]
    pub fn is_stale(&self, question: QuestionNumber, pressed: i64) -> bool {
        // By how much the server's clock may be ahead of where it is known to be at least.
        const SLACK: i64 = 1_000;
        let made = self.server_time(pressed / 1_000).saturating_add(SLACK);
        self.game.question() == Some(question) && made < self.game.opened_at().0
    }

    /// The device that has a player's seat.
    #[must_use]
    pub fn device(&self) -> Option<DeviceId> {
        self.view().own.and_then(|own| own.device)
    }

    /// Who plays on this page.
    #[must_use]
    pub const fn player(&self) -> Option<LearnerId> {
        match self.audience {
            Audience::Player(seat) => Some(seat),
            Audience::Host | Audience::Public => None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use domain::contest::r#match::{Actor, Event, Kind, Phase, Round, Rules, Team};
    use domain::id::TeamId;
    use uuid::Uuid;

    /// Two teams of one, three questions.
    pub fn setup() -> Setup {
        let team = |n: u128| Team {
            id: TeamId(Uuid::from_u128(n)),
            name: n.to_string(),
            members: vec![LearnerId(Uuid::from_u128(10 + n))],
            substitutes: Vec::new(),
        };
        Setup {
            teams: vec![team(1), team(2)],
            hosts: vec![LearnerId(Uuid::from_u128(99))],
            rounds: vec![Round {
                kind: Kind::Required,
                questions: 3,
                seconds: 30,
                points: 10,
            }],
            rules: Rules::default(),
        }
    }

    #[test]
    fn what_is_told_twice_or_out_of_order_changes_nothing_and_the_nearest_clock_stays() {
        let mut replica = Replica::new(setup(), Audience::Public);
        let event = |number, event| {
            Told::Event(Numbered {
                number,
                at: Millis(1_000),
                by: Actor::Clock,
                event,
            })
        };
        let opened = Event::Opened {
            question: QuestionNumber(0),
            stakes: Vec::new(),
        };
        for told in [
            Told::Hello { now: Millis(900) },
            event(4, Event::Started),
            event(5, opened.clone()),
            event(4, Event::Started),
            event(5, opened),
        ] {
            replica.take(&told, 500);
        }
        assert_eq!(replica.view().phase, Phase::Open);
        assert_eq!((replica.number(), replica.steps().len()), (5, 2));
        assert_eq!(replica.server_time(600), 1_100);
        replica.take(&Told::Hello { now: Millis(950) }, 600);
        assert_eq!(replica.server_time(600), 1_100);
    }

    #[test]
    fn a_press_that_waited_while_the_question_was_opened_anew_is_stale() {
        let mut replica = Replica::new(setup(), Audience::Public);
        let question = QuestionNumber(0);
        let at = |at| {
            Told::Event(Numbered {
                number: at,
                at: Millis(i64::try_from(at).unwrap_or(0)),
                by: Actor::Clock,
                event: Event::Opened {
                    question,
                    stakes: Vec::new(),
                },
            })
        };
        replica.take(&at(70_000), 10_000);
        assert!(
            !replica.is_stale(question, 10_000_000),
            "as soon as it came"
        );
        replica.take(&at(90_000), 30_100);
        assert!(replica.is_stale(question, 12_000_000));
        assert!(!replica.is_stale(question, 30_100_000));
        assert!(!replica.is_stale(QuestionNumber(1), 12_000_000));
    }

    #[test]
    fn words_open_in_whichever_order_seal_and_key_arrive() {
        let words = Words {
            kind: domain::question::QuestionKind::TrueFalse,
            stem: "题".into(),
            options: vec!["对".into(), "错".into()],
        };
        let question = QuestionNumber(0);
        let seal = seal::Seal([1; 32]);
        let Some(text) = seal.seal(question, &words) else {
            panic!("words can be sealed");
        };
        let (sealed, key) = (
            Told::Sealed { question, text },
            Told::Key {
                question,
                key: seal.key(question),
            },
        );
        for order in [[&sealed, &key], [&key, &sealed]] {
            let mut replica = Replica::new(setup(), Audience::Public);
            replica.take(order[0], 0);
            assert_eq!(replica.words(Some(question)), None);
            replica.take(order[1], 0);
            assert_eq!(replica.words(Some(question)), Some(&words));
        }
    }
}
