//! Contests: entering, answering, ranks, bonus credits.

mod boards;
mod bonus;
mod counting;
mod draw;
mod entry;
mod scoring;
use crate::world;

use domain::contest::Rules;
use domain::id::{AttemptId, ContestId, EventId, QuestionId};
use domain::question::{Answer, QuestionKind};
use domain::time::{MINUTE, Millis, SECOND};
use futures_util::future::join_all;
use platform::contest::{
    AskedQuestion, Boards, Given, Saved, Started, attempt, attempts, contest, contests, my_rank,
    save, start, submit,
};
use platform::identity::Viewer;
use platform::{Db, Error};
use std::collections::BTreeSet;
use world::content::{self, CLOSES, as_shown, right, rules, small, wrong};
use world::people::{join, learner};
use world::{NOW, code, event, minute, number};

async fn begin(db: &Db, who: &Viewer, contest: ContestId, at: Millis) -> AttemptId {
    start(db, who, event(), contest, at)
        .await
        .expect("an attempt")
        .attempt
}

async fn paper(db: &Db, who: &Viewer, id: AttemptId) -> Vec<AskedQuestion> {
    attempt(db, who, id).await.expect("the attempt").questions
}

fn given(attempt: AttemptId, asked: &AskedQuestion, revision: i64, is_right: bool) -> Given {
    let answer = if is_right {
        right(&asked.question)
    } else {
        wrong(&asked.question)
    };
    Given {
        event: event(),
        attempt,
        question: asked.question.id.clone(),
        revision,
        answer: as_shown(asked, answer),
    }
}

/// Answers the first `rights` questions right and the next `wrongs` wrong, at `at`.
async fn play(db: &Db, who: &Viewer, id: AttemptId, rights: usize, wrongs: usize, at: Millis) {
    for (n, asked) in paper(db, who, id)
        .await
        .iter()
        .take(rights + wrongs)
        .enumerate()
    {
        save(db, who, given(id, asked, 1, n < rights), at)
            .await
            .expect("saved");
    }
}

/// Enters, answers so many right a minute later, and is gone.
async fn took_part(db: &Db, who: &Viewer, contest: ContestId, rights: usize) -> AttemptId {
    let id = begin(db, who, contest, NOW).await;
    play(db, who, id, rights, 1, minute(1)).await;
    id
}

#[tokio::test]
async fn starting_twice_is_one_attempt() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        // A double click sends one event twice, a second device one of its own; all at once.
        let click = event();
        let events = [click, click, event(), event(), click, event()];
        let all = join_all(events.map(|e| start(&db, &who, e, id, NOW))).await;
        let all: Vec<Started> = all.into_iter().map(|s| s.expect("an attempt")).collect();
        assert!(all.iter().all(|s| *s == all[0]), "{all:?}");
        assert_eq!(all[0].deadline, minute(5));
        // A reload later is the same attempt with the same paper.
        let before = paper(&db, &who, all[0].attempt).await;
        let again = start(&db, &who, event(), id, minute(4))
            .await
            .expect("the attempt");
        assert_eq!(again, all[0]);
        let after = paper(&db, &who, again.attempt).await;
        let order = |p: &[AskedQuestion]| p.iter().map(|a| a.order.clone()).collect::<Vec<_>>();
        assert_eq!(order(&before), order(&after));
        assert_eq!(number(&db, "select count(*) from contest_attempt").await, 1);
    })
    .await;
}

#[tokio::test]
async fn attempts_are_counted_and_the_event_of_an_old_one_leads_back_to_it() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let click = event();
        let first = start(&db, &who, click, id, NOW)
            .await
            .expect("an attempt")
            .attempt;
        submit(&db, &who, first, minute(1))
            .await
            .expect("handed in");
        let replayed = start(&db, &who, click, id, minute(2))
            .await
            .expect("the first attempt");
        assert_eq!(replayed.attempt, first);
        let second = begin(&db, &who, id, minute(2)).await;
        assert_ne!(first, second);
        // The second one ends by its time.
        assert_eq!(
            code(start(&db, &who, event(), id, minute(7)).await),
            "no-attempt-left"
        );
        let mine = attempts(&db, &who, id, minute(7)).await.expect("attempts");
        let seen: Vec<_> = mine.iter().map(|(id, over, ..)| (*id, *over)).collect();
        assert_eq!(seen, [(first, true), (second, true)]);
        // Nobody else's attempts are touched by it.
        let other = learner(&db, "乙", "farm").await;
        assert_eq!(code(start(&db, &other, click, id, NOW).await), "forbidden");
        begin(&db, &other, id, NOW).await;
    })
    .await;
}

