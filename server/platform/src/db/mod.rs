//! One text of SQL for two databases: SQLite inside by default, PostgreSQL for many machines.
//!
//! The rule guarded here: nothing is answered before it is durable. Reads go to [`Db::all`] and
//! its sisters and never wait for a write; writes go to [`Db::write`], which runs a whole
//! transaction and answers after its commit. On SQLite one thread owns the only writing connection
//! and puts many small jobs into one commit (module `writer`).
//!
//! Why not sqlx's `Any` driver: it knows neither `bool` nor prepared nulls on both sides, and its
//! pool can not be told to have one writer.

mod checkpoint;
mod sqlite;
mod value;
mod writer;

pub use value::{Row, STATEMENTS, Statement, Value};

use crate::{Error, Result};
use futures_util::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// All changes to the schema, the same text for both databases.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// A database that is ready for use.
#[derive(Clone)]
pub enum Db {
    /// One file beside the program.
    Sqlite {
        /// Connections that only read.
        readers: SqlitePool,
        /// The way to the one that writes.
        writer: writer::Writer,
    },
    /// A server.
    Postgres(PgPool),
}

/// What an address of a database looks like.
pub const PLACES: &str = "a database is sqlite:PATH or postgres://…";

/// What an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// A file, there or not.
    Sqlite(&'a Path),
    /// A server.
    Postgres,
}

impl<'a> Place<'a> {
    /// What `address` names; `None` where that is no database ([`PLACES`]).
    #[must_use]
    pub fn of(address: &'a str) -> Option<Self> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Some(Self::Postgres);
        }
        let path = address.strip_prefix("sqlite:")?;
        Some(Self::Sqlite(Path::new(
            path.strip_prefix("//").unwrap_or(path),
        )))
    }
}

