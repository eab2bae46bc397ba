//! A contest over days, at its two worst moments: everybody starts in the same second, then answers
//! come in at some thousand a second; first alone, then with many who only watch the board.
//!
//! What is timed is what a learner waits for, the wait for a free connection included. Beside it,
//! in the same run: ranks asked of a ladder in this process, which follows the same database as a
//! second server would; a rank counted in SQL; and a bare axum handler that sends the board's bytes
//! to as many watchers. The generator runs on the cores of the server, and its work is in all of
//! these figures. Afterwards the database is asked whether it holds every acknowledged answer.

mod fill;
mod ladder;
mod learner;
mod watcher;

use crate::machine::Machine;
use crate::people;
use crate::stats::{Limit, Step, Steps, hundredths};
use anyhow::Context;
use domain::contest::{ContestKind, Rules};
use domain::id::{AttemptId, ContestId};
use domain::time::{DAY, MINUTE};
use learner::{Ack, Learner};
use platform::contest::{NewContest, put_contest};
use platform::identity::start_session;
use platform::{Db, clock, id, sql, values};
use reqwest::{Client, Url};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Questions of a paper.
const QUESTIONS: usize = 10;
/// Connections to the server at most; whoever finds none waits for one.
const SOCKETS: usize = 2_000;
/// From the last start to the first answer, for each learner: so that all have begun.
const READING: Duration = Duration::from_millis(1);
/// How long the floor is measured.
const FLOOR: Duration = Duration::from_secs(10);
/// The steps, in the order of the report.
const STEPS: [&str; 4] = ["start", "paper", "answer", "board"];

/// What is played.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    base: crate::Base,
    /// The server's database, sqlite:PATH or postgres://…: the contest is put into it, and its
    /// answers are read afterwards.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database: String,
    /// Learners who start in the same second and answer ten questions each.
    #[arg(long, default_value_t = 20_000)]
    learners: usize,
    /// Phones that only watch the board, each asking as often as the server says.
    #[arg(long, default_value_t = 20_000)]
    watchers: usize,
    /// Learners on the ladder altogether; those beyond the others stand there from the beginning.
    #[arg(long, default_value_t = 200_000)]
    ranked: usize,
    /// Answers a second, from when all have begun.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rate: u32,
}

/// The steps of one round.
#[derive(Debug, Serialize)]
struct Round {
    watchers: usize,
    seconds: f64,
    /// Answers acknowledged a second, while they came in.
    answers_a_second: f64,
    steps: Vec<Step>,
    /// Boards that were sent, and those that were told that theirs is the same.
    boards: usize,
    boards_same: usize,
    ladder: Vec<Step>,
}

#[derive(Debug, Serialize)]
struct Report {
    machine: Machine,
    /// That the generator and the server share the cores.
    shared_cores: bool,
    learners: usize,
    watchers: usize,
    ranked: usize,
    sockets: usize,
    rounds: Vec<Round>,
    answer_p99_alone_ms: f64,
    answer_p99_watched_ms: f64,
    /// As many boards from a bare axum handler, same bytes, nothing else going on.
    floor: Step,
    acknowledged: usize,
    found: usize,
    lost: usize,
    limits: Vec<Limit>,
}

/// What all of a round share.
pub struct Field {
    base: Url,
    client: Client,
    sockets: Semaphore,
    contest: ContestId,
    /// From one answer of a learner to the next.
    pause: Duration,
    over: AtomicBool,
}

