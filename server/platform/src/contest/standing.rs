//! Where everyone stands: one row a learner and contest, of the attempt that counts.
//!
//! The rule guarded here: which attempt counts is said by [`counted`] and by nothing else, for
//! whoever saves an answer and for `zhijian check`. Towards the end a row also keeps what it was
//! when the public board froze, so that the board of that instant can be shown by any process,
//! whenever it is opened.

use crate::db::{Db, Tx};
use crate::{Result, sql, values};
use domain::contest::counting::{Begun, Purpose, counted};
use domain::contest::{Rules, Score};
use domain::id::LearnerId;
use domain::time::Millis;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: String,
    unit_id: Option<String>,
    number: i64,
    answered: i64,
    points: i64,
    time_ms: i64,
}

impl AttemptRow {
    const fn begun(&self) -> Begun {
        Begun {
            number: self.number,
            purpose: Purpose::Rank,
            answered: self.answered,
            score: Score {
                right: 0,
                points: self.points,
                time: self.time_ms,
            },
        }
    }

    fn stands(&self) -> Stands {
        (self.id.clone(), self.answered, self.points, self.time_ms)
    }
}

/// What a standing says: the attempt, its answers, points and time.
type Stands = (String, i64, i64, i64);

#[derive(sqlx::FromRow)]
struct StandingRow {
    attempt_id: String,
    unit_id: Option<String>,
    county_id: Option<String>,
    prefecture_id: Option<String>,
    answered: i64,
    points: i64,
    time_ms: i64,
}

/// The attempt that counts, of all that a learner began to be ranked.
fn standing<'a>(rules: &Rules, attempts: &'a [AttemptRow]) -> Option<&'a AttemptRow> {
    let begun: Vec<Begun> = attempts.iter().map(AttemptRow::begun).collect();
    let number = counted(rules.counting, &begun)?.number;
    attempts.iter().find(|attempt| attempt.number == number)
}

/// Sets the learner's standing to the attempt that counts, in the unit where that was begun.
/// Runs with every answer: a standing that is right already is not written, and the units above
/// are looked up only when the unit is another one.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub(super) async fn stand(
    tx: &mut Tx,
    contest: &str,
    rules: &Rules,
    learner: LearnerId,
    now: Millis,
) -> Result<()> {
    let attempts: Vec<AttemptRow> = tx
        .all(
            sql!(
                "select id, unit_id, number, answered, points, time_ms from contest_attempt \
                 where contest_id = $1 and learner_id = $2 and purpose = 'rank' order by number"
            ),
            values![contest, learner],
        )
        .await?;
    let Some(counts) = standing(rules, &attempts) else {
        return Ok(()); // nothing that was saved is ever taken back
    };
    let before: Option<StandingRow> = tx
        .optional(
            sql!(
                "select attempt_id, unit_id, county_id, prefecture_id, answered, points, time_ms \
                 from contest_standing where contest_id = $1 and learner_id = $2"
            ),
            values![contest, learner],
        )
        .await?;
    let is_same = |row: &StandingRow| {
        (&row.attempt_id, row.answered, row.points, row.time_ms)
            == (&counts.id, counts.answered, counts.points, counts.time_ms)
    };
    if before.as_ref().is_some_and(is_same) {
        return Ok(());
    }
    let (county, prefecture) = match before {
        Some(row) if row.unit_id == counts.unit_id => (row.county_id, row.prefecture_id),
        _ => above(tx, counts.unit_id.as_deref()).await?,
    };
    let frozen = frozen(tx, contest, rules, now).await?;
    tx.run(
        sql!(
            "insert into contest_standing (contest_id, learner_id, unit_id, county_id, \
               prefecture_id, attempt_id, answered, points, time_ms, changed_at, frozen_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             on conflict (contest_id, learner_id) do update set \
               unit_id = excluded.unit_id, county_id = excluded.county_id, \
               prefecture_id = excluded.prefecture_id, attempt_id = excluded.attempt_id, \
               answered = excluded.answered, points = excluded.points, \
               time_ms = excluded.time_ms, changed_at = excluded.changed_at, \
               frozen_at = coalesce(contest_standing.frozen_at, excluded.frozen_at), \
               frozen_answered = case when contest_standing.frozen_at is null \
                   and excluded.frozen_at is not null then contest_standing.answered \
                 else contest_standing.frozen_answered end, \
               frozen_points = case when contest_standing.frozen_at is null \
                   and excluded.frozen_at is not null then contest_standing.points \
                 else contest_standing.frozen_points end, \
               frozen_time_ms = case when contest_standing.frozen_at is null \
                   and excluded.frozen_at is not null then contest_standing.time_ms \
                 else contest_standing.frozen_time_ms end"
        ),
        values![
            contest,
            learner,
            counts.unit_id.clone(),
            county,
            prefecture,
            &counts.id,
            counts.answered,
            counts.points,
            counts.time_ms,
            now,
            frozen.map(|at| at.0)
        ],
    )
    .await?;
    Ok(())
}

