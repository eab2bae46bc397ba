//! `/contests/{id}/teams/{team}`: a team, and what its captain and who decides do about it.

use super::{chip, seats, team_id};
use crate::contest::form::contest_id;
use crate::contest::link::{origin, qr};
use crate::format;
use crate::page::{Failure, Page, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::contest::team::{LONGEST_NAME, LONGEST_NOTE, Seat, State as Stand};
use domain::id::LearnerId;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::team::{TeamPage, roster, team};
use platform::{clock, id};
use serde::Deserialize;

/// Whom to look for in the roster.
#[derive(Deserialize)]
pub struct Wanted {
    who: Option<String>,
}

/// What the viewer may do about a team now, and with which forms.
pub(super) struct Desk {
    pub words: Words,
    pub page: TeamPage,
    pub here: String,
    pub me: LearnerId,
    pub now: Millis,
    /// Whether seats may be changed.
    pub open: bool,
}

impl Desk {
    /// The hidden fields of a form: an event of its own, and what it asks for.
    pub fn asks(&self, wish: &'static str) -> impl IntoView + use<> {
        // Without a source of chance there is no event, and the form is refused with a sentence.
        let event = id::fresh(self.now).map_or(String::new(), |id| id.to_string());
        view! {
            <input type="hidden" name="event" value=event/>
            <input type="hidden" name="do" value=wish/>
        }
    }
}

/// A team.
pub async fn page(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, id)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, now) = (visit.signed_in()?, clock::now());
    let (contest_of, team_of) = (contest_id(&contest)?, team_id(&id)?);
    let team = team(&state.db, viewer, contest_of, team_of, now).await?;
    let who = wanted.who.unwrap_or_default();
    let found = match (team.leads || team.decides) && !who.trim().is_empty() {
        true => roster(&state.db, viewer, contest_of, team_of, &who, now).await?,
        false => Vec::new(),
    };
    let origin = origin(&state, &headers);
    let code = team.invitation.as_ref();
    let link = code.map(|code| format!("{origin}/contests/{contest}/teams/join/{code}"));
    let title = team.team.name.clone();
    let is_over = now >= team.rules.register_until;
    let is_open = matches!(team.team.state, Stand::Open | Stand::Refused);
    let desk = Desk {
        words,
        here: format!("/contests/{contest}/teams/{id}"),
        me: viewer.learner,
        now,
        open: team.team.state != Stand::Withdrawn
            && (team.decides || (team.leads && is_open && !is_over)),
        page: team,
    };
    let page = Page::new(&state, &visit, title.clone())
        .tab(Tab::Contest)
        .back(format!("/contests/{contest}/teams"), words.t("team.teams"));
    Ok(page.render(move || {
        let note = (!desk.page.team.note.is_empty()).then(|| {
            let why = words.f("team.refused-because", &[("why", &desk.page.team.note)]);
            view! { <div class="flash" data-kind="wrong">{icon("warning")}<p>{why}</p></div> }
        });
        let invite = desk.open.then(|| invite(&desk, link));
        let pick = desk.open.then(|| seats::pick(&desk, &who, found));
        let rename = desk.open.then(|| rename(&desk));
        view! {
            <header class="page-head">
                <p>{chip(words, desk.page.team.state)}</p>
                <h1>{title}</h1>
                <p>{desk.page.unit.clone()}" · "{desk.page.contest.title.clone()}</p>
            </header>
            {note}
            {seats::seats(&desk)}
            {invite}
            {pick}
            {rename}
            {decision(&desk)}
            {record(&desk)}
            {next(&desk, is_over)}
        }
    }))
}

/// The link by which people come in, also as a picture for a phone's camera.
fn invite(desk: &Desk, link: Option<String>) -> impl IntoView + use<> {
    let words = desk.words;
    let shown = link.map(|link| {
        let picture = qr(&link).map(|svg| {
            view! { <span class="qr" role="img" aria-label=words.t("team.qr") inner_html=svg></span> }
        });
        view! {
            <div class="invite">
                {picture}
                <div>
                    <p>{words.t("team.invite-note")}</p>
                    <form method="post" action=desk.here.clone()>
                        {desk.asks("renew")}
                        <button class="button">{words.t("team.renew")}</button>
                    </form>
                </div>
                <output class="link" aria-label=words.t("team.link")>{link}</output>
            </div>
        }
    });
    view! {
        <section aria-labelledby="invite">
            <div class="section-head"><h2 id="invite">{words.t("team.invite")}</h2></div>
            {shown}
        </section>
    }
}

