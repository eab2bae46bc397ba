//! The ladders of contests that somebody looks at, in memory.
//!
//! The rule guarded here: the database is the truth, and memory follows it. A contest is read at
//! first need; then, while somebody looks, the rows that changed are read again, at most every
//! [`EVERY`]. Two processes on one database therefore agree, and a restart loses nothing. Start at
//! [`Boards`].
//!
//! A row carries the instant at which it was written, by the clock of the process that wrote it, and
//! is committed a little later. Each reading therefore goes back [`OVERLAP`] behind the last one, and
//! a second one follows at a distance of [`TRAIL`], further than clocks of servers differ, for rows
//! that have not changed again since. Reading a row twice changes nothing.
//!
//! Who asks is answered from what is there if that is younger than [`STALE`], and the reading goes
//! on beside it: nobody waits for rows that others wrote.

use super::places::{Places, Row, Units};
use super::snapshot::Snapshots;
use super::{Contest, ContestRow, groups};
use crate::db::{Db, Statement, Value};
use crate::{Error, Result, clock, sql, values};
use domain::contest::freeze::{Audience, Shown, shown};
use domain::id::{ContestId, LearnerId};
use domain::time::{MINUTE, Millis, SECOND};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};
use std::time::Duration;
use tokio::sync::OnceCell;

/// The shortest time between two readings of what changed, in milliseconds: each reads the rows of
/// [`OVERLAP`] again, which at two thousand answers a second is not little.
const EVERY: i64 = 4 * SECOND / 5;
/// The greatest age of what is shown without waiting for a reading, in milliseconds: where few look,
/// whoever comes sees what others answered a second ago.
const STALE: i64 = SECOND;
/// How far each reading goes back behind the last one, in milliseconds.
const OVERLAP: i64 = SECOND / 2;
/// How far behind each reading what was passed is read once more, in milliseconds.
const TRAIL: i64 = MINUTE;
/// A contest at which nobody has looked for so long is let go, in milliseconds.
const UNSEEN: i64 = 5 * MINUTE;
/// How often it is looked whether there are such contests.
const TIDY: Duration = Duration::from_secs(60);
/// Names that one statement reads: of a learner's neighbours, and more.
const NAMES: usize = 12;
/// Rows that are taken in at once: readers of the ladder wait no longer than for these.
const AT_ONCE: usize = 128;

/// Standings as one text, a line a row, as [`Row::of_line`] reads it; `$1` is the contest and `$2` its
/// opening. Thousands of rows come at once, and of each that is sent by itself the sending costs more
/// than the reading.
macro_rules! standings {
    ($which:literal) => {
        concat!(
            "select string_agg(s.learner_id || '\t' || coalesce(s.unit_id, '') || '\t' \
               || coalesce(s.prefecture_id, '') || '\t' \
               || coalesce((select m.unit_id from membership m where m.learner_id = s.learner_id \
                    and m.from_at <= $2 and (m.until_at is null or m.until_at > $2) \
                  order by m.from_at desc limit 1), '') \
               || '\t' || cast(s.points as text) || '\t' || cast(s.time_ms as text) \
               || '\t' || coalesce(cast(s.frozen_at as text), '') \
               || '\t' || coalesce(cast(s.frozen_points as text), '') \
               || '\t' || coalesce(cast(s.frozen_time_ms as text), ''), '\n') \
             from contest_standing s where s.contest_id = $1 and ",
            $which
        )
    };
}

/// The rows of a statement of [`standings`].
async fn rows(db: &Db, statement: Statement, values: Vec<Value>) -> Result<Vec<Row>> {
    let (lines,): (Option<String>,) = db.one(statement, values).await?;
    of_lines(lines)
}

fn of_lines(lines: Option<String>) -> Result<Vec<Row>> {
    let lines = lines.as_deref().unwrap_or_default().lines();
    let rows: Option<_> = lines.map(Row::of_line).collect();
    Ok(rows.ok_or_else(|| anyhow::anyhow!("standings that can not be read"))?)
}

/// The contests that somebody looks at: one for a process.
#[derive(Clone)]
pub struct Boards {
    pub(super) db: Db,
    contests: Arc<Contests>,
}

