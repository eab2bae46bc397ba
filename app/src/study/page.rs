//! `/lessons` and `/lessons/{id}`.

use super::{Player, PlayerWords, StudyClock, StudyClockWords, api::Subject};
use crate::format;
use crate::page::{Failure, Page, Row, Tab, icon};
use crate::practice::page::{asked, cited, form_words};
use crate::question::{AnswerForm, Asked, Given, Target, answered, fields, stem};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::LessonId;
use domain::question::{Answer, Citation, Key, Question};
use domain::time::SECOND;
use leptos::prelude::*;
use platform::law::read::ArticleText;
use platform::study::{Check, Lesson, LessonKind, TopicLessons};
use platform::{id, study};
use serde::Deserialize;

/// The list of lessons by topic.
pub async fn lessons(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let topics = study::lessons(&state.db, visit.signed_in()?.learner).await?;
    let all: usize = topics.iter().map(|t| t.lessons.len()).sum();
    let page = Page::new(&state, &visit, words.t("study.lessons"))
        .tab(Tab::Study)
        .back("/", words.t("nav.study"));
    Ok(page.render(move || {
        let counts = words.f(
            "study.counts",
            &[("topics", &topics.len()), ("lessons", &all)],
        );
        let empty = topics.is_empty().then(|| {
            view! { <div class="empty">{icon("text")}<p>{words.t("study.no-lessons")}</p></div> }
        });
        view! {
            <header class="page-head"><h1>{words.t("study.lessons")}</h1><p>{counts}</p></header>
            {empty}
            {topics.into_iter().map(|t| topic(words, t)).collect_view()}
        }
    }))
}

fn topic(words: Words, topic: TopicLessons) -> impl IntoView {
    let done = topic.lessons.iter().filter(|l| l.complete).count();
    let total = topic.lessons.len();
    let id = format!("topic-{}", topic.id);
    let rows = topic.lessons.into_iter().map(|l| {
        let kind = words.t(&format!("lesson-kind.{}", l.kind));
        let note = words.f(
            "study.kind-length",
            &[("kind", &kind), ("length", &about(words, l.length_ms))],
        );
        let per_cent = (l.covered_ms * 100 / l.length_ms.max(1)).min(100);
        let mut row = Row::new(format!("/lessons/{}", l.id), l.title, note);
        row.icon = Some(match (l.complete, l.kind.as_str()) {
            (true, _) => "right",
            (_, "video") => "play",
            (_, "case") => "case",
            _ => "text",
        });
        row.state = l.complete.then_some("right");
        row.figure = if l.complete {
            words.t("study.complete").to_owned()
        } else if per_cent > 0 {
            row.progress = Some((
                per_cent,
                words.f("study.studied-share", &[("p", &per_cent)]),
            ));
            format!("{per_cent}%")
        } else {
            words.t("study.not-begun").to_owned()
        };
        row.view()
    });
    let rows = rows.collect_view();
    view! {
        <section aria-labelledby=id.clone()>
            <div class="section-head">
                <h2 id=id.clone()>{topic.name}</h2>
                <p>{words.f("study.done-of", &[("done", &done), ("total", &total)])}</p>
            </div>
            <ul class="rows">{rows}</ul>
        </section>
    }
}

/// A length to the minute, upwards: what it takes, not what it lasts.
fn about(words: Words, milliseconds: i64) -> String {
    words.f(
        "format.minutes",
        &[("m", &((milliseconds + 59_999) / 60_000).max(1))],
    )
}

/// Which check question was just answered.
#[derive(Deserialize)]
pub struct Shown {
    answered: Option<String>,
}

/// A lesson.
pub async fn lesson(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let learner = visit.signed_in()?.learner;
    let (lesson, checks, covered, complete) =
        study::lesson(&state.db, learner, &LessonId(id)).await?;
    let end = end(&state, words, &lesson, checks, covered, complete, shown).await?;
    let video = lesson.kind == LessonKind::Video;
    let page = Page::new(&state, &visit, lesson.title.clone())
        .tab(Tab::Study)
        .back("/lessons", words.t("study.lessons"));
    let enough = domain::study::covers(covered, lesson.length_ms, lesson.share);
    let share = lesson.share / 10;
    let clock = {
        let subject = Subject::Lesson(lesson.id.clone());
        let clock_words = clock_words(words);
        move || {
            (!video).then(|| {
                view! {
                    <StudyClock
                        subject=subject
                        owner=learner.to_string()
                        seconds=covered / SECOND
                        version=String::new()
                        words=clock_words
                    />
                }
            })
        }
    };
    Ok(page.render_with(clock, move || {
        let kind = words.t(&format!("lesson-kind.{}", lesson.kind.as_str()));
        let above = words.f(
            "study.kind-length",
            &[("kind", &kind), ("length", &about(words, lesson.length_ms))],
        );
        let prose = lesson.html.clone();
        let body = if let Some(name) = lesson.video.clone() {
            view! {
                <Player
                    lesson=lesson.id.0.clone()
                    owner=learner.to_string()
                    video=name
                    length_ms=lesson.length_ms
                    covered=(covered * 1000 / lesson.length_ms.max(1)).min(1000)
                    enough=enough
                    words=player_words(words, share)
                />
                <section aria-labelledby="words">
                    <div class="section-head"><h2 id="words">{words.t("study.words")}</h2></div>
                    <div class="prose" inner_html=prose></div>
                </section>
            }
            .into_any()
        } else {
            view! { <div class="prose" inner_html=prose></div> }.into_any()
        };
        view! {
            <header class="reader-head"><p>{above}</p><h1>{lesson.title.clone()}</h1></header>
            {body}
            {end_view(words, &lesson.id, end)}
        }
    }))
}

