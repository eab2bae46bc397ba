//! Teams of a team challenge: `/contests/{id}/teams` and what is below it.

pub mod form;
pub mod invitation;
pub mod list;
pub mod page;
mod seats;

use crate::words::Words;
use domain::contest::team::State;
use domain::id::TeamId;
use leptos::prelude::*;
use platform::Error;

/// An id in an address; what is none leads nowhere.
fn team_id(text: &str) -> platform::Result<TeamId> {
    text.parse().map(TeamId).map_err(|_| Error::NotFound)
}

/// How far a team has come, as a chip.
fn chip(words: Words, state: State) -> impl IntoView + use<> {
    let colour = match state {
        State::Approved => Some("right"),
        State::Refused => Some("wrong"),
        State::HandedIn => Some("gold"),
        State::Open | State::Withdrawn => None,
    };
    view! { <span class="chip" data-state=colour>{words.t(&format!("team.state-{}", state.as_str()))}</span> }
}
