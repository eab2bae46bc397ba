//! Who runs a day, what they compose, dry runs, the result.

use super::*;
use crate::world::people::learner;
use crate::world::{code, each};
use domain::contest::certificate::Honour;
use domain::contest::challenge::MOST_ROUNDS;
use domain::contest::r#match::message::Move;
use domain::contest::r#match::{Points, QuestionNumber, Refusal, Steer};
use domain::id::DeviceId;
use platform::contest::certificate;
use platform::contest::challenge::{Next, day, declare, hosts, placed, post_declared};
use platform::contest::r#match::{Hall, Room, Wish as Ask, parts};
use platform::contest::post_due;
use platform::identity::Viewer;
use platform::{clock, credits};

#[tokio::test]
async fn a_day_is_run_by_editors_and_administrators_of_the_unit_or_above_and_by_nobody_else() {
    each(async |db| {
        let Scene { contest, boss, .. } = scene(&db, 2, 8).await;
        let editor = official(&db, "编辑", Role::Editor, "51").await;
        for runs in [&boss, &editor] {
            assert_eq!(day(&db, runs, contest).await.expect("a day").teams.len(), 2);
        }
        let others = [
            learner(&db, "学员", "justice").await,
            official(&db, "联络员", Role::Liaison, "51").await,
            official(&db, "邻市", Role::Administrator, "5107").await,
        ];
        for other in &others {
            let wish = Wish {
                form: Form::One,
                places: 1,
                order: Order::Lot,
            };
            assert_eq!(code(day(&db, other, contest).await), "forbidden");
            assert_eq!(
                code(preview(&db, other, contest, &wish, NOW).await),
                "forbidden"
            );
            assert_eq!(
                code(save_programme(&db, other, contest, &short()).await),
                "forbidden"
            );
            assert_eq!(code(declare(&db, other, contest, NOW).await), "forbidden");
            let making = Making {
                wish,
                seen: String::new(),
                hosts: vec![],
                titles: vec![],
            };
            let made = make(&db, other, event(), contest, making, NOW).await;
            assert_eq!(code(made), "forbidden");
        }
        let themed = content::contest(&db, "51", content::rules()).await;
        assert_eq!(code(day(&db, &boss, themed).await), "not-found");
    })
    .await;
}

#[tokio::test]
async fn the_day_says_what_is_next_until_the_first_round_can_be_drawn() {
    each(async |db| {
        content::small(&db, 8).await;
        let contest = challenge(&db).await;
        let boss = official(&db, "主任", Role::Administrator, "51").await;
        let next = async || day(&db, &boss, contest).await.expect("a day").next();
        team(&db, contest, "甲队", "approved", 1).await;
        team(&db, contest, "乙队", "handed-in", 2).await;
        assert_eq!(next().await, Next::Teams);
        team(&db, contest, "丙队", "approved", 3).await;
        assert_eq!(next().await, Next::Compose);
        let mut bad = short();
        bad.rounds[0].questions = 0;
        save_programme(&db, &boss, contest, &bad)
            .await
            .expect("kept");
        assert_eq!(next().await, Next::Compose);
        save_programme(&db, &boss, contest, &short())
            .await
            .expect("kept");
        assert_eq!(next().await, Next::Hosts);
        add_host(&db, &boss, contest, boss.learner)
            .await
            .expect("named");
        assert_eq!(next().await, Next::First);
    })
    .await;
}

