//! `/contests/{id}/teams/join/{code}`: someone who was invited comes in; and the page that asks before
//! a team is given up.

use super::team_id;
use crate::contest::form::contest_id;
use crate::page::{Failure, Page, Tab};
use crate::state::AppState;
use crate::visit::Visit;
use axum::extract::{Path, State};
use axum::response::Response;
use leptos::prelude::*;
use platform::contest::team::{invited, team};
use platform::{Error, clock, id};

/// Asks whether someone who was invited comes in.
pub async fn ask(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, now) = (visit.signed_in()?, clock::now());
    let invited = invited(&state.db, viewer, contest_id(&contest)?, &code, now).await;
    let invited = invited.map_err(|error| match error {
        Error::NotFound => Error::Invalid("team-invitation"),
        error => error,
    })?;
    let event = id::fresh(now)?.to_string();
    let here = format!("/contests/{contest}/teams");
    let page = Page::new(&state, &visit, words.t("team.invitation"))
        .tab(Tab::Contest)
        .back(here.clone(), words.t("team.teams"));
    Ok(page.render(move || {
        let sentence = words.f(
            "team.invited",
            &[
                ("captain", &invited.captain),
                ("contest", &invited.contest.title),
            ],
        );
        let act = if invited.is_in {
            view! { <a class="button primary" href=format!("{here}/{}", invited.id)>{words.t("team.mine")}</a> }
                .into_any()
        } else {
            view! {
                <form method="post" action=format!("{here}/{}", invited.id)>
                    <input type="hidden" name="event" value=event/>
                    <input type="hidden" name="do" value="join"/>
                    <input type="hidden" name="code" value=code/>
                    <button class="button primary">{words.t("team.join")}</button>
                </form>
            }
            .into_any()
        };
        view! {
            <header class="page-head"><h1>{invited.name.clone()}</h1><p>{invited.unit.clone()}</p></header>
            <p>{sentence}</p>
            <p class="muted">{words.t("team.join-note")}</p>
            <div class="dock">{act}</div>
        }
    }))
}

/// Asks before a team is given up.
pub async fn ask_withdraw(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, now) = (visit.signed_in()?, clock::now());
    let team = team(&state.db, viewer, contest_id(&contest)?, team_id(&id)?, now).await?;
    if !team.leads && !team.decides {
        return Err(Error::Forbidden.into());
    }
    let event = id::fresh(now)?.to_string();
    let back = format!("/contests/{contest}/teams/{id}");
    let page = Page::new(&state, &visit, words.t("team.withdraw"))
        .tab(Tab::Contest)
        .back(back.clone(), team.team.name.clone());
    Ok(page.render(move || {
        let count = team.team.seats.len();
        let action = back.clone();
        view! {
            <header class="page-head"><h1>{words.t("team.withdraw-ask")}</h1><p>{team.team.name.clone()}</p></header>
            <p>{words.f("team.withdraw-words", &[("n", &count)])}</p>
            <form class="dock" method="post" action=action>
                <input type="hidden" name="event" value=event/>
                <input type="hidden" name="do" value="withdraw"/>
                <a class="button" href=back>{words.t("host.cancel")}</a>
                <button class="button primary">{words.t("team.withdraw")}</button>
            </form>
        }
    }))
}
