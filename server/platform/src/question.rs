//! The bank: questions with their keys and the articles they cite.

use crate::db::{Db, Tx};
use crate::{Error, Result, sql, values};
use domain::id::{LawSlug, QuestionId, TopicId};
use domain::law::ArticleNumber;
use domain::question::{Citation, Question, QuestionKind};

#[derive(sqlx::FromRow)]
pub(crate) struct QuestionRow {
    pub(crate) id: String,
    topic_id: String,
    kind: String,
    difficulty: i64,
    stem: String,
    options: String,
    answer_key: String,
    explanation: String,
    family: Option<String>,
}

impl QuestionRow {
    pub(crate) fn question(self, citations: Vec<Citation>) -> Result<Question> {
        let kind = QuestionKind::parse(&self.kind)
            .ok_or_else(|| anyhow::anyhow!("kind of question {}", self.kind))?;
        Ok(Question {
            id: QuestionId(self.id),
            topic: TopicId(self.topic_id),
            kind,
            difficulty: u8::try_from(self.difficulty).unwrap_or(2),
            stem: self.stem,
            options: serde_json::from_str(&self.options)?,
            key: serde_json::from_str(&self.answer_key)?,
            explanation: self.explanation,
            citations,
            family: self.family,
        })
    }
}

/// A question of the bank.
///
/// # Errors
/// [`Error::NotFound`] when the bank has none of that id.
pub async fn question(db: &Db, id: &QuestionId) -> Result<Question> {
    let row: QuestionRow = db
        .one(
            sql!(
                "select id, topic_id, kind, difficulty, stem, options, answer_key, explanation, \
                   family from question where id = $1"
            ),
            values![id],
        )
        .await?;
    let cited: Vec<(String, i64, i64)> = db
        .all(
            sql!(
                "select law_slug, base, sub from question_citation where question_id = $1 \
                 order by law_slug, base, sub"
            ),
            values![id],
        )
        .await?;
    row.question(cited.into_iter().map(citation).collect::<Result<_>>()?)
}

/// Several questions, in the order asked for.
///
/// # Errors
/// [`Error::NotFound`] when one of them is missing.
pub async fn questions(db: &Db, ids: &[QuestionId]) -> Result<Vec<Question>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(question(db, id).await?);
    }
    Ok(found)
}

/// The number of an article, of its two columns.
///
/// # Errors
/// [`Error::Fault`] when the columns hold no number.
pub fn number(base: i64, sub: i64) -> Result<ArticleNumber> {
    let column = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    ArticleNumber::new(column(base), column(sub)).map_err(|e| Error::Fault(e.into()))
}

/// A citation, of its three columns.
pub(crate) fn citation((law, base, sub): (String, i64, i64)) -> Result<Citation> {
    Ok(Citation {
        law: LawSlug(law),
        article: number(base, sub)?,
    })
}

/// Puts a question into the bank, or replaces the one of the same id.
///
/// # Errors
/// [`Error::Fault`] naming the question when it has a defect or cites an article that is not in
/// the latest version of its law.
pub async fn put(tx: &mut Tx, question: &Question) -> Result<()> {
    if let Some(defect) = question.defect() {
        return Err(Error::Fault(anyhow::anyhow!(
            "question {}: {defect}",
            question.id
        )));
    }
    tx.run(
        sql!(
            "insert into question (id, topic_id, kind, difficulty, stem, options, answer_key, \
               explanation, family) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             on conflict (id) do update set topic_id = excluded.topic_id, kind = excluded.kind, \
               difficulty = excluded.difficulty, stem = excluded.stem, \
               options = excluded.options, answer_key = excluded.answer_key, \
               explanation = excluded.explanation, family = excluded.family"
        ),
        values![
            &question.id,
            &question.topic,
            question.kind.as_str(),
            i64::from(question.difficulty),
            &question.stem,
            serde_json::to_string(&question.options)?,
            serde_json::to_string(&question.key)?,
            &question.explanation,
            question.family.clone()
        ],
    )
    .await?;
    tx.run(
        sql!("delete from question_citation where question_id = $1"),
        values![&question.id],
    )
    .await?;
    for citation in &question.citations {
        let version = version_with(tx, citation).await?.ok_or_else(|| {
            anyhow::anyhow!(
                "question {} cites {} {}, which is not there",
                question.id,
                citation.law,
                citation.article
            )
        })?;
        tx.run(
            sql!(
                "insert into question_citation (question_id, law_slug, version_date, base, sub) \
                 values ($1, $2, $3, $4, $5)"
            ),
            values![
                &question.id,
                &citation.law,
                version,
                i64::from(citation.article.base()),
                i64::from(citation.article.sub())
            ],
        )
        .await?;
    }
    Ok(())
}

/// The date of the latest version of the law, if the cited article is in it.
async fn version_with(tx: &mut Tx, citation: &Citation) -> Result<Option<String>> {
    let row: Option<(String,)> = tx
        .optional(
            sql!(
                "select v.version_date from law_version v \
                 join law_node n on n.version_id = v.id and n.kind = 'article' \
                   and n.base = $2 and n.sub = $3 \
                 where v.law_slug = $1 and v.version_date = \
                   (select max(version_date) from law_version where law_slug = $1)"
            ),
            values![
                &citation.law,
                i64::from(citation.article.base()),
                i64::from(citation.article.sub())
            ],
        )
        .await?;
    Ok(row.map(|(date,)| date))
}
