//! The address of the site as it stands on links to send, in pictures and in QR codes.

use crate::state::AppState;
use axum::http::{HeaderMap, header};
use fast_qr::convert::Builder;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};

/// The host for which the site was asked, of what can stand in a host's name only.
pub(super) fn host(headers: &HeaderMap) -> String {
    let named = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    named.chars().filter(|c| plain(*c)).take(100).collect()
}

/// What comes before the path in an address that others type or photograph.
pub(super) fn origin(state: &AppState, headers: &HeaderMap) -> String {
    let scheme = if state.secure { "https" } else { "http" };
    format!("{scheme}://{}", host(headers))
}

/// The SVG of a text's QR code; `None` for a text that is too long for one.
pub(super) fn qr(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    Some(SvgBuilder::default().margin(3).to_str(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_picture_without_a_style_or_a_script() {
        let svg = qr("https://example.cn/contests/quick/rooms/abcdefghjkmn").expect("a picture");
        assert!(svg.starts_with("<svg") && svg.contains("<path"));
        assert!(!svg.contains("style=") && !svg.contains("<script"));
        assert!(qr(&"长".repeat(4_000)).is_none());
    }

    #[test]
    fn a_host_is_never_more_than_a_name() {
        let mut headers = HeaderMap::new();
        assert_eq!(host(&headers), "");
        headers.insert(header::HOST, "a.cn:80/\"><b>".parse().expect("a value"));
        assert_eq!(host(&headers), "a.cn:80b");
    }
}
