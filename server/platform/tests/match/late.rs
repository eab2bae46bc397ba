//! What counts is when a wish arrived, not when the database had time for it.

use super::*;
use futures_util::FutureExt;
use platform::db::{Statement, Tx, Value};

/// Holds the match's row, or on SQLite the one writer, for so many milliseconds.
async fn stall(db: &Db, id: MatchId, ms: u64) {
    let values = vec![Value::from(id)];
    let held = db.write(move |tx| {
        async move {
            let text = "update live_match set number = number where id = $1";
            tx.run(Statement(text), values).await?;
            let time = Duration::from_millis(ms);
            match tx {
                Tx::Sqlite(_) => std::thread::sleep(time), // a thread of its own, without a clock
                Tx::Postgres(_) => sleep(time).await,
            }
            Ok(())
        }
        .boxed()
    });
    held.await.expect("a stall");
}

fn facts(room: &Room) -> Vec<domain::contest::r#match::SeatFacts> {
    let view = replica(room, Audience::Host).view(&Audience::Host);
    view.console.expect("a console").seats
}

async fn phase(room: &Room, phase: Phase) {
    let waits = async {
        while replica(room, Audience::Public).phase() != phase {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(5), waits)
        .await
        .expect("the phase");
}

#[tokio::test]
async fn an_answer_that_the_server_held_before_the_deadline_is_in_time() {
    world::each(async |db| {
        let mut setup = two_teams(2);
        setup.rounds[0].seconds = 1;
        let id = made(&db, setup).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        all_in(&room, &FOUR.map(player)).await;
        // The first waits in the transaction, the second behind it; the third came too late.
        let answers = async |seat, after| {
            sleep(Duration::from_millis(after)).await;
            play(&room, player(seat), answer(0, 0)).await.expect("kept");
        };
        tokio::join!(
            stall(&db, id, 1_600),
            answers(1, 200),
            answers(2, 500),
            answers(101, 1_300)
        );
        phase(&room, Phase::Locked).await;
        let facts = facts(&room);
        let of = |seat| {
            let facts = facts.iter().find(|facts| facts.seat == player(seat));
            facts.map(|facts| (facts.answered, facts.late.len()))
        };
        assert_eq!(of(1), Some((true, 0)));
        assert_eq!(of(2), Some((true, 0)));
        assert_eq!(of(101), Some((false, 1)));
    })
    .await;
}

#[tokio::test]
async fn presses_that_waited_for_the_database_are_told_apart_as_they_arrived() {
    world::each(async |db| {
        let id = made(&db, two_teams(2)).await;
        let room = Hall::new(db.clone()).room(id).await.expect("a room");
        all_in(&room, &FOUR.map(player)).await;
        for step in [Steer::Lock, Steer::Reveal, Steer::Open] {
            steer(&room, step).await.expect("a step");
        }
        let press = async |seat, after| {
            sleep(Duration::from_millis(after)).await;
            let press = Move::Press {
                question: QuestionNumber(1),
                pressed: 0,
            };
            play(&room, player(seat), press).await.expect("a press");
        };
        tokio::join!(stall(&db, id, 1_500), press(101, 150), press(2, 300));
        phase(&room, Phase::Floor).await;
        let pressed: Vec<i64> = facts(&room)
            .iter()
            .filter_map(|facts| facts.pressed)
            .map(|judged| judged.made)
            .collect();
        let [second, first] = pressed[..] else {
            panic!("{pressed:?}")
        };
        assert!(
            (100_000..300_000).contains(&(second - first)),
            "{pressed:?}"
        );
        let view = replica(&room, Audience::Public).view(&Audience::Public);
        assert_eq!(view.floor, Some(player(101)));
    })
    .await;
}
