//! The handler to compare with: axum, one route, bytes from memory.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::serve::ListenerExt;
use std::net::TcpListener;

/// Serves `bytes` at every address, on a runtime and a thread of its own as a server has, until
/// the program ends. Gives the address.
pub fn serve(bytes: Vec<u8>, encoding: Option<&str>) -> anyhow::Result<String> {
    let mut headers = HeaderMap::new();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, html);
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, encoding.parse()?);
    }
    let bytes = Bytes::from(bytes);
    let app = Router::new().fallback(async move || (headers.clone(), bytes.clone()));
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?.to_string();
    let runtime = tokio::runtime::Runtime::new()?;
    std::thread::spawn(move || {
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            axum::serve(listener, app).await
        })
    });
    Ok(address)
}
