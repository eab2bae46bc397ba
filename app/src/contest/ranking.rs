//! `/contests/{id}/board`: the public board of a contest, for everyone who looks on.
//!
//! The rule guarded here: what is the same for everybody is made once. The table is a sheet that is
//! written when the picture behind it changes and sent to thousands as it is; `public/board.js` asks
//! for it every few seconds, less often the more readers there are, and mostly hears that it is the
//! same. Names stand in full for those
//! who are signed in and may see the contest; for everyone else the family name alone.

use super::board::score_words;
use super::form::contest_id;
use super::pace::Pace;
use super::sheet::{self, Kind, Sheet};
use crate::format;
use crate::identity::form::COOKIE;
use crate::page::{Failure, Page, Tab, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::{Language, Words};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::contest::freeze::{Audience, Shown};
use domain::contest::group::GroupRule;
use domain::contest::{ContestKind, Standing};
use domain::id::ContestId;
use domain::time::{Millis, SECOND};
use leptos::prelude::*;
use platform::contest::{self, BoardRow, Of, PublicRow, Taken};
use platform::{Error, clock, identity, org};
use quick_cache::sync::Cache;
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};

/// How long it is believed that a session may see a contest, in milliseconds.
const BELIEVED: i64 = 60 * SECOND;

/// Who reads a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reader {
    /// Whoever comes: family names alone.
    Stranger,
    /// Who may see the contest itself: names in full.
    Learner,
    /// Who may edit the contest: names in full, and never a frozen board.
    Staff,
}

impl Reader {
    const fn audience(self) -> Audience {
        match self {
            Self::Stranger | Self::Learner => Audience::Public,
            Self::Staff => Audience::Staff,
        }
    }

    fn reads_names(self) -> bool {
        self != Self::Stranger
    }
}

/// The sheets of public boards, and who may read names in full.
#[derive(Clone)]
pub struct Wall(Arc<Inner>);

struct Inner {
    sheets: Cache<(ContestId, Of, Kind, Reader), Arc<Sheet>>,
    /// Who a session is before a contest, and since when that is known.
    seats: Cache<(String, ContestId), (Millis, Reader)>,
    pace: Pace,
    writing: Mutex<()>,
}

impl Default for Wall {
    fn default() -> Self {
        Self(Arc::new(Inner {
            sheets: Cache::new(1_000),
            seats: Cache::new(50_000),
            pace: Pace::default(),
            writing: Mutex::default(),
        }))
    }
}

impl Wall {
    /// The sheet of a picture, written now if the picture is a new one.
    fn sheet(&self, contest: ContestId, taken: &Taken, kind: Kind, reader: Reader) -> Arc<Sheet> {
        let key = (contest, taken.picture.of, kind, reader);
        let current = || {
            let sheet = self.0.sheets.get(&key)?;
            sheet.is_of(&taken.picture).then_some(sheet)
        };
        if let Some(sheet) = current() {
            return sheet;
        }
        let _turn = self
            .0
            .writing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        current().unwrap_or_else(|| {
            let sheet = Arc::new(Sheet::write(&taken.picture, kind, reader.reads_names()));
            self.0.sheets.insert(key, sheet.clone());
            sheet
        })
    }
}

/// Which board, and in which language.
#[derive(Deserialize)]
pub struct Wanted {
    of: Option<String>,
    #[serde(rename = "in")]
    language: Option<String>,
}

impl Wanted {
    /// What is asked for, if it is ranked in a contest of that kind; else what is ranked first.
    fn of(&self, kind: ContestKind) -> Of {
        let ranked = Of::of_kind(kind);
        let asked = self.of.as_deref().and_then(Of::parse);
        asked.filter(|of| ranked.contains(of)).unwrap_or(ranked[0])
    }
}

async fn reader(
    state: &AppState,
    viewer: Option<&identity::Viewer>,
    contest: ContestId,
    now: Millis,
) -> Result<Reader, Error> {
    let Some(viewer) = viewer.filter(|viewer| !viewer.must_change_password) else {
        return Ok(Reader::Stranger);
    };
    if state.boards.audience(viewer, contest, now).await? == Audience::Staff {
        return Ok(Reader::Staff);
    }
    match contest::contest(&state.db, viewer, contest, now).await {
        Ok(_) => Ok(Reader::Learner),
        Err(Error::NotFound) => Ok(Reader::Stranger),
        Err(error) => Err(error),
    }
}

