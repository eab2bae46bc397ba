//! What happens to every request: an id, who asks, a defence against other sites, headers, and
//! pages for what went wrong.

use crate::routes;
use crate::site;
use app::error::ApiError;
use app::identity::form::COOKIE;
use app::page::{FailureNote, failure_page, redirect};
use app::state::AppState;
use app::visit::{Flash, Visit};
use app::words::Language;
use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use platform::identity::{self, Viewer};
use platform::{Error, clock, id};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// The longest that a request may take.
const LONGEST: Duration = Duration::from_secs(20);

/// What the outermost layer needs.
#[derive(Clone)]
pub struct Outer {
    /// The state of pages.
    pub state: AppState,
    /// Where the files are.
    pub site: Arc<PathBuf>,
    /// Whether the site is behind TLS.
    pub tls: bool,
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, value)| (n == name).then_some(value))
}

/// Makes the visit of `viewer`: in which language, and what it is known by.
fn visit(
    viewer: Option<Viewer>,
    headers: &HeaderMap,
    path: String,
    request_id: String,
) -> platform::Result<Visit> {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|v| v.to_str().ok());
    let chosen = viewer
        .as_ref()
        .and_then(|v| v.language.as_deref())
        .or_else(|| cookie(headers, "language"))
        .and_then(Language::of_tag);
    let nonce: String = id::random::<16>()?
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    Ok(Visit {
        language: chosen.unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default())),
        type_size: viewer.as_ref().map_or(100, |v| v.type_size),
        viewer: viewer.map(Arc::new),
        flash: cookie(headers, "flash").and_then(Flash::parse),
        request_id,
        nonce,
        path,
    })
}

/// Whether a change comes from a page of this site: by `Sec-Fetch-Site`, which a page can not
/// forge; where a browser does not send it (plain http outside localhost), by `Origin`, and where
/// that is missing too by `Referer`, which must be this host. A program that sends none of them is
/// no browser, and carries no one else's cookie.
fn is_own(request: &Request) -> bool {
    let text = |name: &str| {
        request
            .headers()
            .get(name)
            .map(|v| v.to_str().unwrap_or("?"))
    };
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(from) = text("origin").or_else(|| text("referer")) else {
        return true;
    };
    let from: Result<Uri, _> = from.parse();
    let host = text("host");
    from.is_ok_and(|from| host.is_some() && from.authority().map(|a| a.as_str()) == host)
}

