//! What must hold after every event, at every restart and at the end.

use super::Day;
use domain::contest::buzzer::Clamp;
use domain::contest::r#match::*;
use domain::id::LearnerId;
use domain::time::Millis;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

/// What each question has given, which one is on, and what of players was acknowledged on it.
#[derive(Clone, Default)]
struct Page {
    question: Option<QuestionNumber>,
    given: BTreeMap<QuestionNumber, Vec<Points>>,
    /// The revision that counts.
    answers: BTreeMap<LearnerId, u32>,
    presses: BTreeSet<LearnerId>,
    stakes: BTreeMap<LearnerId, u32>,
    /// How often something of a player was acknowledged.
    acts: u32,
}

/// A second bookkeeping, from the events alone and by other code than the product's.
#[derive(Default)]
pub struct Books {
    page: Page,
    /// The pages before the steps, with whether the step leaves what players do alone.
    back: Vec<(Page, bool)>,
    forth: Vec<(Page, bool)>,
    /// How often a step was undone that players have acted after, and that leaves them alone.
    kept: u32,
}

impl Books {
    pub fn of(log: &[Numbered]) -> Self {
        let mut books = Self::default();
        log.iter().for_each(|numbered| books.enter(numbered));
        books
    }

    pub fn enter(&mut self, numbered: &Numbered) {
        let page = self.page.clone();
        match &numbered.event {
            Event::Undone => {
                let (before, alone) = self.back.pop().expect("something to undo");
                self.kept += u32::from(alone && before.acts < page.acts);
                self.page.turn_to(before, alone);
                self.forth.push((page, alone));
                return;
            }
            Event::Redone => {
                let (after, alone) = self.forth.pop().expect("something to redo");
                self.page.turn_to(after, alone);
                self.back.push((page, alone));
                return;
            }
            Event::StakesOpened { question } => self.page.begin(*question),
            Event::Opened { question, .. } if self.page.question == Some(*question) => {}
            Event::Opened { question, .. } => self.page.begin(*question),
            Event::Answered { seat, given }
            | Event::Turned {
                seat,
                given: Some(given),
                ..
            } => {
                self.page.acts += 1;
                self.page.answers.insert(*seat, given.revision);
            }
            Event::Pressed { seat, .. } => {
                self.page.acts += 1;
                self.page.presses.insert(*seat);
            }
            Event::Staked { seat, points } => {
                self.page.acts += 1;
                self.page.stakes.insert(*seat, *points);
            }
            Event::Revealed { points, right, .. } => {
                let question = self.page.question.expect("a question");
                assert_eq!(points.len(), right.len());
                let twice = self.page.given.insert(question, points.clone());
                assert_eq!(twice, None, "a question gives once");
            }
            Event::Voided { question, points } => {
                let given = self.page.given.remove(question).unwrap_or_default();
                assert_eq!(*points, given, "what was given is taken back");
            }
            Event::ScoreboardShown => {
                self.back.clear();
                self.forth.clear();
            }
            _ => {}
        }
        if numbered.event.can_be_undone() {
            let alone = matches!(
                numbered.event,
                Event::ClockMoved { .. } | Event::Voided { .. }
            );
            self.back.push((page, alone));
            self.forth.clear();
        }
    }

    fn total(&self, team: usize) -> Points {
        self.page.given.values().map(|points| points[team]).sum()
    }
}

impl Page {
    fn begin(&mut self, question: QuestionNumber) {
        self.question = Some(question);
        self.answers.clear();
        self.presses.clear();
        self.stakes.clear();
    }

    fn turn_to(&mut self, other: Self, alone: bool) {
        if alone {
            self.given = other.given;
        } else {
            *self = other;
        }
    }
}

/// The match before an event, as far as the checks ask for it.
pub struct Before {
    pub phase: Phase,
    pub due: Option<Millis>,
    pub board: Board,
}

/// The server's match as the log alone makes it.
pub fn replayed(day: &Day) -> Match {
    let mut game = Match::new(Arc::clone(&day.setup));
    for numbered in &day.log {
        game.apply(numbered);
    }
    game
}

