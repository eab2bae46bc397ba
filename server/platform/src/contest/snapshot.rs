//! What the public sees of a contest: a small picture of the ladder, made for everybody at once.
//!
//! The rule guarded here: however many look, the work is that of one. A picture of learners is made
//! at most once a second, one of groups or teams once in three; who asks meanwhile gets the last one, and
//! while nothing changed it stays the very same. Start at [`Boards::snapshot`].

use super::challenge::{bracket, placed};
use super::groups::{self, Level, Roster};
use super::ladder::{Boards, Live, held};
use super::places::Part;
use crate::{Error, Result};
use domain::contest::challenge::{Come, so_far};
use domain::contest::freeze::{Audience, Shown};
use domain::contest::group::{GroupRule, GroupScore};
use domain::contest::{ContestKind, Score};
use domain::id::{ContestId, TeamId, UnitId};
use domain::seed::seed_of;
use domain::time::{Millis, SECOND};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Rows of a picture of learners or units; of counties, prefectures and teams all are shown.
pub const PUBLIC_SIZE: usize = 100;
/// The shortest time between two pictures of learners, and of groups or teams, in milliseconds.
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
    /// Teams of a group challenge.
    Teams,
}

impl Of {
    const ALL: [Self; 5] = [
        Self::Learners,
        Self::Units,
        Self::Counties,
        Self::Prefectures,
        Self::Teams,
    ];

    /// What is ranked in a contest, in the order in which it is offered.
    #[must_use]
    pub fn of_kind(kind: ContestKind) -> &'static [Self] {
        match kind {
            ContestKind::Team => &Self::ALL[4..],
            _ => &Self::ALL[..4],
        }
    }

    /// The word in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Learners => "learners",
            Self::Units => "units",
            Self::Counties => "counties",
            Self::Prefectures => "prefectures",
            Self::Teams => "teams",
        }
    }

    /// What a word of [`Self::as_str`] means.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.as_str() == word)
    }

    const fn level(self) -> Option<Level> {
        match self {
            Self::Learners | Self::Teams => None,
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
    /// A team.
    Team(Come),
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
    /// Of units those below the ones that are shown: rank, number, score.
    below: Arc<Vec<Ranked>>,
}

type Ranked = (i64, u32, GroupScore);

/// The last picture of each kind.
#[derive(Default)]
pub(super) struct Snapshots {
    public: [Kept; Of::ALL.len()],
    staff: [Kept; Of::ALL.len()],
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
        let every = match of {
            Of::Learners => EVERY,
            _ => GROUPS_EVERY,
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
        let mut shown = live.shown(audience, now);
        let mut below = Vec::new();
        let (total, rows) = match (of, of.level()) {
            (Of::Teams, _) => {
                let (is_final, rows) = self.teams(live).await?;
                shown = if is_final { Shown::Final } else { Shown::Live };
                (i64::try_from(rows.len()).unwrap_or(i64::MAX), rows)
            }
            (_, Some(level)) => {
                let (total, rows, rest) = self.groups(live, level, audience).await?;
                below = rest;
                (total, rows)
            }
            (_, None) => self.learners(live, audience).await?,
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
        let taken = Taken {
            at,
            picture,
            below: Arc::new(below),
        };
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

    /// The teams as far as they have come; by their places once these are declared.
    async fn teams(&self, live: &Live) -> Result<(bool, Vec<PublicRow>)> {
        let contest = live.contest().id;
        let bracket = bracket(&self.db, contest).await?;
        let placed = placed(&self.db, contest).await?;
        let so_far = so_far(&bracket.meetings());
        let come: HashMap<_, _> = so_far
            .iter()
            .map(|(_, team, come)| (*team, *come))
            .collect();
        let ranked: Vec<_> = match &placed {
            Some(placed) => placed.iter().map(|p| (p.place, p.team)).collect(),
            None => so_far
                .iter()
                .map(|(rank, team, _)| (*rank, *team))
                .collect(),
        };
        let row = |(rank, team): (i64, TeamId)| {
            Some(PublicRow {
                key: key(contest, &team.to_string()),
                rank,
                name: bracket.name(team).into(),
                reached: Reached::Team(*come.get(&team)?),
            })
        };
        Ok((
            placed.is_some(),
            ranked.into_iter().filter_map(row).collect(),
        ))
    }

    async fn groups(
        &self,
        live: &Arc<Live>,
        level: Level,
        audience: Audience,
    ) -> Result<(i64, Vec<PublicRow>, Vec<Ranked>)> {
        let contest = live.contest();
        let homes = live.places().homes(audience);
        if homes.is_empty() {
            return Ok((0, Vec::new(), Vec::new())); // nor is the roster read before the opening, and kept
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
        let mut ranking = ranking.await.map_err(|e| Error::Fault(e.into()))?;
        let total = i64::try_from(ranking.len()).unwrap_or(i64::MAX);
        let size = match level {
            Level::Unit => PUBLIC_SIZE,
            Level::County | Level::Prefecture => usize::MAX, // some two hundred
        };
        let below = ranking.split_off(ranking.len().min(size));
        let mut rows = Vec::with_capacity(ranking.len());
        for ranked in ranking {
            rows.push(self.group_row(live, ranked).await?);
        }
        Ok((total, rows, below))
    }

    async fn group_row(&self, live: &Live, (rank, unit, score): Ranked) -> Result<PublicRow> {
        let id = live.units().id(unit).unwrap_or_default();
        Ok(PublicRow {
            key: key(live.contest().id, &id),
            rank,
            name: live.unit_name(&self.db, Some(unit)).await?,
            reached: Reached::Group(score),
        })
    }

    /// The row of `unit` on a picture of units, where it stands below those that are shown.
    ///
    /// # Errors
    /// As [`Boards::snapshot`].
    pub async fn below(
        &self,
        id: ContestId,
        taken: &Taken,
        unit: &UnitId,
        now: Millis,
    ) -> Result<Option<PublicRow>> {
        let live = self.live(id, now).await?;
        let number = live.units().known(&unit.0);
        let found = number.and_then(|number| taken.below.iter().find(|row| row.1 == number));
        match found {
            Some(ranked) => Ok(Some(self.group_row(&live, *ranked).await?)),
            None => Ok(None),
        }
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
