//! What a host may do now: the next step, and every other one with its key.

use super::parts;
use super::replica::Replica;
use super::scene::Scene;
use domain::contest::r#match::{Kind, Phase, QuestionNumber, Steer, View};
use domain::id::LearnerId;

/// How much the clock is moved by one press of a key, in milliseconds.
const MOVE: i64 = 10_000;

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Do {
    /// A step at once.
    Steer(Steer),
    /// A question first.
    Ask(Ask),
}

/// What is asked first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Whether the match is to end.
    Finish,
    /// Whether a question is to count no more.
    Void(QuestionNumber),
    /// Which question is to count no more.
    VoidOther,
    /// Whether a seat is to be freed.
    PutBack(LearnerId),
    /// For whom a substitute is to play.
    Substitute(LearnerId),
    /// Who is to lead.
    HandOver,
}

/// The next step.
pub struct Next {
    /// What it is called.
    pub label: String,
    /// What it means now.
    pub note: String,
    /// What it does; nothing while the clock alone goes on.
    pub act: Option<Do>,
}

/// A step that has a button and a key.
pub struct Step {
    /// The key.
    pub key: &'static str,
    /// The icon.
    pub picture: &'static str,
    /// What it is called.
    pub label: String,
    /// What it does; nothing when it does not fit now.
    pub act: Option<Do>,
}

/// The question that comes.
pub fn coming(replica: &Replica) -> Option<QuestionNumber> {
    let (game, board) = (replica.game(), replica.game().board());
    (0..game.setup().questions())
        .map(QuestionNumber)
        .find(|number| !board.was_opened(*number) && !board.is_left_out(*number))
}

/// Whether a question is asked at this moment; it is voided once it is locked.
fn is_asked_now(view: &View) -> bool {
    matches!(view.phase, Phase::Stakes | Phase::Open | Phase::Floor)
}

/// The questions that may be voided: those that were asked, and the one that comes.
pub fn voidable(replica: &Replica, view: &View) -> Vec<QuestionNumber> {
    let (game, board) = (replica.game(), replica.game().board());
    let now = view.question.filter(|_| is_asked_now(view));
    let questions = (0..game.setup().questions()).map(QuestionNumber);
    let others: Vec<_> = questions.filter(|q| Some(*q) != now).collect();
    let asked = others
        .iter()
        .filter(|q| board.was_opened(**q) && !view.voided.contains(q));
    let coming = others
        .iter()
        .find(|q| !board.was_opened(**q) && !board.is_left_out(**q));
    asked.chain(coming).copied().collect()
}

/// The place of a question in its round, from 1.
pub fn place(scene: &Scene, question: Option<QuestionNumber>) -> u32 {
    scene
        .round_of(question)
        .map_or(0, |(_, _, place)| place + 1)
}

/// The step that comes next; none once the match is over.
pub fn next(scene: &Scene, replica: &Replica, view: &View) -> Option<Next> {
    let n = place(scene, view.question);
    let step = |label: String, note: String, step: Steer| Next {
        label,
        note,
        act: Some(Do::Steer(step)),
    };
    if parts::is_paused(view) {
        let note = scene.t("match.paused");
        return Some(step(scene.t("host.resume"), note, Steer::Resume));
    }
    let total = scene.seats();
    Some(match view.phase {
        Phase::Lobby => {
            let here = parts::sum(view, |team| team.present);
            let note = scene.f("host.note-start", &[("n", &here), ("total", &total)]);
            step(scene.t("host.do-start"), note, Steer::Start)
        }
        Phase::Stakes => step(
            scene.f("host.do-open", &[("n", &n)]),
            open_note(scene, replica, view.question),
            Steer::Open,
        ),
        Phase::Open => {
            let all = parts::sum(view, parts::asked_of);
            let open = all.saturating_sub(parts::sum(view, |team| team.answered));
            let is_buzzer = scene
                .round_of(view.question)
                .is_some_and(|(_, round, _)| matches!(round.kind, Kind::Buzzer { .. }));
            let note = if is_buzzer {
                scene.t("host.note-judging")
            } else {
                scene.f("host.note-lock", &[("n", &open)])
            };
            step(scene.f("host.do-lock", &[("n", &n)]), note, Steer::Lock)
        }
        Phase::Floor => {
            let team = parts::floor(scene, view)
                .map(|(_, team)| team)
                .unwrap_or_default();
            Next {
                label: scene.f("host.do-lock", &[("n", &n)]),
                note: scene.f("host.note-floor", &[("team", &team)]),
                act: None,
            }
        }
        Phase::Locked => step(
            scene.f("host.do-reveal", &[("n", &n)]),
            scene.t("host.note-reveal"),
            Steer::Reveal,
        ),
        Phase::Reveal => step(
            scene.t("host.do-scoreboard"),
            scene.t("host.note-scoreboard"),
            Steer::Scoreboard,
        ),
        Phase::Ready | Phase::Scoreboard => open_or_finish(scene, replica),
        Phase::Finished => return None,
    })
}