/// The county and the prefecture that a unit is in.
async fn above(tx: &mut Tx, unit: Option<&str>) -> Result<(Option<String>, Option<String>)> {
    let Some(unit) = unit else {
        return Ok((None, None));
    };
    let rows: Vec<(String, String)> = tx
        .all(
            sql!(
                "select u.kind, u.id from unit_ancestor a join unit u on u.id = a.ancestor_id \
                 where a.unit_id = $1 and u.kind in ('county', 'prefecture') order by a.depth"
            ),
            values![unit],
        )
        .await?;
    let of = |kind: &str| {
        rows.iter()
            .find(|row| row.0 == kind)
            .map(|row| row.1.clone())
    };
    Ok((of("county"), of("prefecture")))
}

/// `now` if the public board stands still by then.
async fn frozen(tx: &mut Tx, contest: &str, rules: &Rules, now: Millis) -> Result<Option<Millis>> {
    if rules.freeze == 0 {
        return Ok(None);
    }
    let (closes,): (i64,) = tx
        .one(
            sql!("select closes_at from contest where id = $1"),
            values![contest],
        )
        .await?;
    let freezes = rules.freezes(Millis(closes));
    Ok(freezes.filter(|at| now >= *at).map(|_| now))
}

#[derive(sqlx::FromRow)]
struct OwnedRow {
    learner_id: String,
    #[sqlx(flatten)]
    attempt: AttemptRow,
}

/// Attempts that count and do not stand as they should, and attempts that stand and do not count,
/// of one contest.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub(crate) async fn standings_off(db: &Db, contest: &str, rules: &Rules) -> Result<Vec<String>> {
    let rows: Vec<OwnedRow> = db
        .all(
            sql!(
                "select learner_id, id, unit_id, number, answered, points, time_ms from contest_attempt \
                 where contest_id = $1 and purpose = 'rank'"
            ),
            values![contest],
        )
        .await?;
    let standings: Vec<(String, String, i64, i64, i64)> = db
        .all(
            sql!(
                "select learner_id, attempt_id, answered, points, time_ms from contest_standing \
                 where contest_id = $1"
            ),
            values![contest],
        )
        .await?;
    let mut stood: HashMap<String, Stands> = standings
        .into_iter()
        .map(|(learner, attempt, answered, points, time)| {
            (learner, (attempt, answered, points, time))
        })
        .collect();
    let mut begun: HashMap<String, Vec<AttemptRow>> = HashMap::new();
    for row in rows {
        begun.entry(row.learner_id).or_default().push(row.attempt);
    }
    let mut off = Vec::new();
    for (learner, attempts) in begun {
        let stands = stood.remove(&learner);
        let counts = standing(rules, &attempts).map(AttemptRow::stands);
        if stands != counts {
            off.extend(counts.or(stands).map(|(attempt, ..)| attempt));
        }
    }
    off.extend(stood.into_values().map(|(attempt, ..)| attempt));
    Ok(off)
}