type Contests = Mutex<HashMap<ContestId, Arc<OnceCell<Arc<Live>>>>>;

/// What a contest promises and what became of it, as last read.
#[derive(Debug, Clone)]
struct Facts {
    contest: Arc<Contest>,
    reviewed: bool,
}

/// A contest in memory.
pub(super) struct Live {
    facts: RwLock<Facts>,
    units: RwLock<Units>,
    places: RwLock<Places>,
    /// When the last reading began, and when somebody looked.
    read_at: AtomicI64,
    seen_at: AtomicI64,
    reading: Arc<tokio::sync::Mutex<()>>,
    names: Mutex<HashMap<LearnerId, Arc<str>>>,
    unit_names: Mutex<HashMap<u32, Arc<str>>>,
    pub(super) roster: OnceCell<Arc<groups::Roster>>,
    pub(super) snapshots: Snapshots,
}

pub(super) fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}
fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

impl Boards {
    /// No contests yet. Must be made where tokio runs: what nobody looks at is let go by a task.
    #[must_use]
    pub fn new(db: Db) -> Self {
        let contests: Arc<Contests> = Arc::default();
        tokio::spawn(tidy(Arc::downgrade(&contests)));
        Self { db, contests }
    }

    /// A contest as everyone may see it: its title, its window, its rules.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or only a draft.
    pub async fn contest(&self, id: ContestId, now: Millis) -> Result<Arc<Contest>> {
        Ok(self.live(id, now).await?.contest())
    }

    /// A contest in memory, not older than [`STALE`].
    pub(super) async fn live(&self, id: ContestId, now: Millis) -> Result<Arc<Live>> {
        let cell = held(&self.contests).entry(id).or_default().clone();
        let opened = cell.get_or_try_init(|| Live::open(&self.db, id, now)).await;
        let live = match opened {
            Ok(live) => live.clone(),
            Err(error) => {
                // An address that leads nowhere is not kept.
                let mut contests = held(&self.contests);
                if contests.get(&id).is_some_and(|cell| !cell.initialized()) {
                    contests.remove(&id);
                }
                return Err(error);
            }
        };
        live.seen_at.store(now.0, Ordering::Relaxed);
        let age = now.since(live.read_at());
        if !(0..STALE).contains(&age) {
            let _turn = live.reading.lock().await;
            if now.since(live.read_at()) >= STALE || age < 0 {
                live.follow(&self.db, id, now).await?;
            }
        } else if age >= EVERY
            && let Ok(turn) = live.reading.clone().try_lock_owned()
        {
            let (live, db) = (live.clone(), self.db.clone());
            tokio::spawn(async move {
                if let Err(error) = live.follow(&db, id, now).await {
                    tracing::warn!(cause = format!("{error:#}"), "a board could not be read");
                }
                drop(turn);
            });
        }
        Ok(live)
    }

    /// How many contests are in memory.
    #[must_use]
    pub fn held(&self) -> usize {
        held(&self.contests).len()
    }

    /// Lets go of the contests at which nobody has looked for some minutes before `now`.
    pub fn tidy(&self, now: Millis) {
        let_go(&self.contests, now);
    }
}

fn let_go(contests: &Contests, now: Millis) {
    held(contests).retain(|_, cell| {
        let seen = cell.get().map(|live| live.seen_at.load(Ordering::Relaxed));
        seen.is_none_or(|seen| now.since(Millis(seen)) < UNSEEN)
    });
}

async fn tidy(contests: Weak<Contests>) {
    loop {
        tokio::time::sleep(TIDY).await;
        let Some(contests) = contests.upgrade() else {
            return;
        };
        let_go(&contests, clock::now());
    }
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    #[sqlx(flatten)]
    contest: ContestRow,
    reviewed_at: Option<i64>,
}

async fn facts(db: &Db, id: ContestId) -> Result<Facts> {
    let row: FactsRow = db
        .one(
            sql!(
                "select id, kind, title, summary, unit_id, opens_at, closes_at, rules, posted_at, \
                   reviewed_at from contest where id = $1 and not is_draft"
            ),
            values![id],
        )
        .await?;
    Ok(Facts {
        reviewed: row.reviewed_at.is_some(),
        contest: Arc::new(row.contest.try_into()?),
    })
}

