//! `/contests/{id}` of a team challenge: what it is about, the way to its teams and its matches, and
//! the day for those who run it.

use super::day::programme_section;
use crate::contest::certificate::offer;
use crate::contest::page::barred;
use crate::contest::promise::{bonus, team_facts};
use crate::format;
use crate::page::{Failure, Page, Row, Tab};
use crate::state::AppState;
use crate::visit::Visit;
use axum::response::Response;
use domain::contest::Phase;
use domain::contest::team::TeamRules;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::challenge::{composed, runs};
use platform::contest::{Contest, certificate, edit};

/// The page.
///
/// # Errors
/// [`Failure`] when the database does not answer.
pub async fn page(
    state: &AppState,
    visit: &Visit,
    contest: Contest,
    now: Millis,
) -> Result<Response, Failure> {
    let words = visit.words();
    let viewer = visit.signed_in()?;
    let runs = runs(&state.db, viewer, &contest).await?;
    let edits = runs && edit::editor_units(viewer).next().is_some();
    let composed = composed(&state.db, contest.id).await?;
    let holding = certificate::holding(&state.db, viewer, contest.id).await?;
    let page = Page::new(state, visit, contest.title.clone())
        .tab(Tab::Contest)
        .back("/contests", words.t("nav.contest"));
    let barred = barred(visit, &contest);
    Ok(page.render(move || {
        let (phase, open) = match contest.phase(now) {
            Phase::Open => ("phase.open", Some("open")),
            Phase::Coming => ("phase.coming", None),
            Phase::Closed => ("phase.closed", None),
        };
        let to = |what| format!("/contests/{}/{what}", contest.id);
        let registers = match contest.rules.team {
            Some(TeamRules { register_until, .. }) if now < register_until => words.f(
                "team.open-until",
                &[("moment", &format::moment(words, register_until))],
            ),
            _ => words.t("team.over").to_owned(),
        };
        let row = |to, icon, title, note: String| {
            let mut row = Row::new(to, title, note);
            row.icon = Some(icon);
            row.view()
        };
        let (teams, games) = (words.t("team.teams"), words.t("challenge.matches"));
        let mut rows = vec![
            row(to("teams"), "people", teams, registers),
            row(to("matches"), "trophy", games, String::new()),
        ];
        if runs {
            let note = words.t("challenge.day-note").to_owned();
            rows.push(row(to("day"), "calendar", words.t("challenge.day"), note));
        }
        let programme = composed.map(|programme| {
            programme_section(words, &programme, runs.then(|| to("day/programme")))
        });
        let facts = contest
            .rules
            .team
            .map(|team| team_facts(words, &contest, &team));
        let edit = edits.then(|| {
            let to = format!("/admin/contests/{}", contest.id);
            view! { <p><a class="button" href=to>{words.t("contest-edit.to-form")}</a></p> }
        });
        view! {
            <header class="page-head">
                <p class="chip" data-state=open>{words.t(phase)}</p>
                <h1>{contest.title.clone()}</h1>
                <p>{contest.summary.clone()}</p>
            </header>
            {barred}
            <ul class="rows">{rows}</ul>
            <p class="board-foot"><a rel="external" href=to("board")>{words.t("ranking.open")}</a></p>
            {facts}
            {programme}
            {bonus(words, &contest)}
            {holding.map(|holding| offer(words, contest.id, holding))}
            {edit}
        }
    }))
}
