//! Parts that the pages of a match share.

use super::live::Live;
use super::scene::Scene;
use domain::contest::r#match::{
    BuzzerView, Clock, Kind, Phase, Points, QuestionNumber, TeamView, TieRule, Verdict, View,
};
use domain::id::LearnerId;
use leptos::prelude::*;

/// Letters of options, by place.
pub const LETTERS: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];
const SHAPES: [&str; 4] = ["circle", "triangle", "square", "diamond"];
/// Rows of a list on a phone; the own one is added where it is not among them.
const ROWS: usize = 50;

/// An icon of the sprite.
pub fn icon(name: &'static str) -> AnyView {
    view! { <svg class="icon" aria-hidden="true"><use href=format!("/icons.svg#{name}")></use></svg> }
        .into_any()
}

/// The shape of a tile, by place.
pub fn shape(place: usize) -> AnyView {
    let name = SHAPES.get(place).copied().unwrap_or("circle");
    view! { <svg class="shape" aria-hidden="true"><use href=format!("/icons.svg#{name}")></use></svg> }
        .into_any()
}

/// The letter of a place.
pub fn letter(place: usize) -> &'static str {
    LETTERS.get(place).copied().unwrap_or("")
}

/// A chip that says how things are.
pub fn chip(words: String, picture: Option<&'static str>, state: Option<&'static str>) -> AnyView {
    view! {
        <p class="chip" role="status" data-state=state>{picture.map(icon)}<span>{words}</span></p>
    }
    .into_any()
}

/// A message above everything else.
pub fn flash(words: String, picture: &'static str) -> AnyView {
    view! { <div class="flash" role="status">{icon(picture)}<p>{words}</p></div> }.into_any()
}

/// What one waits for: a picture, a word, a line.
pub fn waiting(picture: &'static str, title: String, words: String) -> AnyView {
    view! { <div class="waiting">{icon(picture)}<h2>{title}</h2><p>{words}</p></div> }.into_any()
}

/// The word of a phase in attributes, for the style sheet.
pub const fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Lobby => "lobby",
        Phase::Ready => "ready",
        Phase::Stakes => "stakes",
        Phase::Open => "open",
        Phase::Floor => "floor",
        Phase::Locked => "locked",
        Phase::Reveal => "reveal",
        Phase::Scoreboard => "scoreboard",
        Phase::Finished => "finished",
    }
}

/// The word of a kind of round in attributes.
pub const fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Required => "required",
        Kind::Buzzer { .. } => "buzzer",
        Kind::Wager { .. } => "wager",
        Kind::Relay => "relay",
    }
}

/// Points as they are written: tenths where there are any.
pub fn points(points: Points) -> String {
    let minus = if points.0 < 0 { "−" } else { "" };
    let tenths = points.0.unsigned_abs();
    match tenths % 10 {
        0 => format!("{minus}{}", tenths / 10),
        rest => format!("{minus}{}.{rest}", tenths / 10),
    }
}

/// Points that were won or lost.
pub fn gained(gained: Points) -> String {
    if gained.0 > 0 {
        format!("+{}", points(gained))
    } else {
        points(gained)
    }
}

/// Microseconds in whole milliseconds, without a sign.
pub fn ms(micros: i64) -> u64 {
    (micros.unsigned_abs() + 500) / 1_000
}

/// How long a name is, for the style sheet.
pub fn length(name: &str) -> Option<&'static str> {
    match name.chars().count() {
        27.. => Some("long"),
        17.. => Some("medium"),
        _ => None,
    }
}

/// The milliseconds that the clock of the phase began with.
fn whole(scene: &Scene, view: &View) -> i64 {
    let rules = &scene.setup.rules;
    let seconds = match view.phase {
        Phase::Stakes => rules.staking_seconds,
        Phase::Floor => rules.answering_seconds,
        _ => scene
            .round_of(view.question)
            .map_or(0, |(_, round, _)| round.seconds),
    };
    i64::from(seconds.max(1)) * 1_000
}

/// Whether the clock is there and stopped.
pub fn is_paused(view: &View) -> bool {
    view.clock.is_some_and(|clock| clock.until().is_none())
}

/// The milliseconds that a clock has left.
pub fn left(clock: Clock, now: i64) -> i64 {
    match clock {
        Clock::Running { until } => (until.0 - now).max(0),
        Clock::Stopped { left } => left,
    }
}

