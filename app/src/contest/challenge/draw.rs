//! `/contests/{id}/day/draw`: a round as a dry run, then for good.
//!
//! The rule guarded here: the button that makes the round stands under what it makes.

use super::{Fields, answer, field, game_name, host_select, hosts_of, round_name};
use crate::contest::form::contest_id;
use crate::format;
use crate::page::{Failure, Page, Tab, done};
use crate::state::AppState;
use crate::visit::Visit;
use crate::words::Words;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::contest::challenge::Form;
use domain::id::TeamId;
use leptos::prelude::*;
use platform::contest::challenge::{self, Day, Earlier, Making, Order, Preview, Wish};
use platform::{Error, clock, id};

/// The round that the fields wish for; none before anything was chosen.
fn wish(fields: &Fields) -> Option<Wish> {
    let number = |name| field(fields, name).trim().parse().ok();
    let form = match field(fields, "form") {
        "knockout" => Form::Knockout,
        "groups" => Form::Groups(number("size").unwrap_or(4)),
        "one" => Form::One,
        _ => return None,
    };
    let order = match field(fields, "order") {
        "hand" => Order::Hand(by_hand(fields)),
        chosen => match chosen.parse() {
            Ok(contest) => Order::Earlier(contest),
            Err(_) => Order::Lot,
        },
    };
    Some(Wish {
        form,
        places: number("places").unwrap_or(1),
        order,
    })
}

/// Teams by the numbers that were typed beside them; who has none comes after them.
fn by_hand(fields: &Fields) -> Vec<TeamId> {
    let mut numbered: Vec<(u32, TeamId)> = fields
        .iter()
        .filter_map(|(name, value)| {
            let team = name.strip_prefix("seed-")?.parse().ok()?;
            Some((value.trim().parse().ok()?, team))
        })
        .collect();
    numbered.sort_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, team)| team).collect()
}

/// The form, and under it what it would make.
pub async fn page(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    Query(fields): Query<Fields>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let day = challenge::day(&state.db, viewer, id).await?;
    let wish = wish(&fields);
    let seen = match &wish {
        Some(wish) => Some(challenge::preview(&state.db, viewer, id, wish, now).await?),
        None => None,
    };
    let earlier = challenge::earlier(&state.db, viewer, id, now).await?;
    let open = day.contest.rules.team.map(|team| team.register_until);
    let open = open.is_some_and(|until| now < until) && day.bracket.rounds.is_empty();
    let event = id::fresh(now)?.to_string();
    let page = Page::new(&state, &visit, words.t("challenge.draw-title"))
        .tab(Tab::Contest)
        .back(format!("/contests/{contest}/day"), words.t("challenge.day"));
    Ok(page.render(move || {
        let shown = seen.map(|seen| preview(words, &day, &fields, &seen, open, &event));
        let was_seen = shown.is_some();
        view! {
            <header class="page-head"><h1>{words.t("challenge.draw-title")}</h1><p>{words.t("challenge.draw-note")}</p></header>
            {choices(words, &day, &fields, earlier, was_seen)}
            {shown}
        }
    }))
}

fn choices(
    words: Words,
    day: &Day,
    fields: &Fields,
    earlier: Vec<Earlier>,
    was_seen: bool,
) -> impl IntoView + use<> {
    let chosen = match field(fields, "form") {
        "" => "knockout",
        chosen => chosen,
    };
    let form = |value: &'static str, key: &'static str| {
        let is = value == chosen;
        view! { <label class="choice"><input type="radio" name="form" value=value checked=is/><span>{words.t(key)}</span></label> }
    };
    let number = |name: &'static str, label: &'static str, usual: &'static str| {
        let value = match field(fields, name) {
            "" => usual.to_owned(),
            typed => typed.to_owned(),
        };
        view! {
            <div class="field">
                <label for=name>{words.t(label)}</label>
                <input id=name name=name type="number" inputmode="numeric" min="1" max="226" value=value/>
            </div>
        }
    };
    let order = day
        .bracket
        .rounds
        .is_empty()
        .then(|| order(words, day, fields, earlier));
    let class = if was_seen {
        "button block"
    } else {
        "button primary block"
    };
    view! {
        <form class="fields-form" method="get" action=format!("/contests/{}/day/draw#seen", day.contest.id)>
            <fieldset class="choices">
                <legend>{words.t("challenge.form")}</legend>
                {form("knockout", "challenge.knockout")}
                {form("groups", "challenge.groups")}
                {form("one", "challenge.one")}
            </fieldset>
            <div class="fields">
                {number("size", "challenge.group-size", "4")}
                {number("places", "challenge.group-places", "1")}
            </div>
            {order}
            <button class=class>{words.t("challenge.look")}</button>
        </form>
    }
}

