//! A contest from the list to the result.

use super::some_answer;
use crate::acks::{Acks, ContestAnswer, Event};
use crate::browser::{Browser, Outcome};
use crate::html;
use domain::id::{AttemptId, ContestId, QuestionId};
use domain::question::{Answer, QuestionKind};
use serde::Deserialize;
use serde_json::json;

const ANSWER: &str = "/api/contest/answer";
/// Of a hundred answers, so many are changed once more.
const REVISED: u32 = 30;
/// Of a hundred answers, so many are sent twice.
const REPLAYED: u32 = 20;

/// A question as the attempt's page knows it.
#[derive(Debug, Deserialize)]
struct Place {
    id: QuestionId,
    kind: QuestionKind,
    /// How many options the form shows.
    #[serde(skip)]
    options: usize,
}

/// What the page of a running attempt knows.
#[derive(Debug, Deserialize)]
pub struct Paper {
    attempt: AttemptId,
    action: String,
    paper: Vec<Place>,
}

impl Paper {
    /// How many questions it has.
    pub fn len(&self) -> usize {
        self.paper.len()
    }
}

/// Finds the contest, starts an attempt and opens its page.
pub async fn start(b: &mut Browser, acks: &mut Acks) -> Outcome<Paper> {
    let contests = b.get("contests", "/contests").await?;
    // Quick matches stand there too, without an id.
    let with_id = |link: String| {
        let id = link.trim_start_matches("/contests/").parse().ok()?;
        Some((link, id))
    };
    let found = html::links(&contests, "/contests/")
        .into_iter()
        .find_map(with_id);
    let (link, contest): (String, ContestId) = b.need("contests", found, "no contests")?;
    let page = b.get("contest", &link).await?;
    let action = format!("{link}/attempts");
    let event = html::form(&page, &action).and_then(|form| html::hidden(form, "event"));
    let event = b.need("contest", event, "no attempt can be started")?;
    let fields = [("event".to_owned(), event)];
    let to = b.submit("contest-start", &action, &fields).await?;
    let attempt = to.strip_prefix(&format!("{action}/"));
    let attempt = attempt.and_then(|id| id.parse::<AttemptId>().ok());
    let attempt = b.need("contest-start", attempt, "led somewhere else")?;
    acks.attempts.push((attempt, contest));
    let page = b.get("attempt", &to).await?;
    let paper = html::props(&page, "Attempt").and_then(|p| serde_json::from_value(p).ok());
    let mut paper: Paper = b.need("attempt", paper, "no paper")?;
    for (index, place) in paper.paper.iter_mut().enumerate() {
        place.options = html::fields(&page, &format!("q{index}"));
        if place.options == 0 {
            return b.fail("attempt", "a question without a field");
        }
    }
    Ok(paper)
}

/// Saves one revision of the answer at `place`.
pub async fn answer(
    b: &mut Browser,
    acks: &mut Acks,
    paper: &Paper,
    place: usize,
    revision: i64,
) -> Outcome<Answer> {
    let Some(asked) = paper.paper.get(place) else {
        return b.fail("contest-answer", "no such question");
    };
    let answer = some_answer(&mut b.draw, asked.kind, asked.options);
    let id = b.event("contest-answer")?;
    let body = json!({
        "id": id,
        "attempt": paper.attempt,
        "question": asked.id,
        "revision": revision,
        "answer": answer,
    });
    let outcome = b.call("contest-answer", ANSWER, &body).await?;
    if outcome["revision"] != revision {
        return b.fail("contest-answer", "another revision than was sent");
    }
    if b.draw.below(100) < REPLAYED {
        b.again("contest-again", ANSWER, &body, &outcome).await?;
    }
    let kind = "contest-answer";
    acks.contest.push(ContestAnswer {
        event: Event { id, kind, outcome },
        attempt: paper.attempt,
        question: asked.id.clone(),
        revision,
        answer: answer.clone(),
    });
    Ok(answer)
}

/// The fields that a browser sends for an answer.
fn fields(place: usize, answer: &Answer) -> Vec<(String, String)> {
    let name = format!("q{place}");
    match answer {
        Answer::Words(words) => vec![(name, words.clone())],
        Answer::Choices(places) => places
            .iter()
            .map(|p| (name.clone(), p.to_string()))
            .collect(),
    }
}

/// The whole contest: every question answered, some changed, handed in, the result seen.
pub async fn enter(b: &mut Browser, acks: &mut Acks) -> Outcome<()> {
    let paper = start(b, acks).await?;
    let mut form = Vec::new();
    for place in 0..paper.len() {
        b.think().await;
        let mut last = answer(b, acks, &paper, place, 1).await?;
        if b.draw.below(100) < REVISED {
            b.think().await;
            last = answer(b, acks, &paper, place, 2).await?;
        }
        form.extend(fields(place, &last));
    }
    form.push(("do".to_owned(), "submit".to_owned()));
    let to = b.submit("contest-submit", &paper.action, &form).await?;
    acks.submitted.push(paper.attempt);
    b.get("result", &to).await?;
    Ok(())
}
