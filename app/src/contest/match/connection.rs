//! The page's connection to the match: it finds a road that works, comes back by itself, and keeps
//! what the server has not acknowledged until it has.
//!
//! The rule guarded here: an answer or a press that was made is on the phone until the server says
//! that it is stored, and goes out again after every return; the server takes a second copy for
//! what it is. There is one connection a page; what it asks for is in [`super::wishes`].

use super::away::Away;
use super::device;
use super::live::{Line, Live, Notice};
use super::replica::Replica;
use super::transport::{self, Road, Wire};
use super::wishes::joined_name;
use crate::browser;
use domain::contest::r#match::message::{Asked, Move, Told};
use domain::contest::r#match::{Numbered, QuestionNumber, Steer};
use domain::id::{DeviceId, LearnerId, MatchId};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How often the connection looks after itself, in milliseconds.
const TICK: u64 = 250;
/// How often it asks where nothing else works.
const POLL: i64 = 1_000;
/// How often the server is heard at least, in milliseconds: by players and hosts, and by the public,
/// who are many.
const BEAT: i64 = 1_500;
const PUBLIC_BEAT: i64 = 5_000;
/// So much later than at a beat without anything, and the line is dead.
const SILENCE: i64 = 4_500;
/// A wish that is not answered for so long was lost with its line.
const UNANSWERED: i64 = 5_000;
/// The longest pause before the next try: with what follows it, within two seconds.
const LONGEST_PAUSE: i64 = 1_600;
/// A page that was hidden for longer opens its line anew: it may be dead, and what came before it
/// died may be heard only now.
const HIDDEN: i64 = 1_500;

thread_local! {
    static CONNECTION: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
}

pub(super) struct Connection {
    pub(super) live: Live,
    pub(super) id: MatchId,
    pub(super) player: Option<LearnerId>,
    pub(super) public: bool,
    pub(super) device: DeviceId,
    pub(super) wire: RefCell<Option<Wire>>,
    pub(super) road: Cell<Road>,
    /// Roads that worked on this page.
    pub(super) worked: RefCell<Vec<Road>>,
    /// Counts the tries: what an earlier one says late is not heard.
    pub(super) attempt: Cell<u32>,
    /// Failures in a row, on this road and at all.
    pub(super) failed_here: Cell<u32>,
    pub(super) failed: Cell<u32>,
    pub(super) caught_up: Cell<bool>,
    pub(super) opened: Cell<i64>,
    pub(super) heard: Cell<i64>,
    pub(super) again: Cell<i64>,
    pub(super) polled: Cell<i64>,
    pub(super) hidden: Cell<i64>,
    /// When a player's page was hidden, until that is told; and what was told of each question.
    pub(super) away: Cell<Option<Away>>,
    pub(super) told_away: RefCell<BTreeMap<QuestionNumber, i64>>,
    pub(super) next: Cell<u64>,
    /// Whether this page had the seat once: then it asks before it takes it again.
    pub(super) joined: Cell<bool>,
    pub(super) seated: Cell<bool>,
    pub(super) joining: Cell<u64>,
    pub(super) steering: Cell<u64>,
    /// Whether the answer to a ping is on its way by POST.
    pub(super) ponging: Cell<bool>,
    /// When the server last said that it could not store something: it is given a moment.
    pub(super) stumbled: Cell<i64>,
}

/// Opens the page's connection: of a player, of a host, or as the public looks on.
pub fn open(live: Live, id: MatchId, player: Option<LearnerId>, public: bool) {
    let (device, was_here) = device::take();
    let now = browser::now();
    let connection = Rc::new(Connection {
        live,
        id,
        player,
        public,
        device,
        wire: RefCell::new(None),
        road: Cell::new(Road::Socket),
        worked: RefCell::new(Vec::new()),
        attempt: Cell::new(0),
        failed_here: Cell::new(0),
        failed: Cell::new(0),
        caught_up: Cell::new(false),
        opened: Cell::new(now),
        heard: Cell::new(now),
        again: Cell::new(now),
        polled: Cell::new(0),
        hidden: Cell::new(0),
        away: Cell::new(None),
        told_away: RefCell::default(),
        next: Cell::new(1),
        joined: Cell::new(was_here && browser::in_session(&joined_name(id)) == Some(player)),
        seated: Cell::new(false),
        joining: Cell::new(0),
        steering: Cell::new(0),
        ponging: Cell::new(false),
        stumbled: Cell::new(0),
    });
    connection.remember();
    CONNECTION.set(Some(connection.clone()));
    let this = connection.clone();
    browser::every(TICK, move || this.tick());
    let this = connection.clone();
    browser::on_window("online", move || this.wake());
    let this = connection.clone();
    browser::on_window("offline", move || this.lost());
    let this = connection.clone();
    browser::on_window("visibilitychange", move || this.visible());
    let this = connection.clone();
    browser::on_window("pagehide", move || device::lay_down(this.device));
    let this = connection.clone();
    browser::on_window("page-leave", move || {
        device::lay_down(this.device);
        this.close();
        CONNECTION.set(None);
    });
    connection.connect();
}

