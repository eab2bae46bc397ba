//! Lessons and their check questions.

use super::hold;
use super::report::Subject;
use crate::credits::{self, Earned};
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::question;
use crate::{Error, Result, event, sql, values};
use domain::credits::Source;
use domain::id::{EventId, LearnerId, LessonId, QuestionId, TopicId};
use domain::question::{Answer, Citation, Question};
use domain::study::covers;
use domain::time::Millis;
use serde::{Deserialize, Serialize};

/// What a lesson is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LessonKind {
    /// Words.
    Text,
    /// A video with its words under it.
    Video,
    /// A case in words.
    Case,
}

impl LessonKind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Video => "video",
            Self::Case => "case",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        [Self::Text, Self::Video, Self::Case]
            .into_iter()
            .find(|k| k.as_str() == word)
            .ok_or_else(|| Error::Fault(anyhow::anyhow!("kind of lesson {word}")))
    }
}

/// A lesson as it is stored and shown.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// Its id.
    pub id: LessonId,
    /// The topic it belongs to.
    pub topic: TopicId,
    /// What it is made of.
    pub kind: LessonKind,
    /// Title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// The words, as HTML made when the lesson was put in.
    pub html: String,
    /// Milliseconds of the video, or of reading at a quick pace.
    pub length_ms: i64,
    /// Thousandths that must be covered.
    pub share: i64,
    /// The name of the video's files.
    pub video: Option<String>,
    /// Place in the topic.
    pub position: i64,
    /// Articles it rests on.
    pub citations: Vec<Citation>,
    /// Check questions.
    pub check: Vec<QuestionId>,
}

/// Puts a topic in or renames it.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn put_topic(
    tx: &mut Tx,
    id: &TopicId,
    name: &str,
    summary: &str,
    position: i64,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into topic (id, name, summary, position) values ($1, $2, $3, $4) \
             on conflict (id) do update set name = excluded.name, summary = excluded.summary, \
             position = excluded.position"
        ),
        values![id, name, summary, position],
    )
    .await?;
    Ok(())
}

/// Puts a lesson in, or replaces the one of the same id.
///
/// # Errors
/// [`Error::Fault`] when a topic, law or check question is missing or the database fails.
pub async fn put_lesson(tx: &mut Tx, lesson: &Lesson) -> Result<()> {
    tx.run(
        sql!(
            "insert into lesson (id, topic_id, kind, title, summary, html, length_ms, share, \
               video, position) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             on conflict (id) do update set topic_id = excluded.topic_id, kind = excluded.kind, \
               title = excluded.title, summary = excluded.summary, html = excluded.html, \
               length_ms = excluded.length_ms, share = excluded.share, video = excluded.video, \
               position = excluded.position"
        ),
        values![
            &lesson.id,
            &lesson.topic,
            lesson.kind.as_str(),
            &lesson.title,
            &lesson.summary,
            &lesson.html,
            lesson.length_ms,
            lesson.share,
            lesson.video.clone(),
            lesson.position
        ],
    )
    .await?;
    tx.run(
        sql!("delete from lesson_citation where lesson_id = $1"),
        values![&lesson.id],
    )
    .await?;
    for citation in &lesson.citations {
        tx.run(
            sql!(
                "insert into lesson_citation (lesson_id, law_slug, base, sub) \
                 values ($1, $2, $3, $4)"
            ),
            values![
                &lesson.id,
                &citation.law,
                i64::from(citation.article.base()),
                i64::from(citation.article.sub())
            ],
        )
        .await?;
    }
    tx.run(
        sql!("delete from lesson_check where lesson_id = $1"),
        values![&lesson.id],
    )
    .await?;
    for (position, id) in (0_i64..).zip(&lesson.check) {
        tx.run(
            sql!("insert into lesson_check (lesson_id, question_id, position) values ($1, $2, $3)"),
            values![&lesson.id, id, position],
        )
        .await?;
    }
    Ok(())
}

/// A row of a list of lessons.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LessonRow {
    /// The topic.
    pub topic_id: String,
    /// Its name.
    pub topic: String,
    /// Its sentence.
    pub topic_summary: String,
    /// The lesson.
    pub id: String,
    /// The word of [`LessonKind::as_str`].
    pub kind: String,
    /// Title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Length in milliseconds.
    pub length_ms: i64,
    /// Milliseconds covered so far.
    pub covered_ms: i64,
    /// Whether it is complete.
    pub complete: bool,
}

