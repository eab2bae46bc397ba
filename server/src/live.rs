//! Live matches over the wire: by WebSocket; where a proxy forbids that, the same frames by
//! server-sent events and wishes by POST; where those are held back too, by asking now and then.
//!
//! The rule guarded here: who somebody is comes from the session, never from a message, and a
//! connection does not outlive it.

use app::page::Failure;
use app::state::AppState;
use app::visit::Visit;
use axum::Json;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::extract::{Path, Query, State, WebSocketUpgrade};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::contest::r#match::Audience;
use domain::contest::r#match::message::{Asked, Told};
use domain::id::{LearnerId, MatchId};
use futures_util::stream::{FuturesUnordered, StreamExt, unfold};
use platform::contest::r#match::{Entered, Room, Text, Wish};
use platform::identity::{Viewer, is_signed_in};
use platform::{Db, Error, clock};
use serde::Deserialize;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};

/// The longest message of a page, in bytes.
const LONGEST: usize = 4 * 1024;
/// Messages that a page may send within a second; a program that sends more is let go.
const MOST: u32 = 40;
/// Wishes of a page that are under way at once; the next one is read when one of them is done.
const UNDER_WAY: usize = 16;
/// Pings in the beginning follow each other quickly, to measure the phone before its first press.
const FIRST_PINGS: u32 = 40;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const PAUSE: Duration = Duration::from_millis(1_500);
/// The public, who are many, hear of the server so often at least.
const PUBLIC_PAUSE: Duration = Duration::from_secs(5);
/// How often an open connection is seen to belong to a session that still goes on.
const SESSION: Duration = Duration::from_secs(30);
/// A phone that has not answered for so long is gone; its connection is closed.
const SILENCE: Duration = Duration::from_secs(20);

/// What a page has seen, and how it looks on.
#[derive(Debug, Deserialize)]
pub struct Look {
    /// The number of the last event that it has.
    #[serde(default)]
    after: u64,
    /// As `public` even for those who could see more: the big screen and spectators. A page that
    /// says that it is not wants to be told when nobody is signed in.
    #[serde(default)]
    public: Option<bool>,
}

struct Guest {
    room: Room,
    db: Db,
    viewer: Option<Arc<Viewer>>,
    audience: Audience,
    /// Whether the page is one of somebody's own, and nobody is signed in.
    is_out: bool,
}

impl Guest {
    /// What a page hears when there is no news, so that it knows a dead line from a quiet one: a
    /// player's phone a ping, the others the time.
    fn beat(&self) -> Option<Told> {
        match self.audience {
            Audience::Player(_) => self.ping(),
            Audience::Host | Audience::Public => Some(hello()),
        }
    }

    /// A ping to a player's phone, sent now.
    fn ping(&self) -> Option<Told> {
        let Audience::Player(seat) = self.audience else {
            return None;
        };
        self.room.ping(seat).map(|id| Told::Ping { id })
    }

    fn person(&self) -> Option<LearnerId> {
        self.viewer.as_ref().map(|viewer| viewer.learner)
    }

    /// Comes to its end when the session of the page is over; never where nobody was signed in.
    fn signed_out(&self, every: Duration) -> impl Future<Output = ()> + use<> {
        let (db, viewer) = (self.db.clone(), self.viewer.clone());
        async move {
            let Some(viewer) = viewer else {
                return std::future::pending().await;
            };
            loop {
                sleep(every).await;
                // A database that does not answer signs nobody out.
                let signed_in = is_signed_in(&db, &viewer, clock::now()).await;
                if matches!(signed_in, Ok(false)) {
                    return;
                }
            }
        }
    }

    /// Whether the answer to a ping is one that was waited for.
    fn pong(&self, id: u32, got: i64, sent: i64, received: i64) -> bool {
        matches!(self.audience, Audience::Player(seat)
            if self.room.pong(seat, id, got, sent, received))
    }
}

async fn guest(state: &AppState, visit: &Visit, id: MatchId, look: &Look) -> Result<Guest, Error> {
    let room = state.hall.room(id).await?;
    let viewer = visit.viewer.clone();
    let person = viewer.as_ref().map(|viewer| viewer.learner);
    room.admits(person)?;
    let audience = room.audience(person.filter(|_| look.public != Some(true)));
    Ok(Guest {
        room,
        db: state.db.clone(),
        is_out: viewer.is_none() && look.public == Some(false),
        viewer,
        audience,
    })
}

