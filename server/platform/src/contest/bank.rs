//! The bank of a contest: its questions as they were when it was made.
//!
//! The rule guarded here: the bank is edited while a contest runs, the contest is not. Drawing,
//! grading and every page of an attempt read these questions and no others. Start at [`bank`].
//!
//! A bank is read once and kept in memory. It is kept by the random number that its freezing got
//! (`contest.frozen_as`), not by the contest: one that was frozen anew, by this process or by
//! another, is another bank.

use crate::db::{Db, Statement, Tx};
use crate::question::{QuestionRow, citation};
use crate::{Result, id, sql, values};
use domain::contest::blueprint::Described;
use domain::contest::{Candidate, Rules};
use domain::id::{ContestId, QuestionId, TopicId};
use domain::question::Question;
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Banks kept in memory; a question takes about a kilobyte.
const KEPT: usize = 32;

static BANKS: LazyLock<Cache<i64, Arc<Bank>>> = LazyLock::new(|| Cache::new(KEPT));

/// The questions of a contest.
#[derive(Debug)]
pub struct Bank {
    all: Vec<Question>,
    places: HashMap<QuestionId, usize>,
    described: Vec<Described>,
}

impl Bank {
    /// The question of that id, if the contest has it.
    #[must_use]
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        let place = self.places.get(id)?;
        self.all.get(*place)
    }

    /// All of them, by id.
    #[must_use]
    pub fn all(&self) -> &[Question] {
        &self.all
    }

    /// All of them as papers are drawn from.
    #[must_use]
    pub fn described(&self) -> &[Described] {
        &self.described
    }

    fn of(rows: Vec<QuestionRow>, cited: Vec<Cited>) -> Result<Self> {
        let mut citations: HashMap<String, Vec<_>> = HashMap::new();
        for (question, law, base, sub) in cited {
            let cited = citations.entry(question).or_default();
            cited.push(citation((law, base, sub))?);
        }
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let cited = citations.remove(&row.id).unwrap_or_default();
            all.push(row.question(cited)?);
        }
        all.sort_by(|a, b| a.id.cmp(&b.id));
        let described = all.iter().map(described).collect();
        let places = all
            .iter()
            .enumerate()
            .map(|(place, question)| (question.id.clone(), place))
            .collect();
        Ok(Self {
            all,
            places,
            described,
        })
    }
}

fn described(question: &Question) -> Described {
    Described {
        candidate: Candidate {
            id: question.id.clone(),
            kind: question.kind,
            options: u8::try_from(question.options.len()).unwrap_or(u8::MAX),
            family: question.family.clone(),
        },
        topic: question.topic.clone(),
        difficulty: question.difficulty,
    }
}

/// The bank of a contest; frozen now if it never was.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such contest.
pub async fn bank(db: &Db, contest: ContestId) -> Result<Arc<Bank>> {
    let (frozen_as,): (Option<i64>,) = db
        .one(
            sql!("select frozen_as from contest where id = $1"),
            values![contest],
        )
        .await?;
    kept(db, contest, frozen_as).await
}

/// The bank of a contest whose row says that it was frozen as `frozen_as`.
pub(super) async fn kept(db: &Db, contest: ContestId, frozen_as: Option<i64>) -> Result<Arc<Bank>> {
    let frozen_as = match frozen_as {
        Some(known) => known,
        None => freeze_once(db, contest).await?,
    };
    let read = async {
        let rows = db.all(questions_of(), values![contest]).await?;
        let cited = db.all(citations_of(), values![contest]).await?;
        Ok(Arc::new(Bank::of(rows, cited)?))
    };
    BANKS.get_or_insert_async(&frozen_as, read).await
}

