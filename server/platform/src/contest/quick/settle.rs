//! The end of a match: ratings, credits, and everyone is free again; once.

use super::strength::{Strength, after, newcomer};
use crate::contest::r#match::{log, setup};
use crate::credits::{self, Earned};
use crate::db::{Db, Tx};
use crate::{Result, sql, values};
use domain::contest::r#match::{Audience, Event, Match, Phase};
use domain::contest::quick::{Placed, Played, places};
use domain::credits::Source;
use domain::id::{LearnerId, MatchId};
use domain::time::Millis;
use std::collections::HashSet;

/// The reason that the ledger gives for credits of a quick match.
pub(super) const REASON: &str = "quick-match";

/// What the log of a match says of everyone in it, and whether it was played to its end.
pub(super) async fn played(db: &Db, id: MatchId) -> Result<(bool, Vec<Played>)> {
    let mut game = Match::new(setup(db, id).await?);
    let (mut came, mut answered) = (HashSet::new(), HashSet::new());
    for numbered in log(db, id, 0).await? {
        match &numbered.event {
            Event::Joined { seat, .. } => {
                came.insert(*seat);
            }
            Event::Answered { seat, .. } => {
                answered.insert(*seat);
            }
            _ => {}
        }
        game.apply(&numbered);
    }
    let view = game.view(&Audience::Public);
    let teams = game.setup().teams.iter().zip(&view.teams);
    let all = teams.flat_map(|(team, shown)| {
        let one = |who: &LearnerId| Played {
            who: *who,
            points: shown.points.0,
            came: came.contains(who),
            answered: answered.contains(who),
        };
        team.members.iter().map(one).collect::<Vec<_>>()
    });
    Ok((game.phase() == Phase::Finished, all.collect()))
}

/// Settles a match that is over, or that nobody came to; whether it was this call that did. It
/// may be asked of several processes at once, and again.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is no such match.
pub async fn settle(db: &Db, id: MatchId, now: Millis) -> Result<bool> {
    let (finished, played) = played(db, id).await?;
    if !finished && played.iter().any(|one| one.came) {
        return Ok(false);
    }
    let policy = credits::policy(db).await?.quick;
    let mut placed = places(&played, &policy);
    placed.sort_by_key(|one| one.played.who); // one order of locks in every process
    db.write(move |tx| {
        Box::pin(async move {
            let state = if finished { "finished" } else { "abandoned" };
            let first = tx
                .run(
                    sql!(
                        "update quick_match set state = $2, settled_at = $3 \
                         where match_id = $1 and state = 'running'"
                    ),
                    values![id, state, now],
                )
                .await?;
            if first == 0 {
                return Ok(false);
            }
            let mut before = Vec::with_capacity(placed.len());
            for one in &placed {
                before.push((one.rank, hold(tx, one.played.who).await?));
            }
            for (one, strength) in placed.iter().zip(after(&before)) {
                let today = earned(tx, one.played.who, now).await?;
                let amount = policy.grant(one.credits, today);
                let granted = if amount > 0 {
                    post(tx, id, one, amount, now).await?
                } else {
                    0
                };
                keep(tx, id, one, strength, granted).await?;
            }
            tx.run(
                sql!("delete from quick_place where match_id = $1"),
                values![id],
            )
            .await?;
            Ok(true)
        })
    })
    .await
}

/// The strength of a learner, who has one from now on, kept from others for this transaction.
async fn hold(tx: &mut Tx, who: LearnerId) -> Result<Strength> {
    let new = newcomer();
    let (rating, deviation, volatility): (i64, i64, i64) = tx
        .one(
            sql!(
                "insert into quick_rating (learner_id, rating, deviation, volatility, played) \
                 values ($1, $2, $3, $4, 0) on conflict (learner_id) \
                 do update set played = quick_rating.played \
                 returning rating, deviation, volatility"
            ),
            values![who, new.rating, new.deviation, new.volatility],
        )
        .await?;
    Ok(Strength {
        rating,
        deviation,
        volatility,
    })
}

/// What quick matches have earned a learner on the day of `now`.
async fn earned(tx: &mut Tx, who: LearnerId, now: Millis) -> Result<i64> {
    let (sum,): (i64,) = tx
        .one(
            sql!(
                "select cast(coalesce(sum(amount), 0) as bigint) from credit_entry \
                 where learner_id = $1 and year = $2 and day = $3 and reason = $4"
            ),
            values![who, now.year(), now.day().to_string(), REASON],
        )
        .await?;
    Ok(sum)
}

async fn post(tx: &mut Tx, id: MatchId, one: &Placed, amount: i64, now: Millis) -> Result<i64> {
    let earned = Earned {
        learner: one.played.who,
        source: Source::Contest,
        amount,
        reason: REASON,
        detail: one.rank.to_string(),
        event: format!("quick:{id}"),
    };
    credits::post(tx, earned, now).await
}

async fn keep(
    tx: &mut Tx,
    id: MatchId,
    one: &Placed,
    strength: Strength,
    credits: i64,
) -> Result<()> {
    let Strength {
        rating,
        deviation,
        volatility,
    } = strength;
    let who = one.played.who;
    tx.run(
        sql!(
            "update quick_rating set rating = $2, deviation = $3, volatility = $4, \
               played = played + 1 where learner_id = $1"
        ),
        values![who, rating, deviation, volatility],
    )
    .await?;
    tx.run(
        sql!(
            "update quick_player set rank = $3, points = $4, rating = $5, deviation = $6, \
               volatility = $7, credits = $8 where match_id = $1 and learner_id = $2"
        ),
        values![
            id,
            who,
            one.rank,
            one.played.points,
            rating,
            deviation,
            volatility,
            credits
        ],
    )
    .await?;
    Ok(())
}
