//! Live matches: played, kept, and told, on both databases.

mod late;
use crate::world;

use domain::contest::buzzer::Clamp;
use domain::contest::r#match::message::{Move, Told};
use domain::contest::r#match::{
    Actor, Audience, Kind, Match, Phase, QuestionNumber, Refusal, Round, Rules, Setup, Steer, Team,
    TieRule,
};
use domain::id::{DeviceId, LearnerId, MatchId, QuestionId, TeamId};
use domain::question::Answer;
use platform::contest::r#match::{Entered, Hall, NewMatch, Room, Wish, logs_off, put_match, setup};
use platform::{Db, Error, clock, id};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use uuid::Uuid;
use world::{NOW, code, content};

const HOST: LearnerId = LearnerId(Uuid::from_u128(900));

fn player(n: u128) -> LearnerId {
    LearnerId(Uuid::from_u128(n))
}

fn team(number: u128, members: impl IntoIterator<Item = u128>) -> Team {
    Team {
        id: TeamId(Uuid::from_u128(number)),
        name: format!("第{number}队"),
        members: members.into_iter().map(player).collect(),
        substitutes: Vec::new(),
    }
}

/// Two teams of so many, a required question and one for the buzzer.
fn two_teams(size: u128) -> Setup {
    let round = |kind| Round {
        kind,
        questions: 1,
        seconds: 60,
        points: 10,
    };
    let buzzer = Kind::Buzzer {
        penalty: 5,
        turns: 2,
    };
    Setup {
        teams: vec![team(1, 1..=size), team(2, 101..=100 + size)],
        hosts: vec![HOST],
        rounds: vec![round(Kind::Required), round(buzzer)],
        rules: Rules {
            tie: TieRule::Estimated,
            answering_seconds: 20,
            staking_seconds: 20,
            ..Rules::default()
        },
    }
}

async fn made(db: &Db, setup: Setup) -> MatchId {
    content::small(db, 4).await;
    let id = MatchId(id::fresh(NOW).expect("an id"));
    let questions = (0..setup.questions()).map(|n| QuestionId::from(format!("q{n:03}").as_str()));
    let new = NewMatch {
        id,
        title: "决赛".into(),
        questions: questions.collect(),
        setup,
    };
    put_match(db, new, NOW).await.expect("a match");
    id
}

fn device(seat: LearnerId) -> DeviceId {
    DeviceId(seat.0)
}

async fn play(room: &Room, seat: LearnerId, play: Move) -> Result<u64, Refusal> {
    let wish = Wish::Play {
        seat,
        device: device(seat),
        play,
        received: clock::micros(),
    };
    room.ask(wish).await.expect("an answer")
}

async fn steer(room: &Room, steer: Steer) -> Result<u64, Refusal> {
    let expects = replica(room, Audience::Host).number();
    let wish = Wish::Steer {
        host: HOST,
        expects,
        steer,
    };
    room.ask(wish).await.expect("an answer")
}

fn told(frame: &[u8]) -> Vec<Told> {
    serde_json::from_slice(frame).expect("a frame")
}

/// What a page shows that has missed everything.
fn replica(room: &Room, audience: Audience) -> Match {
    let mut game = Match::new(two_teams(size_of(room)));
    hear(&mut game, &room.missed(&audience, 0));
    game
}

/// Takes in what a page is told of the match.
fn hear(game: &mut Match, frame: &[u8]) {
    for told in told(frame) {
        match told {
            Told::Event(event) => game.apply(&event),
            Told::Tally(tally) => game.take_tally(tally),
            Told::Gone { seats } => game.set_gone(seats.into_iter().collect()),
            _ => {}
        }
    }
}

/// Players of a team in this room's match: what its counts are of.
fn size_of(room: &Room) -> u128 {
    if room.audience(Some(player(50))) == Audience::Public {
        2
    } else {
        50
    }
}

fn answer(question: u32, choice: u8) -> Move {
    Move::Answer {
        question: QuestionNumber(question),
        revision: 1,
        answer: Answer::Choices(vec![choice]),
    }
}

