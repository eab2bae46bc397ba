//! What is kept of a match: what it is made of, and its log.

use crate::db::{Db, Statement, Tx};
use crate::question::questions;
use crate::{Error, Result, id, sql, values};
use domain::contest::r#match::message::Words;
use domain::contest::r#match::seal::Seal;
use domain::contest::r#match::{
    Audience, Match, Numbered, Phase, QuestionNumber, Secret, Secrets, Setup,
};
use domain::id::{MatchId, QuestionId};
use domain::question::Question;
use domain::time::Millis;
use std::fmt::Write as _;
use std::sync::Arc;

/// Where processes tell each other on PostgreSQL which match has news.
pub(super) const CHANNEL: &str = "live_match";

/// Where processes tell each other on PostgreSQL which phones of a match they hear.
pub(super) const HEARD: &str = "live_match_heard";

/// A match that is to be made.
#[derive(Debug, Clone)]
pub struct NewMatch {
    /// Its id.
    pub id: MatchId,
    /// What it is called.
    pub title: String,
    /// What it is made of.
    pub setup: Setup,
    /// The questions, in the order of the programme.
    pub questions: Vec<QuestionId>,
}

/// Whether the next round of its challenge was drawn from the result of a match, or the places
/// were declared by it.
pub(super) async fn is_settled(tx: &mut Tx, id: MatchId) -> Result<bool> {
    let (used,): (i64,) = tx
        .one(
            sql!(
                "select count(*) from contest_match m where m.match_id = $1 and (\
                   exists (select 1 from contest_round r \
                     where r.contest_id = m.contest_id and r.round > m.round) \
                   or exists (select 1 from contest_day d \
                     where d.contest_id = m.contest_id and d.places is not null))"
            ),
            values![id],
        )
        .await?;
    Ok(used > 0)
}

/// A match without its log and its secrets.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MatchHead {
    /// What it is called.
    pub title: String,
    /// The number of its last event.
    pub number: i64,
}

/// Makes a match. Its questions are kept as they are now: the bank may change, the match not.
///
/// # Errors
/// [`Error::Invalid`] with the code of the defect for a setup that can not be played;
/// [`Error::NotFound`] for a question that is not in the bank; [`Error::Fault`] when the id is
/// taken.
pub async fn put_match(db: &Db, new: NewMatch, now: Millis) -> Result<()> {
    let ready = ready(db, new).await?;
    db.write(move |tx| Box::pin(put_ready(tx, ready, now)))
        .await
}

/// A match that can be played, to be written together with others.
#[derive(Debug)]
pub(in crate::contest) struct Ready {
    id: MatchId,
    title: String,
    setup: Setup,
    secrets: String,
    words: String,
    seal: String,
}

/// Looks up the questions of a match and sees that it can be played; see [`put_match`].
pub(in crate::contest) async fn ready(db: &Db, new: NewMatch) -> Result<Ready> {
    let asked = questions(db, &new.questions).await?;
    ready_of(new, asked)
}

/// As [`ready`], of the questions of a match, which were read.
pub(in crate::contest) fn ready_of(new: NewMatch, asked: Vec<Question>) -> Result<Ready> {
    let secrets = Secrets {
        questions: asked
            .iter()
            .map(|question| Secret {
                id: question.id.clone(),
                kind: question.kind,
                options: u8::try_from(question.options.len()).unwrap_or(u8::MAX),
                key: question.key.clone(),
            })
            .collect(),
        seed: u64::from_le_bytes(id::random()?),
    };
    if let Some(defect) = new.setup.defect(&secrets) {
        return Err(Error::Invalid(defect.code()));
    }
    let words: Vec<Words> = asked
        .into_iter()
        .map(|question| Words {
            kind: question.kind,
            stem: question.stem,
            options: question.options,
        })
        .collect();
    let seal = hex(&id::random::<32>()?);
    Ok(Ready {
        id: new.id,
        title: new.title,
        setup: new.setup,
        secrets: serde_json::to_string(&secrets)?,
        words: serde_json::to_string(&words)?,
        seal,
    })
}