/// Plays, asks the database, prints; whether nothing failed and nothing was lost.
pub async fn run(options: Options, json: bool) -> anyhow::Result<bool> {
    let db = Db::open(&options.database)
        .await
        .context("the database could not be opened")?;
    let now = clock::now();
    eprintln!("{} learners come in", options.learners);
    let people = people::put(&db, options.learners, now).await?;
    let mut tokens = Vec::with_capacity(people.len());
    for chunk in people.chunks(64) {
        let all = chunk
            .iter()
            .map(|person| start_session(&db, person.learner, String::new(), now));
        for token in futures_util::future::join_all(all).await {
            tokens.push(token?.0);
        }
    }
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(SOCKETS)
        .tcp_nodelay(true)
        .no_proxy()
        .timeout(Duration::from_secs(60))
        .build()?;
    let mut rounds = Vec::new();
    let mut acks = Vec::new();
    let mut errors = 0;
    let mut board = Vec::new();
    for watchers in [0, options.watchers] {
        let contest = contest(&db).await?;
        let extra = options.ranked.saturating_sub(options.learners);
        fill::fill(&db, contest, extra).await?;
        let field = Arc::new(Field {
            base: options.base.base.clone(),
            client: client.clone(),
            sockets: Semaphore::new(SOCKETS),
            contest,
            pause: Duration::from_secs_f64(options.learners as f64 / f64::from(options.rate)),
            over: AtomicBool::new(false),
        });
        eprintln!("{} start, {watchers} watch", options.learners);
        let (round, kept) = round(&options.database, &field, &people, &tokens, watchers).await?;
        errors += round.steps.iter().map(|step| step.errors).sum::<usize>();
        rounds.push(round);
        acks.extend(kept);
        board = watcher::bytes(&field).await?;
        fill::clear(&db, contest, extra).await?;
    }
    let floor = floor(options.watchers, board, &client).await?;
    let found = found(&db, &acks).await?;
    let p99 = |round: &Round| {
        let answers = round.steps.iter().find(|step| step.step == "answer");
        answers.map_or(0.0, |step| step.p99_ms)
    };
    let mut limits = Vec::new();
    for round in &rounds {
        let with = |what: &str| format!("{what}, {} watchers", round.watchers);
        // Of the rate that is asked for, less what the last learners' pauses leave out.
        let rate = f64::from(options.rate) * 0.95;
        limits.push(Limit::least(
            with("answers a second"),
            round.answers_a_second,
            rate,
        ));
        let steps = round
            .ladder
            .iter()
            .filter(|step| step.step != ladder::BY_SQL);
        limits
            .extend(steps.map(|step| Limit::most(with(step.step) + ", p99 ms", step.p99_ms, 5.0)));
    }
    let (alone, watched) = (p99(&rounds[0]), p99(&rounds[1]));
    // "Where it was": no further off than two runs of the same differ.
    limits.push(Limit::most(
        "an answer's p99 while watched, times alone",
        watched / alone.max(0.01),
        1.5,
    ));
    let report = Report {
        limits,
        machine: Machine::here(),
        shared_cores: true,
        learners: options.learners,
        watchers: options.watchers,
        ranked: options.ranked.max(options.learners),
        sockets: SOCKETS,
        answer_p99_alone_ms: p99(&rounds[0]),
        answer_p99_watched_ms: p99(&rounds[1]),
        rounds,
        floor,
        acknowledged: acks.len(),
        found,
        lost: acks.len() - found,
    };
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print(&report);
    }
    let complete = acks.len() == options.learners * QUESTIONS * 2;
    Ok(report.lost == 0 && errors == 0 && complete)
}

/// A contest that is open now, for everybody.
async fn contest(db: &Db) -> anyhow::Result<ContestId> {
    let (unit,): (String,) = db
        .one(
            sql!("select id from unit where kind = 'province' order by id limit 1"),
            values![],
        )
        .await?;
    let now = clock::now();
    let new = NewContest {
        id: ContestId(id::fresh(now)?),
        kind: ContestKind::Themed,
        title: "负载测试".into(),
        summary: "负载测试".into(),
        unit: unit.as_str().into(),
        opens_at: now.plus(-60 * MINUTE),
        closes_at: now.plus(DAY),
        rules: Rules {
            questions: QUESTIONS,
            minutes: 60,
            ..Rules::default()
        },
    };
    let contest = new.id;
    db.write(move |tx| Box::pin(async move { put_contest(tx, &new).await }))
        .await?;
    Ok(contest)
}

