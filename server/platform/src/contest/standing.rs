//! Where everyone stands: one row a learner and contest, of the attempt that counts.
//!
//! The rule guarded here: which attempt counts is said by [`counted`] and by nothing else, for
//! whoever saves an answer and for `zhijian check`. Towards the end a row also keeps what it was
//! when the public board froze, so that the board of that instant can be shown by any process,
//! whenever it is opened.

use crate::db::{Db, Statement, Tx, Value};
use crate::{Result, sql, values};
use domain::contest::counting::{Begun, Purpose, counted};
use domain::contest::{Rules, Score};
use domain::id::{AttemptId, ContestId, LearnerId};
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

/// A learner's attempt, and beside it where the learner stands and when the contest closes.
#[derive(sqlx::FromRow)]
pub(super) struct StoodRow {
    closes_at: i64,
    #[sqlx(flatten)]
    attempt: AttemptRow,
    #[sqlx(flatten)]
    before: StandingRow,
}

/// What a standing says: the attempt, its answers, points and time.
type Stands = (String, i64, i64, i64);

/// Where a learner stands; nothing where there is no standing yet.
#[derive(sqlx::FromRow)]
struct StandingRow {
    stood_attempt_id: Option<String>,
    stood_unit_id: Option<String>,
    county_id: Option<String>,
    prefecture_id: Option<String>,
    stood_answered: Option<i64>,
    stood_points: Option<i64>,
    stood_time_ms: Option<i64>,
}

impl StandingRow {
    fn stands(&self) -> Option<Stands> {
        Some((
            self.stood_attempt_id.clone()?,
            self.stood_answered?,
            self.stood_points?,
            self.stood_time_ms?,
        ))
    }
}

/// The attempt that counts, of all that a learner began to be ranked.
fn standing<'a>(rules: &Rules, attempts: &'a [AttemptRow]) -> Option<&'a AttemptRow> {
    let begun: Vec<Begun> = attempts.iter().map(AttemptRow::begun).collect();
    let number = counted(rules.counting, &begun)?.number;
    attempts.iter().find(|attempt| attempt.number == number)
}

/// Where a learner stands, beside each attempt to be ranked; `$1` leads to the contest, `$2` is the
/// learner.
macro_rules! stood {
    ($contest:literal) => {
        concat!(
            "select c.closes_at, a.id, a.unit_id, a.number, a.answered, a.points, a.time_ms, \
               s.attempt_id as stood_attempt_id, s.unit_id as stood_unit_id, s.county_id, \
               s.prefecture_id, s.answered as stood_answered, s.points as stood_points, \
               s.time_ms as stood_time_ms \
             from contest_attempt a join contest c on c.id = a.contest_id \
             left join contest_standing s \
               on s.contest_id = a.contest_id and s.learner_id = a.learner_id \
             where a.contest_id = ",
            $contest,
            " and a.learner_id = $2 and a.purpose = 'rank' order by a.number"
        )
    };
}

/// Asks for what [`stand`] needs to know of a learner in a contest.
pub(super) fn stood(contest: ContestId, learner: LearnerId) -> (Statement, Vec<Value>) {
    (sql!(stood!("$1")), values![contest, learner])
}

/// As [`stood`], in the contest of an attempt.
pub(super) fn stood_in(attempt: AttemptId, learner: LearnerId) -> (Statement, Vec<Value>) {
    (
        sql!(stood!(
            "(select contest_id from contest_attempt where id = $1)"
        )),
        values![attempt, learner],
    )
}

/// What sets the learner's standing to the attempt that counts, in the unit where that was begun;
/// nothing where it is right already. `rows` are those of [`stood`]. `scored` is an attempt whose
/// answers and score are about to be others than its row says. What came in at `now` is of that side
/// of the freeze; by `written` those who follow the rows know what is new. The units above are looked
/// up only when the unit is another.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub(super) async fn stand(
    tx: &mut Tx,
    rows: Vec<StoodRow>,
    contest: ContestId,
    rules: &Rules,
    learner: LearnerId,
    scored: Option<(AttemptId, i64, Score)>,
    (now, written): (Millis, Millis),
) -> Result<Option<(Statement, Vec<Value>)>> {
    let closes = rows.first().map(|row| Millis(row.closes_at));
    let (mut attempts, mut before): (Vec<AttemptRow>, Vec<StandingRow>) = rows
        .into_iter()
        .map(|row| (row.attempt, row.before))
        .unzip();
    if let Some((id, answered, score)) = scored {
        let id = id.to_string();
        for attempt in attempts.iter_mut().filter(|attempt| attempt.id == id) {
            (attempt.answered, attempt.points, attempt.time_ms) =
                (answered, score.points, score.time);
        }
    }
    let Some(counts) = standing(rules, &attempts) else {
        return Ok(None); // nothing that was saved is ever taken back
    };
    let before = before.swap_remove(0); // the same beside each attempt
    if before
        .stands()
        .is_some_and(|stands| stands == counts.stands())
    {
        return Ok(None);
    }
    let (county, prefecture) =
        if before.stood_attempt_id.is_some() && before.stood_unit_id == counts.unit_id {
            (before.county_id, before.prefecture_id)
        } else {
            above(tx, counts.unit_id.as_deref()).await?
        };
    let freezes = closes.and_then(|closes| rules.freezes(closes));
    let frozen = freezes.filter(|at| now >= *at).map(|_| now.0);
    Ok(Some((
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
            written,
            frozen
        ],
    )))
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
