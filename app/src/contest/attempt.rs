//! The attempt: one form with all questions, which works as it stands; once the island is awake
//! it shows one question at a time, counts down by the server's clock and saves every choice.

use domain::question::QuestionKind;
use domain::time::Millis;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A question of the paper, as far as saving its answer goes; the fields themselves are made on
/// the server and never hydrated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Place {
    /// The question's id.
    pub id: String,
    /// Its type.
    pub kind: QuestionKind,
    /// The saved revision; 0 when nothing is saved.
    pub revision: i64,
}

/// Sentences of the attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AttemptWords {
    /// 剩余时间.
    pub left: String,
    /// 第 {n} 题，共 {total} 题.
    pub number: String,
    /// 已答 {n} / {total} 题.
    pub answered: String,
    /// Nothing to save yet.
    pub open: String,
    /// On its way.
    pub saving: String,
    /// Acknowledged.
    pub saved: String,
    /// Only on the phone.
    pub kept: String,
    /// Another device has answered since.
    pub superseded: String,
    /// The time is over.
    pub over: String,
    /// The time is over, and there are answers only on the phone.
    pub over_kept: String,
    /// Previous question.
    pub previous: String,
    /// Next question.
    pub next: String,
    /// Save, without wasm.
    pub save: String,
    /// Hand in.
    pub submit: String,
    /// Asked before handing in: {n} questions have no answer.
    pub confirm: String,
    /// Read by screen readers before the dots.
    pub dots: String,
}

/// Where the answer of a question is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whereabouts {
    /// There is none.
    #[default]
    Nowhere,
    /// On its way.
    OnItsWay,
    /// On the phone; the server could not be reached.
    Phone,
    /// On the server, acknowledged.
    Server,
}

/// What the island knows, shared by its parts.
#[derive(Clone, Copy)]
pub struct Sitting {
    /// Whether the island is awake.
    pub live: RwSignal<bool>,
    /// The question that is shown.
    pub current: RwSignal<usize>,
    /// Where each answer is.
    pub places: RwSignal<Vec<Whereabouts>>,
    /// Milliseconds left by the server's clock.
    pub left: RwSignal<i64>,
    /// A sentence that matters more than the state of saving.
    pub notice: RwSignal<String>,
}

/// An attempt that is running.
#[island]
pub fn Attempt(
    attempt: String,
    action: String,
    now: Millis,
    started: Millis,
    deadline: Millis,
    paper: Vec<Place>,
    words: AttemptWords,
    children: Children,
) -> impl IntoView {
    let total = paper.len();
    let begin = |p: &Place| {
        if p.revision > 0 {
            Whereabouts::Server
        } else {
            Whereabouts::Nowhere
        }
    };
    let sitting = Sitting {
        live: RwSignal::new(false),
        current: RwSignal::new(0),
        places: RwSignal::new(paper.iter().map(begin).collect()),
        left: RwSignal::new(deadline.since(now)),
        notice: RwSignal::new(String::new()),
    };
    let length = deadline.since(started).max(1);
    #[cfg(feature = "hydrate")]
    let saving = super::saving::start(sitting, attempt, deadline.since(now), &paper, words.clone());
    #[cfg(not(feature = "hydrate"))]
    let _ = attempt;
    let on_change = move |changed: leptos::ev::Event| {
        #[cfg(feature = "hydrate")]
        saving.changed(&changed);
        #[cfg(not(feature = "hydrate"))]
        let _ = changed;
    };
    let on_input = Clone::clone(&on_change);
    let on_submit = {
        let confirm = words.confirm.clone();
        move |submitted: leptos::ev::SubmitEvent| {
            #[cfg(feature = "hydrate")]
            super::saving::confirm(&submitted, sitting, &confirm);
            #[cfg(not(feature = "hydrate"))]
            let _ = (&submitted, &confirm);
        }
    };
    let class = move || {
        if sitting.live.get() {
            "stage-form"
        } else {
            "stage-form plain"
        }
    };
    view! {
        <form class=class method="post" action=action on:change=on_change on:input=on_input on:submit=on_submit>
            {state_line(sitting, total, words.clone(), countdown(sitting, length, words.left.clone()))}
            {children()}
            <div class="dock">{dots(sitting, total, &words)}{buttons(sitting, total, &words)}</div>
        </form>
    }
}

