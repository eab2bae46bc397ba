//! Who someone is: signing in by phone or staff number and password, sessions, passwords.
//!
//! The rules guarded here: an unknown account and a wrong password get the same answer in the
//! same time; five wrong tries slow the next ones of that account, never those of an address;
//! hashing has a small pool of its own, so that sign-ins never delay the saving of an answer.
//! Start at [`sign_in`].

mod account;
mod hashing;
mod session;
mod viewer;

pub use account::{NewLearner, grant, put_learner};
pub use hashing::Hasher;
pub use session::{
    SESSION_DAYS, Token, is_signed_in, sign_out, sign_out_everywhere, start as start_session,
    viewer,
};
pub use viewer::{Grant, TYPE_SIZES, Viewer, set_language, set_type_size};

use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::id::LearnerId;
use domain::time::{MINUTE, Millis, SECOND};
use sha2::{Digest, Sha256};

/// Wrong tries that cost no waiting.
pub const FREE_TRIES: i64 = 5;
/// Wrong tries are forgotten after this, in milliseconds.
const FORGET_AFTER: i64 = 30 * MINUTE;
/// Shortest password that is taken, in characters.
pub const MIN_PASSWORD: usize = 8;
/// Longest password that is taken, in bytes.
const MAX_PASSWORD: usize = 256;

/// How long the next try must wait after `failures` wrong ones, in milliseconds: nothing for the
/// first five, then 2, 4, 8 … seconds, five minutes at most.
#[must_use]
pub fn delay_after(failures: i64) -> i64 {
    if failures < FREE_TRIES {
        return 0;
    }
    let doubling = u32::try_from(failures - FREE_TRIES + 1)
        .unwrap_or(u32::MAX)
        .min(9);
    (SECOND << doubling).min(5 * MINUTE)
}

/// A phone or staff number as it is compared and kept: no white space, full-width figures as
/// half-width, small letters.
#[must_use]
pub fn account(typed: &str) -> String {
    domain::question::plain(typed)
}

fn hash_hex(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Signs in and starts a session. The account is a phone or a staff number.
///
/// # Errors
/// [`Error::WrongPassword`] whether the account or the password is wrong; [`Error::Wait`] after
/// too many wrong tries; [`Error::Busy`] when too many people sign in at once.
pub async fn sign_in(
    db: &Db,
    hasher: &Hasher,
    typed: &str,
    password: &str,
    now: Millis,
) -> Result<(Token, LearnerId)> {
    let account = account(typed);
    if account.is_empty() || account.len() > 64 || password.len() > MAX_PASSWORD {
        return Err(Error::WrongPassword);
    }
    let account_hash = hash_hex(&account);
    count_try(db, account_hash.clone(), now).await?;
    let known: Option<(String, String)> = db
        .optional(
            // Where one person's staff number is another's phone, the phone has it.
            sql!(
                "select id, password_hash from learner where phone = $1 or staff_number = $1 \
                 order by case when phone = $1 then 0 else 1 end"
            ),
            values![&account],
        )
        .await?;
    let (id, stored) = known.unzip();
    // An unknown account costs a hash too, so that time does not tell it from a known one.
    let right = match hasher.verify(password.to_owned(), stored).await {
        Ok(right) => right,
        Err(error) => {
            take_back_try(db, account_hash).await?;
            return Err(error);
        }
    };
    let Some(id) = id.filter(|_| right) else {
        return Err(Error::WrongPassword);
    };
    let learner: LearnerId = id
        .parse()
        .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
    let token = session::start(db, learner, account_hash, now).await?;
    Ok((token, learner))
}

/// Counts a try before it is looked at, so that a thousand at once are not one; signing in
/// forgets them all.
async fn count_try(db: &Db, account_hash: String, now: Millis) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            // Makes the row or locks it, where the database lets two transactions read at once:
            // one that is not there yet could not be locked, and each would find no try before.
            tx.run(
                sql!(
                    "insert into sign_in_failure (account_hash, failures, last_at) \
                     values ($1, 0, $2) on conflict (account_hash) do update set \
                     failures = sign_in_failure.failures"
                ),
                values![&account_hash, now],
            )
            .await?;
            let (failures, last_at): (i64, i64) = tx
                .one(
                    sql!("select failures, last_at from sign_in_failure where account_hash = $1"),
                    values![&account_hash],
                )
                .await?;
            let left = Millis(last_at).plus(delay_after(failures)).since(now);
            if left > 0 {
                return Err(Error::Wait((left + SECOND - 1) / SECOND));
            }
            tx.run(
                sql!(
                    "update sign_in_failure set last_at = $2, \
                     failures = case when last_at < $3 then 1 else failures + 1 end \
                     where account_hash = $1"
                ),
                values![account_hash, now, now.plus(-FORGET_AFTER)],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// The password was not looked at: that was no try.
async fn take_back_try(db: &Db, account_hash: String) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("update sign_in_failure set failures = failures - 1 where account_hash = $1"),
                values![account_hash],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// Forgets the wrong tries and the sessions that count for nothing any more: tries on accounts that
/// there are not would pile up for ever.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn sweep(db: &Db, now: Millis) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("delete from sign_in_failure where last_at < $1"),
                values![now.plus(-FORGET_AFTER)],
            )
            .await?;
            tx.run(
                sql!("delete from session where expires_at <= $1"),
                values![now],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// Changes a password after checking the old one, and ends every other session.
///
/// # Errors
/// [`Error::WrongPassword`] for the old one; [`Error::Invalid`] with `password-short`,
/// `password-long` or `password-same` for the new one.
pub async fn change_password(
    db: &Db,
    hasher: &Hasher,
    viewer: &Viewer,
    old: &str,
    new: &str,
    now: Millis,
) -> Result<()> {
    if new.chars().count() < MIN_PASSWORD {
        return Err(Error::Invalid("password-short"));
    }
    if new.len() > MAX_PASSWORD {
        return Err(Error::Invalid("password-long"));
    }
    if new == old {
        return Err(Error::Invalid("password-same"));
    }
    let (stored,): (String,) = db
        .one(
            sql!("select password_hash from learner where id = $1"),
            values![viewer.learner],
        )
        .await?;
    if !hasher.verify(old.to_owned(), Some(stored)).await? {
        return Err(Error::WrongPassword);
    }
    let hash = hasher.hash(new.to_owned()).await?;
    let (learner, session) = (viewer.learner, viewer.session.clone());
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!(
                    "update learner set password_hash = $2, must_change_password = false \
                     where id = $1"
                ),
                values![learner, hash],
            )
            .await?;
            tx.run(
                sql!("delete from session where learner_id = $1 and token_hash <> $2"),
                values![learner, session],
            )
            .await?;
            tracing::info!(%learner, at = now.0, "password changed");
            Ok(())
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_try_waits_and_waiting_grows_to_five_minutes() {
        assert_eq!(delay_after(4), 0);
        assert_eq!(delay_after(5), 2 * SECOND);
        assert_eq!(delay_after(6), 4 * SECOND);
        assert_eq!(delay_after(1_000_000), 5 * MINUTE);
    }

    #[test]
    fn an_account_typed_with_spaces_or_full_width_figures_is_the_same() {
        assert_eq!(account(" 138 0000 0001 "), "13800000001");
        assert_eq!(account("１３８００００００01"), "13800000001");
    }
}
