//! The big screen: a function of the replica alone, so that one opened late shows the same.

use super::live::{Line, Live};
use super::parts::{
    self, by_rank, gained, icon, length, letter, order, points, ring, shape, standing,
};
use super::scene::Scene;
use domain::contest::r#match::message::Words;
use domain::contest::r#match::{Kind, Phase, TeamView, View};
use domain::question::Key;
use leptos::prelude::*;

/// Teams that have a bar of their own on the screen; of more only sums are shown.
const ENTRIES: usize = 40;
/// Rows of a scoreboard that can be read from far away.
const ROWS: usize = 30;
/// Presses that fit under a question.
const PRESSES: usize = 6;

/// What the big screen shows.
pub fn picture(scene: &Scene, live: Live) -> AnyView {
    live.replica.with(|replica| {
        let view = replica.view();
        let words = replica.words(view.question);
        let lost = live.line.get() == Line::Lost;
        view! {
            <div class="show" data-phase=parts::phase_name(view.phase)>
                {head(scene, live, &view, lost)}
                {body(scene, live, &view, words)}
            </div>
        }
        .into_any()
    })
}

fn head(scene: &Scene, live: Live, view: &View, lost: bool) -> AnyView {
    let round = match view.phase {
        Phase::Lobby => scene.t("match-phase.lobby"),
        Phase::Ready => scene.t("match-phase.ready"),
        Phase::Finished => scene.t("match.final"),
        Phase::Scoreboard => scene.so_far(view.question),
        _ => scene.number(view.question),
    };
    let chip = |words: String, picture: &'static str, state: Option<&'static str>| {
        view! { <span class="chip" data-state=state>{icon(picture)}{words}</span> }.into_any()
    };
    let is_buzzer = scene
        .round_of(view.question)
        .is_some_and(|(_, round, _)| matches!(round.kind, Kind::Buzzer { .. }));
    let state = if lost {
        Some(chip(scene.t("screen.lost"), "offline", Some("gold")))
    } else if view.phase == Phase::Reveal && parts::is_void(view, view.question) {
        Some(chip(scene.t("match.void"), "void", Some("gold")))
    } else {
        match view.phase {
            Phase::Locked => Some(chip(scene.t("match.locked"), "lock", None)),
            Phase::Reveal => Some(chip(scene.t("match.revealed"), "check", Some("right"))),
            Phase::Open if is_buzzer => {
                Some(chip(scene.t("screen.buzz-now"), "buzzer", Some("open")))
            }
            _ => None,
        }
    };
    let figure = (view.phase == Phase::Reveal && !is_buzzer).then(|| {
        let right = parts::sum(view, |team| team.right.unwrap_or(0));
        let all = parts::sum(view, parts::asked_of);
        let words = scene.f("screen.right-people", &[("n", &right), ("total", &all)]);
        view! { <p class="show-figure">{words}</p> }
    });
    view! {
        <header class="show-head">
            <h1>{scene.title.clone()}</h1>
            <p class="show-round"><span>{round}</span>{state}</p>
            {ring(scene, live, view)}
            {figure}
        </header>
    }
    .into_any()
}

fn body(scene: &Scene, live: Live, view: &View, words: Option<&Words>) -> AnyView {
    if parts::is_paused(view) && !matches!(view.phase, Phase::Reveal) {
        let left = view
            .clock
            .map_or(0, |clock| parts::left(clock, live.now.get_untracked()));
        let words = scene.f("screen.paused-at", &[("n", &((left + 999) / 1_000))]);
        return inside(parts::waiting("pause", scene.t("screen.paused"), words));
    }
    match view.phase {
        Phase::Lobby => lobby(scene, view),
        Phase::Ready => {
            let n = parts::sum(view, |team| team.ready);
            let words = scene.f(
                "screen.ready-count",
                &[("n", &n), ("total", &scene.seats())],
            );
            let call = parts::waiting("list", scene.t("screen.ready-call"), words);
            inside((
                call,
                entries(scene, view, |team| (team.ready, team.members), None),
            ))
        }
        Phase::Stakes => {
            let rule = scene
                .round_of(view.question)
                .map_or_else(String::new, |(_, round, _)| scene.formula(round));
            let call = parts::waiting("stake", scene.t("screen.stake-call"), rule);
            let said = |team: &TeamView| {
                scene.t(if team.answered > 0 {
                    "screen.staked"
                } else {
                    "screen.not-staked"
                })
            };
            inside((
                call,
                entries(scene, view, |team| (team.answered.min(1), 1), Some(&said)),
            ))
        }
        Phase::Scoreboard => scoreboard(scene, view),
        Phase::Finished => podium(scene, view),
        _ => question(scene, view, words),
    }
}

