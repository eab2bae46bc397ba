//! `/contests/{id}/record`: how far the review is, what moved for the viewer, and the record that
//! everyone reads.

use super::told;
use crate::contest::form::contest_id;
use crate::format;
use crate::page::{Failure, Page, Tab};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::review::{self, Moved};
use platform::{clock, contest};

/// The record of a contest.
pub async fn record(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let viewer = visit.signed_in()?;
    let contest = contest::contest(&state.db, viewer, contest_id(&id)?, clock::now()).await?;
    let outcome = review::outcome(&state.db, contest.id).await?;
    let moved = review::moved(&state.db, viewer, contest.id).await?;
    let all = review::record(&state.db, &contest).await?;
    let page = Page::new(&state, &visit, words.t("review.record"))
        .tab(Tab::Contest)
        .back(format!("/contests/{id}"), words.t("contest.contest"));
    Ok(page.render(move || {
        let none = all.is_empty().then(|| view! { <p class="muted">{words.t("review.no-record")}</p> });
        let all: Vec<_> = all.into_iter().map(|entry| told::entry(words, entry, None, None)).collect();
        let mine = (!moved.is_empty()).then(|| {
            let rows: Vec<_> = moved.into_iter().map(|one| row(words, one)).collect();
            view! {
                <section aria-labelledby="mine">
                    <div class="section-head"><h2 id="mine">{words.t("review.moved-mine")}</h2></div>
                    <ul class="rows">{rows}</ul>
                </section>
            }
        });
        view! {
            <header class="page-head"><h1>{words.t("review.record")}</h1><p>{contest.title}</p></header>
            <p>{told::outcome_words(words, &outcome)}</p>
            {mine}
            <section aria-labelledby="all">
                <div class="section-head"><h2 id="all">{words.t("review.all-entries")}</h2></div>
                {none}
                <ol class="timeline">{all}</ol>
            </section>
            <p class="sheet-do"><a class="button" href="/me/objections">{words.t("review.my-objections")}</a></p>
        }
    }))
}

/// What a correction moved for the viewer.
fn row(words: Words, one: Moved) -> AnyView {
    let moment = format::moment(words, Millis(one.decided_at));
    let title = words.f(
        "review.moved-row",
        &[
            ("n", &one.number),
            ("rank-before", &format::figure(one.rank_before)),
            ("rank-after", &format::figure(one.rank_after)),
            ("points-before", &one.points_before),
            ("points-after", &one.points_after),
        ],
    );
    let credits = signed(one.credits);
    view! {
        <li class="row">
            <span class="row-body"><span class="row-title">{title}</span><span class="row-note">{moment}" "{one.reason}</span></span>
            <span class="row-figure"><strong>{words.f("credits.amount", &[("n", &credits)])}</strong></span>
        </li>
    }
    .into_any()
}

/// A figure with its sign, also where it is added.
pub(super) fn signed(n: i64) -> String {
    if n > 0 {
        format!("+{}", format::figure(n))
    } else {
        format::figure(n)
    }
}
