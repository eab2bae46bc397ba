//! Whether the database holds everything that was acknowledged: the rule of the whole product.

use crate::acks::{Acks, ContestAnswer, Event};
use domain::contest::Item;
use domain::id::{AttemptId, ContestId, LearnerId, LessonId, QuestionId};
use domain::question::Answer;
use platform::{Db, Result, clock, identity, sql, values};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What was acknowledged and what of it is there.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Stored {
    /// What it is.
    pub what: &'static str,
    /// So many were acknowledged.
    pub acknowledged: usize,
    /// So many are there.
    pub found: usize,
    /// So many are not, or differ.
    pub lost: usize,
}

/// Counts what was looked up.
#[derive(Default)]
struct Count {
    counts: Vec<(&'static str, usize, usize)>,
}

impl Count {
    fn note(&mut self, what: &'static str, there: bool) {
        match self.counts.iter_mut().find(|c| c.0 == what) {
            Some(count) => {
                count.1 += 1;
                count.2 += usize::from(there);
            }
            None => self.counts.push((what, 1, usize::from(there))),
        }
    }
}

/// Looks up everything that anyone was told is done.
pub async fn all(db: &Db, acks: &[Acks]) -> Result<Vec<Stored>> {
    let mut count = Count::default();
    for one in acks {
        let learner = one.learner;
        if let Some((token, known)) = &one.session {
            let viewer = identity::viewer(db, token, clock::now()).await?;
            let lives = viewer.is_some_and(|v| v.learner == learner);
            count.note("sign-ins", *known || lives);
            if one.signed_out {
                count.note("sign-outs", !lives);
            }
        }
        for event in &one.study {
            count.note("study reports", has_event(db, learner, event).await?);
        }
        for (law, address) in &one.places {
            count.note(
                "reading places",
                has_place(db, learner, law, address).await?,
            );
        }
        for (event, lesson, question) in &one.checks {
            let there = has_event(db, learner, event).await?
                && has_check(db, learner, lesson, question, event).await?;
            count.note("lesson checks", there);
        }
        for (event, question, answer) in &one.practice {
            let there = has_event(db, learner, event).await?
                && has_practice(db, learner, question, answer).await?;
            count.note("practice answers", there);
        }
        for (attempt, contest) in &one.attempts {
            let row = attempt_row(db, learner, *attempt, *contest).await?;
            count.note("attempts", row.is_some());
            if one.submitted.contains(attempt) {
                let handed_in = row.is_some_and(|(submitted,)| submitted.is_some());
                count.note("submissions", handed_in);
            }
        }
        contest_answers(db, learner, &one.contest, &mut count).await?;
    }
    let stored = count
        .counts
        .into_iter()
        .map(|(what, acknowledged, found)| Stored {
            what,
            acknowledged,
            found,
            lost: acknowledged - found,
        });
    Ok(stored.collect())
}

/// The event is this learner's, and its stored answer is the one that was given.
async fn has_event(db: &Db, learner: LearnerId, event: &Event) -> Result<bool> {
    let row: Option<(String, String, Option<String>)> = db
        .optional(
            sql!("select learner_id, kind, outcome from client_event where id = $1"),
            values![event.id],
        )
        .await?;
    let Some((owner, kind, Some(outcome))) = row else {
        return Ok(false);
    };
    let outcome: Value = serde_json::from_str(&outcome)?;
    Ok(owner == learner.to_string() && kind == event.kind && outcome == event.outcome)
}

async fn has_place(db: &Db, learner: LearnerId, law: &str, address: &str) -> Result<bool> {
    let row: Option<(String,)> = db
        .optional(
            sql!("select address from reading_place where learner_id = $1 and law_slug = $2"),
            values![learner, law],
        )
        .await?;
    Ok(row.is_some_and(|(stored,)| stored == address))
}

async fn has_check(
    db: &Db,
    learner: LearnerId,
    lesson: &LessonId,
    question: &QuestionId,
    event: &Event,
) -> Result<bool> {
    let row: Option<(bool,)> = db
        .optional(
            sql!(
                "select is_right from lesson_check_answer \
                 where learner_id = $1 and lesson_id = $2 and question_id = $3"
            ),
            values![learner, lesson, question],
        )
        .await?;
    Ok(row.is_some_and(|(right,)| event.outcome["right"] == right))
}

async fn has_practice(
    db: &Db,
    learner: LearnerId,
    question: &QuestionId,
    answer: &Answer,
) -> Result<bool> {
    let row: Option<(String,)> = db
        .optional(
            sql!("select answer from practice_answer where learner_id = $1 and question_id = $2"),
            values![learner, question],
        )
        .await?;
    match row {
        Some((stored,)) => Ok(serde_json::from_str::<Answer>(&stored)? == *answer),
        None => Ok(false),
    }
}

async fn attempt_row(
    db: &Db,
    learner: LearnerId,
    attempt: AttemptId,
    contest: ContestId,
) -> Result<Option<(Option<i64>,)>> {
    db.optional(
        sql!(
            "select submitted_at from contest_attempt \
             where id = $1 and learner_id = $2 and contest_id = $3"
        ),
        values![attempt, learner, contest],
    )
    .await
}

/// Every acknowledged revision: its event with the answer that it got, and in the attempt that
/// revision with that answer, or a later one.
async fn contest_answers(
    db: &Db,
    learner: LearnerId,
    given: &[ContestAnswer],
    count: &mut Count,
) -> Result<()> {
    let mut papers: HashMap<AttemptId, Vec<Item>> = HashMap::new();
    for one in given {
        let items = match papers.entry(one.attempt) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(paper(db, one.attempt).await?),
        };
        let item = items.iter().find(|i| i.question == one.question);
        let row: Option<(i64, String, String)> = db
            .optional(
                sql!(
                    "select revision, event_id, answer from contest_answer \
                     where attempt_id = $1 and question_id = $2"
                ),
                values![one.attempt, &one.question],
            )
            .await?;
        let kept = match (row, item) {
            (Some((revision, event, answer)), Some(item)) => {
                let stored: Answer = serde_json::from_str(&answer)?;
                let same = event == one.event.id.to_string()
                    && one.answer.clone().through(&item.order) == Some(stored);
                revision > one.revision || (revision == one.revision && same)
            }
            _ => false,
        };
        let there = kept && has_event(db, learner, &one.event).await?;
        count.note("contest answers", there);
    }
    Ok(())
}

