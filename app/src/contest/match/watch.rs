//! The page for spectators on phones: what the big screen shows, and nothing to press.

use super::live::{Line, Live};
use super::parts::{self, chip, flash, icon, order, ring, standings, state_line, waiting};
use super::scene::Scene;
use domain::contest::r#match::message::Words;
use domain::contest::r#match::{Phase, View};
use domain::question::Key;
use leptos::prelude::*;

/// Rows of the scoreboard beside a question.
const ROWS: usize = 5;

/// What a spectator sees.
pub fn picture(scene: &Scene, live: Live) -> AnyView {
    live.replica.with(|replica| {
        let view = replica.view();
        let body = body(scene, live, &view, replica.words(view.question));
        let message = if live.line.get() == Line::Lost {
            Some(flash(scene.t("match.lost-idle"), "offline"))
        } else {
            parts::is_paused(&view).then(|| flash(scene.t("match.paused"), "pause"))
        };
        let teams = scene.f("match.of-teams", &[("n", &view.teams.len())]);
        view! {
            <div class="match" data-phase=parts::phase_name(view.phase)>
                {message}
                {body}
                <footer class="dock"><div class="own">
                    <p>{scene.t("watch.title")}" "{teams}</p>
                    <p class="chip">{icon("screen")}{scene.t("watch.synced")}</p>
                </div></footer>
            </div>
        }
        .into_any()
    })
}

fn body(scene: &Scene, live: Live, view: &View, words: Option<&Words>) -> AnyView {
    let clock = ring(scene, live, view);
    match view.phase {
        Phase::Lobby | Phase::Ready => {
            let come = view.teams.iter().filter(|team| team.present > 0).count();
            let words = scene.f(
                "watch.wait-words",
                &[
                    ("teams", &come),
                    ("all", &view.teams.len()),
                    ("n", &parts::sum(view, |team| team.present)),
                    ("total", &scene.seats()),
                ],
            );
            waiting("waiting", scene.t("watch.wait"), words)
        }
        Phase::Stakes => {
            let state = chip(scene.t("match.stake-wait"), Some("stake"), None);
            (
                state_line(scene.number(view.question), state, clock),
                board(scene, view, false),
            )
                .into_any()
        }
        Phase::Scoreboard => {
            let state = chip(scene.t("match.scoreboard"), Some("flag"), None);
            let all = standings(scene, view, None, usize::MAX, false);
            (state_line(scene.so_far(view.question), state, None), all).into_any()
        }
        Phase::Finished => {
            let all = standings(scene, view, None, usize::MAX, false);
            let state = chip(scene.t("match-phase.finished"), Some("flag"), None);
            (state_line(scene.t("match.final"), state, None), all).into_any()
        }
        Phase::Open | Phase::Floor | Phase::Locked | Phase::Reveal => {
            question(scene, view, words, clock)
        }
    }
}

fn question(scene: &Scene, view: &View, words: Option<&Words>, clock: Option<AnyView>) -> AnyView {
    let n = parts::sum(view, |team| team.answered);
    let total = parts::sum(view, parts::asked_of);
    let state = match view.phase {
        _ if parts::is_void(view, view.question) => {
            chip(scene.t("match.void"), Some("void"), Some("gold"))
        }
        Phase::Floor => chip(scene.t("match-phase.floor"), Some("buzzer"), None),
        Phase::Reveal => {
            let right = parts::sum(view, |team| team.right.unwrap_or(0));
            let words = scene.f("watch.people-right", &[("n", &right), ("total", &total)]);
            chip(words, Some("check"), Some("right"))
        }
        _ => {
            let words = scene.f("watch.people-answered", &[("n", &n), ("total", &total)]);
            chip(words, Some("people"), None)
        }
    };
    let right: Vec<u8> = match &view.key {
        Some(Key::Choices(right)) => right.iter().copied().collect(),
        _ => Vec::new(),
    };
    let place = scene
        .round_of(view.question)
        .map_or(0, |(_, _, place)| place + 1);
    let words = words.map(|words| {
        let stem = format!("{place}. {}", parts::stem(&words.stem));
        view! { <p class="stem">{stem}</p>{parts::choices(&words.options, &right)} }
    });
    let presses = (!view.buzzer.is_empty()).then(|| order(scene, view, None));
    view! {
        {state_line(scene.number(view.question), state, clock)}
        {words}
        {presses}
        {board(scene, view, view.phase == Phase::Reveal)}
    }
    .into_any()
}

fn board(scene: &Scene, view: &View, gains: bool) -> AnyView {
    let title = scene.t(if gains {
        "match.gains"
    } else {
        "match.standings"
    });
    let most = if gains { usize::MAX } else { ROWS };
    view! {
        <section>
            <div class="section-head"><h2>{title}</h2><p>{scene.f("match.of-teams", &[("n", &view.teams.len())])}</p></div>
            {standings(scene, view, None, most, gains)}
        </section>
    }
    .into_any()
}
