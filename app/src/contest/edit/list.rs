//! `/admin/contests/{id}/list`: who may enter by invitation, pasted, looked through, put in.

use super::page::about;
use crate::contest::form::contest_id;
use crate::format::figure;
use crate::page::{Failure, done, icon, redirect};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use platform::contest::edit::{self, Checked, Edited, Reason, Refused};
use platform::{Error, clock};
use serde::Deserialize;

/// Bytes of a pasted list as a form sends it: a hundred thousand lines of 40.
pub const LARGEST_LIST: usize = 4 * 1024 * 1024;
/// Refused lines that the dry run shows; it says how many more there are.
const SHOWN: usize = 200;

/// The list as it stands, and the field for a new one.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let viewer = visit.signed_in()?;
    let edited = edit::one_draft(&state.db, viewer, contest_id(&contest)?).await?;
    Ok(page(&state, &visit, &edited, String::new(), None, None))
}

/// A pasted list: without `seen` it is looked through, with it it is put in.
#[derive(Deserialize)]
pub struct Pasted {
    text: String,
    seen: Option<usize>,
}

/// Looks a list through, or puts in what was looked through.
pub async fn paste(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Pasted>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let now = clock::now();
    let edited = edit::one_edited(&state.db, viewer, id).await?;
    let mut failed = None;
    if let Some(seen) = form.seen {
        match edit::put_list(&state.db, viewer, id, &form.text, seen, now).await {
            Ok(n) => {
                let put = done("flash.contest-listed", i64::try_from(n).unwrap_or(i64::MAX));
                return Ok(redirect(&format!("/admin/contests/{contest}#entry"), put));
            }
            Err(error @ Error::Invalid("contest-list-moved" | "contest-changed")) => {
                failed = Some(error)
            }
            Err(error) => return Err(error.into()),
        }
    }
    let checked = match edit::check_list(&state.db, viewer, id, &form.text, now).await {
        Ok(checked) if checked.lines == 0 => Err(Error::Invalid("contest-list-none")),
        other => other,
    };
    match checked {
        Ok(checked) => Ok(page(
            &state,
            &visit,
            &edited,
            form.text,
            Some(checked),
            failed,
        )),
        Err(error @ Error::Invalid("contest-list-none" | "contest-list-long")) => {
            Ok(page(&state, &visit, &edited, form.text, None, Some(error)))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(
    state: &AppState,
    visit: &Visit,
    edited: &Edited,
    text: String,
    checked: Option<Checked>,
    error: Option<Error>,
) -> Response {
    let words = visit.words();
    let here = format!("/admin/contests/{}/list", edited.contest.id);
    let now_on_it = words.f("contest-edit.listed-n", &[("n", &figure(edited.listed))]);
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let id = edited.contest.id.to_string();
    about(state, visit, &id, words.t("contest-edit.list")).status(status).render(move || {
        let wrong = error.as_ref().map(|_| "true");
        let said = error.map(|e| {
            view! { <p class="error" id="text-error" role="alert">{icon("wrong")}<span>{words.error(&e)}</span></p> }
        });
        let outcome = checked.map(|c| outcome(words, &c, &text, &here));
        let primary = if outcome.is_some() { "button" } else { "button primary" };
        view! {
            <header class="page-head"><h1>{words.t("contest-edit.list")}</h1><p>{now_on_it}</p></header>
            {outcome}
            <form method="post" action=here>
                <div class="field">
                    <label for="text">{words.t("contest-edit.paste")}</label>
                    <p class="hint" id="text-hint">{words.t("contest-edit.paste-hint")}</p>
                    <textarea id="text" name="text" rows="10" spellcheck="false" autocomplete="off" aria-invalid=wrong aria-describedby="text-hint text-error">{text}</textarea>
                    {said}
                </div>
                <p class="sheet-add"><button class=primary>{words.t("contest-edit.check-list")}</button></p>
            </form>
        }
    })
}

/// What a dry run found: in = found + unknown + twice, and the lines behind the last two.
fn outcome(words: Words, checked: &Checked, text: &str, here: &str) -> AnyView {
    let n = |n: usize| figure(i64::try_from(n).unwrap_or(i64::MAX));
    let found = checked.found.len();
    let sum = words.f(
        "contest-edit.sum",
        &[
            ("lines", &n(checked.lines)),
            ("found", &n(found)),
            ("unknown", &n(checked.unknown())),
            ("twice", &n(checked.twice())),
        ],
    );
    let put = (found > 0).then(|| {
        let name = words.f("contest-edit.put-list", &[("n", &n(found))]);
        view! {
            <form class="sheet-add" method="post" action=here.to_owned()>
                <textarea name="text" hidden=true>{format!("\n{text}")}</textarea>
                <input type="hidden" name="seen" value=found.to_string()/>
                <button class="button primary">{name}</button>
            </form>
        }
    });
    view! {
        <section class="sheet" aria-labelledby="outcome">
            <div class="section-head"><h2 id="outcome" tabindex="-1" autofocus=true>{words.t("contest-edit.outcome")}</h2></div>
            <p>{sum}</p>
            <p class="muted">{words.t("contest-edit.outcome-note")}</p>
            {put}
            {refused_table(words, &checked.refused)}
        </section>
    }
    .into_any()
}

fn refused_table(words: Words, refused: &[Refused]) -> Option<AnyView> {
    (!refused.is_empty()).then(|| {
        let rows = refused.iter().take(SHOWN).map(|r| {
            let why = match r.reason {
                Reason::Unknown => words.t("contest-edit.unknown").to_owned(),
                Reason::Twice(row) => words.f("contest-edit.twice", &[("row", &row)]),
            };
            let row = words.f("contest-edit.row", &[("n", &r.row)]);
            view! { <tr><th scope="row">{r.text.clone()}<small>{row}</small></th><td>{why}</td></tr> }
        });
        let rows = rows.collect_view();
        let more = refused.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| view! { <p class="muted">{words.f("contest-edit.more", &[("n", &more)])}</p> });
        view! {
            <div class="table-wrap" role="region" tabindex="0" aria-label=words.t("contest-edit.refused-table")>
                <table class="table">
                    <thead><tr>
                        <th scope="col"><span>{words.t("contest-edit.line-text")}</span></th>
                        <th scope="col"><span>{words.t("contest-edit.reason")}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {more}
        }
        .into_any()
    })
}