/// A topic with its lessons.
#[derive(Debug, Clone)]
pub struct TopicLessons {
    /// The topic's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its sentence.
    pub summary: String,
    /// The lessons, in their order.
    pub lessons: Vec<LessonRow>,
}

/// All lessons by topic, with how far a learner is.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn lessons(db: &Db, learner: LearnerId) -> Result<Vec<TopicLessons>> {
    let rows: Vec<LessonRow> = db
        .all(
            sql!(
                "select t.id as topic_id, t.name as topic, t.summary as topic_summary, l.id, \
                   l.kind, l.title, l.summary, l.length_ms, \
                   coalesce(case when l.kind = 'video' then p.watched_ms else p.studied_ms end, 0) \
                     as covered_ms, \
                   (c.completed_at is not null) as complete \
                 from lesson l join topic t on t.id = l.topic_id \
                 left join study_progress p on p.learner_id = $1 \
                   and p.subject = 'lesson:' || l.id \
                 left join lesson_completion c on c.learner_id = $1 and c.lesson_id = l.id \
                 order by t.position, t.id, l.position, l.id"
            ),
            values![learner],
        )
        .await?;
    let mut topics: Vec<TopicLessons> = Vec::new();
    for row in rows {
        if topics.last().is_none_or(|t| t.id != row.topic_id) {
            topics.push(TopicLessons {
                id: row.topic_id.clone(),
                name: row.topic.clone(),
                summary: row.topic_summary.clone(),
                lessons: Vec::new(),
            });
        }
        if let Some(topic) = topics.last_mut() {
            topic.lessons.push(row);
        }
    }
    Ok(topics)
}

/// A check question and whether the learner has answered it right.
#[derive(Debug, Clone)]
pub struct Check {
    /// The question.
    pub question: Question,
    /// What the last answer was worth, if there is one.
    pub right: Option<bool>,
}

#[derive(sqlx::FromRow)]
struct StoredLesson {
    topic_id: String,
    kind: String,
    title: String,
    summary: String,
    html: String,
    length_ms: i64,
    share: i64,
    video: Option<String>,
    position: i64,
}

/// A lesson with its check questions, as far as the learner is: the lesson, the questions, the
/// milliseconds covered, whether it is complete.
///
/// # Errors
/// [`Error::NotFound`] when there is none of that id.
pub async fn lesson(
    db: &Db,
    learner: LearnerId,
    id: &LessonId,
) -> Result<(Lesson, Vec<Check>, i64, bool)> {
    let row: StoredLesson = db
        .one(
            sql!(
                "select topic_id, kind, title, summary, html, length_ms, share, video, position \
                 from lesson where id = $1"
            ),
            values![id],
        )
        .await?;
    let citations: Vec<(String, i64, i64)> = db
        .all(
            sql!(
                "select law_slug, base, sub from lesson_citation where lesson_id = $1 \
                 order by law_slug, base, sub"
            ),
            values![id],
        )
        .await?;
    let checks: Vec<(String, Option<bool>)> = db
        .all(
            sql!(
                "select k.question_id, a.is_right from lesson_check k \
                 left join lesson_check_answer a on a.lesson_id = k.lesson_id \
                   and a.question_id = k.question_id and a.learner_id = $2 \
                 where k.lesson_id = $1 order by k.position"
            ),
            values![id, learner],
        )
        .await?;
    let progress: Option<(i64, i64)> = db
        .optional(
            sql!(
                "select studied_ms, watched_ms from study_progress \
                 where learner_id = $1 and subject = $2"
            ),
            values![learner, Subject::Lesson(id.clone()).key()],
        )
        .await?;
    let complete: Option<(i64,)> = db
        .optional(
            sql!(
                "select completed_at from lesson_completion \
                 where learner_id = $1 and lesson_id = $2"
            ),
            values![learner, id],
        )
        .await?;
    let mut check = Vec::new();
    for (question, right) in checks {
        let question = question::question(db, &QuestionId(question)).await?;
        check.push(Check { question, right });
    }
    let kind = LessonKind::parse(&row.kind)?;
    let (studied, watched) = progress.unwrap_or_default();
    let lesson = Lesson {
        id: id.clone(),
        topic: TopicId(row.topic_id),
        kind,
        title: row.title,
        summary: row.summary,
        html: row.html,
        length_ms: row.length_ms,
        share: row.share,
        video: row.video,
        position: row.position,
        citations: citations
            .into_iter()
            .map(question::citation)
            .collect::<Result<_>>()?,
        check: check.iter().map(|c| c.question.id.clone()).collect(),
    };
    let covered = if kind == LessonKind::Video {
        watched
    } else {
        studied
    };
    Ok((lesson, check, covered, complete.is_some()))
}

