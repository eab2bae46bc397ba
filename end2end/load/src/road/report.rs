//! What the walk came to, as a table or as JSON.

use crate::machine::Machine;
use crate::stats::{Step, Steps, hundredths};
use crate::verify::Stored;
use serde::Serialize;
use std::time::Duration;

/// What a walk came to.
pub struct Walked<'a> {
    /// Where.
    pub machine: Machine,
    /// Who set off.
    pub learners: usize,
    /// Who reached the end without any failure.
    pub arrived: usize,
    /// The usual pause before a request.
    pub think: Duration,
    /// From the first to the last request.
    pub wall: Duration,
    /// What was measured.
    pub steps: &'a Steps,
    /// What the database holds.
    pub stored: Vec<Stored>,
}

#[derive(Serialize)]
struct Failure {
    step: &'static str,
    why: String,
    count: usize,
}

/// The report.
#[derive(Serialize)]
pub struct Report {
    machine: Machine,
    learners: usize,
    arrived: usize,
    think_ms: u128,
    wall_s: f64,
    requests: usize,
    requests_per_s: f64,
    errors: usize,
    steps: Vec<Step>,
    failures: Vec<Failure>,
    stored: Vec<Stored>,
    acknowledged: usize,
    found: usize,
    lost: usize,
}

impl Report {
    /// Sums up.
    pub fn new(walked: Walked<'_>) -> Self {
        let steps = walked.steps.summary(&super::STEPS);
        let failures: Vec<Failure> = walked
            .steps
            .failures()
            .map(|(step, why, count)| Failure {
                step,
                why: why.to_owned(),
                count,
            })
            .collect();
        let requests = steps
            .iter()
            .filter(|s| s.step != "sign-in-until-in")
            .map(|s| s.count)
            .sum();
        let sum = |of: fn(&Stored) -> usize| walked.stored.iter().map(of).sum();
        let wall = walked.wall.as_secs_f64();
        Self {
            machine: walked.machine,
            learners: walked.learners,
            arrived: walked.arrived,
            think_ms: walked.think.as_millis(),
            wall_s: hundredths(wall),
            requests,
            requests_per_s: hundredths(requests as f64 / wall.max(0.001)),
            errors: failures.iter().map(|f| f.count).sum(),
            steps,
            failures,
            acknowledged: sum(|s| s.acknowledged),
            found: sum(|s| s.found),
            lost: sum(|s| s.lost),
            stored: walked.stored,
        }
    }

    /// Whether nothing failed and nothing was lost.
    pub fn is_good(&self) -> bool {
        self.errors == 0 && self.lost == 0 && self.arrived == self.learners
    }

    /// Prints it on stdout.
    pub fn print(&self, json: bool) -> anyhow::Result<()> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        println!("machine    {}", self.machine);
        println!(
            "learners   {} at once, {} ms of thought before a request; {} came through without a failure",
            self.learners, self.think_ms, self.arrived
        );
        println!(
            "requests   {} in {} s, {} a second",
            self.requests, self.wall_s, self.requests_per_s
        );
        println!(
            "\n{:<18}{:>8}{:>8}{:>11}{:>11}{:>11}",
            "step", "count", "errors", "p50 ms", "p90 ms", "p99 ms"
        );
        for s in &self.steps {
            println!(
                "{:<18}{:>8}{:>8}{:>11.2}{:>11.2}{:>11.2}",
                s.step, s.count, s.errors, s.p50_ms, s.p90_ms, s.p99_ms
            );
        }
        for f in &self.failures {
            println!("failed: {} times {}, {}", f.count, f.step, f.why);
        }
        println!(
            "\n{:<18}{:>13}{:>8}{:>8}",
            "in the database", "acknowledged", "found", "lost"
        );
        for s in &self.stored {
            println!(
                "{:<18}{:>13}{:>8}{:>8}",
                s.what, s.acknowledged, s.found, s.lost
            );
        }
        println!(
            "{:<18}{:>13}{:>8}{:>8}",
            "all", self.acknowledged, self.found, self.lost
        );
        Ok(())
    }
}
