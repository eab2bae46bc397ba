//! Who asks, and what they may do.

use crate::db::Db;
use crate::{Error, Result, sql, values};
use domain::id::{LearnerId, UnitId};
use domain::org::Role;
use domain::time::Millis;

/// A role in a unit and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where.
    pub unit: UnitId,
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The person.
    pub learner: LearnerId,
    /// The hash that names the session.
    pub session: String,
    /// The name, as the roster has it.
    pub name: String,
    /// Whether a new password must be set before anything else.
    pub must_change_password: bool,
    /// The language chosen in the account.
    pub language: Option<String>,
    /// The size of type chosen in the account, in per cent.
    pub type_size: i64,
    /// When this session began.
    pub signed_in_at: Millis,
    /// Roles.
    pub grants: Vec<Grant>,
}

impl Viewer {
    /// The units whose learners the viewer may see; empty for a learner.
    pub fn sees(&self) -> impl Iterator<Item = &UnitId> {
        self.grants
            .iter()
            .filter(|g| g.role.sees_learners())
            .map(|g| &g.unit)
    }

    /// The unit where administration begins for the viewer; none for a learner.
    #[must_use]
    pub fn home_unit(&self) -> Option<&UnitId> {
        self.sees().next()
    }
}

/// The languages of the interface.
pub const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "en"];
/// The sizes of type, in per cent.
pub const TYPE_SIZES: [i64; 3] = [100, 125, 150];

/// Keeps the language of the account.
///
/// # Errors
/// [`Error::Invalid`] with `language` for one that there is not.
pub async fn set_language(db: &Db, learner: LearnerId, language: String) -> Result<()> {
    if !LANGUAGES.contains(&language.as_str()) {
        return Err(Error::Invalid("language"));
    }
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("update learner set language = $2 where id = $1"),
                values![learner, language],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// Keeps the size of type of the account, in per cent.
///
/// # Errors
/// [`Error::Invalid`] with `type-size` for one that there is not.
pub async fn set_type_size(db: &Db, learner: LearnerId, size: i64) -> Result<()> {
    if !TYPE_SIZES.contains(&size) {
        return Err(Error::Invalid("type-size"));
    }
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!("update learner set type_size = $2 where id = $1"),
                values![learner, size],
            )
            .await?;
            Ok(())
        })
    })
    .await
}
