//! Where everyone stands: one row a learner and contest, of the attempt that counts.

use crate::db::Tx;
use crate::{Result, sql, values};
use domain::id::LearnerId;

/// Sets the learner's standing to the best of the attempts: more points, then less time. It stands
/// in the unit where that attempt was begun.
pub(super) async fn stand(tx: &mut Tx, contest: &str, learner: LearnerId) -> Result<()> {
    tx.run(
        sql!(
            "insert into contest_standing (contest_id, learner_id, unit_id, prefecture_id, \
               attempt_id, answered, points, time_ms) \
             select t.contest_id, t.learner_id, t.unit_id, \
               (select a.ancestor_id from unit_ancestor a join unit u on u.id = a.ancestor_id \
                where a.unit_id = t.unit_id and u.kind = 'prefecture'), \
               t.id, t.answered, t.points, t.time_ms \
             from contest_attempt t \
             where t.contest_id = $1 and t.learner_id = $2 and t.answered > 0 \
             order by t.points desc, t.time_ms, t.number limit 1 \
             on conflict (contest_id, learner_id) do update set \
               unit_id = excluded.unit_id, prefecture_id = excluded.prefecture_id, \
               attempt_id = excluded.attempt_id, answered = excluded.answered, \
               points = excluded.points, time_ms = excluded.time_ms"
        ),
        values![contest, learner],
    )
    .await?;
    Ok(())
}
