//! A player's page: the lobby, the questions, the buzzer, the scoreboard.

use super::live::{Line, Live, Notice, play, take_seat};
use super::parts::{self, chip, flash, icon, points, ring, standings, state_line, waiting};
use super::press;
use super::question;
use super::scene::Scene;
use domain::contest::r#match::message::Move;
use domain::contest::r#match::{Kind, Own, Phase, TeamView, View};
use leptos::prelude::*;

/// What a player sees of the match: a function of the replica and of what is on its way.
pub fn picture(scene: &Scene, live: Live) -> AnyView {
    live.replica.with(|replica| {
        let view = replica.view();
        let kind = scene
            .round_of(view.question)
            .map(|(_, round, _)| parts::kind_name(&round.kind));
        let (name, body) = match &view.own {
            Some(own) if live.taken.get() => ("taken-over", taken(scene, own.device.is_none())),
            Some(own) => (parts::phase_name(view.phase), body(scene, live, &view, own)),
            None => (
                "none",
                waiting(
                    "people",
                    scene.t("match.no-seat"),
                    scene.t("match.no-seat-words"),
                ),
            ),
        };
        let main_action = view
            .own
            .as_ref()
            .and_then(|own| action(scene, live, &view, own));
        view! {
            <div class="match" data-phase=name data-kind=kind>
                {message(scene, live, &view)}
                {body}
                {foot(scene, &view, main_action)}
            </div>
        }
        .into_any()
    })
}

/// What matters more than the question: a lost connection, a pause, a refusal.
fn message(scene: &Scene, live: Live, view: &View) -> Option<AnyView> {
    if live.line.get() == Line::Lost {
        let pressed = view
            .question
            .is_some_and(|question| live.is_pressing(question));
        let key = if pressed {
            "match.lost-pressed"
        } else if live.waiting.with(Vec::is_empty) {
            "match.lost-idle"
        } else {
            "match.lost"
        };
        return Some(flash(scene.t(key), "offline"));
    }
    if let Some(notice) = live.notice.get() {
        return Some(flash(notice_words(scene, notice), "info"));
    }
    parts::is_paused(view).then(|| flash(scene.t("match.paused"), "pause"))
}

/// The sentence of a notice.
pub fn notice_words(scene: &Scene, notice: Notice) -> String {
    match notice {
        Notice::Refused(why) => scene.t(&format!("refusal.{}", why.code())),
        Notice::Failed => scene.t("match.failed"),
    }
}

/// Another device has the seat, or the host has freed it.
fn taken(scene: &Scene, freed: bool) -> AnyView {
    let title = if freed {
        "match.freed-title"
    } else {
        "match.taken-title"
    };
    view! {
        <div class="waiting">
            {icon("devices")}
            <h2>{scene.t(title)}</h2>
            <p>{scene.t("match.taken-words")}</p>
            <button class="button primary" type="button" on:click=|_| take_seat()>{scene.t("match.take-back")}</button>
        </div>
    }
    .into_any()
}

fn body(scene: &Scene, live: Live, view: &View, own: &Own) -> AnyView {
    let Some(team) = view.teams.iter().find(|team| team.team == own.team) else {
        return ().into_any();
    };
    match view.phase {
        Phase::Lobby => lobby(scene, view, own, team),
        Phase::Ready => ready(scene, view, own, team),
        Phase::Scoreboard => scoreboard(scene, view, own),
        Phase::Finished => finished(scene, view, own, team),
        _ if !own.plays && view.phase != Phase::Reveal => waiting(
            "people",
            scene.t("match.you-substitute"),
            scene.t("match.bench-words"),
        ),
        Phase::Stakes => stakes(scene, live, view, own, team),
        Phase::Open | Phase::Floor | Phase::Locked | Phase::Reveal => {
            question::question(scene, live, view, own, team)
        }
    }
}

fn is_captain(scene: &Scene, own: &Own) -> bool {
    let team = scene.setup.teams.iter().find(|team| team.id == own.team);
    team.is_some_and(|team| team.members.first() == scene.person.as_ref())
}

