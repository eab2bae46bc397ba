//! How often a learner may ask for a match, a room, or a way into one.

use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::id::LearnerId;
use domain::time::{MINUTE, Millis};

/// The most of a minute. A code of 50 bits is not found at this rate.
const MOST: i64 = 20;

/// Counts that `learner` asks; it counts even when what was asked for is refused.
///
/// # Errors
/// [`Error::Wait`] with the seconds to wait when they have asked too often.
pub(super) async fn ask(db: &Db, learner: LearnerId, now: Millis) -> Result<()> {
    let minute = now.0.div_euclid(MINUTE);
    let (asked,): (i64,) = db
        .write(move |tx| {
            Box::pin(async move {
                tx.one(
                    sql!(
                        "insert into quick_ask (learner_id, minute, asked) values ($1, $2, 1) \
                         on conflict (learner_id) do update set minute = excluded.minute, \
                           asked = case when quick_ask.minute = excluded.minute \
                             then quick_ask.asked + 1 else 1 end returning asked"
                    ),
                    values![learner, minute],
                )
                .await
            })
        })
        .await?;
    if asked > MOST {
        let left = (minute + 1) * MINUTE - now.0;
        return Err(Error::Wait(left / 1_000 + 1));
    }
    Ok(())
}
