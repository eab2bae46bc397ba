//! What the ladder of a live contest costs: 200 000 learners, 2 000 changes a second.
//!
//! `cargo run --release -p domain --example ladder`

use domain::contest::Score;
use domain::contest::ladder::Ladder;
use domain::seed::Draw;
use std::hint::black_box;
use std::time::{Duration, Instant};

const LEARNERS: u32 = 200_000;
/// Answers that come in in a second.
const CHANGES: u32 = 2_000;
const SECONDS: u32 = 60;
/// How often each question is put to the ladder in a second.
const QUERIES: u32 = 200;

fn main() {
    let mut draw = Draw::from_seed(2026);
    let mut scores = vec![Score::default(); LEARNERS as usize];
    let mut ladder = Ladder::default();
    let begun = Instant::now();
    for who in 0..LEARNERS {
        // Everyone half way through a paper of fifty, to the millisecond.
        let right = i64::from(draw.below(26));
        scores[who as usize] = Score {
            right,
            points: right * 100,
            time: i64::from(draw.below(1_800_000)),
        };
        ladder.set(who, Some(scores[who as usize]));
    }
    println!("{LEARNERS} learners put in: {:.1?}", begun.elapsed());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default(); // Linux alone
    for line in status.lines().filter(|line| line.starts_with("VmRSS")) {
        println!(
            "{line}, with {} kB that are not the ladder's",
            kept(&scores)
        );
    }

    let mut costs: [Vec<Duration>; 4] = Default::default();
    for _ in 0..SECONDS {
        for n in 0..CHANGES {
            let who = draw.below(LEARNERS);
            let score = &mut scores[who as usize];
            score.right += i64::from(draw.below(2));
            score.points = score.right * 100;
            score.time += i64::from(draw.below(30_000));
            let score = *score;
            costs[0].push(time(|| ladder.set(who, Some(score))));
            if n % (CHANGES / QUERIES) == 0 {
                let who = draw.below(LEARNERS);
                costs[1].push(time(|| ladder.rank(who)));
                costs[2].push(time(|| ladder.top(100)));
                costs[3].push(time(|| ladder.around(who, 5)));
            }
        }
    }
    let names = ["change", "rank of one", "top 100", "five on each side"];
    println!("{:20}{:>12}{:>12}{:>12}", "", "median", "p99", "most");
    for (name, mut costs) in names.into_iter().zip(costs) {
        costs.sort_unstable();
        let at = |share: usize| costs[(costs.len() - 1) * share / 100];
        let columns = [at(50), at(99), at(100)].map(|d| format!("{d:.1?}"));
        println!(
            "{name:20}{:>12}{:>12}{:>12}",
            columns[0], columns[1], columns[2]
        );
        if name == "change" {
            let all: Duration = costs.iter().sum();
            let share = all.as_secs_f64() / f64::from(SECONDS) * 100.0;
            println!(
                "{:20}{share:.2} % of a core at {CHANGES} changes a second",
                ""
            );
        }
    }
}

/// Kilobytes of the scores that this program keeps for itself.
fn kept(scores: &[Score]) -> usize {
    size_of_val(scores) / 1_000
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
}