/// An open transaction.
pub enum Tx {
    /// On SQLite: inside a savepoint of the writer's transaction.
    Sqlite(Box<sqlite::Writing>),
    /// On PostgreSQL.
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

/// What a transaction's work gives back.
pub type Work<'a, T> = BoxFuture<'a, Result<T>>;

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…`, makes the file when it is missing, and runs the
    /// migrations that are new.
    ///
    /// # Errors
    /// An address that names neither database, a database that can not be reached or written, a
    /// schema newer than this program.
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let place = Place::of(address).ok_or_else(|| anyhow::anyhow!(PLACES))?;
        let Place::Sqlite(path) = place else {
            let options = PgConnectOptions::from_str(address)?;
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options)
                .await?;
            MIGRATIONS.run(&pool).await?;
            return Ok(Self::Postgres(pool));
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(512)
            .pragma("temp_store", "memory");
        // Nothing is mapped into memory: the map would be made anew each time that the file grows.
        let writing = options
            .clone()
            .pragma("cache_size", "-8192") // a commit may look through all of it
            .pragma("wal_autocheckpoint", "0"); // see `checkpoint`
        let writer = writer::Writer::start(writing).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self::Sqlite { readers, writer })
    }

    /// Whether this is PostgreSQL.
    #[must_use]
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Every row of a query.
    ///
    /// # Errors
    /// [`Error::Fault`] when the database does.
    pub async fn all<T: Row>(&self, statement: Statement, values: Vec<Value>) -> Result<Vec<T>> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                value::sqlite::<T>(statement, values)
                    .fetch_all(readers)
                    .await?
            }
            Self::Postgres(pool) => {
                value::postgres::<T>(statement, values)
                    .fetch_all(pool)
                    .await?
            }
        })
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Db::all`].
    pub async fn optional<T: Row>(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Option<T>> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                value::sqlite::<T>(statement, values)
                    .fetch_optional(readers)
                    .await?
            }
            Self::Postgres(pool) => {
                value::postgres::<T>(statement, values)
                    .fetch_optional(pool)
                    .await?
            }
        })
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not.
    pub async fn one<T: Row>(&self, statement: Statement, values: Vec<Value>) -> Result<T> {
        self.optional(statement, values)
            .await?
            .ok_or(Error::NotFound)
    }

    /// Runs `work` in a transaction and answers after its commit; an error of the work undoes all
    /// of it. The work goes on to its end even when the caller is gone.
    ///
    /// # Errors
    /// What the work answers, or [`Error::Fault`] when it could not be made durable.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> Work<'a, T> + Send + 'static,
    {
        match self {
            Self::Sqlite { writer, .. } => writer.run(work).await,
            Self::Postgres(pool) => {
                let pool = pool.clone();
                // A task of its own: a dropped `begin` could leave a transaction open (sqlx#4385).
                let task = tokio::spawn(async move {
                    let mut tx = Tx::Postgres(pool.begin().await?);
                    let outcome = work(&mut tx).await;
                    let Tx::Postgres(inner) = tx else {
                        unreachable!("begun on PostgreSQL")
                    };
                    if outcome.is_ok() {
                        inner.commit().await?
                    } else {
                        inner.rollback().await?
                    }
                    outcome
                });
                task.await.map_err(|e| Error::Fault(e.into()))?
            }
        }
    }

    /// Lets what has begun come to its end and closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                // The last connection carries the log into the file and removes it. Of two that close
                // at the same moment neither would be the last.
                readers.close().await;
                writer.stop().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Every row of a query.
    ///
    /// # Errors
    /// [`Error::Fault`] when the database does.
    pub async fn all<T: Row>(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Vec<T>> {
        Ok(match self {
            Self::Sqlite(c) => {
                let sent = c.send(vec![(statement, values)]).await?;
                let rows = sent.iter().flat_map(|(rows, _)| rows);
                rows.map(T::from_row).collect::<Result<_, _>>()?
            }
            Self::Postgres(c) => {
                value::postgres::<T>(statement, values)
                    .fetch_all(&mut **c)
                    .await?
            }
        })
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub async fn optional<T: Row>(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Option<T>> {
        Ok(self.all(statement, values).await?.into_iter().next())
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not.
    pub async fn one<T: Row>(&mut self, statement: Statement, values: Vec<Value>) -> Result<T> {
        self.optional(statement, values)
            .await?
            .ok_or(Error::NotFound)
    }

    /// Gives the one row that `one` must give and every row of `all`; on PostgreSQL after `lock`, which
    /// waits until others have committed. SQLite has one writer, and nothing to wait for: there both
    /// readings are sent together.
    ///
    /// # Errors
    /// As [`Tx::one`].
    pub async fn read_locked<A: Row, B: Row>(
        &mut self,
        lock: (Statement, Vec<Value>),
        one: (Statement, Vec<Value>),
        all: (Statement, Vec<Value>),
    ) -> Result<(A, Vec<B>)> {
        let Self::Sqlite(c) = self else {
            self.run(lock.0, lock.1).await?;
            let one = self.one(one.0, one.1).await?;
            return Ok((one, self.all(all.0, all.1).await?));
        };
        let sent = c.send(vec![one, all]).await?;
        let rows = |at: usize| sent.get(at).map_or(&[][..], |(rows, _)| rows);
        let one = A::from_row(rows(0).first().ok_or(Error::NotFound)?)?;
        let all = rows(1).iter().map(B::from_row).collect::<Result<_, _>>()?;
        Ok((one, all))
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// [`Error::Fault`] when the database does.
    pub async fn run(&mut self, statement: Statement, values: Vec<Value>) -> Result<u64> {
        let changed = self.run_all(vec![(statement, values)]).await?;
        Ok(changed.into_iter().sum())
    }

    /// Runs statements one after the other and says how many rows each changed. Cheaper on SQLite
    /// than one by one: all are sent together.
    ///
    /// # Errors
    /// [`Error::Fault`] when the database does; then some may have run, as the transaction is undone.
    pub async fn run_all(&mut self, statements: Vec<(Statement, Vec<Value>)>) -> Result<Vec<u64>> {
        match self {
            Self::Sqlite(c) => {
                let sent = c.send(statements).await?;
                Ok(sent.into_iter().map(|(_, changed)| changed).collect())
            }
            Self::Postgres(c) => {
                let mut changed = Vec::with_capacity(statements.len());
                for (statement, values) in statements {
                    let done = value::postgres_plain(statement, values);
                    changed.push(done.execute(&mut **c).await?.rows_affected());
                }
                Ok(changed)
            }
        }
    }
}
