//! How the body of a law becomes rows: cut into sections, its words made HTML.
//!
//! A section is what one page of the reader shows: everything under the nearest heading that has
//! words of its own. Headings that hold only other headings stand with the first section below
//! them. Two exceptions keep pages of a readable size: a small tree of unnumbered headings
//! without articles (a chapter of a standard) is one section, and a long row of articles without
//! headings is cut into several.

use domain::law::{ArticleNumber, Level, Node};

/// The most articles in a section.
const PAGE: usize = 80;
/// The most characters in a tree of unnumbered headings that is one section.
const SMALL: usize = 3_000;

/// The kind of a heading's row.
pub(super) const HEADING: &str = "heading";

/// A row of `law_node`, but for its ids.
pub(super) struct Row {
    /// Where it stands in its part, from 1.
    pub position: i64,
    pub kind: &'static str,
    /// The depth of a heading, or of the heading above; 0 before any.
    pub depth: i64,
    pub level: &'static str,
    pub label: String,
    pub title: String,
    /// The position of the row that begins its section, 0 before any heading.
    pub section: i64,
    pub number: Option<ArticleNumber>,
    pub html: String,
}

/// Makes the rows of a body.
pub(super) fn rows(body: &[Node]) -> Vec<Row> {
    let mut depth = 0;
    body.iter()
        .zip(sections(body))
        .zip(1..)
        .map(|((node, section), position)| {
            let mut row = Row {
                position,
                kind: "text",
                depth,
                level: "",
                label: String::new(),
                title: String::new(),
                section,
                number: None,
                html: String::new(),
            };
            match node {
                Node::Heading(heading) => {
                    depth = i64::from(heading.depth);
                    row.kind = HEADING;
                    row.depth = depth;
                    row.level = level_word(heading.level);
                    row.label = heading.label.clone().unwrap_or_default();
                    row.title.clone_from(&heading.title);
                }
                Node::Article { number, paragraphs } => {
                    row.kind = "article";
                    row.label = number.to_string();
                    row.number = Some(*number);
                    row.html = html(paragraphs);
                }
                Node::Text { paragraphs } => row.html = html(paragraphs),
            }
            row
        })
        .collect()
}

/// The section of every node.
fn sections(body: &[Node]) -> Vec<i64> {
    let mut sections = Vec::with_capacity(body.len());
    let mut section = 0;
    let mut whole_until = 0;
    let mut page = page_size(body);
    let mut on_page = 0;
    for (index, node) in body.iter().enumerate() {
        match node {
            Node::Heading(_) if index >= whole_until => {
                let end = end_of_tree(body, index);
                let whole = is_small(&body[index..end]);
                if whole {
                    whole_until = end;
                }
                // A heading of headings waits, as 0, for the section that opens below it.
                let first = body[index + 1..end].first();
                if whole || !matches!(first, Some(Node::Heading(_))) {
                    section = position(index);
                    let waiting = sections.iter_mut().rev().take_while(|s| **s == WAITING);
                    waiting.for_each(|waiting| *waiting = section);
                    sections.push(section);
                    page = page_size(&body[index + 1..]);
                    on_page = 0;
                } else {
                    sections.push(WAITING);
                }
                continue;
            }
            Node::Article { .. } => {
                if on_page == page {
                    section = position(index);
                    on_page = 0;
                }
                on_page += 1;
            }
            Node::Heading(_) | Node::Text { .. } => {}
        }
        sections.push(section);
    }
    sections
}

/// The section of a heading of headings, until it is known.
const WAITING: i64 = -1;

fn position(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX - 1) + 1
}

/// How many articles stand on each page of those before the next heading.
fn page_size(body: &[Node]) -> usize {
    let articles = body
        .iter()
        .take_while(|node| !matches!(node, Node::Heading(_)))
        .filter(|node| matches!(node, Node::Article { .. }))
        .count();
    articles.div_ceil(articles.div_ceil(PAGE).max(1))
}

/// Where the tree under a heading ends.
fn end_of_tree(body: &[Node], index: usize) -> usize {
    let Node::Heading(top) = &body[index] else {
        return index;
    };
    let outside = |node: &Node| matches!(node, Node::Heading(h) if h.depth <= top.depth);
    let inside = body[index + 1..].iter().position(outside);
    inside.map_or(body.len(), |inside| index + 1 + inside)
}

fn is_small(tree: &[Node]) -> bool {
    let mut size = 0;
    tree.iter().all(|node| {
        size += match node {
            Node::Heading(h) if h.level == Level::Other => h.title.chars().count(),
            Node::Text { paragraphs } => paragraphs.iter().map(|p| p.chars().count()).sum(),
            Node::Heading(_) | Node::Article { .. } => return false,
        };
        size <= SMALL
    })
}

/// The word that the database keeps for a level.
fn level_word(level: Level) -> &'static str {
    match level {
        Level::Part => "part",
        Level::SubPart => "sub_part",
        Level::Chapter => "chapter",
        Level::Section => "section",
        Level::Other => "other",
    }
}

