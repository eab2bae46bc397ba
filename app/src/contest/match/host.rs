//! The host's console: the state, the next step, all other steps a key away, seats and the log.

use super::host_log::log;
use super::host_seats::seats;
use super::host_steps::{Ask, Do, Step, next, steps};
use super::live::{Line, Live, steer};
use super::parts::{self, by_rank, choices, icon, ring};
use super::player::notice_words;
use super::question::kind_words;
use super::replica::Replica;
use super::scene::Scene;
use domain::contest::r#match::{Kind, Phase, Steer, View};
use domain::question::Key;
use leptos::prelude::*;
#[cfg(feature = "live")]
use std::sync::Arc;

/// What only the console keeps: what is asked back, which seats are shown, who is looked for, whether
/// keys count.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What is asked before a step that can not be taken back.
    pub ask: RwSignal<Option<Ask>>,
    /// Which seats are shown.
    pub shown: RwSignal<Seats>,
    /// Part of a name or a team that seats are looked for by; all of them while it is empty.
    pub find: RwSignal<String>,
    /// Whether keys are shortcuts.
    pub keys: RwSignal<bool>,
}

/// Which seats are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seats {
    /// All of them.
    All,
    /// Who is not here.
    Absent,
    /// Who has not answered.
    Silent,
    /// Of whom there is a fact to see.
    Facts,
}

impl Desk {
    /// A console as it begins.
    #[must_use]
    pub fn new() -> Self {
        Self {
            ask: RwSignal::new(None),
            shown: RwSignal::new(Seats::All),
            find: RwSignal::new(String::new()),
            keys: RwSignal::new(true),
        }
    }

