//! A match is made of those who wait, or of those in a room.

use super::room::{Guest, hold, seated};
use crate::contest::r#match::{NewMatch, put_ready, ready_of};
use crate::db::{Db, Tx};
use crate::question::questions;
use crate::{Error, Result, clock, id, sql, values};
use domain::contest::r#match::Team;
use domain::contest::quick::{FEWEST, QUESTIONS, setup};
use domain::contest::{Candidate, draw};
use domain::id::{LearnerId, MatchId, QuestionId, TeamId};
use domain::question::{Question, QuestionKind};
use domain::seed::seed_of;
use domain::time::Millis;

/// What the match is called where its page names none; the interface has its own words for it.
const TITLE: &str = "快速对战";

/// Refuses where the bank has too few questions for a match.
///
/// # Errors
/// [`Error::Invalid`] with `quick-bank` then.
pub(super) async fn enough(db: &Db) -> Result<()> {
    // A question without a family is a family of one.
    let (families,): (i64,) = db
        .one(
            sql!(
                "select count(distinct coalesce('f' || family, 'q' || id)) from question \
                 where kind in ($1, $2)"
            ),
            values![
                QuestionKind::Single.as_str(),
                QuestionKind::TrueFalse.as_str()
            ],
        )
        .await?;
    (families >= i64::from(QUESTIONS))
        .then_some(())
        .ok_or(Error::Invalid("quick-bank"))
}

/// The questions of a match, drawn by its id: answered by one touch, never two of a family.
async fn drawn(db: &Db, id: MatchId) -> Result<Vec<Question>> {
    let bank: Vec<(String, Option<String>)> = db
        .all(
            sql!("select id, family from question where kind in ($1, $2)"),
            values![
                QuestionKind::Single.as_str(),
                QuestionKind::TrueFalse.as_str()
            ],
        )
        .await?;
    let pool: Vec<Candidate> = bank
        .into_iter()
        .map(|(id, family)| Candidate {
            id: QuestionId(id),
            kind: QuestionKind::TrueFalse, // options are shuffled for each player, not here
            options: 0,
            family,
        })
        .collect();
    let wanted = usize::try_from(QUESTIONS).unwrap_or(usize::MAX);
    let items = draw(pool, wanted, seed_of(&["quick", &id.to_string()]));
    if items.len() < wanted {
        return Err(Error::Invalid("quick-bank"));
    }
    let ids: Vec<QuestionId> = items.into_iter().map(|item| item.question).collect();
    questions(db, &ids).await
}

/// Makes a match of learners who wait in the queue; `None` when one of them does not any more.
///
/// # Errors
/// [`Error::Invalid`] with `quick-bank` when the bank has too few questions.
pub(super) async fn of_queue(
    db: &Db,
    people: Vec<LearnerId>,
    now: Millis,
) -> Result<Option<MatchId>> {
    let id = MatchId(id::fresh(now)?);
    let asked = drawn(db, id).await?;
    let made = db.write(move |tx| {
        Box::pin(async move {
            let mut table = Vec::with_capacity(people.len());
            for who in &people {
                let name: Option<(String,)> = tx
                    .optional(
                        sql!("select name from learner where id = $1"),
                        values![*who],
                    )
                    .await?;
                let (name,) = name.ok_or(Error::NotFound)?;
                table.push(Guest { who: *who, name });
            }
            make(tx, id, table, None, asked, now).await
        })
    });
    match made.await {
        Ok(()) => Ok(Some(id)),
        Err(Error::Invalid("quick-changed")) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Starts the match of a room; a second time leads to the same match.
///
/// # Errors
/// [`Error::Forbidden`] when another owns the room; [`Error::Invalid`] with `quick-room-gone`,
/// `quick-few` when nobody else is in it, or `quick-bank`.
pub async fn start(db: &Db, owner: LearnerId, code: &str, now: Millis) -> Result<MatchId> {
    if let Some(super::Place::Match(running)) = super::place(db, owner).await? {
        return Ok(running);
    }
    let id = MatchId(id::fresh(now)?);
    let asked = drawn(db, id).await?;
    let code = code.to_owned();
    db.write(move |tx| {
        Box::pin(async move {
            let owns = hold(tx, &code)
                .await?
                .ok_or(Error::Invalid("quick-room-gone"))?;
            if owns != owner {
                return Err(Error::Forbidden);
            }
            let table = seated(tx, &code).await?;
            if table.len() < FEWEST {
                return Err(Error::Invalid("quick-few"));
            }
            make(tx, id, table, Some(&code), asked, now).await?;
            tx.run(
                sql!("delete from quick_room where code = $1"),
                values![&code],
            )
            .await?;
            Ok(id)
        })
    })
    .await
}

/// Makes the match and moves each of the table from the queue, or the room, into it.
async fn make(
    tx: &mut Tx,
    id: MatchId,
    table: Vec<Guest>,
    room: Option<&str>,
    asked: Vec<Question>,
    now: Millis,
) -> Result<()> {
    let mut teams = Vec::with_capacity(table.len());
    for guest in &table {
        teams.push(Team {
            id: TeamId(id::fresh(now)?),
            name: guest.name.clone(),
            members: vec![guest.who],
            substitutes: Vec::new(),
        });
    }
    let new = NewMatch {
        id,
        title: TITLE.to_owned(),
        setup: setup(teams),
        questions: asked.iter().map(|question| question.id.clone()).collect(),
    };
    put_ready(tx, ready_of(new, asked)?, now).await?;
    tx.run(
        // Made by the clock that the match's log goes by.
        sql!("insert into quick_match (match_id, state, made_at) values ($1, 'running', $2)"),
        values![id, clock::steady()],
    )
    .await?;
    // The same order in every process: two that want the same person wait, and do not deadlock.
    let mut people: Vec<LearnerId> = table.iter().map(|guest| guest.who).collect();
    people.sort();
    for who in people {
        let moved = tx
            .run(
                sql!(
                    "update quick_place set match_id = $2, room = null where learner_id = $1 \
                     and match_id is null and coalesce(room, '') = $3"
                ),
                values![who, id, room.unwrap_or_default()],
            )
            .await?;
        if moved != 1 {
            return Err(Error::Invalid("quick-changed"));
        }
        tx.run(
            sql!(
                "insert into quick_player (match_id, learner_id, points, credits) \
                 values ($1, $2, 0, 0)"
            ),
            values![id, who],
        )
        .await?;
    }
    Ok(())
}
