//! A question after it was answered: what was chosen, what is right, and why.

use super::LETTERS;
use crate::page::icon;
use crate::words::Words;
use domain::question::{Answer, Citation, Key, Question};
use leptos::prelude::*;
use platform::law::read::ArticleText;

/// What was answered.
pub struct Given {
    /// The answer, in options as the question lists them; `None` when there was none.
    pub answer: Option<Answer>,
    /// Whether it is right.
    pub right: bool,
    /// `order[place]` is the option shown at that place.
    pub order: Vec<u8>,
}

impl Given {
    fn has_chosen(&self, option: u8) -> bool {
        matches!(&self.answer, Some(Answer::Choices(chosen)) if chosen.contains(&option))
    }
}

/// How an option is marked: its state, its picture, its word.
type Mark = (&'static str, &'static str, &'static str);

/// The question with a mark at each option that has one, and the words that were written.
fn sheet(
    words: Words,
    question: &Question,
    given: &Given,
    mark: impl Fn(u8) -> Option<Mark>,
) -> AnyView {
    let id = format!("stem-{}", question.id);
    let options = given.order.iter().enumerate().map(|(place, &option)| {
        let text = question.options.get(usize::from(option)).cloned().unwrap_or_default();
        let state = mark(option);
        view! {
            <li class="option" data-locked="" data-state=state.map(|s| s.0)>
                <span class="letter">{LETTERS.get(place).copied().unwrap_or("")}</span>
                <span class="text">{text}</span>
                {state.map(|(_, picture, word)| view! { <span class="mark">{icon(picture)}{word}</span> })}
            </li>
        }
    });
    let options = options.collect_view();
    let written = match &given.answer {
        Some(Answer::Words(text)) => Some(words.f("question.written", &[("answer", text)])),
        _ => None,
    };
    view! {
        <div class="question" role="group" aria-labelledby=id.clone()>
            <p class="stem" id=id.clone()>
                {super::stem(&question.stem)}
                <small>{words.t(&format!("kind.{}", question.kind.as_str()))}</small>
            </p>
            <ul class="options">{options}</ul>
            {written.map(|w| view! { <p>{w}</p> })}
        </div>
    }
    .into_any()
}

/// The question with what was answered and nothing else: others still sit it.
pub fn given(words: Words, question: &Question, given: &Given) -> impl IntoView + use<> {
    let chosen = ("given", "check", words.t("question.chosen"));
    let sheet = sheet(words, question, given, |option| {
        given.has_chosen(option).then_some(chosen)
    });
    let none = given.answer.is_none().then(|| {
        view! { <p class="muted">{words.t("question.verdict-none")}</p> }
    });
    view! { {sheet}{none} }
}

/// The question with marks, the verdict and the articles it rests on.
pub fn answered(
    words: Words,
    question: &Question,
    given: &Given,
    cited: Vec<(Citation, Option<ArticleText>)>,
) -> impl IntoView + use<> {
    let right = |option: u8| matches!(&question.key, Key::Choices(c) if c.contains(&option));
    let sheet = sheet(words, question, given, |option| {
        match (given.has_chosen(option), right(option)) {
            (true, true) => Some(("right", "right", words.t("question.right"))),
            (true, false) => Some(("wrong", "wrong", words.t("question.chosen-wrong"))),
            (false, true) => Some(("missed", "info", words.t("question.missed"))),
            (false, false) => None,
        }
    });
    let key = match &question.key {
        Key::Choices(keys) => {
            let places = given
                .order
                .iter()
                .enumerate()
                .filter(|(_, o)| keys.contains(o));
            let letters: Vec<&str> = places
                .filter_map(|(place, _)| LETTERS.get(place).copied())
                .collect();
            letters.join(words.t("question.and"))
        }
        Key::Words(accepted) => accepted.first().cloned().unwrap_or_default(),
    };
    let (state, verdict) = match (&given.answer, given.right) {
        (_, true) => ("right", words.t("question.verdict-right")),
        (Some(_), false) => ("wrong", words.t("question.verdict-wrong")),
        (None, false) => ("wrong", words.t("question.verdict-none")),
    };
    let why = words.f(
        "question.why",
        &[("key", &key), ("why", &question.explanation)],
    );
    let figures = cited
        .into_iter()
        .map(|(c, text)| citation_figure(words, &c, text))
        .collect_view();
    view! {
        {sheet}
        <section class="verdict" data-state=state>
            <h2>{icon(state)}{verdict}</h2>
            <p>{why}</p>
            {figures}
        </section>
    }
}

/// An article where it is cited, with a link into the law.
pub fn citation_figure(
    words: Words,
    citation: &Citation,
    text: Option<ArticleText>,
) -> impl IntoView + use<> {
    let address = citation.article.address();
    let to = format!("/laws/{}/{address}#a{address}", citation.law);
    let name = words.f(
        "law.cited",
        &[("law", &citation.law), ("article", &citation.article)],
    );
    view! {
        <figure class="citation">
            {text.map(|t| view! { <blockquote inner_html=t.html></blockquote> })}
            <figcaption><a href=to>{name}</a></figcaption>
        </figure>
    }
}
