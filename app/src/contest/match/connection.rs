//! The page's connection to the match: it finds a road that works, comes back by itself, and keeps
//! what the server has not acknowledged until it has.
//!
//! The rule guarded here: an answer or a press that was made is on the phone until the server says
//! that it is stored, and goes out again after every return; the server takes a second copy for
//! what it is. There is one connection a page.

use super::live::{Line, Live, Notice, Waiting};
use super::transport::{self, Road, Wire};
use crate::browser;
use domain::contest::r#match::message::{Asked, Move, Told};
use domain::contest::r#match::{Event, Numbered, QuestionNumber, Refusal, Steer};
use domain::id::{DeviceId, LearnerId, MatchId};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How often the connection looks after itself, in milliseconds.
const TICK: u64 = 250;
/// How often it asks where nothing else works.
const POLL: i64 = 1_000;
/// The server pings a player each second and a half; after so long without, the line is dead.
const SILENCE: i64 = 6_000;
/// A wish that is not answered for so long was lost with its line.
const UNANSWERED: i64 = 5_000;
/// The longest pause before the next try: with what follows it, within two seconds.
const LONGEST_PAUSE: i64 = 1_600;
/// A page that was hidden for longer opens its line anew, for it may be dead without knowing.
const HIDDEN: i64 = 10_000;

thread_local! {
    static CONNECTION: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
}

struct Connection {
    live: Live,
    id: MatchId,
    player: Option<LearnerId>,
    public: bool,
    device: DeviceId,
    wire: RefCell<Option<Wire>>,
    road: Cell<Road>,
    /// Roads that worked on this page.
    worked: RefCell<Vec<Road>>,
    /// Counts the tries: what an earlier one says late is not heard.
    attempt: Cell<u32>,
    /// Failures in a row, on this road and at all.
    failed_here: Cell<u32>,
    failed: Cell<u32>,
    caught_up: Cell<bool>,
    opened: Cell<i64>,
    heard: Cell<i64>,
    again: Cell<i64>,
    polled: Cell<i64>,
    hidden: Cell<i64>,
    next: Cell<u64>,
    /// Whether this page had the seat once: then it asks before it takes it again.
    joined: Cell<bool>,
    seated: Cell<bool>,
    joining: Cell<u64>,
    steering: Cell<u64>,
}

