//! Whether everyone has answered who is here and may.

use crate::world::*;
use domain::contest::r#match::*;

#[test]
fn the_last_one_to_answer_completes_a_required_question() {
    let mut world = World::open(REQUIRED[0]);
    let everyone: Vec<_> = A.iter().chain(&B).chain(&[C]).copied().collect();
    for seat in everyone {
        assert!(!world.game.all_answered());
        world.answer(seat, 1, right()).expect("in time");
    }
    assert!(world.game.all_answered(), "substitutes do not answer");
    world.answer(C, 2, wrong()).expect("it is still open");
    assert!(world.game.all_answered());
    world.host(Steer::Pause);
    assert!(world.game.all_answered());
    world.host(Steer::Resume);
    world.host(Steer::Lock);
    assert!(!world.game.all_answered(), "no question is open");
}

#[test]
fn a_person_who_is_gone_does_not_keep_it_open() {
    let mut world = World::empty();
    for seat in [A[0], A[1], C] {
        world.play(seat, Play::Join).expect("three are here");
    }
    world.host(Steer::Start);
    world.host(Steer::Open);
    assert!(!world.game.all_answered());
    world.answer(A[0], 1, right()).expect("in time");
    world.answer(C, 1, right()).expect("in time");
    assert!(!world.game.all_answered());
    world.host(Steer::PutBack { seat: A[1] });
    assert!(world.game.all_answered());
    world.play(A[1], Play::Join).expect("back again");
    assert!(!world.game.all_answered());
    world.answer(A[1], 1, wrong()).expect("in time");
    world.host(Steer::PutBack { seat: A[1] });
    assert!(world.game.all_answered(), "and who answered may go");
}

#[test]
fn where_nobody_is_here_nobody_has_answered() {
    let mut world = World::empty();
    world.host(Steer::Start);
    world.host(Steer::Open);
    assert!(!world.game.all_answered());
}

#[test]
fn in_a_relay_only_whose_turn_it_is_is_waited_for() {
    let mut world = World::open(RELAY[1]);
    world.answer(A[1], 1, right()).expect("their turn");
    world.answer(B[1], 1, right()).expect("their turn");
    assert!(!world.game.all_answered());
    world.answer(C, 1, right()).expect("always their turn");
    assert!(world.game.all_answered());
}

#[test]
fn in_a_wager_the_captains_are_waited_for_once_the_question_is_open() {
    let mut world = World::open(WAGER);
    for captain in [A[0], B[0], C] {
        world.stake(captain, 10).expect("a stake");
    }
    assert!(!world.game.all_answered(), "staked is not answered");
    world.host(Steer::Open);
    for captain in [A[0], B[0], C] {
        assert!(!world.game.all_answered());
        world.answer(captain, 1, right()).expect("the captain");
    }
    assert!(world.game.all_answered());
}

#[test]
fn at_the_buzzer_a_turn_ends_by_itself() {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    assert!(!world.game.all_answered());
    world.press(C, 0).expect("a press");
    world.ring();
    assert!(!world.game.all_answered());
    world.answer(C, 1, right()).expect("has the floor");
    assert!(!world.game.all_answered());
}

#[test]
fn the_host_sees_it_too() {
    let mut world = World::open(RELAY[0]);
    for seat in [A[0], B[0], C] {
        world.answer(seat, 1, right()).expect("their turn");
    }
    assert!(world.replica(&Audience::Host).all_answered());
}

#[test]
fn who_is_not_heard_of_is_not_here_until_they_join_again() {
    let mut world = World::empty();
    for seat in [A[0], A[1], C] {
        world.play(seat, Play::Join).expect("three are here");
    }
    let present = |world: &World| world.game.tally().present.iter().sum::<u32>();
    assert_eq!(present(&world), 3);
    world.game.set_gone([A[1]].into());
    assert_eq!(present(&world), 2);
    world.host(Steer::Start);
    world.host(Steer::Open);
    for seat in [A[0], C] {
        world.answer(seat, 1, right()).expect("in time");
    }
    assert!(world.game.all_answered(), "who is gone is not waited for");
    let console = world.game.view(&Audience::Host).console;
    let seats = console.expect("the host's").seats;
    let gone = seats.iter().find(|facts| facts.seat == A[1]);
    assert!(gone.is_some_and(|facts| facts.joined && !facts.present));
    world.play(A[1], Play::Join).expect("nothing new");
    assert_eq!(present(&world), 2, "it was joined all the time");
    let other = other_phone(A[1]);
    world.play_on(other, A[1], Play::Join).expect("back again");
    assert_eq!(present(&world), 3);
    assert!(!world.game.all_answered());
}
