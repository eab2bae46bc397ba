//! The final of an open round: a draft whose list is those who qualify, by the line as it was moved.

use super::draft::put_draft;
use super::listed::replace;
use super::window::coming_week;
use super::{Edited, LONGEST_TITLE, one_draft, one_edited};
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
use std::collections::HashSet;

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

/// How the list of a final differs from those who qualify by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Who qualifies and is not on the list: how many, and the first of them by name.
    pub missing: (usize, Vec<String>),
    /// Who is on the list and does not qualify.
    pub extra: (usize, Vec<String>),
    /// Names who qualifies, as [`Final::fingerprint`].
    pub fingerprint: String,
}

/// Names that are told of those who are missing, or too many.
const NAMED: usize = 5;

/// How the list of a final differs from those who qualify by now: a question may have been ruled on,
/// or the line moved, after it was made. `None` where it does not, where the contest is no final, or
/// while a correction is on its way.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn moved(
    db: &Db,
    viewer: &Viewer,
    edited: &Edited,
    now: Millis,
) -> Result<Option<Moved>> {
    let Some(of) = edited.open_round else {
        return Ok(None);
    };
    let plan = match final_of(db, viewer, of, now).await {
        Ok(plan) => plan,
        Err(error @ Error::Fault(_)) => return Err(error),
        Err(_) => return Ok(None),
    };
    let listed: Vec<(String,)> = db
        .all(
            sql!("select learner_id from contest_listed where contest_id = $1 order by learner_id"),
            values![edited.contest.id],
        )
        .await?;
    let on: HashSet<&str> = listed.iter().map(|(id,)| id.as_str()).collect();
    let qualify: HashSet<&str> = plan.people.iter().map(String::as_str).collect();
    let missing = plan.people.iter().map(String::as_str);
    let missing = missing.filter(|id| !on.contains(id)).collect();
    let extra = listed.iter().map(|(id,)| id.as_str());
    let extra = extra.filter(|id| !qualify.contains(id)).collect();
    let moved = Moved {
        missing: named(db, missing).await?,
        extra: named(db, extra).await?,
        fingerprint: plan.fingerprint,
    };
    Ok((moved.missing.0 + moved.extra.0 > 0).then_some(moved))
}

async fn named(db: &Db, people: Vec<&str>) -> Result<(usize, Vec<String>)> {
    let mut names = Vec::new();
    for id in people.iter().take(NAMED) {
        let (name,): (String,) = db
            .one(sql!("select name from learner where id = $1"), values![*id])
            .await?;
        names.push(name);
    }
    Ok((people.len(), names))
}

/// Makes the list of a final anew, while it is a draft: those who qualify by now, of whom the editor
/// has seen the fingerprint `seen`. Answers how many they are.
///
/// # Errors
/// [`Error::Invalid`] with `contest-list-moved` when others qualify by now, with `contest-published`
/// for what is no draft; as [`final_of`].
pub async fn renew(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    seen: &str,
    now: Millis,
) -> Result<usize> {
    let edited = one_draft(db, viewer, id).await?;
    let of = edited.open_round.ok_or(Error::NotFound)?;
    let plan = final_of(db, viewer, of, now).await?;
    if plan.fingerprint != seen {
        return Err(Error::Invalid("contest-list-moved"));
    }
    let (count, people) = (plan.people.len(), plan.people);
    replace(db, id, edited.stored.clone(), edited.stored, people).await?;
    Ok(count)
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
