//! One request: who asks, in which language, with which message from the page before.

use crate::words::{Language, Words};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use platform::identity::Viewer;
use std::sync::Arc;

/// A message that the page before left: the kind (`right`, `wrong`, `info`), the word behind
/// `flash.` or `error.`, and a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// `right`, `wrong` or `info`.
    pub kind: String,
    /// The key of the sentence.
    pub key: String,
    /// The figure in it.
    pub figure: i64,
}

impl Flash {
    /// Reads a cookie's value `kind:key:figure`; anything else is nothing.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let mut parts = value.split(':');
        let kind = parts
            .next()
            .filter(|k| ["right", "wrong", "info"].contains(k))?;
        let key = parts.next().filter(|k| Words(Language::ZhCn).has(k))?;
        let figure = parts
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or_default();
        Some(Self {
            kind: kind.to_owned(),
            key: key.to_owned(),
            figure,
        })
    }

    /// The cookie's value.
    #[must_use]
    pub fn value(&self) -> String {
        format!("{}:{}:{}", self.kind, self.key, self.figure)
    }
}

/// One request.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who asks, if somebody is signed in.
    pub viewer: Option<Arc<Viewer>>,
    /// The language of the answer.
    pub language: Language,
    /// A message from the page before.
    pub flash: Option<Flash>,
    /// The id that the log knows this request by.
    pub request_id: String,
    /// The nonce of this answer's scripts.
    pub nonce: String,
    /// The path that was asked for.
    pub path: String,
    /// The size of type, in per cent.
    pub type_size: i64,
}

impl Visit {
    /// The words in the visit's language.
    #[must_use]
    pub const fn words(&self) -> Words {
        Words(self.language)
    }

    /// Who asks.
    ///
    /// # Errors
    /// [`platform::Error::SignInNeeded`] when nobody is signed in.
    pub fn signed_in(&self) -> platform::Result<&Viewer> {
        self.viewer.as_deref().ok_or(platform::Error::SignInNeeded)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // The middleware that makes it runs before every handler.
        let missing = (StatusCode::INTERNAL_SERVER_ERROR, "no visit");
        parts.extensions.get::<Self>().cloned().ok_or(missing)
    }
}

/// The state and the visit of the server function that runs now.
///
/// # Errors
/// An error with the code `fault` outside a request.
pub async fn here() -> Result<(crate::state::AppState, Visit), crate::error::ApiError> {
    let fault = || crate::error::ApiError {
        code: "fault".to_owned(),
        message: String::new(),
        figure: None,
    };
    let state = leptos::prelude::use_context().ok_or_else(fault)?;
    let axum::Extension(visit) = leptos_axum::extract::<axum::Extension<Visit>>()
        .await
        .map_err(|_| fault())?;
    Ok((state, visit))
}
