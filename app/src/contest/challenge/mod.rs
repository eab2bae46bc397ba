//! A group challenge: `/contests/{id}` and `/contests/{id}/matches` for everyone, its day at
//! `/contests/{id}/day` for those who run it.

pub(super) mod about;
pub mod day;
pub mod draw;
pub mod form;
pub mod matches;
pub mod programme;
pub mod settle;

use crate::page::{Failure, redirect, refused};
use crate::visit::Flash;
use crate::words::Words;
use axum::response::Response;
use domain::contest::challenge::Form;
use platform::Error;
use platform::contest::challenge::{Host, RoundSoFar};

/// The fields of a form, as a browser sends them.
pub(super) type Fields = Vec<(String, String)>;

/// What a field says; nothing where it is missing.
fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    let named = fields.iter().find(|(known, _)| known == name);
    named.map_or("", |(_, value)| value.as_str())
}

/// A message that something was refused: the sentence of an error or of a defect of a match.
fn refusal(error: &Error) -> Option<Flash> {
    let key = format!("defect.{}", error.code());
    if Words(crate::words::Language::ZhCn).has(&key) {
        return Some(Flash {
            kind: "wrong".to_owned(),
            key,
            figure: 0,
        });
    }
    refused(error)
}

/// Goes to a page, with a message that it was done, or why it was refused; what is nobody's
/// matter there is a failure.
fn answer(outcome: platform::Result<Option<Flash>>, to: &str) -> Result<Response, Failure> {
    match outcome {
        Ok(flash) => Ok(redirect(to, flash)),
        Err(error @ Error::Invalid(_)) => Ok(redirect(to, refusal(&error))),
        Err(error) => Err(error.into()),
    }
}

/// What a round is called, by how many meet in it.
fn round_name(words: Words, number: i64, form: Form, slots: usize, teams: usize) -> String {
    match (form, slots) {
        (Form::Knockout | Form::One, 1) if number > 1 || teams == 2 => {
            words.t("challenge.final").to_owned()
        }
        (Form::Knockout, 2) if teams > 2 => words.t("challenge.semi-final").to_owned(),
        _ => words.f("challenge.round-n", &[("n", &number)]),
    }
}

fn name_of(words: Words, round: &RoundSoFar) -> String {
    let teams = round.slots.iter().map(|slot| slot.meeting.teams.len());
    round_name(
        words,
        round.number,
        round.form,
        round.slots.len(),
        teams.sum(),
    )
}

/// What a match is called in its round.
fn game_name(words: Words, round: &str, place: usize, slots: usize) -> String {
    if slots == 1 {
        return round.to_owned();
    }
    words.f(
        "challenge.game-n",
        &[("round", &round), ("n", &(place + 1))],
    )
}

/// A choice of a host among those who were named.
fn host_select(
    words: Words,
    hosts: &[Host],
    name: String,
    label: &'static str,
    chosen: Option<usize>,
    may_be_none: bool,
) -> impl leptos::prelude::IntoView + use<> {
    use leptos::prelude::*;
    let none =
        may_be_none.then(|| view! { <option value="">{words.t("challenge.nobody")}</option> });
    let options = hosts.iter().enumerate().map(|(n, host)| {
        let text = words.f(
            "challenge.host-of",
            &[("name", &host.name), ("unit", &host.unit)],
        );
        let text = if host.unit.is_empty() {
            host.name.clone()
        } else {
            text
        };
        view! { <option value=host.id.to_string() selected=chosen == Some(n)>{text}</option> }
    });
    let options = options.collect_view();
    view! {
        <div class="field">
            <label for=name.clone()>{words.t(label)}</label>
            <select id=name.clone() name=name>{none}{options}</select>
        </div>
    }
}

/// The two hosts that a form of a match names, the first in charge.
fn hosts_of(fields: &Fields, place: usize) -> platform::Result<Vec<domain::id::LearnerId>> {
    let named = [format!("host-{place}"), format!("second-{place}")];
    let chosen = named.iter().map(|name| field(fields, name));
    let chosen = chosen.filter(|id| !id.is_empty());
    let ids = chosen.map(|id| id.parse().map_err(|_| Error::Invalid("host-unknown")));
    ids.collect()
}
