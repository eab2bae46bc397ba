//! Reports of study time from open pages.

use super::hold;
use super::lesson::complete_if_done;
use crate::credits::{self, Earned};
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::{Result, event, sql, values};
use domain::credits::Source;
use domain::id::{EventId, LawSlug, LearnerId, LessonId};
use domain::study::{Report, Span, Union, accept};
use domain::time::{DAY, Millis, SECOND};
use serde::{Deserialize, Serialize};

/// What was studied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A lesson.
    Lesson(LessonId),
    /// A law in the reader.
    Law(LawSlug),
}

impl Subject {
    /// The word in the database.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Lesson(id) => format!("lesson:{id}"),
            Self::Law(slug) => format!("law:{slug}"),
        }
    }
}

/// What the server knows after a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Progress {
    /// Seconds studied today, everything together.
    pub today_seconds: i64,
    /// Seconds studied of this subject.
    pub subject_seconds: i64,
    /// Thousandths of the lesson that are covered; 0 for a law.
    pub covered: i64,
    /// Whether the share that the lesson asks for is covered.
    pub enough: bool,
    /// Whether the lesson is complete: covered, and its check answered right.
    pub complete: bool,
    /// Credits that this report earned.
    pub credits: i64,
}

/// Counts a report and posts the credits it earns. The same `id` again gets the same answer.
///
/// # Errors
/// [`crate::Error::NotFound`] for a lesson or law that is not there; [`crate::Error::Forbidden`]
/// for an id that is someone else's.
pub async fn report(
    db: &Db,
    viewer: &Viewer,
    id: EventId,
    subject: Subject,
    report: Report,
    now: Millis,
) -> Result<Progress> {
    let (learner, not_before) = (viewer.learner, viewer.signed_in_at);
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(before) = event::once(tx, id, learner, "study", now).await? {
                return Ok(before);
            }
            let progress = count(tx, learner, &subject, &report, now, not_before).await?;
            event::answered(tx, id, progress).await
        })
    })
    .await
}

/// How long the lesson is and what share must be covered; a law has no length.
async fn length_of(tx: &mut Tx, subject: &Subject) -> Result<(i64, i64, bool)> {
    match subject {
        Subject::Lesson(lesson) => {
            let (length, share, kind): (i64, i64, String) = tx
                .one(
                    sql!("select length_ms, share, kind from lesson where id = $1"),
                    values![lesson],
                )
                .await?;
            Ok((length, share, kind == "video"))
        }
        Subject::Law(slug) => {
            let (_,): (String,) = tx
                .one(sql!("select slug from law where slug = $1"), values![slug])
                .await?;
            Ok((0, 0, false))
        }
    }
}

async fn count(
    tx: &mut Tx,
    learner: LearnerId,
    subject: &Subject,
    report: &Report,
    now: Millis,
    not_before: Millis,
) -> Result<Progress> {
    let (length, share, is_video) = length_of(tx, subject).await?;
    let day = now.day().to_string();
    hold(tx, learner).await?;
    let (spans, total): (String, i64) = tx
        .one(
            sql!(
                "insert into study_day (learner_id, day, spans, total_ms) values ($1, $2, '[]', 0) \
                 on conflict (learner_id, day) do update set total_ms = study_day.total_ms \
                 returning spans, total_ms"
            ),
            values![learner, &day],
        )
        .await?;
    let key = subject.key();
    let (watched, watched_ms, studied_ms): (String, i64, i64) = tx
        .one(
            sql!(
                "insert into study_progress \
                   (learner_id, subject, studied_ms, watched, watched_ms, updated_at) \
                 values ($1, $2, 0, '[]', 0, $3) on conflict (learner_id, subject) \
                 do update set updated_at = excluded.updated_at \
                 returning watched, watched_ms, studied_ms"
            ),
            values![learner, &key, now],
        )
        .await?;
    let mut time: Union = serde_json::from_str(&spans)?;
    let mut media: Union = serde_json::from_str(&watched)?;
    // What reaches back over midnight must not be counted in both days.
    let yesterday: Option<(String,)> = tx
        .optional(
            sql!("select spans from study_day where learner_id = $1 and day = $2"),
            values![learner, now.plus(-DAY).day().to_string()],
        )
        .await?;
    let mut known = time.clone();
    if let Some((spans,)) = yesterday {
        for span in serde_json::from_str::<Union>(&spans)?.spans() {
            known.add(*span);
        }
    }
    let before = known.clone();
    let got = accept(
        &mut known, &mut media, report, length, studied_ms, now, not_before,
    );
    for span in fresh(&before, &known) {
        time.add(span);
    }
    let media_total = if is_video { media.total() } else { 0 };
    tx.run(
        sql!("update study_day set spans = $3, total_ms = $4 where learner_id = $1 and day = $2"),
        values![
            learner,
            &day,
            serde_json::to_string(&time)?,
            total + got.seen
        ],
    )
    .await?;
    tx.run(
        sql!(
            "update study_progress set studied_ms = $3, watched = $4, watched_ms = $5 \
             where learner_id = $1 and subject = $2"
        ),
        values![
            learner,
            &key,
            studied_ms + got.seen,
            serde_json::to_string(&media)?,
            media_total.max(watched_ms)
        ],
    )
    .await?;
    let covered_ms = if is_video {
        media_total
    } else {
        studied_ms + got.seen
    };
    let mut credits = minutes_credits(tx, learner, &day, total, total + got.seen, now).await?;
    let complete = match subject {
        Subject::Lesson(lesson) => {
            let (complete, earned) = complete_if_done(tx, learner, lesson, now).await?;
            credits += earned;
            complete
        }
        Subject::Law(_) => false,
    };
    Ok(Progress {
        today_seconds: (total + got.seen) / SECOND,
        subject_seconds: (studied_ms + got.seen) / SECOND,
        covered: if length > 0 {
            (covered_ms * 1000 / length).min(1000)
        } else {
            0
        },
        enough: domain::study::covers(covered_ms, length, share),
        complete,
        credits,
    })
}

/// The intervals of `after` that are not in `before`.
fn fresh(before: &Union, after: &Union) -> Vec<Span> {
    let mut out = Vec::new();
    for span in after.spans() {
        let mut from = span.from;
        for old in before
            .spans()
            .iter()
            .filter(|o| o.to > span.from && o.from < span.to)
        {
            if old.from > from {
                out.push(Span { from, to: old.from });
            }
            from = from.max(old.to);
        }
        if from < span.to {
            out.push(Span { from, to: span.to });
        }
    }
    out
}

/// Posts the credits of each full step of minutes that the day has reached with this report.
async fn minutes_credits(
    tx: &mut Tx,
    learner: LearnerId,
    day: &str,
    before: i64,
    after: i64,
    now: Millis,
) -> Result<i64> {
    let policy = credits::policy_in(tx).await?;
    let mut granted = 0;
    for step in policy.study_steps(before) + 1..=policy.study_steps(after) {
        let earned = Earned {
            learner,
            source: Source::Study,
            amount: policy.study_step_credits,
            reason: "study-minutes",
            detail: (step * policy.study_step_minutes).to_string(),
            event: format!("study:{day}:{step}"),
        };
        granted += credits::post(tx, earned, now).await?;
    }
    Ok(granted)
}
