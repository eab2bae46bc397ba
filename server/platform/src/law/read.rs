//! Laws as they are read: the list, the contents of one, one section, one article.
//!
//! An address names a place in a version: an article by its number (`57`, `120-1`,
//! `第一百二十条之一`), anything else by its part and position (`s0-12`). Where no version is
//! named, the newest is meant, and only that: an article that it dropped is not found.

pub use super::view::{
    ArticleText, Contents, Entry, LawSummary, Neighbour, Node, NodeKind, Part, Section,
};

use super::outline::{self, Outline, SectionKey, place};
use crate::{Db, Result, sql, values};
use domain::id::LawSlug;
use domain::law::{ArticleNumber, Level};

/// The branches of law in the order in which they are always listed; others stand behind.
const CATEGORIES: [&str; 11] = [
    "宪法",
    "宪法相关法",
    "民法典",
    "民法商法",
    "行政法",
    "经济法",
    "社会法",
    "刑法",
    "诉讼与非诉讼程序法",
    "行政法规",
    "司法解释",
];

/// Every law in its newest version, by category and title.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn list(db: &Db) -> Result<Vec<LawSummary>> {
    let mut laws: Vec<LawSummary> = db
        .all(
            sql!(
                "select l.slug, l.title, l.category, v.version_date, v.effective_date, \
                 (select count(*) from law_node n where n.version_id = v.id \
                 and n.base is not null) as articles, \
                 (select count(*) from law_version a where a.law_slug = l.slug) as versions \
                 from law l join law_version v on v.law_slug = l.slug where v.version_date = \
                 (select max(m.version_date) from law_version m where m.law_slug = l.slug)"
            ),
            values![],
        )
        .await?;
    // Here and not in SQL: the databases do not sort Chinese alike.
    let rank = |category: &str| {
        let known = CATEGORIES.iter().position(|c| *c == category);
        (category.is_empty(), known.unwrap_or(CATEGORIES.len()))
    };
    laws.sort_by(|a, b| {
        (rank(&a.category), &a.category, &a.title).cmp(&(rank(&b.category), &b.category, &b.title))
    });
    Ok(laws)
}

/// A number that is another after every change to the laws.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn revision(db: &Db) -> Result<i64> {
    let (revision,): (i64,) = db
        .one(sql!("select revision from law_revision"), values![])
        .await?;
    Ok(revision)
}

/// Whether there is such a law.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn exists(db: &Db, law: &LawSlug) -> Result<bool> {
    let found: Option<(String,)> = db
        .optional(sql!("select slug from law where slug = $1"), values![law])
        .await?;
    Ok(found.is_some())
}

/// A law in the version that was asked for.
struct Version {
    id: String,
    title: String,
    category: String,
    date: String,
    effective: Option<String>,
    /// All dates, newest first.
    dates: Vec<String>,
    is_latest: bool,
}

async fn version(db: &Db, law: &LawSlug, date: Option<&str>) -> Result<Option<Version>> {
    let all: Vec<(String, String, String, String, Option<String>)> = db
        .all(
            sql!(
                "select v.id, l.title, l.category, v.version_date, v.effective_date \
                 from law l join law_version v on v.law_slug = l.slug \
                 where l.slug = $1 order by v.version_date desc"
            ),
            values![law],
        )
        .await?;
    let dates: Vec<String> = all.iter().map(|(_, _, _, date, _)| date.clone()).collect();
    let wanted = |(_, (_, _, _, its, _)): &(usize, (_, _, _, String, _))| {
        date.is_none_or(|date| date == its)
    };
    let found = all.into_iter().enumerate().find(wanted);
    Ok(
        found.map(|(place, (id, title, category, date, effective))| Version {
            id,
            title,
            category,
            date,
            effective,
            dates,
            is_latest: place == 0,
        }),
    )
}

