//! A link as a QR code.

use fast_qr::convert::Builder;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};

/// The SVG of a QR code; `None` for a text that is too long for one.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    Some(SvgBuilder::default().margin(3).to_str(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_picture_without_a_style_or_a_script() {
        let svg = svg("https://example.cn/contests/quick/rooms/abcdefghjkmn").expect("a picture");
        assert!(svg.starts_with("<svg") && svg.contains("<path"));
        assert!(!svg.contains("style=") && !svg.contains("<script"));
        assert!(self::svg(&"长".repeat(4_000)).is_none());
    }
}
