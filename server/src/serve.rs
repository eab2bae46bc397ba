//! `zhijian serve`.

use crate::middleware::{Outer, every_request, every_route};
use crate::{jobs, middleware, routes};
use anyhow::Context;
use app::state::{AppState, Assets};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use platform::contest::Boards;
use platform::contest::r#match::Hall;
use platform::identity::Hasher;
use platform::{Db, clock};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tracing_subscriber::EnvFilter;

/// The largest body of a form or a server function, in bytes.
const LARGEST_BODY: usize = 64 * 1024;
/// Connections that may wait to be taken up: a hall full of phones opens its page at once.
const BACKLOG: u32 = 4_096;
/// People who may wait to have their password checked.
const SIGN_IN_QUEUE: usize = 400;

/// Serves until SIGTERM or SIGINT, then finishes what it has begun.
pub async fn serve(
    listen: SocketAddr,
    site: PathBuf,
    tls: bool,
    address: &str,
) -> anyhow::Result<ExitCode> {
    log();
    let assets = assets(&site)?;
    let db = Db::open(address)
        .await
        .context("the database could not be opened")?;
    let metrics = PrometheusBuilder::new().install_recorder()?;
    // One core hashes, the other keeps saving answers.
    let workers = std::thread::available_parallelism().map_or(1, |n| (n.get() / 2).max(1));
    let hall = Hall::new(db.clone());
    let state = AppState {
        db: db.clone(),
        hasher: Hasher::new(workers, SIGN_IN_QUEUE)?,
        hall: hall.clone(),
        boards: Boards::new(db.clone()),
        wall: app::contest::ranking::Wall::default(),
        assets: Arc::new(assets),
        shelf: app::law::Shelf::default(),
        secure: tls,
    };
    let (stop, stopped) = watch::channel(false);
    let posting = tokio::spawn(jobs::post_contests(db.clone(), stopped.clone()));
    let sweeping = tokio::spawn(jobs::sweep(db.clone(), stopped.clone()));
    let pairing = tokio::spawn(jobs::quick_matches(db.clone(), hall.clone(), stopped));
    let listener = bind(listen, db.is_postgres())
        .with_context(|| format!("{listen} can not be listened on"))?;
    let address = listener.local_addr()?;
    println!("listening on http://{address}");
    tracing::info!(%address, "listening");
    // Without it every answer of two pieces waits 40 ms for a delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let app = router(
        Outer {
            state,
            site: Arc::new(site),
            tls,
        },
        metrics,
    );
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            asked_to_stop().await;
            hall.close().await; // a stream would never come to its end by itself
        })
        .await?;
    tracing::info!("stopping");
    let _ = stop.send(true);
    posting.await?;
    sweeping.await?;
    pairing.await?;
    db.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Listens. Processes that share a database may share the address too: the kernel hands each
/// connection to one of them.
fn bind(listen: SocketAddr, shared: bool) -> std::io::Result<TcpListener> {
    let socket = if listen.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(shared)?;
    socket.bind(listen)?;
    socket.listen(BACKLOG)
}

/// The names of the site's files: those that `make build` wrote down, or those that cargo-leptos
/// gives without writing them down.
fn assets(site: &Path) -> anyhow::Result<Assets> {
    if let Ok(names) = std::fs::read_to_string(site.join("pkg/assets.json")) {
        return serde_json::from_str(&names).context("pkg/assets.json");
    }
    anyhow::ensure!(
        site.join("pkg/zhijian.js").exists(),
        "{} is not a built site; run `make build` first",
        site.display()
    );
    Ok(Assets {
        js: "/pkg/zhijian.js".to_owned(),
        wasm: "/pkg/zhijian.wasm".to_owned(),
        // cargo-leptos makes one module: the pages of a live match show what the server draws.
        live_js: "/pkg/zhijian.js".to_owned(),
        live_wasm: "/pkg/zhijian.wasm".to_owned(),
        css: "/pkg/zhijian.css".to_owned(),
        navigate: "/navigate.js".to_owned(),
    })
}

/// Everything that is served.
fn router(outer: Outer, metrics: PrometheusHandle) -> Router {
    let pages = routes::routes()
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .merge(routes::large())
        .route_layer(axum::middleware::from_fn(every_route))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn_with_state(
            outer.clone(),
            every_request,
        ))
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
        .with_state(outer.state.clone());
    // Thousands ask for these every few seconds: one layer, and no line in the log.
    let light = routes::light().layer(axum::middleware::from_fn_with_state(
        outer.clone(),
        middleware::light_request,
    ));
    // For whoever watches the machine: before every layer, and silent in the log.
    Router::new()
        .merge(light.with_state(outer.state.clone()))
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready).with_state(outer.state))
        .route("/metrics", get(async move || metrics.render()))
        .fallback_service(pages)
}

/// Whether the database answers.
async fn ready(State(state): State<AppState>) -> Response {
    match platform::starter::is_empty(&state.db).await {
        Ok(_) => ([(header::CACHE_CONTROL, "no-store")], "ready").into_response(),
        Err(error) => {
            tracing::error!(
                cause = format!("{error:#}"),
                at = clock::now().0,
                "not ready"
            );
            (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response()
        }
    }
}

fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

async fn asked_to_stop() {
    let (Ok(mut term), Ok(mut int)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}
