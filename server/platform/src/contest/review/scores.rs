//! What attempts are worth under rulings, by their saved answers.
//!
//! Answers of a closed contest never change, so this may be asked again at any time, also in the
//! middle of a correction, and answers the same.

use super::super::Contest;
use super::super::bank::bank;
use super::stored;
use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::contest::Item;
use domain::contest::Score;
use domain::contest::rescore::{Asked, Ruled, rescore};
use domain::id::{AttemptId, LearnerId, QuestionId};
use domain::question::{Answer, Key};
use domain::time::Millis;
use std::collections::HashMap;

/// Attempts that are read at once.
const PAGE: i64 = 500;

/// What an attempt is worth.
pub(super) struct Worth<const N: usize> {
    /// The attempt.
    pub attempt: AttemptId,
    /// Whose.
    pub learner: LearnerId,
    /// Points and time as they are stored.
    pub stored: (i64, i64),
    /// Whether every saved answer is marked as its key grades it.
    pub marked: bool,
    /// The score under each of the lists of rulings.
    pub scores: [Score; N],
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    learner_id: String,
    paper: String,
    started_at: i64,
    points: i64,
    time_ms: i64,
}

/// What the attempts of a contest are worth under each of `rulings`: those in whose paper
/// `question` is, or all of them.
pub(super) async fn scores<const N: usize>(
    db: &Db,
    contest: &Contest,
    question: Option<&QuestionId>,
    rulings: [&[Ruled]; N],
) -> Result<Vec<Worth<N>>> {
    let mut all = Vec::new();
    let mut after = String::new();
    // A paper is JSON: what is looked for stands in it as it would be written.
    let pattern = match question {
        None => "%".to_owned(),
        Some(id) => {
            let written = serde_json::to_string(id)?;
            let written = written.replace('!', "!!").replace('%', "!%");
            format!("%{}%", written.replace('_', "!_"))
        }
    };
    loop {
        let rows: Vec<Row> = db
            .all(
                sql!(
                    "select id, learner_id, paper, started_at, points, time_ms \
                     from contest_attempt where contest_id = $1 and id > $2 \
                       and paper like $3 escape '!' order by id limit $4"
                ),
                values![contest.id, &after, &pattern, PAGE],
            )
            .await?;
        let Some(last) = rows.last() else { break };
        let saved: Vec<(String, String, String, bool, i64)> = db
            .all(
                sql!(
                    "select w.attempt_id, w.question_id, w.answer, w.is_right, w.received_at \
                     from contest_attempt a join contest_answer w on w.attempt_id = a.id \
                     where a.contest_id = $1 and a.id > $2 and a.id <= $3 \
                       and a.paper like $4 escape '!'"
                ),
                values![contest.id, &after, &last.id, &pattern],
            )
            .await?;
        after = last.id.clone();
        let bank = bank(db, contest.id).await?;
        let key = |id: &QuestionId| -> Result<&Key> {
            let question = bank.question(id);
            question
                .map(|question| &question.key)
                .ok_or(Error::NotFound)
        };
        let mut by_attempt: HashMap<String, HashMap<String, (Answer, Millis, bool)>> =
            HashMap::new();
        for (attempt, question, answer, is_right, received) in saved {
            let answer = (serde_json::from_str(&answer)?, Millis(received), is_right);
            by_attempt
                .entry(attempt)
                .or_default()
                .insert(question, answer);
        }
        for row in rows {
            let paper: Vec<Item> = serde_json::from_str(&row.paper)?;
            let answers = by_attempt.remove(&row.id).unwrap_or_default();
            let (mut asked, mut marked) = (Vec::with_capacity(paper.len()), true);
            for item in &paper {
                let (key, saved) = (key(&item.question)?, answers.get(&item.question.0));
                marked &= saved.is_none_or(|(answer, _, right)| key.grade(answer) == *right);
                asked.push(Asked {
                    question: &item.question,
                    key,
                    saved: saved.map(|(answer, at, _)| (answer, *at)),
                });
            }
            let started = Millis(row.started_at);
            all.push(Worth {
                attempt: stored(&row.id)?,
                learner: stored(&row.learner_id)?,
                stored: (row.points, row.time_ms),
                marked,
                scores: rulings.map(|rulings| rescore(&contest.rules, started, &asked, rulings)),
            });
        }
    }
    Ok(all)
}
