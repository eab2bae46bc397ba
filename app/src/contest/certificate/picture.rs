//! Pictures of certificates as they are answered: SVG and PNG, kept by whoever asked before.

use super::date;
use crate::contest::link::{host, origin};
use crate::format;
use crate::page::Failure;
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::{Language, Words};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::contest::certificate::Code;
use platform::Error;
use platform::contest::certificate::{self, Certificate, Wording, draw, paint};

/// The picture with the whole name, for the owner alone.
pub async fn own_picture(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(text): Path<String>,
) -> Result<Response, Failure> {
    let viewer = visit.signed_in()?;
    let (code, kind) = file(&text).ok_or(Error::NotFound)?;
    let found = certificate::check(&state.db, code).await?;
    let found = found
        .filter(|found| found.is_of(Some(viewer)))
        .ok_or(Error::NotFound)?;
    let name = found.name_for(Some(viewer));
    // Asked again each time, so that it is not shown on this device after signing out.
    answer(&state, &headers, &found, name, kind, "private, no-cache").await
}

/// What a picture is made of.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Svg,
    Png,
}

/// The code and the kind of a picture's name.
pub(super) fn file(name: &str) -> Option<(Code, Kind)> {
    let (code, ending) = name.rsplit_once('.')?;
    let kind = match ending {
        "svg" => Kind::Svg,
        "png" => Kind::Png,
        _ => return None,
    };
    Some((code.parse().ok()?, kind))
}

/// Answers with a picture, or that the one there is still it.
pub(super) async fn answer(
    state: &AppState,
    headers: &HeaderMap,
    found: &Certificate,
    name: String,
    kind: Kind,
    cache: &'static str,
) -> Result<Response, Failure> {
    let wording = wording(found, name, &host(headers), &origin(state, headers));
    let drawing = draw(wording).await?;
    // Of what is drawn: another name, host or design is another picture.
    let tag = format!("\"{}\"", drawing.fingerprint);
    let tag = HeaderValue::try_from(tag).map_err(|e| Error::Fault(e.into()))?;
    let kept = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known == tag);
    let of = match kind {
        Kind::Svg => "image/svg+xml",
        Kind::Png => "image/png",
    };
    let mut response = match kind {
        _ if kept => StatusCode::NOT_MODIFIED.into_response(),
        Kind::Svg => drawing.svg.into_response(),
        Kind::Png => Bytes::from_owner(paint(drawing).await?).into_response(),
    };
    let put = response.headers_mut();
    put.insert(header::CONTENT_TYPE, HeaderValue::from_static(of));
    put.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    put.insert(header::ETAG, tag);
    Ok(response)
}

fn wording(found: &Certificate, name: String, host: &str, origin: &str) -> Wording {
    let words = Words(Language::ZhCn);
    let among = if found.of_teams {
        "certificate.among-teams"
    } else {
        "certificate.among"
    };
    let (heading, attests, honour, note) = match found.honour.in_words() {
        Some(rank) => (
            words.t("certificate.heading-rank"),
            words.t("certificate.attests-rank"),
            words.f("certificate.honour-rank", &[("n", &rank)]),
            words.f(among, &[("n", &format::figure(found.among))]),
        ),
        None => (
            words.t("certificate.heading-part"),
            words.t("certificate.attests-part"),
            words.t("certificate.honour-part").to_owned(),
            String::new(),
        ),
    };
    Wording {
        heading: heading.to_owned(),
        title: found.title.clone(),
        name,
        unit: found.unit.clone(),
        attests: attests.to_owned(),
        honour,
        note,
        issuer: words.t("app.name").to_owned(),
        date: date(words, found.made_at),
        number: words.f("certificate.number-on", &[("code", &found.code.grouped())]),
        how: words.f("certificate.how", &[("host", &host)]),
        lacking: words.t("certificate.lacking").to_owned(),
        address: format!("{origin}/certificates/{}", found.code),
    }
}
