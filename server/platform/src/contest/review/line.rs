//! The qualification line (晋级线): where it lies, and moves of it on record.

use super::super::Contest;
use super::{hold, must_be_over, reason, reviewable};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, event, sql, values};
use domain::contest::stage::{Line, Qualified, qualify};
use domain::contest::{Score, Standing, ranks};
use domain::id::{ContestId, EventId};
use domain::time::Millis;

/// The line in force of a contest, after its moves; `None` where the rules have none.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn line(db: &Db, contest: &Contest) -> Result<Option<Line>> {
    let Some(first) = contest.rules.line else {
        return Ok(None);
    };
    let moved: Option<(String,)> = db
        .optional(
            sql!(
                "select line from contest_line_move where contest_id = $1 \
                 order by number desc limit 1"
            ),
            values![contest.id],
        )
        .await?;
    match moved {
        Some((line,)) => Ok(Some(serde_json::from_str(&line)?)),
        None => Ok(Some(first)),
    }
}

/// Where a line lies.
#[derive(Debug, Clone, Copy)]
pub struct Lie {
    /// The line.
    pub line: Line,
    /// Who qualifies by it, and whether it falls into a tie.
    pub qualified: Qualified,
}

/// Where the line of a contest lies in the standings as they are; `None` where there is no line.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn lie(db: &Db, contest: &Contest) -> Result<Option<Lie>> {
    let Some(line) = line(db, contest).await? else {
        return Ok(None);
    };
    // Nobody behind the last one who may qualify is needed: those are all who are read.
    let (least, most) = match line {
        Line::Points(least) => ((least, i64::MAX), i64::MAX),
        Line::Rank(last) => {
            let at: Option<(i64, i64)> = db
                .optional(
                    sql!(
                        "select points, time_ms from contest_standing where contest_id = $1 \
                         order by points desc, time_ms limit 1 offset $2"
                    ),
                    values![contest.id, (last - 1).max(0)],
                )
                .await?;
            (at.unwrap_or((i64::MIN, i64::MAX)), last)
        }
    };
    let rows: Vec<(i64, i64)> = if most < 1 {
        Vec::new()
    } else {
        db.all(
            sql!(
                "select points, time_ms from contest_standing where contest_id = $1 \
                   and (points > $2 or (points = $2 and time_ms <= $3))"
            ),
            values![contest.id, least.0, least.1],
        )
        .await?
    };
    let standing = |(points, time)| Standing {
        who: (),
        score: Score {
            right: 0,
            points,
            time,
        },
    };
    let ranked = ranks(rows.into_iter().map(standing).collect());
    Ok(Some(Lie {
        line,
        qualified: qualify(line, &ranked),
    }))
}

/// Moves the line of a contest that is over, with the reason, on record.
///
/// # Errors
/// As [`reviewable`]; [`Error::Invalid`] with `review-open` before the end, `no-line` where the
/// rules have none, `line-same` when it lies there already, `review-reason` without a reason.
pub async fn move_line(
    db: &Db,
    viewer: &Viewer,
    event_id: EventId,
    id: ContestId,
    to: Line,
    why: &str,
    now: Millis,
) -> Result<i64> {
    let contest = reviewable(db, viewer, id).await?;
    must_be_over(&contest, now)?;
    let why = reason(why)?;
    let first = contest.rules.line.ok_or(Error::Invalid("no-line"))?;
    let (Line::Rank(n) | Line::Points(n)) = to;
    if !(0..=1_000_000_000).contains(&n) {
        return Err(Error::Invalid("line-same"));
    }
    let learner = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            hold(tx, id).await?;
            let once = event::once(tx, event_id, learner, "line-move", now);
            if let Some(before) = once.await? {
                return Ok(before);
            }
            let last: Option<(i64, String)> = tx
                .optional(
                    sql!(
                        "select number, line from contest_line_move where contest_id = $1 \
                         order by number desc limit 1"
                    ),
                    values![id],
                )
                .await?;
            let (number, from) = match last {
                Some((number, line)) => (number + 1, serde_json::from_str(&line)?),
                None => (1, first),
            };
            if from == to {
                return Err(Error::Invalid("line-same"));
            }
            tx.run(
                sql!(
                    "insert into contest_line_move (contest_id, number, line, reason, moved_by, \
                       moved_at) values ($1, $2, $3, $4, $5, $6)"
                ),
                values![id, number, serde_json::to_string(&to)?, why, learner, now],
            )
            .await?;
            event::answered(tx, event_id, number).await
        })
    })
    .await
}
