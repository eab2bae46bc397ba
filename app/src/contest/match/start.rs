//! How a page of a match begins: what the server gives it, and how the module goes on from there.
//!
//! It is no island: an island takes up what the server drew, and the code for that made the module
//! three times as large. A page of a match draws everything anew as soon as it was told
//! everything; until then, and without wasm, what the server drew stands there.

use super::Scene;
use domain::time::Millis;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which page of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A player's.
    Player,
    /// The host's console.
    Host,
    /// The big screen.
    Screen,
    /// The page for spectators.
    Watch,
}

/// What the module begins with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Start {
    /// Which page it is.
    pub part: Part,
    /// What it is about.
    pub scene: Scene,
    /// The server's time.
    pub now: Millis,
}

/// The place in the page where the module goes on from `first`; `start` is a [`Start`] in JSON.
#[cfg(feature = "ssr")]
pub fn place(start: String, first: impl IntoView) -> impl IntoView {
    view! {
        <leptos-island data-component="wake" data-start=start>
            <div class="first-view">{first}</div>
        </leptos-island>
    }
}

/// Goes on from the place: `navigate.js` calls it as it calls the islands of other pages.
#[cfg(feature = "live")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn wake(place: web_sys::HtmlElement) {
    let start = place.get_attribute("data-start");
    let start = start.and_then(|start| serde_json::from_str::<Start>(&start).ok());
    if let Some(start) = start {
        // It ends with the page, by itself.
        leptos::mount::mount_to(place, move || page(start)).forget();
    }
}

#[cfg(feature = "live")]
fn page(start: Start) -> AnyView {
    use super::live::Live;
    use super::{connection, host, player, screen, watch};
    use domain::contest::r#match::Audience;
    use std::sync::Arc;

    let Start { part, scene, now } = start;
    let player = scene.person.filter(|_| part == Part::Player);
    let audience = match part {
        Part::Player => player.map_or(Audience::Public, Audience::Player),
        Part::Host => Audience::Host,
        Part::Screen | Part::Watch => Audience::Public,
    };
    let live = Live::new(scene.setup.clone(), audience, now);
    connection::open(live, scene.id, player, audience == Audience::Public);
    crate::browser::end_with_page();
    let scene = Arc::new(scene);
    let picture = match part {
        Part::Host => return host::console(scene, live).into_any(),
        Part::Player => player::picture,
        Part::Screen => screen::picture,
        Part::Watch => watch::picture,
    };
    (move || live.awake.get().then(|| picture(&scene, live))).into_any()
}