fn order(words: Words, day: &Day, fields: &Fields, earlier: Vec<Earlier>) -> impl IntoView + use<> {
    let chosen = field(fields, "order");
    let contests = earlier.into_iter().map(|contest| {
        let value = contest.id.to_string();
        let is = value == chosen;
        let name = words.f("challenge.order-earlier", &[("contest", &contest.title)]);
        view! { <option value=value selected=is>{name}</option> }
    });
    let contests = contests.collect_view();
    let is_hand = chosen == "hand";
    let seeds = day.teams.iter().map(|team| {
        let name = format!("seed-{}", team.id);
        let value = field(fields, &name).to_owned();
        view! {
            <li class="seed">
                <label for=name.clone()>{team.name.clone()}</label>
                <input id=name.clone() name=name type="number" inputmode="numeric" min="1" max="999" value=value/>
            </li>
        }
    });
    let seeds = seeds.collect_view();
    view! {
        <div class="field">
            <label for="order">{words.t("challenge.order")}</label>
            <select id="order" name="order">
                <option value="lot">{words.f("challenge.order-lot", &[("lot", &day.lot)])}</option>
                <option value="hand" selected=is_hand>{words.t("challenge.order-hand")}</option>
                {contests}
            </select>
        </div>
        <details class="disclosure" open=is_hand>
            <summary>{words.t("challenge.seeds")}</summary>
            <ol>{seeds}</ol>
        </details>
    }
}

fn preview(
    words: Words,
    day: &Day,
    fields: &Fields,
    seen: &Preview,
    open: bool,
    event: &str,
) -> impl IntoView + use<> {
    let teams = seen.drawn.iter().map(Vec::len).sum();
    let round = round_name(words, seen.round, seen.form, seen.drawn.len(), teams);
    let games = seen.drawn.iter().filter(|teams| teams.len() > 1).count();
    let byes = seen.drawn.len() - games;
    let short = seen.there < seen.needed;
    let mut led = 0;
    let rows = seen.drawn.iter().enumerate().map(|(place, teams)| {
        let names: Vec<&str> = teams.iter().map(|team| day.bracket.name(*team)).collect();
        let hosts = (teams.len() > 1).then(|| {
            // Matches are given to those who may lead in turn.
            let first = led % day.hosts.len().max(1);
            led += 1;
            let second = (day.hosts.len() > 1).then(|| (first + 1) % day.hosts.len());
            view! {
                {host_select(words, &day.hosts, format!("host-{place}"), "challenge.leads", Some(first), false)}
                {host_select(words, &day.hosts, format!("second-{place}"), "challenge.second", second, true)}
            }
        });
        let title = game_name(words, &round, place, seen.drawn.len());
        let bye = (teams.len() < 2).then(|| view! { <p class="muted">{words.t("challenge.bye")}</p> });
        let names = names.join(words.t("question.and"));
        view! { <li class="card drawn"><h3>{title}</h3><p>{names}</p>{bye}<div class="fields">{hosts}</div></li> }
    });
    let rows = rows.collect_view();
    // What was chosen goes along, so that what is made is what was seen.
    let kept = fields.iter().filter(|(_, value)| !value.is_empty());
    let kept = kept.map(|(name, value)| {
        view! { <input type="hidden" name=name.clone() value=value.clone()/> }
    });
    let kept = kept.collect_view();
    let figure = |key: &'static str, n: usize| {
        let n = format::figure(i64::try_from(n).unwrap_or(i64::MAX));
        view! { <div><dt>{words.t(key)}</dt><dd>{n}</dd></div> }
    };
    let make = (!short).then(|| view! {
        <div class="dock"><button class="button primary">{words.f("challenge.make", &[("n", &games)])}</button></div>
    });
    let on = words.f("challenge.go-on-n", &[("n", &seen.places)]);
    let about = words.f("question.pair", &[("a", &round), ("b", &on)]);
    view! {
        <section aria-labelledby="seen">
            <div class="section-head"><h2 id="seen">{words.t("challenge.dry-run")}</h2><p>{about}</p></div>
            <dl class="figures">
                {figure("challenge.games", games)}
                {figure("challenge.byes", byes)}
                {figure("challenge.needed", seen.needed)}
                {figure("challenge.there", seen.there)}
            </dl>
            {short.then(|| view! { <p class="warn">{words.f("challenge.too-few", &[("n", &(seen.needed - seen.there))])}</p> })}
            {(seen.shared && !short).then(|| view! { <p class="warn">{words.f("challenge.shared", &[("n", &seen.wanted)])}</p> })}
            {open.then(|| view! { <p class="warn">{words.t("challenge.still-open")}</p> })}
            <form method="post" action=format!("/contests/{}/day/draw", day.contest.id)>
                <input type="hidden" name="event" value=event.to_owned()/>
                <input type="hidden" name="seen" value=seen.seen.clone()/>
                {kept}
                <ol class="drawn-list">{rows}</ol>
                {make}
            </form>
        </section>
    }
}

