//! What a server function answers when it does not do it: a word for the program, a sentence in
//! the user's language for the person.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// An error of a server function, with the HTTP status that fits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// The word: `too-late`, `superseded`, `sign-in-needed`, …; `unreachable` is made in the
    /// browser when no answer came.
    pub code: String,
    /// A sentence in the user's language; empty when it was made in the browser.
    pub message: String,
    /// The figure in the sentence: the newer revision, seconds to wait.
    pub figure: Option<i64>,
}

impl ApiError {
    /// Whether the same call may succeed later without anyone changing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self.code.as_str(),
            "unreachable" | "busy" | "timeout" | "fault"
        )
    }

    /// Whether it may succeed once the right person is signed in.
    #[must_use]
    pub fn is_about_account(&self) -> bool {
        matches!(self.code.as_str(), "sign-in-needed" | "forbidden")
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let code = match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => "unreachable",
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => "malformed",
            // On the server it is the request that could not be read, in the browser the answer.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => "malformed",
            _ => "fault",
        };
        Self {
            code: code.to_owned(),
            message: String::new(),
            figure: None,
        }
    }
}

/// Turns a service's error into the answer to the caller, and notes it.
#[cfg(feature = "ssr")]
pub fn api_error(error: platform::Error, visit: &crate::visit::Visit) -> ApiError {
    use axum::http::StatusCode;
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
    if let platform::Error::Fault(cause) = &error {
        tracing::error!(request = %visit.request_id, cause = format!("{cause:#}"), "fault");
    }
    ApiError {
        code: error.code().to_owned(),
        message: visit.words().error(&error),
        figure: error.figure(),
    }
}
