//! What a correction writes, and what it never touches.

use super::*;
use domain::contest::counting::Counting;
use domain::contest::rescore::Change;
use domain::id::LearnerId;

#[tokio::test]
async fn where_the_first_attempt_counts_who_saved_nothing_in_it_takes_nobodys_rank() {
    world::each(async |db| {
        let first = Rules {
            counting: Counting::First,
            ..rules()
        };
        let world = played(&db, first).await;
        let who = learner(&db, "己", "water").await;
        let empty = start(&db, &who, event(), world.id, NOW).await;
        let empty = empty.expect("a first attempt").attempt;
        submit(&db, &who, empty, minute(1)).await.expect("left");
        let second = start(&db, &who, event(), world.id, minute(1)).await;
        let second = second.expect("a second attempt").attempt;
        let paper = attempt(&db, &who, second).await.expect("a paper");
        for asked in &paper.questions {
            let given = Given {
                event: event(),
                attempt: second,
                question: asked.question.id.clone(),
                revision: 1,
                answer: as_shown(asked, right(&asked.question)),
            };
            save(&db, &who, given, minute(1)).await.expect("saved");
        }
        post_due(&db, AFTER).await.expect("posted");
        let run = decide(&db, &world, rule("q002", Ruling::Void)).await;
        assert_eq!(run.learners, PEOPLE.len());
        assert!(run.changes.iter().all(|change| change.who != who.learner));
        carry_on(&db, AFTER).await.expect("done");
        let done = books(&db, &world).await;
        assert_eq!(done, [(35, 26), (55, 40), (5, 13), (35, 26), (5, 0)]);
        assert_eq!(check(&db, AFTER).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn the_rows_of_a_long_correction_say_when_they_were_written() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        decide(&db, &world, rule("q002", Ruling::Void)).await;
        carry_on_in(&db, AFTER, 1, usize::MAX).await.expect("done");
        let written = "select count(distinct changed_at) from contest_standing";
        assert!(number(&db, written).await > 1, "all of one instant");
        let early = format!(
            "select count(*) from contest_standing where changed_at < {}",
            AFTER.0
        );
        assert_eq!(number(&db, &early).await, 0);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_posted_by_a_decision_that_is_refused() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        let void = rule("q002", Ruling::Void);
        let by = &world.editor;
        let stale = confirm(&db, by, world.id, decision(&void, "seen", "因"), AFTER).await;
        assert_eq!(code(stale), "review-changed");
        let posted = "select count(*) from contest where posted_at is not null";
        assert_eq!(number(&db, posted).await, 0);
        let seen = tried(&db, &world, &void).await.fingerprint;
        // What is judged in matches has no answers to be judged anew, nor credits by them.
        by_hand(&db, "update contest set kind = 'team'").await;
        assert_eq!(
            code(dry_run(&db, by, world.id, &void, AFTER).await),
            "not-found"
        );
        let crafted = confirm(&db, by, world.id, decision(&void, &seen, "因"), AFTER).await;
        assert_eq!(code(crafted), "not-found");
        assert_eq!(number(&db, posted).await, 0);
    })
    .await;
}

#[tokio::test]
async fn whose_credits_move_is_listed_first_and_whose_rank_does_next() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        let run = tried(&db, &world, &rule("q002", Ruling::Void)).await;
        let moves = |change: &&Change<LearnerId>| {
            let credits: i64 = change.corrections.iter().map(|c| c.amount()).sum();
            (credits == 0, change.before.rank == change.after.rank)
        };
        let listed: Vec<_> = run.listed().iter().map(moves).collect();
        assert_eq!(listed.len(), run.changes.len());
        assert!(listed.is_sorted(), "{listed:?}");
        assert_eq!(listed[0], (false, false));
        let by_rank: Vec<_> = run.changes.iter().collect();
        assert_eq!(by_rank[0].after.rank, 1);
    })
    .await;
}
