//! Rulings: what was decided, and which are in force.

use super::super::Contest;
use super::question::key_of;
use super::stored;
use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::contest::rescore::{Ruled, Ruling};
use domain::id::{ContestId, LearnerId, QuestionId};
use domain::question::{Key, MAX_WORDS, Question, QuestionKind, plain};
use domain::time::Millis;
use serde::{Deserialize, Serialize};

/// What an editor asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// A ruling about a question.
    Rule(Ruled),
    /// The ruling of this correction no longer holds.
    TakeBack(i64),
}

/// A ruling, or one taken back, as it is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The contest's correction, from 1.
    pub number: i64,
    /// About which question.
    pub question: QuestionId,
    /// The ruling; `None` where one is taken back.
    pub ruling: Option<Ruling>,
    /// The number of the one that is taken back.
    pub takes_back: Option<i64>,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: LearnerId,
    /// When.
    pub at: Millis,
    /// Whether the results were final already.
    pub after_final: bool,
    /// Learners whose points moved.
    pub points_moved: i64,
    /// Learners whose rank moved.
    pub ranks_moved: i64,
    /// Learners whose bonus credits moved.
    pub credits_moved: i64,
    /// Bonus credits that were added.
    pub credits_added: i64,
    /// Bonus credits that were taken.
    pub credits_taken: i64,
    /// When everyone was re-scored; `None` while it is on its way.
    pub done_at: Option<Millis>,
    /// Up to which learner that has come.
    pub(super) done_until: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    question_id: String,
    ruling: Option<String>,
    takes_back: Option<i64>,
    reason: String,
    decided_by: String,
    decided_at: i64,
    after_final: bool,
    points_moved: i64,
    ranks_moved: i64,
    credits_moved: i64,
    credits_added: i64,
    credits_taken: i64,
    done_until: String,
    done_at: Option<i64>,
}

/// Everything that was decided about a contest's questions, the first one first.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn decided(db: &Db, contest: ContestId) -> Result<Vec<Decided>> {
    let rows: Vec<Row> = db
        .all(
            sql!(
                "select number, question_id, ruling, takes_back, reason, decided_by, decided_at, \
                   after_final, points_moved, ranks_moved, credits_moved, credits_added, \
                   credits_taken, done_until, done_at \
                 from contest_correction where contest_id = $1 order by number"
            ),
            values![contest],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Decided {
                number: row.number,
                question: QuestionId(row.question_id),
                ruling: row.ruling.map(|r| serde_json::from_str(&r)).transpose()?,
                takes_back: row.takes_back,
                reason: row.reason,
                by: stored(&row.decided_by)?,
                at: Millis(row.decided_at),
                after_final: row.after_final,
                points_moved: row.points_moved,
                ranks_moved: row.ranks_moved,
                credits_moved: row.credits_moved,
                credits_added: row.credits_added,
                credits_taken: row.credits_taken,
                done_at: row.done_at.map(Millis),
                done_until: row.done_until,
            })
        })
        .collect()
}

/// The rulings in force of what was decided up to correction `last`, with their numbers.
pub(super) fn in_force(decided: &[Decided], last: i64) -> impl Iterator<Item = (&Decided, Ruled)> {
    let until = move |one: &&Decided| one.number <= last;
    let is_taken_back = move |number: i64| {
        let mut later = decided.iter().filter(until);
        later.any(|one| one.takes_back == Some(number))
    };
    decided
        .iter()
        .filter(until)
        .filter(move |one| !is_taken_back(one.number))
        .filter_map(|one| {
            let ruling = one.ruling.clone()?;
            let question = one.question.clone();
            Some((one, Ruled { question, ruling }))
        })
}

/// The same, without the numbers.
pub(super) fn ruled(decided: &[Decided], last: i64) -> Vec<Ruled> {
    in_force(decided, last).map(|(_, ruled)| ruled).collect()
}

/// The rulings that a contest's scores stand under: those of every correction that is on record.
/// While one is on its way some attempts are still scored without it.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn rulings(db: &Db, contest: ContestId) -> Result<Vec<Ruled>> {
    Ok(ruled(&decided(db, contest).await?, i64::MAX))
}

/// Refuses what can not be ruled: a question that the contest never asked, an answer that does not
/// fit it, the same again, one that is not in force.
pub(super) async fn must_make_sense(
    db: &Db,
    contest: &Contest,
    decided: &[Decided],
    act: &Act,
) -> Result<QuestionId> {
    match act {
        Act::TakeBack(number) => in_force(decided, i64::MAX)
            .find(|(one, _)| one.number == *number)
            .map(|(one, _)| one.question.clone())
            .ok_or(Error::Invalid("ruling-gone")),
        Act::Rule(new) => {
            let question = key_of(db, contest.id, &new.question).await?;
            if let Ruling::Accept(key) = &new.ruling
                && (!fits(key, &question) || *key == question.key)
            {
                return Err(Error::Invalid("ruling-answer"));
            }
            if in_force(decided, i64::MAX).any(|(_, ruled)| ruled == *new) {
                return Err(Error::Invalid("ruling-twice"));
            }
            Ok(question.id)
        }
    }
}

/// Whether a further key could be the key of the question.
fn fits(key: &Key, question: &Question) -> bool {
    match (key, question.kind) {
        (Key::Words(words), QuestionKind::FillIn) => {
            let fits = |w: &String| !plain(w).is_empty() && w.chars().count() <= MAX_WORDS;
            !words.is_empty() && words.iter().all(fits)
        }
        (Key::Choices(options), kind) if kind != QuestionKind::FillIn => {
            let exist = options
                .iter()
                .all(|o| usize::from(*o) < question.options.len());
            let many = kind == QuestionKind::Multiple && !options.is_empty();
            exist && (many || options.len() == 1)
        }
        _ => false,
    }
}