/// Title page and contents of a version; none when there is no such law or version.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn contents(db: &Db, law: &LawSlug, date: Option<&str>) -> Result<Option<Contents>> {
    let Some(version) = version(db, law, date).await? else {
        return Ok(None);
    };
    let parts: Vec<(i64, String, String)> = db
        .all(
            sql!(
                "select position, name, history from law_part where version_id = $1 \
                 order by position"
            ),
            values![&version.id],
        )
        .await?;
    let outline = outline::read(db, &version.id).await?;
    let parts = parts.into_iter().map(|(position, name, history)| {
        let history = serde_json::from_str(&history)?;
        Ok(Part {
            name,
            history,
            entries: entries(&outline, position),
        })
    });
    Ok(Some(Contents {
        slug: law.to_string(),
        title: version.title,
        category: version.category,
        version_date: version.date,
        effective_date: version.effective,
        versions: version.dates,
        is_latest: version.is_latest,
        parts: parts.collect::<Result<_>>()?,
    }))
}

/// The lines of the contents of one part.
fn entries(outline: &Outline, part: i64) -> Vec<Entry> {
    let headings = outline
        .headings
        .iter()
        .enumerate()
        .filter(|(_, h)| h.part == part);
    let mut entries: Vec<(i64, Entry)> = headings
        .map(|(index, heading)| {
            let articles = outline.articles_under(index);
            let inside = heading.position > heading.section;
            let entry = Entry {
                level: heading.level,
                depth: heading.depth,
                label: heading.label.clone(),
                title: heading.title.clone(),
                address: match inside {
                    true => place(part, heading.position),
                    false => outline.address((part, heading.section)),
                },
                from: articles.map(|range| range.from),
                to: articles.map(|range| range.to),
            };
            (heading.position, entry)
        })
        .collect();
    let sections = outline.sections.range((part, 0)..(part + 1, 0));
    for (&key, range) in sections.filter(|(key, _)| outline.is_bare(**key)) {
        let entry = Entry {
            level: Level::Other,
            depth: outline.chain(key).last().map_or(1, |above| above.depth + 1),
            label: String::new(),
            title: String::new(),
            address: outline.address(key),
            from: range.map(|range| range.from),
            to: range.map(|range| range.to),
        };
        entries.push((key.1, entry));
    }
    entries.sort_by_key(|(position, _)| *position);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// What an address names.
#[derive(Clone, Copy)]
enum Address {
    Article(ArticleNumber),
    Place { part: i64, position: i64 },
}

fn address(text: &str) -> Option<Address> {
    let Some((part, position)) = text.strip_prefix('s').and_then(|rest| rest.split_once('-'))
    else {
        return text.parse().ok().map(Address::Article);
    };
    let figure = |digits: &str| digits.parse().ok().filter(|figure| *figure >= 0);
    Some(Address::Place {
        part: figure(part)?,
        position: figure(position)?,
    })
}

/// Where a node stands.
#[derive(sqlx::FromRow)]
struct Spot {
    part_id: String,
    part: i64,
    section: i64,
    position: i64,
}

async fn locate(db: &Db, version: &str, address: Address) -> Result<Option<Spot>> {
    match address {
        Address::Article(number) => {
            db.optional(
                sql!(
                    "select n.part_id, p.position as part, n.section, n.position \
                     from law_node n join law_part p on p.id = n.part_id \
                     where n.version_id = $1 and n.base = $2 and n.sub = $3 order by p.position"
                ),
                values![version, i64::from(number.base()), i64::from(number.sub())],
            )
            .await
        }
        Address::Place { part, position } => {
            db.optional(
                sql!(
                    "select n.part_id, p.position as part, n.section, n.position \
                     from law_part p join law_node n on n.part_id = p.id \
                     where p.version_id = $1 and p.position = $2 and n.position >= $3 \
                     order by n.position limit 1"
                ),
                values![version, part, position],
            )
            .await
        }
    }
}

/// The section in which an address lies; none when it leads nowhere.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn section(
    db: &Db,
    law: &LawSlug,
    date: Option<&str>,
    wanted: &str,
) -> Result<Option<Section>> {
    let (Some(wanted), Some(version)) = (address(wanted), version(db, law, date).await?) else {
        return Ok(None);
    };
    let Some(spot) = locate(db, &version.id, wanted).await? else {
        return Ok(None);
    };
    let key = (spot.part, spot.section);
    let nodes = nodes(db, &spot, key).await?;
    let outline = outline::read(db, &version.id).await?;
    let breadcrumb = outline.chain(key).into_iter();
    Ok(Some(Section {
        slug: law.to_string(),
        title: version.title,
        version_date: version.date,
        is_latest: version.is_latest,
        part: outline.part_name(key.0).to_owned(),
        address: outline.address(key),
        breadcrumb: breadcrumb
            .map(|h| (h.label.clone(), h.title.clone()))
            .collect(),
        nodes,
        marked: match wanted {
            Address::Article(number) => Some(number.address()),
            // The beginning of a section, and a heading above it, are the section.
            Address::Place { part, position } => (position == spot.position
                && position > spot.section.max(1))
            .then(|| place(part, position)),
        },
        previous: outline
            .sections
            .range(..key)
            .next_back()
            .map(|(k, _)| neighbour(&outline, *k)),
        next: outline
            .sections
            .range(key..)
            .nth(1)
            .map(|(k, _)| neighbour(&outline, *k)),
    }))
}