fn with(act: impl FnOnce(&Rc<Connection>)) {
    let connection = CONNECTION.with_borrow(Clone::clone);
    if let Some(connection) = connection {
        act(&connection);
    }
}

/// Asks for something as a player.
pub fn play(play: Move) {
    with(|connection| connection.play(play));
}

/// Takes the seat on this device.
pub fn take_seat() {
    with(|connection| connection.join());
}

/// Asks for a step as a host; one at a time.
pub fn steer(steer: Steer) {
    with(|connection| connection.steer(steer));
}

impl Connection {
    pub(super) fn path(&self, what: &str) -> String {
        let after = self
            .live
            .replica
            .try_with_untracked(|replica| replica.number())
            .unwrap_or(0);
        let public = self.public;
        format!("/matches/{}/{what}?after={after}&public={public}", self.id)
    }

    fn connect(self: &Rc<Self>) {
        self.close();
        let attempt = self.attempt.get() + 1;
        self.attempt.set(attempt);
        let now = browser::now();
        self.opened.set(now);
        self.heard.set(now);
        let hear = {
            let this = self.clone();
            move |text: String| {
                if this.attempt.get() == attempt {
                    this.hear(&text);
                }
            }
        };
        let ended = {
            let this = self.clone();
            move || {
                if this.attempt.get() == attempt {
                    this.fail(1);
                }
            }
        };
        let wire = match self.road.get() {
            Road::Socket => transport::socket(&self.path("live"), hear, ended),
            Road::Events => transport::events(&self.path("events"), hear, ended),
            Road::Polling => Some(Wire::Polling),
        };
        let is_open = wire.is_some();
        *self.wire.borrow_mut() = wire;
        if !is_open {
            self.fail(2);
        } else if self.road.get() == Road::Polling {
            self.poll();
        }
    }

    fn close(&self) {
        self.attempt.set(self.attempt.get() + 1);
        self.caught_up.set(false);
        self.seated.set(false);
        self.joining.set(0);
        self.ponging.set(false);
        self.stumbled.set(0);
        self.settle_step();
        if let Some(wire) = self.wire.borrow_mut().take() {
            wire.close();
        }
        self.live.waiting.try_update(|waiting| {
            waiting.retain(|w| !matches!(w.play, Move::Hidden { .. }));
            waiting.iter_mut().for_each(|w| w.sent = 0);
        });
    }

    /// This try led nowhere, or its line is dead. `weight` 2 gives the road up at once, unless it
    /// has worked before: then rather the server or the network is away.
    pub(super) fn fail(&self, weight: u32) {
        self.close();
        self.failed.set(self.failed.get() + 1);
        self.failed_here.set(self.failed_here.get() + weight);
        let road = self.road.get();
        let patience = if self.worked.borrow().contains(&road) {
            6
        } else {
            2
        };
        if window().navigator().on_line() && self.failed_here.get() >= patience {
            self.road.set(road.next());
            self.failed_here.set(0);
        }
        if self.live.line.try_get_untracked() == Some(Line::Open) || self.failed.get() > 2 {
            self.live.line.try_set(Line::Lost);
        }
        let most = (100 << self.failed.get().min(8)).min(LONGEST_PAUSE);
        let jitter = 0.5 + js_sys::Math::random() / 2.0;
        let pause = (most as f64 * jitter) as i64;
        self.again.set(browser::now() + pause);
    }

    /// The phone says that there is no network.
    fn lost(&self) {
        self.close();
        if self.live.line.try_get_untracked() == Some(Line::Open) {
            self.live.line.try_set(Line::Lost);
        }
        self.again.set(browser::now() + LONGEST_PAUSE);
    }

    /// There is a network again: back at once, and by the best road that ever worked.
    fn wake(self: &Rc<Self>) {
        self.failed.set(0);
        self.failed_here.set(0);
        if self.worked.borrow().contains(&Road::Socket) {
            self.road.set(Road::Socket);
        }
        self.connect();
    }

