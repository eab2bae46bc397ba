//! A match to test with: three teams of three, two and one, two hosts, a round of each kind.

use domain::contest::buzzer::{self, Judged};
use domain::contest::r#match::*;
use domain::id::{DeviceId, LearnerId, TeamId};
use domain::question::{Answer, Key, QuestionKind};
use domain::time::Millis;
use uuid::Uuid;

pub const A: [LearnerId; 3] = [person(11), person(12), person(13)];
pub const A_BENCH: LearnerId = person(19);
pub const B: [LearnerId; 2] = [person(21), person(22)];
pub const B_BENCH: LearnerId = person(29);
pub const C: LearnerId = person(31);
pub const HOST: LearnerId = person(901);
pub const SECOND_HOST: LearnerId = person(902);
pub const STRANGER: LearnerId = person(999);

/// The questions of the rounds.
pub const REQUIRED: [QuestionNumber; 2] = [QuestionNumber(0), QuestionNumber(1)];
pub const BUZZER: [QuestionNumber; 2] = [QuestionNumber(2), QuestionNumber(3)];
pub const WAGER: QuestionNumber = QuestionNumber(4);
pub const RELAY: [QuestionNumber; 2] = [QuestionNumber(5), QuestionNumber(6)];
pub const LAST: QuestionNumber = QuestionNumber(7);

pub const fn person(n: u128) -> LearnerId {
    LearnerId(Uuid::from_u128(n))
}

/// The first device of a person.
pub fn phone(seat: LearnerId) -> DeviceId {
    DeviceId(seat.0)
}

/// Another device of a person.
pub fn other_phone(seat: LearnerId) -> DeviceId {
    DeviceId(Uuid::from_u128(seat.0.as_u128() + 1_000))
}

pub fn right() -> Answer {
    Answer::Choices(vec![1])
}

pub fn wrong() -> Answer {
    Answer::Choices(vec![0])
}

/// A press that is believed, made then in microseconds, known to ± 5 ms.
pub const fn judged(made: i64) -> Judged {
    Judged {
        made,
        uncertainty: 5_000,
        disbelieved: 0,
        clamped: None,
        late: false,
    }
}

pub fn setup() -> Setup {
    let team = |n: u128, members: &[LearnerId], substitutes: &[LearnerId]| Team {
        id: TeamId(Uuid::from_u128(n)),
        name: format!("第{n}队"),
        members: members.to_vec(),
        substitutes: substitutes.to_vec(),
    };
    let round = |kind, questions| Round {
        kind,
        questions,
        seconds: 20,
        points: 10,
    };
    let buzzer = Kind::Buzzer {
        penalty: 5,
        turns: 2,
    };
    let wager = Kind::Wager {
        stakes: vec![10, 20, 30],
    };
    Setup {
        teams: vec![
            team(1, &A, &[A_BENCH]),
            team(2, &B, &[B_BENCH]),
            team(3, &[C], &[]),
        ],
        hosts: vec![HOST, SECOND_HOST],
        rounds: vec![
            round(Kind::Required, 2),
            round(buzzer, 2),
            round(wager, 1),
            round(Kind::Relay, 2),
            round(Kind::Required, 1),
        ],
        rules: Rules {
            buzzer: buzzer::Rules { bound_ms: 400 },
            tie: TieRule::Estimated,
            answering_seconds: 10,
            staking_seconds: 15,
        },
    }
}

pub fn secrets() -> Secrets {
    let secret = |n: u32| Secret {
        id: format!("q{n}").as_str().into(),
        kind: QuestionKind::Single,
        options: 4,
        key: Key::Choices([1].into()),
    };
    Secrets {
        questions: (0..setup().questions()).map(secret).collect(),
        seed: 2026,
    }
}

/// The server's side of a match, with a clock that tests move.
#[derive(Clone)]
pub struct World {
    pub game: Match,
    pub log: Vec<Numbered>,
    pub now: Millis,
    pub secrets: Secrets,
}

impl World {
    /// A match in the lobby with nobody in it.
    pub fn empty() -> Self {
        Self {
            game: Match::new(setup()),
            log: Vec::new(),
            now: Millis(1_000_000),
            secrets: secrets(),
        }
    }

    /// A match in the lobby with everyone there, substitutes too.
    pub fn lobby() -> Self {
        let mut world = Self::empty();
        for seat in A.iter().chain(&B).chain(&[C, A_BENCH, B_BENCH]) {
            world.play(*seat, Play::Join).expect("everyone may join");
        }
        world
    }

