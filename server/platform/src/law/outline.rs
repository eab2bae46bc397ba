//! The skeleton of a version: its headings and sections in their order, without the words.

use super::layout::level_of;
use crate::{Db, Result, sql, values};
use domain::law::{ArticleNumber, Level};
use std::collections::BTreeMap;

/// A heading.
pub(super) struct Heading {
    pub part: i64,
    pub position: i64,
    pub depth: i64,
    pub level: Level,
    pub label: String,
    pub title: String,
    /// The section that it stands in.
    pub section: i64,
}

/// Which section: the position of its part, and its own within the part. Ordered as in the law.
pub(super) type SectionKey = (i64, i64);

/// The first and the last article.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub from: ArticleNumber,
    pub to: ArticleNumber,
}

/// The skeleton of a version.
pub(super) struct Outline {
    pub headings: Vec<Heading>,
    /// Every section, with its articles where it has some.
    pub sections: BTreeMap<SectionKey, Option<Range>>,
    parts: BTreeMap<i64, String>,
}

#[derive(sqlx::FromRow)]
struct Line {
    part: i64,
    name: String,
    kind: String,
    position: i64,
    depth: i64,
    level: String,
    label: String,
    title: String,
    section: i64,
    from_code: Option<i64>,
    to_code: Option<i64>,
}

/// Reads the skeleton of a version, in one query.
pub(super) async fn read(db: &Db, version: &str) -> Result<Outline> {
    let lines: Vec<Line> = db
        .all(
            sql!(
                "select p.position as part, p.name, n.kind, n.position, n.depth, n.level, \
                 n.label, n.title, n.section, \
                 cast(null as bigint) as from_code, cast(null as bigint) as to_code \
                 from law_node n join law_part p on p.id = n.part_id \
                 where n.version_id = $1 and n.base is null \
                 union all \
                 select p.position, p.name, 'articles', g.section, 0, '', '', '', g.section, \
                 g.from_code, g.to_code \
                 from (select part_id, section, min(base * 10000 + sub) as from_code, \
                 max(base * 10000 + sub) as to_code from law_node \
                 where version_id = $1 and base is not null group by part_id, section) g \
                 join law_part p on p.id = g.part_id \
                 order by 1, 4"
            ),
            values![version],
        )
        .await?;
    let mut outline = Outline {
        headings: Vec::new(),
        sections: BTreeMap::new(),
        parts: BTreeMap::new(),
    };
    for line in lines {
        outline.take(line);
    }
    Ok(outline)
}

impl Outline {
    fn take(&mut self, line: Line) {
        let articles = self.sections.entry((line.part, line.section)).or_default();
        if line.kind == super::layout::HEADING {
            self.headings.push(Heading {
                part: line.part,
                position: line.position,
                depth: line.depth,
                level: level_of(&line.level),
                label: line.label,
                title: line.title,
                section: line.section,
            });
        } else if let (Some(from), Some(to)) = (number(line.from_code), number(line.to_code)) {
            *articles = Some(Range { from, to });
        }
        self.parts.entry(line.part).or_insert(line.name);
    }

    /// The name of a part, empty where the law is in one piece.
    pub fn part_name(&self, part: i64) -> &str {
        self.parts.get(&part).map_or("", String::as_str)
    }

    /// The address of a section: its first article, or its place where it has none.
    pub fn address(&self, key: SectionKey) -> String {
        match self.sections.get(&key) {
            Some(Some(range)) => range.from.address(),
            _ => place(key.0, key.1),
        }
    }

    /// The headings above the words of a section, outermost first, its own last.
    pub fn chain(&self, (part, section): SectionKey) -> Vec<&Heading> {
        let mut chain: Vec<&Heading> = Vec::new();
        let above = |h: &&Heading| h.part == part && h.position <= section;
        for heading in self.headings.iter().filter(above) {
            chain.retain(|outer| outer.depth < heading.depth);
            chain.push(heading);
        }
        chain
    }

    /// Whether a section is a page of articles without a heading of its own at its beginning.
    pub fn is_bare(&self, (part, section): SectionKey) -> bool {
        !self
            .headings
            .iter()
            .any(|h| h.part == part && h.position == section)
    }

    /// All articles under a heading.
    pub fn articles_under(&self, index: usize) -> Option<Range> {
        let heading = &self.headings[index];
        let end = self.headings[index + 1..]
            .iter()
            .take_while(|h| h.part == heading.part)
            .find(|h| h.depth <= heading.depth)
            .map_or(i64::MAX, |h| h.position);
        let tree = (heading.part, heading.position)..(heading.part, end);
        let mut ranges = self.sections.range(tree).filter_map(|(_, range)| *range);
        let first = ranges.next()?;
        Some(ranges.fold(first, |all, range| Range {
            from: all.from.min(range.from),
            to: all.to.max(range.to),
        }))
    }
}

fn number(code: Option<i64>) -> Option<ArticleNumber> {
    let code = u32::try_from(code?).ok()?;
    ArticleNumber::new(code / 10_000, code % 10_000).ok()
}

/// The address of what is no article: the position of its part, and its own.
pub(super) fn place(part: i64, position: i64) -> String {
    format!("s{part}-{position}")
}
