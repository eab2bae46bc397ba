//! What a paper's answers are worth: the marks of the whole paper in its order, by the format of
//! the contest.
//!
//! The rule guarded here: saving an answer, the result page and `zhijian check` count by the same
//! rule. Start at [`score`].

use domain::contest::format::Mark;
use domain::contest::{Item, Rules, Score, Scored};
use domain::time::Millis;
use std::collections::HashMap;

/// A saved answer: its question, whether it is right, when it was received.
pub(crate) type Answered = (String, bool, i64);

/// The score of an attempt that began at `started`. An answer to a question that is not in the
/// paper is worth nothing.
pub(crate) fn score(rules: &Rules, started: Millis, paper: &[Item], answers: &[Answered]) -> Score {
    let given: HashMap<&str, Scored> = answers
        .iter()
        .map(|(question, right, received)| {
            let scored = Scored {
                right: *right,
                received: Millis(*received),
            };
            (question.as_str(), scored)
        })
        .collect();
    let mark = |item: &Item| given.get(item.question.0.as_str()).copied();
    let marks: Vec<Mark> = paper
        .iter()
        .map(|item| mark(item).map_or(Mark::OPEN, Mark::from))
        .collect();
    rules.format.score(rules, started, &marks)
}
