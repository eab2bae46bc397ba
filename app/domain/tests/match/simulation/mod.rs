//! A thousand whole matches over a bad network: messages are lost, doubled, delayed and
//! reordered, clients act on what they last heard and lie about the time, the server crashes and
//! loses what it had not stored. After every message the invariants of [`checks`] hold.
//!
//! A schedule follows from its seed alone; a failure names the seed. A thousand of them take about
//! eight seconds in a debug build, which is as long as every run of all tests should wait for
//! them; before a change of the rules is handed in, `MATCH_SCHEDULES=20000` looks further.

mod checks;
mod clients;

use checks::{Before, Books, Seen};
use clients::Client;
use domain::contest::buzzer;
use domain::contest::r#match::*;
use domain::id::{LearnerId, TeamId};
use domain::question::{Key, QuestionKind};
use domain::seed::Draw;
use domain::time::Millis;
use std::sync::Arc;
use uuid::Uuid;

/// How many matches, unless `MATCH_SCHEDULES` asks for more, and how many moments each has.
const SCHEDULES: u64 = 2_000;
const MOMENTS: u32 = 100;

/// A match on a server, and everyone who looks at it.
pub struct Day {
    pub setup: Arc<Setup>,
    pub draw: Draw,
    pub secrets: Secrets,
    pub now: Millis,
    /// The server's memory.
    pub game: Match,
    /// All events; those from `stored` on would be lost by a crash, and nobody has seen them.
    pub log: Vec<Numbered>,
    pub stored: usize,
    pub clients: Vec<Client>,
    /// Messages on their way: when they arrive, who sent them.
    pub wire: Vec<(Millis, Actor, Command)>,
    pub books: Books,
}

impl Day {
    fn new(seed: u64) -> Self {
        let mut draw = Draw::from_seed(seed);
        let setup = any_setup(&mut draw);
        let secrets = Secrets {
            questions: (0..setup.questions())
                .map(|n| Secret {
                    id: format!("q{n}").as_str().into(),
                    kind: QuestionKind::Single,
                    options: 4,
                    key: Key::Choices([u8::try_from(draw.below(2)).expect("small")].into()),
                })
                .collect(),
            seed,
        };
        assert_eq!(setup.defect(&secrets), None);
        let setup = Arc::new(setup);
        Self {
            clients: clients::of(&setup),
            game: Match::new(Arc::clone(&setup)),
            setup,
            draw,
            secrets,
            now: Millis(1_800_000_000_000),
            log: Vec::new(),
            stored: 0,
            wire: Vec::new(),
            books: Books::default(),
        }
    }

    /// One time in `of`.
    pub fn chance(&mut self, of: u32) -> bool {
        self.draw.below(of) == 0
    }

    /// Something happens somewhere, and time goes on.
    fn moment(&mut self, seen: &mut Seen) {
        let still = [0, 5, 120, 900, 3_000][self.draw.below(5) as usize];
        self.now = self.now.plus(still);
        self.deliver(seen);
        if self.chance(25) {
            self.crash();
        }
        if !self.chance(3) {
            self.stored = self.log.len();
        }
        let everyone = u32::try_from(self.clients.len()).expect("few");
        // The hosts are the first two; without one of them at work nothing goes on.
        for among in [2, everyone, everyone] {
            let client = self.draw.below(among) as usize;
            self.synchronise(client);
            self.act(client);
        }
    }

    /// The messages that have arrived by now reach the server, and its timer rings if it is due.
    fn deliver(&mut self, seen: &mut Seen) {
        self.wire.sort_by_key(|(arrives, _, _)| *arrives);
        let on_the_way = self
            .wire
            .partition_point(|(arrives, _, _)| *arrives <= self.now);
        for (_, actor, command) in self.wire.drain(..on_the_way).collect::<Vec<_>>() {
            // A timer rings late, and sometimes only after a message that came at its time.
            if !self.chance(4) {
                while self.receive(Actor::Clock, &Command::Tick, seen) {}
            }
            self.receive(actor, &command, seen);
        }
        while self.receive(Actor::Clock, &Command::Tick, seen) {}
    }

    /// Says whether anything happened.
    fn receive(&mut self, by: Actor, command: &Command, seen: &mut Seen) -> bool {
        let decided = decide(&self.game, by, command, self.now, &self.secrets);
        seen.decided(&decided);
        let Ok(Some(event)) = decided else {
            return false;
        };
        let before = Before {
            phase: self.game.phase(),
            due: self.game.due(),
            board: self.game.board().clone(),
        };
        let numbered = self.game.numbered(event, by, self.now);
        self.game.apply(&numbered);
        self.books.enter(&numbered);
        self.log.push(numbered);
        checks::after_event(self, &before, seen);
        true
    }

    /// The server dies and comes back with what it had stored.
    fn crash(&mut self) {
        self.log.truncate(self.stored);
        self.game = checks::replayed(self);
        self.books = Books::of(&self.log);
    }

    /// A client gets what was stored since it last heard, perhaps with some of it again.
    fn synchronise(&mut self, client: usize) {
        let again = self.draw.below(3) as usize;
        let (from, to) = (
            self.clients[client].heard.saturating_sub(again),
            self.stored,
        );
        for numbered in &self.log[from.min(to)..to] {
            self.clients[client].hear(numbered);
        }
        self.clients[client].heard = to;
    }
}

fn any_setup(draw: &mut Draw) -> Setup {
    let mut people = 0;
    let mut person = || {
        people += 1;
        LearnerId(Uuid::from_u128(people))
    };
    let hosts = vec![person(), person()];
    let teams = (0..2 + draw.below(3))
        .map(|n| Team {
            id: TeamId(Uuid::from_u128(u128::from(n))),
            name: format!("第{n}队"),
            members: (0..=draw.below(3)).map(|_| person()).collect(),
            substitutes: (0..draw.below(2)).map(|_| person()).collect(),
        })
        .collect();
    let rounds = (0..2 + draw.below(3))
        .map(|_| Round {
            kind: match draw.below(5) {
                0 => Kind::Required,
                1 => Kind::Relay,
                2 => Kind::Wager {
                    stakes: vec![10, 30],
                },
                _ => Kind::Buzzer {
                    penalty: draw.below(6),
                    turns: 1 + draw.below(3),
                },
            },
            questions: 1 + draw.below(2),
            seconds: 5 + draw.below(10),
            points: 10,
        })
        .collect();
    Setup {
        teams,
        hosts,
        rounds,
        rules: Rules {
            buzzer: buzzer::Rules {
                bound_ms: i64::from(draw.below(2_000)),
            },
            tie: [TieRule::Drawn, TieRule::Estimated][draw.below(2) as usize],
            answering_seconds: 5,
            staking_seconds: 5,
        },
    }
}

#[test]
fn whatever_the_network_does_the_books_are_right() {
    let mut seen = Seen::default();
    let more = std::env::var("MATCH_SCHEDULES").ok();
    let more = more.map(|count| count.parse().expect("MATCH_SCHEDULES is a number"));
    for seed in 0..more.unwrap_or(0).max(SCHEDULES) {
        let run = std::panic::AssertUnwindSafe(|| {
            let mut day = Day::new(seed);
            for _ in 0..MOMENTS {
                day.moment(&mut seen);
            }
            checks::at_the_end(&mut day);
        });
        if let Err(failure) = std::panic::catch_unwind(run) {
            eprintln!("schedule {seed} failed");
            std::panic::resume_unwind(failure);
        }
    }
    seen.enough();
}
