//! Certificates: asking for one, `/me/certificates`, the public page `/certificates/{code}` and
//! the pictures.
//!
//! A picture is Chinese whoever looks at it: it is a document, not a page. Its public address
//! shows what the public page shows; the one with the whole name is under `/me`, for its owner
//! ([`picture`]).

mod picture;

pub use picture::own_picture;

use super::form::contest_id;
use crate::contest::link::host;
use crate::format;
use crate::page::{Failure, Page, Row, Tab, icon, mark, redirect, refused};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::contest::certificate::{Code, Honour};
use domain::id::ContestId;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::certificate::{self, Certificate, Held, Holding, Stands};
use platform::{Error, clock};
use serde::Deserialize;

/// Makes the viewer's certificate, or finds it, and goes there.
pub async fn claim(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    match certificate::claim(&state.db, viewer, id, clock::now()).await {
        Ok(code) => Ok(redirect(&format!("/certificates/{code}"), None)),
        Err(error @ Error::Invalid(_)) => {
            Ok(redirect(&format!("/contests/{contest}"), refused(&error)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Goes to the viewer's certificate, or to the contest where it is asked for.
pub async fn claimed(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let id = contest_id(&contest)?;
    let holding = certificate::holding(&state.db, visit.signed_in()?, id).await?;
    let to = match holding {
        Some(Holding::Made(code)) => format!("/certificates/{code}"),
        _ => format!("/contests/{contest}"),
    };
    Ok(redirect(&to, None))
}

/// The one thing to do on the page of a contest that is over.
pub(in crate::contest) fn offer(words: Words, contest: ContestId, holding: Holding) -> AnyView {
    match holding {
        Holding::Made(code) => view! {
            <div class="dock"><a class="button primary" href=format!("/certificates/{code}")>{words.t("certificate.see")}</a></div>
        }
        .into_any(),
        Holding::Due => ask(contest, words.t("certificate.claim"), "dock"),
    }
}

fn ask(contest: ContestId, name: &'static str, class: &'static str) -> AnyView {
    view! {
        <form class=class method="post" action=format!("/contests/{contest}/certificate")>
            <button class="button primary">{name}</button>
        </form>
    }
    .into_any()
}

/// The viewer's certificates, and those that they may ask for.
pub async fn mine(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let all = certificate::held(&state.db, visit.signed_in()?).await?;
    let page = Page::new(&state, &visit, words.t("certificate.mine"))
        .tab(Tab::Me)
        .back("/me", words.t("nav.me"));
    Ok(page.render(move || {
        let none = all.is_empty().then(|| {
            view! { <div class="empty">{icon("trophy")}<p>{words.t("certificate.none")}</p><a class="button" href="/contests">{words.t("certificate.to-contests")}</a></div> }
        });
        let rows: Vec<_> = all.into_iter().map(|held| row(words, held)).collect();
        view! {
            <header class="page-head"><h1>{words.t("certificate.mine")}</h1><p>{words.t("certificate.mine-note")}</p></header>
            {none}
            <ul class="rows">{rows}</ul>
        }
    }))
}

fn row(words: Words, held: Held) -> AnyView {
    let moment = format::moment(words, held.closed_at);
    let note = words.f("contest.closed-at", &[("moment", &moment)]);
    match held.holding {
        Holding::Made(code) => {
            let mut row = Row::new(format!("/certificates/{code}"), held.title, note);
            row.icon = Some("trophy");
            row.state = Some("gold");
            row.view().into_any()
        }
        Holding::Due => view! {
            <li><form method="post" action=format!("/contests/{}/certificate", held.contest)>
                <button class="row">
                    <span class="row-lead">{icon("trophy")}</span>
                    <span class="row-body"><span class="row-title">{held.title}</span><span class="row-note">{note}</span></span>
                    <span class="row-figure">{words.t("certificate.claim")}</span>
                </button>
            </form></li>
        }
        .into_any(),
    }
}

/// What somebody typed.
#[derive(Deserialize)]
pub struct Typed {
    code: Option<String>,
}

/// The page where a code is typed in.
pub async fn enter(
    State(state): State<AppState>,
    visit: Visit,
    Query(typed): Query<Typed>,
) -> Response {
    let words = visit.words();
    let typed = typed.code.unwrap_or_default();
    if let Ok(code) = typed.parse::<Code>() {
        return redirect(&format!("/certificates/{code}"), None);
    }
    let wrong = !typed.trim().is_empty();
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = open_page(&state, &visit, words.t("certificate.enter")).status(status);
    let stranger = visit.viewer.is_none();
    page.render(move || {
        view! {
            {stranger.then(|| wordmark(words))}
            <header class="page-head"><h1>{words.t("certificate.enter")}</h1><p>{words.t("certificate.enter-words")}</p></header>
            {form(words, typed, wrong)}
        }
    })
}

/// A page that strangers see without the navigation, which would only lead them to sign in.
fn open_page<'a>(state: &'a AppState, visit: &'a Visit, title: &'static str) -> Page<'a> {
    let page = Page::new(state, visit, title);
    if visit.viewer.is_some() {
        page.tab(Tab::Me)
            .back("/me/certificates", visit.words().t("certificate.mine"))
    } else {
        page.classes("bare", "page")
    }
}

fn wordmark(words: Words) -> impl IntoView {
    view! { <p class="wordmark">{mark()}{words.t("app.name")}</p> }
}

fn form(words: Words, typed: String, wrong: bool) -> impl IntoView {
    let error = wrong.then(|| {
        view! { <p class="error" id="code-error" role="alert">{icon("wrong")}{words.t("certificate.bad-code")}</p> }
    });
    view! {
        <form method="get" action="/certificates">
            <div class="field">
                <label for="code">{words.t("certificate.number")}</label>
                <input id="code" name="code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="60" required=true value=typed
                    aria-invalid=wrong.then_some("true") aria-describedby=wrong.then_some("code-error")/>
                {error}
            </div>
            <button class="button block">{words.t("certificate.check")}</button>
        </form>
    }
}

/// `/certificates/{code}`, and with an ending its picture.
pub async fn check(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(text): Path<String>,
) -> Result<Response, Failure> {
    let host = host(&headers);
    if let Some((code, kind)) = picture::file(&text) {
        let found = certificate::check(&state.db, code).await?;
        let found = found.ok_or(Error::NotFound)?;
        let name = found.name_for(None);
        let cache = "public, max-age=31536000, immutable";
        return picture::answer(&state, &headers, &found, name, kind, cache).await;
    }
    let found = match text.parse::<Code>() {
        Ok(code) => certificate::check(&state.db, code).await?,
        Err(_) => None,
    };
    let Some(found) = found else {
        return Ok(unknown(&state, &visit, text, host));
    };
    let words = visit.words();
    let stranger = visit.viewer.is_none();
    let owner = found.is_of(visit.viewer.as_deref());
    let name = found.name_for(visit.viewer.as_deref());
    let page = open_page(&state, &visit, words.t("certificate.title"));
    Ok(page.render(move || {
        view! {
            {stranger.then(|| wordmark(words))}
            <header class="page-head"><h1>{words.t("certificate.title")}</h1></header>
            {verdict(words, &found, owner)}
            {facts(words, &found, name)}
            {(!owner).then(|| view! { <p class="aside">{words.t("certificate.masked")}</p> })}
            {sheet(words, &found, owner)}
        }
    }))
}

fn verdict(words: Words, found: &Certificate, owner: bool) -> AnyView {
    let Stands::Superseded { by } = found.standing else {
        return view! {
            <section class="verdict" data-state="right">
                <h2>{icon("right")}{words.t("certificate.genuine")}</h2>
                <p>{words.t("certificate.genuine-words")}</p>
            </section>
        }
        .into_any();
    };
    let newer = by.map(|code| {
        view! { <p><a class="button" href=format!("/certificates/{code}")>{words.t("certificate.newer")}</a></p> }
    });
    let due = (owner && by.is_none())
        .then(|| ask(found.contest, words.t("certificate.claim-newer"), "plain"));
    view! {
        <section class="verdict" data-state="wrong">
            <h2>{icon("wrong")}{words.t("certificate.superseded")}</h2>
            <p>{words.t("certificate.superseded-words")}</p>
            {newer}
            {due}
        </section>
    }
    .into_any()
}

fn facts(words: Words, found: &Certificate, name: String) -> impl IntoView + use<> {
    let honour = match found.honour {
        Honour::Rank(rank) => words.f(
            if found.of_teams {
                "certificate.rank-of-teams"
            } else {
                "certificate.rank-of"
            },
            &[
                ("n", &format::figure(rank)),
                ("all", &format::figure(found.among)),
            ],
        ),
        Honour::TakingPart => words.t("certificate.part").to_owned(),
    };
    let fact = |key: &str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{words.t(key)}</dt><dd>{value}</dd></div> })
    };
    view! {
        <dl class="facts">
            {fact("certificate.contest", found.title.clone())}
            {fact("certificate.name", name)}
            {fact("certificate.unit", found.unit.clone())}
            {fact("certificate.honour", honour)}
            {fact("certificate.date", date(words, found.made_at))}
            {fact("certificate.number", found.code.grouped())}
        </dl>
    }
}

