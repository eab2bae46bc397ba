//! The questions of a contest as an editor reviews them.

use super::super::{Contest, bank};
use super::plan::asked_in;
use super::{reason, reviewable};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, event, sql, values};
use domain::id::{ContestId, EventId, QuestionId};
use domain::question::{Answer, Question};
use domain::time::Millis;
use std::collections::{BTreeMap, HashMap};

/// A question as the contest asks it: of its frozen bank, or of the common one where the contest is
/// older than freezing. Nothing is frozen by looking.
pub(super) async fn frozen(db: &Db, contest: ContestId, id: &QuestionId) -> Result<Question> {
    let (frozen_as,): (Option<i64>,) = db
        .one(
            sql!("select frozen_as from contest where id = $1"),
            values![contest],
        )
        .await?;
    if frozen_as.is_none() {
        return crate::question::question(db, id).await;
    }
    let bank = bank::kept(db, contest, frozen_as).await?;
    bank.question(id).cloned().ok_or(Error::NotFound)
}

/// A question that the contest asked somebody.
pub(super) async fn key_of(db: &Db, contest: ContestId, id: &QuestionId) -> Result<Question> {
    let question = frozen(db, contest, id).await?;
    let written = serde_json::to_string(id)?.replace('!', "!!");
    let written = written.replace('%', "!%").replace('_', "!_");
    let papers: Vec<(String,)> = db
        .all(
            sql!(
                "select paper from contest_attempt \
                 where contest_id = $1 and paper like $2 escape '!' limit 1"
            ),
            values![contest, format!("%{written}%")],
        )
        .await?;
    match papers.first() {
        Some((paper,)) if asked_in(paper)?.contains(id) => Ok(question),
        _ => Err(Error::NotFound),
    }
}

/// A question of a contest in an editor's list.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The question.
    pub question: QuestionId,
    /// What is asked.
    pub stem: String,
    /// Saved answers to it, without practice.
    pub answered: i64,
    /// Of those, how many its key takes for right.
    pub right: i64,
    /// Objections to it.
    pub objections: i64,
    /// Of those, how many wait for an answer.
    pub open: i64,
}

/// The questions of a contest that were answered or objected to: those with open objections first,
/// then those with any, then those that the fewest had right.
///
/// # Errors
/// As [`reviewable`].
pub async fn reviewed(db: &Db, viewer: &Viewer, id: ContestId) -> Result<Vec<Reviewed>> {
    reviewable(db, viewer, id).await?;
    let answers: Vec<(String, String, i64, i64)> = db
        .all(
            sql!(
                "select w.question_id, coalesce(max(f.stem), max(q.stem)), count(*), \
                   sum(case when w.is_right then 1 else 0 end) \
                 from contest_attempt a join contest_answer w on w.attempt_id = a.id \
                 join question q on q.id = w.question_id \
                 left join contest_question f on f.contest_id = a.contest_id \
                   and f.question_id = w.question_id \
                 where a.contest_id = $1 and a.purpose = 'rank' group by w.question_id"
            ),
            values![id],
        )
        .await?;
    let objections: Vec<(String, String, i64, i64)> = db
        .all(
            sql!(
                "select o.question_id, coalesce(max(f.stem), max(q.stem)), count(*), \
                   sum(case when o.reply_id is null then 1 else 0 end) \
                 from contest_objection o join question q on q.id = o.question_id \
                 left join contest_question f on f.contest_id = o.contest_id \
                   and f.question_id = o.question_id \
                 where o.contest_id = $1 group by o.question_id"
            ),
            values![id],
        )
        .await?;
    let mut all: BTreeMap<String, Reviewed> = BTreeMap::new();
    let none = |question: &str, stem: String| Reviewed {
        question: QuestionId(question.to_owned()),
        stem,
        answered: 0,
        right: 0,
        objections: 0,
        open: 0,
    };
    for (question, stem, answered, right) in answers {
        let new = none(&question, stem);
        let one = all.entry(question).or_insert(new);
        (one.answered, one.right) = (answered, right);
    }
    for (question, stem, objections, open) in objections {
        let new = none(&question, stem);
        let one = all.entry(question).or_insert(new);
        (one.objections, one.open) = (objections, open);
    }
    let mut all: Vec<Reviewed> = all.into_values().collect();
    all.sort_by(|a, b| {
        let share = (a.right * b.answered.max(1)).cmp(&(b.right * a.answered.max(1)));
        (b.open, b.objections)
            .cmp(&(a.open, a.objections))
            .then(share)
    });
    Ok(all)
}

/// How often something was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The answer, by options.
    pub answer: Answer,
    /// How many gave it.
    pub times: i64,
}

