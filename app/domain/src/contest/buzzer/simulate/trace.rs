//! How long the messages of a phone take: as they were, or drawn.

use crate::seed::Draw;
use serde::Deserialize;

/// The longest that a message takes, in milliseconds.
const LONGEST_MS: f64 = 60_000.0;

/// Milliseconds that successive messages of one phone took, one way.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Trace {
    /// From the phone to the server.
    pub up: Vec<f64>,
    /// From the server to the phone.
    pub down: Vec<f64>,
}

/// Why a trace cannot be played.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TraceError {
    /// A message took a time that none takes.
    #[error("a message takes 0 to 60000 ms, not {0}")]
    Delay(f64),
    /// There must be an exchange and a press after it.
    #[error("too short: at least two messages up and one down are needed")]
    Short,
}

impl Trace {
    /// Whether the trace can be played.
    ///
    /// # Errors
    ///
    /// [`TraceError`] for what is wrong with it.
    pub fn check(&self) -> Result<(), TraceError> {
        let mut all = self.up.iter().chain(&self.down);
        if let Some(wrong) = all.find(|ms| !(0.0..=LONGEST_MS).contains(*ms)) {
            return Err(TraceError::Delay(*wrong));
        }
        if self.up.len() < 2 || self.down.is_empty() {
            return Err(TraceError::Short);
        }
        Ok(())
    }

    /// A phone of the distribution that the contest is tried on: one-way delays log-uniform in
    /// 10–400 ms; ways up and down that differ by up to 20 ms and a tenth; exponential jitter of
    /// a third in the mean, in bursts that are five times the calm; of a hundred messages three
    /// are lost, and sent again after a round trip and the second of RFC 6298, 2.4, doubled each
    /// time. Forty exchanges and then twenty presses with an exchange before each.
    #[must_use]
    pub fn draw(draw: &mut Draw) -> Self {
        let base = 10.0 * 40_f64.powf(unit(draw));
        let lean = (unit(draw) - 0.5) * (20.0 + base / 10.0);
        Self {
            up: way(draw, (base + lean).max(1.0), base, 80),
            down: way(draw, (base - lean).max(1.0), base, 60),
        }
    }
}

fn way(draw: &mut Draw, least: f64, base: f64, count: usize) -> Vec<f64> {
    let mut burst = false;
    (0..count)
        .map(|_| {
            // A quarter of the time in bursts of eight messages: 3/4 × 1/6 + 1/4 × 5/6 = 1/3.
            burst = unit(draw) < if burst { 7.0 / 8.0 } else { 1.0 / 24.0 };
            let jitter = least * if burst { 5.0 / 6.0 } else { 1.0 / 6.0 };
            let mut ms = least - jitter * (1.0 - unit(draw)).ln();
            let mut wait = 1_000.0 + 2.0 * base;
            while draw.below(100) < 3 {
                ms += wait;
                wait *= 2.0;
            }
            ms.min(LONGEST_MS)
        })
        .collect()
}

/// A number in `0..1`, every one as likely.
pub(super) fn unit(draw: &mut Draw) -> f64 {
    f64::from(draw.below(u32::MAX)) / f64::from(u32::MAX)
}
