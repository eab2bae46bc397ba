//! `/contests/{id}/attempts/{attempt}/objections/{place}`: a learner objects to a question of
//! their own sheet; `/me/objections`: what they objected to, and the answers.

use crate::contest::form::{attempt_id, contest_id};
use crate::format;
use crate::page::{Failure, Page, Tab, done, icon, redirect, refused};
use crate::question::stem;
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::EventId;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::review::{self, Ground, MAX_OBJECTION, Objection, Raised};
use platform::contest::{self, AttemptView, Contest};
use platform::{Error, clock, id};
use serde::Deserialize;

/// The question at a place of the viewer's sheet, from 1.
async fn at_place(
    state: &AppState,
    visit: &Visit,
    (contest, attempt, place): (&str, &str, usize),
) -> Result<(Contest, AttemptView, usize), Failure> {
    let viewer = visit.signed_in()?;
    let id = contest_id(contest)?;
    let contest = contest::contest(&state.db, viewer, id, clock::now()).await?;
    let attempt = contest::attempt(&state.db, viewer, attempt_id(attempt)?).await?;
    let place = place.checked_sub(1).ok_or(Error::NotFound)?;
    if place >= attempt.questions.len() {
        return Err(Error::NotFound.into());
    }
    Ok((contest, attempt, place))
}

/// The form.
pub async fn ask(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, attempt, place)): Path<(String, String, usize)>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let (its, mine, at) = at_place(&state, &visit, (&contest, &attempt, place)).await?;
    if !review::objectionable(&its, mine.deadline, mine.submitted_at, now) {
        return Err(Error::Invalid("objection-early").into());
    }
    let event = id::fresh(now)?.to_string();
    let sheet = format!("/contests/{contest}/attempts/{attempt}");
    let page = Page::new(&state, &visit, words.t("review.object"))
        .tab(Tab::Contest)
        .back(sheet.clone(), words.t("review.to-sheet"));
    Ok(page.render(move || {
        let asked = stem(&mine.questions[at].question.stem);
        let grounds = Ground::ALL.map(|ground| {
            let name = ground_name(words, ground.as_str());
            view! {
                <label><input type="radio" name="ground" value=ground.as_str() checked=ground == Ground::WrongKey/><span>{name}</span></label>
            }
        });
        view! {
            <header class="page-head"><h1>{words.t("review.object")}</h1><p>{words.t("review.object-words")}</p></header>
            <p class="stem">{format!("{place}. {asked}")}</p>
            <form class="sheet" method="post" action=format!("{sheet}/objections/{place}")>
                <input type="hidden" name="event" value=event/>
                <fieldset class="ticks"><legend>{words.t("review.ground")}</legend><div>{grounds.into_iter().collect_view()}</div></fieldset>
                <div class="field">
                    <label for="words">{words.t("review.say")}</label>
                    <p class="hint" id="words-hint">{words.f("review.say-hint", &[("n", &MAX_OBJECTION)])}</p>
                    <textarea id="words" name="words" rows="5" required=true maxlength=MAX_OBJECTION.to_string() aria-describedby="words-hint"></textarea>
                </div>
                <div class="dock"><button class="button primary">{words.t("review.send")}</button></div>
            </form>
        }
    }))
}

fn ground_name(words: Words, ground: &str) -> &'static str {
    words.t(&format!("review.ground-{ground}"))
}

/// What a learner says of a question.
#[derive(Deserialize)]
pub struct Said {
    event: EventId,
    ground: String,
    words: String,
}

/// Puts the objection down.
pub async fn object(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, attempt, place)): Path<(String, String, usize)>,
    Form(form): Form<Said>,
) -> Result<Response, Failure> {
    let (its, mine, at) = at_place(&state, &visit, (&contest, &attempt, place)).await?;
    let ground = Ground::parse(&form.ground).ok_or(Error::Invalid("malformed"))?;
    let raised = Raised {
        event: form.event,
        attempt: mine.id,
        question: mine.questions[at].question.id.clone(),
        ground,
        words: form.words,
    };
    let said = review::object(&state.db, visit.signed_in()?, &its, raised, clock::now());
    let here = format!("/contests/{contest}/attempts/{attempt}/objections/{place}");
    match said.await {
        Ok(()) => Ok(redirect("/me/objections", done("flash.objected", 0))),
        Err(error @ Error::Invalid(_)) => Ok(redirect(&here, refused(&error))),
        Err(error) => Err(error.into()),
    }
}

/// What the viewer objected to, and the answers.
pub async fn mine(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let all = review::objections(&state.db, visit.signed_in()?, None).await?;
    let page = Page::new(&state, &visit, words.t("review.my-objections"))
        .tab(Tab::Me)
        .back("/me", words.t("nav.me"));
    Ok(page.render(move || {
        let none = all.is_empty().then(|| {
            view! { <div class="empty">{icon("info")}<p>{words.t("review.no-objections")}</p><a class="button" href="/contests">{words.t("review.to-contests")}</a></div> }
        });
        let all: Vec<_> = all.into_iter().map(|one| told(words, one)).collect();
        view! {
            <header class="page-head"><h1>{words.t("review.my-objections")}</h1><p>{words.t("review.my-objections-words")}</p></header>
            {none}
            <ul class="objections">{all}</ul>
        }
    }))
}

fn told(words: Words, one: Objection) -> AnyView {
    let made = format::moment(words, Millis(one.made_at));
    let sheet = format!("/contests/{}/attempts/{}", one.contest_id, one.attempt_id);
    let reply = match (one.reply, one.replied_at) {
        (Some(reply), Some(at)) => {
            let moment = format::moment(words, Millis(at));
            let name = words.f("review.reply-of", &[("moment", &moment)]);
            view! { <p class="chip" data-state="right">{icon("right")}{name}</p><p>{reply}</p> }
                .into_any()
        }
        _ => view! { <p class="chip">{icon("info")}{words.t("review.waits")}</p> }.into_any(),
    };
    view! {
        <li>
            <p class="muted">{one.title}" · "{made}</p>
            <p class="stem"><a href=sheet>{stem(&one.stem)}</a></p>
            <p><strong>{ground_name(words, &one.ground)}</strong>" "{one.words}</p>
            {reply}
        </li>
    }
    .into_any()
}
