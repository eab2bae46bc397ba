//! When presses are judged, in what order they stand, and who learns of them.

use crate::world::*;
use domain::contest::buzzer::{self, Clamp, Exchange, Judged, Link, judge, order};
use domain::contest::r#match::*;
use domain::id::LearnerId;

/// A buzzer question that is open for five seconds.
fn open() -> World {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    world
}

/// The same under another tie rule.
fn open_with(tie: TieRule, seed: u64) -> World {
    let mut world = open();
    let mut setup = setup();
    setup.rules.tie = tie;
    world.secrets.seed = seed;
    world.game = Match::new(setup);
    for numbered in &world.log {
        world.game.apply(numbered);
    }
    world
}

fn judged_order(world: &mut World) -> Vec<Place> {
    match world.ring() {
        Event::BuzzerJudged { order } => order,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_hall_waits_until_nobody_can_go_before_the_first_press() {
    let mut world = open();
    world.press(A[0], 150).expect("a press");
    assert_eq!(
        world.game.due(),
        Some(world.now.plus(250)),
        "it has been on its way for 150 of the 400 ms"
    );
    world.wait(249);
    assert!(world.press(B[0], 400).expect("a press").is_some());
    assert_eq!(judged_order(&mut world)[0].seat, B[0], "by a millisecond");
}

#[test]
fn a_press_made_after_the_first_changes_nothing_about_the_wait() {
    let mut world = open();
    world.press(A[0], 0).expect("a press");
    let due = world.game.due();
    assert_eq!(
        due,
        Some(world.now.plus(400)),
        "the bound after its arrival"
    );
    world.wait(300);
    world.press(B[0], 0).expect("a press");
    assert_eq!(world.game.due(), due);
}

#[test]
fn a_press_that_arrives_later_and_was_made_before_shortens_the_wait() {
    let mut world = open();
    let opened = world.now;
    world.press(A[0], 0).expect("a press");
    world.wait(100);
    world.press(B[0], 250).expect("a press, made 150 ms before");
    assert_eq!(world.game.due(), Some(opened.plus(250)));
    let mut replayed = Match::new(setup());
    world.log.iter().for_each(|event| replayed.apply(event));
    assert_eq!(replayed.due(), world.game.due(), "by the events alone");
}

#[test]
fn a_press_dated_back_by_the_whole_bound_is_judged_at_once() {
    let mut world = open();
    world.press(A[0], 0).expect("a press");
    world.wait(100);
    world.press(B[0], 400).expect("as early as can be");
    assert_eq!(world.game.due(), Some(world.now));
    let seats: Vec<_> = judged_order(&mut world).iter().map(|p| p.seat).collect();
    assert_eq!(seats, [B[0], A[0]]);
}

#[test]
fn a_part_of_a_millisecond_is_waited_for_in_full() {
    let mut world = open();
    let made = world.now.0 * 1_000 - 150_000;
    world.press_judged(A[0], judged(made + 1)).expect("a press");
    assert_eq!(world.game.due(), Some(world.now.plus(251)));
    world.wait(250);
    // The earliest that may arrive now goes before by a microsecond.
    let event = world.press_judged(B[0], judged(i64::MIN)).expect("a press");
    assert!(matches!(event, Some(Event::Pressed { judged, .. }) if judged.made == made));
    assert_eq!(judged_order(&mut world)[0].seat, B[0]);
}

#[test]
fn a_press_of_the_last_instant_is_judged_the_bound_after_it_was_made() {
    let mut world = World::open(BUZZER[0]);
    let end = world.game.due().expect("the end").plus(-400);
    world.now = end.plus(300);
    world.press(A[0], 310).expect("made ten before the end");
    assert_eq!(world.game.due(), Some(end.plus(390)));
    world.now = end.plus(389);
    assert!(world.press(B[0], 395).expect("made in time").is_some());
    let seats: Vec<_> = judged_order(&mut world).iter().map(|p| p.seat).collect();
    assert_eq!(seats, [A[0], B[0]]);
}

#[test]
fn a_pause_and_an_undo_keep_what_is_left_of_the_wait() {
    let mut world = open();
    world.press(A[0], 150).expect("a press");
    world.wait(100);
    world.host(Steer::Pause);
    world.wait(60_000);
    world.host(Steer::Resume);
    assert_eq!(world.game.opened_at(), world.now);
    assert_eq!(world.game.due(), Some(world.now.plus(150)));
    world.wait(50);
    world.press(B[0], 0).expect("made after the pause");
    assert_eq!(world.game.due(), Some(world.now.plus(100)));
    let order = judged_order(&mut world);
    world.host(Steer::Undo);
    world.host(Steer::Resume);
    assert_eq!(judged_order(&mut world), order, "the same presses again");
}

/// What the server makes of a press that came over a link of so many milliseconds each way.
pub fn over(way: i64, pressed: i64, received: i64, opened: i64) -> Judged {
    let mut link = Link::default();
    for n in 0..40 {
        let at = n * 10_000;
        link.observe(Exchange {
            server_sent: at,
            phone_received: at + way * 1_000,
            phone_sent: at + way * 1_000,
            server_received: at + 2 * way * 1_000,
        });
    }
    let claim = buzzer::Claim {
        pressed_at_phone: pressed * 1_000,
        received_at_server: received * 1_000,
        opened_at_server: opened * 1_000,
    };
    judge(&link, &claim, setup().rules.buzzer)
}

#[test]
fn the_order_is_that_of_the_presses_as_the_buzzer_judged_them() {
    let mut world = World::open(BUZZER[0]);
    let opened = world.game.opened_at().0;
    let over = |way, pressed| (pressed + way, over(way, pressed, pressed + way, opened));
    let mut presses: Vec<(LearnerId, (i64, Judged))> = vec![
        (A[0], over(20, opened + 3_150)),
        (B[0], over(200, opened + 3_000)),
        (C, over(60, opened + 3_190)),
    ];
    presses.sort_by_key(|(_, (arrives, _))| *arrives);
    for (seat, (arrives, judged)) in &presses {
        world.now.0 = *arrives;
        let event = world.press_judged(*seat, *judged).expect("a press");
        let as_judged = Event::Pressed {
            seat: *seat,
            judged: *judged,
        };
        assert_eq!(event, Some(as_judged), "the match changes nothing of it");
    }
    let presses: Vec<_> = presses
        .iter()
        .map(|(seat, (_, judged))| (*seat, *judged))
        .collect();
    let known: Vec<_> = order(&presses)
        .into_iter()
        .map(|place| Place {
            seat: place.who,
            rank: place.rank,
            tied: place.tied,
            margin: place.margin,
            margin_uncertainty: place.margin_uncertainty,
        })
        .collect();
    assert_eq!(judged_order(&mut world), known);
    assert_eq!(known[0].seat, B[0], "who arrived last of the three");
}

#[test]
fn what_is_not_believed_of_a_press_makes_a_tie_and_the_estimate_decides() {
    let mut world = open();
    let made = world.now.0 * 1_000;
    world
        .press_judged(A[0], judged(made - 100_000))
        .expect("a press");
    let doubted = Judged {
        disbelieved: 300_000,
        clamped: Some(Clamp::Delay),
        ..judged(made - 40_000)
    };
    world.press_judged(B[0], doubted).expect("a press");
    let order = judged_order(&mut world);
    let seen: Vec<_> = order.iter().map(|p| (p.seat, p.rank, p.tied)).collect();
    assert_eq!(seen, [(A[0], 1, true), (B[0], 1, true)]);
}

#[test]
fn a_lot_moves_nobody_out_of_their_rank() {
    let mut orders: Vec<Vec<LearnerId>> = (0..60)
        .map(|seed| {
            let mut world = open_with(TieRule::Drawn, seed);
            world.press(C, 100).expect("a press, after the tie");
            world.press(A[1], 200).expect("a press");
            world.press(B[1], 197).expect("a press");
            let order = judged_order(&mut world);
            let ranks: Vec<_> = order.iter().map(|p| (p.rank, p.tied)).collect();
            assert_eq!(ranks, [(1, true), (1, true), (3, false)]);
            order.iter().map(|place| place.seat).collect()
        })
        .collect();
    orders.sort();
    orders.dedup();
    assert_eq!(orders, [vec![A[1], B[1], C], vec![B[1], A[1], C]]);
}

#[test]
fn a_team_stands_by_its_earliest_press_under_either_rule() {
    for tie in [TieRule::Drawn, TieRule::Estimated] {
        let mut world = open_with(tie, 1);
        for (seat, ago) in [(A[0], 100), (A[1], 300), (A[2], 297), (C, 200)] {
            world.press(seat, ago).expect("a press");
        }
        let order = judged_order(&mut world);
        let seen: Vec<_> = order.iter().map(|p| (p.seat, p.rank, p.tied)).collect();
        assert_eq!(seen, [(A[1], 1, false), (C, 2, false)], "{tie:?}");
    }
}

#[test]
fn a_press_goes_to_its_own_seat_and_the_host_and_what_was_doubted_to_no_one_else() {
    let mut world = open();
    let doubted = Judged {
        clamped: Some(Clamp::Bound),
        ..judged(world.now.0 * 1_000 - 100_000)
    };
    world.press_judged(C, doubted).expect("a press");
    let pressed = world.log.last().expect("the press").clone();
    for own in [Audience::Player(C), Audience::Host] {
        assert_eq!(redact(&pressed, &own).as_ref(), Some(&pressed));
    }
    for other in [Audience::Player(A[0]), Audience::Public] {
        assert_eq!(redact(&pressed, &other), None);
    }
    let facts = world.replica(&Audience::Host).view(&Audience::Host);
    let seats = facts.console.expect("a console").seats;
    let told: Vec<_> = seats.iter().filter_map(|facts| facts.pressed).collect();
    assert_eq!(told, [doubted]);
    world.ring();
    let judged = world.log.last().expect("the judging");
    let shown = redact(judged, &Audience::Public).expect("for everyone");
    let text = serde_json::to_string(&shown).expect("JSON");
    assert!(text.contains("margin") && !text.contains("clamped") && !text.contains("made"));
}

#[test]
fn the_bound_of_a_match_is_the_buzzers_own() {
    assert_eq!(Rules::default().buzzer.bound_ms, buzzer::DEFAULT_BOUND_MS);
}