/// The ring with the time that is left; nothing where no clock is.
pub fn ring(scene: &Scene, live: Live, view: &View) -> Option<AnyView> {
    let clock = view.clock?;
    let whole = whole(scene, view);
    let now = live.now;
    let time = move || {
        let seconds = (left(clock, now.get()) + 999) / 1_000;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    };
    let gone = move || {
        let gone = (whole - left(clock, now.get())).clamp(0, whole) * 100 / whole;
        gone.to_string()
    };
    let urgent = move || (left(clock, now.get()) <= 5_000).then_some("");
    let paused = is_paused(view).then_some("");
    Some(
        view! {
            <div class="countdown" role="timer" aria-label=scene.t("match.left") data-urgent=urgent data-paused=paused>
                <svg viewBox="0 0 100 100" aria-hidden="true">
                    <circle cx="50" cy="50" r="45" pathLength="100"></circle>
                    <circle cx="50" cy="50" r="45" pathLength="100" stroke-dasharray="100" stroke-dashoffset=gone></circle>
                </svg>
                <time>{time}</time>
            </div>
        }
        .into_any(),
    )
}

/// The line above a question: which one, how things are, the ring.
pub fn state_line(number: String, state: AnyView, ring: Option<AnyView>) -> AnyView {
    view! { <div class="stage-state"><p>{number}</p>{state}{ring}</div> }.into_any()
}

/// Options to be read, not chosen.
pub fn choices(options: &[String], right: &[u8]) -> AnyView {
    let option = |(place, text): (usize, &String)| {
        let is_right = u8::try_from(place).is_ok_and(|place| right.contains(&place));
        view! {
            <li data-state=is_right.then_some("right")>
                <span class="letter">{letter(place)}</span>
                <span class="text">{text.clone()}</span>
                {is_right.then(|| icon("right"))}
            </li>
        }
    };
    let options = options.iter().enumerate().map(option).collect_view();
    view! { <ol class="choices">{options}</ol> }.into_any()
}

/// How far a team moved since the last scoreboard.
pub fn moved(scene: &Scene, by: i64) -> Option<AnyView> {
    let n = by.unsigned_abs();
    let (dir, sign, words) = match by {
        1.. => ("up", "▲", scene.f("match.up", &[("n", &n)])),
        0 => return None,
        _ => ("down", "▼", scene.f("match.down", &[("n", &n)])),
    };
    Some(
        view! {
            <span class="move" data-dir=dir><span aria-hidden="true">{sign}{n}</span><span class="visually-hidden">{words}</span></span>
        }
        .into_any(),
    )
}

/// The teams by rank, those of one rank in the order of the setup.
pub fn by_rank(view: &View) -> Vec<(usize, &TeamView)> {
    let mut teams: Vec<_> = view.teams.iter().enumerate().collect();
    teams.sort_by_key(|(_, team)| team.rank);
    teams
}

/// A row of the scoreboard.
pub fn standing(scene: &Scene, team: &TeamView, mine: bool, gap: bool, gains: bool) -> AnyView {
    let gain = gains.then_some(team.gained).flatten();
    view! {
        <li data-honour=(team.rank <= 3).then_some("") aria-current=mine.then_some("true") data-gap=gap.then_some("")>
            <span class="rank">{team.rank}</span>
            {(!gains).then(|| moved(scene, team.moved)).flatten()}
            <span class="team" data-length=length(&team.name)>{team.name.clone()}</span>
            <span class="points">
                <strong>{points(team.points)}</strong>" "{scene.t("match.points-unit")}
                {gain.map(|gain| view! { <small>{gained(gain)}</small> })}
            </span>
        </li>
    }
    .into_any()
}

/// The scoreboard on a phone: the first of them and the own team.
pub fn standings(
    scene: &Scene,
    view: &View,
    mine: Option<usize>,
    most: usize,
    gains: bool,
) -> AnyView {
    let ranked = by_rank(view);
    let own = ranked.iter().position(|(index, _)| Some(*index) == mine);
    let most = most.min(ROWS);
    let rows = ranked
        .iter()
        .take(most)
        .map(|(index, team)| standing(scene, team, Some(*index) == mine, false, gains));
    let rows = rows.collect_view();
    let own = own
        .filter(|place| *place >= most)
        .and_then(|place| ranked.get(place));
    let own = own.map(|(_, team)| standing(scene, team, true, true, gains));
    view! { <ol class="standings">{rows}{own}</ol> }.into_any()
}

