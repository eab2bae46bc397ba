//! The final of an open round: a draft whose list is those who qualify.

use super::draft::put_draft;
use super::window::coming_week;
use super::{LONGEST_TITLE, one_edited};
use crate::contest::NewContest;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, id, sql, values};
use domain::contest::stage::{Line, Qualified, qualify};
use domain::contest::{Phase, Rules, Score, Standing, ranks};
use domain::id::{ContestId, EventId};
use domain::time::Millis;

/// Who would enter the final.
#[derive(Debug, Clone)]
pub struct Final {
    /// The open round's title.
    pub title: String,
    /// The line in force.
    pub line: Line,
    /// How many qualify, and the tie at the line if there is one.
    pub qualified: Qualified,
    /// Those who qualify, from the first rank on.
    people: Vec<String>,
}

/// Who would enter the final of a contest that is over.
///
/// # Errors
/// [`Error::Invalid`] with `contest-no-final` while it is not over, or where there is no line; as
/// [`one_edited`].
pub async fn final_of(db: &Db, viewer: &Viewer, of: ContestId, now: Millis) -> Result<Final> {
    let edited = one_edited(db, viewer, of).await?;
    let is_over = !edited.is_draft && edited.contest.phase(now) == Phase::Closed;
    let Some(line) = edited.contest.rules.line.filter(|_| is_over) else {
        return Err(Error::Invalid("contest-no-final"));
    };
    let rows: Vec<(String, i64, i64)> = db
        .all(
            sql!(
                "select learner_id, points, time_ms from contest_standing where contest_id = $1 \
                 order by learner_id"
            ),
            values![of],
        )
        .await?;
    let standing = |(who, points, time)| Standing {
        who,
        score: Score {
            right: 0,
            points,
            time,
        },
    };
    let ranked = ranks(rows.into_iter().map(standing).collect());
    let qualified = qualify(line, &ranked);
    let people = ranked.into_iter().take(qualified.count);
    Ok(Final {
        title: edited.contest.title,
        line,
        qualified,
        people: people.map(|(_, standing)| standing.who).collect(),
    })
}

/// Makes the final: a draft with the rules of the open round and the list of those who qualify, of
/// whom the editor has seen that there are `seen`. The same event again gets the same draft.
///
/// # Errors
/// [`Error::Invalid`] with `contest-list-moved` when others qualify by now; as [`final_of`].
pub async fn make_final(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    of: ContestId,
    title: &str,
    seen: usize,
    now: Millis,
) -> Result<ContestId> {
    let plan = final_of(db, viewer, of, now).await?;
    if plan.people.len() != seen {
        return Err(Error::Invalid("contest-list-moved"));
    }
    let contest = one_edited(db, viewer, of).await?.contest;
    let mut rules = Rules {
        line: None,
        attempts: 1,
        ..contest.rules
    };
    rules.entry.listed = true;
    let (opens_at, closes_at) = coming_week(now);
    let new = NewContest {
        id: ContestId(id::fresh(now)?),
        kind: contest.kind,
        title: title.chars().take(LONGEST_TITLE).collect(),
        summary: contest.summary,
        unit: contest.unit,
        opens_at,
        closes_at,
        rules,
    };
    put_draft(db, viewer, event, new, Some(of), plan.people, now).await
}