/// As [`kept`], inside a transaction.
pub(super) async fn kept_in(
    tx: &mut Tx,
    contest: ContestId,
    frozen_as: Option<i64>,
) -> Result<Arc<Bank>> {
    let frozen_as = match frozen_as {
        Some(known) => known,
        None => freeze_if_never(tx, contest).await?,
    };
    if let Some(bank) = BANKS.get(&frozen_as) {
        return Ok(bank);
    }
    let rows = tx.all(questions_of(), values![contest]).await?;
    let cited = tx.all(citations_of(), values![contest]).await?;
    let bank = Arc::new(Bank::of(rows, cited)?);
    BANKS.insert(frozen_as, Arc::clone(&bank));
    Ok(bank)
}

/// Question, law, base and sub of an article that it cites.
type Cited = (String, String, i64, i64);

fn questions_of() -> Statement {
    sql!(
        "select question_id as id, topic_id, kind, difficulty, stem, options, answer_key, \
           explanation, family from contest_question where contest_id = $1"
    )
}

fn citations_of() -> Statement {
    sql!(
        "select question_id, law_slug, base, sub from contest_question_citation \
         where contest_id = $1 order by question_id, law_slug, base, sub"
    )
}

/// Freezes the bank of a contest that was made before there was freezing; of two who come at
/// once, one does it. Gives the number of the freezing.
pub(super) async fn freeze_once(db: &Db, contest: ContestId) -> Result<i64> {
    db.write(move |tx| Box::pin(freeze_if_never(tx, contest)))
        .await
}

async fn freeze_if_never(tx: &mut Tx, contest: ContestId) -> Result<i64> {
    // The update holds the contest, so that two freeze one after the other.
    let (frozen_as, rules): (Option<i64>, String) = tx
        .one(
            sql!(
                "update contest set frozen_as = frozen_as where id = $1 \
                 returning frozen_as, rules"
            ),
            values![contest],
        )
        .await?;
    if let Some(known) = frozen_as {
        return Ok(known);
    }
    let rules: Rules = serde_json::from_str(&rules)?;
    freeze_as(tx, contest, &rules.drawn_topics()).await
}

/// Freezes the bank of a contest: copies the questions of `topics`, all when empty, in the place
/// of what was frozen before. A contest without a secret for its papers gets one.
///
/// # Errors
/// [`Error::Fault`](crate::Error::Fault) when the database does.
pub async fn freeze(tx: &mut Tx, contest: ContestId, topics: &[TopicId]) -> Result<()> {
    freeze_as(tx, contest, topics).await.map(drop)
}

async fn freeze_as(tx: &mut Tx, contest: ContestId, topics: &[TopicId]) -> Result<i64> {
    let number = i64::from_le_bytes(id::random()?);
    let secret = i64::from_le_bytes(id::random()?);
    tx.run(
        sql!(
            "update contest set frozen_as = $2, \
               secret = case when secret = 0 then cast($3 as bigint) else secret end where id = $1"
        ),
        values![contest, number, secret],
    )
    .await?;
    let old = [
        sql!("delete from contest_question_citation where contest_id = $1"),
        sql!("delete from contest_question where contest_id = $1"),
    ];
    for delete in old {
        tx.run(delete, values![contest]).await?;
    }
    let all = [None];
    let some: Vec<Option<String>> = topics.iter().map(|t| Some(t.0.clone())).collect();
    let wanted = if some.is_empty() { &all[..] } else { &some };
    for topic in wanted {
        tx.run(
            sql!(
                "insert into contest_question (contest_id, question_id, topic_id, kind, \
                   difficulty, stem, options, answer_key, explanation, family) \
                 select cast($1 as text), id, topic_id, kind, difficulty, stem, options, \
                   answer_key, explanation, family from question \
                 where cast($2 as text) is null or topic_id = $2 \
                 on conflict (contest_id, question_id) do nothing"
            ),
            values![contest, topic.clone()],
        )
        .await?;
    }
    tx.run(
        sql!(
            "insert into contest_question_citation (contest_id, question_id, law_slug, base, sub) \
             select q.contest_id, q.question_id, c.law_slug, c.base, c.sub \
             from contest_question q join question_citation c on c.question_id = q.question_id \
             where q.contest_id = $1"
        ),
        values![contest],
    )
    .await?;
    Ok(number)
}
