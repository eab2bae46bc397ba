//! `/contests/{id}/day/programme`: the rounds of a match, composed by submit buttons alone.

use super::{Fields, answer, field};
use crate::contest::form::contest_id;
use crate::page::{Failure, Page, Tab, done, icon};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::contest::buzzer;
use domain::contest::challenge::{MOST_ROUNDS, Programme};
use domain::contest::r#match::{Kind, Round, Rules, TieRule};
use domain::question::QuestionKind;
use leptos::prelude::*;
use platform::contest::challenge;

/// The kinds of a round, in the order in which they are offered.
const KINDS: [&str; 4] = ["required", "buzzer", "wager", "relay"];
/// Types of question that a phone can answer in a match.
const TYPES: [QuestionKind; 4] = [
    QuestionKind::Single,
    QuestionKind::TrueFalse,
    QuestionKind::Multiple,
    QuestionKind::FillIn,
];

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Required => "required",
        Kind::Buzzer { .. } => "buzzer",
        Kind::Wager { .. } => "wager",
        Kind::Relay => "relay",
    }
}

/// The name of a kind of round.
pub(super) fn kind_name(words: Words, kind: &Kind) -> &'static str {
    words.t(&format!("match-kind.{}", word(kind)))
}

fn kind(word: &str) -> Kind {
    match word {
        "buzzer" => Kind::Buzzer {
            penalty: 5,
            turns: 2,
        },
        "wager" => Kind::Wager {
            stakes: vec![10, 20, 30],
        },
        "relay" => Kind::Relay,
        _ => Kind::Required,
    }
}

/// A number that was typed; what is none is 0, which the programme's check then names.
fn typed<T: std::str::FromStr + Default>(fields: &Fields, name: &str) -> T {
    field(fields, name).trim().parse().unwrap_or_default()
}

/// The programme as the form has it.
fn read(fields: &Fields) -> Programme {
    let rounds = (0..=MOST_ROUNDS).map_while(|n| {
        let of = |what: &str| format!("r{n}-{what}");
        let word = field(fields, &of("kind"));
        if word.is_empty() {
            return None;
        }
        let given = |what: &str| !field(fields, &of(what)).is_empty();
        let kind = match kind(word) {
            // A round that has just become one has no such fields yet.
            Kind::Buzzer { .. } if given("turns") => Kind::Buzzer {
                penalty: typed(fields, &of("penalty")),
                turns: typed(fields, &of("turns")),
            },
            Kind::Wager { .. } if given("stakes") => Kind::Wager {
                stakes: stakes(field(fields, &of("stakes"))),
            },
            fresh => fresh,
        };
        Some(Round {
            kind,
            questions: typed(fields, &of("questions")),
            seconds: typed(fields, &of("seconds")),
            points: typed(fields, &of("points")),
        })
    });
    let is_chosen = |kind: &QuestionKind| {
        let mut chosen = fields.iter().filter(|(name, _)| name == "type");
        chosen.any(|(_, value)| value == kind.as_str())
    };
    Programme {
        rounds: rounds.collect(),
        rules: Rules {
            buzzer: buzzer::Rules {
                bound_ms: field(fields, "bound").trim().parse().unwrap_or(-1),
            },
            tie: match field(fields, "tie") {
                "drawn" => TieRule::Drawn,
                _ => TieRule::Estimated,
            },
            answering_seconds: typed(fields, "answering"),
            staking_seconds: typed(fields, "staking"),
        },
        kinds: TYPES.into_iter().filter(is_chosen).collect(),
    }
}

/// Stakes as they are typed: whole numbers with anything between them.
fn stakes(text: &str) -> Vec<u32> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let mut stakes: Vec<u32> = numbers.filter_map(|n| n.parse().ok()).collect();
    stakes.sort_unstable();
    stakes.dedup();
    stakes
}

/// Does what a button says to the rounds: add, remove, move.
fn act(programme: &mut Programme, wish: &str) {
    let rounds = &mut programme.rounds;
    if wish == "add" {
        rounds.push(Programme::round(Kind::Required));
    }
    let Some((what, n)) = wish.split_once('-') else {
        return;
    };
    let Some(n) = n.parse().ok().filter(|n| *n < rounds.len()) else {
        return;
    };
    match what {
        "remove" => drop(rounds.remove(n)),
        "up" if n > 0 => rounds.swap(n, n - 1),
        "down" if n + 1 < rounds.len() => rounds.swap(n, n + 1),
        _ => {}
    }
}

