//! The three roads that frames come by: a WebSocket, server-sent events, and asking now and then.

use domain::contest::r#match::message::{Asked, Told};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventSource, MessageEvent, WebSocket};

/// A way by which frames come, from the best to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// A WebSocket, which carries wishes too.
    Socket,
    /// Server-sent events; wishes and answers to pings by POST.
    Events,
    /// Asking each second; wishes and answers to pings by POST.
    Polling,
}

impl Road {
    /// The road to try when this one leads nowhere.
    pub const fn next(self) -> Self {
        match self {
            Self::Socket => Self::Events,
            Self::Events => Self::Polling,
            Self::Polling => Self::Socket,
        }
    }

    /// How long everything missed may take to come, in milliseconds.
    pub const fn patience(self) -> i64 {
        match self {
            Self::Socket => 3_000,
            Self::Events | Self::Polling => 5_000,
        }
    }
}

/// What is open now.
pub enum Wire {
    /// A WebSocket.
    Socket(WebSocket),
    /// Server-sent events.
    Events(EventSource),
    /// Nothing stays open between two questions.
    Polling,
}

impl Wire {
    /// Closes it; it says nothing any more.
    pub fn close(&self) {
        match self {
            Self::Socket(socket) => {
                socket.set_onmessage(None);
                socket.set_onclose(None);
                socket.set_onerror(None);
                let _ = socket.close();
            }
            Self::Events(events) => {
                events.set_onmessage(None);
                events.set_onerror(None);
                events.close();
            }
            Self::Polling => {}
        }
    }
}

/// A listener that the browser frees with what it listens to.
fn on<E: wasm_bindgen::convert::FromWasmAbi + 'static>(
    act: impl Fn(E) + 'static,
) -> js_sys::Function {
    Closure::<dyn Fn(E)>::new(act)
        .into_js_value()
        .unchecked_into()
}

/// Opens a WebSocket; `None` where there is no such thing.
pub fn socket(
    path: &str,
    hear: impl Fn(String) + 'static,
    ended: impl Fn() + Clone + 'static,
) -> Option<Wire> {
    let location = window().location();
    let scheme = match location.protocol().ok()?.as_str() {
        "https:" => "wss",
        _ => "ws",
    };
    let address = format!("{scheme}://{}{path}", location.host().ok()?);
    let socket = WebSocket::new(&address).ok()?;
    let also = ended.clone();
    socket.set_onmessage(Some(&on(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            hear(text);
        }
    })));
    socket.set_onclose(Some(&on(move |_: JsValue| ended())));
    socket.set_onerror(Some(&on(move |_: JsValue| also())));
    Some(Wire::Socket(socket))
}

/// Opens a stream of server-sent events; `None` where there is no such thing.
pub fn events(
    path: &str,
    hear: impl Fn(String) + 'static,
    ended: impl Fn() + 'static,
) -> Option<Wire> {
    let events = EventSource::new(path).ok()?;
    events.set_onmessage(Some(&on(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            hear(text);
        }
    })));
    // It would come back by itself, but from the event that it began with.
    events.set_onerror(Some(&on(move |_: JsValue| ended())));
    Some(Wire::Events(events))
}

/// Asks what was missed.
pub fn poll(path: String, heard: impl FnOnce(Option<String>) + 'static) {
    spawn_local(async move {
        let text = async {
            let answer = gloo_net::http::Request::get(&path).send().await.ok()?;
            if !answer.ok() {
                return None;
            }
            answer.text().await.ok()
        };
        heard(text.await);
    });
}

/// Sends a wish by POST; `None` when no answer of the server came.
pub fn post(path: String, asked: Asked, answered: impl FnOnce(Option<Vec<Told>>) + 'static) {
    spawn_local(async move {
        let told = async {
            let request = gloo_net::http::Request::post(&path).json(&asked).ok()?;
            request.send().await.ok()?.json::<Vec<Told>>().await.ok()
        };
        answered(told.await);
    });
}