fn lobby(scene: &Scene, view: &View, own: &Own, team: &TeamView) -> AnyView {
    let role = if !own.plays {
        scene.t("match.you-substitute")
    } else if is_captain(scene, own) {
        scene.t("match.you-captain")
    } else {
        String::new()
    };
    let here = scene.f(
        "match.here",
        &[("n", &team.present), ("total", &team.members)],
    );
    let pips =
        (0..team.members).map(|n| view! { <i data-on=(n < team.present).then_some("")></i> });
    let pips = pips.collect_view();
    let full = view.teams.iter().filter(|t| t.present >= t.members).count();
    let come = view.teams.iter().filter(|t| t.present > 0).count();
    let figure = scene.f(
        "match.teams-here",
        &[("n", &come), ("total", &view.teams.len())],
    );
    view! {
        <header class="page-head">
            <p class="chip" data-state="open">{scene.t("watch.wait")}</p>
            <h2>{scene.title.clone()}</h2>
            <p>{scene.t("match.before")}</p>
        </header>
        <ul class="rows">
            <li><div class="row">
                <span class="row-lead">{icon("people")}</span>
                <span class="row-body">
                    <span class="row-title">{team.name.clone()}</span>
                    <span class="row-note"><span class="pips" role="img" aria-label=here.clone()>{pips}</span>" "{here.clone()}" "{role}</span>
                </span>
            </div></li>
            <li><div class="row">
                <span class="row-lead">{icon("unit")}</span>
                <span class="row-body">
                    <span class="row-title">{scene.t("match.teams")}</span>
                    <span class="row-note">{scene.f("match.teams-full", &[("n", &full)])}</span>
                </span>
                <span class="row-figure">{figure}</span>
            </div></li>
        </ul>
        {rules(scene)}
    }
    .into_any()
}

/// The programme and how it is counted.
pub fn rules(scene: &Scene) -> AnyView {
    let rounds = scene.setup.rounds.iter().enumerate().map(|(index, round)| {
        let shape = scene.f(
            "match.round-shape",
            &[
                ("kind", &scene.kind(&round.kind)),
                ("n", &round.questions),
                ("seconds", &round.seconds),
            ],
        );
        let formula = scene.formula(round);
        let rules = &scene.setup.rules;
        let more = match round.kind {
            Kind::Buzzer { .. } => {
                let time = scene.f("match.buzzer-time", &[("seconds", &rules.answering_seconds)]);
                format!("{time}{}", parts::tie_rule(scene))
            }
            Kind::Wager { .. } => scene.f("match.wager-time", &[("seconds", &rules.staking_seconds)]),
            Kind::Required | Kind::Relay => String::new(),
        };
        view! { <li><span class="letter">{index + 1}</span><span class="text">{shape}" "{formula}{more}</span></li> }
    });
    let rounds = rounds.collect_view();
    view! {
        <details class="disclosure"><summary>{scene.t("match.rules")}</summary><ol class="choices">{rounds}</ol></details>
    }
    .into_any()
}

fn ready(scene: &Scene, view: &View, own: &Own, team: &TeamView) -> AnyView {
    if !own.ready {
        let words = scene.f(
            "match.ready-words",
            &[("n", &team.ready), ("total", &team.members)],
        );
        return waiting("list", scene.t("match.ready-call"), words);
    }
    let all = parts::sum(view, |t| t.ready);
    let words = scene.f(
        "match.ready-count",
        &[
            ("n", &team.ready),
            ("total", &team.members),
            ("all", &all),
            ("seats", &scene.seats()),
        ],
    );
    waiting("right", scene.t("match.ready-done"), words)
}

fn stakes(scene: &Scene, live: Live, view: &View, own: &Own, team: &TeamView) -> AnyView {
    let allowed = scene
        .round_of(view.question)
        .map_or_else(Vec::new, |(_, round, _)| round.kind.stakes().to_vec());
    let least = allowed.iter().min().copied().unwrap_or(0);
    let number = scene.number(view.question);
    let clock = ring(scene, live, view);
    if team.alone != scene.person {
        let captain = team.alone.map(|seat| scene.name(seat)).unwrap_or_default();
        let title = scene.f("match.stake-captain", &[("name", &captain)]);
        let words = scene.f(
            "match.stake-choices",
            &[("stakes", &scene.stakes(&allowed)), ("least", &least)],
        );
        let state = chip(scene.t("match.stake-wait"), Some("stake"), None);
        return (
            state_line(number, state, clock),
            waiting("stake", title, words),
        )
            .into_any();
    }
    if let Some(staked) = own.staked {
        let done = scene.f("match.stake-done", &[("n", &staked)]);
        let state = chip(done.clone(), Some("saved"), Some("right"));
        return (
            state_line(number, state, clock),
            waiting("stake", done, scene.t("match.wait-next")),
        )
            .into_any();
    }
    let tiles = allowed.into_iter().map(|n| {
        view! {
            <label class="tile">
                <input type="radio" name="stake" value=n.to_string() prop:checked=live.stake.get() == Some(n) on:change=move |_| live.stake.set(Some(n))/>
                <span class="letter">{n}</span>
                <span class="text">{scene.t("match.points-unit")}</span>
            </label>
        }
    });
    let tiles = tiles.collect_view();
    let state = chip(scene.t("match.stake-none"), Some("stake"), None);
    let fields = view! {
        <fieldset class="question" disabled=parts::is_paused(view)>
            <legend>{scene.t("match.stake-ask")}<small>{scene.f("match.stake-words", &[("least", &least)])}</small></legend>
            <div class="tiles stakes">{tiles}</div>
        </fieldset>
    };
    (state_line(number, state, clock), fields).into_any()
}

