//! What was drawn, and what came of it.

use crate::db::{Db, Tx};
use crate::{Error, Result, sql, values};
use domain::contest::challenge::{Form, Meeting, Outcome, Programme};
use domain::contest::r#match::Points;
use domain::id::{ContestId, LearnerId, MatchId, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the teams of a round were put in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeding {
    /// `lot`, `hand`, `earlier`, or `went-on` after the first round.
    pub by: String,
    /// What the lots were drawn with, where there were any.
    pub lot: Option<i64>,
    /// The earlier contest, where it went by one.
    pub earlier: Option<ContestId>,
    /// The teams, best first.
    pub seeds: Vec<TeamId>,
}

/// A match of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Game {
    /// The match.
    pub id: MatchId,
    /// What it is called.
    pub title: String,
    /// Whether it has begun; it can not be unmade then.
    pub begun: bool,
    /// Whether it is over.
    pub over: bool,
    /// The points of its teams, once it is over.
    pub result: Option<Vec<(TeamId, Points)>>,
}

/// A tie on the line that nobody has settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The match whose line it is on.
    pub game: MatchId,
    /// Who is tied.
    pub teams: Vec<TeamId>,
    /// How many of them go on.
    pub places: usize,
    /// Whether a match was already played for it.
    pub was_played: bool,
    /// A decision from when the points were others, as it is stored.
    pub(super) settled: Option<String>,
}

/// A place of a round: a match, or a team that goes on without one.
#[derive(Debug, Clone)]
pub struct Slot {
    /// Who meets and what came of it.
    pub meeting: Meeting,
    /// Its match; none for a bye, and where it was unmade.
    pub game: Option<Game>,
    /// Matches that its tie was played in.
    pub deciders: Vec<Game>,
    /// Why who goes on was decided so, where people did.
    pub why: Option<String>,
    /// The tie that stands open.
    pub tie: Option<Tie>,
}

/// A round.
#[derive(Debug, Clone)]
pub struct RoundSoFar {
    /// Its number, from 1.
    pub number: i64,
    /// How its teams meet.
    pub form: Form,
    /// How they were put in order.
    pub seeding: Seeding,
    /// How many go on from each match.
    pub places: usize,
    /// What its matches are made of.
    pub programme: Programme,
    /// Who leads each.
    pub hosts: Vec<Vec<LearnerId>>,
    /// Who meets whom.
    pub slots: Vec<Slot>,
}

impl RoundSoFar {
    /// Who went on, by where they met; nothing while anything is open.
    #[must_use]
    pub fn went_on(&self) -> Option<Vec<Vec<TeamId>>> {
        let through = |slot: &Slot| match slot.meeting.outcome() {
            Outcome::Through(teams) => Some(teams),
            _ => None,
        };
        self.slots.iter().map(through).collect()
    }

    /// What came of each of its matches, deciders too.
    pub(super) fn results(&self) -> Results {
        let games = self.slots.iter();
        let games = games.flat_map(|slot| slot.game.iter().chain(&slot.deciders));
        let results = games.map(|game| (game.id.to_string(), game.result.clone()));
        results.collect()
    }
}

/// What came of matches, by their ids.
pub(super) type Results = BTreeMap<String, Option<Vec<(TeamId, Points)>>>;

/// Holds the matches of a round for this transaction, and sees that what came of them is what was
/// read before: a host who takes the last step of one back now waits, and finds what was built on
/// it.
///
/// # Errors
/// [`Error::Invalid`] with `day-changed` when something else came of them meanwhile.
pub(super) async fn still_stands(
    tx: &mut Tx,
    contest: ContestId,
    round: i64,
    then: &Results,
) -> Result<()> {
    let held: Vec<(String, Option<String>)> = tx
        .all(
            sql!(
                "update live_match set number = number where id in \
                   (select match_id from contest_match where contest_id = $1 and round = $2) \
                 returning id, result"
            ),
            values![contest, round],
        )
        .await?;
    let now: Result<Results> = held
        .into_iter()
        .map(|(id, result)| Ok((id, read(result.as_deref())?)))
        .collect();
    let same = now? == *then;
    same.then_some(()).ok_or(Error::Invalid("day-changed"))
}

/// All rounds that were made.
#[derive(Debug, Clone, Default)]
pub struct Bracket {
    /// The rounds, the first one first.
    pub rounds: Vec<RoundSoFar>,
    /// What each team is called.
    pub names: BTreeMap<TeamId, String>,
}

impl Bracket {
    /// What a team is called.
    #[must_use]
    pub fn name(&self, team: TeamId) -> &str {
        self.names.get(&team).map_or("", String::as_str)
    }

    /// The meetings of all rounds, which places follow from.
    #[must_use]
    pub fn meetings(&self) -> Vec<Vec<Meeting>> {
        let of = |round: &RoundSoFar| round.slots.iter().map(|s| s.meeting.clone()).collect();
        self.rounds.iter().map(of).collect()
    }

    /// A match with its round and place.
    #[must_use]
    pub fn find(&self, game: MatchId) -> Option<(&RoundSoFar, usize, &Slot)> {
        self.rounds.iter().find_map(|round| {
            let mut slots = round.slots.iter().enumerate();
            slots
                .find(|(_, slot)| {
                    let games = slot.game.iter().chain(&slot.deciders);
                    games.map(|known| known.id).any(|id| id == game)
                })
                .map(|(place, slot)| (round, place, slot))
        })
    }
}

