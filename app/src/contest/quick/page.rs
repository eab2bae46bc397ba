//! `/contests/quick`: the own strength, the way into a match, the last matches.

use super::address;
use crate::format;
use crate::page::{Failure, Page, Row, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use domain::contest::quick::{Class, QUESTIONS, SECONDS, TELLING};
use domain::credits::QuickPolicy;
use leptos::prelude::*;
use platform::contest::quick::{self, PastMatch, Place, Record};
use platform::credits;

/// The page.
pub async fn quick(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let me = visit.signed_in()?.learner;
    let place = quick::place(&state.db, me).await?;
    let record = quick::record(&state.db, me).await?;
    let past = quick::past(&state.db, me).await?;
    let policy = credits::policy(&state.db).await?.quick;
    let page = Page::new(&state, &visit, words.t("quick.title"))
        .tab(Tab::Contest)
        .back("/contests", words.t("nav.contest"));
    Ok(page.render(move || {
        let note = words.f("quick.note", &[("n", &QUESTIONS), ("seconds", &SECONDS)]);
        view! {
            <header class="page-head"><h1>{words.t("quick.title")}</h1><p>{note}</p></header>
            {facts(words, record, policy)}
            {with_colleagues(words, place.as_ref())}
            {last(words, past)}
            {begin(words, place.as_ref())}
        }
    }))
}

fn facts(words: Words, record: Record, policy: QuickPolicy) -> impl IntoView {
    let class = words.t(&format!("quick.class-{}", record.class.as_str()));
    let note = if record.class == Class::Unknown {
        words.f("quick.until-class", &[("n", &(TELLING - record.played))])
    } else {
        words.f("quick.played", &[("n", &record.played)])
    };
    let earns = words.f(
        "quick.earns",
        &[
            ("part", &policy.taking_part),
            ("win", &policy.winning),
            ("most", &policy.daily),
        ],
    );
    view! {
        <dl class="facts">
            <div><dt>{words.t("quick.strength")}</dt><dd>{class}<p class="muted">{note}</p></dd></div>
            <div><dt>{words.t("quick.rule")}</dt><dd>{words.t("quick.rule-words")}</dd></div>
            <div><dt>{words.t("quick.credits")}</dt><dd>{earns}</dd></div>
        </dl>
    }
}

/// The one primary button: into the queue, or back to where the learner is.
fn begin(words: Words, place: Option<&Place>) -> AnyView {
    let Some(place) = place else {
        return view! {
            <form class="dock" method="post" action="/contests/quick/queue">
                <button class="button primary">{words.t("quick.start")}</button>
            </form>
        }
        .into_any();
    };
    let name = match place {
        Place::Waiting(_) => words.t("quick.to-queue"),
        Place::Room(_) => words.t("quick.to-room"),
        Place::Match(_) => words.t("quick.to-match"),
    };
    view! { <div class="dock"><a class="button primary" href=address(place)>{name}</a></div> }
        .into_any()
}

fn with_colleagues(words: Words, place: Option<&Place>) -> Option<AnyView> {
    if matches!(place, Some(Place::Room(_) | Place::Match(_))) {
        return None;
    }
    Some(
        view! {
            <section aria-labelledby="rooms">
                <div class="section-head"><h2 id="rooms">{words.t("quick.rooms")}</h2></div>
                <p class="muted">{words.t("quick.rooms-note")}</p>
                <form class="quick-open" method="post" action="/contests/quick/rooms">
                    <button class="button">{icon("invite")}{words.t("quick.open")}</button>
                </form>
            </section>
        }
        .into_any(),
    )
}

fn last(words: Words, past: Vec<PastMatch>) -> impl IntoView {
    let rows = past.into_iter().map(|game| {
        let others: Vec<String> = game.others.into_iter().map(|other| other.name).collect();
        let others = others.join(words.t("format.list"));
        let title = words.f("quick.against", &[("names", &others)]);
        let moment = format::moment(words, game.made);
        let result = match game.rank {
            Some(rank) => {
                let points = game.points / 10;
                words.f("quick.result", &[("rank", &rank), ("points", &points)])
            }
            None => words.t("quick.no-result").to_owned(),
        };
        let mut row = Row::new(
            format!("/matches/{}", game.id),
            title,
            words.f("quick.when", &[("result", &result), ("moment", &moment)]),
        );
        row.icon = Some("trophy");
        row.state = (game.rank == Some(1)).then_some("gold");
        if game.credits > 0 {
            row.figure = words.f("quick.gained", &[("n", &game.credits)]);
        }
        row
    });
    let rows: Vec<Row> = rows.collect();
    let body = if rows.is_empty() {
        view! { <p class="muted">{words.t("quick.none")}</p> }.into_any()
    } else {
        view! { <ul class="rows">{rows.into_iter().map(Row::view).collect_view()}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="past">
            <div class="section-head"><h2 id="past">{words.t("quick.past")}</h2></div>
            {body}
        </section>
    }
}

/// The row that leads here from the list of contests and from the end of a day's practice.
#[must_use]
pub fn entry(words: Words) -> AnyView {
    let mut row = Row::new(
        "/contests/quick",
        words.t("quick.title"),
        words.t("quick.entry"),
    );
    row.icon = Some("swap");
    view! { <ul class="rows">{row.view()}</ul> }.into_any()
}
