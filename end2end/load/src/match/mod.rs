//! A live match: teams, a host and spectators on sockets of their own, played to the end.
//!
//! What is timed: from the moment that the last answer of a question leaves its phone until a
//! page hears that everybody has answered. Beside it, in the same run, the floor: one message
//! told to as many sockets by a bare axum handler. Afterwards the log in the database is asked
//! whether it holds every answer and every press that was acknowledged.

mod floor;
mod page;

use crate::machine::Machine;
use crate::people;
use crate::stats::{Limit, hundredths, percentile, sorted};
use anyhow::Context;
use domain::contest::r#match::message::Asked;
use domain::contest::r#match::{
    Actor, Event, Kind, Numbered, Round, Rules, Setup, Steer, Team, TieRule,
};
use domain::id::{LearnerId, MatchId, QuestionId, TeamId};
use page::{Ack, Day, Page, Role};
use platform::contest::r#match::{NewMatch, put_match};
use platform::identity::start_session;
use platform::{Db, clock, id, sql, values};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Questions that everybody answers, and questions for the buzzer.
const REQUIRED: u32 = 3;
const BUZZER: u32 = 2;
/// Pages that come in at once.
const AT_ONCE: usize = 64;

/// What is played.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    base: crate::Base,
    /// The server's database, sqlite:PATH or postgres://…: the match is put into it, and its log
    /// is read afterwards.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database: String,
    /// Teams.
    #[arg(long, default_value_t = 226)]
    teams: usize,
    /// Players of a team.
    #[arg(long, default_value_t = 5)]
    size: usize,
    /// Pages that only look on.
    #[arg(long, default_value_t = 5_000)]
    spectators: usize,
}

/// What was measured of one kind of page, in milliseconds.
#[derive(Debug, Serialize)]
struct Times {
    who: &'static str,
    count: usize,
    p50_ms: f64,
    p90_ms: f64,
    p99_ms: f64,
    last_ms: f64,
}

impl Times {
    fn of(who: &'static str, times: Vec<f64>) -> Self {
        let times = sorted(times);
        let at = |share| hundredths(percentile(&times, share));
        Self {
            who,
            count: times.len(),
            p50_ms: at(50),
            p90_ms: at(90),
            p99_ms: at(99),
            last_ms: at(100),
        }
    }
}

#[derive(Debug, Serialize)]
struct Report {
    machine: Machine,
    teams: usize,
    players: usize,
    spectators: usize,
    /// From the last answer to every page.
    last_answer: Vec<Times>,
    /// From an answer to its acknowledgement.
    saved: Times,
    /// One message by a bare axum handler to as many sockets.
    floor: Vec<Times>,
    acknowledged: usize,
    found: usize,
    lost: usize,
    /// Pages that lost their connection and came back.
    returns: usize,
    limits: Vec<Limit>,
}

/// Plays, asks the database, prints; whether nothing was lost.
pub async fn run(options: Options, json: bool) -> anyhow::Result<bool> {
    let db = Db::open(&options.database)
        .await
        .context("the database could not be opened")?;
    let now = clock::now();
    let players = options.teams * options.size;
    let mut people = people::put(&db, players + 1, now).await?;
    let host = people.pop().context("a host")?.learner;
    let seats: Vec<LearnerId> = people.into_iter().map(|person| person.learner).collect();
    let id = MatchId(id::fresh(now)?);
    let setup = Arc::new(setup(&seats, options.size, host)?);
    let new = NewMatch {
        id,
        title: "负载测试".into(),
        setup: (*setup).clone(),
        questions: questions(&db).await?,
    };
    put_match(&db, new, now).await?;
    eprintln!(
        "{players} players and {} spectators come in",
        options.spectators
    );

    let day = Arc::new(Day::new(options.base.base.clone(), id, setup, options.size));
    let mut pages = JoinSet::new();
    let mut waiting = 0;
    let spectators = (0..options.spectators).map(|_| None);
    for seat in seats.iter().copied().map(Some).chain(spectators) {
        let token = match seat {
            Some(seat) => Some(start_session(&db, seat, String::new(), now).await?.0),
            None => None,
        };
        let role = seat.map_or(Role::Spectator, Role::Player);
        pages.spawn(Page::new(day.clone(), role, token).look_on());
        waiting += 1;
        if waiting % AT_ONCE == 0 {
            day.all_in(waiting).await?;
        }
    }
    day.all_in(waiting).await?;
    let token = start_session(&db, host, String::new(), now).await?.0;
    eprintln!("all are in; it begins");
    lead(&day, token).await?;
    let mut acks = Vec::new();
    let mut returns = 0;
    while let Some(page) = pages.join_next().await {
        let seen = page?;
        acks.extend(seen.acks);
        returns += seen.returns;
    }
    let (acknowledged, found) = verify(&db, id, &acks).await?;
    let floor = floor::measure(players + options.spectators).await?;
    let floor = Times::of("bare axum", floor);
    let last_answer = vec![
        Times::of("players", day.times(true)),
        Times::of("spectators", day.times(false)),
    ];
    let (played, watched) = (last_answer[0].p99_ms, last_answer[1].p99_ms);
    let times = played.max(watched) / floor.p99_ms.max(0.01);
    let limits = vec![
        Limit::most("last answer to players, p99 ms", played, 150.0),
        Limit::most("last answer to spectators, p99 ms", watched, 500.0),
        Limit::most("the later of both p99, times the floor's", times, 2.0),
    ];
    let report = Report {
        limits,
        machine: Machine::here(),
        teams: options.teams,
        players,
        spectators: options.spectators,
        last_answer,
        saved: Times::of("answers", day.saved()),
        floor: vec![floor],
        acknowledged,
        found,
        lost: acknowledged - found,
        returns,
    };
    let complete = report.last_answer[0].count == players * REQUIRED as usize
        && report.last_answer[1].count == options.spectators * REQUIRED as usize;
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print(&report);
    }
    if !complete {
        eprintln!("not every page heard of every last answer");
    }
    Ok(report.lost == 0 && complete)
}

