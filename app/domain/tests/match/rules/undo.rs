//! Undo and redo.

use super::buzzer::over;
use crate::world::*;
use domain::contest::r#match::*;

#[test]
fn undoing_a_lock_opens_the_question_again_paused_with_its_time_and_answers() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, right()).expect("fine");
    world.wait(5_000);
    world.host(Steer::Lock);
    world.wait(60_000);
    world.host(Steer::Undo);
    assert_eq!(world.game.phase(), Phase::Open);
    assert_eq!(world.view().clock, Some(Clock::Stopped { left: 15_000 }));
    assert_eq!(world.own(C).given.map(|given| given.revision), Some(1));
    world.host(Steer::Resume);
    world.answer(C, 2, wrong()).expect("it is open");
    world.ring();
    world.host(Steer::Reveal);
    assert_eq!(world.points(), [0, 0, 0]);
}

#[test]
fn undoing_an_opening_drops_the_answers_and_marks_the_question_as_seen() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, right()).expect("fine");
    world.host(Steer::Undo);
    assert_eq!(world.game.phase(), Phase::Ready);
    assert_eq!(world.console().seen, [REQUIRED[0]]);
    world.host(Steer::Open);
    assert_eq!(world.view().question, Some(REQUIRED[0]));
    assert_eq!(world.own(C).given, None);
    assert!(world.answer(C, 1, right()).expect("it is open").is_some());
}

#[test]
fn a_press_from_before_an_undone_opening_does_not_count_in_the_next() {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    world.host(Steer::Undo);
    world.wait(100);
    world.host(Steer::Open);
    assert_eq!(world.press(A[0], 150), Err(Refusal::TooEarly));
    // Long after, too: an offline phone sends it by itself when it comes back.
    let opened = world.game.opened_at();
    world.wait(3_000);
    let judged = over(60, opened.0 - 2_000, world.now.0, opened.0);
    assert_eq!(world.press_judged(A[0], judged), Err(Refusal::TooEarly));
    world.press(A[0], 0).expect("pressed again");
    let judged = over(60, opened.0 - 2_000, world.now.0, opened.0);
    assert_eq!(world.press_judged(A[0], judged), Ok(None), "a copy");
}

#[test]
fn a_shown_scoreboard_is_final() {
    let mut world = World::open(REQUIRED[0]);
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    world.host(Steer::Scoreboard);
    let number = world.game.number();
    assert_eq!(
        world.steer(HOST, number, Steer::Undo),
        Err(Refusal::NothingToUndo)
    );
    world.host(Steer::Open);
    world.host(Steer::Undo);
    assert_eq!(world.game.phase(), Phase::Scoreboard);
    let number = world.game.number();
    assert_eq!(
        world.steer(HOST, number, Steer::Undo),
        Err(Refusal::NothingToUndo)
    );
}

#[test]
fn every_step_since_the_scoreboard_can_be_undone_and_redone() {
    let mut world = World::before(BUZZER[0]);
    let start = world.game.board().clone();
    let undos = world.console().undos;
    world.host(Steer::Open);
    world.wait(3_000);
    world.press(A[0], 0).expect("a press");
    world.press(B[0], 0).expect("a press");
    world.ring();
    world.answer(A[0], 1, wrong()).expect("has the floor");
    world.answer(B[0], 1, right()).expect("has the floor");
    world.host(Steer::Reveal);
    world.host(Steer::Void {
        question: BUZZER[0],
    });
    let end = world.game.board().clone();
    let steps = world.console().undos - undos;
    assert_eq!(steps, 6, "opened, judged, two turns, revealed, voided");
    for _ in 0..steps {
        world.host(Steer::Undo);
    }
    assert_eq!(*world.game.board(), start);
    for _ in 0..steps {
        world.host(Steer::Redo);
    }
    assert_eq!(*world.game.board(), end);
    let number = world.game.number();
    assert_eq!(
        world.steer(HOST, number, Steer::Redo),
        Err(Refusal::NothingToRedo)
    );
}

#[test]
fn a_new_step_after_an_undo_leaves_nothing_to_redo() {
    let mut world = World::open(REQUIRED[0]);
    world.host(Steer::Lock);
    world.host(Steer::Undo);
    world.host(Steer::Resume);
    let number = world.game.number();
    assert_eq!(
        world.steer(HOST, number, Steer::Redo),
        Err(Refusal::NothingToRedo)
    );
}

#[test]
fn undoing_a_moved_clock_takes_back_its_time_and_nothing_that_players_did_since() {
    let mut world = World::open(REQUIRED[0]);
    world.host(Steer::MoveClock { by_ms: 10_000 });
    world.wait(5_000);
    world.answer(C, 1, right()).expect("fine");
    world.host(Steer::Undo);
    assert_eq!(world.own(C).given.map(|given| given.revision), Some(1));
    assert_eq!(world.game.due(), Some(world.now.plus(15_000)), "it runs on");
    world.answer(A[0], 1, right()).expect("it runs");
    world.host(Steer::Redo);
    assert_eq!(world.game.due(), Some(world.now.plus(25_000)));
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    assert_eq!(world.points(), [33, 0, 100]);
}

