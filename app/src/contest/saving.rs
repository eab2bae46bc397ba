//! Saving every choice: at once, in order, with a copy on the phone until the server has said
//! that it is durable.

use super::api;
use super::attempt::{AttemptWords, Place, Sitting, Whereabouts};
use crate::browser;
use crate::question::answer_of;
use domain::id::{AttemptId, EventId, QuestionId};
use domain::question::{Answer, QuestionKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How long the page waits before it tries again, in milliseconds.
const AGAIN: u64 = 2_000;
/// Typing in a blank is saved when it pauses for so long, in milliseconds.
const PAUSE: i64 = 700;

/// An answer that the server has not acknowledged. `navigate.js` reads it too: from any other
/// page it sends what this one had to leave.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Waiting {
    event: EventId,
    question: QuestionId,
    place: usize,
    revision: i64,
    answer: Answer,
    /// Not before this, by the page's clock: typing goes on.
    due: i64,
}

struct Inner {
    sitting: Sitting,
    attempt: AttemptId,
    name: String,
    questions: Vec<(QuestionId, QuestionKind)>,
    revisions: RefCell<Vec<i64>>,
    waiting: RefCell<Vec<Waiting>>,
    sending: Cell<bool>,
    /// The deadline on the page's clock, in milliseconds.
    ends: Cell<i64>,
    /// Whether the time is over: nothing is taken any more, what waits still goes out.
    over: Cell<bool>,
    words: AttemptWords,
}

/// The saver of one attempt.
#[derive(Clone)]
pub struct Saving(Rc<Inner>);

/// Wakes the page up: shows one question at a time, starts the countdown, sends what an earlier
/// page left on the phone.
pub fn start(
    sitting: Sitting,
    attempt: String,
    left: i64,
    paper: &[Place],
    words: AttemptWords,
) -> Saving {
    browser::end_with_page();
    let name = format!("zhijian.contest.{attempt}");
    let waiting: Vec<Waiting> = browser::stored(&name).unwrap_or_default();
    let mut revisions: Vec<i64> = paper.iter().map(|p| p.revision).collect();
    for w in &waiting {
        if let Some(revision) = revisions.get_mut(w.place) {
            *revision = (*revision).max(w.revision);
        }
    }
    let saving = Saving(Rc::new(Inner {
        sitting,
        attempt: attempt.parse().unwrap_or(AttemptId(uuid::Uuid::nil())),
        name,
        questions: paper
            .iter()
            .map(|p| (QuestionId(p.id.clone()), p.kind))
            .collect(),
        revisions: RefCell::new(revisions),
        waiting: RefCell::new(waiting),
        sending: Cell::new(false),
        ends: Cell::new(browser::now() + left),
        over: Cell::new(false),
        words,
    }));
    let awake = saving.clone();
    // After hydration: what the form shows must first be what the server made.
    Effect::new(move |_| {
        awake.restore();
        // What was said just before the page was loaded again.
        let notice = awake.notice_name();
        if let Some(said) = browser::in_session::<String>(&notice) {
            browser::drop_from_session(&notice);
            sitting.notice.set(said);
        }
        sitting.live.set(true);
        let first = sitting
            .places
            .get_untracked()
            .iter()
            .position(|p| *p == Whereabouts::Nowhere);
        sitting.current.set(first.unwrap_or(0));
    });
    Effect::new(move |_| {
        if sitting.live.get() {
            show_only(sitting.current.get());
        }
    });
    let ticking = saving.clone();
    browser::every(250, move || ticking.tick());
    let again = saving.clone();
    browser::every(AGAIN, move || again.send());
    let online = saving.clone();
    browser::on_window("online", move || online.send());
    saving
}

/// Asks before handing in with questions unanswered; while something is only on the phone it is
/// sent with the form anyway, since the form holds every answer.
pub fn confirm(submitted: &leptos::ev::SubmitEvent, sitting: Sitting, question: &str) {
    let open = sitting
        .places
        .get_untracked()
        .iter()
        .filter(|p| **p == Whereabouts::Nowhere)
        .count();
    if open > 0 {
        let sure = window().confirm_with_message(&question.replace("{n}", &open.to_string()));
        if !sure.unwrap_or(true) {
            submitted.prevent_default();
        }
    }
}

