//! The seats on the host's console: facts, by team, and what can be done with a seat.

use super::host::{Desk, Seats, leads};
use super::host_steps::{Ask, Do};
use super::parts::{icon, points};
use super::scene::Scene;
use domain::contest::r#match::{Console, Kind, Phase, SeatFacts, TeamView, View};
use leptos::prelude::*;

/// Rows that are shown at once: a table of a thousand rows would be made anew with each answer.
const ROWS: usize = 300;

fn is_shown(which: Seats, view: &View, facts: &SeatFacts) -> bool {
    match which {
        Seats::All => true,
        Seats::Absent => !facts.present,
        Seats::Silent => is_silent(view, facts),
        Seats::Facts => has_facts(facts),
    }
}

/// Whether somebody is looked for by a part of their name or of their team's, in whatever case; of
/// ASCII, for the tables of all other letters would make the module larger.
fn is_found(find: &str, team: &str, name: &str) -> bool {
    let holds = |text: &str| text.to_ascii_lowercase().contains(find);
    find.is_empty() || holds(team) || holds(name)
}

fn is_silent(view: &View, facts: &SeatFacts) -> bool {
    matches!(view.phase, Phase::Open | Phase::Locked) && !facts.answered
}

fn has_facts(facts: &SeatFacts) -> bool {
    let press = facts
        .pressed
        .is_some_and(|press| press.late || press.clamped.is_some());
    facts.hidden > 0 || !facts.late.is_empty() || !facts.quick.is_empty() || press
}

