//! What the steps of a match change, and what undo brings back.

use super::asked::{Asked, Revealed};
use super::buzzer::{last_arrival, settled};
use super::event::{Event, Verdict};
use super::{Clock, Kind, Points, QuestionNumber, Setup, Team};
use crate::contest::{Score, Standing, ranks};
use crate::id::LearnerId;
use crate::time::{Millis, SECOND};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a match is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Teams come in.
    Lobby,
    /// Everybody is asked whether they are ready.
    Ready,
    /// Captains stake on the question that comes.
    Stakes,
    /// A question is open; in a buzzer round, to press.
    Open,
    /// The team that pressed first answers.
    Floor,
    /// The question is closed.
    Locked,
    /// What is right is shown.
    Reveal,
    /// The scoreboard is shown.
    Scoreboard,
    /// The match is over.
    Finished,
}

/// What the steps of a match change, and what undo brings back. Copies share the questions until
/// one of them changes, so a copy costs little.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    pub(super) phase: Phase,
    /// The question that is staked on, open, or was the last.
    pub(super) question: Option<QuestionNumber>,
    /// There in the phases Stakes, Open and Floor.
    pub(super) clock: Option<Clock>,
    /// When the order of presses is judged, since the first of them arrived: from then on none can
    /// go before the earliest.
    pub(super) judging: Option<Clock>,
    /// When the clock last began to run: no press can have been made before.
    pub(super) since: Millis,
    /// The teams with their members of now.
    pub(super) teams: Arc<Vec<Team>>,
    pub(super) asked: BTreeMap<QuestionNumber, Arc<Asked>>,
    /// Ranks on the last scoreboard and on the one before it; empty before there was one.
    pub(super) shown: Vec<i64>,
    pub(super) shown_before: Vec<i64>,
}

impl Board {
    pub(super) fn new(setup: &Setup) -> Self {
        Self {
            phase: Phase::Lobby,
            question: None,
            clock: None,
            judging: None,
            since: Millis(0),
            teams: Arc::new(setup.teams.clone()),
            asked: BTreeMap::new(),
            shown: Vec::new(),
            shown_before: Vec::new(),
        }
    }

    /// The question that is asked now or was the last, and what became of it.
    pub(super) fn current(&self) -> Option<(QuestionNumber, &Asked)> {
        let number = self.question?;
        Some((number, self.asked.get(&number)?))
    }

    /// Whether a question was opened, and the opening was not taken back.
    #[must_use]
    pub fn was_opened(&self, question: QuestionNumber) -> bool {
        let asked = self.asked.get(&question);
        asked.is_some_and(|asked| asked.opened)
    }

    /// Whether a question that was not opened does not count: it is left out.
    #[must_use]
    pub fn is_left_out(&self, question: QuestionNumber) -> bool {
        let asked = self.asked.get(&question);
        asked.is_some_and(|asked| asked.voided && !asked.opened)
    }

