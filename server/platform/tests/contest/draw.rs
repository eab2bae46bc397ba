//! Papers: frozen with the contest, drawn by a secret seed, by sections, never two of one family.

use super::*;
use platform::identity;
use std::fmt::Write as _;
use std::future::Future;
use std::time::Instant;

/// Learners who start in the measurement.
const STARTERS: usize = 2_000;
/// Questions of the bank that they draw from.
const BANK: usize = 2_000;

/// Signs a learner of water in whom a hand has put into the database.
fn put_by_hand(n: usize) -> (Viewer, String) {
    let id = domain::id::LearnerId(event().0);
    let row = format!("('{id}', '学员{n}', 'b{n}', '', false, 100, 0)");
    let viewer = Viewer {
        learner: id,
        name: format!("学员{n}"),
        language: None,
        type_size: 100,
        must_change_password: false,
        grants: Vec::<identity::Grant>::new(),
        session: String::new(),
        signed_in_at: NOW,
    };
    (viewer, row)
}

/// How long it takes until `STARTERS` who press at once have an attempt each, and then a saved
/// answer each; run it with
/// `cargo test -p platform --test contest -- --ignored --nocapture measure`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, printed"]
async fn measure_how_long_a_start_takes_when_two_thousand_press_at_once() {
    world::each(async |db| {
        small(&db, BANK).await;
        let id = content::contest(&db, "51", rules()).await;
        let (mut viewers, mut rows, mut stays) = (Vec::new(), Vec::new(), String::new());
        for n in 0..STARTERS {
            let (viewer, row) = put_by_hand(n);
            let comma = if n == 0 { "" } else { "," };
            let _ = write!(stays, "{comma}('{}', '{}', 'water', 0)", event(), viewer.learner);
            viewers.push(viewer);
            rows.push(row);
        }
        let learners = rows.join(",");
        let into = "learner (id, name, staff_number, password_hash, must_change_password, type_size, created_at)";
        world::by_hand(&db, &format!("insert into {into} values {learners}")).await;
        world::by_hand(&db, &format!("insert into membership (id, learner_id, unit_id, from_at) values {stays}")).await;
        let viewers = timed(&db, "start", viewers, |db, viewer| async move {
            let attempt = begin(&db, &viewer, id, NOW).await;
            (viewer, attempt)
        })
        .await;
        let mut sends = Vec::new();
        for (viewer, attempt) in viewers {
            let asked = paper(&db, &viewer, attempt).await.remove(0);
            sends.push((viewer, given(attempt, &asked, 1, true)));
        }
        timed(&db, "save", sends, |db, (viewer, given)| async move {
            save(&db, &viewer, given, minute(1)).await.expect("saved")
        })
        .await;
    })
    .await;
}

/// Does it for all of `whom` at once and prints how long that took.
async fn timed<W, T, F>(db: &Db, what: &str, whom: Vec<W>, act: impl Fn(Db, W) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let begun = Instant::now();
    let tasks = whom.into_iter().map(|who| {
        let done = act(db.clone(), who);
        tokio::spawn(async move { (done.await, begun.elapsed().as_millis()) })
    });
    let done = join_all(tasks).await;
    let all = begun.elapsed();
    let (done, mut each): (Vec<T>, Vec<u128>) =
        done.into_iter().map(|one| one.expect("it ended")).unzip();
    each.sort_unstable();
    let count = each.len();
    println!(
        "== {what}: {count} at once, bank of {BANK}, PostgreSQL {}: all in {} ms, {} µs each; \
         p50 {} ms, p99 {} ms",
        db.is_postgres(),
        all.as_millis(),
        all.as_micros() / count as u128,
        each[count / 2],
        each[count * 99 / 100],
    );
    done
}
