//! The standings of one contest in memory, in order: everyone, each prefecture, each unit.
//!
//! The rule guarded here: what is shown to the public after the freeze comes from what the rows say
//! of the freeze, never from when this process was started. Start at [`Places::apply`].
//!
//! Learners are numbered in the order in which they are first seen, and again in each prefecture
//! and unit, for a [`Ladder`] wants numbers that lie close together.

use domain::contest::Score;
use domain::contest::freeze::Audience;
use domain::contest::ladder::Ladder;
use domain::id::LearnerId;
use std::collections::HashMap;
use std::sync::Arc;

/// A standing as the database has it.
#[derive(Debug)]
pub(super) struct Row {
    pub learner_id: String,
    pub unit_id: Option<String>,
    pub prefecture_id: Option<String>,
    /// The unit at the opening of the contest: whom the points count for.
    pub home_id: Option<String>,
    pub points: i64,
    pub time_ms: i64,
    pub frozen_at: Option<i64>,
    pub frozen_points: Option<i64>,
    pub frozen_time_ms: Option<i64>,
}

impl Row {
    /// The row of a line: its fields in their order, a tab between them, nothing for null.
    pub fn of_line(line: &str) -> Option<Self> {
        let mut fields = line.split('\t');
        let mut text = || {
            fields
                .next()
                .map(|text| Some(text.to_owned()).filter(|t| !t.is_empty()))
        };
        let (learner_id, unit_id, prefecture_id, home_id) = (text()??, text()?, text()?, text()?);
        let mut number = || match fields.next()? {
            "" => Some(None),
            figures => figures.parse().ok().map(Some),
        };
        Some(Self {
            learner_id,
            unit_id,
            prefecture_id,
            home_id,
            points: number()??,
            time_ms: number()??,
            frozen_at: number()?,
            frozen_points: number()?,
            frozen_time_ms: number()?,
        })
    }
}

/// Units by numbers, in the order in which they are first named.
#[derive(Debug, Default)]
pub(super) struct Units {
    numbers: HashMap<Arc<str>, u32>,
    ids: Vec<Arc<str>>,
}

impl Units {
    /// The number of a unit, a new one if it has none.
    pub fn number(&mut self, id: &str) -> u32 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let id: Arc<str> = id.into();
        self.numbers.insert(id.clone(), number);
        self.ids.push(id);
        number
    }

    /// The number of a unit that was named before.
    pub fn known(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// The unit behind a number.
    pub fn id(&self, number: u32) -> Option<Arc<str>> {
        self.ids.get(number as usize).cloned()
    }
}

/// Whom a ladder compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Everyone.
    All,
    /// A unit.
    Unit(u32),
    /// A prefecture.
    Prefecture(u32),
}

/// Where a learner stands.
#[derive(Debug)]
struct Place {
    learner: LearnerId,
    unit: Option<u32>,
    prefecture: Option<u32>,
    home: Option<u32>,
    score: Score,
    /// What it was at the freeze, if it has changed since.
    frozen: Option<Option<Score>>,
}

impl Place {
    fn at_freeze(&self) -> Option<Score> {
        self.frozen.unwrap_or(Some(self.score))
    }
}

/// A ladder of some of the learners, and who they are.
#[derive(Debug, Default)]
struct Few {
    ladder: Ladder,
    who: Vec<u32>,
}

/// A number in one of several ladders.
type Spot = Option<(u32, u32)>;

/// The ladders of units, or of prefectures.
#[derive(Debug, Default)]
struct Parts {
    parts: HashMap<u32, Few>,
    spots: Vec<Spot>,
}

impl Parts {
    fn set(&mut self, who: u32, part: Option<u32>, score: Option<Score>) {
        let at = who as usize;
        if at >= self.spots.len() {
            self.spots.resize(at + 1, None);
        }
        if let Some((old, number)) = self.spots[at]
            && Some(old) != part
        {
            if let Some(old) = self.parts.get_mut(&old) {
                old.ladder.set(number, None);
            }
            self.spots[at] = None;
        }
        let Some(part) = part else { return };
        let ladder = self.parts.entry(part).or_default();
        let (_, number) = *self.spots[at].get_or_insert_with(|| {
            ladder.who.push(who);
            let number = u32::try_from(ladder.who.len() - 1).unwrap_or(u32::MAX);
            (part, number)
        });
        ladder.ladder.set(number, score);
    }

    fn spot(&self, who: u32, part: u32) -> Option<u32> {
        let spot = self.spots.get(who as usize).copied().flatten();
        spot.filter(|spot| spot.0 == part).map(|spot| spot.1)
    }
}

/// The ladders of everyone, of prefectures and of units.
#[derive(Debug, Default)]
pub(super) struct Ladders {
    all: Ladder,
    units: Parts,
    prefectures: Parts,
}

impl Ladders {
    fn set(&mut self, who: u32, place: &Place, score: Option<Score>) {
        self.all.set(who, score);
        self.units.set(who, place.unit, score);
        self.prefectures.set(who, place.prefecture, score);
    }

    /// The ladder of a part, and how its numbers lead to learners.
    fn part(&self, part: Part) -> Option<(&Ladder, Option<&Vec<u32>>)> {
        match part {
            Part::All => Some((&self.all, None)),
            Part::Unit(unit) => self
                .units
                .parts
                .get(&unit)
                .map(|p| (&p.ladder, Some(&p.who))),
            Part::Prefecture(unit) => {
                let part = self.prefectures.parts.get(&unit);
                part.map(|p| (&p.ladder, Some(&p.who)))
            }
        }
    }

