//! Quick matches: paired, led by the clock, settled once, on both databases.

use crate::world;

use domain::contest::r#match::message::{Move, Told};
use domain::contest::r#match::{Audience, Event, QuestionNumber, Refusal, Steer};
use domain::contest::pair::{ANYONE, GATHER};
use domain::contest::quick::{CLOCKWORK, Class, QUESTIONS};
use domain::id::{DeviceId, LearnerId, MatchId};
use domain::question::Answer;
use domain::time::{Millis, SECOND};
use platform::contest::r#match::{Hall, Room, Wish, parts};
use platform::contest::quick::{self, Desk, Place};
use platform::db::Statement;
use platform::{Db, clock};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use world::{NOW, by_hand, code, content, number, people};

/// Enough questions that one touch answers; what is right is option 1, in every one of them.
async fn bank(db: &Db) {
    content::small(db, 24).await;
}

async fn learners<const N: usize>(db: &Db) -> [LearnerId; N] {
    let mut all = [CLOCKWORK; N];
    for (n, one) in all.iter_mut().enumerate() {
        *one = people::account(db, &format!("学员{n}"), "justice").await.0;
    }
    all
}

async fn rated(db: &Db, who: LearnerId, rating: i64) {
    let text = format!(
        "insert into quick_rating (learner_id, rating, deviation, volatility, played) \
         values ('{who}', {rating}000, 50000, 60000, 9)"
    );
    assert_eq!(by_hand(db, &text).await, 1);
}

async fn queued(db: &Db, who: LearnerId, at: Millis) {
    quick::queue(db, who, at).await.expect("a place");
}

fn desk(db: &Db) -> Desk {
    Desk::new(db.clone(), Hall::new(db.clone()))
}

async fn turn(db: &Db, now: Millis) {
    desk(db).turn(now).await.expect("a turn");
}

async fn match_of(db: &Db, who: LearnerId) -> Option<MatchId> {
    match quick::place(db, who).await.expect("an answer") {
        Some(Place::Match(id)) => Some(id),
        _ => None,
    }
}

async fn text(db: &Db, query: &'static str) -> String {
    let (text,): (String,) = db.one(Statement(query), Vec::new()).await.expect(query);
    text
}

#[tokio::test]
async fn who_is_alike_in_strength_is_matched_and_who_is_not_waits_until_anyone_will_do() {
    world::each(async |db| {
        bank(&db).await;
        let [first, near, far, late] = learners(&db).await;
        for (who, rating) in [(first, 1_500), (near, 1_520), (far, 2_400), (late, 1_510)] {
            rated(&db, who, rating).await;
        }
        queued(&db, first, NOW.plus(-GATHER)).await;
        quick::look(&db, first, NOW).await.expect("a look");
        queued(&db, near, NOW).await;
        queued(&db, far, NOW).await;
        turn(&db, NOW).await;
        let game = match_of(&db, first).await.expect("a match");
        assert_eq!(match_of(&db, near).await, Some(game));
        assert_eq!(match_of(&db, far).await, None);
        // It is theirs alone: their names stand in full in it.
        let room = Hall::new(db.clone()).room(game).await.expect("a room");
        assert!(room.admits(Some(first)).is_ok() && room.admits(Some(near)).is_ok());
        for other in [None, Some(far)] {
            assert_eq!(code(room.admits(other)), "not-found");
        }

        let before = NOW.plus(ANYONE - 1);
        queued(&db, late, before).await;
        quick::look(&db, far, before).await.expect("a look");
        turn(&db, before).await;
        assert_eq!(match_of(&db, late).await, None);
        turn(&db, NOW.plus(ANYONE)).await;
        let second = match_of(&db, late).await.expect("a match");
        assert_eq!(match_of(&db, far).await, Some(second));
        assert_ne!(second, game);
    })
    .await;
}

