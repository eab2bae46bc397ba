//! Where everyone stands: one row a learner and contest, of the attempt that counts.
//!
//! The rule guarded here: which attempt counts is said by [`counted`] and by nothing else, for
//! whoever saves an answer and for `zhijian check`.

use crate::db::{Db, Tx};
use crate::{Result, sql, values};
use domain::contest::counting::{Begun, Purpose, counted};
use domain::contest::{Rules, Score};
use domain::id::LearnerId;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: String,
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

/// The attempt that counts, of all that a learner began to be ranked.
fn standing<'a>(rules: &Rules, attempts: &'a [AttemptRow]) -> Option<&'a AttemptRow> {
    let begun: Vec<Begun> = attempts.iter().map(AttemptRow::begun).collect();
    let number = counted(rules.counting, &begun)?.number;
    attempts.iter().find(|attempt| attempt.number == number)
}

/// Sets the learner's standing to the attempt that counts, in the unit where that was begun.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub(super) async fn stand(
    tx: &mut Tx,
    contest: &str,
    rules: &Rules,
    learner: LearnerId,
) -> Result<()> {
    let attempts: Vec<AttemptRow> = tx
        .all(
            sql!(
                "select id, number, answered, points, time_ms from contest_attempt \
                 where contest_id = $1 and learner_id = $2 and purpose = 'rank'"
            ),
            values![contest, learner],
        )
        .await?;
    let Some(counts) = standing(rules, &attempts) else {
        return Ok(()); // nothing that was saved is ever taken back
    };
    tx.run(
        sql!(
            "insert into contest_standing (contest_id, learner_id, unit_id, prefecture_id, \
               attempt_id, answered, points, time_ms) \
             select t.contest_id, t.learner_id, t.unit_id, \
               (select a.ancestor_id from unit_ancestor a join unit u on u.id = a.ancestor_id \
                where a.unit_id = t.unit_id and u.kind = 'prefecture'), \
               t.id, t.answered, t.points, t.time_ms \
             from contest_attempt t where t.id = $1 \
             on conflict (contest_id, learner_id) do update set \
               unit_id = excluded.unit_id, prefecture_id = excluded.prefecture_id, \
               attempt_id = excluded.attempt_id, answered = excluded.answered, \
               points = excluded.points, time_ms = excluded.time_ms"
        ),
        values![&counts.id],
    )
    .await?;
    Ok(())
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
                "select learner_id, id, number, answered, points, time_ms from contest_attempt \
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