async fn paper(db: &Db, attempt: AttemptId) -> Result<Vec<Item>> {
    let row: Option<(String,)> = db
        .optional(
            sql!("select paper from contest_attempt where id = $1"),
            values![attempt],
        )
        .await?;
    match row {
        Some((paper,)) => Ok(serde_json::from_str(&paper)?),
        None => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::EventId;

    fn event(kind: &'static str) -> Event {
        Event {
            id: EventId(platform::id::fresh(clock::now()).unwrap()),
            kind,
            outcome: Value::Null,
        }
    }

    #[tokio::test]
    async fn what_is_not_in_the_database_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("empty.db");
        let db = Db::open(&format!("sqlite:{}", path.display()))
            .await
            .unwrap();
        let fresh = || platform::id::fresh(clock::now()).unwrap();
        let (attempt, question) = (AttemptId(fresh()), QuestionId::from("q"));
        let answer = Answer::Choices(vec![0]);
        let mut acks = Acks::of(LearnerId(fresh()));
        acks.session = Some(("0".repeat(64), false));
        acks.study.push(event("study"));
        acks.places.push(("民法典".into(), "1".into()));
        let lesson = LessonId::from("l");
        acks.checks
            .push((event("lesson-check"), lesson, question.clone()));
        acks.practice
            .push((event("practice"), question.clone(), answer.clone()));
        acks.attempts.push((attempt, ContestId(fresh())));
        acks.submitted.push(attempt);
        acks.contest.push(ContestAnswer {
            event: event("contest-answer"),
            attempt,
            question,
            revision: 1,
            answer,
        });
        let stored = all(&db, &[acks]).await.unwrap();
        assert_eq!(stored.len(), 8);
        assert!(
            stored
                .iter()
                .all(|s| (s.acknowledged, s.found, s.lost) == (1, 0, 1))
        );
        db.close().await;
    }
}
