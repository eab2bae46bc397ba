//! A question on a player's page: to answer, to press for, to look at, and what became of it.

use super::live::{Line, Live};
use super::options::{Shown, shown};
use super::parts::{self, chip, gained, icon, ms, order, ring, state_line, waiting};
use super::scene::Scene;
use domain::contest::r#match::message::Words;
use domain::contest::r#match::{Kind, Own, Phase, QuestionNumber, TeamView, View};
use domain::question::{Answer, QuestionKind};
use leptos::prelude::*;

/// Where a player's answer is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whereabouts {
    Nowhere,
    OnItsWay,
    Phone,
    Server,
}

fn whereabouts(live: Live, own: &Own, question: QuestionNumber) -> Whereabouts {
    if live.on_its_way(question).is_some() {
        if live.line.get() == Line::Open {
            Whereabouts::OnItsWay
        } else {
            Whereabouts::Phone
        }
    } else if own.given.is_some() {
        Whereabouts::Server
    } else {
        Whereabouts::Nowhere
    }
}

/// The answer as the player sees it: what is chosen, else what is on its way, else what is stored.
fn answer(live: Live, own: &Own, question: QuestionNumber) -> Option<Answer> {
    if let Some((drafted, answer)) = live.draft.get()
        && drafted == question
    {
        return Some(answer);
    }
    let waiting = live.on_its_way(question).map(|(_, answer)| answer);
    waiting.or_else(|| own.given.as_ref().and_then(|given| given.answer.clone()))
}

/// The question of now.
pub fn question(scene: &Scene, live: Live, view: &View, own: &Own, team: &TeamView) -> AnyView {
    let (Some(number), Some((_, round, place))) = (view.question, scene.round_of(view.question))
    else {
        return ().into_any();
    };
    let is_buzzer = matches!(round.kind, Kind::Buzzer { .. });
    let mine = team.alone.is_none_or(|alone| Some(alone) == scene.person) && own.plays;
    let inner = live.replica.with(|replica| {
        let words = replica.words(view.question)?;
        let legend = format!("{}. {}", place + 1, parts::stem(&words.stem));
        Some(match view.phase {
            Phase::Open if is_buzzer => to_press(words, legend),
            Phase::Open if mine => to_answer(scene, live, view, own, words, legend, number),
            Phase::Open => to_watch(scene, view, team, words, legend),
            Phase::Floor if own.may_answer || view.floor == scene.person => {
                to_answer(scene, live, view, own, words, legend, number)
            }
            Phase::Floor => other_floor(scene, view, own),
            Phase::Locked => locked(scene, live, view, own, team, words, legend, number),
            _ => revealed(scene, live, view, own, team, words, legend, number),
        })
    });
    let line = state_line(
        scene.number(view.question),
        state(scene, live, view, own, mine, is_buzzer, number),
        ring(scene, live, view),
    );
    (line, inner.unwrap_or_else(|| ().into_any())).into_any()
}

/// How things are with the question, in a chip.
fn state(
    scene: &Scene,
    live: Live,
    view: &View,
    own: &Own,
    mine: bool,
    is_buzzer: bool,
    number: QuestionNumber,
) -> AnyView {
    let (words, picture, state) = match view.phase {
        _ if parts::is_void(view, view.question) => ("match.void", Some("void"), Some("gold")),
        Phase::Locked => ("match.locked", Some("lock"), None),
        Phase::Reveal => ("match.revealed", Some("check"), None),
        Phase::Floor if view.floor == scene.person => {
            ("match.you-answer", Some("buzzer"), Some("open"))
        }
        Phase::Floor => ("match.floor-other", Some("people"), None),
        Phase::Open if is_buzzer => {
            if own.pressed || live.is_pressing(number) {
                ("match.pressed", Some("saving"), None)
            } else {
                ("match.press", Some("buzzer"), Some("open"))
            }
        }
        _ if !mine => ("match.mate-answers", Some("people"), None),
        _ => match whereabouts(live, own, number) {
            Whereabouts::Nowhere => ("match.choose", None, None),
            Whereabouts::OnItsWay => ("match.saving", Some("saving"), None),
            Whereabouts::Phone => ("match.kept", Some("phone"), Some("gold")),
            Whereabouts::Server => ("match.saved", Some("saved"), Some("right")),
        },
    };
    chip(scene.t(words), picture, state)
}

