//! Times of steps and what they come to.

use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// The value that `share` per cent of the sorted values do not exceed (nearest rank); 0 for none.
pub fn percentile(sorted: &[f64], share: u32) -> f64 {
    let rank = (sorted.len() * share as usize).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
}

/// The values in order.
pub fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The middle value; 0 for none.
pub fn median(values: &[f64]) -> f64 {
    percentile(&sorted(values.to_vec()), 50)
}

/// Rounded to hundredths, as it is printed.
pub fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A limit that the product set itself, beside what was measured.
#[derive(Debug, Serialize)]
pub struct Limit {
    /// What is limited, with its unit.
    what: String,
    /// What was measured.
    measured: f64,
    /// No more than this, or no less where it is a rate.
    limit: f64,
    held: bool,
}

impl Limit {
    /// No more than `limit`.
    pub fn most(what: impl Into<String>, measured: f64, limit: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            limit,
            held: measured <= limit,
        }
    }

    /// No less than `limit`.
    pub fn least(what: impl Into<String>, measured: f64, limit: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            limit,
            held: measured >= limit,
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = if self.held { "held" } else { "MISSED" };
        let Self {
            what,
            measured,
            limit,
            ..
        } = self;
        write!(f, "{word:<8}{what}: {measured:.2}, the limit is {limit:.2}")
    }
}

/// What a step came to.
#[derive(Debug, Serialize)]
pub struct Step {
    /// Its name.
    pub step: &'static str,
    /// How often it was taken.
    pub count: usize,
    /// How often it failed.
    pub errors: usize,
    /// Half took no longer.
    pub p50_ms: f64,
    /// Nine of ten took no longer.
    pub p90_ms: f64,
    /// Ninety-nine of a hundred took no longer.
    pub p99_ms: f64,
}

/// What was measured, by the name of the step.
#[derive(Debug, Default)]
pub struct Steps {
    times: BTreeMap<&'static str, Vec<f64>>,
    failures: BTreeMap<(&'static str, String), usize>,
}

impl Steps {
    /// Notes how long a step took, failed or not.
    pub fn took(&mut self, step: &'static str, time: Duration) {
        let ms = time.as_secs_f64() * 1000.0;
        self.times.entry(step).or_default().push(ms);
    }

    /// Notes that a step failed, and why in a few words.
    pub fn failed(&mut self, step: &'static str, why: impl Into<String>) {
        *self.failures.entry((step, why.into())).or_default() += 1;
    }

    /// The times of a step, in milliseconds.
    pub fn times(&self, step: &str) -> Vec<f64> {
        self.times.get(step).cloned().unwrap_or_default()
    }

    /// Adds what someone else measured.
    pub fn add(&mut self, other: Self) {
        for (step, times) in other.times {
            self.times.entry(step).or_default().extend(times);
        }
        for (what, count) in other.failures {
            *self.failures.entry(what).or_default() += count;
        }
    }

    /// Failures with their reasons, and how often.
    pub fn failures(&self) -> impl Iterator<Item = (&'static str, &str, usize)> {
        self.failures
            .iter()
            .map(|((step, why), count)| (*step, why.as_str(), *count))
    }

    /// What each step came to, in the order of `names`.
    pub fn summary(&self, names: &[&'static str]) -> Vec<Step> {
        let one = |&step: &&'static str| {
            let times = self.times.get(step).cloned().unwrap_or_default();
            let errors = self.failures().filter(|f| f.0 == step).map(|f| f.2).sum();
            (!times.is_empty() || errors > 0).then(|| {
                let times = sorted(times);
                Step {
                    step,
                    count: times.len(),
                    errors,
                    p50_ms: hundredths(percentile(&times, 50)),
                    p90_ms: hundredths(percentile(&times, 90)),
                    p99_ms: hundredths(percentile(&times, 99)),
                }
            })
        };
        names.iter().filter_map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&hundred, 50), 50.0);
        assert_eq!(percentile(&hundred, 90), 90.0);
        assert_eq!(percentile(&hundred, 99), 99.0);
        assert_eq!(percentile(&hundred, 100), 100.0);
        assert_eq!(percentile(&[7.0, 8.0, 9.0], 99), 9.0);
        assert_eq!(percentile(&[7.0], 50), 7.0);
    }

    #[test]
    fn nothing_measured_is_nought() {
        assert_eq!(percentile(&[], 99), 0.0);
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn the_median_does_not_hang_on_the_order() {
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
    }

    #[test]
    fn a_step_counts_its_failures_among_its_times() {
        let mut steps = Steps::default();
        steps.took("home", Duration::from_millis(4));
        let mut other = Steps::default();
        other.took("home", Duration::from_millis(8));
        other.failed("home", "status 500");
        steps.add(other);
        let summary = steps.summary(&["never", "home"]);
        assert_eq!(summary.len(), 1);
        assert_eq!((summary[0].count, summary[0].errors), (2, 1));
        assert_eq!((summary[0].p50_ms, summary[0].p99_ms), (4.0, 8.0));
    }
}
