//! Saving an answer over HTTP beside the least that durability costs: one insert, one commit of a
//! bare SQLite on the same disk with the same settings. Both in turns, one after the other.

use crate::acks::Acks;
use crate::browser::Browser;
use crate::machine::Machine;
use crate::people;
use crate::road::{answer_contest, sign_in, start_contest};
use crate::stats::{hundredths, percentile, sorted};
use anyhow::{Context, bail};
use platform::{Db, clock};
use serde::Serialize;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often each question is answered.
const REVISIONS: i64 = 5;

/// What to compare.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    base: crate::Base,
    /// The server's database, sqlite:PATH.
    #[arg(long)]
    database: String,
    /// Learners, one after the other; fifty answers each.
    #[arg(long, default_value_t = 20)]
    learners: usize,
}

#[derive(Serialize)]
struct Times {
    count: usize,
    p50_ms: f64,
    p90_ms: f64,
    p99_ms: f64,
}

impl Times {
    fn of(times: Vec<f64>) -> Self {
        let times = sorted(times);
        let thousandths = |share| (percentile(&times, share) * 1000.0).round() / 1000.0;
        Self {
            count: times.len(),
            p50_ms: thousandths(50),
            p90_ms: thousandths(90),
            p99_ms: thousandths(99),
        }
    }
}

#[derive(Serialize)]
struct Report {
    machine: Machine,
    answer: Times,
    /// An answer of the same server that touches nothing: what the way there and back costs.
    health: Times,
    commit: Times,
    /// How many times as long saving an answer takes, by the medians.
    ratio: f64,
}

/// Measures and prints; whether every answer was saved.
pub async fn run(options: Options, json: bool) -> anyhow::Result<bool> {
    let Some(path) = options.database.strip_prefix("sqlite:") else {
        bail!("this compares with SQLite; --database is sqlite:PATH");
    };
    let path = Path::new(path.strip_prefix("//").unwrap_or(path));
    let db = Db::open(&options.database)
        .await
        .context("the database could not be opened")?;
    let people = people::put(&db, options.learners, clock::now()).await?;
    db.close().await;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let scratch = tempfile::tempdir_in(folder.unwrap_or(Path::new(".")))?;
    let mut bare = open(&scratch.path().join("bare.db")).await?;

    let (mut answers, mut health, mut commits) = (Vec::new(), Vec::new(), Vec::new());
    let mut failed = 0;
    for (person, seed) in people.into_iter().zip(0..) {
        let base = options.base.base.clone();
        let mut b = Browser::new(base.clone(), Duration::ZERO, seed)?;
        let mut acks = Acks::of(person.learner);
        let walked = async {
            sign_in(&mut b, &person.account, &mut acks).await?;
            let paper = start_contest(&mut b, &mut acks).await?;
            for revision in 1..=REVISIONS {
                for place in 0..paper.len() {
                    answer_contest(&mut b, &mut acks, &paper, place, revision).await?;
                }
            }
            Ok::<(), crate::browser::Failed>(())
        };
        if walked.await.is_err() {
            failed += 1;
            for (step, why, _) in b.steps.failures() {
                eprintln!("failed: {step}, {why}");
            }
        }
        let times = b.steps.times("contest-answer");
        for _ in 0..times.len() {
            commits.push(commit(&mut bare).await?);
            health.push(ask(&b, "/healthz").await?);
        }
        answers.extend(times);
    }
    bare.close().await?;
    let (answer, health, commit) = (Times::of(answers), Times::of(health), Times::of(commits));
    let ratio = hundredths(answer.p50_ms / commit.p50_ms.max(0.001));
    let report = Report {
        machine: Machine::here(),
        answer,
        health,
        commit,
        ratio,
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    Ok(failed == 0)
}

fn print(report: &Report) {
    println!("machine    {}", report.machine);
    println!(
        "{:<30}{:>8}{:>11}{:>11}{:>11}",
        "one after the other", "count", "p50 ms", "p90 ms", "p99 ms"
    );
    let line = |name: &str, t: &Times| {
        println!(
            "{name:<30}{:>8}{:>11.3}{:>11.3}{:>11.3}",
            t.count, t.p50_ms, t.p90_ms, t.p99_ms
        );
    };
    line("answer saved over HTTP", &report.answer);
    line("/healthz over HTTP", &report.health);
    line("bare commit, synchronous=full", &report.commit);
    println!(
        "ratio      an answer takes {:.2} times as long as a commit",
        report.ratio
    );
}

/// The round trip that touches nothing.
async fn ask(b: &Browser, path: &str) -> anyhow::Result<f64> {
    let began = Instant::now();
    match b.plain(path).await {
        Ok(answered) if answered.status.is_success() => {}
        Ok(answered) => bail!("{path} answered {}", answered.status),
        Err(why) => bail!("{path}: {why}"),
    }
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

/// A database of the same settings as the product's.
async fn open(path: &Path) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::query("create table answer (id integer primary key, body text not null)")
        .execute(&mut connection)
        .await?;
    Ok(connection)
}

/// One insert, one commit.
async fn commit(connection: &mut SqliteConnection) -> anyhow::Result<f64> {
    let began = Instant::now();
    sqlx::query("insert into answer (body) values ($1)")
        .bind("{\"choices\":[2]} 01a20af5-e12d-7b1a-8964-2486e07bd42e")
        .execute(connection)
        .await?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}
