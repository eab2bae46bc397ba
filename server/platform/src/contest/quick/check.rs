//! Quick matches against their own rules, for `zhijian check`.

use super::settle::{REASON, played};
use crate::db::Db;
use crate::{Error, Result, sql, values};
use std::collections::HashMap;

/// What is off about quick matches: credits without a match that gave them or the other way
/// round, ratings that are not those after the last match, points that are not the log's.
///
/// # Errors
/// [`Error::Fault`] when the database can not be read.
pub async fn quick_off(db: &Db, most: i64) -> Result<Vec<(String,)>> {
    let mut off: Vec<(String,)> = db
        .all(
            sql!(
                "select e.id from credit_entry e where e.reason = $1 and not exists \
                   (select 1 from quick_player p join quick_match m on m.match_id = p.match_id \
                    where 'quick:' || p.match_id = e.event_id and p.learner_id = e.learner_id \
                      and p.credits = e.amount and m.state = 'finished') order by e.id limit $2"
            ),
            values![REASON, most],
        )
        .await?;
    off.extend(
        db.all::<(String,)>(
            sql!(
                "select p.match_id || ' ' || p.learner_id from quick_player p \
                 where p.credits <> 0 and not exists (select 1 from credit_entry e \
                   where e.event_id = 'quick:' || p.match_id and e.learner_id = p.learner_id \
                     and e.amount = p.credits) order by 1 limit $1"
            ),
            values![most],
        )
        .await?,
    );
    off.extend(
        db.all::<(String,)>(
            sql!(
                "select r.learner_id from quick_rating r where r.played <> \
                   (select count(*) from quick_player p \
                    where p.learner_id = r.learner_id and p.rating is not null) \
                 or not exists (select 1 from quick_player p \
                    where p.learner_id = r.learner_id and p.rating = r.rating \
                      and p.deviation = r.deviation and p.volatility = r.volatility) \
                 order by r.learner_id limit $1"
            ),
            values![most],
        )
        .await?,
    );
    off.extend(points_off(db).await?);
    off.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(off)
}

/// Finished matches whose points are not those of their log.
async fn points_off(db: &Db) -> Result<Vec<(String,)>> {
    let rows: Vec<(String, String, i64)> = db
        .all(
            sql!(
                "select p.match_id, p.learner_id, p.points from quick_player p \
                 join quick_match m on m.match_id = p.match_id \
                 where m.state = 'finished' and p.rank is not null"
            ),
            values![],
        )
        .await?;
    let mut kept: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    for (id, who, points) in rows {
        kept.entry(id).or_default().push((who, points));
    }
    let mut off = Vec::new();
    for (id, players) in kept {
        let key = id
            .parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e).context("a match's id")))?;
        let (finished, log) = played(db, key).await?;
        let holds = |(who, points): &(String, i64)| {
            log.iter()
                .any(|one| one.who.to_string() == *who && one.points == *points)
        };
        if !finished || !players.iter().all(holds) {
            off.push((id,));
        }
    }
    off.sort();
    Ok(off)
}
