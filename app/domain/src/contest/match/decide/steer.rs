//! What the host in charge may do.

use super::{locked, opened};
use crate::contest::r#match::points::outcome;
use crate::contest::r#match::{Event, Kind, Match, Phase, QuestionNumber, Refusal, Secrets, Steer};
use crate::id::LearnerId;
use crate::time::MINUTE;

/// The most that a clock is moved at once, in milliseconds.
const LONGEST_MOVE: i64 = 60 * MINUTE;

pub(super) fn decide(
    game: &Match,
    host: LearnerId,
    expects: u64,
    steer: &Steer,
    secrets: &Secrets,
) -> Result<Event, Refusal> {
    if !game.setup.hosts.contains(&host) {
        return Err(Refusal::NotAHost);
    }
    let takes_over = *steer == Steer::HandOver { to: host };
    if game.in_charge != Some(host) && !takes_over {
        return Err(Refusal::NotInCharge);
    }
    if !(game.stepped..=game.number).contains(&expects) {
        return Err(Refusal::Stale);
    }
    let runs = game.board.clock.map(|clock| clock.until().is_some());
    match (steer, game.board.phase) {
        (Steer::Start, Phase::Lobby) => Ok(Event::Started),
        (Steer::Open, Phase::Ready | Phase::Reveal | Phase::Scoreboard) => next(game, secrets),
        (Steer::Open, Phase::Stakes) => match game.board.current() {
            Some((question, _)) => Ok(opened(game, question)),
            None => Err(Refusal::NotNow),
        },
        (Steer::Lock, Phase::Open) if game.board.judging.is_some() => Err(Refusal::Judging),
        (Steer::Lock, Phase::Open) => Ok(locked(game)),
        (Steer::Reveal, Phase::Locked) => reveal(game, secrets),
        (Steer::Scoreboard, Phase::Reveal) => Ok(Event::ScoreboardShown),
        (Steer::Finish, Phase::Scoreboard) => Ok(Event::Finished),
        (Steer::Pause, _) if runs == Some(true) => Ok(Event::Paused),
        (Steer::Resume, _) if runs == Some(false) => Ok(Event::Resumed),
        (Steer::MoveClock { by_ms }, _) if runs.is_some() => {
            let fits = (-LONGEST_MOVE..=LONGEST_MOVE).contains(by_ms);
            fits.then_some(Event::ClockMoved { by_ms: *by_ms })
                .ok_or(Refusal::OutOfRange)
        }
        (Steer::Void { question }, _) => void(game, *question),
        (Steer::Undo, _) if game.history.undos() == 0 => Err(Refusal::NothingToUndo),
        (Steer::Undo, _) => Ok(Event::Undone),
        (Steer::Redo, _) if game.history.redos() == 0 => Err(Refusal::NothingToRedo),
        (Steer::Redo, _) => Ok(Event::Redone),
        (Steer::PutBack { seat }, _) => put_back(game, *seat),
        (
            Steer::Substitute { leaves, enters },
            Phase::Lobby | Phase::Ready | Phase::Reveal | Phase::Scoreboard,
        ) => substitute(game, *leaves, *enters),
        (Steer::HandOver { to }, _) if !game.setup.hosts.contains(to) => Err(Refusal::NoSuchHost),
        (Steer::HandOver { to }, _) => Ok(Event::HandedOver { to: *to }),
        _ => Err(Refusal::NotNow),
    }
}

/// The next question of the programme that was neither asked nor left out.
fn next(game: &Match, secrets: &Secrets) -> Result<Event, Refusal> {
    let question = (0..game.setup.questions())
        .map(QuestionNumber)
        .find(|number| !game.board.asked.contains_key(number))
        .ok_or(Refusal::NoQuestionLeft)?;
    secrets.question(question).ok_or(Refusal::NoSuchQuestion)?;
    Ok(match game.setup.kind_of(question) {
        Some(Kind::Wager { .. }) => Event::StakesOpened { question },
        _ => opened(game, question),
    })
}

fn reveal(game: &Match, secrets: &Secrets) -> Result<Event, Refusal> {
    let question = game.board.question.ok_or(Refusal::NotNow)?;
    let secret = secrets.question(question).ok_or(Refusal::NoSuchQuestion)?;
    let (right, points) = outcome(&game.setup, &game.board, question, &secret.key);
    Ok(Event::Revealed {
        key: secret.key.clone(),
        right,
        points,
    })
}

fn void(game: &Match, question: QuestionNumber) -> Result<Event, Refusal> {
    if question.0 >= game.setup.questions() {
        return Err(Refusal::NoSuchQuestion);
    }
    let is_asked_now = game.board.question == Some(question)
        && matches!(game.board.phase, Phase::Stakes | Phase::Open | Phase::Floor);
    if is_asked_now {
        return Err(Refusal::NotNow);
    }
    let asked = game.board.asked.get(&question);
    if asked.is_some_and(|asked| asked.voided) {
        return Err(Refusal::AlreadyVoid);
    }
    let revealed = asked.and_then(|asked| asked.revealed.as_ref());
    Ok(Event::Voided {
        question,
        points: revealed.map_or_else(Vec::new, |revealed| revealed.points.clone()),
    })
}

fn put_back(game: &Match, seat: LearnerId) -> Result<Event, Refusal> {
    game.board.seat(seat).ok_or(Refusal::NoSuchSeat)?;
    let device = game.seats.get(&seat).and_then(|known| known.device);
    device.map_or(Err(Refusal::NotJoined), |_| Ok(Event::PutBack { seat }))
}

fn substitute(game: &Match, leaves: LearnerId, enters: LearnerId) -> Result<Event, Refusal> {
    let mut teams = game.board.teams.iter();
    let team = teams
        .find(|team| team.members.contains(&leaves))
        .ok_or(Refusal::NoSuchSeat)?;
    if !team.substitutes.contains(&enters) {
        return Err(Refusal::NotASubstitute);
    }
    Ok(Event::Substituted { leaves, enters })
}
