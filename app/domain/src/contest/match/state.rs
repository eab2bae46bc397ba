//! A match as its events made it.

use super::buzzer::MICROS;
use super::history::History;
use super::points::count;
use super::view::Tally;
use super::{Actor, Board, Event, Kind, Numbered, Phase, QuestionNumber, Setup, Verdict};
use crate::id::{DeviceId, LearnerId};
use crate::time::Millis;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A match as its events made it. It is never written anywhere: who needs one applies the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Shared by the copies of a match.
    pub(super) setup: Arc<Setup>,
    /// The number of the last event, and when it was decided.
    pub(super) number: u64,
    pub(super) at: Millis,
    /// How many steps there were, and the number of the last one's event.
    pub(super) step: u64,
    pub(super) stepped: u64,
    pub(super) in_charge: Option<LearnerId>,
    pub(super) seats: BTreeMap<LearnerId, Seat>,
    /// Questions whose words were shown to anyone, even if the opening was undone.
    pub(super) seen: BTreeSet<QuestionNumber>,
    pub(super) board: Board,
    pub(super) history: History,
    /// When the words of the current question were first seen; nothing once a board was brought
    /// back, for then some have had longer.
    pub(super) opened: Option<Millis>,
    /// Who took their seat and whose phone is not heard of now. It is no part of the log, so it is
    /// set from outside: see [`Self::set_gone`].
    pub(super) gone: BTreeSet<LearnerId>,
    /// The counts as the server told them last; only on a replica.
    pub(super) heard: Option<Tally>,
}

/// What is known of a person that no undo takes back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seat {
    pub device: Option<DeviceId>,
    pub ready: bool,
    /// Milliseconds that the page was hidden, by question.
    pub hidden: BTreeMap<QuestionNumber, u32>,
    /// The highest revision that came too late, by question.
    pub late: BTreeMap<QuestionNumber, u32>,
    /// Milliseconds to the first answer or the press, by question, where that was sooner than
    /// [`QUICK`].
    pub quick: BTreeMap<QuestionNumber, u32>,
}

/// An answer or a press sooner than this, in milliseconds, is told to the host as a fact: nobody reads a stem
/// and its options so fast, for a second of silent reading is four words (238 a minute: Brysbaert,
/// How many words do we read per minute?, Journal of Memory and Language 109, 2019).
pub const QUICK: u32 = 1_000;

impl Match {
    /// The match before its first event.
    #[must_use]
    pub fn new(setup: impl Into<Arc<Setup>>) -> Self {
        let setup = setup.into();
        Self {
            number: 0,
            at: Millis(0),
            step: 0,
            stepped: 0,
            in_charge: setup.hosts.first().copied(),
            seats: BTreeMap::new(),
            seen: BTreeSet::new(),
            board: Board::new(&setup),
            history: History::default(),
            opened: None,
            gone: BTreeSet::new(),
            heard: None,
            setup,
        }
    }