async fn round(
    database: &str,
    field: &Arc<Field>,
    people: &[people::Person],
    tokens: &[String],
    watchers: usize,
) -> anyhow::Result<(Round, Vec<Ack>)> {
    let watching = watcher::watch(field.clone(), watchers);
    // The ladder is asked from here as from a second server, from before the first answer on.
    let asking = ladder::ask(database.to_owned(), field.clone(), people.to_vec());
    tokio::time::sleep(Duration::from_millis(500)).await;
    let began = std::time::Instant::now();
    let all = u32::try_from(people.len())?;
    let reading = began + Duration::from_secs(1) + READING * all;
    let mut learners = JoinSet::new();
    for (number, (person, token)) in people.iter().zip(tokens).enumerate() {
        // All in the same second, as a hall of phones at nine o'clock.
        let number = u32::try_from(number)?;
        let start = began + Duration::from_secs(1) * number / all;
        let answers = reading + field.pause * number / all;
        let learner = Learner::new(field.clone(), person.learner, token.clone());
        learners.spawn(learner.enter(start, answers));
    }
    let mut steps = Steps::default();
    let mut acks = Vec::new();
    let mut first: Option<std::time::Instant> = None;
    let mut last = began;
    while let Some(done) = learners.join_next().await {
        let done = done?;
        steps.add(done.steps);
        acks.extend(done.acks);
        first = first.into_iter().chain(done.first).min();
        last = last.max(done.last.unwrap_or(began));
    }
    field.over.store(true, std::sync::atomic::Ordering::Relaxed);
    let seconds = began.elapsed().as_secs_f64();
    let answering = last.duration_since(first.unwrap_or(began)).as_secs_f64();
    let watched = watching.await?;
    let (boards, boards_same) = (watched.sent, watched.same);
    steps.add(watched.steps);
    let ladder = asking.await??.summary(&ladder::STEPS);
    for (step, why, count) in steps.failures() {
        eprintln!("{count} × {step}: {why}");
    }
    let round = Round {
        watchers,
        seconds: hundredths(seconds),
        answers_a_second: hundredths(acks.len() as f64 / answering.max(0.001)),
        steps: steps.summary(&STEPS),
        boards,
        boards_same,
        ladder,
    };
    Ok((round, acks))
}

/// As many watchers at a bare handler that sends the bytes of a board.
async fn floor(watchers: usize, board: Vec<u8>, client: &Client) -> anyhow::Result<Step> {
    let address = crate::page::bare::serve(board, Some("gzip"))?;
    let field = Arc::new(Field {
        base: Url::parse(&format!("http://{address}/"))?,
        client: client.clone(),
        sockets: Semaphore::new(SOCKETS),
        contest: ContestId(id::fresh(clock::now())?),
        pause: Duration::ZERO,
        over: AtomicBool::new(false),
    });
    let watching = watcher::watch(field.clone(), watchers);
    tokio::time::sleep(FLOOR).await;
    field.over.store(true, std::sync::atomic::Ordering::Relaxed);
    let steps = watching.await?.steps;
    steps
        .summary(&["board"])
        .pop()
        .context("nobody watched the floor")
}

/// How many of the acknowledged answers the database holds: of that question, by that very event.
async fn found(db: &Db, acks: &[Ack]) -> anyhow::Result<usize> {
    let mut of: HashMap<AttemptId, Vec<&Ack>> = HashMap::new();
    for ack in acks {
        of.entry(ack.attempt).or_default().push(ack);
    }
    let mut found = 0;
    for (attempt, acks) in of {
        let rows: Vec<(String, String)> = db
            .all(
                sql!("select question_id, event_id from contest_answer where attempt_id = $1"),
                values![attempt],
            )
            .await?;
        let held = |ack: &&&Ack| {
            let event = ack.event.to_string();
            rows.iter()
                .any(|row| row.0 == ack.question.0 && row.1 == event)
        };
        found += acks.iter().filter(held).count();
    }
    Ok(found)
}

fn print(report: &Report) {
    println!(
        "machine    {}; the generator runs on the same cores",
        report.machine
    );
    println!(
        "contest    {} learners start in one second, {} stand on the ladder; {} sockets at most",
        report.learners, report.ranked, report.sockets
    );
    let line = |step: &Step, name: &str| {
        println!(
            "{name:<34}{:>9}{:>8}{:>11.2}{:>11.2}{:>11.2}",
            step.count, step.errors, step.p50_ms, step.p90_ms, step.p99_ms
        );
    };
    for round in &report.rounds {
        println!(
            "\n{} watchers: {} s, {:.0} answers a second\n{:<34}{:>9}{:>8}{:>11}{:>11}{:>11}",
            round.watchers,
            round.seconds,
            round.answers_a_second,
            "",
            "count",
            "errors",
            "p50 ms",
            "p90 ms",
            "p99 ms"
        );
        for step in round.steps.iter().chain(&round.ladder) {
            line(step, step.step);
        }
        if round.watchers > 0 {
            println!(
                "boards sent {}, the same as before {}",
                round.boards, round.boards_same
            );
        }
    }
    println!();
    line(&report.floor, "floor: board by bare axum");
    println!(
        "an answer's p99: {:.2} ms alone, {:.2} ms with {} watchers",
        report.answer_p99_alone_ms, report.answer_p99_watched_ms, report.watchers
    );
    println!(
        "acknowledged {}  found {}  lost {}",
        report.acknowledged, report.found, report.lost
    );
    report.limits.iter().for_each(|limit| println!("{limit}"));
}
