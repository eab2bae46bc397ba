//! The floor: what it takes to tell one message to so many sockets, by nothing but axum.

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use futures_util::StreamExt;
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinSet;

/// Bytes of a message: about as many as the counts of the match.
const BYTES: usize = 1_600;
const ROUNDS: usize = 3;

async fn socket(
    State(news): State<broadcast::Sender<Utf8Bytes>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        let mut news = news.subscribe();
        if socket.send(Message::Text("in".into())).await.is_err() {
            return;
        }
        while let Ok(text) = news.recv().await {
            if socket.send(Message::Text(text)).await.is_err() {
                return;
            }
        }
    })
}

/// Milliseconds from the sending of a message until each of `sockets` has it, a few times over.
pub async fn measure(sockets: usize) -> anyhow::Result<Vec<f64>> {
    let (news, _) = broadcast::channel::<Utf8Bytes>(4);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("ws://{}/", listener.local_addr()?);
    let app = Router::new()
        .route("/", get(socket))
        .with_state(news.clone());
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let (heard, mut ears) = mpsc::unbounded_channel::<Instant>();
    let mut listeners = JoinSet::new();
    for _ in 0..sockets {
        let (mut socket, _) = tokio_tungstenite::connect_async(&address).await?;
        socket.next().await; // it is in
        let heard = heard.clone();
        listeners.spawn(async move {
            while let Some(Ok(_)) = socket.next().await {
                if heard.send(Instant::now()).is_err() {
                    return;
                }
            }
        });
    }
    let mut times = Vec::with_capacity(sockets * ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        news.send("x".repeat(BYTES).into())?;
        for _ in 0..sockets {
            let at = ears.recv().await.unwrap_or(began);
            times.push(at.duration_since(began).as_secs_f64() * 1_000.0);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    listeners.shutdown().await;
    server.abort();
    Ok(times)
}
