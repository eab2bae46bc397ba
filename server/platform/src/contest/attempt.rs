//! Attempts: starting one, and what a page shows of it.

use super::{Contest, contest};
use crate::db::Db;
use crate::identity::Viewer;
use crate::question::questions;
use crate::{Error, Result, id, org, sql, values};
use domain::contest::{Candidate, Item, Phase, Score, deadline, draw};
use domain::id::{AttemptId, ContestId, EventId, QuestionId};
use domain::question::{Answer, Question, QuestionKind};
use domain::time::Millis;

/// An attempt that was started, now or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// The attempt.
    pub attempt: AttemptId,
    /// When it ends.
    pub deadline: Millis,
}

/// Starts an attempt, or gives the one that is still running: a double click, a reload and a
/// second device all come to the same attempt. The client's event id becomes the attempt's.
///
/// # Errors
/// [`Error::NotFound`] for a contest that is not the viewer's; [`Error::NotOpen`] before and after
/// its window; [`Error::NoAttemptLeft`] when all attempts are used.
pub async fn start(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest_id: ContestId,
    now: Millis,
) -> Result<Started> {
    let contest = contest(db, viewer, contest_id, now).await?;
    if contest.phase(now) != Phase::Open {
        return Err(Error::NotOpen);
    }
    let pool = pool(db, &contest).await?;
    let unit = org::unit_of(db, viewer.learner, now).await?;
    let seed = i64::from_le_bytes(id::random()?);
    let paper = draw(pool, contest.rules.questions, seed.cast_unsigned());
    if paper.is_empty() {
        return Err(Error::Fault(anyhow::anyhow!(
            "contest {contest_id} has no questions"
        )));
    }
    let paper = serde_json::to_string(&paper)?;
    let learner = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            // Holding the learner's row lets two starts at once come one after the other.
            tx.run(
                sql!("update learner set name = name where id = $1"),
                values![learner],
            )
            .await?;
            let earlier: Vec<(String, i64, Option<i64>)> = tx
                .all(
                    sql!(
                        "select id, deadline_at, submitted_at from contest_attempt \
                         where contest_id = $1 and learner_id = $2 order by number"
                    ),
                    values![contest_id, learner],
                )
                .await?;
            for (id, ends, submitted) in &earlier {
                if (submitted.is_none() && now < Millis(*ends)) || *id == event.to_string() {
                    let id = id
                        .parse()
                        .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
                    return Ok(Started {
                        attempt: id,
                        deadline: Millis(*ends),
                    });
                }
            }
            let number = i64::try_from(earlier.len()).unwrap_or(i64::MAX) + 1;
            if number > contest.rules.attempts {
                return Err(Error::NoAttemptLeft);
            }
            let ends = deadline(&contest.rules, now, contest.closes_at);
            let new = tx
                .run(
                    sql!(
                        "insert into contest_attempt (id, contest_id, learner_id, unit_id, number, \
                           seed, paper, started_at, deadline_at, submitted_at, answered, points, \
                           time_ms) \
                         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, 0, 0, 0) \
                         on conflict (id) do nothing"
                    ),
                    values![
                        event,
                        contest_id,
                        learner,
                        unit.map(|u| u.0),
                        number,
                        seed,
                        paper,
                        now,
                        ends
                    ],
                )
                .await?;
            if new == 0 {
                return Err(Error::Forbidden); // someone else's id
            }
            Ok(Started {
                attempt: AttemptId(event.0),
                deadline: ends,
            })
        })
    })
    .await
}

/// The questions that the contest draws from.
async fn pool(db: &Db, contest: &Contest) -> Result<Vec<Candidate>> {
    let rows: Vec<(String, String, String, String, Option<String>)> = db
        .all(
            sql!("select id, topic_id, kind, options, family from question"),
            values![],
        )
        .await?;
    let topics = &contest.rules.topics;
    rows.into_iter()
        .filter(|(_, topic, ..)| topics.is_empty() || topics.iter().any(|t| t.0 == *topic))
        .map(|(id, _, kind, options, family)| {
            let options: Vec<String> = serde_json::from_str(&options)?;
            Ok(Candidate {
                id: QuestionId(id),
                kind: QuestionKind::parse(&kind)
                    .ok_or_else(|| anyhow::anyhow!("kind of question {kind}"))?,
                options: u8::try_from(options.len()).unwrap_or(u8::MAX),
                family,
            })
        })
        .collect()
}

/// A question of a paper as its owner sees it.
#[derive(Debug, Clone)]
pub struct AskedQuestion {
    /// The question; its key and explanation are not for the page before the attempt is over.
    pub question: Question,
    /// `order[place]` is the option shown at that place.
    pub order: Vec<u8>,
    /// The saved answer in places as shown, and its revision.
    pub saved: Option<(Answer, i64)>,
    /// Whether the saved answer is right.
    pub right: Option<bool>,
}