/// Keeps the programme, whichever button was pressed; each press is a save, so nothing is lost.
pub async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let mut programme = read(&fields);
    let wish = field(&fields, "do");
    act(&mut programme, wish);
    let here = format!("/contests/{contest}/day/programme");
    let outcome = challenge::save_programme(&state.db, viewer, id, &programme).await;
    if wish == "save" && programme.defect().is_none() {
        let to = format!("/contests/{contest}/day");
        return answer(outcome.map(|()| done("flash.programme-saved", 0)), &to);
    }
    let at = if wish == "save" {
        here
    } else {
        format!("{here}#rounds")
    };
    answer(outcome.map(|()| None), &at)
}

/// The form.
pub async fn page(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let programme = challenge::programme(&state.db, viewer, id).await?;
    let page = Page::new(&state, &visit, words.t("challenge.programme"))
        .tab(Tab::Contest)
        .back(format!("/contests/{contest}/day"), words.t("challenge.day"));
    Ok(page.render(move || {
        let defect = programme.defect().map(|defect| {
            let sentence = words.t(&format!("defect.{}", defect.code()));
            view! {
                <div class="error-summary" role="alert">
                    {icon("wrong")}
                    <h2>{words.t("challenge.not-playable")}</h2>
                    <ul><li>{sentence}</li></ul>
                </div>
            }
        });
        let count = programme.rounds.len();
        let rounds = programme.rounds.iter().enumerate();
        let rounds = rounds.map(|(n, round)| round_form(words, n, count, round)).collect_view();
        let action = format!("/contests/{contest}/day/programme");
        let can_add = count < MOST_ROUNDS;
        view! {
            <header class="page-head">
                <h1>{words.t("challenge.programme")}</h1>
                <p>{words.f("challenge.programme-note", &[("rounds", &count), ("questions", &programme.questions())])}</p>
            </header>
            {defect}
            <form class="compose" method="post" action=action>
                // Enter in a field keeps the programme, whatever button comes first.
                <button class="visually-hidden" name="do" value="save" tabindex="-1" aria-hidden="true">{words.t("challenge.save")}</button>
                <ol id="rounds">{rounds}</ol>
                {can_add.then(|| view! { <button class="button block" name="do" value="add">{words.t("challenge.add-round")}</button> })}
                {rules(words, &programme.rules)}
                {types(words, &programme.kinds)}
                <div class="dock"><button class="button primary" name="do" value="save">{words.t("challenge.save")}</button></div>
            </form>
        }
    }))
}

fn number(
    words: Words,
    name: String,
    label: &'static str,
    value: i64,
    most: i64,
) -> impl IntoView + use<> {
    view! {
        <div class="field">
            <label for=name.clone()>{words.t(label)}</label>
            <input id=name.clone() name=name type="number" inputmode="numeric" min="0" max=most.to_string() value=value.to_string()/>
        </div>
    }
}

fn round_form(words: Words, n: usize, count: usize, round: &Round) -> impl IntoView + use<> {
    let of = |what: &str| format!("r{n}-{what}");
    let kinds = KINDS.map(|known| {
        let chosen = known == word(&round.kind);
        view! { <option value=known selected=chosen>{words.t(&format!("match-kind.{known}"))}</option> }
    });
    let kinds = kinds.into_iter().collect_view();
    let own = match &round.kind {
        Kind::Buzzer { penalty, turns } => view! {
            {number(words, of("penalty"), "challenge.penalty", (*penalty).into(), 10_000)}
            {number(words, of("turns"), "challenge.turns", (*turns).into(), 226)}
        }
        .into_any(),
        Kind::Wager { stakes } => {
            let stakes: Vec<String> = stakes.iter().map(ToString::to_string).collect();
            view! {
                <div class="field">
                    <label for=of("stakes")>{words.t("challenge.stakes")}</label>
                    <input id=of("stakes") name=of("stakes") type="text" autocomplete="off" maxlength="120" value=stakes.join(words.t("question.and"))/>
                </div>
            }
            .into_any()
        }
        Kind::Required | Kind::Relay => ().into_any(),
    };
    let name = words.f("challenge.part-n", &[("n", &(n + 1))]);
    let turn = |what: &str, label: &'static str, picture: &'static str, off: bool| {
        let label = words.f(label, &[("n", &(n + 1))]);
        view! { <button class="button quiet" name="do" value=format!("{what}-{n}") aria-label=label disabled=off>{icon(picture)}</button> }
    };
    view! {
        <li class="card">
            <fieldset>
                <legend>{name}</legend>
                <div class="turn">
                    {turn("up", "challenge.up", "up", n == 0)}
                    {turn("down", "challenge.down", "down", n + 1 == count)}
                    {turn("remove", "challenge.remove", "close", false)}
                </div>
                <div class="fields">
                    <div class="field">
                        <label for=of("kind")>{words.t("challenge.kind")}</label>
                        <select id=of("kind") name=of("kind")>{kinds}</select>
                    </div>
                    {number(words, of("questions"), "challenge.questions", round.questions.into(), 1_000)}
                    {number(words, of("seconds"), "challenge.seconds", round.seconds.into(), 3_600)}
                    {number(words, of("points"), "challenge.points", round.points.into(), 10_000)}
                    {own}
                </div>
                <p class="muted"><small>{formula(words, round)}</small></p>
            </fieldset>
        </li>
    }
}

