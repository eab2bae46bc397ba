//! What players may do.

use crate::contest::buzzer::{Clamp, Judged};
use crate::contest::r#match::buzzer::{MICROS, micros};
use crate::contest::r#match::event::{Event, Given, Verdict};
use crate::contest::r#match::{Kind, Match, Phase, Play, QuestionNumber, Refusal, Secrets};
use crate::id::{DeviceId, LearnerId};
use crate::time::Millis;

type Decision = Result<Option<Event>, Refusal>;

pub(super) fn decide(
    game: &Match,
    seat: LearnerId,
    device: DeviceId,
    play: &Play,
    now: Millis,
    secrets: &Secrets,
) -> Decision {
    let (team, plays) = game.board.seat(seat).ok_or(Refusal::NotASeat)?;
    let sits_at = game.seats.get(&seat).and_then(|known| known.device);
    if *play == Play::Join {
        let event = Event::Joined { seat, device };
        return Ok((sits_at != Some(device)).then_some(event));
    }
    match sits_at {
        None => return Err(Refusal::NotJoined),
        Some(newest) if newest != device => return Err(Refusal::TakenOver),
        Some(_) if !plays => return Err(Refusal::Benched),
        Some(_) => {}
    }
    match play {
        Play::Join => Ok(None),
        Play::Ready => ready(game, seat),
        Play::Answer {
            question,
            revision,
            answer,
        } => {
            let given = Given {
                revision: *revision,
                answer: Some(answer.clone()),
            };
            self::answer(game, seat, team, *question, given, now, secrets)
        }
        Play::Press { question, judged } => press(game, seat, *question, *judged, now),
        Play::Stake { question, points } => stake(game, seat, team, *question, *points, now),
        Play::Hidden { question, ms } => hidden(game, seat, *question, *ms),
    }
}

fn ready(game: &Match, seat: LearnerId) -> Decision {
    if game.board.phase != Phase::Ready {
        return Err(Refusal::NotNow);
    }
    let known = game.seats.get(&seat).is_some_and(|known| known.ready);
    Ok((!known).then_some(Event::Readied { seat }))
}

fn answer(
    game: &Match,
    seat: LearnerId,
    team: usize,
    question: QuestionNumber,
    given: Given,
    now: Millis,
    secrets: &Secrets,
) -> Decision {
    let secret = secrets.question(question).ok_or(Refusal::NoSuchQuestion)?;
    let asked = game.board.asked.get(&question);
    let asked = asked.filter(|asked| asked.opened).ok_or(Refusal::NotNow)?;
    may_answer(game, seat, team, question)?;
    let graded = given.answer.as_ref();
    if !graded.is_some_and(|answer| answer.fits(secret.kind, usize::from(secret.options))) {
        return Err(Refusal::Unfitting);
    }
    let known = asked.answers.get(&seat).map(|known| known.revision);
    if known.is_some_and(|revision| revision >= given.revision) {
        return Ok(None);
    }
    if !is_open(game, seat, question) || is_over(game, now) {
        let known = game
            .seats
            .get(&seat)
            .and_then(|known| known.late.get(&question));
        let is_new = known.is_none_or(|revision| *revision < given.revision);
        return Ok(is_new.then_some(Event::AnsweredLate {
            seat,
            question,
            given,
        }));
    }
    running(game)?;
    if game.board.phase == Phase::Open {
        return Ok(Some(Event::Answered { seat, given }));
    }
    let right = graded.is_some_and(|answer| secret.key.grade(answer));
    Ok(Some(Event::Turned {
        seat,
        given: Some(given),
        verdict: if right {
            Verdict::Right
        } else {
            Verdict::Wrong
        },
    }))
}

/// Whether a person has, or had, the right to answer a question that was opened.
pub(in crate::contest::r#match) fn may_answer(
    game: &Match,
    seat: LearnerId,
    team: usize,
    question: QuestionNumber,
) -> Result<(), Refusal> {
    if !matches!(game.setup.kind_of(question), Some(Kind::Buzzer { .. })) {
        let alone = game.board.answers_alone(&game.setup, question, team);
        return match alone {
            Some(only) if only != seat => Err(Refusal::NotYourTurn),
            _ => Ok(()),
        };
    }
    let asked = game.board.asked.get(&question).ok_or(Refusal::NotNow)?;
    if asked.order.is_empty() {
        return Err(Refusal::PressFirst);
    }
    let turn = asked.order.iter().position(|place| place.seat == seat);
    let had_it = turn.is_some_and(|turn| turn < asked.verdicts.len());
    let has_it = asked.floor() == Some(seat) && is_open(game, seat, question);
    if had_it || has_it {
        Ok(())
    } else {
        Err(Refusal::NotYourTurn)
    }
}

