//! Who is in a team, and who may be put in.

use super::page::Desk;
use crate::page::icon;
use domain::contest::team::Seat;
use domain::id::LearnerId;
use leptos::prelude::*;
use platform::contest::team::Candidate;

/// The seats, members first; for who may change them, with what can be done about each.
pub(super) fn seats(desk: &Desk) -> impl IntoView + use<> {
    let (words, page) = (desk.words, &desk.page);
    let list = |kind: Seat, key: &'static str, id: &'static str| {
        let of = page.team.seats.iter().filter(|(_, seat)| *seat == kind);
        let rows = of.map(|(who, seat)| row(desk, *who, *seat)).collect_view();
        let count = words.f(
            "team.of",
            &[
                ("n", &page.team.taken(kind)),
                ("most", &page.rules.most(kind)),
            ],
        );
        view! {
            <section aria-labelledby=id>
                <div class="section-head"><h2 id=id>{words.t(key)}</h2><p>{count}</p></div>
                <ul class="rows">{rows}</ul>
            </section>
        }
    };
    let substitutes = (page.rules.substitutes > 0)
        .then(|| list(Seat::Substitute, "team.substitutes", "substitutes"));
    view! { {list(Seat::Member, "team.members", "members")}{substitutes} }
}

fn row(desk: &Desk, who: LearnerId, seat: Seat) -> impl IntoView + use<> {
    let (words, page) = (desk.words, &desk.page);
    let name = page.names.get(&who).cloned().unwrap_or_default();
    let is_captain = who == page.team.captain;
    let captain = is_captain.then(|| {
        view! { <span class="chip">{icon("captain")}{words.t("team.captain")}</span> }
    });
    let button = |wish: &'static str, label: &'static str| {
        view! {
            <form method="post" action=desk.here.clone()>
                {desk.asks(wish)}
                <input type="hidden" name="who" value=who.to_string()/>
                <button class="button">{words.t(label)}</button>
            </form>
        }
    };
    let changes = (desk.open && !is_captain).then(|| {
        let other = match seat {
            Seat::Member => Seat::Substitute,
            Seat::Substitute => Seat::Member,
        };
        let has_room = page.team.taken(other) < page.rules.most(other);
        let reseat = has_room.then(|| match seat {
            Seat::Member => button("to-substitute", "team.to-substitute"),
            Seat::Substitute => button("to-member", "team.to-member"),
        });
        let lead = (seat == Seat::Member).then(|| button("captain", "team.make-captain"));
        view! {
            <details class="disclosure">
                <summary aria-label=words.f("team.change-of", &[("name", &name)])>{words.t("team.change")}</summary>
                <div class="row-do">{reseat}{lead}{button("remove", "team.remove")}</div>
            </details>
        }
    });
    view! {
        <li><div class="row">
            <span class="row-lead">{icon("user")}</span>
            <div class="row-body"><span class="row-title">{name}</span>{changes}</div>
            <span class="row-figure">{captain}</span>
        </div></li>
    }
}

/// A search in the roster of the unit.
pub(super) fn pick(desk: &Desk, who: &str, found: Vec<Candidate>) -> impl IntoView + use<> {
    let words = desk.words;
    let none = (!who.trim().is_empty() && found.is_empty())
        .then(|| view! { <p class="muted">{words.t("team.none-found")}</p> });
    let rows = found.into_iter().map(|person| {
        let act = if person.taken {
            view! { <span>{words.t("team.taken")}</span> }.into_any()
        } else {
            view! {
                <form method="post" action=desk.here.clone()>
                    {desk.asks("add")}
                    <input type="hidden" name="who" value=person.id.to_string()/>
                    <button class="button">{words.t("team.add")}</button>
                </form>
            }
            .into_any()
        };
        view! {
            <li><div class="row">
                <span class="row-body"><span class="row-title">{person.name}</span><span class="row-note">{person.unit}</span></span>
                <span class="row-figure">{act}</span>
            </div></li>
        }
    });
    let rows = rows.collect_view();
    let action = format!("{}#pick", desk.here);
    view! {
        <section aria-labelledby="pick">
            <div class="section-head"><h2 id="pick">{words.t("team.pick")}</h2></div>
            <form class="search" method="get" action=action role="search">
                <input type="search" name="who" value=who.to_owned() maxlength="30" aria-label=words.t("team.pick-name") placeholder=words.t("team.pick-name")/>
                <button aria-label=words.t("contest-edit.find")>{icon("search")}</button>
            </form>
            {none}
            <ul class="rows">{rows}</ul>
        </section>
    }
}
