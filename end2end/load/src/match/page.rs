//! The pages of a match: players, spectators, and the host's console.

use super::text;
use anyhow::{Context, bail};
use domain::contest::r#match::message::{Asked, Move, Told};
use domain::contest::r#match::{Event, Match, Numbered, Phase, QuestionNumber, Setup, Steer};
use domain::id::{DeviceId, LearnerId, MatchId};
use domain::question::Answer;
use domain::seed::{Draw, seed_of};
use futures_util::{SinkExt, StreamExt};
use platform::clock;
use reqwest::Url;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A player thinks so long before an answer, at most.
const LONGEST_THOUGHT: u32 = 3_000;
/// The name of the cookie that names a session.
const COOKIE: &str = "session";
/// Of a hundred players, so many press the buzzer.
const PRESSING: u32 = 10;
/// A wish that is not acknowledged within this is sent again.
const AGAIN: Duration = Duration::from_secs(5);

/// Who a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Somebody in a seat.
    Player(LearnerId),
    /// Somebody who looks on.
    Spectator,
}

/// Something that was acknowledged.
#[derive(Debug, Clone, Copy)]
pub struct Ack {
    pub seat: LearnerId,
    pub question: QuestionNumber,
    /// Whether it is a press; otherwise an answer.
    pub press: bool,
}

/// What all pages of the run share.
pub struct Day {
    base: Url,
    id: MatchId,
    setup: Arc<Setup>,
    /// How the counts read when everybody has answered.
    complete: String,
    pages: AtomicUsize,
    came: Notify,
    /// When the last answer of a required question left, by question; the answers that left.
    questions: Mutex<Vec<(usize, Option<Instant>)>>,
    /// Milliseconds from a last answer to a page, players and spectators.
    times: Mutex<[Vec<f64>; 2]>,
    /// How many pages have heard of each last answer.
    heard: Vec<AtomicUsize>,
    told: Notify,
    saved: Mutex<Vec<f64>>,
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Day {
    pub fn new(base: Url, id: MatchId, setup: Arc<Setup>, size: usize) -> Self {
        let counts = vec![size.to_string(); setup.teams.len()].join(",");
        let questions = setup.questions() as usize;
        Self {
            base,
            id,
            complete: format!("\"answered\":[{counts}]"),
            pages: AtomicUsize::new(0),
            came: Notify::new(),
            questions: Mutex::new(vec![(0, None); questions]),
            times: Mutex::default(),
            heard: (0..questions).map(|_| AtomicUsize::new(0)).collect(),
            told: Notify::new(),
            saved: Mutex::default(),
            setup,
        }
    }

    fn players(&self) -> usize {
        self.setup.teams.iter().map(|team| team.members.len()).sum()
    }

    /// Waits until so many pages look on.
    pub async fn all_in(&self, count: usize) -> anyhow::Result<()> {
        let wait = async {
            while self.pages.load(Ordering::SeqCst) < count {
                let _ = timeout(Duration::from_millis(20), self.came.notified()).await;
            }
        };
        let in_time = timeout(Duration::from_secs(120), wait).await;
        in_time.with_context(|| {
            let there = self.pages.load(Ordering::SeqCst);
            format!("only {there} of {count} pages came in")
        })
    }

    /// Waits until every page has heard that everybody has answered a question.
    pub async fn heard_by_all(&self, question: usize) {
        while self.heard[question].load(Ordering::SeqCst) < self.pages.load(Ordering::SeqCst) {
            let _ = timeout(Duration::from_millis(20), self.told.notified()).await;
        }
    }

    pub fn times(&self, players: bool) -> Vec<f64> {
        held(&self.times)[usize::from(!players)].clone()
    }

    pub fn saved(&self) -> Vec<f64> {
        held(&self.saved).clone()
    }

    fn answer_leaves(&self, question: QuestionNumber) {
        let mut questions = held(&self.questions);
        let (count, last) = &mut questions[question.0 as usize];
        *count += 1;
        if *count == self.players() {
            *last = Some(Instant::now());
        }
    }

    fn heard_of_last(&self, question: QuestionNumber, role: Role) {
        let at = held(&self.questions)[question.0 as usize].1;
        let Some(at) = at else { return };
        let ms = at.elapsed().as_secs_f64() * 1_000.0;
        held(&self.times)[usize::from(role == Role::Spectator)].push(ms);
        self.heard[question.0 as usize].fetch_add(1, Ordering::SeqCst);
        self.told.notify_one();
    }

    async fn connect(&self, after: u64, token: Option<&str>) -> anyhow::Result<Socket> {
        let mut url = self.base.join(&format!("/matches/{}/live", self.id))?;
        url.set_query(Some(&format!("after={after}")));
        let scheme = if self.base.scheme() == "https" {
            "wss"
        } else {
            "ws"
        };
        if url.set_scheme(scheme).is_err() {
            bail!("{} is no address of a server", self.base);
        }
        let mut request = url.as_str().into_client_request()?;
        if let Some(token) = token {
            let cookie = format!("{}={token}", COOKIE);
            request.headers_mut().insert("cookie", cookie.parse()?);
        }
        let (socket, _) = connect_async(request).await?;
        Ok(socket)
    }
}

/// What a page has seen when the match is over.
pub struct Seen {
    pub acks: Vec<Ack>,
    pub returns: usize,
}

/// A page.
pub struct Page {
    day: Arc<Day>,
    role: Role,
    token: Option<String>,
    device: DeviceId,
    draw: Draw,
    /// The number of the last event seen.
    number: u64,
    next: u64,
    /// The question that is open.
    question: Option<QuestionNumber>,
    heard: Option<QuestionNumber>,
    seen: Seen,
    /// Wishes under way: their number, what they acknowledge, when they left.
    under_way: Vec<(u64, Option<Ack>, Instant)>,
}

impl Page {
    pub fn new(day: Arc<Day>, role: Role, token: Option<String>) -> Self {
        let who = match role {
            Role::Player(seat) => seat.0,
            Role::Spectator => Uuid::nil(),
        };
        Self {
            day,
            role,
            token,
            device: DeviceId(who),
            draw: Draw::from_seed(seed_of(&[&who.to_string()])),
            number: 0,
            next: 0,
            question: None,
            heard: None,
            seen: Seen {
                acks: Vec::new(),
                returns: 0,
            },
            under_way: Vec::new(),
        }
    }

