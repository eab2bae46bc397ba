//! The picture of a match that a page shows.
//!
//! The rule guarded here: a view holds only what its audience may know, and follows from the
//! redacted log and the last [`Tally`], so that a replica shows the same as the server.

use super::asked::{Asked, Revealed};
use super::{Audience, Clock, Given, Kind, Match, Phase, Points, QuestionNumber, Verdict, decide};
use crate::contest::buzzer::Judged;
use crate::id::{DeviceId, LearnerId, TeamId};
use crate::question::Key;
use serde::{Deserialize, Serialize};

/// Counts by team, in the order of [`super::Setup::teams`]: what goes to everyone now and then
/// instead of an event for each of a thousand players.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The number of the last event that is counted in.
    pub number: u64,
    /// Members who are here.
    pub present: Vec<u32>,
    /// Members who are ready.
    pub ready: Vec<u32>,
    /// Members who have answered the current question; while stakes are taken, 1 once staked.
    pub answered: Vec<u32>,
}

/// The picture of a match for an audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// What the match is doing.
    pub phase: Phase,
    /// Index of the round of the current question.
    pub round: Option<usize>,
    /// The question that is staked on, open, or was the last.
    pub question: Option<QuestionNumber>,
    /// The time to stake, to answer or to press, or of the team that has the floor.
    pub clock: Option<Clock>,
    /// The teams, in the order of the setup.
    pub teams: Vec<TeamView>,
    /// The order of the buzzer, once it is judged.
    pub buzzer: Vec<BuzzerView>,
    /// Who has the floor.
    pub floor: Option<LearnerId>,
    /// What is right, once it is revealed.
    pub key: Option<Key>,
    /// Questions that do not count.
    pub voided: Vec<QuestionNumber>,
    /// For a player, what concerns them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Own>,
    /// For a host, what no one else sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<Console>,
}

/// A team in a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// Its points.
    pub points: Points,
    /// Its rank; ties share one (1, 1, 3).
    pub rank: i64,
    /// Ranks gained since the last scoreboard (on a scoreboard, since the one before); negative
    /// for lost.
    pub moved: i64,
    /// How many play.
    pub members: u32,
    /// How many of them are here.
    pub present: u32,
    /// How many of them are ready.
    pub ready: u32,
    /// How many of them have answered the current question.
    pub answered: u32,
    /// Who alone may answer the current question for the team, in a relay or a wager.
    pub alone: Option<LearnerId>,
    /// What it has staked on the current question, known once that is open; whole points.
    pub stake: Option<u32>,
    /// How many right answers it gave to the current question, once revealed.
    pub right: Option<u32>,
    /// What it got for the current question, once revealed; no longer, if that is void now.
    pub gained: Option<Points>,
}

/// A place of the buzzer in a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuzzerView {
    /// Who pressed.
    pub seat: LearnerId,
    /// 1 for the first; presses that cannot be told apart share it (1, 1, 3).
    pub rank: usize,
    /// Whether another press has the same rank.
    pub tied: bool,
    /// Microseconds after the press one place before; see [`super::Place`].
    pub margin: i64,
    /// By how many microseconds the margin may be wrong.
    pub margin_uncertainty: i64,
    /// How the turn ended, if it has.
    pub verdict: Option<Verdict>,
}

/// What concerns one player alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// The own team.
    pub team: TeamId,
    /// Whether the person plays; otherwise they are a substitute.
    pub plays: bool,
    /// The device that has the seat: another one was taken over.
    pub device: Option<DeviceId>,
    /// Whether they said to be ready.
    pub ready: bool,
    /// Whether an answer of theirs is asked for now.
    pub may_answer: bool,
    /// Their answer to the current question.
    pub given: Option<Given>,
    /// Whether they pressed at the current question.
    pub pressed: bool,
    /// What they staked on the current question.
    pub staked: Option<u32>,
}

/// What only hosts see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Console {
    /// The number of the last event: what a command `expects`.
    pub number: u64,
    /// How many steps there were.
    pub step: u64,
    /// Who is in charge.
    pub in_charge: Option<LearnerId>,
    /// How many steps can be undone.
    pub undos: usize,
    /// How many undos can be taken back.
    pub redos: usize,
    /// Questions whose words were shown, even if the opening was undone.
    pub seen: Vec<QuestionNumber>,
    /// Everyone on a roster, by team, substitutes after members.
    pub seats: Vec<SeatFacts>,
}

/// Facts about a person for the host; what they mean is for people to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatFacts {
    /// The person.
    pub seat: LearnerId,
    /// Whether a device has the seat.
    pub joined: bool,
    /// Whether that device is heard of.
    pub present: bool,
    /// Whether they are ready.
    pub ready: bool,
    /// Whether they answered the current question in time.
    pub answered: bool,
    /// Their press at the current question, with why it does not count from the time that the
    /// phone told.
    pub pressed: Option<Judged>,
    /// Milliseconds that their page was hidden during questions.
    pub hidden: u64,
    /// Questions to which an answer of theirs came too late.
    pub late: Vec<QuestionNumber>,
    /// Questions that they answered or pressed at sooner than [`super::QUICK`], with the
    /// milliseconds it took.
    pub quick: Vec<(QuestionNumber, u32)>,
}

