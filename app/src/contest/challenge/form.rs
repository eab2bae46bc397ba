//! What the small forms of a day post to.

use super::answer;
use crate::contest::form::contest_id;
use crate::page::Failure;
use crate::state::AppState;
use crate::visit::Visit;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::LearnerId;
use platform::contest::challenge;
use serde::Deserialize;

/// Who is named, or no longer.
#[derive(Deserialize)]
pub struct Named {
    host: LearnerId,
    #[serde(rename = "do")]
    wish: String,
}

/// Names someone who may be given a match, or takes them from the list.
pub async fn hosts(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(named): Form<Named>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let outcome = match named.wish.as_str() {
        "drop" => challenge::drop_host(&state.db, viewer, id, named.host).await,
        _ => challenge::add_host(&state.db, viewer, id, named.host).await,
    };
    answer(
        outcome.map(|()| None),
        &format!("/contests/{contest}/day#hosts"),
    )
}
