//! `/matches/{id}` and what belongs to it: the player's page, the host's console, the big screen
//! and the page for spectators.
//!
//! Each shows the match as it stands when it is made, from the same functions that show it later
//! in the browser; without wasm it can be loaded anew.

use super::host::Desk;
use super::live::Live;
use super::start::{Part, Start, place};
use super::{Replica, Scene, Sentences, host, player as play, screen as show, watch as look};
use crate::contest::quick::say;
use crate::page::{Failure, Module, Page, icon, redirect};
use crate::state::AppState;
use crate::visit::Visit;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::contest::r#match::Audience;
use domain::contest::r#match::message::Told;
use domain::id::{LearnerId, MatchId};
use leptos::prelude::*;
use platform::contest::{r#match as matches, quick};
use platform::{Error, clock};

/// Sections of words that every page of a match says.
const COMMON: [&str; 8] = [
    "match",
    "match-kind",
    "match-formula",
    "match-phase",
    "kind",
    "question",
    "watch",
    "refusal",
];

/// A match as one person, or nobody, may see it.
struct Sight {
    scene: Scene,
    replica: Replica,
    /// Where the page came from: the list of contests, or of quick matches.
    from: &'static str,
}

async fn sight(
    state: &AppState,
    visit: &Visit,
    id: &str,
    person: Option<LearnerId>,
    more: &[&str],
) -> Result<Sight, Error> {
    let id: MatchId = id.parse().map_err(|_| Error::NotFound)?;
    let head = matches::head(&state.db, id).await?;
    let setup = matches::setup(&state.db, id).await?;
    let names = matches::names(&state.db, id).await?;
    let room = state.hall.room(id).await?;
    room.admits(visit.viewer.as_ref().map(|viewer| viewer.learner))?;
    let audience = room.audience(person);
    let missed: Vec<Told> = serde_json::from_slice(&room.missed(&audience, 0))?;
    let mut replica = Replica::new(setup.clone(), audience);
    let now = clock::steady().0;
    missed.iter().for_each(|told| replica.take(told, now));
    let sections: Vec<&str> = COMMON.iter().chain(more).copied().collect();
    let mut words = visit.words().sections(&sections);
    let quick = quick::is_quick(&state.db, id).await?;
    if quick {
        say(visit.words(), &mut words);
    }
    let (from, title) = if quick {
        ("/contests/quick", visit.words().t("quick.title").to_owned())
    } else {
        ("/contests", head.title)
    };
    let scene = Scene {
        id,
        title,
        setup,
        names,
        person: person.filter(|_| audience != Audience::Public),
        words: Sentences(words),
    };
    Ok(Sight {
        scene,
        replica,
        from,
    })
}

/// What to do where no island wakes.
fn plain(visit: &Visit) -> impl IntoView + use<> {
    let words = visit.words();
    view! {
        <noscript>
            <p class="lead">{words.t("match.plain")}" "<a href=visit.path.clone()>{words.t("match.reload")}</a></p>
        </noscript>
    }
}

/// The player's page. Who has no seat is led to the page for spectators.
pub async fn player(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let person = visit.signed_in()?.learner;
    let Sight {
        scene,
        replica,
        from,
    } = sight(&state, &visit, &id, Some(person), &[]).await?;
    if replica.player().is_none() {
        return Ok(redirect(&format!("/matches/{id}/watch"), None));
    }
    let page = Page::new(&state, &visit, scene.title.clone())
        .back(from, scene.t("match.leave"))
        .classes("stage", "page")
        .module(Module::Live);
    let plain = plain(&visit);
    let now = clock::steady();
    let start = Start {
        part: Part::Player,
        scene,
        now,
    };
    let text = serde_json::to_string(&start).map_err(Error::from)?;
    Ok(page.render(move || {
        let first = play::picture(&start.scene, Live::of(replica, now));
        view! {
            <h1 class="visually-hidden">{start.scene.title}</h1>
            {place(text, view! { {first}{plain} })}
        }
    }))
}

/// The host's console, for hosts of the match alone.
pub async fn host(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let person = visit.signed_in()?.learner;
    let Sight { scene, replica, .. } = sight(
        &state,
        &visit,
        &id,
        Some(person),
        &["host", "match-event", "clamp"],
    )
    .await?;
    if !scene.setup.hosts.contains(&person) {
        return Err(Error::Forbidden.into());
    }
    let page = Page::new(&state, &visit, words.t("host.title"))
        .back("/contests", words.t("match.title"))
        .classes("bare", "page")
        .module(Module::Live);
    let plain = plain(&visit);
    let now = clock::steady();
    let start = Start {
        part: Part::Host,
        scene,
        now,
    };
    let text = serde_json::to_string(&start).map_err(Error::from)?;
    Ok(page.render(move || {
        let first = host::picture(&start.scene, Live::of(replica, now), Desk::new());
        place(text, view! { {first}{plain} })
    }))
}

/// The big screen.
pub async fn screen(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let Sight { scene, replica, .. } = sight(&state, &visit, &id, None, &["screen"]).await?;
    let title = visit
        .words()
        .f("screen.page-title", &[("match", &scene.title)]);
    let page = Page::new(&state, &visit, title)
        .classes("stage screen", "page")
        .module(Module::Live);
    let plain = plain(&visit);
    let now = clock::steady();
    let start = Start {
        part: Part::Screen,
        scene,
        now,
    };
    let text = serde_json::to_string(&start).map_err(Error::from)?;
    Ok(page.render(move || {
        let first = show::picture(&start.scene, Live::of(replica, now));
        place(text, view! { {first}{plain} })
    }))
}

/// The page for spectators.
pub async fn watch(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let Sight { scene, replica, .. } = sight(&state, &visit, &id, None, &[]).await?;
    let page = Page::new(&state, &visit, scene.title.clone())
        .back("/contests", words.t("match.title"))
        .classes("stage", "page")
        .module(Module::Live);
    let plain = plain(&visit);
    let now = clock::steady();
    let start = Start {
        part: Part::Watch,
        scene,
        now,
    };
    let text = serde_json::to_string(&start).map_err(Error::from)?;
    Ok(page.render(move || {
        let first = look::picture(&start.scene, Live::of(replica, now));
        view! {
            <h1 class="visually-hidden">{start.scene.title}</h1>
            {place(text, view! { {first}{plain} })}
        }
    }))
}

/// The matches in which a person has a part, for the list of contests.
pub fn section(words: crate::words::Words, parts: Vec<matches::Part>) -> Option<AnyView> {
    if parts.is_empty() {
        return None;
    }
    let rows = parts.into_iter().map(|part| {
        let (to, note, picture) = if part.leads {
            (format!("/matches/{}/host", part.id), words.t("host.title"), "screen")
        } else {
            (format!("/matches/{}", part.id), words.t("team.enter"), "people")
        };
        let note = if part.over { words.t("challenge.over") } else { note };
        view! {
            <li>
                <a class="row" href=to>
                    <span class="row-lead">{icon(picture)}</span>
                    <span class="row-body"><span class="row-title">{part.title}</span><span class="row-note">{note}</span></span>
                </a>
            </li>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <section aria-labelledby="matches">
                <div class="section-head"><h2 id="matches">{words.t("match.title")}</h2></div>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}
