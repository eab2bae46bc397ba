//! Drawing a round: first as a dry run, which writes nothing, then for good.

use super::bracket::{RoundSoFar, Seeding, still_stands};
use super::compose::{Day, Next, day};
use super::questions;
use super::seed::{Order, earlier, seeded};
use crate::contest::r#match::{NewMatch, Ready, put_ready, ready};
use crate::contest::team::ApprovedTeam;
use crate::db::{Db, Tx};
use crate::identity::Viewer;
use crate::{Error, Result, event, id, sql, values};
use domain::contest::challenge::{Form, Programme};
use domain::contest::r#match::{Setup, Team};
use domain::contest::wanted;
use domain::id::{ContestId, EventId, LearnerId, MatchId, QuestionId, TeamId};
use domain::seed::seed_of;
use domain::time::Millis;
use std::collections::HashSet;

/// A round as it is wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// How the teams meet.
    pub form: Form,
    /// How many go on from each match.
    pub places: usize,
    /// How they are put in order; of no account after the first round.
    pub order: Order,
}

/// A round as it would be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Its number, from 1.
    pub round: i64,
    /// How the teams meet.
    pub form: Form,
    /// How they were put in order.
    pub seeding: Seeding,
    /// Who meets whom; one alone goes on without playing.
    pub drawn: Vec<Vec<TeamId>>,
    /// How many go on from each match.
    pub places: usize,
    /// How many questions a match has.
    pub needed: usize,
    /// How many can be drawn.
    pub there: usize,
    /// How many there must be for each match to have its own, with enough left for what comes after.
    pub wanted: usize,
    /// Whether all matches ask the same ones, because there are not as many.
    pub shared: bool,
    /// What was seen, in short: what is made must be the same.
    pub seen: String,
}

/// A round that is to be made.
#[derive(Debug, Clone)]
pub struct Making {
    /// As it was wished for in the dry run.
    pub wish: Wish,
    /// What the dry run showed, in short.
    pub seen: String,
    /// Who leads each match, the first in charge, by its place in the round.
    pub hosts: Vec<Vec<LearnerId>>,
    /// What each match is called, by its place in the round.
    pub titles: Vec<String>,
}

/// The next round as it would be made. Nothing is written.
///
/// # Errors
/// As [`day`]; [`Error::Invalid`] with `day-not-yet` while there is nothing to draw.
pub async fn preview(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    wish: &Wish,
    now: Millis,
) -> Result<Preview> {
    let day = day(db, viewer, id).await?;
    if let Order::Earlier(chosen) = &wish.order
        && !earlier(db, viewer, id, now)
            .await?
            .iter()
            .any(|known| known.id == *chosen)
    {
        return Err(Error::NotFound);
    }
    previewed(db, &day, wish).await
}

async fn previewed(db: &Db, day: &Day, wish: &Wish) -> Result<Preview> {
    let (seeding, drawn) = match (day.next(), day.bracket.rounds.last()) {
        (Next::First, _) => {
            let seeding = seeded(db, day, &wish.order).await?;
            let drawn = wish.form.first(&seeding.seeds);
            (seeding, drawn)
        }
        (Next::After | Next::AfterOrDeclare, Some(last)) => {
            let went_on = last.went_on().unwrap_or_default();
            let seeding = Seeding {
                by: "went-on".to_owned(),
                lot: None,
                earlier: None,
                seeds: went_on.concat(),
            };
            (
                seeding,
                wish.form.after(&went_on, last.form == Form::Knockout),
            )
        }
        _ => return Err(Error::Invalid("day-not-yet")),
    };
    let round = day.bracket.rounds.last().map_or(1, |last| last.number + 1);
    let places = match wish.form {
        Form::Groups(_) => {
            let smallest = drawn.iter().map(Vec::len).min().unwrap_or(1);
            wish.places.clamp(1, smallest.saturating_sub(1).max(1))
        }
        Form::Knockout | Form::One => 1,
    };
    let pool = questions::pool(db, &day.contest, &day.programme).await?;
    let (needed, there) = (day.programme.questions(), questions::count(&pool));
    let games = drawn.iter().filter(|teams| teams.len() > 1).count();
    let wanted = wanted(needed, games, going_on(&drawn, places));
    let shared = games > 1 && there < wanted;
    let seen = serde_json::to_string(&(round, &drawn, places, &day.programme, shared))?;
    Ok(Preview {
        round,
        form: wish.form,
        needed,
        there,
        wanted,
        shared,
        seen: format!("{:016x}", seed_of(&[&seen])),
        seeding,
        drawn,
        places,
    })
}

