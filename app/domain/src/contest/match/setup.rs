//! What a match is made of, and what of it only the server knows.

use crate::contest::buzzer;
use crate::id::{LearnerId, QuestionId, TeamId};
use crate::question::{Key, QuestionKind};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// What is fixed before the match and known to everyone: no question and no key is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The teams, in the order in which every list of the match names them.
    pub teams: Vec<Team>,
    /// Who may lead the match; the first is in charge when it begins.
    pub hosts: Vec<LearnerId>,
    /// The programme.
    pub rounds: Vec<Round>,
    /// What is promised for all rounds.
    pub rules: Rules,
}

/// A team (代表队). A seat belongs to the person, never to a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The team.
    pub id: TeamId,
    /// Its name, mostly that of a unit.
    pub name: String,
    /// Who plays; the first is the captain (队长).
    pub members: Vec<LearnerId>,
    /// Who may come in for a member.
    pub substitutes: Vec<LearnerId>,
}

/// A part of the programme with one way to play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// How it is played.
    pub kind: Kind,
    /// How many questions it has.
    pub questions: u32,
    /// Seconds to answer a question; in a buzzer round, to press.
    pub seconds: u32,
    /// Whole points of a question; a wager goes by the stake instead.
    pub points: u32,
}

/// How a round is played and counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 必答: every member answers; the team gets the points times the share of its members who
    /// are right, in tenths, half up: large and small teams can reach the same.
    Required,
    /// 抢答: the team that pressed first answers and gets the points when it is right. When it is
    /// wrong or silent it loses the penalty, and the next one in order has its turn.
    Buzzer {
        /// Whole points that a wrong or missing answer costs.
        penalty: u32,
        /// How many teams may have a turn at one question.
        turns: u32,
    },
    /// 风险题: the captain stakes points before the question opens, and answers it: right wins
    /// the stake, wrong or silent loses it. Who stakes nothing has staked the least allowed.
    Wager {
        /// The whole points that may be staked.
        stakes: Vec<u32>,
    },
    /// 接力: each question of the round belongs to one member, in the order of the team's list,
    /// beginning again at its end; only that member answers, for all the points.
    Relay,
}

impl Kind {
    /// The name of the sentence that tells the formula to players.
    #[must_use]
    pub const fn formula(&self) -> &'static str {
        match self {
            Self::Required => "match-formula.required",
            Self::Buzzer { .. } => "match-formula.buzzer",
            Self::Wager { .. } => "match-formula.wager",
            Self::Relay => "match-formula.relay",
        }
    }

    /// The whole points that may be staked; none but in a wager.
    #[must_use]
    pub fn stakes(&self) -> &[u32] {
        match self {
            Self::Wager { stakes } => stakes,
            _ => &[],
        }
    }
}

/// What is promised for all rounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How presses are judged. The bound is also the most that the hall waits after the first
    /// press arrived for others that were made before it.
    pub buzzer: buzzer::Rules,
    /// Who goes first of presses that cannot be told apart.
    pub tie: TieRule,
    /// Seconds to answer after a buzz.
    pub answering_seconds: u32,
    /// Seconds to stake before a wager.
    pub staking_seconds: u32,
}

impl Default for Rules {
    /// What the form of a new match shows.
    fn default() -> Self {
        Self {
            buzzer: buzzer::Rules::default(),
            tie: TieRule::Estimated,
            answering_seconds: 15,
            staking_seconds: 15,
        }
    }
}

/// Who goes first of presses that cannot be told apart: of those that share a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieRule {
    /// One of them, by lot; the lot is the server's and its outcome is on record. Who claims more
    /// than is believed can gain a share in the lot by it, but nothing by [`Self::Estimated`].
    Drawn,
    /// The one whose press is likeliest the earlier; equal estimates by lot.
    Estimated,
}

/// A question by its place in the programme, from 0 over all rounds. Its id in the bank stays on
/// the server until it is revealed, so that nobody can look it up before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuestionNumber(pub u32);

/// What only the server knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// The questions, in the order of the programme.
    pub questions: Vec<Secret>,
    /// What lots are drawn with.
    pub seed: u64,
}

/// A question as the server grades it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The question in the bank.
    pub id: QuestionId,
    /// Its type.
    pub kind: QuestionKind,
    /// How many options it has.
    pub options: u8,
    /// What is right.
    pub key: Key,
}

impl Secrets {
    /// The question at a place of the programme.
    #[must_use]
    pub fn question(&self, number: QuestionNumber) -> Option<&Secret> {
        self.questions.get(usize::try_from(number.0).ok()?)
    }
}

