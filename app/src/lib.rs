//! What learners and administrators see. Compiled twice: for the server (feature `ssr`), where
//! every page is made, and for the browser (feature `hydrate`), where only the islands and the
//! calls to server functions are; the islands of a live match are a second module (feature
//! `live`), which has none of the others.
//!
//! One folder a capability: `page.rs` its pages, `form.rs` what its plain forms post to, `api.rs`
//! the server functions that its islands call, and the islands. Pages are axum handlers that ask
//! a service and render a view; they are not routes of leptos' router, because a page made of
//! data that is there already needs neither streaming nor a second copy of the data, and a
//! handler can answer 404 and 303 as they are.

#![recursion_limit = "256"] // the types of nested views are deep

pub mod error;

#[cfg(feature = "ssr")]
pub mod format;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod state;
#[cfg(feature = "ssr")]
pub mod visit;
#[cfg(feature = "ssr")]
pub mod words;

pub mod contest;
#[cfg(feature = "ssr")]
pub mod credits;
#[cfg(feature = "ssr")]
pub mod home;
#[cfg(feature = "ssr")]
pub mod identity;
#[cfg(feature = "ssr")]
pub mod law;
#[cfg(feature = "ssr")]
pub mod org;
#[cfg(not(feature = "live"))]
pub mod practice;
#[cfg(not(feature = "live"))]
pub mod question;
#[cfg(not(feature = "live"))]
pub mod study;

#[cfg(feature = "browser")]
pub mod browser;

/// Makes the browser ready for islands; `navigate.js` calls it once and then wakes them.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
