//! `/contests/{id}/day`: what those who run a group challenge compose, see and do.

use super::programme::kind_name;
use super::{game_name, name_of, settle};
use crate::contest::form::contest_id;
use crate::page::{Failure, Page, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::contest::challenge::Programme;
use leptos::prelude::*;
use platform::contest::challenge::{self, Day, Game, Host, Next, RoundSoFar, Slot};
use platform::id;
use serde::Deserialize;

/// Whom to look for as a host.
#[derive(Deserialize)]
pub struct Wanted {
    who: Option<String>,
}

/// The day.
pub async fn page(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let day = challenge::day(&state.db, viewer, id).await?;
    let who = wanted.who.unwrap_or_default();
    let found = challenge::hosts(&state.db, viewer, id, &who).await?;
    let event = id::fresh(platform::clock::now())?.to_string();
    let title = words.t("challenge.day");
    let page = Page::new(&state, &visit, title)
        .tab(Tab::Contest)
        .back(format!("/contests/{contest}"), words.t("contest.contest"));
    Ok(page.render(move || {
        let next = day.next();
        let rounds = day.bracket.rounds.iter().rev();
        let last = day.bracket.rounds.len();
        let rounds = rounds.map(|round| {
            let is_last = i64::try_from(last) == Ok(round.number);
            round_section(
                words,
                &day,
                round,
                is_last && next != Next::Declared,
                &event,
            )
        });
        let rounds = rounds.collect_view();
        let programme_at = format!("/contests/{}/day/programme", day.contest.id);
        view! {
            <header class="page-head"><h1>{title}</h1><p>{day.contest.title.clone()}</p></header>
            {next_step(words, &day, next)}
            {rounds}
            {programme_section(words, &day.programme, Some(programme_at))}
            {hosts(words, &day, &who, found)}
            {teams(words, &day)}
        }
    }))
}

fn next_step(words: Words, day: &Day, next: Next) -> impl IntoView + use<> {
    let here = format!("/contests/{}/day", day.contest.id);
    let (sentence, to, label, secondary) = match next {
        Next::Teams => ("challenge.next-teams", None, "", None),
        Next::Compose => (
            "challenge.next-compose",
            Some(format!("{here}/programme")),
            "challenge.compose",
            None,
        ),
        Next::Hosts => (
            "challenge.next-hosts",
            Some("#hosts".to_owned()),
            "challenge.name-hosts",
            None,
        ),
        Next::First => (
            "challenge.next-first",
            Some(format!("{here}/draw")),
            "challenge.draw",
            None,
        ),
        Next::Play => ("challenge.next-play", None, "", None),
        Next::Settle => (
            "challenge.next-settle",
            Some("#tie".to_owned()),
            "challenge.settle",
            None,
        ),
        Next::After => (
            "challenge.next-after",
            Some(format!("{here}/draw")),
            "challenge.draw-next",
            None,
        ),
        Next::AfterOrDeclare => (
            "challenge.next-either",
            Some(format!("{here}/draw")),
            "challenge.draw-next",
            Some(format!("{here}/declare")),
        ),
        Next::Declare => (
            "challenge.next-declare",
            Some(format!("{here}/declare")),
            "challenge.declare",
            None,
        ),
        Next::Declared => (
            "challenge.next-declared",
            Some(format!("/contests/{}/matches", day.contest.id)),
            "challenge.see-places",
            None,
        ),
    };
    let go = to.map(|to| view! { <a class="button primary block" href=to>{words.t(label)}</a> });
    let other = secondary
        .map(|to| view! { <a class="button block" href=to>{words.t("challenge.declare")}</a> });
    view! {
        <section class="card next-step" aria-labelledby="next">
            <h2 id="next">{words.t("challenge.next")}</h2>
            <p>{words.t(sentence)}</p>
            {go}{other}
        </section>
    }
}

fn round_section(
    words: Words,
    day: &Day,
    round: &RoundSoFar,
    can_change: bool,
    event: &str,
) -> impl IntoView + use<> {
    let name = name_of(words, round);
    let slots = round.slots.iter().enumerate();
    let rows = slots.map(|(place, slot)| {
        let title = game_name(words, &name, place, round.slots.len());
        slot_row(words, day, slot, place, title, can_change)
    });
    let rows = rows.collect_view();
    let ties = can_change.then(|| {
        let slots = round.slots.iter().enumerate();
        let ties = slots.filter_map(|(place, slot)| {
            let title = game_name(words, &name, place, round.slots.len());
            settle::section(words, day, round, place, slot.tie.as_ref()?, &title, event)
        });
        view! { <div id="tie">{ties.collect_view()}</div> }
    });
    let heading = format!("round-{}", round.number);
    let labelled = heading.clone();
    let lot = seeding(words, round);
    view! {
        <section aria-labelledby=labelled>
            <div class="section-head"><h2 id=heading>{name}</h2><p>{lot}</p></div>
            <ul class="rows">{rows}</ul>
            {ties}
        </section>
    }
}

/// How the teams of a round were put in order.
pub(super) fn seeding(words: Words, round: &RoundSoFar) -> String {
    let lot = round.seeding.lot.unwrap_or_default();
    match round.seeding.by.as_str() {
        "lot" => words.f("challenge.by-lot", &[("lot", &lot)]),
        "hand" => words.t("challenge.by-hand").to_owned(),
        "earlier" => words.t("challenge.by-earlier").to_owned(),
        _ => words.t("challenge.by-winning").to_owned(),
    }
}

/// Who meets, in words.
pub(super) fn versus(words: Words, day: &Day, slot: &Slot) -> String {
    let names = slot
        .meeting
        .teams
        .iter()
        .map(|team| day.bracket.name(*team));
    let names: Vec<&str> = names.collect();
    if names.len() == 2 {
        return words.f("challenge.versus", &[("a", &names[0]), ("b", &names[1])]);
    }
    names.join(words.t("question.and"))
}

/// The word for how a match stands.
pub(super) fn state(game: &Game) -> (&'static str, Option<&'static str>) {
    match (game.over, game.begun) {
        (true, _) => ("challenge.over", None),
        (false, true) => ("challenge.running", Some("open")),
        (false, false) => ("challenge.waiting", None),
    }
}

fn slot_row(
    words: Words,
    day: &Day,
    slot: &Slot,
    place: usize,
    title: String,
    can_change: bool,
) -> impl IntoView + use<> {
    let contest = day.contest.id;
    let who = versus(words, day, slot);
    let remake = slot.game.is_none() && slot.meeting.teams.len() > 1;
    let (note, chip) = match &slot.game {
        Some(game) => {
            let (word, state) = state(game);
            (
                who,
                view! { <span class="chip" data-state=state>{words.t(word)}</span> }.into_any(),
            )
        }
        None if remake => (
            who,
            view! { <span class="chip" data-state="wrong">{words.t("challenge.unmade")}</span> }
                .into_any(),
        ),
        None => (
            who,
            view! { <span class="chip">{words.t("challenge.bye")}</span> }.into_any(),
        ),
    };
    let games = slot.game.iter().chain(&slot.deciders);
    let doing = games.map(|game| {
        let unmake = (can_change && !game.begun).then(|| {
            let to = format!("/contests/{contest}/day/matches/{}/unmake", game.id);
            view! { <a class="button quiet" href=to>{words.t("challenge.unmake")}</a> }
        });
        let decider = slot.deciders.contains(game).then(|| {
            let said = words.f("question.pair", &[("a", &game.title), ("b", &words.t(state(game).0))]);
            view! { <span class="row-note">{said}</span> }
        });
        view! {
            {decider}
            <span class="row-do">
                <a class="button" href=format!("/matches/{}/host", game.id)>{words.t("host.title")}</a>
                <a class="button" href=format!("/matches/{}/screen", game.id)>{words.t("challenge.screen")}</a>
                {unmake}
            </span>
        }
    });
    let doing = doing.collect_view();
    let again = (remake && can_change).then(|| {
        let to = format!("/contests/{contest}/day/remake/{place}");
        view! { <span class="row-do"><a class="button" href=to>{words.t("challenge.remake")}</a></span> }
    });
    let why = slot.why.clone().map(|why| {
        view! { <span class="row-note">{words.f("challenge.decided", &[("why", &why)])}</span> }
    });
    view! {
        <li>
            <div class="row">
                <span class="row-body">
                    <span class="row-title">{title}</span>
                    <span class="row-note">{note}</span>
                    {why}
                    {doing}{again}
                </span>
                <span class="row-figure">{chip}</span>
            </div>
        </li>
    }
}

/// What a match is made of, with the way to change it for whoever may.
pub fn programme_section(
    words: Words,
    programme: &Programme,
    change: Option<String>,
) -> impl IntoView + use<> {
    let change = change.map(|to| view! { <a href=to>{words.t("challenge.change")}</a> });
    view! {
        <section aria-labelledby="programme">
            <div class="section-head"><h2 id="programme">{words.t("challenge.programme")}</h2>{change}</div>
            {parts(words, programme)}
        </section>
    }
}

/// The parts of a match, as a list.
pub(super) fn parts(words: Words, programme: &Programme) -> impl IntoView + use<> {
    let rows = (1..).zip(&programme.rounds).map(|(n, round)| {
        let shape = words.f(
            "match.round-shape",
            &[
                ("kind", &kind_name(words, &round.kind)),
                ("n", &round.questions),
                ("seconds", &round.seconds),
            ],
        );
        view! {
            <li><div class="row">
                <span class="row-lead">{n}</span>
                <span class="row-body"><span class="row-title">{shape}</span><span class="row-note">{super::programme::formula(words, round)}</span></span>
            </div></li>
        }
    });
    let rows = rows.collect_view();
    view! { <ol class="rows">{rows}</ol> }
}

fn hosts(words: Words, day: &Day, who: &str, found: Vec<Host>) -> impl IntoView + use<> {
    let action = format!("/contests/{}/day/hosts", day.contest.id);
    let row = |host: &Host, wish: &'static str, label: &'static str| {
        view! {
            <li><form class="row" method="post" action=action.clone()>
                <span class="row-body"><span class="row-title">{host.name.clone()}</span><span class="row-note">{host.unit.clone()}</span></span>
                <input type="hidden" name="host" value=host.id.to_string()/>
                <span class="row-figure"><button class="button" name="do" value=wish>{words.t(label)}</button></span>
            </form></li>
        }
    };
    let named = day.hosts.iter();
    let named = named
        .map(|host| row(host, "drop", "challenge.drop"))
        .collect_view();
    let none = (!who.is_empty() && found.is_empty())
        .then(|| view! { <p class="muted">{words.t("challenge.none-found")}</p> });
    let new = found.iter().filter(|host| !day.hosts.contains(host));
    let new = new
        .map(|host| row(host, "add", "challenge.add"))
        .collect_view();
    let here = format!("/contests/{}/day#hosts", day.contest.id);
    view! {
        <section aria-labelledby="hosts">
            <div class="section-head"><h2 id="hosts">{words.t("challenge.hosts")}</h2><p>{words.t("challenge.hosts-note")}</p></div>
            <ul class="rows">{named}</ul>
            <form class="search" method="get" action=here role="search">
                <input type="search" name="who" value=who.to_owned() maxlength="20" aria-label=words.t("challenge.host-name") placeholder=words.t("challenge.host-name")/>
                <button aria-label=words.t("challenge.find")>{icon("search")}</button>
            </form>
            {none}
            <ul class="rows">{new}</ul>
        </section>
    }
}

fn teams(words: Words, day: &Day) -> impl IntoView + use<> {
    let rows = day.teams.iter().map(|team| {
        let note = words.f(
            "challenge.team-of",
            &[("n", &team.members.len()), ("m", &team.substitutes.len())],
        );
        view! {
            <li><div class="row"><span class="row-lead">{icon("people")}</span><span class="row-body"><span class="row-title">{team.name.clone()}</span><span class="row-note">{note}</span></span></div></li>
        }
    });
    let rows = rows.collect_view();
    let count = words.f("challenge.teams-n", &[("n", &day.teams.len())]);
    view! {
        <section aria-labelledby="teams">
            <div class="section-head"><h2 id="teams">{words.t("challenge.teams")}</h2><p>{count}</p></div>
            <ul class="rows">{rows}</ul>
        </section>
    }
}
