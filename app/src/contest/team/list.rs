//! `/contests/{id}/teams`: who comes, and registering.

use super::chip;
use crate::contest::form::contest_id;
use crate::contest::page::barred;
use crate::format;
use crate::page::{Failure, Page, Tab};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::contest::team::LONGEST_NAME;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::team::{TeamRow, Teams, teams};
use platform::{clock, id};

/// The teams of a contest.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id, now) = (visit.signed_in()?, contest_id(&contest)?, clock::now());
    let teams = teams(&state.db, viewer, id, now).await?;
    let event = id::fresh(now)?.to_string();
    let page = Page::new(&state, &visit, words.t("team.teams"))
        .tab(Tab::Contest)
        .back(format!("/contests/{contest}"), words.t("contest.contest"));
    let barred = barred(&visit, &teams.contest);
    Ok(page.render(move || {
        let here = format!("/contests/{}/teams", teams.contest.id);
        let mine = teams.mine.map(|team| {
            view! { <div class="dock"><a class="button primary" href=format!("{here}/{team}")>{words.t("team.mine")}</a></div> }
        });
        view! {
            <header class="page-head"><h1>{words.t("team.teams")}</h1><p>{teams.contest.title.clone()}</p></header>
            {barred}
            {facts(words, &teams, now)}
            {rows(words, &teams, &here)}
            {teams.may_register.then(|| register(words, &here, event))}
            {mine}
        }
    }))
}

fn facts(words: Words, teams: &Teams, now: Millis) -> impl IntoView + use<> {
    let rules = &teams.rules;
    let shape = words.f(
        "contest-edit.team-words",
        &[
            ("size", &rules.size),
            ("substitutes", &rules.substitutes),
            ("teams", &rules.teams),
        ],
    );
    let until = format::moment(words, rules.register_until);
    let left = match now < rules.register_until {
        true => format::until(words, rules.register_until, now),
        false => words.t("team.over").to_owned(),
    };
    view! {
        <dl class="facts">
            <div><dt>{words.t("team.shape")}</dt><dd>{shape}</dd></div>
            <div><dt>{words.t("team.until")}</dt><dd><p>{until}</p><p class="muted">{left}</p></dd></div>
        </dl>
    }
}

fn rows(words: Words, teams: &Teams, here: &str) -> impl IntoView + use<> {
    let row = |team: &TeamRow| {
        let count = words.f(
            "team.seats",
            &[("n", &team.members), ("m", &team.substitutes)],
        );
        view! {
            <li><a class="row" href=format!("{here}/{}", team.id)>
                <span class="row-body"><span class="row-title">{team.name.clone()}</span><span class="row-note">{team.unit.clone()}" · "{count}</span></span>
                <span class="row-figure">{chip(words, team.state)}</span>
            </a></li>
        }
    };
    let list = teams.rows.iter().map(row).collect_view();
    let none = teams
        .rows
        .is_empty()
        .then(|| view! { <p class="muted">{words.t("team.none")}</p> });
    let count = words.f("challenge.teams-n", &[("n", &teams.rows.len())]);
    view! {
        <section aria-labelledby="teams">
            <div class="section-head"><h2 id="teams">{words.t("team.registered")}</h2><p>{count}</p></div>
            {none}
            <ul class="rows">{list}</ul>
        </section>
    }
}

fn register(words: Words, here: &str, event: String) -> impl IntoView + use<> {
    view! {
        <section aria-labelledby="register">
            <div class="section-head"><h2 id="register">{words.t("team.register")}</h2></div>
            <form class="fields-form" method="post" action=here.to_owned()>
                <input type="hidden" name="event" value=event/>
                <div class="field">
                    <label for="name">{words.t("team.name")}</label>
                    <p class="hint">{words.t("team.register-note")}</p>
                    <input id="name" name="name" type="text" required=true maxlength=LONGEST_NAME.to_string() autocomplete="off"/>
                </div>
                <div class="dock"><button class="button primary">{words.t("team.register-do")}</button></div>
            </form>
        </section>
    }
}
