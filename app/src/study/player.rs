//! The player of a case explained: counts what was really watched.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Sentences of the player.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlayerWords {
    /// 已看 {p}%.
    pub watched: String,
    /// What it takes to complete the lesson.
    pub needed: String,
    /// When enough was watched.
    pub enough: String,
    /// When something has not left the phone.
    pub kept: String,
    /// The label of the captions.
    pub captions: String,
}

/// A video with captions in two sizes, and how much of it counts so far, in thousandths.
#[island]
pub fn Player(
    lesson: String,
    owner: String,
    video: String,
    length_ms: i64,
    covered: i64,
    enough: bool,
    words: PlayerWords,
) -> impl IntoView {
    let covered = RwSignal::new(covered);
    let enough = RwSignal::new(enough);
    let kept = RwSignal::new(false);
    let element = NodeRef::<leptos::html::Video>::new();
    #[cfg(feature = "hydrate")]
    watch::start(lesson, owner, length_ms, element, covered, enough, kept);
    #[cfg(not(feature = "hydrate"))]
    let _ = (lesson, owner, length_ms);
    let file = format!("/videos/{video}");
    let watched = words.watched.clone();
    let state = move || {
        if kept.get() {
            words.kept.clone()
        } else if enough.get() {
            words.enough.clone()
        } else {
            words.needed.clone()
        }
    };
    view! {
        <figure class="player">
            <video
                node_ref=element
                controls=true
                playsinline=true
                preload="metadata"
                poster=format!("{file}.jpg")
                width="1280"
                height="720"
            >
                <source src=format!("{file}-360.mp4") type="video/mp4" media="(max-width: 640px)"/>
                <source src=format!("{file}-720.mp4") type="video/mp4"/>
                <track kind="captions" src=format!("{file}.vtt") srclang="zh" label=words.captions.clone() default=true/>
            </video>
            <figcaption>
                <span>{move || watched.replace("{p}", &(covered.get() / 10).to_string())}</span>
                <span role="status">{state}</span>
            </figcaption>
        </figure>
    }
}

#[cfg(feature = "hydrate")]
mod watch {
    use super::super::api::Subject;
    use super::super::queue::{self, Batch};
    use crate::browser;
    use domain::id::LessonId;
    use domain::study::{Span, Union};
    use leptos::prelude::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    /// A report goes out this often, in milliseconds.
    const REPORT: i64 = 10_000;

    /// What has been played since the last report.
    struct Watch {
        position: i64,
        at: i64,
        seen: Vec<Span>,
        watched: Vec<Span>,
        since: i64,
        whole: Union,
    }

    pub fn start(
        lesson: String,
        owner: String,
        length: i64,
        element: NodeRef<leptos::html::Video>,
        covered: RwSignal<i64>,
        enough: RwSignal<bool>,
        kept: RwSignal<bool>,
    ) {
        let watch = Rc::new(RefCell::new(Watch {
            position: 0,
            at: browser::now(),
            seen: Vec::new(),
            watched: Vec::new(),
            since: browser::now(),
            whole: Union::default(),
        }));
        let flush = {
            let (watch, owner) = (watch.clone(), owner);
            Rc::new(move || {
                let (seen, watched) = {
                    let mut w = watch.borrow_mut();
                    w.since = browser::now();
                    (std::mem::take(&mut w.seen), std::mem::take(&mut w.watched))
                };
                if !seen.is_empty() {
                    queue::put(Batch {
                        id: browser::event_id(),
                        owner: owner.clone(),
                        subject: Subject::Lesson(LessonId(lesson.clone())),
                        seen,
                        watched,
                    });
                }
                queue::send(owner.clone(), move |known| match known {
                    Some(known) => {
                        kept.try_set(false);
                        if known.covered > 0 {
                            covered.try_set(known.covered);
                            enough.try_set(known.enough);
                        }
                    }
                    None => {
                        kept.try_set(true);
                    }
                });
            })
        };
        {
            let (watch, flush) = (watch.clone(), flush.clone());
            browser::every(500, move || {
                if let Some(video) = element.get_untracked() {
                    tick(&watch, &video, length, covered);
                }
                let due = browser::now() - watch.borrow().since >= REPORT;
                if due && !watch.borrow().seen.is_empty() {
                    flush();
                }
            });
        }
        for event in ["pagehide", "visibilitychange", "online", "page-leave"] {
            let flush = flush.clone();
            browser::on_window(event, move || flush());
        }
        browser::end_with_page(); // after the listeners above, which send what is left
        flush();
    }

    /// Adds what was played since the last tick: forward, not by a jump, with the page visible.
    fn tick(
        watch: &Rc<RefCell<Watch>>,
        video: &web_sys::HtmlMediaElement,
        length: i64,
        covered: RwSignal<i64>,
    ) {
        let mut w = watch.borrow_mut();
        let now = browser::now();
        let position = (video.current_time() * 1000.0) as i64;
        let (from, began) = (w.position, w.at);
        w.position = position;
        w.at = now;
        let (moved, passed) = (position - from, now - began);
        if document().hidden() || moved <= 0 || moved > passed + 750 || passed > 2_500 {
            return;
        }
        extend(
            &mut w.seen,
            Span {
                from: began,
                to: now,
            },
        );
        extend(&mut w.watched, Span { from, to: position });
        w.whole.add(Span { from, to: position });
        let here = w.whole.total() * 1000 / length.max(1);
        if here > covered.get_untracked() {
            covered.set(here.min(1000)); // runs ahead of the server until its answer comes
        }
    }

    fn extend(spans: &mut Vec<Span>, next: Span) {
        match spans.last_mut() {
            Some(last) if last.to == next.from => last.to = next.to,
            _ => spans.push(next),
        }
    }
}
