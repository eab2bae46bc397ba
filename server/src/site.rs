//! The files of `target/site`, as they stand: names with a hash for ever, others checked anew.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::path::Path;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// Serves one file of the folder, with ranges and the compressed copies beside it.
pub async fn file(site: &Path, request: Request) -> Response {
    let name = request.uri().path().rsplit('/').next().unwrap_or_default();
    // name.hash.ending
    let hashed = request.uri().path().starts_with("/pkg/") && name.matches('.').count() > 1;
    let is_icons = name == "icons.svg";
    let files = ServeDir::new(site)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let mut response = match files.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    if !response.status().is_success() && response.status() != StatusCode::NOT_MODIFIED {
        return response;
    }
    let cache = if hashed {
        "public, max-age=31536000, immutable"
    } else if is_icons {
        // The sign that says that there is no signal has to be there without one.
        "public, max-age=60, stale-while-revalidate=604800"
    } else {
        "public, no-cache"
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    // The same address is answered as brotli, gzip or neither: a shared cache must tell them apart.
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response.into_response()
}

/// The paths that files may have: everything else is a page.
#[must_use]
pub fn is_file(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/pkg/")
        || path.starts_with("/videos/")
        || matches!(
            last,
            "board.js"
                | "favicon.ico"
                | "favicon.svg"
                | "icons.svg"
                | "manifest.webmanifest"
                | "navigate.js"
                | "quick.js"
                | "robots.txt"
        )
        || (path.starts_with("/icon-") && last.ends_with(".png"))
}
