//! The first page: what to do next.

use crate::contest::{self, Contest};
use crate::credits::{self, Total};
use crate::db::Db;
use crate::identity::Viewer;
use crate::study::{self, ReadingPlace};
use crate::{Result, sql, values};
use domain::contest::Phase;
use domain::contest::counting::Purpose;
use domain::time::Millis;

/// What a learner sees first.
#[derive(Debug, Clone)]
pub struct Home {
    /// Credits of the year.
    pub credits: Total,
    /// Where reading stopped.
    pub reading: Option<ReadingPlace>,
    /// The lesson that was begun last and is not complete: id and title; else the first one that
    /// is not complete.
    pub lesson: Option<(String, String)>,
    /// Questions of today that are answered, of how many.
    pub practice: (i64, i64),
    /// The open contest that closes soonest, of those that the viewer has an attempt left in.
    pub contest: Option<Contest>,
}

/// Gathers the first page.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn home(db: &Db, viewer: &Viewer, now: Millis) -> Result<Home> {
    let learner = viewer.learner;
    let lesson = db
        .optional(
            sql!(
                "select l.id, l.title from lesson l join topic t on t.id = l.topic_id \
                 left join study_progress p on p.learner_id = $1 \
                   and p.subject = 'lesson:' || l.id \
                 left join lesson_completion c on c.learner_id = $1 and c.lesson_id = l.id \
                 where c.lesson_id is null \
                 order by coalesce(p.updated_at, 0) desc, t.position, l.position limit 1"
            ),
            values![learner],
        )
        .await?;
    let (answered,): (i64,) = db
        .one(
            sql!("select count(*) from practice_answer where learner_id = $1 and day = $2"),
            values![learner, now.day().to_string()],
        )
        .await?;
    let per_day = i64::try_from(domain::practice::PER_DAY).unwrap_or(i64::MAX);
    let contests = contest::contests(db, viewer, now).await?;
    let begun: Vec<(String, i64, i64)> = db
        .all(
            sql!(
                "select contest_id, count(*), \
                   sum(case when submitted_at is null and deadline_at > $2 then 1 else 0 end) \
                 from contest_attempt where learner_id = $1 and purpose = 'rank' \
                 group by contest_id"
            ),
            values![learner, now],
        )
        .await?;
    // One whose attempts are used up is nothing to do next, unless the last of them still runs.
    let is_left = |contest: &Contest| {
        let id = contest.id.to_string();
        let of = begun.iter().find(|(begun, ..)| *begun == id);
        of.is_none_or(|(_, used, running)| {
            *running > 0 || *used < contest.rules.allowed(Purpose::Rank)
        })
    };
    Ok(Home {
        credits: credits::total(db, learner, now).await?,
        reading: study::last_place(db, learner).await?,
        lesson,
        practice: (answered, per_day),
        contest: contests
            .into_iter()
            .find(|c| c.phase(now) == Phase::Open && c.barred.is_none() && is_left(c)),
    })
}