#[tokio::test]
async fn hosts_are_found_by_name_among_people_with_a_role_and_no_others_are_taken() {
    each(async |db| {
        let Scene { contest, boss, .. } = scene(&db, 2, 8).await;
        let near = official(&db, "王主持", Role::Liaison, "justice").await;
        let plain = learner(&db, "王学员", "justice").await;
        let found = hosts(&db, &boss, contest, "王").await.expect("people");
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].id, found[0].unit.as_str()),
            (near.learner, "司法局")
        );
        for none in ["", " ", "%", "_", "\\"] {
            assert!(
                hosts(&db, &boss, contest, none)
                    .await
                    .expect("people")
                    .is_empty()
            );
        }
        let taken = add_host(&db, &boss, contest, plain.learner).await;
        assert_eq!(code(taken), "host-unknown");
        for _ in 0..2 {
            add_host(&db, &boss, contest, near.learner)
                .await
                .expect("named");
        }
        assert_eq!(
            day(&db, &boss, contest).await.expect("a day").hosts.len(),
            2
        );
    })
    .await;
}

#[tokio::test]
async fn a_programme_of_too_many_rounds_is_refused() {
    each(async |db| {
        let Scene { contest, boss, .. } = scene(&db, 2, 8).await;
        let mut long = short();
        long.rounds = vec![long.rounds[0].clone(); MOST_ROUNDS + 1];
        let kept = save_programme(&db, &boss, contest, &long).await;
        assert_eq!(code(kept), "rounds-many");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_what_is_made_is_what_was_seen() {
    each(async |db| {
        let scene = scene(&db, 4, 8).await;
        let wish = scene.by_hand(Form::Knockout);
        let seen = scene.seen(&db, &wish).await;
        assert_eq!((seen.needed, seen.there), (2, 8));
        assert_eq!(matches(&db).await, 0);
        assert_eq!(number(&db, "select count(*) from contest_round").await, 0);
        // A team more was approved in the meantime.
        let more = team(&db, scene.contest, "后来", "approved", 9).await;
        let late = make(
            &db,
            &scene.boss,
            event(),
            scene.contest,
            scene.making(wish.clone(), &seen),
            NOW,
        );
        assert_eq!(code(late.await), "day-changed");
        assert_eq!(matches(&db).await, 0);
        by_hand(
            &db,
            &format!(
                "update contest_team set state = 'refused' where id = '{}'",
                more.0
            ),
        )
        .await;
        // A double click makes one round.
        let once = event();
        for _ in 0..2 {
            let making = scene.making(wish.clone(), &seen);
            let made = make(&db, &scene.boss, once, scene.contest, making, NOW).await;
            assert_eq!(made.expect("made"), 1);
        }
        assert_eq!(matches(&db).await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_lot_is_drawn_once_and_gives_everyone_the_same_order() {
    each(async |db| {
        let scene = scene(&db, 8, 8).await;
        let wish = Wish {
            form: Form::Knockout,
            places: 1,
            order: Order::Lot,
        };
        let seen = scene.seen(&db, &wish).await;
        assert_eq!(scene.seen(&db, &wish).await, seen);
        assert_eq!(
            seen.seeding.lot,
            Some(number(&db, "select lot from contest_day").await)
        );
        scene.make(&db, wish).await.expect("made");
        assert_eq!(scene.bracket(&db).await.rounds[0].seeding, seen.seeding);
    })
    .await;
}

#[tokio::test]
async fn who_leads_must_be_named_and_can_not_play() {
    each(async |db| {
        let scene = scene(&db, 2, 8).await;
        let wish = scene.by_hand(Form::One);
        let seen = scene.seen(&db, &wish).await;
        let with = async |hosts: Vec<LearnerId>| {
            let making = Making {
                hosts: vec![hosts],
                ..scene.making(wish.clone(), &seen)
            };
            code(make(&db, &scene.boss, event(), scene.contest, making, NOW).await)
        };
        let player = scene.teams[0].1;
        assert_eq!(with(vec![player]).await, "host-unknown");
        assert_eq!(with(vec![]).await, "no-host");
        assert_eq!(with(vec![scene.boss.learner; 2]).await, "person-twice");
        assert_eq!(matches(&db).await, 0);
    })
    .await;
}

async fn steer(room: &Room, host: LearnerId, step: Steer) {
    ask_for(room, host, step).await.expect("a step");
}

async fn ask_for(room: &Room, host: LearnerId, steer: Steer) -> Result<u64, Refusal> {
    let expects = room.missed(&domain::contest::r#match::Audience::Host, 0);
    let told: Vec<domain::contest::r#match::message::Told> =
        serde_json::from_slice(&expects).expect("a frame");
    let numbers = told.iter().filter_map(|told| match told {
        domain::contest::r#match::message::Told::Event(event) => Some(event.number),
        _ => None,
    });
    let wish = Ask::Steer {
        host,
        expects: numbers.max().unwrap_or(0),
        steer,
    };
    room.ask(wish).await.expect("an answer")
}

#[tokio::test]
async fn how_a_match_stands_is_kept_with_its_steps_and_follows_an_undo() {
    each(async |db| {
        let scene = made(&db, 2, 8, Form::One).await;
        let game = scene.game(&db, 1, 0).await;
        let hall = Hall::new(db.clone());
        let room = hall.room(game).await.expect("a room");
        let state = async || {
            let bracket = scene.bracket(&db).await;
            let slot = &bracket.rounds[0].slots[0];
            let game = slot.game.clone().expect("a match");
            (game.begun, game.over, slot.meeting.result.is_some())
        };
        let seat = scene.teams[0].1;
        let join = Ask::Play {
            seat,
            device: DeviceId(seat.0),
            play: Move::Join,
            received: clock::micros(),
        };
        room.ask(join).await.expect("an answer").expect("a seat");
        assert_eq!(state().await, (false, false, false)); // who comes in begins nothing
        for step in [
            Steer::Start,
            Steer::Open,
            Steer::Lock,
            Steer::Reveal,
            Steer::Scoreboard,
        ] {
            steer(&room, scene.boss.learner, step).await;
        }
        assert_eq!(state().await, (true, false, false));
        steer(&room, scene.boss.learner, Steer::Finish).await;
        assert_eq!(state().await, (true, true, true));
        steer(&room, scene.boss.learner, Steer::Undo).await;
        assert_eq!(state().await, (true, false, false));
        steer(&room, scene.boss.learner, Steer::Finish).await;
        let bracket = scene.bracket(&db).await;
        let result = bracket.rounds[0].slots[0]
            .meeting
            .result
            .clone()
            .expect("points");
        assert!(result.iter().all(|(_, points)| *points == Points(0)));
        let own = parts(&db, seat).await.expect("matches");
        assert_eq!((own.len(), own[0].over), (1, true));
    })
    .await;
}

#[tokio::test]
async fn a_result_that_places_were_declared_by_is_not_changed_any_more() {
    each(async |db| {
        let scene = made(&db, 2, 8, Form::One).await;
        let game = scene.game(&db, 1, 0).await;
        let hall = Hall::new(db.clone());
        let (room, host) = (hall.room(game).await.expect("a room"), scene.boss.learner);
        for step in [
            Steer::Start,
            Steer::Open,
            Steer::Lock,
            Steer::Reveal,
            Steer::Scoreboard,
            Steer::Finish,
        ] {
            steer(&room, host, step).await;
        }
        scene.ended(&db, game, &[(1, 100), (2, 300)]).await;
        declare(&db, &scene.boss, scene.contest, NOW)
            .await
            .expect("declared");
        for step in [
            Steer::Undo,
            Steer::Void {
                question: QuestionNumber(0),
            },
        ] {
            assert_eq!(ask_for(&room, host, step).await, Err(Refusal::Settled));
        }
        let bracket = scene.bracket(&db).await;
        let slot = &bracket.rounds[0].slots[0];
        assert!(slot.meeting.result.is_some());
    })
    .await;
}

#[tokio::test]
async fn places_are_declared_once_and_every_seat_is_credited_once() {
    each(async |db| {
        let scene = made(&db, 3, 8, Form::One).await;
        let (contest, boss) = (scene.contest, &scene.boss);
        assert_eq!(code(declare(&db, boss, contest, NOW).await), "day-not-yet");
        let game = scene.game(&db, 1, 0).await;
        scene
            .ended(&db, game, &[(1, 100), (2, 300), (3, 200)])
            .await;
        assert!(placed(&db, contest).await.expect("an answer").is_none());
        // 50 for the first, 30 for second and third, 5 for each who took part.
        let granted = declare(&db, boss, contest, NOW).await.expect("declared");
        assert_eq!(granted, 50 + 30 + 30 + 3 * 5);
        for _ in 0..2 {
            assert_eq!(
                declare(&db, boss, contest, later(1)).await.expect("again"),
                0
            );
            assert_eq!(post_declared(&db, later(1)).await.expect("nothing"), 0);
            assert_eq!(post_due(&db, NOW.plus(2 * DAY)).await.expect("nothing"), 0);
        }
        let places = placed(&db, contest)
            .await
            .expect("an answer")
            .expect("places");
        let seen: Vec<_> = places.iter().map(|p| (p.place, p.name.as_str())).collect();
        assert_eq!(seen, [(1, "2队"), (2, "3队"), (3, "1队")]);
        let total = credits::total(&db, scene.teams[1].1, NOW)
            .await
            .expect("credits");
        assert_eq!(total.all, 55);
        // The place is attested to each of the team, and to nobody else.
        let who = Viewer {
            learner: scene.teams[1].1,
            ..boss.clone()
        };
        let attested = certificate::claim(&db, &who, contest, NOW)
            .await
            .expect("a code");
        let paper = certificate::check(&db, attested)
            .await
            .expect("an answer")
            .expect("one");
        assert_eq!(
            (paper.honour, paper.among, paper.of_teams),
            (Honour::Rank(1), 3, true)
        );
        assert!(paper.unit.ends_with(" 2队"), "{}", paper.unit);
        let held = certificate::held(&db, &who).await.expect("an answer");
        assert_eq!(held.len(), 1);
        assert_eq!(
            code(certificate::claim(&db, boss, contest, NOW).await),
            "not-found"
        );
        let event = format!(
            "select count(*) from credit_entry where event_id = 'contest:{contest}:team-place'"
        );
        assert_eq!(number(&db, &event).await, 3);
        assert_eq!(
            day(&db, boss, contest).await.expect("a day").next(),
            Next::Declared
        );
    })
    .await;
}

#[tokio::test]
async fn credits_that_were_cut_off_after_the_declaration_come_later_by_themselves() {
    each(async |db| {
        let scene = made(&db, 2, 8, Form::One).await;
        let game = scene.game(&db, 1, 0).await;
        scene.ended(&db, game, &[(1, 100), (2, 0)]).await;
        declare(&db, &scene.boss, scene.contest, NOW)
            .await
            .expect("declared");
        // As if the process had been gone after the first of them.
        by_hand(&db, "update contest set posted_at = null").await;
        let lost = scene.teams[1].1;
        by_hand(
            &db,
            &format!("delete from credit_entry where learner_id = '{lost}'"),
        )
        .await;
        assert_eq!(post_due(&db, later(1)).await.expect("posted"), 30 + 5);
        assert_eq!(post_due(&db, later(1)).await.expect("posted"), 0);
    })
    .await;
}

#[tokio::test]
async fn a_challenge_that_is_over_by_the_clock_is_not_posted_by_attempts() {
    each(async |db| {
        let scene = scene(&db, 2, 8).await;
        let after = NOW.plus(3 * DAY);
        assert_eq!(post_due(&db, after).await.expect("nothing"), 0);
        let open = number(&db, "select count(*) from contest where posted_at is null").await;
        assert_eq!(open, 1);
        assert!(
            placed(&db, scene.contest)
                .await
                .expect("an answer")
                .is_none()
        );
    })
    .await;
}
