//! Study: lessons, study time, the place where a law was left.
//!
//! The rule guarded here: only seconds that the rules of [`domain::study`] accept are counted,
//! once, whatever the page sends. Start at [`report`].

mod lesson;
mod report;

pub use lesson::{
    Check, CheckOutcome, Lesson, LessonKind, TopicLessons, answer_check, lesson, lessons,
    put_lesson, put_topic,
};
pub use report::{Progress, Subject, report};

use crate::db::{Db, Tx};
use crate::{Error, Result, sql, values};
use domain::id::{LawSlug, LearnerId};
use domain::time::Millis;

/// Holds the learner's row, so that what one person does in the same instant comes one after the
/// other: the last report and the last check of a lesson must see each other.
async fn hold(tx: &mut Tx, learner: LearnerId) -> Result<()> {
    tx.run(
        sql!("update learner set name = name where id = $1"),
        values![learner],
    )
    .await?;
    Ok(())
}

/// Where a learner left a law.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ReadingPlace {
    /// The law.
    pub law_slug: String,
    /// Its title.
    pub title: String,
    /// The date of the version that was read.
    pub version_date: String,
    /// The address of the article or section in the law.
    pub address: String,
}

/// Remembers where a learner is in a law.
///
/// # Errors
/// [`Error::NotFound`] for a law or version that is not there.
pub async fn remember_place(
    db: &Db,
    learner: LearnerId,
    law: LawSlug,
    version: String,
    address: String,
    read_at: Millis,
) -> Result<()> {
    if address.len() > 40 {
        return Err(Error::NotFound);
    }
    db.write(move |tx| {
        Box::pin(async move {
            let known: Option<(String,)> = tx
                .optional(
                    sql!("select id from law_version where law_slug = $1 and version_date = $2"),
                    values![&law, &version],
                )
                .await?;
            known.ok_or(Error::NotFound)?;
            tx.run(
                sql!(
                    "insert into reading_place (learner_id, law_slug, version_date, address, read_at) \
                     values ($1, $2, $3, $4, $5) on conflict (learner_id, law_slug) do update set \
                     version_date = excluded.version_date, address = excluded.address, \
                     read_at = excluded.read_at where reading_place.read_at <= excluded.read_at"
                ),
                values![learner, law, version, address, read_at],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// Where a learner left one law.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn place_in(db: &Db, learner: LearnerId, law: &LawSlug) -> Result<Option<ReadingPlace>> {
    db.optional(
        sql!(
            "select p.law_slug, l.title, p.version_date, p.address from reading_place p \
             join law l on l.slug = p.law_slug where p.learner_id = $1 and p.law_slug = $2"
        ),
        values![learner, law],
    )
    .await
}

/// Milliseconds of a subject that a learner has studied.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn studied_ms(db: &Db, learner: LearnerId, subject: &Subject) -> Result<i64> {
    let row: Option<(i64,)> = db
        .optional(
            sql!("select studied_ms from study_progress where learner_id = $1 and subject = $2"),
            values![learner, subject.key()],
        )
        .await?;
    Ok(row.map_or(0, |(ms,)| ms))
}

/// Where a learner read last.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn last_place(db: &Db, learner: LearnerId) -> Result<Option<ReadingPlace>> {
    db.optional(
        sql!(
            "select p.law_slug, l.title, p.version_date, p.address from reading_place p \
             join law l on l.slug = p.law_slug where p.learner_id = $1 \
             order by p.read_at desc limit 1"
        ),
        values![learner],
    )
    .await
}
