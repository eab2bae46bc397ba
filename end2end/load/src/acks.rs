//! What the server has acknowledged: each of it must be in the database afterwards.

use domain::id::{AttemptId, ContestId, EventId, LearnerId, LessonId, QuestionId};
use domain::question::Answer;
use serde_json::Value;

/// A change with the id that the client gave it, and the answer it got.
#[derive(Debug, Clone)]
pub struct Event {
    /// The client's id.
    pub id: EventId,
    /// The kind in the database.
    pub kind: &'static str,
    /// What was answered.
    pub outcome: Value,
}

/// A revision of an answer in a contest.
#[derive(Debug, Clone)]
pub struct ContestAnswer {
    /// The change.
    pub event: Event,
    /// The attempt.
    pub attempt: AttemptId,
    /// The question.
    pub question: QuestionId,
    /// The revision.
    pub revision: i64,
    /// The answer, in places as the paper showed them.
    pub answer: Answer,
}

/// Everything that one learner was told is done.
#[derive(Debug)]
pub struct Acks {
    /// Who.
    pub learner: LearnerId,
    /// The session's token, once signed in, and whether the database knew it while it lasted.
    pub session: Option<(String, bool)>,
    /// Whether signing out was acknowledged.
    pub signed_out: bool,
    /// Reports of study time.
    pub study: Vec<Event>,
    /// Laws whose place was kept, with the address.
    pub places: Vec<(String, String)>,
    /// Answers to checks of lessons.
    pub checks: Vec<(Event, LessonId, QuestionId)>,
    /// Answers of practice.
    pub practice: Vec<(Event, QuestionId, Answer)>,
    /// Attempts that were started.
    pub attempts: Vec<(AttemptId, ContestId)>,
    /// Attempts that were handed in.
    pub submitted: Vec<AttemptId>,
    /// Answers of contests.
    pub contest: Vec<ContestAnswer>,
}

impl Acks {
    /// Nothing yet.
    pub fn of(learner: LearnerId) -> Self {
        Self {
            learner,
            session: None,
            signed_out: false,
            study: Vec::new(),
            places: Vec::new(),
            checks: Vec::new(),
            practice: Vec::new(),
            attempts: Vec::new(),
            submitted: Vec::new(),
            contest: Vec::new(),
        }
    }
}
