//! `/admin/contests/{id}/review/questions/{question}`: what was asked, what was answered, what
//! learners object to; the answer to them and the ruling.

use super::told::{key_words, listed, ruling_words};
use crate::contest::edit::page::about;
use crate::contest::form::contest_id;
use crate::format::{figure, moment};
use crate::page::{Failure, icon, percent};
use crate::question::{LETTERS, stem};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::QuestionId;
use domain::question::{Answer, Key, QuestionKind};
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::review::{self, AskedOften, MAX_REASON, Objected, Reply};
use platform::{clock, id};

/// The page of a question under review.
pub async fn question(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, question)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let viewer = visit.signed_in()?;
    let its = review::reviewable(&state.db, viewer, contest_id(&contest)?).await?;
    let question = QuestionId(question);
    let often = review::asked_often(&state.db, viewer, its.id, &question).await?;
    let objected = review::objected(&state.db, viewer, its.id, &question).await?;
    let mut notes = review::notes(&state.db, viewer, its.id).await?;
    let note = notes.remove(&question).unwrap_or_default();
    let event = id::fresh(now)?.to_string();
    let over = review::is_over(&its, now);
    let page = about(&state, &visit, &contest, words.t("review.question")).back(
        format!("/admin/contests/{contest}/review"),
        words.t("review.review"),
    );
    Ok(page.render(move || {
        let here = format!("/admin/contests/{contest}/review");
        let order = listed(&often.question);
        let in_force = note.rulings.iter().map(|(number, ruling, reason)| {
            let what = ruling_words(words, ruling, &order);
            view! { <li><strong>{words.f("review.correction", &[("n", number), ("what", &what)])}</strong><span>{reason.clone()}</span></li> }
        });
        let in_force: Vec<_> = in_force.collect();
        let in_force = (!in_force.is_empty()).then(|| view! { <ul class="said">{in_force}</ul> });
        view! {
            <header class="page-head"><h1>{words.t("review.question")}</h1><p>{its.title}</p></header>
            {asked(words, &often)}
            {in_force}
            {objections(words, &here, &often.question.id, &objected, &note.replies, event)}
            {if over { ruling(words, &here, &often) } else { view! { <p class="muted">{words.t("error.review-open")}</p> }.into_any() }}
        }
    }))
}

/// The question with its key and how many chose what.
fn asked(words: Words, often: &AskedOften) -> AnyView {
    let question = &often.question;
    let share = |n: i64| n * 100 / often.answered.max(1);
    let times = |n: i64| words.f("review.chosen", &[("n", &figure(n)), ("share", &share(n))]);
    let options = question.options.iter().enumerate().map(|(place, text)| {
        let option = u8::try_from(place).unwrap_or(u8::MAX);
        let right = matches!(&question.key, Key::Choices(keys) if keys.contains(&option));
        let n = review::chosen(often, option);
        view! {
            <li class="option" data-locked="" data-state=right.then_some("right")>
                <span class="letter">{LETTERS.get(place).copied().unwrap_or("")}</span>
                <span class="text">{text.clone()}<small>{times(n)}</small></span>
                {right.then(|| view! { <span class="mark">{icon("right")}{words.t("review.key")}</span> })}
            </li>
        }
    });
    let options = options.collect_view();
    let written = (question.kind == QuestionKind::FillIn).then(|| {
        let rows = often.chosen.iter().filter_map(|one| match &one.answer {
            Answer::Words(text) => Some(view! { <li class="row"><span class="row-body"><span class="row-title">{text.clone()}</span></span><span class="row-figure">{times(one.times)}</span></li> }),
            Answer::Choices(_) => None,
        });
        let key = key_words(words, &question.key, &[]);
        view! { <p>{words.t("review.key")}" "<strong>{key}</strong></p><ul class="rows">{rows.collect_view()}</ul> }
    });
    view! {
        <div class="question">
            <p class="stem">{stem(&question.stem)}<small>{words.t(&format!("kind.{}", question.kind.as_str()))}" · "{words.f("review.answered-n", &[("n", &figure(often.answered))])}</small></p>
            <ul class="options">{options}</ul>
            {written}
        </div>
        <p class="muted">{question.explanation.clone()}</p>
    }
    .into_any()
}

