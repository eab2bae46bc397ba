//! Receipts of attempts: what they say, and what is said of them later.

use crate::world;

use domain::contest::Rules;
use domain::id::AttemptId;
use platform::Db;
use platform::contest::receipt::{Difference, Examined, Receipt, examine, receipt};
use platform::contest::{Given, attempt, practise, save, start, submit};
use platform::identity::Viewer;
use world::content::{as_shown, contest, right, rules, small};
use world::people::learner;
use world::{by_hand, code, event, minute};

/// Someone who has begun an attempt and answered its first questions.
async fn sat(db: &Db, answers: usize) -> (Viewer, AttemptId) {
    small(db, 12).await;
    let contest = contest(db, "51", rules()).await;
    let who = learner(db, "甲", "water").await;
    let started = start(db, &who, event(), contest, minute(0)).await;
    let started = started.expect("an attempt").attempt;
    for place in 0..answers {
        answer(db, &who, started, place, 1).await;
    }
    (who, started)
}

async fn answer(db: &Db, who: &Viewer, id: AttemptId, place: usize, revision: i64) {
    let paper = attempt(db, who, id).await.expect("a paper").questions;
    let asked = &paper[place];
    let given = Given {
        event: event(),
        attempt: id,
        question: asked.question.id.clone(),
        revision,
        answer: as_shown(asked, right(&asked.question)),
    };
    save(db, who, given, minute(1 + revision))
        .await
        .expect("saved");
}

async fn file(db: &Db, who: &Viewer, attempt: AttemptId) -> String {
    receipt(db, who, attempt, minute(4)).await.expect("a file")
}

async fn said(db: &Db, file: &str) -> (Receipt, Vec<Difference>) {
    match examine(db, file).await.expect("an answer") {
        Examined::Genuine {
            receipt,
            differences,
        } => (receipt, differences),
        Examined::NotGenuine => panic!("not genuine: {file}"),
    }
}

#[tokio::test]
async fn a_receipt_lists_what_was_received_and_when_and_is_known_again() {
    world::each(async |db| {
        let (who, id) = sat(&db, 3).await;
        let (receipt, differences) = said(&db, &file(&db, &who, id).await).await;
        assert_eq!((receipt.attempt, receipt.learner), (id, who.learner));
        assert_eq!(receipt.answers.len(), 3);
        assert!(receipt.answers.iter().all(|a| a.received_at == minute(2)));
        assert_eq!(differences, []);
    })
    .await;
}

#[tokio::test]
async fn a_changed_letter_and_a_receipt_of_another_server_are_not_genuine() {
    world::each(async |db| {
        let (who, id) = sat(&db, 1).await;
        let file = file(&db, &who, id).await;
        let no_receipt = ["", "{}", "第一条"].map(str::to_owned);
        let forged = file.replacen("\\\"revision\\\":1", "\\\"revision\\\":2", 1);
        assert_ne!(forged, file);
        for text in no_receipt.into_iter().chain([forged]) {
            let examined = examine(&db, &text).await.expect("an answer");
            assert_eq!(examined, Examined::NotGenuine, "{text}");
        }
        by_hand(&db, "delete from signing_key").await;
        let examined = examine(&db, &file).await.expect("an answer");
        assert_eq!(examined, Examined::NotGenuine);
    })
    .await;
}

