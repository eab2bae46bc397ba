//! The boards of a contest: everyone, the unit, the city.

use super::sheet::state_line;
use crate::format;
use crate::words::Words;
use domain::contest::Score;
use domain::id::ContestId;
use leptos::prelude::*;
use platform::contest::{Board, Scope};

/// The scope behind a word of the address.
#[must_use]
pub fn scope(word: Option<&str>) -> Scope {
    match word {
        Some("unit") => Scope::Unit,
        Some("prefecture") => Scope::Prefecture,
        _ => Scope::Contest,
    }
}

const fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::Contest => "contest",
        Scope::Unit => "unit",
        Scope::Prefecture => "prefecture",
    }
}

/// A score: points, and the time it took.
#[must_use]
pub fn score_words(words: Words, score: &Score) -> (String, String) {
    (score.points.to_string(), format::length(words, score.time))
}

/// The board with its tabs.
pub fn board_section(
    words: Words,
    contest: ContestId,
    current: Scope,
    board: &Board,
) -> impl IntoView + use<> {
    let tabs = [
        (Scope::Contest, words.t("contest.everyone")),
        (Scope::Unit, words.t("contest.my-unit")),
        (Scope::Prefecture, words.t("contest.my-city")),
    ];
    let tabs = tabs.map(|(scope, name)| {
        let here = (scope == current).then_some("page");
        let to = format!("/contests/{contest}?board={}#board", word(scope));
        view! { <li><a href=to aria-current=here>{name}</a></li> }
    });
    let caption = {
        let total = format::figure(board.total);
        match &board.place {
            Some(place) => words.f("contest.caption-in", &[("place", place), ("n", &total)]),
            None => words.f("contest.caption", &[("n", &total)]),
        }
    };
    let rows = board.rows.iter().map(|(rank, standing)| {
        let (points, time) = score_words(words, &standing.score);
        let mine = standing.who.mine.then_some("true");
        let honour = (*rank <= 3).then_some("");
        view! {
            <tr data-honour=honour aria-current=mine>
                <td class="rank">{*rank}</td>
                <td>{standing.who.name.clone()}<small>{standing.who.unit.clone()}</small></td>
                <td class="number"><strong>{points}</strong>" "{words.t("contest.points")}<small>{time}</small></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let mine = board
        .mine
        .as_ref()
        .map(|(rank, _)| words.f("contest.my-rank", &[("n", &format::figure(*rank))]));
    let table = if board.total == 0 {
        view! { <div class="empty"><p>{words.t("contest.nobody")}</p></div> }.into_any()
    } else {
        view! {
            <table class="board">
                <caption>{caption}</caption>
                <thead><tr>
                    <th scope="col" class="rank">{words.t("contest.rank")}</th>
                    <th scope="col">{words.t("contest.learner")}</th>
                    <th scope="col" class="number">{words.t("contest.points-time")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="board">
            <div class="section-head"><h2 id="board">{words.t("contest.board")}</h2>{mine.map(|m| view! { <p>{m}</p> })}</div>
            <nav class="tabs" aria-label=words.t("contest.board-scope")><ul>{tabs.into_iter().collect_view()}</ul></nav>
            {state_line(words, board.shown)}
            {table}
            <p class="board-foot"><a rel="external" href=format!("/contests/{contest}/board")>{words.t("ranking.open")}</a></p>
        </section>
    }
}
