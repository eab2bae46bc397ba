//! The final of an open round: a draft whose list is those who qualify, by the line as it was moved.

use super::draft::put_draft;
use super::window::coming_week;
use super::{LONGEST_TITLE, one_edited};
use crate::contest::{NewContest, review};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, id, sql, values};
use domain::contest::entry::Entry;
use domain::contest::stage::{Line, Qualified, qualify};
use domain::contest::{Rules, Score, Standing, ranks};
use domain::id::{ContestId, EventId};
use domain::seed::seed_of;
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
    /// Names who was seen: the button carries it, and is refused if they are others by then.
    pub fingerprint: String,
}

/// Who would enter the final of a contest that is over.
///
/// # Errors
/// [`Error::Invalid`] with `contest-no-final` while it is not over and its last answers are not
/// committed, or where there is no line, and with `correction-running` while a correction is on its
/// way; as [`one_edited`].
pub async fn final_of(db: &Db, viewer: &Viewer, of: ContestId, now: Millis) -> Result<Final> {
    let edited = one_edited(db, viewer, of).await?;
    let is_over = !edited.is_draft && review::is_over(&edited.contest, now);
    let line = review::line(db, &edited.contest).await?;
    let Some(line) = line.filter(|_| is_over) else {
        return Err(Error::Invalid("contest-no-final"));
    };
    // In one statement: nobody is ranked by standings of which a half is corrected.
    let rows: Vec<(String, i64, i64, bool)> = db
        .all(
            sql!(
                "select learner_id, points, time_ms, exists (select 1 from contest_correction k \
                   where k.contest_id = $1 and k.done_at is null) as correcting \
                 from contest_standing where contest_id = $1 order by learner_id"
            ),
            values![of],
        )
        .await?;
    if rows.iter().any(|(.., correcting)| *correcting) {
        return Err(Error::Invalid("correction-running"));
    }
    let standing = |(who, points, time, _)| Standing {
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
    let people: Vec<String> = people.map(|(_, standing)| standing.who).collect();
    let ids: Vec<&str> = people.iter().map(String::as_str).collect();
    Ok(Final {
        title: edited.contest.title,
        line,
        qualified,
        fingerprint: format!("{:016x}", seed_of(&ids)),
        people,
    })
}

/// Makes the final: a draft with the rules of the open round and the list of those who qualify, of
/// whom the editor has seen the fingerprint `seen`. The same event again gets the same draft.
///
/// # Errors
/// [`Error::Invalid`] with `contest-list-moved` when others qualify by now; as [`final_of`].
pub async fn make_final(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    of: ContestId,
    title: &str,
    seen: &str,
    now: Millis,
) -> Result<ContestId> {
    let plan = final_of(db, viewer, of, now).await?;
    if plan.fingerprint != seen {
        return Err(Error::Invalid("contest-list-moved"));
    }
    let contest = one_edited(db, viewer, of).await?.contest;
    let mut rules = Rules {
        line: None,
        attempts: 1,
        ..contest.rules
    };
    // Who has qualified may enter, wherever they have moved since.
    rules.entry = Entry {
        listed: true,
        ..Entry::default()
    };
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
