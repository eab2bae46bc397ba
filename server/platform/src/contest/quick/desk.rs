//! What runs beside the site: pairs those who wait, and leads the matches that run.

use super::lead::lead;
use super::{make, place};
use crate::contest::r#match::Hall;
use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::contest::pair::{Waiting, pair};
use domain::id::MatchId;
use domain::time::Millis;
use std::collections::HashSet;
use tokio::task::JoinSet;

/// How many turns go by between two clearings.
const CLEARING: u32 = 20;

/// Pairs those who wait and leads the matches that run, for one process; any number of processes
/// may have one. The matches stop being led when it is dropped, and another goes on.
pub struct Desk {
    db: Db,
    hall: Hall,
    turns: u32,
    led: HashSet<MatchId>,
    tasks: JoinSet<MatchId>,
}

impl Desk {
    /// A desk that leads nothing yet.
    #[must_use]
    pub fn new(db: Db, hall: Hall) -> Self {
        Self {
            db,
            hall,
            turns: 0,
            led: HashSet::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Pairs those who wait, takes up every match that runs, and now and then lets go of what is
    /// left behind. To be called twice a second.
    ///
    /// # Errors
    /// [`Error::Fault`] when the database does.
    pub async fn turn(&mut self, now: Millis) -> Result<()> {
        while let Some(ended) = self.tasks.try_join_next() {
            match ended {
                Ok(id) => {
                    self.led.remove(&id);
                }
                // Which one it was is not known: all are looked at again; to lead one twice does
                // no harm.
                Err(_) => self.led.clear(),
            }
        }
        pair_waiting(&self.db, now).await?;
        for (id, made) in running(&self.db).await? {
            if self.led.insert(id) {
                let (db, hall) = (self.db.clone(), self.hall.clone());
                self.tasks.spawn(async move {
                    lead(db, hall, id, made).await;
                    id
                });
            }
        }
        self.turns = self.turns.wrapping_add(1);
        if self.turns % CLEARING == 1 {
            place::clear(&self.db, now).await?;
            self.hall.sweep().await;
        }
        Ok(())
    }
}

/// Makes a match of each table that can be played now.
async fn pair_waiting(db: &Db, now: Millis) -> Result<()> {
    let rows: Vec<(String, i64, Option<i64>, Option<i64>)> = db
        .all(
            sql!(
                "select p.learner_id, p.since, r.rating, r.deviation from quick_place p \
                 left join quick_rating r on r.learner_id = p.learner_id \
                 where p.match_id is null and p.room is null and p.seen_at >= $1 \
                 order by p.since, p.learner_id"
            ),
            values![now.plus(-super::SILENT)],
        )
        .await?;
    if rows.len() < domain::contest::quick::FEWEST {
        return Ok(());
    }
    let newcomer = super::strength::newcomer();
    let mut waiting = Vec::with_capacity(rows.len());
    for (who, since, rating, deviation) in rows {
        waiting.push(Waiting {
            who: super::room::learner(&who)?,
            rating: rating.unwrap_or(newcomer.rating) / 1_000,
            deviation: deviation.unwrap_or(newcomer.deviation) / 1_000,
            waited: now.since(Millis(since)),
        });
    }
    for table in pair(&waiting).matches {
        match make::of_queue(db, table, now).await {
            Ok(_) => {}
            Err(Error::Invalid(why)) => tracing::warn!(why, "no quick match was made"),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The matches that are not settled, and when they were made.
async fn running(db: &Db) -> Result<Vec<(MatchId, Millis)>> {
    let rows: Vec<(String, i64)> = db
        .all(
            sql!(
                "select match_id, made_at from quick_match where state = 'running' order by made_at"
            ),
            values![],
        )
        .await?;
    rows.into_iter()
        .map(|(id, made)| {
            let id = id
                .parse()
                .map_err(|e| Error::Fault(anyhow::Error::new(e).context("a match's id")))?;
            Ok((id, Millis(made)))
        })
        .collect()
}
