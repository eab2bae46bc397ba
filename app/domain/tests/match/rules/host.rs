//! What hosts do.

use crate::world::*;
use domain::contest::r#match::*;
use domain::time::Millis;

#[test]
fn a_double_click_steps_once() {
    let mut world = World::lobby();
    let seen = world.game.number();
    world
        .steer(HOST, seen, Steer::Start)
        .expect("the first click");
    assert_eq!(world.steer(HOST, seen, Steer::Open), Err(Refusal::Stale));
}

#[test]
fn answers_that_came_since_do_not_make_a_host_stale() {
    let mut world = World::open(REQUIRED[0]);
    let seen = world.game.number();
    world.answer(C, 1, right()).expect("fine");
    world
        .steer(HOST, seen, Steer::Lock)
        .expect("the host saw the last step");
}

#[test]
fn a_lock_by_the_clock_and_one_by_the_host_are_one_step() {
    let mut world = World::open(REQUIRED[0]);
    let seen = world.game.number();
    world.ring();
    assert_eq!(world.steer(HOST, seen, Steer::Lock), Err(Refusal::Stale));
    assert_eq!(
        world.steer(HOST, u64::MAX, Steer::Reveal),
        Err(Refusal::Stale)
    );
}

#[test]
fn a_second_host_takes_over_when_the_first_ones_laptop_died() {
    let mut world = World::open(REQUIRED[0]);
    let number = world.game.number();
    assert_eq!(
        world.steer(SECOND_HOST, number, Steer::Lock),
        Err(Refusal::NotInCharge)
    );
    let to_first = Steer::HandOver { to: HOST };
    assert_eq!(
        world.steer(SECOND_HOST, number, to_first),
        Err(Refusal::NotInCharge)
    );
    world
        .steer(SECOND_HOST, number, Steer::HandOver { to: SECOND_HOST })
        .expect("takes over");
    let number = world.game.number();
    assert_eq!(
        world.steer(HOST, number, Steer::Lock),
        Err(Refusal::NotInCharge)
    );
    world
        .steer(SECOND_HOST, number, Steer::Lock)
        .expect("leads");
    let number = world.game.number();
    let stranger = Steer::HandOver { to: STRANGER };
    assert_eq!(
        world.steer(SECOND_HOST, number, stranger),
        Err(Refusal::NoSuchHost)
    );
}

#[test]
fn a_pause_keeps_the_time_that_is_left() {
    let mut world = World::open(REQUIRED[0]);
    world.wait(5_000);
    world.host(Steer::Pause);
    assert_eq!(world.view().clock, Some(Clock::Stopped { left: 15_000 }));
    assert_eq!(world.answer(C, 1, right()), Err(Refusal::Paused));
    world.wait(60_000);
    assert_eq!(world.tick(), None);
    world.host(Steer::Resume);
    assert_eq!(world.game.due(), Some(world.now.plus(15_000)));
    world.answer(C, 1, right()).expect("it runs again");
}

#[test]
fn a_pause_while_presses_are_judged_loses_none() {
    let mut world = World::open(BUZZER[0]);
    world.wait(5_000);
    world.press(A[0], 0).expect("a press");
    world.wait(100);
    world.host(Steer::Pause);
    assert_eq!(world.game.due(), None);
    world.wait(60_000);
    world.host(Steer::Resume);
    assert_eq!(world.game.due(), Some(world.now.plus(300)));
    assert_eq!(
        world.press(B[0], 200),
        Err(Refusal::TooEarly),
        "made in the pause"
    );
    world.ring();
    assert_eq!(world.view().floor, Some(A[0]));
}

#[test]
fn a_clock_is_moved_by_an_hour_at_most_and_only_where_there_is_one() {
    let mut world = World::open(REQUIRED[0]);
    world.host(Steer::MoveClock { by_ms: 10_000 });
    assert_eq!(world.game.due(), Some(world.now.plus(30_000)));
    world.host(Steer::Pause);
    world.host(Steer::MoveClock { by_ms: -60_000 });
    assert_eq!(world.view().clock, Some(Clock::Stopped { left: 0 }));
    let number = world.game.number();
    let far = Steer::MoveClock { by_ms: i64::MIN };
    assert_eq!(world.steer(HOST, number, far), Err(Refusal::OutOfRange));
    world.host(Steer::Lock);
    let number = world.game.number();
    let nothing = Steer::MoveClock { by_ms: 1 };
    assert_eq!(world.steer(HOST, number, nothing), Err(Refusal::NotNow));
}

