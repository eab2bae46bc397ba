//! Divisions (行政区划, GB/T 2260) from a file `code,name,level,parent`, as units down to the
//! county; townships are kept as divisions only.

use super::put_unit;
use crate::db::Db;
use crate::{Result, sql, values};
use domain::id::UnitId;
use domain::org::UnitKind;
use serde::Deserialize;

/// A line of the file.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
pub struct DivisionRow {
    /// GB/T 2260 code: 2, 4, 6 or 9 digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// province, prefecture, county or township.
    pub level: String,
    /// Code of the division above; empty for the province.
    pub parent: String,
}

/// Reads the file.
///
/// # Errors
/// A line that does not have the four columns; the error names it.
pub fn parse_divisions(text: &str) -> Result<Vec<DivisionRow>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect()
}

/// Puts the divisions into the database; safe to run twice. Parents must come before children.
///
/// # Errors
/// [`crate::Error::Fault`] when a parent is missing or the database fails; then nothing is
/// written.
pub async fn import_divisions(db: &Db, rows: Vec<DivisionRow>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            for (position, row) in (0_i64..).zip(&rows) {
                let parent = (!row.parent.is_empty()).then(|| row.parent.clone());
                tx.run(
                    sql!(
                        "insert into division (code, name, level, parent_code) \
                         values ($1, $2, $3, $4) on conflict (code) do update set \
                         name = excluded.name"
                    ),
                    values![&row.code, &row.name, &row.level, parent.clone()],
                )
                .await?;
                if let Some(kind) = UnitKind::parse(&row.level) {
                    put_unit(
                        tx,
                        &UnitId(row.code.clone()),
                        parent.map(UnitId).as_ref(),
                        Some(&row.code),
                        kind,
                        &row.name,
                        position,
                    )
                    .await?;
                }
            }
            Ok(())
        })
    })
    .await
}
