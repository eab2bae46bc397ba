//! `/laws`, `/laws/{slug}` and `/laws/{slug}/{article}`.

use super::shelf::{Key, Leaf};
use crate::format;
use crate::page::{Failure, Page, Row, Tab, fragment, icon, percent, redirect};
use crate::state::AppState;
use crate::study::page::clock_words;
use crate::study::{StudyClock, api::Subject};
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::LawSlug;
use domain::law::ArticleNumber;
use domain::time::SECOND;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use platform::Error;
use platform::law::read::{self, Contents, Entry, Neighbour, Node, NodeKind, Part, Section};
use platform::study;
use serde::Deserialize;

/// What is looked for in the list.
#[derive(Deserialize)]
pub struct Search {
    q: Option<String>,
}

/// The list of laws.
pub async fn laws(
    State(state): State<AppState>,
    visit: Visit,
    Query(search): Query<Search>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let q: String = search
        .q
        .unwrap_or_default()
        .trim()
        .chars()
        .take(40)
        .collect();
    let mut laws = read::list(&state.db).await?;
    let all = laws.len();
    laws.retain(|law| law.title.contains(&q));
    let page = Page::new(&state, &visit, words.t("law.laws"))
        .tab(Tab::Study)
        .back("/", words.t("nav.study"));
    Ok(page.render(move || {
        let rows = laws.into_iter().map(|law| {
            let note = match (law.version_date.as_str(), law.versions) {
                ("", _) => String::new(),
                (date, 1) => words.f("law.version-of", &[("date", &format::date(words, date))]),
                (date, n) => words.f(
                    "law.versions-of",
                    &[("date", &format::date(words, date)), ("n", &n)],
                ),
            };
            let mut row = Row::new(format!("/laws/{}", law.slug), law.title, note);
            row.song = true;
            row.figure = words.f("law.articles", &[("n", &format::figure(law.articles))]);
            row.view()
        });
        let rows = rows.collect_view();
        let none = rows.is_empty().then(|| {
            let key = if all == 0 { "law.no-laws" } else { "law.none-found" };
            view! { <div class="empty">{icon("law")}<p>{words.t(key)}</p></div> }
        });
        view! {
            <header class="page-head"><h1>{words.t("law.laws")}</h1><p>{words.f("law.count", &[("n", &all)])}</p></header>
            <form class="search" method="get" action="/laws" role="search">
                <input type="search" name="q" value=q aria-label=words.t("law.search") placeholder=words.t("law.search")/>
                <button aria-label=words.t("law.find")>{icon("search")}</button>
            </form>
            <ul class="rows">{rows}</ul>
            {none}
        }
    }))
}

/// Which version is asked for.
#[derive(Deserialize)]
pub struct Wanted {
    version: Option<String>,
}

impl Wanted {
    /// The query that keeps to the version; empty for the newest.
    fn query(date: &str, is_latest: bool) -> String {
        if is_latest {
            String::new()
        } else {
            format!("?version={date}")
        }
    }
}

/// The contents of a law.
pub async fn contents(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let slug = LawSlug(slug);
    let key = Key {
        revision: read::revision(&state.db).await?,
        language: visit.language,
        law: slug.0.clone(),
        version: wanted.version.clone(),
        place: None,
    };
    let made = make_contents(&state, words, &slug, wanted.version.as_deref());
    let leaf = state.shelf.take(key, made).await?;
    let place = match &visit.viewer {
        Some(viewer) => study::place_in(&state.db, viewer.learner, &slug).await?,
        None => None,
    };
    let page = Page::new(&state, &visit, leaf.title.clone())
        .tab(Tab::Study)
        .back("/laws", words.t("law.laws"));
    Ok(page.render(move || {
        let go_on = place.map(|place| {
            let label = place
                .address
                .parse::<ArticleNumber>()
                .map(|n| n.to_string());
            let name = match label {
                Ok(label) => words.f("law.go-on", &[("article", &label)]),
                Err(_) => words.t("law.go-on-reading").to_owned(),
            };
            let query = Wanted::query(&place.version_date, place.version_date == leaf.newest);
            let to = format!("/laws/{slug}/{a}{query}#a{a}", a = place.address);
            view! { <div class="dock"><a class="button primary" href=to>{name}</a></div> }
        });
        view! { {InertElement::new(leaf.html.clone())} {go_on} }
    }))
}

async fn make_contents(
    state: &AppState,
    words: Words,
    slug: &LawSlug,
    version: Option<&str>,
) -> Result<Leaf, Error> {
    let law = read::contents(&state.db, slug, version)
        .await?
        .ok_or(Error::NotFound)?;
    let html = fragment(|| {
        view! {
            <header class="law-head">
                <h1>{breakable(&law.title)}</h1>
                <p>{dated(words, &law)}</p>
            </header>
            {versions(words, &law)}
            {law.parts.iter().map(|part| history(words, part)).collect_view()}
            {toc(words, &law, None)}
        }
    });
    Ok(Leaf {
        title: law.title,
        version_date: law.version_date,
        newest: law.versions.into_iter().next().unwrap_or_default(),
        html,
    })
}

