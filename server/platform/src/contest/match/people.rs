//! Who is who in a match, and the matches of a person.

use crate::db::{Db, Tx};
use crate::{Result, sql, values};
use domain::contest::r#match::Setup;
use domain::id::{LearnerId, MatchId};
use std::collections::BTreeMap;

/// The most matches in a person's list.
const MOST: i64 = 20;

/// A match in which a person has a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The match.
    pub id: MatchId,
    /// What it is called.
    pub title: String,
    /// Whether they may lead it; otherwise they have a seat.
    pub leads: bool,
    /// Whether it is over.
    pub over: bool,
}

/// Puts down who has a part in a match.
pub(super) async fn put(tx: &mut Tx, id: MatchId, setup: &Setup) -> Result<()> {
    let seats = setup
        .teams
        .iter()
        .flat_map(|team| team.members.iter().chain(&team.substitutes));
    // Owned, for a closure over references does not go through an await of a boxed future.
    let people: Vec<(LearnerId, bool)> = seats
        .map(|seat| (*seat, false))
        .chain(setup.hosts.iter().map(|host| (*host, true)))
        .collect();
    for (person, leads) in people {
        tx.run(
            sql!("insert into live_match_person (match_id, learner_id, leads) values ($1, $2, $3)"),
            values![id, person, leads],
        )
        .await?;
    }
    Ok(())
}

/// What everyone who has a part in a match is called.
///
/// # Errors
/// [`crate::Error::Fault`] when the database can not be read.
pub async fn names(db: &Db, id: MatchId) -> Result<BTreeMap<LearnerId, String>> {
    let rows: Vec<(String, String)> = db
        .all(
            sql!(
                "select l.id, l.name from live_match_person p join learner l on l.id = p.learner_id \
                 where p.match_id = $1"
            ),
            values![id],
        )
        .await?;
    let named = rows
        .into_iter()
        .filter_map(|(id, name)| Some((id.parse().ok()?, name)));
    Ok(named.collect())
}

/// The matches in which a person has a part, the newest first; quick matches have a list of
/// their own.
///
/// # Errors
/// [`crate::Error::Fault`] when the database can not be read.
pub async fn parts(db: &Db, person: LearnerId) -> Result<Vec<Part>> {
    let rows: Vec<(String, String, bool, Option<i64>)> = db
        .all(
            sql!(
                "select m.id, m.title, p.leads, m.finished_at from live_match_person p \
                   join live_match m on m.id = p.match_id \
                 where p.learner_id = $1 and not exists \
                   (select 1 from quick_match q where q.match_id = m.id) \
                 order by m.created_at desc, m.id desc limit $2"
            ),
            values![person, MOST],
        )
        .await?;
    let parts = rows.into_iter().filter_map(|(id, title, leads, finished)| {
        Some(Part {
            id: id.parse().ok()?,
            title,
            leads,
            over: finished.is_some(),
        })
    });
    Ok(parts.collect())
}
