//! `/admin/contests/new`: a contest from nothing, or from an earlier one.

use super::field::{Fields, error_summary};
use super::page::kind_name;
use super::typed::Typed;
use crate::format;
use crate::page::{Failure, Page, Tab};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::contest::ContestKind;
use leptos::prelude::*;
use platform::contest::edit::{self, LONGEST_TITLE, Wrong};
use platform::{clock, id, org};

/// The page that begins a contest.
pub async fn new(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    new_page(&state, &visit, "", Some(ContestKind::Themed), None).await
}

/// The page that begins a contest, with what is wrong.
pub(super) async fn new_page(
    state: &AppState,
    visit: &Visit,
    title: &str,
    kind: Option<ContestKind>,
    code: Option<&'static str>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let viewer = visit.signed_in()?;
    let now = clock::now();
    let mut earlier = Vec::new();
    for edited in edit::edited(&state.db, viewer).await? {
        let when = format::date(words, &edited.contest.opens_at.day().to_string());
        earlier.push((edited.contest, when, id::fresh(now)?.to_string()));
    }
    let mut units = Vec::new();
    for unit in edit::editor_units(viewer) {
        let path = org::path(&state.db, unit).await?;
        units.push((
            unit.0.clone(),
            path.last().map_or(String::new(), |(_, _, n)| n.clone()),
        ));
    }
    let event = id::fresh(now)?.to_string();
    let field = if code == Some("contest-kind") {
        "kind"
    } else {
        "title"
    };
    let n = i64::try_from(LONGEST_TITLE).unwrap_or(i64::MAX);
    let wrong: Vec<Wrong> = code
        .map(|code| Wrong::new(field, code).with("n", n))
        .into_iter()
        .collect();
    let mut typed = Typed::default();
    typed.set("title", title);
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = Page::new(state, visit, words.t("contest-edit.new"))
        .tab(Tab::Me)
        .back("/admin/contests", words.t("contest-edit.contests"))
        .status(status);
    Ok(page.render(move || {
        let fields = Fields { words, typed: &typed, wrong: &wrong };
        let summary = (!wrong.is_empty())
            .then(|| error_summary(words, words.t("contest-edit.not-made").to_owned(), &wrong));
        let kinds = ContestKind::ALL.map(|k| {
            let note = match k {
                ContestKind::Themed => words.t("contest-edit.themed-note"),
                ContestKind::Special => words.t("contest-edit.special-note"),
                ContestKind::Team => words.t("contest-edit.team-note"),
            };
            view! {
                <label class="option">
                    <input type="radio" name="kind" value=k.as_str() checked={kind == Some(k)}/>
                    <span class="letter"></span>
                    <span class="text">{kind_name(words, k)}<small>{note}</small></span>
                </label>
            }
        });
        let holder = if units.len() == 1 {
            view! { <input type="hidden" name="unit" value=units[0].0.clone()/> }.into_any()
        } else {
            let choices = units.clone();
            fields.select("unit", words.t("contest-edit.holder"), None, choices)
        };
        view! {
            <header class="page-head"><h1>{words.t("contest-edit.new")}</h1><p>{words.t("contest-edit.new-note")}</p></header>
            {summary}
            <form method="post" action="/admin/contests/new">
                <input type="hidden" name="event" value=event/>
                <fieldset class="sheet-kinds" id="kind"><legend>{words.t("contest-edit.kind")}</legend><div class="options">{kinds.into_iter().collect_view()}</div></fieldset>
                {fields.text("title", words.t("contest-edit.title"), LONGEST_TITLE)}
                {holder}
                <p class="sheet-add"><button class="button primary block">{words.t("contest-edit.make")}</button></p>
            </form>
            {copies(words, earlier)}
        }
    }))
}

fn copies(
    words: Words,
    earlier: Vec<(platform::contest::Contest, String, String)>,
) -> Option<AnyView> {
    (!earlier.is_empty()).then(|| {
        let rows = earlier.into_iter().map(|(contest, when, event)| {
            let action = format!("/admin/contests/{}/copy", contest.id);
            view! {
                <li>
                    <form class="row" method="post" action=action>
                        <input type="hidden" name="event" value=event/>
                        <span class="row-body"><span class="row-title">{contest.title.clone()}</span><span class="row-note">{when}</span></span>
                        <button class="button">{words.t("contest-edit.copy")}<span class="visually-hidden">{contest.title}</span></button>
                    </form>
                </li>
            }
        });
        let rows = rows.collect_view();
        view! {
            <section aria-labelledby="copies">
                <div class="section-head"><h2 id="copies">{words.t("contest-edit.copies")}</h2></div>
                <p class="muted">{words.t("contest-edit.copies-note")}</p>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}