/// The picture; for its owner with the whole name, to be saved and passed on.
fn sheet(words: Words, found: &Certificate, owner: bool) -> impl IntoView + use<> {
    let code = found.code;
    let (source, note) = if owner {
        let note = words.t("certificate.save-words");
        (format!("/me/certificates/{code}.png"), note)
    } else {
        let note = words.t("certificate.compare");
        (format!("/certificates/{code}.png"), note)
    };
    let current = owner && found.standing == Stands::Yes;
    let save = current.then(|| {
        let name = format!("{}-{code}.png", words.t("certificate.file"));
        view! {
            <div class="dock"><a class="button primary" href=source.clone() download=name rel="external">{words.t("certificate.save")}</a></div>
        }
    });
    view! {
        <figure class="certificate">
            <img src=source.clone() width="1200" height="1600" alt=words.t("certificate.picture")/>
            <figcaption>{note}</figcaption>
        </figure>
        {save}
    }
}

fn unknown(state: &AppState, visit: &Visit, typed: String, host: String) -> Response {
    let words = visit.words();
    let page =
        open_page(state, visit, words.t("certificate.unknown")).status(StatusCode::NOT_FOUND);
    let stranger = visit.viewer.is_none();
    let shown: String = typed.chars().take(40).collect();
    page.render(move || {
        view! {
            {stranger.then(|| wordmark(words))}
            <header class="page-head">
                <h1>{words.t("certificate.unknown")}</h1>
                <p>{words.f("certificate.unknown-words", &[("code", &shown)])}</p>
            </header>
            <ul class="advice">
                <li>{words.t("certificate.unknown-letters")}</li>
                <li>{words.f("certificate.unknown-site", &[("host", &host)])}</li>
                <li>{words.t("certificate.unknown-holder")}</li>
            </ul>
            {form(words, shown, false)}
        }
    })
}

fn date(words: Words, at: Millis) -> String {
    format::date(words, &at.day().to_string())
}