#[derive(sqlx::FromRow)]
struct MatchRow {
    match_id: String,
    round: i64,
    position: i64,
    places: i64,
    decides_id: Option<String>,
    settled: Option<String>,
    settled_why: Option<String>,
    title: String,
    begun_at: Option<i64>,
    finished_at: Option<i64>,
    result: Option<String>,
}

impl MatchRow {
    fn game(&self) -> Result<Game> {
        Ok(Game {
            id: parsed(&self.match_id)?,
            title: self.title.clone(),
            begun: self.begun_at.is_some(),
            over: self.finished_at.is_some(),
            result: read(self.result.as_deref())?,
        })
    }

    /// What came of it, with what was played and decided about its tie.
    fn meeting(&self, all: &[Self], teams: Vec<TeamId>) -> Result<Meeting> {
        let result: Option<Vec<(TeamId, Points)>> = read(self.result.as_deref())?;
        let decider = match self.decider(all) {
            // Who plays it is of no account before it is played.
            Some(row) => Some(Box::new(row.meeting(all, row.played(&teams)?)?)),
            None => None,
        };
        Ok(Meeting {
            teams,
            places: usize::try_from(self.places).unwrap_or(0),
            result,
            settled: read(self.settled.as_deref())?,
            decider,
        })
    }

    fn decider<'a>(&self, all: &'a [Self]) -> Option<&'a Self> {
        all.iter()
            .find(|row| row.decides_id.as_deref() == Some(&self.match_id))
    }

    fn played(&self, or: &[TeamId]) -> Result<Vec<TeamId>> {
        let result: Option<Vec<(TeamId, Points)>> = read(self.result.as_deref())?;
        Ok(result.map_or_else(
            || or.to_vec(),
            |result| result.into_iter().map(|(team, _)| team).collect(),
        ))
    }

    /// The tie that stands open: of this match, or of the one that was played for it.
    fn tie(&self, all: &[Self], meeting: &Meeting) -> Result<Option<Tie>> {
        let Outcome::Tied { teams, places } = meeting.outcome() else {
            return Ok(None);
        };
        if let (Some(row), Some(decider)) = (self.decider(all), &meeting.decider)
            && let Some(tie) = row.tie(all, decider)?
        {
            return Ok(Some(tie));
        }
        Ok(Some(Tie {
            game: parsed(&self.match_id)?,
            teams,
            places,
            was_played: meeting.decider.is_some(),
            settled: self.settled.clone(),
        }))
    }

    fn slot(&self, all: &[Self], teams: Vec<TeamId>) -> Result<Slot> {
        let meeting = self.meeting(all, teams)?;
        let (mut deciders, mut why, mut at) = (Vec::new(), self.settled_why.clone(), self);
        while let Some(next) = at.decider(all) {
            deciders.push(next.game()?);
            why = why.or_else(|| next.settled_why.clone());
            at = next;
        }
        Ok(Slot {
            tie: self.tie(all, &meeting)?,
            game: Some(self.game()?),
            meeting,
            deciders,
            why,
        })
    }
}

fn parsed<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    text: &str,
) -> Result<T> {
    text.parse()
        .map_err(|e| Error::Fault(anyhow::Error::new(e)))
}

fn read<T: serde::de::DeserializeOwned>(text: Option<&str>) -> Result<Option<T>> {
    Ok(text.map(serde_json::from_str).transpose()?)
}

/// What was drawn in a contest, and what came of it.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn bracket(db: &Db, contest: ContestId) -> Result<Bracket> {
    let names: Vec<(String, String)> = db
        .all(
            sql!("select id, name from contest_team where contest_id = $1"),
            values![contest],
        )
        .await?;
    let rounds: Vec<(i64, String, String, String, i64, String, String)> = db
        .all(
            sql!(
                "select round, form, seeding, drawn, places, programme, hosts from contest_round \
                 where contest_id = $1 order by round"
            ),
            values![contest],
        )
        .await?;
    let matches: Vec<MatchRow> = db
        .all(
            sql!(
                "select c.match_id, c.round, c.position, c.places, c.decides_id, c.settled, \
                   c.settled_why, m.title, m.begun_at, m.finished_at, m.result \
                 from contest_match c join live_match m on m.id = c.match_id \
                 where c.contest_id = $1 order by c.round, c.position, m.created_at, m.id"
            ),
            values![contest],
        )
        .await?;
    let mut bracket = Bracket::default();
    for (id, name) in names {
        bracket.names.insert(parsed(&id)?, name);
    }
    for (number, form, seeding, drawn, places, programme, hosts) in rounds {
        let drawn: Vec<Vec<TeamId>> = serde_json::from_str(&drawn)?;
        let mut slots = Vec::with_capacity(drawn.len());
        for (position, teams) in (0..).zip(drawn) {
            let row = matches.iter().find(|row| {
                row.round == number && row.position == position && row.decides_id.is_none()
            });
            slots.push(match row {
                Some(row) => row.slot(&matches, teams)?,
                None => Slot {
                    meeting: Meeting {
                        teams,
                        places: usize::try_from(places).unwrap_or(0),
                        result: None,
                        settled: None,
                        decider: None,
                    },
                    game: None,
                    deciders: Vec::new(),
                    why: None,
                    tie: None,
                },
            });
        }
        bracket.rounds.push(RoundSoFar {
            number,
            form: serde_json::from_str(&form)?,
            seeding: serde_json::from_str(&seeding)?,
            places: usize::try_from(places).unwrap_or(0),
            programme: serde_json::from_str(&programme)?,
            hosts: serde_json::from_str(&hosts)?,
            slots,
        });
    }
    Ok(bracket)
}