/// The sentence that tells a round's formula to players.
pub(super) fn formula(words: Words, round: &Round) -> String {
    let (mut penalty, mut turns) = (0, 0);
    if let Kind::Buzzer {
        penalty: p,
        turns: t,
    } = &round.kind
    {
        (penalty, turns) = (*p, *t);
    }
    let stakes: Vec<String> = round
        .kind
        .stakes()
        .iter()
        .map(ToString::to_string)
        .collect();
    words.f(
        round.kind.formula(),
        &[
            ("points", &round.points),
            ("penalty", &penalty),
            ("turns", &turns),
            ("stakes", &stakes.join(words.t("question.and"))),
        ],
    )
}

fn rules(words: Words, rules: &Rules) -> impl IntoView + use<> {
    let drawn = rules.tie == TieRule::Drawn;
    let tie = |value: &'static str, key: &'static str, chosen: bool| {
        view! { <label class="choice"><input type="radio" name="tie" value=value checked=chosen/><span>{words.t(key)}</span></label> }
    };
    let bound = rules.buzzer.bound_ms;
    view! {
        <section aria-labelledby="rules">
            <div class="section-head"><h2 id="rules">{words.t("challenge.rules")}</h2></div>
            <div class="fields">
                {number(words, "answering".to_owned(), "challenge.answering", rules.answering_seconds.into(), 3_600)}
                {number(words, "staking".to_owned(), "challenge.staking", rules.staking_seconds.into(), 3_600)}
                {number(words, "bound".to_owned(), "challenge.bound", bound, 5_000)}
            </div>
            <p class="muted"><small>{words.f("match.buzzer-rule", &[("bound", &bound)])}</small></p>
            <fieldset class="choices">
                <legend>{words.t("challenge.tie")}</legend>
                {tie("estimated", "match.tie-estimated", !drawn)}
                {tie("drawn", "match.tie-drawn", drawn)}
            </fieldset>
        </section>
    }
}

fn types(words: Words, chosen: &[QuestionKind]) -> impl IntoView + use<> {
    let boxes = TYPES.map(|kind| {
        let label = match kind {
            QuestionKind::Multiple => words.t("challenge.multiple"),
            other => words.t(&format!("kind.{}", other.as_str())),
        };
        view! { <label class="choice"><input type="checkbox" name="type" value=kind.as_str() checked=chosen.contains(&kind)/><span>{label}</span></label> }
    });
    let boxes = boxes.into_iter().collect_view();
    view! {
        <section aria-labelledby="types">
            <div class="section-head"><h2 id="types">{words.t("challenge.bank")}</h2></div>
            <fieldset class="choices"><legend class="muted">{words.t("challenge.bank-note")}</legend>{boxes}</fieldset>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn a_round_that_becomes_a_buzzer_round_gets_what_buzzers_have() {
        let sent = fields(&[
            ("r0-kind", "buzzer"),
            ("r0-questions", "3"),
            ("r0-seconds", "20"),
            ("r0-points", "10"),
        ]);
        let round = &read(&sent).rounds[0];
        assert_eq!(round.kind, kind("buzzer"));
        assert_eq!((round.questions, round.seconds, round.points), (3, 20, 10));
    }

    #[test]
    fn what_is_no_number_makes_a_programme_that_is_named_as_wrong() {
        let sent = fields(&[
            ("r0-kind", "required"),
            ("r0-questions", "许多"),
            ("bound", ""),
        ]);
        assert!(read(&sent).defect().is_some());
        assert_eq!(stakes("10，20、30 20"), [10, 20, 30]);
    }

    #[test]
    fn buttons_add_move_and_remove_and_a_made_up_one_does_nothing() {
        let mut programme = Programme::default();
        let first = programme.rounds[0].clone();
        for nothing in ["up-0", "down-9", "remove-9", "remove-x", "", "fly-1"] {
            act(&mut programme, nothing);
        }
        assert_eq!(programme, Programme::default());
        act(&mut programme, "down-0");
        assert_eq!(programme.rounds[1], first);
        act(&mut programme, "remove-1");
        act(&mut programme, "add");
        assert_eq!(programme.rounds.len(), 4);
    }
}