impl Match {
    /// The picture for an audience.
    #[must_use]
    pub fn view(&self, audience: &Audience) -> View {
        let board = &self.board;
        let asked = board.current().map(|(_, asked)| asked);
        let round = board
            .question
            .and_then(|number| self.setup.round_of(number));
        let verdicts = asked.map_or(&[][..], |asked| &asked.verdicts[..]);
        let places = asked.map_or(&[][..], |asked| &asked.order[..]);
        View {
            phase: board.phase,
            round: round.map(|(index, _, _)| index),
            question: board.question,
            clock: board.clock,
            teams: self.teams(),
            buzzer: places
                .iter()
                .enumerate()
                .map(|(turn, place)| BuzzerView {
                    seat: place.seat,
                    rank: place.rank,
                    tied: place.tied,
                    margin: place.margin,
                    margin_uncertainty: place.margin_uncertainty,
                    verdict: verdicts.get(turn).copied(),
                })
                .collect(),
            floor: asked
                .filter(|_| board.phase == Phase::Floor)
                .and_then(Asked::floor),
            key: revealed(asked).map(|revealed| revealed.key.clone()),
            voided: board
                .asked
                .iter()
                .filter(|(_, asked)| asked.voided)
                .map(|(number, _)| *number)
                .collect(),
            own: match audience {
                Audience::Player(seat) => self.own(*seat),
                Audience::Host | Audience::Public => None,
            },
            console: (*audience == Audience::Host).then(|| self.console()),
        }
    }

    fn teams(&self) -> Vec<TeamView> {
        let board = &self.board;
        let tally = self.heard.clone().unwrap_or_else(|| self.tally());
        let answered = match board.phase {
            Phase::Stakes | Phase::Open => tally.answered,
            _ => self.answered(),
        };
        let of = |counts: &[u32], index: usize| counts.get(index).copied().unwrap_or(0);
        let asked = board.current().map(|(_, asked)| asked);
        let shown = match board.phase {
            Phase::Scoreboard | Phase::Finished => &board.shown_before,
            _ => &board.shown,
        };
        let ranks = board.ranks();
        let teams = board.teams.iter().enumerate();
        teams
            .map(|(index, team)| TeamView {
                team: team.id,
                name: team.name.clone(),
                points: board.points(index),
                rank: ranks[index],
                moved: shown.get(index).map_or(0, |before| before - ranks[index]),
                members: u32::try_from(team.members.len()).unwrap_or(u32::MAX),
                present: of(&tally.present, index),
                ready: of(&tally.ready, index),
                answered: of(&answered, index),
                alone: board
                    .question
                    .and_then(|number| board.answers_alone(&self.setup, number, index)),
                stake: asked.and_then(|asked| asked.stakes.get(index).copied()),
                right: revealed(asked).and_then(|shown| shown.right.get(index).copied()),
                gained: asked
                    .and_then(Asked::points)
                    .and_then(|points| points.get(index).copied()),
            })
            .collect()
    }

    fn own(&self, seat: LearnerId) -> Option<Own> {
        let (team, plays) = self.board.seat(seat)?;
        let known = self.seats.get(&seat);
        let current = self.board.current();
        let asked = current.map(|(_, asked)| asked);
        let runs = self
            .board
            .clock
            .is_some_and(|clock| clock.until().is_some());
        let is_asked = match self.board.phase {
            Phase::Open => !matches!(self.board.kind(&self.setup), Some(Kind::Buzzer { .. })),
            Phase::Floor => asked.and_then(Asked::floor) == Some(seat),
            _ => false,
        };
        Some(Own {
            team: self.board.teams[team].id,
            plays,
            device: known.and_then(|known| known.device),
            ready: known.is_some_and(|known| known.ready),
            may_answer: plays
                && runs
                && is_asked
                && current.is_some_and(|(number, _)| {
                    decide::may_answer(self, seat, team, number).is_ok()
                }),
            given: asked.and_then(|asked| asked.answers.get(&seat).cloned()),
            pressed: asked.is_some_and(|asked| asked.presses.contains_key(&seat)),
            staked: asked.and_then(|asked| asked.staked.get(&seat).copied()),
        })
    }

    fn console(&self) -> Console {
        let asked = self.board.current().map(|(_, asked)| asked);
        let teams = self.board.teams.iter();
        let everyone = teams.flat_map(|team| team.members.iter().chain(&team.substitutes));
        Console {
            number: self.number,
            step: self.step,
            in_charge: self.in_charge,
            undos: self.history.undos(),
            redos: self.history.redos(),
            seen: self.seen.iter().copied().collect(),
            seats: everyone
                .map(|seat| {
                    let known = self.seats.get(seat);
                    SeatFacts {
                        seat: *seat,
                        joined: known.is_some_and(|known| known.device.is_some()),
                        present: self.is_here(seat),
                        ready: known.is_some_and(|known| known.ready),
                        answered: asked.is_some_and(|asked| asked.answers.contains_key(seat)),
                        pressed: asked.and_then(|asked| asked.presses.get(seat).copied()),
                        hidden: known.map_or(0, |known| {
                            known.hidden.values().map(|ms| u64::from(*ms)).sum()
                        }),
                        late: known
                            .map_or_else(Vec::new, |known| known.late.keys().copied().collect()),
                        quick: known.map_or_else(Vec::new, |known| {
                            known
                                .quick
                                .iter()
                                .map(|(question, ms)| (*question, *ms))
                                .collect()
                        }),
                    }
                })
                .collect(),
        }
    }
}

fn revealed(asked: Option<&Asked>) -> Option<&Revealed> {
    asked?.revealed.as_ref()
}
