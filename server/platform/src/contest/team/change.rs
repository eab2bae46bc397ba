//! A team is changed.

use super::register::invitation;
use super::view::invited;
use super::{decides, must_fit, refused, rules};
use crate::contest::challenge::shown;
use crate::db::{Db, Statement, Tx, Value};
use crate::identity::Viewer;
use crate::{Error, Result, event, sql, values};
use domain::contest::team::{Actor, Change, Seat, State, Team};
use domain::id::{ContestId, EventId, LearnerId, TeamId, UnitId};
use domain::time::Millis;

/// Changes a team; nobody comes in by themselves so, but by [`join`]. The same event again changes
/// nothing more.
///
/// # Errors
/// [`Error::NotFound`] where there is no such team for the viewer; [`Error::Forbidden`] for what is
/// not theirs to do; [`Error::Barred`] and [`Error::Invalid`] with a word that begins with `team-`
/// for what the rules refuse.
pub async fn change(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    id: TeamId,
    change: Change,
    now: Millis,
) -> Result<()> {
    if change == Change::Join {
        return Err(Error::Forbidden);
    }
    make(db, viewer, event, contest, id, change, None, now).await
}

/// The viewer comes in by an invitation; answers the team. The same event again changes nothing
/// more.
///
/// # Errors
/// [`Error::Invalid`] with `team-invitation` for one that is void; as [`change`].
pub async fn join(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    code: &str,
    now: Millis,
) -> Result<TeamId> {
    let team = match invited(db, viewer, contest, code, now).await {
        Err(Error::NotFound) => return Err(Error::Invalid("team-invitation")),
        invited => invited?.id,
    };
    let code = Some(code.to_owned());
    make(db, viewer, event, contest, team, Change::Join, code, now).await?;
    Ok(team)
}

#[allow(clippy::too_many_arguments, reason = "who asks, for what, when")]
async fn make(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    id: TeamId,
    change: Change,
    code: Option<String>,
    now: Millis,
) -> Result<()> {
    let contest = shown(db, viewer, contest, now).await?;
    let rules = rules(&contest)?;
    let unit = unit_of(db, contest.id, id).await?;
    let by = Actor {
        who: viewer.learner,
        decides: decides(db, viewer, &contest, &unit).await?,
    };
    match &change {
        Change::Join => must_fit(db, contest.id, &unit, by.who, now).await?,
        Change::Add(who) => must_fit(db, contest.id, &unit, *who, now).await?,
        _ => {}
    }
    let contest = contest.id;
    db.write(move |tx| {
        Box::pin(async move {
            if event::once::<()>(tx, event, by.who, "team-change", now)
                .await?
                .is_some()
            {
                return Ok(());
            }
            let before = held(tx, id).await?;
            if let Some(code) = code {
                must_be_valid(tx, id, code).await?;
            }
            let (what, whom) = (change.as_str(), change.whom().map(|who| who.to_string()));
            let after = before.after(&rules, change, by, now).map_err(refused)?;
            put(tx, contest, id, &before, &after, now).await?;
            if before.state != after.state
                && matches!(after.state, State::Approved | State::Refused)
            {
                tx.run(
                    sql!("update contest_team set decided_by = $2, decided_at = $3 where id = $1"),
                    values![id, by.who, now],
                )
                .await?;
            }
            tx.run(
                sql!(
                    "insert into contest_team_change (id, team_id, what, whom, made_by, made_at) \
                     values ($1, $2, $3, $4, $5, $6)"
                ),
                values![event, id, what, whom, by.who, now],
            )
            .await?;
            event::answered(tx, event, ()).await?;
            Ok(())
        })
    })
    .await
}

