//! `/contests/{id}/attempts/{attempt}`: the paper while it runs, what it was worth afterwards.

use super::board::score_words;
use super::form::{attempt_id, contest_id};
use super::review::{marked, noted};
use super::{Attempt, AttemptWords, Place};
use crate::format;
use crate::page::{Failure, Page, Tab, icon};
use crate::practice::page::{asked, cited};
use crate::question::{Asked, Given, answered, fields, given, stem};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::contest::counting::Purpose;
use domain::question::{Answer, QuestionKind};
use domain::time::Millis;
use leptos::prelude::*;
use platform::clock;
use platform::contest::review::{self, Note};
use platform::contest::{self, AskedQuestion, AttemptView, Contest};

/// An attempt.
pub async fn attempt(
    State(state): State<AppState>,
    visit: Visit,
    Path((contest, attempt)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let now = clock::now();
    let viewer = visit.signed_in()?;
    let contest = contest::contest(&state.db, viewer, contest_id(&contest)?, now).await?;
    let attempt = contest::attempt(&state.db, viewer, attempt_id(&attempt)?).await?;
    if attempt.is_over(now) {
        result(&state, &visit, &contest, attempt, now).await
    } else {
        Ok(running(&state, &visit, &contest, attempt, now))
    }
}

/// The receipt of an attempt, to be kept as a file.
pub async fn receipt(
    State(state): State<AppState>,
    visit: Visit,
    Path((_, attempt)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let viewer = visit.signed_in()?;
    let attempt = attempt_id(&attempt)?;
    let file = contest::receipt::receipt(&state.db, viewer, attempt, clock::now()).await?;
    let name = format!("attachment; filename=\"receipt-{attempt}.json\"");
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file).into_response())
}

/// A question with options in the places where this learner sees them.
pub(super) fn shown(words: Words, q: &AskedQuestion) -> Asked {
    let mut shown = asked(words, &q.question);
    if q.question.kind != QuestionKind::FillIn {
        let option = |o: &u8| {
            q.question
                .options
                .get(usize::from(*o))
                .cloned()
                .unwrap_or_default()
        };
        shown.options = q.order.iter().map(option).collect();
    }
    shown.answer = q.saved.as_ref().map(|(answer, _)| answer.clone());
    shown
}

/// What the island needs to save its answer.
fn place(q: &AskedQuestion) -> Place {
    Place {
        id: q.question.id.0.clone(),
        kind: q.question.kind,
        revision: q.saved.as_ref().map_or(0, |(_, revision)| *revision),
    }
}

fn running(
    state: &AppState,
    visit: &Visit,
    contest: &Contest,
    attempt: AttemptView,
    now: Millis,
) -> Response {
    let words = visit.words();
    let here = format!("/contests/{}", contest.id);
    let title = contest.title.clone();
    let ends = format::clock(attempt.deadline);
    let action = format!("{here}/attempts/{}", attempt.id);
    let page = Page::new(state, visit, title.clone())
        .back(here, words.t("contest.leave"))
        .classes("stage", "page");
    page.render(move || {
        let paper: Vec<Place> = attempt.questions.iter().map(place).collect();
        let questions = attempt.questions.iter().enumerate().map(|(i, q)| {
            let asked = shown(words, q);
            let legend = format!("{}. {}", i + 1, stem(&asked.stem));
            let inner = fields(&asked, &format!("q{i}"), legend, true);
            view! { <fieldset class="question">{inner}</fieldset> }
        });
        let questions = questions.collect_view();
        let note = match attempt.purpose {
            Purpose::Rank => "contest.until",
            Purpose::Practice => "contest.practice-until",
        };
        let note = words.f(note, &[("n", &paper.len()), ("clock", &ends)]);
        view! {
            <header class="page-head"><h1>{title}</h1><p>{note}</p></header>
            <Attempt
                attempt=attempt.id.to_string()
                action=action
                now=now
                started=attempt.started_at
                deadline=attempt.deadline
                paper=paper
                words=attempt_words(words)
            >
                {questions}
            </Attempt>
        }
    })
}

fn attempt_words(words: Words) -> AttemptWords {
    let t = |key| words.t(key).to_owned();
    AttemptWords {
        left: t("contest.left"),
        number: t("contest.number"),
        answered: t("contest.answered"),
        open: t("contest.not-answered"),
        saving: t("contest.being-saved"),
        saved: t("contest.saved"),
        kept: t("contest.kept"),
        superseded: t("error.superseded"),
        over: t("contest.over"),
        over_kept: t("contest.over-kept"),
        previous: t("contest.previous"),
        next: t("contest.next"),
        save: t("contest.save"),
        submit: t("contest.submit"),
        confirm: t("contest.confirm"),
        dots: t("contest.dots"),
    }
}

