//! What the bank holds for a contest's papers.

use super::check::Wrong;
use crate::db::{Db, Tx};
use crate::{Result, sql, values};
use domain::contest::blueprint::{Described, Section, draw_sections};
use domain::contest::papers::Papers;
use domain::contest::{Candidate, Rules};
use domain::id::{ContestId, QuestionId, TopicId};
use domain::question::QuestionKind;

/// A topic of the bank.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Topic {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many questions it has.
    pub questions: i64,
}

/// Every topic of the bank, in its order.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn topics(db: &Db) -> Result<Vec<Topic>> {
    db.all(
        sql!(
            "select t.id, t.name, (select count(*) from question q where q.topic_id = t.id) \
               as questions from topic t order by t.position, t.id"
        ),
        values![],
    )
    .await
}

/// A question without its words: id, topic, kind, difficulty, options, family.
type DescribedRow = (String, String, String, i64, String, Option<String>);

/// The bank as it is now, without the words of the questions.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn bank(db: &Db) -> Result<Vec<Described>> {
    let rows = db.all(
        sql!("select id, topic_id, kind, difficulty, options, family from question"),
        values![],
    );
    described(rows.await?)
}

/// The questions that are frozen with a contest, without their words.
pub(super) async fn frozen(tx: &mut Tx, contest: ContestId) -> Result<Vec<Described>> {
    let rows = tx.all(
        sql!(
            "select question_id, topic_id, kind, difficulty, options, family \
             from contest_question where contest_id = $1"
        ),
        values![contest],
    );
    described(rows.await?)
}

fn described(rows: Vec<DescribedRow>) -> Result<Vec<Described>> {
    let one = |(id, topic, kind, difficulty, options, family): DescribedRow| {
        let options: Vec<String> = serde_json::from_str(&options)?;
        Ok(Described {
            candidate: Candidate {
                id: QuestionId(id),
                kind: QuestionKind::parse(&kind)
                    .ok_or_else(|| anyhow::anyhow!("kind of question {kind}"))?,
                options: u8::try_from(options.len()).unwrap_or(u8::MAX),
                family,
            },
            topic: TopicId(topic),
            difficulty: u8::try_from(difficulty).unwrap_or(2),
        })
    };
    rows.into_iter().map(one).collect()
}

/// The sections of a paper: those of the rules, or one of all its questions.
pub(super) fn sections(rules: &Rules) -> Vec<Section> {
    if !rules.sections.is_empty() {
        return rules.sections.clone();
    }
    vec![Section {
        topics: rules.topics.clone(),
        count: rules.questions,
        ..Section::default()
    }]
}

/// What each section is short of, by the field that asks for it; and how many questions more the
/// practice needs that is promised, where everyone gets the same papers: it shows nothing of them.
#[must_use]
pub fn shortage(bank: &[Described], rules: &Rules) -> Vec<Wrong> {
    let missing = draw_sections(bank.to_vec(), &sections(rules), 0).missing;
    let field = |at: usize| match rules.sections.is_empty() {
        true => "questions".to_owned(),
        false => format!("s{at}-count"),
    };
    let short = missing.into_iter().enumerate().filter(|(_, n)| *n > 0);
    let wrong = |(at, n)| {
        Wrong::new(field(at), "contest-short").with("n", i64::try_from(n).unwrap_or(i64::MAX))
    };
    let mut wrong: Vec<Wrong> = short.map(wrong).collect();
    if wrong.is_empty() && rules.practice > 0 && rules.papers == Papers::Same {
        // As many papers of which none has a question, or a near double, of another.
        let papers = usize::try_from(rules.attempts).unwrap_or(1) + 1;
        let apart = vec![sections(rules); papers].concat();
        let missing: usize = draw_sections(bank.to_vec(), &apart, 0).missing.iter().sum();
        if missing > 0 {
            let n = i64::try_from(missing).unwrap_or(i64::MAX);
            wrong.push(Wrong::new("practice", "contest-practice-short").with("n", n));
        }
    }
    wrong
}
