//! Who may enter.

use super::*;
use domain::contest::entry::{Barred, Entry, PostLevel};
use domain::org::UnitKind;
use platform::contest::practise;
use std::time::Duration;

fn only(entry: Entry) -> Rules {
    Rules {
        entry,
        practice: 1,
        ..rules()
    }
}

/// Why not, in the list and on the page alike, and that neither door opens.
async fn barred(db: &Db, who: &Viewer, id: ContestId, at: Millis) -> Option<Barred> {
    let found = contest(db, who, id, at).await.expect("a contest").barred;
    let list = contests(db, who, at).await.expect("contests");
    let listed = list.iter().find(|c| c.id == id).expect("in the list");
    assert_eq!(listed.barred, found);
    if let Some(condition) = found {
        for refused in [
            start(db, who, event(), id, at).await,
            practise(db, who, event(), id, at).await,
        ] {
            assert_eq!(code(refused), condition.as_str());
        }
        let mine = format!(
            "select count(*) from contest_attempt where learner_id = '{}' and contest_id = '{id}'",
            who.learner
        );
        assert_eq!(number(db, &mine).await, 0);
    }
    found
}

#[tokio::test]
async fn a_contest_for_some_subtrees_is_seen_by_all_below_its_unit_and_entered_by_those() {
    world::each(async |db| {
        small(&db, 12).await;
        let entry = Entry {
            within: vec!["510104".into()],
            ..Entry::default()
        };
        let id = content::contest(&db, "51", only(entry)).await;
        let inside = learner(&db, "甲", "water").await;
        let outside = learner(&db, "乙", "farm").await;
        assert_eq!(barred(&db, &inside, id, NOW).await, None);
        begin(&db, &inside, id, NOW).await;
        assert_eq!(barred(&db, &outside, id, NOW).await, Some(Barred::Within));
        // Who moves in may enter from then on.
        join(&db, outside.learner, "justice", minute(1)).await;
        assert_eq!(barred(&db, &outside, id, NOW).await, Some(Barred::Within));
        assert_eq!(barred(&db, &outside, id, minute(1)).await, None);
        begin(&db, &outside, id, minute(1)).await;
    })
    .await;
}

#[tokio::test]
async fn a_contest_for_a_kind_of_unit_looks_at_the_learners_own_unit() {
    world::each(async |db| {
        small(&db, 12).await;
        let entry = Entry {
            kinds: vec![UnitKind::Prefecture, UnitKind::County],
            ..Entry::default()
        };
        let id = content::contest(&db, "51", only(entry)).await;
        let (city, county) = (
            learner(&db, "甲", "5101").await,
            learner(&db, "乙", "510703").await,
        );
        let unit = learner(&db, "丙", "water").await;
        assert_eq!(barred(&db, &city, id, NOW).await, None);
        assert_eq!(barred(&db, &county, id, NOW).await, None);
        assert_eq!(barred(&db, &unit, id, NOW).await, Some(Barred::Kind));
    })
    .await;
}

#[tokio::test]
async fn a_contest_for_a_level_of_post_goes_by_the_register() {
    world::each(async |db| {
        small(&db, 12).await;
        let entry = Entry {
            posts: vec![PostLevel::Division, PostLevel::Bureau],
            ..Entry::default()
        };
        let id = content::contest(&db, "51", only(entry)).await;
        let who = learner(&db, "甲", "water").await;
        assert_eq!(barred(&db, &who, id, NOW).await, Some(Barred::Post));
        for (word, is_in) in [
            ("section", false),
            ("nonsense", false),
            ("division", true),
            ("bureau", true),
        ] {
            let post = format!(
                "update learner set post = '{word}' where id = '{}'",
                who.learner
            );
            world::by_hand(&db, &post).await;
            let found = barred(&db, &who, id, NOW).await;
            assert_eq!(found, (!is_in).then_some(Barred::Post), "{word}");
        }
        // What was begun can be gone on with, whatever the register says since.
        let mine = begin(&db, &who, id, NOW).await;
        world::by_hand(&db, "update learner set post = null").await;
        assert_eq!(begin(&db, &who, id, minute(1)).await, mine);
        play(&db, &who, mine, 1, 0, minute(1)).await;
    })
    .await;
}

