//! `/contests/{id}/matches`: who meets whom, for everyone; the places once they are declared.
//!
//! One list says it all: on a phone round after round, from 720 px side by side as a bracket.

use super::day::{seeding, state};
use super::{game_name, name_of};
use crate::contest::form::contest_id;
use crate::contest::r#match::parts::points;
use crate::page::{Failure, Page, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::contest::challenge::Outcome;
use domain::id::MatchId;
use leptos::prelude::*;
use platform::clock;
use platform::contest::challenge::{self, Bracket, Game, Placed, RoundSoFar, Slot};
use platform::contest::r#match as matches;

/// The page.
pub async fn page(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let contest = challenge::shown(&state.db, viewer, id, clock::now()).await?;
    let runs = challenge::runs(&state.db, viewer, &contest).await?;
    let bracket = challenge::bracket(&state.db, id).await?;
    let placed = challenge::placed(&state.db, id).await?;
    let own: Vec<matches::Part> = matches::parts(&state.db, viewer.learner)
        .await?
        .into_iter()
        .filter(|part| bracket.find(part.id).is_some())
        .collect();
    let page = Page::new(&state, &visit, words.t("challenge.matches"))
        .tab(Tab::Contest)
        .back(format!("/contests/{id}"), words.t("contest.contest"))
        .classes("", "page wide");
    Ok(page.render(move || {
        let none = bracket.rounds.is_empty().then(|| {
            view! { <div class="empty">{icon("calendar")}<p>{words.t("challenge.not-drawn")}</p></div> }
        });
        let led = runs.then(|| view! { <p><a class="button" href=format!("/contests/{id}/day")>{words.t("challenge.day")}</a></p> });
        let count = bracket.rounds.len();
        let rounds = bracket.rounds.iter().map(|round| round_list(words, &bracket, round, &own));
        let rounds = rounds.collect_view();
        let first = bracket.rounds.first().map(|round| seeding(words, round));
        view! {
            <header class="page-head"><h1>{words.t("challenge.matches")}</h1><p>{contest.title.clone()}</p></header>
            {led}{none}
            {placed.map(|placed| podium(words, &placed))}
            {(!own.is_empty()).then(|| super::super::r#match::page::section(words, own.clone()))}
            {(count > 0).then(|| view! {
                <section aria-labelledby="bracket">
                    <div class="section-head"><h2 id="bracket">{words.t("challenge.bracket")}</h2><p>{first}</p></div>
                    <ol class="bracket">{rounds}</ol>
                </section>
            })}
        }
    }))
}

/// A team with its place.
pub(super) fn place_row(words: Words, place: i64, name: &str) -> impl IntoView + use<> {
    let gold = (place <= 3).then_some("gold");
    view! {
        <li><div class="row">
            <span class="row-lead" data-state=gold>{place}</span>
            <span class="row-body"><span class="row-title">{name.to_owned()}</span></span>
            <span class="row-figure">{words.f("contest.rank-n", &[("n", &place)])}</span>
        </div></li>
    }
}

fn podium(words: Words, placed: &[Placed]) -> impl IntoView + use<> {
    let steps = placed.iter().filter(|placed| placed.place <= 3);
    let steps = steps.map(|placed| {
        view! {
            <li data-place=placed.place.to_string()>
                <strong>{placed.place}</strong>
                <span>{placed.name.clone()}</span>
            </li>
        }
    });
    let steps = steps.collect_view();
    let rest = placed.iter().filter(|placed| placed.place > 3);
    let rest = rest.map(|placed| place_row(words, placed.place, &placed.name));
    let rest = rest.collect_view();
    view! {
        <section aria-labelledby="places">
            <div class="section-head"><h2 id="places">{words.t("match.final")}</h2><p>{words.f("challenge.teams-n", &[("n", &placed.len())])}</p></div>
            <ol class="podium">{steps}</ol>
            <ol class="rows">{rest}</ol>
        </section>
    }
}

fn round_list(
    words: Words,
    bracket: &Bracket,
    round: &RoundSoFar,
    own: &[matches::Part],
) -> impl IntoView + use<> {
    let name = name_of(words, round);
    let slots = round.slots.iter().enumerate();
    let slots = slots.map(|(place, slot)| {
        let title = game_name(words, &name, place, round.slots.len());
        meeting(words, bracket, slot, title, own)
    });
    let slots = slots.collect_view();
    view! { <li><h3>{name}</h3><ol>{slots}</ol></li> }
}

fn meeting(
    words: Words,
    bracket: &Bracket,
    slot: &Slot,
    title: String,
    own: &[matches::Part],
) -> impl IntoView + use<> {
    let through = match slot.meeting.outcome() {
        Outcome::Through(teams) => teams,
        _ => Vec::new(),
    };
    let teams = slot.meeting.teams.iter().map(|team| {
        let result = slot.meeting.result.iter().flatten();
        let reached = result.filter(|(known, _)| known == team).map(|(_, n)| points(*n)).next();
        let goes_on = through.contains(team);
        let mark = goes_on.then(|| view! { <span class="on">{icon("check")}<span class="visually-hidden">{words.t("challenge.goes-on")}</span></span> });
        view! { <li data-on=goes_on.then_some("")><span class="who">{bracket.name(*team).to_owned()}</span>{mark}<span class="reached">{reached}</span></li> }
    });
    let teams = teams.collect_view();
    let is_own = |id: MatchId| own.iter().any(|part| part.id == id);
    let games = slot.game.iter().chain(&slot.deciders);
    let games = games.map(|game| links(words, game, slot.deciders.contains(game)));
    let games = games.collect_view();
    let mine = slot
        .game
        .iter()
        .chain(&slot.deciders)
        .any(|game| is_own(game.id));
    let why = slot.why.clone();
    let why = why
        .map(|why| view! { <p class="muted">{words.f("challenge.decided", &[("why", &why)])}</p> });
    let open = slot
        .tie
        .is_some()
        .then(|| view! { <p class="muted">{words.t("challenge.tie-open")}</p> });
    let bye = (slot.meeting.teams.len() < 2)
        .then(|| view! { <p class="muted">{words.t("challenge.bye")}</p> });
    view! {
        <li class="meeting" aria-current=mine.then_some("true")>
            <p class="title">{title}</p>
            <ul>{teams}</ul>
            {bye}{open}{why}{games}
        </li>
    }
}

fn links(words: Words, game: &Game, is_decider: bool) -> impl IntoView + use<> {
    let (word, mark) = state(game);
    let name = is_decider.then(|| words.t("challenge.decider"));
    view! {
        <p class="links">
            <span class="chip" data-state=mark>{name}{is_decider.then_some(" ")}{words.t(word)}</span>
            <a href=format!("/matches/{}/watch", game.id)>{words.t("watch.title")}</a>
            <a href=format!("/matches/{}/screen", game.id)>{words.t("challenge.screen")}</a>
        </p>
    }
}
