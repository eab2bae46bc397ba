//! Dates: those in the history of a law, and that in the name of its file.

use jiff::civil::Date;

use crate::law::{HistoryLine, numeral};

/// Words for being in force, and words for having been made, changed or made known.
const IN_FORCE: [&str; 3] = ["施行", "生效", "实施"];
const MADE: [&str; 9] = [
    "通过", "公布", "发布", "颁布", "修正", "修订", "修改", "批准", "制定",
];

/// What the history of a law says of its dates.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Dates {
    /// The latest date on which it was made or changed.
    pub made: Option<Date>,
    /// The latest date since which it is in force.
    pub in_force: Option<Date>,
}

impl Dates {
    /// Adds what one line says; a line may hold several dates, each with the words behind it.
    pub fn add(&mut self, line: &str) {
        let found = dates(line);
        for (place, (date, start)) in found.iter().enumerate() {
            let end = found.get(place + 1).map_or(line.len(), |next| next.1);
            let says = |words: &[&str]| words.iter().any(|word| line[*start..end].contains(word));
            let in_force = says(&IN_FORCE);
            if in_force {
                self.in_force = self.in_force.max(*date);
            }
            if !in_force || says(&MADE) {
                self.made = self.made.max(*date);
            }
        }
    }
}

/// A line of the history with its first date.
pub(super) fn line(text: &str) -> HistoryLine {
    HistoryLine {
        date: dates(text).into_iter().find_map(|(date, _)| date),
        text: text.to_owned(),
    }
}

/// Whether the line has a date that is not in the calendar.
pub(super) fn has_impossible_date(text: &str) -> bool {
    dates(text).iter().any(|(date, _)| date.is_none())
}

/// Whether a line looks like history: it begins with a date, or is a bracket that holds one.
pub(super) fn is_history(line: &str) -> bool {
    const OPENING: [char; 5] = ['(', '（', '[', '【', '〔'];
    const CLOSING: [char; 5] = [')', '）', ']', '】', '〕'];
    let inside = line.trim_start_matches(OPENING).trim_start();
    let inside = ["根据", "自"]
        .iter()
        .find_map(|word| inside.strip_prefix(word))
        .unwrap_or(inside);
    let bracket = line.starts_with(OPENING) && line.ends_with(CLOSING);
    date_at(inside).is_some() || (bracket && !dates(line).is_empty())
}

/// The last date in brackets of a file's name: `刑法修正案（十二）(2023-12-29).md`.
pub(super) fn of_file_name(name: &str) -> Option<Date> {
    name.split(['(', '（'])
        .skip(1)
        .filter_map(|behind| {
            let (date, rest) = date_at(behind)?;
            date.filter(|_| rest.starts_with([')', '）']))
        })
        .last()
}

/// Every date of a text with the place behind it; no date where the calendar has none such.
fn dates(text: &str) -> Vec<(Option<Date>, usize)> {
    let mut found = Vec::new();
    let mut skip = 0;
    let mut in_number = false;
    for (place, c) in text.char_indices() {
        let starts = place >= skip && !in_number && numeral::is_numeral(c);
        if let Some((date, rest)) = starts.then(|| date_at(&text[place..])).flatten() {
            skip = text.len() - rest.len();
            found.push((date, skip));
        }
        in_number = numeral::is_numeral(c);
    }
    found
}

/// Reads `2014年11月1日`, `二〇一四年十一月一日` or `2014-11-01` at the beginning of a text.
fn date_at(text: &str) -> Option<(Option<Date>, &str)> {
    let (year, rest) = figure(text)?;
    let separator = rest.chars().next()?;
    let (after_month, ends_with_day) = match separator {
        '年' => ('月', true),
        '-' | '.' | '/' => (separator, false),
        _ => return None,
    };
    let (month, rest) = figure(&rest[separator.len_utf8()..])?;
    let (day, rest) = figure(rest.strip_prefix(after_month)?)?;
    let rest = if ends_with_day {
        rest.strip_prefix('日')?
    } else {
        rest
    };
    if !(1_000..=9_999).contains(&year) {
        return None;
    }
    let date = Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    );
    Some((date.ok(), rest))
}

/// Reads a number of at most four characters with white space around it.
fn figure(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start();
    let end = text
        .char_indices()
        .find(|(_, c)| !numeral::is_numeral(*c))
        .map_or(text.len(), |(end, _)| end);
    let digits = text[..end].trim_start_matches(['0', '０']);
    (digits.chars().count() <= 4)
        .then(|| numeral::read(digits))
        .flatten()
        .map(|number| (number, text[end..].trim_start()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(lines: &[&str]) -> Dates {
        let mut dates = Dates::default();
        lines.iter().for_each(|line| dates.add(line));
        dates
    }

    #[test]
    fn dates_are_read_in_every_form_in_use() {
        for text in [
            "2014年11月1日 通过",
            "(2014年11月1日第十二届全国人民代表大会常务委员会第十一次会议通过)",
            "（根据 2014 年 11 月 1 日《决定》修正）",
            "二〇一四年十一月一日通过",
            "２０１４年１１月０１日",
            "2014-11-01",
            "2014.11.1",
        ] {
            assert_eq!(line(text).date, Some(date(2014, 11, 1)), "{text}");
            assert!(is_history(text), "{text}");
        }
    }

    #[test]
    fn lines_without_a_date_are_kept_without_one() {
        for text in [
            "最高人民法院发布",
            "劳社部发[2008]3号",
            "2014年11月通过",
            "5.1.1 重伤",
        ] {
            assert_eq!(line(text).date, None, "{text}");
            assert!(!is_history(text) && !has_impossible_date(text), "{text}");
        }
    }

    #[test]
    fn a_paragraph_that_mentions_a_date_is_no_history() {
        assert!(!is_history("为了落实2014年11月1日的决定，制定本法。"));
        assert!(!is_history("第二条 本法自2014年11月1日起施行。"));
    }

    #[test]
    fn a_date_outside_the_calendar_is_noticed() {
        assert!(has_impossible_date("2021年2月30日 通过"));
        assert_eq!(line("2021年2月30日 通过").date, None);
    }

    #[test]
    fn coming_into_force_makes_no_new_version() {
        let dates = read(&["2020年5月28日 通过", "2021年1月1日 施行"]);
        assert_eq!(dates.made, Some(date(2020, 5, 28)));
        assert_eq!(dates.in_force, Some(date(2021, 1, 1)));
    }

    #[test]
    fn being_made_known_and_in_force_at_once_is_both() {
        let dates = read(&["1982年12月4日 全国人民代表大会公告公布施行"]);
        assert_eq!(dates.made, dates.in_force);
        assert_eq!(dates.made, Some(date(1982, 12, 4)));
    }

    #[test]
    fn several_dates_in_one_line_are_told_apart() {
        let dates = read(&["（1979年7月1日通过 1997年3月14日修订 自1997年10月1日起施行）"]);
        assert_eq!(dates.made, Some(date(1997, 3, 14)));
        assert_eq!(dates.in_force, Some(date(1997, 10, 1)));
    }

    #[test]
    fn the_name_of_a_file_may_hold_the_date() {
        let named = |name| of_file_name(name);
        assert_eq!(
            named("刑法修正案（十二）(2023-12-29).md"),
            Some(date(2023, 12, 29))
        );
        assert_eq!(named("立法法（2015-03-15）"), Some(date(2015, 3, 15)));
        assert_eq!(named("宪法修正案（2018年）.md"), None);
        assert_eq!(named("甲(2023-13-29).md"), None);
        assert_eq!(named("2023-12-29.md"), None);
    }
}
