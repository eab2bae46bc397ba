//! What has been stored of a match, as texts ready to send, and the doors through which pages
//! look on.
//!
//! The rule guarded here: a text is made once and sent to all who may read it; who reads too
//! slowly is let go, and comes back with the number of the last event they have.

use super::store::Sealed;
use bytes::Bytes;
use domain::contest::r#match::message::Told;
use domain::contest::r#match::{Audience, Event, Match, Numbered, QuestionNumber, Tally, redact};
use domain::id::LearnerId;
use std::collections::{BTreeSet, HashMap};
use tokio::sync::mpsc;

/// A frame: a JSON list of [`Told`].
pub type Text = Bytes;

/// Texts that wait for a page that reads slowly; one more and it is let go.
const QUEUE: usize = 256;

/// A page that looks on.
pub struct Entered {
    /// What it has missed.
    pub missed: Text,
    /// What comes from now on; ends when the page was too slow.
    pub live: mpsc::Receiver<Text>,
}

/// An event with its texts.
struct Line {
    number: u64,
    /// Whom it concerns alone, if anyone.
    seat: Option<LearnerId>,
    host: String,
    own: Option<String>,
    public: Option<String>,
}

impl Line {
    fn new(numbered: &Numbered) -> Self {
        let text = |audience| redact(numbered, &audience).map(|event| json(&Told::Event(event)));
        let seat = numbered.event.seat();
        Self {
            number: numbered.number,
            seat,
            host: text(Audience::Host).unwrap_or_default(),
            own: seat.and_then(|seat| text(Audience::Player(seat))),
            public: text(Audience::Public),
        }
    }

    fn text(&self, audience: &Audience) -> Option<&str> {
        match audience {
            Audience::Host => Some(&self.host),
            Audience::Player(seat) if self.seat == Some(*seat) => self.own.as_deref(),
            Audience::Player(_) | Audience::Public => self.public.as_deref(),
        }
    }
}

struct Door {
    audience: Audience,
    sender: mpsc::Sender<Text>,
}

/// What has been stored, and who looks on.
pub(super) struct Shown {
    game: Match,
    sealed: Sealed,
    lines: Vec<Line>,
    /// Which of the lines are not public but somebody's own.
    own: HashMap<LearnerId, Vec<usize>>,
    public: Vec<usize>,
    doors: Vec<Door>,
}

impl Shown {
    pub fn new(game: Match, sealed: Sealed) -> Self {
        Self {
            game,
            sealed,
            lines: Vec::new(),
            own: HashMap::new(),
            public: Vec::new(),
            doors: Vec::new(),
        }
    }

    /// The match as everyone knows it.
    pub fn game(&self) -> &Match {
        &self.game
    }

    pub fn has_doors(&self) -> bool {
        // A page that went is noticed when something is sent; here it must not count.
        self.doors.iter().any(|door| !door.sender.is_closed())
    }

    /// Takes in what is stored, in its order, and sends it.
    pub fn take(&mut self, news: &[Numbered]) {
        let known = self.lines.len();
        let seen = self.game.number();
        for numbered in news.iter().filter(|news| news.number > seen) {
            self.game.apply(numbered);
            let line = Line::new(numbered);
            let index = self.lines.len();
            if line.public.is_some() {
                self.public.push(index);
            }
            if let Some(seat) = line.seat {
                self.own.entry(seat).or_default().push(index);
            }
            self.lines.push(line);
        }
        let new = &self.lines[known..];
        if new.is_empty() || self.doors.is_empty() {
            return;
        }
        // With the last event that opens a question go what opens its words and the next one's;
        // with one that makes another the next, the words of that, for all to have them in time.
        let turns = news.iter().any(|n| {
            matches!(
                n.event,
                Event::Opened { .. } | Event::Voided { .. } | Event::Undone | Event::Redone
            )
        });
        let words = turns.then(|| self.words());
        let frame = |audience: Audience| {
            let texts = new.iter().filter_map(|line| line.text(&audience));
            let texts = texts.chain(words.iter().flatten().map(String::as_str));
            list(texts)
        };
        let (host, public) = (frame(Audience::Host), frame(Audience::Public));
        let mut own: HashMap<LearnerId, Option<Text>> = HashMap::new();
        for line in new {
            if let Some(seat) = line.seat {
                own.entry(seat)
                    .or_insert_with(|| frame(Audience::Player(seat)));
            }
        }
        self.doors.retain(|door| {
            let text = match door.audience {
                Audience::Host => &host,
                Audience::Player(seat) => own.get(&seat).unwrap_or(&public),
                Audience::Public => &public,
            };
            match text {
                Some(text) => door.sender.try_send(text.clone()).is_ok(),
                None => !door.sender.is_closed(),
            }
        });
    }

