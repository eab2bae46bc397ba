//! `/sign-in`, `/me` and `/me/password`.

use crate::format;
use crate::page::{Failure, Page, Row, Tab, icon, mark};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::{Language, Words};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use platform::identity::MIN_PASSWORD;
use platform::{Error, clock, contest, credits, org};
use serde::Deserialize;

/// Where to go after signing in.
#[derive(Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// An address of this site, or none: a path that begins with one slash and has nothing in it that
/// a browser could take for another host.
#[must_use]
pub fn inside(next: Option<&str>) -> Option<String> {
    let next = next?;
    let plain = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.contains(|c: char| c.is_control())
        && next.len() <= 500
        && !next.starts_with("/sign-in");
    plain.then(|| next.to_owned())
}

/// The page to sign in.
pub async fn sign_in(
    State(state): State<AppState>,
    visit: Visit,
    Query(next): Query<Next>,
) -> Response {
    if visit.viewer.is_some() {
        let to = inside(next.next.as_deref()).unwrap_or_else(|| "/".to_owned());
        return crate::page::redirect(&to, None);
    }
    sign_in_page(&state, &visit, inside(next.next.as_deref()), "", None)
}

/// The page to sign in, with what went wrong. The account stays, the password never comes back.
pub fn sign_in_page(
    state: &AppState,
    visit: &Visit,
    next: Option<String>,
    account: &str,
    error: Option<&Error>,
) -> Response {
    let words = visit.words();
    let status = error.map_or(StatusCode::OK, |e| {
        StatusCode::from_u16(e.status()).unwrap_or(StatusCode::UNAUTHORIZED)
    });
    let sentence = error.map(|e| words.error(e));
    let account = account.to_owned();
    let languages = language_form(words, visit.language, "/sign-in");
    let page = Page::new(state, visit, words.t("identity.sign-in"))
        .classes("bare", "page sign-in")
        .status(status);
    page.render(move || {
        let wrong = sentence.is_some().then_some("true");
        let described = sentence.is_some().then_some("account-error");
        let summary = sentence.map(|s| error_summary(words.t("identity.not-signed-in"), "account", s));
        view! {
            <p class="wordmark">{mark()}{words.t("app.name")}</p>
            <p class="muted">{words.t("app.motto")}</p>
            <header class="page-head"><h1>{words.t("identity.sign-in")}</h1></header>
            {summary}
            <form method="post" action="/sign-in">
                {next.map(|n| view! { <input type="hidden" name="next" value=n/> })}
                <div class="field">
                    <label for="account">{words.t("identity.account")}</label>
                    <input id="account" name="account" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required=true value=account aria-invalid=wrong aria-describedby=described/>
                </div>
                <div class="field">
                    <label for="password">{words.t("identity.password")}</label>
                    <input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required=true aria-invalid=wrong aria-describedby=described/>
                </div>
                <button class="button primary block">{words.t("identity.sign-in")}</button>
            </form>
            <p class="aside">{words.t("identity.forgotten")}</p>
            {languages}
        }
    })
}

/// What is wrong, above a form, leading to the field.
fn error_summary(title: &'static str, field: &'static str, sentence: String) -> impl IntoView {
    view! {
        <div class="error-summary" role="alert" aria-labelledby="error-title">
            {icon("wrong")}
            <h2 id="error-title">{title}</h2>
            <ul><li><a id="account-error" href=format!("#{field}")>{sentence}</a></li></ul>
        </div>
    }
}

/// The form that changes the language and comes back to `back`.
fn language_form(words: Words, current: Language, back: &'static str) -> impl IntoView {
    let buttons = Language::ALL.map(|language| {
        let pressed = (language == current).to_string();
        view! { <button name="language" value=language.tag() aria-pressed=pressed lang=language.tag()>{language.name()}</button> }
    });
    view! {
        <form class="segments" id="language" method="post" action="/language">
            <input type="hidden" name="back" value=back/>
            <fieldset>
                <legend>{words.t("identity.language")}</legend>
                <div>{buttons.into_iter().collect_view()}</div>
            </fieldset>
        </form>
    }
}