fn scoreboard(scene: &Scene, view: &View, own: &Own) -> AnyView {
    let mine = view.teams.iter().position(|team| team.team == own.team);
    let state = chip(scene.t("match.scoreboard"), Some("flag"), None);
    (
        state_line(scene.so_far(view.question), state, None),
        standings(scene, view, mine, usize::MAX, false),
    )
        .into_any()
}

fn finished(scene: &Scene, view: &View, own: &Own, team: &TeamView) -> AnyView {
    let mine = view.teams.iter().position(|team| team.team == own.team);
    view! {
        <div class="waiting">
            <p>{team.name.clone()}</p>
            <p class="place" data-honour=(team.rank <= 3).then_some("")>{scene.f("match.rank-n", &[("n", &team.rank)])}</p>
            <h2>{scene.f("match.points", &[("n", &points(team.points))])}</h2>
            <p>{scene.f("match.of-teams", &[("n", &view.teams.len())])}</p>
            <p>{scene.t("match.bonus-later")}</p>
        </div>
        <section>
            <div class="section-head"><h2>{scene.t("match.final")}</h2></div>
            {standings(scene, view, mine, usize::MAX, false)}
        </section>
    }
    .into_any()
}

/// The one button at the thumb.
fn action(scene: &Scene, live: Live, view: &View, own: &Own) -> Option<AnyView> {
    if live.taken.get() || parts::is_paused(view) {
        return None;
    }
    let team = view.teams.iter().find(|team| team.team == own.team)?;
    match view.phase {
        Phase::Ready if own.plays && !own.ready => Some(
            view! {
                <button class="button primary" type="button" on:click=|_| play(Move::Ready)>{scene.t("match.ready")}</button>
            }
            .into_any(),
        ),
        Phase::Stakes if own.plays && team.alone == scene.person && own.staked.is_none() => {
            let question = view.question?;
            let stake = live.stake.get();
            let words = stake.map_or_else(
                || scene.t("match.stake-none"),
                |n| scene.f("match.stake-do", &[("n", &n)]),
            );
            let on = move |_| {
                if let Some(points) = live.stake.get_untracked() {
                    play(Move::Stake { question, points });
                }
            };
            Some(
                view! {
                    <button class="button primary" type="button" disabled=stake.is_none() on:click=on>{words}</button>
                }
                .into_any(),
            )
        }
        Phase::Open | Phase::Floor if own.plays => press::action(scene, live, view, own),
        // A quick match says how to play again; a challenge is played once.
        Phase::Finished if !scene.t("match.again").is_empty() => Some(
            view! { <a class="button primary" href="/contests/quick">{scene.t("match.again")}</a> }
                .into_any(),
        ),
        _ => None,
    }
}

/// The own team at the foot: who, rank, points; above it the action.
fn foot(scene: &Scene, view: &View, action: Option<AnyView>) -> Option<AnyView> {
    let own = view.own.as_ref()?;
    let team = view.teams.iter().find(|team| team.team == own.team)?;
    let began = !matches!(view.phase, Phase::Lobby | Phase::Ready);
    let rank = began.then(|| {
        view! { <p>{scene.f("match.rank-n", &[("n", &team.rank)])}</p> }
    });
    Some(
        view! {
            <footer class="dock">
                {action}
                <div class="own">
                    <p>{team.name.clone()}</p>
                    {rank}
                    <p><strong>{points(team.points)}</strong>" "{scene.t("match.points-unit")}</p>
                </div>
            </footer>
        }
        .into_any(),
    )
}