async fn all_in(room: &Room, seats: &[LearnerId]) {
    for seat in seats {
        play(room, *seat, Move::Join).await.expect("a seat");
    }
    steer(room, Steer::Start).await.expect("a start");
    steer(room, Steer::Open).await.expect("a question");
}

const FOUR: [u128; 4] = [1, 2, 101, 102];

#[tokio::test]
async fn a_match_goes_on_where_it_stood_when_the_process_that_played_it_is_gone() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        all_in(&room, &FOUR.map(player)).await;
        play(&room, player(1), answer(0, 0)).await.expect("saved");
        let before = replica(&room, Audience::Host);
        drop(room);
        let again = Hall::new(db.clone()).room(id).await.expect("a room");
        let after = replica(&again, Audience::Host);
        assert_eq!(before.view(&Audience::Host), after.view(&Audience::Host));
        // An answer sent again after the fall is neither lost nor doubled.
        let number = play(&again, player(1), answer(0, 0)).await;
        assert_eq!(number, Ok(before.number()));
        steer(&again, Steer::Lock).await.expect("a lock");
        assert_eq!(replica(&again, Audience::Public).phase(), Phase::Locked);
    })
    .await;
}

#[tokio::test]
async fn two_processes_play_the_same_match_as_one() {
    world::each(async |db| {
        let id = made(&db, two_teams(50)).await;
        let rooms = [
            Hall::new(db.clone()).room(id).await.expect("a room"),
            Hall::new(db.clone()).room(id).await.expect("a room"),
        ];
        let seats: Vec<LearnerId> = (1..=50).chain(101..=150).map(player).collect();
        all_in(&rooms[0], &seats).await;
        let answers = seats.iter().enumerate().map(|(n, seat)| {
            let choice = u8::from(n % 3 == 0);
            play(&rooms[n % 2], *seat, answer(0, choice))
        });
        let outcomes = futures_util::future::join_all(answers).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        steer(&rooms[1], Steer::Lock).await.expect("a lock");
        steer(&rooms[1], Steer::Reveal).await.expect("an answer");
        // The first one takes in what the second wrote with its next step.
        steer_blindly(&rooms[0]).await;
        let views = rooms
            .iter()
            .map(|room| replica(room, Audience::Host).view(&Audience::Host));
        let views: Vec<_> = views.collect();
        assert_eq!(views[0], views[1]);
        let answered: u32 = views[0].teams.iter().map(|team| team.answered).sum();
        assert_eq!(answered, 100);
    })
    .await;
}

#[tokio::test]
async fn what_one_process_stores_the_others_tell_at_once() {
    world::each(async |db| {
        if !db.is_postgres() {
            return; // SQLite is played by one process
        }
        let id = made(&db, two_teams(2)).await;
        let halls = [Hall::new(db.clone()), Hall::new(db.clone())];
        let plays = halls[0].room(id).await.expect("a room");
        let mut screen = halls[1]
            .room(id)
            .await
            .expect("a room")
            .enter(Audience::Public, 0);
        steer(&plays, Steer::Start).await.expect("a start");
        let heard = async {
            loop {
                let frame = screen.live.recv().await.expect("a frame");
                if matches!(told(&frame)[0], Told::Event(_)) {
                    return;
                }
            }
        };
        // Sooner than it would look by itself.
        let heard = timeout(Duration::from_millis(1_500), heard).await;
        heard.expect("in time");
    })
    .await;
}