impl Saving {
    fn notice_name(&self) -> String {
        format!("zhijian.notice.{}", self.0.attempt)
    }

    /// A choice was made or a word typed.
    pub fn changed(&self, event: &leptos::ev::Event) {
        if self.0.over.get() {
            return;
        }
        let target: Option<web_sys::HtmlInputElement> = event
            .target()
            .and_then(|t| wasm_bindgen::JsCast::dyn_into(t).ok());
        let (Some(input), Some(form)) = (target, browser::form_of(event)) else {
            return;
        };
        let typed = input.type_() == "text";
        // A box or a dot tells of itself twice, by `input` and by `change`; once is enough.
        if !typed && event.type_() == "input" {
            return;
        }
        let Some(place) = input.name().strip_prefix('q').and_then(|n| n.parse().ok()) else {
            return;
        };
        let pause = if typed && event.type_() == "input" {
            PAUSE
        } else {
            0
        };
        self.take(&form, place, pause);
    }

    /// Takes the answer of a question off the form and puts it on its way, if it is another one.
    fn take(&self, form: &web_sys::HtmlFormElement, place: usize, pause: i64) {
        let inner = &self.0;
        let Some((question, kind)) = inner.questions.get(place) else {
            return;
        };
        let values = browser::field_values(form, &format!("q{place}"));
        let answer = answer_of(*kind, &values).unwrap_or(match kind {
            QuestionKind::FillIn => Answer::Words(String::new()),
            _ => Answer::Choices(Vec::new()),
        });
        let mut waiting = inner.waiting.borrow_mut();
        if let Some(last) = waiting.iter_mut().rev().find(|w| w.place == place)
            && last.answer == answer
        {
            last.due = last.due.min(browser::now() + pause);
        } else {
            // A revision that was never sent can still be replaced; one under way can not.
            waiting.retain(|w| w.place != place || w.due == 0);
            let mut revisions = inner.revisions.borrow_mut();
            revisions[place] += 1;
            waiting.push(Waiting {
                event: browser::event_id(),
                question: question.clone(),
                place,
                revision: revisions[place],
                answer,
                due: browser::now() + pause,
            });
        }
        browser::store(&inner.name, &*waiting);
        drop(waiting);
        self.mark(place, Whereabouts::OnItsWay);
        if pause == 0 {
            self.send();
        }
    }

    /// What an earlier page left on the phone is shown again and sent; what was chosen before the
    /// island woke is taken.
    fn restore(&self) {
        let Ok(Some(form)) = document().query_selector("form.stage-form") else {
            return;
        };
        let form: web_sys::HtmlFormElement = wasm_bindgen::JsCast::unchecked_into(form);
        for w in self.0.waiting.borrow_mut().iter_mut() {
            show(&form, w.place, &w.answer);
            w.due = 1;
        }
        for w in self.0.waiting.borrow().clone() {
            self.mark(w.place, Whereabouts::Phone);
        }
        let known = self.0.sitting.places.get_untracked();
        for place in 0..self.0.questions.len() {
            let values = browser::field_values(&form, &format!("q{place}"));
            let chosen = values.iter().any(|v| !v.is_empty());
            if known.get(place) == Some(&Whereabouts::Nowhere) && chosen {
                self.take(&form, place, 0);
            }
        }
        self.send();
    }

    fn mark(&self, place: usize, at: Whereabouts) {
        self.0.sitting.places.try_update(|places| {
            if let Some(p) = places.get_mut(place) {
                *p = at;
            }
        });
    }

    fn tick(&self) {
        let inner = &self.0;
        let left = inner.ends.get() - browser::now();
        inner.sitting.left.try_set(left);
        let typed = inner
            .waiting
            .borrow()
            .iter()
            .any(|w| w.due > 1 && w.due <= browser::now());
        if typed {
            self.send();
        }
        // The server says when it is over; the page asks it a moment after its own clock does.
        if left < -1_500 {
            inner.over.set(true);
        }
        if inner.over.get() {
            self.end();
        }
    }

