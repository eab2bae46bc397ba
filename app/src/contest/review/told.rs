//! How rulings, notes at a question and entries of the record are told.

use crate::contest::edit::stage::line_words;
use crate::format;
use crate::page::icon;
use crate::question::LETTERS;
use crate::words::Words;
use domain::contest::format::Verdict;
use domain::contest::rescore::{Asked, Ruled, Ruling};
use domain::id::ContestId;
use domain::question::{Key, Question};
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::AskedQuestion;
use platform::contest::review::{Decided, Entry, Note, Outcome};

/// What a key accepts; its options by the letters of `order`, where option `order[place]` is at a
/// place.
pub(super) fn key_words(words: Words, key: &Key, order: &[u8]) -> String {
    match key {
        Key::Words(accepted) => accepted.join(words.t("question.and")),
        Key::Choices(options) => {
            let places = order
                .iter()
                .enumerate()
                .filter(|(_, o)| options.contains(o));
            let letters = places.filter_map(|(place, _)| LETTERS.get(place).copied());
            letters.collect::<Vec<_>>().join("")
        }
    }
}

/// The places of options as the bank lists them, which is how editors see a question.
pub(super) fn listed(question: &Question) -> Vec<u8> {
    (0..question.options.len())
        .filter_map(|place| u8::try_from(place).ok())
        .collect()
}

/// A ruling in a few words.
pub(super) fn ruling_words(words: Words, ruling: &Ruling, order: &[u8]) -> String {
    match ruling {
        Ruling::Void => words.t("review.is-void").to_owned(),
        Ruling::FullMarks => words.t("review.is-full-marks").to_owned(),
        Ruling::Accept(key) => words.f(
            "review.is-accept",
            &[("key", &key_words(words, key, order))],
        ),
    }
}

/// Whether a question counts as right under the rulings in force.
#[must_use]
pub fn marked(q: &AskedQuestion, rulings: &[Ruled]) -> Option<bool> {
    let saved = q.saved.as_ref();
    let answer = saved.and_then(|(answer, _)| answer.clone().through(&q.order));
    let asked = Asked {
        question: &q.question.id,
        key: &q.question.key,
        saved: answer.as_ref().map(|answer| (answer, Millis(0))),
    };
    match asked.mark(rulings).verdict {
        Verdict::Right => Some(true),
        Verdict::Wrong | Verdict::Void => answer.map(|_| false),
    }
}

/// What is said of a question on its owner's sheet, and the way to object to it.
pub fn noted(
    words: Words,
    q: &AskedQuestion,
    note: Option<&Note>,
    object: Option<String>,
) -> AnyView {
    let rulings = note.into_iter().flat_map(|note| &note.rulings);
    let rulings = rulings.map(|(_, ruling, reason)| {
        let ruling = ruling_words(words, ruling, &q.order);
        view! { <li><strong>{ruling}</strong><span>{reason.clone()}</span></li> }
    });
    let replies = note.into_iter().flat_map(|note| &note.replies);
    let replies = replies.map(|reply| {
        let name = words.f(
            "review.reply-of",
            &[("moment", &format::moment(words, reply.at))],
        );
        view! { <li><strong>{name}</strong><span>{reply.words.clone()}</span></li> }
    });
    let said: Vec<_> = rulings
        .map(IntoAny::into_any)
        .chain(replies.map(IntoAny::into_any))
        .collect();
    let said = (!said.is_empty()).then(|| view! { <ul class="said">{said}</ul> });
    let waits = note.is_some_and(|note| note.waits);
    let waiting = waits.then(|| {
        view! { <p class="chip">{icon("info")}{words.t("review.waits")}</p> }
    });
    let object = object.filter(|_| !waits).map(|to| {
        view! { <a class="button quiet" href=to>{words.t("review.object")}</a> }
    });
    view! { <div class="noted">{said}{waiting}{object}</div> }.into_any()
}