fn setup(seats: &[LearnerId], size: usize, host: LearnerId) -> anyhow::Result<Setup> {
    let teams = seats.chunks(size).zip(1..).map(|(members, number)| {
        Ok(Team {
            id: TeamId(id::fresh(clock::now())?),
            name: format!("第{number}代表队"),
            members: members.to_vec(),
            substitutes: Vec::new(),
        })
    });
    let round = |kind, questions| Round {
        kind,
        questions,
        seconds: 60,
        points: 10,
    };
    let buzzer = Kind::Buzzer {
        penalty: 5,
        turns: 3,
    };
    Ok(Setup {
        teams: teams.collect::<anyhow::Result<_>>()?,
        hosts: vec![host],
        rounds: vec![round(Kind::Required, REQUIRED), round(buzzer, BUZZER)],
        rules: Rules {
            tie: TieRule::Estimated,
            answering_seconds: 10,
            staking_seconds: 10,
            ..Rules::default()
        },
    })
}

/// Questions with options, so that every answer fits.
async fn questions(db: &Db) -> anyhow::Result<Vec<QuestionId>> {
    let rows: Vec<(String,)> = db
        .all(
            sql!("select id from question where kind = 'single' order by id limit $1"),
            values![i64::from(REQUIRED + BUZZER)],
        )
        .await?;
    anyhow::ensure!(
        rows.len() == (REQUIRED + BUZZER) as usize,
        "the bank has too few questions; run `zhijian demo` first"
    );
    Ok(rows.into_iter().map(|(id,)| QuestionId(id)).collect())
}

/// Leads the match from its start to its end.
async fn lead(day: &Arc<Day>, token: String) -> anyhow::Result<()> {
    let mut console = page::Console::open(day, token).await?;
    console.steer(Steer::Start).await?;
    for question in 0..REQUIRED + BUZZER {
        console.steer(Steer::Open).await?;
        let longest = Duration::from_secs(90);
        if question < REQUIRED {
            let heard = day.heard_by_all(question as usize);
            let in_time = tokio::time::timeout(longest, heard).await;
            in_time.with_context(|| format!("question {question} is not heard by all"))?;
            console.steer(Steer::Lock).await?;
        } else {
            console.wait_for_lock().await?;
        }
        console.steer(Steer::Reveal).await?;
        console.steer(Steer::Scoreboard).await?;
    }
    console.steer(Steer::Finish).await
}

/// Whether the log holds what was acknowledged, and whether it is one: numbered without a gap.
async fn verify(db: &Db, id: MatchId, acks: &[Ack]) -> anyhow::Result<(usize, usize)> {
    let rows: Vec<(String,)> = db
        .all(
            sql!("select events from live_match_event where match_id = $1 order by number"),
            values![id],
        )
        .await?;
    let mut log: Vec<Numbered> = Vec::new();
    for (events,) in rows {
        log.extend(serde_json::from_str::<Vec<Numbered>>(&events)?);
    }
    let numbers = log.iter().map(|event| event.number);
    anyhow::ensure!(numbers.eq(1..=log.len() as u64), "the log has a gap");
    let mut kept = HashSet::new();
    let mut question = None;
    for Numbered { by, event, .. } in &log {
        match event {
            Event::Opened {
                question: number, ..
            } => question = Some(*number),
            Event::Answered { seat, .. }
            | Event::Turned {
                seat,
                given: Some(_),
                ..
            } => {
                anyhow::ensure!(*by == Actor::Player(*seat), "an answer in another's name");
                kept.insert((*seat, question, false));
            }
            Event::AnsweredLate { seat, question, .. } => {
                kept.insert((*seat, Some(*question), false));
            }
            Event::Pressed { seat, .. } => {
                kept.insert((*seat, question, true));
            }
            _ => {}
        }
    }
    let found = acks
        .iter()
        .filter(|ack| kept.contains(&(ack.seat, Some(ack.question), ack.press)));
    Ok((acks.len(), found.count()))
}

fn print(report: &Report) {
    println!("machine    {}", report.machine);
    println!(
        "match      {} teams, {} players, {} spectators; {} came back",
        report.teams, report.players, report.spectators, report.returns
    );
    println!(
        "\n{:<36}{:>8}{:>11}{:>11}{:>11}{:>11}",
        "", "count", "p50 ms", "p90 ms", "p99 ms", "last ms"
    );
    let line = |what: &str, t: &Times| {
        println!(
            "{what:<36}{:>8}{:>11.2}{:>11.2}{:>11.2}{:>11.2}",
            t.count, t.p50_ms, t.p90_ms, t.p99_ms, t.last_ms
        );
    };
    for times in &report.last_answer {
        line(&format!("last answer to {}", times.who), times);
    }
    line("an answer to its acknowledgement", &report.saved);
    for times in &report.floor {
        line("floor: one message by bare axum", times);
    }
    println!(
        "\nacknowledged {}  found {}  lost {}",
        report.acknowledged, report.found, report.lost
    );
    report.limits.iter().for_each(|limit| println!("{limit}"));
}

/// What a page sends, as a frame.
fn text(asked: &Asked) -> anyhow::Result<String> {
    Ok(serde_json::to_string(asked)?)
}
