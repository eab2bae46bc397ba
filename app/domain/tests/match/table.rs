//! Every message in every phase from every role, against `table.txt`: whoever changes a rule
//! changes a cell, and sees it in the review.

use crate::world::*;
use domain::contest::r#match::*;
use domain::id::LearnerId;

/// What a message leads to, as a character: accepted, accepted without effect, or refused.
fn cell(done: &Result<Option<Event>, Refusal>) -> char {
    match done {
        Ok(Some(Event::AnsweredLate { .. })) => 'L',
        Ok(Some(_)) => '+',
        Ok(None) => '.',
        Err(Refusal::NotAHost) => 'H',
        Err(Refusal::NotASeat) => 'S',
        Err(Refusal::NotTheClock) => 'C',
        Err(Refusal::NotInCharge) => 'I',
        Err(Refusal::Stale) => 's',
        Err(Refusal::NotNow) => '-',
        Err(Refusal::Paused) => 'p',
        Err(Refusal::TooLate) => 'l',
        Err(Refusal::Benched) => 'b',
        Err(Refusal::NotJoined) => 'j',
        Err(Refusal::TakenOver) => 'o',
        Err(Refusal::NotYourTurn) => 't',
        Err(Refusal::PressFirst) => 'f',
        Err(Refusal::Judging) => 'g',
        Err(Refusal::AlreadyVoid) => 'v',
        Err(Refusal::NothingToUndo) => 'u',
        Err(Refusal::NothingToRedo) => 'r',
        Err(other) => panic!("a cell of its own is needed for {other:?}"),
    }
}

/// The columns: what the match is doing, in the order of a match's life.
fn situations() -> Vec<(&'static str, World)> {
    let mut judging = World::open(BUZZER[0]);
    judging.wait(5_000);
    judging.press(C, 0).expect("a press");
    let mut floor = judging.clone();
    floor.ring();
    let mut wager = World::open(WAGER);
    wager.host(Steer::Open);
    let mut paused = World::open(REQUIRED[0]);
    paused.host(Steer::Pause);
    let mut over = World::open(REQUIRED[0]);
    over.wait(20_000);
    let mut locked = World::open(REQUIRED[0]);
    locked.host(Steer::Lock);
    let mut undone = locked.clone();
    undone.host(Steer::Undo);
    let mut reveal = locked.clone();
    reveal.host(Steer::Reveal);
    let mut scoreboard = reveal.clone();
    scoreboard.host(Steer::Scoreboard);
    let mut finished = scoreboard.clone();
    finished.host(Steer::Finish);
    let mut pressable = World::open(BUZZER[0]);
    pressable.wait(5_000);
    let mut buzzer_paused = judging.clone();
    buzzer_paused.host(Steer::Pause);
    vec![
        ("lobby", World::lobby()),
        ("ready check", World::before(REQUIRED[0])),
        ("stakes of a wager", World::open(WAGER)),
        ("required question open", World::open(REQUIRED[0])),
        ("relay question open", World::open(RELAY[0])),
        ("wager question open", wager),
        ("buzzer open", pressable),
        ("presses being judged", judging),
        ("presses being judged, paused", buzzer_paused),
        ("C has the floor", floor),
        ("required question, paused", paused),
        ("required question, time over, timer not rung", over),
        ("required question, lock undone", undone),
        ("locked", locked),
        ("reveal", reveal),
        ("scoreboard", scoreboard),
        ("finished", finished),
    ]
}

/// The rows: who sends it.
#[derive(Clone, Copy)]
enum Role {
    Seat(LearnerId),
    OlderPhone(LearnerId),
    AbsentSeat(LearnerId),
    Host(LearnerId),
    StaleHost,
    Clock,
}

const ROLES: [(&str, Role); 12] = [
    ("captain", Role::Seat(A[0])),
    ("member", Role::Seat(A[1])),
    ("C", Role::Seat(C)),
    ("older phone", Role::OlderPhone(A[0])),
    ("not joined", Role::AbsentSeat(A[0])),
    ("substitute", Role::Seat(A_BENCH)),
    ("stranger", Role::Seat(STRANGER)),
    ("host", Role::Host(HOST)),
    ("stale host", Role::StaleHost),
    ("second host", Role::Host(SECOND_HOST)),
    ("no host", Role::Host(STRANGER)),
    ("clock", Role::Clock),
];