    /// Does it, or asks before.
    pub fn run(self, act: Do) {
        match act {
            Do::Steer(step) => steer(step),
            Do::Ask(ask) => self.ask.set(Some(ask)),
        }
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

/// The console, with what it asks back and its keys.
#[cfg(feature = "live")]
pub fn console(scene: Arc<Scene>, live: Live) -> impl IntoView {
    let desk = Desk::new();
    shortcuts(scene.clone(), live, desk);
    let about = scene.clone();
    let console = move || {
        keep_focus();
        live.awake.get().then(|| picture(&about, live, desk))
    };
    view! {
        {console}
        {super::host_dialog::dialog(scene, live, desk)}
    }
}

/// With erased types each event takes all attributes of all elements away and puts them back, and
/// the focus is lost with a region's tabindex: it is given back when the picture is drawn.
#[cfg(feature = "live")]
fn keep_focus() {
    use wasm_bindgen::JsCast;
    let held = document().active_element();
    let Some(held) = held.and_then(|held| held.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return;
    };
    queue_microtask(move || {
        let now = document().active_element();
        let is_lost = now.is_none_or(|now| now.tag_name() == "BODY");
        if is_lost && held.is_connected() {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            // What can not be focused any more is left.
            let _ = held.focus_with_options(&options);
        }
    });
}

/// Keys do what the buttons do, unless something is asked or typed.
#[cfg(feature = "live")]
fn shortcuts(scene: Arc<Scene>, live: Live, desk: Desk) {
    use wasm_bindgen::JsCast;
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let busy = desk.ask.with_untracked(Option::is_some) || !desk.keys.get_untracked();
        if busy || event.repeat() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let target = event
            .target()
            .and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let scrolls = target.as_ref().is_some_and(|t| t.has_attribute("tabindex"));
        let on = target.map(|t| t.tag_name()).unwrap_or_default();
        if matches!(on.as_str(), "INPUT" | "SELECT" | "TEXTAREA") {
            return;
        }
        let key = event.key();
        // A button with the focus takes the space for itself, a region scrolls by it.
        if key == " " && (scrolls || matches!(on.as_str(), "BUTTON" | "SUMMARY" | "A")) {
            return;
        }
        let act = live.replica.with_untracked(|replica| {
            let view = replica.view();
            if !leads(&scene, &view) {
                return None;
            }
            if key == " " {
                return next(&scene, replica, &view).and_then(|next| next.act);
            }
            let all = steps(&scene, replica, &view);
            let step = all
                .into_iter()
                .find(|step| step.key.eq_ignore_ascii_case(&key))?;
            step.act
        });
        if let Some(act) = act {
            event.prevent_default();
            desk.run(act);
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether who looks at the console leads the match.
pub fn leads(scene: &Scene, view: &View) -> bool {
    let in_charge = view.console.as_ref().and_then(|console| console.in_charge);
    in_charge.is_some() && in_charge == scene.person
}

/// What a host sees.
pub fn picture(scene: &Scene, live: Live, desk: Desk) -> AnyView {
    live.replica.with(|replica| {
        let view = replica.view();
        view! {
            <div class="host" data-phase=parts::phase_name(view.phase)>
                {state(scene, live, replica, &view)}
                {next_step(scene, live, desk, replica, &view)}
                {question(scene, replica, &view)}
                {all_steps(scene, live, desk, replica, &view)}
                {seats(scene, desk, &view)}
                {log(scene, replica)}
            </div>
        }
        .into_any()
    })
}

fn state(scene: &Scene, live: Live, replica: &Replica, view: &View) -> AnyView {
    let console = view.console.as_ref();
    let in_charge = console.and_then(|console| console.in_charge);
    let name = in_charge.map(|host| scene.name(host)).unwrap_or_default();
    let step = console.map_or(0, |console| console.step);
    let message = if live.line.get() == Line::Lost {
        Some(("wrong", "offline", scene.t("host.lost")))
    } else if let Some(notice) = live.notice.get() {
        Some(("wrong", "wrong", notice_words(scene, notice)))
    } else if leads(scene, view) {
        None
    } else {
        Some(("info", "info", scene.f("host.watching", &[("name", &name)])))
    };
    let message = message.map(|(kind, picture, words)| {
        let role = if kind == "wrong" { "alert" } else { "status" };
        view! { <div class="flash" role=role data-kind=kind>{icon(picture)}<p>{words}</p></div> }
    });
    let phase = scene.t(&format!("match-phase.{}", parts::phase_name(view.phase)));
    let title = match view.phase {
        Phase::Lobby | Phase::Ready | Phase::Finished => scene.title.clone(),
        Phase::Scoreboard => scene.so_far(view.question),
        _ => scene.number(view.question),
    };
    let line = live.line.get() == Line::Open;
    let line = line.then(|| view! { <span class="chip" data-state="right">{icon("saved")}{scene.t("host.connected")}</span> });
    view! {
        <header class="host-state">
            {message}
            <div>
                <p><span class="chip" data-state="open">{phase}</span>{scene.f("host.step-by", &[("n", &step), ("name", &name)])}" "{line}</p>
                <h1>{title}</h1>
                <p>{progress(scene, replica, view)}</p>
            </div>
            {ring(scene, live, view)}
        </header>
    }
    .into_any()
}

/// How far everyone is, or what comes.
fn progress(scene: &Scene, replica: &Replica, view: &View) -> String {
    match view.phase {
        Phase::Lobby => {
            let n = parts::sum(view, |team| team.present);
            scene.f("match.here", &[("n", &n), ("total", &scene.seats())])
        }
        Phase::Ready => {
            let n = parts::sum(view, |team| team.ready);
            scene.f("host.note-ready", &[("n", &n), ("total", &scene.seats())])
        }
        Phase::Stakes | Phase::Open | Phase::Floor | Phase::Locked => {
            let n = parts::sum(view, |team| team.answered);
            let total = parts::sum(view, parts::asked_of);
            let full = view
                .teams
                .iter()
                .filter(|t| t.answered >= parts::asked_of(t))
                .count();
            scene.f(
                "host.answered",
                &[
                    ("n", &n),
                    ("total", &total),
                    ("teams", &full),
                    ("all", &view.teams.len()),
                ],
            )
        }
        Phase::Reveal | Phase::Scoreboard => {
            let coming = super::host_steps::coming(replica);
            match scene.round_of(coming) {
                Some((index, round, place)) => scene.f(
                    "host.coming",
                    &[
                        ("round", &(index + 1)),
                        ("kind", &scene.kind(&round.kind)),
                        ("n", &(place + 1)),
                    ],
                ),
                None => scene.t("host.no-more"),
            }
        }
        Phase::Finished => scene.t("host.note-over"),
    }
}

fn next_step(scene: &Scene, live: Live, desk: Desk, replica: &Replica, view: &View) -> AnyView {
    if !leads(scene, view) {
        let in_charge = view.console.as_ref().and_then(|console| console.in_charge);
        let name = in_charge.map(|host| scene.name(host)).unwrap_or_default();
        let person = scene.person;
        let take_over = move |_| {
            if let Some(to) = person {
                steer(Steer::HandOver { to });
            }
        };
        // In another order than below: the button of the next step, and with it the focus, must not
        // become this one.
        return view! {
            <div class="host-next">
                <p>{scene.f("host.take-over-note", &[("name", &name)])}</p>
                <button class="button block" type="button" on:click=take_over>{icon("hand-over")}{scene.t("host.take-over")}</button>
            </div>
        }
        .into_any();
    }
    let Some(next) = next(scene, replica, view) else {
        return view! { <div class="host-next"><p>{scene.t("host.note-over")}</p></div> }
            .into_any();
    };
    let waits = live.steering.get() || live.line.get() != Line::Open || next.act.is_none();
    let run = move |_| {
        if let Some(act) = next.act.clone().filter(|_| !waits) {
            desk.run(act);
        }
    };
    // Disabled in name only: the focus stays on it for the step after this one.
    view! {
        <div class="host-next">
            <button class="button primary block" type="button" aria-keyshortcuts="Space" aria-disabled=waits.then_some("true") on:click=run>
                {next.label}<kbd>{scene.t("host.space")}</kbd>
            </button>
            <p>{next.note}</p>
        </div>
    }
    .into_any()
}

fn question(scene: &Scene, replica: &Replica, view: &View) -> AnyView {
    let words = match view.phase {
        Phase::Open | Phase::Floor | Phase::Locked | Phase::Reveal => replica.words(view.question),
        _ => None,
    };
    let Some((words, (_, round, place))) = words.zip(scene.round_of(view.question)) else {
        let rows = by_rank(view).into_iter().take(10);
        let rows = rows
            .map(|(_, team)| parts::standing(scene, team, false, false, false))
            .collect_view();
        return view! {
            <section class="host-question match" aria-labelledby="question">
                <div class="section-head"><h2 id="question">{scene.t("match.standings")}</h2></div>
                <ol class="standings">{rows}</ol>
            </section>
        }
        .into_any();
    };
    let right: Vec<u8> = match &view.key {
        Some(Key::Choices(right)) => right.iter().copied().collect(),
        _ => Vec::new(),
    };
    let blank = match &view.key {
        Some(Key::Words(words)) => words.first().cloned(),
        _ => None,
    };
    let presses = (!view.buzzer.is_empty()).then(|| parts::order(scene, view, None));
    let shape = match &round.kind {
        Kind::Wager { .. } => kind_words(scene, words.kind),
        _ => scene.pair(
            &kind_words(scene, words.kind),
            &scene.f("match.points", &[("n", &round.points)]),
        ),
    };
    view! {
        <section class="host-question" aria-labelledby="question">
            <div class="section-head"><h2 id="question">{scene.f("match.question-n", &[("n", &(place + 1))])}</h2><p>{shape}</p></div>
            <p class="stem">{parts::stem(&words.stem)}</p>
            {choices(&words.options, &right)}
            {blank}
            {presses}
        </section>
    }
    .into_any()
}

fn all_steps(scene: &Scene, live: Live, desk: Desk, replica: &Replica, view: &View) -> AnyView {
    let leads = leads(scene, view);
    let waits = live.steering.get() || live.line.get() != Line::Open;
    let buttons = steps(scene, replica, view).into_iter().map(|step| {
        let Step { key, picture, label, act } = step;
        let off = (!leads || waits || act.is_none()).then_some("true");
        let run = move |_| {
            if let (None, Some(act)) = (off, act.clone()) {
                desk.run(act);
            }
        };
        view! {
            <button class="button" type="button" aria-disabled=off aria-keyshortcuts=key on:click=run>
                {icon(picture)}{label}<kbd>{key.to_uppercase()}</kbd>
            </button>
        }
    });
    let buttons = buttons.collect_view();
    let keys = desk.keys.get();
    let words = scene.t(if keys {
        "host.keys-on"
    } else {
        "host.keys-off"
    });
    let screen = format!("/matches/{}/screen", scene.id);
    view! {
        <section class="host-steps" aria-labelledby="steps">
            <div class="section-head"><h2 id="steps">{scene.t("host.steps")}</h2><p>{scene.t("host.next-note")}</p></div>
            <div class="steps">
                {buttons}
                <button class="button" type="button" aria-pressed=keys.to_string() on:click=move |_| desk.keys.update(|on| *on = !*on)>{icon("keyboard")}{words}</button>
                <a class="button" href=screen target="_blank" rel="external">{icon("screen")}{scene.t("host.screen")}</a>
            </div>
        </section>
    }
    .into_any()
}
