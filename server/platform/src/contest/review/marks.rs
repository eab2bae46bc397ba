//! What is said of a question where it is shown: rulings in force, and answers to objections.

use super::ruling::{decided, in_force};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Result, sql, values};
use domain::contest::rescore::{Ruled, Ruling};
use domain::id::{ContestId, QuestionId};
use domain::time::Millis;
use std::collections::HashMap;

/// An answer to objections, for everyone at that question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The editor's words.
    pub words: String,
    /// When it was given.
    pub at: Millis,
}

/// What is said of a question.
#[derive(Debug, Clone, Default)]
pub struct Note {
    /// The rulings in force, with their number and reason.
    pub rulings: Vec<(i64, Ruling, String)>,
    /// Answers to objections, the first one first.
    pub replies: Vec<Reply>,
    /// Whether an objection of the viewer waits for its answer.
    pub waits: bool,
}

impl Note {
    /// The rulings of all notes, as the rules take them.
    #[must_use]
    pub fn rulings(notes: &HashMap<QuestionId, Self>) -> Vec<Ruled> {
        let all = notes.iter().flat_map(|(question, note)| {
            note.rulings.iter().map(|(_, ruling, _)| Ruled {
                question: question.clone(),
                ruling: ruling.clone(),
            })
        });
        all.collect()
    }
}

/// What is said of the questions of a contest, for whoever has an attempt that is over.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn notes(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
) -> Result<HashMap<QuestionId, Note>> {
    let mut notes: HashMap<QuestionId, Note> = HashMap::new();
    for (one, ruled) in in_force(&decided(db, contest).await?, i64::MAX) {
        let note = notes.entry(ruled.question).or_default();
        note.rulings
            .push((one.number, ruled.ruling, one.reason.clone()));
    }
    let replies: Vec<(String, String, i64)> = db
        .all(
            sql!(
                "select question_id, words, replied_at from contest_reply \
                 where contest_id = $1 order by replied_at, id"
            ),
            values![contest],
        )
        .await?;
    for (question, words, at) in replies {
        let note = notes.entry(QuestionId(question)).or_default();
        note.replies.push(Reply {
            words,
            at: Millis(at),
        });
    }
    let open: Vec<(String,)> = db
        .all(
            sql!(
                "select question_id from contest_objection \
                 where contest_id = $1 and learner_id = $2 and reply_id is null"
            ),
            values![contest, viewer.learner],
        )
        .await?;
    for (question,) in open {
        notes.entry(QuestionId(question)).or_default().waits = true;
    }
    Ok(notes)
}
