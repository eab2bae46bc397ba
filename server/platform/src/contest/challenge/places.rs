//! The result of the day: places of the teams, and the bonus credits of their members.

use super::bracket::{RoundSoFar, bracket, still_stands};
use super::compose::{Next, day};
use super::draw::{hold, places as number};
use crate::credits::{self, Earned};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::contest::challenge::places;
use domain::contest::r#match::Setup;
use domain::contest::{BonusReason, Rules, bonus};
use domain::credits::Source;
use domain::id::{ContestId, LearnerId, TeamId};
use domain::time::Millis;
use std::collections::{BTreeSet, HashMap};

/// Credits in one transaction, so that other writes need not wait for a whole contest.
const BATCH: usize = 100;

/// A team and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its place; ties share one (1, 2, 3, 3).
    pub place: i64,
    /// The team.
    pub team: TeamId,
    /// What it is called.
    pub name: String,
}

/// The places as they were declared; nothing before.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn placed(db: &Db, contest: ContestId) -> Result<Option<Vec<Placed>>> {
    let row: Option<(Option<String>,)> = db
        .optional(
            sql!("select places from contest_day where contest_id = $1"),
            values![contest],
        )
        .await?;
    let Some(text) = row.and_then(|(places,)| places) else {
        return Ok(None);
    };
    let bracket = bracket(db, contest).await?;
    let places: Vec<(i64, TeamId)> = serde_json::from_str(&text)?;
    let named = places.into_iter().map(|(place, team)| Placed {
        place,
        team,
        name: bracket.name(team).to_owned(),
    });
    Ok(Some(named.collect()))
}

/// Declares the places, once; returns the bonus credits that were granted for them. Asked again,
/// it posts what is still missing of them, and changes nothing else.
///
/// # Errors
/// As [`super::led`]; [`Error::Invalid`] with `day-not-yet` while a match or a tie is open.
pub async fn declare(db: &Db, viewer: &Viewer, contest: ContestId, now: Millis) -> Result<i64> {
    let day = day(db, viewer, contest).await?;
    match day.next() {
        Next::Declared => {}
        Next::Declare | Next::AfterOrDeclare => {
            let placed = places(&day.bracket.meetings()).ok_or(Error::Invalid("day-not-yet"))?;
            let placed = serde_json::to_string(&placed)?;
            let (by, rounds) = (viewer.learner, number(day.bracket.rounds.len()));
            let read = day.bracket.rounds.last().map(RoundSoFar::results);
            let done = db.write(move |tx| {
                Box::pin(async move {
                    hold(tx, contest, rounds).await?;
                    still_stands(tx, contest, rounds, &read.unwrap_or_default()).await?;
                    tx.run(
                        sql!(
                            "update contest_day set places = $2, declared_by = $3, \
                               declared_at = $4 where contest_id = $1"
                        ),
                        values![contest, placed, by, now],
                    )
                    .await?;
                    Ok(())
                })
            });
            done.await?;
        }
        _ => return Err(Error::Invalid("day-not-yet")),
    }
    post(db, contest, now).await
}

/// Posts the bonus credits of every challenge that was declared and has some left; returns how
/// many were granted. [`declare`] does it at once; this is for when it was cut off.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn post_declared(db: &Db, now: Millis) -> Result<i64> {
    let rows: Vec<(String,)> = db
        .all(
            sql!(
                "select c.id from contest c join contest_day d on d.contest_id = c.id \
                 where d.declared_at is not null and c.posted_at is null"
            ),
            values![],
        )
        .await?;
    let mut granted = 0;
    for (contest,) in rows {
        let id = contest
            .parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
        granted += post(db, id, now).await?;
    }
    Ok(granted)
}

/// Who had a seat in a match of the contest, by team.
async fn seats(db: &Db, contest: ContestId) -> Result<HashMap<TeamId, BTreeSet<LearnerId>>> {
    let rows: Vec<(String,)> = db
        .all(
            sql!(
                "select m.setup from live_match m join contest_match c on c.match_id = m.id \
                 where c.contest_id = $1"
            ),
            values![contest],
        )
        .await?;
    let mut seats: HashMap<TeamId, BTreeSet<LearnerId>> = HashMap::new();
    for (setup,) in rows {
        let setup: Setup = serde_json::from_str(&setup)?;
        for team in setup.teams {
            let people = team.members.into_iter().chain(team.substitutes);
            seats.entry(team.id).or_default().extend(people);
        }
    }
    Ok(seats)
}

async fn post(db: &Db, contest: ContestId, now: Millis) -> Result<i64> {
    let (title, rules, posted): (String, String, Option<i64>) = db
        .one(
            sql!("select title, rules, posted_at from contest where id = $1"),
            values![contest],
        )
        .await?;
    if posted.is_some() {
        return Ok(0);
    }
    let rules: Rules = serde_json::from_str(&rules)?;
    let seats = seats(db, contest).await?;
    let mut due = Vec::new();
    for placed in placed(db, contest).await?.unwrap_or_default() {
        for learner in seats.get(&placed.team).into_iter().flatten() {
            for bonus in bonus(&rules, placed.place, 1) {
                let (rule, reason, detail) = match bonus.reason {
                    BonusReason::TakingPart => ("taking-part", "contest-part", title.clone()),
                    BonusReason::Rank(place) => {
                        ("team-place", "contest-rank", format!("{place}#{title}"))
                    }
                };
                due.push(Earned {
                    learner: *learner,
                    source: Source::Contest,
                    amount: bonus.credits,
                    reason,
                    detail,
                    event: format!("contest:{contest}:{rule}"),
                });
            }
        }
    }
    // The same order on every machine: two that post at once then wait instead of deadlocking.
    due.sort_by_key(|earned| earned.learner);
    let mut granted = 0;
    let mut rest = due.into_iter().peekable();
    while rest.peek().is_some() {
        let batch: Vec<Earned> = rest.by_ref().take(BATCH).collect();
        granted += db
            .write(move |tx| {
                Box::pin(async move {
                    let mut sum = 0;
                    for earned in batch {
                        sum += credits::post(tx, earned, now).await?;
                    }
                    Ok(sum)
                })
            })
            .await?;
    }
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("update contest set posted_at = $2 where id = $1 and posted_at is null"),
                values![contest, now],
            )
            .await?;
            Ok(())
        })
    })
    .await?;
    tracing::info!(%contest, granted, "bonus credits of places posted");
    Ok(granted)
}
