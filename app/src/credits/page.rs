//! `/me/credits`.

use crate::format;
use crate::page::{Failure, Page, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::credits::{Policy, Source};
use domain::time::Millis;
use leptos::prelude::*;
use platform::clock;
use platform::credits::{self, Entry, PAGE_SIZE, Total};
use serde::Deserialize;

/// Which page of the ledger.
#[derive(Deserialize)]
pub struct Wanted {
    page: Option<i64>,
}

/// The ledger, by source and by day.
pub async fn credits(
    State(state): State<AppState>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let learner = visit.signed_in()?.learner;
    let now = clock::now();
    let number = wanted.page.unwrap_or(1).max(1);
    let total = credits::total(&state.db, learner, now).await?;
    let policy = credits::policy(&state.db).await?;
    let entries = credits::ledger(&state.db, learner, number, now).await?;
    let page = Page::new(&state, &visit, words.t("credits.credits"))
        .tab(Tab::Me)
        .back("/me", words.t("nav.me"));
    Ok(page.render(move || {
        let missing = if total.missing() == 0 {
            words.t("credits.reached").to_owned()
        } else {
            words.f("credits.missing", &[
                ("goal", &format::figure(total.goal)),
                ("n", &format::figure(total.missing())),
            ])
        };
        let bars = bars(words, &total, &policy);
        let more = entries.first().is_some_and(|e| number * PAGE_SIZE < e.of_year);
        let none = (entries.is_empty() && number == 1).then(|| {
            view! { <div class="empty">{icon("credit")}<p>{words.t("credits.none")}</p><a class="button" href="/practice">{words.t("credits.first")}</a></div> }
        });
        view! {
            <header class="page-head"><h1>{words.t("credits.credits")}</h1><p>{words.f("credits.year", &[("year", &now.year())])}</p></header>
            <div class="result-head">
                <p class="score"><strong>{format::figure(total.all)}</strong>{words.t("credits.unit")}</p>
                <p class="muted">{missing}</p>
            </div>
            {bars}
            <section class="ledger" aria-labelledby="entries">
                <div class="section-head"><h2 id="entries">{words.t("credits.entries")}</h2></div>
                {none}
                {days(words, entries)}
            </section>
            {(more || number > 1).then(|| pagination(words, number, more))}
        }
    }))
}

fn bars(words: Words, total: &Total, policy: &Policy) -> Option<impl IntoView + use<>> {
    let most = total
        .by_source
        .iter()
        .map(|(_, n)| *n)
        .max()
        .filter(|n| *n > 0)?;
    let bars = total.by_source.iter().map(|(source, n)| {
        let note = match (source, policy.cap(*source).daily) {
            (Source::Contest, _) => words.t("credits.bonus").to_owned(),
            (_, Some(cap)) => words.f("credits.daily-cap", &[("n", &cap)]),
            _ => String::new(),
        };
        let width = (n.max(&0) * 100 / most).max(1);
        let kind = (*source == Source::Contest).then_some("gold");
        view! {
            <li data-kind=kind>
                <span>{words.t(&format!("source.{}", source.as_str()))}" "<small class="muted">{note}</small></span>
                <span class="figure">{format::figure(*n)}" "<small>{words.t("credits.unit")}</small></span>
                <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width=width.to_string() height="6"></rect></svg>
            </li>
        }
    });
    let bars = bars.collect_view();
    Some(view! {
        <section aria-labelledby="source">
            <div class="section-head"><h2 id="source">{words.t("credits.by-source")}</h2></div>
            <ul class="bars">{bars}</ul>
        </section>
    })
}

fn days(words: Words, entries: Vec<Entry>) -> Vec<AnyView> {
    let mut days: Vec<(String, Vec<Entry>)> = Vec::new();
    for entry in entries {
        match days.last_mut() {
            Some((day, list)) if *day == entry.day => list.push(entry),
            _ => days.push((entry.day.clone(), vec![entry])),
        }
    }
    let day = |(day, entries): (String, Vec<Entry>)| {
        let sum = entries.first().map_or(0, |e| e.of_day);
        let rows = entries.iter().map(|e| {
            let clock = Millis(e.created_at).beijing();
            let source = words.t(&format!("source.{}", e.source));
            let note = format!("{source}　{:02}:{:02}", clock.hour(), clock.minute());
            let amount = if e.amount > 0 { format!("+{}", e.amount) } else { format::figure(e.amount) };
            view! {
                <li class="row">
                    <span class="row-body"><span class="row-title">{reason(words, e)}</span><span class="row-note">{note}</span></span>
                    <span class="row-figure"><strong>{amount}</strong></span>
                </li>
            }
        });
        let rows = rows.collect_view();
        view! {
            <h3>{format::day(words, &day)}" "<span>{words.f("credits.amount", &[("n", &sum)])}</span></h3>
            <ul class="rows">{rows}</ul>
        }
        .into_any()
    };
    days.into_iter().map(day).collect()
}

/// Why an entry was made, as a sentence.
fn reason(words: Words, entry: &Entry) -> String {
    let key = format!("reason.{}", entry.reason);
    let (first, second) = entry.detail.split_once('#').unwrap_or((&entry.detail, ""));
    words.f(
        &key,
        &[
            ("detail", &entry.detail),
            ("first", &first),
            ("second", &second),
        ],
    )
}

fn pagination(words: Words, page: i64, more: bool) -> impl IntoView {
    let link = |to: i64, name: &'static str, rel: &'static str| {
        view! { <li><a rel=rel href=format!("/me/credits?page={to}")>{name}</a></li> }
    };
    let before = (page > 1).then(|| link(page - 1, words.t("page.previous"), "prev"));
    let after = more.then(|| link(page + 1, words.t("page.next"), "next"));
    view! {
        <nav class="pagination" aria-label=words.t("page.pages")><ul>{before}{after}</ul></nav>
    }
}
