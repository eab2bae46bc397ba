//! What islands need of the browser: ids, a running clock, storage, and an end.

use domain::id::{EventId, uuid_v7};
use domain::time::Millis;
use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A new event id.
#[must_use]
#[allow(
    clippy::disallowed_methods,
    reason = "the one place in the browser that makes ids"
)]
pub fn event_id() -> EventId {
    let mut random = [0; 10];
    random.copy_from_slice(&uuid::Uuid::new_v4().as_bytes()[..10]);
    EventId(uuid_v7(Millis(now()), &random))
}

/// Milliseconds since 1970 that never run backwards while the page is open, whatever is done to
/// the phone's clock.
#[must_use]
pub fn now() -> i64 {
    let performance = window().performance();
    performance.map_or(0, |p| (p.time_origin() + p.now()) as i64)
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// What is stored on the phone under a name.
#[must_use]
pub fn stored<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    let text = storage()?.get_item(name).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// Stores a copy on the phone; nothing is lost where that is forbidden, it is only a copy.
pub fn store<T: serde::Serialize>(name: &str, value: &T) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(value)) {
        let _ = storage.set_item(name, &text);
    }
}

/// Takes a copy off the phone.
pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// Microseconds of the page's clock, which never runs backwards.
#[must_use]
pub fn micros() -> i64 {
    let performance = window().performance();
    performance.map_or(0, |p| ((p.time_origin() + p.now()) * 1_000.0) as i64)
}

/// What this tab keeps under a name: it outlives a reload, and no other tab has it.
#[must_use]
pub fn in_session<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    let storage = window().session_storage().ok().flatten()?;
    let text = storage.get_item(name).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// Keeps something in this tab.
pub fn keep_in_session<T: serde::Serialize>(name: &str, value: &T) {
    let storage = window().session_storage().ok().flatten();
    if let (Some(storage), Ok(text)) = (storage, serde_json::to_string(value)) {
        let _ = storage.set_item(name, &text);
    }
}

/// Takes something out of this tab.
pub fn drop_from_session(name: &str) {
    if let Some(storage) = window().session_storage().ok().flatten() {
        let _ = storage.remove_item(name);
    }
}

/// Ends this island when its page is left: leptos never unmounts an island, so its timers and
/// listeners would go on for ever.
pub fn end_with_page() {
    let Some(owner) = Owner::current() else {
        return;
    };
    let handle = std::rc::Rc::new(std::cell::RefCell::new(None::<WindowListenerHandle>));
    let inner = handle.clone();
    let listener = window_event_listener_untyped("page-leave", move |_| {
        owner.cleanup();
        if let Some(handle) = inner.borrow_mut().take() {
            handle.remove();
        }
    });
    *handle.borrow_mut() = Some(listener);
}

/// Runs `act` on an event of the window until the island ends.
pub fn on_window(event: &str, act: impl Fn() + 'static) {
    let handle = window_event_listener_untyped(event, move |_| act());
    on_cleanup(move || handle.remove());
}

/// Runs `act` every `milliseconds` until the island ends.
pub fn every(milliseconds: u64, act: impl Fn() + 'static) {
    let duration = std::time::Duration::from_millis(milliseconds);
    if let Ok(handle) = set_interval_with_handle(act, duration) {
        on_cleanup(move || handle.clear());
    }
}

/// Goes to an address of this site, as a link would.
pub fn go(to: &str) {
    let _ = window().location().assign(to);
}

/// Goes to sign in, and from there back to this page.
pub fn sign_in() {
    let here = window().location();
    let here = here.pathname().unwrap_or_default() + &here.search().unwrap_or_default();
    let next = js_sys::encode_uri_component(&here);
    go(&format!("/sign-in?next={next}"));
}

/// The values of the fields called `name` in a form.
#[must_use]
pub fn field_values(form: &web_sys::HtmlFormElement, name: &str) -> Vec<String> {
    let data = web_sys::FormData::new_with_form(form);
    let all = data.map(|d| {
        d.get_all(name)
            .iter()
            .filter_map(|v| v.as_string())
            .collect()
    });
    all.unwrap_or_default()
}

/// The form in which an event happened.
#[must_use]
pub fn form_of(event: &web_sys::Event) -> Option<web_sys::HtmlFormElement> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("form").ok().flatten()?.dyn_into().ok()
}