    /// Looks on until the match is over; comes back when the connection is lost.
    pub async fn look_on(mut self) -> Seen {
        let mut first = true;
        loop {
            let token = self.token.clone();
            match self.day.connect(self.number, token.as_deref()).await {
                Ok(socket) => {
                    if first {
                        first = false;
                        self.day.pages.fetch_add(1, Ordering::SeqCst);
                        self.day.came.notify_one();
                    }
                    match self.attend(socket).await {
                        Ok(true) => return self.seen,
                        Ok(false) => {}
                        Err(error) => eprintln!("a page: {error:#}"),
                    }
                }
                Err(error) => eprintln!("a page could not come in: {error:#}"),
            }
            self.seen.returns += 1;
            sleep(Duration::from_millis(500)).await;
        }
    }

    /// Attends on a socket; whether the match is over.
    async fn attend(&mut self, mut socket: Socket) -> anyhow::Result<bool> {
        if let Role::Player(_) = self.role {
            self.wish(&mut socket, Move::Join, None).await?;
        }
        // What is to be done when, in order.
        let mut plans: Vec<(Instant, Move, Option<Ack>)> = Vec::new();
        loop {
            let next = plans.iter().map(|plan| plan.0).min();
            let due = next.unwrap_or_else(|| Instant::now() + Duration::from_secs(3_600));
            tokio::select! {
                () = tokio::time::sleep_until(due.into()) => {
                    let Some(index) = plans.iter().position(|plan| plan.0 <= Instant::now()) else { continue };
                    let (_, play, ack) = plans.swap_remove(index);
                    let play = match play {
                        Move::Press { question, .. } => Move::Press { question, pressed: clock::micros() },
                        other => other,
                    };
                    if let (Move::Answer { question, .. }, Some(Ack { press: false, .. })) = (&play, ack)
                        && self.is_required(*question)
                    {
                        self.day.answer_leaves(*question);
                    }
                    self.wish(&mut socket, play, ack).await?;
                }
                message = socket.next() => {
                    let Some(message) = message else { return Ok(false) };
                    let Message::Text(frame) = message? else { continue };
                    if let Some(over) = self.hear(frame.as_str(), &mut socket, &mut plans).await? {
                        return Ok(over);
                    }
                }
            }
        }
    }

    fn is_required(&self, question: QuestionNumber) -> bool {
        question.0 < super::REQUIRED
    }

    /// Takes a frame in. Thousands of pages share two cores with the server, so the counts are
    /// only looked at, not taken apart.
    async fn hear(
        &mut self,
        frame: &str,
        socket: &mut Socket,
        plans: &mut Vec<(Instant, Move, Option<Ack>)>,
    ) -> anyhow::Result<Option<bool>> {
        if frame.starts_with("[{\"tally\"") {
            if let Some(question) = self.question
                && self.heard != Some(question)
                && frame.contains(&self.day.complete)
            {
                self.heard = Some(question);
                self.day.heard_of_last(question, self.role);
            }
            return Ok(None);
        }
        for told in serde_json::from_str::<Vec<Told>>(frame)? {
            match told {
                Told::Event(numbered) => {
                    if self.event(&numbered, plans) {
                        return Ok(Some(true));
                    }
                }
                Told::Ping { id } => {
                    let received = clock::micros();
                    let pong = Asked::Pong {
                        id,
                        received,
                        sent: clock::micros(),
                    };
                    socket.send(Message::text(text(&pong)?)).await?;
                }
                Told::Done { id, .. } => {
                    if let Some(index) = self.under_way.iter().position(|wish| wish.0 == id) {
                        let (_, ack, left) = self.under_way.swap_remove(index);
                        if let Some(ack) = ack {
                            self.seen.acks.push(ack);
                            let ms = left.elapsed().as_secs_f64() * 1_000.0;
                            held(&self.day.saved).push(ms);
                        }
                    }
                }
                Told::Refused { id, .. } => self.under_way.retain(|wish| wish.0 != id),
                Told::Failed { .. } => bail!("the server could not store it"),
                Told::SignedOut => bail!("the session is over"),
                Told::Hello { .. }
                | Told::Tally(_)
                | Told::Gone { .. }
                | Told::Sealed { .. }
                | Told::Key { .. } => {}
            }
        }
        if self.under_way.iter().any(|wish| wish.2.elapsed() > AGAIN) {
            bail!("a wish is not answered");
        }
        Ok(None)
    }