    /// The time is over. What is only on the phone goes to the server first, which keeps it and
    /// marks it as late; then the page shows the result.
    fn end(&self) {
        let inner = &self.0;
        let words = &inner.words;
        if !inner.waiting.borrow().is_empty() {
            inner.sitting.notice.try_set(words.over_kept.clone());
            return;
        }
        inner.sitting.notice.try_set(words.over.clone());
        if !inner.sending.get() && window().navigator().on_line() {
            inner.sending.set(true); // once
            let _ = window().location().reload();
        }
    }

    /// Sends what waits, one after the other in the order of choosing.
    fn send(&self) {
        if self.0.sending.replace(true) {
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            while this.send_one().await {}
            this.0.sending.set(false);
        });
    }

    /// Sends the first one that is due; whether to go on.
    async fn send_one(&self) -> bool {
        let inner = &self.0;
        let next = {
            let mut waiting = inner.waiting.borrow_mut();
            let now = browser::now();
            let Some(next) = waiting.iter_mut().find(|w| w.due <= now) else {
                return false;
            };
            next.due = 0;
            next.clone()
        };
        match api::save(
            next.event,
            inner.attempt,
            next.question.clone(),
            next.revision,
            next.answer.clone(),
        )
        .await
        {
            Ok(_) => {
                self.acknowledged(&next);
                self.settle(next.place);
                true
            }
            // The server has kept it, and marked it as late.
            Err(error) if error.code == "too-late" => {
                inner.over.set(true);
                self.acknowledged(&next);
                self.settle(next.place);
                true
            }
            // It stays on the phone while nobody, or somebody else, is signed in.
            Err(error) if error.is_passing() || error.is_about_account() => {
                self.mark(next.place, Whereabouts::Phone);
                if let Some(w) = inner
                    .waiting
                    .borrow_mut()
                    .iter_mut()
                    .find(|w| w.event == next.event)
                {
                    w.due = 1;
                }
                if error.code == "sign-in-needed" {
                    browser::sign_in();
                }
                false
            }
            Err(error) => {
                self.acknowledged(&next);
                self.refused(&error.code, error.message);
                false
            }
        }
    }

    /// The answer is on the server unless a newer one of the same question still waits.
    fn settle(&self, place: usize) {
        let open = self.0.waiting.borrow().iter().any(|w| w.place == place);
        self.mark(
            place,
            if open {
                Whereabouts::OnItsWay
            } else {
                Whereabouts::Server
            },
        );
    }

    /// The server will not take it: say so, and show what the server has.
    fn refused(&self, code: &str, message: String) {
        let sitting = self.0.sitting;
        let words = &self.0.words;
        match code {
            "superseded" => {
                browser::keep_in_session(&self.notice_name(), &words.superseded);
                let _ = window().location().reload();
            }
            "submitted" => {
                sitting.notice.try_set(words.over.clone());
                browser::forget(&self.0.name);
                let _ = window().location().reload();
            }
            _ => {
                sitting.notice.try_set(message);
            }
        }
    }

    fn acknowledged(&self, done: &Waiting) {
        let mut waiting = self.0.waiting.borrow_mut();
        waiting.retain(|w| w.event != done.event);
        if waiting.is_empty() {
            browser::forget(&self.0.name);
        } else {
            browser::store(&self.0.name, &*waiting);
        }
    }
}

/// Shows one question of the form and hides the others.
fn show_only(current: usize) {
    let Ok(questions) = document().query_selector_all("form.stage-form fieldset.question") else {
        return;
    };
    for i in 0..questions.length() {
        let Some(node) = questions.item(i) else {
            continue;
        };
        let question: web_sys::HtmlElement = wasm_bindgen::JsCast::unchecked_into(node);
        question.set_hidden(i as usize != current);
    }
}

/// Puts an answer back into the form.
fn show(form: &web_sys::HtmlFormElement, place: usize, answer: &Answer) {
    let Ok(fields) = form.query_selector_all(&format!("[name=q{place}]")) else {
        return;
    };
    for i in 0..fields.length() {
        let Some(node) = fields.item(i) else { continue };
        let input: web_sys::HtmlInputElement = wasm_bindgen::JsCast::unchecked_into(node);
        match answer {
            Answer::Words(words) => input.set_value(words),
            Answer::Choices(places) => {
                let chosen = input.value().parse().is_ok_and(|p: u8| places.contains(&p));
                input.set_checked(chosen);
            }
        }
    }
}