/// A title that may break after 中华人民共和国.
fn breakable(title: &str) -> impl IntoView + use<> {
    match title.strip_prefix("中华人民共和国") {
        Some(rest) if !rest.is_empty() => {
            view! { "中华人民共和国" <wbr/> {rest.to_owned()} }.into_any()
        }
        _ => title.to_owned().into_any(),
    }
}

fn dated(words: Words, law: &Contents) -> String {
    let mut lines = Vec::new();
    if !law.version_date.is_empty() {
        lines.push(words.f(
            "law.version-of",
            &[("date", &format::date(words, &law.version_date))],
        ));
    }
    if let Some(date) = &law.effective_date {
        lines.push(words.f("law.effective", &[("date", &format::date(words, date))]));
    }
    lines.join(words.t("law.joint"))
}

fn versions(words: Words, law: &Contents) -> Option<impl IntoView + use<>> {
    (law.versions.len() > 1).then(|| {
        let tabs = law.versions.iter().map(|date| {
            let here = (*date == law.version_date).then_some("page");
            let to = format!("/laws/{}?version={date}", law.slug);
            let name = words.f("law.text-of", &[("date", &format::date(words, date))]);
            view! { <li><a href=to aria-current=here>{name}</a></li> }
        });
        let tabs = tabs.collect_view();
        view! { <nav class="tabs" aria-label=words.t("law.versions")><ul>{tabs}</ul></nav> }
    })
}

fn history(words: Words, part: &Part) -> Option<impl IntoView + use<>> {
    (!part.history.is_empty()).then(|| {
        let name = if part.name.is_empty() {
            words.f("law.history", &[("n", &part.history.len())])
        } else {
            words.f(
                "law.history-part",
                &[("part", &part.name), ("n", &part.history.len())],
            )
        };
        let lines = part
            .history
            .iter()
            .map(|line| view! { <li><p>{line.clone()}</p></li> })
            .collect_view();
        view! {
            <details class="disclosure">
                <summary>{icon("history")}{name}</summary>
                <ol class="timeline">{lines}</ol>
            </details>
        }
    })
}

/// The contents as nested lists; `here` is the address of the section that is open.
fn toc(words: Words, law: &Contents, here: Option<&str>) -> impl IntoView + use<> {
    let query = Wanted::query(&law.version_date, law.is_latest);
    let mut parts = Vec::new();
    for part in &law.parts {
        let name = (!part.name.is_empty())
            .then(|| view! { <h3 class="contents-part">{part.name.clone()}</h3> });
        let list = level(words, &law.slug, &query, &part.entries, here);
        parts.push(view! { {name}<ol>{list}</ol> });
    }
    let title = if here.is_some() {
        view! { <h2 id="toc">{law.title.clone()}</h2> }.into_any()
    } else {
        view! { <div class="section-head"><h2 id="toc">{words.t("law.contents")}</h2></div> }
            .into_any()
    };
    let class = if here.is_some() {
        "reader-contents contents"
    } else {
        "contents"
    };
    view! { <nav class=class aria-labelledby="toc">{title}{parts}</nav> }
}

/// The entries of one level, each with those below it.
fn level(
    words: Words,
    slug: &str,
    query: &str,
    entries: &[Entry],
    here: Option<&str>,
) -> Vec<AnyView> {
    let Some(depth) = entries.iter().map(|e| e.depth).min() else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut rest = entries;
    while let Some((entry, after)) = rest.split_first() {
        let below = after.iter().take_while(|e| e.depth > depth).count();
        let (inner, next) = after.split_at(below);
        rest = next;
        let name = match (entry.label.as_str(), entry.title.as_str()) {
            ("", "") => words.t("law.text").to_owned(),
            (label, "") => label.to_owned(),
            ("", title) => title.to_owned(),
            (label, title) => format!("{label}　{title}"),
        };
        let range = match (entry.from, entry.to) {
            (Some(from), Some(to)) if from == to => {
                words.f("law.one-article", &[("n", &from.address())])
            }
            (Some(from), Some(to)) => words.f(
                "law.range",
                &[("from", &from.address()), ("to", &to.address())],
            ),
            _ => String::new(),
        };
        let current = (here == Some(entry.address.as_str()) && below == 0).then_some("page");
        let to = format!("/laws/{slug}/{}{query}", entry.address);
        let list = (below > 0).then(|| {
            view! { <ol>{level(words, slug, query, inner, here)}</ol> }
        });
        out.push(
            view! {
                <li>
                    <a href=to aria-current=current>
                        <span class="contents-title">{name}</span>
                        <span class="contents-range">{range}</span>
                    </a>
                    {list}
                </li>
            }
            .into_any(),
        );
    }
    out
}

