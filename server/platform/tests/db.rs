//! Writing: nothing is answered before it is durable, and nothing that was answered is lost.

use crate::world;

use futures_util::future::{join, join_all, poll_immediate};
use platform::db::{Tx, Work};
use platform::{Db, Error, sql, values};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use world::{by_hand, number};

const COUNT: &str = "select count(*) from division";

fn put<'a>(tx: &'a mut Tx, code: &str) -> Work<'a, ()> {
    let code = code.to_owned();
    Box::pin(async move {
        tx.run(
            sql!("insert into division (code, name, level) values ($1, 'x', 'county')"),
            values![code],
        )
        .await?;
        Ok(())
    })
}

async fn write(db: &Db, code: String) -> Result<(), Error> {
    db.write(move |tx| Box::pin(async move { put(tx, &code).await }))
        .await
}

#[tokio::test]
async fn a_failing_job_among_many_is_undone_alone() {
    world::each(async |db| {
        let jobs = (0..100_i64).map(|n| {
            db.write(move |tx| {
                Box::pin(async move {
                    put(tx, &format!("{n}")).await?;
                    match n % 10 {
                        3 => Err(Error::Invalid("no")),
                        // Fails in the database, after a statement that held.
                        5 => put(tx, &format!("{n}")).await,
                        7 => panic!("a job of the test"),
                        _ => Ok(()),
                    }
                })
            })
        });
        let outcomes = join_all(jobs).await;
        for (n, outcome) in outcomes.iter().enumerate() {
            match n % 10 {
                3 => assert!(matches!(outcome, Err(Error::Invalid("no")))),
                5 | 7 => assert!(matches!(outcome, Err(Error::Fault(_)))),
                _ => assert!(outcome.is_ok(), "{n} {outcome:?}"),
            }
        }
        assert_eq!(number(&db, COUNT).await, 70);
    })
    .await;
}

#[tokio::test]
async fn what_was_answered_is_seen_by_another_connection_at_once() {
    world::each(async |db| {
        for n in 1..=20 {
            write(&db, n.to_string()).await.expect("written");
            assert_eq!(number(&db, COUNT).await, n);
        }
    })
    .await;
}

#[tokio::test]
async fn the_work_of_a_caller_who_is_gone_is_still_done() {
    world::each(async |db| {
        for n in 0..20 {
            // Asked once and dropped, as a request is whose phone went into a tunnel.
            let _ = poll_immediate(write(&db, n.to_string())).await;
        }
        for _ in 0..500 {
            if number(&db, COUNT).await == 20 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(number(&db, COUNT).await, 20);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_at_once_lose_nothing() {
    world::each(async |db| {
        by_hand(
            &db,
            "insert into division (code, name, level) values ('sum', '0', 'x')",
        )
        .await;
        let writers = (0..300_i64).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        put(tx, &n.to_string()).await?;
                        tx.run(
                            sql!(
                                "update division set name = \
                                 cast(cast(name as bigint) + 1 as text) where code = 'sum'"
                            ),
                            values![],
                        )
                        .await
                    })
                })
                .await
            })
        });
        for outcome in join_all(writers).await {
            assert_eq!(outcome.expect("no panic").expect("written"), 1);
        }
        assert_eq!(number(&db, COUNT).await, 301);
        let sum = "select cast(name as bigint) from division where code = 'sum'";
        assert_eq!(number(&db, sum).await, 300);
    })
    .await;
}

#[tokio::test]
async fn closing_finishes_what_was_begun_and_refuses_what_comes_later() {
    world::each(async |db| {
        // All of them are asked for before `close` is.
        let jobs = join_all((0..100).map(|n| write(&db, n.to_string())));
        let (outcomes, ()) = join(jobs, db.close()).await;
        let mut kept = 0;
        for outcome in outcomes {
            match outcome {
                Ok(()) => kept += 1,
                // Who waited for a connection of a server is told that nothing was written.
                Err(error) => {
                    assert!(
                        db.is_postgres() && matches!(error, Error::Fault(_)),
                        "{error}"
                    );
                }
            }
        }
        assert_eq!(number(&db, COUNT).await, kept);
        if !db.is_postgres() {
            assert_eq!(kept, 100);
        }
        assert!(matches!(
            write(&db, "late".into()).await,
            Err(Error::Fault(_))
        ));
        assert_eq!(number(&db, COUNT).await, kept);
    })
    .await;
}

#[tokio::test]
async fn the_way_of_reading_can_not_write() {
    world::each(async |db| {
        let wrote: Result<Vec<(String,)>, _> = db
            .all(
                sql!(
                    "insert into division (code, name, level) values ('x', 'x', 'x') returning code"
                ),
                values![],
            )
            .await;
        // PostgreSQL has one pool for both; there the types of `Db` are all that keeps them apart.
        assert_eq!(wrote.is_err(), !db.is_postgres());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_log_of_the_file_is_carried_while_others_write_and_read_and_begins_anew() {
    const JOBS: i64 = 400;
    world::each(async |db| {
        let file = match &db {
            Db::Sqlite { readers, .. } => readers.connect_options().get_filename().to_owned(),
            Db::Postgres(_) => return, // which has a log of its own
        };
        let over = Arc::new(AtomicBool::new(false));
        let reading = tokio::spawn({
            let (db, over) = (db.clone(), over.clone());
            async move {
                while !over.load(Ordering::Relaxed) {
                    number(&db, "select count(*) from unit").await;
                }
            }
        });
        // A row is about a page: in all a hundred megabytes.
        for job in 0..JOBS {
            let written = db.write(move |tx| {
                Box::pin(async move {
                    let rows = (0..64).map(|n| {
                        (
                            sql!(
                                "insert into division (code, name, level) values ($1, $2, 'county')"
                            ),
                            values![format!("{job}-{n}"), "x".repeat(4_000)],
                        )
                    });
                    tx.run_all(rows.collect()).await
                })
            });
            written.await.expect("written");
        }
        over.store(true, Ordering::Relaxed);
        reading.await.expect("read to the end");
        assert_eq!(number(&db, COUNT).await, JOBS * 64);
        let size = |end: &str| {
            let path = format!("{}{end}", file.display());
            std::fs::metadata(path).map_or(0, |m| m.len() / 1_000_000)
        };
        let (log, carried) = (size("-wal"), size(""));
        assert!(log < 80, "{log} MB of log");
        assert!(carried > 40, "{carried} MB in the file");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_file_that_is_closed_while_it_is_read_has_nothing_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("one.db");
    for round in 0..20 {
        let db = Db::open(&format!("sqlite:{}", file.display())).await;
        let db = db.expect("opened");
        let read_on = (0..16).map(|_| {
            let db = db.clone();
            tokio::spawn(
                async move { while db.one::<(i64,)>(sql!(COUNT), values![]).await.is_ok() {} },
            )
        });
        let read_on: Vec<_> = read_on.collect();
        for n in 0..50 {
            write(&db, format!("{round}-{n}")).await.expect("written");
        }
        db.close().await;
        let beside = std::fs::read_dir(folder.path()).expect("a folder");
        let beside: Vec<_> = beside.flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(beside, ["one.db"], "in round {round}");
        for one in read_on {
            one.await.expect("ended");
        }
    }
}
