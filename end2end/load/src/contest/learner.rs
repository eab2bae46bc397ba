//! One learner: starts, reads the paper off the page, answers every question once, each when it is
//! due: the answers of all come in at one rate, however long the server takes (an open loop).

use super::Field;
use crate::html;
use crate::stats::Steps;
use domain::id::{AttemptId, EventId, LearnerId, QuestionId};
use domain::question::QuestionKind;
use domain::seed::{Draw, seed_of};
use platform::{clock, id};
use reqwest::{RequestBuilder, Response, header};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

/// An answer that was acknowledged, and the event that brought it.
#[derive(Debug)]
pub struct Ack {
    pub attempt: AttemptId,
    pub question: QuestionId,
    pub event: EventId,
}

/// What a learner has seen when all is answered.
#[derive(Default)]
pub struct Done {
    pub steps: Steps,
    pub acks: Vec<Ack>,
    /// When the first answer left, and when the last one was acknowledged.
    pub first: Option<Instant>,
    pub last: Option<Instant>,
}

pub struct Learner {
    field: Arc<Field>,
    cookie: String,
    draw: Draw,
    done: Done,
}

#[derive(Deserialize)]
struct Asked {
    id: QuestionId,
    kind: QuestionKind,
}

#[derive(Deserialize)]
struct Paper {
    attempt: AttemptId,
    paper: Vec<Asked>,
}

impl Learner {
    pub fn new(field: Arc<Field>, learner: LearnerId, token: String) -> Self {
        Self {
            draw: Draw::from_seed(seed_of(&[&learner.to_string()])),
            cookie: format!("session={token}"),
            field,
            done: Done::default(),
        }
    }

    /// The whole contest: the start when it is due, and the answers from `answers` on, one every
    /// [`Field::pause`].
    pub async fn enter(mut self, start: Instant, answers: Instant) -> Done {
        tokio::time::sleep_until(start.into()).await;
        if let Err((step, why)) = self.play(answers).await {
            self.done.steps.failed(step, why);
        }
        self.done
    }

    async fn play(&mut self, mut due: Instant) -> Result<(), (&'static str, String)> {
        let contest = self.field.contest;
        let action = format!("/contests/{contest}/attempts");
        let event = id::fresh(clock::now()).map_err(|e| ("start", e.to_string()))?;
        let form = [("event", event.to_string())];
        let start = self.request(reqwest::Method::POST, &action).form(&form);
        let answer = self.send("start", start).await?;
        let to = answer.headers().get(header::LOCATION);
        let to = to.and_then(|to| to.to_str().ok()).map(ToOwned::to_owned);
        let to = to.ok_or(("start", "led nowhere".to_owned()))?;
        let page = self.request(reqwest::Method::GET, &to);
        let page = self.send("paper", page).await?;
        let page = page.text().await.map_err(|e| ("paper", e.to_string()))?;
        let paper = html::props(&page, "Attempt").and_then(|p| serde_json::from_value(p).ok());
        let paper: Paper = paper.ok_or(("paper", "no paper".to_owned()))?;
        for asked in paper.paper {
            // Who waited for the one before answers the next at once; its time counts from then.
            tokio::time::sleep_until(due.into()).await;
            due += self.field.pause;
            let answer = match asked.kind {
                QuestionKind::FillIn => json!({"words": "三十日"}),
                _ => json!({"choices": [self.draw.below(2)]}),
            };
            let event = id::fresh(clock::now()).map_err(|e| ("answer", e.to_string()))?;
            let body = json!({
                "id": event, "attempt": paper.attempt, "question": asked.id, "revision": 1,
                "answer": answer,
            });
            self.done.first.get_or_insert_with(Instant::now);
            let post = self.request(reqwest::Method::POST, "/api/contest/answer");
            let saved = self.send("answer", post.json(&body)).await?;
            let saved: Value = saved.json().await.map_err(|e| ("answer", e.to_string()))?;
            if saved["revision"] != 1 {
                return Err(("answer", "no acknowledgement".to_owned()));
            }
            self.done.last = Some(Instant::now());
            self.done.acks.push(Ack {
                attempt: paper.attempt,
                question: asked.id,
                event: EventId(event),
            });
        }
        Ok(())
    }

    fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let address = format!("{}{path}", self.field.base.as_str().trim_end_matches('/'));
        let request = self.field.client.request(method, address);
        request.header(header::COOKIE, &self.cookie)
    }

    /// Sends when there is a socket; the wait for it counts, as it would for a phone.
    async fn send(
        &mut self,
        step: &'static str,
        request: RequestBuilder,
    ) -> Result<Response, (&'static str, String)> {
        let began = Instant::now();
        let field = self.field.clone();
        let _socket = field.sockets.acquire().await;
        let answer = request.send().await;
        self.done.steps.took(step, began.elapsed());
        let answer = answer.map_err(|e| (step, e.without_url().to_string()))?;
        if answer.status().is_client_error() || answer.status().is_server_error() {
            return Err((step, format!("status {}", answer.status().as_u16())));
        }
        Ok(answer)
    }
}
