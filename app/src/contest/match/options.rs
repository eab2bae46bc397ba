//! The options of a question as one seat sees them, and the blank.

use super::live::Live;
use super::parts::{icon, letter, shape};
use super::scene::Scene;
use domain::contest::r#match::message::Words;
use domain::contest::r#match::{QuestionNumber, options_of};
use domain::id::LearnerId;
use domain::question::{Answer, Key, QuestionKind};
use leptos::prelude::*;
use std::time::Duration;

/// Typing in a blank is saved when it pauses for so long.
const PAUSE: Duration = Duration::from_millis(700);

/// How the options are shown.
pub struct Shown {
    /// The question.
    pub number: QuestionNumber,
    /// What is chosen, by options as the bank lists them.
    pub answer: Option<Answer>,
    /// What marks the chosen one: an icon and its words.
    pub mark: Option<(&'static str, String)>,
    /// What is right, once that is shown.
    pub key: Option<Key>,
    /// Whether a choice is sent at once, or waits until it is handed in.
    pub at_once: bool,
}

/// The options in the order of the seat, or the blank.
pub fn shown(scene: &Scene, live: Live, words: &Words, how: &Shown) -> AnyView {
    if words.kind == QuestionKind::FillIn {
        return blank(scene, live, how);
    }
    let seat = scene.person.unwrap_or(LearnerId(uuid::Uuid::nil()));
    let count = u8::try_from(words.options.len()).unwrap_or(u8::MAX);
    let order = options_of(seat, how.number, count, words.kind);
    let tiles = order.into_iter().enumerate().map(|(place, option)| {
        let text = words
            .options
            .get(usize::from(option))
            .cloned()
            .unwrap_or_default();
        tile(scene, live, words.kind, how, place, option, text)
    });
    let tiles = tiles.collect_view();
    view! { <div class="tiles">{tiles}</div> }.into_any()
}

fn chosen(answer: Option<&Answer>) -> &[u8] {
    match answer {
        Some(Answer::Choices(chosen)) => chosen,
        _ => &[],
    }
}

fn tile(
    scene: &Scene,
    live: Live,
    kind: QuestionKind,
    how: &Shown,
    place: usize,
    option: u8,
    text: String,
) -> AnyView {
    let now = chosen(how.answer.as_ref());
    let checked = now.contains(&option);
    let right = match &how.key {
        Some(Key::Choices(right)) => Some(right.contains(&option)),
        _ => None,
    };
    let (state, mark) = match (right, checked) {
        (Some(true), true) => (Some("right"), Some(("right", scene.t("question.missed")))),
        (Some(true), false) => (Some("missed"), Some(("right", scene.t("question.missed")))),
        (Some(false), true) => (
            Some("wrong"),
            Some(("wrong", scene.t("question.chosen-wrong"))),
        ),
        (None, true) => (None, how.mark.clone()),
        _ => (None, None),
    };
    let multiple = kind == QuestionKind::Multiple;
    let next = if multiple {
        let mut all: Vec<u8> = now.iter().copied().filter(|o| *o != option).collect();
        if !checked {
            all.push(option);
        }
        all.sort_unstable();
        all
    } else {
        vec![option]
    };
    let (number, at_once) = (how.number, how.at_once);
    let choose = move |_| give(live, number, Answer::Choices(next.clone()), at_once);
    let with_shape = !(mark.is_some() && state.is_some());
    let mark = mark.map(|(picture, words)| {
        view! { <span class="mark">{icon(picture)}<span class="visually-hidden">{words}</span></span> }
    });
    view! {
        <label class="tile" data-state=state data-kind=multiple.then_some("multiple")>
            <input
                type=if multiple { "checkbox" } else { "radio" }
                name=format!("q{}", number.0)
                value=option.to_string()
                prop:checked=checked
                on:change=choose
            />
            <span class="letter">{letter(place)}</span>
            <span class="text">{text}</span>
            {with_shape.then(|| shape(place))}
            {mark}
        </label>
    }
    .into_any()
}

fn give(live: Live, number: QuestionNumber, answer: Answer, at_once: bool) {
    if at_once {
        live.answer(number, answer);
    } else {
        live.draft.set(Some((number, answer)));
    }
}

/// The blank: saved when typing pauses at its end, or when the field is left.
fn blank(scene: &Scene, live: Live, how: &Shown) -> AnyView {
    let text = match &how.answer {
        Some(Answer::Words(words)) => words.clone(),
        _ => String::new(),
    };
    let (number, at_once) = (how.number, how.at_once);
    let typed = move |event: leptos::ev::Event| {
        let words = Answer::Words(event_target_value(&event).trim().to_owned());
        live.draft.set(Some((number, words.clone())));
        let typed = Some((number, words));
        let pause = move || {
            if at_once && live.draft.try_get_untracked() == Some(typed.clone()) {
                live.draft.set(None);
                live.answer(
                    number,
                    typed.map_or(Answer::Words(String::new()), |(_, words)| words),
                );
            }
        };
        set_timeout(pause, PAUSE);
    };
    let left = move |_| {
        if let (true, Some((drafted, answer))) = (at_once, live.draft.get_untracked())
            && drafted == number
        {
            live.draft.set(None);
            live.answer(number, answer);
        }
    };
    let right = match &how.key {
        Some(Key::Words(words)) => words.first().cloned(),
        _ => None,
    };
    let id = format!("blank-{}", number.0);
    let right = right.map(|right| {
        view! { <p class="lead">{icon("right")}{scene.t("question.missed")}" "{right}</p> }
    });
    view! {
        <div class="field blank">
            <label for=id.clone()>{scene.t("question.blank")}</label>
            <input id=id.clone() type="text" autocomplete="off" maxlength="100" value=text on:input=typed on:change=left/>
        </div>
        {right}
    }
    .into_any()
}
