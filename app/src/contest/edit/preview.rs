//! A draft as learners will see it, and as a learner answers it. Of a trial nothing is stored.

use super::page::about;
use crate::contest::board::score_words;
use crate::contest::form::contest_id;
use crate::contest::promise::{bonus, facts};
use crate::contest::sitting::{one, shown};
use crate::format;
use crate::page::{Failure, Page, redirect, refused};
use crate::practice::page::cited;
use crate::question::{answer_of, fields, stem};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::contest::ContestKind;
use domain::contest::team::TeamRules;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::edit::{self, Trial};
use platform::contest::{Contest, Names, names};
use platform::{Error, clock, id};
use serde::Deserialize;
use std::fmt::Display;

/// What a contest promises, as its page says it.
pub(super) fn promise(words: Words, contest: &Contest, names: &Names, now: Millis) -> AnyView {
    let facts = match &contest.rules.team {
        Some(team) => team_facts(words, contest, team),
        None => facts(words, contest, names, 0, now).into_any(),
    };
    view! { {facts}{bonus(words, contest)} }.into_any()
}

fn team_facts(words: Words, contest: &Contest, team: &TeamRules) -> AnyView {
    let moment = |at| format::moment(words, at);
    let (opens, closes) = (moment(contest.opens_at), moment(contest.closes_at));
    let window = words.f("contest.window", &[("from", &opens), ("to", &closes)]);
    let figures: [(&str, &dyn Display); 3] = [
        ("size", &team.size),
        ("substitutes", &team.substitutes),
        ("teams", &team.teams),
    ];
    view! {
        <dl class="facts">
            <div><dt>{words.t("contest.when")}</dt><dd>{window}</dd></div>
            <div><dt>{words.t("contest-edit.register-until")}</dt><dd>{moment(team.register_until)}</dd></div>
            <div><dt>{words.t("contest-edit.part-team")}</dt><dd>{words.f("contest-edit.team-words", &figures)}</dd></div>
        </dl>
    }
    .into_any()
}

/// The page as learners will see it.
pub async fn preview(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let viewer = visit.signed_in()?;
    let edited = edit::one_edited(&state.db, viewer, contest_id(&contest)?).await?;
    let names = names(&state.db, &edited.contest).await?;
    let now = clock::now();
    let page = about(&state, &visit, &contest, &edited.contest.title);
    Ok(page.render(move || {
        let contest = edited.contest;
        let trial = (edited.is_draft && contest.kind != ContestKind::Team).then(|| {
            let to = format!("/admin/contests/{}/trial", contest.id);
            view! { <div class="dock"><a class="button primary" href=to>{words.t("contest-edit.try")}</a></div> }
        });
        view! {
            <p class="flash" data-kind="info">{crate::page::icon("info")}<span>{words.t("contest-edit.preview-note")}</span></p>
            <header class="page-head">
                <p class="chip">{words.t("phase.coming")}</p>
                <h1>{contest.title.clone()}</h1>
                <p>{contest.summary.clone()}</p>
            </header>
            {promise(words, &contest, &names, now)}
            {trial}
        }
    }))
}

/// Which paper.
#[derive(Deserialize)]
pub struct Seed {
    seed: Option<u64>,
}

fn anew(contest: &str) -> Result<String, Failure> {
    let seed = u32::from_le_bytes(id::random()?);
    Ok(format!("/admin/contests/{contest}/trial?seed={seed}"))
}

/// A paper of the draft, to be answered; without a seed one is drawn.
pub async fn sit(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Query(wanted): Query<Seed>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let Some(seed) = wanted.seed else {
        return Ok(redirect(&anew(&contest)?, None));
    };
    let id = contest_id(&contest)?;
    let trial = match edit::trial(&state.db, visit.signed_in()?, id, seed).await {
        Ok(trial) => trial,
        Err(error @ Error::Invalid(_)) => {
            let here = format!("/admin/contests/{contest}");
            return Ok(redirect(&here, refused(&error)));
        }
        Err(error) => return Err(error.into()),
    };
    let began = clock::now().0.to_string();
    let title = trial.edited.contest.title.clone();
    let page = Page::new(&state, &visit, title.clone())
        .back(
            format!("/admin/contests/{contest}"),
            words.t("contest-edit.to-form"),
        )
        .classes("stage", "page");
    Ok(page.render(move || {
        let questions = trial.questions.iter().enumerate().map(|(i, q)| {
            let asked = shown(words, q);
            let legend = format!("{}. {}", i + 1, stem(&asked.stem));
            let inner = fields(&asked, &format!("q{i}"), legend, true);
            view! { <fieldset class="question">{inner}</fieldset> }
        });
        let questions = questions.collect_view();
        let minutes = trial.edited.contest.rules.minutes;
        let figures: [(&str, &dyn Display); 2] =
            [("n", &trial.questions.len()), ("m", &minutes)];
        view! {
            <header class="page-head"><h1>{title}</h1><p>{words.f("contest-edit.trial-note", &figures)}</p></header>
            <form method="post" action=format!("/admin/contests/{contest}/trial")>
                <input type="hidden" name="seed" value=seed.to_string()/>
                <input type="hidden" name="began" value=began/>
                {questions}
                <div class="dock"><button class="button primary">{words.t("contest.submit")}</button></div>
            </form>
        }
    }))
}

/// What the answers to a paper are worth.
pub async fn graded(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(posted): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let values = |name: &str| -> Vec<String> {
        let same = posted.iter().filter(|(n, _)| n == name);
        same.map(|(_, v)| v.clone()).collect()
    };
    let figure = |name: &str| values(name).first().and_then(|v| v.parse::<u64>().ok());
    let seed = figure("seed").ok_or(Error::Invalid("malformed"))?;
    let id = contest_id(&contest)?;
    let Trial {
        edited,
        mut questions,
    } = edit::trial(&state.db, visit.signed_in()?, id, seed).await?;
    let now = clock::now();
    let began = figure("began").and_then(|at| i64::try_from(at).ok());
    let began = Millis(began.unwrap_or(now.0)).min(now);
    let answers = questions.iter().enumerate();
    let answers = answers.map(|(i, q)| answer_of(q.question.kind, &values(&format!("q{i}"))));
    let answers = answers.collect();
    let rules = &edited.contest.rules;
    let score = edit::grade(rules, &mut questions, answers, began, now);
    let mut articles = Vec::new();
    for q in &questions {
        articles.push(cited(&state, &q.question).await?);
    }
    let again = anew(&contest)?;
    let page = about(&state, &visit, &contest, &edited.contest.title);
    Ok(page.render(move || {
        let (points, time) = score_words(words, &score);
        let total = questions.len();
        let review = questions.iter().zip(articles).map(|(q, cited)| one(words, q, cited));
        view! {
            <header class="page-head"><h1>{edited.contest.title.clone()}</h1><p>{words.t("contest-edit.graded-note")}</p></header>
            <div class="result-head">
                <p class="score"><strong>{points}</strong>{words.t("contest.points")}</p>
                <dl class="figures">
                    <div><dt>{words.t("contest.right")}</dt><dd>{words.f("home.of", &[("done", &score.right), ("total", &total)])}</dd></div>
                    <div><dt>{words.t("contest.time")}</dt><dd>{time}</dd></div>
                </dl>
            </div>
            <section aria-labelledby="review">
                <div class="section-head"><h2 id="review">{words.t("contest.review")}</h2></div>
                <ol class="review">{review.collect_view()}</ol>
            </section>
            <div class="dock"><a class="button primary" href=again>{words.t("contest-edit.draw-anew")}</a></div>
        }
    }))
}
