//! The organisation (组织): divisions, units and who belongs to a unit when.
//!
//! The rule guarded here: a membership has dates, and whoever asks about a time gets the unit of
//! that time.

use crate::id::UnitId;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What a node of the organisation tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// 省.
    Province,
    /// 市州.
    Prefecture,
    /// 县市区.
    County,
    /// 单位: where learners are.
    Unit,
}

impl UnitKind {
    /// The word in the database and in divisions' files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Unit => "unit",
        }
    }

    /// The kind behind a word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Province, Self::Prefecture, Self::County, Self::Unit]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// What someone may do, in a unit and everything below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 联络员: sees and keeps the roster of a unit.
    Liaison,
    /// 管理员: sees the units below.
    Administrator,
    /// 内容编辑: keeps laws, lessons and questions.
    Editor,
}

impl Role {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Liaison => "liaison",
            Self::Administrator => "administrator",
            Self::Editor => "editor",
        }
    }

    /// The role behind a word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Liaison, Self::Administrator, Self::Editor]
            .into_iter()
            .find(|role| role.as_str() == word)
    }

    /// Whether the role shows learners and their credits.
    #[must_use]
    pub const fn sees_learners(self) -> bool {
        matches!(self, Self::Liaison | Self::Administrator)
    }
}

/// A stay in a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The unit.
    pub unit: UnitId,
    /// From when.
    pub from: Millis,
    /// Until when, if it ended; that instant itself is outside.
    pub until: Option<Millis>,
}

/// The unit at an instant, of memberships in any order. Of two that overlap the later one counts.
#[must_use]
pub fn unit_at(memberships: &[Membership], at: Millis) -> Option<&UnitId> {
    memberships
        .iter()
        .filter(|m| m.from <= at && m.until.is_none_or(|until| at < until))
        .max_by_key(|m| m.from)
        .map(|m| &m.unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_moved_belongs_to_the_old_unit_then_and_to_the_new_one_now() {
        let stays = [
            Membership {
                unit: "new".into(),
                from: Millis(100),
                until: None,
            },
            Membership {
                unit: "old".into(),
                from: Millis(0),
                until: Some(Millis(100)),
            },
        ];
        assert_eq!(unit_at(&stays, Millis(99)), Some(&"old".into()));
        assert_eq!(unit_at(&stays, Millis(100)), Some(&"new".into()));
        assert_eq!(unit_at(&stays, Millis(-1)), None);
    }
}
