//! Study time, lessons and the place where a law was left.

use crate::world;

use domain::id::{EventId, LessonId};
use domain::study::{Ago, Report, Span};
use domain::time::{MINUTE, Millis, SECOND};
use futures_util::future::join_all;
use platform::identity::Viewer;
use platform::study::{
    self, CheckOutcome, Progress, Subject, answer_check, last_place, lesson, lessons, place_in,
    remember_place, studied_ms,
};
use platform::{Db, credits};
use world::content::{numbered, right, small, wrong};
use world::people::{account, learner, signed_in_at};
use world::{NOW, code, event, minute, number};

fn law() -> Subject {
    Subject::Law("甲法".into())
}

fn subject(lesson: &str) -> Subject {
    Subject::Lesson(lesson.into())
}

/// The last `seconds` were read, and of a video the milliseconds `watched`.
fn read(seconds: i64, watched: &[(i64, i64)]) -> Report {
    Report {
        seen: vec![Ago {
            from: seconds * SECOND,
            to: 0,
        }],
        watched: watched
            .iter()
            .map(|&(from, to)| Span { from, to })
            .collect(),
    }
}

async fn report(db: &Db, who: &Viewer, what: Subject, report: Report, at: Millis) -> Progress {
    study::report(db, who, event(), what, report, at)
        .await
        .expect("progress")
}

async fn check(db: &Db, who: &Viewer, n: usize, is_right: bool, at: Millis) -> CheckOutcome {
    let question = numbered(n);
    let answer = if is_right {
        right(&question)
    } else {
        wrong(&question)
    };
    answer_check(db, who, event(), "text".into(), question.id, answer, at)
        .await
        .expect("an outcome")
}

#[tokio::test]
async fn a_report_counts_once_however_often_it_arrives() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        let id = event();
        let send = |id: EventId, at| study::report(&db, &who, id, law(), read(300, &[]), at);
        let first = send(id, NOW).await.expect("progress");
        assert_eq!(
            (first.today_seconds, first.subject_seconds, first.credits),
            (300, 300, 2)
        );
        // The same event again, later, gets the same words: the phone did not hear them.
        assert_eq!(send(id, minute(3)).await.expect("progress"), first);
        // The same minutes in another event, from another page, earn nothing more.
        let again = send(event(), NOW).await.expect("progress");
        assert_eq!((again.today_seconds, again.credits), (300, 0));
        assert_eq!(
            studied_ms(&db, who.learner, &law()).await.expect("ms"),
            300 * SECOND
        );
        assert_eq!(
            credits::total(&db, who.learner, NOW)
                .await
                .expect("total")
                .all,
            2
        );
    })
    .await;
}

#[tokio::test]
async fn a_report_sent_by_many_requests_at_once_counts_once() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        let id = event();
        // Half of them are one event, half are pages of their own with the same minutes.
        let sends = (0..12).map(|n| {
            let id = if n % 2 == 0 { id } else { event() };
            study::report(&db, &who, id, law(), read(600, &[]), NOW)
        });
        let got: Vec<Progress> = join_all(sends)
            .await
            .into_iter()
            .map(|p| p.expect("progress"))
            .collect();
        assert!(got.iter().all(|p| p.today_seconds == 600));
        assert!(got.iter().step_by(2).all(|p| *p == got[0]));
        assert_eq!(
            credits::total(&db, who.learner, NOW)
                .await
                .expect("total")
                .all,
            4
        );
    })
    .await;
}