/// What a question was answered, the most frequent first, and how many left it open.
#[derive(Debug, Clone)]
pub struct AskedOften {
    /// The question as it was asked.
    pub question: Question,
    /// Its answers; the rarest beyond twenty are left out.
    pub chosen: Vec<Chosen>,
    /// Saved answers.
    pub answered: i64,
}

/// How many answered what to a question of a contest; practice aside.
///
/// # Errors
/// As [`reviewable`]; [`Error::NotFound`] for a question that the contest never asked.
pub async fn asked_often(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    question: &QuestionId,
) -> Result<AskedOften> {
    reviewable(db, viewer, id).await?;
    let question = key_of(db, id, question).await?;
    let rows: Vec<(String, i64)> = db
        .all(
            sql!(
                "select w.answer, count(*) from contest_attempt a \
                 join contest_answer w on w.attempt_id = a.id \
                 where a.contest_id = $1 and a.purpose = 'rank' and w.question_id = $2 \
                 group by w.answer"
            ),
            values![id, &question.id],
        )
        .await?;
    // The same options chosen in another order are the same answer.
    let mut times: HashMap<String, (Answer, i64)> = HashMap::new();
    let mut answered = 0;
    for (answer, n) in rows {
        let mut answer: Answer = serde_json::from_str(&answer)?;
        if let Answer::Choices(options) = &mut answer {
            options.sort_unstable();
            options.dedup();
        }
        answered += n;
        let name = serde_json::to_string(&answer)?;
        times.entry(name).or_insert((answer, 0)).1 += n;
    }
    let mut chosen: Vec<Chosen> = times
        .into_values()
        .map(|(answer, times)| Chosen { answer, times })
        .collect();
    chosen.sort_by_key(|c| std::cmp::Reverse(c.times));
    chosen.truncate(20);
    Ok(AskedOften {
        question,
        chosen,
        answered,
    })
}

/// How many chose an option, alone or with others.
#[must_use]
pub fn chosen(often: &AskedOften, option: u8) -> i64 {
    let has = |c: &&Chosen| matches!(&c.answer, Answer::Choices(o) if o.contains(&option));
    often.chosen.iter().filter(has).map(|c| c.times).sum()
}

/// An objection as an editor reads it: without the name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Objected {
    /// The word of [`super::Ground::as_str`].
    pub ground: String,
    /// The learner's words.
    pub words: String,
    /// When it was made.
    pub made_at: i64,
    /// Whether it waits for an answer.
    pub is_open: bool,
}

/// The objections to a question, open ones first, then the newest; at most 200.
///
/// # Errors
/// As [`reviewable`].
pub async fn objected(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    question: &QuestionId,
) -> Result<Vec<Objected>> {
    reviewable(db, viewer, id).await?;
    db.all(
        sql!(
            "select ground, words, made_at, reply_id is null as is_open from contest_objection \
             where contest_id = $1 and question_id = $2 \
             order by case when reply_id is null then 0 else 1 end, made_at desc limit 200"
        ),
        values![id, question],
    )
    .await
}

/// Answers all open objections to a question at once; returns how many. The same event again
/// answers nothing more.
///
/// # Errors
/// As [`reviewable`]; [`Error::Invalid`] with `review-reason` without words, and with
/// `nothing-open` when no objection waits.
pub async fn reply(
    db: &Db,
    viewer: &Viewer,
    event_id: EventId,
    id: ContestId,
    question: QuestionId,
    words: &str,
    now: Millis,
) -> Result<i64> {
    let contest: Contest = reviewable(db, viewer, id).await?;
    let words = reason(words)?;
    let learner = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            super::hold(tx, contest.id).await?;
            let once = event::once(tx, event_id, learner, "objection-reply", now);
            if let Some(before) = once.await? {
                return Ok(before);
            }
            tx.run(
                sql!(
                    "insert into contest_reply (id, contest_id, question_id, words, replied_by, \
                       replied_at) values ($1, $2, $3, $4, $5, $6)"
                ),
                values![event_id, contest.id, &question, words, learner, now],
            )
            .await?;
            let answered = tx
                .run(
                    sql!(
                        "update contest_objection set reply_id = $1 \
                         where contest_id = $2 and question_id = $3 and reply_id is null"
                    ),
                    values![event_id, contest.id, &question],
                )
                .await?;
            if answered == 0 {
                return Err(Error::Invalid("nothing-open"));
            }
            let answered = i64::try_from(answered).unwrap_or(i64::MAX);
            event::answered(tx, event_id, answered).await
        })
    })
    .await
}
