//! What is published, withdrawn, deleted.

use super::{Draft, draft, editor, fields, put, rules, seen, typed};
use crate::world::people::learner;
use crate::world::{self, NOW, code, content, event, number};
use domain::contest::papers::Papers;
use domain::contest::{ContestKind, Rules};
use domain::time::DAY;
use platform::contest;
use platform::contest::edit::{delete, trial, withdraw};
use world::content::small;

#[tokio::test]
async fn what_is_published_keeps_its_promise_and_only_its_words_change() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        assert_eq!(put(&db, &who, id, typed(), true).await, []);
        let other = Draft {
            title: " 新标题 ".into(),
            summary: "新简介".into(),
            opens_at: Some(NOW),
            rules: Rules::default(),
            ..typed()
        };
        assert_eq!(put(&db, &who, id, other, false).await, []);
        let now = seen(&db, &who, id).await;
        assert!(!now.is_draft);
        assert_eq!(
            (now.contest.title.as_str(), now.contest.summary.as_str()),
            ("新标题", "新简介")
        );
        assert_eq!(
            (now.contest.rules, Some(now.contest.opens_at)),
            (rules(), typed().opens_at)
        );
        let empty = Draft {
            title: String::new(),
            ..typed()
        };
        assert_eq!(
            fields(&put(&db, &who, id, empty, false).await),
            [("title", "contest-title")]
        );
        assert_eq!(code(delete(&db, &who, id).await), "contest-published");
        assert_eq!(code(trial(&db, &who, id, 1).await), "contest-published");
    })
    .await;
}

#[tokio::test]
async fn a_contest_is_withdrawn_before_it_opens_and_while_nobody_has_begun() {
    world::each(async |db| {
        small(&db, 12).await;
        let (who, mere) = (editor(&db).await, learner(&db, "甲", "water").await);
        let id = draft(&db, &who, ContestKind::Themed).await;
        assert_eq!(put(&db, &who, id, typed(), true).await, []);
        let opens = NOW.plus(DAY);
        assert_eq!(code(withdraw(&db, &who, id, opens).await), "contest-begun");
        withdraw(&db, &who, id, NOW).await.expect("withdrawn");
        withdraw(&db, &who, id, NOW).await.expect("a second click");
        assert_eq!(
            code(contest::contest(&db, &mere, id, NOW).await),
            "not-found"
        );
        // Published again, the bank is frozen as it is by then.
        world::by_hand(&db, "update question set stem = '改过' where id = 'q000'").await;
        assert_eq!(put(&db, &who, id, typed(), true).await, []);
        let anew = "select count(*) from contest_question where stem = '改过'";
        assert_eq!(number(&db, anew).await, 1);
        assert_eq!(
            number(&db, "select count(*) from contest_question").await,
            12
        );
        contest::start(&db, &mere, event(), id, opens)
            .await
            .expect("an attempt");
        assert_eq!(code(withdraw(&db, &who, id, NOW).await), "contest-begun");
        assert!(!seen(&db, &who, id).await.is_draft);
    })
    .await;
}

#[tokio::test]
async fn a_draft_that_is_deleted_leaves_nothing() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Team).await;
        delete(&db, &who, id).await.expect("deleted");
        assert_eq!(code(delete(&db, &who, id).await), "not-found");
        assert_eq!(number(&db, "select count(*) from contest").await, 0);
        assert_eq!(
            number(&db, "select count(*) from contest_question").await,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_paper_of_some_topics_freezes_the_questions_of_these_alone() {
    world::each(async |db| {
        small(&db, 12).await;
        let mut other = content::numbered(12);
        other.topic = "other".into();
        let done = db.write(move |tx| {
            Box::pin(async move {
                platform::study::put_topic(tx, &"other".into(), "另一个", "", 2).await?;
                platform::question::put(tx, &other).await
            })
        });
        done.await.expect("a question");
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        let mut one = typed();
        one.rules.topics = vec!["other".into()];
        one.rules.questions = 1;
        assert_eq!(put(&db, &who, id, one, true).await, []);
        assert_eq!(
            number(&db, "select count(*) from contest_question").await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn practice_that_is_promised_has_questions_of_its_own_where_papers_are_the_same() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        // Two papers of four that count, and one of practice.
        let mut one = typed();
        one.rules.papers = Papers::Same;
        one.rules.practice = 1;
        one.rules.questions = 6;
        let wrong = put(&db, &who, id, one.clone(), true).await;
        assert_eq!(fields(&wrong), [("practice", "contest-practice-short")]);
        assert_eq!(wrong[0].fill, [("n", 6)]);
        for change in [
            |one: &mut Draft| one.rules.papers = Papers::Each,
            |one: &mut Draft| one.rules.practice = 0,
            |one: &mut Draft| one.rules.questions = 4,
        ] {
            let mut other = one.clone();
            change(&mut other);
            let id = draft(&db, &who, ContestKind::Themed).await;
            assert_eq!(put(&db, &who, id, other, true).await, []);
        }
    })
    .await;
}
