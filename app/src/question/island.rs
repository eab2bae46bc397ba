//! A form with one question that is answered without leaving the page; without wasm it is posted
//! as it stands.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Where the answer goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Today's practice.
    Practice,
    /// The check of a lesson.
    Lesson(String),
}

/// Sentences of the form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerFormWords {
    /// While the answer is on its way.
    pub sending: String,
    /// When no answer came: nothing is lost, try again.
    pub failed: String,
    /// When nothing is chosen.
    pub empty: String,
}

/// Answers a question by a server function: a lost signal leaves the answer on the page, a double
/// click sends it once.
#[island]
pub fn AnswerForm(
    target: Target,
    event: String,
    question: String,
    kind: domain::question::QuestionKind,
    action: String,
    words: AnswerFormWords,
    children: Children,
) -> impl IntoView {
    let message = RwSignal::new(String::new());
    let sending = RwSignal::new(false);
    let hidden = (event.clone(), question.clone());
    let on_submit = move |submitted: leptos::ev::SubmitEvent| {
        #[cfg(feature = "hydrate")]
        submit::submit(
            &submitted, &target, &event, &question, kind, &words, message, sending,
        );
        #[cfg(not(feature = "hydrate"))]
        let _ = (&submitted, &target, &event, &question, kind, &words);
    };
    view! {
        <form class="check" method="post" action=action on:submit=on_submit aria-busy=move || sending.get().to_string()>
            <input type="hidden" name="event" value=hidden.0/>
            <input type="hidden" name="question" value=hidden.1/>
            {children()}
            <p class="error" role="alert">{move || message.get()}</p>
        </form>
    }
}

#[cfg(feature = "hydrate")]
mod submit {
    use super::{AnswerFormWords, Target};
    use crate::browser;
    use domain::id::{LessonId, QuestionId};
    use domain::question::QuestionKind;
    use leptos::prelude::*;
    use leptos::task::spawn_local;

    #[allow(clippy::too_many_arguments, reason = "the state of one form")]
    pub fn submit(
        submitted: &leptos::ev::SubmitEvent,
        target: &Target,
        event: &str,
        question: &str,
        kind: QuestionKind,
        words: &AnswerFormWords,
        message: RwSignal<String>,
        sending: RwSignal<bool>,
    ) {
        let (Some(form), Ok(event)) = (browser::form_of(submitted), event.parse()) else {
            return;
        };
        submitted.prevent_default();
        if sending.get_untracked() {
            return;
        }
        let Some(answer) = super::super::answer_of(kind, &browser::field_values(&form, "answer"))
        else {
            return message.set(words.empty.clone());
        };
        sending.set(true);
        message.set(words.sending.clone());
        let (question, target, failed) = (
            QuestionId(question.to_owned()),
            target.clone(),
            words.failed.clone(),
        );
        spawn_local(async move {
            let done = match &target {
                Target::Practice => crate::practice::api::give(event, question.clone(), answer)
                    .await
                    .map(|_| format!("/practice?answered={question}")),
                Target::Lesson(lesson) => {
                    let id = LessonId(lesson.clone());
                    crate::study::api::check(event, id, question.clone(), answer)
                        .await
                        .map(|_| format!("/lessons/{lesson}?answered={question}&try={event}#check"))
                }
            };
            sending.set(false);
            match done {
                Ok(to) => {
                    message.set(String::new());
                    browser::go(&to);
                }
                Err(error) if error.code == "sign-in-needed" => browser::sign_in(),
                Err(error) if error.message.is_empty() => message.set(failed),
                Err(error) => message.set(error.message),
            }
        });
    }
}
