//! A tie on the line, and the pages that ask before something is undone or declared.

use super::{Fields, answer, field, game_name, host_select, hosts_of, name_of};
use crate::contest::form::contest_id;
use crate::page::{Failure, Page, Tab, done, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::{EventId, MatchId, TeamId};
use leptos::prelude::*;
use platform::contest::challenge::{self, Day, RoundSoFar, Tie};
use platform::{Error, clock, id};

/// The two ways to settle a tie.
pub(super) fn section(
    words: Words,
    day: &Day,
    round: &RoundSoFar,
    place: usize,
    tie: &Tie,
    title: &str,
    event: &str,
) -> Option<AnyView> {
    let name = |team: &TeamId| day.bracket.name(*team).to_owned();
    let teams: Vec<String> = tie.teams.iter().map(name).collect();
    let sentence = words.f(
        "challenge.tied",
        &[
            ("teams", &teams.join(words.t("question.and"))),
            ("n", &tie.places),
        ],
    );
    let to = format!("/contests/{}/day/matches/{}", day.contest.id, tie.game);
    let kind = if tie.places == 1 { "radio" } else { "checkbox" };
    let boxes = tie.teams.iter().map(|team| {
        view! { <label class="choice"><input type=kind name="team" value=team.to_string()/><span>{name(team)}</span></label> }
    });
    let boxes = boxes.collect_view();
    // A choice of the first who leads the match that is tied, if they still may.
    let leads = round.hosts.get(place).and_then(|hosts| hosts.first());
    let leads = leads.and_then(|leads| day.hosts.iter().position(|host| host.id == *leads));
    let decider = (!tie.was_played).then(|| {
        view! {
            <form class="fields-form" method="post" action=format!("{to}/decider")>
                <input type="hidden" name="event" value=event.to_owned()/>
                <input type="hidden" name="place" value=place.to_string()/>
                <p class="muted">{words.t("challenge.decider-note")}</p>
                {host_select(words, &day.hosts, format!("host-{place}"), "challenge.leads", leads.or(Some(0)), false)}
                <button class="button block">{words.t("challenge.decider-do")}</button>
            </form>
        }
    });
    let why = format!("why-{}", tie.game);
    Some(
        view! {
            <div class="card tie">
                <h3>{title.to_owned()}</h3>
                <p>{sentence}</p>
                {decider}
                <form class="fields-form" method="post" action=format!("{to}/decide")>
                    <fieldset class="choices"><legend>{words.t("challenge.who-goes-on")}</legend>{boxes}</fieldset>
                    <div class="field">
                        <label for=why.clone()>{words.t("challenge.why")}</label>
                        <p class="hint">{words.t("challenge.why-note")}</p>
                        <input id=why name="why" type="text" maxlength="200" required=true autocomplete="off"/>
                    </div>
                    <button class="button block">{words.t("challenge.decide-do")}</button>
                </form>
            </div>
        }
        .into_any(),
    )
}

fn game_id(text: &str) -> platform::Result<MatchId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn event_id(fields: &Fields) -> platform::Result<EventId> {
    let event = field(fields, "event").parse();
    event.map_err(|_| Error::Invalid("malformed"))
}

/// Settles a tie by decision.
pub async fn decide(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, game)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let (viewer, id, game) = (visit.signed_in()?, contest_id(&contest)?, game_id(&game)?);
    let teams = fields.iter().filter(|(name, _)| name == "team");
    let teams: Result<Vec<TeamId>, _> = teams.map(|(_, team)| team.parse()).collect();
    let teams = teams.map_err(|_| Error::Invalid("settle-choice"))?;
    let (why, now) = (field(&fields, "why"), clock::now());
    let outcome = challenge::decide(&state.db, viewer, id, game, teams, why, now).await;
    let to = format!("/contests/{contest}/day");
    answer(outcome.map(|()| done("flash.tie-settled", 0)), &to)
}

/// Makes a decider.
pub async fn decider(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, game)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id, game) = (visit.signed_in()?, contest_id(&contest)?, game_id(&game)?);
    let day = challenge::day(&state.db, viewer, id).await?;
    let (round, place, _) = day.bracket.find(game).ok_or(Error::NotFound)?;
    let name = game_name(words, &name_of(words, round), place, round.slots.len());
    let title = format!(
        "{} {}",
        day.contest.title,
        words.f("challenge.decider-of", &[("game", &name)])
    );
    let outcome = async {
        let (event, hosts) = (event_id(&fields)?, hosts_of(&fields, place)?);
        let now = clock::now();
        challenge::decider(&state.db, viewer, event, id, game, hosts, title, now).await
    };
    let to = format!("/contests/{contest}/day");
    answer(outcome.await.map(|()| done("flash.decider-made", 0)), &to)
}

