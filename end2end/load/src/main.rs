//! `zhijian-load`: what the running product does under load, and what it kept of it.
//!
//! Exit codes: 0 done, 1 something failed or was lost, 2 wrong usage.

mod acks;
mod browser;
mod buzzer;
mod commit;
mod contest;
mod html;
mod machine;
mod r#match;
mod page;
mod people;
mod road;
mod stats;
mod verify;

use clap::{Parser, Subcommand};
use reqwest::Url;
use std::process::ExitCode;

/// Measures a running zhijian.
#[derive(Parser)]
#[command(name = "zhijian-load", version, about)]
struct Cli {
    /// One JSON object instead of a table.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Many learners at once walk from signing in to signing out; then the database is asked
    /// whether it holds everything that was acknowledged.
    Road(road::Options),
    /// A page beside a bare axum handler that serves the same bytes.
    Page(page::Options),
    /// Saving an answer over HTTP beside a bare commit of SQLite.
    Commit(commit::Options),
    /// Learners who all start a contest in the same second, without and with people who watch the
    /// board; ranks meanwhile, and the board beside a bare axum handler.
    Contest(contest::Options),
    /// A live match with all its teams and spectators, beside a bare axum handler.
    Match(r#match::Options),
    /// The order of buzzer presses over unequal networks, and what a cheat gains: a simulation.
    Buzzer(buzzer::Options),
}

/// The server under load.
#[derive(clap::Args, Clone)]
struct Base {
    /// Where the server is, as http://127.0.0.1:3000.
    #[arg(long)]
    base: Url,
}

fn main() -> ExitCode {
    let cli = Cli::parse(); // wrong usage ends here with 2
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("zhijian-load: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Road(options) => road::run(options, cli.json).await,
            Command::Page(options) => page::run(options, cli.json).await,
            Command::Commit(options) => commit::run(options, cli.json).await,
            Command::Contest(options) => contest::run(options, cli.json).await,
            Command::Match(options) => r#match::run(options, cli.json).await,
            Command::Buzzer(options) => buzzer::run(&options, cli.json),
        }
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("zhijian-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}
