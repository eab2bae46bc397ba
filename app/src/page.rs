//! The frame of every page: head, top bar, main, navigation; and the pages for errors.
//!
//! A handler gathers its data, makes a [`Page`] and renders it with a view. An error becomes a
//! [`Failure`], which the middleware turns into a page in the reader's language.

use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use std::sync::Arc;

/// Which tab of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// 学习.
    Study,
    /// 练习.
    Practice,
    /// 竞赛.
    Contest,
    /// 我的.
    Me,
}

/// A page before its contents are known.
pub struct Page<'a> {
    state: &'a AppState,
    visit: &'a Visit,
    title: String,
    status: StatusCode,
    tab: Option<Tab>,
    back: Option<(String, String)>,
    aside: Option<AnyView>,
    body: &'static str,
    main: &'static str,
    module: Module,
    script: Option<&'static str>,
}

/// The code that wakes a page's islands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Module {
    /// What learners and administrators use.
    Usual,
    /// What a live match uses, and nothing else.
    Live,
}

impl<'a> Page<'a> {
    /// A page with a title, the navigation and no tab chosen.
    #[must_use]
    pub fn new(state: &'a AppState, visit: &'a Visit, title: impl Into<String>) -> Self {
        Self {
            state,
            visit,
            title: title.into(),
            status: StatusCode::OK,
            tab: None,
            back: None,
            aside: None,
            body: "",
            main: "page",
            module: Module::Usual,
            script: None,
        }
    }

    /// The page belongs to a tab.
    #[must_use]
    pub const fn tab(mut self, tab: Tab) -> Self {
        self.tab = Some(tab);
        self
    }

    /// The way back: where to and its name.
    #[must_use]
    pub fn back(mut self, to: impl Into<String>, name: impl Into<String>) -> Self {
        self.back = Some((to.into(), name.into()));
        self
    }

    /// Another status than 200.
    #[must_use]
    pub const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Classes of `body` (`bare` has no navigation, `stage` is the contest's) and of `main`.
    #[must_use]
    pub const fn classes(mut self, body: &'static str, main: &'static str) -> Self {
        self.body = body;
        self.main = main;
        self
    }

    /// The islands of the page are in another module than the usual one.
    #[must_use]
    pub const fn module(mut self, module: Module) -> Self {
        self.module = module;
        self
    }

    /// A small module of the page's own, beside the one that moves between pages. Pages with it and
    /// pages without it are loaded in full from one another.
    #[must_use]
    pub const fn script(mut self, address: &'static str) -> Self {
        self.script = Some(address);
        self
    }

    /// Renders the page. `aside` stands at the right of the top bar. Both views are made inside
    /// an owner of their own, which is gone when the page is made.
    #[must_use]
    pub fn render_with<V: IntoView + 'static, A: IntoView + 'static>(
        self,
        aside: impl FnOnce() -> A,
        view: impl FnOnce() -> V,
    ) -> Response {
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let status = self.status;
        let html = owner.with(|| {
            let aside = Some(aside().into_any());
            let main = view().into_any();
            Page { aside, ..self }.document(main).to_html()
        });
        owner.cleanup();
        (status, Html(format!("<!DOCTYPE html>{html}"))).into_response()
    }

    /// Renders the page without anything at the right of the top bar.
    #[must_use]
    pub fn render<V: IntoView + 'static>(self, view: impl FnOnce() -> V) -> Response {
        self.render_with(|| (), view)
    }

