//! Which address leads where.

use crate::live;
use crate::middleware::refuse;
use app::error::ApiError;
use app::state::AppState;
use app::visit::Visit;
use app::{contest, credits, home, identity, law, org, practice, study};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;
use platform::Error;

/// Every page, form and server function.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(home::page::home))
        .route(
            "/sign-in",
            get(identity::page::sign_in).post(identity::form::sign_in),
        )
        .route("/sign-out", post(identity::form::sign_out))
        .route("/sign-out/all", post(identity::form::sign_out_all))
        .route("/language", post(identity::form::language))
        .route("/me", get(identity::page::me))
        .route(
            "/me/password",
            get(identity::page::password).post(identity::form::password),
        )
        .route("/me/type-size", post(identity::form::type_size))
        .route("/me/credits", get(credits::page::credits))
        .route("/laws", get(law::page::laws))
        .route("/laws/{slug}", get(law::page::contents))
        .route("/laws/{slug}/{article}", get(law::page::section))
        .route("/lessons", get(study::page::lessons))
        .route("/lessons/{id}", get(study::page::lesson))
        .route("/lessons/{id}/check", post(study::form::check))
        .route(
            "/practice",
            get(practice::page::practice).post(practice::form::answer),
        )
        .route("/contests", get(contest::page::contests))
        .route("/contests/quick", get(contest::quick::page::quick))
        .route("/contests/quick/queue", post(contest::quick::form::queue))
        .route("/contests/quick/wait", get(contest::quick::wait::wait))
        .route("/contests/quick/leave", post(contest::quick::form::leave))
        .route("/contests/quick/rooms", post(contest::quick::form::open))
        .route(
            "/contests/quick/rooms/{code}",
            get(contest::quick::room::room).post(contest::quick::form::enter),
        )
        .route(
            "/contests/quick/rooms/{code}/start",
            post(contest::quick::form::start),
        )
        .route("/contests/{id}", get(contest::page::contest))
        .route(
            "/contests/{id}/certificate",
            get(contest::certificate::claimed).post(contest::certificate::claim),
        )
        .route("/certificates", get(contest::certificate::enter))
        .route("/certificates/{code}", get(contest::certificate::check))
        .route("/me/certificates", get(contest::certificate::mine))
        .route(
            "/me/certificates/{file}",
            get(contest::certificate::own_picture),
        )
        .route("/contests/{id}/board", get(contest::ranking::page))
        .route("/contests/{id}/attempts", post(contest::form::start))
        .route("/contests/{id}/practice", post(contest::form::practise))
        .route(
            "/contests/{id}/attempts/{attempt}",
            get(contest::sitting::attempt).post(contest::form::save),
        )
        .merge(teams())
        .merge(challenge())
        .route("/matches/{id}", get(contest::r#match::page::player))
        .route("/matches/{id}/host", get(contest::r#match::page::host))
        .route("/matches/{id}/screen", get(contest::r#match::page::screen))
        .route("/matches/{id}/watch", get(contest::r#match::page::watch))
        .route("/matches/{id}/live", get(live::socket))
        .route("/matches/{id}/events", get(live::events))
        .route("/matches/{id}/log", get(live::log))
        .route("/matches/{id}/wish", post(live::wish))
        .route(
            "/contests/{id}/attempts/{attempt}/receipt",
            get(contest::sitting::receipt),
        )
        .route("/admin", get(org::page::admin))
        .route("/admin/contests", get(contest::edit::page::list))
        .route(
            "/admin/contests/new",
            get(contest::edit::new::new).post(contest::edit::form::create),
        )
        .route(
            "/admin/contests/{id}",
            get(contest::edit::page::edit).post(contest::edit::form::save),
        )
        .route(
            "/admin/contests/{id}/preview",
            get(contest::edit::preview::preview),
        )
        .route(
            "/admin/contests/{id}/trial",
            get(contest::edit::preview::sit).post(contest::edit::preview::graded),
        )
        .route("/admin/contests/{id}/copy", post(contest::edit::form::copy))
        .route(
            "/admin/contests/{id}/withdraw",
            post(contest::edit::form::withdraw),
        )
        .route(
            "/admin/contests/{id}/delete",
            get(contest::edit::page::ask_delete).post(contest::edit::form::delete),
        )
        .route(
            "/admin/contests/{id}/final",
            get(contest::edit::stage::plan).post(contest::edit::stage::make),
        )
        .route(
            "/admin/contests/{id}/renew",
            post(contest::edit::stage::renew),
        )
        .merge(reviews())
        .route("/api/{*name}", post(server_function))
}

/// What is the same for everybody and is asked for by thousands every few seconds: outside the
/// layers of the pages.
pub fn light() -> Router<AppState> {
    Router::new()
        .route("/contests/{id}/board/live", get(contest::ranking::live))
        .route("/contests/{id}/board.json", get(contest::ranking::json))
}

/// What happens after a contest closes.
fn reviews() -> Router<AppState> {
    use contest::review::{dry_run, form, objection, page, question, record};
    Router::new()
        .route(
            "/contests/{id}/attempts/{attempt}/objections/{place}",
            get(objection::ask).post(objection::object),
        )
        .route("/me/objections", get(objection::mine))
        .route("/contests/{id}/record", get(record::record))
        .route("/admin/contests/{id}/review", get(page::review))
        .route(
            "/admin/contests/{id}/review/questions/{question}",
            get(question::question),
        )
        .route(
            "/admin/contests/{id}/review/questions/{question}/reply",
            post(form::reply),
        )
        .route(
            "/admin/contests/{id}/review/dry-run",
            get(dry_run::dry_run).post(form::confirm),
        )
        .route("/admin/contests/{id}/review/line", post(form::line))
        .route("/admin/contests/{id}/review/final", post(form::finalize))
        .route("/admin/contests/{id}/review/reopen", post(form::reopen))
}

/// Forms that take more than others, with a limit of their own.
pub fn large() -> Router<AppState> {
    Router::new()
        .route(
            "/admin/contests/{id}/list",
            get(contest::edit::list::list).post(contest::edit::list::paste),
        )
        .layer(DefaultBodyLimit::max(contest::edit::list::LARGEST_LIST))
}

/// Teams of a group challenge.
fn teams() -> Router<AppState> {
    use contest::team::{form, invitation, list, page};
    Router::new()
        .route("/contests/{id}/teams", get(list::list).post(form::register))
        .route("/contests/{id}/teams/join/{code}", get(invitation::ask))
        .route(
            "/contests/{id}/teams/{team}",
            get(page::page).post(form::act),
        )
        .route(
            "/contests/{id}/teams/{team}/withdraw",
            get(invitation::ask_withdraw),
        )
}

/// The day of a group challenge.
fn challenge() -> Router<AppState> {
    use contest::challenge::{day, draw, form, matches, programme, settle};
    Router::new()
        .route("/contests/{id}/matches", get(matches::page))
        .route("/contests/{id}/day", get(day::page))
        .route("/contests/{id}/day/hosts", post(form::hosts))
        .route(
            "/contests/{id}/day/programme",
            get(programme::page).post(programme::save),
        )
        .route("/contests/{id}/day/draw", get(draw::page).post(draw::make))
        .route(
            "/contests/{id}/day/matches/{match}/unmake",
            get(settle::ask_unmake).post(settle::unmake),
        )
        .route(
            "/contests/{id}/day/matches/{match}/decide",
            post(settle::decide),
        )
        .route(
            "/contests/{id}/day/matches/{match}/decider",
            post(settle::decider),
        )
        .route(
            "/contests/{id}/day/remake/{place}",
            get(settle::ask_remake).post(settle::remake),
        )
        .route(
            "/contests/{id}/day/declare",
            get(settle::ask_declare).post(settle::declare),
        )
}

/// Runs a server function with what it may use. What was refused before it ran is told as by the
/// function itself: in a sentence, with a fitting status.
async fn server_function(
    State(state): State<AppState>,
    visit: Visit,
    request: Request,
) -> Response {
    let response =
        handle_server_fns_with_context(move || provide_context(state.clone()), request).await;
    let response = response.into_response();
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    match response.status() {
        // There is no such function.
        StatusCode::BAD_REQUEST if !is_json => {
            refuse(&visit, StatusCode::NOT_FOUND, Error::NotFound)
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            let (head, body) = response.into_parts();
            let Ok(body) = to_bytes(body, 64 * 1024).await else {
                let error = Error::Fault(anyhow::anyhow!("an answer that could not be read"));
                return refuse(&visit, StatusCode::INTERNAL_SERVER_ERROR, error);
            };
            let error = serde_json::from_slice::<ApiError>(&body);
            if error.is_ok_and(|error| error.code == "malformed") {
                let error = Error::Invalid("malformed");
                return refuse(&visit, StatusCode::UNPROCESSABLE_ENTITY, error);
            }
            Response::from_parts(head, body.into())
        }
        _ => response,
    }
}

/// Whether an address can be seen without an account.
#[must_use]
pub fn is_open(path: &str) -> bool {
    matches!(
        path,
        "/sign-in" | "/sign-out" | "/sign-out/all" | "/language"
    ) || path == "/laws"
        || path.starts_with("/laws/")
        || path == "/certificates"
        || path.starts_with("/certificates/")
        || looks_on(path)
        || is_board(path)
}

/// Whether an address is the public board of a contest.
fn is_board(path: &str) -> bool {
    let inside = path.strip_prefix("/contests/");
    inside
        .and_then(|inside| inside.split_once('/'))
        .is_some_and(|(_, what)| what == "board")
}

/// Whether an address is one of a live match that the public may look on at.
fn looks_on(path: &str) -> bool {
    let inside = path.strip_prefix("/matches/");
    inside
        .and_then(|inside| inside.split_once('/'))
        .is_some_and(|(_, what)| matches!(what, "screen" | "watch" | "live" | "events" | "log"))
}
