//! What the forms of teams post to.

use super::team_id;
use crate::contest::form::contest_id;
use crate::page::{Failure, done, redirect, refused};
use crate::state::AppState;
use crate::visit::Visit;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::contest::team::{Change, Seat};
use domain::id::{EventId, LearnerId};
use platform::contest::team;
use platform::{Error, clock};
use serde::Deserialize;

/// A new team.
#[derive(Deserialize)]
pub struct New {
    event: EventId,
    name: String,
}

/// Registers a team.
pub async fn register(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(new): Form<New>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let here = format!("/contests/{contest}/teams");
    match team::register(&state.db, viewer, new.event, id, &new.name, clock::now()).await {
        Ok(team) => Ok(redirect(
            &format!("{here}/{team}"),
            done("flash.team-registered", 0),
        )),
        Err(error) => back(error, &here),
    }
}

/// What is to become of a team.
#[derive(Deserialize)]
pub struct Asked {
    event: EventId,
    #[serde(rename = "do")]
    wish: String,
    who: Option<LearnerId>,
    name: Option<String>,
    note: Option<String>,
    code: Option<String>,
}

/// The change that is asked for, and what is said when it is done.
fn change(asked: &Asked) -> platform::Result<(Change, &'static str)> {
    let who = || asked.who.ok_or(Error::Invalid("malformed"));
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    Ok(match asked.wish.as_str() {
        "rename" => (Change::Rename(text(&asked.name)), "flash.team-renamed"),
        "add" => (Change::Add(who()?), "flash.team-changed"),
        "remove" => (Change::Remove(who()?), "flash.team-changed"),
        "to-member" => (Change::Move(who()?, Seat::Member), "flash.team-changed"),
        "to-substitute" => (Change::Move(who()?, Seat::Substitute), "flash.team-changed"),
        "captain" => (Change::Captain(who()?), "flash.team-changed"),
        "hand-in" => (Change::HandIn, "flash.team-submitted"),
        "take-back" => (Change::TakeBack, "flash.team-taken-back"),
        "approve" => (Change::Approve, "flash.team-approved"),
        "refuse" => (Change::Refuse(text(&asked.note)), "flash.team-returned"),
        "withdraw" => (Change::Withdraw, "flash.team-withdrawn"),
        _ => return Err(Error::Invalid("malformed")),
    })
}

/// Changes a team.
pub async fn act(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, id)): Path<(String, String)>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    let (viewer, now) = (visit.signed_in()?, clock::now());
    let (contest_of, team_of) = (contest_id(&contest)?, team_id(&id)?);
    let list = format!("/contests/{contest}/teams");
    let here = format!("{list}/{id}");
    if asked.wish == "renew" {
        team::renew_invitation(&state.db, viewer, contest_of, team_of, now).await?;
        return Ok(redirect(&here, done("flash.team-renewed", 0)));
    }
    if asked.wish == "join" {
        let code = asked.code.as_deref().unwrap_or_default();
        let joined = team::join(&state.db, viewer, asked.event, contest_of, code, now).await;
        return match joined {
            Ok(_) => Ok(redirect(&here, done("flash.team-joined", 0))),
            Err(error) => back(error, &list),
        };
    }
    let (change, said) = change(&asked)?;
    let leaves = change == Change::Withdraw || change == Change::Remove(viewer.learner);
    match team::change(
        &state.db,
        viewer,
        asked.event,
        contest_of,
        team_of,
        change,
        now,
    )
    .await
    {
        Ok(()) if leaves => Ok(redirect(&list, done(said, 0))),
        Ok(()) => Ok(redirect(&here, done(said, 0))),
        Err(error) => back(error, &here),
    }
}

/// Back to a page with the reason, where that is something people can change.
fn back(error: Error, to: &str) -> Result<Response, Failure> {
    match error {
        Error::Invalid(_) | Error::Barred(_) => Ok(redirect(to, refused(&error))),
        error => Err(error.into()),
    }
}