/// The outermost layer.
pub async fn every_request(
    State(outer): State<Outer>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let request_id = match id::fresh(clock::now()) {
        Ok(id) => id.to_string(),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    if site::is_file(&path) && (method == Method::GET || method == Method::HEAD) {
        let mut response = site::file(&outer.site, request).await;
        secure(&outer, &mut response, None);
        return response;
    }
    // A database that is down is told as a page, too.
    let viewer = match cookie(request.headers(), COOKIE) {
        Some(token) => identity::viewer(&outer.state.db, token, clock::now()).await,
        None => Ok(None),
    };
    let (viewer, down) = match viewer {
        Ok(viewer) => (viewer, None),
        Err(error) => (None, Some(error)),
    };
    let visit = match visit(viewer, request.headers(), path.clone(), request_id.clone()) {
        Ok(visit) => visit,
        Err(error) => {
            tracing::error!(
                request = request_id,
                cause = format!("{error:#}"),
                "no visit"
            );
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    request.extensions_mut().insert(visit.clone());
    let inner = async {
        let mut response = match down {
            Some(error) => refuse(&visit, StatusCode::SERVICE_UNAVAILABLE, error),
            None => match timeout(LONGEST, next.run(request)).await {
                Ok(response) => response,
                Err(_) => refuse(&visit, StatusCode::SERVICE_UNAVAILABLE, Error::Timeout),
            },
        };
        let route = response
            .extensions()
            .get::<MatchedPath>()
            .map(|m| m.as_str().to_owned());
        if let Some(FailureNote(error)) = response.extensions().get().cloned() {
            if let Error::Fault(cause) = error.as_ref() {
                tracing::error!(request = request_id, cause = format!("{cause:#}"), "fault");
            }
            let status = response.status();
            response = failure_page(&outer.state, &visit, &error);
            *response.status_mut() = status;
        } else if !path.starts_with("/api/") && is_bare_failure(&response) {
            let error = match response.status() {
                StatusCode::NOT_FOUND => Error::NotFound,
                StatusCode::PAYLOAD_TOO_LARGE => Error::Invalid("too-large"),
                status if status.is_server_error() => Error::Fault(anyhow::anyhow!("{status}")),
                _ => Error::Invalid("malformed"),
            };
            let status = response.status();
            response = failure_page(&outer.state, &visit, &error);
            *response.status_mut() = status;
        }
        (response, route)
    };
    let (mut response, route) = inner.await;
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        let soon = HeaderValue::from_static("2"); // seconds: about a hundred sign-ins
        response.headers_mut().insert(header::RETRY_AFTER, soon);
    }
    private(&visit, &mut response);
    secure(&outer, &mut response, Some(&visit.nonce));
    if let Ok(value) = HeaderValue::try_from(request_id.as_str()) {
        response.headers_mut().insert("x-request-id", value);
    }
    let status = response.status().as_u16();
    let ms = began.elapsed().as_secs_f64() * 1000.0;
    let route = route.unwrap_or_else(|| "none".to_owned());
    metrics::histogram!("http_request_ms", "route" => route.clone(), "status" => status.to_string())
        .record(ms);
    tracing::info!(request = request_id, %method, route, status, ms = (ms * 100.0).round() / 100.0, "request");
    response
}

/// The one layer around what is the same for everybody and is asked for by thousands: the usual
/// headers, and the time for the metrics.
pub async fn light_request(State(outer): State<Outer>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let mut response = next.run(request).await;
    if let Some(FailureNote(error)) = response.extensions().get()
        && let Error::Fault(cause) = error.as_ref()
    {
        tracing::error!(cause = format!("{cause:#}"), "fault");
    }
    secure(&outer, &mut response, None);
    let status = response.status().as_u16().to_string();
    metrics::histogram!("http_request_ms", "route" => "light", "status" => status)
        .record(began.elapsed().as_secs_f64() * 1000.0);
    response
}

/// Around every route that there is: notes it for the metrics, never the path itself, and lets in
/// who may.
pub async fn every_route(
    visit: Visit,
    matched: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match guard(&request, &visit) {
        Some(refused) => refused,
        None => next.run(request).await,
    };
    response.extensions_mut().insert(matched);
    response
}

/// What refuses a request: JSON for the interface, a page for everything else.
pub fn refuse(visit: &Visit, status: StatusCode, error: Error) -> Response {
    if visit.path.starts_with("/api/") {
        if let Error::Fault(cause) = &error {
            tracing::error!(request = %visit.request_id, cause = format!("{cause:#}"), "fault");
        }
        let body = ApiError {
            code: error.code().to_owned(),
            message: visit.words().error(&error),
            figure: None,
        };
        return (status, Json(body)).into_response();
    }
    let mut response = app::page::Failure(error).into_response();
    *response.status_mut() = status;
    response
}

/// Refuses what comes from another site, sends to sign in whoever must, and to a new password
/// whoever signs in for the first time.
fn guard(request: &Request, visit: &Visit) -> Option<Response> {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // A socket is opened by reading, and then it writes.
    let writes = !reads || request.headers().contains_key(header::UPGRADE);
    if writes && !is_own(request) {
        let error = Error::Invalid("cross-site");
        return Some(refuse(visit, StatusCode::FORBIDDEN, error));
    }
    if routes::is_open(path) {
        return None;
    }
    match &visit.viewer {
        None if path.starts_with("/api/") => {
            Some(refuse(visit, StatusCode::UNAUTHORIZED, Error::SignInNeeded))
        }
        None => {
            let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
            let to = if reads && wanted != "/" {
                format!("/sign-in?next={}", query_value(wanted))
            } else {
                "/sign-in".to_owned()
            };
            Some(redirect(&to, None))
        }
        Some(viewer) if viewer.must_change_password && path != "/me/password" => {
            if path.starts_with("/api/") {
                Some(refuse(visit, StatusCode::FORBIDDEN, Error::Forbidden))
            } else {
                Some(redirect("/me/password", None))
            }
        }
        Some(_) => None,
    }
}

/// Text as the value of a query.
fn query_value(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-_.~/".contains(&b);
    text.bytes()
        .map(|b| {
            if keep(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// An error that is not a page yet: of the router, a limit or an extractor. What is told to a
/// program, as JSON, stays as it is.
fn is_bare_failure(response: &Response) -> bool {
    let is_said = is_of(response, "text/html") || is_of(response, "application/json");
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && !is_said
}

/// Whether the answer says that it is of a content type.
fn is_of(response: &Response, kind: &str) -> bool {
    let said = response.headers().get(header::CONTENT_TYPE);
    said.is_some_and(|said| said.as_bytes().starts_with(kind.as_bytes()))
}

/// Pages are never kept by time; those of an account are never kept at all, or Back would show
/// them after signing out. A message is shown once.
fn private(visit: &Visit, response: &mut Response) {
    let is_page = is_of(response, "text/html");
    let cache = if visit.viewer.is_some() || !is_page {
        "no-store"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(cache));
    headers.append(
        header::VARY,
        HeaderValue::from_static("cookie, accept-language"),
    );
    if is_page && visit.flash.is_some() {
        let gone = HeaderValue::from_static("flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        headers.append(header::SET_COOKIE, gone);
    }
}

/// The usual headers, and a Content-Security-Policy with this answer's nonce.
fn secure(outer: &Outer, response: &mut Response, nonce: Option<&str>) {
    let headers = response.headers_mut();
    let script = nonce.map_or(String::new(), |n| format!(" 'nonce-{n}'"));
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{script}; style-src 'self'; \
         img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if outer.tls {
        let stay = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, stay);
    }
}
