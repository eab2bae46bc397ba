//! One match as one process plays it: a task that decides, stores, and tells, in this order.

use super::shown::{Entered, Shown, Text};
use super::store;
use crate::db::Db;
use crate::{Error, Result, clock, id};
use domain::contest::buzzer::{self, Claim, Link, Pings};
use domain::contest::r#match::message::Move;
use domain::contest::r#match::{
    Actor, Audience, Command, Event, Match, Numbered, Phase, Play, Refusal, Secrets, Steer, Tally,
    decide,
};
use domain::contest::quick::CLOCKWORK;
use domain::id::{DeviceId, LearnerId, MatchId};
use domain::time::Millis;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};

/// Wishes that wait; who comes then waits at the door.
const QUEUE: usize = 4_096;
/// The counts are told at most this often.
const TALLY: Duration = Duration::from_millis(250);
/// A phone that is not heard of for so long, in microseconds, is gone. It is pinged every second and a
/// half, or asks every second.
const GRACE: i64 = 6_000_000;
/// How often a process looks for what another one wrote, when nobody told it, and tells the others
/// which phones it hears.
const LOOK: Duration = Duration::from_secs(2);

/// What someone wishes of a match.
#[derive(Debug, Clone)]
pub enum Wish {
    /// A player.
    Play {
        /// Who.
        seat: LearnerId,
        /// The page.
        device: DeviceId,
        /// What.
        play: Move,
        /// When it arrived, in microseconds by [`clock::micros`].
        received: i64,
    },
    /// A host.
    Steer {
        /// Who.
        host: LearnerId,
        /// The number of the event that they saw last.
        expects: u64,
        /// What.
        steer: Steer,
    },
}

impl Wish {
    /// When it arrived, where that is what counts: a player's time is over or not when they ask,
    /// and what they ask comes before a step that they can not have seen yet.
    const fn received(&self) -> Option<i64> {
        match self {
            Self::Play { received, .. } => Some(*received),
            Self::Steer { .. } => None,
        }
    }
}

/// The number of the last event of the match when the wish was done, or why it was refused.
type Outcome = Result<std::result::Result<u64, Refusal>>;

struct Ask {
    wish: Wish,
    answer: oneshot::Sender<Outcome>,
}

/// What waits to be decided. Who takes it out is the task that plays, or the transaction in which
/// that decides, never both at once.
type Queue = Arc<tokio::sync::Mutex<mpsc::Receiver<Ask>>>;

/// A match as one process plays it.
#[derive(Clone)]
pub struct Room {
    asks: mpsc::Sender<Ask>,
    shown: Arc<Mutex<Shown>>,
    phones: Phones,
    news: Arc<Notify>,
}

/// What is known of the phones' clocks. Each process knows what it measured itself: a phone's
/// pings, pongs and presses are told apart by one clock, and that is the machine's.
#[derive(Clone)]
struct Phones {
    known: Arc<Mutex<HashMap<LearnerId, Phone>>>,
    /// Since when this process listens: nobody is gone who could not have been heard.
    since: i64,
}

#[derive(Default)]
struct Phone {
    link: Link,
    pings: Pings,
    /// When it was heard of here.
    heard: i64,
    /// When another process said that it hears it.
    elsewhere: i64,
}

impl Phones {
    fn with<T>(&self, seat: LearnerId, act: impl FnOnce(&mut Phone) -> T) -> T {
        act(locked(&self.known).entry(seat).or_default())
    }

    /// Who of those who took their seats is not heard of.
    fn gone(&self, joined: impl Iterator<Item = LearnerId>) -> BTreeSet<LearnerId> {
        let oldest = clock::micros().saturating_sub(GRACE);
        let known = locked(&self.known);
        let is_gone = |seat: &LearnerId| {
            let phone = known.get(seat);
            let heard = phone.map_or(0, |phone| phone.heard.max(phone.elsewhere));
            heard.max(self.since) < oldest
        };
        joined.filter(is_gone).collect()
    }

    /// Whether each of the seats was heard of here since the last time that this was told.
    fn bits(&self, seats: &[LearnerId]) -> Vec<u8> {
        let oldest = clock::micros().saturating_sub(i64::try_from(LOOK.as_micros()).unwrap_or(0));
        let known = locked(&self.known);
        let is_heard = |seat: &LearnerId| {
            let phone = known.get(seat);
            phone.is_some_and(|phone| phone.heard >= oldest)
        };
        let bits = |eight: &[LearnerId]| {
            let bits = eight.iter().enumerate();
            bits.fold(0, |byte, (n, seat)| byte | u8::from(is_heard(seat)) << n)
        };
        seats.chunks(8).map(bits).collect()
    }

