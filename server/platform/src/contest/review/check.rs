//! What `zhijian check` asks of reviews.

use super::super::{Contest, ContestRow};
use super::ruling::rulings;
use super::scores::scores;
use crate::db::Db;
use crate::{Result, sql, values};
use domain::contest::{ContestKind, Score, Standing, bonus, ranks};
use domain::time::Millis;
use std::collections::HashMap;

/// Contests whose books can be compared: none of their corrections is on its way.
async fn at_rest(db: &Db) -> Result<Vec<Contest>> {
    let rows: Vec<ContestRow> = db
        .all(
            sql!(
                "select c.id, c.kind, c.title, c.summary, c.unit_id, c.opens_at, c.closes_at, \
                   c.rules, c.posted_at from contest c where not exists (select 1 \
                   from contest_correction k where k.contest_id = c.id and k.done_at is null) \
                 order by c.id"
            ),
            values![],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Attempts whose points or time are not what their answers are worth under the rulings in force.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn scores_off(db: &Db, most: usize) -> Result<Vec<(String,)>> {
    let mut found = Vec::new();
    for contest in at_rest(db).await? {
        let rulings = rulings(db, contest.id).await?;
        for one in scores(db, &contest, None, [&rulings]).await? {
            let [score] = one.scores;
            if !one.marked || one.stored != (score.points, score.time) {
                found.push((one.attempt.to_string(),));
            }
        }
    }
    found.sort();
    found.truncate(most);
    Ok(found)
}

/// Learners whose bonus credits of a posted contest, corrections included, are not what their rank
/// and their taking part earn.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn bonus_off(db: &Db, most: usize) -> Result<Vec<(String,)>> {
    // An event is `contest:`, the contest's id of 36 letters, `:` and the rule.
    let posted: Vec<(String, String, i64)> = db
        .all(
            sql!(
                "select substr(event_id, 9, 36), learner_id, cast(sum(amount) as bigint) \
                 from credit_entry where source = 'contest' and event_id like 'contest:%' \
                 group by substr(event_id, 9, 36), learner_id"
            ),
            values![],
        )
        .await?;
    let mut has: HashMap<(String, String), i64> = posted
        .into_iter()
        .map(|(contest, learner, amount)| ((contest, learner), amount))
        .collect();
    let mut found = Vec::new();
    for contest in at_rest(db).await? {
        if contest.posted_at.is_none() || contest.kind == ContestKind::Team {
            has.retain(|(id, _), _| *id != contest.id.to_string());
            continue;
        }
        let rows: Vec<(String, i64, i64, i64)> = db
            .all(
                sql!(
                    "select learner_id, answered, points, time_ms from contest_standing \
                     where contest_id = $1 order by learner_id"
                ),
                values![contest.id],
            )
            .await?;
        let standings = rows
            .into_iter()
            .map(|(learner, answered, points, time)| Standing {
                who: (learner, answered),
                score: Score {
                    right: 0,
                    points,
                    time,
                },
            });
        for (rank, standing) in ranks(standings.collect()) {
            let (learner, answered) = standing.who;
            let due: i64 = bonus(&contest.rules, rank, answered)
                .iter()
                .map(|b| b.credits)
                .sum();
            let had = has.remove(&(contest.id.to_string(), learner.clone()));
            if due != had.unwrap_or(0) {
                found.push((format!("{} {learner}", contest.id),));
            }
        }
        // Who stands nowhere has earned nothing.
        let left = has
            .iter()
            .filter(|((id, _), sum)| *id == contest.id.to_string() && **sum != 0);
        found.extend(left.map(|((id, learner), _)| (format!("{id} {learner}"),)));
    }
    found.sort();
    found.truncate(most);
    Ok(found)
}

/// Corrections that were confirmed before `before` and are not done.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn corrections_overdue(db: &Db, before: Millis) -> Result<Vec<(String,)>> {
    db.all(
        sql!(
            "select contest_id || ' ' || cast(number as text) from contest_correction \
             where done_at is null and decided_at < $1 order by 1 limit 100"
        ),
        values![before],
    )
    .await
}
