//! How each kind of round is played and counted.

use crate::world::*;
use domain::contest::r#match::*;
use domain::id::LearnerId;

/// Closes the question if need be and shows the points.
fn reveal(world: &mut World) -> [i64; 3] {
    if world.game.phase() != Phase::Locked {
        world.host(Steer::Lock);
    }
    world.host(Steer::Reveal);
    world.points()
}

/// Everyone presses, so many milliseconds ago, and the presses are judged.
fn buzz(presses: &[(LearnerId, i64)]) -> World {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    for (seat, ago) in presses {
        world.press(*seat, *ago).expect("a press");
    }
    assert!(matches!(world.ring(), Event::BuzzerJudged { .. }));
    world
}

#[test]
fn a_required_question_gives_the_share_of_the_members_who_are_right() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(A[0], 1, right()).expect("in time");
    world.answer(A[1], 1, right()).expect("in time");
    world.answer(A[2], 1, wrong()).expect("in time");
    world.answer(B[0], 1, right()).expect("in time");
    world.answer(C, 1, right()).expect("in time");
    assert_eq!(reveal(&mut world), [67, 50, 100]);
    let rights: Vec<_> = world.view().teams.iter().map(|t| t.right).collect();
    assert_eq!(rights, [Some(2), Some(1), Some(1)]);
}

#[test]
fn a_relay_question_belongs_to_one_member_and_the_next_to_the_next() {
    let mut world = World::open(RELAY[0]);
    assert_eq!(world.answer(A[1], 1, right()), Err(Refusal::NotYourTurn));
    assert!(world.own(A[0]).may_answer && !world.own(A[1]).may_answer);
    world.answer(A[0], 1, right()).expect("their turn");
    world.answer(B[0], 1, wrong()).expect("their turn");
    assert_eq!(reveal(&mut world), [100, 0, 0]);
    world.host(Steer::Open);
    assert_eq!(world.answer(A[0], 1, right()), Err(Refusal::NotYourTurn));
    world.answer(A[1], 1, right()).expect("their turn");
    world.answer(B[1], 1, right()).expect("their turn");
    world.answer(C, 1, right()).expect("always their turn");
    assert_eq!(reveal(&mut world), [200, 100, 100]);
}

#[test]
fn a_wager_wins_or_loses_the_stake_and_silence_loses_the_least() {
    let mut world = World::open(WAGER);
    world.stake(A[0], 30).expect("a stake");
    world.stake(B[0], 20).expect("a stake");
    assert!(matches!(world.ring(), Event::Opened { .. }));
    let stakes: Vec<_> = world.view().teams.iter().map(|t| t.stake).collect();
    assert_eq!(stakes, [Some(30), Some(20), Some(10)]);
    world.answer(A[0], 1, right()).expect("the captain");
    world.answer(B[0], 1, wrong()).expect("the captain");
    assert_eq!(world.answer(B[1], 1, right()), Err(Refusal::NotYourTurn));
    assert_eq!(reveal(&mut world), [300, -200, -100]);
}

#[test]
fn a_stake_is_the_captains_within_the_list_and_stands() {
    let mut world = World::open(WAGER);
    assert_eq!(world.stake(A[1], 10), Err(Refusal::NotYourTurn));
    assert_eq!(world.stake(A[0], 15), Err(Refusal::StakeNotAllowed));
    assert!(world.stake(A[0], 30).expect("a stake").is_some());
    assert_eq!(world.stake(A[0], 30), Ok(None));
    assert_eq!(world.stake(A[0], 10), Err(Refusal::AlreadyStaked));
    world.host(Steer::Open);
    assert_eq!(world.stake(B[0], 10), Err(Refusal::TooLate));
}

#[test]
fn nobody_sees_a_stake_before_the_question_opens() {
    let mut world = World::open(WAGER);
    world.stake(A[0], 30).expect("a stake");
    for audience in [
        Audience::Public,
        Audience::Player(A[1]),
        Audience::Player(C),
    ] {
        let known = world
            .log
            .iter()
            .filter_map(|event| redact(event, &audience));
        assert!(
            known
                .into_iter()
                .all(|n| !matches!(n.event, Event::Staked { .. }))
        );
    }
    assert!(world.view().teams.iter().all(|team| team.stake.is_none()));
    assert_eq!(world.view().teams[0].answered, 1, "but that there is one");
    assert_eq!(world.own(A[0]).staked, Some(30));
}

#[test]
fn the_first_to_have_pressed_answers_whoever_arrived_first() {
    let mut world = buzz(&[(A[1], 0), (B[1], 200)]);
    assert_eq!(world.view().floor, Some(B[1]));
    assert_eq!(world.answer(A[1], 1, right()), Err(Refusal::NotYourTurn));
    assert_eq!(world.answer(B[0], 1, right()), Err(Refusal::NotYourTurn));
    world.answer(B[1], 1, right()).expect("has the floor");
    assert_eq!(world.game.phase(), Phase::Locked);
    assert_eq!(reveal(&mut world), [0, 100, 0]);
}

#[test]
fn the_order_of_the_buzzer_is_shown_with_its_margins_and_ties() {
    let world = buzz(&[(A[1], 0), (B[1], 200), (C, 195)]);
    let order = world.view().buzzer;
    let seen: Vec<_> = order.iter().map(|p| (p.seat, p.margin, p.tied)).collect();
    assert_eq!(
        seen,
        [(B[1], 0, true), (C, 5_000, true), (A[1], 195_000, false)]
    );
    let ranks: Vec<_> = order.iter().map(|p| p.rank).collect();
    assert_eq!(ranks, [1, 1, 3]);
    // Root of the sum of squares of twice five milliseconds.
    assert_eq!(order[2].margin_uncertainty, 7_071);
}