    /// Takes an event in and plans what follows from it; whether the match is over.
    fn event(
        &mut self,
        numbered: &Numbered,
        plans: &mut Vec<(Instant, Move, Option<Ack>)>,
    ) -> bool {
        self.number = numbered.number;
        match &numbered.event {
            Event::Opened { question, .. } => {
                self.question = Some(*question);
                let Role::Player(seat) = self.role else {
                    return false;
                };
                let thought = Duration::from_millis(u64::from(self.draw.below(LONGEST_THOUGHT)));
                let at = Instant::now() + thought;
                let (question, press) = (*question, !self.is_required(*question));
                if !press {
                    plans.push((
                        at,
                        self.answer(question),
                        Some(Ack {
                            seat,
                            question,
                            press,
                        }),
                    ));
                } else if self.draw.below(100) < PRESSING {
                    let play = Move::Press {
                        question,
                        pressed: 0,
                    };
                    plans.push((
                        at,
                        play,
                        Some(Ack {
                            seat,
                            question,
                            press,
                        }),
                    ));
                }
            }
            Event::BuzzerJudged { order } => {
                // The second and third in order answer when it is their turn, or are refused.
                let Role::Player(seat) = self.role else {
                    return false;
                };
                let turn = order.iter().position(|place| place.seat == seat);
                if let (Some(0), Some(question)) = (turn, self.question) {
                    let ack = Some(Ack {
                        seat,
                        question,
                        press: false,
                    });
                    plans.push((Instant::now(), self.answer(question), ack));
                }
            }
            Event::Finished => return true,
            _ => {}
        }
        false
    }

    fn answer(&mut self, question: QuestionNumber) -> Move {
        Move::Answer {
            question,
            revision: 1,
            answer: Answer::Choices(vec![u8::try_from(self.draw.below(3)).unwrap_or(0)]),
        }
    }

    async fn wish(
        &mut self,
        socket: &mut Socket,
        play: Move,
        ack: Option<Ack>,
    ) -> anyhow::Result<()> {
        self.next += 1;
        let asked = Asked::Play {
            id: self.next,
            device: self.device,
            play,
        };
        self.under_way.push((self.next, ack, Instant::now()));
        socket.send(Message::text(text(&asked)?)).await?;
        Ok(())
    }
}

/// The host's console: it keeps the match as every replica does.
pub struct Console {
    socket: Socket,
    game: Match,
    next: u64,
}

impl Console {
    pub async fn open(day: &Day, token: String) -> anyhow::Result<Self> {
        Ok(Self {
            socket: day.connect(0, Some(&token)).await?,
            game: Match::new(day.setup.clone()),
            next: 0,
        })
    }

    async fn hear(&mut self) -> anyhow::Result<Vec<Told>> {
        loop {
            let message = self
                .socket
                .next()
                .await
                .context("the console was let go")??;
            let Message::Text(frame) = message else {
                continue;
            };
            let told: Vec<Told> = serde_json::from_str(frame.as_str())?;
            for told in &told {
                if let Told::Event(numbered) = told {
                    self.game.apply(numbered);
                }
            }
            return Ok(told);
        }
    }

    /// Does a step and waits for it; one that came too late for what was seen is done again.
    pub async fn steer(&mut self, steer: Steer) -> anyhow::Result<()> {
        self.next += 1;
        let id = self.next;
        let expects = self.game.number();
        let asked = Asked::Steer { id, expects, steer };
        self.socket.send(Message::text(text(&asked)?)).await?;
        let answer = async {
            let mut done = None;
            loop {
                // The events of a step may come after its acknowledgement.
                if done.is_some_and(|number| self.game.number() >= number) {
                    return Ok(());
                }
                for told in self.hear().await? {
                    match told {
                        Told::Done { id: its, number } if its == id => done = Some(number),
                        Told::Refused { id: its, why } if its == id => bail!("{asked:?}: {why}"),
                        Told::Failed { id: its } if its == id => bail!("{asked:?}: not stored"),
                        _ => {}
                    }
                }
            }
        };
        timeout(Duration::from_secs(20), answer).await?
    }

    /// Waits until the clock or the buzzer has closed the question.
    pub async fn wait_for_lock(&mut self) -> anyhow::Result<()> {
        let wait = async {
            while self.game.phase() != Phase::Locked {
                self.hear().await?;
            }
            Ok(())
        };
        timeout(Duration::from_secs(120), wait).await?
    }
}
