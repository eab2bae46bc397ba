//! A world for tests: databases that nobody else uses, SQLite always and PostgreSQL where
//! `ZHIJIAN_TEST_POSTGRES` names a server (`end2end/scripts/postgres.sh start` makes one).

#![allow(dead_code, reason = "each test file uses what it needs")]

use platform::Db;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::io::Write;
use std::sync::Once;

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
