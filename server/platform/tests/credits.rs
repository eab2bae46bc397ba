//! The ledger and its sums.

use crate::world;

use domain::credits::{Cap, Policy, Source};
use domain::id::LearnerId;
use domain::time::{DAY, Millis};
use futures_util::future::join_all;
use platform::check::check;
use platform::credits::{self, Earned, PAGE_SIZE, ledger, total};
use platform::{Db, Result};
use world::people::{account, units};
use world::{NOW, by_hand, minute, number};

async fn post(
    db: &Db,
    who: LearnerId,
    source: Source,
    amount: i64,
    event: &str,
    at: Millis,
) -> i64 {
    let earned = Earned {
        learner: who,
        source,
        amount,
        reason: "manual",
        detail: "事由".into(),
        event: event.into(),
    };
    let done: Result<i64> = db
        .write(move |tx| Box::pin(async move { credits::post(tx, earned, at).await }))
        .await;
    done.expect("posted")
}

async fn all(db: &Db, who: LearnerId, at: Millis) -> i64 {
    total(db, who, at).await.expect("a total").all
}

async fn people(db: &Db) -> (LearnerId, LearnerId) {
    units(db).await;
    (
        account(db, "甲", "water").await.0,
        account(db, "乙", "farm").await.0,
    )
}

