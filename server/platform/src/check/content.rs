//! Content: every question of the bank can be read, and is without a defect.

use super::LISTED;
use crate::db::Db;
use crate::question::{QuestionRow, citation};
use crate::{Result, sql, values};
use domain::question::Citation;
use std::collections::HashMap;

/// Questions that can not be read, or that have a [defect](domain::question::Question::defect),
/// each as `id: what is wrong`.
pub(super) async fn questions_off(db: &Db) -> Result<Vec<(String,)>> {
    let rows: Vec<QuestionRow> = db
        .all(
            sql!(
                "select id, topic_id, kind, difficulty, stem, options, answer_key, explanation, \
                   family from question order by id"
            ),
            values![],
        )
        .await?;
    let cited: Vec<(String, String, i64, i64)> = db
        .all(
            sql!("select question_id, law_slug, base, sub from question_citation"),
            values![],
        )
        .await?;
    let mut citations: HashMap<String, Vec<Citation>> = HashMap::new();
    for (question, law, base, sub) in cited {
        let cited = citation((law, base, sub))?;
        citations.entry(question).or_default().push(cited);
    }
    let off = rows.into_iter().filter_map(|row| {
        let id = row.id.clone();
        let cited = citations.remove(&id).unwrap_or_default();
        let defect = match row.question(cited) {
            Ok(question) => question.defect()?,
            Err(_) => "it can not be read",
        };
        Some((format!("{id}: {defect}"),))
    });
    Ok(off.take(LISTED).collect())
}