/// How far the review of a contest is, for the page of the contest.
pub fn standing_of(
    words: Words,
    contest: ContestId,
    outcome: &Outcome,
    qualifies: Option<bool>,
) -> AnyView {
    let sentence = outcome_words(words, outcome);
    let passed = qualifies.map(|passed| {
        let key = if passed {
            "review.within"
        } else {
            "review.beyond"
        };
        view! { <p>{words.t(key)}</p> }
    });
    view! {
        <section aria-labelledby="outcome">
            <div class="section-head"><h2 id="outcome">{words.t("review.outcome")}</h2></div>
            {passed}
            <p class="muted">{sentence}</p>
            <p class="sheet-do"><a class="button" href=format!("/contests/{contest}/record")>{words.t("review.see-record")}</a></p>
        </section>
    }
    .into_any()
}

/// The same in a sentence.
pub(super) fn outcome_words(words: Words, outcome: &Outcome) -> String {
    if outcome.correcting {
        return words.t("review.correcting").to_owned();
    }
    match outcome.final_since {
        Some(at) => words.f(
            "review.final-since",
            &[("moment", &format::moment(words, at))],
        ),
        None => words.t("review.provisional").to_owned(),
    }
}

/// The head of a correction: what was ruled, or what was taken back. Options by what they say:
/// their letters are others on every sheet.
fn decided_words(words: Words, decided: &Decided, question: &Question) -> String {
    match (&decided.ruling, decided.takes_back) {
        (Some(Ruling::Accept(Key::Choices(options))), _) => {
            let texts = options
                .iter()
                .filter_map(|o| question.options.get(usize::from(*o)));
            let texts: Vec<&str> = texts.map(String::as_str).collect();
            let key = texts.join(words.t("question.and"));
            words.f("review.is-accept-text", &[("key", &key)])
        }
        (Some(ruling), _) => ruling_words(words, ruling, &[]),
        (None, taken) => words.f("review.is-taken-back", &[("n", &taken.unwrap_or_default())]),
    }
}

/// An entry of the record. `by` is who decided, for editors; `take_back` leads to the dry run of
/// taking a ruling back.
pub(super) fn entry(
    words: Words,
    entry: Entry,
    by: Option<&str>,
    take_back: Option<String>,
) -> AnyView {
    let moment = format::moment(words, entry.at());
    let (head, about, reason, sums) = match entry {
        Entry::Decided(decided, question) => {
            let head = words.f(
                "review.correction",
                &[
                    ("n", &decided.number),
                    ("what", &decided_words(words, &decided, &question)),
                ],
            );
            (
                head,
                Some(crate::question::stem(&question.stem)),
                decided.reason.clone(),
                Some(moved(words, &decided)),
            )
        }
        Entry::LineMoved {
            from, to, reason, ..
        } => {
            let (from, to) = (line_words(words, from), line_words(words, to));
            let head = words.f("review.line-moved", &[("from", &from), ("to", &to)]);
            (head, None, reason, None)
        }
        Entry::Reviewed {
            is_final,
            reason,
            unanswered,
            ..
        } => {
            let key = if is_final {
                "review.made-final"
            } else {
                "review.reopened"
            };
            let open = (is_final && unanswered > 0)
                .then(|| words.f("review.left-unanswered", &[("n", &unanswered)]));
            (words.t(key).to_owned(), None, reason, open)
        }
    };
    let who = by.map(|name| words.f("review.by", &[("name", &name)]));
    let reason = (!reason.is_empty()).then(|| {
        view! { <p>{words.f("review.because", &[("reason", &reason)])}</p> }
    });
    view! {
        <li>
            <time>{moment}</time>
            <div>
                <p><strong>{head}</strong></p>
                {about.map(|about| view! { <p class="muted">{about}</p> })}
                {reason}
                {sums.map(|sums| view! { <p class="muted">{sums}</p> })}
                {who.map(|who| view! { <p class="muted">{who}</p> })}
                {take_back.map(|to| view! { <p><a class="button quiet" href=to>{words.t("review.take-back")}</a></p> })}
            </div>
        </li>
    }
    .into_any()
}

/// How many a correction moved.
fn moved(words: Words, decided: &Decided) -> String {
    let sums = words.f(
        "review.moved",
        &[
            ("points", &format::figure(decided.points_moved)),
            ("ranks", &format::figure(decided.ranks_moved)),
            ("credits", &format::figure(decided.credits_moved)),
            ("added", &format::figure(decided.credits_added)),
            ("taken", &format::figure(decided.credits_taken)),
        ],
    );
    if decided.done_at.is_none() {
        return format!("{sums}{}", words.t("review.on-its-way"));
    }
    sums
}
