//! A draft answered as a learner would answer it; nothing is stored.

use super::bank::{bank, sections};
use super::{Edited, one_draft};
use crate::contest::AskedQuestion;
use crate::db::Db;
use crate::identity::Viewer;
use crate::question::questions;
use crate::{Error, Result};
use domain::contest::blueprint::draw_sections;
use domain::contest::format::Mark;
use domain::contest::{ContestKind, Rules, Score, Scored};
use domain::id::{ContestId, QuestionId};
use domain::question::Answer;
use domain::time::Millis;

/// A paper of a draft.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The draft.
    pub edited: Edited,
    /// The paper.
    pub questions: Vec<AskedQuestion>,
}

/// The paper that a seed gives.
///
/// # Errors
/// [`Error::Invalid`] with `contest-published`, or `contest-no-paper` where there is none to be
/// drawn; as [`one_edited`](super::one_edited).
pub async fn trial(db: &Db, viewer: &Viewer, id: ContestId, seed: u64) -> Result<Trial> {
    let edited = one_draft(db, viewer, id).await?;
    if edited.contest.kind == ContestKind::Team {
        return Err(Error::Invalid("contest-no-paper"));
    }
    let drawn = draw_sections(bank(db).await?, &sections(&edited.contest.rules), seed);
    if drawn.items.is_empty() {
        return Err(Error::Invalid("contest-no-paper"));
    }
    let ids: Vec<QuestionId> = drawn.items.iter().map(|i| i.question.clone()).collect();
    let asked = questions(db, &ids).await?;
    let asked = asked.into_iter().zip(drawn.items);
    let asked = asked.map(|(question, item)| AskedQuestion {
        question,
        order: item.order,
        saved: None,
        right: None,
    });
    Ok(Trial {
        questions: asked.collect(),
        edited,
    })
}

/// Grades the answers to a paper, given in places as it shows them, and says what they are worth
/// by the contest's format; what does not fit its question counts as not answered.
#[must_use]
pub fn grade(
    rules: &Rules,
    questions: &mut [AskedQuestion],
    answers: Vec<Option<Answer>>,
    began: Millis,
    now: Millis,
) -> Score {
    let mut marks = Vec::with_capacity(questions.len());
    for (asked, answer) in questions.iter_mut().zip(answers) {
        let question = &asked.question;
        let given = answer.and_then(|places| Some((places.clone().through(&asked.order)?, places)));
        let fits =
            |(answer, _): &(Answer, Answer)| answer.fits(question.kind, question.options.len());
        let Some((answer, places)) = given.filter(fits) else {
            marks.push(Mark::OPEN);
            continue;
        };
        let right = question.key.grade(&answer);
        asked.right = Some(right);
        asked.saved = Some((places, 1));
        let received = now;
        marks.push(Scored { right, received }.into());
    }
    rules.format.score(rules, began, &marks)
}
