//! Starter content and demo accounts: what `zhijian demo` puts into an empty database.
//!
//! The rule guarded here: nothing is put into a database that holds anything, and what is put in
//! passes [`crate::check`].

mod content;
mod game;
mod people;

pub use content::{StarterFile, files, parse};
pub use people::{DEMO_ACCOUNTS, DEMO_PASSWORD, DemoAccount};

use crate::db::Db;
use crate::identity::Hasher;
use crate::{Error, Result, law, org, sql, values};
use domain::time::Millis;
use serde::Serialize;

/// What was put in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DemoReport {
    /// Laws.
    pub laws: usize,
    /// Articles in them.
    pub articles: usize,
    /// Lessons.
    pub lessons: usize,
    /// Questions.
    pub questions: usize,
    /// Contests.
    pub contests: usize,
    /// Accounts.
    pub accounts: usize,
}

/// Whether nothing has been put into the database yet.
///
/// # Errors
/// [`Error::Fault`] when the database can not be read.
pub async fn is_empty(db: &Db) -> Result<bool> {
    let (rows,): (i64,) = db
        .one(
            sql!(
                "select (select count(*) from learner) + (select count(*) from law) \
                   + (select count(*) from question) + (select count(*) from unit)"
            ),
            values![],
        )
        .await?;
    Ok(rows == 0)
}

/// Whether the demo accounts are in the database.
///
/// # Errors
/// [`Error::Fault`] when the database can not be read.
pub async fn has_accounts(db: &Db) -> Result<bool> {
    let (found,): (i64,) = db
        .one(
            sql!("select count(*) from learner where phone = $1"),
            values![DEMO_ACCOUNTS[0].phone],
        )
        .await?;
    Ok(found > 0)
}

/// Fills an empty database. `step` is told what begins.
///
/// # Errors
/// [`Error::Invalid`] with `not-empty` for a database that holds anything; [`Error::Fault`] when
/// the content has a defect.
pub async fn demo(
    db: &Db,
    hasher: &Hasher,
    now: Millis,
    mut step: impl FnMut(&str),
) -> Result<DemoReport> {
    if !is_empty(db).await? {
        return Err(Error::Invalid("not-empty"));
    }
    step("行政区划与组织");
    let rows = org::parse_divisions(content::divisions()?)
        .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
    org::import_divisions(db, rows).await?;
    step("法律");
    let laws = law::import::import(db, content::laws(), now, |_, _| {}).await?;
    step("课件与题库");
    let (lessons, questions) = content::put(db, content::files()?).await?;
    step("竞赛与账号");
    let contests = content::put_contests(db, now).await?;
    let accounts = people::put(db, hasher, now).await?;
    game::put(db, now).await?;
    Ok(DemoReport {
        laws: laws.laws,
        articles: laws.articles,
        lessons,
        questions,
        contests,
        accounts,
    })
}
