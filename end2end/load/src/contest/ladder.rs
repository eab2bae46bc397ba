//! Ranks, asked while answers come in: of a ladder in this process, as a second server has it, and
//! of the database by counting.

use super::Field;
use crate::people::Person;
use crate::stats::Steps;
use domain::seed::Draw;
use platform::contest::{Boards, Scope, board, my_rank, neighbours};
use platform::identity::Viewer;
use platform::{Db, clock, sql, values};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// What is asked, in the order of the report.
pub const STEPS: [&str; 4] = ["rank", "neighbours", "top fifty and rank", BY_SQL];
/// What the others are held against.
pub const BY_SQL: &str = "rank counted in SQL";
/// How often.
const EVERY: Duration = Duration::from_millis(50);
/// One of so many times the database is asked, too: it would be in the way.
const COUNTED: usize = 20;

/// Asks until the field is over; of a runtime and with connections of its own, as a second server
/// has them: in the runtime of twenty thousand learners it would wait its turn among them.
pub fn ask(
    address: String,
    field: Arc<Field>,
    people: Vec<Person>,
) -> JoinHandle<anyhow::Result<Steps>> {
    tokio::task::spawn_blocking(move || {
        Runtime::new()?.block_on(async {
            let db = Db::open(&address).await?;
            let steps = asked(&db, &field, &people).await;
            db.close().await;
            steps
        })
    })
}

async fn asked(db: &Db, field: &Field, people: &[Person]) -> anyhow::Result<Steps> {
    let boards = Boards::new(db.clone());
    boards.contest(field.contest, clock::now()).await?;
    let mut steps = Steps::default();
    let mut draw = Draw::from_seed(7);
    let mut asked = 0;
    while !field.over.load(Ordering::Relaxed) {
        tokio::time::sleep(EVERY).await;
        let number = draw.below(u32::try_from(people.len()).unwrap_or(u32::MAX));
        let viewer = viewer(&people[number as usize]);
        let began = Instant::now();
        my_rank(&boards, &viewer, field.contest, clock::now()).await?;
        steps.took(STEPS[0], began.elapsed());
        let began = Instant::now();
        neighbours(&boards, &viewer, field.contest, clock::now()).await?;
        steps.took(STEPS[1], began.elapsed());
        let began = Instant::now();
        board(
            &boards,
            &viewer,
            field.contest,
            Scope::Contest,
            clock::now(),
        )
        .await?;
        steps.took(STEPS[2], began.elapsed());
        asked += 1;
        if asked % COUNTED == 0 {
            let began = Instant::now();
            let _: Option<(i64,)> = db
                .optional(
                    sql!(
                        "select 1 + (select count(*) from contest_standing s \
                               where s.contest_id = m.contest_id and (s.points > m.points \
                                 or (s.points = m.points and s.time_ms < m.time_ms))) \
                             from contest_standing m where m.contest_id = $1 and m.learner_id = $2"
                    ),
                    values![field.contest, viewer.learner],
                )
                .await?;
            steps.took(BY_SQL, began.elapsed());
        }
    }
    Ok(steps)
}

/// Somebody who asks for the own rank; nothing else of a viewer matters there.
fn viewer(person: &Person) -> Viewer {
    Viewer {
        learner: person.learner,
        session: String::new(),
        name: String::new(),
        must_change_password: false,
        language: None,
        type_size: 100,
        signed_in_at: clock::now(),
        grants: Vec::new(),
    }
}
