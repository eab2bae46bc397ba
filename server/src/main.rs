//! `zhijian`: the command line.
//!
//! Exit codes: 0 done, 1 not done with the reason on stderr, 2 wrong usage.

mod command;
mod jobs;
mod live;
mod middleware;
mod routes;
mod serve;
mod site;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use platform::db::{PLACES, Place};
use std::path::PathBuf;
use std::process::ExitCode;

/// Gives memory back to the system after a rush: after 500 sign-ins 68 MiB are left, with the C
/// library's allocator 275.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 指尖学法: a province studies law.
#[derive(Parser)]
#[command(name = "zhijian", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the data is.
#[derive(clap::Args)]
struct Database {
    /// sqlite:PATH or postgres://…; sqlite: in $XDG_DATA_HOME/zhijian when it is left out.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
}

impl Database {
    /// The address, or the usual place. Ends the program with 2 where it names no database; it is
    /// not repeated then, for it may hold a password.
    fn address(&self) -> String {
        if let Some(address) = &self.database
            && Place::of(address).is_none()
        {
            Cli::command()
                .error(ErrorKind::ValueValidation, PLACES)
                .exit();
        }
        self.database.clone().unwrap_or_else(|| {
            let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
            let data = std::env::var_os("XDG_DATA_HOME")
                .map_or_else(|| home().join(".local/share"), PathBuf::from);
            format!("sqlite:{}", data.join("zhijian/zhijian.db").display())
        })
    }
}

#[derive(Subcommand)]
enum Command {
    /// Serves the site.
    Serve {
        /// Address and port.
        #[arg(long, default_value = "127.0.0.1:3000")]
        listen: std::net::SocketAddr,
        /// The folder that `make build` makes.
        #[arg(long, default_value = "target/site")]
        site: PathBuf,
        /// The site is reached by https: cookies are Secure, browsers are told to stay with it.
        #[arg(long)]
        tls: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Puts starter content and demo accounts into an empty database.
    Demo {
        /// Leaves a filled database as it is, and that is no failure.
        #[arg(long)]
        if_empty: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Brings files in.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Checks the database against its own rules; exit 1 when something is off.
    Check {
        #[command(subcommand)]
        what: Option<Check>,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Subcommand)]
enum Check {
    /// Says whether a receipt is genuine and what the database holds of it; exit 1 when it is
    /// not, or something of it is gone.
    Receipt {
        /// The file.
        file: PathBuf,
        /// The answer as JSON on stdout.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Subcommand)]
enum Import {
    /// Laws from a folder of Markdown, one law a file; safe to run twice.
    Laws {
        /// The folder.
        dir: PathBuf,
        /// The report as JSON on stdout.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse(); // wrong usage ends here with 2
    let outcome = match cli.command {
        Command::Serve {
            listen,
            site,
            tls,
            database,
        } => serve::serve(listen, site, tls, &database.address()).await,
        Command::Demo { if_empty, database } => command::demo(&database.address(), if_empty).await,
        Command::Import {
            what:
                Import::Laws {
                    dir,
                    json,
                    database,
                },
        } => command::import_laws(&database.address(), &dir, json).await,
        Command::Check {
            what: None,
            database,
        } => command::check(&database.address()).await,
        Command::Check {
            what:
                Some(Check::Receipt {
                    file,
                    json,
                    database,
                }),
            ..
        } => command::check_receipt(&database.address(), &file, json).await,
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("zhijian: {error:#}");
            ExitCode::FAILURE
        }
    }
}
