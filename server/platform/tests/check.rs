//! `zhijian check` finds what a hand in the database has done.

use crate::world;

use domain::credits::{Cap, Policy};
use domain::time::{DAY, MINUTE, Millis};
use platform::Db;
use platform::check::check;
use platform::contest::{Given, attempt, post_due, save, start};
use platform::identity::Viewer;
use platform::study::{self, Subject};
use world::content::{CLOSES, as_shown, contest, right, rules, small};
use world::people::{join, learner};
use world::{NOW, by_hand, event, minute};

/// A database in which everything has happened once; 甲 has moved, and was in a contest twice.
async fn lived_in(db: &Db) -> Viewer {
    small(db, 12).await;
    let id = contest(db, "51", rules()).await;
    let who = learner(db, "甲", "water").await;
    let seen = vec![domain::study::Ago {
        from: 10 * MINUTE,
        to: 0,
    }];
    let report = domain::study::Report {
        seen,
        watched: vec![],
    };
    let law = Subject::Law("甲法".into());
    study::report(db, &who, event(), law, report, NOW)
        .await
        .expect("progress");
    for (begun, answers) in [(0, 3), (10, 2)] {
        let started = start(db, &who, event(), id, minute(begun))
            .await
            .expect("an attempt");
        let paper = attempt(db, &who, started.attempt)
            .await
            .expect("a paper")
            .questions;
        for asked in paper.iter().take(answers) {
            let given = Given {
                event: event(),
                attempt: started.attempt,
                question: asked.question.id.clone(),
                revision: 1,
                answer: as_shown(asked, right(&asked.question)),
            };
            save(db, &who, given, minute(begun + 1))
                .await
                .expect("saved");
        }
    }
    join(db, who.learner, "farm", minute(30)).await;
    post_due(db, CLOSES.plus(MINUTE)).await.expect("posted");
    who
}

/// The rules that find something after each damage, with none before.
async fn found(damage: &[&str]) -> Vec<Vec<&'static str>> {
    let per_database = std::sync::Mutex::new(Vec::new());
    world::each(async |db| {
        lived_in(&db).await;
        let late = CLOSES.plus(DAY);
        assert_eq!(check(&db, late).await.expect("findings"), []);
        for statement in damage {
            assert!(by_hand(&db, statement).await > 0, "{statement}");
        }
        let mut rules: Vec<&str> = check(&db, late)
            .await
            .expect("findings")
            .iter()
            .map(|f| f.rule)
            .collect();
        rules.dedup();
        per_database.lock().expect("one test").push(rules);
    })
    .await;
    per_database.into_inner().expect("one test")
}

async fn finds(rule: &str, damage: &[&str]) {
    for rules in found(damage).await {
        assert!(rules.contains(&rule), "{damage:?}: {rules:?}");
    }
}

/// Damage of which one rule speaks and no other.
async fn finds_only(rule: &str, damage: &[&str]) {
    for rules in found(damage).await {
        assert_eq!(rules, [rule], "{damage:?}");
    }
}

#[tokio::test]
async fn a_sum_that_is_not_its_entries() {
    let one = "where period = '2026' and source = 'contest'";
    finds_only(
        "ledger-sum",
        &[&format!("update credit_sum set amount = amount + 1 {one}")],
    )
    .await;
    finds_only(
        "ledger-sum",
        &["delete from credit_sum where period = '2026-11-24'"],
    )
    .await;
    finds_only(
        "ledger-sum",
        &["delete from credit_entry where reason = 'study-minutes'"],
    )
    .await;
    finds(
        "ledger-sum",
        &["update credit_entry set amount = amount + 1 where source = 'contest'"],
    )
    .await;
}

#[tokio::test]
async fn a_day_above_its_cap() {
    let day = "where source = 'study' and period = '2026-11-24'";
    finds(
        "daily-cap",
        &[&format!("update credit_sum set amount = 31 {day}")],
    )
    .await;
}

#[tokio::test]
async fn a_year_above_its_cap() {
    let year = "where source = 'study' and period = '2026'";
    finds(
        "yearly-cap",
        &[&format!("update credit_sum set amount = 801 {year}")],
    )
    .await;
}