/// The reader: the section in which an article stands.
pub async fn section(
    State(state): State<AppState>,
    visit: Visit,
    Path((slug, address)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let law = LawSlug(slug);
    // An article has one address; written out, as 第一百二十条之一, it leads there.
    if let Ok(number) = address.parse::<ArticleNumber>()
        && number.address() != address
    {
        let query = wanted
            .version
            .map_or(String::new(), |v| format!("?version={}", percent(&v)));
        return Ok(redirect(
            &format!("/laws/{law}/{}{query}", number.address()),
            None,
        ));
    }
    let key = Key {
        revision: read::revision(&state.db).await?,
        language: visit.language,
        law: law.0.clone(),
        version: wanted.version.clone(),
        place: Some(address.clone()),
    };
    let made = make_section(&state, words, &law, wanted.version.as_deref(), &address);
    let leaf = state.shelf.take(key, made).await?;
    let clock = match &visit.viewer {
        Some(viewer) => {
            let subject = study::Subject::Law(law.clone());
            let studied = study::studied_ms(&state.db, viewer.learner, &subject).await?;
            Some((viewer.learner.to_string(), studied / SECOND))
        }
        None => None,
    };
    let query = Wanted::query(&leaf.version_date, leaf.version_date == leaf.newest);
    let page = Page::new(&state, &visit, leaf.title.clone())
        .tab(Tab::Study)
        .back(format!("/laws/{law}{query}"), words.t("law.contents"))
        .classes("", "page wide");
    let version = leaf.version_date.clone();
    let chip = move || {
        clock.map(|(owner, seconds)| {
            view! {
                <StudyClock
                    subject=Subject::Law(law)
                    owner=owner
                    seconds=seconds
                    version=version
                    words=clock_words(words)
                />
            }
        })
    };
    Ok(page.render_with(chip, move || InertElement::new(leaf.html.clone())))
}

async fn make_section(
    state: &AppState,
    words: Words,
    law: &LawSlug,
    version: Option<&str>,
    address: &str,
) -> Result<Leaf, Error> {
    let section = read::section(&state.db, law, version, address)
        .await?
        .ok_or(Error::NotFound)?;
    let contents = read::contents(&state.db, law, version)
        .await?
        .ok_or(Error::NotFound)?;
    let name = section.breadcrumb.last().map_or_else(
        || section.title.clone(),
        |(label, title)| format!("{label} {title}").trim().to_owned(),
    );
    let query = Wanted::query(&section.version_date, section.is_latest);
    let html = fragment(|| {
        view! {
            <div class="reader">
                {toc(words, &contents, Some(&section.address))}
                <article class="reader-text">
                    {head(words, &section, &name)}
                    {section.nodes.iter().map(|n| node(n, section.marked.as_deref())).collect_view()}
                    {neighbours(words, &section, &query)}
                </article>
            </div>
        }
    });
    Ok(Leaf {
        title: format!("{name} · {law}"),
        version_date: section.version_date,
        newest: contents.versions.into_iter().next().unwrap_or_default(),
        html,
    })
}

fn head(words: Words, section: &Section, name: &str) -> impl IntoView + use<> {
    let mut above = vec![section.title.clone()];
    if !section.part.is_empty() {
        above.push(section.part.clone());
    }
    let outer = section.breadcrumb.len().saturating_sub(1);
    above.extend(
        section
            .breadcrumb
            .iter()
            .take(outer)
            .map(|(label, title)| format!("{label} {title}")),
    );
    let old = (!section.is_latest).then(|| {
        let date = format::date(words, &section.version_date);
        let to = format!("/laws/{}", section.slug);
        view! {
            <div class="flash" data-kind="info">
                {icon("info")}
                <p>{words.f("law.old-version", &[("date", &date)])}" "<a href=to>{words.t("law.to-newest")}</a></p>
            </div>
        }
    });
    view! {
        {old}
        <header class="reader-head"><p>{above.join("　")}</p><h1>{name.to_owned()}</h1></header>
    }
}

fn node(node: &Node, marked: Option<&str>) -> AnyView {
    let here = (marked == Some(node.address.as_str())).then_some("location");
    let id = format!("a{}", node.address);
    match node.kind {
        NodeKind::Article => {
            let link = format!("#{id}");
            view! {
                <section class="article" id=id data-address=node.address.clone() aria-current=here>
                    <h2><a href=link>{node.label.clone()}</a></h2>
                    <div inner_html=node.html.clone()></div>
                </section>
            }
            .into_any()
        }
        NodeKind::Heading => {
            view! { <h2 id=id>{format!("{} {}", node.label, node.title).trim().to_owned()}</h2> }
                .into_any()
        }
        NodeKind::Text => view! {
            <section class="article" id=id data-address=node.address.clone()>
                <div inner_html=node.html.clone()></div>
            </section>
        }
        .into_any(),
    }
}

fn neighbours(words: Words, section: &Section, query: &str) -> impl IntoView + use<> {
    let link = |n: &Neighbour, rel: &'static str, name: &'static str| {
        let to = format!("/laws/{}/{}{query}", section.slug, n.address);
        let title = format!("{} {}", n.label, n.title).trim().to_owned();
        view! { <a rel=rel href=to><span>{name}</span>{title}</a> }
    };
    let previous = section
        .previous
        .as_ref()
        .map(|n| link(n, "prev", words.t("law.previous")));
    let next = section
        .next
        .as_ref()
        .map(|n| link(n, "next", words.t("law.next")));
    view! { <nav class="reader-next" aria-label=words.t("law.neighbours")>{previous}{next}</nav> }
}