/// The stream by WebSocket, and wishes over it.
pub async fn socket(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<MatchId>,
    Query(look): Query<Look>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Failure> {
    let guest = guest(&state, &visit, id, &look).await?;
    Ok(upgrade
        .max_message_size(LONGEST)
        .read_buffer_size(LONGEST) // of itself it takes 128 KiB for each page
        .write_buffer_size(0)
        .on_upgrade(move |socket| serve(socket, guest, look.after)))
}

/// The time, by which clocks run.
fn hello() -> Told {
    Told::Hello {
        now: clock::steady(),
    }
}

fn frame(text: Text) -> Message {
    // Frames are made of JSON; anything else could not be shown anyway.
    Message::Text(Utf8Bytes::try_from(text).unwrap_or_default())
}

fn text(told: &Told) -> String {
    serde_json::to_string(&[told]).unwrap_or_default()
}

fn told(told: &Told) -> Message {
    Message::Text(text(told).into())
}

async fn serve(mut socket: WebSocket, guest: Guest, after: u64) {
    if guest.is_out {
        let _ = socket.send(told(&Told::SignedOut)).await; // the page is gone already, or goes now
        return;
    }
    let Entered { missed, mut live } = guest.room.enter(guest.audience, after);
    let greeted = socket.send(told(&hello())).await.is_ok();
    if !greeted || socket.send(frame(missed)).await.is_err() {
        return;
    }
    let mut wishes = FuturesUnordered::new();
    let mut beat = Beat::new(guest.audience);
    let mut second = interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut messages, mut heard) = (0, Instant::now());
    let mut signed_out = pin!(guest.signed_out(SESSION));
    loop {
        let sent = tokio::select! {
            // The door first: what was done is shown before it is acknowledged.
            biased;
            text = live.recv() => match text {
                Some(text) => socket.send(frame(text)).await,
                None => return, // too slow: it comes back with the number of its last event
            },
            Some(answer) = wishes.next() => socket.send(told(&answer)).await,
            () = sleep_until(beat.next) => match beat.tell(&guest) {
                Some(beat) => socket.send(told(&beat)).await,
                None => Ok(()),
            },
            () = &mut signed_out => {
                let _ = socket.send(told(&Told::SignedOut)).await;
                return;
            }
            _ = second.tick() => {
                messages = 0;
                if heard.elapsed() > SILENCE {
                    socket.send(Message::Ping(Vec::new().into())).await
                } else {
                    Ok(())
                }
            }
            message = socket.recv(), if wishes.len() < UNDER_WAY => {
                let Some(Ok(message)) = message else { return };
                let received = clock::micros();
                heard = Instant::now();
                messages += 1;
                if messages > MOST {
                    return;
                }
                match message {
                    Message::Text(text) => {
                        let Ok(asked) = serde_json::from_str::<Asked>(&text) else { return };
                        if let Asked::Pong { id, received: got, sent } = asked {
                            guest.pong(id, got, sent, received);
                        } else {
                            wishes.push(ask(guest.room.clone(), guest.person(), asked, received));
                        }
                        Ok(())
                    }
                    Message::Close(_) => return,
                    _ => Ok(()),
                }
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

/// When a page hears of the server next.
struct Beat {
    next: Instant,
    sent: u32,
    pause: Duration,
}

impl Beat {
    fn new(audience: Audience) -> Self {
        let (first, sent, pause) = match audience {
            Audience::Player(_) => (Duration::ZERO, 0, PAUSE),
            Audience::Host => (PAUSE, FIRST_PINGS, PAUSE),
            Audience::Public => (PUBLIC_PAUSE, FIRST_PINGS, PUBLIC_PAUSE),
        };
        Self {
            next: Instant::now() + first,
            sent,
            pause,
        }
    }

    fn tell(&mut self, guest: &Guest) -> Option<Told> {
        self.sent = self.sent.saturating_add(1);
        self.next = Instant::now()
            + if self.sent < FIRST_PINGS {
                FIRST_PAUSE
            } else {
                self.pause
            };
        guest.beat()
    }
}

/// Does what a page asks, in the name of the person of its session.
async fn ask(room: Room, person: Option<LearnerId>, asked: Asked, received: i64) -> Told {
    use domain::contest::r#match::Refusal;
    let (id, wish) = match (asked, person) {
        (Asked::Play { id, device, play }, Some(seat)) => {
            let wish = Wish::Play {
                seat,
                device,
                play,
                received,
            };
            (id, wish)
        }
        (Asked::Steer { id, expects, steer }, Some(host)) => {
            let wish = Wish::Steer {
                host,
                expects,
                steer,
            };
            (id, wish)
        }
        (Asked::Play { id, .. }, None) => {
            let why = Refusal::NotASeat;
            return Told::Refused { id, why };
        }
        (Asked::Steer { id, .. }, None) => {
            let why = Refusal::NotAHost;
            return Told::Refused { id, why };
        }
        (Asked::Pong { .. }, _) => return Told::Failed { id: 0 },
    };
    match room.ask(wish).await {
        Ok(Ok(number)) => Told::Done { id, number },
        Ok(Err(why)) => Told::Refused { id, why },
        Err(error) => {
            tracing::error!(cause = format!("{error:#}"), "a wish of a match");
            Told::Failed { id }
        }
    }
}

/// The stream by server-sent events.
pub async fn events(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<MatchId>,
    Query(look): Query<Look>,
) -> Result<Response, Failure> {
    let guest = guest(&state, &visit, id, &look).await?;
    let (first, rest) = if guest.is_out {
        (vec![Text::from(text(&Told::SignedOut))], None)
    } else {
        let Entered { missed, live } = guest.room.enter(guest.audience, look.after);
        let first = vec![Text::from(text(&hello())), missed];
        // Pings come with the rest; they are answered by POST.
        let beat = Beat::new(guest.audience);
        let signed_out = Box::pin(guest.signed_out(SESSION));
        (first, Some((live, beat, signed_out, guest)))
    };
    let live = unfold(rest, async |rest| {
        let (mut live, mut beat, mut signed_out, guest) = rest?;
        let frame = loop {
            tokio::select! {
                frame = live.recv() => break frame?,
                () = &mut signed_out => return Some((Text::from(text(&Told::SignedOut)), None)),
                () = sleep_until(beat.next) => if let Some(beat) = beat.tell(&guest) {
                    break Text::from(text(&beat));
                }
            }
        };
        Some((frame, Some((live, beat, signed_out, guest))))
    });
    let stream = futures_util::stream::iter(first).chain(live);
    let stream = stream.map(|text| {
        let text = String::from_utf8_lossy(&text).into_owned();
        Ok::<_, Infallible>(Event::default().data(text))
    });
    let keep = KeepAlive::new().interval(Duration::from_secs(15));
    // A proxy that gathers an answer before it hands it on would hand on nothing.
    let headers = [("x-accel-buffering", "no"), ("cache-control", "no-store")];
    Ok((headers, Sse::new(stream).keep_alive(keep)).into_response())
}

/// What was missed, for those who ask now and then.
pub async fn log(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<MatchId>,
    Query(look): Query<Look>,
) -> Result<Response, Failure> {
    let guest = guest(&state, &visit, id, &look).await?;
    let json = [(header::CONTENT_TYPE, "application/json")];
    if guest.is_out {
        return Ok((json, text(&Told::SignedOut)).into_response());
    }
    let missed = guest.room.missed(&guest.audience, look.after);
    let first: Vec<Told> = std::iter::once(hello()).chain(guest.ping()).collect();
    let mut frame = serde_json::to_vec(&first).unwrap_or_default();
    // What was missed is a list that is never empty: the counts are always in it.
    frame.pop();
    frame.push(b',');
    frame.extend_from_slice(missed.get(1..).unwrap_or(b"]"));
    Ok((json, frame).into_response())
}

/// A wish by POST, or the answer to a ping: in conflict when it is not waited for.
pub async fn wish(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<MatchId>,
    Json(asked): Json<Asked>,
) -> Result<Response, Failure> {
    let received = clock::micros();
    let look = Look {
        after: 0,
        public: None,
    };
    let guest = guest(&state, &visit, id, &look).await?;
    if let Asked::Pong {
        id,
        received: got,
        sent,
    } = asked
    {
        let status = if guest.pong(id, got, sent, received) {
            StatusCode::OK
        } else {
            StatusCode::CONFLICT
        };
        return Ok((status, Json([(); 0])).into_response());
    }
    let person = guest.person();
    let told = ask(guest.room, person, asked, received).await;
    let status = match told {
        Told::Refused { .. } => StatusCode::CONFLICT,
        Told::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    Ok((status, Json([told])).into_response())
}

#[cfg(test)]
mod tests;
