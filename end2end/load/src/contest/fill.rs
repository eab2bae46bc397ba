//! A ladder that is long already: learners who stood before the others came.

use domain::id::ContestId;
use domain::time::MINUTE;
use platform::{Db, clock, sql, values};

/// Learners of one transaction: the server that is measured waits for its turn to write.
const AT_ONCE: i64 = 5_000;

/// Lets so many stand in a contest, each with one attempt without answers behind it worth keeping:
/// the contest is thrown away afterwards. The same people in every contest.
pub async fn fill(db: &Db, contest: ContestId, count: usize) -> anyhow::Result<()> {
    let count = i64::try_from(count)?;
    let (unit,): (String,) = db
        .one(
            sql!("select id from unit where id like 'load-%' order by id limit 1"),
            values![],
        )
        .await?;
    let now = clock::now();
    let before = now.plus(-30 * MINUTE); // none of them has just answered
    for from in (1..=count).step_by(usize::try_from(AT_ONCE)?) {
        let to = (from + AT_ONCE - 1).min(count);
        let unit = unit.clone();
        db.write(move |tx| {
            Box::pin(async move {
                tx.run(
                    sql!(
                        "insert into learner (id, name, password_hash, must_change_password, created_at) \
                         with recursive numbers (n) as (select cast($1 as bigint) union all \
                           select n + 1 from numbers where n < $2) \
                         select '00000000-0000-7000-8000-' || substr('000000000000' || \
                           cast(n as text), length(cast(n as text)) + 1, 12), '负载学员', '', false, $3 \
                         from numbers where true on conflict (id) do nothing"
                    ),
                    values![from, to, now],
                )
                .await?;
                tx.run(
                    sql!(
                        "insert into contest_attempt (id, contest_id, learner_id, unit_id, number, seed, \
                           paper, started_at, deadline_at, answered, points, time_ms) \
                         select substr(cast($1 as text), 1, 24) || substr(id, 25), cast($1 as text), id, \
                           cast($2 as text), 1, 1, '[]', 0, 1, 0, 0, 0 from learner \
                         where id >= $3 and id <= $4"
                    ),
                    values![contest, &unit, learner(from), learner(to)],
                )
                .await?;
                tx.run(
                    sql!(
                        "insert into contest_standing (contest_id, learner_id, unit_id, attempt_id, \
                           answered, points, time_ms, changed_at) \
                         select contest_id, learner_id, unit_id, id, 1, \
                           10 * (cast(substr(learner_id, 25) as bigint) % 11), \
                           cast(substr(learner_id, 25) as bigint) * 7919 % 600000, \
                           cast($2 as bigint) from contest_attempt where contest_id = $1 \
                           and learner_id >= $3 and learner_id <= $4"
                    ),
                    values![contest, before, learner(from), learner(to)],
                )
                .await?;
                Ok(())
            })
        })
        .await?;
    }
    Ok(())
}

/// The id of the learner of a number.
fn learner(number: i64) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

/// Takes away those whom [`fill`] let stand, so that the database keeps its own rules. Their attempts
/// stay, begun and never answered: to take one away SQLite would look through every standing.
/// Their ids are the contest's with the learner's number at the end, so that no two are the same.
pub async fn clear(db: &Db, contest: ContestId, count: usize) -> anyhow::Result<()> {
    let count = i64::try_from(count)?;
    for from in (1..=count).step_by(usize::try_from(AT_ONCE)?) {
        let (first, last) = (learner(from), learner(from + AT_ONCE - 1));
        db.write(move |tx| {
            Box::pin(async move {
                tx.run(
                    sql!(
                        "delete from contest_standing where contest_id = $1 \
                           and learner_id >= $2 and learner_id <= $3"
                    ),
                    values![contest, &first, &last],
                )
                .await?;
                Ok(())
            })
        })
        .await?;
    }
    Ok(())
}