impl Live {
    async fn open(db: &Db, id: ContestId, now: Millis) -> Result<Arc<Self>> {
        let live = Self {
            facts: RwLock::new(facts(db, id).await?),
            units: RwLock::default(),
            places: RwLock::default(),
            read_at: AtomicI64::new(now.0),
            seen_at: AtomicI64::new(now.0),
            reading: Arc::default(),
            names: Mutex::default(),
            unit_names: Mutex::default(),
            roster: OnceCell::new(),
            snapshots: Snapshots::default(),
        };
        live.read_whole(db, id, now).await?;
        Ok(Arc::new(live))
    }

    /// Reads everything anew.
    async fn read_whole(&self, db: &Db, id: ContestId, now: Millis) -> Result<()> {
        let all = sql!(standings!("s.changed_at >= 0"));
        let rows = rows(db, all, values![id, self.contest().opens_at]).await?;
        let mut places = Places::default();
        {
            let mut units = write(&self.units);
            rows.iter().for_each(|row| places.apply(&mut units, row));
        }
        places.freeze(self.is_frozen(now));
        *write(&self.places) = places;
        Ok(())
    }

    /// Reads what changed since the last time. One at a time: whoever calls holds `reading`.
    async fn follow(&self, db: &Db, id: ContestId, now: Millis) -> Result<()> {
        let new = facts(db, id).await?;
        let before = std::mem::replace(&mut *write(&self.facts), new.clone());
        let read_at = self.read_at();
        if new.reviewed != before.reviewed || now < read_at {
            self.read_whole(db, id, now).await?;
        } else {
            let back = read_at.plus(-OVERLAP);
            let changed = sql!(standings!(
                "(s.changed_at >= $3 or (s.changed_at >= $4 and s.changed_at < $5))"
            ));
            let (from, to) = (read_at.plus(-TRAIL), back.min(now.plus(-TRAIL)));
            let values = values![id, new.contest.opens_at, back, from, to];
            for rows in rows(db, changed, values).await?.chunks(AT_ONCE) {
                self.take(rows);
                tokio::task::yield_now().await; // answers go first
            }
            let frozen = self.is_frozen(now);
            write(&self.places).freeze(frozen);
        }
        self.read_at.store(now.0, Ordering::Relaxed);
        Ok(())
    }

    fn take(&self, rows: &[Row]) {
        let mut units = write(&self.units);
        let mut places = write(&self.places);
        rows.iter().for_each(|row| places.apply(&mut units, row));
    }

    /// Reads a learner's own row, so that nobody sees an older place than their own answers made.
    pub(super) async fn read_own(&self, db: &Db, learner: LearnerId) -> Result<()> {
        let contest = self.contest();
        let own = sql!(standings!("s.learner_id = $3"));
        let values = values![contest.id, contest.opens_at, learner];
        self.take(&rows(db, own, values).await?);
        Ok(())
    }

    /// As [`Self::read_own`], and in the same statement the names of some who are near: a second one
    /// would take as long again.
    pub(super) async fn read_own_and_names(
        &self,
        db: &Db,
        learner: LearnerId,
        near: &[LearnerId],
    ) -> Result<()> {
        let (_, missing) = self.kept_names(near);
        if missing.is_empty() {
            return self.read_own(db, learner).await;
        }
        let both = sql!(concat!(
            "select (",
            standings!("s.learner_id = $3"),
            "), (select string_agg(l.id || '\t' || replace(l.name, '\n', ' '), '\n') from learner l \
               where l.id in ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15))"
        ));
        let contest = self.contest();
        let mut values = values![contest.id, contest.opens_at, learner];
        values.extend(ids(&missing));
        let (own, names): (Option<String>, Option<String>) = db.one(both, values).await?;
        self.take(&of_lines(own)?);
        let names = names.as_deref().unwrap_or_default().lines();
        for (id, name) in names.filter_map(|line| line.split_once('\t')) {
            if let Ok(id) = id.parse() {
                keep(&self.names, id, name.to_owned());
            }
        }
        Ok(())
    }

