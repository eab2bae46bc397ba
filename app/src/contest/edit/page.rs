//! `/admin/contests`, `/admin/contests/new`, `/admin/contests/{id}`.

use super::field::{Fields, error_summary, sentence};
use super::sheet::Around;
use super::stage::moved_section;
use super::typed::Typed;
use crate::contest::form::contest_id;
use crate::contest::promise::promise;
use crate::format;
use crate::page::{Failure, Page, Row, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::contest::blueprint::Described;
use domain::contest::{ContestKind, Phase};
use domain::id::UnitId;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::edit::{self, Edited, Wrong};
use platform::{Error, clock, id, org};

/// The name of a kind of contest.
pub(super) fn kind_name(words: Words, kind: ContestKind) -> &'static str {
    match kind {
        ContestKind::Themed => words.t("contest-edit.themed"),
        ContestKind::Special => words.t("contest-edit.special"),
        ContestKind::Team => words.t("contest-edit.team"),
    }
}

/// The page of something about a contest, with the way back to its form.
pub(in crate::contest) fn about<'a>(
    state: &'a AppState,
    visit: &'a Visit,
    contest: &str,
    title: &str,
) -> Page<'a> {
    let words = visit.words();
    Page::new(state, visit, title).tab(Tab::Me).back(
        format!("/admin/contests/{contest}"),
        words.t("contest-edit.to-form"),
    )
}

/// The contests of the editor's units: drafts, coming, open, closed.
pub async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let all = edit::edited(&state.db, visit.signed_in()?).await?;
    let bank = match all.iter().any(|edited| edited.is_draft) {
        true => edit::bank(&state.db).await?,
        false => Vec::new(),
    };
    let mut rows: [Vec<Row>; 4] = Default::default();
    for edited in &all {
        let place = match (edited.is_draft, edited.contest.phase(now)) {
            (true, _) => 0,
            (_, Phase::Coming) => 1,
            (_, Phase::Open) => 2,
            (_, Phase::Closed) => 3,
        };
        rows[place].push(row(words, edited, &bank, now));
    }
    let page = Page::new(&state, &visit, words.t("contest-edit.contests"))
        .tab(Tab::Me)
        .back("/me", words.t("nav.me"));
    Ok(page.render(move || {
        let heads = [
            ("drafts", words.t("contest-edit.drafts")),
            ("coming", words.t("phase.coming")),
            ("open", words.t("phase.open")),
            ("closed", words.t("phase.closed")),
        ];
        let none = rows.iter().all(Vec::is_empty).then(|| {
            view! { <div class="empty">{icon("trophy")}<p>{words.t("contest-edit.none")}</p></div> }
        });
        let groups = heads.into_iter().zip(rows).filter(|(_, rows)| !rows.is_empty());
        let groups = groups.map(|((id, title), rows)| {
            view! {
                <section aria-labelledby=id>
                    <div class="section-head"><h2 id=id>{title}</h2></div>
                    <ul class="rows">{rows.into_iter().map(Row::view).collect_view()}</ul>
                </section>
            }
        });
        view! {
            <header class="page-head"><h1>{words.t("contest-edit.contests")}</h1></header>
            {groups.collect_view()}{none}
            <div class="dock"><a class="button primary" href="/admin/contests/new">{words.t("contest-edit.new")}</a></div>
        }
    }))
}

/// A contest with the next thing to do.
fn row(words: Words, edited: &Edited, bank: &[Described], now: Millis) -> Row {
    let contest = &edited.contest;
    let to = format!("/admin/contests/{}", contest.id);
    let (picture, next) = match (edited.is_draft, contest.phase(now)) {
        (true, _) => match edit::unready(bank, edited, now).len() {
            0 => ("text", words.t("contest-edit.next-publish").to_owned()),
            n => ("text", words.f("contest-edit.next-mend", &[("n", &n)])),
        },
        (_, Phase::Coming) => {
            let moment = format::moment(words, contest.opens_at);
            let next = words.f("contest-edit.next-opens", &[("moment", &moment)]);
            ("calendar", next)
        }
        (_, Phase::Open) => {
            let until = format::until(words, contest.closes_at, now);
            (
                "trophy",
                words.f("contest-edit.next-open", &[("until", &until)]),
            )
        }
        (_, Phase::Closed) => {
            let next = match contest.rules.line {
                Some(_) => words.t("contest-edit.next-final"),
                None => words.t("contest-edit.next-copy"),
            };
            ("lock", next.to_owned())
        }
    };
    let mut row = Row::new(to, contest.title.clone(), next);
    row.icon = Some(picture);
    row
}

/// The form of a contest.
pub async fn edit(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let viewer = visit.signed_in()?;
    let edited = edit::one_edited(&state.db, viewer, contest_id(&contest)?).await?;
    edit_page(&state, &visit, edited, None, Vec::new()).await
}

