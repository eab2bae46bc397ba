//! The log of steps on the host's console: what was done, by whom, and what was taken back.

use super::replica::Replica;
use super::scene::Scene;
use domain::contest::r#match::{Actor, Event, Numbered, QuestionNumber, Verdict};
use domain::time::Millis;
use leptos::prelude::*;

/// Steps that are shown, the last first.
const SHOWN: usize = 100;

/// A step, its number among the steps, and whether it was taken back.
struct Line<'a> {
    number: usize,
    step: &'a Numbered,
    undone: bool,
    /// What an undo or redo was of.
    of: Option<usize>,
    /// The question that was asked then.
    question: Option<QuestionNumber>,
}

/// The steps with what undo made of them.
fn lines(steps: &[Numbered]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(steps.len());
    let (mut done, mut undone) = (Vec::new(), Vec::new());
    let mut question = None;
    for (index, step) in steps.iter().enumerate() {
        let mut of = None;
        if let Event::StakesOpened { question: asked }
        | Event::Opened {
            question: asked, ..
        } = &step.event
        {
            question = Some(*asked);
        }
        match &step.event {
            Event::Undone => {
                of = done.pop();
                undone.extend(of);
            }
            Event::Redone => {
                of = undone.pop();
                done.extend(of);
            }
            Event::ScoreboardShown => {
                done.clear();
                undone.clear();
            }
            event if event.can_be_undone() => {
                done.push(index);
                undone.clear();
            }
            _ => {}
        }
        if let Some(line) = of.and_then(|of| lines.get_mut(of)) {
            line.undone = step.event == Event::Undone;
        }
        lines.push(Line {
            number: index + 1,
            step,
            undone: false,
            of,
            question,
        });
    }
    lines
}

/// The log, the last step first.
pub fn log(scene: &Scene, replica: &Replica) -> AnyView {
    let steps = replica.steps();
    let lines = lines(steps);
    let rows = lines.iter().rev().take(SHOWN).map(|line| {
        let by = match line.step.by {
            Actor::Host(person) | Actor::Player(person) => scene.name(person),
            Actor::Clock => scene.t("host.by-clock"),
        };
        let of = line.of.and_then(|of| lines.get(of));
        let undone = line.undone.then(|| scene.t("host.log-undone"));
        let is_final = line.step.event == Event::ScoreboardShown;
        view! {
            <li data-undone=line.undone.then_some("") data-final=is_final.then_some("")>
                <data value=line.number.to_string()>{line.number}</data>
                <p>{words(scene, line, of)}{undone}" "<small>{by}</small></p>
                <time>{time(line.step.at)}</time>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="host-log">
            <div class="section-head"><h2 id="log">{scene.t("host.log")}</h2><p>{scene.f("host.log-steps", &[("n", &steps.len())])}</p></div>
            <div class="log" role="region" tabindex="0" aria-labelledby="log"><ol>{rows}</ol></div>
        </div>
    }
    .into_any()
}

/// The time of day in Beijing.
fn time(at: Millis) -> String {
    let seconds = (at.0 / 1_000 + 8 * 3_600).rem_euclid(24 * 3_600);
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn n(scene: &Scene, question: QuestionNumber) -> u32 {
    scene
        .round_of(Some(question))
        .map_or(0, |(_, _, place)| place + 1)
}

/// What a step was, in words; `of` is the step that it took back or brought back.
fn words(scene: &Scene, line: &Line<'_>, of: Option<&Line<'_>>) -> String {
    let of = || of.map(|line| words(scene, line, None)).unwrap_or_default();
    let now = scene
        .round_of(line.question)
        .map_or(0, |(_, _, place)| place + 1);
    match &line.step.event {
        Event::Started => scene.t("match-event.started"),
        Event::StakesOpened { question } => {
            scene.f("match-event.stakes-opened", &[("n", &n(scene, *question))])
        }
        Event::Opened { question, .. } => {
            scene.f("match-event.opened", &[("n", &n(scene, *question))])
        }
        Event::BuzzerJudged { order } => {
            let team = order.first().map(|place| scene.team_name(place.seat));
            scene.f(
                "match-event.buzzer-judged",
                &[("team", &team.unwrap_or_default())],
            )
        }
        Event::Turned { seat, verdict, .. } => {
            let key = match verdict {
                Verdict::Right => "match-event.turned-right",
                Verdict::Wrong => "match-event.turned-wrong",
                Verdict::Silent => "match-event.turned-silent",
            };
            scene.f(key, &[("team", &scene.team_name(*seat))])
        }
        Event::Locked { .. } => scene.f("match-event.locked", &[("n", &now)]),
        Event::Revealed { .. } => scene.f("match-event.revealed", &[("n", &now)]),
        Event::ScoreboardShown => scene.t("match-event.scoreboard-shown"),
        Event::Finished => scene.t("match-event.finished"),
        Event::Paused => scene.t("match-event.paused"),
        Event::Resumed => scene.t("match-event.resumed"),
        Event::ClockMoved { by_ms } if *by_ms >= 0 => {
            scene.f("match-event.clock-more", &[("n", &(by_ms / 1_000))])
        }
        Event::ClockMoved { by_ms } => {
            scene.f("match-event.clock-less", &[("n", &(-by_ms / 1_000))])
        }
        Event::Voided { question, .. } => {
            scene.f("match-event.voided", &[("n", &n(scene, *question))])
        }
        Event::Undone => scene.f("match-event.undone", &[("step", &of())]),
        Event::Redone => scene.f("match-event.redone", &[("step", &of())]),
        Event::PutBack { seat } => scene.f("match-event.put-back", &[("name", &scene.name(*seat))]),
        Event::Substituted { leaves, enters } => scene.f(
            "match-event.substituted",
            &[
                ("leaves", &scene.name(*leaves)),
                ("enters", &scene.name(*enters)),
            ],
        ),
        Event::HandedOver { to } => {
            scene.f("match-event.handed-over", &[("name", &scene.name(*to))])
        }
        Event::Joined { .. }
        | Event::Readied { .. }
        | Event::Staked { .. }
        | Event::Answered { .. }
        | Event::AnsweredLate { .. }
        | Event::Pressed { .. }
        | Event::Hid { .. } => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undone_step_is_struck_out_and_a_redone_one_is_not() {
        let step = |number, event| Numbered {
            number,
            at: Millis(0),
            by: Actor::Clock,
            event,
        };
        let opened = Event::Opened {
            question: QuestionNumber(0),
            stakes: Vec::new(),
        };
        let mut steps = vec![
            step(1, Event::Started),
            step(2, opened),
            step(3, Event::Undone),
        ];
        let undone = |steps: &[Numbered]| -> Vec<bool> {
            lines(steps).iter().map(|line| line.undone).collect()
        };
        assert_eq!(undone(&steps), [false, true, false]);
        steps.push(step(4, Event::Redone));
        assert_eq!(undone(&steps), [false; 4]);
        assert_eq!(lines(&steps)[2].of, Some(1));
    }
}
