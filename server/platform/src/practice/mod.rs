//! Practice: five questions a day, each at once right or wrong.
//!
//! The rule guarded here: a question of a day is answered once, and only its owner's day holds
//! it. Start at [`answer`].

use crate::credits::{self, Earned};
use crate::db::Db;
use crate::identity::Viewer;
use crate::question::{question, questions};
use crate::{Error, Result, event, sql, values};
use domain::credits::Source;
use domain::id::{EventId, LearnerId, QuestionId};
use domain::practice::{Candidate, daily};
use domain::question::{Answer, Question};
use domain::seed::seed_of;
use domain::time::Millis;
use serde::{Deserialize, Serialize};

/// A question of the day and what was answered.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// The answer and whether it is right, once it is given.
    pub answer: Option<(Answer, bool)>,
}

/// The questions of `now`'s day, drawn when they are first asked for.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn today(db: &Db, learner: LearnerId, now: Millis) -> Result<Vec<Asked>> {
    let day = now.day().to_string();
    let stored: Option<(String,)> = db
        .optional(
            sql!("select questions from practice_day where learner_id = $1 and day = $2"),
            values![learner, &day],
        )
        .await?;
    let ids: Vec<QuestionId> = match stored {
        Some((ids,)) => serde_json::from_str(&ids)?,
        None => draw(db, learner, day.clone()).await?,
    };
    let answers: Vec<(String, String, bool)> = db
        .all(
            sql!(
                "select question_id, answer, is_right from practice_answer \
                 where learner_id = $1 and day = $2"
            ),
            values![learner, &day],
        )
        .await?;
    let mut asked = Vec::with_capacity(ids.len());
    for question in questions(db, &ids).await? {
        let given = answers.iter().find(|(id, _, _)| *id == question.id.0);
        let answer = match given {
            Some((_, answer, right)) => Some((serde_json::from_str(answer)?, *right)),
            None => None,
        };
        asked.push(Asked { question, answer });
    }
    Ok(asked)
}

/// Draws the day's questions and keeps them; of two draws at once the first stays.
async fn draw(db: &Db, learner: LearnerId, day: String) -> Result<Vec<QuestionId>> {
    let bank: Vec<(String, Option<String>, i64)> = db
        .all(
            sql!(
                "select q.id, q.family, count(a.question_id) from question q \
                 left join practice_answer a on a.question_id = q.id and a.learner_id = $1 \
                 group by q.id, q.family"
            ),
            values![learner],
        )
        .await?;
    let pool = bank
        .into_iter()
        .map(|(id, family, seen)| Candidate {
            id: QuestionId(id),
            seen,
            family,
        })
        .collect();
    let drawn = daily(pool, seed_of(&["practice", &learner.to_string(), &day]));
    let text = serde_json::to_string(&drawn)?;
    let (kept,): (String,) = db
        .write(move |tx| {
            Box::pin(async move {
                tx.one(
                    sql!(
                        "insert into practice_day (learner_id, day, questions) \
                         values ($1, $2, $3) on conflict (learner_id, day) \
                         do update set questions = practice_day.questions returning questions"
                    ),
                    values![learner, day, text],
                )
                .await
            })
        })
        .await?;
    Ok(serde_json::from_str(&kept)?)
}

/// What an answer led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether the answer that counts is right: the first one given that day.
    pub right: bool,
    /// Credits it earned.
    pub credits: i64,
}

/// Answers a question of today. A second answer changes nothing and gets the first one's outcome.
///
/// # Errors
/// [`Error::NotFound`] when the question is not among today's; [`Error::Invalid`] with `answer`
/// for an answer that does not fit.
pub async fn answer(
    db: &Db,
    viewer: &Viewer,
    event_id: EventId,
    id: QuestionId,
    given: Answer,
    now: Millis,
) -> Result<Outcome> {
    let learner = viewer.learner;
    let asked = question(db, &id).await?;
    if !given.fits(asked.kind, asked.options.len()) {
        return Err(Error::Invalid("answer"));
    }
    let right = asked.key.grade(&given);
    let given = serde_json::to_string(&given)?;
    let detail = asked
        .citations
        .first()
        .map_or(String::new(), |c| format!("{}#{}", c.law, c.article));
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(before) = event::once(tx, event_id, learner, "practice", now).await? {
                return Ok(before);
            }
            let day = now.day().to_string();
            let drawn: Option<(String,)> = tx
                .optional(
                    sql!("select questions from practice_day where learner_id = $1 and day = $2"),
                    values![learner, &day],
                )
                .await?;
            let (drawn,) = drawn.ok_or(Error::NotFound)?;
            let drawn: Vec<QuestionId> = serde_json::from_str(&drawn)?;
            if !drawn.contains(&id) {
                return Err(Error::NotFound);
            }
            tx.run(
                sql!(
                    "insert into practice_answer \
                       (learner_id, day, question_id, answer, is_right, answered_at) \
                     values ($1, $2, $3, $4, $5, $6) \
                     on conflict (learner_id, day, question_id) do nothing"
                ),
                values![learner, &day, &id, given, right, now],
            )
            .await?;
            let (right,): (bool,) = tx
                .one(
                    sql!(
                        "select is_right from practice_answer \
                         where learner_id = $1 and day = $2 and question_id = $3"
                    ),
                    values![learner, &day, &id],
                )
                .await?;
            let mut credits = 0;
            if right {
                let amount = credits::policy_in(tx).await?.practice_right_credits;
                let earned = Earned {
                    learner,
                    source: Source::Practice,
                    amount,
                    reason: "practice",
                    detail,
                    event: format!("practice:{day}:{id}"),
                };
                credits = credits::post(tx, earned, now).await?;
            }
            event::answered(tx, event_id, Outcome { right, credits }).await
        })
    })
    .await
}
