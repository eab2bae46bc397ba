//! What a page asks of the server over its connection: the seat, answers and presses, steps.
//!
//! The rule guarded here: what was answered or pressed is kept on the phone until the server has
//! acknowledged it, and asked again on every new line.

use super::away::Away;
use super::connection::Connection;
use super::live::{Notice, Waiting};
use super::transport::{self, Road, Wire};
use crate::browser;
use domain::contest::r#match::message::{Asked, Move, Told};
use domain::contest::r#match::{Event, QuestionNumber, Refusal, Steer};
use domain::id::MatchId;
use leptos::prelude::*;
use std::rc::Rc;

/// What the server could not store is sent again after so long, in milliseconds.
const MOMENT: i64 = 1_000;

/// Under which name the tab remembers that it had the seat.
pub(super) fn joined_name(id: MatchId) -> String {
    format!("zhijian.match.{id}.joined")
}

/// The question that a wish worth keeping on the phone is about.
const fn kept(play: &Move) -> Option<QuestionNumber> {
    match play {
        Move::Answer { question, .. }
        | Move::Press { question, .. }
        | Move::Stake { question, .. } => Some(*question),
        Move::Join | Move::Ready | Move::Hidden { .. } => None,
    }
}

impl Connection {
    /// Takes the seat, unless this page had it and another one has it now.
    pub(super) fn sit(self: &Rc<Self>) {
        if self.player.is_none() || self.joining.get() > 0 {
            return;
        }
        let device = self
            .live
            .replica
            .try_with_untracked(|replica| replica.device());
        if device.flatten() == Some(self.device) {
            self.sat();
        } else if self.joined.get() {
            self.live.taken.try_set(true);
        } else {
            self.join();
        }
    }

    pub(super) fn join(self: &Rc<Self>) {
        let id = self.fresh();
        self.joining.set(id);
        self.send(&Asked::Play {
            id,
            device: self.device,
            play: Move::Join,
        });
    }

    pub(super) fn sat(self: &Rc<Self>) {
        self.joining.set(0);
        self.joined.set(true);
        self.seated.set(true);
        browser::keep_in_session(&joined_name(self.id), &self.player);
        self.live.taken.try_set(false);
        self.flush();
    }

    /// What an event says of the own seat.
    pub(super) fn notice(&self, event: &Event) {
        let lost = match event {
            Event::Joined { seat, device } => Some(*seat) == self.player && *device != self.device,
            Event::PutBack { seat } => Some(*seat) == self.player,
            _ => false,
        };
        if lost && self.seated.replace(false) {
            self.live.taken.try_set(true);
        }
    }

    pub(super) fn play(self: &Rc<Self>, play: Move) {
        let about = kept(&play);
        let kind = std::mem::discriminant(&play);
        self.live.notice.try_set(None);
        let id = self.fresh();
        self.live.waiting.try_update(|waiting| {
            // A later answer to the same question stands for the earlier ones.
            waiting.retain(|w| std::mem::discriminant(&w.play) != kind || kept(&w.play) != about);
            waiting.push(Waiting { id, play, sent: 0 });
        });
        self.keep();
        self.flush();
    }

    /// Lets go of a press that was made for an earlier opening of the question that is open now;
    /// the server would refuse it, if it knew the phone's clock. The person may press again.
    pub(super) fn forget_stale(&self) {
        let is_stale = |w: &Waiting| match w.play {
            Move::Press { question, pressed } => self
                .live
                .replica
                .try_with_untracked(|replica| replica.is_stale(question, pressed))
                .unwrap_or(false),
            _ => false,
        };
        let waits = |waiting: &Vec<Waiting>| waiting.iter().any(is_stale);
        if self.live.waiting.try_with_untracked(waits) == Some(true) {
            self.live
                .waiting
                .try_update(|waiting| waiting.retain(|w| !is_stale(w)));
            self.keep();
            let early = Notice::Refused(Refusal::TooEarly);
            self.live.notice.try_set(Some(early));
        }
    }

    /// Sends what waits and was not sent on this line.
    pub(super) fn flush(self: &Rc<Self>) {
        if !self.caught_up.get() || !self.seated.get() {
            return;
        }
        let now = browser::now();
        if now - self.stumbled.get() < MOMENT {
            return;
        }
        let unsent = self.live.waiting.try_with_untracked(|waiting| {
            waiting
                .iter()
                .filter(|w| w.sent == 0)
                .cloned()
                .collect::<Vec<_>>()
        });
        let unsent = unsent.unwrap_or_default();
        if unsent.is_empty() {
            return;
        }
        self.live.waiting.try_update_untracked(|waiting| {
            waiting
                .iter_mut()
                .filter(|w| w.sent == 0)
                .for_each(|w| w.sent = now);
        });
        for w in unsent {
            self.send(&Asked::Play {
                id: w.id,
                device: self.device,
                play: w.play,
            });
        }
    }

    pub(super) fn steer(self: &Rc<Self>, steer: Steer) {
        if self.steering.get() > 0 || !self.caught_up.get() {
            return;
        }
        let id = self.fresh();
        self.steering.set(id);
        self.live.steering.try_set(true);
        self.live.notice.try_set(None);
        let expects = self
            .live
            .replica
            .try_with_untracked(|replica| replica.number());
        self.send(&Asked::Steer {
            id,
            expects: expects.unwrap_or(0),
            steer,
        });
    }

    pub(super) fn settle_step(&self) {
        self.steering.set(0);
        self.live.steering.try_set(false);
    }

