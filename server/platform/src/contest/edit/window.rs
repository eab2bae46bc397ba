//! Times as an editor types them, and windows moved by whole years. All times are Beijing's.

use crate::contest::NewContest;
use domain::time::{DAY, Millis};
use jiff::ToSpan;
use jiff::civil::{DateTime, time};
use jiff::tz::Offset;

/// The instant of a time as a form's `datetime-local` field gives it: `2026-11-25T09:00`.
#[must_use]
pub fn at_local(text: &str) -> Option<Millis> {
    let civil: DateTime = text.trim().parse().ok()?;
    of(civil).filter(|at| (2000..2200).contains(&at.year()))
}

/// An instant as a `datetime-local` field takes it.
#[must_use]
pub fn local(at: Millis) -> String {
    at.beijing().strftime("%Y-%m-%dT%H:%M").to_string()
}

fn of(civil: DateTime) -> Option<Millis> {
    let instant = Offset::constant(8).to_timestamp(civil).ok()?;
    Some(Millis(instant.as_millisecond()))
}

/// The same time of the year, `years` later; 28 February for a day that the year lacks.
fn later(at: Millis, years: i64) -> Millis {
    let moved = at.beijing().checked_add(years.years()).ok().and_then(of);
    moved.unwrap_or(at)
}

/// A window that a new contest begins with: from nine o'clock a week ahead, for a week.
pub(super) fn coming_week(now: Millis) -> (Millis, Millis) {
    let at = |days: i64, hour| of(now.plus(days * DAY).day().to_datetime(time(hour, 0, 0, 0)));
    let opens = at(7, 9).unwrap_or(now);
    (opens, at(14, 18).unwrap_or(opens.plus(7 * DAY)))
}

/// Moves the window of `contest`, and what its title says of the year, by the fewest whole years
/// that make it open after `now`.
pub(super) fn move_on(contest: &mut NewContest, now: Millis) {
    let opened = contest.opens_at;
    let ahead = |years: &i64| later(opened, *years) > now;
    let years = (1..200).find(ahead).unwrap_or(1);
    contest.opens_at = later(opened, years);
    contest.closes_at = later(contest.closes_at, years);
    if let Some(team) = &mut contest.rules.team {
        team.register_until = later(team.register_until, years);
    }
    contest.title = retitled(&contest.title, years);
}

/// The title with each year in it, from 1900 to 2199, moved by `years`.
fn retitled(title: &str, years: i64) -> String {
    let mut out = String::new();
    let mut rest = title;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(at);
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let (number, after) = digits.split_at(end.unwrap_or(digits.len()));
        let year = number
            .parse::<i64>()
            .ok()
            .filter(|y| (1900..2200).contains(y));
        out.push_str(before);
        match year {
            Some(year) if number.len() == 4 => out.push_str(&(year + years).to_string()),
            _ => out.push_str(number),
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_beijing_s_and_comes_back_as_it_was_typed() {
        let at = at_local("2026-11-24T10:00").unwrap();
        assert_eq!(at, Millis(1_795_485_600_000));
        assert_eq!(local(at), "2026-11-24T10:00");
        for wrong in ["", "明天", "2026-02-30T10:00", "9999-01-01T00:00", "10:00"] {
            assert_eq!(at_local(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn whole_years_keep_the_day_and_a_leap_day_becomes_the_last_of_february() {
        let leap = at_local("2028-02-29T09:00").unwrap();
        assert_eq!(local(later(leap, 1)), "2029-02-28T09:00");
        assert_eq!(local(later(leap, 4)), "2032-02-29T09:00");
    }

    #[test]
    fn a_year_in_a_title_moves_and_other_numbers_stay() {
        assert_eq!(
            retitled("2025年第3届，12348热线", 2),
            "2027年第3届，12348热线"
        );
        assert_eq!(retitled("宪法宣传周", 1), "宪法宣传周");
        assert_eq!(retitled("2025—2026年度", 1), "2026—2027年度");
    }
}
