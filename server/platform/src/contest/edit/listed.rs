//! Who may enter by invitation: a list of phone numbers or staff numbers, one a line.
//!
//! The rule guarded here: in = found + unknown + twice, each with its row and reason, and nothing
//! is written before that was seen. Someone outside the contest's unit is unknown, so that a list
//! tells nobody whose number belongs to an account elsewhere.

use super::{Edited, one_draft};
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::id::{ContestId, UnitId};
use domain::time::Millis;
use std::collections::{HashMap, HashSet};

/// Lines of a list.
pub const LONGEST_LIST: usize = 100_000;
/// Numbers in one statement.
const BATCH: usize = 50;

/// Why a line puts nobody on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nobody in the contest's unit or below has this number.
    Unknown,
    /// The person stands further up already, in this row.
    Twice(usize),
}

/// A line that puts nobody on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The line, from 1.
    pub row: usize,
    /// What stands there.
    pub text: String,
    /// Why.
    pub reason: Reason,
}

/// A list as it would be put in.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Lines that are not empty: found, unknown and twice together.
    pub lines: usize,
    /// The people that were found, in the order of the lines.
    pub found: Vec<String>,
    /// Lines that put nobody on the list.
    pub refused: Vec<Refused>,
}

impl Checked {
    /// Lines without a person.
    #[must_use]
    pub fn unknown(&self) -> usize {
        let unknown = |r: &&Refused| r.reason == Reason::Unknown;
        self.refused.iter().filter(unknown).count()
    }

    /// Lines with a person who stands further up.
    #[must_use]
    pub fn twice(&self) -> usize {
        self.refused.len() - self.unknown()
    }
}

/// The list in `text` as it would be put in; nothing is written.
///
/// # Errors
/// [`Error::Invalid`] with `contest-list-long`, or `contest-published`; as
/// [`one_edited`](super::one_edited).
pub async fn check_list(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    text: &str,
    now: Millis,
) -> Result<Checked> {
    let edited = one_draft(db, viewer, id).await?;
    check(db, &edited.contest.unit, text, now).await
}

async fn check(db: &Db, unit: &UnitId, text: &str, now: Millis) -> Result<Checked> {
    let lines: Vec<(usize, String)> = (1..)
        .zip(text.lines())
        .map(|(row, line)| (row, plain(line)))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    if lines.len() > LONGEST_LIST {
        return Err(Error::Invalid("contest-list-long"));
    }
    let distinct: HashSet<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
    let distinct: Vec<&str> = distinct.into_iter().collect();
    let mut people: HashMap<String, String> = HashMap::with_capacity(distinct.len());
    for numbers in distinct.chunks(BATCH) {
        people.extend(look_up(db, unit, numbers, now).await?);
    }
    let mut checked = Checked {
        lines: lines.len(),
        found: Vec::new(),
        refused: Vec::new(),
    };
    let mut rows: HashMap<&str, usize> = HashMap::new();
    for (row, text) in lines {
        let reason = match people.get(&text) {
            None => Reason::Unknown,
            Some(person) => match rows.get(person.as_str()) {
                Some(first) => Reason::Twice(*first),
                None => {
                    rows.insert(person, row);
                    checked.found.push(person.clone());
                    continue;
                }
            },
        };
        checked.refused.push(Refused { row, text, reason });
    }
    Ok(checked)
}

/// A number as it is compared: full-width figures and letters as half-width ones, without spaces,
/// hyphens and what a spreadsheet leaves at the ends; no longer than any number is.
fn plain(line: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
        _ => c,
    };
    let drop = |c: &char| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\'' | '"' | ',' | ';');
    let text: String = line.chars().map(half).filter(drop).take(64).collect();
    // 138-0000-0001 is a phone number; a staff number keeps its hyphens.
    let figures = text.replace('-', "");
    if figures.len() == 11 && figures.bytes().all(|b| b.is_ascii_digit()) {
        return figures;
    }
    text
}

/// Who in `unit` or below has one of these numbers: number and learner.
async fn look_up(
    db: &Db,
    unit: &UnitId,
    numbers: &[&str],
    now: Millis,
) -> Result<Vec<(String, String)>> {
    let mut values = values![unit, now];
    let number = |at: usize| numbers.get(at).copied().unwrap_or_default();
    values.extend((0..BATCH).map(|at| number(at).into()));
    db.all(
        sql!(
            "with wanted (number, id) as ( \
               select phone, id from learner where phone in ($3, $4, $5, $6, $7, $8, $9, $10, $11, \
                 $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
                 $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, \
                 $44, $45, $46, $47, $48, $49, $50, $51, $52) \
               union all \
               select staff_number, id from learner where staff_number in ($3, $4, $5, $6, $7, $8, \
                 $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
                 $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
                 $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52)) \
             select w.number, w.id from wanted w where exists (select 1 from membership m \
               join unit_ancestor a on a.unit_id = m.unit_id and a.ancestor_id = $1 \
               where m.learner_id = w.id and m.from_at <= $2 \
                 and (m.until_at is null or m.until_at > $2))"
        ),
        values,
    )
    .await
}

/// Replaces the list by `text`, of which a dry run has found `seen` people; from then on only they
/// may enter.
///
/// # Errors
/// [`Error::Invalid`] with `contest-list-moved` when other people are found by now, and nothing is
/// written; as [`check_list`].
pub async fn put_list(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    text: &str,
    seen: usize,
    now: Millis,
) -> Result<usize> {
    let edited: Edited = one_draft(db, viewer, id).await?;
    let checked = check(db, &edited.contest.unit, text, now).await?;
    if checked.found.len() != seen {
        return Err(Error::Invalid("contest-list-moved"));
    }
    let mut rules = edited.contest.rules;
    rules.entry.listed = true;
    let rules = serde_json::to_string(&rules)?;
    replace(db, id, edited.stored, rules, checked.found).await?;
    Ok(seen)
}

/// Replaces the list of a draft, and its rules `before` by `rules`.
pub(super) async fn replace(
    db: &Db,
    id: ContestId,
    before: String,
    rules: String,
    people: Vec<String>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let rows = tx
                .run(
                    sql!("update contest set rules = $2 where id = $1 and is_draft and rules = $3"),
                    values![id, rules, before],
                )
                .await?;
            if rows == 0 {
                return Err(Error::Invalid("contest-changed"));
            }
            tx.run(
                sql!("delete from contest_listed where contest_id = $1"),
                values![id],
            )
            .await?;
            put(tx, id, &people).await
        })
    })
    .await
}

/// Puts people on a list on which they are not yet.
pub(super) async fn put(tx: &mut Tx, contest: ContestId, people: &[String]) -> Result<()> {
    for some in people.chunks(BATCH) {
        let mut values = values![contest];
        let person = |at: usize| some.get(at).map(String::as_str).unwrap_or_default();
        values.extend((0..BATCH).map(|at| person(at).into()));
        tx.run(
            sql!(
                "insert into contest_listed (contest_id, learner_id) \
                 select cast($1 as text), id from learner where id in ($2, $3, $4, $5, $6, $7, $8, \
                   $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
                   $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
                   $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)"
            ),
            values,
        )
        .await?;
    }
    Ok(())
}