/// Opens the page's connection: of a player, of a host, or as the public looks on.
pub fn open(live: Live, id: MatchId, player: Option<LearnerId>, public: bool) {
    let device = browser::in_session("zhijian.device").unwrap_or_else(|| {
        let device = DeviceId(browser::event_id().0);
        browser::keep_in_session("zhijian.device", &device);
        device
    });
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
        next: Cell::new(1),
        joined: Cell::new(browser::in_session(&joined_name(id)).unwrap_or(false)),
        seated: Cell::new(false),
        joining: Cell::new(0),
        steering: Cell::new(0),
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
    browser::on_window("page-leave", move || {
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

fn joined_name(id: MatchId) -> String {
    format!("zhijian.match.{id}.joined")
}

/// The question that a wish worth keeping on the phone is about.
const fn kept(play: &Move) -> Option<QuestionNumber> {
    match play {
        Move::Answer { question, .. } | Move::Press { question, .. } | Move::Stake { question, .. } => {
            Some(*question)
        }
        Move::Join | Move::Ready | Move::Hidden { .. } => None,
    }
}

impl Connection {
    fn path(&self, what: &str) -> String {
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
    fn fail(&self, weight: u32) {
        self.close();
        self.failed.set(self.failed.get() + 1);
        self.failed_here.set(self.failed_here.get() + weight);
        let road = self.road.get();
        let patience = if self.worked.borrow().contains(&road) { 6 } else { 2 };
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
        } else if !self.caught_up.get() || now - self.hidden.get() > HIDDEN {
            self.wake();
        }
    }

    fn tick(self: &Rc<Self>) {
        let now = browser::now();
        let time = self.live.replica.try_with_untracked(|replica| replica.server_time(now));
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
            waiting.iter().map(|w| w.sent).filter(|sent| *sent > 0).min()
        });
        let unanswered = oldest.flatten().is_some_and(|sent| now - sent > UNANSWERED);
        let silent = road == Road::Socket && self.player.is_some() && now - self.heard.get() > SILENCE;
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

    fn poll(self: &Rc<Self>) {
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
                Told::Done { .. } | Told::Refused { .. } | Told::Failed { .. } => {}
                _ => shows = true,
            }
        }
        if shows {
            self.live.replica.try_update(|replica| {
                frame.iter().for_each(|told| replica.take(told, now));
            });
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
        self.live.awake.try_set(true);
        self.sit();
        self.flush();
    }

    /// Takes the seat, unless this page had it and another one has it now.
    fn sit(self: &Rc<Self>) {
        if self.player.is_none() || self.joining.get() > 0 {
            return;
        }
        let device = self.live.replica.try_with_untracked(|replica| replica.device());
        if device.flatten() == Some(self.device) {
            self.sat();
        } else if self.joined.get() {
            self.live.taken.try_set(true);
        } else {
            self.join();
        }
    }

    fn join(self: &Rc<Self>) {
        let id = self.fresh();
        self.joining.set(id);
        self.send(&Asked::Play {
            id,
            device: self.device,
            play: Move::Join,
        });
    }

    fn sat(self: &Rc<Self>) {
        self.joining.set(0);
        self.joined.set(true);
        self.seated.set(true);
        browser::keep_in_session(&joined_name(self.id), &true);
        self.live.taken.try_set(false);
        self.flush();
    }

    /// What an event says of the own seat.
    fn notice(&self, event: &Event) {
        let lost = match event {
            Event::Joined { seat, device } => {
                Some(*seat) == self.player && *device != self.device
            }
            Event::PutBack { seat } => Some(*seat) == self.player,
            _ => false,
        };
        if lost && self.seated.replace(false) {
            self.live.taken.try_set(true);
        }
    }

    fn play(self: &Rc<Self>, play: Move) {
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

    /// Sends what waits and was not sent on this line.
    fn flush(self: &Rc<Self>) {
        if !self.caught_up.get() || !self.seated.get() {
            return;
        }
        let now = browser::now();
        let unsent = self.live.waiting.try_with_untracked(|waiting| {
            waiting.iter().filter(|w| w.sent == 0).cloned().collect::<Vec<_>>()
        });
        let unsent = unsent.unwrap_or_default();
        if unsent.is_empty() {
            return;
        }
        self.live.waiting.try_update_untracked(|waiting| {
            waiting.iter_mut().filter(|w| w.sent == 0).for_each(|w| w.sent = now);
        });
        for w in unsent {
            self.send(&Asked::Play {
                id: w.id,
                device: self.device,
                play: w.play,
            });
        }
    }

    fn steer(self: &Rc<Self>, steer: Steer) {
        if self.steering.get() > 0 || !self.caught_up.get() {
            return;
        }
        let id = self.fresh();
        self.steering.set(id);
        self.live.steering.try_set(true);
        self.live.notice.try_set(None);
        let expects = self.live.replica.try_with_untracked(|replica| replica.number());
        self.send(&Asked::Steer {
            id,
            expects: expects.unwrap_or(0),
            steer,
        });
    }

    fn settle_step(&self) {
        self.steering.set(0);
        self.live.steering.try_set(false);
    }

    /// What the server says of a wish.
    fn answered(self: &Rc<Self>, id: u64, notice: Option<Notice>) {
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
                self.live.waiting.try_update(|waiting| {
                    waiting.iter_mut().filter(|w| w.id == id).for_each(|w| w.sent = 0);
                });
                self.live.notice.try_set(notice);
            }
            // It is worth something still: it goes out when the seat is taken again.
            Some(Notice::Refused(Refusal::NotJoined | Refusal::TakenOver)) => {
                self.seated.set(false);
                self.live.taken.try_set(true);
                self.live.waiting.try_update(|waiting| {
                    waiting.iter_mut().filter(|w| w.id == id).for_each(|w| w.sent = 0);
                });
            }
            _ => {
                let done = self.live.waiting.try_update(|waiting| {
                    let at = waiting.iter().position(|w| w.id == id)?;
                    Some(waiting.remove(at))
                });
                self.keep();
                let said = done.flatten().is_some_and(|w| !matches!(w.play, Move::Hidden { .. }));
                if said && notice.is_some() {
                    self.live.notice.try_set(notice);
                }
            }
        }
    }

    fn send(self: &Rc<Self>, asked: &Asked) {
        match &*self.wire.borrow() {
            Some(Wire::Socket(socket)) => {
                // What can not be sent is not answered, and the line is taken for dead.
                let _ = socket.send_with_str(&serde_json::to_string(asked).unwrap_or_default());
            }
            Some(Wire::Events(_) | Wire::Polling) => self.post(asked.clone()),
            None => {}
        }
    }

    fn post(self: &Rc<Self>, asked: Asked) {
        let (this, attempt) = (self.clone(), self.attempt.get());
        let id = match &asked {
            Asked::Play { id, .. } | Asked::Steer { id, .. } => *id,
            Asked::Pong { .. } => return,
        };
        transport::post(format!("/matches/{}/wish", self.id), asked, move |told| {
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

    fn fresh(&self) -> u64 {
        self.next.replace(self.next.get() + 1)
    }

    fn store_name(&self) -> String {
        format!("zhijian.match.{}", self.id)
    }

    /// Keeps a copy on the phone of what was answered and pressed.
    fn keep(&self) {
        let waiting = self.live.waiting.try_with_untracked(|waiting| {
            waiting.iter().filter(|w| kept(&w.play).is_some()).cloned().collect::<Vec<_>>()
        });
        match waiting {
            Some(waiting) if !waiting.is_empty() => browser::store(&self.store_name(), &waiting),
            _ => browser::forget(&self.store_name()),
        }
    }

    /// What an earlier page left on the phone waits again.
    fn remember(&self) {
        if self.player.is_none() {
            return;
        }
        let mut waiting: Vec<Waiting> = browser::stored(&self.store_name()).unwrap_or_default();
        waiting.iter_mut().for_each(|w| w.id = self.fresh());
        self.live.waiting.set(waiting);
    }
}
