//! Whatever is sent, whenever: nothing panics, nothing overflows, and the log gives the same again.

use crate::world::*;
use domain::contest::buzzer::{Clamp, Judged};
use domain::contest::r#match::*;
use domain::id::LearnerId;
use domain::question::Answer;
use domain::time::Millis;
use proptest::prelude::*;

fn people() -> impl Strategy<Value = LearnerId> {
    prop::sample::select(vec![
        A[0],
        A[1],
        A[2],
        A_BENCH,
        B[0],
        B[1],
        C,
        HOST,
        SECOND_HOST,
        STRANGER,
    ])
}

fn numbers() -> impl Strategy<Value = QuestionNumber> {
    prop_oneof![0_u32..9, any::<u32>()].prop_map(QuestionNumber)
}

fn answers() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(right()),
        Just(wrong()),
        prop::collection::vec(any::<u8>(), 0..6).prop_map(Answer::Choices),
        ".{0,120}".prop_map(Answer::Words),
    ]
}

fn judgements() -> impl Strategy<Value = Judged> {
    let clamped = prop_oneof![Just(None), Just(Some(Clamp::Bound))];
    (
        any::<i64>(),
        any::<i64>(),
        any::<i64>(),
        clamped,
        any::<bool>(),
    )
        .prop_map(|(made, uncertainty, disbelieved, clamped, late)| Judged {
            made,
            uncertainty,
            disbelieved,
            clamped,
            late,
        })
}

fn plays() -> impl Strategy<Value = Play> {
    prop_oneof![
        Just(Play::Join),
        Just(Play::Ready),
        (numbers(), any::<u32>(), answers()).prop_map(|(question, revision, answer)| {
            Play::Answer {
                question,
                revision,
                answer,
            }
        }),
        (numbers(), judgements()).prop_map(|(question, judged)| Play::Press { question, judged }),
        (numbers(), prop_oneof![Just(10_u32), any::<u32>()])
            .prop_map(|(question, points)| Play::Stake { question, points }),
        (numbers(), any::<u32>()).prop_map(|(question, ms)| Play::Hidden { question, ms }),
    ]
}

fn steers() -> impl Strategy<Value = Steer> {
    prop_oneof![
        4 => prop::sample::select(vec![
            Steer::Start, Steer::Open, Steer::Lock, Steer::Reveal, Steer::Scoreboard,
            Steer::Finish, Steer::Pause, Steer::Resume, Steer::Undo, Steer::Redo,
        ]),
        1 => prop_oneof![-5_000_i64..5_000, any::<i64>()].prop_map(|by_ms| Steer::MoveClock { by_ms }),
        1 => numbers().prop_map(|question| Steer::Void { question }),
        1 => people().prop_map(|seat| Steer::PutBack { seat }),
        1 => (people(), people()).prop_map(|(leaves, enters)| Steer::Substitute { leaves, enters }),
        1 => people().prop_map(|to| Steer::HandOver { to }),
    ]
}

#[derive(Debug, Clone)]
enum Move {
    Play(LearnerId, bool, Play),
    Steer(LearnerId, Option<u64>, Steer),
    Tick,
    As(Actor, Command),
}

fn moves() -> impl Strategy<Value = Move> {
    let actor = prop_oneof![
        people().prop_map(Actor::Host),
        people().prop_map(Actor::Player),
        Just(Actor::Clock)
    ];
    let host = prop_oneof![4 => Just(HOST), 1 => people()];
    let seen = prop_oneof![4 => Just(None), 1 => any::<u64>().prop_map(Some)];
    prop_oneof![
        4 => (people(), any::<bool>(), plays()).prop_map(|(who, other, play)| Move::Play(who, other, play)),
        4 => (host, seen, steers()).prop_map(|(who, seen, steer)| Move::Steer(who, seen, steer)),
        1 => Just(Move::Tick),
        1 => (actor, steers()).prop_map(|(actor, steer)| {
            Move::As(actor, Command::Steer { expects: u64::MAX, steer })
        }),
    ]
}

proptest! {
    #[test]
    fn no_message_at_no_time_breaks_a_match(
        first in 0_u32..9,
        moves in prop::collection::vec((moves(), prop_oneof![-100_i64..5_000, any::<i64>()]), 0..120),
        calm: bool,
    ) {
        let mut world = World::before(QuestionNumber(first.min(7)));
        for (next, ms) in moves {
            // Time that runs wild ends most questions at once; calm runs get deeper.
            let ms = if calm { ms.rem_euclid(1_000) } else { ms };
            world.now = Millis(world.now.0.wrapping_add(ms));
            let (actor, command) = match next {
                Move::Play(who, other, play) => {
                    let device = if other { other_phone(who) } else { phone(who) };
                    (Actor::Player(who), Command::Play { device, play })
                }
                Move::Steer(who, seen, steer) => {
                    let expects = seen.unwrap_or(world.game.number());
                    (Actor::Host(who), Command::Steer { expects, steer })
                }
                Move::Tick => (Actor::Clock, Command::Tick),
                Move::As(actor, command) => (actor, command),
            };
            let _ = world.ask(actor, &command);
            for audience in [Audience::Host, Audience::Player(A[0])] {
                let _ = world.game.view(&audience);
            }
        }
        for audience in [Audience::Host, Audience::Public, Audience::Player(A[0])] {
            let view = world.game.view(&audience);
            let text = serde_json::to_string(&view).expect("a view is JSON");
            prop_assert_eq!(view, serde_json::from_str(&text).expect("and back"));
        }
        let mut replayed = Match::new(world.game.setup().clone());
        for numbered in &world.log {
            let text = serde_json::to_string(numbered).expect("an event is JSON");
            replayed.apply(&serde_json::from_str(&text).expect("and back"));
        }
        prop_assert_eq!(replayed, world.game);
    }

    #[test]
    fn events_that_fit_nothing_change_nothing_that_matters_and_break_nothing(
        numbers in prop::collection::vec((any::<u32>(), any::<i64>(), any::<u64>()), 0..40),
    ) {
        // A replica is fed by a server; even a broken one must not make a page panic.
        let mut game = Match::new(setup());
        for (question, ms, number) in numbers {
            let question = QuestionNumber(question % 12);
            let odd = vec![Points(i64::MAX); (question.0 % 5) as usize];
            for event in [
                Event::Undone,
                Event::Turned { seat: C, given: None, verdict: Verdict::Wrong },
                Event::Opened { question, stakes: vec![u32::MAX] },
                Event::Pressed { seat: C, judged: judged(ms) },
                Event::BuzzerJudged { order: Vec::new() },
                Event::Revealed { key: domain::question::Key::Words(vec![]), right: vec![1], points: odd },
                Event::ClockMoved { by_ms: ms },
                Event::ScoreboardShown,
                Event::Redone,
            ] {
                let mut next = game.numbered(event, Actor::Clock, Millis(ms));
                next.number = next.number.max(number / 1_000_000);
                game.apply(&next);
                let _ = game.view(&Audience::Public);
            }
        }
    }
}