    fn document(self, main: AnyView) -> impl IntoView {
        let Self {
            state,
            visit,
            title,
            tab,
            back,
            aside,
            body,
            main: main_class,
            module,
            script,
            ..
        } = self;
        let words = visit.words();
        let assets = state.assets.clone();
        let (js, wasm) = match module {
            Module::Usual => (&assets.js, &assets.wasm),
            Module::Live => (&assets.live_js, &assets.live_wasm),
        };
        let size = (visit.type_size != 100).then(|| visit.type_size.to_string());
        let with_nav = body.is_empty();
        let on_stage = body.starts_with("stage");
        let flash = visit.flash.clone().map(|flash| {
            let sentence = words.f(&flash.key, &[("n", &flash.figure)]);
            view! {
                <div class="flash" role="status" data-kind=flash.kind.clone()>
                    {icon(if flash.kind == "right" { "right" } else if flash.kind == "wrong" { "wrong" } else { "info" })}
                    <p>{sentence}</p>
                </div>
            }
        });
        let full_title = format!("{title} · {}", words.t("app.name"));
        let lead = match back {
            Some((to, name)) if on_stage => view! {
                <a class="back" href=to>{icon("close")}<span class="visually-hidden">{name}</span></a>
            }
            .into_any(),
            Some((to, name)) => {
                view! { <a class="back" href=to>{icon("back")}{name}</a> }.into_any()
            }
            None if with_nav => view! { <a class="wordmark" href="/">{mark()}{words.t("app.name")}</a> }.into_any(),
            None => view! { <span></span> }.into_any(),
        };
        view! {
            <html lang=visit.language.tag() data-type=size>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                    <meta name="color-scheme" content="light dark"/>
                    <meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)"/>
                    <meta name="theme-color" content="#14130f" media="(prefers-color-scheme: dark)"/>
                    <title>{full_title}</title>
                    <link rel="stylesheet" href=assets.css.clone()/>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    <link rel="apple-touch-icon" href="/icon-180.png"/>
                    <link rel="manifest" href="/manifest.webmanifest"/>
                    <meta name="module" content=js.clone() data-wasm=wasm.clone()/>
                    <script type="module" nonce=visit.nonce.clone() src=assets.navigate.clone()></script>
                    {script.map(|src| view! { <script type="module" nonce=visit.nonce.clone() src=src></script> })}
                </head>
                <body class=body>
                    <a class="skip" href="#main">{words.t("app.skip")}</a>
                    <header class="topbar">
                        {lead}
                        {(!on_stage && !title.is_empty()).then(|| view! {
                            <p class="topbar-title" aria-hidden="true">{title}</p>
                        })}
                        {aside}
                    </header>
                    <main id="main" class=main_class tabindex="-1">{flash}{main}</main>
                    {with_nav.then(|| navigation(words, tab))}
                    <div id="announce" class="visually-hidden" role="status" aria-live="polite"></div>
                </body>
            </html>
        }
    }
}

fn navigation(words: Words, current: Option<Tab>) -> impl IntoView {
    let tabs = [
        (Tab::Study, "/", "book", words.t("nav.study")),
        (
            Tab::Practice,
            "/practice",
            "practice",
            words.t("nav.practice"),
        ),
        (Tab::Contest, "/contests", "trophy", words.t("nav.contest")),
        (Tab::Me, "/me", "user", words.t("nav.me")),
    ];
    let tabs = tabs.map(|(tab, to, picture, name)| {
        let here = (current == Some(tab)).then_some("page");
        view! { <li><a href=to aria-current=here>{icon(picture)}<span>{name}</span></a></li> }
    });
    view! { <nav class="nav" aria-label=words.t("nav.label")><ul>{tabs.into_iter().collect_view()}</ul></nav> }
}

/// The HTML of a part of a page that has no island and does not hang on the visitor.
#[must_use]
pub fn fragment<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(None);
    let html = owner.with(|| view().into_any().to_html());
    owner.cleanup();
    html
}

/// An icon of the sprite.
#[must_use]
pub fn icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true"><use href=format!("/icons.svg#{name}")></use></svg> }
}

/// The product's mark.
#[must_use]
pub fn mark() -> impl IntoView {
    view! { <svg aria-hidden="true"><use href="/favicon.svg#mark"></use></svg> }
}

/// A row of a list that leads somewhere.
pub struct Row {
    /// Where to.
    pub to: String,
    /// Its icon, if it has one.
    pub icon: Option<&'static str>,
    /// Its colour: `right` or `gold`, if it has one.
    pub state: Option<&'static str>,
    /// The line.
    pub title: String,
    /// The muted line under it.
    pub note: String,
    /// Per cent done, if that is shown.
    pub progress: Option<(i64, String)>,
    /// At the right.
    pub figure: String,
    /// Whether the title is a law's.
    pub song: bool,
}