    /// Takes in the bits of another process.
    fn take(&self, seats: &[LearnerId], bits: &[u8]) {
        let now = clock::micros();
        for (eight, byte) in seats.chunks(8).zip(bits) {
            for (n, seat) in eight.iter().enumerate() {
                if byte >> n & 1 == 1 {
                    self.with(*seat, |phone| phone.elsewhere = now);
                }
            }
        }
    }
}

/// Nothing is left half done under these locks, so a panic elsewhere does not spoil what they hold.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Room {
    pub(super) async fn open(db: Db, id: MatchId) -> Result<Self> {
        let kept = store::kept(&db, id).await?;
        let game = Match::new(kept.setup);
        let mut shown = Shown::new(game, kept.sealed);
        shown.take(&store::log(&db, id, 0).await?);
        let game = shown.game().clone();
        let (asks, queue) = mpsc::channel(QUEUE);
        let room = Self {
            asks,
            shown: Arc::new(Mutex::new(shown)),
            phones: Phones {
                known: Arc::default(),
                since: clock::micros(),
            },
            news: Arc::default(),
        };
        let player = Player {
            id,
            db,
            secrets: kept.secrets,
            game,
            shown: room.shown.clone(),
            phones: room.phones.clone(),
            news: room.news.clone(),
            told: None,
        };
        tokio::spawn(player.run(queue));
        Ok(room)
    }

    /// Asks for something and waits until it is stored and told to everyone, or refused.
    ///
    /// # Errors
    /// [`Error::Fault`] when it could not be stored; it may be asked again.
    pub async fn ask(&self, wish: Wish) -> Outcome {
        if let Wish::Play { seat, received, .. } = &wish {
            self.phones.with(*seat, |phone| phone.heard = *received);
        }
        let (answer, answered) = oneshot::channel();
        let gone = || Error::Fault(anyhow::anyhow!("not stored, or not played here any more"));
        let asked = self.asks.send(Ask { wish, answer }).await;
        asked.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Lets a page look on that has seen everything up to an event.
    #[must_use]
    pub fn enter(&self, audience: Audience, after: u64) -> Entered {
        locked(&self.shown).enter(audience, after)
    }

    /// What a page has missed since an event, for those who ask now and then: by asking, a player is
    /// heard of.
    #[must_use]
    pub fn missed(&self, audience: &Audience, after: u64) -> Text {
        if let Audience::Player(seat) = audience {
            let now = clock::micros();
            self.phones.with(*seat, |phone| phone.heard = now);
        }
        locked(&self.shown).missed(audience, after)
    }

    /// What may be looked at, and by whom: the audience of a person, or of nobody.
    #[must_use]
    pub fn audience(&self, person: Option<LearnerId>) -> Audience {
        let shown = locked(&self.shown);
        let game = shown.game();
        match person {
            Some(person) if game.setup().hosts.contains(&person) => Audience::Host,
            Some(person) if game.has_seat(person) => Audience::Player(person),
            _ => Audience::Public,
        }
    }

    /// Refuses whoever may not look on: a quick match is its players' own, and its teams are called by
    /// their full names.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a quick match in which `person` has no seat.
    pub fn admits(&self, person: Option<LearnerId>) -> Result<()> {
        let shown = locked(&self.shown);
        let game = shown.game();
        let is_quick = game.setup().hosts.contains(&CLOCKWORK);
        if is_quick && !person.is_some_and(|person| game.has_seat(person)) {
            return Err(Error::NotFound);
        }
        Ok(())
    }

    /// Another process has told which phones it hears; see [`store::tell_heard`].
    pub(super) fn hear_elsewhere(&self, bits: &[u8]) {
        let seats = seats(locked(&self.shown).game());
        self.phones.take(&seats, bits);
    }

    /// Another process has written something.
    pub(super) fn wake(&self) {
        self.news.notify_one();
    }

    /// Whether the match is over and nobody looks on.
    pub(super) fn is_deserted(&self) -> bool {
        let shown = locked(&self.shown);
        shown.game().phase() == Phase::Finished && !shown.has_doors()
    }

    /// Sends everyone who looks on away.
    pub(super) fn close(&self) {
        locked(&self.shown).close();
    }

    /// The id of a ping to a person's phone that is sent now; none without randomness.
    #[must_use]
    pub fn ping(&self, seat: LearnerId) -> Option<u32> {
        let id = u32::from_le_bytes(id::random().ok()?);
        let now = clock::micros();
        self.phones.with(seat, |phone| phone.pings.sent(id, now));
        Some(id)
    }

    /// Learns from the answer to a ping, by whichever road: when the phone says that it `got` the
    /// ping and `sent` the answer, by its clock, and when that arrived by [`clock::micros`]. False
    /// for one that is refused: a second answer, one too late, or to no ping of this process.
    #[must_use]
    pub fn pong(&self, seat: LearnerId, id: u32, got: i64, sent: i64, received: i64) -> bool {
        self.phones.with(seat, |phone| {
            phone.heard = received;
            let exchange = phone.pings.answered(id, got, sent, received);
            exchange
                .map(|exchange| phone.link.observe(exchange))
                .is_some()
        })
    }
}