#[tokio::test]
async fn another_persons_event_is_refused() {
    world::each(async |db| {
        small(&db, 2).await;
        let (mine, theirs) = (
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "farm").await,
        );
        let id = event();
        let first = study::report(&db, &mine, id, law(), read(60, &[]), NOW).await;
        assert_eq!(first.expect("progress").today_seconds, 60);
        let stolen = study::report(&db, &theirs, id, law(), read(60, &[]), NOW).await;
        assert_eq!(code(stolen), "forbidden");
        assert_eq!(
            studied_ms(&db, theirs.learner, &law()).await.expect("ms"),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_can_not_be_studied() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        let id = event();
        for what in [Subject::Law("乙法".into()), subject("none")] {
            let refused = study::report(&db, &who, id, what, read(60, &[]), NOW).await;
            assert_eq!(code(refused), "not-found");
        }
        assert_eq!(number(&db, "select count(*) from study_day").await, 0);
        // A refusal leaves the event free.
        assert!(
            study::report(&db, &who, id, law(), read(60, &[]), NOW)
                .await
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn time_before_the_sign_in_or_by_a_wrong_clock_counts_nothing() {
    world::each(async |db| {
        small(&db, 2).await;
        let (_, phone) = account(&db, "甲", "water").await;
        let who = signed_in_at(&db, &phone, minute(-1)).await;
        let mad = Report {
            seen: vec![
                Ago {
                    from: i64::MAX,
                    to: i64::MIN,
                },
                Ago {
                    from: i64::MIN,
                    to: i64::MAX,
                },
                Ago {
                    from: -1,
                    to: -SECOND,
                },
            ],
            watched: vec![Span {
                from: i64::MIN,
                to: i64::MAX,
            }],
        };
        assert_eq!(
            report(&db, &who, law(), mad, NOW).await,
            Progress::default()
        );
        assert_eq!(
            report(&db, &who, law(), read(i64::MAX / SECOND, &[]), NOW)
                .await
                .today_seconds,
            60
        );
    })
    .await;
}

#[tokio::test]
async fn reading_over_midnight_is_not_counted_in_both_days() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        // 2026-11-25 00:00 in Beijing.
        let midnight = minute(14 * 60);
        let evening = report(&db, &who, law(), read(600, &[]), midnight.plus(-1)).await;
        assert_eq!((evening.today_seconds, evening.credits), (600, 4));
        // A page that was open all the time sends twenty minutes, ten of which are counted.
        let night = report(
            &db,
            &who,
            law(),
            read(1200, &[]),
            midnight.plus(10 * MINUTE),
        )
        .await;
        assert_eq!(
            (night.today_seconds, night.subject_seconds, night.credits),
            (600, 1200, 4)
        );
        let again = report(
            &db,
            &who,
            law(),
            read(1200, &[]),
            midnight.plus(10 * MINUTE),
        )
        .await;
        assert_eq!((again.today_seconds, again.credits), (600, 0));
        assert_eq!(
            credits::total(&db, who.learner, NOW)
                .await
                .expect("total")
                .all,
            8
        );
        let days = "select count(*) from study_day where total_ms = 600000";
        assert_eq!(
            number(&db, days).await,
            1,
            "the evening is the first day's, a millisecond is not"
        );
    })
    .await;
}

#[tokio::test]
async fn a_day_of_study_earns_no_more_than_its_cap() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        let mut earned = 0;
        for hour in 0..4 {
            earned += report(&db, &who, law(), read(3600, &[]), minute(hour * 60))
                .await
                .credits;
        }
        assert_eq!(earned, 30);
        // A lesson finished on such a day is complete, and earns nothing more.
        report(&db, &who, subject("text"), read(60, &[]), minute(200)).await;
        check(&db, &who, 0, true, minute(200)).await;
        let done = check(&db, &who, 1, true, minute(200)).await;
        assert_eq!((done.complete, done.credits), (true, 0));
        assert_eq!(
            credits::total(&db, who.learner, NOW)
                .await
                .expect("total")
                .all,
            30
        );
        // The next day starts at nothing.
        let next = report(&db, &who, law(), read(300, &[]), minute(24 * 60)).await;
        assert_eq!((next.today_seconds, next.credits), (300, 2));
    })
    .await;
}