/// What a type of question is called.
pub fn kind_words(scene: &Scene, kind: QuestionKind) -> String {
    scene.t(match kind {
        QuestionKind::Single => "kind.single",
        QuestionKind::Multiple => "kind.multiple",
        QuestionKind::TrueFalse => "kind.true-false",
        QuestionKind::FillIn => "kind.fill-in",
    })
}

fn to_answer(
    scene: &Scene,
    live: Live,
    view: &View,
    own: &Own,
    words: &Words,
    legend: String,
    number: QuestionNumber,
) -> AnyView {
    let on_floor = view.phase == Phase::Floor;
    let (icon, said) = match whereabouts(live, own, number) {
        Whereabouts::OnItsWay => ("saving", "match.saving"),
        Whereabouts::Phone => ("phone", "match.kept"),
        _ => ("check", "match.saved"),
    };
    let drafted = live
        .draft
        .with(|draft| draft.as_ref().is_some_and(|(q, _)| *q == number));
    let shown_fields = shown(
        scene,
        live,
        words,
        &Shown {
            number,
            answer: answer(live, own, number),
            mark: (!drafted).then(|| (icon, scene.t(said))),
            key: None,
            at_once: !on_floor,
        },
    );
    let note = if on_floor {
        let won = floor_words(scene, view);
        let once = scene.pair(&kind_words(scene, words.kind), &scene.t("match.floor-once"));
        view! { <small>{won}</small><small>{once}</small> }.into_any()
    } else {
        view! { <small>{kind_words(scene, words.kind)}</small> }.into_any()
    };
    let disabled = parts::is_paused(view) || (on_floor && live.on_its_way(number).is_some());
    view! {
        <fieldset class="question" disabled=disabled>
            <legend>{legend}{note}</legend>
            {shown_fields}
        </fieldset>
    }
    .into_any()
}

/// Why the floor is the player's.
fn floor_words(scene: &Scene, view: &View) -> String {
    let mine = view
        .buzzer
        .iter()
        .position(|place| Some(place.seat) == scene.person);
    match (mine, view.buzzer.get(1)) {
        (Some(0), None) => scene.t("match.won-only"),
        (Some(0), Some(next)) => scene.f(
            "match.won-first",
            &[
                ("ms", &ms(next.margin)),
                ("off", &ms(next.margin_uncertainty)),
            ],
        ),
        _ => scene.t("match.won-next"),
    }
}

fn to_press(words: &Words, legend: String) -> AnyView {
    view! { <p class="stem">{legend}</p>{parts::choices(&words.options, &[])} }.into_any()
}

fn to_watch(scene: &Scene, view: &View, team: &TeamView, words: &Words, legend: String) -> AnyView {
    let name = team.alone.map(|seat| scene.name(seat)).unwrap_or_default();
    let round = scene.round_of(view.question);
    let is_wager = round.is_some_and(|(_, round, _)| matches!(round.kind, Kind::Wager { .. }));
    let title = if is_wager {
        scene.f("match.captain-answers", &[("name", &name)])
    } else {
        scene.f("match.mate-turn", &[("name", &name)])
    };
    let stake = team
        .stake
        .map(|n| scene.f("match.team-stake", &[("n", &n)]))
        .unwrap_or_default();
    view! {
        <p class="stem">{legend}</p>
        {parts::choices(&words.options, &[])}
        {waiting("user", title, stake)}
    }
    .into_any()
}