/// Whether answers of a person to the question still count, the clock aside.
fn is_open(game: &Match, seat: LearnerId, question: QuestionNumber) -> bool {
    let Some((current, asked)) = game.board.current() else {
        return false;
    };
    current == question
        && match game.board.phase {
            Phase::Open => true,
            Phase::Floor => asked.floor() == Some(seat),
            _ => false,
        }
}

/// Whether the time has run out and only the timer has not rung yet.
fn is_over(game: &Match, now: Millis) -> bool {
    game.due().is_some_and(|due| due <= now)
}

fn running(game: &Match) -> Result<Millis, Refusal> {
    let clock = game.board.clock.ok_or(Refusal::NotNow)?;
    clock.until().ok_or(Refusal::Paused)
}

fn press(
    game: &Match,
    seat: LearnerId,
    question: QuestionNumber,
    judged: Judged,
    now: Millis,
) -> Decision {
    let is_buzzer = matches!(game.board.kind(&game.setup), Some(Kind::Buzzer { .. }));
    let (_, asked) = game
        .board
        .current()
        .filter(|(current, _)| *current == question && is_buzzer)
        .ok_or(Refusal::NotNow)?;
    if asked.presses.contains_key(&seat) {
        return Ok(None);
    }
    if game.board.phase != Phase::Open {
        return Err(Refusal::TooLate);
    }
    let until = running(game)?;
    // `judge` keeps to this by itself; made sure of, for that the waiting ends hangs on it. It came
    // within this millisecond.
    let received = micros(now);
    let bound = game.setup.rules.buzzer.bound();
    let last = received.saturating_add(MICROS - 1);
    let made = judged.made.clamp(received.saturating_sub(bound), last);
    if made < micros(game.board.since) || judged.clamped == Some(Clamp::Early) {
        return Err(Refusal::TooEarly);
    }
    if made >= micros(until) || is_over(game, now) {
        return Err(Refusal::TooLate);
    }
    let judged = Judged { made, ..judged };
    Ok(Some(Event::Pressed { seat, judged }))
}

fn stake(
    game: &Match,
    seat: LearnerId,
    team: usize,
    question: QuestionNumber,
    points: u32,
    now: Millis,
) -> Decision {
    let (_, asked) = game
        .board
        .current()
        .filter(|(current, _)| *current == question)
        .ok_or(Refusal::NotNow)?;
    let kind = game.board.kind(&game.setup).ok_or(Refusal::NotNow)?;
    if !matches!(kind, Kind::Wager { .. }) {
        return Err(Refusal::NotNow);
    }
    if game.board.answers_alone(&game.setup, question, team) != Some(seat) {
        return Err(Refusal::NotYourTurn);
    }
    if let Some(staked) = asked.staked.get(&seat) {
        return if *staked == points {
            Ok(None)
        } else {
            Err(Refusal::AlreadyStaked)
        };
    }
    if game.board.phase != Phase::Stakes || is_over(game, now) {
        return Err(Refusal::TooLate);
    }
    running(game)?;
    if !kind.stakes().contains(&points) {
        return Err(Refusal::StakeNotAllowed);
    }
    Ok(Some(Event::Staked { seat, points }))
}

fn hidden(game: &Match, seat: LearnerId, question: QuestionNumber, ms: u32) -> Decision {
    let asked = game.board.asked.get(&question);
    if !asked.is_some_and(|asked| asked.opened) {
        return Err(Refusal::NotNow);
    }
    let known = game
        .seats
        .get(&seat)
        .and_then(|known| known.hidden.get(&question));
    let is_more = ms > known.copied().unwrap_or(0);
    Ok(is_more.then_some(Event::Hid { seat, question, ms }))
}