#[test]
fn a_void_question_gives_its_points_back_even_after_the_end() {
    let mut world = World::open(LAST);
    world.answer(C, 1, right()).expect("fine");
    for steer in [Steer::Lock, Steer::Reveal, Steer::Scoreboard, Steer::Finish] {
        world.host(steer);
    }
    assert_eq!(world.points(), [0, 0, 100]);
    let event = world.host(Steer::Void { question: LAST });
    let taken = vec![Points(0), Points(0), Points(100)];
    assert_eq!(
        event,
        Event::Voided {
            question: LAST,
            points: taken
        }
    );
    assert_eq!(world.points(), [0, 0, 0]);
    let number = world.game.number();
    let again = Steer::Void { question: LAST };
    assert_eq!(world.steer(HOST, number, again), Err(Refusal::AlreadyVoid));
    let unknown = Steer::Void {
        question: QuestionNumber(8),
    };
    assert_eq!(
        world.steer(HOST, number, unknown),
        Err(Refusal::NoSuchQuestion)
    );
}

#[test]
fn a_question_voided_before_its_reveal_gives_nothing() {
    let mut world = World::open(REQUIRED[0]);
    let number = world.game.number();
    let early = Steer::Void {
        question: REQUIRED[0],
    };
    assert_eq!(
        world.steer(HOST, number, early),
        Err(Refusal::NotNow),
        "while it is open"
    );
    world.answer(C, 1, right()).expect("fine");
    world.host(Steer::Lock);
    world.host(Steer::Void {
        question: REQUIRED[0],
    });
    world.host(Steer::Reveal);
    assert_eq!(world.points(), [0, 0, 0]);
}

#[test]
fn a_question_voided_ahead_is_left_out() {
    let mut world = World::before(REQUIRED[0]);
    world.host(Steer::Void {
        question: REQUIRED[0],
    });
    world.host(Steer::Open);
    assert_eq!(world.view().question, Some(REQUIRED[1]));
    assert_eq!(world.console().seen, [REQUIRED[1]]);
}

#[test]
fn nothing_opens_after_the_last_question() {
    let mut world = World::open(LAST);
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    let number = world.game.number();
    assert_eq!(
        world.steer(HOST, number, Steer::Open),
        Err(Refusal::NoQuestionLeft)
    );
}

#[test]
fn a_seat_that_was_put_back_is_free_for_any_device_of_its_person() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, right()).expect("fine");
    world.host(Steer::PutBack { seat: C });
    assert_eq!(world.answer(C, 2, wrong()), Err(Refusal::NotJoined));
    world
        .play_on(other_phone(C), C, Play::Join)
        .expect("comes in again");
    assert_eq!(world.own(C).given.map(|given| given.revision), Some(1));
    world.host(Steer::PutBack { seat: C });
    let number = world.game.number();
    let twice = Steer::PutBack { seat: C };
    assert_eq!(world.steer(HOST, number, twice), Err(Refusal::NotJoined));
    let nobody = Steer::PutBack { seat: STRANGER };
    assert_eq!(world.steer(HOST, number, nobody), Err(Refusal::NoSuchSeat));
}

#[test]
fn a_substitute_comes_in_between_questions_and_takes_the_members_place() {
    let mut world = World::open(REQUIRED[0]);
    assert_eq!(world.answer(A_BENCH, 1, right()), Err(Refusal::Benched));
    let swap = Steer::Substitute {
        leaves: A[0],
        enters: A_BENCH,
    };
    let number = world.game.number();
    assert_eq!(
        world.steer(HOST, number, swap.clone()),
        Err(Refusal::NotNow)
    );
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    let number = world.game.number();
    let other_team = Steer::Substitute {
        leaves: A[0],
        enters: B_BENCH,
    };
    assert_eq!(
        world.steer(HOST, number, other_team),
        Err(Refusal::NotASubstitute)
    );
    let nobody = Steer::Substitute {
        leaves: STRANGER,
        enters: B_BENCH,
    };
    assert_eq!(world.steer(HOST, number, nobody), Err(Refusal::NoSuchSeat));
    world.host(swap);
    world.host(Steer::Open);
    world.answer(A_BENCH, 1, right()).expect("plays now");
    assert_eq!(world.answer(A[0], 1, right()), Err(Refusal::Benched));
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    world.host(Steer::Substitute {
        leaves: A_BENCH,
        enters: A[0],
    });
}

#[test]
fn a_captains_substitute_is_captain() {
    let mut world = World::before(WAGER);
    world.host(Steer::Substitute {
        leaves: A[0],
        enters: A_BENCH,
    });
    world.host(Steer::Open);
    world.stake(A_BENCH, 20).expect("the captain");
}