pub fn after_event(day: &mut Day, before: &Before, seen: &mut Seen) {
    let numbered = day.log.last().expect("an event").clone();
    let view = day.game.view(&Audience::Public);
    scores_are_the_sum_of_the_outcomes(day, &view);
    let undo = matches!(numbered.event, Event::Undone | Event::Redone);
    if undo || day.chance(4) {
        nothing_acknowledged_is_lost(day, seen);
    }
    one_team_at_most_wins_the_buzzer(&view);
    answers_count_only_before_the_lock(day, before, &numbered);
    the_buzzer_has_one_place_a_team_in_the_order_of_ranks(day, &numbered.event);
    let looks = day
        .draw
        .below(u32::try_from(day.clients.len()).expect("few"));
    let audience = day.clients[looks as usize].audience;
    let to_public = redact(&numbered, &Audience::Public);
    for audience in [Audience::Host, Audience::Public, audience] {
        if let Audience::Player(player) = audience
            && numbered.event.seat() != Some(player)
        {
            assert_eq!(redact(&numbered, &audience), to_public);
        }
        if let Some(redacted) = redact(&numbered, &audience) {
            nothing_secret_is_in(&redacted, &audience);
        }
    }
    if day.chance(20) {
        undo_then_redo_changes_nothing(day);
    }
    if day.chance(20) {
        every_audience_sees_the_same(day);
    }
}

pub fn at_the_end(day: &mut Day) {
    assert_eq!(replayed(day), day.game, "no effect without its event");
    every_audience_sees_the_same(day);
    let numbers: Vec<_> = day.log.iter().map(|numbered| numbered.number).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
}

fn scores_are_the_sum_of_the_outcomes(day: &Day, view: &View) {
    for (team, shown) in view.teams.iter().enumerate() {
        assert_eq!(shown.points, day.books.total(team));
        let better = view
            .teams
            .iter()
            .filter(|other| other.points > shown.points);
        assert_eq!(shown.rank, 1 + better.count() as i64);
    }
}

/// What a phone was told to be saved is there until the step is undone that it answered.
fn nothing_acknowledged_is_lost(day: &mut Day, seen: &mut Seen) {
    seen.kept += std::mem::take(&mut day.books.kept);
    let page = &day.books.page;
    let console = day.game.view(&Audience::Host).console.expect("a console");
    for facts in console.seats {
        assert_eq!(facts.answered, page.answers.contains_key(&facts.seat));
        let pressed = facts.pressed.is_some();
        assert_eq!(pressed, page.presses.contains(&facts.seat));
    }
    let looks = day.clients[2 + (day.log.len() % (day.clients.len() - 3))].audience;
    if let (Audience::Player(seat), Some(own)) = (looks, day.game.view(&looks).own) {
        let revision = own.given.map(|given| given.revision);
        assert_eq!(revision, page.answers.get(&seat).copied());
        assert_eq!(own.staked, page.stakes.get(&seat).copied());
    }
}

fn one_team_at_most_wins_the_buzzer(view: &View) {
    let verdicts = view.buzzer.iter().filter_map(|place| place.verdict);
    let right = verdicts
        .filter(|verdict| *verdict == Verdict::Right)
        .count();
    assert!(right <= 1);
    assert!(
        right == 0 || view.floor.is_none(),
        "nobody has a turn after it"
    );
    let gained = view
        .teams
        .iter()
        .filter(|team| team.gained > Some(Points(0)));
    assert!(view.buzzer.is_empty() || gained.count() <= 1);
}

fn the_buzzer_has_one_place_a_team_in_the_order_of_ranks(day: &Day, event: &Event) {
    let Event::BuzzerJudged { order } = event else {
        return;
    };
    let rules = &day.game.setup().rules;
    let ranked = |rank| order.iter().filter(move |place| place.rank == rank);
    for place in order {
        assert_eq!(place.tied, ranked(place.rank).count() > 1);
        assert!(place.margin >= 0 || (place.tied && rules.tie == TieRule::Drawn));
    }
    assert!(order.is_sorted_by_key(|place| place.rank));
    let teams = day.setup.teams.iter().map(|team| {
        let of_team = |place: &&Place| {
            team.members.contains(&place.seat) || team.substitutes.contains(&place.seat)
        };
        order.iter().filter(of_team).count()
    });
    assert!(teams.into_iter().all(|places| places <= 1));
}

fn answers_count_only_before_the_lock(day: &Day, before: &Before, numbered: &Numbered) {
    let in_time = before.due.is_some_and(|due| numbered.at < due);
    match &numbered.event {
        Event::Answered { .. } => assert!(before.phase == Phase::Open && in_time),
        Event::Turned { given: Some(_), .. } => {
            assert!(before.phase == Phase::Floor && in_time);
        }
        Event::AnsweredLate { .. } => assert_eq!(before.board, *day.game.board()),
        Event::Pressed { judged, .. } => {
            assert!(before.phase == Phase::Open && in_time);
            assert_ne!(judged.clamped, Some(Clamp::Early));
            let bound = day.game.setup().rules.buzzer.bound_ms;
            let back = numbered.at.0 * 1_000 - judged.made;
            assert!((-999..=bound * 1_000).contains(&back));
            // The judging comes once nobody can go before the earliest press, and no later than
            // it would come for this one alone.
            let due = day.game.due().expect("the judging");
            assert!(before.due.is_some_and(|before| due <= before));
            assert!(due >= numbered.at && due <= numbered.at.plus(bound + 1));
            assert!((due.0 - 1) * 1_000 < judged.made + bound * 1_000);
            let console = day.game.view(&Audience::Host).console.expect("a console");
            let pressed = console.seats.iter().filter_map(|facts| facts.pressed);
            let earliest = pressed.map(|judged| judged.made).min().expect("a press");
            assert!(due.0 * 1_000 >= earliest + bound * 1_000);
        }
        _ => {}
    }
}

