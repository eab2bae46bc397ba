//! The day's five questions.

use super::question_in;
use crate::acks::{Acks, Event};
use crate::browser::{Browser, Outcome};
use domain::id::QuestionId;
use domain::practice::PER_DAY;
use serde_json::json;

const ANSWER: &str = "/api/practice/answer";
/// The question whose answer is sent twice.
const TWICE: usize = 2;

/// Answers all questions of the day.
pub async fn day(b: &mut Browser, acks: &mut Acks) -> Outcome<()> {
    for number in 0..PER_DAY {
        let page = b.get("practice", "/practice").await?;
        let asked = question_in(&page, "/practice", &mut b.draw);
        let asked = b.need("practice", asked, "no question")?;
        let id = asked.event.parse().ok();
        let id = b.need("practice", id, "no event id")?;
        b.think().await;
        let body = json!({ "id": id, "question": asked.id, "answer": asked.answer });
        let outcome = b.call("practice-answer", ANSWER, &body).await?;
        if number == TWICE {
            b.again("practice-again", ANSWER, &body, &outcome).await?;
        }
        let kind = "practice";
        let event = Event { id, kind, outcome };
        let question = QuestionId(asked.id);
        acks.practice.push((event, question, asked.answer));
    }
    Ok(())
}