    /// A match whose next question is `number`: those before it are left out.
    pub fn before(number: QuestionNumber) -> Self {
        let mut world = Self::lobby();
        world.host(Steer::Start);
        for question in (0..number.0).map(QuestionNumber) {
            world.host(Steer::Void { question });
        }
        world
    }

    /// A match with the question open, or its stakes when it is a wager.
    pub fn open(number: QuestionNumber) -> Self {
        let mut world = Self::before(number);
        world.host(Steer::Open);
        world
    }

    pub fn ask(&mut self, by: Actor, command: &Command) -> Result<Option<Event>, Refusal> {
        let event = decide(&self.game, by, command, self.now, &self.secrets)?;
        if let Some(event) = &event {
            let numbered = self.game.numbered(event.clone(), by, self.now);
            self.game.apply(&numbered);
            self.log.push(numbered);
        }
        Ok(event)
    }

    /// What the host in charge asks, having seen everything; it must be accepted.
    pub fn host(&mut self, steer: Steer) -> Event {
        let asked = format!("{steer:?}");
        let done = self.steer(HOST, self.game.number(), steer);
        done.unwrap_or_else(|refusal| panic!("{asked}: {refusal}"))
    }

    pub fn steer(&mut self, host: LearnerId, expects: u64, steer: Steer) -> Result<Event, Refusal> {
        let done = self.ask(Actor::Host(host), &Command::Steer { expects, steer });
        done.map(|event| event.expect("a host's command has an event or is refused"))
    }

    pub fn play(&mut self, seat: LearnerId, play: Play) -> Result<Option<Event>, Refusal> {
        self.play_on(phone(seat), seat, play)
    }

    pub fn play_on(
        &mut self,
        device: DeviceId,
        seat: LearnerId,
        play: Play,
    ) -> Result<Option<Event>, Refusal> {
        self.ask(Actor::Player(seat), &Command::Play { device, play })
    }

    /// Answers the current question.
    pub fn answer(
        &mut self,
        seat: LearnerId,
        revision: u32,
        answer: Answer,
    ) -> Result<Option<Event>, Refusal> {
        let question = self.view().question.expect("a question");
        self.play(
            seat,
            Play::Answer {
                question,
                revision,
                answer,
            },
        )
    }

    /// A press at the current question, made so many milliseconds ago, known to ± 5 ms.
    pub fn press(&mut self, seat: LearnerId, ago: i64) -> Result<Option<Event>, Refusal> {
        self.press_judged(seat, judged((self.now.0 - ago) * 1_000))
    }

    /// A press at the current question.
    pub fn press_judged(
        &mut self,
        seat: LearnerId,
        judged: Judged,
    ) -> Result<Option<Event>, Refusal> {
        let question = self.view().question.expect("a question");
        self.play(seat, Play::Press { question, judged })
    }

    pub fn stake(&mut self, seat: LearnerId, points: u32) -> Result<Option<Event>, Refusal> {
        self.play(
            seat,
            Play::Stake {
                question: WAGER,
                points,
            },
        )
    }

    pub fn wait(&mut self, ms: i64) {
        self.now = self.now.plus(ms);
    }

    pub fn tick(&mut self) -> Option<Event> {
        let done = self.ask(Actor::Clock, &Command::Tick);
        done.expect("the clock is never refused")
    }

    /// Waits until the timer must ring, and rings.
    pub fn ring(&mut self) -> Event {
        self.now = self.game.due().expect("something is due");
        self.tick().expect("something happens when it is due")
    }

    pub fn view(&self) -> View {
        self.game.view(&Audience::Public)
    }

    pub fn console(&self) -> Console {
        let view = self.game.view(&Audience::Host);
        view.console.expect("a host has a console")
    }

    pub fn own(&self, seat: LearnerId) -> Own {
        let view = self.game.view(&Audience::Player(seat));
        view.own.expect("a person on a roster")
    }

    /// Points of the teams, in tenths.
    pub fn points(&self) -> [i64; 3] {
        let teams = self.view().teams;
        std::array::from_fn(|team| teams[team].points.0)
    }

    /// The match as an audience knows it from its log.
    pub fn replica(&self, audience: &Audience) -> Match {
        let mut replica = Match::new(self.game.setup().clone());
        for numbered in self.log.iter().filter_map(|event| redact(event, audience)) {
            replica.apply(&numbered);
        }
        replica
    }
}