/// Makes the old invitation void and gives the team a new one.
///
/// # Errors
/// [`Error::NotFound`] where there is no such team for the viewer; [`Error::Forbidden`] for who
/// neither leads it nor decides about it.
pub async fn renew_invitation(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    id: TeamId,
    now: Millis,
) -> Result<()> {
    let contest = shown(db, viewer, contest, now).await?;
    let unit = unit_of(db, contest.id, id).await?;
    let who = viewer.learner;
    let decides = decides(db, viewer, &contest, &unit).await?;
    let code = invitation()?;
    db.write(move |tx| {
        Box::pin(async move {
            if held(tx, id).await?.captain != who && !decides {
                return Err(Error::Forbidden);
            }
            tx.run(
                sql!("update contest_team set invitation = $2 where id = $1"),
                values![id, code],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

pub(super) async fn unit_of(db: &Db, contest: ContestId, id: TeamId) -> Result<UnitId> {
    let (unit,): (String,) = db
        .one(
            sql!("select unit_id from contest_team where id = $1 and contest_id = $2"),
            values![id, contest],
        )
        .await?;
    Ok(UnitId(unit))
}

/// A team, which nobody else changes until this transaction ends.
async fn held(tx: &mut Tx, id: TeamId) -> Result<Team> {
    let row: (String, String, String, String) = tx
        .one(
            sql!(
                "update contest_team set state = state where id = $1 \
                 returning name, state, note, captain_id"
            ),
            values![id],
        )
        .await?;
    let seats = tx.all(seats(), values![id]).await?;
    let (statement, values) = drawn(id);
    let drawn: Option<(i64,)> = tx.optional(statement, values).await?;
    team_of(row, seats, drawn.is_some())
}

/// Sees that an invitation was not renewed in the meantime.
async fn must_be_valid(tx: &mut Tx, id: TeamId, code: String) -> Result<()> {
    let valid: Option<(String,)> = tx
        .optional(
            sql!("select id from contest_team where id = $1 and invitation = $2"),
            values![id, code],
        )
        .await?;
    valid.map(drop).ok_or(Error::Invalid("team-invitation"))
}

/// The seats of a team: learner and kind.
pub(super) fn seats() -> Statement {
    sql!("select learner_id, seat from contest_team_member where team_id = $1 order by position")
}

/// A round that a team stands in.
pub(super) fn drawn(id: TeamId) -> (Statement, Vec<Value>) {
    (
        sql!(
            "select r.round from contest_team t join contest_round r on r.contest_id = t.contest_id \
             where t.id = $1 and r.drawn like $2 limit 1"
        ),
        values![id, format!("%\"{id}\"%")], // as what was drawn is kept
    )
}

/// A team of its row (name, state, note, captain) and its seats.
pub(super) fn team_of(
    (name, state, note, captain): (String, String, String, String),
    seats: Vec<(String, String)>,
    drawn: bool,
) -> Result<Team> {
    let fault = |what: &str| Error::Fault(anyhow::anyhow!("{what} of a team"));
    let person = |text: &str| -> Result<LearnerId> { text.parse().map_err(|_| fault("a person")) };
    let seats = seats.iter().map(|(who, seat)| {
        let seat = Seat::parse(seat).ok_or_else(|| fault("a seat"))?;
        Ok((person(who)?, seat))
    });
    Ok(Team {
        name,
        state: State::parse(&state).ok_or_else(|| fault("the state"))?,
        note,
        captain: person(&captain)?,
        seats: seats.collect::<Result<_>>()?,
        drawn,
    })
}

/// Writes what became of a team.
async fn put(
    tx: &mut Tx,
    contest: ContestId,
    id: TeamId,
    before: &Team,
    after: &Team,
    now: Millis,
) -> Result<()> {
    tx.run(
        sql!(
            "update contest_team set name = $2, state = $3, note = $4, captain_id = $5 \
             where id = $1"
        ),
        values![
            id,
            &after.name,
            after.state.as_str(),
            &after.note,
            after.captain
        ],
    )
    .await?;
    for (who, _) in &before.seats {
        if after.seat(*who).is_none() {
            tx.run(
                sql!("delete from contest_team_member where team_id = $1 and learner_id = $2"),
                values![id, *who],
            )
            .await?;
        }
    }
    for (who, seat) in &after.seats {
        match before.seat(*who) {
            Some(known) if known == *seat => {}
            Some(_) => {
                tx.run(
                    sql!(
                        "update contest_team_member set seat = $3 \
                         where team_id = $1 and learner_id = $2"
                    ),
                    values![id, *who, seat.as_str()],
                )
                .await?;
            }
            None => come_in(tx, contest, id, *who, *seat, now).await?,
        }
    }
    Ok(())
}

async fn come_in(
    tx: &mut Tx,
    contest: ContestId,
    id: TeamId,
    who: LearnerId,
    seat: Seat,
    now: Millis,
) -> Result<()> {
    let seated = tx
        .run(
            sql!(
                "insert into contest_team_member (contest_id, learner_id, team_id, seat, \
                   position, joined_at) \
                 select $1, $2, $3, $4, coalesce(max(position), 0) + 1, $5 \
                 from contest_team_member where team_id = $3 \
                 on conflict (contest_id, learner_id) do nothing"
            ),
            values![contest, who, id, seat.as_str(), now],
        )
        .await?;
    (seated == 1)
        .then_some(())
        .ok_or(Error::Invalid("team-already"))
}
