//! Laws brought in from files.
//!
//! Each file is one part of one version of one law, and one transaction: it is taken over whole
//! or not at all, and a bad one stops no other. A text that is here already is not written again,
//! so an import may be repeated; a file that changed replaces its part. Two files that claim the
//! same part with different words are never mixed: the second is refused. A file is the same as
//! before when its own name is, whatever folder it lies in.

pub use super::folder::{Source, Unreadable, UnreadableReason, read_folder};
pub use super::report::{ImportFinding, ImportReason, ImportReport, Refusal};

use super::layout::{self, Row};
use crate::db::Tx;
use crate::{Db, Result, id, sql, values};
use domain::law::ParsedLaw;
use domain::time::Millis;
use sha2::{Digest, Sha256};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Counts up when the same text would make other rows than before (a better parser or layout):
/// then the next import makes everything anew.
const FORM: &str = "1";

/// Which part of which law: slug, version date (empty where the text gives none), part name.
type Key = (String, String, String);

/// Takes over laws. `on_progress` hears after each file how many of how many are done.
///
/// # Errors
/// [`crate::Error::Fault`] when the database can not be reached; files done before stay.
pub async fn import(
    db: &Db,
    texts: Vec<Source>,
    now: Millis,
    mut on_progress: impl FnMut(usize, usize) + Send,
) -> Result<ImportReport> {
    let all = texts.len();
    let mut report = ImportReport {
        files: all,
        ..ImportReport::default()
    };
    let mut claimed = BTreeMap::<Key, (String, String)>::new();
    for (done, source) in (1..).zip(texts) {
        let name = source.name.clone();
        match take(db, source, now, &mut report, &mut claimed).await? {
            Ok(Outcome::Created) => report.created += 1,
            Ok(Outcome::Changed) => report.changed += 1,
            Ok(Outcome::Unchanged) => report.unchanged += 1,
            Err(refusal) => report.refuse(name, refusal),
        }
        on_progress(done, all);
    }
    let versions: BTreeSet<_> = claimed
        .keys()
        .map(|(slug, version, _)| (slug, version))
        .collect();
    report.laws = versions
        .iter()
        .map(|(slug, _)| slug)
        .collect::<BTreeSet<_>>()
        .len();
    report.versions = versions.len();
    report.parts = claimed.len();
    Ok(report)
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Created,
    Changed,
    Unchanged,
}

/// A file, ready to be stored.
struct Prepared {
    key: Key,
    title: String,
    category: String,
    effective: Option<String>,
    history: String,
    file: String,
    hash: String,
    rows: Vec<Row>,
}

async fn take(
    db: &Db,
    source: Source,
    now: Millis,
    report: &mut ImportReport,
    claimed: &mut BTreeMap<Key, (String, String)>,
) -> Result<Result<Outcome, Refusal>> {
    let law = match domain::law::parse(&source.text, &source.name) {
        Ok(law) => law,
        Err(because) => return Ok(Err(Refusal::NoLaw { because })),
    };
    let articles = law.articles().count();
    let (file, findings, prepared) = prepare(source, law)?;
    report.look_at(&file, findings);
    let (key, hash) = (prepared.key.clone(), prepared.hash.clone());
    if let Some((_, by)) = claimed.get(&key).filter(|(its, _)| *its != hash) {
        return Ok(Err(Refusal::Taken { by: by.clone() }));
    }
    let stored = db.write(move |tx| Box::pin(store(tx, prepared, now))).await;
    let stored = match stored {
        Ok(stored) => stored,
        Err(error) => {
            // Is it this file, or is the database gone?
            super::exists(db, &key.0.as_str().into()).await?;
            tracing::error!(file, error = format!("{error:#}"), "law not stored");
            return Ok(Err(Refusal::NotStored));
        }
    };
    if let (Ok(_), Entry::Vacant(place)) = (&stored, claimed.entry(key)) {
        place.insert((hash, file));
        report.articles += articles;
    }
    Ok(stored)
}

type Findings = Vec<domain::law::Finding>;

fn prepare(source: Source, law: ParsedLaw) -> Result<(String, Findings, Prepared)> {
    let history: Vec<&str> = law.history.iter().map(|line| line.text.as_str()).collect();
    let version = law.version.map(|date| date.to_string()).unwrap_or_default();
    let prepared = Prepared {
        history: serde_json::to_string(&history)?,
        key: (law.slug, version, law.part.unwrap_or_default()),
        title: law.title,
        category: source.category,
        effective: law.effective.map(|date| date.to_string()),
        file: source.name.clone(),
        hash: hash(&source.text),
        rows: layout::rows(&law.body),
    };
    Ok((source.name, law.findings, prepared))
}

