//! Who takes part: pages that act on what they last heard, mostly sensibly.

use super::Day;
use crate::world::{other_phone, phone, right, wrong};
use domain::contest::buzzer::{Clamp, Judged};
use domain::contest::r#match::*;
use domain::id::{DeviceId, LearnerId};
use std::sync::Arc;

/// A page with its copy of the match.
pub struct Client {
    pub audience: Audience,
    /// Whose page it is; the big screen has nobody's.
    actor: Option<Actor>,
    device: DeviceId,
    pub replica: Match,
    /// How many events of the log it has been sent.
    pub heard: usize,
}

impl Client {
    fn new(setup: &Arc<Setup>, audience: Audience, actor: Option<Actor>) -> Self {
        let person = match actor {
            Some(Actor::Host(person) | Actor::Player(person)) => person,
            _ => LearnerId(uuid::Uuid::nil()),
        };
        Self {
            audience,
            actor,
            device: phone(person),
            replica: Match::new(Arc::clone(setup)),
            heard: 0,
        }
    }

    pub fn hear(&mut self, numbered: &Numbered) {
        if let Some(redacted) = redact(numbered, &self.audience) {
            self.replica.apply(&redacted);
        }
    }
}

/// The pages of everyone in a match, and the big screen.
pub fn of(setup: &Arc<Setup>) -> Vec<Client> {
    let client = |audience, actor| Client::new(setup, audience, actor);
    let hosts = setup.hosts.iter();
    let hosts = hosts.map(|host| client(Audience::Host, Some(Actor::Host(*host))));
    let teams = setup.teams.iter();
    let people = teams.flat_map(|team| team.members.iter().chain(&team.substitutes));
    let players = people.map(|seat| client(Audience::Player(*seat), Some(Actor::Player(*seat))));
    let mut all: Vec<_> = hosts.chain(players).collect();
    all.push(client(Audience::Public, None));
    all
}

impl Day {
    /// A page does something; its message may get lost, doubled and delayed.
    pub fn act(&mut self, index: usize) {
        let command = match self.clients[index].actor {
            Some(Actor::Host(host)) => self.steer(index, host),
            Some(Actor::Player(seat)) => self.play(index, seat),
            _ => None,
        };
        let Some((command, actor)) = command.zip(self.clients[index].actor) else {
            return;
        };
        let copies = [0, 1, 1, 1, 1, 1, 1, 2][self.draw.below(8) as usize];
        for _ in 0..copies {
            let delay = [5, 20, 80, 300, 2_500][self.draw.below(5) as usize];
            let arrives = self.now.plus(delay);
            self.wire.push((arrives, actor, command.clone()));
        }
    }

    fn play(&mut self, index: usize, seat: LearnerId) -> Option<Command> {
        if self.chance(60) {
            // The page is opened anew on the other device, and nobody closes the first.
            let turned = self.clients[index].device == phone(seat);
            self.clients[index].device = if turned {
                other_phone(seat)
            } else {
                phone(seat)
            };
        }
        let client = &self.clients[index];
        let (device, view) = (client.device, client.replica.view(&client.audience));
        let setup = Arc::clone(&self.setup);
        let own = view.own?;
        let question = view.question.unwrap_or(QuestionNumber(0));
        let kind = view.round.map(|round| setup.rounds[round].kind.clone());
        let revision = own.given.as_ref().map_or(1, |given| given.revision + 1);
        let odd = self.draw.below(12);
        let play = if own.device != Some(device) && odd > 0 {
            Play::Join
        } else if own.may_answer || odd == 1 {
            let answer = if self.chance(2) { right() } else { wrong() };
            Play::Answer {
                question,
                revision: revision - self.draw.below(2).min(revision - 1),
                answer,
            }
        } else if view.phase == Phase::Stakes || odd == 2 {
            let points = [10, 30, 7][self.draw.below(3) as usize];
            Play::Stake { question, points }
        } else if (view.phase == Phase::Open && matches!(kind, Some(Kind::Buzzer { .. })))
            || odd == 3
        {
            let lie = i64::from(self.draw.below(4_000)) - 2_000;
            Play::Press {
                question,
                judged: Judged {
                    made: (self.now.0 + lie) * 1_000 + i64::from(self.draw.below(1_000)),
                    uncertainty: i64::from(self.draw.below(300_000)) - 1_000,
                    disbelieved: [0, 0, 0, 900_000][self.draw.below(4) as usize],
                    clamped: [None, None, Some(Clamp::Delay), Some(Clamp::Early)]
                        [self.draw.below(4) as usize],
                    late: self.chance(4),
                },
            }
        } else if odd == 4 {
            let ms = self.draw.below(5_000);
            Play::Hidden { question, ms }
        } else if view.phase == Phase::Ready || odd == 5 {
            Play::Ready
        } else {
            return None;
        };
        Some(Command::Play { device, play })
    }

    fn steer(&mut self, index: usize, host: LearnerId) -> Option<Command> {
        let client = &self.clients[index];
        let view = client.replica.view(&client.audience);
        let console = view.console?;
        let everyone: Vec<_> = console.seats.iter().map(|facts| facts.seat).collect();
        let questions = client.replica.setup().questions();
        let bench: Vec<_> = client
            .replica
            .setup()
            .teams
            .iter()
            .flat_map(|team| {
                team.substitutes
                    .iter()
                    .map(|enters| (team.members[0], *enters))
            })
            .collect();
        let stopped = matches!(view.clock, Some(Clock::Stopped { .. }));
        if console.in_charge != Some(host) {
            let steer = Steer::HandOver { to: host };
            let expects = console.number;
            return self.chance(12).then_some(Command::Steer { expects, steer });
        }
        let seat = everyone[self.draw.below(u32::try_from(everyone.len()).expect("few")) as usize];
        let question = QuestionNumber(self.draw.below(questions + 1));
        let steer = match (self.draw.below(30), view.phase) {
            (0..8, _) if console.redos > 0 => Steer::Redo,
            (0..=1, _) => Steer::Undo,
            (2, _) => Steer::Void { question },
            (3, _) => Steer::PutBack { seat },
            (4, _) => match bench.first() {
                Some((leaves, enters)) if self.chance(2) => Steer::Substitute {
                    leaves: *leaves,
                    enters: *enters,
                },
                Some((leaves, enters)) => Steer::Substitute {
                    leaves: *enters,
                    enters: *leaves,
                },
                None => Steer::HandOver { to: seat },
            },
            (5, _) => {
                let by_ms = i64::from(self.draw.below(8_000)) - 4_000;
                Steer::MoveClock { by_ms }
            }
            (6, _) => Steer::Pause,
            (7, _) => Steer::Finish,
            (8..15, _) if stopped => Steer::Resume,
            (_, Phase::Lobby) => Steer::Start,
            (_, Phase::Ready) => Steer::Open,
            (8..10, Phase::Stakes) => Steer::Open,
            (8..12, Phase::Open) => Steer::Lock,
            (_, Phase::Locked) => Steer::Reveal,
            (8..16, Phase::Reveal) => Steer::Scoreboard,
            (_, Phase::Reveal | Phase::Scoreboard) => Steer::Open,
            _ => return None,
        };
        let expects = console.number;
        Some(Command::Steer { expects, steer })
    }
}