#[tokio::test]
async fn the_sums_are_what_the_entries_add_up_to() {
    world::each(async |db| {
        let (one, two) = people(&db).await;
        for n in 0..40_i64 {
            let source = Source::ALL[usize::try_from(n).expect("few") % 5];
            let who = if n % 3 == 0 { two } else { one };
            post(
                &db,
                who,
                source,
                n % 7 - 1,
                &format!("e{n}"),
                NOW.plus(n * DAY / 4),
            )
            .await;
        }
        assert_eq!(check(&db, NOW).await.expect("findings"), []);
        for who in [one, two] {
            let entries = ledger(&db, who, 1, NOW).await.expect("entries");
            let sum: i64 = entries.iter().map(|e| e.amount).sum();
            assert_eq!(sum, all(&db, who, NOW).await);
            assert!(
                entries
                    .windows(2)
                    .all(|e| e[0].created_at >= e[1].created_at)
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_event_earns_once_and_for_each_person_alone() {
    world::each(async |db| {
        let (one, two) = people(&db).await;
        let posts = (0..10).map(|n| post(&db, one, Source::Manual, 10 + n, "same", NOW));
        let granted = join_all(posts).await;
        assert_eq!(granted.iter().filter(|g| **g > 0).count(), 1);
        assert_eq!(granted.iter().sum::<i64>(), all(&db, one, NOW).await);
        // Another day and another source do not make it another event.
        assert_eq!(
            post(&db, one, Source::Exam, 9, "same", NOW.plus(DAY)).await,
            0
        );
        assert_eq!(post(&db, two, Source::Manual, 3, "same", NOW).await, 3);
        assert_eq!(check(&db, NOW).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn entries_posted_at_once_never_exceed_a_cap() {
    world::each(async |db| {
        let (one, two) = people(&db).await;
        let names: Vec<String> = (0..20).map(|n| format!("e{n}")).collect();
        let posts = names.iter().flat_map(|name| {
            [
                post(&db, one, Source::Study, 4, name, NOW),
                post(&db, two, Source::Study, 4, name, NOW),
            ]
        });
        assert_eq!(join_all(posts).await.iter().sum::<i64>(), 60);
        assert_eq!(
            (all(&db, one, NOW).await, all(&db, two, NOW).await),
            (30, 30)
        );
        assert_eq!(check(&db, NOW).await.expect("findings"), []);
        // The next day has a cap of its own, practice one of its own as well.
        assert_eq!(
            post(&db, one, Source::Study, 40, "tomorrow", NOW.plus(DAY)).await,
            30
        );
        assert_eq!(
            post(&db, one, Source::Practice, 40, "practice", NOW).await,
            5
        );
    })
    .await;
}

#[tokio::test]
async fn a_year_of_study_earns_no_more_than_its_cap() {
    world::each(async |db| {
        let (one, _) = people(&db).await;
        let mut sum = 0;
        for n in 0..30 {
            let day = NOW.plus(-n * DAY);
            sum += post(&db, one, Source::Study, 100, &format!("e{n}"), day).await;
        }
        assert_eq!((sum, all(&db, one, NOW).await), (800, 800));
    })
    .await;
}

#[tokio::test]
async fn contest_exam_and_manual_entries_stand_outside_the_caps() {
    world::each(async |db| {
        let (one, _) = people(&db).await;
        post(&db, one, Source::Study, 30, "study", NOW).await;
        for (source, amount) in [
            (Source::Contest, 500),
            (Source::Exam, 300),
            (Source::Manual, 200),
        ] {
            assert_eq!(
                post(&db, one, source, amount, source.as_str(), NOW).await,
                amount
            );
        }
        assert_eq!(
            post(&db, one, Source::Manual, -20, "correction", NOW).await,
            -20
        );
        let total = total(&db, one, NOW).await.expect("a total");
        let wanted = [
            (Source::Study, 30),
            (Source::Contest, 500),
            (Source::Exam, 300),
            (Source::Manual, 180),
        ];
        assert_eq!((total.all, total.by_source), (1010, wanted.to_vec()));
        assert_eq!(
            (total.goal, check(&db, NOW).await.expect("findings")),
            (1000, vec![])
        );
    })
    .await;
}

#[tokio::test]
async fn a_year_ends_at_midnight_in_beijing() {
    world::each(async |db| {
        let (one, _) = people(&db).await;
        let midnight = Millis(1_798_732_800_000); // 2027-01-01 00:00 in Beijing
        assert_eq!((midnight.plus(-1).year(), midnight.year()), (2026, 2027));
        post(&db, one, Source::Manual, 1, "old", midnight.plus(-1)).await;
        post(&db, one, Source::Manual, 2, "new", midnight).await;
        assert_eq!(all(&db, one, midnight.plus(-1)).await, 1);
        assert_eq!(all(&db, one, midnight).await, 2);
        assert_eq!(
            total(&db, one, midnight).await.expect("a total").missing(),
            998
        );
        let entries = ledger(&db, one, 1, midnight).await.expect("entries");
        let days: Vec<&str> = entries.iter().map(|e| e.day.as_str()).collect();
        assert_eq!(days, ["2027-01-01"]);
        assert_eq!(
            ledger(&db, one, 1, NOW).await.expect("entries")[0].day,
            "2026-12-31"
        );
        assert_eq!(check(&db, NOW).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn a_long_ledger_has_pages_without_gaps() {
    world::each(async |db| {
        let (one, _) = people(&db).await;
        for n in 0..=PAGE_SIZE {
            post(&db, one, Source::Manual, 1, &format!("e{n}"), minute(n)).await;
        }
        let page = async |n| ledger(&db, one, n, NOW).await.expect("entries");
        assert_eq!(
            (
                page(1).await.len(),
                page(2).await.len(),
                page(3).await.len()
            ),
            (100, 1, 0)
        );
        assert_eq!(page(1).await[0].created_at, minute(PAGE_SIZE).0);
        assert_eq!(page(2).await[0].created_at, NOW.0);
        for odd in [0, -5, i64::MIN] {
            assert_eq!(page(odd).await.len(), 100);
        }
        assert!(page(i64::MAX).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_newest_policy_is_in_force() {
    world::each(async |db| {
        let (one, _) = people(&db).await;
        assert_eq!(
            credits::policy(&db).await.expect("a policy"),
            Policy::default()
        );
        for (version, daily) in [(1, 10), (2, 50), (3, 7)] {
            let study = Cap {
                daily: Some(daily),
                yearly: None,
            };
            let policy = Policy {
                study,
                goal: 100 * version,
                ..Policy::default()
            };
            let text = serde_json::to_string(&policy).expect("JSON");
            let put =
                format!("insert into credit_policy values ({version}, '{text}', null, 0, '事由')");
            by_hand(&db, &put).await;
        }
        assert_eq!(post(&db, one, Source::Study, 100, "e", NOW).await, 7);
        assert_eq!(total(&db, one, NOW).await.expect("a total").goal, 300);
    })
    .await;
}

#[tokio::test]
async fn who_has_earned_nothing_has_an_empty_year() {
    world::each(async |db| {
        let (one, _) = people(&db).await;
        let total = total(&db, one, NOW).await.expect("a total");
        assert_eq!(
            (total.all, total.missing(), total.by_source),
            (0, 1000, vec![])
        );
        assert!(ledger(&db, one, 1, NOW).await.expect("entries").is_empty());
        assert_eq!(number(&db, "select count(*) from credit_sum").await, 0);
    })
    .await;
}
