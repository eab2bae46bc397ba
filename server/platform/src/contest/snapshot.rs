//! What the public sees of a contest: a small picture of the ladder, made for everybody at once.
//!
//! The rule guarded here: however many look, the work is that of one. A picture of learners is made
//! at most once a second, one of groups once in three; who asks meanwhile gets the last one, and
//! while nothing changed it stays the very same. Start at [`Boards::snapshot`].

use super::groups::{self, Level, Roster};
use super::ladder::{Boards, Live, held};
use super::places::Part;
use crate::{Error, Result};
use domain::contest::Score;
use domain::contest::freeze::{Audience, Shown};
use domain::contest::group::{GroupRule, GroupScore};
use domain::id::ContestId;
use domain::seed::seed_of;
use domain::time::{Millis, SECOND};
use std::sync::{Arc, Mutex};

/// Rows of a picture.
pub const PUBLIC_SIZE: usize = 100;
/// The shortest time between two pictures of learners, and of groups, in milliseconds.
const EVERY: i64 = SECOND;
const GROUPS_EVERY: i64 = 3 * SECOND;
/// A picture older than this is not shown while the next is made, in milliseconds.
const STALE: i64 = 5 * SECOND;

/// What is ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Of {
    /// Learners.
    #[default]
    Learners,
    /// Units.
    Units,
    /// Counties.
    Counties,
    /// Prefectures.
    Prefectures,
}

impl Of {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [
        Self::Learners,
        Self::Units,
        Self::Counties,
        Self::Prefectures,
    ];

    /// The word in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Learners => "learners",
            Self::Units => "units",
            Self::Counties => "counties",
            Self::Prefectures => "prefectures",
        }
    }

    /// What a word of [`Self::as_str`] means.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.as_str() == word)
    }

    const fn level(self) -> Option<Level> {
        match self {
            Self::Learners => None,
            Self::Units => Some(Level::Unit),
            Self::Counties => Some(Level::County),
            Self::Prefectures => Some(Level::Prefecture),
        }
    }
}

/// A row of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicRow {
    /// The same for the same learner or group, and says nothing about them.
    pub key: String,
    /// The rank.
    pub rank: i64,
    /// The name of the learner or group.
    pub name: Arc<str>,
    /// What was reached.
    pub reached: Reached,
}

/// What a learner or a group reached.
#[derive(Debug, Clone, PartialEq)]
pub enum Reached {
    /// A learner, of this unit.
    Learner {
        /// The name of the unit.
        unit: Arc<str>,
        /// The score.
        score: Score,
    },
    /// A group.
    Group(GroupScore),
}

/// A picture of a board.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// What is ranked.
    pub of: Of,
    /// Which board this is.
    pub shown: Shown<Millis>,
    /// How groups are scored.
    pub rule: GroupRule,
    /// How many stand on it.
    pub total: i64,
    /// The best, with their ranks.
    pub rows: Vec<PublicRow>,
}

/// A picture, and when it was true.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The instant of the figures.
    pub at: Millis,
    /// The picture: the very same while nothing changed.
    pub picture: Arc<Snapshot>,
}

/// The last picture of each kind.
#[derive(Default)]
pub(super) struct Snapshots {
    public: [Kept; 4],
    staff: [Kept; 4],
}

impl Snapshots {
    fn kept(&self, of: Of, audience: Audience) -> &Kept {
        let kept = match audience {
            Audience::Staff => &self.staff,
            Audience::Public | Audience::Own => &self.public,
        };
        &kept[of as usize]
    }
}

#[derive(Default)]
struct Kept {
    /// When it was made, and what.
    last: Mutex<Option<(Millis, Taken)>>,
    making: Arc<tokio::sync::Mutex<()>>,
}

impl Kept {
    fn last(&self) -> Option<(Millis, Taken)> {
        held(&self.last).clone()
    }
}