/// What learners object to, what was answered, and the answer to all who wait.
fn objections(
    words: Words,
    here: &str,
    question: &QuestionId,
    objected: &[Objected],
    replies: &[Reply],
    event: String,
) -> AnyView {
    let open = objected.iter().filter(|one| one.is_open).count();
    let rows = objected.iter().map(|one| {
        let ground = words.t(&format!("review.ground-{}", one.ground));
        let made = moment(words, Millis(one.made_at));
        let state = if one.is_open {
            "review.waits"
        } else {
            "review.is-answered"
        };
        view! {
            <li>
                <p class="muted">{made}" · "{words.t(state)}</p>
                <p><strong>{ground}</strong>" "{one.words.clone()}</p>
            </li>
        }
    });
    let rows = rows.collect_view();
    let none = objected
        .is_empty()
        .then(|| view! { <p class="muted">{words.t("review.none-object")}</p> });
    let given = replies.iter().map(|reply| {
        let name = words.f("review.reply-of", &[("moment", &moment(words, reply.at))]);
        view! { <li><strong>{name}</strong><span>{reply.words.clone()}</span></li> }
    });
    let given =
        (!replies.is_empty()).then(|| view! { <ul class="said">{given.collect_view()}</ul> });
    let form = (open > 0).then(|| {
        let action = format!("{here}/questions/{}/reply", percent(&question.0));
        view! {
            <form method="post" action=action>
                <input type="hidden" name="event" value=event/>
                <div class="field">
                    <label for="reply">{words.f("review.reply", &[("n", &open)])}</label>
                    <p class="hint" id="reply-hint">{words.t("review.reply-hint")}</p>
                    <textarea id="reply" name="words" rows="4" required=true maxlength=MAX_REASON.to_string() aria-describedby="reply-hint"></textarea>
                </div>
                <p class="sheet-do"><button class="button">{words.t("review.send-reply")}</button></p>
            </form>
        }
    });
    view! {
        <section class="sheet" aria-labelledby="objections">
            <div class="section-head"><h2 id="objections">{words.t("review.objections")}</h2></div>
            {none}
            <ul class="objections">{rows}</ul>
            {given}
            {form}
        </section>
    }
    .into_any()
}

/// The form of a ruling, which leads to its dry run.
fn ruling(words: Words, here: &str, often: &AskedOften) -> AnyView {
    let question = &often.question;
    let kinds = ["void", "full-marks", "accept"].map(|kind| {
        let (name, note) = (
            words.t(&format!("review.rule-{kind}")),
            words.t(&format!("review.rule-{kind}-words")),
        );
        view! {
            <label class="option">
                <input type="radio" name="ruling" value=kind required=true/>
                <span class="text">{name}<small>{note}</small></span>
            </label>
        }
    });
    let further = if question.kind == QuestionKind::FillIn {
        view! {
            <div class="field"><label for="further">{words.t("review.further")}</label><input id="further" name="words" type="text" maxlength="100" autocomplete="off"/></div>
        }
        .into_any()
    } else {
        let multiple = question.kind == QuestionKind::Multiple;
        let options = (0..question.options.len()).map(|place| {
            let kind = if multiple { "checkbox" } else { "radio" };
            view! { <label><input type=kind name="choice" value=place.to_string()/><span>{LETTERS.get(place).copied().unwrap_or("")}</span></label> }
        });
        view! { <fieldset class="ticks"><legend>{words.t("review.further")}</legend><div>{options.collect_view()}</div></fieldset> }
            .into_any()
    };
    view! {
        <section class="sheet" aria-labelledby="ruling">
            <div class="section-head"><h2 id="ruling">{words.t("review.rule")}</h2><p>{words.t("review.rule-words")}</p></div>
            <form method="get" action=format!("{here}/dry-run")>
                <input type="hidden" name="question" value=question.id.0.clone()/>
                <fieldset class="sheet-kinds"><legend>{words.t("review.rule-how")}</legend><div class="options">{kinds.into_iter().collect_view()}</div></fieldset>
                {further}
                <div class="dock"><button class="button primary">{words.t("review.try")}</button></div>
            </form>
        </section>
    }
    .into_any()
}
