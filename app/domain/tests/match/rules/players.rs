//! What players do, from which device, and when it counts.

use crate::world::*;
use domain::contest::r#match::*;

#[test]
fn an_answer_after_the_lock_is_kept_and_marked_and_never_counts() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, wrong()).expect("in time");
    world.host(Steer::Lock);
    let late = world.answer(C, 2, right()).expect("kept");
    assert!(matches!(late, Some(Event::AnsweredLate { .. })));
    assert_eq!(world.answer(C, 2, right()), Ok(None), "sent again");
    world.host(Steer::Reveal);
    assert_eq!(world.points(), [0, 0, 0]);
    let facts = world.console().seats;
    let late = facts
        .iter()
        .find(|fact| fact.seat == C)
        .expect("C")
        .late
        .clone();
    assert_eq!(late, [REQUIRED[0]]);
}

#[test]
fn an_answer_at_the_very_instant_of_the_deadline_is_late() {
    let mut world = World::open(REQUIRED[0]);
    world.wait(19_999);
    assert!(matches!(
        world.answer(A[0], 1, right()),
        Ok(Some(Event::Answered { .. }))
    ));
    world.wait(1);
    let late = world.answer(B[0], 1, right());
    assert!(matches!(late, Ok(Some(Event::AnsweredLate { .. }))));
    assert!(matches!(world.tick(), Some(Event::Locked { .. })));
}

#[test]
fn an_answer_after_the_reveal_does_not_count_for_the_next_question() {
    let mut world = World::open(REQUIRED[0]);
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    world.host(Steer::Open);
    let answer = Play::Answer {
        question: REQUIRED[0],
        revision: 1,
        answer: right(),
    };
    let late = world.play(C, answer);
    assert!(matches!(late, Ok(Some(Event::AnsweredLate { .. }))));
    assert_eq!(world.view().teams[2].answered, 0);
}

#[test]
fn twelve_copies_of_an_answer_are_one_answer() {
    let mut world = World::open(REQUIRED[0]);
    let events: Vec<_> = (0..12)
        .map(|_| world.answer(C, 1, right()).expect("fine"))
        .collect();
    assert_eq!(events.iter().flatten().count(), 1);
    world.host(Steer::Lock);
    assert_eq!(
        world.answer(C, 1, right()),
        Ok(None),
        "acknowledged late, not late itself"
    );
    world.host(Steer::Reveal);
    assert_eq!(world.points(), [0, 0, 100]);
}

#[test]
fn the_highest_revision_counts_whatever_order_they_arrive_in() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 3, right()).expect("fine");
    assert_eq!(world.answer(C, 2, wrong()), Ok(None));
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    assert_eq!(world.points(), [0, 0, 100]);
}

#[test]
fn two_answers_in_the_same_instant_are_both_kept() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(B[0], 1, right()).expect("fine");
    world.answer(B[1], 1, right()).expect("fine");
    assert_eq!(world.view().teams[1].answered, 2);
}

#[test]
fn an_answer_that_does_not_fit_is_refused() {
    let mut world = World::open(REQUIRED[0]);
    let odd = domain::question::Answer::Choices(vec![7]);
    assert_eq!(world.answer(C, 1, odd), Err(Refusal::Unfitting));
    let unknown = Play::Answer {
        question: QuestionNumber(99),
        revision: 1,
        answer: right(),
    };
    assert_eq!(world.play(C, unknown), Err(Refusal::NoSuchQuestion));
    let unopened = Play::Answer {
        question: REQUIRED[1],
        revision: 1,
        answer: right(),
    };
    assert_eq!(world.play(C, unopened), Err(Refusal::NotNow));
}

#[test]
fn the_newest_device_has_the_seat_and_the_older_one_is_told() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, wrong()).expect("on the first phone");
    world
        .play_on(other_phone(C), C, Play::Join)
        .expect("on another phone");
    assert_eq!(world.answer(C, 2, right()), Err(Refusal::TakenOver));
    assert_eq!(world.own(C).device, Some(other_phone(C)));
    let given = world
        .own(C)
        .given
        .expect("the answer is the person's, not the phone's");
    assert_eq!(given.revision, 1);
    assert_eq!(
        world.play_on(other_phone(C), C, Play::Join),
        Ok(None),
        "sent again"
    );
}

#[test]
fn a_phone_that_reloads_sits_in_its_own_seat_again() {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    world.press(A[1], 0).expect("a press");
    world
        .play_on(other_phone(A[1]), A[1], Play::Join)
        .expect("the page anew");
    let replica = world.replica(&Audience::Player(A[1]));
    let own = replica.view(&Audience::Player(A[1])).own.expect("a seat");
    assert!(own.pressed, "neither lost");
    let again = Play::Press {
        question: BUZZER[0],
        judged: judged(world.now.0 * 1_000),
    };
    assert_eq!(
        world.play_on(other_phone(A[1]), A[1], again),
        Ok(None),
        "nor doubled"
    );
}

#[test]
fn who_is_gone_does_not_keep_a_question_open() {
    let mut world = World::empty();
    world.host(Steer::Start);
    world.host(Steer::Open);
    assert!(matches!(world.ring(), Event::Locked { .. }));
}