/// How many go on from a round of so many meetings, for more rounds; one from the last.
pub(super) const fn going_on<T>(meetings: &[T], places: usize) -> usize {
    match meetings.len() {
        1 => 1,
        more => more.saturating_mul(places),
    }
}

/// Makes the next round: all its matches, or none. Returns its number.
///
/// # Errors
/// As [`preview`]; [`Error::Invalid`] with `day-changed` when it would not be what was seen,
/// `questions-short`, or the code of a defect.
pub async fn make(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    id: ContestId,
    making: Making,
    now: Millis,
) -> Result<i64> {
    let day = day(db, viewer, id).await?;
    if let Some(round) = answered_before(db, event, viewer.learner).await? {
        return Ok(round);
    }
    let preview = previewed(db, &day, &making.wish).await?;
    if preview.seen != making.seen {
        return Err(Error::Invalid("day-changed"));
    }
    let pool = questions::pool(db, &day.contest, &day.programme).await?;
    let meetings = preview.drawn.iter().enumerate();
    let meetings: Vec<_> = meetings.filter(|(_, teams)| teams.len() > 1).collect();
    let questions = if preview.shared {
        vec![questions::drawn(&pool, preview.needed)?; meetings.len()]
    } else {
        questions::dealt(&pool, meetings.len(), preview.needed)?
    };
    let mut games = Vec::new();
    for ((position, teams), questions) in meetings.into_iter().zip(&questions) {
        let hosts = making.hosts.get(position).cloned().unwrap_or_default();
        may_lead(&day, &hosts)?;
        let title = making.titles.get(position).cloned().unwrap_or_default();
        let setup = setup(&day.teams, teams, hosts, &day.programme)?;
        games.push((position, new_match(db, title, setup, questions, now).await?));
    }
    let round = preview.round;
    let questions = questions.concat();
    let teams = preview.drawn.concat();
    let read = day.bracket.rounds.last().map(RoundSoFar::results);
    let row = values![
        id,
        round,
        serde_json::to_string(&preview.form)?,
        serde_json::to_string(&preview.seeding)?,
        serde_json::to_string(&preview.drawn)?,
        places(preview.places),
        serde_json::to_string(&day.programme)?,
        serde_json::to_string(&making.hosts)?,
        viewer.learner,
        now
    ];
    let by = viewer.learner;
    let count = places(preview.places);
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(before) = event::once::<i64>(tx, event, by, "challenge-round", now).await? {
                return Ok(before);
            }
            hold(tx, id, round - 1).await?;
            if let Some(read) = read {
                still_stands(tx, id, round - 1, &read).await?;
            }
            are_approved(tx, id, &teams).await?;
            questions::are_free(tx, id, &questions).await?;
            tx.run(
                sql!(
                    "insert into contest_round (contest_id, round, form, seeding, drawn, places, \
                       programme, hosts, made_by, made_at) \
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                ),
                row,
            )
            .await?;
            for (position, (match_id, game)) in games {
                put_ready(tx, game, now).await?;
                put_place(tx, match_id, id, round, places(position), count, None).await?;
            }
            event::answered(tx, event, round).await
        })
    })
    .await
}