    /// Sends everyone away.
    pub fn close(&mut self) {
        self.doors.clear();
    }

    /// Sends the counts of now to everyone.
    pub fn send_tally(&mut self) {
        let text = list([json(&Told::Tally(self.game.tally())).as_str()].into_iter());
        let Some(text) = text else { return };
        self.doors
            .retain(|door| door.sender.try_send(text.clone()).is_ok());
    }

    /// Says whose phones are not heard of: to the hosts by name, to the others in the counts.
    pub fn set_gone(&mut self, gone: BTreeSet<LearnerId>) {
        self.game.set_gone(gone);
        let text = list([self.gone().as_str()].into_iter()).unwrap_or_default();
        self.doors.retain(|door| {
            door.audience != Audience::Host || door.sender.try_send(text.clone()).is_ok()
        });
    }

    fn gone(&self) -> String {
        let seats = self.game.gone().iter().copied().collect();
        json(&Told::Gone { seats })
    }

    /// Lets a page look on that has seen everything up to an event.
    pub fn enter(&mut self, audience: Audience, after: u64) -> Entered {
        let (sender, live) = mpsc::channel(QUEUE);
        let missed = self.missed(&audience, after);
        self.doors.push(Door { audience, sender });
        Entered { missed, live }
    }

    /// What a page has missed since an event: those after it that it may know, the words of the
    /// question that is open and of the next, and the counts.
    pub fn missed(&self, audience: &Audience, after: u64) -> Text {
        let mut indices: Vec<usize> = match audience {
            Audience::Host => (0..self.lines.len()).collect(),
            Audience::Public => self.public.clone(),
            Audience::Player(seat) => {
                let own = self.own.get(seat).map_or(&[][..], Vec::as_slice);
                let mut both: Vec<usize> = self.public.iter().chain(own).copied().collect();
                both.sort_unstable();
                both.dedup();
                both
            }
        };
        indices.retain(|index| self.lines[*index].number > after);
        let texts = indices
            .iter()
            .filter_map(|index| self.lines[*index].text(audience));
        let words = self.words();
        let tally = json(&Told::Tally(self.game.tally()));
        // After the events: whoever joins is here.
        let gone = (*audience == Audience::Host).then(|| self.gone());
        let rest = words.iter().chain(&gone).map(String::as_str);
        let rest = rest.chain([tally.as_str()]);
        list(texts.chain(rest)).unwrap_or_default()
    }

    /// The words of the question that was opened last with what opens them, and those of the one
    /// that comes.
    fn words(&self) -> Vec<String> {
        let board = self.game.board();
        let opened = self
            .game
            .question()
            .filter(|number| board.was_opened(*number));
        let next = self.next_question();
        let mut told = Vec::new();
        if let Some(question) = opened {
            told.extend(self.sealed_text(question));
            told.push(json(&Told::Key {
                question,
                key: self.sealed.key(question),
            }));
        }
        if let Some(question) = next {
            told.extend(self.sealed_text(question));
        }
        told
    }

    fn sealed_text(&self, question: QuestionNumber) -> Option<String> {
        let text = self.sealed.text(question)?.to_owned();
        Some(json(&Told::Sealed { question, text }))
    }

    fn next_question(&self) -> Option<QuestionNumber> {
        let board = self.game.board();
        (0..self.game.setup().questions())
            .map(QuestionNumber)
            .find(|number| !board.was_opened(*number) && !board.is_left_out(*number))
    }

    /// The counts of now.
    pub fn tally(&self) -> Tally {
        self.game.tally()
    }
}

fn json(told: &Told) -> String {
    // None of these types can fail to be written as JSON.
    serde_json::to_string(told).unwrap_or_default()
}

/// A frame of texts; none of none.
fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Text> {
    let mut frame = String::from("[");
    for text in texts.filter(|text| !text.is_empty()) {
        if frame.len() > 1 {
            frame.push(',');
        }
        frame.push_str(text);
    }
    frame.push(']');
    (frame.len() > 2).then(|| Text::from(frame))
}