fn open_or_finish(scene: &Scene, replica: &Replica) -> Next {
    let coming = coming(replica);
    let Some((_, round, place)) = scene.round_of(coming) else {
        return Next {
            label: scene.t("host.do-finish"),
            note: scene.t("host.note-finish"),
            act: Some(Do::Ask(Ask::Finish)),
        };
    };
    let key = if matches!(round.kind, Kind::Wager { .. }) {
        "host.do-stakes"
    } else {
        "host.do-open"
    };
    Next {
        label: scene.f(key, &[("n", &(place + 1))]),
        note: open_note(scene, replica, coming),
        act: Some(Do::Steer(Steer::Open)),
    }
}

fn open_note(scene: &Scene, replica: &Replica, question: Option<QuestionNumber>) -> String {
    let Some((_, round, _)) = scene.round_of(question) else {
        return String::new();
    };
    let console = replica.view().console;
    let seen = console
        .zip(question)
        .is_some_and(|(console, q)| console.seen.contains(&q));
    if seen {
        return scene.t("host.seen");
    }
    scene.f(
        "host.note-open",
        &[("seconds", &round.seconds), ("points", &round.points)],
    )
}

/// Every step with its key, in the order of the buttons.
pub fn steps(scene: &Scene, replica: &Replica, view: &View) -> Vec<Step> {
    let (undos, redos) = view.console.as_ref().map_or((0, 0), |c| (c.undos, c.redos));
    let runs = view.clock.map(|clock| clock.until().is_some());
    let current = view
        .question
        .filter(|q| !is_asked_now(view) && !view.voided.contains(q));
    let at = |phase: Phase, steer: Steer| (view.phase == phase).then_some(Do::Steer(steer));
    let step = |key, picture, label: &str, act| Step {
        key,
        picture,
        label: scene.t(label),
        act,
    };
    let pause = if runs == Some(false) {
        step("p", "pause", "host.resume", Some(Do::Steer(Steer::Resume)))
    } else {
        let act = runs.map(|_| Do::Steer(Steer::Pause));
        step("p", "pause", "host.pause", act)
    };
    let by = |by_ms| runs.map(|_| Do::Steer(Steer::MoveClock { by_ms }));
    let over = view.phase == Phase::Scoreboard;
    vec![
        step("l", "lock", "host.lock", at(Phase::Open, Steer::Lock)),
        step(
            "r",
            "right",
            "host.reveal",
            at(Phase::Locked, Steer::Reveal),
        ),
        step(
            "b",
            "trophy",
            "host.scoreboard",
            at(Phase::Reveal, Steer::Scoreboard),
        ),
        pause,
        step(
            "z",
            "undo",
            "host.undo",
            (undos > 0).then_some(Do::Steer(Steer::Undo)),
        ),
        step(
            "y",
            "redo",
            "host.redo",
            (redos > 0).then_some(Do::Steer(Steer::Redo)),
        ),
        step("-", "down", "host.less-time", by(-MOVE)),
        step("+", "up", "host.more-time", by(MOVE)),
        step(
            "v",
            "void",
            "host.void",
            current.map(|q| Do::Ask(Ask::Void(q))),
        ),
        step(
            "h",
            "hand-over",
            "host.hand-over",
            (scene.setup.hosts.len() > 1).then_some(Do::Ask(Ask::HandOver)),
        ),
        step(
            "e",
            "flag",
            "host.finish",
            over.then_some(Do::Ask(Ask::Finish)),
        ),
        {
            let ask = match voidable(replica, view)[..] {
                [] => None,
                [only] => Some(Ask::Void(only)),
                _ => Some(Ask::VoidOther),
            };
            step("x", "void", "host.void-other", ask.map(Do::Ask))
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::super::replica::tests::setup;
    use super::*;
    use domain::contest::r#match::message::Told;
    use domain::contest::r#match::{Actor, Audience, Event, Numbered};
    use domain::time::Millis;

    #[test]
    fn any_question_that_was_asked_may_be_voided_and_the_one_that_comes_but_not_the_open_one() {
        let mut replica = Replica::new(setup(), Audience::Host);
        let can = |replica: &Replica| -> Vec<u32> {
            let numbers = voidable(replica, &replica.view());
            numbers.into_iter().map(|question| question.0).collect()
        };
        let open = |n| Event::Opened {
            question: QuestionNumber(n),
            stakes: Vec::new(),
        };
        let locked = || Event::Locked {
            answered: vec![0, 0],
        };
        assert_eq!(can(&replica), [0]);
        let voided = Event::Voided {
            question: QuestionNumber(0),
            points: Vec::new(),
        };
        let expected: [(Event, &[u32]); 7] = [
            (Event::Started, &[0]),
            (open(0), &[1]),
            (locked(), &[0, 1]),
            (open(1), &[0, 2]),
            (locked(), &[0, 1, 2]),
            (voided, &[1, 2]),
            (open(2), &[1]),
        ];
        for (number, (event, then)) in (1..).zip(expected) {
            let told = Numbered {
                number,
                at: Millis(0),
                by: Actor::Clock,
                event,
            };
            replica.take(&Told::Event(told), 0);
            assert_eq!(can(&replica), then, "after step {number}");
        }
    }
}