#[tokio::test]
async fn a_contest_by_invitation_has_a_list_of_its_own() {
    world::each(async |db| {
        small(&db, 12).await;
        let entry = Entry {
            listed: true,
            ..Entry::default()
        };
        let id = content::contest(&db, "51", only(entry.clone())).await;
        let other = content::contest(&db, "51", only(entry)).await;
        let who = learner(&db, "甲", "water").await;
        assert_eq!(barred(&db, &who, id, NOW).await, Some(Barred::List));
        let put = format!(
            "insert into contest_listed (contest_id, learner_id) values ('{id}', '{}')",
            who.learner
        );
        world::by_hand(&db, &put).await;
        assert_eq!(barred(&db, &who, id, NOW).await, None);
        begin(&db, &who, id, NOW).await;
        // An invitation opens no other contest, and to nobody else.
        assert_eq!(barred(&db, &who, other, NOW).await, Some(Barred::List));
        let uninvited = learner(&db, "乙", "water").await;
        assert_eq!(barred(&db, &uninvited, id, NOW).await, Some(Barred::List));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_does_not_reach_beyond_the_contests_unit() {
    world::each(async |db| {
        small(&db, 12).await;
        let entry = Entry {
            listed: true,
            ..Entry::default()
        };
        let id = content::contest(&db, "5101", only(entry)).await;
        let who = learner(&db, "甲", "farm").await;
        let put = format!(
            "insert into contest_listed (contest_id, learner_id) values ('{id}', '{}')",
            who.learner
        );
        world::by_hand(&db, &put).await;
        assert_eq!(code(contest(&db, &who, id, NOW).await), "not-found");
        assert_eq!(code(start(&db, &who, event(), id, NOW).await), "not-found");
        let practice = practise(&db, &who, event(), id, NOW).await;
        assert_eq!(code(practice), "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_seen_by_no_learner() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        world::by_hand(&db, "update contest set is_draft = true").await;
        let who = learner(&db, "甲", "water").await;
        assert!(contests(&db, &who, NOW).await.expect("contests").is_empty());
        assert_eq!(code(contest(&db, &who, id, NOW).await), "not-found");
        assert_eq!(code(start(&db, &who, event(), id, NOW).await), "not-found");
    })
    .await;
}

#[tokio::test]
async fn home_offers_no_contest_that_the_learner_may_not_enter() {
    world::each(async |db| {
        small(&db, 12).await;
        let entry = Entry {
            within: vec!["5107".into()],
            ..Entry::default()
        };
        content::contest(&db, "51", only(entry)).await;
        let who = learner(&db, "甲", "water").await;
        let home = platform::home::home(&db, &who, NOW).await.expect("home");
        assert!(home.contest.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_team_challenge_has_no_attempts() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        world::by_hand(&db, "update contest set kind = 'team'").await;
        let who = learner(&db, "甲", "water").await;
        assert_eq!(code(start(&db, &who, event(), id, NOW).await), "not-open");
    })
    .await;
}

/// Keeps every connection that writes busy for so long.
pub(crate) async fn busy(db: &Db, time: Duration) {
    let many = if db.is_postgres() { 16 } else { 1 };
    let hold = |db: Db, on_postgres: bool| async move {
        let held = db.write(move |_| {
            Box::pin(async move {
                if on_postgres {
                    tokio::time::sleep(time).await;
                } else {
                    std::thread::sleep(time); // the writer's own thread, which has no clock
                }
                Ok(())
            })
        });
        held.await.expect("held");
    };
    for _ in 0..many {
        tokio::spawn(hold(db.clone(), db.is_postgres()));
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn what_a_start_waits_in_a_queue_is_not_taken_from_the_learners_time() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let (who, late) = (
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "water").await,
        );
        start(&db, &who, event(), id, NOW.plus(-10 * MINUTE))
            .await
            .expect("the bank is frozen");
        busy(&db, Duration::from_millis(1_500)).await;
        let begun = start(&db, &who, event(), id, NOW).await.expect("begun");
        let view = attempt(&db, &who, begun.attempt).await.expect("a paper");
        assert!(view.started_at >= NOW.plus(1_000), "{:?}", view.started_at);
        assert_eq!(view.deadline, view.started_at.plus(5 * MINUTE));
        assert_eq!(begun.deadline, view.deadline);
        // Nobody begins after the end, however soon they came.
        busy(&db, Duration::from_millis(1_500)).await;
        let closed = start(&db, &late, event(), id, CLOSES.plus(-1_000)).await;
        assert_eq!(code(closed), "not-open");
        busy(&db, Duration::from_millis(1_500)).await;
        let last = start(&db, &late, event(), id, CLOSES.plus(-MINUTE)).await;
        assert_eq!(last.expect("begun").deadline, CLOSES);
    })
    .await;
}