async fn result(
    state: &AppState,
    visit: &Visit,
    contest: &Contest,
    mut attempt: AttemptView,
    now: Millis,
) -> Result<Response, Failure> {
    let words = visit.words();
    let notes = review::notes(&state.db, visit.signed_in()?, contest.id).await?;
    let rulings = Note::rulings(&notes);
    for q in &mut attempt.questions {
        q.right = marked(q, &rulings);
    }
    let may_object = review::objectionable(contest, attempt.deadline, attempt.submitted_at, now);
    let rules = &contest.rules;
    let shows_keys = rules.shows_keys(attempt.purpose, contest.closes_at, now);
    let mut articles = Vec::new();
    for q in &attempt.questions {
        articles.push(match shows_keys {
            true => Some(cited(state, &q.question).await?),
            false => None,
        });
    }
    let later = (!shows_keys).then(|| {
        let moment = format::moment(words, contest.closes_at);
        words.f("contest.keys-later", &[("moment", &moment)])
    });
    let (points, time) = score_words(words, &attempt.score);
    let is_practice = attempt.purpose == Purpose::Practice;
    let ended = words.f(
        if is_practice {
            "contest.practice-ended"
        } else {
            "contest.ended"
        },
        &[
            ("n", &attempt.number),
            (
                "moment",
                &format::moment(words, attempt.submitted_at.unwrap_or(attempt.deadline)),
            ),
        ],
    );
    let page = Page::new(state, visit, contest.title.clone())
        .tab(Tab::Contest)
        .back(
            format!("/contests/{}", contest.id),
            words.t("contest.contest"),
        );
    let right = attempt.questions.iter().filter(|q| q.right == Some(true));
    let (title, right, total) = (
        contest.title.clone(),
        right.count(),
        attempt.questions.len(),
    );
    let here = format!("/contests/{}", contest.id);
    let (to, onward) = if is_practice {
        (here, "contest.practice-back")
    } else {
        (format!("{here}#board"), "contest.see-board")
    };
    let sheet = format!("/contests/{}/attempts/{}", contest.id, attempt.id);
    let receipt = format!("{sheet}/receipt");
    Ok(page.render(move || {
        let sheets = (1..).zip(attempt.questions.iter().zip(articles)).map(|(place, (q, cited))| {
            let object = may_object.then(|| format!("{sheet}/objections/{place}"));
            let note = noted(words, q, notes.get(&q.question.id), object);
            view! { <li>{answer(words, q, cited)}{note}</li> }
        });
        let sheets = sheets.collect_view();
        view! {
            <header class="page-head"><h1>{title}</h1><p>{ended}</p></header>
            {is_practice.then(|| view! { <div class="flash" data-kind="info">{icon("info")}<p>{words.t("contest.practice-result")}</p></div> })}
            <div class="result-head">
                <p class="score"><strong>{points}</strong>{words.t("contest.points")}</p>
                <dl class="figures">
                    <div><dt>{words.t("contest.right")}</dt><dd>{words.f("home.of", &[("done", &right), ("total", &total)])}</dd></div>
                    <div><dt>{words.t("contest.time")}</dt><dd>{time}</dd></div>
                </dl>
            </div>
            {(attempt.late > 0).then(|| view! { <p class="muted">{words.f("contest.late", &[("n", &attempt.late)])}</p> })}
            <section aria-labelledby="review">
                <div class="section-head"><h2 id="review">{words.t("contest.review")}</h2>{later.map(|said| view! { <p>{said}</p> })}</div>
                <ol class="review">{sheets}</ol>
            </section>
            {(!is_practice).then(|| view! {
                <section aria-labelledby="receipt">
                    <div class="section-head"><h2 id="receipt">{words.t("contest.receipt")}</h2></div>
                    <p class="muted">{words.t("contest.receipt-words")}</p>
                    <a class="button" href=receipt download rel="external">{words.t("contest.receipt-save")}</a>
                </section>
            })}
            <div class="dock"><a class="button primary" href=to>{words.t(onward)}</a></div>
        }
    }))
}

type Cited = Vec<(
    domain::question::Citation,
    Option<platform::law::read::ArticleText>,
)>;

/// A question with its answer as an item of a list.
pub(super) fn one(words: Words, q: &AskedQuestion, cited: Cited) -> AnyView {
    view! { <li>{answer(words, q, Some(cited))}</li> }.into_any()
}

/// A question with its answer; without the articles it rests on, and then without its key.
fn answer(words: Words, q: &AskedQuestion, cited: Option<Cited>) -> AnyView {
    let answer = q
        .saved
        .as_ref()
        .and_then(|(answer, _)| answer.clone().through(&q.order));
    let answer = answer.filter(|a| *a != Answer::Choices(Vec::new()));
    let was = Given {
        answer,
        right: q.right == Some(true),
        order: q.order.clone(),
    };
    match cited {
        Some(cited) => answered(words, &q.question, &was, cited).into_any(),
        None => given(words, &q.question, &was).into_any(),
    }
}
