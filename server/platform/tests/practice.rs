//! Five questions a day.

use crate::world;

use domain::practice::PER_DAY;
use domain::question::{Answer, Question};
use futures_util::future::join_all;
use platform::identity::Viewer;
use platform::practice::{Asked, Outcome, answer, today};
use platform::{Db, Error, credits};
use std::collections::BTreeSet;
use world::content::{numbered, right, small, wrong};
use world::people::learner;
use world::{NOW, code, event, minute, number};

async fn asked(db: &Db, who: &Viewer) -> Vec<Asked> {
    today(db, who.learner, NOW).await.expect("questions")
}

fn ids(asked: &[Asked]) -> Vec<String> {
    asked.iter().map(|a| a.question.id.0.clone()).collect()
}

async fn give(db: &Db, who: &Viewer, q: &Question, a: Answer) -> Result<Outcome, Error> {
    answer(db, who, event(), q.id.clone(), a, NOW).await
}

#[tokio::test]
async fn a_day_has_the_same_five_questions_on_every_device() {
    world::each(async |db| {
        small(&db, 40).await;
        let who = learner(&db, "甲", "water").await;
        // Six devices ask for the first time at once.
        let devices = join_all((0..6).map(|_| asked(&db, &who))).await;
        let first = ids(&devices[0]);
        assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), PER_DAY);
        assert!(devices.iter().all(|device| ids(device) == first));
        assert_eq!(ids(&asked(&db, &who).await), first);
        assert_eq!(
            ids(&today(&db, who.learner, minute(13 * 60 + 59))
                .await
                .expect("late")),
            first
        );
        // A bank that grows does not change a day that was drawn.
        let more: Vec<Question> = (40..60).map(numbered).collect();
        let done = db.write(|tx| {
            Box::pin(async move {
                for question in &more {
                    platform::question::put(tx, question).await?;
                }
                Ok(())
            })
        });
        done.await.expect("questions");
        assert_eq!(ids(&asked(&db, &who).await), first);
        let tomorrow = ids(&today(&db, who.learner, minute(14 * 60))
            .await
            .expect("questions"));
        assert_ne!(tomorrow, first);
        let other = learner(&db, "乙", "water").await;
        assert_ne!(ids(&asked(&db, &other).await), first);
    })
    .await;
}

#[tokio::test]
async fn what_was_answered_does_not_come_again_before_the_rest() {
    world::each(async |db| {
        small(&db, 10).await;
        let who = learner(&db, "甲", "water").await;
        let first = asked(&db, &who).await;
        for one in &first {
            give(&db, &who, &one.question, right(&one.question))
                .await
                .expect("an outcome");
        }
        let tomorrow = ids(&today(&db, who.learner, minute(24 * 60))
            .await
            .expect("questions"));
        assert!(ids(&first).iter().all(|id| !tomorrow.contains(id)));
    })
    .await;
}