impl Row {
    /// A row with a title and a note.
    #[must_use]
    pub fn new(to: impl Into<String>, title: impl Into<String>, note: impl Into<String>) -> Self {
        Self {
            to: to.into(),
            icon: None,
            state: None,
            title: title.into(),
            note: note.into(),
            progress: None,
            figure: String::new(),
            song: false,
        }
    }

    /// The row as an item of `ul.rows`.
    #[must_use]
    pub fn view(self) -> impl IntoView {
        let lead = self.icon.map(|name| {
            view! { <span class="row-lead" data-state=self.state>{icon(name)}</span> }
        });
        let progress = self.progress.map(|(per_cent, label)| {
            view! { <progress max="100" value=per_cent.to_string() aria-label=label></progress> }
        });
        let note =
            (!self.note.is_empty()).then(|| view! { <span class="row-note">{self.note}</span> });
        let figure = (!self.figure.is_empty())
            .then(|| view! { <span class="row-figure">{self.figure}</span> });
        let title = if self.song {
            "row-title song"
        } else {
            "row-title"
        };
        view! {
            <li>
                <a class="row" href=self.to>
                    {lead}
                    <span class="row-body"><span class=title>{self.title}</span>{note}{progress}</span>
                    {figure}
                </a>
            </li>
        }
    }
}

/// A handler that did not make its page.
#[derive(Debug)]
pub struct Failure(pub platform::Error);

impl<E: Into<platform::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// What [`failure_page`] needs to know of a [`Failure`], carried by its answer.
#[derive(Debug, Clone)]
pub struct FailureNote(pub Arc<platform::Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status());
        let mut response = status
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response();
        response
            .extensions_mut()
            .insert(FailureNote(Arc::new(self.0)));
        response
    }
}

/// The page for an error. Of a fault it gives the number that the log knows it by.
#[must_use]
pub fn failure_page(state: &AppState, visit: &Visit, error: &platform::Error) -> Response {
    let words = visit.words();
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (picture, title, sentence) = match error {
        platform::Error::NotFound => (
            "search",
            words.t("failure.not-found"),
            words.t("failure.not-found-words").to_owned(),
        ),
        platform::Error::Fault(_) => (
            "warning",
            words.t("failure.fault"),
            words.t("failure.fault-words").to_owned(),
        ),
        other => ("info", words.t("failure.refused"), words.error(other)),
    };
    let number = matches!(error, platform::Error::Fault(_))
        .then(|| words.f("failure.number", &[("id", &visit.request_id)]));
    Page::new(state, visit, title)
        .status(status)
        .render(move || {
            view! {
                <div class="empty">
                    {icon(picture)}
                    <h1>{title}</h1>
                    <p>{sentence}</p>
                    <a class="button primary" href="/">{words.t("failure.home")}</a>
                    {number.map(|n| view! { <p><small>{n}</small></p> })}
                </div>
            }
        })
}

/// 303 to another page, with a message for it.
#[must_use]
pub fn redirect(to: &str, flash: Option<crate::visit::Flash>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let to = HeaderValue::try_from(percent(to)).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, to);
    if let Some(flash) = flash {
        let cookie = format!(
            "flash={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
            flash.value()
        );
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// An address with what is not ASCII percent-encoded, as a header needs it.
#[must_use]
pub fn percent(address: &str) -> String {
    let mut out = String::new();
    for byte in address.bytes() {
        if byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A message that something was done.
#[must_use]
pub fn done(key: &str, figure: i64) -> Option<crate::visit::Flash> {
    Some(crate::visit::Flash {
        kind: "right".to_owned(),
        key: key.to_owned(),
        figure,
    })
}

/// A message that something was refused, and why.
#[must_use]
pub fn refused(error: &platform::Error) -> Option<crate::visit::Flash> {
    let figure = error.figure().unwrap_or_default();
    let key = format!("error.{}", error.code());
    Some(crate::visit::Flash {
        kind: "wrong".to_owned(),
        key,
        figure,
    })
}
