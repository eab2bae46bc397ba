//! `/admin/contests/{id}/review`: what waits, the questions, the line, the results made final, the
//! record with who decided.

use super::told;
use crate::contest::edit::page::about;
use crate::contest::edit::stage::{line_words, tie_section};
use crate::contest::form::contest_id;
use crate::format::figure;
use crate::page::{Failure, Row, percent};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::contest::stage::Line;
use leptos::prelude::*;
use platform::contest::review::{self, Entry, Lie, MAX_REASON, Outcome, Reviewed};
use platform::{clock, id};
use serde::Deserialize;
use std::collections::HashSet;

/// Questions that are listed unless all are asked for.
const SHOWN: usize = 50;

/// Whether all questions are asked for.
#[derive(Deserialize)]
pub struct Wanted {
    all: Option<String>,
}

/// The page of a contest's review.
pub async fn review(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let viewer = visit.signed_in()?;
    let its = review::reviewable(&state.db, viewer, contest_id(&contest)?).await?;
    let questions = review::reviewed(&state.db, viewer, its.id).await?;
    let outcome = review::outcome(&state.db, its.id).await?;
    let lie = review::lie(&state.db, &its).await?;
    let record = review::record(&state.db, &its).await?;
    let deciders: Vec<_> = record.iter().map(Entry::by).collect();
    let names = review::named(&state.db, its.id, &deciders).await?;
    let over = review::is_over(&its, now);
    let events = [id::fresh(now)?, id::fresh(now)?].map(|event| event.to_string());
    let all = wanted.all.is_some();
    let page = about(&state, &visit, &contest, words.t("review.review"));
    Ok(page.render(move || {
        let here = format!("/admin/contests/{contest}/review");
        let [line_event, final_event] = events;
        let none = record.is_empty().then(|| view! { <p class="muted">{words.t("review.no-record")}</p> });
        let in_force = in_force(&record);
        let entries = record.into_iter().zip(names).map(|(entry, by)| {
            let take_back = match &entry {
                Entry::Decided(one, _) if in_force.contains(&one.number) => {
                    Some(format!("{here}/dry-run?take-back={}", one.number))
                }
                _ => None,
            };
            told::entry(words, entry, Some(&by.name), take_back)
        });
        let entries = entries.collect_view();
        let too_early = (!over).then(|| view! { <p class="muted">{words.t("error.review-open")}</p> });
        let unanswered = (outcome.unanswered > 0).then(|| {
            view! { <p><strong>{words.f("review.unanswered", &[("n", &figure(outcome.unanswered))])}</strong></p> }
        });
        view! {
            <header class="page-head"><h1>{words.t("review.review")}</h1><p>{its.title}</p></header>
            <p>{told::outcome_words(words, &outcome)}</p>
            {unanswered}{too_early}
            {list(words, &here, &questions, all)}
            {lie.filter(|_| over).map(|lie| line(words, &here, &lie, line_event))}
            {over.then(|| finish(words, &here, &outcome, final_event))}
            <section aria-labelledby="record">
                <div class="section-head"><h2 id="record">{words.t("review.record")}</h2><p>{words.t("review.record-words")}</p></div>
                {none}
                <ol class="timeline">{entries}</ol>
            </section>
        }
    }))
}

/// The numbers of rulings that were not taken back.
fn in_force(record: &[Entry]) -> HashSet<i64> {
    let decided = || {
        record.iter().filter_map(|entry| match entry {
            Entry::Decided(one, _) => Some(one),
            _ => None,
        })
    };
    let taken: HashSet<i64> = decided().filter_map(|one| one.takes_back).collect();
    decided()
        .filter(|one| one.ruling.is_some() && !taken.contains(&one.number))
        .map(|one| one.number)
        .collect()
}