/// What a check answer led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOutcome {
    /// Whether the answer is right.
    pub right: bool,
    /// Whether the lesson is complete now.
    pub complete: bool,
    /// Credits earned by completing it.
    pub credits: i64,
}

/// Answers a check question of a lesson; a wrong answer may be tried again.
///
/// # Errors
/// [`Error::NotFound`] when the lesson has no such check; [`Error::Invalid`] with `answer` for an
/// answer that does not fit.
pub async fn answer_check(
    db: &Db,
    viewer: &Viewer,
    event_id: EventId,
    lesson: LessonId,
    question: QuestionId,
    answer: Answer,
    now: Millis,
) -> Result<CheckOutcome> {
    let learner = viewer.learner;
    let asked = question::question(db, &question).await?;
    if !answer.fits(asked.kind, asked.options.len()) {
        return Err(Error::Invalid("answer"));
    }
    let right = asked.key.grade(&answer);
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(before) = event::once(tx, event_id, learner, "lesson-check", now).await? {
                return Ok(before);
            }
            hold(tx, learner).await?;
            let (_,): (i64,) = tx
                .one(
                    sql!(
                        "select position from lesson_check \
                         where lesson_id = $1 and question_id = $2"
                    ),
                    values![&lesson, &question],
                )
                .await?;
            // A right answer stays right: trying once more can not take it back.
            tx.run(
                sql!(
                    "insert into lesson_check_answer \
                       (lesson_id, question_id, learner_id, is_right, answered_at) \
                     values ($1, $2, $3, $4, $5) \
                     on conflict (learner_id, lesson_id, question_id) do update set \
                       is_right = excluded.is_right, answered_at = excluded.answered_at \
                     where not lesson_check_answer.is_right"
                ),
                values![&lesson, &question, learner, right, now],
            )
            .await?;
            let (complete, credits) = complete_if_done(tx, learner, &lesson, now).await?;
            event::answered(
                tx,
                event_id,
                CheckOutcome {
                    right,
                    complete,
                    credits,
                },
            )
            .await
        })
    })
    .await
}

/// Completes a lesson when enough of it is covered and every check is right: whether it is
/// complete, and the credits that completing it earned just now.
pub(super) async fn complete_if_done(
    tx: &mut Tx,
    learner: LearnerId,
    lesson: &LessonId,
    now: Millis,
) -> Result<(bool, i64)> {
    let (title, kind, length, share): (String, String, i64, i64) = tx
        .one(
            sql!("select title, kind, length_ms, share from lesson where id = $1"),
            values![lesson],
        )
        .await?;
    let progress: Option<(i64, i64)> = tx
        .optional(
            sql!(
                "select studied_ms, watched_ms from study_progress \
                 where learner_id = $1 and subject = $2"
            ),
            values![learner, Subject::Lesson(lesson.clone()).key()],
        )
        .await?;
    let (studied, watched) = progress.unwrap_or_default();
    let covered = if kind == "video" { watched } else { studied };
    let (open,): (i64,) = tx
        .one(
            sql!(
                "select count(*) from lesson_check k \
                 left join lesson_check_answer a on a.lesson_id = k.lesson_id \
                   and a.question_id = k.question_id and a.learner_id = $2 \
                 where k.lesson_id = $1 and (a.is_right is null or not a.is_right)"
            ),
            values![lesson, learner],
        )
        .await?;
    if !covers(covered, length, share) || open > 0 {
        return Ok((false, 0));
    }
    tx.run(
        sql!(
            "insert into lesson_completion (learner_id, lesson_id, completed_at) \
             values ($1, $2, $3) on conflict (learner_id, lesson_id) do nothing"
        ),
        values![learner, lesson, now],
    )
    .await?;
    let amount = credits::policy_in(tx).await?.lesson_credits;
    let earned = Earned {
        learner,
        source: Source::Study,
        amount,
        reason: "lesson",
        detail: title,
        event: format!("lesson:{lesson}"),
    };
    Ok((true, credits::post(tx, earned, now).await?))
}