/// The task that plays.
struct Player {
    id: MatchId,
    db: Db,
    secrets: Arc<Secrets>,
    /// What is decided on: everything stored, as far as this process knows.
    game: Match,
    shown: Arc<Mutex<Shown>>,
    phones: Phones,
    /// Another process wrote something.
    news: Arc<Notify>,
    /// The counts that were told last.
    told: Option<Tally>,
}

impl Player {
    async fn run(mut self, queue: mpsc::Receiver<Ask>) {
        let queue = Arc::new(tokio::sync::Mutex::new(queue));
        let next = async || queue.lock().await.recv().await;
        let mut tally = tokio::time::interval(TALLY);
        tally.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                asked = next() => {
                    if asked.is_none() {
                        return; // nobody can ask any more
                    }
                    self.step(asked, queue.clone()).await;
                }
                () = until(self.game.due()) => self.step(None, queue.clone()).await,
                _ = tally.tick() => {
                    self.look_round();
                    self.tell_tally();
                }
                () = self.news.notified() => self.look().await,
                // Others write only where others can: on PostgreSQL.
                _ = look.tick(), if self.db.is_postgres() => {
                    self.look().await;
                    self.tell_heard().await;
                }
            }
        }
    }

    /// Sees who is not heard of any more.
    fn look_round(&mut self) {
        if self.game.phase() == Phase::Finished {
            return;
        }
        let gone = self.phones.gone(self.game.joined());
        if gone != *self.game.gone() {
            self.game.set_gone(gone.clone());
            locked(&self.shown).set_gone(gone);
        }
    }

    /// Tells the other processes which phones this one hears.
    async fn tell_heard(&self) {
        let bits = self.phones.bits(&seats(&self.game));
        if bits.iter().all(|byte| *byte == 0) {
            return;
        }
        if let Err(error) = store::tell_heard(&self.db, self.id, &bits).await {
            tracing::warn!(cause = format!("{error:#}"), "phones that are heard");
        }
    }

    /// Takes in what another process wrote: also where no stream is open, for those who ask now
    /// and then.
    async fn look(&mut self) {
        match store::log(&self.db, self.id, self.game.number()).await {
            Ok(news) => {
                news.iter().for_each(|event| self.game.apply(event));
                self.tell(&news);
            }
            Err(error) => tracing::error!(cause = format!("{error:#}"), "log of a match"),
        }
    }

    /// Decides on what was asked, and on what time asks; stores it; then tells it.
    async fn step(&mut self, first: Option<Ask>, queue: Queue) {
        let mut desk = Desk {
            id: self.id,
            secrets: self.secrets.clone(),
            phones: self.phones.clone(),
            game: self.game.clone(),
            new: Vec::new(),
            settled: false,
        };
        let work = self.db.write(move |tx| {
            Box::pin(async move {
                let mut news = store::catch_up(tx, desk.id, &mut desk.game).await?;
                if desk.game.phase() == Phase::Finished {
                    desk.settled = store::is_settled(tx, desk.id).await?;
                }
                // All that was received until now, however long this transaction had to wait: what
                // waits no longer can be late only if it came too late.
                let mut asks: Vec<Ask> = first.into_iter().collect();
                let mut queue = queue.lock().await;
                while let Ok(ask) = queue.try_recv() {
                    asks.push(ask);
                }
                drop(queue);
                let now = clock::steady();
                asks.sort_by_key(|ask| ask.wish.received().unwrap_or(i64::MAX));
                let outcomes: Vec<_> = asks
                    .into_iter()
                    .map(|ask| (ask.answer, desk.decide(ask.wish, now)))
                    .collect();
                desk.tick(now);
                store::append(tx, desk.id, &desk.new).await?;
                if desk.new.iter().any(|new| new.event.is_step()) {
                    store::stand(tx, desk.id, &desk.game, clock::steady()).await?;
                }
                news.append(&mut desk.new);
                Ok((desk.game, news, outcomes))
            })
        });
        match work.await {
            Ok((game, news, outcomes)) => {
                self.game = game;
                self.tell(&news);
                for (answer, outcome) in outcomes {
                    let _ = answer.send(Ok(outcome)); // a page that is gone needs no answer
                }
            }
            Err(error) => {
                // What was decided is forgotten, and those who asked are told so; if it was stored
                // after all, the next step finds it in the log.
                tracing::error!(cause = format!("{error:#}"), "a step of a match");
                tokio::time::sleep(TALLY).await; // or a clock that is due would ask at once again
            }
        }
    }

    fn tell(&mut self, news: &[Numbered]) {
        if news.is_empty() {
            return;
        }
        locked(&self.shown).take(news);
        // The last answer is told at once: everyone waits for it.
        if self.game.all_answered() {
            self.tell_tally();
        }
    }

    fn tell_tally(&mut self) {
        let mut shown = locked(&self.shown);
        let tally = shown.tally();
        let is_new = self.told.as_ref().is_none_or(|told| {
            (&told.present, &told.ready, &told.answered)
                != (&tally.present, &tally.ready, &tally.answered)
        });
        if is_new {
            shown.send_tally();
            self.told = Some(tally);
        }
    }
}