/// What an event made before, so that a double click is not told that the day has changed.
pub(super) async fn answered_before(db: &Db, event: EventId, by: LearnerId) -> Result<Option<i64>> {
    let row: Option<(Option<String>,)> = db
        .optional(
            sql!("select outcome from client_event where id = $1 and learner_id = $2"),
            values![event, by],
        )
        .await?;
    let outcome = row.and_then(|(outcome,)| outcome);
    Ok(outcome
        .map(|text| serde_json::from_str(&text))
        .transpose()?)
}

/// Holds the day for this transaction, and sees that it has so many rounds.
pub(super) async fn hold(tx: &mut Tx, id: ContestId, rounds: i64) -> Result<()> {
    let held: Option<(Option<i64>,)> = tx
        .optional(
            sql!("update contest_day set lot = lot where contest_id = $1 returning declared_at"),
            values![id],
        )
        .await?;
    let (there,): (i64,) = tx
        .one(
            sql!("select count(*) from contest_round where contest_id = $1"),
            values![id],
        )
        .await?;
    if held != Some((None,)) || there != rounds {
        return Err(Error::Invalid("day-changed"));
    }
    Ok(())
}

/// Holds the teams of a round for this transaction, and sees that they are still to play.
async fn are_approved(tx: &mut Tx, contest: ContestId, teams: &[TeamId]) -> Result<()> {
    let approved: Vec<(String,)> = tx
        .all(
            sql!(
                "update contest_team set state = state \
                 where contest_id = $1 and state = 'approved' returning id"
            ),
            values![contest],
        )
        .await?;
    let approved: HashSet<String> = approved.into_iter().map(|(id,)| id).collect();
    let plays = |team: &TeamId| approved.contains(&team.to_string());
    let all = teams.iter().all(plays);
    all.then_some(()).ok_or(Error::Invalid("day-changed"))
}

/// Says where a match stands in the day.
pub(super) async fn put_place(
    tx: &mut Tx,
    game: MatchId,
    contest: ContestId,
    round: i64,
    position: i64,
    places: i64,
    decides: Option<MatchId>,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into contest_match (match_id, contest_id, round, position, places, decides_id) \
             values ($1, $2, $3, $4, $5, $6)"
        ),
        values![
            game,
            contest,
            round,
            position,
            places,
            decides.map(|game| game.to_string())
        ],
    )
    .await?;
    Ok(())
}

/// Whether all of them were named as hosts of the day.
pub(super) fn may_lead(day: &Day, hosts: &[LearnerId]) -> Result<()> {
    let known = |host: &LearnerId| day.hosts.iter().any(|known| known.id == *host);
    if hosts.iter().all(known) {
        return Ok(());
    }
    Err(Error::Invalid("host-unknown"))
}

/// A match that can be played, and its id.
pub(super) async fn new_match(
    db: &Db,
    title: String,
    setup: Setup,
    questions: &[QuestionId],
    now: Millis,
) -> Result<(MatchId, Ready)> {
    let game = MatchId(id::fresh(now)?);
    let new = NewMatch {
        id: game,
        title,
        setup,
        questions: questions.to_vec(),
    };
    Ok((game, ready(db, new).await?))
}

/// What a match of these teams is made of.
pub(super) fn setup(
    approved: &[ApprovedTeam],
    teams: &[TeamId],
    hosts: Vec<LearnerId>,
    programme: &Programme,
) -> Result<Setup> {
    let team = |id: &TeamId| {
        let known = approved.iter().find(|team| team.id == *id);
        let known = known.ok_or(Error::Invalid("day-changed"))?;
        Ok(Team {
            id: known.id,
            name: known.name.clone(),
            members: known.members.clone(),
            substitutes: known.substitutes.clone(),
        })
    };
    Ok(Setup {
        teams: teams.iter().map(team).collect::<Result<_>>()?,
        hosts,
        rounds: programme.rounds.clone(),
        rules: programme.rules.clone(),
    })
}

pub(super) fn places(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
