//! What the bank holds for a contest's papers.

use super::check::Wrong;
use crate::db::Db;
use crate::{Result, sql, values};
use domain::contest::blueprint::{Described, Section, draw_sections};
use domain::contest::{Candidate, Rules};
use domain::id::{QuestionId, TopicId};
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

/// The bank as it is now, without the words of the questions.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn bank(db: &Db) -> Result<Vec<Described>> {
    let rows: Vec<(String, String, String, i64, String, Option<String>)> = db
        .all(
            sql!("select id, topic_id, kind, difficulty, options, family from question"),
            values![],
        )
        .await?;
    let described =
        |(id, topic, kind, difficulty, options, family): (_, _, String, _, String, _)| {
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
    rows.into_iter().map(described).collect()
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

/// What each section is short of, by the field that asks for it.
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
    short.map(wrong).collect()
}
