//! What a learner sees of their quick matches.

use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::contest::quick::Class;
use domain::id::{LearnerId, MatchId};
use domain::time::Millis;

/// Matches in the list.
const MOST: usize = 10;

/// How a learner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Their strength in words.
    pub class: Class,
    /// Matches that counted.
    pub played: i64,
}

/// How a learner stands.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn record(db: &Db, learner: LearnerId) -> Result<Record> {
    let row: Option<(i64, i64)> = db
        .optional(
            sql!("select rating, played from quick_rating where learner_id = $1"),
            values![learner],
        )
        .await?;
    let (rating, played) = row.unwrap_or_default();
    Ok(Record {
        class: Class::of(rating / 1_000, played),
        played,
    })
}

/// Somebody else in a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opponent {
    /// Their name.
    pub name: String,
}

/// A match of a learner that is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMatch {
    /// The match.
    pub id: MatchId,
    /// When it was made.
    pub made: Millis,
    /// The learner's rank; `None` where the match did not count or they did not come.
    pub rank: Option<i64>,
    /// Their points, in tenths.
    pub points: i64,
    /// Credits that it earned.
    pub credits: i64,
    /// Who else was in it.
    pub others: Vec<Opponent>,
}

#[derive(sqlx::FromRow)]
struct PlayerRow {
    match_id: String,
    made_at: i64,
    learner_id: String,
    name: String,
    rank: Option<i64>,
    points: i64,
    credits: i64,
}

/// The last matches of a learner that are settled, the newest first.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn past(db: &Db, learner: LearnerId) -> Result<Vec<PastMatch>> {
    let rows: Vec<PlayerRow> = db
        .all(
            sql!(
                "select m.match_id, m.made_at, q.learner_id, l.name, q.rank, q.points, q.credits \
                 from (select g.match_id, g.made_at from quick_player p \
                     join quick_match g on g.match_id = p.match_id and g.state = 'finished' \
                     where p.learner_id = $1 order by g.match_id desc limit $2) m \
                 join quick_player q on q.match_id = m.match_id \
                 join learner l on l.id = q.learner_id \
                 order by m.match_id desc, q.learner_id"
            ),
            values![learner, i64::try_from(MOST).unwrap_or(i64::MAX)],
        )
        .await?;
    let me = learner.to_string();
    let mut matches: Vec<PastMatch> = Vec::new();
    for row in rows {
        let id: MatchId = row
            .match_id
            .parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
        if matches.last().is_none_or(|last| last.id != id) {
            matches.push(PastMatch {
                id,
                made: Millis(row.made_at),
                rank: None,
                points: 0,
                credits: 0,
                others: Vec::new(),
            });
        }
        let Some(current) = matches.last_mut() else {
            continue;
        };
        if row.learner_id == me {
            (current.rank, current.points, current.credits) = (row.rank, row.points, row.credits);
        } else {
            current.others.push(Opponent { name: row.name });
        }
    }
    Ok(matches)
}

/// Whether a match is a quick one.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn is_quick(db: &Db, id: MatchId) -> Result<bool> {
    let row: Option<(String,)> = db
        .optional(
            sql!("select match_id from quick_match where match_id = $1"),
            values![id],
        )
        .await?;
    Ok(row.is_some())
}
