//! Which attempt stands: the one that the contest says, and never a practice round.

use super::*;
use domain::contest::counting::Counting;
use platform::check::check;
use platform::contest::practise;

/// The points that stand, if any do.
async fn stands(db: &Db, who: &Viewer, contest: ContestId) -> Option<i64> {
    let rank = my_rank(db, who, contest).await.expect("a rank");
    rank.map(|(_, score)| score.points)
}

#[tokio::test]
async fn a_practice_round_never_stands_however_much_better_it_was() {
    world::each(async |db| {
        small(&db, 24).await;
        let with_practice = Rules {
            practice: 1,
            ..rules()
        };
        let id = content::contest(&db, "51", with_practice).await;
        let who = learner(&db, "甲", "water").await;
        let practice = practise(&db, &who, event(), id, NOW).await;
        let practice = practice.expect("a practice attempt").attempt;
        play(&db, &who, practice, 4, 0, NOW).await;
        assert_eq!(stands(&db, &who, id).await, None);
        let counts = begin(&db, &who, id, NOW).await;
        play(&db, &who, counts, 1, 0, minute(1)).await;
        assert_eq!(stands(&db, &who, id).await, Some(10));
        assert_eq!(check(&db, NOW).await.expect("findings"), []);

        // A hand that puts the practice round there is found.
        let put = format!(
            "update contest_standing set attempt_id = '{practice}', answered = 4, points = 40, \
               time_ms = 0"
        );
        world::by_hand(&db, &put).await;
        let found = check(&db, NOW).await.expect("findings");
        let rules: Vec<_> = found.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["standing"]);
    })
    .await;
}

#[tokio::test]
async fn the_attempt_that_the_contest_says_stands() {
    world::each(async |db| {
        small(&db, 24).await;
        for (counting, points) in [
            (Counting::Best, 30),
            (Counting::Last, 10),
            (Counting::First, 20),
        ] {
            let three = Rules {
                attempts: 3,
                counting,
                ..rules()
            };
            let id = content::contest(&db, "51", three).await;
            let who = learner(&db, &format!("{counting:?}"), "water").await;
            for (n, rights) in (0..).zip([2, 3, 1]) {
                let mine = begin(&db, &who, id, minute(n)).await;
                play(&db, &who, mine, rights, 1, minute(n)).await;
                submit(&db, &who, mine, minute(n)).await.expect("handed in");
            }
            assert_eq!(stands(&db, &who, id).await, Some(points), "{counting:?}");
        }
        assert_eq!(check(&db, NOW).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn where_the_first_attempt_counts_an_empty_one_is_no_free_look() {
    world::each(async |db| {
        small(&db, 24).await;
        let first = Rules {
            attempts: 2,
            counting: Counting::First,
            ..rules()
        };
        let id = content::contest(&db, "51", first).await;
        let who = learner(&db, "甲", "water").await;
        let looked_at = begin(&db, &who, id, NOW).await;
        submit(&db, &who, looked_at, NOW).await.expect("handed in");
        let second = begin(&db, &who, id, minute(1)).await;
        play(&db, &who, second, 3, 0, minute(1)).await;
        assert_eq!(stands(&db, &who, id).await, None);
        assert_eq!(check(&db, NOW).await.expect("findings"), []);
    })
    .await;
}
