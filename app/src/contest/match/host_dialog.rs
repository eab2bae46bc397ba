//! What the console asks before what can not be taken back.

use super::host::Desk;
use super::host_steps::{Ask, place, voidable};
use super::live::{Live, steer};
use super::parts;
use super::scene::Scene;
use domain::contest::r#match::{QuestionNumber, Steer};
use domain::id::LearnerId;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::sync::Arc;

/// How much of a question is shown in a list, in characters.
const BEGINS: usize = 40;

/// The dialog; open while something is asked.
pub fn dialog(scene: Arc<Scene>, live: Live, desk: Desk) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let asks = desk.ask.with(Option::is_some);
        let Some(element) = element.get() else { return };
        if asks && element.open() {
            // One question led to another: the button that had the focus is gone.
            request_animation_frame(move || {
                if let Ok(Some(first)) = element.query_selector("button") {
                    let _ = first
                        .unchecked_into::<leptos::web_sys::HtmlElement>()
                        .focus();
                }
            });
        } else if asks {
            let _ = element.show_modal();
        } else if !asks && element.open() {
            element.close();
        }
    });
    let inner = move || desk.ask.get().map(|ask| asked(&scene, live, desk, &ask));
    view! {
        <dialog class="confirm" aria-labelledby="confirm" node_ref=element on:close=move |_| desk.ask.set(None)>
            {inner}
        </dialog>
    }
}

fn asked(scene: &Scene, live: Live, desk: Desk, ask: &Ask) -> AnyView {
    match ask {
        Ask::Finish => {
            let words = scene.f(
                "host.confirm-finish-words",
                &[("n", &scene.setup.teams.len())],
            );
            let todo = scene.t("host.do-finish");
            sure(
                scene,
                desk,
                scene.t("host.confirm-finish"),
                words,
                todo,
                Steer::Finish,
            )
        }
        Ask::VoidOther => which(scene, live, desk),
        Ask::Void(question) => {
            let n = place(scene, Some(*question));
            let asked = live
                .replica
                .with_untracked(|replica| replica.game().board().was_opened(*question));
            let words = if asked {
                scene.f(
                    "host.confirm-void-words",
                    &[("teams", &scene.setup.teams.len())],
                )
            } else {
                scene.t("host.confirm-void-ahead")
            };
            let words = format!("{} {words}", scene.place(*question));
            let title = scene.f("host.confirm-void", &[("n", &n)]);
            let todo = scene.f("host.confirm-void-do", &[("n", &n)]);
            sure(
                scene,
                desk,
                title,
                words,
                todo,
                Steer::Void {
                    question: *question,
                },
            )
        }
        Ask::PutBack(seat) => {
            let title = scene.f("host.confirm-put-back", &[("name", &scene.name(*seat))]);
            let words = scene.t("host.confirm-put-back-words");
            let todo = scene.t("host.put-back");
            sure(
                scene,
                desk,
                title,
                words,
                todo,
                Steer::PutBack { seat: *seat },
            )
        }
        Ask::Substitute(enters) => {
            let enters = *enters;
            // Who plays now is on the board, not in the setup: the members may have changed.
            let team = scene.team_of(enters);
            let teams = scene.setup.teams.get(team.unwrap_or(usize::MAX));
            let everyone = teams.map_or_else(Vec::new, |team| {
                team.members
                    .iter()
                    .chain(&team.substitutes)
                    .copied()
                    .collect::<Vec<_>>()
            });
            let people = everyone
                .into_iter()
                .filter(|seat| *seat != enters)
                .collect();
            let make = move |leaves| Steer::Substitute { leaves, enters };
            choose(
                scene,
                desk,
                scene.t("host.bring-in-for"),
                None,
                people,
                make,
            )
        }
        Ask::HandOver => {
            let others = scene.setup.hosts.iter().copied();
            let others = others.filter(|host| Some(*host) != scene.person).collect();
            let note = Some(scene.t("host.hand-over-note"));
            choose(
                scene,
                desk,
                scene.t("host.hand-over-to"),
                note,
                others,
                |to| Steer::HandOver { to },
            )
        }
    }
}

fn sure(
    scene: &Scene,
    desk: Desk,
    title: String,
    words: String,
    todo: String,
    step: Steer,
) -> AnyView {
    let run = move |_| {
        desk.ask.set(None);
        steer(step.clone());
    };
    view! {
        <div>
            <h2 id="confirm">{title}</h2>
            <p>{words}</p>
            <div class="confirm-do">
                <button class="button" type="button" on:click=move |_| desk.ask.set(None)>{scene.t("host.cancel")}</button>
                <button class="button primary" type="button" on:click=run>{todo}</button>
            </div>
        </div>
    }
    .into_any()
}

/// The questions of which one is to count no more: where each stands, and how it begins.
fn which(scene: &Scene, live: Live, desk: Desk) -> AnyView {
    let questions = live.replica.with_untracked(|replica| {
        let begins = |question: QuestionNumber| match replica.words(Some(question)) {
            Some(words) if replica.game().board().was_opened(question) => {
                parts::stem(&words.stem).chars().take(BEGINS).collect()
            }
            _ => scene.t("host.not-asked"),
        };
        let questions = voidable(replica, &replica.view()).into_iter();
        let questions = questions.map(|question| (question, begins(question)));
        questions.collect::<Vec<(QuestionNumber, String)>>()
    });
    let buttons = questions.into_iter().map(|(question, begins)| {
        let run = move |_| desk.ask.set(Some(Ask::Void(question)));
        view! {
            <button class="button" type="button" on:click=run>
                <span>{scene.place(question)}</span>
                <small>{begins}</small>
            </button>
        }
    });
    let buttons = buttons.collect_view();
    view! {
        <div>
            <h2 id="confirm">{scene.t("host.void-which")}</h2>
            <div class="confirm-which">{buttons}</div>
            <div class="confirm-do">
                <button class="button" type="button" on:click=move |_| desk.ask.set(None)>{scene.t("host.cancel")}</button>
            </div>
        </div>
    }
    .into_any()
}

fn choose(
    scene: &Scene,
    desk: Desk,
    title: String,
    note: Option<String>,
    people: Vec<LearnerId>,
    make: impl Fn(LearnerId) -> Steer + Clone + Send + 'static,
) -> AnyView {
    let buttons = people.into_iter().map(|person| {
        let make = make.clone();
        let run = move |_| {
            desk.ask.set(None);
            steer(make(person));
        };
        view! { <button class="button" type="button" on:click=run>{scene.name(person)}</button> }
    });
    let buttons = buttons.collect_view();
    view! {
        <div>
            <h2 id="confirm">{title}</h2>
            <p>{note}</p>
            <div class="confirm-do">{buttons}</div>
            <div class="confirm-do">
                <button class="button" type="button" on:click=move |_| desk.ask.set(None)>{scene.t("host.cancel")}</button>
            </div>
        </div>
    }
    .into_any()
}
