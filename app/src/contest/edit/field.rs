//! The controls of the form: each with its label, its hint, and what is wrong with it.

use super::typed::Typed;
use crate::page::icon;
use crate::words::Words;
use leptos::prelude::*;
use platform::contest::edit::Wrong;

/// The sentence of something that is wrong.
pub fn sentence(words: Words, wrong: &Wrong) -> String {
    let fill: Vec<(&str, &dyn std::fmt::Display)> = wrong
        .fill
        .iter()
        .map(|(name, n)| (*name, n as &dyn std::fmt::Display))
        .collect();
    words.f(&format!("error.{}", wrong.code), &fill)
}

/// A form with what was typed into it and what is wrong with that.
pub struct Fields<'a> {
    /// The words of the page.
    pub words: Words,
    /// What was typed.
    pub typed: &'a Typed,
    /// What is wrong.
    pub wrong: &'a [Wrong],
}

/// A choice: its value and its name.
pub type Choice = (String, String);

impl Fields<'_> {
    /// What is wrong with a field: the id of its sentence, and the sentence.
    pub fn error(&self, name: &str) -> (Option<String>, Option<AnyView>) {
        let words = self.words;
        let wrong = self.wrong.iter().find(|w| w.field == name);
        let Some(wrong) = wrong else {
            return (None, None);
        };
        let id = format!("{name}-error");
        let said = sentence(words, wrong);
        let view = view! { <p class="error" id=id.clone()>{icon("wrong")}<span>{said}</span></p> };
        (Some(id), Some(view.into_any()))
    }

    /// What describes a control: its hint and what is wrong with it.
    fn described(name: &str, hint: bool, error: Option<&String>) -> Option<String> {
        let hint = hint.then(|| format!("{name}-hint"));
        let all: Vec<String> = hint.into_iter().chain(error.cloned()).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn frame(&self, name: &str, label: &str, hint: Option<String>, control: AnyView) -> AnyView {
        let (_, error) = self.error(name);
        let hint = hint.map(|h| view! { <p class="hint" id=format!("{name}-hint")>{h}</p> });
        view! {
            <div class="field">
                <label for=name.to_owned()>{label.to_owned()}</label>
                {hint}
                {control}
                {error}
            </div>
        }
        .into_any()
    }

    /// A line of text.
    pub fn text(&self, name: &'static str, label: &str, longest: usize) -> AnyView {
        let (id, _) = self.error(name);
        let invalid = id.is_some().then_some("true");
        let described = Self::described(name, false, id.as_ref());
        let value = self.typed.get(name).to_owned();
        let control = view! { <input id=name name=name type="text" autocomplete="off" maxlength=longest.to_string() value=value aria-invalid=invalid aria-describedby=described/> };
        self.frame(name, label, None, control.into_any())
    }

    /// Several lines of text.
    pub fn long_text(&self, name: &'static str, label: &str, longest: usize) -> AnyView {
        let (id, _) = self.error(name);
        let invalid = id.is_some().then_some("true");
        let described = Self::described(name, false, id.as_ref());
        let value = self.typed.get(name).to_owned();
        let control = view! { <textarea id=name name=name rows="3" maxlength=longest.to_string() aria-invalid=invalid aria-describedby=described>{value}</textarea> };
        self.frame(name, label, None, control.into_any())
    }

    /// A time in Beijing.
    pub fn time(&self, name: &'static str, label: &str) -> AnyView {
        let (id, _) = self.error(name);
        let invalid = id.is_some().then_some("true");
        let described = Self::described(name, false, id.as_ref());
        let value = self.typed.get(name).to_owned();
        let control = view! { <input id=name name=name type="datetime-local" value=value aria-invalid=invalid aria-describedby=described/> };
        self.frame(name, label, None, control.into_any())
    }

    /// A whole number.
    pub fn number(&self, name: &str, label: &str, hint: Option<String>) -> AnyView {
        let (id, _) = self.error(name);
        let invalid = id.is_some().then_some("true");
        let described = Self::described(name, hint.is_some(), id.as_ref());
        let value = self.typed.get(name).to_owned();
        let control = view! { <input id=name.to_owned() name=name.to_owned() type="text" inputmode="numeric" autocomplete="off" maxlength="9" value=value aria-invalid=invalid aria-describedby=described/> };
        self.frame(name, label, hint, control.into_any())
    }

    /// One of a few.
    pub fn select(
        &self,
        name: &'static str,
        label: &str,
        hint: Option<String>,
        choices: Vec<Choice>,
    ) -> AnyView {
        let chosen = self.typed.get(name);
        let options = choices.into_iter().map(|(value, title)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{title}</option> }
        });
        let options = options.collect_view();
        let described = Self::described(name, hint.is_some(), None);
        let control =
            view! { <select id=name name=name aria-describedby=described>{options}</select> };
        self.frame(name, label, hint, control.into_any())
    }

    /// Any of a few; none means that it does not matter.
    pub fn checks(&self, name: &str, legend: &str, choices: Vec<Choice>) -> AnyView {
        let boxes = choices.into_iter().map(|(value, title)| {
            let checked = self.typed.has(name, &value);
            view! { <label><input type="checkbox" name=name.to_owned() value=value checked=checked/><span>{title}</span></label> }
        });
        let boxes = boxes.collect_view();
        let (id, error) = self.error(name);
        view! {
            <fieldset class="ticks" id=name.to_owned() aria-describedby=id>
                <legend>{legend.to_owned()}</legend>
                <div>{boxes}</div>
                {error}
            </fieldset>
        }
        .into_any()
    }
}

/// What is wrong, above a form, leading to the fields; it has the focus.
pub fn error_summary(words: Words, title: String, wrong: &[Wrong]) -> AnyView {
    let items = wrong.iter().map(|w| {
        view! { <li><a href=format!("#{}", w.field)>{sentence(words, w)}</a></li> }
    });
    view! {
        <div class="error-summary" role="alert" tabindex="-1" autofocus=true aria-labelledby="error-title">
            {icon("wrong")}
            <h2 id="error-title">{title}</h2>
            <ul>{items.collect_view()}</ul>
        </div>
    }
    .into_any()
}