fn rename(desk: &Desk) -> impl IntoView + use<> {
    let words = desk.words;
    view! {
        <details class="disclosure">
            <summary>{words.t("team.rename")}</summary>
            <form class="fields-form" method="post" action=desk.here.clone()>
                {desk.asks("rename")}
                <div class="field">
                    <label for="name">{words.t("team.name")}</label>
                    <input id="name" name="name" type="text" required=true maxlength=LONGEST_NAME.to_string() autocomplete="off" value=desk.page.team.name.clone()/>
                </div>
                <button class="button block">{words.t("team.rename-do")}</button>
            </form>
        </details>
    }
}

/// For who decides: to approve, or to refuse with a reason.
fn decision(desk: &Desk) -> Option<impl IntoView + use<>> {
    let words = desk.words;
    let is_due = matches!(desk.page.team.state, Stand::HandedIn | Stand::Approved);
    (desk.page.decides && is_due && !desk.page.team.drawn).then(|| {
        let approve = (desk.page.team.state == Stand::HandedIn).then(|| {
            view! {
                <form method="post" action=desk.here.clone()>
                    {desk.asks("approve")}
                    <button class="button primary block">{words.t("team.approve")}</button>
                </form>
            }
        });
        view! {
            <section class="card" aria-labelledby="decision">
                <h2 id="decision">{words.t("team.decision")}</h2>
                {approve}
                <form class="fields-form" method="post" action=desk.here.clone()>
                    {desk.asks("refuse")}
                    <div class="field">
                        <label for="note">{words.t("team.reason")}</label>
                        <p class="hint">{words.t("team.reason-note")}</p>
                        <input id="note" name="note" type="text" required=true maxlength=LONGEST_NOTE.to_string() autocomplete="off"/>
                    </div>
                    <button class="button block">{words.t("team.refuse")}</button>
                </form>
            </section>
        }
    })
}

fn record(desk: &Desk) -> Option<impl IntoView + use<>> {
    let words = desk.words;
    (!desk.page.record.is_empty()).then(|| {
        let rows = desk.page.record.iter().map(|record| {
            let what = words.t(&format!("team.what-{}", record.what)).to_owned();
            let what = match &record.whom {
                Some(whom) => words.f("team.record-of", &[("what", &what), ("whom", whom)]),
                None => what,
            };
            let note = format!("{} · {}", record.by, format::moment(words, record.at));
            view! { <li><div class="row"><span class="row-body"><span class="row-title">{what}</span><span class="row-note">{note}</span></span></div></li> }
        });
        let rows = rows.collect_view();
        view! {
            <details class="disclosure">
                <summary>{words.t("team.record")}</summary>
                <ul class="rows">{rows}</ul>
            </details>
        }
    })
}

/// What is next: the one thing to do, or what is waited for.
fn next(desk: &Desk, is_over: bool) -> impl IntoView + use<> {
    let (words, page) = (desk.words, &desk.page);
    let missing = page
        .rules
        .size
        .saturating_sub(page.team.taken(Seat::Member));
    let leads = page.leads && (page.decides || !is_over);
    let one = |wish: &'static str, label: &'static str, class: &'static str| {
        view! {
            <form method="post" action=desk.here.clone()>
                {desk.asks(wish)}
                <button class=class>{words.t(label)}</button>
            </form>
        }
        .into_any()
    };
    let act = match page.team.state {
        Stand::Open | Stand::Refused if leads && missing == 0 => {
            Some(one("hand-in", "team.hand-in", "button primary"))
        }
        Stand::Open | Stand::Refused if leads => {
            let missing = words.f("team.missing", &[("n", &missing)]);
            Some(view! { <p class="muted">{missing}</p> }.into_any())
        }
        Stand::HandedIn if leads => Some(one("take-back", "team.take-back", "button")),
        _ => None,
    };
    let is_open = matches!(page.team.state, Stand::Open | Stand::Refused) && !is_over;
    let leave = (page.team.seat(desk.me).is_some() && !page.leads && is_open).then(|| {
        view! {
            <form method="post" action=desk.here.clone()>
                {desk.asks("remove")}
                <input type="hidden" name="who" value=desk.me.to_string()/>
                <button class="button">{words.t("team.leave")}</button>
            </form>
        }
    });
    let gives_up = (desk.open && !page.team.drawn).then(|| {
        let to = format!("{}/withdraw", desk.here);
        view! { <a class="button quiet" href=to>{words.t("team.withdraw")}</a> }
    });
    view! { <div class="dock">{gives_up}{leave}{act}</div> }
}
