//! The road: every learner signs in, reads, studies, practises, enters a contest and signs out,
//! all of them at once. To add a step: a name in [`STEPS`] at its place, a call in [`walk`], and
//! where it writes something, a list in [`Acks`] and a question to the database in
//! [`crate::verify`].

mod contest;
mod identity;
mod practice;
mod report;
mod study;

pub use contest::{answer as answer_contest, start as start_contest};
pub use identity::sign_in;

use crate::acks::Acks;
use crate::browser::{Browser, Outcome};
use crate::machine::Machine;
use crate::people::{self, Person};
use crate::stats::Steps;
use crate::verify;
use anyhow::Context;
use domain::question::{Answer, QuestionKind};
use domain::seed::{Draw, seed_of};
use platform::{Db, clock};
use std::time::{Duration, Instant};

/// The steps, in the order of the road.
const STEPS: [&str; 26] = [
    "sign-in",
    "sign-in-busy",
    "sign-in-until-in",
    "home",
    "laws",
    "law-contents",
    "law-section",
    "study-progress",
    "study-again",
    "study-place",
    "lessons",
    "lesson",
    "lesson-check",
    "practice",
    "practice-answer",
    "practice-again",
    "contests",
    "contest",
    "contest-start",
    "attempt",
    "contest-answer",
    "contest-again",
    "contest-submit",
    "result",
    "credits",
    "sign-out",
];

/// How to walk.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    base: crate::Base,
    /// The server's database, sqlite:PATH or postgres://…: learners are put into it, and it is
    /// asked afterwards what it holds.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database: String,
    /// Learners at once.
    #[arg(long, default_value_t = 500)]
    learners: usize,
    /// Milliseconds of thought before a request, on average; half to one and a half of it.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(0..=600_000))]
    think_ms: u64,
    /// The seed of every choice.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
}

/// Walks, asks the database, prints; whether all went well.
pub async fn run(options: Options, json: bool) -> anyhow::Result<bool> {
    let db = Db::open(&options.database)
        .await
        .context("the database could not be opened")?;
    let people = people::put(&db, options.learners, clock::now()).await?;
    eprintln!("{} learners are in; they set off now", people.len());
    let began = Instant::now();
    let think = Duration::from_millis(options.think_ms);
    let mut walks = tokio::task::JoinSet::new();
    for (number, person) in people.into_iter().enumerate() {
        let seed = seed_of(&[&options.seed.to_string(), &number.to_string()]);
        let browser = Browser::new(options.base.base.clone(), think, seed)?;
        walks.spawn(walk_all(browser, person, db.clone()));
    }
    let (mut steps, mut acks, mut arrived) = (Steps::default(), Vec::new(), 0);
    while let Some(walked) = walks.join_next().await {
        let (measured, acknowledged, at_the_end) = walked.context("a walk ended in a panic")?;
        steps.add(measured);
        acks.push(acknowledged);
        arrived += usize::from(at_the_end);
    }
    let wall = began.elapsed();
    let stored = verify::all(&db, &acks).await?;
    db.close().await;
    let report = report::Report::new(report::Walked {
        machine: Machine::here(),
        learners: options.learners,
        arrived,
        think,
        wall,
        steps: &steps,
        stored,
    });
    report.print(json)?;
    Ok(report.is_good())
}

/// Walks as far as it goes: what was measured, what was acknowledged, whether the end was reached.
async fn walk_all(mut browser: Browser, person: Person, db: Db) -> (Steps, Acks, bool) {
    let mut acks = Acks::of(person.learner);
    let arrived = walk(&mut browser, &person, &mut acks, &db).await.is_ok();
    (browser.steps, acks, arrived)
}

async fn walk(b: &mut Browser, person: &Person, acks: &mut Acks, db: &Db) -> Outcome<()> {
    sign_in(b, &person.account, acks).await?;
    // A part that fails is counted and does not keep the learner from the next one.
    let parts = [
        b.get("home", "/").await.map(drop),
        study::law(b, acks).await,
        study::lesson(b, acks).await,
        practice::day(b, acks).await,
        contest::enter(b, acks).await,
        b.get("credits", "/me/credits").await.map(drop),
        identity::sign_out(b, acks, db).await,
    ];
    parts.into_iter().collect()
}

/// An answer to a question, right or wrong as it comes.
fn some_answer(draw: &mut Draw, kind: QuestionKind, options: usize) -> Answer {
    let options = u8::try_from(options).unwrap_or(u8::MAX);
    let mut one = || u8::try_from(draw.below(u32::from(options))).unwrap_or(0);
    match kind {
        QuestionKind::FillIn => Answer::Words(format!("第{}条", u32::from(one()) + 1)),
        QuestionKind::Single | QuestionKind::TrueFalse => Answer::Choices(vec![one()]),
        QuestionKind::Multiple => {
            let (a, b) = (one(), one());
            let mut both = vec![a.min(b), a.max(b)];
            both.dedup();
            Answer::Choices(both)
        }
    }
}

/// The kind of a question by the fields of its form.
fn kind_of(field_types: &[String]) -> Option<QuestionKind> {
    match field_types.first()?.as_str() {
        "radio" => Some(QuestionKind::Single),
        "checkbox" => Some(QuestionKind::Multiple),
        "text" => Some(QuestionKind::FillIn),
        _ => None,
    }
}

/// A question that a form asks.
struct Question {
    id: String,
    event: String,
    answer: Answer,
}

/// Reads the form that posts to `action` and makes up an answer; `None` when there is no such form.
fn question_in(html: &str, action: &str, draw: &mut Draw) -> Option<Question> {
    let form = crate::html::form(html, action)?;
    let fields = crate::html::field_types(form, "answer");
    Some(Question {
        id: crate::html::hidden(form, "question")?,
        event: crate::html::hidden(form, "event")?,
        answer: some_answer(draw, kind_of(&fields)?, fields.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_fit_their_questions() {
        let mut draw = Draw::from_seed(1);
        for _ in 0..200 {
            for (kind, options) in [
                (QuestionKind::Single, 4),
                (QuestionKind::TrueFalse, 2),
                (QuestionKind::Multiple, 5),
                (QuestionKind::FillIn, 0),
            ] {
                assert!(some_answer(&mut draw, kind, options).fits(kind, options));
            }
        }
    }

    #[test]
    fn a_question_is_read_off_its_form() {
        let page = r#"<form action="/practice" method="post"><input type="hidden" name="event" value="e">
            <input type="hidden" name="question" value="civil-001"><input type="checkbox" name="answer" value="0"></form>"#;
        let question = question_in(page, "/practice", &mut Draw::from_seed(1)).unwrap();
        assert_eq!(
            (question.id.as_str(), question.event.as_str()),
            ("civil-001", "e")
        );
        assert_eq!(question.answer, Answer::Choices(vec![0]));
        assert!(question_in(page, "/lessons/x/check", &mut Draw::from_seed(1)).is_none());
    }
}