#[test]
fn ties_share_a_rank_and_moves_count_from_the_last_scoreboard() {
    let mut world = World::open(REQUIRED[0]);
    world.answer(C, 1, right()).expect("fine");
    for steer in [Steer::Lock, Steer::Reveal, Steer::Scoreboard, Steer::Open] {
        world.host(steer);
    }
    let ranks = |world: &World| world.view().teams.map_ranks();
    assert_eq!(ranks(&world), [(2, 0), (2, 0), (1, 0)]);
    for seat in B {
        world.answer(seat, 1, right()).expect("fine");
    }
    world.host(Steer::Lock);
    world.host(Steer::Reveal);
    assert_eq!(ranks(&world), [(3, -1), (1, 1), (1, 0)]);
    world.host(Steer::Scoreboard);
    assert_eq!(
        ranks(&world),
        [(3, -1), (1, 1), (1, 0)],
        "still since the one before"
    );
}

trait Ranks {
    fn map_ranks(&self) -> Vec<(i64, i64)>;
}

impl Ranks for Vec<TeamView> {
    fn map_ranks(&self) -> Vec<(i64, i64)> {
        self.iter().map(|team| (team.rank, team.moved)).collect()
    }
}

#[test]
fn the_host_sees_who_is_ready_and_a_new_check_asks_again() {
    let mut world = World::before(REQUIRED[0]);
    world.play(A[0], Play::Ready).expect("ready");
    assert_eq!(world.play(A[0], Play::Ready), Ok(None));
    assert_eq!(world.view().teams[0].ready, 1);
    for _ in 0..world.console().undos {
        world.host(Steer::Undo);
    }
    assert_eq!(world.game.phase(), Phase::Lobby);
    world.host(Steer::Start);
    assert_eq!(world.view().teams[0].ready, 0);
}

#[test]
fn a_setup_that_cannot_be_played_is_named() {
    let defect = |change: fn(&mut Setup)| {
        let mut setup = setup();
        change(&mut setup);
        setup.defect(&secrets())
    };
    assert_eq!(defect(|_| ()), None);
    assert_eq!(defect(|s| s.teams.truncate(1)), Some(Defect::TooFewTeams));
    assert_eq!(
        defect(|s| s.teams[0].members.clear()),
        Some(Defect::EmptyTeam)
    );
    assert_eq!(
        defect(|s| s.teams[1].id = s.teams[0].id),
        Some(Defect::TeamTwice)
    );
    assert_eq!(
        defect(|s| s.teams[1].substitutes.push(A[0])),
        Some(Defect::PersonTwice)
    );
    assert_eq!(defect(|s| s.hosts.push(A[0])), Some(Defect::PersonTwice));
    assert_eq!(defect(|s| s.hosts.clear()), Some(Defect::NoHost));
    assert_eq!(
        defect(|s| s.rounds[0].questions = 0),
        Some(Defect::NoQuestions)
    );
    assert_eq!(defect(|s| s.rounds.clear()), Some(Defect::NoQuestions));
    assert_eq!(
        defect(|s| s.rounds[0].questions = u32::MAX),
        Some(Defect::OutOfRange)
    );
    assert_eq!(
        defect(|s| s.rounds[0].seconds = 0),
        Some(Defect::OutOfRange)
    );
    assert_eq!(
        defect(|s| s.rounds[0].points = u32::MAX),
        Some(Defect::OutOfRange)
    );
    assert_eq!(
        defect(|s| s.rules.buzzer.bound_ms = i64::MAX),
        Some(Defect::OutOfRange)
    );
    assert_eq!(
        defect(|s| s.rules.buzzer.bound_ms = -1),
        Some(Defect::OutOfRange)
    );
    assert_eq!(defect(|s| s.rules = Rules::default()), None);
    let no_stakes = Kind::Wager { stakes: vec![] };
    assert_eq!(
        {
            let mut s = setup();
            s.rounds[0].kind = no_stakes;
            s.defect(&secrets())
        },
        Some(Defect::OutOfRange)
    );
    assert_eq!(
        defect(|s| s.rounds[0].questions = 1),
        Some(Defect::QuestionsMissing)
    );
}

#[test]
fn a_server_that_was_down_past_the_deadline_closes_the_question_when_it_is_back() {
    let world = World::open(REQUIRED[0]);
    let mut game = Match::new(setup());
    for numbered in &world.log {
        game.apply(numbered);
    }
    assert_eq!(game, world.game);
    let due = game.due().expect("a deadline");
    let late = Millis(due.0 + 5_000);
    let event = decide(&game, Actor::Clock, &Command::Tick, late, &secrets());
    assert!(matches!(event, Ok(Some(Event::Locked { .. }))));
}
