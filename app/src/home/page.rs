//! `/`.

use crate::format;
use crate::page::{Failure, Page, Row, Tab};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use domain::law::ArticleNumber;
use domain::time::Millis;
use leptos::prelude::*;
use platform::clock;
use platform::credits::Total;
use platform::home::{self, Home};

/// What to do next, and this year's credits.
pub async fn home(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let viewer = visit.signed_in()?;
    let home = home::home(&state.db, viewer, now).await?;
    let hour = now.beijing().hour();
    let greeting = match hour {
        5..11 => "home.morning",
        11..13 => "home.noon",
        13..18 => "home.afternoon",
        _ => "home.evening",
    };
    let greeting = words.f(greeting, &[("name", &viewer.name)]);
    let day = format::day(words, &now.day().to_string());
    let page = Page::new(&state, &visit, words.t("nav.study"))
        .tab(Tab::Study)
        .classes("", "page home");
    Ok(page.render(move || {
        let rows = rows(words, &home, now);
        view! {
            <header class="page-head"><h1>{greeting}</h1><p>{day}</p></header>
            {resume(words, &home)}
            {credits(words, &home.credits)}
            <section aria-labelledby="next">
                <div class="section-head"><h2 id="next">{words.t("home.next")}</h2></div>
                <ul class="rows">{rows.into_iter().map(Row::view).collect_view()}</ul>
            </section>
        }
    }))
}

/// The one thing to go on with: the law that was read last, else the next lesson.
fn resume(words: Words, home: &Home) -> impl IntoView + use<> {
    let (above, title, to) = match (&home.reading, &home.lesson) {
        (Some(place), _) => {
            let article = place.address.parse::<ArticleNumber>();
            let above = match article {
                Ok(n) => words.f("home.read-to", &[("article", &n)]),
                Err(_) => words.t("home.reading").to_owned(),
            };
            let to = format!("/laws/{}/{a}#a{a}", place.law_slug, a = place.address);
            (above, place.title.clone(), to)
        }
        (None, Some((id, title))) => (
            words.t("home.lesson").to_owned(),
            title.clone(),
            format!("/lessons/{id}"),
        ),
        (None, None) => (
            words.t("home.begin").to_owned(),
            words.t("law.laws").to_owned(),
            "/laws".to_owned(),
        ),
    };
    view! {
        <section aria-labelledby="resume">
            <h2 id="resume" class="visually-hidden">{words.t("home.resume")}</h2>
            <div class="card resume">
                <p>{above}</p>
                <h3>{title}</h3>
                <a class="button primary block" href=to>{words.t("home.continue")}</a>
            </div>
        </section>
    }
}

fn credits(words: Words, total: &Total) -> impl IntoView + use<> {
    let share = (total.all * 1000 / total.goal.max(1)).clamp(0, 1000);
    let dash = format!("{}.{} 100", share / 10, share % 10);
    let missing = if total.missing() == 0 {
        words.t("credits.reached").to_owned()
    } else {
        words.f(
            "credits.missing",
            &[
                ("goal", &format::figure(total.goal)),
                ("n", &format::figure(total.missing())),
            ],
        )
    };
    view! {
        <section class="credits-section" aria-labelledby="credits">
            <div class="section-head"><h2 id="credits">{words.t("credits.this-year")}</h2><a href="/me/credits">{words.t("credits.entries")}</a></div>
            <div class="credits">
                <div class="ring">
                    <svg viewBox="0 0 100 100" aria-hidden="true">
                        <circle cx="50" cy="50" r="46" pathLength="100"></circle>
                        {(share > 0).then(|| view! { <circle cx="50" cy="50" r="46" pathLength="100" stroke-dasharray=dash></circle> })}
                    </svg>
                    <p><strong>{format::figure(total.all)}</strong><span>{words.t("credits.unit")}</span></p>
                </div>
                <div class="credits-words"><p>{missing}</p><p>{words.t("credits.star")}</p></div>
            </div>
        </section>
    }
}

fn rows(words: Words, home: &Home, now: Millis) -> Vec<Row> {
    let (done, all) = home.practice;
    let note = if done >= all {
        words.t("home.practice-done")
    } else {
        words.t("home.practice-note")
    };
    let mut practice = Row::new("/practice", words.t("practice.today"), note);
    practice.icon = Some("practice");
    practice.figure = words.f("home.of", &[("done", &done), ("total", &all)]);
    let mut rows = vec![practice];
    if let Some(contest) = &home.contest {
        let closes = format::moment(words, contest.closes_at);
        let note = words.f("contest.closes", &[("moment", &closes)]);
        let mut row = Row::new(
            format!("/contests/{}", contest.id),
            contest.title.clone(),
            note,
        );
        row.icon = Some("trophy");
        row.figure = format::until(words, contest.closes_at, now);
        rows.push(row);
    }
    // What the card above does not already lead to.
    if let (Some(_), Some((id, title))) = (&home.reading, &home.lesson) {
        let mut row = Row::new(
            format!("/lessons/{id}"),
            title.clone(),
            words.t("home.lesson"),
        );
        row.icon = Some("play");
        rows.push(row);
    }
    let mut lessons = Row::new(
        "/lessons",
        words.t("study.lessons"),
        words.t("home.lessons-note"),
    );
    lessons.icon = Some("book");
    let mut laws = Row::new("/laws", words.t("law.laws"), words.t("home.laws-note"));
    laws.icon = Some("law");
    rows.extend([lessons, laws]);
    rows
}