impl Boards {
    /// The picture of a board, as `audience` may see it. What stands in the public one is for
    /// everyone; whether names are shown in full is for the page to decide ([`masked`]).
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such contest, or only a draft.
    pub async fn snapshot(
        &self,
        id: ContestId,
        of: Of,
        audience: Audience,
        now: Millis,
    ) -> Result<Taken> {
        let live = self.live(id, now).await?;
        let kept = live.snapshots.kept(of, audience);
        let every = if of.level().is_some() {
            GROUPS_EVERY
        } else {
            EVERY
        };
        let last = kept.last();
        if let Some((made, taken)) = &last
            && (0..every).contains(&now.since(*made))
        {
            return Ok(taken.clone());
        }
        if let Some((made, taken)) = last
            && (0..STALE).contains(&now.since(made))
        {
            if let Ok(turn) = kept.making.clone().try_lock_owned() {
                let (boards, live) = (self.clone(), live.clone());
                tokio::spawn(async move {
                    if let Err(error) = boards.make(&live, of, audience, now).await {
                        tracing::warn!(cause = format!("{error:#}"), "no picture of a board");
                    }
                    drop(turn);
                });
            }
            return Ok(taken);
        }
        let _turn = kept.making.lock().await;
        match kept.last() {
            Some((made, taken)) if (0..every).contains(&now.since(made)) => Ok(taken),
            _ => self.make(&live, of, audience, now).await,
        }
    }

    async fn make(
        &self,
        live: &Arc<Live>,
        of: Of,
        audience: Audience,
        now: Millis,
    ) -> Result<Taken> {
        let shown = live.shown(audience, now);
        let (total, rows) = match of.level() {
            None => self.learners(live, audience).await?,
            Some(level) => self.groups(live, level, audience).await?,
        };
        let new = Snapshot {
            of,
            shown,
            rule: live.contest().rules.group,
            total,
            rows,
        };
        let at = match shown {
            Shown::Frozen(point) => point,
            _ => live.read_at(),
        };
        let mut last = held(&live.snapshots.kept(of, audience).last);
        let picture = match &*last {
            Some((_, before)) if *before.picture == new => before.picture.clone(),
            _ => Arc::new(new),
        };
        let taken = Taken { at, picture };
        *last = Some((now, taken.clone()));
        Ok(taken)
    }

    async fn learners(&self, live: &Live, audience: Audience) -> Result<(i64, Vec<PublicRow>)> {
        let (total, top) = {
            let places = live.places();
            let ladders = places.seen_by(audience);
            let top = ladders.top(Part::All, PUBLIC_SIZE).into_iter();
            let top: Vec<_> = top
                .filter_map(|(rank, who, score)| Some((rank, places.who(who)?, score)))
                .collect();
            (ladders.total(Part::All), top)
        };
        let contest = live.contest().id;
        let learners: Vec<_> = top.iter().map(|(_, (learner, _), _)| *learner).collect();
        let names = live.names(&self.db, &learners).await?;
        let mut rows = Vec::with_capacity(top.len());
        for ((rank, (learner, unit), score), name) in top.into_iter().zip(names) {
            rows.push(PublicRow {
                key: key(contest, &learner.to_string()),
                rank,
                name,
                reached: Reached::Learner {
                    unit: live.unit_name(&self.db, unit).await?,
                    score,
                },
            });
        }
        Ok((total, rows))
    }

    async fn groups(
        &self,
        live: &Arc<Live>,
        level: Level,
        audience: Audience,
    ) -> Result<(i64, Vec<PublicRow>)> {
        let contest = live.contest();
        let homes = live.places().homes(audience);
        if homes.is_empty() {
            return Ok((0, Vec::new())); // nor is the roster read before the opening, and kept
        }
        let roster = live
            .roster
            .get_or_try_init(async || {
                let counts = groups::counts(&self.db, &contest).await?;
                let aboves = groups::aboves(&self.db, &contest).await?;
                let mut units = live.units_mut();
                Ok::<_, Error>(Arc::new(Roster::new(&mut units, &counts, &aboves)))
            })
            .await?
            .clone();
        let rule = contest.rules.group;
        // Two hundred thousand points to sort are some tens of milliseconds of a core.
        let ranking = tokio::task::spawn_blocking(move || roster.ranking(level, rule, homes));
        let ranking = ranking.await.map_err(|e| Error::Fault(e.into()))?;
        let total = i64::try_from(ranking.len()).unwrap_or(i64::MAX);
        let mut rows = Vec::new();
        for (rank, unit, score) in ranking.into_iter().take(PUBLIC_SIZE) {
            let id = live.units().id(unit).unwrap_or_default();
            rows.push(PublicRow {
                key: key(contest.id, &id),
                rank,
                name: live.unit_name(&self.db, Some(unit)).await?,
                reached: Reached::Group(score),
            });
        }
        Ok((total, rows))
    }
}

/// What a row is known by in the page, so that it can be seen to move.
fn key(contest: ContestId, id: &str) -> String {
    format!("{:016x}", seed_of(&["board", &contest.to_string(), id]))
}

/// A name for those who have no account: the family name, and that there is more.
#[must_use]
pub fn masked(name: &str) -> String {
    name.chars().take(1).chain("**".chars()).collect()
}