#[tokio::test]
async fn a_second_answer_changes_nothing() {
    world::each(async |db| {
        small(&db, 20).await;
        let who = learner(&db, "甲", "water").await;
        let day = asked(&db, &who).await;
        let (one, two) = (&day[0].question, &day[1].question);
        let first = give(&db, &who, one, wrong(one)).await.expect("an outcome");
        assert_eq!(
            first,
            Outcome {
                right: false,
                credits: 0
            }
        );
        assert_eq!(
            give(&db, &who, one, right(one)).await.expect("an outcome"),
            first
        );
        assert!(
            give(&db, &who, two, right(two))
                .await
                .expect("an outcome")
                .right
        );
        let after = give(&db, &who, two, wrong(two)).await.expect("an outcome");
        assert_eq!(
            after,
            Outcome {
                right: true,
                credits: 0
            }
        );
        let day = asked(&db, &who).await;
        assert_eq!(day[0].answer, Some((wrong(one), false)));
        assert_eq!(day[1].answer, Some((right(two), true)));
        assert_eq!(day[2].answer, None);
        assert_eq!(
            credits::total(&db, who.learner, NOW)
                .await
                .expect("total")
                .all,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_day_of_right_answers_earns_each_credit_once() {
    world::each(async |db| {
        small(&db, 20).await;
        let who = learner(&db, "甲", "water").await;
        let day = asked(&db, &who).await;
        // Every answer comes twice with one event, and once more with another, all at once.
        let gives = day.iter().flat_map(|one| {
            let q = &one.question;
            let twice = event();
            [twice, twice, event()].map(|id| answer(&db, &who, id, q.id.clone(), right(q), NOW))
        });
        let outcomes: Vec<Outcome> = join_all(gives)
            .await
            .into_iter()
            .map(|o| o.expect("an outcome"))
            .collect();
        assert!(outcomes.iter().all(|o| o.right));
        assert!(outcomes.chunks(3).all(|o| o[0] == o[1]));
        let total = credits::total(&db, who.learner, NOW).await.expect("total");
        assert_eq!(total.all, 5);
        assert_eq!(number(&db, "select count(*) from practice_answer").await, 5);
        assert_eq!(number(&db, "select count(*) from credit_entry").await, 5);
    })
    .await;
}

#[tokio::test]
async fn only_a_question_of_today_can_be_answered() {
    world::each(async |db| {
        small(&db, 20).await;
        let who = learner(&db, "甲", "water").await;
        let any = numbered(0);
        assert_eq!(
            code(give(&db, &who, &any, right(&any)).await),
            "not-found",
            "nothing is drawn yet"
        );
        let day = ids(&asked(&db, &who).await);
        let other = (0..20)
            .map(numbered)
            .find(|q| !day.contains(&q.id.0))
            .expect("one more");
        assert_eq!(
            code(give(&db, &who, &other, right(&other)).await),
            "not-found"
        );
        let none = Question {
            id: "none".into(),
            ..numbered(0)
        };
        assert_eq!(
            code(give(&db, &who, &none, right(&none)).await),
            "not-found"
        );
        let yesterdays = asked(&db, &who).await.remove(0).question;
        let late = answer(
            &db,
            &who,
            event(),
            yesterdays.id.clone(),
            right(&yesterdays),
            minute(14 * 60),
        );
        assert_eq!(code(late.await), "not-found");
        assert_eq!(number(&db, "select count(*) from client_event").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused() {
    world::each(async |db| {
        small(&db, 4).await;
        let who = learner(&db, "甲", "water").await;
        for one in asked(&db, &who).await {
            let q = &one.question;
            let bad = match right(q) {
                Answer::Choices(_) => [Answer::Words("甲".into()), Answer::Choices(vec![9])],
                Answer::Words(_) => [Answer::Choices(vec![0]), Answer::Words("长".repeat(101))],
            };
            for answer in bad {
                assert_eq!(code(give(&db, &who, q, answer).await), "answer");
            }
        }
        assert_eq!(number(&db, "select count(*) from practice_answer").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_strangers_day_stays_as_it_is() {
    world::each(async |db| {
        small(&db, 5).await;
        let (mine, theirs) = (
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "farm").await,
        );
        let day = asked(&db, &mine).await;
        asked(&db, &theirs).await;
        let q = &day[0].question;
        let id = event();
        answer(&db, &mine, id, q.id.clone(), right(q), NOW)
            .await
            .expect("an outcome");
        let stolen = answer(&db, &theirs, id, q.id.clone(), right(q), NOW).await;
        assert_eq!(code(stolen), "forbidden");
        assert!(asked(&db, &theirs).await.iter().all(|a| a.answer.is_none()));
        assert_eq!(
            credits::total(&db, theirs.learner, NOW)
                .await
                .expect("total")
                .all,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn an_empty_bank_has_an_empty_day() {
    world::each(async |db| {
        small(&db, 2).await;
        world::by_hand(&db, "delete from lesson_check").await;
        world::by_hand(&db, "delete from question_citation").await;
        world::by_hand(&db, "delete from question").await;
        let who = learner(&db, "甲", "water").await;
        assert!(asked(&db, &who).await.is_empty());
    })
    .await;
}
