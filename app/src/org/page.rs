//! `/admin`: the units below and the learners in them.

use crate::format;
use crate::page::{Failure, Page, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::id::UnitId;
use leptos::prelude::*;
use platform::org::{self, Branch, LearnerPage, PAGE_SIZE};
use platform::{Error, clock};
use serde::Deserialize;

/// Which unit, and which page of its learners.
#[derive(Deserialize)]
pub struct Wanted {
    unit: Option<String>,
    page: Option<i64>,
}

/// A unit with the units right below it and the learners in all of them.
pub async fn admin(
    State(state): State<AppState>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let viewer = visit.signed_in()?;
    let now = clock::now();
    let home = viewer.home_unit().cloned().ok_or(Error::Forbidden)?;
    let unit = wanted.unit.map_or(home, UnitId);
    let branch = org::branch(&state.db, viewer, &unit, now).await?;
    let people = org::learners(&state.db, viewer, &unit, wanted.page.unwrap_or(1), now).await?;
    let name = branch
        .path
        .last()
        .map_or(String::new(), |(_, _, name)| name.clone());
    let page = Page::new(&state, &visit, name.clone())
        .tab(Tab::Me)
        .back("/me", words.t("nav.me"))
        .classes("", "page wide");
    Ok(page.render(move || {
        let total = format::figure(people.total);
        let moment = format::moment(words, now);
        let summary = words.f(
            "org.summary",
            &[
                ("learners", &total),
                ("units", &branch.units.len()),
                ("moment", &moment),
            ],
        );
        view! {
            {breadcrumb(words, &branch)}
            <header class="page-head"><h1>{name}</h1><p>{summary}</p></header>
            {units(words, &branch)}
            {learners(words, &unit, &people)}
        }
    }))
}

fn link(unit: &str) -> String {
    format!("/admin?unit={}", crate::page::percent(unit))
}

fn breadcrumb(words: Words, branch: &Branch) -> impl IntoView + use<> {
    let last = branch.path.len().saturating_sub(1);
    let steps = branch.path.iter().enumerate().map(|(i, (id, _, name))| {
        if i == last {
            view! { <li><span aria-current="page">{name.clone()}</span></li> }.into_any()
        } else {
            view! { <li><a href=link(&id.0)>{name.clone()}</a></li> }.into_any()
        }
    });
    let steps = steps.collect_view();
    view! { <nav class="breadcrumb" aria-label=words.t("org.where")><ol>{steps}</ol></nav> }
}

fn units(words: Words, branch: &Branch) -> Option<impl IntoView + use<>> {
    (!branch.units.is_empty()).then(|| {
        let rows = branch.units.iter().map(|unit| {
            let mean = if unit.learners > 0 {
                format::figure(unit.credits / unit.learners)
            } else {
                "—".to_owned()
            };
            view! {
                <tr>
                    <th scope="row"><a href=link(&unit.id)>{unit.name.clone()}</a></th>
                    <td class="number">{format::figure(unit.learners)}</td>
                    <td class="number">{format::figure(unit.credits)}</td>
                    <td class="number">{mean}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        view! {
            <section aria-labelledby="units">
                <div class="section-head"><h2 id="units">{words.t("org.units")}</h2></div>
                <div class="table-wrap" role="region" tabindex="0" aria-label=words.t("org.units-table")>
                    <table class="table">
                        <thead><tr>
                            <th scope="col"><span>{words.t("org.unit")}</span></th>
                            <th scope="col" class="number"><span>{words.t("org.learners-count")}</span></th>
                            <th scope="col" class="number"><span>{words.t("credits.credits")}</span></th>
                            <th scope="col" class="number"><span>{words.t("org.mean")}</span></th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

fn learners(words: Words, unit: &UnitId, people: &LearnerPage) -> impl IntoView + use<> {
    let rows = people.rows.iter().map(|l| {
        view! {
            <tr>
                <th scope="row">{l.name.clone()}</th>
                <td>{l.unit.clone()}</td>
                <td class="number">{format::figure(l.credits)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let table = if people.total == 0 {
        view! { <div class="empty">{icon("unit")}<p>{words.t("org.no-learners")}</p></div> }
            .into_any()
    } else {
        view! {
            <div class="table-wrap" role="region" tabindex="0" aria-label=words.t("org.learners-table")>
                <table class="table">
                    <thead><tr>
                        <th scope="col"><span>{words.t("org.name")}</span></th>
                        <th scope="col"><span>{words.t("org.unit")}</span></th>
                        <th scope="col" class="number" aria-sort="descending"><span>{words.t("credits.credits")}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let pages = (people.total + PAGE_SIZE - 1) / PAGE_SIZE;
    let turn = (pages > 1).then(|| {
        let to = |page: i64| format!("{}&page={page}", link(&unit.0));
        let from = (people.page - 1) * PAGE_SIZE + 1;
        let until = (people.page * PAGE_SIZE).min(people.total);
        let where_ = words.f(
            "org.shown",
            &[
                ("from", &format::figure(from)),
                ("to", &format::figure(until)),
                ("total", &format::figure(people.total)),
            ],
        );
        let before = (people.page > 1).then(|| {
            view! { <li><a rel="prev" href=to(people.page - 1)>{words.t("page.previous")}</a></li> }
        });
        let after = (people.page < pages).then(|| {
            view! { <li><a rel="next" href=to(people.page + 1)>{words.t("page.next")}</a></li> }
        });
        view! {
            <nav class="pagination" aria-label=words.t("page.pages")>
                <p>{where_}</p><ul>{before}{after}</ul>
            </nav>
        }
    });
    view! {
        <section aria-labelledby="people">
            <div class="section-head"><h2 id="people">{words.t("org.learners")}</h2><p>{words.t("org.sorted")}</p></div>
            {table}
            {turn}
        </section>
    }
}