/// The order of the buzzer. `mine` is the own team.
pub fn order(scene: &Scene, view: &View, mine: Option<usize>) -> AnyView {
    // Each press stands after the one before by its margin; the bar is how far that may be wrong.
    let mut at = 0;
    let places: Vec<(i64, &BuzzerView)> = view
        .buzzer
        .iter()
        .map(|place| {
            at += place.margin;
            (at, place)
        })
        .collect();
    let first = places
        .iter()
        .map(|(at, p)| at - p.margin_uncertainty)
        .min()
        .unwrap_or(0);
    let last = places
        .iter()
        .map(|(at, p)| at + p.margin_uncertainty)
        .max()
        .unwrap_or(0);
    let span = (last - first).max(1_000);
    let x = move |at: i64| 20 + (at - first) * 940 / span;
    let turn = view.buzzer.iter().position(|place| place.verdict.is_none());
    let rows = places.iter().enumerate().map(|(index, (at, place))| {
        let now = view.phase == Phase::Floor && turn == Some(index);
        let (state, who) = turn_words(scene, place, now);
        let team = scene.team_of(place.seat);
        let name = scene.team_name(place.seat);
        let margin = match index {
            0 => scene.t("match.first"),
            _ if place.margin < 0 => scene.f("match.sooner", &[("ms", &ms(place.margin))]),
            _ => scene.f("match.later", &[("ms", &ms(place.margin))]),
        };
        let off = (index > 0)
            .then(|| scene.f("match.margin-off", &[("ms", &ms(place.margin_uncertainty))]));
        let (from, to) = (x(at - place.margin_uncertainty), x(at + place.margin_uncertainty));
        let range = if place.tied { "range tied" } else { "range" };
        view! {
            <li data-turn=state aria-current=(team.is_some() && team == mine).then_some("true")>
                <span class="rank">{place.rank}</span>
                <span class="team" data-length=length(&name)>{name.clone()}" "<small>{who}</small></span>
                <svg class="spread" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="axis" width="1000" height="2" y="5"></rect>
                    <rect class=range x=from.to_string() y="3" width=(to - from).max(4).to_string() height="6"></rect>
                    <rect x=(x(*at) - 2).to_string() width="5" height="12"></rect>
                </svg>
                <span class="margin">{margin}" "{off.map(|off| view! { <small>{off}</small> })}</span>
                {place.tied.then(|| view! { <span class="chip" data-state="gold">{tied(scene)}</span> })}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! { <ol class="order" aria-label=scene.t("match.order")>{rows}</ol> }.into_any()
}

fn turn_words(scene: &Scene, place: &BuzzerView, now: bool) -> (Option<&'static str>, String) {
    let name = scene.name(place.seat);
    let (state, key) = match place.verdict {
        Some(Verdict::Right) => (Some("right"), "match.turn-right"),
        Some(Verdict::Wrong) => (Some("wrong"), "match.turn-wrong"),
        Some(Verdict::Silent) => (Some("wrong"), "match.turn-silent"),
        None if now => (Some("now"), "match.turn-now"),
        None => return (None, name),
    };
    (state, scene.f(key, &[("name", &name)]))
}

/// What is said of presses that can not be told apart.
fn tied(scene: &Scene) -> String {
    scene.t(match scene.setup.rules.tie {
        TieRule::Drawn => "match.tied-drawn",
        TieRule::Estimated => "match.tied-estimated",
    })
}

/// What is promised about ties.
pub fn tie_rule(scene: &Scene) -> String {
    let rules = &scene.setup.rules;
    let bound = scene.f("match.buzzer-rule", &[("bound", &rules.buzzer.bound_ms)]);
    let tie = scene.t(match rules.tie {
        TieRule::Drawn => "match.tie-drawn",
        TieRule::Estimated => "match.tie-estimated",
    });
    format!("{bound}{tie}")
}

/// The sum of counts over the teams.
pub fn sum(view: &View, count: impl Fn(&TeamView) -> u32) -> u32 {
    view.teams.iter().map(count).sum()
}

/// How many of a team are asked: all of them, or the one who answers alone.
pub fn asked_of(team: &TeamView) -> u32 {
    if team.alone.is_some() {
        1
    } else {
        team.members
    }
}

/// Who has the floor, and for which team.
pub fn floor(scene: &Scene, view: &View) -> Option<(LearnerId, String)> {
    view.floor.map(|seat| (seat, scene.team_name(seat)))
}

/// Whether a question does not count any more.
pub fn is_void(view: &View, question: Option<QuestionNumber>) -> bool {
    question.is_some_and(|question| view.voided.contains(&question))
}

/// The stem with its blank drawn wide.
pub fn stem(text: &str) -> String {
    text.replace("____", "＿＿＿＿")
}
