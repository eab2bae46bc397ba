//! `/contests/quick/rooms/{code}`: a room, its link and QR code, and who is in it.

use super::wait::again;
use super::{address, room_address};
use crate::contest::link::{origin, qr};
use crate::page::{Failure, Module, Page, icon, redirect, refused};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::contest::pair::MOST;
use domain::contest::quick::FEWEST;
use domain::id::LearnerId;
use leptos::prelude::*;
use platform::contest::quick::{self, Place, Seats};
use platform::{Error, clock};

/// The room, for who is in it; for others the question whether to come in.
pub async fn room(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let words = visit.words();
    let me = visit.signed_in()?.learner;
    if let Some(at @ Place::Match(_)) = quick::look(&state.db, me, clock::now()).await? {
        return Ok(redirect(&address(&at), None));
    }
    let seats = match quick::room(&state.db, &code).await {
        Ok(seats) => seats,
        Err(gone @ Error::Invalid(_)) => return Ok(redirect("/contests/quick", refused(&gone))),
        Err(error) => return Err(error.into()),
    };
    let inside = seats.has(me);
    let page = Page::new(&state, &visit, words.t("quick.room"))
        .back("/contests/quick", words.t("quick.title"))
        .classes("bare", "page")
        .module(Module::Live);
    let again = again(&visit);
    let link = format!("{}{}", origin(&state, &headers), room_address(&code));
    Ok(page.render(move || {
        let share = inside.then(|| share(words, link));
        view! {
            <header class="page-head"><h1>{words.t("quick.room")}</h1><p>{head(words, &seats, inside)}</p></header>
            {share}
            <div class="quick-again" data-again="">{guests(words, &seats, me)}{action(words, &seats, me)}</div>
            {again}
        }
    }))
}

fn head(words: Words, seats: &Seats, inside: bool) -> String {
    if inside {
        return words.f("quick.room-note", &[("n", &MOST)]);
    }
    let owner = seats.guests.iter().find(|guest| guest.who == seats.owner);
    let name = owner.map_or("", |guest| guest.name.as_str());
    words.f("quick.invited", &[("name", &name)])
}

fn share(words: Words, link: String) -> impl IntoView {
    let picture = qr(&link).map(|svg| {
        view! { <div class="quick-qr" role="img" aria-label=words.t("quick.qr") inner_html=svg></div> }
    });
    view! {
        <section class="quick-share" aria-labelledby="share">
            <h2 id="share" class="visually-hidden">{words.t("quick.share")}</h2>
            {picture}
            <div class="field">
                <label for="link">{words.t("quick.link")}</label>
                <input id="link" readonly="" value=link/>
            </div>
            <button class="button" type="button" hidden="" data-copy="link" data-done=words.t("quick.copied")>{words.t("quick.copy")}</button>
        </section>
    }
}

fn guests(words: Words, seats: &Seats, me: LearnerId) -> impl IntoView + use<> {
    let rows = seats.guests.iter().map(|guest| {
        let owner = (guest.who == seats.owner).then(|| words.t("quick.owner"));
        let own = (guest.who == me).then(|| words.t("quick.you"));
        let note: Vec<&str> = own.into_iter().chain(owner).collect();
        let note = (!note.is_empty()).then(|| {
            view! { <span class="row-note">{note.join(words.t("format.list"))}</span> }
        });
        view! {
            <li><div class="row">
                <span class="row-lead">{icon("user")}</span>
                <span class="row-body"><span class="row-title">{guest.name.clone()}</span>{note}</span>
            </div></li>
        }
    });
    let rows = rows.collect_view();
    let count = words.f(
        "quick.seats",
        &[("n", &seats.guests.len()), ("most", &MOST)],
    );
    view! {
        <section aria-labelledby="guests">
            <div class="section-head"><h2 id="guests">{words.t("quick.guests")}</h2><p class="muted" role="status">{count}</p></div>
            <ul class="rows">{rows}</ul>
        </section>
    }
}

fn action(words: Words, seats: &Seats, me: LearnerId) -> AnyView {
    let here = room_address(&seats.code);
    if !seats.has(me) {
        if seats.guests.len() >= MOST {
            return view! { <p class="muted">{words.t("error.quick-room-full")}</p> }.into_any();
        }
        return view! {
            <form class="dock" method="post" action=here>
                <button class="button primary">{words.t("quick.enter")}</button>
            </form>
        }
        .into_any();
    }
    let start = if seats.owner != me {
        view! { <p class="muted">{words.t("quick.owner-starts")}</p> }.into_any()
    } else if seats.guests.len() < FEWEST {
        view! { <p class="muted">{words.t("quick.one-more")}</p> }.into_any()
    } else {
        view! {
            <form method="post" action=format!("{here}/start")>
                <button class="button primary">{words.t("quick.start-room")}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <div class="dock quick-dock">
            {start}
            <form method="post" action="/contests/quick/leave">
                <button class="button">{words.t("quick.leave-room")}</button>
            </form>
        </div>
    }
    .into_any()
}