/// Writes a match.
pub(in crate::contest) async fn put_ready(tx: &mut Tx, new: Ready, now: Millis) -> Result<()> {
    let setup = serde_json::to_string(&new.setup)?;
    tx.run(
        sql!(
            "insert into live_match \
               (id, title, setup, secrets, words, seal, number, created_at) \
             values ($1, $2, $3, $4, $5, $6, 0, $7)"
        ),
        values![
            new.id,
            new.title,
            setup,
            new.secrets,
            new.words,
            new.seal,
            now
        ],
    )
    .await?;
    super::people::put(tx, new.id, &new.setup).await
}

/// Keeps how a match stands after a step: whether it has begun, and its result while it is over.
pub(super) async fn stand(tx: &mut Tx, id: MatchId, game: &Match, now: Millis) -> Result<()> {
    let begun = (game.phase() != Phase::Lobby).then_some(now.0);
    let over = game.phase() == Phase::Finished;
    let result = over.then(|| {
        let teams = game.view(&Audience::Public).teams;
        teams.into_iter().map(|team| (team.team, team.points))
    });
    let result = result.map(|points| serde_json::to_string(&points.collect::<Vec<_>>()));
    tx.run(
        sql!(
            "update live_match set begun_at = coalesce(begun_at, $2), finished_at = $3, \
               result = $4 where id = $1"
        ),
        values![id, begun, over.then_some(now.0), result.transpose()?],
    )
    .await?;
    Ok(())
}

/// A match without its log and its secrets.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn head(db: &Db, id: MatchId) -> Result<MatchHead> {
    db.one(
        sql!("select title, number from live_match where id = $1"),
        values![id],
    )
    .await
}

/// What a match is made of.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn setup(db: &Db, id: MatchId) -> Result<Setup> {
    let (setup,): (String,) = db
        .one(
            sql!("select setup from live_match where id = $1"),
            values![id],
        )
        .await?;
    Ok(serde_json::from_str(&setup)?)
}

/// A match as it is kept, with what is sent of its questions.
pub(super) struct Kept {
    pub setup: Arc<Setup>,
    pub secrets: Arc<Secrets>,
    pub sealed: Sealed,
}

/// The questions of a match, sealed, and what opens them.
pub(super) struct Sealed {
    seal: Seal,
    texts: Vec<String>,
}

impl Sealed {
    pub fn text(&self, question: QuestionNumber) -> Option<&str> {
        let index = usize::try_from(question.0).ok()?;
        self.texts.get(index).map(String::as_str)
    }

    pub fn key(&self, question: QuestionNumber) -> String {
        self.seal.key(question)
    }
}

pub(super) async fn kept(db: &Db, id: MatchId) -> Result<Kept> {
    let (setup, secrets, words, seal): (String, String, String, String) = db
        .one(
            sql!("select setup, secrets, words, seal from live_match where id = $1"),
            values![id],
        )
        .await?;
    let words: Vec<Words> = serde_json::from_str(&words)?;
    let seal = unhex(&seal).and_then(|seal| seal.try_into().ok());
    let seal = Seal(seal.ok_or_else(|| anyhow::anyhow!("seal of match {id}"))?);
    let texts = (0..).map(QuestionNumber).zip(&words);
    let texts = texts.map(|(number, words)| {
        let sealed = seal.seal(number, words);
        sealed.ok_or_else(|| Error::Fault(anyhow::anyhow!("question {number:?} of match {id}")))
    });
    let texts = texts.collect::<Result<_>>()?;
    Ok(Kept {
        setup: Arc::new(serde_json::from_str(&setup)?),
        secrets: Arc::new(serde_json::from_str(&secrets)?),
        sealed: Sealed { seal, texts },
    })
}