/// Makes the round that was seen.
pub async fn make(
    State(state): State<AppState>,
    visit: Visit,
    Path(contest): Path<String>,
    axum::Form(fields): axum::Form<Fields>,
) -> Result<Response, Failure> {
    let words = visit.words();
    let now = clock::now();
    let (viewer, id) = (visit.signed_in()?, contest_id(&contest)?);
    let day = challenge::day(&state.db, viewer, id).await?;
    let to = format!("/contests/{contest}/day");
    let outcome = async {
        let wish = wish(&fields).ok_or(Error::Invalid("malformed"))?;
        let event = field(&fields, "event").parse();
        let event = event.map_err(|_| Error::Invalid("malformed"))?;
        // A double click finds the round there already and has nothing more to name.
        let seen = challenge::preview(&state.db, viewer, id, &wish, now).await;
        let (hosts, titles) = match &seen {
            Ok(seen) => named(words, &day, seen, &fields)?,
            Err(_) => Default::default(),
        };
        let making = Making {
            wish,
            seen: field(&fields, "seen").to_owned(),
            hosts,
            titles,
        };
        let round = challenge::make(&state.db, viewer, event, id, making, now).await?;
        let made = challenge::bracket(&state.db, id).await?;
        let made = made.rounds.iter().find(|known| known.number == round);
        Ok(made.map_or(0, |round| {
            round
                .slots
                .iter()
                .filter(|slot| slot.game.is_some())
                .count()
        }))
    };
    let made = outcome.await;
    let games = made.map(|n| done("flash.round-made", i64::try_from(n).unwrap_or(i64::MAX)));
    answer(games, &to)
}

/// Who leads each match and what it is called.
#[allow(clippy::type_complexity, reason = "two lists by place")]
fn named(
    words: Words,
    day: &Day,
    seen: &Preview,
    fields: &Fields,
) -> platform::Result<(Vec<Vec<domain::id::LearnerId>>, Vec<String>)> {
    let teams = seen.drawn.iter().map(Vec::len).sum();
    let round = round_name(words, seen.round, seen.form, seen.drawn.len(), teams);
    let titles = (0..seen.drawn.len()).map(|place| {
        let name = game_name(words, &round, place, seen.drawn.len());
        format!("{} {name}", day.contest.title)
    });
    let hosts = (0..seen.drawn.len()).map(|place| hosts_of(fields, place));
    Ok((hosts.collect::<platform::Result<_>>()?, titles.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teams_are_ordered_by_the_numbers_beside_them() {
        let id = |n: u128| TeamId(uuid::Uuid::from_u128(n));
        let pair = |n: u128, value: &str| (format!("seed-{}", id(n)), value.to_owned());
        let fields = vec![
            pair(1, "3"),
            pair(2, ""),
            pair(3, " 1 "),
            pair(4, "x"),
            ("seed-".into(), "2".into()),
        ];
        assert_eq!(by_hand(&fields), [id(3), id(1)]);
    }

    #[test]
    fn nothing_is_wished_for_before_a_form_is_chosen() {
        assert_eq!(wish(&Vec::new()), None);
        let fields = vec![
            ("form".to_owned(), "groups".to_owned()),
            ("size".to_owned(), "x".to_owned()),
        ];
        assert_eq!(wish(&fields).map(|wish| wish.form), Some(Form::Groups(4)));
    }
}