#[test]
fn a_player_cannot_send_what_only_a_host_may() {
    let mut world = World::lobby();
    let start = Command::Steer {
        expects: world.game.number(),
        steer: Steer::Start,
    };
    assert_eq!(
        world.ask(Actor::Player(A[0]), &start),
        Err(Refusal::NotAHost)
    );
    assert_eq!(world.ask(Actor::Host(A[0]), &start), Err(Refusal::NotAHost));
    assert_eq!(world.ask(Actor::Clock, &start), Err(Refusal::NotAHost));
    assert_eq!(
        world.ask(Actor::Player(A[0]), &Command::Tick),
        Err(Refusal::NotTheClock)
    );
}

#[test]
fn a_hidden_page_is_a_fact_for_the_host_and_changes_nothing_else() {
    let mut world = World::open(REQUIRED[0]);
    let before = world.view();
    let hidden = |ms| Play::Hidden {
        question: REQUIRED[0],
        ms,
    };
    world.play(C, hidden(3_000)).expect("a fact");
    world.play(C, hidden(4_500)).expect("more of it");
    assert_eq!(world.play(C, hidden(3_000)), Ok(None), "an old report");
    let facts = world.console().seats;
    assert_eq!(
        facts
            .iter()
            .find(|fact| fact.seat == C)
            .map(|fact| fact.hidden),
        Some(4_500)
    );
    assert_eq!(world.view(), before);
}

#[test]
fn an_answer_before_anyone_can_have_read_the_question_is_a_fact_for_the_host() {
    let mut world = World::open(REQUIRED[0]);
    let before = world.view();
    let quick = |world: &World, seat| {
        let seats = world.console().seats;
        let facts = seats.into_iter().find(|facts| facts.seat == seat);
        facts.expect("facts").quick
    };
    world.wait(400);
    world.answer(C, 1, right()).expect("in time");
    assert_eq!(quick(&world, C), [(REQUIRED[0], 400)]);
    world.wait(100);
    world.answer(C, 2, wrong()).expect("changed");
    assert_eq!(quick(&world, C), [(REQUIRED[0], 400)], "the first one");
    // The clock that stands gives time to read.
    world.host(Steer::Pause);
    world.wait(i64::from(QUICK) - 500);
    world.host(Steer::Resume);
    world.answer(A[0], 1, right()).expect("in time");
    assert_eq!(quick(&world, A[0]), []);
    assert_eq!(world.view().teams[0].points, before.teams[0].points);
    // Who has seen it before may be quick.
    let mut again = World::open(REQUIRED[0]);
    again.host(Steer::Undo);
    again.host(Steer::Open);
    again.answer(C, 1, right()).expect("in time");
    assert_eq!(quick(&again, C), []);
}

#[test]
fn a_press_before_anyone_can_have_read_the_question_is_a_fact_for_the_host() {
    let mut world = World::open(BUZZER[0]);
    let quick = |world: &World, seat| {
        let seats = world.console().seats;
        let facts = seats.into_iter().find(|facts| facts.seat == seat);
        facts.expect("facts").quick
    };
    world.wait(500);
    world.press(C, 400).expect("a press, on its way for 400 ms");
    assert_eq!(quick(&world, C), [(BUZZER[0], 100)]);
    world.wait(100);
    assert_eq!(world.press(C, 0), Ok(None), "the one press");
    assert_eq!(quick(&world, C), [(BUZZER[0], 100)]);
    let desk = world.replica(&Audience::Host).view(&Audience::Host);
    assert_eq!(desk.console, Some(world.console()));
    let mut slow = World::open(BUZZER[0]);
    slow.wait(i64::from(QUICK));
    slow.press(C, 0).expect("a press");
    assert_eq!(quick(&slow, C), []);
}

#[test]
fn a_tally_that_came_after_a_newer_one_changes_nothing() {
    let mut world = World::open(REQUIRED[0]);
    let old = world.game.tally();
    world.answer(C, 1, right()).expect("fine");
    let mut replica = world.replica(&Audience::Public);
    replica.take_tally(world.game.tally());
    replica.take_tally(old);
    assert_eq!(replica.view(&Audience::Public), world.view());
    assert_eq!(replica.view(&Audience::Public).teams[2].answered, 1);
}

#[test]
fn an_answer_goes_in_full_to_its_own_seat_only() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, right()).expect("fine");
    let made = world.log.last().expect("the answer");
    assert_eq!(redact(made, &Audience::Player(C)).as_ref(), Some(made));
    assert_eq!(redact(made, &Audience::Player(A[0])), None);
    assert_eq!(redact(made, &Audience::Public), None);
    let host = redact(made, &Audience::Host)
        .expect("that it was made")
        .event;
    assert_eq!(
        host,
        Event::Answered {
            seat: C,
            given: Given {
                revision: 1,
                answer: None
            }
        }
    );
}

#[test]
fn no_count_of_an_old_question_is_shown_until_the_next_tally() {
    let mut world = World::open(BUZZER[1]);
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    let mut old = world.game.tally();
    old.answered = vec![3, 2, 1];
    let mut screen = world.replica(&Audience::Public);
    screen.take_tally(old);
    world.host(Steer::Open);
    screen.apply(world.log.last().expect("the opening of the stakes"));
    assert_eq!(screen.view(&Audience::Public).teams, world.view().teams);
}

#[test]
fn a_log_sent_again_from_any_number_changes_nothing() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, right()).expect("fine");
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    let mut game = world.game.clone();
    world
        .log
        .iter()
        .skip(4)
        .for_each(|numbered| game.apply(numbered));
    assert_eq!(game, world.game);
}
