//! Reading a law and a lesson, with the reports that the pages send.

use super::question_in;
use crate::acks::{Acks, Event};
use crate::browser::{Browser, Outcome};
use crate::html;
use domain::id::{LessonId, QuestionId};
use serde_json::{Value, json};

const PROGRESS: &str = "/api/study/progress";

/// One of the things that there are.
fn any(b: &mut Browser, of: Vec<String>) -> Option<String> {
    let index = b.draw.below(u32::try_from(of.len()).ok()?) as usize;
    of.into_iter().nth(index)
}

/// From the list of laws to a section, with two reports of study time and a place.
pub async fn law(b: &mut Browser, acks: &mut Acks) -> Outcome<()> {
    let laws = b.get("laws", "/laws").await?;
    let law = any(b, html::links(&laws, "/laws/"));
    let law = b.need("laws", law, "no laws")?;
    let slug = law.trim_start_matches("/laws/").to_owned();
    let contents = b.get("law-contents", &law).await?;
    let sections = html::links(&contents, &format!("{law}/"));
    let section = any(b, sections);
    let section = b.need("law-contents", section, "no sections")?;
    let page = b.get("law-section", &section).await?;

    let first = report(b, acks, &slug, 2_000).await?;
    b.think().await;
    report(b, acks, &slug, 1_500).await?;
    // The first one once more, as a phone does that did not hear the answer.
    b.again("study-again", PROGRESS, &first.0, &first.1).await?;

    let version = html::props(&page, "StudyClock");
    let version = version.and_then(|p| p["version"].as_str().map(str::to_owned));
    let version = b.need("study-place", version, "no version on the page")?;
    let address = section[law.len() + 1..].split(['?', '#']).next();
    let address = address.unwrap_or_default().to_owned();
    let id = b.event("study-place")?;
    let place = json!({ "id": id, "law": slug, "version": version, "address": address });
    b.call("study-place", "/api/study/place", &place).await?;
    acks.places.push((slug, address));
    Ok(())
}

/// Reports the last `ms` milliseconds; gives what was sent and what came back.
async fn report(b: &mut Browser, acks: &mut Acks, law: &str, ms: i64) -> Outcome<(Value, Value)> {
    let id = b.event("study-progress")?;
    let seen = json!([{ "from": ms, "to": 0 }]);
    let body = json!({
        "id": id,
        "subject": { "law": law },
        "report": { "seen": seen, "watched": [] },
    });
    let outcome = b.call("study-progress", PROGRESS, &body).await?;
    acks.study.push(Event {
        id,
        kind: "study",
        outcome: outcome.clone(),
    });
    Ok((body, outcome))
}

/// A lesson and the first question of its check.
pub async fn lesson(b: &mut Browser, acks: &mut Acks) -> Outcome<()> {
    let lessons = b.get("lessons", "/lessons").await?;
    let lesson = any(b, html::links(&lessons, "/lessons/"));
    let lesson = b.need("lessons", lesson, "no lessons")?;
    let page = b.get("lesson", &lesson).await?;
    let asked = question_in(&page, &format!("{lesson}/check"), &mut b.draw);
    let asked = b.need("lesson", asked, "no check")?;
    b.think().await;
    let id = asked.event.parse().ok();
    let id = b.need("lesson", id, "no event id")?;
    let name = lesson.trim_start_matches("/lessons/");
    let body = json!({ "id": id, "lesson": name, "question": asked.id, "answer": asked.answer });
    let outcome = b.call("lesson-check", "/api/study/check", &body).await?;
    let kind = "lesson-check";
    let event = Event { id, kind, outcome };
    let (lesson, question) = (LessonId::from(name), QuestionId(asked.id));
    acks.checks.push((event, lesson, question));
    Ok(())
}