/// Why no match can be made of a setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// Fewer than two teams.
    #[error("a match needs two teams")]
    TooFewTeams,
    /// A team without members.
    #[error("a team has no members")]
    EmptyTeam,
    /// The same team twice.
    #[error("a team is named twice")]
    TeamTwice,
    /// The same person in two seats, or as a host in a seat.
    #[error("somebody is named twice")]
    PersonTwice,
    /// Nobody to lead.
    #[error("a match needs a host")]
    NoHost,
    /// A round without questions, or no round.
    #[error("a round has no questions")]
    NoQuestions,
    /// A time, points, turns or stakes outside what a match can be played with.
    #[error("a time or a number of points is out of range")]
    OutOfRange,
    /// The questions of the server are not as many as the programme has.
    #[error("the questions do not fit the programme")]
    QuestionsMissing,
}

impl Defect {
    /// The name of the sentence that tells it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooFewTeams => "too-few-teams",
            Self::EmptyTeam => "empty-team",
            Self::TeamTwice => "team-twice",
            Self::PersonTwice => "person-twice",
            Self::NoHost => "no-host",
            Self::NoQuestions => "no-questions",
            Self::OutOfRange => "out-of-range",
            Self::QuestionsMissing => "questions-missing",
        }
    }
}

/// What seconds of a question, of an answer and of a stake may be.
const SECONDS: RangeInclusive<u32> = 1..=3_600;
/// What points, penalties and stakes may be.
const POINTS: RangeInclusive<u32> = 0..=10_000;
/// The longest bound of a buzzer, in milliseconds.
const LONGEST_BOUND: i64 = 5_000;
/// The most questions of a match.
const MOST_QUESTIONS: u64 = 1_000;

impl Setup {
    /// How many questions the programme has.
    #[must_use]
    pub fn questions(&self) -> u32 {
        self.rounds
            .iter()
            .fold(0, |sum, round| sum.saturating_add(round.questions))
    }

    /// The round of a question: its index, the round, and the question's place in it from 0.
    #[must_use]
    pub fn round_of(&self, number: QuestionNumber) -> Option<(usize, &Round, u32)> {
        let mut place = number.0;
        for (index, round) in self.rounds.iter().enumerate() {
            if place < round.questions {
                return Some((index, round, place));
            }
            place -= round.questions;
        }
        None
    }

    /// How a question is played.
    #[must_use]
    pub fn kind_of(&self, number: QuestionNumber) -> Option<&Kind> {
        self.round_of(number).map(|(_, round, _)| &round.kind)
    }

    /// What keeps a match from being made of it, if anything. [`super::decide`] and
    /// [`super::Match::apply`] stay harmless with a setup that was not checked, but not fair.
    #[must_use]
    pub fn defect(&self, secrets: &Secrets) -> Option<Defect> {
        let people = self
            .teams
            .iter()
            .flat_map(|team| team.members.iter().chain(&team.substitutes))
            .chain(&self.hosts);
        let (mut teams, mut persons) = (HashSet::new(), HashSet::new());
        let questions: u64 = self.rounds.iter().map(|r| u64::from(r.questions)).sum();
        let defects = [
            (self.teams.len() < 2, Defect::TooFewTeams),
            (
                self.teams.iter().any(|team| team.members.is_empty()),
                Defect::EmptyTeam,
            ),
            (
                !self.teams.iter().all(|team| teams.insert(team.id)),
                Defect::TeamTwice,
            ),
            (
                !people.into_iter().all(|p| persons.insert(*p)),
                Defect::PersonTwice,
            ),
            (self.hosts.is_empty(), Defect::NoHost),
            (
                questions == 0 || self.rounds.iter().any(|round| round.questions == 0),
                Defect::NoQuestions,
            ),
            (
                questions > MOST_QUESTIONS
                    || !self.rounds.iter().all(Round::is_playable)
                    || !self.rules.are_playable(),
                Defect::OutOfRange,
            ),
            (
                questions != secrets.questions.len() as u64,
                Defect::QuestionsMissing,
            ),
        ];
        defects
            .into_iter()
            .find_map(|(found, defect)| found.then_some(defect))
    }
}

impl Round {
    fn is_playable(&self) -> bool {
        let kind = match &self.kind {
            Kind::Required | Kind::Relay => true,
            Kind::Buzzer { penalty, turns } => POINTS.contains(penalty) && *turns > 0,
            Kind::Wager { stakes } => {
                !stakes.is_empty() && stakes.iter().all(|stake| POINTS.contains(stake))
            }
        };
        kind && SECONDS.contains(&self.seconds) && POINTS.contains(&self.points)
    }
}

impl Rules {
    fn are_playable(&self) -> bool {
        (0..=LONGEST_BOUND).contains(&self.buzzer.bound_ms)
            && SECONDS.contains(&self.answering_seconds)
            && SECONDS.contains(&self.staking_seconds)
    }
}
