//! `/contests` and `/contests/{id}`.

use super::board::{board_section, scope, score_words};
use super::form::contest_id;
use super::promise::{bonus, facts};
use crate::format;
use crate::page::{Failure, Page, Row, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::contest::{ContestKind, Phase, Score};
use domain::id::AttemptId;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::{self, Contest};
use platform::{Error, clock, id};
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
            {super::quick::page::entry(words)}
            {super::r#match::page::section(words, parts)}
            {open}{coming}{closed}{none}
        }
    }))
}

fn row(words: Words, contest: &Contest, now: Millis) -> Row {
    let rules = &contest.rules;
    let shape = match &rules.team {
        Some(team) => super::promise::made_of(words, team),
        None => words.f(
            "contest.shape",
            &[
                ("questions", &rules.questions),
                ("minutes", &rules.minutes),
                ("attempts", &rules.attempts),
            ],
        ),
    };
    let to = format!("/contests/{}", contest.id);
    let mut row = Row::new(to, contest.title.clone(), shape);
    match contest.phase(now) {
        _ if contest.barred.is_some() => {
            row.icon = Some("lock");
            row.note = words.t("contest.not-for-you").to_owned();
        }
        Phase::Open => {
            row.icon = Some("trophy");
            row.figure = format::until(words, contest.closes_at, now);
        }
        Phase::Coming => {
            row.icon = Some("calendar");
            let (key, at) = match &rules.team {
                Some(team) if now < team.register_until => {
                    ("contest.registers-until", team.register_until)
                }
                _ => ("contest.opens", contest.opens_at),
            };
            row.note = words.f(key, &[("moment", &format::moment(words, at))]);
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
    let mut contest = contest::contest(&state.db, viewer, id, now).await?;
    if contest.kind == ContestKind::Team {
        return super::challenge::about::page(&state, &visit, contest, now).await;
    }
    let attempts = contest::attempts(&state.db, viewer, id, now).await?;
    let practised = contest::practised(&state.db, viewer, id, now).await?;
    let names = contest::names(&state.db, &contest).await?;
    let scope = scope(wanted.board.as_deref());
    let holding = contest::certificate::holding(&state.db, viewer, id).await?;
    let board = contest::board(&state.boards, viewer, id, scope, now).await?;
    let rank = contest::my_rank(&state.boards, viewer, id, now).await?;
    let outcome = contest::review::outcome(&state.db, id).await?;
    // It is promised where it lies now; that it was moved is in the record.
    contest.rules.line = contest::review::line(&state.db, &contest).await?;
    let event = id::fresh(now)?.to_string();
    let other_event = id::fresh(now)?.to_string();
    let page = Page::new(&state, &visit, contest.title.clone())
        .tab(Tab::Contest)
        .back("/contests", words.t("nav.contest"));
    let barred = barred(&visit, &contest);
    Ok(page.render(move || {
        let phase = contest.phase(now);
        let (phase_word, open) = match phase {
            Phase::Open => ("phase.open", Some("open")),
            Phase::Coming => ("phase.coming", None),
            Phase::Closed => ("phase.closed", None),
        };
        let qualifies = rank.and_then(|(rank, score)| {
            let line = contest.rules.line?;
            Some(line.qualifies(rank?, &score))
        });
        let result = rank.map(|(rank, score)| best(words, rank, &score));
        let used = i64::try_from(attempts.len()).unwrap_or(i64::MAX);
        view! {
            <header class="page-head">
                <p class="chip" data-state=open>{words.t(phase_word)}</p>
                <h1>{contest.title.clone()}</h1>
                <p>{contest.summary.clone()}</p>
            </header>
            {barred}
            {result}
            {facts(words, &contest, &names, used, now)}
            {practice(words, &contest, &practised, phase, other_event)}
            {bonus(words, &contest)}
            {mine(words, &contest, &attempts)}
            {board_section(words, contest.id, scope, &board)}
            {(phase == Phase::Closed).then(|| super::review::standing_of(words, contest.id, &outcome, qualifies))}
            {start(words, &contest, &attempts, phase, event)}
            {holding.map(|holding| super::certificate::offer(words, contest.id, holding))}
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

/// Why the viewer may not enter, unless the message above everything says it already.
pub(super) fn barred(visit: &Visit, contest: &Contest) -> Option<impl IntoView + use<>> {
    let why = Error::Barred(contest.barred?);
    let key = format!("error.{}", why.code());
    let is_said = visit.flash.as_ref().is_some_and(|flash| flash.key == key);
    let words = visit.words();
    (!is_said).then(|| view! { <div class="flash" data-kind="wrong">{icon("lock")}<p>{words.error(&why)}</p></div> })
}

/// An attempt: id, whether it is over, answered, score.
type Brief = (AttemptId, bool, i64, Score);

fn running(attempts: &[Brief]) -> Option<AttemptId> {
    let found = attempts.iter().find(|(_, over, ..)| !over);
    found.map(|(id, ..)| *id)
}

/// Attempts as rows; `name` is the key of what the nth is called.
fn rows(
    words: Words,
    contest: &Contest,
    name: &str,
    attempts: &[Brief],
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
            let mut row = Row::new(to, words.f(name, &[("n", &n)]), note);
            if *over {
                row.figure = format!("{points} {}", words.t("contest.points"));
            }
            row.view()
        });
        let rows = rows.collect_view();
        view! { <ul class="rows">{rows}</ul> }
    })
}

fn mine(words: Words, contest: &Contest, attempts: &[Brief]) -> Option<impl IntoView + use<>> {
    rows(words, contest, "contest.attempt-n", attempts).map(|rows| {
        view! {
            <section aria-labelledby="mine">
                <div class="section-head"><h2 id="mine">{words.t("contest.my-attempts")}</h2></div>
                {rows}
            </section>
        }
    })
}

/// The practice round, apart from what counts.
fn practice(
    words: Words,
    contest: &Contest,
    practised: &[Brief],
    phase: Phase,
    event: String,
) -> Option<impl IntoView + use<>> {
    let rules = &contest.rules;
    let used = i64::try_from(practised.len()).unwrap_or(i64::MAX);
    let left = (rules.practice - used).max(0);
    let may = phase == Phase::Open && contest.barred.is_none() && left > 0;
    let here = format!("/contests/{}", contest.id);
    let button = if let Some(attempt) = running(practised) {
        let to = format!("{here}/attempts/{attempt}");
        let go_on = words.t("contest.practice-go-on");
        Some(view! { <a class="button" href=to>{go_on}</a> }.into_any())
    } else if may {
        let action = format!("{here}/practice");
        let name = words.f("contest.practice-start", &[("m", &rules.minutes)]);
        let form = view! {
            <form method="post" action=action>
                <input type="hidden" name="event" value=event/>
                <button class="button">{name}</button>
            </form>
        };
        Some(form.into_any())
    } else {
        None
    };
    if button.is_none() && practised.is_empty() {
        return None;
    }
    let sentence = words.f("contest.practice-words", &[("n", &left)]);
    Some(view! {
        <section aria-labelledby="practice">
            <div class="section-head"><h2 id="practice">{words.t("contest.practice")}</h2></div>
            <p class="muted">{sentence}</p>
            {rows(words, contest, "contest.practice-attempt-n", practised)}
            {button}
        </section>
    })
}

fn start(
    words: Words,
    contest: &Contest,
    attempts: &[Brief],
    phase: Phase,
    event: String,
) -> Option<AnyView> {
    if let Some(attempt) = running(attempts) {
        let to = format!("/contests/{}/attempts/{attempt}", contest.id);
        return Some(
            view! { <div class="dock"><a class="button primary" href=to>{words.t("contest.go-on")}</a></div> }
                .into_any(),
        );
    }
    let used = i64::try_from(attempts.len()).unwrap_or(i64::MAX);
    let may = phase == Phase::Open
        && contest.barred.is_none()
        && contest.kind != ContestKind::Team
        && used < contest.rules.attempts;
    if !may {
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
