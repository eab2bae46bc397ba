//! Sessions: a row for each device. The cookie holds a random token, the table only its hash.

use super::hash_hex;
use super::viewer::{Grant, Viewer};
use crate::db::Db;
use crate::{Error, Result, id, sql, values};
use domain::id::{LearnerId, UnitId};
use domain::org::Role;
use domain::time::{DAY, MINUTE, Millis};

/// How long a session is kept without being used, in days.
pub const SESSION_DAYS: i64 = 30;
/// A session's last use is written down at most this often, in milliseconds.
const SEEN_EVERY: i64 = 60 * MINUTE;

/// The secret in a session's cookie: 256 bits in hexadecimal.
pub struct Token(pub String);

/// Starts a session without asking for a password, and forgets the wrong tries of the account.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn start(
    db: &Db,
    learner: LearnerId,
    account_hash: String,
    now: Millis,
) -> Result<Token> {
    let token: String = id::random::<32>()?
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let token_hash = hash_hex(&token);
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("delete from sign_in_failure where account_hash = $1"),
                values![account_hash],
            )
            .await?;
            tx.run(
                sql!("delete from session where learner_id = $1 and expires_at <= $2"),
                values![learner, now],
            )
            .await?;
            tx.run(
                sql!(
                    "insert into session (token_hash, learner_id, created_at, seen_at, expires_at) \
                     values ($1, $2, $3, $3, $4)"
                ),
                values![token_hash, learner, now, now.plus(SESSION_DAYS * DAY)],
            )
            .await?;
            Ok(())
        })
    })
    .await?;
    Ok(Token(token))
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    learner_id: String,
    created_at: i64,
    seen_at: i64,
    name: String,
    must_change_password: bool,
    language: Option<String>,
    type_size: i64,
    role: Option<String>,
    unit_id: Option<String>,
}

impl SessionRow {
    /// The grant beside the session: a row for each, and one without where there is none.
    fn grant(&self) -> Option<Grant> {
        Some(Grant {
            role: Role::parse(self.role.as_deref()?)?,
            unit: UnitId(self.unit_id.clone()?),
        })
    }
}

/// Whose session a cookie's token names; `None` when it names none or the session has ended. One
/// statement: it runs with every request.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn viewer(db: &Db, token: &str, now: Millis) -> Result<Option<Viewer>> {
    if token.len() != 64 {
        return Ok(None);
    }
    let session = hash_hex(token);
    let rows: Vec<SessionRow> = db
        .all(
            sql!(
                "select s.learner_id, s.created_at, s.seen_at, l.name, l.must_change_password, \
                        l.language, l.type_size, g.role, g.unit_id \
                 from session s join learner l on l.id = s.learner_id \
                 left join role_grant g on g.learner_id = l.id \
                 where s.token_hash = $1 and s.expires_at > $2 order by g.role"
            ),
            values![&session, now],
        )
        .await?;
    let grants = rows.iter().filter_map(SessionRow::grant).collect();
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    if now.since(Millis(row.seen_at)) > SEEN_EVERY {
        touch(db, session.clone(), now).await?;
    }
    let learner: LearnerId = row
        .learner_id
        .parse()
        .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
    Ok(Some(Viewer {
        learner,
        session,
        name: row.name,
        must_change_password: row.must_change_password,
        language: row.language,
        type_size: row.type_size,
        signed_in_at: Millis(row.created_at),
        grants,
    }))
}

/// Whether the session that a viewer came with still goes on: for what stays open longer than a
/// request.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn is_signed_in(db: &Db, viewer: &Viewer, now: Millis) -> Result<bool> {
    let (sessions,): (i64,) = db
        .one(
            sql!("select count(*) from session where token_hash = $1 and expires_at > $2"),
            values![&viewer.session, now],
        )
        .await?;
    Ok(sessions > 0)
}

async fn touch(db: &Db, session: String, now: Millis) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("update session set seen_at = $2, expires_at = $3 where token_hash = $1"),
                values![session, now, now.plus(SESSION_DAYS * DAY)],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// Ends one session.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn sign_out(db: &Db, viewer: &Viewer) -> Result<()> {
    let session = viewer.session.clone();
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("delete from session where token_hash = $1"),
                values![session],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// Ends every session of the person, on every device.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn sign_out_everywhere(db: &Db, viewer: &Viewer) -> Result<()> {
    let learner = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("delete from session where learner_id = $1"),
                values![learner],
            )
            .await?;
            Ok(())
        })
    })
    .await
}