#[tokio::test]
async fn a_lesson_is_complete_when_it_is_read_and_its_checks_are_right() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        let short = report(&db, &who, subject("text"), read(53, &[]), NOW).await;
        assert_eq!(
            (short.covered, short.enough, short.complete),
            (883, false, false)
        );
        let enough = report(&db, &who, subject("text"), read(1, &[]), NOW.plus(SECOND)).await;
        assert_eq!(
            (enough.covered, enough.enough, enough.complete),
            (900, true, false)
        );
        let wrong = check(&db, &who, 0, false, NOW).await;
        assert_eq!((wrong.right, wrong.complete), (false, false));
        assert!(!check(&db, &who, 1, true, NOW).await.complete);
        let done = check(&db, &who, 0, true, NOW).await;
        assert_eq!(
            done,
            CheckOutcome {
                right: true,
                complete: true,
                credits: 5
            }
        );
        // A wrong try afterwards takes nothing back; a right one earns nothing more.
        let after = check(&db, &who, 0, false, NOW).await;
        assert_eq!((after.complete, after.credits), (true, 0));
        assert_eq!(check(&db, &who, 0, true, NOW).await.credits, 0);
        let (_, checks, covered, complete) = lesson(&db, who.learner, &"text".into())
            .await
            .expect("a lesson");
        assert_eq!((covered, complete), (54 * SECOND, true));
        assert!(checks.iter().all(|c| c.right == Some(true)));
        assert_eq!(
            credits::total(&db, who.learner, NOW)
                .await
                .expect("total")
                .all,
            5
        );
    })
    .await;
}

#[tokio::test]
async fn a_lesson_may_be_checked_first_and_read_afterwards() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        assert!(!check(&db, &who, 0, true, NOW).await.complete);
        assert!(!check(&db, &who, 1, true, NOW).await.complete);
        let done = report(&db, &who, subject("text"), read(54, &[]), minute(1)).await;
        assert_eq!((done.complete, done.credits), (true, 5));
        let more = report(&db, &who, subject("text"), read(54, &[]), minute(3)).await;
        assert_eq!((more.complete, more.credits), (true, 0));
        let all = lessons(&db, who.learner).await.expect("lessons");
        let seen: Vec<_> = all[0]
            .lessons
            .iter()
            .map(|l| (l.id.as_str(), l.complete))
            .collect();
        assert_eq!(
            (all.len(), seen),
            (1, vec![("text", true), ("video", false)])
        );
    })
    .await;
}

