//! The end of a contest: ranks become bonus credits.
//!
//! Closing itself needs nobody: it is computed from times. What runs here may run late, twice, or
//! on two machines at once: each credit is an event of person, rule and contest and earns once.

use crate::credits::{self, Earned};
use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::contest::{BonusReason, Rules, Score, Standing, bonus, ranks};
use domain::credits::Source;
use domain::id::LearnerId;
use domain::time::{Millis, SECOND};

/// How long after its end a contest's credits are posted, so that answers received in time have
/// been committed, in milliseconds: longer than an answer may wait for a connection.
pub(super) const SETTLE: i64 = 15 * SECOND;
/// Learners in one transaction, so that other writes need not wait for a whole contest.
const BATCH: usize = 100;

/// Contests that are over and whose bonus credits are not posted yet.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn unposted(db: &Db, now: Millis) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = db
        .all(
            sql!(
                "select id from contest where not is_draft and posted_at is null and closes_at <= $1 \
                   and kind <> 'team' \
                 order by closes_at"
            ),
            values![now.plus(-SETTLE)],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Posts the bonus credits of every contest that is over; returns how many credits were granted.
///
/// # Errors
/// [`Error::Fault`] when the database does; what was posted stays, the rest comes next time.
pub async fn post_due(db: &Db, now: Millis) -> Result<i64> {
    let mut granted = super::challenge::post_declared(db, now).await?;
    for contest in unposted(db, now).await? {
        granted += post(db, &contest, now).await?;
    }
    Ok(granted)
}

pub(super) async fn post(db: &Db, contest: &str, now: Millis) -> Result<i64> {
    // On SQLite what waits for the writer waits as long as it takes: answers that came in before
    // are committed when this is.
    db.write(|_| Box::pin(async { Ok(()) })).await?;
    let (title, rules): (String, String) = db
        .one(
            sql!("select title, rules from contest where id = $1"),
            values![contest],
        )
        .await?;
    let rules: Rules = serde_json::from_str(&rules)?;
    let rows: Vec<(String, i64, i64, i64)> = db
        .all(
            sql!(
                // In one statement: ranks of after a correction are never posted as the first.
                "select s.learner_id, s.answered, s.points, s.time_ms from contest_standing s \
                 join contest c on c.id = s.contest_id \
                 where s.contest_id = $1 and c.posted_at is null"
            ),
            values![contest],
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
    let mut due = Vec::new();
    for (
        rank,
        Standing {
            who: (learner, answered),
            ..
        },
    ) in ranks(standings.collect())
    {
        let learner: LearnerId = learner
            .parse()
            .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
        for bonus in bonus(&rules, rank, answered) {
            let (reason, detail) = match bonus.reason {
                BonusReason::TakingPart => ("contest-part", title.clone()),
                BonusReason::Rank(rank) => ("contest-rank", format!("{rank}#{title}")),
            };
            due.push(Earned {
                learner,
                source: Source::Contest,
                amount: bonus.credits,
                reason,
                detail,
                event: format!("contest:{contest}:{}", bonus.reason.rule()),
            });
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
    let id = contest.to_owned();
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("update contest set posted_at = $2 where id = $1 and posted_at is null"),
                values![id, now],
            )
            .await?;
            Ok(())
        })
    })
    .await?;
    tracing::info!(contest, granted, "bonus credits posted");
    Ok(granted)
}
