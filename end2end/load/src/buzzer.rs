//! The buzzer over unequal networks: how often the order of two presses is wrong, beside first to
//! arrive, and what a cheat gains. A simulation; nothing has to run.

use anyhow::{Context, bail};
use domain::contest::buzzer::DEFAULT_BOUND_MS;
use domain::contest::buzzer::simulate::{PHONES, Row, Trace, TraceError, simulate};
use domain::seed::{Draw, seed_of};
use std::path::{Path, PathBuf};

/// The bounds compared, in milliseconds.
const BOUNDS_MS: [i64; 4] = [200, 400, DEFAULT_BOUND_MS, 800];

/// What to simulate.
#[derive(clap::Args)]
pub struct Options {
    /// Delays as they were: a line a phone, {"up":[…],"down":[…]}, milliseconds of successive
    /// one-way messages. Drawn when not given.
    #[arg(long)]
    delays: Option<PathBuf>,
}

/// Simulates and prints: a table, or a line of JSON for each bound and gap.
pub fn run(options: &Options, json: bool) -> anyhow::Result<bool> {
    let seed = seed_of(&["buzzer"]);
    let phones = match &options.delays {
        Some(path) => read(path)?,
        None => {
            let mut draw = Draw::from_seed(seed);
            (0..PHONES).map(|_| Trace::draw(&mut draw)).collect()
        }
    };
    let rows = simulate(&phones, &BOUNDS_MS, seed);
    if json {
        for row in &rows {
            println!("{}", serde_json::to_string(row)?);
        }
    } else {
        print(&rows, phones.len());
    }
    Ok(true)
}

/// The phones of a file. Phones with too few messages are named and left out.
fn read(path: &Path) -> anyhow::Result<Vec<Trace>> {
    let file = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{file} cannot be read"))?;
    let mut phones = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let place = || format!("{file}, line {number}");
        let phone: Trace = serde_json::from_str(line).with_context(place)?;
        match phone.check() {
            Ok(()) => phones.push(phone),
            Err(error @ TraceError::Short) => eprintln!("{}: left out, {error}", place()),
            Err(error) => return Err(error).with_context(place),
        }
    }
    if phones.len() < 2 {
        bail!("{file}: two phones at least are needed to press against each other");
    }
    Ok(phones)
}

fn print(rows: &[Row], phones: usize) {
    println!("phones     {phones}; the default bound is {DEFAULT_BOUND_MS} ms");
    println!(
        "{:>8}{:>8}{:>17}{:>9}{:>8}{:>12}{:>13}{:>11}",
        "bound ms",
        "gap ms",
        "first to arrive",
        "wrong",
        "tie",
        "with ties",
        "cheat gains",
        "p99 gain"
    );
    for row in rows {
        let percent = |share: f64| format!("{:.2} %", share * 100.0);
        println!(
            "{:>8}{:>8}{:>17}{:>9}{:>8}{:>12}{:>10.0} ms{:>8.0} ms",
            row.bound_ms,
            row.gap_ms,
            percent(row.first_to_arrive_wrong),
            percent(row.wrong),
            percent(row.tie),
            percent(row.wrong_with_ties),
            row.cheat_gain_ms,
            row.cheat_gain_p99_ms,
        );
    }
    println!(
        "first to arrive, wrong: told apart and in the wrong order; with ties: in the wrong order \
         once the rule for ties has spoken\ncheat gains: how much earlier the best strategy is \
         judged, in the mean; p99 gain: the most in 99 of 100 presses"
    );
}