/// The level that the database's word means.
pub(super) fn level_of(word: &str) -> Level {
    match word {
        "part" => Level::Part,
        "sub_part" => Level::SubPart,
        "chapter" => Level::Chapter,
        "section" => Level::Section,
        _ => Level::Other,
    }
}

/// Makes HTML of paragraphs; items are marked, so that the page can indent them.
fn html(paragraphs: &[String]) -> String {
    let mut html = String::new();
    for paragraph in paragraphs {
        html.push_str(if is_item(paragraph) {
            "<p class=\"item\">"
        } else if is_subitem(paragraph) {
            "<p class=\"subitem\">"
        } else {
            "<p>"
        });
        for c in paragraph.chars() {
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                c => html.push(c),
            }
        }
        html.push_str("</p>");
    }
    html
}

/// （一） or (一)
fn is_item(paragraph: &str) -> bool {
    let Some(inside) = paragraph.strip_prefix(['（', '(']) else {
        return false;
    };
    let rest = inside.trim_start_matches(|c| "一二三四五六七八九十百零〇".contains(c));
    rest.len() < inside.len() && rest.starts_with(['）', ')'])
}

/// `1.`, `1．`, `1、` and `（1）`, but no number of a standard's clause such as 6.1
fn is_subitem(paragraph: &str) -> bool {
    let bracket = paragraph.strip_prefix(['（', '(']);
    let inside = bracket.unwrap_or(paragraph);
    let rest = inside.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == inside.len() {
        return false;
    }
    if bracket.is_some() {
        return rest.starts_with(['）', ')']);
    }
    rest.strip_prefix(['.', '．', '、'])
        .is_some_and(|words| !words.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::law::Heading;

    fn heading(depth: u8, level: Level) -> Node {
        Node::Heading(Heading {
            level,
            depth,
            label: None,
            title: "题".into(),
        })
    }

    fn text(characters: usize) -> Node {
        Node::Text {
            paragraphs: vec!["文".repeat(characters)],
        }
    }

    fn articles(numbers: std::ops::RangeInclusive<u32>) -> impl Iterator<Item = Node> {
        numbers.map(|n| Node::Article {
            number: ArticleNumber::new(n, 0).expect("a number"),
            paragraphs: vec!["文".into()],
        })
    }

    #[test]
    fn a_heading_of_headings_stands_with_the_first_section_below() {
        let mut body = vec![text(1), heading(1, Level::Part), heading(2, Level::Chapter)];
        body.extend(articles(1..=2));
        body.push(heading(2, Level::Chapter));
        body.extend(articles(3..=3));
        body.push(heading(3, Level::Section));
        body.extend(articles(4..=4));
        body.push(heading(1, Level::Other));
        assert_eq!(sections(&body), [0, 3, 3, 3, 3, 6, 6, 8, 8, 10]);
    }

    #[test]
    fn a_long_row_of_articles_is_cut_evenly() {
        let body: Vec<Node> = articles(1..=81).collect();
        let sections = sections(&body);
        assert_eq!((sections[40], sections[41], sections[80]), (0, 42, 42));
        let short: Vec<Node> = articles(1..=80).collect();
        assert!(self::sections(&short).iter().all(|s| *s == 0));
    }

    #[test]
    fn a_small_tree_of_unnumbered_headings_is_one_section() {
        let other = |depth| heading(depth, Level::Other);
        let body = [
            other(1),
            other(2),
            text(9),
            other(2),
            text(9),
            other(1),
            other(2),
            text(SMALL),
        ];
        assert_eq!(sections(&body), [1, 1, 1, 1, 1, 7, 7, 7]);
    }

    #[test]
    fn words_are_escaped_and_items_marked() {
        let made = |words: &str| html(&[words.to_owned()]);
        assert_eq!(made("<b>&\"甲\""), "<p>&lt;b&gt;&amp;&quot;甲&quot;</p>");
        assert_eq!(made("（十二）甲"), "<p class=\"item\">（十二）甲</p>");
        assert_eq!(made("(一)甲"), "<p class=\"item\">(一)甲</p>");
        assert_eq!(made("1．甲"), "<p class=\"subitem\">1．甲</p>");
        assert_eq!(made("（1）甲"), "<p class=\"subitem\">（1）甲</p>");
        for plain in [
            "6.1甲",
            "（）甲",
            "（甲）",
            "1甲",
            "2020年1月1日",
            "",
            "（一",
        ] {
            assert_eq!(made(plain), format!("<p>{plain}</p>"));
        }
    }

    #[test]
    fn levels_survive_the_database() {
        use Level::{Chapter, Other, Part, Section, SubPart};
        for level in [Part, SubPart, Chapter, Section, Other] {
            assert_eq!(level_of(level_word(level)), level);
        }
    }
}
