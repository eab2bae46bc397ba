//! Accounts: putting people in.

use crate::db::Tx;
use crate::{Result, sql, values};
use domain::id::{LearnerId, UnitId};
use domain::org::Role;
use domain::time::Millis;

/// A person to put in.
#[derive(Debug, Clone)]
pub struct NewLearner {
    /// The id.
    pub id: LearnerId,
    /// The name.
    pub name: String,
    /// Phone, if there is one.
    pub phone: Option<String>,
    /// Staff number, if there is one.
    pub staff_number: Option<String>,
    /// The password's hash as [`super::Hasher::hash`] makes it.
    pub password_hash: String,
    /// Whether the first sign-in asks for a new password.
    pub must_change_password: bool,
}

/// Puts a person in. Phone and staff number are kept as [`super::account`] compares them.
///
/// # Errors
/// [`crate::Error::Fault`] when the phone or staff number is taken or the database fails.
pub async fn put_learner(tx: &mut Tx, learner: NewLearner, now: Millis) -> Result<()> {
    let kept = |typed: Option<String>| typed.map(|typed| super::account(&typed));
    tx.run(
        sql!(
            "insert into learner (id, name, phone, staff_number, password_hash, \
               must_change_password, created_at) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        values![
            learner.id,
            learner.name,
            kept(learner.phone),
            kept(learner.staff_number),
            learner.password_hash,
            learner.must_change_password,
            now
        ],
    )
    .await?;
    Ok(())
}

/// Gives a role in a unit and everything below it.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn grant(tx: &mut Tx, learner: LearnerId, role: Role, unit: &UnitId) -> Result<()> {
    tx.run(
        sql!(
            "insert into role_grant (learner_id, role, unit_id) values ($1, $2, $3) \
             on conflict (learner_id, role, unit_id) do nothing"
        ),
        values![learner, role.as_str(), unit],
    )
    .await?;
    Ok(())
}