#[tokio::test]
async fn who_is_alone_or_whose_page_is_silent_is_not_matched_and_is_let_go() {
    world::each(async |db| {
        bank(&db).await;
        let [here, silent] = learners(&db).await;
        queued(&db, silent, NOW).await;
        let later = NOW.plus(20 * SECOND);
        queued(&db, here, later).await;
        turn(&db, later.plus(GATHER)).await;
        assert_eq!(match_of(&db, here).await, None);
        turn(&db, NOW.plus(61 * SECOND)).await;
        assert_eq!(quick::place(&db, silent).await.expect("an answer"), None);
        let place = quick::place(&db, here).await.expect("an answer");
        assert_eq!(place, Some(Place::Waiting(later)));
        quick::leave(&db, here).await.expect("a way out");
        assert_eq!(quick::place(&db, here).await.expect("an answer"), None);
    })
    .await;
}

#[tokio::test]
async fn two_processes_that_pair_at_once_put_nobody_into_two_matches() {
    world::each(async |db| {
        bank(&db).await;
        let all: [LearnerId; 10] = learners(&db).await;
        for who in all {
            queued(&db, who, NOW.plus(-GATHER)).await;
        }
        let (mut one, mut other) = (desk(&db), desk(&db));
        let (first, second) = tokio::join!(one.turn(NOW), other.turn(NOW));
        first.and(second).expect("both turns");
        turn(&db, NOW).await; // whom one was refused for the other's sake
        for who in all {
            let seats = format!("select count(*) from quick_player where learner_id = '{who}'");
            assert_eq!(number(&db, &seats).await, 1, "{who}");
        }
        let lonely = "select count(*) from quick_match m where \
             (select count(*) from quick_player p where p.match_id = m.match_id) < 2";
        assert_eq!(number(&db, lonely).await, 0);
        // A match that was not made leaves nothing behind.
        let orphans = "select count(*) from live_match where id not in \
             (select match_id from quick_match)";
        assert_eq!(number(&db, orphans).await, 0);
    })
    .await;
}

/// A room of these, started by the first.
async fn started(db: &Db, all: &[LearnerId]) -> MatchId {
    let Place::Room(code) = quick::open(db, all[0], NOW).await.expect("a room") else {
        panic!("a room")
    };
    for who in &all[1..] {
        quick::enter(db, *who, &code, NOW).await.expect("a way in");
    }
    quick::start(db, all[0], &code, NOW).await.expect("a match")
}

async fn play(room: &Room, seat: LearnerId, play: Move) -> Result<u64, Refusal> {
    let wish = Wish::Play {
        seat,
        device: DeviceId(seat.0),
        play,
        received: clock::micros(),
    };
    room.ask(wish).await.expect("an answer")
}

fn log(room: &Room) -> Vec<Event> {
    let frame = room.missed(&Audience::Host, 0);
    let told: Vec<Told> = serde_json::from_slice(&frame).expect("a frame");
    told.into_iter()
        .filter_map(|told| match told {
            Told::Event(numbered) => Some(numbered.event),
            _ => None,
        })
        .collect()
}

async fn steer(room: &Room, steer: Steer) {
    let expects = u64::try_from(log(room).len()).expect("few");
    let wish = Wish::Steer {
        host: CLOCKWORK,
        expects,
        steer,
    };
    room.ask(wish).await.expect("an answer").expect("a step");
}

fn answer(question: u32, right: bool) -> Move {
    Move::Answer {
        question: QuestionNumber(question),
        revision: 1,
        answer: Answer::Choices(vec![u8::from(right)]),
    }
}

/// Plays a match to its end without the clock: who came, and how many they have right.
async fn played(db: &Db, id: MatchId, all: &[(LearnerId, u32)]) {
    let room = Hall::new(db.clone()).room(id).await.expect("a room");
    for (who, _) in all {
        play(&room, *who, Move::Join).await.expect("a seat");
    }
    steer(&room, Steer::Start).await;
    for question in 0..QUESTIONS {
        steer(&room, Steer::Open).await;
        for (who, right) in all {
            let given = answer(question, question < *right);
            play(&room, *who, given).await.expect("an answer");
        }
        steer(&room, Steer::Lock).await;
        steer(&room, Steer::Reveal).await;
    }
    steer(&room, Steer::Scoreboard).await;
    steer(&room, Steer::Finish).await;
}

async fn off(db: &Db) -> Vec<String> {
    let found = quick::quick_off(db, 100).await.expect("an answer");
    found.into_iter().map(|(what,)| what).collect()
}

