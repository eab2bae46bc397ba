//! What the forms of the account post to.

use super::page::{inside, password_page, sign_in_page};
use crate::page::{Failure, done, redirect};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Language;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use platform::identity::{self, SESSION_DAYS};
use platform::{Error, clock};
use serde::Deserialize;

/// The name of the session's cookie.
pub const COOKIE: &str = "session";

/// The form to sign in.
#[derive(Deserialize)]
pub struct SignIn {
    account: String,
    password: String,
    next: Option<String>,
}

/// Signs in and goes on to where the user was going.
pub async fn sign_in(
    State(state): State<AppState>,
    visit: Visit,
    Form(form): Form<SignIn>,
) -> Result<Response, Failure> {
    let next = inside(form.next.as_deref());
    let now = clock::now();
    let signed =
        identity::sign_in(&state.db, &state.hasher, &form.account, &form.password, now).await;
    match signed {
        Ok((token, _)) => {
            let mut response = redirect(next.as_deref().unwrap_or("/"), None);
            let age = SESSION_DAYS * 86_400;
            set_cookie(response.headers_mut(), COOKIE, &token.0, age, state.secure);
            Ok(response)
        }
        Err(Error::Fault(cause)) => Err(Error::Fault(cause).into()),
        Err(error) => {
            let mut response = sign_in_page(&state, &visit, next, &form.account, Some(&error));
            if let Error::Wait(seconds) = error {
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Ok(response)
        }
    }
}

/// Sets a cookie that scripts can not read; an age of 0 takes it away.
fn set_cookie(headers: &mut HeaderMap, name: &str, value: &str, age: i64, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

fn signed_out(state: &AppState) -> Response {
    let mut response = redirect("/sign-in", None);
    set_cookie(response.headers_mut(), COOKIE, "", 0, state.secure);
    // Nothing of the account stays in the browser's caches.
    let clear = HeaderValue::from_static("\"cache\"");
    response.headers_mut().insert("clear-site-data", clear);
    response
}

/// Signs out on this device. Without a session there is nothing to do, and it is done.
pub async fn sign_out(State(state): State<AppState>, visit: Visit) -> Result<Response, Failure> {
    if let Some(viewer) = &visit.viewer {
        identity::sign_out(&state.db, viewer).await?;
    }
    Ok(signed_out(&state))
}

/// Signs out on every device.
pub async fn sign_out_all(
    State(state): State<AppState>,
    visit: Visit,
) -> Result<Response, Failure> {
    if let Some(viewer) = &visit.viewer {
        identity::sign_out_everywhere(&state.db, viewer).await?;
    }
    Ok(signed_out(&state))
}

/// The form to change the password.
#[derive(Deserialize)]
pub struct Password {
    current: String,
    new: String,
    again: String,
}

/// Changes the password.
pub async fn password(
    State(state): State<AppState>,
    visit: Visit,
    Form(form): Form<Password>,
) -> Result<Response, Failure> {
    let viewer = visit.signed_in()?;
    let changed = if form.new == form.again {
        let now = clock::now();
        identity::change_password(
            &state.db,
            &state.hasher,
            viewer,
            &form.current,
            &form.new,
            now,
        )
        .await
    } else {
        Err(Error::Invalid("password-differs"))
    };
    match changed {
        Ok(()) => Ok(redirect("/me", done("flash.password-changed", 0))),
        Err(Error::Fault(cause)) => Err(Error::Fault(cause).into()),
        Err(error) => Ok(password_page(&state, &visit, Some(&error))),
    }
}

/// The form to change the language.
#[derive(Deserialize)]
pub struct LanguageForm {
    language: String,
    back: Option<String>,
}

/// Changes the language: of the account where there is one, of the browser in any case.
pub async fn language(
    State(state): State<AppState>,
    visit: Visit,
    Form(form): Form<LanguageForm>,
) -> Result<Response, Failure> {
    let chosen = Language::of_tag(&form.language).ok_or(Error::Invalid("language"))?;
    if let Some(viewer) = &visit.viewer {
        identity::set_language(&state.db, viewer.learner, chosen.tag().to_owned()).await?;
    }
    let back = form
        .back
        .as_deref()
        .filter(|b| ["/me", "/sign-in"].contains(b))
        .unwrap_or("/");
    let mut response = redirect(back, None);
    set_cookie(
        response.headers_mut(),
        "language",
        chosen.tag(),
        31_536_000,
        state.secure,
    );
    Ok(response)
}

/// The form to change the size of type.
#[derive(Deserialize)]
pub struct TypeSize {
    size: i64,
}

/// Changes the size of type of the account.
pub async fn type_size(
    State(state): State<AppState>,
    visit: Visit,
    Form(form): Form<TypeSize>,
) -> Result<Response, Failure> {
    identity::set_type_size(&state.db, visit.signed_in()?.learner, form.size).await?;
    Ok(redirect("/me", done("flash.type-size", 0)))
}