#[test]
fn undoing_a_moved_clock_gives_back_no_more_than_it_took() {
    for steer in [None, Some(Steer::Pause)] {
        let mut world = World::open(REQUIRED[0]);
        world.wait(15_000);
        steer.into_iter().for_each(|steer| {
            world.host(steer);
        });
        world.host(Steer::MoveClock { by_ms: -60_000 });
        if world.tick().is_some() {
            world.host(Steer::Undo);
        }
        assert_eq!(world.view().clock, Some(Clock::Stopped { left: 0 }));
        world.host(Steer::Undo);
        assert_eq!(world.view().clock, Some(Clock::Stopped { left: 5_000 }));
        world.host(Steer::Redo);
        assert_eq!(world.view().clock, Some(Clock::Stopped { left: 0 }));
    }
}

#[test]
fn undoing_the_void_of_a_coming_question_leaves_presses_and_their_judging_alone() {
    let mut world = World::open(BUZZER[0]);
    world.wait(3_000);
    world.host(Steer::Void { question: LAST });
    world.press(A[0], 0).expect("a press");
    let due = world.game.due();
    world.host(Steer::Undo);
    assert_eq!(world.game.due(), due);
    assert!(world.own(A[0]).pressed);
    assert!(!world.view().voided.contains(&LAST));
    world.host(Steer::Redo);
    assert!(world.view().voided.contains(&LAST));
    assert!(world.own(A[0]).pressed);
}

#[test]
fn undoing_a_void_while_captains_stake_keeps_the_stakes() {
    let mut world = World::open(WAGER);
    world.host(Steer::Void { question: LAST });
    world.stake(C, 30).expect("the captain");
    world.host(Steer::Undo);
    assert_eq!(world.own(C).staked, Some(30));
    world.ring();
    assert_eq!(world.view().teams[2].stake, Some(30));
}

#[test]
fn a_long_stretch_without_a_scoreboard_is_undone_to_its_start() {
    let mut world = World::before(REQUIRED[0]);
    let start = world.game.board().clone();
    let undos = world.console().undos;
    for question in (0..setup().questions()).map(QuestionNumber) {
        world.host(Steer::Open);
        for _ in 0..20 {
            world.host(Steer::MoveClock { by_ms: 1_000 });
        }
        while world.game.phase() != Phase::Locked {
            world.ring();
        }
        world.host(Steer::Reveal);
        assert_eq!(world.view().question, Some(question));
    }
    let steps = world.console().undos - undos;
    assert!(steps > 160, "{steps}");
    for _ in 0..steps {
        world.host(Steer::Undo);
    }
    assert_eq!(*world.game.board(), start);
}

#[test]
fn undo_throws_out_no_phone_that_came_back_in_the_meantime() {
    let mut world = World::open(REQUIRED[0]);
    world.host(Steer::Lock);
    world
        .play_on(other_phone(C), C, Play::Join)
        .expect("another phone");
    world.host(Steer::Undo);
    assert_eq!(world.own(C).device, Some(other_phone(C)));
}

#[test]
fn a_wrongly_taken_turn_is_undone_and_given_again() {
    let mut world = World::open(BUZZER[0]);
    world.wait(3_000);
    world.press(A[0], 0).expect("a press");
    world.ring();
    world.answer(A[0], 1, wrong()).expect("has the floor");
    world.host(Steer::Undo);
    assert_eq!(world.view().floor, Some(A[0]));
    assert_eq!(world.answer(A[0], 1, right()), Err(Refusal::Paused));
    world.host(Steer::Resume);
    world.answer(A[0], 1, right()).expect("has the floor again");
    world.host(Steer::Reveal);
    assert_eq!(world.points(), [100, 0, 0]);
}

#[test]
fn a_substitution_and_an_end_made_too_early_are_undone() {
    let mut world = World::open(REQUIRED[0]);
    for steer in [Steer::Lock, Steer::Reveal, Steer::Scoreboard] {
        world.host(steer);
    }
    world.host(Steer::Substitute {
        leaves: B[0],
        enters: B_BENCH,
    });
    world.host(Steer::Finish);
    world.host(Steer::Undo);
    assert_eq!(world.game.phase(), Phase::Scoreboard);
    world.host(Steer::Undo);
    assert!(world.own(B[0]).plays);
}

#[test]
fn a_screen_opened_late_shows_the_same_after_undo_and_redo() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, right()).expect("fine");
    world.host(Steer::Lock);
    for steer in [
        Steer::Undo,
        Steer::Redo,
        Steer::Reveal,
        Steer::Undo,
        Steer::Redo,
    ] {
        world.host(steer);
        let mut screen = world.replica(&Audience::Public);
        screen.take_tally(world.game.tally());
        assert_eq!(screen.view(&Audience::Public), world.view());
    }
}