#[tokio::test]
async fn who_only_asks_now_and_then_hears_of_what_another_process_stored() {
    world::each(async |db| {
        if !db.is_postgres() {
            return; // SQLite is played by one process
        }
        let id = made(&db, two_teams(2)).await;
        let halls = [Hall::new(db.clone()), Hall::new(db.clone())];
        let polled = halls[1].room(id).await.expect("a room");
        let plays = halls[0].room(id).await.expect("a room");
        all_in(&plays, &FOUR.map(player)).await;
        let hears = async {
            while replica(&polled, Audience::Public).phase() != Phase::Open {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_millis(1_500), hears)
            .await
            .expect("in time");
        let first = polled.enter(Audience::Player(player(1)), 0);
        let mut game = Match::new(two_teams(2));
        hear(&mut game, &first.missed);
        assert_eq!(game.phase(), Phase::Open);
    })
    .await;
}

#[tokio::test]
async fn the_words_of_the_question_that_comes_are_there_before_it_opens_after_a_void_too() {
    world::each(async |db| {
        let mut setup = two_teams(2);
        setup.rounds[0].questions = 3;
        let id = made(&db, setup).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        all_in(&room, &FOUR.map(player)).await;
        let mut screen = room.enter(Audience::Public, 0);
        let mut sealed = async |step| {
            steer(&room, step).await.expect("a step");
            loop {
                let told = told(&screen.live.recv().await.expect("a frame"));
                if !told.iter().any(|told| matches!(told, Told::Event(_))) {
                    continue;
                }
                let sealed = told.into_iter().filter_map(|told| match told {
                    Told::Sealed { question, .. } => Some(question.0),
                    Told::Key { question, .. } => {
                        assert_eq!(question.0, 0, "no other is open");
                        None
                    }
                    _ => None,
                });
                return sealed.max();
            }
        };
        let question = QuestionNumber(1);
        assert_eq!(sealed(Steer::Void { question }).await, Some(2));
        assert_eq!(sealed(Steer::Undo).await, Some(1));
        assert_eq!(sealed(Steer::Redo).await, Some(2));
    })
    .await;
}

/// A step that is refused still looks at the log first.
async fn steer_blindly(room: &Room) {
    let wish = Wish::Steer {
        host: HOST,
        expects: 0,
        steer: Steer::Lock,
    };
    assert!(room.ask(wish).await.expect("an answer").is_err());
    timeout(Duration::from_secs(5), async {
        while replica(room, Audience::Public).phase() != Phase::Reveal {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("the news");
}

#[tokio::test]
async fn nobody_reads_a_question_before_it_opens_or_an_answer_before_it_is_revealed() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        let read = |audience| String::from_utf8_lossy(&room.missed(&audience, 0)).into_owned();
        let sealed = read(Audience::Public);
        assert!(sealed.contains("\"sealed\"") && !sealed.contains("\"key\""));
        all_in(&room, &FOUR.map(player)).await;
        play(&room, player(1), answer(0, 0)).await.expect("saved");
        for audience in [
            Audience::Public,
            Audience::Player(player(2)),
            Audience::Player(player(101)),
        ] {
            let text = read(audience);
            assert!(
                text.contains("\"key\"") && !text.contains("answered\":{"),
                "{text}"
            );
        }
        assert!(read(Audience::Player(player(1))).contains("\"answered\":{"));
    })
    .await;
}

#[tokio::test]
async fn everyone_hears_what_happens_and_the_last_answer_at_once() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        let mut screen = room.enter(Audience::Public, 0);
        all_in(&room, &FOUR.map(player)).await;
        for seat in FOUR {
            play(&room, player(seat), answer(0, 0))
                .await
                .expect("saved");
        }
        let mut game = Match::new(two_teams(2));
        let mut take = |frame: &[u8]| {
            hear(&mut game, frame);
            let view = game.view(&Audience::Public);
            view.teams.iter().map(|team| team.answered).sum::<u32>()
        };
        take(&screen.missed);
        timeout(Duration::from_secs(2), async {
            while take(&screen.live.recv().await.expect("a frame")) < 4 {}
        })
        .await
        .expect("all four");
    })
    .await;
}

#[tokio::test]
async fn the_first_to_press_has_the_floor_and_the_clock_goes_on_by_itself() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        all_in(&room, &FOUR.map(player)).await;
        for step in [Steer::Lock, Steer::Reveal, Steer::Open] {
            steer(&room, step).await.expect("a step");
        }
        let press = |seat| {
            play(
                &room,
                player(seat),
                Move::Press {
                    question: QuestionNumber(1),
                    pressed: clock::micros(),
                },
            )
        };
        press(2).await.expect("a press");
        sleep(Duration::from_millis(30)).await;
        press(101).await.expect("a press");
        timeout(Duration::from_secs(5), async {
            while replica(&room, Audience::Public).phase() != Phase::Floor {
                sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .expect("judged without anybody's doing");
        let view = replica(&room, Audience::Public).view(&Audience::Public);
        assert_eq!(view.floor, Some(player(2)));
        assert_eq!(view.buzzer.len(), 2);
        let early = play(&room, player(101), answer(1, 0)).await;
        assert_eq!(early, Err(Refusal::NotYourTurn));
    })
    .await;
}