async fn nodes(db: &Db, spot: &Spot, (part, section): SectionKey) -> Result<Vec<Node>> {
    type Row = (
        i64,
        String,
        String,
        String,
        Option<i64>,
        Option<i64>,
        String,
    );
    let rows: Vec<Row> = db
        .all(
            sql!(
                "select position, kind, label, title, base, sub, html from law_node \
                 where part_id = $1 and section = $2 and (kind <> 'heading' or position > $2) \
                 order by position"
            ),
            values![&spot.part_id, section],
        )
        .await?;
    let nodes = rows
        .into_iter()
        .map(|(position, kind, label, title, base, sub, html)| Node {
            kind: match kind.as_str() {
                super::layout::HEADING => NodeKind::Heading,
                _ if base.is_some() => NodeKind::Article,
                _ => NodeKind::Text,
            },
            label,
            title,
            address: match (base, sub) {
                (Some(base), None | Some(0)) => base.to_string(),
                (Some(base), Some(sub)) => format!("{base}-{sub}"),
                (None, _) => place(part, position),
            },
            html,
        });
    Ok(nodes.collect())
}

fn neighbour(outline: &Outline, key: SectionKey) -> Neighbour {
    let heading = outline
        .chain(key)
        .pop()
        .filter(|heading| heading.position == key.1);
    let first = outline.sections.get(&key).copied().flatten();
    let (label, title) = match (heading, first) {
        (Some(heading), _) => (heading.label.clone(), heading.title.clone()),
        (None, Some(range)) => (range.from.to_string(), String::new()),
        (None, None) => (String::new(), String::new()),
    };
    let part = outline.part_name(key.0).to_owned();
    Neighbour {
        address: outline.address(key),
        part,
        label,
        title,
    }
}

/// The words of an article; none when that version does not have it.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn article(
    db: &Db,
    law: &LawSlug,
    date: Option<&str>,
    number: ArticleNumber,
) -> Result<Option<ArticleText>> {
    db.optional(
        sql!(
            "select n.label, n.html, v.version_date \
             from law_version v join law_node n on n.version_id = v.id \
             join law_part p on p.id = n.part_id \
             where v.law_slug = $1 and v.version_date = coalesce($2, \
             (select max(m.version_date) from law_version m where m.law_slug = $1)) \
             and n.base = $3 and n.sub = $4 order by p.position"
        ),
        values![
            law,
            date.map(str::to_owned),
            i64::from(number.base()),
            i64::from(number.sub())
        ],
    )
    .await
}
