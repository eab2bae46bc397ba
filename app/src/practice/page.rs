//! `/practice`: the question that comes next, or what the last answer was worth.

use crate::format;
use crate::page::{Failure, Page, Row, Tab, icon};
use crate::question::{AnswerForm, AnswerFormWords, Asked, Given, Target, answered, fields, stem};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::question::{Citation, Question};
use leptos::prelude::*;
use platform::law::read::ArticleText;
use platform::{clock, id, law, practice};
use serde::Deserialize;

/// Which answer is to be shown.
#[derive(Deserialize)]
pub struct Shown {
    answered: Option<String>,
}

/// The day's practice.
pub async fn practice(
    State(state): State<AppState>,
    visit: Visit,
    Query(shown): Query<Shown>,
) -> Result<Response, Failure> {
    let now = clock::now();
    let words = visit.words();
    let today = practice::today(&state.db, visit.signed_in()?.learner, now).await?;
    let total = today.len();
    let done = today.iter().filter(|a| a.answer.is_some()).count();
    let page = Page::new(&state, &visit, words.t("practice.today")).tab(Tab::Practice);
    let progress = move || {
        let label = words.f("practice.progress", &[("done", &done), ("total", &total)]);
        view! { <progress max=total.to_string() value=done.to_string() aria-label=label></progress> }
    };
    // What was just answered is shown until the next question is asked for.
    if let Some(asked) = today
        .iter()
        .find(|a| Some(&a.question.id.0) == shown.answered.as_ref())
        && let Some((answer, right)) = &asked.answer
    {
        let cited = cited(&state, &asked.question).await?;
        let order = (0..u8::try_from(asked.question.options.len()).unwrap_or(0)).collect();
        let given = Given {
            answer: Some(answer.clone()),
            right: *right,
            order,
        };
        let question = asked.question.clone();
        let last = done == total;
        let next = if last {
            words.t("practice.see-day")
        } else {
            words.t("practice.next")
        };
        return Ok(page.render(move || {
            view! {
                <h1 class="visually-hidden">{words.t("practice.today")}</h1>
                <div class="page-head">
                    <p>{words.f("practice.progress", &[("done", &done), ("total", &total)])}</p>
                    {progress()}
                </div>
                {answered(words, &question, &given, cited)}
                <div class="dock"><a class="button primary" href="/practice">{next}</a></div>
            }
        }));
    }
    if total == 0 {
        return Ok(page.render(move || {
            view! {
                <header class="page-head"><h1>{words.t("practice.today")}</h1></header>
                <div class="empty">{icon("list")}<p>{words.t("practice.no-questions")}</p></div>
            }
        }));
    }
    let Some(next) = today.iter().find(|a| a.answer.is_none()) else {
        return Ok(day_done(page, words, &today, now));
    };
    let asked = asked(words, &next.question);
    let event = id::fresh(now)?.to_string();
    Ok(page.render(move || {
        let legend = stem(&asked.stem);
        let form_words = form_words(words);
        let inner = fields(&asked, "answer", legend, false);
        view! {
            <h1 class="visually-hidden">{words.t("practice.today")}</h1>
            <div class="page-head">
                <p>{words.f("practice.number", &[("n", &(done + 1)), ("total", &total)])}</p>
                {progress()}
            </div>
            <AnswerForm
                target=Target::Practice
                event=event
                question=asked.id.clone()
                kind=asked.kind
                action="/practice".to_owned()
                words=form_words
            >
                <fieldset class="question">{inner}</fieldset>
                <div class="dock"><button class="button primary">{words.t("question.submit")}</button></div>
            </AnswerForm>
        }
    }))
}

/// Sentences of a form with one question.
#[must_use]
pub fn form_words(words: Words) -> AnswerFormWords {
    AnswerFormWords {
        sending: words.t("question.sending").to_owned(),
        failed: words.t("question.failed").to_owned(),
        empty: words.t("error.answer-empty").to_owned(),
    }
}

/// A question of the bank as a form asks it, options in their own order.
#[must_use]
pub fn asked(words: Words, question: &Question) -> Asked {
    Asked {
        id: question.id.0.clone(),
        kind: question.kind,
        kind_name: words
            .t(&format!("kind.{}", question.kind.as_str()))
            .to_owned(),
        stem: question.stem.clone(),
        options: question.options.clone(),
        answer: None,
        blank: words.t("question.blank").to_owned(),
    }
}

/// The articles a question rests on, with their words.
pub async fn cited(
    state: &AppState,
    question: &Question,
) -> Result<Vec<(Citation, Option<ArticleText>)>, Failure> {
    let mut cited = Vec::new();
    for citation in &question.citations {
        let text = law::read::article(&state.db, &citation.law, None, citation.article).await?;
        cited.push((citation.clone(), text));
    }
    Ok(cited)
}

fn day_done(
    page: Page<'_>,
    words: Words,
    today: &[practice::Asked],
    now: domain::time::Millis,
) -> Response {
    let right = today
        .iter()
        .filter(|a| matches!(a.answer, Some((_, true))))
        .count();
    let total = today.len();
    let day = format::day(words, &now.day().to_string());
    let rows: Vec<Row> = today
        .iter()
        .map(|a| {
            let good = matches!(a.answer, Some((_, true)));
            let cited = a
                .question
                .citations
                .first()
                .map(|c| words.f("law.cited", &[("law", &c.law), ("article", &c.article)]));
            let to = format!("/practice?answered={}", a.question.id);
            let mut row = Row::new(to, stem(&a.question.stem), cited.unwrap_or_default());
            row.icon = Some(if good { "right" } else { "wrong" });
            row.state = good.then_some("right");
            row
        })
        .collect();
    page.render(move || {
        view! {
            <header class="page-head"><h1>{words.t("practice.done")}</h1><p>{day}</p></header>
            <div class="result-head">
                <p class="score"><strong>{right}</strong>{words.f("practice.right-of", &[("total", &total)])}</p>
            </div>
            <section aria-labelledby="review">
                <div class="section-head"><h2 id="review">{words.t("practice.review")}</h2></div>
                <ul class="rows">{rows.into_iter().map(Row::view).collect_view()}</ul>
            </section>
            {crate::contest::quick::page::entry(words)}
            <div class="dock"><a class="button" href="/">{words.t("failure.home")}</a></div>
        }
    })
}
