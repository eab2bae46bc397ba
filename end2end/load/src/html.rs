//! Reading what a browser reads off the product's own pages: links, forms, hidden fields, the
//! properties of islands. Enough for pages that Leptos renders (attributes in double quotes), and
//! for no others.

use serde_json::Value;

/// A start tag: its attributes, and where it ends in the page.
struct Tag<'a> {
    attributes: Vec<(&'a str, &'a str)>,
    end: usize,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<String> {
        let found = self.attributes.iter().find(|(n, _)| *n == name)?;
        Some(unescape(found.1))
    }
}

/// Every start tag of that name, in the order of the page.
fn tags<'a>(html: &'a str, name: &str) -> impl Iterator<Item = Tag<'a>> {
    let open = format!("<{name}");
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + html.get(at..)?.find(&open)? + open.len();
            at = start;
            let next = html.as_bytes().get(start)?;
            if next.is_ascii_whitespace() || *next == b'>' {
                let tag = attributes(html, start)?;
                at = tag.end;
                return Some(tag);
            }
        }
    })
}

/// The attributes from `at`, just behind a tag's name, to its `>`.
fn attributes(html: &str, mut at: usize) -> Option<Tag<'_>> {
    let mut attributes = Vec::new();
    loop {
        let rest = html.get(at..)?;
        at += rest.len() - rest.trim_start().len();
        let rest = html.get(at..)?;
        if rest.starts_with('>') {
            let end = at + 1;
            return Some(Tag { attributes, end });
        }
        let length = rest.find(|c: char| c == '=' || c == '>' || c.is_whitespace())?;
        let name = &rest[..length];
        at += length;
        let Some(value) = rest[length..].strip_prefix("=\"") else {
            attributes.push((name, ""));
            at += usize::from(rest[length..].starts_with('='));
            continue;
        };
        let length = value.find('"')?;
        attributes.push((name, &value[..length]));
        at += length + 3; // the sign and both quotes
    }
}

/// Text with its character references resolved, those that Leptos writes.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The inside of the form that posts to `action`.
pub fn form<'a>(html: &'a str, action: &str) -> Option<&'a str> {
    let tag = tags(html, "form").find(|t| t.get("action").as_deref() == Some(action))?;
    let inside = &html[tag.end..];
    inside.find("</form>").map(|end| &inside[..end])
}

/// The value of a hidden field.
pub fn hidden(html: &str, name: &str) -> Option<String> {
    tags(html, "input")
        .find(|t| {
            t.get("type").as_deref() == Some("hidden") && t.get("name").as_deref() == Some(name)
        })?
        .get("value")
}

/// The types of the fields of that name, as `radio`, `checkbox`, `text`.
pub fn field_types(html: &str, name: &str) -> Vec<String> {
    tags(html, "input")
        .filter(|t| t.get("name").as_deref() == Some(name))
        .filter_map(|t| t.get("type"))
        .collect()
}

/// Where links lead whose address begins with `prefix` and goes on.
pub fn links(html: &str, prefix: &str) -> Vec<String> {
    tags(html, "a")
        .filter_map(|t| t.get("href"))
        .filter(|to| to.len() > prefix.len() && to.starts_with(prefix))
        .collect()
}

/// The properties that an island is given.
pub fn props(html: &str, island: &str) -> Option<Value> {
    let prefix = format!("{island}_");
    let tag = tags(html, "leptos-island").find(|t| {
        t.get("data-component")
            .is_some_and(|c| c.starts_with(&prefix))
    })?;
    serde_json::from_str(&tag.get("data-props")?).ok()
}

/// How many fields of a page have a name.
pub fn fields(html: &str, name: &str) -> usize {
    tags(html, "input")
        .filter(|tag| tag.get("name").as_deref() == Some(name))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<header><form method="post" action="/sign-out"><input type="hidden" name="event" value="not-this"></form></header>
        <inputs name="event" type="hidden" value="nor-this"></inputs>
        <leptos-island data-component="Attempt_1126" data-props="{&quot;paper&quot;:[{&quot;asked&quot;:{&quot;stem&quot;:&quot;1 &lt; 2 &amp;amp; &gt;&quot;}}]}">
        <form class="check" method="post" action="/practice"><input value="01a2" name="event" type="hidden"><input type="hidden" name="question" value="a&amp;b">
        <input type="radio" name="answer" value="0" checked><input type="radio" name="answer" value="1"/>
        <a href="/laws">x</a><a class="row" href="/laws/宪法/1">y</a></form>"#;

    #[test]
    fn fields_of_one_name_are_counted() {
        assert_eq!(fields(PAGE, "answer"), 2);
        assert_eq!(fields(PAGE, "q0"), 0);
    }

    #[test]
    fn hidden_fields_are_read_off_the_form_that_is_meant() {
        let form = form(PAGE, "/practice").unwrap();
        assert_eq!(hidden(form, "event").as_deref(), Some("01a2"));
        assert_eq!(hidden(form, "question").as_deref(), Some("a&b"));
        assert_eq!(hidden(form, "answer"), None, "it is there, but not hidden");
        assert_eq!(hidden(PAGE, "event").as_deref(), Some("not-this"));
        assert!(super::form(PAGE, "/nowhere").is_none());
    }

    #[test]
    fn a_field_without_a_value_or_a_tag_without_an_end_is_none() {
        assert_eq!(
            hidden(r#"<input type="hidden" name="event">"#, "event"),
            None
        );
        assert_eq!(
            hidden(r#"<input type="hidden" name="event" value="x"#, "event"),
            None
        );
        assert_eq!(hidden("<input", "event"), None);
    }

    #[test]
    fn fields_and_links_are_found() {
        assert_eq!(field_types(PAGE, "answer"), ["radio", "radio"]);
        assert_eq!(links(PAGE, "/laws/"), ["/laws/宪法/1"]);
    }

    #[test]
    fn properties_of_an_island_are_its_json() {
        let props = props(PAGE, "Attempt").unwrap();
        assert_eq!(props["paper"][0]["asked"]["stem"], "1 < 2 &amp; >");
        assert!(super::props(PAGE, "Att").is_none());
    }
}