#[tokio::test]
async fn a_contest_can_be_entered_in_its_window_alone() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        for at in [minute(-60).plus(-1), CLOSES, CLOSES.plus(MINUTE)] {
            assert_eq!(code(start(&db, &who, event(), id, at).await), "not-open");
        }
        assert_eq!(number(&db, "select count(*) from contest_attempt").await, 0);
        let first = start(&db, &who, event(), id, minute(-60))
            .await
            .expect("the first instant");
        assert_eq!(first.deadline, minute(-55));
        // Who comes late has until the end of the contest and no longer.
        let last = start(&db, &who, event(), id, CLOSES.plus(-1))
            .await
            .expect("the last instant");
        assert_eq!(last.deadline, CLOSES);
    })
    .await;
}

#[tokio::test]
async fn a_contest_of_another_subtree_is_not_found() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "5101", rules()).await;
        let (inside, outside) = (
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "farm").await,
        );
        assert_eq!(
            contests(&db, &inside, NOW).await.expect("contests").len(),
            1
        );
        assert!(
            contests(&db, &outside, NOW)
                .await
                .expect("contests")
                .is_empty()
        );
        assert_eq!(code(contest(&db, &outside, id, NOW).await), "not-found");
        assert_eq!(
            code(start(&db, &outside, event(), id, NOW).await),
            "not-found"
        );
        let none = ContestId(event().0);
        assert_eq!(
            code(start(&db, &inside, event(), none, NOW).await),
            "not-found"
        );
        // Who moves in may enter from then on.
        join(&db, outside.learner, "justice", minute(1)).await;
        assert_eq!(
            code(start(&db, &outside, event(), id, NOW).await),
            "not-found"
        );
        begin(&db, &outside, id, minute(1)).await;
    })
    .await;
}

#[tokio::test]
async fn a_paper_has_its_questions_once_and_its_options_shuffled() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(
            &db,
            "51",
            Rules {
                questions: 12,
                ..rules()
            },
        )
        .await;
        let mut places = BTreeSet::new();
        for n in 0..6 {
            let who = learner(&db, &format!("{n}"), "water").await;
            let mine = begin(&db, &who, id, NOW).await;
            let asked = paper(&db, &who, mine).await;
            let ids: BTreeSet<_> = asked.iter().map(|a| &a.question.id).collect();
            assert_eq!((asked.len(), ids.len()), (12, 12));
            for one in &asked {
                assert_eq!((&one.saved, one.right), (&None, None));
                let mut order = one.order.clone();
                if one.question.kind == QuestionKind::TrueFalse {
                    assert_eq!(order, [0, 1]);
                }
                if one.question.kind == QuestionKind::Single {
                    places.insert(order.iter().position(|o| *o == 1));
                }
                order.sort_unstable();
                let all = u8::try_from(one.question.options.len()).expect("few");
                assert_eq!(order, (0..all).collect::<Vec<_>>());
            }
        }
        assert!(
            places.len() > 1,
            "the right option stands in several places by turns"
        );
        // What is kept as the paper says nothing of keys.
        let telling = "select count(*) from contest_attempt where paper like '%key%' \
                       or paper like '%说明%' or paper like '%answer%' or paper like '%三十日%'";
        assert_eq!(number(&db, telling).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_answer_by_place_is_graded_by_option_and_shown_in_its_place_again() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(
            &db,
            "51",
            Rules {
                questions: 12,
                ..rules()
            },
        )
        .await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        for (n, asked) in paper(&db, &who, mine).await.iter().enumerate() {
            let given = given(mine, asked, 1, n % 2 == 0);
            let shown = given.answer.clone();
            save(&db, &who, given, minute(1)).await.expect("saved");
            let now = &paper(&db, &who, mine).await[n];
            assert_eq!(now.right, Some(n % 2 == 0), "{:?}", asked.question.kind);
            assert_eq!(now.saved, Some((shown, 1)));
        }
        let view = attempt(&db, &who, mine).await.expect("the attempt");
        assert_eq!(
            (view.answered, view.score.right, view.score.points),
            (12, 6, 60)
        );
        assert_eq!(view.score.time, MINUTE);
    })
    .await;
}

