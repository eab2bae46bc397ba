//! Questions that the matches of a day may still ask.

use crate::contest::Contest;
use crate::db::{Db, Tx};
use crate::{Error, Result, id, sql, values};
use domain::contest::challenge::Programme;
use domain::contest::r#match::Secrets;
use domain::contest::{Candidate, Described, deal, draw};
use domain::id::{ContestId, QuestionId, TopicId};
use domain::question::QuestionKind;
use std::collections::HashSet;

/// Questions that can be drawn: of the contest's topics and the programme's types, of which no
/// match of this contest was made with one, nor with a near double.
pub(super) async fn pool(
    db: &Db,
    contest: &Contest,
    programme: &Programme,
) -> Result<Vec<Described>> {
    let rows: Vec<(String, String, String, i64, String, Option<String>)> = db
        .all(
            sql!(
                "select id, topic_id, kind, difficulty, options, family from question order by id"
            ),
            values![],
        )
        .await?;
    let used = used(db, contest.id).await?;
    let families: HashSet<String> = rows
        .iter()
        .filter(|(id, ..)| used.contains(&QuestionId(id.clone())))
        .filter_map(|(.., family)| family.clone())
        .collect();
    let topics = &contest.rules.topics;
    let mut pool = Vec::new();
    for (id, topic, kind, difficulty, options, family) in rows {
        let Some(kind) = QuestionKind::parse(&kind) else {
            continue;
        };
        let id = QuestionId(id);
        let is_asked_for = programme.kinds.contains(&kind)
            && (topics.is_empty() || topics.iter().any(|wanted| wanted.0 == topic));
        let was_shown = used.contains(&id) || family.as_ref().is_some_and(|f| families.contains(f));
        if is_asked_for && !was_shown {
            let options: Vec<String> = serde_json::from_str(&options)?;
            pool.push(Described {
                candidate: Candidate {
                    id,
                    kind,
                    options: u8::try_from(options.len()).unwrap_or(u8::MAX),
                    family,
                },
                topic: TopicId(topic),
                difficulty: u8::try_from(difficulty).unwrap_or(u8::MAX),
            });
        }
    }
    Ok(pool)
}

/// How many can be drawn, never two of one family.
pub(super) fn count(pool: &[Described]) -> usize {
    let candidates = pool.iter().map(|question| &question.candidate);
    draw(candidates.collect(), usize::MAX, 0).len()
}

/// Draws so many for each of so many matches, by chance: what nobody can foretell who knows the
/// bank.
///
/// # Errors
/// [`Error::Invalid`] with `questions-short` when there are not as many.
pub(super) fn dealt(
    pool: &[Described],
    matches: usize,
    count: usize,
) -> Result<Vec<Vec<QuestionId>>> {
    let dealt = deal(pool, matches, count, u64::from_le_bytes(id::random()?));
    dealt.ok_or(Error::Invalid("questions-short"))
}

/// Draws so many for one match.
///
/// # Errors
/// As [`dealt`].
pub(super) fn drawn(pool: &[Described], count: usize) -> Result<Vec<QuestionId>> {
    Ok(dealt(pool, 1, count)?.concat())
}

fn of_matches() -> crate::db::Statement {
    sql!(
        "select m.secrets from live_match m join contest_match c on c.match_id = m.id \
         where c.contest_id = $1"
    )
}

fn ids(rows: Vec<(String,)>) -> Result<HashSet<QuestionId>> {
    let mut all = HashSet::new();
    for (secrets,) in rows {
        let secrets: Secrets = serde_json::from_str(&secrets)?;
        all.extend(secrets.questions.into_iter().map(|question| question.id));
    }
    Ok(all)
}

async fn used(db: &Db, contest: ContestId) -> Result<HashSet<QuestionId>> {
    ids(db.all(of_matches(), values![contest]).await?)
}

/// That no match got one of these since they were drawn, as the transaction sees it that makes
/// the match.
///
/// # Errors
/// [`Error::Invalid`] with `day-changed` when one did.
pub(super) async fn are_free(
    tx: &mut Tx,
    contest: ContestId,
    questions: &[QuestionId],
) -> Result<()> {
    let used = ids(tx.all(of_matches(), values![contest]).await?)?;
    if questions.iter().any(|question| used.contains(question)) {
        return Err(Error::Invalid("day-changed"));
    }
    Ok(())
}
