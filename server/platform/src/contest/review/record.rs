//! What everyone may read of a review, and what a learner may read of their own result.

use super::super::Contest;
use super::ruling::{Decided, decided};
use super::stored;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Result, sql, values};
use domain::contest::stage::Line;
use domain::id::{ContestId, LearnerId};
use domain::question::Question;
use domain::time::Millis;

/// An entry of the public record.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A ruling, or one taken back; with the question as it was asked.
    Decided(Box<Decided>, Box<Question>),
    /// The line was moved.
    LineMoved {
        /// From.
        from: Line,
        /// To.
        to: Line,
        /// Why.
        reason: String,
        /// By whom.
        by: LearnerId,
        /// When.
        at: Millis,
    },
    /// The results became final, or provisional again.
    Reviewed {
        /// Whether they are final since.
        is_final: bool,
        /// Why, where that was said.
        reason: String,
        /// Objections without an answer at that time.
        unanswered: i64,
        /// By whom.
        by: LearnerId,
        /// When.
        at: Millis,
    },
}

impl Entry {
    /// When.
    #[must_use]
    pub fn at(&self) -> Millis {
        match self {
            Self::Decided(decided, _) => decided.at,
            Self::LineMoved { at, .. } | Self::Reviewed { at, .. } => *at,
        }
    }

    /// By whom.
    #[must_use]
    pub fn by(&self) -> LearnerId {
        match self {
            Self::Decided(decided, _) => decided.by,
            Self::LineMoved { by, .. } | Self::Reviewed { by, .. } => *by,
        }
    }
}

/// The record of a contest's review, the newest first. Who decided is for editors: what everyone
/// reads is without anybody's name.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn record(db: &Db, contest: &Contest) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for one in decided(db, contest.id).await? {
        let question = super::question::frozen(db, contest.id, &one.question).await?;
        all.push(Entry::Decided(Box::new(one), Box::new(question)));
    }
    let moves: Vec<(String, String, String, i64)> = db
        .all(
            sql!(
                "select line, reason, moved_by, moved_at from contest_line_move \
                 where contest_id = $1 order by number"
            ),
            values![contest.id],
        )
        .await?;
    let mut from = contest.rules.line;
    for (to, reason, by, at) in moves {
        let to: Line = serde_json::from_str(&to)?;
        all.push(Entry::LineMoved {
            from: from.unwrap_or(to),
            to,
            reason,
            by: stored(&by)?,
            at: Millis(at),
        });
        from = Some(to);
    }
    let reviews: Vec<(bool, String, i64, String, i64)> = db
        .all(
            sql!(
                "select is_final, reason, unanswered, decided_by, decided_at from contest_review \
                 where contest_id = $1 order by number"
            ),
            values![contest.id],
        )
        .await?;
    for (is_final, reason, unanswered, by, at) in reviews {
        all.push(Entry::Reviewed {
            is_final,
            reason,
            unanswered,
            by: stored(&by)?,
            at: Millis(at),
        });
    }
    all.sort_by_key(|entry| std::cmp::Reverse(entry.at()));
    Ok(all)
}

/// What a correction moved for the viewer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Moved {
    /// The contest's correction.
    pub number: i64,
    /// Why.
    pub reason: String,
    /// When it was decided.
    pub decided_at: i64,
    /// Rank before.
    pub rank_before: i64,
    /// Rank after.
    pub rank_after: i64,
    /// Points before.
    pub points_before: i64,
    /// Points after.
    pub points_after: i64,
    /// Bonus credits added; negative where some were taken.
    pub credits: i64,
}

/// What the corrections of a contest moved for the viewer, the newest first.
///
/// # Errors
/// [`crate::Error::Fault`] when the database does.
pub async fn moved(db: &Db, viewer: &Viewer, contest: ContestId) -> Result<Vec<Moved>> {
    db.all(
        sql!(
            "select m.number, k.reason, k.decided_at, m.rank_before, m.rank_after, \
               m.points_before, m.points_after, m.credits \
             from contest_change m join contest_correction k \
               on k.contest_id = m.contest_id and k.number = m.number \
             where m.contest_id = $1 and m.learner_id = $2 order by m.number desc"
        ),
        values![contest, viewer.learner],
    )
    .await
}