/// The questions, those that wait first.
fn list(words: Words, here: &str, questions: &[Reviewed], all: bool) -> AnyView {
    let most = if all { questions.len() } else { SHOWN };
    let rows = questions.iter().take(most).map(|one| {
        let to = format!("{here}/questions/{}", percent(&one.question.0));
        let share = one.right * 100 / one.answered.max(1);
        let mut note = words.f(
            "review.answered-right",
            &[("n", &figure(one.answered)), ("share", &share)],
        );
        if one.objections > 0 {
            note.push_str(&words.f("review.objections-n", &[("n", &figure(one.objections))]));
        }
        let mut row = Row::new(to, crate::question::stem(&one.stem), note);
        if one.open > 0 {
            row.figure = words.f("review.open-n", &[("n", &figure(one.open))]);
        }
        row.view()
    });
    let rows = rows.collect_view();
    let none = questions
        .is_empty()
        .then(|| view! { <p class="muted">{words.t("review.no-answers")}</p> });
    let rest = questions.len().saturating_sub(most);
    let rest = (rest > 0).then(|| {
        let name = words.f("review.show-all", &[("n", &questions.len())]);
        view! { <p class="sheet-do"><a class="button" href=format!("{here}?all=1")>{name}</a></p> }
    });
    view! {
        <section aria-labelledby="questions">
            <div class="section-head"><h2 id="questions">{words.t("review.questions")}</h2><p>{words.t("review.questions-words")}</p></div>
            {none}
            <ul class="rows">{rows}</ul>
            {rest}
        </section>
    }
    .into_any()
}

/// The field for a reason that goes on record.
pub(super) fn reason_field(words: Words, id: &'static str, required: bool) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{words.t("review.reason")}</label>
            <p class="hint" id=format!("{id}-hint")>{words.t("review.reason-hint")}</p>
            <textarea id=id name="reason" rows="3" required=required maxlength=MAX_REASON.to_string() aria-describedby=format!("{id}-hint")></textarea>
        </div>
    }
}

/// Where the line lies, the tie at it, and the form that moves it.
fn line(words: Words, here: &str, lie: &Lie, event: String) -> AnyView {
    let n = figure(i64::try_from(lie.qualified.count).unwrap_or(i64::MAX));
    let now = line_words(words, lie.line);
    let sum = words.f("contest-edit.qualified", &[("line", &now), ("n", &n)]);
    let tie = lie.qualified.tie.map(|tie| tie_section(words, &tie));
    let (by_rank, at) = match lie.line {
        Line::Rank(at) => (true, at),
        Line::Points(at) => (false, at),
    };
    view! {
        <section class="sheet" aria-labelledby="line">
            <div class="section-head"><h2 id="line">{words.t("contest-edit.line")}</h2></div>
            <p>{sum}</p>
            {tie}
            <form method="post" action=format!("{here}/line")>
                <input type="hidden" name="event" value=event/>
                <fieldset class="ticks"><legend>{words.t("review.line-by")}</legend><div>
                    <label><input type="radio" name="by" value="rank" checked=by_rank/><span>{words.t("contest-edit.line-rank")}</span></label>
                    <label><input type="radio" name="by" value="points" checked=!by_rank/><span>{words.t("contest-edit.line-points")}</span></label>
                </div></fieldset>
                <div class="field">
                    <label for="at">{words.t("contest-edit.line-at")}</label>
                    <input id="at" name="at" type="number" min="0" max="1000000000" required=true inputmode="numeric" value=at.to_string()/>
                </div>
                {reason_field(words, "line-reason", true)}
                <p class="sheet-do"><button class="button">{words.t("review.move-line")}</button></p>
            </form>
        </section>
    }
    .into_any()
}

/// The form that makes the results final, or provisional again.
fn finish(words: Words, here: &str, outcome: &Outcome, event: String) -> AnyView {
    let (to, name, note) = match outcome.final_since {
        None => ("final", "review.finalize", "review.finalize-words"),
        Some(_) => ("reopen", "review.reopen", "review.reopen-words"),
    };
    let needed = outcome.final_since.is_some() || outcome.unanswered > 0;
    let class = if outcome.final_since.is_none() {
        "button primary"
    } else {
        "button"
    };
    view! {
        <section class="sheet" aria-labelledby="outcome">
            <div class="section-head"><h2 id="outcome">{words.t("review.outcome")}</h2></div>
            <p class="muted">{words.t(note)}</p>
            <form method="post" action=format!("{here}/{to}")>
                <input type="hidden" name="event" value=event/>
                {reason_field(words, "final-reason", needed)}
                <p class="sheet-do"><button class=class disabled=outcome.correcting>{words.t(name)}</button></p>
            </form>
        </section>
    }
    .into_any()
}
