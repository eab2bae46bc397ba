//! A sheet: the table of a public board as text, ready to send to everybody.

use super::board::score_words;
use super::r#match::parts::points;
use crate::format;
use crate::page::fragment;
use crate::words::{Language, Words};
use axum::body::Bytes;
use domain::contest::challenge::Come;
use domain::contest::freeze::Shown;
use domain::contest::group::{GroupRule, GroupScore};
use domain::seed::seed_of;
use domain::time::Millis;
use flate2::Compression;
use flate2::write::GzEncoder;
use leptos::prelude::*;
use platform::contest::{Of, PublicRow, Reached, Snapshot, masked};
use serde_json::json;
use std::io::Write;
use std::sync::Arc;

/// What a sheet is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A part of a page.
    Html(Language),
    /// Data.
    Json,
}

impl Kind {
    /// The media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Html(_) => "text/html; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// A board's table, as it is sent.
pub struct Sheet {
    picture: Arc<Snapshot>,
    /// The text.
    pub text: Bytes,
    /// The text, compressed once for all.
    pub packed: Bytes,
    /// What the text is known by, the same from every process.
    pub tag: String,
}

impl Sheet {
    /// Writes the sheet of a picture, with names in full or masked.
    pub fn write(picture: &Arc<Snapshot>, kind: Kind, full: bool) -> Self {
        let text = match kind {
            Kind::Html(language) => {
                let (words, shown) = (Words(language), picture.clone());
                fragment(move || table(words, &shown, full))
            }
            Kind::Json => data(picture, full),
        };
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        // Into memory, where nothing fails.
        let packed = packer
            .write_all(text.as_bytes())
            .and_then(|()| packer.finish())
            .unwrap_or_default();
        Self {
            picture: picture.clone(),
            tag: format!("W/\"{:016x}\"", seed_of(&[&text])),
            text: text.into(),
            packed: packed.into(),
        }
    }

    /// Whether this is the sheet of that very picture.
    pub fn is_of(&self, picture: &Arc<Snapshot>) -> bool {
        Arc::ptr_eq(&self.picture, picture)
    }
}

/// The words for what is ranked.
pub const fn name_of(of: Of) -> &'static str {
    match of {
        Of::Learners => "ranking.learners",
        Of::Units => "ranking.units",
        Of::Counties => "ranking.counties",
        Of::Prefectures => "ranking.prefectures",
        Of::Teams => "ranking.teams",
    }
}

/// The state of the board: the word of its chip, its colour, and the sentence.
pub fn state_words(words: Words, shown: Shown<Millis>) -> (&'static str, &'static str, String) {
    match shown {
        Shown::Live => (
            words.t("ranking.live"),
            "open",
            words.t("ranking.live-words").to_owned(),
        ),
        Shown::Frozen(at) => (
            words.t("ranking.frozen"),
            "gold",
            words.f(
                "ranking.frozen-words",
                &[("moment", &format::moment(words, at))],
            ),
        ),
        Shown::Provisional => (
            words.t("ranking.provisional"),
            "gold",
            words.t("ranking.provisional-words").to_owned(),
        ),
        Shown::Final => (
            words.t("ranking.final"),
            "right",
            words.t("ranking.final-words").to_owned(),
        ),
    }
}

/// The chip and the sentence that say which board this is.
pub fn state_line(words: Words, shown: Shown<Millis>) -> AnyView {
    let (chip, colour, sentence) = state_words(words, shown);
    chip_line(colour, chip, sentence)
}

