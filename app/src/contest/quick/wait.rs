//! `/contests/quick/wait`: the page that waits for opponents.
//!
//! It asks for itself again: by `quick.js` every second and a half, without scripts by a refresh.
//! When there is a match, the answer leads to it.

use super::address;
use crate::page::{Failure, Module, Page, icon, redirect};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use domain::contest::pair::PATIENCE;
use leptos::prelude::*;
use platform::clock;
use platform::contest::quick::{self, Place};

/// The page.
pub async fn wait(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let me = visit.signed_in()?.learner;
    let now = clock::now();
    let since = match quick::look(&state.db, me, now).await? {
        Some(Place::Waiting(since)) => since,
        Some(elsewhere) => return Ok(redirect(&address(&elsewhere), None)),
        None => return Ok(redirect("/contests/quick", None)),
    };
    let alone = now.since(since) >= PATIENCE;
    // With the module of a live match: it is there when the match begins.
    let page = Page::new(&state, &visit, words.t("quick.title"))
        .back("/contests/quick", words.t("quick.title"))
        .classes("stage", "page")
        .module(Module::Live);
    let again = again(&visit);
    Ok(page.render(move || {
        view! {
            <h1 class="visually-hidden">{words.t("quick.title")}</h1>
            <div class="match">
                <div class="waiting" data-again="" role="status">{state_of(words, alone)}</div>
                <div class="dock quick-dock">
                    <form method="post" action="/contests/quick/leave">
                        <button class="button">{words.t("quick.leave-queue")}</button>
                    </form>
                </div>
            </div>
            {again}
        }
    }))
}

fn state_of(words: Words, alone: bool) -> AnyView {
    if !alone {
        return view! {
            {icon("waiting")}
            <h2>{words.t("quick.waiting")}</h2>
            <p>{words.t("quick.waiting-words")}</p>
        }
        .into_any();
    }
    view! {
        {icon("people")}
        <h2>{words.t("quick.alone")}</h2>
        <p>{words.t("quick.alone-words")}</p>
        <form method="post" action="/contests/quick/rooms">
            <button class="button primary">{words.t("quick.invite")}</button>
        </form>
    }
    .into_any()
}

/// What makes a page ask for itself again.
pub(super) fn again(visit: &Visit) -> impl IntoView + use<> {
    let nonce = visit.nonce.clone();
    view! {
        <noscript><meta http-equiv="refresh" content="2"/></noscript>
        <script type="module" nonce=nonce src="/quick.js"></script>
    }
}