    /// How the current question is played.
    pub(super) fn kind<'a>(&self, setup: &'a Setup) -> Option<&'a Kind> {
        setup.kind_of(self.question?)
    }

    /// The team of a person and whether they play or sit on the bench.
    pub(super) fn seat(&self, seat: LearnerId) -> Option<(usize, bool)> {
        self.teams.iter().enumerate().find_map(|(index, team)| {
            let plays = team.members.contains(&seat);
            (plays || team.substitutes.contains(&seat)).then_some((index, plays))
        })
    }

    /// Who alone of a team may answer a question; nobody in particular in the rounds where
    /// everyone may, or whoever pressed.
    pub(super) fn answers_alone(
        &self,
        setup: &Setup,
        number: QuestionNumber,
        team: usize,
    ) -> Option<LearnerId> {
        let members = &self.teams.get(team)?.members;
        let (_, round, place) = setup.round_of(number)?;
        match round.kind {
            Kind::Required | Kind::Buzzer { .. } => None,
            Kind::Wager { .. } => members.first().copied(),
            Kind::Relay => {
                let size = u32::try_from(members.len()).ok()?;
                members.get(place.checked_rem(size)? as usize).copied()
            }
        }
    }

    /// The points of a team: the sum of what its questions gave and that still counts.
    pub(super) fn points(&self, team: usize) -> Points {
        let outcomes = self.asked.values().filter_map(|asked| asked.points());
        outcomes
            .filter_map(|points| points.get(team).copied())
            .sum()
    }

    /// The rank of each team by its points: ties share a rank (1, 1, 3).
    pub(super) fn ranks(&self) -> Vec<i64> {
        let standings = (0..self.teams.len()).map(|team| Standing {
            who: team,
            score: Score {
                points: self.points(team).0,
                ..Score::default()
            },
        });
        let mut by_team = vec![0; self.teams.len()];
        for (rank, standing) in ranks(standings.collect()) {
            by_team[standing.who] = rank;
        }
        by_team
    }

    /// When the clock must ring next.
    pub(super) fn due(&self, setup: &Setup) -> Option<Millis> {
        if let Some(judging) = self.judging {
            return judging.until();
        }
        let until = self.clock?.until()?;
        match self.kind(setup)? {
            // A press made in the last instant has the bound's time to arrive, as any other.
            Kind::Buzzer { .. } if self.phase == Phase::Open => {
                Some(last_arrival(until, setup.rules.buzzer))
            }
            _ => Some(until),
        }
    }

    /// Stops what runs.
    pub(super) fn stop(&mut self, at: Millis) {
        self.clock = self.clock.map(|clock| clock.stop(at));
        self.judging = self.judging.map(|clock| clock.stop(at));
    }

    /// Changes the board by an event. What does not fit the board changes nothing: a log that
    /// [`super::decide`] made never holds such an event.
    pub(super) fn apply(&mut self, setup: &Setup, at: Millis, event: &Event) {
        let seconds = |seconds: u32| Clock::Running {
            until: at.plus(i64::from(seconds) * SECOND),
        };
        match event {
            Event::Started => self.phase = Phase::Ready,
            Event::StakesOpened { question } => {
                self.phase = Phase::Stakes;
                self.question = Some(*question);
                self.clock = Some(seconds(setup.rules.staking_seconds));
                self.change(*question, |_| ());
            }
            Event::Opened { question, stakes } => {
                self.phase = Phase::Open;
                self.question = Some(*question);
                let round = setup.round_of(*question);
                self.clock = round.map(|(_, round, _)| seconds(round.seconds));
                self.since = at;
                self.change(*question, |asked| {
                    asked.opened = true;
                    asked.stakes.clone_from(stakes);
                });
            }
            Event::Staked { seat, points } => self.change_current(|asked| {
                asked.staked.insert(*seat, *points);
            }),
            Event::Answered { seat, given } => self.change_current(|asked| {
                Arc::make_mut(&mut asked.answers).insert(*seat, given.clone());
            }),
            Event::Pressed { seat, judged } => {
                let settled = settled(judged, at, setup.rules.buzzer);
                let judging = self
                    .judging
                    .get_or_insert(Clock::Running { until: settled });
                // A press that arrives later and was made before is settled sooner.
                *judging = judging.at_the_latest(settled);
                self.change_current(|asked| {
                    asked.presses.insert(*seat, *judged);
                });
            }
            Event::BuzzerJudged { order } => {
                self.phase = Phase::Floor;
                self.judging = None;
                self.clock = Some(seconds(setup.rules.answering_seconds));
                self.change_current(|asked| asked.order.clone_from(order));
            }
            Event::Turned {
                seat,
                given,
                verdict,
            } => {
                self.change_current(|asked| {
                    asked.verdicts.push(*verdict);
                    if let Some(given) = given {
                        Arc::make_mut(&mut asked.answers).insert(*seat, given.clone());
                    }
                });
                if *verdict == Verdict::Right || self.no_turn_left(setup) {
                    self.phase = Phase::Locked;
                    self.clock = None;
                } else {
                    self.clock = Some(seconds(setup.rules.answering_seconds));
                }
            }
            Event::Locked { answered } => {
                self.phase = Phase::Locked;
                self.clock = None;
                self.judging = None;
                self.change_current(|asked| asked.answered = Some(answered.clone()));
            }
            Event::Revealed { key, right, points } => {
                self.phase = Phase::Reveal;
                self.change_current(|asked| {
                    asked.revealed = Some(Revealed {
                        key: key.clone(),
                        right: right.clone(),
                        points: points.clone(),
                    });
                });
            }
            Event::ScoreboardShown => {
                self.phase = Phase::Scoreboard;
                let ranks = self.ranks();
                self.shown_before = std::mem::replace(&mut self.shown, ranks);
            }
            Event::Finished => self.phase = Phase::Finished,
            Event::Paused => self.stop(at),
            Event::Resumed => {
                self.clock = self.clock.map(|clock| clock.resume(at));
                self.judging = self.judging.map(|clock| clock.resume(at));
                self.since = at;
            }
            Event::ClockMoved { by_ms } => {
                self.clock = self.clock.map(|clock| clock.moved(*by_ms, at));
            }
            Event::Voided { question, .. } => self.change(*question, |asked| asked.voided = true),
            Event::Substituted { leaves, enters } => {
                for team in Arc::make_mut(&mut self.teams) {
                    swap(&mut team.members, *leaves, *enters);
                    swap(&mut team.substitutes, *enters, *leaves);
                }
            }
            Event::Joined { .. }
            | Event::Readied { .. }
            | Event::AnsweredLate { .. }
            | Event::Hid { .. }
            | Event::Undone
            | Event::Redone
            | Event::PutBack { .. }
            | Event::HandedOver { .. } => {}
        }
    }

    fn no_turn_left(&self, setup: &Setup) -> bool {
        let turns = match self.kind(setup) {
            Some(Kind::Buzzer { turns, .. }) => *turns as usize,
            _ => 0,
        };
        self.current()
            .is_none_or(|(_, asked)| asked.floor().is_none() || asked.verdicts.len() >= turns)
    }

    fn change(&mut self, number: QuestionNumber, change: impl FnOnce(&mut Asked)) {
        change(Arc::make_mut(self.asked.entry(number).or_default()));
    }

    fn change_current(&mut self, make: impl FnOnce(&mut Asked)) {
        if let Some(number) = self.question {
            self.change(number, make);
        }
    }
}

/// Puts `new` where `old` is in the list.
fn swap(list: &mut [LearnerId], old: LearnerId, new: LearnerId) {
    list.iter_mut()
        .filter(|person| **person == old)
        .for_each(|person| *person = new);
}