/// What the form needs to know of topics, units and the list.
async fn around(state: &AppState, edited: &Edited, typed: &Typed) -> Result<Around, Failure> {
    let top = &edited.contest.unit;
    let name = async |unit: &UnitId| -> Result<String, Error> {
        let path = org::path(&state.db, unit).await?;
        let last = path.len().saturating_sub(2);
        let names: Vec<String> = path.into_iter().skip(last).map(|(_, _, n)| n).collect();
        Ok(names.join(" "))
    };
    let mut chosen = Vec::new();
    for unit in typed.all("within").take(edit::MOST_UNITS + 1) {
        chosen.push((unit.to_owned(), name(&unit.into()).await?));
    }
    let walked = match (typed.get("do").strip_prefix("walk-"), typed.get("do")) {
        (Some(unit), _) => Some(unit),
        (None, action) if action.starts_with("pick-") && typed.get("find").is_empty() => {
            Some(typed.get("walk"))
        }
        _ => None,
    };
    let looked = typed.get("find").trim();
    let offered = if let Some(unit) = walked {
        let unit = if unit.is_empty() {
            top.clone()
        } else {
            unit.into()
        };
        let below = edit::units_below(&state.db, top, &unit).await?;
        Some((name(&unit).await?, below))
    } else if looked.is_empty() {
        None
    } else {
        let found = edit::find_units(&state.db, top, looked).await?;
        Some((looked.to_owned(), found))
    };
    Ok(Around {
        topics: edit::topics(&state.db).await?,
        chosen,
        offered,
        listed: edited.listed,
        unit: name(top).await?,
    })
}

/// The form of a contest, with what was typed into it and what is wrong with that.
pub(super) async fn edit_page(
    state: &AppState,
    visit: &Visit,
    edited: Edited,
    typed: Option<Typed>,
    wrong: Vec<Wrong>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let changed = wrong.iter().any(|w| w.code == "contest-changed");
    // Whoever goes on typing still stands on what they once had before them.
    let stamp = match &typed {
        Some(typed) if !changed => typed.get("stamp").to_owned(),
        _ => edited.stamp(),
    };
    let fresh = typed.is_none();
    let typed = typed.unwrap_or_else(|| Typed::of_contest(&edited.contest));
    let todo = if fresh && edited.is_draft {
        let mut todo = edit::unready(&edit::bank(&state.db).await?, &edited, now);
        let contest = &edited.contest;
        let entry = &contest.rules.entry;
        todo.extend(edit::without_posts(&state.db, &contest.unit, entry, now).await?);
        todo
    } else {
        Vec::new()
    };
    let names = platform::contest::names(&state.db, &edited.contest).await?;
    let moved = if fresh && (edited.is_draft || edited.contest.phase(now) == Phase::Coming) {
        edit::moved(&state.db, visit.signed_in()?, &edited, now).await?
    } else {
        None
    };
    let around = around(state, &edited, &typed).await?;
    let event = id::fresh(now)?.to_string();
    let final_open = edited.contest.rules.line.is_some()
        && !edited.is_draft
        && platform::contest::review::is_over(&edited.contest, now);
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = Page::new(state, visit, edited.contest.title.clone())
        .tab(Tab::Me)
        .back("/admin/contests", words.t("contest-edit.contests"))
        .status(status);
    Ok(page.render(move || {
        let contest = &edited.contest;
        let here = format!("/admin/contests/{}", contest.id);
        let fields = Fields { words, typed: &typed, wrong: &wrong };
        let state_word = match (edited.is_draft, contest.phase(now)) {
            (true, _) => words.t("contest-edit.draft"),
            (_, Phase::Coming) => words.t("phase.coming"),
            (_, Phase::Open) => words.t("phase.open"),
            (_, Phase::Closed) => words.t("phase.closed"),
        };
        let summary = (!wrong.is_empty()).then(|| {
            let title = words.f("contest-edit.not-saved", &[("n", &wrong.len())]);
            error_summary(words, title, &wrong)
        });
        let note = if edited.is_draft {
            words.t("contest-edit.draft-note")
        } else {
            words.t("contest-edit.published-note")
        };
        let parts = if edited.is_draft {
            fields.draft_parts(contest.kind, &around, &here)
        } else {
            fields.words_part()
        };
        let ready = edited.is_draft.then(|| ready(words, contest.kind, &todo));
        let moved = moved.map(|moved| moved_section(words, &moved, edited.is_draft, &here));
        let promise = (!edited.is_draft).then(|| {
            let promise = promise(words, contest, &names, now);
            view! {
                <section aria-labelledby="promise">
                    <div class="section-head"><h2 id="promise">{words.t("contest-edit.part-rules")}</h2></div>
                    {promise}
                </section>
            }
        });
        view! {
            <header class="page-head">
                <p class="chip">{state_word}</p>
                <h1>{contest.title.clone()}</h1>
                <p>{kind_name(words, contest.kind)}" · "{note}</p>
            </header>
            {summary}
            {moved}
            <form id="sheet" method="post" action=here.clone() novalidate=true>
                <input type="hidden" name="stamp" value=stamp/>
                <input type="hidden" name="walk" value=typed.get("walk").to_owned()/>
                // The first button of a form is the one that the return key presses.
                <button class="visually-hidden" name="do" value="save" tabindex="-1" aria-hidden="true">{words.t("contest-edit.save")}</button>
                {parts}
                {ready}
            </form>
            {promise}
            {others(words, &edited, &here, event, final_open, now)}
            <div class="dock"><button class="button primary" form="sheet" name="do" value="save">{words.t("contest-edit.save")}</button></div>
        }
    }))
}