/// The seats with what is known of each.
pub fn seats(scene: &Scene, desk: Desk, view: &View) -> Option<AnyView> {
    let console = view.console.as_ref()?;
    let which = desk.shown.get();
    let count = |which: Seats| {
        console
            .seats
            .iter()
            .filter(|f| is_shown(which, view, f))
            .count()
    };
    let tabs = [
        (Seats::All, "host.show-all"),
        (Seats::Absent, "host.show-absent"),
        (Seats::Silent, "host.show-silent"),
        (Seats::Facts, "host.show-facts"),
    ];
    let tabs = tabs.into_iter().map(|(each, key)| {
        let words = scene.f(key, &[("n", &count(each))]);
        let here = (each == which).to_string();
        view! { <button type="button" aria-pressed=here on:click=move |_| desk.shown.set(each)>{words}</button> }
    });
    let tabs = tabs.collect_view();
    let column = |key: &str, class: Option<&'static str>| {
        view! { <th scope="col" class=class><span>{scene.t(key)}</span></th> }
    };
    let number = Some("number");
    let (bodies, listed, found) = teams(scene, desk, view, console, which);
    let looks = desk.find.with(|find| !find.trim().is_empty());
    let said = if listed < found {
        Some(scene.f("host.find-more", &[("n", &listed)]))
    } else {
        (looks && found == 0).then(|| scene.t("host.find-none"))
    };
    // Without a value of its own: the picture is drawn anew with each event, and what somebody is
    // typing must stay as it is, with what an input method has begun.
    let looks_for = move |event| desk.find.set(event_target_value(&event));
    Some(
        view! {
            <section class="host-seats" aria-labelledby="seats">
                <div class="section-head"><h2 id="seats">{scene.t("host.seats")}</h2><p>{scene.t("host.facts-only")}</p></div>
                <div class="host-find">
                    <div class="segments" role="group" aria-label=scene.t("host.show")><div>{tabs}</div></div>
                    <div class="field">
                        <input aria-label=scene.t("host.find") placeholder=scene.t("host.find") autocomplete="off" enterkeyhint="search" maxlength="30" on:input=looks_for/>
                    </div>
                    <p role="status">{said}</p>
                </div>
                <div class="table-wrap" role="region" tabindex="0" aria-label=scene.t("host.seats-table")>
                    <table class="table seats">
                        <thead><tr>
                            {column("host.who", None)}
                            {column("host.present", None)}
                            {column("host.ready", None)}
                            {column("host.answered-column", None)}
                            {column("host.hidden", number)}
                            {column("host.late", None)}
                            {column("host.seat", number)}
                        </tr></thead>
                        {bodies}
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// The rows by team, how many people are listed in them, and how many were found.
fn teams(
    scene: &Scene,
    desk: Desk,
    view: &View,
    console: &Console,
    which: Seats,
) -> (AnyView, usize, usize) {
    let find = desk.find.with(|find| find.trim().to_ascii_lowercase());
    let mut of_teams: Vec<Vec<&SeatFacts>> = vec![Vec::new(); view.teams.len()];
    for facts in &console.seats {
        let team = scene.team_of(facts.seat);
        if let Some(of_team) = team.and_then(|team| of_teams.get_mut(team)) {
            of_team.push(facts);
        }
    }
    let (mut left, mut found) = (ROWS, 0);
    let mut bodies = Vec::new();
    for (team, of_team) in view.teams.iter().zip(of_teams) {
        let people: Vec<_> = of_team
            .into_iter()
            .enumerate()
            .filter(|(_, facts)| is_shown(which, view, facts))
            .filter(|(_, facts)| is_found(&find, &team.name, &scene.name(facts.seat)))
            .collect();
        found += people.len();
        let rows: Vec<_> = people
            .into_iter()
            .take(left)
            .map(|(place, facts)| person(scene, desk, view, team, place, facts))
            .collect();
        if rows.is_empty() {
            continue;
        }
        left -= rows.len();
        let of = |n: u32| format!("{n} / {}", team.members);
        let standing = scene.pair(
            &scene.f("match.rank-n", &[("n", &team.rank)]),
            &scene.f("match.points", &[("n", &points(team.points))]),
        );
        bodies.push(view! {
            <tbody>
                <tr>
                    <th scope="rowgroup">{team.name.clone()}</th>
                    <td>{of(team.present)}</td>
                    <td>{of(team.ready)}</td>
                    <td>{of(team.answered)}</td>
                    <td class="number"></td>
                    <td></td>
                    <td class="number">{standing}</td>
                </tr>
                {rows}
            </tbody>
        });
    }
    (bodies.into_any(), ROWS - left, found)
}

fn person(
    scene: &Scene,
    desk: Desk,
    view: &View,
    team: &TeamView,
    place: usize,
    facts: &SeatFacts,
) -> AnyView {
    // Members stand before substitutes in the list of a team, the captain first.
    let plays = place < team.members as usize;
    let role = match place {
        0 => scene.t("match.captain"),
        _ if plays => String::new(),
        _ => scene.t("match.substitute"),
    };
    let yes = |is: bool, key: &str| {
        if is {
            view! { {icon("check")}<span class="visually-hidden">{scene.t(key)}</span> }.into_any()
        } else {
            "—".into_any()
        }
    };
    let here = if facts.joined && !facts.present {
        scene.t("host.gone").into_any()
    } else {
        yes(facts.present, "host.present")
    };
    let hidden = match facts.hidden.div_ceil(1_000) {
        0 => "—".to_owned(),
        seconds => scene.f("host.hidden-for", &[("n", &seconds)]),
    };
    let n = |question| {
        let round = scene.round_of(Some(question));
        round.map_or(0, |(_, _, place)| place + 1)
    };
    let late = facts.late.iter();
    let late = late.map(|question| scene.f("host.late-at", &[("n", &n(*question))]));
    let mut notes: Vec<String> = late.collect();
    notes.extend(facts.quick.iter().map(|(question, ms)| {
        let tenths = format!("{}.{}", ms / 1_000, ms % 1_000 / 100);
        let key = match scene.round_of(Some(*question)) {
            Some((_, round, _)) if matches!(round.kind, Kind::Buzzer { .. }) => "host.quick-press",
            _ => "host.quick-at",
        };
        scene.f(key, &[("n", &n(*question)), ("s", &tenths)])
    }));
    notes.extend(facts.pressed.and_then(|press| press.clamped).map(|clamp| {
        let code = serde_json::to_string(&clamp).unwrap_or_default();
        scene.t(&format!("clamp.{}", code.trim_matches('"')))
    }));
    let notes = if notes.is_empty() {
        "—".to_owned()
    } else {
        notes.join(&scene.t("question.then"))
    };
    let seat = facts.seat;
    let (key, ask, can) = if plays {
        ("host.put-back", Ask::PutBack(seat), facts.joined)
    } else {
        ("host.bring-in", Ask::Substitute(seat), true)
    };
    let can = can && leads(scene, view);
    let run = move |_| desk.run(Do::Ask(ask.clone()));
    let button = can.then(|| {
        view! { <button class="button quiet" type="button" on:click=run>{scene.t(key)}</button> }
    });
    view! {
        <tr data-none=(!plays).then_some("")>
            <th scope="row">{scene.name(seat)}" "<small>{role}</small></th>
            <td>{here}</td>
            <td>{yes(facts.ready, "host.ready")}</td>
            <td>{yes(facts.answered, "host.answered-column")}</td>
            <td class="number">{hidden}</td>
            <td>{notes}</td>
            <td class="number">{button}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_found_by_a_part_of_their_name_or_of_their_team_s_in_any_case() {
        for find in ["", "司法", "小明", "team a"] {
            assert!(is_found(find, "省司法厅代表队 Team A", "王小明"), "{find}");
        }
        assert!(!is_found("小红", "省司法厅代表队 Team A", "王小明"));
    }
}
