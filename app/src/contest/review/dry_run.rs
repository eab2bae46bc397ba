//! `/admin/contests/{id}/review/dry-run`: whose points, rank and credits a ruling would move.
//! Nothing is written until what is shown here is confirmed, with the reason.

use super::page::reason_field;
use super::record::signed;
use super::told::{self, ruling_words};
use crate::contest::edit::page::about;
use crate::contest::form::contest_id;
use crate::format::figure;
use crate::page::{Failure, icon, percent, redirect, refused};
use crate::question::stem;
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::contest::rescore::{Change, Ruled, Ruling};
use domain::id::{LearnerId, QuestionId};
use domain::question::Key;
use leptos::prelude::*;
use platform::contest::review::{self, Act, DryRun, Named};
use platform::{Error, clock, id};

/// Learners on a page of the list.
const PAGE_SIZE: usize = 100;

/// What an address or a form asks to decide.
pub(super) fn act(fields: &[(String, String)]) -> platform::Result<Act> {
    let all = |name: &'static str| {
        let named = fields.iter().filter(move |(n, _)| n == name);
        named.map(|(_, value)| value.as_str())
    };
    let first = |name| all(name).next();
    if let Some(number) = first("take-back") {
        let number = number.parse().map_err(|_| Error::Invalid("malformed"))?;
        return Ok(Act::TakeBack(number));
    }
    let question = first("question").ok_or(Error::Invalid("malformed"))?;
    let ruling = match first("ruling") {
        Some("void") => Ruling::Void,
        Some("full-marks") => Ruling::FullMarks,
        Some("accept") => {
            let options: Result<_, _> = all("choice").map(str::parse).collect();
            let words = all("words").map(|w| w.trim().to_owned());
            let words: Vec<String> = words.filter(|w| !w.is_empty()).collect();
            Ruling::Accept(if words.is_empty() {
                Key::Choices(options.map_err(|_| Error::Invalid("malformed"))?)
            } else {
                Key::Words(words)
            })
        }
        _ => return Err(Error::Invalid("ruling-none")),
    };
    Ok(Act::Rule(Ruled {
        question: QuestionId(question.to_owned()),
        ruling,
    }))
}

/// The fields that ask for it again.
fn fields_of(act: &Act) -> Vec<(&'static str, String)> {
    let Act::Rule(Ruled { question, ruling }) = act else {
        let Act::TakeBack(number) = act else {
            return Vec::new();
        };
        return vec![("take-back", number.to_string())];
    };
    let mut fields = vec![("question", question.0.clone())];
    match ruling {
        Ruling::Void => fields.push(("ruling", "void".to_owned())),
        Ruling::FullMarks => fields.push(("ruling", "full-marks".to_owned())),
        Ruling::Accept(key) => {
            fields.push(("ruling", "accept".to_owned()));
            match key {
                Key::Choices(options) => {
                    fields.extend(options.iter().map(|o| ("choice", o.to_string())));
                }
                Key::Words(words) => fields.extend(words.iter().map(|w| ("words", w.clone()))),
            }
        }
    }
    fields
}

/// The address of a dry run.
pub(super) fn address(contest: &str, act: &Act) -> String {
    let fields = fields_of(act).into_iter();
    let query: Vec<String> = fields
        .map(|(name, value)| format!("{name}={}", percent(&value)))
        .collect();
    format!(
        "/admin/contests/{contest}/review/dry-run?{}",
        query.join("&")
    )
}

/// The dry run.
pub async fn dry_run(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let viewer = visit.signed_in()?;
    let id = contest_id(&contest)?;
    let asked = fields.iter().find(|(name, _)| name == "question");
    let before = match asked {
        Some((_, question)) => {
            format!(
                "/admin/contests/{contest}/review/questions/{}",
                percent(question)
            )
        }
        None => format!("/admin/contests/{contest}/review"),
    };
    let tried = match act(&fields) {
        Ok(act) => {
            let run = review::dry_run(&state.db, viewer, id, &act, now).await;
            run.map(|run| (act, run))
        }
        Err(error) => Err(error),
    };
    let (act, run) = match tried {
        Ok(tried) => tried,
        Err(error @ Error::Invalid(_)) => return Ok(redirect(&before, refused(&error))),
        Err(error) => return Err(error.into()),
    };
    let often = review::asked_often(&state.db, viewer, id, &run.question).await?;
    let pages = run.changes.len().div_ceil(PAGE_SIZE);
    let asked = fields.iter().find(|(name, _)| name == "page");
    let asked = asked.and_then(|(_, page)| page.parse().ok()).unwrap_or(1);
    let at: usize = pages.min(asked).max(1);
    let listed = run.listed().into_iter();
    let shown = listed.skip((at - 1) * PAGE_SIZE).take(PAGE_SIZE);
    let shown: Vec<Change<LearnerId>> = shown.cloned().collect();
    let who: Vec<LearnerId> = shown.iter().map(|change| change.who).collect();
    let names = review::named(&state.db, id, &who).await?;
    let event = id::fresh(now)?.to_string();
    let page = about(&state, &visit, &contest, words.t("review.dry-run"))
        .back(before, words.t("review.back"));
    Ok(page.render(move || {
        let what = match &act {
            Act::Rule(ruled) => ruling_words(words, &ruled.ruling, &told::listed(&often.question)),
            Act::TakeBack(number) => words.f("review.is-taken-back", &[("n", number)]),
        };
        let late = run.after_final.then(|| {
            view! { <div class="flash" data-kind="wrong">{icon("wrong")}<p>{words.t("review.after-final")}</p></div> }
        });
        let fields = fields_of(&act).into_iter().map(|(name, value)| {
            view! { <input type="hidden" name=name value=value/> }
        });
        let fields = fields.collect_view();
        let n = run.changes.len();
        view! {
            <header class="page-head">
                <h1>{words.t("review.dry-run")}</h1>
                <p>{words.t("review.dry-run-words")}</p>
            </header>
            {late}
            <p class="stem">{stem(&often.question.stem)}</p>
            <p><strong>{what}</strong></p>
            {counts(words, &run)}
            {table(words, &shown, &names)}
            {turn(words, &address(&contest, &act), at, n)}
            <form class="sheet" method="post" action=format!("/admin/contests/{contest}/review/dry-run")>
                <input type="hidden" name="event" value=event/>
                <input type="hidden" name="seen" value=run.fingerprint.clone()/>
                {fields}
                {reason_field(words, "reason", true)}
                <div class="dock"><button class="button primary">{words.f("review.confirm", &[("n", &n)])}</button></div>
            </form>
        }
    }))
}