/// [`reader`] for those who ask every few seconds: believed for a minute.
async fn seated(
    state: &AppState,
    headers: &HeaderMap,
    contest: ContestId,
    now: Millis,
) -> Result<Reader, Error> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let token = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
        .filter(|token| token.len() == 64);
    let Some(token) = token else {
        return Ok(Reader::Stranger);
    };
    let key = (token.to_owned(), contest);
    if let Some((since, reader)) = state.wall.0.seats.get(&key)
        && (0..BELIEVED).contains(&now.since(since))
    {
        return Ok(reader);
    }
    let viewer = identity::viewer(&state.db, token, now).await?;
    let reader = reader(state, viewer.as_ref(), contest, now).await?;
    if viewer.is_some() {
        state.wall.0.seats.insert(key, (now, reader)); // a token that names nobody is not kept
    }
    Ok(reader)
}

/// The table of a board alone, for the page that is open.
pub async fn live(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let tag = wanted.language.as_deref();
    let language = tag.and_then(Language::of_tag).unwrap_or(Language::ZhCn);
    send(&state, &headers, &id, &wanted, Kind::Html(language)).await
}

/// A board as data, for whoever shows it in a way of their own.
pub async fn json(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    send(&state, &headers, &id, &wanted, Kind::Json).await
}

async fn send(
    state: &AppState,
    headers: &HeaderMap,
    id: &str,
    wanted: &Wanted,
    kind: Kind,
) -> Result<Response, Failure> {
    let now = clock::now();
    let id = contest_id(id)?;
    let reader = seated(state, headers, id, now).await?;
    let of = wanted.of(state.boards.contest(id, now).await?.kind);
    let audience = reader.audience();
    let taken = state.boards.snapshot(id, of, audience, now).await?;
    let sheet = state.wall.sheet(id, &taken, kind, reader);
    let has = |name: header::HeaderName, word: &str| {
        let all = headers.get_all(name).iter();
        all.filter_map(|value| value.to_str().ok())
            .any(|value| value.split(',').any(|part| part.trim() == word))
    };
    let mut response = if has(header::IF_NONE_MATCH, &sheet.tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if has(header::ACCEPT_ENCODING, "gzip") {
        let packed = HeaderValue::from_static("gzip");
        ([(header::CONTENT_ENCODING, packed)], sheet.packed.clone()).into_response()
    } else {
        sheet.text.clone().into_response()
    };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media()));
    answer.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    answer.insert(
        header::VARY,
        HeaderValue::from_static("cookie, accept-encoding"),
    );
    if let Ok(tag) = HeaderValue::try_from(&sheet.tag) {
        answer.insert(header::ETAG, tag);
    }
    if let Ok(clock) = HeaderValue::try_from(format::clock(taken.at)) {
        answer.insert("x-figures-at", clock); // of an answer without a body, too
    }
    let pause = state.wall.0.pace.asked(now);
    answer.insert("x-ask-after", HeaderValue::from(pause)); // milliseconds
    Ok(response)
}

/// The public board.
pub async fn page(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let id = contest_id(&id)?;
    let about = state.boards.contest(id, now).await?;
    let reader = reader(&state, visit.viewer.as_deref(), id, now).await?;
    let full = reader.reads_names();
    let is_team = about.kind == ContestKind::Team;
    let near = match visit.viewer.as_deref() {
        Some(viewer) if full && !is_team && wanted.of.as_deref() == Some("near") => {
            Some(contest::neighbours(&state.boards, viewer, id, now).await?)
        }
        _ => None,
    };
    let of = wanted.of(about.kind);
    let taken = state.boards.snapshot(id, of, reader.audience(), now);
    let taken = taken.await?;
    let own = match visit.viewer.as_deref() {
        Some(viewer) if full && of == Of::Units => {
            let unit = org::unit_of(&state.db, viewer.learner, now).await?;
            match unit {
                Some(unit) => state.boards.below(id, &taken, &unit, now).await?,
                None => None,
            }
        }
        _ => None,
    };
    let kind = Kind::Html(visit.language);
    let sheet = state.wall.sheet(id, &taken, kind, reader);
    let public = state.boards.shown(id, Audience::Public, now).await?;
    let is_ahead = reader == Reader::Staff && matches!(public, Shown::Frozen(_));
    let title = words.f("ranking.page-title", &[("contest", &about.title)]);
    let mut page = Page::new(&state, &visit, title).script("/board.js");
    if full {
        page = page
            .tab(Tab::Contest)
            .back(format!("/contests/{id}"), words.t("nav.contest"));
    } else {
        page = page.classes("bare", "page");
    }
    Ok(page.render(move || {
        let tabs = (!is_team).then(|| tabs(words, id, about.kind, of, near.is_some(), full));
        let body = match near {
            Some(rows) => neighbours(words, &rows).into_any(),
            None => {
                let own = own.map(|row| own_unit(words, &row, about.rules.group));
                view! { {board(words, id, &taken, &sheet)}{own} }.into_any()
            }
        };
        let formula = match of {
            Of::Learners => None,
            Of::Teams => Some(words.t("ranking.teams-words").to_owned()),
            _ => Some(formula(words, about.rules.group)),
        };
        let masked =
            (!full && !is_team).then(|| view! { <p class="muted">{words.t("ranking.masked")}</p> });
        let ahead = is_ahead.then(|| view! { <p class="muted">{words.t("ranking.ahead")}</p> });
        view! {
            <header class="page-head"><h1>{about.title.clone()}</h1>{masked}{ahead}</header>
            {tabs}
            {formula.map(|said| view! { <p class="muted board-formula">{said}</p> })}
            {body}
        }
    }))
}

