//! Who may enter a contest.
//!
//! The rule guarded here: every condition that is set must hold, one that is not set bars nobody,
//! and who is barred learns which condition it was. Start at [`Entry::admits`].
//!
//! The list of a contest by invitation may hold a hundred thousand people and is no part of the
//! rules, which are read with every answer: the rules say that there is a list, the caller whether
//! someone is on it. A final is a contest with such a list ([`super::stage`]).

use crate::id::UnitId;
use crate::org::UnitKind;
use serde::{Deserialize, Serialize};

/// The level of a post (职务层级), by the levels of articles 18 and 19 of the Civil Servants Law
/// (公务员法, 2018), principal and deputy together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostLevel {
    /// 科员及以下, and posts without a level.
    Staff,
    /// 乡科级.
    Section,
    /// 县处级.
    Division,
    /// 厅局级 and above.
    Bureau,
}

impl PostLevel {
    /// All of them, from the lowest.
    pub const ALL: [Self; 4] = [Self::Staff, Self::Section, Self::Division, Self::Bureau];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Section => "section",
            Self::Division => "division",
            Self::Bureau => "bureau",
        }
    }

    /// The level behind a word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// Who may enter; everyone when nothing is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct Entry {
    /// Units that learners must be in, or below; any when empty.
    pub within: Vec<UnitId>,
    /// Kinds of the learner's own unit; any when empty.
    pub kinds: Vec<UnitKind>,
    /// Levels of post; any when empty.
    pub posts: Vec<PostLevel>,
    /// Whether only those on the contest's list may enter.
    pub listed: bool,
}

/// A learner at the door, as of the instant of entering.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// The learner's unit and all above it, in any order; empty for who belongs to no unit.
    pub path: &'a [UnitId],
    /// What the learner's own unit is.
    pub kind: Option<UnitKind>,
    /// The level of the learner's post, where the register has it.
    pub post: Option<PostLevel>,
    /// Whether the learner is on the contest's list.
    pub listed: bool,
}

/// The condition that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Barred {
    /// The learner's unit is in none of the subtrees.
    #[error("the learner's unit is in none of the contest's subtrees")]
    Within,
    /// The learner's unit is of another kind, or there is none.
    #[error("the learner's unit is of another kind")]
    Kind,
    /// The learner's post is of another level, or the register has none.
    #[error("the learner's post is of another level")]
    Post,
    /// The learner is not on the list.
    #[error("the learner is not on the contest's list")]
    List,
}

impl Barred {
    /// The word of the sentence that says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Within => "barred-within",
            Self::Kind => "barred-kind",
            Self::Post => "barred-post",
            Self::List => "barred-list",
        }
    }
}

impl Entry {
    /// Whether `person` may enter.
    ///
    /// # Errors
    /// The first condition that fails, in the order of the fields.
    pub fn admits(&self, person: &Person<'_>) -> Result<(), Barred> {
        let Self {
            within,
            kinds,
            posts,
            listed,
        } = self;
        let inside = || person.path.iter().any(|unit| within.contains(unit));
        let of_kind = || person.kind.is_some_and(|kind| kinds.contains(&kind));
        let of_post = || person.post.is_some_and(|post| posts.contains(&post));
        let conditions = [
            (within.is_empty() || inside(), Barred::Within),
            (kinds.is_empty() || of_kind(), Barred::Kind),
            (posts.is_empty() || of_post(), Barred::Post),
            (!listed || person.listed, Barred::List),
        ];
        let failed = conditions.into_iter().find(|(holds, _)| !holds);
        failed.map_or(Ok(()), |(_, barred)| Err(barred))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict() -> Entry {
        Entry {
            within: vec!["5101".into(), "5107".into()],
            kinds: vec![UnitKind::Unit],
            posts: vec![PostLevel::Division, PostLevel::Section],
            listed: true,
        }
    }

    fn path() -> [UnitId; 3] {
        ["51", "5101", "water"].map(UnitId::from)
    }

    fn welcome(path: &[UnitId]) -> Person<'_> {
        Person {
            path,
            kind: Some(UnitKind::Unit),
            post: Some(PostLevel::Section),
            listed: true,
        }
    }

    #[test]
    fn a_contest_without_conditions_admits_even_who_has_no_unit() {
        let nobody = Person {
            path: &[],
            kind: None,
            post: None,
            listed: false,
        };
        assert_eq!(Entry::default().admits(&nobody), Ok(()));
    }

    #[test]
    fn all_that_is_set_must_hold_and_the_first_that_fails_is_named() {
        let path = path();
        let elsewhere = ["51".into(), "5103".into()];
        assert_eq!(strict().admits(&welcome(&path)), Ok(()));
        let barred = |person| strict().admits(&person).unwrap_err();
        let other = Person {
            path: &elsewhere,
            listed: false,
            ..welcome(&path)
        };
        assert_eq!(barred(other), Barred::Within);
        let county = Person {
            kind: Some(UnitKind::County),
            ..welcome(&path)
        };
        assert_eq!(barred(county), Barred::Kind);
        let unknown = Person {
            post: None,
            ..welcome(&path)
        };
        assert_eq!(barred(unknown), Barred::Post);
        let uninvited = Person {
            listed: false,
            ..welcome(&path)
        };
        assert_eq!(barred(uninvited), Barred::List);
    }

    #[test]
    fn a_condition_that_is_not_set_bars_nobody() {
        let open = Entry {
            kinds: vec![],
            posts: vec![],
            listed: false,
            ..strict()
        };
        let path = path();
        let person = Person {
            kind: None,
            post: None,
            listed: false,
            ..welcome(&path)
        };
        assert_eq!(open.admits(&person), Ok(()));
    }
}
