//! `/admin/contests/{id}/final`: the final of a contest that is over, for those who qualify.

use super::page::about;
use crate::contest::form::{answer, contest_id};
use crate::format::figure;
use crate::page::{Failure, done, redirect, refused};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::contest::stage::{Line, TieAtLine};
use domain::id::EventId;
use leptos::prelude::*;
use platform::contest::edit::{self, LONGEST_TITLE, Moved};
use platform::{Error, clock, id};
use serde::Deserialize;

/// A line in a sentence.
pub(in crate::contest) fn line_words(words: Words, line: Line) -> String {
    match line {
        Line::Rank(at) => words.f("contest-edit.line-is-rank", &[("n", &at)]),
        Line::Points(at) => words.f("contest-edit.line-is-points", &[("n", &at)]),
    }
}

/// Who would enter the final, and the tie at the line if there is one.
pub async fn plan(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, of) = (visit.signed_in()?, contest_id(&contest)?);
    let now = clock::now();
    let plan = match edit::final_of(&state.db, viewer, of, now).await {
        Err(error @ Error::Invalid("correction-running")) => {
            let before = format!("/admin/contests/{contest}");
            return Ok(redirect(&before, refused(&error)));
        }
        plan => plan?,
    };
    let event = id::fresh(now)?.to_string();
    let page = about(&state, &visit, &contest, words.t("contest-edit.make-final"));
    Ok(page.render(move || {
        let count = plan.qualified.count;
        let n = figure(i64::try_from(count).unwrap_or(i64::MAX));
        let line = line_words(words, plan.line);
        let sum = words.f("contest-edit.qualified", &[("line", &line), ("n", &n)]);
        let tie = plan.qualified.tie.map(|tie| tie_section(words, &tie));
        let make = if count == 0 {
            view! { <p>{words.t("contest-edit.nobody")}</p> }.into_any()
        } else {
            view! {
                <form method="post" action=format!("/admin/contests/{contest}/final")>
                    <input type="hidden" name="event" value=event/>
                    <input type="hidden" name="seen" value=plan.fingerprint.clone()/>
                    <div class="dock"><button class="button primary">{words.f("contest-edit.make-final-n", &[("n", &n)])}</button></div>
                </form>
            }
            .into_any()
        };
        view! {
            <header class="page-head"><h1>{words.t("contest-edit.make-final")}</h1><p>{plan.title}</p></header>
            <p>{sum}</p>
            {tie}
            <p class="muted">{words.t("contest-edit.final-note")}</p>
            {make}
        }
    }))
}

/// How the list of a final differs from those who qualify by now, and what to do about it.
pub(super) fn moved_section(words: Words, moved: &Moved, is_draft: bool, here: &str) -> AnyView {
    let line = |key, (count, names): &(usize, Vec<String>)| {
        let count = i64::try_from(*count).unwrap_or(i64::MAX);
        let names = names.join(words.t("contest-edit.names-join"));
        let said = words.f(key, &[("n", &figure(count)), ("names", &names)]);
        (count > 0).then(|| view! { <li>{said}</li> })
    };
    let todo = if is_draft {
        view! {
            <form method="post" action=format!("{here}/renew")>
                <input type="hidden" name="seen" value=moved.fingerprint.clone()/>
                <button class="button">{words.t("contest-edit.renew-list")}</button>
            </form>
        }
        .into_any()
    } else {
        view! { <p class="muted">{words.t("contest-edit.moved-published")}</p> }.into_any()
    };
    view! {
        <section class="sheet" aria-labelledby="moved">
            <div class="section-head"><h2 id="moved">{words.t("contest-edit.moved")}</h2></div>
            <p>{words.t("contest-edit.moved-words")}</p>
            <ul class="todo">
                {line("contest-edit.moved-missing", &moved.missing)}
                {line("contest-edit.moved-extra", &moved.extra)}
            </ul>
            {todo}
        </section>
    }
    .into_any()
}

/// The button that makes the list of a final anew.
#[derive(Deserialize)]
pub struct Renew {
    seen: String,
}

/// Makes the list of a final anew.
pub async fn renew(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Renew>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let here = format!("/admin/contests/{contest}");
    let listed = edit::renew(&state.db, viewer, id, &form.seen, clock::now()).await;
    let listed = listed.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    answer(listed, "flash.contest-listed", &here, &here)
}

/// The tie and its two ways out.
pub(in crate::contest) fn tie_section(words: Words, tie: &TieAtLine) -> AnyView {
    let figures: [(&str, &dyn std::fmt::Display); 3] = [
        ("rank", &tie.rank),
        ("tied", &tie.tied),
        ("over", &tie.over),
    ];
    let (up, down) = (line_words(words, tie.up), line_words(words, tie.down));
    let up = words.f("contest-edit.tie-up", &[("line", &up), ("tied", &tie.tied)]);
    let down = words.f(
        "contest-edit.tie-down",
        &[("line", &down), ("tied", &tie.tied)],
    );
    view! {
        <section class="sheet" aria-labelledby="tie">
            <div class="section-head"><h2 id="tie">{words.t("contest-edit.tie")}</h2></div>
            <p>{words.f("contest-edit.tie-words", &figures)}</p>
            <ol class="todo"><li>{up}</li><li>{down}</li></ol>
        </section>
    }
    .into_any()
}

/// The button that makes the final.
#[derive(Deserialize)]
pub struct Make {
    event: EventId,
    seen: String,
}

/// Makes the final and opens its form.
pub async fn make(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(form): Form<Make>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, of) = (visit.signed_in()?, contest_id(&contest)?);
    let open_round = edit::one_edited(&state.db, viewer, of).await?.contest.title;
    let suffix = words.f("contest-edit.final-title", &[("title", &"")]);
    let room = LONGEST_TITLE.saturating_sub(suffix.chars().count());
    let kept: String = open_round.chars().take(room).collect();
    let title = words.f("contest-edit.final-title", &[("title", &kept)]);
    match edit::make_final(
        &state.db,
        viewer,
        form.event,
        of,
        &title,
        &form.seen,
        clock::now(),
    )
    .await
    {
        Ok(id) => {
            let listed = edit::one_edited(&state.db, viewer, id).await?.listed;
            let made = done("flash.contest-final", listed);
            Ok(redirect(&format!("/admin/contests/{id}"), made))
        }
        Err(error @ Error::Invalid("contest-list-moved" | "correction-running")) => {
            let again = format!("/admin/contests/{contest}/final");
            Ok(redirect(&again, refused(&error)))
        }
        Err(error) => Err(error.into()),
    }
}
