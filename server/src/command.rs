//! The commands that do one thing and end.

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use platform::contest::receipt::{Difference, Examined, examine};
use platform::db::Place;
use platform::identity::Hasher;
use platform::starter::{DEMO_ACCOUNTS, DEMO_PASSWORD};
use platform::{Db, Error, check, clock, law, starter};
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

async fn open(address: &str) -> anyhow::Result<Db> {
    // The address may hold a password, so it is not repeated.
    Db::open(address)
        .await
        .context("the database could not be opened")
}

/// Opens a database that must be there already: a mistyped path is not one that holds nothing.
async fn open_existing(address: &str) -> anyhow::Result<Db> {
    if let Some(Place::Sqlite(path)) = Place::of(address)
        && !path.is_file()
    {
        bail!("there is no database at {}", path.display());
    }
    open(address).await
}

/// Fills an empty database and prints the accounts. A filled one is refused, or with `if_empty`
/// left as it is; then the accounts are printed when they are those of the demo.
pub async fn demo(address: &str, if_empty: bool) -> anyhow::Result<ExitCode> {
    let db = open(address).await?;
    let hasher = Hasher::new(1, 8)?;
    let step = |what: &str| eprintln!("正在写入：{what}");
    match starter::demo(&db, &hasher, clock::now(), step).await {
        Ok(report) => {
            println!(
                "已写入：{} 部法律（{} 条）、{} 课、{} 题、{} 场竞赛、{} 个账号",
                report.laws,
                report.articles,
                report.lessons,
                report.questions,
                report.contests,
                report.accounts
            );
            print_accounts();
        }
        Err(Error::Invalid("not-empty")) if if_empty => {
            if starter::has_accounts(&db).await? {
                print_accounts();
            } else {
                println!("数据库已有内容，不写入演示数据");
            }
        }
        Err(Error::Invalid("not-empty")) => {
            bail!("the database is not empty; demo content goes into an empty one only")
        }
        Err(error) => return Err(error.into()),
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

fn print_accounts() {
    println!("演示账号，密码都是 {DEMO_PASSWORD}：");
    for account in DEMO_ACCOUNTS {
        println!("  {}  {}", account.phone, account.what);
    }
}

/// Brings laws in, reports what could not be placed.
pub async fn import_laws(address: &str, dir: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let (texts, unreadable) = law::import::read_folder(dir)
        .with_context(|| format!("{} could not be read", dir.display()))?;
    if texts.is_empty() && unreadable.is_empty() {
        bail!("{} holds no .md file", dir.display());
    }
    let db = open(address).await?;
    let bar = if std::io::stderr().is_terminal() {
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}")?;
        ProgressBar::new(texts.len() as u64).with_style(style)
    } else {
        ProgressBar::hidden()
    };
    let told = bar.clone();
    let mut report = law::import::import(&db, texts, clock::now(), move |done, _| {
        told.set_position(done as u64);
    })
    .await?;
    bar.finish_and_clear();
    report.add_unreadable(unreadable);
    db.close().await;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        for f in &report.findings {
            match f.line {
                0 => println!("{}: {}", f.file, f.reason),
                line => println!("{}:{line}: {}: {}", f.file, f.reason, f.text),
            }
        }
        println!(
            "{} files: {} created, {} changed, {} unchanged, {} refused",
            report.files, report.created, report.changed, report.unchanged, report.refused
        );
        println!(
            "{} laws, {} versions, {} parts, {} articles; {} findings",
            report.laws,
            report.versions,
            report.parts,
            report.articles,
            report.findings.len()
        );
    }
    // What could be placed is in; a refused file is named in the report and makes the import not done.
    if report.refused == 0 {
        Ok(ExitCode::SUCCESS)
    } else {
        eprintln!(
            "zhijian: {} of {} files were refused, the others are in; the report names each with its reason",
            report.refused, report.files
        );
        Ok(ExitCode::FAILURE)
    }
}

/// Checks the database and prints what is off.
pub async fn check(address: &str) -> anyhow::Result<ExitCode> {
    let db = open_existing(address).await?;
    let findings = check::check(&db, clock::now()).await?;
    db.close().await;
    for finding in &findings {
        println!("{}: {}", finding.rule, finding.what);
    }
    if findings.is_empty() {
        println!("sound");
        Ok(ExitCode::SUCCESS)
    } else {
        eprintln!("zhijian: {} findings", findings.len());
        Ok(ExitCode::FAILURE)
    }
}

/// Says whether a receipt is genuine, and what the database holds of it.
pub async fn check_receipt(address: &str, file: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} could not be read", file.display()))?;
    let db = open_existing(address).await?;
    let examined = examine(&db, &text).await?;
    db.close().await;
    if json {
        println!("{}", serde_json::to_string_pretty(&examined)?);
    }
    let Examined::Genuine {
        receipt,
        differences,
    } = examined
    else {
        bail!("not genuine: it is no receipt of this server, or it was changed");
    };
    if !json {
        println!(
            "genuine: attempt {} with {} answers",
            receipt.attempt,
            receipt.answers.len()
        );
        for difference in &differences {
            println!("{}", serde_json::to_string(difference)?);
        }
    }
    let lost = differences
        .iter()
        .filter(|d| Difference::is_loss(d))
        .count();
    if lost > 0 {
        bail!("the database does not hold {lost} of what the receipt says");
    }
    if !json {
        println!("the database holds all of it");
    }
    Ok(ExitCode::SUCCESS)
}