#[tokio::test]
async fn a_match_is_settled_once_and_its_credits_stop_at_the_daily_cap() {
    world::each(async |db| {
        bank(&db).await;
        let [strong, weak, absent] = learners(&db).await;
        let credits = async |who: LearnerId| {
            let sum = format!("select coalesce(sum(amount), 0) from credit_entry where learner_id = '{who}'");
            number(&db, &format!("select cast(({sum}) as bigint)")).await
        };
        let game = started(&db, &[strong, weak, absent]).await;
        played(&db, game, &[(strong, 5), (weak, 2)]).await;
        assert!(quick::settle(&db, game, NOW).await.expect("settled"));
        assert!(!quick::settle(&db, game, NOW).await.expect("an answer"));
        assert_eq!((credits(strong).await, credits(weak).await, credits(absent).await), (2, 1, 0));
        for who in [strong, weak, absent] {
            assert_eq!(quick::place(&db, who).await.expect("an answer"), None);
        }
        let past = quick::past(&db, strong).await.expect("a list");
        assert_eq!((past[0].rank, past[0].points, past[0].credits, past[0].others.len()), (Some(1), 1_000, 2, 2));
        let past = quick::past(&db, absent).await.expect("a list");
        assert_eq!((past[0].rank, past[0].credits), (None, 0));
        let rating = async |who: LearnerId| {
            number(&db, &format!("select rating from quick_rating where learner_id = '{who}'")).await
        };
        assert!(rating(strong).await > 1_500_000 && rating(weak).await < 1_500_000);
        let unknown = quick::record(&db, absent).await.expect("a record");
        assert_eq!((unknown.class, unknown.played), (Class::Unknown, 0));

        for _ in 0..4 {
            let game = started(&db, &[strong, weak]).await;
            played(&db, game, &[(strong, 5), (weak, 0)]).await;
            assert!(quick::settle(&db, game, NOW).await.expect("settled"));
        }
        assert_eq!((credits(strong).await, credits(weak).await), (4, 4));
        let record = quick::record(&db, strong).await.expect("a record");
        assert_eq!(record.played, 5);
        assert!(matches!(record.class, Class::Third | Class::Fourth));
        // The next day has its own cap.
        let game = started(&db, &[weak, strong]).await;
        played(&db, game, &[(strong, 1), (weak, 1)]).await;
        quick::settle(&db, game, NOW.plus(24 * 3_600 * SECOND)).await.expect("settled");
        assert_eq!((credits(strong).await, credits(weak).await), (6, 6));

        assert_eq!(off(&db).await, Vec::<String>::new());
        let sound = platform::check::check(&db, NOW).await.expect("findings");
        assert!(sound.is_empty(), "{sound:?}");
        by_hand(&db, &format!("update quick_rating set rating = rating + 1 where learner_id = '{weak}'")).await;
        assert_eq!(off(&db).await, [weak.to_string()]);
        by_hand(&db, &format!("update quick_rating set rating = rating - 1 where learner_id = '{weak}'")).await;
        by_hand(&db, &format!("update quick_player set points = points + 200 where learner_id = '{weak}' and match_id = '{game}'")).await;
        assert_eq!(off(&db).await, [game.to_string()]);
    })
    .await;
}