fn count(n: usize) -> String {
    figure(i64::try_from(n).unwrap_or(i64::MAX))
}

/// How many it would move, and what the ledger would get.
fn counts(words: Words, run: &DryRun) -> AnyView {
    let (points, ranks, credits) = run.counts();
    let (added, taken) = run.sums();
    let people = |n: usize| words.f("review.people", &[("n", &count(n))]);
    let sums = words.f(
        "review.credit-sums",
        &[("added", &figure(added)), ("taken", &figure(taken))],
    );
    let among = words.f(
        "review.among",
        &[
            ("attempts", &count(run.attempts)),
            ("learners", &count(run.learners)),
        ],
    );
    view! {
        <dl class="facts">
            <div><dt>{words.t("review.concerns")}</dt><dd>{among}</dd></div>
            <div><dt>{words.t("review.points-move")}</dt><dd>{people(points)}</dd></div>
            <div><dt>{words.t("review.ranks-move")}</dt><dd>{people(ranks)}</dd></div>
            <div><dt>{words.t("review.credits-move")}</dt><dd>{people(credits)}" "<small>{sums}</small></dd></div>
        </dl>
    }
    .into_any()
}

/// The way to the other pages of the list, where there are any.
fn turn(words: Words, here: &str, at: usize, all: usize) -> Option<AnyView> {
    (all > PAGE_SIZE).then(|| {
        let to = |page: usize| format!("{here}&page={page}#who");
        let fill: [(&str, &dyn std::fmt::Display); 3] = [
            ("from", &count((at - 1) * PAGE_SIZE + 1)),
            ("to", &count((at * PAGE_SIZE).min(all))),
            ("total", &count(all)),
        ];
        let before = (at > 1).then(|| {
            view! { <li><a rel="prev" href=to(at - 1)>{words.t("page.previous")}</a></li> }
        });
        let after = (at * PAGE_SIZE < all).then(|| {
            view! { <li><a rel="next" href=to(at + 1)>{words.t("page.next")}</a></li> }
        });
        view! {
            <nav class="pagination" aria-label=words.t("page.pages")>
                <p>{words.f("org.shown", &fill)}</p><ul>{before}{after}</ul>
            </nav>
        }
        .into_any()
    })
}

/// A page of the learners for whom something moves.
fn table(words: Words, shown: &[Change<LearnerId>], names: &[Named]) -> AnyView {
    if shown.is_empty() {
        return view! { <p>{words.t("review.nobody")}</p> }.into_any();
    }
    let rows = shown.iter().zip(names).map(|(change, named)| {
        let credits: i64 = change.corrections.iter().map(|c| c.amount()).sum();
        let credits = if credits == 0 {
            "–".to_owned()
        } else {
            signed(credits)
        };
        let from_to = |from: i64, to: i64| {
            if from == to {
                figure(to)
            } else {
                format!("{} → {}", figure(from), figure(to))
            }
        };
        view! {
            <tr>
                <th scope="row">{named.name.clone()}<small>{named.unit.clone()}</small></th>
                <td class="number">{from_to(change.before.rank, change.after.rank)}</td>
                <td class="number">{from_to(change.before.points, change.after.points)}</td>
                <td class="number">{credits}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="sheet" aria-labelledby="who">
            <div class="section-head"><h2 id="who">{words.t("review.who")}</h2><p>{words.t("review.who-order")}</p></div>
            <div class="table-wrap" role="region" tabindex="0" aria-label=words.t("review.dry-run")>
                <table class="table">
                    <thead><tr>
                        <th scope="col"><span>{words.t("review.learner")}</span></th>
                        <th scope="col" class="number"><span>{words.t("contest.rank")}</span></th>
                        <th scope="col" class="number"><span>{words.t("review.points")}</span></th>
                        <th scope="col" class="number"><span>{words.t("credits.bonus")}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
