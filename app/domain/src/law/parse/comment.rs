//! Comments that steer how a text is shown: `<!-- INFO END -->`.

/// A comment that takes up a whole line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comment {
    /// The head of the file ends here.
    InfoEnd,
    /// A hint for the layout, without words of the law.
    Layout,
    /// Anything else.
    Unknown,
}

/// Reads a line that is one comment.
pub(super) fn read(line: &str) -> Option<Comment> {
    let words = line.strip_prefix("<!--")?.strip_suffix("-->")?;
    let name = super::clean::compact(words).to_ascii_uppercase();
    Some(match name.as_str() {
        "INFOEND" => Comment::InfoEnd,
        "FORCEBREAK" | "TABLE" | "TABLEEND" => Comment::Layout,
        _ => Comment::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_known_however_they_are_spaced() {
        assert_eq!(read("<!-- INFO END -->"), Some(Comment::InfoEnd));
        assert_eq!(read("<!--info end-->"), Some(Comment::InfoEnd));
        assert_eq!(read("<!-- FORCE BREAK -->"), Some(Comment::Layout));
        assert_eq!(read("<!-- 待核 -->"), Some(Comment::Unknown));
        assert_eq!(read("<!-->"), None);
        assert_eq!(read("第一条 <!-- INFO END -->"), None);
    }
}
