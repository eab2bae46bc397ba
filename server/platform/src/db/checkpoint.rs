//! Carries what was committed out of SQLite's log (the WAL) into the file, beside the writer.
//!
//! By itself SQLite does so within a commit, whenever the log is longer than a thousand pages: then
//! everybody whose job is in that commit waits for it, and at two thousand answers a second that
//! is every tenth. Here a connection of its own carries while the writer goes on. Only a writer can
//! begin the log anew, and only when all of it is carried; so the little that came meanwhile is
//! carried by the writer, when the log has become long.

use super::sqlite::Writing;
use crate::Result;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};

/// After so many changed rows, about as many pages, a pass begins.
const ROWS: u64 = 2_000;
/// Pages from which on the log is to begin anew: 16 MB.
const LONG: i64 = 4_096;
/// The most pages that the writer carries by itself.
const SHORT: i64 = 1_024;

/// Carries as much as no reader needs in the log, and waits for nobody.
const PASS: &str = "pragma wal_checkpoint(passive)";

/// Whether another was at it, the pages of the log, and those of them that are carried.
type Carried = (i64, i64, i64);
type Pass = BoxFuture<'static, (SqliteConnection, sqlx::Result<Carried>)>;

/// The log of a database, as the writer keeps it short.
pub(super) struct Log {
    state: State,
    /// The writer's count of changed rows when the last pass began.
    seen: u64,
}

enum State {
    Resting(SqliteConnection),
    /// It goes on whether it is asked for or not: sqlx does the work on the connection's thread.
    Carrying(Pass),
    Closed,
}

impl Log {
    pub(super) const fn new(connection: SqliteConnection) -> Self {
        Self {
            state: State::Resting(connection),
            seen: 0,
        }
    }

    /// Begins a pass when there is something to carry, or looks whether the last one has ended.
    /// To be called between commits; waits only where the log is long and nearly carried.
    pub(super) async fn follow(&mut self, writing: &mut Writing) {
        let mut pass = match std::mem::replace(&mut self.state, State::Closed) {
            State::Resting(connection) if writing.changed - self.seen >= ROWS => {
                self.seen = writing.changed;
                carry(connection)
            }
            State::Carrying(pass) => pass,
            state => {
                self.state = state;
                return;
            }
        };
        let Some((connection, carried)) = (&mut pass).now_or_never() else {
            self.state = State::Carrying(pass);
            return;
        };
        self.state = State::Resting(connection);
        let done = match carried {
            Ok((_, log, carried)) if log >= LONG && log - carried <= SHORT => {
                writing.control(PASS).await
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = done {
            tracing::warn!(cause = format!("{error:#}"), "the log was not carried");
        }
    }

    /// Lets a pass come to its end and closes the connection.
    pub(super) async fn close(self) -> Result<()> {
        let connection = match self.state {
            State::Resting(connection) => connection,
            State::Carrying(pass) => pass.await.0,
            State::Closed => return Ok(()),
        };
        Ok(connection.close().await?)
    }
}

fn carry(mut connection: SqliteConnection) -> Pass {
    Box::pin(async move {
        let carried = sqlx::query_as(PASS).fetch_one(&mut connection).await;
        (connection, carried)
    })
}