fn other_floor(scene: &Scene, view: &View, own: &Own) -> AnyView {
    let mine = view.teams.iter().position(|team| team.team == own.team);
    let Some((seat, team)) = parts::floor(scene, view) else {
        return ().into_any();
    };
    let mate = scene.team_of(seat) == mine;
    let now = if mate {
        scene.f("match.floor-mate", &[("name", &scene.name(seat))])
    } else {
        scene.f("match.floor-team", &[("team", &team)])
    };
    // The own team's place, if its turn may still come.
    let turn = view
        .buzzer
        .iter()
        .position(|place| place.verdict.is_none())
        .unwrap_or(0);
    let place = view
        .buzzer
        .iter()
        .position(|place| scene.team_of(place.seat) == mine);
    let next = match place {
        Some(place) if place == turn + 1 => scene.t("match.floor-next"),
        Some(place) if place > turn => scene.f("match.floor-place", &[("n", &(place + 1))]),
        _ => String::new(),
    };
    view! { <p class="lead">{now}" "{next}</p>{order(scene, view, mine)} }.into_any()
}

#[allow(clippy::too_many_arguments, reason = "all that a question is made of")]
fn locked(
    scene: &Scene,
    live: Live,
    view: &View,
    own: &Own,
    team: &TeamView,
    words: &Words,
    legend: String,
    number: QuestionNumber,
) -> AnyView {
    let mine = view.teams.iter().position(|team| team.team == own.team);
    if !view.buzzer.is_empty() {
        return view! { <p class="stem">{legend}</p>{order(scene, view, mine)} }.into_any();
    }
    let fields = shown(
        scene,
        live,
        words,
        &Shown {
            number,
            answer: answer(live, own, number),
            mark: Some(("lock", scene.t("match.locked"))),
            key: None,
            at_once: true,
        },
    );
    let key = if own.given.is_some() {
        "match.wait-reveal"
    } else {
        "match.wait-reveal-none"
    };
    let total = parts::asked_of(team);
    let lead = scene.f(key, &[("n", &team.answered), ("total", &total)]);
    view! {
        <fieldset class="question" disabled=true>
            <legend>{legend}<small>{kind_words(scene, words.kind)}</small></legend>
            {fields}
        </fieldset>
        <p class="lead">{lead}</p>
    }
    .into_any()
}

#[allow(clippy::too_many_arguments, reason = "all that a question is made of")]
fn revealed(
    scene: &Scene,
    live: Live,
    view: &View,
    own: &Own,
    team: &TeamView,
    words: &Words,
    legend: String,
    number: QuestionNumber,
) -> AnyView {
    let given = own.given.as_ref().and_then(|given| given.answer.clone());
    let fields = shown(
        scene,
        live,
        words,
        &Shown {
            number,
            answer: given.clone(),
            mark: None,
            key: view.key.clone(),
            at_once: true,
        },
    );
    let right = view
        .key
        .as_ref()
        .zip(given.as_ref())
        .map(|(key, answer)| key.grade(answer));
    let below = if parts::is_void(view, view.question) {
        parts::flash(scene.t("match.void-words"), "info")
    } else {
        verdict(scene, team, right)
    };
    view! {
        <fieldset class="question" disabled=true>
            <legend>{legend}<small>{kind_words(scene, words.kind)}</small></legend>
            {fields}
        </fieldset>
        {below}
    }
    .into_any()
}

fn verdict(scene: &Scene, team: &TeamView, right: Option<bool>) -> AnyView {
    let (state, picture, title) = match right {
        Some(true) => ("right", "right", scene.t("question.verdict-right")),
        Some(false) => ("wrong", "wrong", scene.t("question.verdict-wrong")),
        None => ("none", "info", scene.t("question.verdict-none")),
    };
    let gain = team
        .gained
        .map(|gain| scene.f("match.gained", &[("n", &gained(gain))]));
    let detail = match team.stake {
        Some(stake) => scene.f("match.team-stake", &[("n", &stake)]),
        None => scene.f(
            "match.team-right",
            &[("n", &team.right.unwrap_or(0)), ("total", &team.members)],
        ),
    };
    view! {
        <section class="verdict" data-state=state>
            <h2>{icon(picture)}{title}<small>{gain}</small></h2>
            <p>{detail}</p>
        </section>
    }
    .into_any()
}
