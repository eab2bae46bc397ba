//! The writing connection of SQLite.
//!
//! sqlx runs each text on a thread of the connection's own, and the way there and back costs more
//! than most statements do. So what ends one job of a commit and begins the next is sent ahead of
//! the next job's first statement, in one text with it; and statements of which none waits for
//! another's answer are sent together.

use super::value::{Statement, Value, sqlite_plain};
use crate::{Error, Result};
use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection, Either, Executor, SqliteConnection};
use std::fmt::Write;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// What is sent ahead of the next statement: two statements in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    /// Begins a transaction and a job in it.
    Begin,
    /// Ends a job and begins the next.
    Next,
}

impl Ahead {
    const fn text(self) -> &'static str {
        match self {
            Self::Begin => "begin immediate; savepoint job; ",
            Self::Next => "release job; savepoint job; ",
        }
    }
}

/// The connection, and what is still to be sent to it.
pub struct Writing {
    connection: SqliteConnection,
    pub(super) ahead: Option<Ahead>,
    /// About how many rows were changed, ever: what reads counts as the change before it.
    pub(super) changed: u64,
    /// Why what was sent ahead did not hold: then no job of the commit does.
    pub(super) broken: Option<String>,
}

impl Writing {
    pub(super) const fn new(connection: SqliteConnection) -> Self {
        Self {
            connection,
            ahead: None,
            changed: 0,
            broken: None,
        }
    }

    /// Sends statements in one text, each with its own `$1`, `$2`, …: the rows that each one gives,
    /// and how many it changed.
    pub(super) async fn send(
        &mut self,
        statements: Vec<(Statement, Vec<Value>)>,
    ) -> Result<Vec<(Vec<SqliteRow>, u64)>> {
        let mut text = self.ahead.map_or("", Ahead::text).to_owned();
        let mut all = Vec::new();
        for (statement, values) in statements {
            put(&mut text, statement.0, all.len());
            all.extend(values);
        }
        let query = sqlite_plain(AssertSqlSafe(text), all);
        let mut to_come = if self.ahead.is_some() { 2 } else { 0 };
        let (mut sent, mut rows) = (Vec::new(), Vec::new());
        let mut steps = self.connection.fetch_many(query);
        loop {
            let mut step = pin!(steps.try_next());
            // The connection's thread does all of it before this one is woken by the first step.
            let step = poll_fn(|cx| match step.as_mut().poll(cx) {
                Poll::Pending => {
                    std::thread::yield_now();
                    step.as_mut().poll(cx)
                }
                ready => ready,
            });
            match step.await {
                Ok(Some(Either::Left(_))) if to_come > 0 => {
                    to_come -= 1;
                    if to_come == 0 {
                        self.ahead = None;
                    }
                }
                Ok(Some(Either::Left(done))) => {
                    self.changed += done.rows_affected();
                    sent.push((std::mem::take(&mut rows), done.rows_affected()));
                }
                Ok(Some(Either::Right(row))) => rows.push(row),
                Ok(None) => return Ok(sent),
                Err(error) => {
                    if to_come > 0 {
                        self.broken = Some(error.to_string());
                    }
                    return Err(error.into());
                }
            }
        }
    }

    /// Sends a text of control statements alone; such texts are literals of the writer.
    pub(super) async fn control(&mut self, text: &'static str) -> Result<()> {
        sqlx::query(text).execute(&mut self.connection).await?;
        Ok(())
    }

    pub(super) async fn close(self) -> Result<()> {
        self.connection.close().await.map_err(Error::from)
    }
}

/// Puts a statement at the end of a text in which `before` values are used already. `$` is in no
/// statement for anything else than a value.
fn put(text: &mut String, statement: &str, before: usize) {
    let mut parts = statement.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        let number = number.parse().map_or(0, |number: usize| number + before);
        let _ = write!(text, "${number}{rest}"); // a String takes everything
    }
    text.push(';');
}

#[cfg(test)]
mod tests {
    use super::put;

    #[test]
    fn statements_in_one_text_keep_their_own_values() {
        let mut text = String::from("savepoint job; ");
        put(&mut text, "insert into a values ($1, $2, $1)", 0);
        put(&mut text, "delete from b", 2);
        put(&mut text, "update c set d = $2 where e = $11", 2);
        assert_eq!(
            text,
            "savepoint job; insert into a values ($1, $2, $1);delete from b;\
             update c set d = $4 where e = $13;"
        );
    }
}