/// Asks before a match is unmade.
pub async fn ask_unmake(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, game)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id, game) = (visit.signed_in()?, contest_id(&contest)?, game_id(&game)?);
    let day = challenge::day(&state.db, viewer, id).await?;
    let (_, _, slot) = day.bracket.find(game).ok_or(Error::NotFound)?;
    let mut games = slot.game.iter().chain(&slot.deciders);
    let title = games
        .find(|known| known.id == game)
        .map(|g| g.title.clone());
    let back = format!("/contests/{contest}/day");
    let page = Page::new(&state, &visit, words.t("challenge.unmake"))
        .tab(Tab::Contest)
        .back(back.clone(), words.t("challenge.day"));
    let action = format!("{back}/matches/{game}/unmake");
    Ok(page.render(move || {
        view! {
            <header class="page-head"><h1>{words.t("challenge.unmake-ask")}</h1><p>{title}</p></header>
            <p>{words.t("challenge.unmake-words")}</p>
            <form class="dock" method="post" action=action>
                <a class="button" href=back>{words.t("host.cancel")}</a>
                <button class="button primary">{words.t("challenge.unmake")}</button>
            </form>
        }
    }))
}

/// Unmakes a match; one that is gone already is as it should be.
pub async fn unmake(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, game)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (viewer, id, game) = (visit.signed_in()?, contest_id(&contest)?, game_id(&game)?);
    challenge::led(&state.db, viewer, id).await?;
    let outcome = match challenge::unmake(&state.db, viewer, id, game).await {
        Err(Error::NotFound) => Ok(()),
        outcome => outcome,
    };
    let to = format!("/contests/{contest}/day");
    answer(outcome.map(|()| done("flash.match-unmade", 0)), &to)
}

/// Asks who leads a match that is made again.
pub async fn ask_remake(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, place)): Path<(String, usize)>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let day = challenge::day(&state.db, viewer, id).await?;
    let round = day.bracket.rounds.last().ok_or(Error::NotFound)?;
    let slot = round.slots.get(place).ok_or(Error::NotFound)?;
    let who = super::day::versus(words, &day, slot);
    let name = game_name(words, &name_of(words, round), place, round.slots.len());
    let event = id::fresh(clock::now())?.to_string();
    let back = format!("/contests/{contest}/day");
    let page = Page::new(&state, &visit, words.t("challenge.remake"))
        .tab(Tab::Contest)
        .back(back.clone(), words.t("challenge.day"));
    let hosts = day.hosts.clone();
    Ok(page.render(move || {
        view! {
            <header class="page-head"><h1>{name}</h1><p>{who}</p></header>
            <p>{words.t("challenge.remake-words")}</p>
            <form class="fields-form" method="post" action=format!("{back}/remake/{place}")>
                <input type="hidden" name="event" value=event/>
                {host_select(words, &hosts, format!("host-{place}"), "challenge.leads", Some(0), false)}
                {host_select(words, &hosts, format!("second-{place}"), "challenge.second", None, true)}
                <div class="dock"><button class="button primary">{words.t("challenge.remake")}</button></div>
            </form>
        }
    }))
}

/// Makes a match again.
pub async fn remake(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, place)): Path<(String, usize)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let day = challenge::day(&state.db, viewer, id).await?;
    let round = day.bracket.rounds.last().ok_or(Error::NotFound)?;
    let name = game_name(words, &name_of(words, round), place, round.slots.len());
    let title = format!("{} {name}", day.contest.title);
    let outcome = async {
        let (event, hosts) = (event_id(&fields)?, hosts_of(&fields, place)?);
        let now = clock::now();
        challenge::remake(&state.db, viewer, event, id, place, hosts, title, now).await
    };
    let to = format!("/contests/{contest}/day");
    answer(outcome.await.map(|()| done("flash.match-created", 1)), &to)
}

/// Shows the places as they would be declared, and asks.
pub async fn ask_declare(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let day = challenge::day(&state.db, viewer, id).await?;
    let places = domain::contest::challenge::places(&day.bracket.meetings());
    let places = places.filter(|places| !places.is_empty());
    let places = places.ok_or(Error::Invalid("day-not-yet"))?;
    let back = format!("/contests/{contest}/day");
    let page = Page::new(&state, &visit, words.t("challenge.declare"))
        .tab(Tab::Contest)
        .back(back.clone(), words.t("challenge.day"));
    Ok(page.render(move || {
        let rows = places
            .iter()
            .map(|(place, team)| super::matches::place_row(words, *place, day.bracket.name(*team)));
        let rows = rows.collect_view();
        let asks = day.declared_at.is_none().then(|| {
            view! {
                <form class="dock" method="post" action=format!("{back}/declare")>
                    <a class="button" href=back.clone()>{words.t("host.cancel")}</a>
                    <button class="button primary">{words.t("challenge.declare")}</button>
                </form>
            }
        });
        view! {
            <header class="page-head"><h1>{words.t("challenge.declare-ask")}</h1></header>
            <p class="flash" data-kind="info">{icon("info")}<span>{words.t("challenge.declare-words")}</span></p>
            <ol class="rows">{rows}</ol>
            {asks}
        }
    }))
}

/// Declares the places.
pub async fn declare(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let outcome = challenge::declare(&state.db, viewer, id, clock::now()).await;
    let to = match &outcome {
        Ok(_) => format!("/contests/{contest}/matches"),
        Err(_) => format!("/contests/{contest}/day"),
    };
    answer(
        outcome.map(|granted| done("flash.places-declared", granted)),
        &to,
    )
}
