//! Those who only watch the board: each asks every five seconds, or as often as the server says, as
//! `public/board.js` does.

use super::Field;
use crate::stats::Steps;
use anyhow::Context;
use domain::seed::Draw;
use reqwest::{StatusCode, Url, header};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::task::{JoinHandle, JoinSet};

/// How often each of them asks until the server says otherwise.
const EVERY: Duration = Duration::from_secs(5);

/// What they have seen.
#[derive(Default)]
pub struct Watched {
    pub steps: Steps,
    /// Boards that were sent.
    pub sent: usize,
    /// Answers that the board is the same.
    pub same: usize,
}

/// Lets so many watch until the field is over.
pub fn watch(field: Arc<Field>, count: usize) -> JoinHandle<Watched> {
    tokio::spawn(async move {
        let mut all = JoinSet::new();
        for number in 0..count {
            all.spawn(one(field.clone(), number));
        }
        let mut watched = Watched::default();
        while let Some(one) = all.join_next().await {
            let Ok(one) = one else { continue };
            watched.steps.add(one.steps);
            watched.sent += one.sent;
            watched.same += one.same;
        }
        watched
    })
}

async fn one(field: Arc<Field>, number: usize) -> Watched {
    let mut watched = Watched::default();
    let mut draw = Draw::from_seed(number as u64);
    let every = u32::try_from(EVERY.as_millis()).unwrap_or(u32::MAX);
    let mut due = Instant::now() + Duration::from_millis(u64::from(draw.below(every)));
    let address = address(&field.base, &field.contest.to_string());
    let mut tag = String::new();
    let mut pause = EVERY;
    loop {
        while Instant::now() < due {
            if field.over.load(Ordering::Relaxed) {
                return watched;
            }
            let rest = due.saturating_duration_since(Instant::now());
            tokio::time::sleep(rest.min(Duration::from_millis(500))).await;
        }
        let began = Instant::now();
        let socket = field.sockets.acquire().await;
        let request = field
            .client
            .get(&address)
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(header::IF_NONE_MATCH, &tag);
        let outcome = match request.send().await {
            Ok(answer) => {
                let status = answer.status();
                if let Some(new) = answer.headers().get(header::ETAG) {
                    tag = new.to_str().unwrap_or_default().to_owned();
                }
                let told = answer.headers().get("x-ask-after");
                let told = told.and_then(|told| told.to_str().ok()?.parse().ok());
                pause = told.map_or(EVERY, Duration::from_millis);
                answer.bytes().await.map(|_| status)
            }
            Err(error) => Err(error),
        };
        drop(socket);
        watched.steps.took("board", began.elapsed());
        match outcome {
            Ok(StatusCode::OK) => watched.sent += 1,
            Ok(StatusCode::NOT_MODIFIED) => watched.same += 1,
            Ok(status) => watched
                .steps
                .failed("board", format!("status {}", status.as_u16())),
            Err(error) => watched
                .steps
                .failed("board", error.without_url().to_string()),
        }
        // Between three and five quarters of it, as on a page.
        due += pause * 3 / 4 + pause * draw.below(100) / 200;
    }
}

fn address(base: &Url, contest: &str) -> String {
    let base = base.as_str().trim_end_matches('/');
    format!("{base}/contests/{contest}/board/live?of=learners&in=zh-CN")
}

/// The bytes of the board, compressed, as they are sent.
pub async fn bytes(field: &Field) -> anyhow::Result<Vec<u8>> {
    let request = field
        .client
        .get(address(&field.base, &field.contest.to_string()))
        .header(header::ACCEPT_ENCODING, "gzip");
    let answer = request.send().await?.error_for_status()?;
    Ok(answer.bytes().await.context("a board")?.to_vec())
}