#[tokio::test]
async fn strangers_and_those_without_the_right_are_refused() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        let stranger = player(7);
        assert_eq!(room.audience(Some(stranger)), Audience::Public);
        assert_eq!(room.audience(Some(HOST)), Audience::Host);
        assert_eq!(room.audience(None), Audience::Public);
        let join = play(&room, stranger, Move::Join).await;
        assert_eq!(join, Err(Refusal::NotASeat));
        for host in [stranger, player(1)] {
            let wish = Wish::Steer {
                host,
                expects: 0,
                steer: Steer::Start,
            };
            assert_eq!(
                room.ask(wish).await.expect("an answer"),
                Err(Refusal::NotAHost)
            );
        }
        let nowhere = MatchId(id::fresh(NOW).expect("an id"));
        let outcome = Hall::new(db.clone()).room(nowhere).await;
        assert!(matches!(outcome, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_match_that_can_not_be_played_is_not_made() {
    world::each(async |db| {
        content::small(&db, 4).await;
        let put = async |setup: Setup, questions: &[&str]| {
            let id = MatchId(id::fresh(NOW).expect("an id"));
            let questions = questions.iter().map(|q| QuestionId::from(*q)).collect();
            let new = NewMatch {
                id,
                title: "决赛".into(),
                setup,
                questions,
            };
            let outcome = put_match(&db, new, NOW).await;
            let there = setup_of(&db, id).await;
            (code(outcome), there)
        };
        let short = put(two_teams(2), &["q000"]).await;
        assert_eq!(short, ("questions-missing", false));
        let mut alone = two_teams(2);
        alone.teams.truncate(1);
        assert_eq!(
            put(alone, &["q000", "q001"]).await,
            ("too-few-teams", false)
        );
        let unknown = put(two_teams(2), &["q000", "nothing"]).await;
        assert_eq!(unknown, ("not-found", false));
    })
    .await;
}

async fn setup_of(db: &Db, id: MatchId) -> bool {
    setup(db, id).await.is_ok()
}

#[tokio::test]
async fn a_hundred_answers_are_told_as_a_few_counts_and_never_one_by_one() {
    world::each(async |db| {
        let id = made(&db, two_teams(50)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        let seats: Vec<LearnerId> = (1..=50).chain(101..=150).map(player).collect();
        all_in(&room, &seats).await;
        sleep(Duration::from_millis(300)).await;
        let mut pages = [Audience::Public, Audience::Player(seats[0])].map(|who| {
            let Entered { live, .. } = room.enter(who, u64::MAX);
            live
        });
        let began = std::time::Instant::now();
        for seat in &seats[1..] {
            play(&room, *seat, answer(0, 0)).await.expect("saved");
            sleep(Duration::from_millis(10)).await;
        }
        sleep(Duration::from_millis(300)).await;
        let quarters = began.elapsed().as_millis() / 250;
        for page in &mut pages {
            let mut counts = Vec::new();
            while let Ok(frame) = page.try_recv() {
                for told in told(&frame) {
                    let Told::Tally(tally) = told else {
                        panic!("{told:?} is of one player, or a step")
                    };
                    counts.push(tally.answered.iter().sum::<u32>());
                }
            }
            assert_eq!(counts.last(), Some(&99));
            assert!(counts.len() >= 3, "they are seen to rise: {counts:?}");
            let most = usize::try_from(quarters + 1).expect("a few");
            assert!(
                counts.len() <= most,
                "{counts:?} in {quarters} quarters of a second"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_log_with_a_gap_is_found() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        all_in(&room, &FOUR.map(player)).await;
        assert_eq!(logs_off(&db).await.expect("an answer"), []);
        world::by_hand(&db, "delete from live_match_event where number = 3").await;
        let off = logs_off(&db).await.expect("an answer");
        assert_eq!(off, [(id.to_string(),)]);
    })
    .await;
}

#[tokio::test]
async fn the_log_says_who_asked_for_what_and_nothing_else_does() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        all_in(&room, &FOUR.map(player)).await;
        let frames = told(&room.missed(&Audience::Host, 0));
        let by: Vec<Actor> = frames
            .iter()
            .filter_map(|told| match told {
                Told::Event(event) => Some(event.by),
                _ => None,
            })
            .collect();
        let players = FOUR.map(|seat| Actor::Player(player(seat)));
        assert_eq!(by[..4], players);
        assert_eq!(by[4..], [Actor::Host(HOST), Actor::Host(HOST)]);
        let kept = world::number(&db, "select number from live_match").await;
        assert_eq!(kept, 6);
    })
    .await;
}

#[tokio::test]
async fn who_is_here_is_who_is_heard_of_whichever_process_hears_them() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let hall = Hall::new(db.clone());
        let room = hall.room(id).await.expect("a room");
        for seat in FOUR {
            play(&room, player(seat), Move::Join).await.expect("a seat");
        }
        let other = Hall::new(db.clone());
        let elsewhere = if db.is_postgres() {
            other.room(id).await.expect("a room")
        } else {
            room.clone() // SQLite is played by one process
        };
        let mut screen = room.enter(Audience::Host, 0);
        let mut second = elsewhere.enter(Audience::Host, 0);
        let talks = async {
            loop {
                let _ = room.missed(&Audience::Player(player(1)), u64::MAX);
                let _ = elsewhere.missed(&Audience::Player(player(101)), u64::MAX);
                sleep(Duration::from_millis(500)).await;
            }
        };
        let seen = async |entered: &mut Entered| {
            let mut game = Match::new(two_teams(2));
            let mut frame = entered.missed.clone();
            loop {
                hear(&mut game, &frame);
                let view = game.view(&Audience::Host);
                let present: Vec<u32> = view.teams.iter().map(|team| team.present).collect();
                if present == [1, 1] {
                    let seats = view.console.expect("the host's").seats;
                    let here = seats.into_iter().filter(|facts| facts.present);
                    return here.map(|facts| facts.seat).collect::<Vec<_>>();
                }
                frame = entered.live.recv().await.expect("a frame");
            }
        };
        let both = async { (seen(&mut screen).await, seen(&mut second).await) };
        let (here, there) = tokio::select! {
            both = timeout(Duration::from_secs(12), both) => both.expect("two are gone"),
            () = talks => unreachable!(),
        };
        assert_eq!(here, [player(1), player(101)]);
        assert_eq!(there, here);
        // And again here at the first sign.
        let _ = room.missed(&Audience::Player(player(2)), u64::MAX);
        sleep(Duration::from_millis(600)).await;
        let frames = told(&room.missed(&Audience::Host, 0));
        let gone = frames.iter().find_map(|told| match told {
            Told::Gone { seats } => Some(seats.contains(&player(2))),
            _ => None,
        });
        assert_eq!(gone, Some(false));
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_answered_pings_is_measured_and_each_ping_is_answered_once() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        let pong = |seat, ping| {
            let now = clock::micros();
            room.pong(seat, ping, now, now, now)
        };
        for _ in 0..8 {
            let ping = room.ping(player(2)).expect("a ping");
            assert!(!pong(player(1), ping), "another's");
            assert!(pong(player(2), ping));
            assert!(!pong(player(2), ping), "twice");
        }
        all_in(&room, &FOUR.map(player)).await;
        for step in [Steer::Lock, Steer::Reveal, Steer::Open] {
            steer(&room, step).await.expect("a step");
        }
        sleep(Duration::from_millis(30)).await;
        for seat in [2, 101] {
            let press = Move::Press {
                question: QuestionNumber(1),
                pressed: clock::micros(),
            };
            play(&room, player(seat), press).await.expect("a press");
        }
        let console = replica(&room, Audience::Host).view(&Audience::Host).console;
        let seats = console.expect("a console").seats;
        let clamp = |seat| {
            let facts = seats.iter().find(|facts| facts.seat == player(seat));
            facts.expect("a seat").pressed.expect("a press").clamped
        };
        assert_ne!(clamp(2), Some(Clamp::Unmeasured));
        assert_eq!(clamp(101), Some(Clamp::Unmeasured));
    })
    .await;
}
