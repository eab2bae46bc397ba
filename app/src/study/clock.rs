//! The clock of a page that is read: counts the seconds in which the page is visible and in use.

use super::api::Subject;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Sentences of the clock.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StudyClockWords {
    /// 已读 {m} 分 {s} 秒.
    pub read: String,
    /// When something has not left the phone.
    pub kept: String,
    /// When the lesson's share is covered.
    pub enough: String,
}

/// Shows how long this was read, and reports it. `version` is the law's, whose place is
/// remembered; empty for a lesson.
#[island]
pub fn StudyClock(
    subject: Subject,
    owner: String,
    seconds: i64,
    version: String,
    words: StudyClockWords,
) -> impl IntoView {
    let total = RwSignal::new(seconds);
    let kept = RwSignal::new(false);
    let enough = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    count::start(subject, owner, version, total, kept, enough);
    #[cfg(not(feature = "hydrate"))]
    let _ = (subject, owner, version);
    let text = move || {
        // Leaving the page counts the last second and then ends the island: nothing may be left.
        let s = total.try_get().unwrap_or_default();
        if kept.try_get().unwrap_or_default() {
            words.kept.clone()
        } else if enough.try_get().unwrap_or_default() {
            words.enough.clone()
        } else {
            let fill = words.read.replace("{m}", &(s / 60).to_string());
            fill.replace("{s}", &format!("{:02}", s % 60))
        }
    };
    view! {
        <p class="chip" data-state=move || enough.try_get().unwrap_or_default().then_some("right")>
            <svg class="icon" aria-hidden="true"><use href="/icons.svg#clock"></use></svg>
            <span>{text}</span>
        </p>
    }
}

#[cfg(feature = "hydrate")]
mod count {
    use super::super::api::{self, Subject};
    use super::super::queue::{self, Batch};
    use crate::browser;
    use domain::study::Span;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use std::cell::RefCell;
    use std::rc::Rc;

    /// Without a touch, a key or a scroll for so long, nobody reads, in milliseconds.
    const IDLE: i64 = 90_000;
    /// A report goes out this often, in milliseconds.
    const REPORT: i64 = 15_000;

    /// What has been seen since the last report.
    struct Count {
        touched: i64,
        ticked: i64,
        seen: Vec<Span>,
        since: i64,
        place: String,
    }

    pub fn start(
        subject: Subject,
        owner: String,
        version: String,
        total: RwSignal<i64>,
        kept: RwSignal<bool>,
        enough: RwSignal<bool>,
    ) {
        let now = browser::now();
        let count = Rc::new(RefCell::new(Count {
            touched: now,
            ticked: now,
            seen: Vec::new(),
            since: now,
            place: String::new(),
        }));
        for event in ["scroll", "pointerdown", "keydown", "touchstart"] {
            let count = count.clone();
            browser::on_window(event, move || count.borrow_mut().touched = browser::now());
        }
        let flush = {
            let (count, subject, owner) = (count.clone(), subject.clone(), owner.clone());
            Rc::new(move || {
                let seen = std::mem::take(&mut count.borrow_mut().seen);
                count.borrow_mut().since = browser::now();
                if !seen.is_empty() {
                    queue::put(Batch {
                        id: browser::event_id(),
                        owner: owner.clone(),
                        subject: subject.clone(),
                        seen,
                        watched: Vec::new(),
                    });
                }
                queue::send(owner.clone(), move |known| match known {
                    Some(known) => {
                        // What the server counts is what counts; the page only runs ahead of it.
                        total.try_set(known.subject_seconds);
                        kept.try_set(false);
                        enough.try_set(known.enough);
                    }
                    None => {
                        kept.try_set(true);
                    }
                });
            })
        };
        {
            let (count, flush) = (count.clone(), flush.clone());
            browser::every(1_000, move || {
                tick(&count, total);
                let due = browser::now() - count.borrow().since >= REPORT;
                if due {
                    flush();
                }
            });
        }
        for event in ["pagehide", "visibilitychange", "online", "page-leave"] {
            let (count, flush) = (count.clone(), flush.clone());
            browser::on_window(event, move || {
                tick(&count, total);
                flush();
            });
        }
        browser::end_with_page(); // after the listeners above, which send what is left
        flush(); // what an earlier page left behind
        if let Subject::Law(law) = subject {
            browser::every(2_000, move || remember(&count, &law, &version));
        }
    }

    /// Adds the second that has just passed, if the page was visible and in use.
    fn tick(count: &Rc<RefCell<Count>>, total: RwSignal<i64>) {
        let mut count = count.borrow_mut();
        let (now, from) = (browser::now(), count.ticked);
        count.ticked = now;
        // A gap longer than two ticks is a phone that slept: nobody read.
        if document().hidden() || now - count.touched > IDLE || now - from > 2_500 || now <= from {
            return;
        }
        match count.seen.last_mut() {
            Some(last) if last.to == from => last.to = now,
            _ => count.seen.push(Span { from, to: now }),
        }
        total.update(|s| *s += 1);
    }

    /// Tells the server which article stands at the top of the screen, when that has changed.
    fn remember(count: &Rc<RefCell<Count>>, law: &domain::id::LawSlug, version: &str) {
        let Ok(articles) = document().query_selector_all("section.article[data-address]") else {
            return;
        };
        let mut here = String::new();
        for i in 0..articles.length() {
            let Some(node) = articles.item(i) else {
                continue;
            };
            let article: web_sys::Element = wasm_bindgen::JsCast::unchecked_into(node);
            if article.get_bounding_client_rect().bottom() > 80.0 {
                here = article.get_attribute("data-address").unwrap_or_default();
                break;
            }
        }
        if here.is_empty() || here == count.borrow().place {
            return;
        }
        count.borrow_mut().place.clone_from(&here);
        let (law, version, count) = (law.clone(), version.to_owned(), count.clone());
        spawn_local(async move {
            let id = browser::event_id();
            if api::place(id, law, version, here).await.is_err() {
                count.borrow_mut().place.clear(); // told again two seconds later
            }
        });
    }
}