fn hash(text: &str) -> String {
    let digest = Sha256::new()
        .chain_update(FORM)
        .chain_update("\n")
        .chain_update(text)
        .finalize();
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether two paths name the same file, wherever it lies.
fn same_file(a: &str, b: &str) -> bool {
    let own = |path: &str| path.rsplit('/').next().map(str::to_owned);
    own(a) == own(b)
}

/// Writes one file; the inner error is a refusal that leaves nothing behind.
async fn store(tx: &mut Tx, file: Prepared, now: Millis) -> Result<Result<Outcome, Refusal>> {
    let (slug, version_date, part) = &file.key;
    let present: Option<(String, String, String)> = tx
        .optional(
            sql!(
                "select p.id, p.source_file, p.source_hash from law_part p \
                 join law_version v on v.id = p.version_id \
                 where v.law_slug = $1 and v.version_date = $2 \
                 and (p.name = $3 or p.source_file = $4) \
                 order by case when p.name = $3 then 0 else 1 end"
            ),
            values![slug, version_date, part, &file.file],
        )
        .await?;
    if let Some((_, its_file, its_hash)) = &present {
        if *its_hash == file.hash {
            return Ok(Ok(fill_category(tx, &file).await?));
        }
        if !same_file(its_file, &file.file) {
            return Ok(Err(Refusal::Taken {
                by: its_file.clone(),
            }));
        }
    }
    let version = make_version(tx, &file, now).await?;
    let (outcome, part_id) = match present {
        Some((part_id, ..)) => {
            tx.run(
                sql!("delete from law_node where part_id = $1"),
                values![&part_id],
            )
            .await?;
            tx.run(
                sql!(
                    "update law_part set name = $2, history = $3, source_file = $4, \
                     source_hash = $5 where id = $1"
                ),
                values![&part_id, part, &file.history, &file.file, &file.hash],
            )
            .await?;
            (Outcome::Changed, part_id)
        }
        None => {
            let part_id = id::fresh(now)?.to_string();
            tx.run(
                sql!(
                    "insert into law_part \
                     (id, version_id, name, position, history, source_file, source_hash) \
                     values ($1, $2, $3, -1, $4, $5, $6)"
                ),
                values![
                    &part_id,
                    &version,
                    part,
                    &file.history,
                    &file.file,
                    &file.hash
                ],
            )
            .await?;
            (Outcome::Created, part_id)
        }
    };
    for row in file.rows {
        insert(tx, row, &part_id, &version, now).await?;
    }
    order_parts(tx, &version).await?;
    count_revision(tx).await?;
    Ok(Ok(outcome))
}

/// A law that came without a category gets that of the folder, even when its text is unchanged.
async fn fill_category(tx: &mut Tx, file: &Prepared) -> Result<Outcome> {
    if file.category.is_empty() {
        return Ok(Outcome::Unchanged);
    }
    let filled = tx
        .run(
            sql!("update law set category = $2 where slug = $1 and category = ''"),
            values![&file.key.0, &file.category],
        )
        .await?;
    if filled == 0 {
        return Ok(Outcome::Unchanged);
    }
    count_revision(tx).await?;
    Ok(Outcome::Changed)
}

/// Says that the laws are others now: pages made from them before are not shown again.
async fn count_revision(tx: &mut Tx) -> Result<()> {
    tx.run(
        sql!("update law_revision set revision = revision + 1"),
        values![],
    )
    .await?;
    Ok(())
}

/// Makes the law and its version where they are missing, and answers the version's id. Title and
/// category of a law are those of its newest version.
async fn make_version(tx: &mut Tx, file: &Prepared, now: Millis) -> Result<String> {
    let (slug, version_date, _) = &file.key;
    tx.run(
        sql!(
            "insert into law (slug, title, category) values ($1, $2, $3) \
             on conflict (slug) do nothing"
        ),
        values![slug, &file.title, &file.category],
    )
    .await?;
    tx.run(
        sql!(
            "update law set title = $2, category = case when $3 = '' then category else $3 end \
             where slug = $1 and not exists \
             (select 1 from law_version where law_slug = $1 and version_date > $4)"
        ),
        values![slug, &file.title, &file.category, version_date],
    )
    .await?;
    tx.run(
        sql!(
            "insert into law_version (id, law_slug, version_date, effective_date) \
             values ($1, $2, $3, $4) on conflict (law_slug, version_date) do update \
             set effective_date = coalesce(excluded.effective_date, law_version.effective_date)"
        ),
        values![id::fresh(now)?, slug, version_date, file.effective.clone()],
    )
    .await?;
    let (version,) = tx
        .one::<(String,)>(
            sql!("select id from law_version where law_slug = $1 and version_date = $2"),
            values![slug, version_date],
        )
        .await?;
    Ok(version)
}

async fn insert(tx: &mut Tx, row: Row, part: &str, version: &str, now: Millis) -> Result<()> {
    let figure = |f: fn(domain::law::ArticleNumber) -> u32| row.number.map(|n| i64::from(f(n)));
    let base = figure(domain::law::ArticleNumber::base);
    let sub = figure(domain::law::ArticleNumber::sub);
    tx.run(
        sql!(
            "insert into law_node (id, part_id, version_id, position, kind, depth, level, label, \
             title, section, base, sub, html) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        values![
            id::fresh(now)?,
            part,
            version,
            row.position,
            row.kind,
            row.depth,
            row.level,
            row.label,
            row.title,
            row.section,
            base,
            sub,
            row.html,
        ],
    )
    .await?;
    Ok(())
}

/// Puts the parts of a version into the order of their articles; those without stand last.
async fn order_parts(tx: &mut Tx, version: &str) -> Result<()> {
    let mut parts: Vec<(String, String, i64, Option<i64>)> = tx
        .all(
            sql!(
                "select p.id, p.name, p.position, min(n.base * 10000 + n.sub) from law_part p \
                 left join law_node n on n.part_id = p.id \
                 where p.version_id = $1 group by p.id, p.name, p.position"
            ),
            values![version],
        )
        .await?;
    parts.sort_by(|(_, a_name, _, a), (_, b_name, _, b)| {
        (a.is_none(), a, a_name).cmp(&(b.is_none(), b, b_name))
    });
    for (right, (part, _, position, _)) in (0..).zip(parts) {
        if position != right {
            tx.run(
                sql!("update law_part set position = $2 where id = $1"),
                values![part, right],
            )
            .await?;
        }
    }
    Ok(())
}
