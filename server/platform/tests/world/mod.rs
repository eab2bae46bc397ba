//! A world for tests: databases that nobody else uses, SQLite always and PostgreSQL where
//! `ZHIJIAN_TEST_POSTGRES` names a server (`end2end/scripts/postgres.sh start` makes one).

#![allow(dead_code, reason = "each test file uses what it needs")]

pub mod content;
pub mod people;

use domain::time::{MINUTE, Millis};
use futures_util::FutureExt;
use platform::db::Statement;
use platform::{Db, Error};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::io::Write;
use std::sync::Once;

/// A morning in Beijing: 2026-11-24 10:00.
pub const NOW: Millis = Millis(1_795_485_600_000);

/// So many minutes after [`NOW`].
pub fn minute(n: i64) -> Millis {
    NOW.plus(n * MINUTE)
}

/// A new event of a client.
pub fn event() -> domain::id::EventId {
    domain::id::EventId(platform::id::fresh(NOW).expect("an id"))
}

/// What a refusal is called.
pub fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    outcome.expect_err("a refusal").code()
}

/// Runs a statement past every service, as a hand in the database would; says how many rows.
pub async fn by_hand(db: &Db, statement: &str) -> u64 {
    let text: &'static str = statement.to_owned().leak();
    let done = db.write(move |tx| tx.run(Statement(text), vec![]).boxed());
    done.await.expect(statement)
}

/// The number that a query gives, read by a connection of its own.
pub async fn number(db: &Db, query: &str) -> i64 {
    let text = AssertSqlSafe(query.to_owned());
    match db {
        Db::Sqlite { readers, .. } => {
            let options = readers.connect_options().as_ref().clone();
            let mut own = SqliteConnection::connect_with(&options)
                .await
                .expect("one more");
            sqlx::query_scalar(text)
                .fetch_one(&mut own)
                .await
                .expect(query)
        }
        Db::Postgres(pool) => {
            let options = pool.connect_options().as_ref().clone();
            let mut own = PgConnection::connect_with(&options)
                .await
                .expect("one more");
            sqlx::query_scalar(text)
                .fetch_one(&mut own)
                .await
                .expect(query)
        }
    }
}

/// Runs a test on a new SQLite file, and on a new PostgreSQL database where there is a server.
pub async fn each(test: impl AsyncFn(Db)) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("test.db");
    let db = Db::open(&format!("sqlite:{}", file.display()))
        .await
        .expect("SQLite");
    test(db.clone()).await;
    db.close().await;

    let Some(server) = postgres() else { return };
    let name = format!(
        "t_{}",
        platform::id::fresh(platform::clock::now())
            .expect("an id")
            .simple()
    );
    let mut control = PgConnection::connect(&server).await.expect("PostgreSQL");
    control
        .execute(AssertSqlSafe(format!("create database {name}")))
        .await
        .expect("a database");
    // No test here pulls the plug, so none has to wait for the disk.
    control
        .execute(AssertSqlSafe(format!(
            "alter database {name} set synchronous_commit = off"
        )))
        .await
        .expect("a setting");
    let db = Db::open(&named(&server, &name)).await.expect("PostgreSQL");
    test(db.clone()).await;
    db.close().await;
    control
        .execute(AssertSqlSafe(format!("drop database {name} with (force)")))
        .await
        .expect("an end");
}

/// The server for tests; says aloud, past the capture of output, when there is none.
fn postgres() -> Option<String> {
    static SAID: Once = Once::new();
    let server = std::env::var("ZHIJIAN_TEST_POSTGRES")
        .ok()
        .filter(|server| !server.is_empty());
    if server.is_none() {
        SAID.call_once(|| {
            let words = "== NOT TESTED ON POSTGRESQL: ZHIJIAN_TEST_POSTGRES names no server";
            // A test that can not speak still tests.
            let _ = writeln!(std::io::stderr(), "{words}");
        });
    }
    server
}

/// The address of another database of the same server.
fn named(server: &str, name: &str) -> String {
    let (place, options) = server.split_once('?').unwrap_or((server, ""));
    let authority = place.find("://").map_or(0, |scheme| scheme + 3);
    let end = place[authority..]
        .find('/')
        .map_or(place.len(), |slash| authority + slash);
    let ask = if options.is_empty() { "" } else { "?" };
    format!("{}/{name}{ask}{options}", &place[..end])
}