#[tokio::test]
async fn the_highest_revision_counts_in_whatever_order_they_arrive() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let asked = paper(&db, &who, mine).await.remove(0);
        let send = async |revision, is_right| {
            save(
                &db,
                &who,
                given(mine, &asked, revision, is_right),
                minute(1),
            )
            .await
        };
        assert_eq!(send(3, true).await.expect("saved").revision, 3);
        for revision in [1, 2, 3] {
            assert!(matches!(
                send(revision, false).await,
                Err(Error::Superseded(3))
            ));
        }
        assert_eq!(paper(&db, &who, mine).await[0].right, Some(true));
        let saved = send(4, false).await.expect("saved");
        assert_eq!((saved.revision, saved.answered), (4, 1));
        assert_eq!(paper(&db, &who, mine).await[0].right, Some(false));
        // A changed mind takes its points back.
        assert_eq!(
            my_rank(&Boards::new(db.clone()), &who, id, minute(3))
                .await
                .expect("a rank")
                .expect("mine")
                .1
                .points,
            0
        );
        // Two tabs at once.
        let both = join_all((5..25).map(|n| send(n, n == 24))).await;
        assert!(
            both.iter()
                .all(|o| matches!(o, Ok(_) | Err(Error::Superseded(_))))
        );
        let now = paper(&db, &who, mine).await.remove(0);
        assert_eq!((now.right, now.saved.expect("saved").1), (Some(true), 24));
        for bad in [0, -1, 1_000_001, i64::MAX] {
            assert_eq!(code(send(bad, true).await), "answer");
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_answer_again_gets_the_same_word() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let asked = paper(&db, &who, mine).await;
        let one = given(mine, &asked[0], 1, true);
        // The phone sends it again before it heard the first answer.
        let sends = join_all((0..6).map(|_| save(&db, &who, one.clone(), minute(1)))).await;
        let wanted = Saved {
            revision: 1,
            answered: 1,
            received_at: minute(1),
        };
        assert!(sends.into_iter().all(|s| s.expect("saved") == wanted));
        save(&db, &who, given(mine, &asked[1], 1, true), minute(2))
            .await
            .expect("saved");
        save(&db, &who, given(mine, &asked[0], 2, false), minute(3))
            .await
            .expect("saved");
        submit(&db, &who, mine, minute(4)).await.expect("handed in");
        // And after everything is over.
        for at in [minute(4), minute(5), minute(600)] {
            assert_eq!(
                save(&db, &who, one.clone(), at).await.expect("saved"),
                wanted
            );
        }
        let view = attempt(&db, &who, mine).await.expect("the attempt");
        assert_eq!(
            (view.answered, view.score.points, view.score.time),
            (2, 10, 3 * MINUTE)
        );
    })
    .await;
}

#[tokio::test]
async fn many_answers_at_once_are_all_counted() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(
            &db,
            "51",
            Rules {
                questions: 12,
                ..rules()
            },
        )
        .await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let asked = paper(&db, &who, mine).await;
        let sends = asked
            .iter()
            .map(|a| save(&db, &who, given(mine, a, 1, true), minute(1)));
        let saved = join_all(sends).await;
        let counts: BTreeSet<_> = saved
            .into_iter()
            .map(|s| s.expect("saved").answered)
            .collect();
        assert_eq!(counts, (1..=12).collect());
        let (rank, score) = my_rank(&Boards::new(db.clone()), &who, id, minute(3))
            .await
            .expect("a rank")
            .expect("mine");
        assert_eq!((rank, score.points), (Some(1), 120));
    })
    .await;
}

#[tokio::test]
async fn an_answer_at_the_deadline_is_too_late_and_one_before_is_not() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let asked = paper(&db, &who, mine).await;
        let send = async |n: usize, at| save(&db, &who, given(mine, &asked[n], 1, true), at).await;
        assert!(send(0, minute(5).plus(-1)).await.is_ok());
        assert_eq!(code(send(1, minute(5)).await), "too-late");
        assert_eq!(code(send(1, minute(50)).await), "too-late");
        // Handing in late changes nothing and is no mistake of the learner's.
        submit(&db, &who, mine, minute(6)).await.expect("heard");
        let view = attempt(&db, &who, mine).await.expect("the attempt");
        assert_eq!((view.answered, view.submitted_at), (1, None));
        assert!(!view.is_over(minute(5).plus(-1)) && view.is_over(minute(5)));
    })
    .await;
}