/// The account's page.
pub async fn me(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    let words = visit.words();
    let viewer = visit.signed_in()?;
    let now = clock::now();
    let total = credits::total(&state.db, viewer.learner, now).await?;
    let unit = match org::unit_of(&state.db, viewer.learner, now).await? {
        Some(unit) => org::path(&state.db, &unit).await?,
        None => Vec::new(),
    };
    let unit: Vec<String> = unit.into_iter().skip(1).map(|(_, _, name)| name).collect();
    let (name, admin) = (viewer.name.clone(), viewer.home_unit().is_some());
    let editor = contest::edit::editor_units(viewer).next().is_some();
    let language = visit.language;
    let size = visit.type_size;
    let page = Page::new(&state, &visit, words.t("nav.me")).tab(Tab::Me);
    Ok(page.render(move || {
        let initial: String = name.chars().take(1).collect();
        let mut credit_row = Row::new(
            "/me/credits",
            words.t("credits.credits"),
            words.f("credits.missing", &[("goal", &format::figure(total.goal)), ("n", &format::figure(total.missing()))]),
        );
        credit_row.icon = Some("credit");
        credit_row.state = Some("gold");
        credit_row.figure = words.f("credits.amount", &[("n", &format::figure(total.all))]);
        let mut certificate_row = Row::new("/me/certificates", words.t("certificate.mine"), words.t("certificate.mine-note"));
        certificate_row.icon = Some("trophy");
        let mut objection_row = Row::new("/me/objections", words.t("review.my-objections"), words.t("review.my-objections-words"));
        objection_row.icon = Some("flag");
        let admin_row = admin.then(|| {
            let mut row = Row::new("/admin", words.t("org.title"), words.t("org.row-note"));
            row.icon = Some("unit");
            row.view()
        });
        let editor_row = editor.then(|| {
            let mut row = Row::new("/admin/contests", words.t("contest-edit.contests"), words.t("contest-edit.row-note"));
            row.icon = Some("trophy");
            row.view()
        });
        let sizes = platform::identity::TYPE_SIZES.map(|s| {
            let name = words.t(match s {
                100 => "identity.type-normal",
                125 => "identity.type-big",
                _ => "identity.type-biggest",
            });
            view! { <button name="size" value=s.to_string() aria-pressed=(s == size).to_string()>{name}</button> }
        });
        let unit_line = if unit.is_empty() { words.t("org.no-unit").to_owned() } else { unit.join(" ") };
        view! {
            <header class="page-head profile">
                <span class="initial" aria-hidden="true">{initial}</span>
                <div><h1>{name}</h1><p>{unit_line}</p></div>
            </header>
            <section aria-label=words.t("identity.records")>
                <ul class="rows">{credit_row.view()}{certificate_row.view()}{objection_row.view()}{admin_row}{editor_row}</ul>
            </section>
            <section aria-labelledby="prefs">
                <div class="section-head"><h2 id="prefs">{words.t("identity.display")}</h2></div>
                <form class="segments" id="type" method="post" action="/me/type-size">
                    <fieldset>
                        <legend>{words.t("identity.type-size")}</legend>
                        <div>{sizes.into_iter().collect_view()}</div>
                    </fieldset>
                </form>
                {language_form(words, language, "/me")}
            </section>
            <section aria-labelledby="safety">
                <div class="section-head"><h2 id="safety">{words.t("identity.safety")}</h2></div>
                <ul class="rows">
                    <li><a class="row" href="/me/password"><span class="row-lead">{icon("key")}</span><span class="row-body"><span class="row-title">{words.t("identity.change-password")}</span></span></a></li>
                    <li><form method="post" action="/sign-out"><button class="row"><span class="row-lead">{icon("sign-out")}</span><span class="row-body"><span class="row-title">{words.t("identity.sign-out")}</span></span></button></form></li>
                    <li><form method="post" action="/sign-out/all"><button class="row"><span class="row-lead">{icon("devices")}</span><span class="row-body"><span class="row-title">{words.t("identity.sign-out-all")}</span><span class="row-note">{words.t("identity.sign-out-all-note")}</span></span></button></form></li>
                </ul>
            </section>
        }
    }))
}

/// The page to change the password.
pub async fn password(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    visit.signed_in()?;
    Ok(password_page(&state, &visit, None))
}

/// The page to change the password, with what went wrong.
pub fn password_page(state: &AppState, visit: &Visit, error: Option<&Error>) -> Response {
    let words = visit.words();
    let first = visit
        .viewer
        .as_ref()
        .is_some_and(|v| v.must_change_password);
    let status = error.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let sentence = error.map(|e| match e {
        Error::WrongPassword => words.t("error.old-password").to_owned(),
        other => words.error(other),
    });
    let mut page = Page::new(state, visit, words.t("identity.change-password")).status(status);
    page = if first {
        page.classes("bare", "page")
    } else {
        page.tab(Tab::Me).back("/me", words.t("nav.me"))
    };
    page.render(move || {
        let note = if first { "identity.first-password" } else { "identity.password-note" };
        let field = |name: &'static str, label: &'static str, complete: &'static str| {
            view! {
                <div class="field">
                    <label for=name>{label}</label>
                    <input id=name name=name type="password" autocomplete=complete maxlength="256" required=true/>
                </div>
            }
        };
        let summary = sentence.map(|s| error_summary(words.t("identity.not-changed"), "current", s));
        view! {
            <header class="page-head"><h1>{words.t("identity.change-password")}</h1><p>{words.t(note)}</p></header>
            {summary}
            <form method="post" action="/me/password">
                {field("current", words.t("identity.current-password"), "current-password")}
                <div class="field">
                    <label for="new">{words.t("identity.new-password")}</label>
                    <p class="hint" id="new-hint">{words.f("identity.password-rule", &[("n", &MIN_PASSWORD)])}</p>
                    <input id="new" name="new" type="password" autocomplete="new-password" minlength=MIN_PASSWORD.to_string() maxlength="256" required=true aria-describedby="new-hint"/>
                </div>
                {field("again", words.t("identity.again"), "new-password")}
                <div class="dock"><button class="button primary">{words.t("identity.save-password")}</button></div>
            </form>
            {first.then(|| view! {
                <form method="post" action="/sign-out"><button class="button quiet">{words.t("identity.sign-out")}</button></form>
            })}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn only_addresses_of_this_site_are_followed_after_signing_in() {
        assert_eq!(
            inside(Some("/laws/宪法?x=1#a5")).as_deref(),
            Some("/laws/宪法?x=1#a5")
        );
        for outside in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:x",
            "/a\nb",
            "/sign-in",
            "",
        ] {
            assert_eq!(inside(Some(outside)), None, "{outside}");
        }
    }
}