fn tabs(
    words: Words,
    id: ContestId,
    kind: ContestKind,
    of: Of,
    near: bool,
    full: bool,
) -> impl IntoView + use<> {
    let tab = |word: &str, name: &'static str, here: bool| {
        let here = here.then_some("page");
        view! { <li><a href=format!("/contests/{id}/board?of={word}") aria-current=here>{name}</a></li> }
    };
    let all = Of::of_kind(kind).iter().map(|each| {
        let name = words.t(sheet::name_of(*each));
        tab(each.as_str(), name, *each == of && !near)
    });
    let all = all.collect_view();
    let own = full.then(|| tab("near", words.t("ranking.near"), near));
    view! {
        <nav class="tabs" aria-label=words.t("ranking.scope")><ul>{all}{own}</ul></nav>
    }
}

/// How groups are scored, as the contest states it.
pub(super) fn formula(words: Words, rule: GroupRule) -> String {
    let fill: [(&str, &dyn std::fmt::Display); 3] = [
        ("share", &rule.share),
        ("least", &rule.least),
        ("weight", &rule.weight),
    ];
    words.f("ranking.formula", &fill)
}

/// The table as it is now, and where it is asked for again.
fn board(words: Words, id: ContestId, taken: &Taken, sheet: &Sheet) -> impl IntoView + use<> {
    let of = taken.picture.of.as_str();
    let live = format!("/contests/{id}/board/live?of={of}&in={}", words.0.tag());
    let again = format!("/contests/{id}/board?of={of}");
    let html = String::from_utf8_lossy(&sheet.text).into_owned();
    view! {
        <section aria-label=words.t("contest.board")>
            <div data-live=live data-tag=sheet.tag.clone() data-updated=words.t("ranking.updated") inner_html=html></div>
            <p class="board-foot">
                <span>{words.t("ranking.figures")}" "<time data-figures="">{format::clock(taken.at)}</time></span>
                <span data-stalled="" hidden>{words.t("ranking.stalled")}</span>
                <a href=again>{words.t("ranking.reload")}</a>
            </p>
        </section>
    }
}

/// The viewer's unit, where it stands below those that are shown.
fn own_unit(words: Words, row: &PublicRow, rule: GroupRule) -> impl IntoView + use<> {
    view! {
        <section aria-label=words.t("contest.my-unit")>
            <table class="board">
                <caption>{words.t("contest.my-unit")}</caption>
                {sheet::head(words, Of::Units, "ranking.result")}
                <tbody>{sheet::row(words, row, rule, true)}</tbody>
            </table>
        </section>
    }
}

/// The learners around the viewer.
fn neighbours(words: Words, rows: &[(i64, Standing<BoardRow>)]) -> impl IntoView + use<> {
    if rows.is_empty() {
        return view! { <div class="empty">{icon("trophy")}<p>{words.t("ranking.near-none")}</p></div> }
            .into_any();
    }
    let rows = rows.iter().map(|(rank, standing)| {
        let (points, time) = score_words(words, &standing.score);
        let mine = standing.who.mine.then_some("true");
        view! {
            <tr aria-current=mine>
                <td class="rank">{*rank}</td>
                <td>{standing.who.name.clone()}<small>{standing.who.unit.clone()}</small></td>
                <td class="number"><strong>{points}</strong>" "{words.t("contest.points")}<small>{time}</small></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section aria-label=words.t("ranking.near")>
            <table class="board">
                <caption>{words.t("ranking.near-words")}</caption>
                <thead><tr>
                    <th scope="col" class="rank">{words.t("contest.rank")}</th>
                    <th scope="col">{words.t("contest.learner")}</th>
                    <th scope="col" class="number">{words.t("contest.points-time")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}