#[tokio::test]
async fn what_the_database_holds_otherwise_is_named() {
    world::each(async |db| {
        let (who, id) = sat(&db, 3).await;
        let file = file(&db, &who, id).await;
        let (receipt, _) = said(&db, &file).await;
        let question = |n: usize| receipt.answers[n].question.clone();
        let place = |n: usize| {
            let (db, who, wanted) = (&db, &who, question(n));
            async move {
                let paper = attempt(db, who, id).await.expect("a paper").questions;
                let at = paper.iter().position(|a| a.question.id == wanted);
                at.expect("a question")
            }
        };
        answer(&db, &who, id, place(0).await, 2).await;
        let hand = |what: &str, n: usize| format!("{what} where question_id = '{}'", question(n));
        by_hand(&db, &hand("delete from contest_answer", 1)).await;
        by_hand(&db, &hand("update contest_answer set received_at = 5", 2)).await;
        let (_, differences) = said(&db, &file).await;
        let newer = Difference::Newer {
            question: question(0),
            revision: 2,
            late: false,
        };
        let missing = Difference::Missing {
            question: question(1),
            late: false,
        };
        let changed = Difference::Changed {
            question: question(2),
            late: false,
        };
        assert_eq!(differences, [newer, missing, changed]);
        let losses: Vec<bool> = differences.iter().map(Difference::is_loss).collect();
        assert_eq!(losses, [false, true, true]);
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_the_receipt_of_another() {
    world::each(async |db| {
        let (_, id) = sat(&db, 1).await;
        let other = learner(&db, "乙", "water").await;
        let outcome = receipt(&db, &other, id, minute(4)).await;
        assert_eq!(code(outcome), "not-found");
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_came_too_late_is_kept_and_marked_and_does_not_count() {
    world::each(async |db| {
        let (who, id) = sat(&db, 2).await;
        let paper = attempt(&db, &who, id).await.expect("a paper");
        let late = |place: usize, revision: i64| {
            let asked = &paper.questions[place];
            let given = Given {
                event: event(),
                attempt: id,
                question: asked.question.id.clone(),
                revision,
                answer: as_shown(asked, right(&asked.question)),
            };
            save(&db, &who, given, paper.deadline.plus(revision))
        };
        for revision in [2, 1, 3] {
            assert_eq!(code(late(2, revision).await), "too-late");
        }
        let (receipt, differences) = said(&db, &file(&db, &who, id).await).await;
        let kept: Vec<_> = receipt
            .late
            .iter()
            .map(|a| (a.revision, a.received_at))
            .collect();
        assert_eq!(kept, [(3, paper.deadline.plus(3))]);
        assert_eq!((receipt.answers.len(), differences), (2, Vec::new()));
        let after = attempt(&db, &who, id).await.expect("a paper");
        assert_eq!((after.answered, after.score), (paper.answered, paper.score));
        assert_eq!((paper.late, after.late), (0, 1));
        // A stranger can not leave anything behind.
        let other = learner(&db, "乙", "water").await;
        let given = Given {
            event: event(),
            attempt: id,
            question: paper.questions[3].question.id.clone(),
            revision: 1,
            answer: as_shown(&paper.questions[3], right(&paper.questions[3].question)),
        };
        let outcome = save(&db, &other, given, paper.deadline.plus(1)).await;
        assert_eq!(code(outcome), "not-found");
        assert_eq!(
            world::number(&db, "select count(*) from contest_late_answer").await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn times_and_late_answers_that_the_database_holds_otherwise_are_named_too() {
    world::each(async |db| {
        let (who, id) = sat(&db, 1).await;
        let paper = attempt(&db, &who, id).await.expect("a paper");
        for place in [1, 2, 3] {
            let asked = &paper.questions[place];
            let given = Given {
                event: event(),
                attempt: id,
                question: asked.question.id.clone(),
                revision: 1,
                answer: as_shown(asked, right(&asked.question)),
            };
            let late = save(&db, &who, given, paper.deadline).await;
            assert_eq!(code(late), "too-late");
        }
        let file = file(&db, &who, id).await;
        let (receipt, differences) = said(&db, &file).await;
        assert_eq!((receipt.late.len(), differences), (3, Vec::new()));
        // To hand in after the receipt was made takes nothing away.
        let handed = minute(4).plus(1);
        submit(&db, &who, id, handed).await.expect("handed in");
        let (_, differences) = said(&db, &file).await;
        assert_eq!(differences, [Difference::HandedIn]);
        assert!(!differences[0].is_loss());
        by_hand(
            &db,
            "update contest_attempt set started_at = 1, deadline_at = 2, submitted_at = null",
        )
        .await;
        let question = |n: usize| receipt.late[n].question.clone();
        let hand = |what: &str, n: usize| format!("{what} where question_id = '{}'", question(n));
        by_hand(&db, &hand("delete from contest_late_answer", 0)).await;
        by_hand(
            &db,
            &hand("update contest_late_answer set received_at = 5", 1),
        )
        .await;
        let (_, differences) = said(&db, &file).await;
        let moved = |field| Difference::Moved { field };
        let missing = Difference::Missing {
            question: question(0),
            late: true,
        };
        let changed = Difference::Changed {
            question: question(1),
            late: true,
        };
        let all = [moved("started_at"), moved("deadline_at"), missing, changed];
        assert_eq!(differences, all);
        assert!(differences.iter().all(Difference::is_loss));
    })
    .await;
}

#[tokio::test]
async fn there_is_no_receipt_of_practice() {
    world::each(async |db| {
        small(&db, 12).await;
        let rules = Rules {
            practice: 1,
            ..rules()
        };
        let contest = contest(&db, "51", rules).await;
        let who = learner(&db, "甲", "water").await;
        let begun = practise(&db, &who, event(), contest, minute(0)).await;
        let begun = begun.expect("practice").attempt;
        let outcome = receipt(&db, &who, begun, minute(4)).await;
        assert_eq!(code(outcome), "not-found");
    })
    .await;
}
