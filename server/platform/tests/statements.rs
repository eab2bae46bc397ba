//! Every statement of the program, and every change to the schema, on both databases.

mod world;

use platform::Db;
use platform::db::{MIGRATIONS, STATEMENTS};
use sqlx::{Executor, SqlSafeStr};
use std::io::Write;
use std::path::Path;

/// How often `sql!(` is written in the sources.
fn written(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| match path.is_dir() {
            true => written(&path),
            false => {
                let text = std::fs::read_to_string(&path).expect("text");
                let code = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                code.map(|line| line.matches("sql!(").count()).sum()
            }
        })
        .sum()
}

#[test]
fn no_statement_is_missing_from_the_list() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_eq!(STATEMENTS.len(), written(&sources));
}

#[tokio::test]
async fn every_statement_can_be_prepared_on_a_database_made_from_empty() {
    world::each(async |db| {
        let all = STATEMENTS.len();
        let _ = writeln!(
            std::io::stderr(),
            "== {all} statements prepared, PostgreSQL: {}",
            db.is_postgres()
        );
        assert!(all > 50, "{all}");
        for text in STATEMENTS {
            let prepared = match &db {
                Db::Sqlite { readers, .. } => readers.prepare(text.into_sql_str()).await.map(drop),
                Db::Postgres(pool) => pool.prepare(text.into_sql_str()).await.map(drop),
            };
            assert!(prepared.is_ok(), "{text}\n{}", prepared.unwrap_err());
        }
    })
    .await;
}

#[tokio::test]
async fn migrations_may_run_again() {
    world::each(async |db| {
        world::people::units(&db).await;
        let done = match &db {
            Db::Sqlite { readers, .. } => {
                // A second start of the program opens the same file again.
                let file = readers.connect_options().get_filename().to_owned();
                let again = Db::open(&format!("sqlite:{}", file.display())).await;
                again.expect("a second start").close().await;
                Ok(())
            }
            Db::Postgres(pool) => MIGRATIONS.run(pool).await,
        };
        assert!(done.is_ok());
        assert_eq!(world::number(&db, "select count(*) from unit").await, 8);
        let applied = world::number(&db, "select count(*) from _sqlx_migrations").await;
        assert_eq!(
            applied,
            i64::try_from(MIGRATIONS.iter().count()).expect("few")
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_that_names_no_database_is_refused() {
    for address in ["", "mysql://localhost/x", "data.db"] {
        assert!(Db::open(address).await.is_err(), "{address}");
    }
}
