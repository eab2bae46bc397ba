//! A room: two to four learners who know its code play each other.

use super::ask::ask;
use super::place::{Place, place_in};
use crate::db::{Db, Statement, Tx};
use crate::{Error, Result, id, sql, values};
use domain::contest::pair::MOST;
use domain::id::LearnerId;
use domain::time::Millis;

/// Signs of a code: none that is read as another.
const SIGNS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz_";
/// Signs in a code, five bits each: a code in use is not guessed.
const LENGTH: usize = 12;

/// Who is in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Who.
    pub who: LearnerId,
    /// Their name.
    pub name: String,
}

/// A room and who is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seats {
    /// Its code.
    pub code: String,
    /// Who may start.
    pub owner: LearnerId,
    /// Who is in it, the longest first.
    pub guests: Vec<Guest>,
}

impl Seats {
    /// Whether a learner is in it.
    #[must_use]
    pub fn has(&self, learner: LearnerId) -> bool {
        self.guests.iter().any(|guest| guest.who == learner)
    }
}

/// A room by its code.
///
/// # Errors
/// [`Error::Invalid`] with `quick-room-gone` when there is none.
pub async fn room(db: &Db, code: &str) -> Result<Seats> {
    let owner: Option<(String,)> = db
        .optional(
            sql!("select owner_id from quick_room where code = $1"),
            values![code],
        )
        .await?;
    let (owner,) = owner.ok_or(Error::Invalid("quick-room-gone"))?;
    let rows: Vec<(String, String)> = db.all(guests_of(), values![code]).await?;
    Ok(Seats {
        code: code.to_owned(),
        owner: learner(&owner)?,
        guests: guests(rows)?,
    })
}

fn guests_of() -> Statement {
    sql!(
        "select p.learner_id, l.name from quick_place p join learner l on l.id = p.learner_id \
         where p.room = $1 and p.match_id is null order by p.since, p.learner_id"
    )
}

fn guests(rows: Vec<(String, String)>) -> Result<Vec<Guest>> {
    rows.into_iter()
        .map(|(id, name)| {
            Ok(Guest {
                who: learner(&id)?,
                name,
            })
        })
        .collect()
}

pub(super) fn learner(text: &str) -> Result<LearnerId> {
    text.parse()
        .map_err(|e| Error::Fault(anyhow::Error::new(e).context("a learner's id")))
}

/// Opens a room for a learner; who is in a room or a match already stays there. Says where they
/// are.
///
/// # Errors
/// [`Error::Wait`] when they asked too often.
pub async fn open(db: &Db, owner: LearnerId, now: Millis) -> Result<Place> {
    ask(db, owner, now).await?;
    let code: String = id::random::<LENGTH>()?
        .map(|byte| char::from(SIGNS[usize::from(byte % 32)]))
        .iter()
        .collect();
    db.write(move |tx| {
        Box::pin(async move {
            match place_in(tx, owner).await? {
                Some(elsewhere @ (Place::Room(_) | Place::Match(_))) => return Ok(elsewhere),
                Some(Place::Waiting(_)) | None => {}
            }
            tx.run(
                sql!("insert into quick_room (code, owner_id, created_at) values ($1, $2, $3)"),
                values![&code, owner, now],
            )
            .await?;
            sit(tx, owner, &code, now).await?;
            hand_on(tx).await?; // nobody sits in it who was put into a match just now
            place_in(tx, owner).await?.ok_or(Error::NotFound)
        })
    })
    .await
}

/// Takes a learner into a room; from the queue, but not out of another room or a match.
///
/// # Errors
/// [`Error::Invalid`] with `quick-room-gone`, `quick-room-full` or `quick-elsewhere`;
/// [`Error::Wait`] when they asked too often.
pub async fn enter(db: &Db, who: LearnerId, code: &str, now: Millis) -> Result<()> {
    ask(db, who, now).await?;
    let code = code.to_owned();
    db.write(move |tx| {
        Box::pin(async move {
            hold(tx, &code)
                .await?
                .ok_or(Error::Invalid("quick-room-gone"))?;
            match place_in(tx, who).await? {
                Some(Place::Room(here)) if here == code => return Ok(()),
                Some(Place::Room(_) | Place::Match(_)) => {
                    return Err(Error::Invalid("quick-elsewhere"));
                }
                Some(Place::Waiting(_)) | None => {}
            }
            if seated(tx, &code).await?.len() >= MOST {
                return Err(Error::Invalid("quick-room-full"));
            }
            if sit(tx, who, &code, now).await? {
                Ok(())
            } else {
                Err(Error::Invalid("quick-elsewhere"))
            }
        })
    })
    .await
}

/// Puts a learner into a room unless they are in another or in a match by now.
async fn sit(tx: &mut Tx, who: LearnerId, code: &str, now: Millis) -> Result<bool> {
    let changed = tx
        .run(
            sql!(
                "insert into quick_place (learner_id, room, since, seen_at) \
                 values ($1, $2, $3, $3) on conflict (learner_id) do update \
                   set room = excluded.room, since = excluded.since, seen_at = excluded.seen_at \
                   where quick_place.room is null and quick_place.match_id is null"
            ),
            values![who, code, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Keeps a room as it is for this transaction; its owner, if there is such a room.
pub(super) async fn hold(tx: &mut Tx, code: &str) -> Result<Option<LearnerId>> {
    let row: Option<(String,)> = tx
        .optional(
            sql!(
                "update quick_room set created_at = created_at where code = $1 returning owner_id"
            ),
            values![code],
        )
        .await?;
    row.map(|(owner,)| learner(&owner)).transpose()
}

/// Who is in a room, the longest first.
pub(super) async fn seated(tx: &mut Tx, code: &str) -> Result<Vec<Guest>> {
    guests(tx.all(guests_of(), values![code]).await?)
}

/// Gives rooms whose owner is gone to whoever has been in them longest, and closes empty ones.
pub(super) async fn hand_on(tx: &mut Tx) -> Result<()> {
    tx.run(
        sql!(
            "delete from quick_room where not exists \
               (select 1 from quick_place p where p.room = quick_room.code)"
        ),
        values![],
    )
    .await?;
    tx.run(
        sql!(
            "update quick_room set owner_id = (select p.learner_id from quick_place p \
               where p.room = quick_room.code order by p.since, p.learner_id limit 1) \
             where not exists (select 1 from quick_place p \
               where p.room = quick_room.code and p.learner_id = quick_room.owner_id)"
        ),
        values![],
    )
    .await?;
    Ok(())
}
