//! Which event a command leads to.

mod play;
mod steer;

pub(super) use play::may_answer;

use super::buzzer::places;
use super::event::{Event, Verdict};
use super::{Actor, Command, Match, Phase, QuestionNumber, Refusal, Secrets};
use crate::contest::buzzer::{Judged, order};
use crate::id::LearnerId;
use crate::seed::seed_of;
use crate::time::Millis;
use std::collections::{BTreeMap, BTreeSet};

/// The event that a command leads to at `now`; `None` when it changes nothing, as when it was
/// sent twice. Nothing has happened until the event is applied, and nobody may see an effect of
/// it before it is stored.
///
/// # Errors
/// A [`Refusal`], which changes nothing either.
pub fn decide(
    game: &Match,
    by: Actor,
    command: &Command,
    now: Millis,
    secrets: &Secrets,
) -> Result<Option<Event>, Refusal> {
    match (command, by) {
        (Command::Play { device, play }, Actor::Player(seat)) => {
            play::decide(game, seat, *device, play, now, secrets)
        }
        (Command::Steer { expects, steer }, Actor::Host(host)) => {
            steer::decide(game, host, *expects, steer, secrets).map(Some)
        }
        (Command::Tick, Actor::Clock) => Ok(tick(game, now, secrets)),
        (Command::Play { .. }, _) => Err(Refusal::NotASeat),
        (Command::Steer { .. }, _) => Err(Refusal::NotAHost),
        (Command::Tick, _) => Err(Refusal::NotTheClock),
    }
}

/// What is to happen because time has passed.
fn tick(game: &Match, now: Millis, secrets: &Secrets) -> Option<Event> {
    if game.due()? > now {
        return None;
    }
    let (number, asked) = game.board.current()?;
    match game.board.phase {
        Phase::Stakes => Some(opened(game, number)),
        Phase::Open if asked.presses.is_empty() => Some(locked(game)),
        Phase::Open => Some(judged(game, number, &asked.presses, secrets)),
        Phase::Floor => Some(Event::Turned {
            seat: asked.floor()?,
            given: None,
            verdict: Verdict::Silent,
        }),
        _ => None,
    }
}

/// The question opens with what the captains have staked, the least allowed for the others.
fn opened(game: &Match, question: QuestionNumber) -> Event {
    let kind = game.setup.kind_of(question);
    let least = kind.and_then(|kind| kind.stakes().iter().min().copied());
    let teams = 0..game.board.teams.len();
    let stakes = least.map_or_else(Vec::new, |least| {
        let stake = |team| staked(game, question, team).unwrap_or(least);
        teams.map(stake).collect()
    });
    Event::Opened { question, stakes }
}

fn staked(game: &Match, question: QuestionNumber, team: usize) -> Option<u32> {
    let captain = game.board.answers_alone(&game.setup, question, team)?;
    let asked = game.board.asked.get(&question)?;
    asked.staked.get(&captain).copied()
}

fn locked(game: &Match) -> Event {
    Event::Locked {
        answered: game.answered(),
    }
}

/// The order of the presses, one place a team: its earliest press.
fn judged(
    game: &Match,
    number: QuestionNumber,
    presses: &BTreeMap<LearnerId, Judged>,
    secrets: &Secrets,
) -> Event {
    let presses: Vec<(LearnerId, Judged)> = presses
        .iter()
        .map(|(seat, judged)| (*seat, *judged))
        .collect();
    let mut teams = BTreeSet::new();
    let earliest = order(&presses)
        .into_iter()
        .filter(|press| {
            let team = game.board.seat(press.who);
            team.is_some_and(|(team, _)| teams.insert(team))
        })
        .map(|press| (press.who, press.judged))
        .collect();
    let seed = seed_of(&[&secrets.seed.to_string(), &number.0.to_string()]);
    Event::BuzzerJudged {
        order: places(&earliest, game.setup.rules.tie, seed),
    }
}