    pub(super) fn contest(&self) -> Arc<Contest> {
        read(&self.facts).contest.clone()
    }

    /// When the last reading began.
    pub(super) fn read_at(&self) -> Millis {
        Millis(self.read_at.load(Ordering::Relaxed))
    }

    pub(super) fn places(&self) -> RwLockReadGuard<'_, Places> {
        read(&self.places)
    }

    pub(super) fn units(&self) -> RwLockReadGuard<'_, Units> {
        read(&self.units)
    }

    pub(super) fn units_mut(&self) -> RwLockWriteGuard<'_, Units> {
        write(&self.units)
    }

    /// Which board someone is shown. Once the bonus credits are posted they tell the ranks, and
    /// there is nothing left to hold back: the board thaws, and is provisional until the review.
    pub(super) fn shown(&self, audience: Audience, now: Millis) -> Shown<Millis> {
        let Facts {
            contest, reviewed, ..
        } = read(&self.facts).clone();
        let freezes = contest.rules.freezes(contest.closes_at);
        let audience = match contest.posted_at {
            Some(_) => Audience::Staff,
            None => audience,
        };
        shown(freezes, contest.closes_at, reviewed, audience, now)
    }

    fn is_frozen(&self, now: Millis) -> bool {
        matches!(self.shown(Audience::Public, now), Shown::Frozen(_))
    }

    /// The names of some learners, in their order, by what is kept or from the database: as many
    /// statements as there are [`NAMES`] that are not kept.
    pub(super) async fn names(&self, db: &Db, learners: &[LearnerId]) -> Result<Vec<Arc<str>>> {
        let (mut found, missing) = self.kept_names(learners);
        for some in missing.chunks(NAMES) {
            let rows: Vec<(String, String)> = db
                .all(
                    sql!(
                        "select id, name from learner \
                         where id in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                    ),
                    ids(some),
                )
                .await?;
            for (id, name) in rows {
                let id = id
                    .parse()
                    .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
                found.insert(id, keep(&self.names, id, name));
            }
        }
        let name = |learner| found.get(learner).cloned().ok_or(Error::NotFound);
        learners.iter().map(name).collect()
    }

    /// The names that are kept, and of whom there is none.
    fn kept_names(&self, of: &[LearnerId]) -> (HashMap<LearnerId, Arc<str>>, Vec<LearnerId>) {
        let kept = held(&self.names);
        let found: HashMap<_, _> = of
            .iter()
            .filter_map(|learner| Some((*learner, kept.get(learner)?.clone())))
            .collect();
        let missing = of.iter().filter(|who| !found.contains_key(who)).copied();
        let missing = missing.collect();
        (found, missing)
    }

    /// The name of a unit, by what is kept or from the database.
    pub(super) async fn unit_name(&self, db: &Db, unit: Option<u32>) -> Result<Arc<str>> {
        let Some(unit) = unit else {
            return Ok("".into());
        };
        if let Some(name) = held(&self.unit_names).get(&unit) {
            return Ok(name.clone());
        }
        let id = self.units().id(unit).ok_or(Error::NotFound)?;
        let (name,): (String,) = db
            .one(sql!("select name from unit where id = $1"), values![&*id])
            .await?;
        Ok(keep(&self.unit_names, unit, name))
    }
}

/// The first [`NAMES`] of some, as values; a place that is left over asks for the first one again.
fn ids(some: &[LearnerId]) -> Vec<Value> {
    let all = some.iter().chain(std::iter::repeat(&some[0])).take(NAMES);
    all.map(|id| Value::from(id.to_string())).collect()
}

/// Keeps a name, of the few thousand that are near the top; all are forgotten when they are more.
fn keep<K: Eq + std::hash::Hash>(
    names: &Mutex<HashMap<K, Arc<str>>>,
    key: K,
    name: String,
) -> Arc<str> {
    const MOST: usize = 5_000;
    let name: Arc<str> = name.into();
    let mut names = held(names);
    if names.len() >= MOST {
        names.clear();
    }
    names.insert(key, name.clone());
    name
}