/// The ring, and the time that is left in it.
fn countdown(sitting: Sitting, length: i64, label: String) -> impl IntoView + use<> {
    let gone = move || {
        let gone = (length - sitting.left.get()).clamp(0, length) * 100 / length;
        gone.to_string()
    };
    let time = move || {
        let seconds = (sitting.left.get().max(0) + 999) / 1000;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    };
    let urgent = move || (sitting.left.get() <= 30_000).then_some("");
    view! {
        <div class="countdown" role="timer" aria-label=label data-urgent=urgent>
            <svg viewBox="0 0 100 100" aria-hidden="true">
                <circle cx="50" cy="50" r="45" pathLength="100"></circle>
                <circle cx="50" cy="50" r="45" pathLength="100" stroke-dasharray="100" stroke-dashoffset=gone></circle>
            </svg>
            <time>{time}</time>
        </div>
    }
}

fn state_line(
    sitting: Sitting,
    total: usize,
    words: AttemptWords,
    ring: impl IntoView + 'static,
) -> impl IntoView {
    let number = words.number.clone();
    let number = move || {
        let n = (sitting.current.get() + 1).to_string();
        number
            .replace("{n}", &n)
            .replace("{total}", &total.to_string())
    };
    let where_ = Memo::new(move |_| {
        let places = sitting.places.get();
        [
            Whereabouts::Phone,
            Whereabouts::OnItsWay,
            Whereabouts::Server,
        ]
        .into_iter()
        .find(|w| places.contains(w))
        .unwrap_or_default()
    });
    let sentence = move || {
        let notice = sitting.notice.get();
        if !notice.is_empty() {
            return notice;
        }
        match where_.get() {
            Whereabouts::Nowhere => words.open.clone(),
            Whereabouts::OnItsWay => words.saving.clone(),
            Whereabouts::Phone => words.kept.clone(),
            Whereabouts::Server => words.saved.clone(),
        }
    };
    let state = move || match where_.get() {
        Whereabouts::Server => Some("right"),
        Whereabouts::Phone => Some("gold"),
        _ => None,
    };
    let picture = move || match where_.get() {
        Whereabouts::Server => "/icons.svg#saved",
        Whereabouts::Phone => "/icons.svg#phone",
        _ => "/icons.svg#saving",
    };
    view! {
        <div class="stage-state" hidden=move || !sitting.live.get()>
            <p>{number}</p>
            <p class="chip" role="status" data-state=state>
                <svg class="icon" aria-hidden="true"><use href=picture></use></svg>
                <span>{sentence}</span>
            </p>
            {ring}
        </div>
    }
}

fn dots(sitting: Sitting, total: usize, words: &AttemptWords) -> impl IntoView + use<> {
    let is_answered = move |i: usize| sitting.places.get().get(i) != Some(&Whereabouts::Nowhere);
    let dot = move |i: usize| {
        let state = move || match (sitting.current.get() == i, is_answered(i)) {
            (true, _) => "current",
            (_, true) => "answered",
            _ => "empty",
        };
        let both = move || (sitting.current.get() == i && is_answered(i)).then_some("");
        view! { <i data-state=state data-answered=both></i> }
    };
    let button = move |i: usize| {
        let state = move || if is_answered(i) { "answered" } else { "empty" };
        let here = move || (sitting.current.get() == i).then_some("step");
        view! {
            <li><button type="button" data-state=state aria-current=here on:click=move |_| sitting.current.set(i)>{i + 1}</button></li>
        }
    };
    let answered = words.answered.clone();
    let answered = move || {
        let n = (0..total).filter(|i| is_answered(*i)).count().to_string();
        answered
            .replace("{n}", &n)
            .replace("{total}", &total.to_string())
    };
    view! {
        <details class="dots" hidden=move || !sitting.live.get()>
            <summary>
                <span class="visually-hidden">{words.dots.clone()}</span>
                {(0..total).map(dot).collect_view()}
                <span>{answered}</span>
            </summary>
            <ol>{(0..total).map(button).collect_view()}</ol>
        </details>
    }
}

fn buttons(sitting: Sitting, total: usize, words: &AttemptWords) -> impl IntoView + use<> {
    let last = move || sitting.current.get() + 1 >= total;
    let live = move || sitting.live.get();
    let step = move |by: isize| {
        let to = sitting.current.get_untracked().saturating_add_signed(by);
        sitting.current.set(to.min(total.saturating_sub(1)));
    };
    let submit_class = move || {
        if live() && !last() {
            "button"
        } else {
            "button primary"
        }
    };
    view! {
        <button class="button" name="do" value="save" hidden=live>{words.save.clone()}</button>
        <button class="button" type="button" hidden=move || !live() disabled=move || sitting.current.get() == 0 on:click=move |_| step(-1)>{words.previous.clone()}</button>
        <button class="button primary" type="button" hidden=move || !live() || last() on:click=move |_| step(1)>{words.next.clone()}</button>
        <button class=submit_class name="do" value="submit" hidden=move || live() && !last()>{words.submit.clone()}</button>
    }
}
