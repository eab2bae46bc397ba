//! Statements, values and rows that both databases understand.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::{Query, QueryAs};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow, Postgres, Sqlite};

/// Every statement of the program, collected when it is linked; a test prepares each of them on
/// both databases.
#[linkme::distributed_slice]
#[allow(unsafe_code, reason = "linkme places statics in a link section")]
pub static STATEMENTS: [&'static str];

/// A statement that is in [`STATEMENTS`]: made by [`crate::sql!`] and by nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Statement(#[doc(hidden)] pub &'static str);

/// Makes a [`Statement`] of a literal and puts it into the list that the tests prepare.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        #[linkme::distributed_slice($crate::db::STATEMENTS)]
        #[allow(unsafe_code, reason = "linkme places statics in a link section")]
        static STATEMENT: &'static str = $text;
        $crate::db::Statement(STATEMENT)
    }};
}

/// The values of a statement, in the order of `$1`, `$2`, ….
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}

/// A value for a placeholder.
#[derive(Debug, Clone)]
pub enum Value {
    /// `bigint`.
    Int(Option<i64>),
    /// `text`.
    Text(Option<String>),
    /// `boolean`.
    Bool(bool),
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Self::Int(Some(v))
    }
}
impl From<Option<i64>> for Value {
    fn from(v: Option<i64>) -> Self {
        Self::Int(v)
    }
}
impl From<domain::time::Millis> for Value {
    fn from(v: domain::time::Millis) -> Self {
        Self::Int(Some(v.0))
    }
}
impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Self::Bool(v)
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Self::Text(Some(v))
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::Text(Some(v.to_owned()))
    }
}
impl From<&String> for Value {
    fn from(v: &String) -> Self {
        Self::Text(Some(v.clone()))
    }
}
impl From<Option<String>> for Value {
    fn from(v: Option<String>) -> Self {
        Self::Text(v)
    }
}

/// Ids are stored as text.
macro_rules! text_ids {
    ($($id:ty),*) => {$(
        impl From<&$id> for Value {
            fn from(v: &$id) -> Self { Self::Text(Some(v.to_string())) }
        }
        impl From<$id> for Value {
            fn from(v: $id) -> Self { Self::Text(Some(v.to_string())) }
        }
    )*};
}
text_ids!(
    domain::id::LearnerId,
    domain::id::ContestId,
    domain::id::AttemptId,
    domain::id::MatchId,
    domain::id::TeamId,
    domain::id::EventId,
    domain::id::UnitId,
    domain::id::LessonId,
    domain::id::QuestionId,
    domain::id::TopicId,
    domain::id::LawSlug,
    uuid::Uuid
);

/// A row that can be read from both databases: a tuple, or a struct with `derive(FromRow)`.
pub trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}
impl<T> Row for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

/// PostgreSQL refuses NUL in a text, SQLite keeps it: neither meets one.
fn without_nul(text: String) -> String {
    if text.contains('\0') {
        return text.replace('\0', "\u{fffd}");
    }
    text
}

/// Binds every value in turn.
macro_rules! bind {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(v) => query.bind(v),
                Value::Text(v) => query.bind(v.map(without_nul)),
                Value::Bool(v) => query.bind(v),
            };
        }
        query
    }};
}

pub(super) fn sqlite<T: Row>(
    s: Statement,
    values: Vec<Value>,
) -> QueryAs<'static, Sqlite, T, SqliteArguments> {
    bind!(sqlx::query_as::<Sqlite, T>(s.0), values)
}

pub(super) fn postgres<T: Row>(
    s: Statement,
    values: Vec<Value>,
) -> QueryAs<'static, Postgres, T, PgArguments> {
    bind!(sqlx::query_as::<Postgres, T>(s.0), values)
}

pub(super) fn sqlite_plain(
    text: AssertSqlSafe<String>,
    values: Vec<Value>,
) -> Query<'static, Sqlite, SqliteArguments> {
    bind!(sqlx::query::<Sqlite>(text), values)
}

pub(super) fn postgres_plain(
    s: Statement,
    values: Vec<Value>,
) -> Query<'static, Postgres, PgArguments> {
    bind!(sqlx::query::<Postgres>(s.0), values)
}
