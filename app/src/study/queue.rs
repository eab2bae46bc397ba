//! Study time on its way to the server. What could not be sent stays on the phone and goes with
//! the next page; each batch keeps its id, so that arriving twice counts once.

use super::api::{self, Progress, Subject};
use crate::browser;
use domain::id::EventId;
use domain::study::{Ago, MAX_AGE, Report, Span};
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

const NAME: &str = "zhijian.study";
/// The most batches that wait on the phone; then the oldest goes.
const MOST: usize = 200;

/// Intervals on the phone's running clock, in milliseconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Batch {
    /// Its id.
    pub id: EventId,
    /// Whose it is: another person's phone must not earn it.
    pub owner: String,
    /// What was studied.
    pub subject: Subject,
    /// When the page was in use.
    pub seen: Vec<Span>,
    /// What was played of the video.
    pub watched: Vec<Span>,
}

thread_local! {
    static SENDING: Cell<bool> = const { Cell::new(false) };
}

/// Puts a batch on its way.
pub fn put(batch: Batch) {
    let mut waiting: Vec<Batch> = browser::stored(NAME).unwrap_or_default();
    waiting.push(batch);
    if waiting.len() > MOST {
        waiting.remove(0);
    }
    browser::store(NAME, &waiting);
}

/// Sends what waits of this person, one batch after the other; `told` gets each answer, or
/// `None` when the server could not be reached.
pub fn send(owner: String, told: impl Fn(Option<Progress>) + 'static) {
    if SENDING.replace(true) {
        return;
    }
    spawn_local(async move {
        loop {
            let waiting: Vec<Batch> = browser::stored(NAME).unwrap_or_default();
            let now = browser::now();
            let Some(batch) = waiting.into_iter().find(|b| b.owner == owner) else {
                break;
            };
            let seen = batch
                .seen
                .iter()
                .map(|s| Ago {
                    from: now - s.from,
                    to: (now - s.to).max(0),
                })
                .filter(|ago| ago.from <= MAX_AGE)
                .collect();
            let report = Report {
                seen,
                watched: batch.watched.clone(),
            };
            match api::report(batch.id, batch.subject.clone(), report).await {
                Ok(known) => {
                    drop_batch(batch.id);
                    told(Some(known));
                }
                Err(error) if error.is_passing() || error.code == "sign-in-needed" => {
                    told(None);
                    break;
                }
                // What the server will never take must not hold back the rest.
                Err(_) => drop_batch(batch.id),
            }
        }
        SENDING.set(false);
    });
}

fn drop_batch(id: EventId) {
    let mut waiting: Vec<Batch> = browser::stored(NAME).unwrap_or_default();
    waiting.retain(|b| b.id != id);
    if waiting.is_empty() {
        browser::forget(NAME)
    } else {
        browser::store(NAME, &waiting)
    }
}