#[tokio::test]
async fn a_match_to_which_one_came_counts_nothing_and_one_that_runs_is_not_settled() {
    world::each(async |db| {
        bank(&db).await;
        let [here, absent] = learners(&db).await;
        let game = started(&db, &[here, absent]).await;
        let room = Hall::new(db.clone()).room(game).await.expect("a room");
        play(&room, here, Move::Join).await.expect("a seat");
        assert!(!quick::settle(&db, game, NOW).await.expect("an answer"));
        played(&db, game, &[(here, 5)]).await;
        assert!(quick::settle(&db, game, NOW).await.expect("settled"));
        assert_eq!(number(&db, "select count(*) from credit_entry").await, 0);
        assert_eq!(number(&db, "select count(*) from quick_rating").await, 0);
        assert_eq!(off(&db).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_learner_is_in_one_place_and_a_room_is_entered_by_its_code_alone() {
    world::each(async |db| {
        bank(&db).await;
        let [owner, second, third, fourth, fifth] = learners(&db).await;
        let Place::Room(room) = quick::open(&db, owner, NOW).await.expect("a room") else {
            panic!("a room")
        };
        assert_eq!(room.len(), 12);
        // Again, or into the queue: the same room.
        let again = quick::open(&db, owner, NOW).await.expect("a place");
        assert_eq!(again, Place::Room(room.clone()));
        assert_eq!(quick::queue(&db, owner, NOW).await.expect("a place"), again);
        assert_eq!(number(&db, "select count(*) from quick_room").await, 1);

        let guessed = quick::enter(&db, second, "222222222222", NOW).await;
        assert_eq!(code(guessed), "quick-room-gone");
        assert_eq!(
            code(quick::start(&db, owner, &room, NOW).await),
            "quick-few"
        );
        queued(&db, second, NOW).await; // who waits may come
        for (n, who) in (1..).zip([second, third, fourth, fourth]) {
            let entered = quick::enter(&db, who, &room, NOW.plus(n)).await;
            entered.expect("a way in");
        }
        let full = quick::enter(&db, fifth, &room, NOW).await;
        assert_eq!(code(full), "quick-room-full");
        assert_eq!(
            code(quick::start(&db, fifth, &room, NOW).await),
            "forbidden"
        );
        let Place::Room(other) = quick::open(&db, fifth, NOW).await.expect("a room") else {
            panic!("a room")
        };
        let elsewhere = quick::enter(&db, third, &other, NOW).await;
        assert_eq!(code(elsewhere), "quick-elsewhere");

        // The owner leaves: the next one may start, and starting twice is one match.
        quick::leave(&db, owner).await.expect("a way out");
        assert_eq!(quick::room(&db, &room).await.expect("a room").owner, second);
        let game = quick::start(&db, second, &room, NOW)
            .await
            .expect("a match");
        let twice = quick::start(&db, second, &room, NOW).await;
        assert_eq!(twice.expect("the same"), game);
        assert_eq!(code(quick::room(&db, &room).await), "quick-room-gone");
        quick::leave(&db, third).await.expect("an answer"); // a match is not left
        assert_eq!(match_of(&db, third).await, Some(game));
        assert_eq!(
            code(quick::enter(&db, third, &other, NOW).await),
            "quick-elsewhere"
        );
        quick::leave(&db, fifth).await.expect("a way out");
        assert_eq!(number(&db, "select count(*) from quick_room").await, 0);
        assert_eq!(parts(&db, third).await.expect("a list"), []);
    })
    .await;
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    world::each(async |db| {
        bank(&db).await;
        let [eager, calm] = learners(&db).await;
        for _ in 0..20 {
            let guessed = quick::enter(&db, eager, "222222222222", NOW).await;
            assert_eq!(code(guessed), "quick-room-gone");
        }
        assert_eq!(
            code(quick::enter(&db, eager, "222222222222", NOW).await),
            "wait"
        );
        assert_eq!(code(quick::queue(&db, eager, NOW).await), "wait");
        queued(&db, calm, NOW).await;
        queued(&db, eager, world::minute(1)).await;
    })
    .await;
}

#[tokio::test]
async fn questions_are_of_different_families_and_of_one_touch() {
    world::each(async |db| {
        content::small(&db, 8).await; // four of one touch
        let [one, two] = learners(&db).await;
        let Place::Room(room) = quick::open(&db, one, NOW).await.expect("a room") else {
            panic!("a room")
        };
        quick::enter(&db, two, &room, NOW).await.expect("a way in");
        assert_eq!(code(quick::start(&db, one, &room, NOW).await), "quick-bank");
        // Nor does anybody wait for opponents in vain.
        let [alone] = learners(&db).await;
        assert_eq!(code(quick::queue(&db, alone, NOW).await), "quick-bank");
        assert_eq!(quick::place(&db, alone).await.expect("an answer"), None);
        for n in 8..16 {
            let question = content::numbered(n);
            let put = db.write(move |tx| {
                Box::pin(async move { platform::question::put(tx, &question).await })
            });
            put.await.expect("a question");
        }
        let doubles =
            "update question set family = 'doubles' where id in ('q000', 'q002', 'q004', 'q006')";
        assert_eq!(by_hand(&db, doubles).await, 4);
        quick::start(&db, one, &room, NOW).await.expect("a match");
        let secrets = text(&db, "select secrets from live_match").await;
        let secrets: serde_json::Value = serde_json::from_str(&secrets).expect("JSON");
        let ids: Vec<&str> = secrets["questions"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|question| question["id"].as_str().expect("an id"))
            .collect();
        assert_eq!(ids.len(), 5);
        let doubles = ids
            .iter()
            .filter(|id| ["q000", "q002", "q004", "q006"].contains(id));
        assert_eq!(doubles.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_stranger_neither_plays_nor_steps_and_no_player_is_the_host() {
    world::each(async |db| {
        bank(&db).await;
        let [one, two, stranger] = learners(&db).await;
        let game = started(&db, &[one, two]).await;
        let room = Hall::new(db.clone()).room(game).await.expect("a room");
        assert_eq!(
            play(&room, stranger, Move::Join).await,
            Err(Refusal::NotASeat)
        );
        assert_eq!(room.audience(Some(stranger)), Audience::Public);
        for host in [one, stranger] {
            let wish = Wish::Steer {
                host,
                expects: 0,
                steer: Steer::Start,
            };
            let refused = room.ask(wish).await.expect("an answer");
            assert_eq!(refused, Err(Refusal::NotAHost));
        }
        // Nobody can sign in as the clock.
        let clock = format!("select count(*) from learner where id = '{CLOCKWORK}'");
        assert_eq!(number(&db, &clock).await, 0);
    })
    .await;
}

/// Turns a desk for as long as it is polled.
async fn turning(db: Db, hall: Hall) {
    let mut desk = Desk::new(db, hall);
    loop {
        desk.turn(clock::now()).await.expect("a turn");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn the_clock_leads_a_match_to_its_end_though_its_process_dies_and_two_others_take_it_up() {
    world::each(async |db| {
        bank(&db).await;
        let all @ [one, two] = learners(&db).await;
        let game = started(&db, &all).await;
        let opened = |log: &[Event]| {
            log.iter()
                .filter(|e| matches!(e, Event::Opened { .. }))
                .count()
        };

        let hall = Hall::new(db.clone());
        let first = tokio::spawn(turning(db.clone(), hall.clone()));
        let room = hall.room(game).await.expect("a room");
        for who in all {
            play(&room, who, Move::Join).await.expect("a seat");
        }
        let begun = async {
            while opened(&log(&room)) == 0 {
                for who in all {
                    let _ = play(&room, who, Move::Ready).await;
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(10), begun)
            .await
            .expect("a question");
        play(&room, one, answer(0, true)).await.expect("saved");
        first.abort();
        assert!(first.await.expect_err("stopped").is_cancelled());
        drop((room, hall));

        let halls = [Hall::new(db.clone()), Hall::new(db.clone())];
        let others = halls
            .clone()
            .map(|hall| tokio::spawn(turning(db.clone(), hall)));
        let room = halls[0].room(game).await.expect("a room");
        let door = room.enter(Audience::Host, 0); // who looks on hears of the other process
        let played = async {
            while match_of(&db, one).await.is_some() {
                let question = opened(&log(&room)).saturating_sub(1);
                let question = u32::try_from(question).expect("few");
                let _ = play(&room, one, answer(question, true)).await;
                let _ = play(&room, two, answer(question, false)).await;
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(Duration::from_secs(60), played)
            .await
            .expect("an end");
        drop(door);
        for other in others {
            other.abort();
        }
        let log = log(&Hall::new(db.clone()).room(game).await.expect("a room"));
        for step in [Event::Started, Event::ScoreboardShown, Event::Finished] {
            assert_eq!(log.iter().filter(|e| **e == step).count(), 1, "{step:?}");
        }
        assert_eq!(opened(&log), 5);
        let past = quick::past(&db, one).await.expect("a list");
        assert_eq!(
            (past[0].id, past[0].rank, past[0].points),
            (game, Some(1), 1_000)
        );
        assert_eq!(off(&db).await, Vec::<String>::new());
    })
    .await;
}