/// Sentences of the clock on a page that is read.
#[must_use]
pub fn clock_words(words: Words) -> StudyClockWords {
    StudyClockWords {
        read: words.t("study.read").to_owned(),
        kept: words.t("study.kept").to_owned(),
        enough: words.t("study.enough").to_owned(),
    }
}

fn player_words(words: Words, share: i64) -> PlayerWords {
    PlayerWords {
        watched: words.t("study.watched").to_owned(),
        needed: words.f("study.needed", &[("p", &share)]),
        enough: words.t("study.watched-enough").to_owned(),
        kept: words.t("study.kept").to_owned(),
        captions: words.t("study.captions").to_owned(),
    }
}

/// The end of a lesson, gathered before the page is made: islands need the page's owner.
struct End {
    /// What the last answer was worth, with the articles when it was right.
    verdict: Option<(Question, bool, Cited)>,
    /// The next check question, and the event id of its answer.
    next: Option<(Asked, String)>,
    /// Where the learner stands.
    line: String,
}

/// Articles with their words.
type Cited = Vec<(Citation, Option<ArticleText>)>;

async fn end(
    state: &AppState,
    words: Words,
    lesson: &Lesson,
    checks: Vec<Check>,
    covered: i64,
    complete: bool,
    shown: Shown,
) -> Result<End, Failure> {
    let enough = domain::study::covers(covered, lesson.length_ms, lesson.share);
    let just = checks
        .iter()
        .find(|c| Some(&c.question.id.0) == shown.answered.as_ref());
    let verdict = match just {
        Some(Check {
            question,
            right: Some(true),
        }) => Some((question.clone(), true, cited(state, question).await?)),
        Some(Check {
            question,
            right: Some(false),
        }) => Some((question.clone(), false, Vec::new())),
        _ => None,
    };
    let next = match checks.iter().find(|c| c.right != Some(true)) {
        Some(check) => {
            let event = id::fresh(platform::clock::now())?.to_string();
            Some((asked(words, &check.question), event))
        }
        None => None,
    };
    let line = if complete {
        words.t("study.lesson-complete").to_owned()
    } else if next.is_none() && !enough {
        let left = lesson.length_ms * lesson.share / 1000 - covered;
        words.f(
            "study.still",
            &[("length", &format::length(words, left.max(SECOND)))],
        )
    } else {
        words.t("study.check-note").to_owned()
    };
    Ok(End {
        verdict,
        next,
        line,
    })
}

fn end_view(words: Words, lesson: &LessonId, end: End) -> impl IntoView + use<> {
    let verdict = end
        .verdict
        .map(|(question, right, cited)| verdict(words, &question, right, cited));
    let form = end.next.map(|(asked, event)| {
        let inner = fields(&asked, "answer", stem(&asked.stem), false);
        view! {
            <AnswerForm
                target=Target::Lesson(lesson.0.clone())
                event=event
                question=asked.id.clone()
                kind=asked.kind
                action=format!("/lessons/{lesson}/check")
                words=form_words(words)
            >
                <fieldset class="question">{inner}</fieldset>
                <div class="dock"><button class="button primary">{words.t("question.submit")}</button></div>
            </AnswerForm>
        }
    });
    view! {
        <section aria-labelledby="check">
            <div class="section-head"><h2 id="check">{words.t("study.check")}</h2></div>
            <p class="muted">{end.line}</p>
            {verdict}
            {form}
        </section>
    }
}

/// A wrong answer may be tried again, so the key is shown only for a right one.
fn verdict(words: Words, question: &Question, right: bool, cited: Cited) -> AnyView {
    if !right {
        let wrong = words.t("question.verdict-wrong");
        return view! {
            <section class="verdict" data-state="wrong" aria-label=wrong>
                <h2>{icon("wrong")}{wrong}</h2>
                <p>{words.t("study.try-again")}</p>
            </section>
        }
        .into_any();
    }
    // A right answer is what the key says, whatever was kept of it.
    let answer = match &question.key {
        Key::Choices(keys) => Answer::Choices(keys.iter().copied().collect()),
        Key::Words(accepted) => Answer::Words(accepted.first().cloned().unwrap_or_default()),
    };
    let order = (0..u8::try_from(question.options.len()).unwrap_or(0)).collect();
    let given = Given {
        answer: Some(answer),
        right,
        order,
    };
    answered(words, question, &given, cited).into_any()
}
