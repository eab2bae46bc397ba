//! Quick matches (快速对战): where one begins, the page that waits, a room with its link.
//!
//! The match itself is played on the pages of [`super::match`], which say it in other words.

pub mod form;
pub mod page;
pub mod room;
pub mod wait;

use crate::words::Words;
use platform::contest::quick::Place;
use std::collections::BTreeMap;

/// The address of a place.
#[must_use]
pub fn address(place: &Place) -> String {
    match place {
        Place::Waiting(_) => "/contests/quick/wait".to_owned(),
        Place::Room(code) => room_address(code),
        Place::Match(id) => format!("/matches/{id}"),
    }
}

/// The address of a room.
#[must_use]
pub fn room_address(code: &str) -> String {
    format!("/contests/quick/rooms/{code}")
}

/// Puts the words of a quick match in the place of those of a match of teams: a key of the
/// section `quick-match` stands for the same of `match`, and `formula` for the required round's.
pub fn say(words: Words, table: &mut BTreeMap<String, String>) {
    for (key, sentence) in words.sections(&["quick-match"]) {
        let key = match key.trim_start_matches("quick-match.") {
            "formula" => "match-formula.required".to_owned(),
            other => format!("match.{other}"),
        };
        table.insert(key, sentence);
    }
}
