//! `/contests` and `/contests/{id}`.

use super::board::{board_section, scope, score_words};
use super::form::contest_id;
use crate::format;
use crate::page::{Failure, Page, Row, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::contest::{Phase, Score};
use domain::id::AttemptId;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::{self, Contest};
use platform::{clock, id};
use serde::Deserialize;

/// The list of contests: open, coming, closed.
pub async fn contests(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let viewer = visit.signed_in()?;
    let all = contest::contests(&state.db, viewer, now).await?;
    let parts = contest::r#match::parts(&state.db, viewer.learner).await?;
    let page = Page::new(&state, &visit, words.t("nav.contest")).tab(Tab::Contest);
    Ok(page.render(move || {
        let group = |phase: Phase, key: &str, id: &'static str| {
            let rows: Vec<_> = all
                .iter()
                .filter(|c| c.phase(now) == phase)
                .map(|c| row(words, c, now).view())
                .collect();
            (!rows.is_empty()).then(|| {
                view! {
                    <section aria-labelledby=id>
                        <div class="section-head"><h2 id=id>{words.t(key)}</h2></div>
                        <ul class="rows">{rows}</ul>
                    </section>
                }
            })
        };
        let open = group(Phase::Open, "phase.open", "open");
        let coming = group(Phase::Coming, "phase.coming", "coming");
        let closed = group(Phase::Closed, "phase.closed", "closed");
        let none = all.is_empty().then(|| {
            view! { <div class="empty">{icon("trophy")}<p>{words.t("contest.none")}</p><a class="button" href="/practice">{words.t("contest.practise")}</a></div> }
        });
        view! {
            <header class="page-head"><h1>{words.t("nav.contest")}</h1><p>{words.t("contest.bonus-note")}</p></header>
            {super::r#match::page::section(words, parts)}
            {open}{coming}{closed}{none}
        }
    }))
}

fn row(words: Words, contest: &Contest, now: Millis) -> Row {
    let rules = &contest.rules;
    let shape = words.f(
        "contest.shape",
        &[
            ("questions", &rules.questions),
            ("minutes", &rules.minutes),
            ("attempts", &rules.attempts),
        ],
    );
    let to = format!("/contests/{}", contest.id);
    let mut row = Row::new(to, contest.title.clone(), shape);
    match contest.phase(now) {
        Phase::Open => {
            row.icon = Some("trophy");
            row.figure = format::until(words, contest.closes_at, now);
        }
        Phase::Coming => {
            row.icon = Some("calendar");
            let moment = format::moment(words, contest.opens_at);
            row.note = words.f("contest.opens", &[("moment", &moment)]);
        }
        Phase::Closed => {
            row.icon = Some("lock");
            let moment = format::moment(words, contest.closes_at);
            row.note = words.f("contest.closed-at", &[("moment", &moment)]);
        }
    }
    row
}

/// Which board.
#[derive(Deserialize)]
pub struct Wanted {
    board: Option<String>,
}

/// A contest: what it promises, the learner's attempts, the boards.
pub async fn contest(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let viewer = visit.signed_in()?;
    let id = contest_id(&id)?;
    let contest = contest::contest(&state.db, viewer, id, now).await?;
    let attempts = contest::attempts(&state.db, viewer, id, now).await?;
    let scope = scope(wanted.board.as_deref());
    let board = contest::board(&state.boards, viewer, id, scope, now).await?;
    let rank = contest::my_rank(&state.boards, viewer, id, now).await?;
    let event = id::fresh(now)?.to_string();
    let page = Page::new(&state, &visit, contest.title.clone())
        .tab(Tab::Contest)
        .back("/contests", words.t("nav.contest"));
    Ok(page.render(move || {
        let phase = contest.phase(now);
        let (phase_word, open) = match phase {
            Phase::Open => ("phase.open", Some("open")),
            Phase::Coming => ("phase.coming", None),
            Phase::Closed => ("phase.closed", None),
        };
        let result = rank.map(|(rank, score)| best(words, rank, &score));
        let running = attempts
            .iter()
            .find(|(_, over, ..)| !over)
            .map(|(id, ..)| *id);
        let used = i64::try_from(attempts.len()).unwrap_or(i64::MAX);
        view! {
            <header class="page-head">
                <p class="chip" data-state=open>{words.t(phase_word)}</p>
                <h1>{contest.title.clone()}</h1>
                <p>{contest.summary.clone()}</p>
            </header>
            {result}
            {facts(words, &contest, used, now)}
            {bonus(words, &contest)}
            {mine(words, &contest, &attempts)}
            {board_section(words, contest.id, scope, &board)}
            {start(words, &contest, running, used, phase, event)}
        }
    }))
}

fn best(words: Words, rank: Option<i64>, score: &Score) -> impl IntoView + use<> {
    let (points, time) = score_words(words, score);
    let rank = rank.map(|rank| {
        let rank = words.f("contest.rank-n", &[("n", &format::figure(rank))]);
        view! { <div><dt>{words.t("contest.rank")}</dt><dd>{rank}</dd></div> }
    });
    view! {
        <div class="result-head">
            <p class="score"><strong>{points}</strong>{words.t("contest.points")}</p>
            <dl class="figures">
                {rank}
                <div><dt>{words.t("contest.time")}</dt><dd>{time}</dd></div>
            </dl>
        </div>
    }
}

fn facts(words: Words, contest: &Contest, used: i64, now: Millis) -> impl IntoView + use<> {
    let rules = &contest.rules;
    let window = words.f(
        "contest.window",
        &[
            ("from", &format::moment(words, contest.opens_at)),
            ("to", &format::moment(words, contest.closes_at)),
        ],
    );
    let left = (contest.phase(now) == Phase::Open)
        .then(|| view! { <p class="muted">{format::until(words, contest.closes_at, now)}</p> });
    let fact = |key: &str, value: String| {
        view! { <div><dt>{words.t(key)}</dt><dd>{value}</dd></div> }
    };
    let questions = words.f(
        "contest.questions-n",
        &[("n", &rules.questions), ("m", &rules.minutes)],
    );
    let attempts = words.f(
        "contest.attempts-n",
        &[("n", &rules.attempts), ("used", &used)],
    );
    let formula = words.f("contest.formula", &[("points", &rules.points)]);
    view! {
        <dl class="facts">
            <div><dt>{words.t("contest.when")}</dt><dd><p>{window}</p>{left}</dd></div>
            {fact("contest.questions", questions)}
            {fact("contest.attempts", attempts)}
            <div><dt>{words.t("contest.scoring")}</dt><dd><p>{formula}</p><p class="muted">{words.t("contest.ties")}</p></dd></div>
            {fact("contest.saving", words.t("contest.saving-words").to_owned())}
        </dl>
    }
}

fn bonus(words: Words, contest: &Contest) -> impl IntoView + use<> {
    let credits = |n: i64| words.f("credits.amount", &[("n", &n)]);
    let rows = contest.rules.bands.iter().map(|band| {
        let ranks = words.f("contest.ranks", &[("from", &band.from), ("to", &band.to)]);
        view! { <tr><th scope="row">{ranks}</th><td class="number">{credits(band.credits)}</td></tr> }
    });
    let rows = rows.collect_view();
    view! {
        <section aria-labelledby="bonus">
            <div class="section-head"><h2 id="bonus">{words.t("credits.bonus")}</h2><p>{words.t("contest.posted-when")}</p></div>
            <div class="table-wrap" role="region" tabindex="0" aria-label=words.t("contest.bonus-table")>
                <table class="table">
                    <thead><tr>
                        <th scope="col"><span>{words.t("contest.rank")}</span></th>
                        <th scope="col" class="number"><span>{words.t("credits.credits")}</span></th>
                    </tr></thead>
                    <tbody>
                        {rows}
                        <tr><th scope="row">{words.t("contest.taking-part")}</th><td class="number">{credits(contest.rules.taking_part)}</td></tr>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn mine(
    words: Words,
    contest: &Contest,
    attempts: &[(AttemptId, bool, i64, Score)],
) -> Option<impl IntoView + use<>> {
    (!attempts.is_empty()).then(|| {
        let rows = (1..).zip(attempts).map(|(n, (id, over, answered, score))| {
            let (points, time) = score_words(words, score);
            let note = if *over {
                words.f("contest.attempt-note", &[("n", answered), ("time", &time)])
            } else {
                words.t("contest.attempt-running").to_owned()
            };
            let to = format!("/contests/{}/attempts/{id}", contest.id);
            let mut row = Row::new(to, words.f("contest.attempt-n", &[("n", &n)]), note);
            if *over {
                row.figure = format!("{points} {}", words.t("contest.points"));
            }
            row.view()
        });
        let rows = rows.collect_view();
        view! {
            <section aria-labelledby="mine">
                <div class="section-head"><h2 id="mine">{words.t("contest.my-attempts")}</h2></div>
                <ul class="rows">{rows}</ul>
            </section>
        }
    })
}

fn start(
    words: Words,
    contest: &Contest,
    running: Option<AttemptId>,
    used: i64,
    phase: Phase,
    event: String,
) -> Option<AnyView> {
    if let Some(attempt) = running {
        let to = format!("/contests/{}/attempts/{attempt}", contest.id);
        return Some(
            view! { <div class="dock"><a class="button primary" href=to>{words.t("contest.go-on")}</a></div> }
                .into_any(),
        );
    }
    if phase != Phase::Open || used >= contest.rules.attempts {
        return None;
    }
    let name = if used == 0 {
        "contest.start"
    } else {
        "contest.start-again"
    };
    let name = words.f(name, &[("m", &contest.rules.minutes)]);
    let action = format!("/contests/{}/attempts", contest.id);
    Some(
        view! {
            <form class="dock" method="post" action=action>
                <input type="hidden" name="event" value=event/>
                <button class="button primary">{name}</button>
            </form>
        }
        .into_any(),
    )
}
