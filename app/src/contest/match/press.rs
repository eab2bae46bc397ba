//! What a player's thumb can do with a question: press, or hand in the answer.

use super::live::{Live, play};
use super::scene::Scene;
use domain::contest::r#match::message::Move;
use domain::contest::r#match::{Kind, Own, Phase, QuestionNumber, View};
use leptos::prelude::*;

/// What a player's thumb can do: press, or hand in the answer of who has the floor.
pub fn action(scene: &Scene, live: Live, view: &View, own: &Own) -> Option<AnyView> {
    let question = view.question?;
    let (_, round, _) = scene.round_of(view.question)?;
    if view.phase == Phase::Open && matches!(round.kind, Kind::Buzzer { .. }) {
        return Some(press(scene, live, own, question));
    }
    if view.phase != Phase::Floor || view.floor != scene.person {
        return None;
    }
    let chosen = live
        .draft
        .with(|draft| draft.as_ref().is_some_and(|(q, _)| *q == question));
    let under_way = live.on_its_way(question).is_some();
    let words = scene.t(if under_way {
        "match.saving"
    } else {
        "match.floor-submit"
    });
    let submit = move |_| {
        if let Some((drafted, answer)) = live.draft.get_untracked()
            && drafted == question
        {
            live.answer(question, answer);
        }
    };
    Some(
        view! {
            <button class="button primary" type="button" disabled=!chosen || under_way on:click=submit>{words}</button>
        }
        .into_any(),
    )
}

fn press(scene: &Scene, live: Live, own: &Own, question: QuestionNumber) -> AnyView {
    let pressed = own.pressed || live.is_pressing(question);
    let at = move || {
        #[cfg(feature = "live")]
        let pressed = crate::browser::micros();
        #[cfg(not(feature = "live"))]
        let pressed = 0;
        let before = live.is_pressing(question)
            || live
                .replica
                .with_untracked(|replica| replica.view().own.is_some_and(|own| own.pressed));
        if !before {
            play(Move::Press { question, pressed });
        }
    };
    let bound = scene.setup.rules.buzzer.bound_ms;
    let (words, small) = if pressed {
        (
            scene.t("match.pressed"),
            scene.f("match.judging", &[("bound", &bound)]),
        )
    } else {
        (scene.t("match.press"), scene.t("match.press-hint"))
    };
    // As the finger goes down, not as it leaves; what only clicks (a reader's voice) counts too.
    view! {
        <button
            class="press"
            type="button"
            data-state=pressed.then_some("pressed")
            disabled=pressed
            on:pointerdown=move |_| untrack(at)
            on:click=move |_| untrack(at)
        >
            {words}<small>{small}</small>
        </button>
    }
    .into_any()
}