    /// What the server says of a wish.
    pub(super) fn answered(self: &Rc<Self>, id: u64, notice: Option<Notice>) {
        if id == self.joining.get() {
            self.joining.set(0);
            match notice {
                None => self.sat(),
                Some(Notice::Failed) => {} // the next tick asks again
                Some(refused) => {
                    self.seated.set(true); // it would be refused again
                    self.live.notice.try_set(Some(refused));
                }
            }
            return;
        }
        if id == self.steering.get() {
            self.settle_step();
            self.live.notice.try_set(notice);
            return;
        }
        match notice {
            Some(Notice::Failed) => {
                self.stumbled.set(browser::now());
                self.live.waiting.try_update(|waiting| {
                    waiting
                        .iter_mut()
                        .filter(|w| w.id == id)
                        .for_each(|w| w.sent = 0);
                });
                self.live.notice.try_set(notice);
            }
            // It is worth something still: it goes out when the seat is taken again.
            Some(Notice::Refused(Refusal::NotJoined | Refusal::TakenOver)) => {
                self.seated.set(false);
                self.live.taken.try_set(true);
                self.live.waiting.try_update(|waiting| {
                    waiting
                        .iter_mut()
                        .filter(|w| w.id == id)
                        .for_each(|w| w.sent = 0);
                });
            }
            _ => {
                let done = self.live.waiting.try_update(|waiting| {
                    let at = waiting.iter().position(|w| w.id == id)?;
                    Some(waiting.remove(at))
                });
                self.keep();
                let said = done
                    .flatten()
                    .is_some_and(|w| !matches!(w.play, Move::Hidden { .. }));
                if said && notice.is_some() {
                    self.live.notice.try_set(notice);
                }
            }
        }
    }

    pub(super) fn send(self: &Rc<Self>, asked: &Asked) {
        match &*self.wire.borrow() {
            Some(Wire::Socket(socket)) => {
                // What can not be sent is not answered, and the line is taken for dead.
                let _ = socket.send_with_str(&serde_json::to_string(asked).unwrap_or_default());
            }
            Some(Wire::Events(_) | Wire::Polling) => match asked {
                Asked::Pong { .. } => self.pong(asked.clone()),
                _ => self.post(asked.clone()),
            },
            None => {}
        }
    }

    fn wish_path(&self) -> String {
        format!("/matches/{}/wish", self.id)
    }

    /// Answers a ping by POST, unless another answer is on its way: one that waits for a free
    /// connection says nothing of the network, and a press must not wait behind it.
    fn pong(self: &Rc<Self>, pong: Asked) {
        if self.ponging.replace(true) {
            return;
        }
        let this = self.clone();
        transport::post(self.wish_path(), pong, move |_| this.ponging.set(false));
    }

    fn post(self: &Rc<Self>, asked: Asked) {
        let (this, attempt) = (self.clone(), self.attempt.get());
        let id = match &asked {
            Asked::Play { id, .. } | Asked::Steer { id, .. } => *id,
            Asked::Pong { .. } => return,
        };
        transport::post(self.wish_path(), asked, move |told| {
            if this.attempt.get() != attempt {
                return;
            }
            for told in told.unwrap_or_else(|| vec![Told::Failed { id }]) {
                match told {
                    Told::Done { id, .. } => this.answered(id, None),
                    Told::Refused { id, why } => this.answered(id, Some(Notice::Refused(why))),
                    Told::Failed { id } => this.answered(id, Some(Notice::Failed)),
                    _ => {}
                }
            }
            if this.road.get() == Road::Polling {
                this.poll(); // what it changed is wanted at once
            }
        });
    }

    pub(super) fn fresh(&self) -> u64 {
        self.next.replace(self.next.get() + 1)
    }

    /// A player's page is hidden, or is seen again at `back`.
    pub(super) fn went(&self, back: Option<i64>) {
        let away = self.live.replica.try_with_untracked(|replica| {
            let away = self.away.get().map(|away| away.seen(replica, back));
            away.or_else(|| (back.is_none()).then(|| Away::new(replica, browser::now())))
        });
        if self.player.is_some() {
            self.away.set(away.flatten());
        }
    }

    /// Tells for how long the page was hidden during questions, all times together.
    pub(super) fn tell_away(self: &Rc<Self>) {
        let during = |away: Away| {
            let replica = self.live.replica;
            replica.try_with_untracked(|replica| away.during(replica))
        };
        let is_back = document().visibility_state() != web_sys::VisibilityState::Hidden;
        let Some(away) = self.away.get().filter(|_| is_back) else {
            return;
        };
        self.away.set(None);
        for (question, ms) in during(away).unwrap_or_default() {
            let mut told = self.told_away.borrow_mut();
            let all = told.entry(question).or_default();
            *all += ms;
            let ms = u32::try_from(*all).unwrap_or(u32::MAX);
            drop(told);
            self.play(Move::Hidden { question, ms });
        }
    }

    /// Where a copy of the player's answers is kept; whoever signs in on this phone next has another.
    fn store_name(&self) -> String {
        let player = self.player.map(|player| player.to_string());
        format!("zhijian.match.{}.{}", self.id, player.unwrap_or_default())
    }

    /// Keeps a copy on the phone of what was answered and pressed.
    fn keep(&self) {
        let waiting = self.live.waiting.try_with_untracked(|waiting| {
            waiting
                .iter()
                .filter(|w| kept(&w.play).is_some())
                .cloned()
                .collect::<Vec<_>>()
        });
        match waiting {
            Some(waiting) if !waiting.is_empty() => browser::store(&self.store_name(), &waiting),
            _ => browser::forget(&self.store_name()),
        }
    }

    /// What an earlier page left on the phone waits again.
    pub(super) fn remember(&self) {
        if self.player.is_none() {
            return;
        }
        let mut waiting: Vec<Waiting> = browser::stored(&self.store_name()).unwrap_or_default();
        waiting.iter_mut().for_each(|w| w.id = self.fresh());
        self.live.waiting.set(waiting);
    }
}
