//! The fields of a question in a form. Made on the server only: islands take them as children.

use domain::question::{Answer, QuestionKind};
use leptos::prelude::*;

/// Letters of options, by place.
pub const LETTERS: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];
/// Shapes of tiles, by place.
const SHAPES: [&str; 4] = ["circle", "triangle", "square", "diamond"];

/// A question as a form asks it: no key in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The question's id.
    pub id: String,
    /// Its type.
    pub kind: QuestionKind,
    /// The name of the type, as 单选.
    pub kind_name: String,
    /// What is asked.
    pub stem: String,
    /// Options, in the places where they are shown.
    pub options: Vec<String>,
    /// The answer so far, in places.
    pub answer: Option<Answer>,
    /// The label of a blank.
    pub blank: String,
}

/// The fields of a question, named `name`; `tiles` for the contest's stage, rows elsewhere.
pub fn fields(asked: &Asked, name: &str, legend: String, tiles: bool) -> impl IntoView + use<> {
    let legend = view! { <legend>{legend}<small>{asked.kind_name.clone()}</small></legend> };
    let body = if asked.kind == QuestionKind::FillIn {
        let value = match &asked.answer {
            Some(Answer::Words(words)) => words.clone(),
            _ => String::new(),
        };
        let id = format!("blank-{name}");
        view! {
            <div class="field blank">
                <label for=id.clone()>{asked.blank.clone()}</label>
                <input id=id.clone() name=name.to_owned() type="text" autocomplete="off" maxlength="100" value=value/>
            </div>
        }
        .into_any()
    } else {
        let chosen = match &asked.answer {
            Some(Answer::Choices(places)) => places.clone(),
            _ => Vec::new(),
        };
        let multiple = asked.kind == QuestionKind::Multiple;
        let options = asked.options.iter().enumerate().map(|(place, text)| {
            let checked = u8::try_from(place).is_ok_and(|p| chosen.contains(&p));
            let shape = tiles.then(|| SHAPES.get(place).copied().unwrap_or("circle"));
            view! {
                <label class=if tiles { "tile" } else { "option" } data-kind=multiple.then_some("multiple")>
                    <input
                        type=if multiple { "checkbox" } else { "radio" }
                        name=name.to_owned()
                        value=place.to_string()
                        checked=checked
                    />
                    <span class="letter">{LETTERS.get(place).copied().unwrap_or("")}</span>
                    <span class="text">{text.clone()}</span>
                    {shape.map(|shape| view! {
                        <svg class="shape" aria-hidden="true"><use href=format!("/icons.svg#{shape}")></use></svg>
                    })}
                </label>
            }
        });
        let options = options.collect_view();
        view! { <div class=if tiles { "tiles" } else { "options" }>{options}</div> }.into_any()
    };
    (legend, body)
}

/// The stem with its blank drawn wide.
#[must_use]
pub fn stem(text: &str) -> String {
    text.replace("____", "＿＿＿＿")
}
