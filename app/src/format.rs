//! Figures, dates and lengths as the interface writes them.

use crate::words::Words;
use domain::time::Millis;

/// A whole number in groups of three, with a no-break space: `1 148 000`.
#[must_use]
pub fn figure(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    if n < 0 { format!("−{out}") } else { out }
}

/// 3 分 20 秒.
#[must_use]
pub fn length(words: Words, milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    match (seconds / 60, seconds % 60) {
        (0, s) => words.f("format.seconds", &[("s", &s)]),
        (m, 0) => words.f("format.minutes", &[("m", &m)]),
        (m, s) => words.f("format.minutes-seconds", &[("m", &m), ("s", &s)]),
    }
}

/// 11月23日 21:33, in Beijing; with the year when it is not this one.
#[must_use]
pub fn moment(words: Words, at: Millis) -> String {
    let t = at.beijing();
    let clock = format!("{:02}:{:02}", t.hour(), t.minute());
    let day = if at.year() == platform::clock::now().year() {
        words.f("format.day", &[("month", &t.month()), ("day", &t.day())])
    } else {
        date(words, &t.date().to_string())
    };
    words.f("format.moment", &[("day", &day), ("clock", &clock)])
}

/// 21:35:20, in Beijing.
#[must_use]
pub fn clock(at: Millis) -> String {
    let t = at.beijing();
    format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
}

/// 11月23日, of a day `2026-11-23`.
#[must_use]
pub fn day(words: Words, date: &str) -> String {
    let parts: Vec<i64> = date.split('-').filter_map(|p| p.parse().ok()).collect();
    match parts[..] {
        [_, month, day] => words.f("format.day", &[("month", &month), ("day", &day)]),
        _ => date.to_owned(),
    }
}

/// 2018年3月11日, of a date `2018-03-11`; empty for an empty one.
#[must_use]
pub fn date(words: Words, date: &str) -> String {
    let parts: Vec<i64> = date.split('-').filter_map(|p| p.parse().ok()).collect();
    match parts[..] {
        [year, month, day] => words.f(
            "format.date",
            &[("year", &year), ("month", &month), ("day", &day)],
        ),
        _ => date.to_owned(),
    }
}

/// How long it is until a moment: years from two years on, days from two
/// days on, then hours, then minutes.
#[must_use]
pub fn until(words: Words, at: Millis, now: Millis) -> String {
    let minutes = at.since(now).max(0) / domain::time::MINUTE;
    match minutes {
        0..120 => words.f("format.in-minutes", &[("n", &minutes)]),
        120..2880 => words.f("format.in-hours", &[("n", &(minutes / 60))]),
        2880..1_051_200 => words.f("format.in-days", &[("n", &figure(minutes / 1440))]),
        _ => words.f("format.in-years", &[("n", &(minutes / 525_600))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_never_break() {
        assert_eq!(figure(1_148_000), "1\u{a0}148\u{a0}000");
        assert_eq!(figure(999), "999");
        assert_eq!(figure(-5), "−5");
    }
}
