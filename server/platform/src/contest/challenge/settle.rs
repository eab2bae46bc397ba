//! What people change about a round that was made: ties on the line, matches that were not needed.

use super::bracket::Tie;
use super::compose::{Day, day};
use super::draw::{answered_before, going_on, hold, may_lead, new_match, places, put_place, setup};
use super::questions;
use crate::contest::r#match::put_ready;
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::{Error, Result, event, sql, values};
use domain::contest::challenge::{Programme, fits};
use domain::contest::r#match::{Kind, Secrets};
use domain::contest::wanted;
use domain::id::{ContestId, EventId, LearnerId, MatchId, QuestionId, TeamId};
use domain::time::Millis;

/// The longest reason that is taken, in characters.
const MOST_WORDS: usize = 200;

/// The tie of a match that is open now: only in the last round, for the others are over.
fn open_tie(day: &Day, game: MatchId) -> Result<(i64, usize, Tie)> {
    let rounds = day.bracket.rounds.last().into_iter();
    let mut ties = rounds.flat_map(|round| {
        let slots = round.slots.iter().enumerate();
        slots.filter_map(|(place, slot)| Some((round.number, place, slot.tie.clone()?)))
    });
    ties.find(|(.., tie)| tie.game == game)
        .filter(|_| day.declared_at.is_none())
        .ok_or(Error::Invalid("day-changed"))
}

/// Sees that nobody has settled a tie since it was read, nor made a match for it.
async fn must_stand(tx: &mut Tx, game: MatchId, tie: &Tie) -> Result<()> {
    let (settled, deciders): (Option<String>, i64) = tx
        .one(
            sql!(
                "select settled, (select count(*) from contest_match d where d.decides_id = $1) \
                 from contest_match where match_id = $1"
            ),
            values![game],
        )
        .await?;
    if settled != tie.settled || (deciders > 0) != tie.was_played {
        return Err(Error::Invalid("day-changed"));
    }
    Ok(())
}

/// Settles a tie on the line by decision: who of the tied goes on, best first, and why.
///
/// # Errors
/// As [`super::led`]; [`Error::Invalid`] with `settle-why` without a reason, `settle-choice` for
/// other teams or another number of them, `day-changed` when there is no such tie.
pub async fn decide(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    game: MatchId,
    chosen: Vec<TeamId>,
    why: &str,
    now: Millis,
) -> Result<()> {
    let day = day(db, viewer, contest).await?;
    let why = why.trim().to_owned();
    let (round, _, tie) = open_tie(&day, game)?;
    if why.is_empty() || why.chars().count() > MOST_WORDS {
        return Err(Error::Invalid("settle-why"));
    }
    if !fits(&chosen, &tie.teams, tie.places) {
        return Err(Error::Invalid("settle-choice"));
    }
    let (chosen, by) = (serde_json::to_string(&chosen)?, viewer.learner);
    db.write(move |tx| {
        Box::pin(async move {
            hold(tx, contest, round).await?;
            must_stand(tx, game, &tie).await?;
            tx.run(
                sql!(
                    "update contest_match set settled = $2, settled_why = $3, settled_by = $4, \
                       settled_at = $5 where match_id = $1"
                ),
                values![game, chosen, why, by, now],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// What a decider is made of: the first buzzer round of the programme, or its first round.
fn short(programme: &Programme) -> Programme {
    let mut rounds = programme.rounds.iter();
    let buzzer = rounds.find(|round| matches!(round.kind, Kind::Buzzer { .. }));
    let round = buzzer.or(programme.rounds.first()).cloned();
    Programme {
        rounds: round.into_iter().collect(),
        ..programme.clone()
    }
}

/// Makes a match of the tied teams for the places they are tied on, with questions of its own.
///
/// # Errors
/// As [`decide`], and as [`super::make`].
#[allow(clippy::too_many_arguments, reason = "who asks, for what, when")]
pub async fn decider(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    game: MatchId,
    hosts: Vec<LearnerId>,
    title: String,
    now: Millis,
) -> Result<()> {
    let day = day(db, viewer, contest).await?;
    if answered_before(db, event, viewer.learner).await?.is_some() {
        return Ok(());
    }
    let (round, position, tie) = open_tie(&day, game)?;
    if tie.was_played {
        return Err(Error::Invalid("day-changed"));
    }
    may_lead(&day, &hosts)?;
    let known = day.bracket.rounds.last();
    let programme = short(known.map_or(&day.programme, |round| &round.programme));
    let pool = questions::pool(db, &day.contest, &programme).await?;
    let questions = questions::drawn(&pool, programme.questions())?;
    let setup = setup(&day.teams, &tie.teams, hosts, &programme)?;
    let (id, ready) = new_match(db, title, setup, &questions, now).await?;
    let by = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            let kind = "challenge-decider";
            if event::once::<i64>(tx, event, by, kind, now)
                .await?
                .is_some()
            {
                return Ok(());
            }
            hold(tx, contest, round).await?;
            questions::are_free(tx, contest, &questions).await?;
            must_stand(tx, game, &tie).await?;
            put_ready(tx, ready, now).await?;
            let (position, count) = (places(position), places(tie.places));
            put_place(tx, id, contest, round, position, count, Some(game)).await?;
            event::answered(tx, event, round).await?;
            Ok(())
        })
    })
    .await
}

/// Unmakes a match that has not begun; with the last of its round the round is gone too.
///
/// # Errors
/// As [`super::led`]; [`Error::Invalid`] with `match-begun`; [`Error::NotFound`] when the contest
/// has no such match.
pub async fn unmake(db: &Db, viewer: &Viewer, contest: ContestId, game: MatchId) -> Result<()> {
    let day = day(db, viewer, contest).await?;
    let (round, ..) = day.bracket.find(game).ok_or(Error::NotFound)?;
    let (number, last) = (round.number, places(day.bracket.rounds.len()));
    if number != last {
        return Err(Error::Invalid("match-begun"));
    }
    let by = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            hold(tx, contest, last).await?;
            // Holds the match too: a host who starts it now waits, and finds it gone.
            let (begun,): (Option<i64>,) = tx
                .one(
                    sql!("update live_match set number = number where id = $1 returning begun_at"),
                    values![game],
                )
                .await?;
            if begun.is_some() {
                return Err(Error::Invalid("match-begun"));
            }
            for statement in [
                sql!("delete from contest_match where match_id = $1"),
                sql!("delete from live_match_person where match_id = $1"),
                sql!("delete from live_match_event where match_id = $1"),
                sql!("delete from live_match where id = $1"),
            ] {
                tx.run(statement, values![game]).await?;
            }
            tx.run(
                sql!(
                    "delete from contest_round where contest_id = $1 and round = $2 \
                     and not exists (select 1 from contest_match m \
                       where m.contest_id = $1 and m.round = $2)"
                ),
                values![contest, number],
            )
            .await?;
            tracing::info!(%contest, %game, %by, "match unmade");
            Ok(())
        })
    })
    .await
}