/// What is to be done before a draft is published, and the ways to look at it first.
fn ready(words: Words, kind: ContestKind, todo: &[Wrong]) -> AnyView {
    let items = todo.iter().map(|w| {
        view! { <li><a href=format!("#{}", w.field)>{sentence(words, w)}</a></li> }
    });
    let items = items.collect_view();
    let list = (!todo.is_empty()).then(|| {
        view! { <p>{words.f("contest-edit.before-publishing", &[("n", &todo.len())])}</p><ul class="todo">{items}</ul> }
    });
    let trial = (kind != ContestKind::Team).then(|| {
        view! { <button class="button" name="do" value="trial">{words.t("contest-edit.try")}</button> }
    });
    view! {
        <section class="sheet" aria-labelledby="ready">
            <div class="section-head"><h2 id="ready">{words.t("contest-edit.part-publish")}</h2></div>
            {list}
            <p class="muted">{words.t("contest-edit.publish-note")}</p>
            <div class="sheet-do">
                <button class="button" name="do" value="preview">{words.t("contest-edit.preview")}</button>
                {trial}
                <button class="button" name="do" value="publish">{words.t("contest-edit.publish")}</button>
            </div>
        </section>
    }
    .into_any()
}

/// What can be done besides: to review, to make the final, to copy, to withdraw, to delete.
fn others(
    words: Words,
    edited: &Edited,
    here: &str,
    event: String,
    final_open: bool,
    now: Millis,
) -> AnyView {
    let to_final = final_open.then(|| {
        view! { <a class="button" href=format!("{here}/final")>{words.t("contest-edit.make-final")}</a> }
    });
    let is_team = edited.contest.kind == ContestKind::Team;
    let to_day = is_team.then(|| {
        let here = format!("/contests/{}", edited.contest.id);
        view! {
            <a class="button" href=format!("{here}/day/programme")>{words.t("challenge.compose")}</a>
            <a class="button" href=format!("{here}/day")>{words.t("challenge.day")}</a>
        }
    });
    let coming = edited.contest.phase(now) == Phase::Coming;
    let to_review = (!edited.is_draft && !coming && !is_team).then(|| {
        view! { <a class="button" href=format!("{here}/review")>{words.t("review.review")}</a> }
    });
    let withdraw = (!edited.is_draft && coming && !edited.has_begun).then(|| {
        view! {
            <form method="post" action=format!("{here}/withdraw")><button class="button">{words.t("contest-edit.withdraw")}</button></form>
        }
    });
    let delete = edited.is_draft.then(|| {
        view! { <a class="button quiet" href=format!("{here}/delete")>{words.t("contest-edit.delete")}</a> }
    });
    view! {
        <section class="sheet" aria-labelledby="others">
            <div class="section-head"><h2 id="others">{words.t("contest-edit.part-others")}</h2></div>
            <div class="sheet-do">
                {to_day}{to_review}{to_final}
                <form method="post" action=format!("{here}/copy")><input type="hidden" name="event" value=event/><button class="button">{words.t("contest-edit.copy")}</button></form>
                {withdraw}{delete}
            </div>
        </section>
    }
    .into_any()
}

/// Asks before a draft is deleted.
pub async fn ask_delete(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let viewer = visit.signed_in()?;
    let edited = edit::one_draft(&state.db, viewer, contest_id(&contest)?).await?;
    let title = edited.contest.title;
    let page = about(&state, &visit, &contest, words.t("contest-edit.delete"));
    Ok(page.render(move || {
        let here = format!("/admin/contests/{contest}");
        view! {
            <header class="page-head">
                <h1>{words.f("contest-edit.ask-delete", &[("title", &title)])}</h1>
                <p>{words.t("contest-edit.ask-delete-words")}</p>
            </header>
            <form class="sheet-do" method="post" action=format!("{here}/delete")>
                <button class="button primary">{words.t("contest-edit.delete")}</button>
                <a class="button" href=here.clone()>{words.t("contest-edit.keep")}</a>
            </form>
        }
    }))
}