fn table(words: Words, picture: &Snapshot, full: bool) -> AnyView {
    let state = match (picture.of, picture.shown) {
        (Of::Teams, Shown::Final) => chip_line(
            "right",
            words.t("ranking.final"),
            words.t("ranking.teams-final"),
        ),
        (Of::Teams, _) => chip_line(
            "open",
            words.t("ranking.live"),
            words.t("ranking.teams-live"),
        ),
        (_, shown) => state_line(words, shown),
    };
    if picture.rows.is_empty() {
        let none = match picture.of {
            Of::Teams => words.t("challenge.not-drawn"),
            _ => words.t("ranking.none"),
        };
        return view! { {state}<div class="empty"><p>{none}</p></div> }.into_any();
    }
    let shown = format::figure(i64::try_from(picture.rows.len()).unwrap_or(i64::MAX));
    let fill: [(&str, &dyn std::fmt::Display); 2] =
        [("n", &format::figure(picture.total)), ("m", &shown)];
    let (caption, column) = match picture.of {
        Of::Learners => ("ranking.caption", "contest.points-time"),
        Of::Teams => ("ranking.caption-teams", "ranking.result"),
        _ => ("ranking.caption-groups", "ranking.result"),
    };
    let caption = words.f(caption, &fill);
    let rows = picture.rows.iter();
    let rows = rows.map(|each| row(words, each, picture.rule, full));
    let rows = rows.collect_view();
    view! {
        {state}
        <table class="board">
            <caption>{caption}</caption>
            {head(words, picture.of, column)}
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// The head of a table of what is ranked; the last column is called by that key.
pub fn head(words: Words, of: Of, column: &str) -> AnyView {
    view! {
        <thead><tr>
            <th scope="col" class="rank">{words.t("contest.rank")}</th>
            <th scope="col">{words.t(name_of(of))}</th>
            <th scope="col" class="number">{words.t(column)}</th>
        </tr></thead>
    }
    .into_any()
}

/// A row of a table; the names of learners in full or masked.
pub fn row(words: Words, row: &PublicRow, rule: GroupRule, full: bool) -> AnyView {
    let honour = (row.rank <= 3).then_some("");
    let (who, reached) = match &row.reached {
        Reached::Learner { unit, score } => {
            let (points, time) = score_words(words, score);
            let name = name(row, full);
            (
                view! { {name}<small>{unit.to_string()}</small> }.into_any(),
                view! { <strong>{points}</strong>" "{words.t("contest.points")}<small>{time}</small> }.into_any(),
            )
        }
        Reached::Group(score) => (
            group(words, row, score, rule),
            view! { <strong>{group_result(score)}</strong>" "{words.t("contest.points")} }
                .into_any(),
        ),
        Reached::Team(come) => (row.name.to_string().into_any(), team_result(words, come)),
    };
    view! {
        <tr data-key=row.key.clone() data-honour=honour>
            <td class="rank">{row.rank}</td>
            <td>{who}</td>
            <td class="number">{reached}</td>
        </tr>
    }
    .into_any()
}

fn chip_line(colour: &'static str, chip: &'static str, sentence: impl Into<String>) -> AnyView {
    let sentence = sentence.into();
    view! { <p class="board-state"><span class="chip" data-state=colour>{chip}</span>" "{sentence}</p> }
        .into_any()
}

/// The points of a team in its round; before its match there, the round alone.
fn team_result(words: Words, come: &Come) -> AnyView {
    let round = words.f("challenge.round-n", &[("n", &come.round)]);
    match come.points {
        Some(reached) => view! { <strong>{points(reached)}</strong>" "{words.t("contest.points")}<small>{round}</small> }.into_any(),
        None => view! { {words.t("ranking.to-play")}<small>{round}</small> }.into_any(),
    }
}

fn name(row: &PublicRow, full: bool) -> String {
    if full {
        row.name.to_string()
    } else {
        masked(&row.name)
    }
}

/// A group: its name, which opens to the figures that its result is made of.
fn group(words: Words, row: &PublicRow, score: &GroupScore, rule: GroupRule) -> AnyView {
    let people = |n: i64| words.f("ranking.people", &[("n", &format::figure(n))]);
    let absent = (score.members - score.participants).max(0);
    let working: [(&str, &dyn std::fmt::Display); 6] = [
        ("sum", &score.sum),
        ("k", &score.places),
        ("weight", &rule.weight),
        ("absent", &absent),
        ("members", &score.members.max(1)),
        ("result", &group_result(score)),
    ];
    let facts = [
        ("ranking.members", people(score.members)),
        ("ranking.participants", people(score.participants)),
        ("ranking.places", people(score.places)),
        (
            "ranking.sum",
            format!("{} {}", score.sum, words.t("contest.points")),
        ),
        (
            "ranking.working",
            words.f("ranking.working-words", &working),
        ),
    ]
    .map(|(key, value)| view! { <div><dt>{words.t(key)}</dt><dd>{value}</dd></div> });
    let note = words.f(
        "ranking.group-note",
        &[("n", &score.participants), ("m", &score.members)],
    );
    view! {
        <details>
            <summary>{row.name.to_string()}<small>{note}</small></summary>
            <dl class="facts">{facts.into_iter().collect_view()}</dl>
        </details>
    }
    .into_any()
}

/// The result of a group in points, to the thousandth that decides the rank.
pub fn group_result(score: &GroupScore) -> String {
    let milli = score.milli_points;
    let text = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn data(picture: &Snapshot, full: bool) -> String {
    let (shown, frozen_at) = match picture.shown {
        Shown::Live => ("live", None),
        Shown::Frozen(at) => ("frozen", Some(at.0)),
        Shown::Provisional => ("provisional", None),
        Shown::Final => ("final", None),
    };
    let rows = picture.rows.iter().map(|row| match &row.reached {
        Reached::Learner { unit, score } => json!({
            "key": row.key, "rank": row.rank, "name": name(row, full), "unit": &**unit,
            "points": score.points, "time_ms": score.time,
        }),
        Reached::Group(score) => json!({
            "key": row.key, "rank": row.rank, "name": &*row.name, "score": score,
        }),
        Reached::Team(come) => json!({
            "key": row.key, "rank": row.rank, "name": &*row.name,
            "round": come.round, "tenths": come.points.map(|points| points.0),
        }),
    });
    json!({
        "of": picture.of.as_str(), "shown": shown, "frozen_at": frozen_at,
        "total": picture.total, "rows": rows.collect::<Vec<_>>(),
    })
    .to_string()
}
