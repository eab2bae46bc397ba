//! Bonus credits at the end of a contest.

use super::entry::busy;
use super::*;
use platform::check::check;
use platform::contest::{post_due, unposted};
use platform::credits;
use std::time::Duration;

/// So long after the end that everything is settled.
const AFTER: Millis = Millis(CLOSES.0 + MINUTE);

async fn credits_of(db: &Db, who: &Viewer) -> i64 {
    credits::total(db, who.learner, AFTER)
        .await
        .expect("a total")
        .all
}

#[tokio::test]
async fn ranks_and_taking_part_earn_once_however_often_they_are_posted() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let mut people = Vec::new();
        for (n, rights) in [3, 2, 2, 1, 0].into_iter().enumerate() {
            let who = learner(&db, &format!("{n}"), "water").await;
            took_part(&db, &who, id, rights).await;
            people.push(who);
        }
        // Before the end, and in the seconds in which the last answers settle, nothing is posted.
        for early in [NOW, CLOSES, CLOSES.plus(14 * SECOND)] {
            assert_eq!(post_due(&db, early).await.expect("nothing"), 0);
        }
        assert_eq!(unposted(&db, AFTER).await.expect("one"), [id.to_string()]);
        // Several machines at once, and one that was late.
        let posts = join_all((0..4).map(|_| post_due(&db, AFTER))).await;
        let granted: i64 = posts.into_iter().map(|p| p.expect("posted")).sum();
        assert_eq!(granted, 55 + 35 + 35 + 5 + 5);
        world::by_hand(&db, "update contest set posted_at = null").await;
        assert_eq!(post_due(&db, AFTER).await.expect("nothing"), 0);
        assert_eq!(post_due(&db, AFTER).await.expect("nothing"), 0);
        let mut earned = Vec::new();
        for who in &people {
            earned.push(credits_of(&db, who).await);
        }
        assert_eq!(earned, [55, 35, 35, 5, 5]);
        let entries = credits::ledger(&db, people[0].learner, 1, AFTER)
            .await
            .expect("entries");
        let mut words: Vec<_> = entries
            .iter()
            .map(|e| (e.reason.as_str(), e.detail.as_str(), e.amount))
            .collect();
        words.sort_unstable();
        assert_eq!(
            words,
            [("contest-part", "竞赛", 5), ("contest-rank", "1#竞赛", 50)]
        );
        assert_eq!(check(&db, AFTER).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn who_saved_nothing_earns_nothing() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        submit(&db, &who, mine, minute(1)).await.expect("handed in");
        let _absent = learner(&db, "乙", "water").await;
        assert_eq!(post_due(&db, AFTER).await.expect("posted"), 0);
        assert_eq!(credits_of(&db, &who).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_saved_counts_without_handing_in() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let (gone, neat) = (
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "water").await,
        );
        took_part(&db, &gone, id, 3).await;
        let handed = took_part(&db, &neat, id, 3).await;
        submit(&db, &neat, handed, minute(4))
            .await
            .expect("handed in");
        post_due(&db, AFTER).await.expect("posted");
        assert_eq!(
            (credits_of(&db, &gone).await, credits_of(&db, &neat).await),
            (55, 55)
        );
    })
    .await;
}

#[tokio::test]
async fn bonus_credits_stand_outside_the_daily_cap() {
    world::each(async |db| {
        small(&db, 12).await;
        let generous = Rules {
            taking_part: 500,
            ..rules()
        };
        let first = content::contest(&db, "51", generous.clone()).await;
        let second = content::contest(&db, "5101", generous).await;
        let who = learner(&db, "甲", "water").await;
        took_part(&db, &who, first, 1).await;
        took_part(&db, &who, second, 1).await;
        assert_eq!(post_due(&db, AFTER).await.expect("posted"), 1100);
        assert_eq!(credits_of(&db, &who).await, 1100);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_waits_for_the_writer_is_written_before_credits_are_posted() {
    world::each(async |db| {
        if db.is_postgres() {
            return; // there it waits for a connection, and not for longer than is waited anyway
        }
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let asked = paper(&db, &who, mine).await;
        busy(&db, Duration::from_millis(500)).await;
        let sent = given(mine, &asked[0], 1, true);
        let (saved, posted) = tokio::join!(save(&db, &who, sent, NOW), post_due(&db, AFTER));
        assert!(saved.is_ok());
        assert_eq!(posted.expect("posted"), 55);
    })
    .await;
}