#[tokio::test]
async fn a_day_is_judged_by_the_policy_of_its_time() {
    let day = "update credit_sum set amount = 31 where source = 'study' and period = '2026-11-24'";
    let policy = |version: i64, most: i64, at: Millis| {
        let cap = Cap {
            daily: Some(most),
            yearly: Some(800),
        };
        let policy = Policy {
            study: cap,
            ..Policy::default()
        };
        let text = serde_json::to_string(&policy).expect("a text");
        format!(
            "insert into credit_policy (version, policy, changed_at, reason) \
             values ({version}, '{text}', {}, 'a test')",
            at.0
        )
    };
    let raised = policy(1, 40, NOW.plus(-DAY));
    let lowered = policy(2, 20, NOW.plus(DAY));
    for (damage, is_above) in [
        (vec![day], true),
        (vec![day, &raised], false),
        (vec![day, &raised, &lowered], false),
        (vec![day, &lowered.replace("(2,", "(1,")], true),
    ] {
        for rules in found(&damage).await {
            assert_eq!(
                rules.contains(&"daily-cap"),
                is_above,
                "{damage:?}: {rules:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_question_whose_key_fits_no_option() {
    for key in [r#"{"choices":[7]}"#, r#"{"words":[]}"#, "nothing"] {
        let damage = format!("update question set answer_key = '{key}' where id = 'q000'");
        finds_only("question", &[&damage]).await;
    }
}

#[tokio::test]
async fn a_unit_whose_ancestors_are_not_its_parents() {
    for damage in [
        "delete from unit_ancestor where unit_id = 'water' and depth > 0",
        "update unit_ancestor set depth = depth + 1 where unit_id = 'water' and depth > 0",
        "update unit set parent_id = id where id = 'water'",
    ] {
        finds_only("unit-tree", &[damage]).await;
    }
}

#[tokio::test]
async fn an_article_that_is_cited_and_gone() {
    finds_only(
        "dangling-citation",
        &["delete from law_node where base = 1"],
    )
    .await;
    finds_only(
        "dangling-citation",
        &["delete from law_node where base = 2"],
    )
    .await;
    finds_only(
        "dangling-citation",
        &["update question_citation set version_date = '1999-01-01' where question_id = 'q003'"],
    )
    .await;
}

#[tokio::test]
async fn an_event_without_its_answer() {
    finds_only(
        "unanswered-event",
        &["update client_event set outcome = null where kind = 'study'"],
    )
    .await;
}

#[tokio::test]
async fn an_attempt_that_is_not_its_answers() {
    let first = "where number = 1";
    finds(
        "attempt-sum",
        &[&format!("update contest_attempt set answered = 4 {first}")],
    )
    .await;
    finds(
        "attempt-sum",
        &["delete from contest_answer where question_id = \
        (select min(question_id) from contest_answer)"],
    )
    .await;
}

#[tokio::test]
async fn a_score_that_its_answers_are_not_worth() {
    for change in ["points = points + 10", "time_ms = time_ms + 1"] {
        // Even where the standing was made to fit.
        let attempt = format!("update contest_attempt set {change} where number = 1");
        let standing = format!("update contest_standing set {change}");
        finds_only("attempt-score", &[&attempt, &standing]).await;
    }
    finds(
        "attempt-score",
        &["update contest_answer set is_right = not is_right"],
    )
    .await;
}

#[tokio::test]
async fn an_answer_from_after_the_deadline() {
    finds(
        "late-answer",
        &["update contest_answer set received_at = received_at + 240000"],
    )
    .await;
}

#[tokio::test]
async fn a_standing_that_is_not_the_best_attempt() {
    finds("standing", &["delete from contest_standing"]).await;
    finds_only("standing", &["update contest_standing set points = 10"]).await;
    finds_only(
        "standing",
        &["update contest_standing set time_ms = time_ms + 1"],
    )
    .await;
    // A rank that was made up is found as well.
    finds_only("standing", &["update contest_standing set points = 9999"]).await;
    finds_only("standing", &["update contest_standing set time_ms = 1"]).await;
}

#[tokio::test]
async fn two_units_at_once() {
    finds_only(
        "memberships-overlap",
        &["update membership set until_at = null"],
    )
    .await;
    finds_only(
        "memberships-overlap",
        &["update membership set until_at = until_at + 1 where until_at is not null"],
    )
    .await;
}

#[tokio::test]
async fn a_contest_whose_credits_are_long_due() {
    finds_only("bonus-overdue", &["update contest set posted_at = null"]).await;
}

#[tokio::test]
async fn nothing_in_what_happens_by_itself() {
    world::each(async |db| {
        let who = lived_in(&db).await;
        for at in [NOW, CLOSES, CLOSES.plus(400 * DAY)] {
            assert_eq!(check(&db, at).await.expect("findings"), []);
        }
        // A finding names ids, never a person.
        by_hand(&db, "update credit_sum set amount = 77").await;
        let found = check(&db, NOW).await.expect("findings");
        assert!(
            found.iter().all(|f| !f.what.contains(&who.name)),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|f| f.what.contains(&who.learner.to_string()))
        );
    })
    .await;
}