/// No answer but to its own seat, no press but to that and the host, no key before its reveal,
/// nothing of others but steps.
fn nothing_secret_is_in(redacted: &Numbered, audience: &Audience) {
    let of = match &redacted.event {
        Event::Answered { seat, .. }
        | Event::AnsweredLate { seat, .. }
        | Event::Pressed { seat, .. }
        | Event::Turned { seat, .. } => Some(*seat),
        _ => None,
    };
    let own = of.is_some_and(|seat| *audience == Audience::Player(seat));
    let revealed = matches!(redacted.event, Event::Revealed { .. });
    let json = serde_json::to_value(redacted).expect("JSON");
    walk(&json, &mut |name| match name {
        "answer" | "choices" | "words" => assert!(own || revealed, "{redacted:?}"),
        "key" => assert!(revealed, "{redacted:?}"),
        "judged" | "made" | "disbelieved" | "clamped" | "late" => {
            assert!(own || *audience == Audience::Host, "{redacted:?}");
        }
        _ => {}
    });
    assert!(*audience != Audience::Public || redacted.event.is_step());
}

fn walk(json: &Value, look: &mut impl FnMut(&str)) {
    match json {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            look(name);
            walk(value, look);
        }),
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        _ => {}
    }
}

/// On a copy: pause if something runs, undo, redo.
fn undo_then_redo_changes_nothing(day: &Day) {
    let mut game = day.game.clone();
    let mut step = |steer: Steer| {
        let console = game.view(&Audience::Host).console.expect("a console");
        let host = Actor::Host(console.in_charge.expect("a host"));
        let expects = console.number;
        let command = Command::Steer { expects, steer };
        let event = decide(&game, host, &command, day.now, &day.secrets)
            .ok()
            .flatten();
        if let Some(event) = &event {
            let numbered = game.numbered(event.clone(), host, day.now);
            game.apply(&numbered);
        }
        (event.is_some(), game.clone())
    };
    let (_, before) = step(Steer::Pause);
    let (undone, _) = step(Steer::Undo);
    if undone {
        let (redone, after) = step(Steer::Redo);
        assert!(redone);
        assert_eq!(before.board(), after.board());
        assert_eq!(
            before.view(&Audience::Public),
            after.view(&Audience::Public)
        );
    }
}

/// Everyone's copy, brought up to date, shows what the server shows.
fn every_audience_sees_the_same(day: &mut Day) {
    let tally = day.game.tally();
    for client in &mut day.clients {
        // In a copy: this is to disturb no client, and what is not stored is not theirs to see.
        let mut replica = client.replica.clone();
        for numbered in &day.log[client.heard..] {
            if let Some(redacted) = redact(numbered, &client.audience) {
                replica.apply(&redacted);
            }
        }
        if client.audience != Audience::Host {
            replica.take_tally(tally.clone());
        }
        let shown = replica.view(&client.audience);
        assert_eq!(shown, day.game.view(&client.audience));
    }
}

/// What happened in all schedules together: a simulation in which nothing happens proves nothing.
#[derive(Default)]
pub struct Seen {
    events: HashMap<Discriminant<Event>, u32>,
    kept: u32,
    refusals: BTreeSet<&'static str>,
}

impl Seen {
    pub fn decided(&mut self, decided: &Result<Option<Event>, Refusal>) {
        match decided {
            Ok(Some(event)) => {
                *self.events.entry(discriminant(event)).or_default() += 1;
            }
            Ok(None) => {}
            Err(refusal) => {
                self.refusals.insert(refusal.code());
            }
        }
    }

    pub fn enough(&self) {
        assert_eq!(self.events.len(), 25, "every kind of event");
        let least = self.events.values().min();
        assert!(least > Some(&100), "{least:?}");
        assert!(self.refusals.len() >= 20);
        assert!(self.kept > 100, "undone while players act: {}", self.kept);
    }
}