/// What a transaction decides on.
struct Desk {
    id: MatchId,
    secrets: Arc<Secrets>,
    phones: Phones,
    game: Match,
    new: Vec<Numbered>,
    /// Whether others already built on the result: then no step of the host changes it.
    settled: bool,
}

impl Desk {
    /// Decides on a wish at `now`; on one of a player as of when it arrived.
    fn decide(&mut self, wish: Wish, now: Millis) -> std::result::Result<u64, Refusal> {
        let at = wish.received().map_or(now, |received| {
            let received = Millis(received.div_euclid(1_000));
            received.min(now).max(self.game.last_at())
        });
        self.tick(at);
        let mut claimed = None;
        let (by, command) = match wish {
            Wish::Steer { .. } if self.settled => return Err(Refusal::Settled),
            Wish::Steer {
                host,
                expects,
                steer,
            } => (Actor::Host(host), Command::Steer { expects, steer }),
            Wish::Play {
                seat,
                device,
                play,
                received,
            } => {
                let (play, claim) = self.judged(seat, play, received);
                claimed = claim;
                (Actor::Player(seat), Command::Play { device, play })
            }
        };
        if let Some(event) = decide(&self.game, by, &command, at, &self.secrets)? {
            // A press that was sent twice counts once in what is known of the phone.
            if let (Event::Pressed { seat, judged }, Some(claim)) = (&event, claimed) {
                self.phones
                    .with(*seat, |phone| phone.link.pressed(&claim, judged));
            }
            self.take(event, by, at);
        }
        Ok(self.game.number())
    }

    /// What time asks for.
    fn tick(&mut self, now: Millis) {
        while self.game.due().is_some_and(|due| due <= now) {
            let tick = decide(&self.game, Actor::Clock, &Command::Tick, now, &self.secrets);
            let Ok(Some(event)) = tick else { return };
            self.take(event, Actor::Clock, now);
        }
    }

    fn take(&mut self, event: Event, by: Actor, now: Millis) {
        let numbered = self.game.numbered(event, by, now);
        self.game.apply(&numbered);
        self.new.push(numbered);
    }

    /// What a player asks, with a press judged by what is known of the phone.
    fn judged(&self, seat: LearnerId, play: Move, received: i64) -> (Play, Option<Claim>) {
        let play = match play {
            Move::Join => Play::Join,
            Move::Ready => Play::Ready,
            Move::Answer {
                question,
                revision,
                answer,
            } => Play::Answer {
                question,
                revision,
                answer,
            },
            Move::Stake { question, points } => Play::Stake { question, points },
            Move::Hidden { question, ms } => Play::Hidden { question, ms },
            Move::Press { question, pressed } => {
                let claim = Claim {
                    pressed_at_phone: pressed,
                    received_at_server: received,
                    opened_at_server: self.game.opened_at().0.saturating_mul(1_000),
                };
                let rules = self.game.setup().rules.buzzer;
                let judged = self
                    .phones
                    .with(seat, |phone| buzzer::judge(&phone.link, &claim, rules));
                return (Play::Press { question, judged }, Some(claim));
            }
        };
        (play, None)
    }
}

/// Everyone on a roster, in an order that all processes have.
fn seats(game: &Match) -> Vec<LearnerId> {
    let teams = game.setup().teams.iter();
    let seats = teams.flat_map(|team| team.members.iter().chain(&team.substitutes));
    seats.copied().collect()
}

/// Sleeps until an instant; for ever without one.
async fn until(due: Option<Millis>) {
    match due {
        Some(due) => {
            let left = due.since(clock::steady()).max(0);
            tokio::time::sleep(Duration::from_millis(left.unsigned_abs())).await;
        }
        None => std::future::pending().await,
    }
}