/// An attempt as its owner sees it.
#[derive(Debug, Clone)]
pub struct AttemptView {
    /// The attempt.
    pub id: AttemptId,
    /// Which one of the learner's, from 1.
    pub number: i64,
    /// When it began.
    pub started_at: Millis,
    /// When it ends.
    pub deadline: Millis,
    /// When it was handed in, if it was.
    pub submitted_at: Option<Millis>,
    /// The paper.
    pub questions: Vec<AskedQuestion>,
    /// Questions with a saved answer.
    pub answered: i64,
    /// What the saved answers are worth.
    pub score: Score,
    /// Questions with an answer that came too late: kept, not counted.
    pub late: i64,
}

impl AttemptView {
    /// Whether nothing can be answered any more.
    #[must_use]
    pub fn is_over(&self, now: Millis) -> bool {
        self.submitted_at.is_some() || now >= self.deadline
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct AttemptRow {
    pub id: String,
    pub number: i64,
    pub paper: String,
    pub started_at: i64,
    pub deadline_at: i64,
    pub submitted_at: Option<i64>,
    pub answered: i64,
    pub points: i64,
    pub time_ms: i64,
}

/// The viewer's attempts in a contest, without their papers, the first one first: id, whether it
/// is over, answered, score.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn attempts(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    now: Millis,
) -> Result<Vec<(AttemptId, bool, i64, Score)>> {
    let rows: Vec<AttemptRow> = db
        .all(
            sql!(
                "select id, number, '' as paper, started_at, deadline_at, submitted_at, answered, \
                   points, time_ms from contest_attempt \
                 where contest_id = $1 and learner_id = $2 order by number"
            ),
            values![contest, viewer.learner],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let id = row
                .id
                .parse()
                .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
            let over = row.submitted_at.is_some() || now >= Millis(row.deadline_at);
            let score = Score {
                right: 0,
                points: row.points,
                time: row.time_ms,
            };
            Ok((id, over, row.answered, score))
        })
        .collect()
}

/// One attempt of the viewer with its paper and saved answers.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is someone else's.
pub async fn attempt(db: &Db, viewer: &Viewer, id: AttemptId) -> Result<AttemptView> {
    let row: AttemptRow = db
        .one(
            sql!(
                "select id, number, paper, started_at, deadline_at, submitted_at, answered, \
                   points, time_ms from contest_attempt where id = $1 and learner_id = $2"
            ),
            values![id, viewer.learner],
        )
        .await?;
    let answers: Vec<(String, i64, String, bool)> = db
        .all(
            sql!(
                "select question_id, revision, answer, is_right from contest_answer \
                 where attempt_id = $1"
            ),
            values![id],
        )
        .await?;
    let paper: Vec<Item> = serde_json::from_str(&row.paper)?;
    let ids: Vec<QuestionId> = paper.iter().map(|i| i.question.clone()).collect();
    let mut asked = Vec::with_capacity(paper.len());
    for (item, question) in paper.into_iter().zip(questions(db, &ids).await?) {
        let given = answers.iter().find(|(q, ..)| *q == item.question.0);
        let (saved, right) = match given {
            Some((_, revision, answer, right)) => {
                let answer: Answer = serde_json::from_str(answer)?;
                (
                    Some((to_places(answer, &item.order), *revision)),
                    Some(*right),
                )
            }
            None => (None, None),
        };
        asked.push(AskedQuestion {
            question,
            order: item.order,
            saved,
            right,
        });
    }
    let right = asked.iter().filter(|a| a.right == Some(true)).count() as i64;
    let (late,): (i64,) = db
        .one(
            sql!("select count(*) from contest_late_answer where attempt_id = $1"),
            values![id],
        )
        .await?;
    Ok(AttemptView {
        id,
        number: row.number,
        started_at: Millis(row.started_at),
        deadline: Millis(row.deadline_at),
        submitted_at: row.submitted_at.map(Millis),
        answered: row.answered,
        score: Score {
            right,
            points: row.points,
            time: row.time_ms,
        },
        questions: asked,
        late,
    })
}

/// Options turned back into the places where they are shown.
fn to_places(answer: Answer, order: &[u8]) -> Answer {
    match answer {
        Answer::Choices(options) => {
            let place = |option: &u8| order.iter().position(|o| o == option);
            let places = options.iter().filter_map(place);
            Answer::Choices(places.filter_map(|p| u8::try_from(p).ok()).collect())
        }
        words @ Answer::Words(_) => words,
    }
}