#[tokio::test]
async fn a_lesson_finished_by_two_requests_at_once_is_credited_once() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        report(&db, &who, subject("text"), read(54, &[]), NOW).await;
        check(&db, &who, 0, true, NOW).await;
        let last = join_all((0..6).map(|_| check(&db, &who, 1, true, NOW))).await;
        assert!(last.iter().all(|outcome| outcome.complete));
        assert_eq!(last.iter().map(|outcome| outcome.credits).sum::<i64>(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_lesson_read_and_checked_in_the_same_instant_is_complete() {
    world::each(async |db| {
        small(&db, 2).await;
        for n in 0..10 {
            let who = learner(&db, &format!("{n}"), "water").await;
            let ((first, second), last) = tokio::join!(
                async {
                    tokio::join!(
                        check(&db, &who, 0, true, NOW),
                        check(&db, &who, 1, true, NOW)
                    )
                },
                report(&db, &who, subject("text"), read(54, &[]), NOW),
            );
            assert!(first.complete || second.complete || last.complete);
            assert_eq!(first.credits + second.credits + last.credits, 5);
        }
        assert_eq!(
            number(&db, "select count(*) from lesson_completion").await,
            10
        );
    })
    .await;
}

#[tokio::test]
async fn a_check_that_is_not_the_lessons_or_does_not_fit_is_refused() {
    world::each(async |db| {
        small(&db, 4).await;
        let who = learner(&db, "甲", "water").await;
        let answer = async |lesson: &str, n: usize, answer| {
            answer_check(
                &db,
                &who,
                event(),
                lesson.into(),
                numbered(n).id,
                answer,
                NOW,
            )
            .await
        };
        assert_eq!(
            code(answer("text", 2, right(&numbered(2))).await),
            "not-found"
        );
        assert_eq!(
            code(answer("video", 0, right(&numbered(0))).await),
            "not-found"
        );
        assert_eq!(
            code(answer("none", 0, right(&numbered(0))).await),
            "not-found"
        );
        assert_eq!(
            code(answer("text", 9, right(&numbered(0))).await),
            "not-found"
        );
        assert_eq!(code(answer("text", 0, right(&numbered(3))).await), "answer");
        assert_eq!(
            number(&db, "select count(*) from lesson_check_answer").await,
            0
        );
        assert_eq!(number(&db, "select count(*) from client_event").await, 0);
        let none = lesson(&db, who.learner, &LessonId::from("none")).await;
        assert_eq!(code(none.map(drop)), "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_video_is_complete_when_it_was_watched_not_when_its_page_was_open() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        let open = report(&db, &who, subject("video"), read(120, &[]), NOW).await;
        assert_eq!(
            (open.subject_seconds, open.covered, open.complete),
            (120, 0, false)
        );
        // The same half again and again stays a half.
        for n in 1..4 {
            let half = report(
                &db,
                &who,
                subject("video"),
                read(30, &[(0, 30_000)]),
                minute(n),
            )
            .await;
            assert_eq!((half.covered, half.complete), (500, false));
        }
        let whole = report(
            &db,
            &who,
            subject("video"),
            read(30, &[(28_000, 54_000)]),
            minute(5),
        )
        .await;
        assert_eq!(
            (whole.covered, whole.complete, whole.credits),
            (900, true, 5)
        );
    })
    .await;
}

#[tokio::test]
async fn a_video_faster_than_the_clock_counts_by_the_clock() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await;
        let fast = report(&db, &who, subject("video"), read(10, &[(0, 60_000)]), NOW).await;
        assert_eq!(
            (fast.covered, fast.complete),
            (200, false),
            "ten seconds and two of slack"
        );
        // Nor does it help to cut the time into small pieces, each with its slack.
        let mut last = fast;
        for n in 1..=40 {
            let at = NOW.plus(n * 100);
            let piece = Report {
                seen: vec![Ago { from: 100, to: 0 }],
                watched: vec![Span {
                    from: 0,
                    to: 60_000,
                }],
            };
            last = report(&db, &who, subject("video"), piece, at).await;
        }
        assert_eq!((last.subject_seconds, last.complete), (14, false));
        assert!(
            last.covered <= 267,
            "{} thousandths in fourteen seconds",
            last.covered
        );
        // Without a visible page it plays for nobody.
        let hidden = Report {
            seen: vec![],
            watched: vec![Span {
                from: 0,
                to: 60_000,
            }],
        };
        assert_eq!(
            report(&db, &who, subject("video"), hidden, minute(5))
                .await
                .covered,
            last.covered
        );
    })
    .await;
}

#[tokio::test]
async fn a_place_is_remembered_and_an_older_one_never_overwrites_it() {
    world::each(async |db| {
        small(&db, 2).await;
        let who = learner(&db, "甲", "water").await.learner;
        let go = async |law: &str, version: &str, address: &str, at| {
            remember_place(&db, who, law.into(), version.into(), address.into(), at).await
        };
        assert!(last_place(&db, who).await.expect("an answer").is_none());
        go("甲法", "2020-01-01", "2", minute(5))
            .await
            .expect("kept");
        go("甲法", "2020-01-01", "1", minute(4))
            .await
            .expect("heard, and too old");
        let place = place_in(&db, who, &"甲法".into())
            .await
            .expect("an answer")
            .expect("a place");
        assert_eq!(
            (place.address.as_str(), place.version_date.as_str()),
            ("2", "2020-01-01")
        );
        go("甲法", "2020-01-01", "3", minute(6))
            .await
            .expect("kept");
        let place = last_place(&db, who)
            .await
            .expect("an answer")
            .expect("a place");
        assert_eq!(
            (place.address.as_str(), place.title.as_str()),
            ("3", "中华人民共和国甲法")
        );
        assert_eq!(code(go("乙法", "2020-01-01", "1", NOW).await), "not-found");
        assert_eq!(code(go("甲法", "1999-01-01", "1", NOW).await), "not-found");
        assert_eq!(
            code(go("甲法", "2020-01-01", &"1".repeat(41), NOW).await),
            "not-found"
        );
        let other = learner(&db, "乙", "farm").await.learner;
        assert!(
            place_in(&db, other, &"甲法".into())
                .await
                .expect("an answer")
                .is_none()
        );
    })
    .await;
}