fn plays(question: QuestionNumber, now: i64) -> Vec<(&'static str, Play)> {
    let judged = judged(now * 1_000);
    vec![
        ("join", Play::Join),
        ("ready", Play::Ready),
        (
            "answer",
            Play::Answer {
                question,
                revision: 1,
                answer: right(),
            },
        ),
        ("press", Play::Press { question, judged }),
        (
            "stake",
            Play::Stake {
                question,
                points: 10,
            },
        ),
        ("hidden", Play::Hidden { question, ms: 1 }),
    ]
}

fn steers(question: QuestionNumber) -> Vec<(&'static str, Steer)> {
    let (leaves, enters) = (A[2], A_BENCH);
    vec![
        ("start", Steer::Start),
        ("open", Steer::Open),
        ("lock", Steer::Lock),
        ("reveal", Steer::Reveal),
        ("scoreboard", Steer::Scoreboard),
        ("finish", Steer::Finish),
        ("pause", Steer::Pause),
        ("resume", Steer::Resume),
        ("move clock", Steer::MoveClock { by_ms: 1_000 }),
        ("void", Steer::Void { question }),
        ("undo", Steer::Undo),
        ("redo", Steer::Redo),
        ("put back", Steer::PutBack { seat: C }),
        ("substitute", Steer::Substitute { leaves, enters }),
        ("hand over", Steer::HandOver { to: SECOND_HOST }),
    ]
}

/// What a role's message leads to, in a copy of the match.
fn sent(world: &World, role: Role, message: usize) -> (&'static str, char) {
    let mut world = world.clone();
    let question = world.view().question.unwrap_or(REQUIRED[0]);
    let (actor, seat) = match role {
        Role::Seat(seat) | Role::OlderPhone(seat) | Role::AbsentSeat(seat) => {
            (Actor::Player(seat), seat)
        }
        Role::Host(host) => (Actor::Host(host), host),
        Role::StaleHost => (Actor::Host(HOST), HOST),
        Role::Clock => (Actor::Clock, STRANGER),
    };
    if let Role::OlderPhone(seat) = role {
        world
            .play_on(other_phone(seat), seat, Play::Join)
            .expect("a newer phone");
    }
    if let Role::AbsentSeat(seat) = role {
        world.host(Steer::PutBack { seat });
    }
    let expects = match role {
        Role::StaleHost => world.console().number.saturating_sub(1),
        _ => world.console().number,
    };
    if matches!(role, Role::StaleHost) {
        world.host(Steer::PutBack { seat: A[2] });
    }
    let device = phone(seat);
    let plays = plays(question, world.now.0).into_iter();
    let steers = steers(question).into_iter();
    let mut messages: Vec<(&'static str, Command)> = plays
        .map(|(name, play)| (name, Command::Play { device, play }))
        .collect();
    messages.extend(steers.map(|(name, steer)| (name, Command::Steer { expects, steer })));
    messages.push(("tick", Command::Tick));
    let (name, command) = messages.swap_remove(message);
    let done = world.ask(actor, &command);
    (name, cell(&done))
}

#[test]
fn every_message_in_every_phase_from_every_role() {
    let situations = situations();
    let mut table = String::new();
    for (column, (name, _)) in situations.iter().enumerate() {
        let bars = "|".repeat(column);
        table += &format!("{:36}{bars}{name}\n", "");
    }
    for (role_name, role) in ROLES {
        let mut rows: Vec<(String, String, String)> = Vec::new();
        for message in 0..22 {
            let cells = situations
                .iter()
                .map(|(_, world)| sent(world, role, message));
            let (names, row): (Vec<_>, String) = cells.unzip();
            match rows.last_mut() {
                // Messages one after the other that fare alike share a row.
                Some((_, last, alike)) if *alike == row => *last = format!("–{}", names[0]),
                _ => rows.push((names[0].to_owned(), String::new(), row)),
            }
        }
        for (first, last, row) in rows {
            table += &format!("{:36}{row}\n", format!("{role_name}: {first}{last}"));
        }
    }
    let pinned = include_str!("table.txt");
    let (_, pinned) = pinned
        .split_once("\n\n")
        .expect("a legend before the table");
    for (now, then) in table.lines().zip(pinned.lines()) {
        assert_eq!(now, then, "a cell changed; the whole table now:\n{table}");
    }
    assert_eq!(table.lines().count(), pinned.lines().count(), "{table}");
}