    fn visible(self: &Rc<Self>) {
        let now = browser::now();
        if document().visibility_state() == web_sys::VisibilityState::Hidden {
            self.hidden.set(now);
            self.went(None);
            device::lay_down(self.device);
        } else {
            device::hold();
            self.went(Some(now));
            if !self.caught_up.get() || now - self.hidden.get() > HIDDEN {
                self.wake();
            } else {
                self.tell_away();
            }
        }
    }

    fn tick(self: &Rc<Self>) {
        let now = browser::now();
        let time = self
            .live
            .replica
            .try_with_untracked(|replica| replica.server_time(now));
        self.live.now.try_set(time.unwrap_or(now));
        if self.wire.borrow().is_none() {
            if self.again.get() <= now {
                self.connect();
            }
            return;
        }
        let road = self.road.get();
        if !self.caught_up.get() {
            if now - self.opened.get() > road.patience() {
                self.fail(2);
            }
            return;
        }
        let oldest = self.live.waiting.try_with_untracked(|waiting| {
            waiting
                .iter()
                .map(|w| w.sent)
                .filter(|sent| *sent > 0)
                .min()
        });
        let unanswered = oldest.flatten().is_some_and(|sent| now - sent > UNANSWERED);
        let beat = if self.public { PUBLIC_BEAT } else { BEAT };
        let silent = road != Road::Polling && now - self.heard.get() > beat + SILENCE;
        if unanswered || silent {
            return self.fail(1);
        }
        if road == Road::Polling && now - self.polled.get() >= POLL {
            self.poll();
        }
        if self.player.is_some() && !self.seated.get() {
            self.sit();
        }
        self.flush();
    }

    pub(super) fn poll(self: &Rc<Self>) {
        self.polled.set(i64::MAX / 2); // the next one not before this one came back
        let (this, attempt) = (self.clone(), self.attempt.get());
        transport::poll(self.path("log"), move |text| {
            if this.attempt.get() != attempt {
                return;
            }
            this.polled.set(browser::now());
            match text {
                Some(text) => this.hear(&text),
                None => this.fail(1),
            }
        });
    }

    fn hear(self: &Rc<Self>, text: &str) {
        let received = browser::micros();
        let Ok(frame) = serde_json::from_str::<Vec<Told>>(text) else {
            return;
        };
        if frame.contains(&Told::SignedOut) {
            // What waits is on the phone, and goes out after signing in.
            self.close();
            self.again.set(i64::MAX);
            return browser::sign_in();
        }
        let now = browser::now();
        self.heard.set(now);
        let mut shows = false;
        for told in &frame {
            match told {
                Told::Ping { id } => self.send(&Asked::Pong {
                    id: *id,
                    received,
                    sent: browser::micros(),
                }),
                Told::SignedOut
                | Told::Hello { .. }
                | Told::Done { .. }
                | Told::Refused { .. }
                | Told::Failed { .. } => {}
                _ => shows = true,
            }
        }
        let take = |replica: &mut Replica| frame.iter().for_each(|told| replica.take(told, now));
        if shows {
            self.live.replica.try_update(take);
        } else {
            self.live.replica.try_update_untracked(take); // a clock at most
        }
        let is_whole = frame.iter().any(|told| matches!(told, Told::Tally(_)));
        if is_whole && !self.caught_up.get() {
            self.catch_up();
        }
        for told in &frame {
            match told {
                Told::Event(Numbered { event, .. }) => self.notice(event),
                Told::Done { id, .. } => self.answered(*id, None),
                Told::Refused { id, why } => self.answered(*id, Some(Notice::Refused(*why))),
                Told::Failed { id } => self.answered(*id, Some(Notice::Failed)),
                _ => {}
            }
        }
    }

    /// Everything missed was told.
    fn catch_up(self: &Rc<Self>) {
        self.caught_up.set(true);
        self.failed.set(0);
        self.failed_here.set(0);
        let road = self.road.get();
        if !self.worked.borrow().contains(&road) {
            self.worked.borrow_mut().push(road);
        }
        self.live.line.try_set(Line::Open);
        if self.live.awake.try_get_untracked() == Some(false) {
            // What the server made goes, or every heading would be there twice.
            if let Ok(Some(first)) = document().query_selector(".first-view") {
                first.remove();
            }
            self.live.awake.try_set(true);
        }
        self.forget_stale();
        self.tell_away();
        self.sit();
        self.flush();
    }
}