#[test]
fn a_wrong_answer_costs_the_penalty_and_the_next_has_the_floor() {
    let mut world = buzz(&[(A[0], 300), (B[0], 200)]);
    world.answer(A[0], 1, wrong()).expect("has the floor");
    assert_eq!(world.view().floor, Some(B[0]));
    world.answer(B[0], 1, right()).expect("has the floor");
    assert_eq!(reveal(&mut world), [-50, 100, 0]);
}

#[test]
fn silence_at_the_floor_costs_the_penalty_too() {
    let mut world = buzz(&[(A[0], 300)]);
    assert!(matches!(
        world.ring(),
        Event::Turned {
            verdict: Verdict::Silent,
            ..
        }
    ));
    assert_eq!(reveal(&mut world), [-50, 0, 0]);
}

#[test]
fn there_are_no_more_turns_than_the_rules_say() {
    let mut world = buzz(&[(A[0], 300), (B[0], 200), (C, 100)]);
    world.answer(A[0], 1, wrong()).expect("has the floor");
    world.answer(B[0], 1, wrong()).expect("has the floor");
    assert_eq!(world.game.phase(), Phase::Locked);
    assert_eq!(world.answer(C, 1, right()), Err(Refusal::NotYourTurn));
    assert_eq!(reveal(&mut world), [-50, -50, 0]);
}

#[test]
fn a_team_has_one_turn_however_many_of_it_press() {
    let world = buzz(&[(A[0], 100), (A[1], 300), (A[2], 200), (C, 250)]);
    let seats: Vec<_> = world.view().buzzer.iter().map(|place| place.seat).collect();
    assert_eq!(seats, [A[1], C]);
}

#[test]
fn a_press_twice_is_one_press() {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    assert!(world.press(A[0], 0).expect("a press").is_some());
    world.wait(100);
    assert_eq!(world.press(A[0], 0), Ok(None));
    world.ring();
    assert_eq!(world.press(A[0], 0), Ok(None));
}

#[test]
fn no_press_is_dated_back_beyond_the_bound_or_before_the_opening() {
    let mut world = World::open(BUZZER[0]);
    assert_eq!(world.press(A[0], 60_000), Err(Refusal::TooEarly));
    world.wait(5_000);
    let event = world.press(A[0], 60_000).expect("a press");
    let made = (world.now.0 - 400) * 1_000;
    assert!(matches!(event, Some(Event::Pressed { judged, .. }) if judged.made == made));
}

#[test]
fn a_press_of_the_last_instant_has_the_bound_to_arrive() {
    let mut world = World::open(BUZZER[0]);
    world.wait(20_300);
    assert_eq!(world.tick(), None);
    assert_eq!(
        world.press(B[0], 0),
        Err(Refusal::TooLate),
        "made after the time"
    );
    assert!(world.press(A[0], 310).expect("made in time").is_some());
    assert!(matches!(world.ring(), Event::BuzzerJudged { .. }));
}

#[test]
fn who_presses_after_the_judging_is_too_late() {
    let mut world = buzz(&[(A[0], 0)]);
    assert_eq!(world.press(B[0], 10), Err(Refusal::TooLate));
}

#[test]
fn a_buzzer_question_without_a_press_is_closed_and_gives_nothing() {
    let mut world = World::open(BUZZER[0]);
    assert_eq!(world.answer(A[0], 1, right()), Err(Refusal::PressFirst));
    assert!(matches!(world.ring(), Event::Locked { .. }));
    assert_eq!(reveal(&mut world), [0, 0, 0]);
}

#[test]
fn presses_that_are_being_judged_are_not_cut_off_by_a_lock() {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    world.press(A[0], 0).expect("a press");
    let number = world.game.number();
    assert_eq!(
        world.steer(HOST, number, Steer::Lock),
        Err(Refusal::Judging)
    );
}

#[test]
fn nobody_else_learns_of_a_press_before_it_is_judged() {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    let before = world.view();
    world.press(A[0], 0).expect("a press");
    assert_eq!(world.view(), before);
    assert_eq!(
        world.replica(&Audience::Player(B[0])).number(),
        world.game.number() - 1
    );
}

#[test]
fn a_lot_among_tied_presses_is_on_record() {
    let mut winners = Vec::new();
    for seed in 0..40 {
        let mut world = World::open(BUZZER[0]);
        world.secrets.seed = seed;
        let mut setup = setup();
        setup.rules.tie = TieRule::Drawn;
        world.game = Match::new(setup);
        for numbered in &world.log {
            world.game.apply(numbered);
        }
        world.wait(5_000);
        world.press(A[0], 100).expect("a press");
        world.press(B[0], 98).expect("a press");
        let Event::BuzzerJudged { order } = world.ring() else {
            panic!("judged");
        };
        assert!(order[0].tied && order[1].tied);
        winners.push(order[0].seat);
        assert_eq!(
            world
                .replica(&Audience::Public)
                .view(&Audience::Public)
                .floor,
            Some(order[0].seat)
        );
    }
    assert!(winners.contains(&A[0]) && winners.contains(&B[0]));
}