#[tokio::test]
async fn after_handing_in_nothing_can_be_changed() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let asked = paper(&db, &who, mine).await;
        save(&db, &who, given(mine, &asked[0], 1, true), minute(1))
            .await
            .expect("saved");
        submit(&db, &who, mine, minute(2)).await.expect("handed in");
        submit(&db, &who, mine, minute(3))
            .await
            .expect("a second click");
        for (n, revision) in [(0, 2), (1, 1)] {
            let late = save(
                &db,
                &who,
                given(mine, &asked[n], revision, false),
                minute(3),
            )
            .await;
            assert_eq!(code(late), "submitted");
        }
        let view = attempt(&db, &who, mine).await.expect("the attempt");
        assert_eq!((view.submitted_at, view.answered), (Some(minute(2)), 1));
        assert_eq!(view.score.time, MINUTE, "handing in costs no time");
    })
    .await;
}

#[tokio::test]
async fn someone_elses_attempt_is_not_found() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let (mine, theirs) = (
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "water").await,
        );
        let my = begin(&db, &mine, id, NOW).await;
        let asked = paper(&db, &mine, my).await;
        assert_eq!(code(attempt(&db, &theirs, my).await), "not-found");
        assert_eq!(
            code(save(&db, &theirs, given(my, &asked[0], 1, true), NOW).await),
            "not-found"
        );
        assert_eq!(code(submit(&db, &theirs, my, NOW).await), "not-found");
        let first = given(my, &asked[0], 1, true);
        save(&db, &mine, first.clone(), NOW).await.expect("saved");
        // Nor does the event of another open a door.
        let their = begin(&db, &theirs, id, NOW).await;
        assert_eq!(
            code(
                save(
                    &db,
                    &theirs,
                    Given {
                        attempt: their,
                        ..first
                    },
                    NOW
                )
                .await
            ),
            "forbidden"
        );
        let view = attempt(&db, &mine, my).await.expect("the attempt");
        assert_eq!((view.submitted_at, view.answered), (None, 1));
    })
    .await;
}

#[tokio::test]
async fn what_does_not_belong_to_the_paper_is_refused() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let asked = paper(&db, &who, mine).await;
        let ids: BTreeSet<_> = asked.iter().map(|a| a.question.id.clone()).collect();
        let other = (0..12)
            .map(content::numbered)
            .find(|q| !ids.contains(&q.id))
            .expect("one more");
        let send = async |question: QuestionId, answer: Answer| {
            let (event, attempt, revision) = (EventId(event().0), mine, 1);
            save(
                &db,
                &who,
                Given {
                    event,
                    attempt,
                    question,
                    revision,
                    answer,
                },
                NOW,
            )
            .await
        };
        assert_eq!(
            code(send(other.id.clone(), right(&other)).await),
            "not-found"
        );
        assert_eq!(code(send("none".into(), right(&other)).await), "not-found");
        for one in &asked {
            let bad = match right(&one.question) {
                Answer::Choices(_) => [Answer::Words("甲".into()), Answer::Choices(vec![0, 9])],
                Answer::Words(_) => [Answer::Choices(vec![0]), Answer::Words("长".repeat(101))],
            };
            for answer in bad {
                assert_eq!(code(send(one.question.id.clone(), answer).await), "answer");
            }
        }
        assert_eq!(number(&db, "select count(*) from contest_answer").await, 0);
        assert_eq!(number(&db, "select count(*) from client_event").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_contest_without_questions_can_not_be_entered() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = learner(&db, "甲", "water").await;
        let id = content::contest(
            &db,
            "51",
            Rules {
                topics: vec!["none".into()],
                ..rules()
            },
        )
        .await;
        let refused = start(&db, &who, event(), id, NOW.plus(SECOND)).await;
        assert!(matches!(refused, Err(Error::Fault(_))));
    })
    .await;
}