    /// What the match is made of.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// What it is doing.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.board.phase
    }

    /// The number of the last event that was applied; a client that comes back tells it.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// When the last event was decided that was applied: nothing is decided to have been before.
    #[must_use]
    pub fn last_at(&self) -> Millis {
        self.at
    }

    /// The question that is asked now, or was the last.
    #[must_use]
    pub fn question(&self) -> Option<QuestionNumber> {
        self.board.question
    }

    /// Whether a person is on the roster of a team, as a member or a substitute.
    #[must_use]
    pub fn has_seat(&self, person: LearnerId) -> bool {
        self.board.seat(person).is_some()
    }

    /// What undo brings back.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// When [`super::Command::Tick`] must be asked next, if ever: the end of the time to stake,
    /// to answer or to press, or the judging of the buzzer. To be looked at after each event.
    #[must_use]
    pub fn due(&self) -> Option<Millis> {
        self.board.due(&self.setup)
    }

    /// When the question was opened, or its clock resumed last: a press that was made before is
    /// [`super::Refusal::TooEarly`], so that this is what a press is judged with as the opening.
    #[must_use]
    pub fn opened_at(&self) -> Millis {
        self.board.since
    }

    /// The event that [`super::decide`] gave, as the next of the log.
    #[must_use]
    pub fn numbered(&self, event: Event, by: Actor, at: Millis) -> Numbered {
        Numbered {
            number: self.number.saturating_add(1),
            at,
            by,
            event,
        }
    }

    /// Takes an event in. One that was taken before, or that came before the last, changes
    /// nothing, so that a log may be sent again from any number.
    pub fn apply(&mut self, numbered: &Numbered) {
        let Numbered {
            number, at, event, ..
        } = numbered;
        if *number <= self.number {
            return;
        }
        self.number = *number;
        self.at = *at;
        if event.is_step() {
            self.step += 1;
            self.stepped = *number;
        }
        self.apply_to_seats(*at, event);
        match event {
            Event::Undone | Event::Redone => {
                let is_new = if *event == Event::Undone {
                    self.history.undo(&mut self.board, *at)
                } else {
                    self.history.redo(&mut self.board, *at)
                };
                if is_new {
                    self.opened = None;
                }
            }
            _ => {
                let before = event.can_be_undone().then(|| self.board.clone());
                if before.is_some() || *event == Event::Resumed {
                    self.history.forget_redo();
                }
                self.board.apply(&self.setup, *at, event);
                if let Some(before) = before {
                    self.history.keep(event, before, &self.board, *at);
                }
                if *event == Event::ScoreboardShown {
                    self.history.make_final();
                }
            }
        }
    }

    fn apply_to_seats(&mut self, at: Millis, event: &Event) {
        match event {
            Event::Joined { seat, device } => {
                self.seat(*seat).device = Some(*device);
                self.gone.remove(seat);
            }
            Event::Answered { seat, .. } => self.time(*seat, at),
            Event::Pressed { seat, judged } => {
                self.time(*seat, Millis(judged.made.div_euclid(MICROS)));
            }
            Event::PutBack { seat } => self.seat(*seat).device = None,
            Event::Readied { seat } => self.seat(*seat).ready = true,
            Event::Started => {
                self.seats.values_mut().for_each(|seat| seat.ready = false);
                if let Some(heard) = &mut self.heard {
                    heard.ready.fill(0);
                }
            }
            Event::Hid { seat, question, ms } => {
                self.seat(*seat).hidden.insert(*question, *ms);
            }
            Event::AnsweredLate {
                seat,
                question,
                given,
            } => {
                self.seat(*seat).late.insert(*question, given.revision);
            }
            Event::StakesOpened { .. } => self.forget_answered(),
            Event::Opened { question, .. } => {
                self.opened = self.seen.insert(*question).then_some(at);
                self.forget_answered();
            }
            Event::HandedOver { to } => self.in_charge = Some(*to),
            _ => {}
        }
    }

    /// The counts that were heard last were of the question before.
    fn forget_answered(&mut self) {
        if let Some(heard) = &mut self.heard {
            heard.answered.fill(0);
        }
    }

    /// Keeps how soon the first answer to an open question came, or the press was made, if that
    /// was too soon.
    fn time(&mut self, seat: LearnerId, at: Millis) {
        let (Some(opened), Some((question, asked))) = (self.opened, self.board.current()) else {
            return;
        };
        // Who has the floor has read the question before pressing.
        if self.board.phase != Phase::Open || asked.answers.contains_key(&seat) {
            return;
        }
        let ms = u32::try_from(at.since(opened).max(0)).unwrap_or(u32::MAX);
        if ms < QUICK {
            self.seat(seat).quick.insert(question, ms);
        }
    }

    /// Says whose phones are not heard of, of those who took their seats. Whoever joins again is
    /// here again.
    pub fn set_gone(&mut self, gone: BTreeSet<LearnerId>) {
        self.gone = gone;
    }

    /// Whose phones are not heard of, as was said last.
    #[must_use]
    pub const fn gone(&self) -> &BTreeSet<LearnerId> {
        &self.gone
    }

    /// Who took their seat on a device.
    pub fn joined(&self) -> impl Iterator<Item = LearnerId> {
        let seats = self.seats.iter();
        seats.filter_map(|(person, seat)| seat.device.map(|_| *person))
    }

    /// Whether a person took their seat and their phone is heard of.
    pub(super) fn is_here(&self, person: &LearnerId) -> bool {
        let seat = self.seats.get(person);
        seat.is_some_and(|seat| seat.device.is_some()) && !self.gone.contains(person)
    }

    fn seat(&mut self, seat: LearnerId) -> &mut Seat {
        self.seats.entry(seat).or_default()
    }

    /// The counts of now: of each team who is here, who is ready, and who has answered (while
    /// stakes are taken, whether it has staked). Made on the server a few times a second and sent
    /// to everyone as one snapshot, after the events up to its number.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let of_seats = |is_so: &dyn Fn(&LearnerId) -> bool| -> Vec<u32> {
            let teams = self.board.teams.iter();
            teams
                .map(|team| count(team.members.iter(), is_so))
                .collect()
        };
        Tally {
            number: self.number,
            present: of_seats(&|person| self.is_here(person)),
            ready: of_seats(&|person| self.seats.get(person).is_some_and(|seat| seat.ready)),
            answered: self.answered(),
        }
    }

    /// Takes the server's counts in, on a replica; older ones than its last event change nothing.
    pub fn take_tally(&mut self, tally: Tally) {
        let newest = self.heard.as_ref().map_or(0, |heard| heard.number);
        if tally.number >= newest.max(self.number) {
            self.heard = Some(tally);
        }
    }

    /// Whether everyone who is here and may answer the open question has answered, and anyone has:
    /// time to send the [`Self::tally`] at once. Nothing is closed by it, for answers may still be
    /// changed. Never so where pressing comes before answering. For the server and hosts to ask:
    /// the replica of a player knows of nobody else's answer.
    #[must_use]
    pub fn all_answered(&self) -> bool {
        let Some((number, asked)) = self.board.current() else {
            return false;
        };
        let is_buzzer = matches!(self.board.kind(&self.setup), Some(Kind::Buzzer { .. }));
        if self.board.phase != Phase::Open || is_buzzer || asked.answers.is_empty() {
            return false;
        }
        self.board.teams.iter().enumerate().all(|(index, team)| {
            let alone = self.board.answers_alone(&self.setup, number, index);
            team.members
                .iter()
                .filter(|seat| self.is_here(seat) && alone.is_none_or(|alone| alone == **seat))
                .all(|seat| asked.answers.contains_key(seat))
        })
    }

    /// How many of each team have answered the current question, or staked on it.
    pub(super) fn answered(&self) -> Vec<u32> {
        let teams = self.board.teams.iter();
        let Some((_, asked)) = self.board.current() else {
            return vec![0; teams.len()];
        };
        if let Some(answered) = &asked.answered {
            return answered.clone();
        }
        teams
            .map(|team| match self.board.kind(&self.setup) {
                // Turns are public, so that every replica counts the same.
                Some(Kind::Buzzer { .. }) => u32::from(
                    asked
                        .verdict_of(&team.members)
                        .is_some_and(|verdict| verdict != Verdict::Silent),
                ),
                Some(Kind::Wager { .. }) if self.board.phase == Phase::Stakes => {
                    count(team.members.iter(), |seat| asked.staked.contains_key(seat))
                }
                _ => count(team.members.iter(), |seat| asked.answers.contains_key(seat)),
            })
            .collect()
    }
}