fn log_after() -> Statement {
    sql!("select events from live_match_event where match_id = $1 and number > $2 order by number")
}

/// The log after an event, oldest first.
pub(in crate::contest) async fn log(db: &Db, id: MatchId, after: u64) -> Result<Vec<Numbered>> {
    let rows: Vec<(String,)> = db.all(log_after(), values![id, number(after)]).await?;
    events(rows)
}

/// Holds the match for this transaction and takes in what others wrote since.
pub(super) async fn catch_up(tx: &mut Tx, id: MatchId, game: &mut Match) -> Result<Vec<Numbered>> {
    // An update that changes nothing locks the row, where two transactions could read it at once.
    let (newest,): (i64,) = tx
        .one(
            sql!("update live_match set number = number where id = $1 returning number"),
            values![id],
        )
        .await?;
    if newest <= number(game.number()) {
        return Ok(Vec::new());
    }
    let rows: Vec<(String,)> = tx
        .all(log_after(), values![id, number(game.number())])
        .await?;
    let news = events(rows)?;
    for event in &news {
        game.apply(event);
    }
    Ok(news)
}

/// Writes events that follow the last one.
pub(super) async fn append(tx: &mut Tx, id: MatchId, new: &[Numbered]) -> Result<()> {
    let (Some(first), Some(last)) = (new.first(), new.last()) else {
        return Ok(());
    };
    tx.run(
        sql!("insert into live_match_event (match_id, number, events) values ($1, $2, $3)"),
        values![id, number(first.number), serde_json::to_string(new)?],
    )
    .await?;
    tx.run(
        sql!("update live_match set number = $2 where id = $1"),
        values![id, number(last.number)],
    )
    .await?;
    if let Tx::Postgres(connection) = tx {
        // Other processes hear of it when, and only if, this transaction is committed.
        sqlx::query("select pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(id.to_string())
            .execute(&mut **connection)
            .await?;
    }
    Ok(())
}

/// Tells other processes on PostgreSQL which phones of a match this one hears, a bit for each seat.
/// Nobody has to hear it: it is told again and again.
pub(super) async fn tell_heard(db: &Db, id: MatchId, bits: &[u8]) -> Result<()> {
    if let Db::Postgres(pool) = db {
        sqlx::query("select pg_notify($1, $2)")
            .bind(HEARD)
            .bind(format!("{id}:{}", hex(bits)))
            .execute(pool)
            .await?;
    }
    Ok(())
}

/// The match and the bits of what [`tell_heard`] told.
pub(super) fn heard(payload: &str) -> Option<(MatchId, Vec<u8>)> {
    let (id, bits) = payload.split_once(':')?;
    Some((id.parse().ok()?, unhex(bits)?))
}

/// Matches whose log is not the events from 1 to the last one, each once: their ids.
///
/// # Errors
/// [`Error::Fault`] when the database can not be read.
pub async fn logs_off(db: &Db) -> Result<Vec<(String,)>> {
    let matches: Vec<(String, i64)> = db
        .all(
            sql!("select id, number from live_match order by id"),
            values![],
        )
        .await?;
    let mut off = Vec::new();
    for (id, last) in matches {
        let rows: Vec<(String,)> = db
            .all(
                sql!("select events from live_match_event where match_id = $1 order by number"),
                values![&id],
            )
            .await?;
        let whole = events(rows).is_ok_and(|log| {
            let numbers = log.iter().map(|event| number(event.number));
            numbers.eq(1..=last)
        });
        if !whole {
            off.push((id,));
        }
    }
    Ok(off)
}

fn events(rows: Vec<(String,)>) -> Result<Vec<Numbered>> {
    let mut all = Vec::new();
    for (events,) in rows {
        all.extend(serde_json::from_str::<Vec<Numbered>>(&events)?);
    }
    Ok(all)
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes = (0..text.len()).step_by(2);
    let byte = |at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    bytes.map(byte).collect()
}