/// Makes a match again that was unmade, with questions of its own; where there are too few of them
/// also for what comes after, with those of its round while no other match of it has begun.
///
/// # Errors
/// As [`super::make`].
#[allow(clippy::too_many_arguments, reason = "who asks, for what, when")]
pub async fn remake(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    position: usize,
    hosts: Vec<LearnerId>,
    title: String,
    now: Millis,
) -> Result<()> {
    let day = day(db, viewer, contest).await?;
    if answered_before(db, event, viewer.learner).await?.is_some() {
        return Ok(());
    }
    may_lead(&day, &hosts)?;
    let changed = Error::Invalid("day-changed");
    let Some(round) = day.bracket.rounds.last() else {
        return Err(changed);
    };
    let slot = round.slots.get(position);
    let slot = slot.filter(|slot| slot.game.is_none() && slot.meeting.teams.len() > 1);
    let teams = slot.ok_or(changed)?.meeting.teams.clone();
    let games = || round.slots.iter().filter_map(|slot| slot.game.as_ref());
    let sibling = games().next().filter(|_| games().all(|game| !game.begun));
    let pool = questions::pool(db, &day.contest, &round.programme).await?;
    let needed = round.programme.questions();
    let wanted = wanted(needed, 1, going_on(&round.slots, round.places));
    let sibling = sibling.filter(|_| questions::count(&pool) < wanted);
    let questions: Vec<QuestionId> = match sibling {
        Some(game) => asked(db, game.id).await?,
        None => questions::drawn(&pool, needed)?,
    };
    let setup = setup(&day.teams, &teams, hosts, &round.programme)?;
    let (id, ready) = new_match(db, title, setup, &questions, now).await?;
    let (by, number, count) = (viewer.learner, round.number, places(round.places));
    let sibling = sibling.map(|game| game.id);
    db.write(move |tx| {
        Box::pin(async move {
            let kind = "challenge-remake";
            if event::once::<i64>(tx, event, by, kind, now)
                .await?
                .is_some()
            {
                return Ok(());
            }
            hold(tx, contest, number).await?;
            match sibling {
                Some(_) => none_has_begun(tx, contest, number).await?,
                None => questions::are_free(tx, contest, &questions).await?,
            }
            let there: Option<(String,)> = tx
                .optional(
                    sql!(
                        "select match_id from contest_match where contest_id = $1 and round = $2 \
                         and position = $3"
                    ),
                    values![contest, number, places(position)],
                )
                .await?;
            if there.is_some() {
                return Err(Error::Invalid("day-changed"));
            }
            put_ready(tx, ready, now).await?;
            put_place(tx, id, contest, number, places(position), count, None).await?;
            event::answered(tx, event, number).await?;
            Ok(())
        })
    })
    .await
}

/// That the questions of a round are still nobody's.
async fn none_has_begun(tx: &mut Tx, contest: ContestId, round: i64) -> Result<()> {
    let begun: Option<(String,)> = tx
        .optional(
            sql!(
                "select m.id from live_match m join contest_match c on c.match_id = m.id \
                 where c.contest_id = $1 and c.round = $2 and m.begun_at is not null limit 1"
            ),
            values![contest, round],
        )
        .await?;
    if begun.is_some() {
        return Err(Error::Invalid("day-changed"));
    }
    Ok(())
}

async fn asked(db: &Db, game: MatchId) -> Result<Vec<QuestionId>> {
    let (secrets,): (String,) = db
        .one(
            sql!("select secrets from live_match where id = $1"),
            values![game],
        )
        .await?;
    let secrets: Secrets = serde_json::from_str(&secrets)?;
    Ok(secrets.questions.into_iter().map(|q| q.id).collect())
}
