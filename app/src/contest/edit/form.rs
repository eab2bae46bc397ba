//! What the form of a contest posts to.

use super::page::edit_page;
use super::typed::{Rows, Typed};
use crate::contest::form::{answer, contest_id};
use crate::page::{Failure, done, redirect, refused};
use crate::state::AppState;
use crate::visit::Visit;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::contest::ContestKind;
use domain::id::{EventId, UnitId};
use platform::contest::edit;
use platform::{Error, clock};
use serde::Deserialize;

/// Saves what was typed and goes where the pressed button leads; a button that changes the form
/// itself gives the form back, changed and not saved.
pub async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let mut typed = Typed::of_form(fields);
    let action = typed.get("do").to_owned();
    let edited = edit::one_edited(&state.db, viewer, id).await?;
    if change(&mut typed, &action) {
        return edit_page(&state, &visit, edited, Some(typed), Vec::new()).await;
    }
    let now = clock::now();
    let publish = action == "publish" && edited.is_draft;
    let draft = typed.draft(edited.contest.kind);
    let stamp = typed.get("stamp").to_owned();
    let wrong = edit::save(&state.db, viewer, id, &stamp, draft, publish, now).await?;
    if !wrong.is_empty() {
        let edited = edit::one_edited(&state.db, viewer, id).await?;
        return edit_page(&state, &visit, edited, Some(typed), wrong).await;
    }
    let here = format!("/admin/contests/{contest}");
    Ok(match action.as_str() {
        "publish" => redirect(&here, done("flash.contest-published", 0)),
        "preview" | "trial" | "list" => redirect(&format!("{here}/{action}"), None),
        _ => redirect(&here, done("flash.contest-saved", 0)),
    })
}

/// Does what a button does to the form itself; says whether it was such a button.
fn change(typed: &mut Typed, action: &str) -> bool {
    let row = |prefix: &str| action.strip_prefix(prefix)?.parse().ok();
    if action == "add-section" {
        typed.add(Rows::Sections);
    } else if action == "add-band" {
        typed.add(Rows::Bands);
    } else if let Some(at) = row("remove-section-") {
        typed.remove(Rows::Sections, at);
    } else if let Some(at) = row("remove-band-") {
        typed.remove(Rows::Bands, at);
    } else if let Some(unit) = action.strip_prefix("walk-") {
        typed.set("walk", unit);
    } else if let Some(unit) = action.strip_prefix("pick-") {
        typed.choose(unit, true);
    } else if let Some(unit) = action.strip_prefix("drop-") {
        typed.choose(unit, false);
    } else {
        return action == "find";
    }
    true
}

/// The form of a new contest.
#[derive(Deserialize)]
pub struct New {
    event: EventId,
    kind: Option<String>,
    unit: String,
    title: String,
}

/// Makes a draft and opens its form.
pub async fn create(
    State(state): State<AppState>,
    visit: Visit,
    Form(form): Form<New>,
) -> Result<Response, Failure> {
    let viewer = visit.signed_in()?;
    let kind = form.kind.as_deref().and_then(ContestKind::parse);
    let title = form.title.trim().to_owned();
    let unit = UnitId(form.unit);
    let Some(kind) = kind else {
        return super::new::new_page(&state, &visit, &title, None, Some("contest-kind")).await;
    };
    let now = clock::now();
    let kept = title.clone();
    match edit::create(&state.db, viewer, form.event, kind, unit, title, now).await {
        Ok(id) => Ok(redirect(&format!("/admin/contests/{id}"), None)),
        Err(Error::Invalid(code)) => {
            super::new::new_page(&state, &visit, &kept, Some(kind), Some(code)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A button that does its thing once.
#[derive(Deserialize)]
pub struct Once {
    event: EventId,
}

/// Copies a contest and opens the form of the copy.
pub async fn copy(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Once>,
) -> Result<Response, Failure> {
    let (viewer, of) = (visit.signed_in()?, contest_id(&contest)?);
    let id = edit::copy(&state.db, viewer, form.event, of, clock::now()).await?;
    let copied = done("flash.contest-copied", 0);
    Ok(redirect(&format!("/admin/contests/{id}"), copied))
}

/// Takes a contest back to a draft.
pub async fn withdraw(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let here = format!("/admin/contests/{contest}");
    let withdrawn = edit::withdraw(&state.db, viewer, id, clock::now()).await;
    let withdrawn = withdrawn.map(|()| 0);
    answer(withdrawn, "flash.contest-withdrawn", &here, &here)
}

/// Deletes a draft; one that is gone already is gone.
pub async fn delete(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    match edit::delete(&state.db, viewer, id).await {
        Ok(()) | Err(Error::NotFound) => Ok(redirect(
            "/admin/contests",
            done("flash.contest-deleted", 0),
        )),
        Err(error @ Error::Invalid(_)) => {
            let here = format!("/admin/contests/{contest}");
            Ok(redirect(&here, refused(&error)))
        }
        Err(error) => Err(error.into()),
    }
}