fn inside(view: impl IntoView + 'static) -> AnyView {
    view! { <div class="show-body">{view.into_any()}</div> }.into_any()
}

fn size(teams: usize) -> &'static str {
    match teams {
        0..=4 => "few",
        5..=8 => "some",
        _ => "many",
    }
}

/// The teams with a bar each; of too many only the sum.
fn entries(
    scene: &Scene,
    view: &View,
    of: impl Fn(&TeamView) -> (u32, u32),
    said: Option<&dyn Fn(&TeamView) -> String>,
) -> AnyView {
    if view.teams.len() > ENTRIES {
        let n: u32 = view.teams.iter().map(|team| of(team).0).sum();
        let all: u32 = view.teams.iter().map(|team| of(team).1).sum();
        return view! {
            <p class="show-figure">{scene.f("screen.people-here", &[("n", &n), ("total", &all)])}</p>
            <progress max=all.max(1).to_string() value=n.to_string() aria-label=scene.title.clone()></progress>
        }
        .into_any();
    }
    let rows = view.teams.iter().map(|team| {
        let (n, all) = of(team);
        let count = match said {
            Some(said) => view! { <strong>{said(team)}</strong> }.into_any(),
            None if n >= all && all > 0 => icon("check"),
            None => format!("{n} / {all}").into_any(),
        };
        view! {
            <li>
                <span class="team" data-length=length(&team.name)>{team.name.clone()}</span>
                <progress max=all.max(1).to_string() value=n.to_string() aria-label=team.name.clone()></progress>
                <span class="count">{count}</span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! { <ul class="entries" data-size=size(view.teams.len())>{rows}</ul> }.into_any()
}

fn lobby(scene: &Scene, view: &View) -> AnyView {
    let come = view.teams.iter().filter(|team| team.present > 0).count();
    let teams = scene.f(
        "screen.teams-here",
        &[("n", &come), ("total", &view.teams.len())],
    );
    let here = parts::sum(view, |team| team.present);
    let people = scene.f(
        "screen.people-here",
        &[("n", &here), ("total", &scene.seats())],
    );
    view! {
        <div class="show-body">
            <div class="opening"><div><h2>{scene.t("screen.soon")}</h2><p>{scene.t("screen.enter")}</p></div></div>
            {entries(scene, view, |team| (team.present, team.members), None)}
        </div>
        <footer class="show-foot"><span>{scene.pair(&teams, &people)}</span></footer>
    }
    .into_any()
}

fn question(scene: &Scene, view: &View, words: Option<&Words>) -> AnyView {
    let Some(words) = words else {
        return inside(());
    };
    if parts::is_void(view, view.question) && view.phase == Phase::Reveal {
        let place = scene
            .round_of(view.question)
            .map_or(0, |(_, _, place)| place + 1);
        let title = scene.f("screen.void-n", &[("n", &place)]);
        return inside(parts::waiting("void", title, scene.t("screen.void-words")));
    }
    let pressed = !view.buzzer.is_empty() && view.phase != Phase::Reveal;
    let stem = parts::stem(&words.stem);
    let long = match stem.chars().count() {
        _ if pressed => Some("long"),
        90.. => Some("long"),
        45.. => Some("medium"),
        _ => None,
    };
    let below = if pressed {
        let mut shown = view.clone();
        shown.buzzer.truncate(PRESSES);
        order(scene, &shown, None)
    } else {
        tiles(view, words)
    };
    let more = view.buzzer.len().saturating_sub(PRESSES);
    view! {
        <div class="show-body"><p class="stem" data-length=long>{stem}</p>{below}</div>
        {foot(scene, view, pressed.then_some(more))}
    }
    .into_any()
}

fn tiles(view: &View, words: &Words) -> AnyView {
    let tiles = words.options.iter().enumerate().map(|(place, text)| {
        let right = match &view.key {
            Some(Key::Choices(right)) => {
                Some(u8::try_from(place).is_ok_and(|place| right.contains(&place)))
            }
            _ => None,
        };
        let state = right.map(|right| if right { "right" } else { "out" });
        let sign = if right == Some(true) { icon("right") } else { shape(place) };
        view! {
            <div class="tile" data-state=state>
                <span class="letter">{letter(place)}</span><span class="text">{text.clone()}</span>{sign}
            </div>
        }
    });
    let tiles = tiles.collect_view();
    let blank = match &view.key {
        Some(Key::Words(words)) => words.first().cloned(),
        _ => None,
    };
    let blank = blank.map(|right| {
        view! { <div class="tile" data-state="right"><span class="letter"></span><span class="text">{right}</span>{icon("right")}</div> }
    });
    view! { <div class="tiles">{tiles}{blank}</div> }.into_any()
}

/// Under the question: who has answered, what each team gets, or how presses are ordered.
fn foot(scene: &Scene, view: &View, more: Option<usize>) -> AnyView {
    if let Some(more) = more {
        let rest = (more > 0).then(|| scene.f("match.more-pressed", &[("n", &more)]));
        return view! { <footer class="show-foot"><span>{scene.t("match.spread")}</span><span>{rest}</span></footer> }
            .into_any();
    }
    let round = scene.round_of(view.question);
    if view.phase == Phase::Open
        && round.is_some_and(|(_, r, _)| matches!(r.kind, Kind::Buzzer { .. }))
    {
        return view! { <footer class="show-foot"><span>{parts::tie_rule(scene)}</span></footer> }
            .into_any();
    }
    if view.phase == Phase::Reveal {
        let said = |team: &TeamView| {
            let gain = team.gained.map(gained).unwrap_or_default();
            scene.f("match.points", &[("n", &gain)])
        };
        if view.teams.len() > ENTRIES {
            return ().into_any();
        }
        return entries(
            scene,
            view,
            |team| (team.right.unwrap_or(0), parts::asked_of(team)),
            Some(&said),
        );
    }
    let n = parts::sum(view, |team| team.answered);
    let all = parts::sum(view, parts::asked_of);
    let complete = view
        .teams
        .iter()
        .filter(|t| t.answered >= parts::asked_of(t))
        .count();
    let answered = scene.f("screen.answered", &[("n", &n), ("total", &all)]);
    let teams = scene.f(
        "screen.complete",
        &[("n", &complete), ("total", &view.teams.len())],
    );
    let bars = (view.teams.len() <= ENTRIES).then(|| {
        entries(
            scene,
            view,
            |team| (team.answered, parts::asked_of(team)),
            None,
        )
    });
    view! {
        {bars}
        <footer class="show-foot"><span>{answered}</span><span>{teams}</span></footer>
    }
    .into_any()
}

fn scoreboard(scene: &Scene, view: &View) -> AnyView {
    let size = match view.teams.len() {
        0..=4 => "few",
        5..=8 => "some",
        9..=12 => "dozen",
        _ => "many",
    };
    let rows = by_rank(view).into_iter().take(ROWS);
    let rows = rows
        .map(|(_, team)| standing(scene, team, false, false, false))
        .collect_view();
    let top = (view.teams.len() > ROWS).then(|| {
        let words = scene.f("screen.top", &[("n", &ROWS), ("total", &view.teams.len())]);
        view! { <footer class="show-foot"><span>{words}</span></footer> }
    });
    view! {
        <div class="show-body"><ol class="standings" data-size=size>{rows}</ol></div>
        {top}
    }
    .into_any()
}

fn podium(scene: &Scene, view: &View) -> AnyView {
    let ranked = by_rank(view);
    let line = |team: &TeamView| scene.f("match.rank-n", &[("n", &team.rank)]);
    let first = ranked.iter().take(3).map(|(_, team)| {
        view! {
            <li data-honour=(team.rank == 1).then_some("")>
                <span class="rank">{line(team)}</span>
                <span class="team" data-length=length(&team.name)>{team.name.clone()}</span>
                <span class="points"><strong>{points(team.points)}</strong>" "{scene.t("match.points-unit")}</span>
            </li>
        }
    });
    let first = first.collect_view();
    let rest = ranked.iter().skip(3).take(12).map(|(_, team)| {
        let score = scene.f("match.points", &[("n", &points(team.points))]);
        view! { <li>{line(team)}" "{team.name.clone()}" "{score}</li> }
    });
    let rest = rest.collect_view();
    inside(view! { <ol class="podium">{first}</ol><ol class="runners">{rest}</ol> })
}