    fn number(&self, part: Part, who: u32) -> Option<u32> {
        match part {
            Part::All => Some(who),
            Part::Unit(unit) => self.units.spot(who, unit),
            Part::Prefecture(unit) => self.prefectures.spot(who, unit),
        }
    }

    /// How many stand in a part.
    pub fn total(&self, part: Part) -> i64 {
        let total = self.part(part).map_or(0, |(ladder, _)| ladder.len());
        i64::try_from(total).unwrap_or(i64::MAX)
    }

    /// Rank and score of learner number `who` in a part.
    pub fn rank(&self, part: Part, who: u32) -> Option<(i64, Score)> {
        self.part(part)?.0.rank(self.number(part, who)?)
    }

    /// The best `n` of a part: rank, learner's number, score.
    pub fn top(&self, part: Part, n: usize) -> Vec<(i64, u32, Score)> {
        self.rows(part, |ladder| ladder.top(n))
    }

    /// Learner number `who` between the `n` before and the `n` after.
    pub fn around(&self, part: Part, who: u32, n: usize) -> Vec<(i64, u32, Score)> {
        let number = self.number(part, who);
        self.rows(part, |ladder| {
            number.map_or_else(Vec::new, |who| ladder.around(who, n))
        })
    }

    fn rows(
        &self,
        part: Part,
        of: impl FnOnce(&Ladder) -> Vec<(i64, domain::contest::Standing<u32>)>,
    ) -> Vec<(i64, u32, Score)> {
        let Some((ladder, who)) = self.part(part) else {
            return Vec::new();
        };
        let learner = |number: u32| match who {
            None => Some(number),
            Some(who) => who.get(number as usize).copied(),
        };
        of(ladder)
            .into_iter()
            .filter_map(|(rank, standing)| Some((rank, learner(standing.who)?, standing.score)))
            .collect()
    }
}

/// The standings of a contest.
#[derive(Debug, Default)]
pub(super) struct Places {
    numbers: HashMap<LearnerId, u32>,
    places: Vec<Place>,
    live: Ladders,
    /// As they were at the freeze, while that is what the public sees.
    frozen: Option<Ladders>,
}

impl Places {
    /// Takes a row in, as it is now. What can not be read is left out.
    pub fn apply(&mut self, units: &mut Units, row: &Row) {
        let Ok(learner) = row.learner_id.parse::<LearnerId>() else {
            return;
        };
        let mut number = |id: &Option<String>| id.as_deref().map(|id| units.number(id));
        let place = Place {
            learner,
            unit: number(&row.unit_id),
            prefecture: number(&row.prefecture_id),
            home: number(&row.home_id),
            score: score(row.points, row.time_ms),
            frozen: row.frozen_at.map(|_| {
                let points = row.frozen_points?;
                Some(score(points, row.frozen_time_ms.unwrap_or_default()))
            }),
        };
        let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let who = *self.numbers.entry(learner).or_insert(next);
        self.live.set(who, &place, Some(place.score));
        if let Some(frozen) = &mut self.frozen {
            frozen.set(who, &place, place.at_freeze());
        }
        match self.places.get_mut(who as usize) {
            Some(old) => *old = place,
            None => self.places.push(place),
        }
    }

    /// Makes the ladders of the freeze, or lets them go.
    pub fn freeze(&mut self, frozen: bool) {
        if frozen == self.frozen.is_some() {
            return;
        }
        self.frozen = frozen.then(|| {
            let mut ladders = Ladders::default();
            for (who, place) in (0..).zip(&self.places) {
                ladders.set(who, place, place.at_freeze());
            }
            ladders
        });
    }

    /// What someone sees: as it was at the freeze for everyone but staff where the board is frozen,
    /// as it is elsewhere.
    pub fn seen_by(&self, audience: Audience) -> &Ladders {
        let frozen = self.frozen.as_ref();
        let frozen = frozen.filter(|_| audience != Audience::Staff);
        frozen.unwrap_or(&self.live)
    }

    /// The number of a learner who stands, or stood at some time.
    pub fn number(&self, learner: LearnerId) -> Option<u32> {
        self.numbers.get(&learner).copied()
    }

    /// A learner's own score, frozen or not.
    pub fn score(&self, who: u32) -> Option<Score> {
        self.places.get(who as usize).map(|place| place.score)
    }

    /// Who a number is, and the unit of the attempt that stands.
    pub fn who(&self, who: u32) -> Option<(LearnerId, Option<u32>)> {
        let place = self.places.get(who as usize)?;
        Some((place.learner, place.unit))
    }

    /// The unit at the opening and the points, of everyone whom `audience` sees.
    pub fn homes(&self, audience: Audience) -> Vec<(Option<u32>, i64)> {
        let is_frozen = self.frozen.is_some() && audience != Audience::Staff;
        let shown = |place: &Place| match is_frozen {
            true => place.at_freeze(),
            false => Some(place.score),
        };
        self.places
            .iter()
            .filter_map(|place| Some((place.home, shown(place)?.points)))
            .collect()
    }
}

const fn score(points: i64, time: i64) -> Score {
    Score {
        right: 0,
        points,
        time,
    }
}
