//! What a ladder of 200 000 costs while 2 000 answers a second come in.

use super::*;
use std::io::Write;
use std::time::{Duration, Instant};
use world::people::signed_in;

const LEARNERS: i64 = 200_000;
/// Changes of one transaction, and how many transactions a second.
const BATCH: i64 = 20;
const BATCHES: u64 = 100;
const RUNS: Duration = Duration::from_secs(10);

/// Everybody stands, half way through the contest.
async fn fill(db: &Db, id: ContestId) {
    let numbered = |prefix: &str| {
        format!(
            "'{prefix}' || substr('000000000000' || cast(n as text), length(cast(n as text)) + 1, 12)"
        )
    };
    let person = numbered("00000000-0000-7000-8000-");
    let attempt = numbered("00000000-0000-7000-9000-");
    let numbers = format!(
        "with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < {LEARNERS})"
    );
    for statement in [
        format!(
            "{numbers} insert into learner (id, name, password_hash, must_change_password, created_at) \
             select {person}, '学员', '', false, 0 from numbers"
        ),
        format!(
            "{numbers} insert into contest_attempt (id, contest_id, learner_id, unit_id, number, seed, \
               paper, started_at, deadline_at, answered, points, time_ms) \
             select {attempt}, '{id}', {person}, 'water', 1, 1, '[]', 0, 1, 1, 0, 0 from numbers"
        ),
        format!(
            "{numbers} insert into contest_standing (contest_id, learner_id, unit_id, prefecture_id, \
               attempt_id, answered, points, time_ms, changed_at) \
             select '{id}', {person}, 'water', '5101', {attempt}, 1, (n % 26) * 100, \
               n * 7919 % 1800000, {} from numbers",
            NOW.0
        ),
    ] {
        by_hand(db, &statement).await;
    }
    if db.is_postgres() {
        by_hand(db, "analyze").await;
    }
}

fn person(n: u32) -> String {
    format!("00000000-0000-7000-8000-{n:012}")
}

/// Puts the answers of some seconds in, as the service does: many changes in one commit.
async fn answers(db: Db, id: ContestId) {
    let mut draw = Draw::from_seed(1);
    let mut tick = tokio::time::interval(Duration::from_secs(1) / BATCHES as u32);
    let began = Instant::now();
    while began.elapsed() < RUNS {
        tick.tick().await;
        let people: Vec<String> = (0..BATCH)
            .map(|_| person(1 + draw.below(LEARNERS as u32)))
            .collect();
        let at = platform::clock::now();
        db.write(move |tx| {
            Box::pin(async move {
                for learner in people {
                    tx.run(
                        sql!(
                            "update contest_standing set points = points + 100, changed_at = $3 \
                             where contest_id = $1 and learner_id = $2"
                        ),
                        values![id, learner, at],
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await
        .expect("answers");
    }
}

fn line(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    let _ = writeln!(
        std::io::stderr(),
        "{what:<40}{:>7} times  median {:>10.1?}  p99 {:>10.1?}  most {:>10.1?}",
        times.len(),
        at(50),
        at(99),
        at(100)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: half a minute in a release build"]
async fn any_rank_of_200_000_while_2_000_answers_a_second_come_in() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        fill(&db, id).await;
        let (one, phone) = world::people::account(&db, "甲", "water").await;
        let viewer = signed_in(&db, &phone).await;
        assert_eq!(viewer.learner, one);
        let boards = Boards::new(db.clone());
        let _ = writeln!(
            std::io::stderr(),
            "== {LEARNERS} learners, PostgreSQL: {}",
            db.is_postgres()
        );
        let began = Instant::now();
        boards
            .snapshot(id, Of::Learners, Audience::Public, platform::clock::now())
            .await
            .expect("a picture");
        let _ = writeln!(std::io::stderr(), "read in {:.1?}", began.elapsed());
        let writing = tokio::spawn(answers(db.clone(), id));
        let [mut rank, mut near, mut top, mut public, mut counted] = [const { Vec::new() }; 5];
        let mut draw = Draw::from_seed(2);
        let mut who = viewer.clone();
        while !writing.is_finished() {
            who.learner = person(1 + draw.below(LEARNERS as u32))
                .parse()
                .expect("an id");
            let now = platform::clock::now;
            let began = Instant::now();
            my_rank(&boards, &who, id, now())
                .await
                .expect("a rank")
                .expect("a place");
            rank.push(began.elapsed());
            let began = Instant::now();
            let rows = neighbours(&boards, &who, id, now()).await.expect("rows");
            near.push(began.elapsed());
            assert!(rows.len() >= 6);
            let began = Instant::now();
            board(&boards, &who, id, Scope::Contest, now())
                .await
                .expect("a board");
            top.push(began.elapsed());
            let began = Instant::now();
            boards
                .snapshot(id, Of::Learners, Audience::Public, now())
                .await
                .expect("a picture");
            public.push(began.elapsed());
            if rank.len() % 10 == 0 {
                let began = Instant::now();
                let _: (i64,) = db
                    .one(
                        sql!(
                            "select 1 + count(*) from contest_standing s join contest_standing m \
                               on m.contest_id = s.contest_id and m.learner_id = $2 \
                             where s.contest_id = $1 and (s.points > m.points \
                               or (s.points = m.points and s.time_ms < m.time_ms))"
                        ),
                        values![id, who.learner],
                    )
                    .await
                    .expect("a count");
                counted.push(began.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        writing.await.expect("answers");
        line("any learner's rank", rank);
        line("five before, five after", near);
        line("board of fifty, total and own rank", top);
        line("the public hundred", public);
        line("a rank by SQL, for comparison", counted);
    })
    .await;
}
