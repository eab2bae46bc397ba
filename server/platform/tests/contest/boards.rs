//! Standings and ranks.

use super::*;
use platform::contest::{Scope, board};

/// Enters and answers so many right, so many minutes later.
async fn reach(db: &Db, who: &Viewer, contest: ContestId, at: Millis, rights: usize, after: i64) {
    let id = begin(db, who, contest, at).await;
    play(db, who, id, rights, 0, at.plus(after * MINUTE)).await;
    submit(db, who, id, at.plus(after * MINUTE))
        .await
        .expect("handed in");
}

async fn mine(db: &Db, who: &Viewer, contest: ContestId) -> (i64, i64, i64) {
    let (rank, score) = my_rank(&Boards::new(db.clone()), who, contest, minute(30))
        .await
        .expect("a rank")
        .expect("mine");
    (rank.expect("a place"), score.points, score.time / MINUTE)
}

#[tokio::test]
async fn the_best_attempt_stands() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(
            &db,
            "51",
            Rules {
                attempts: 4,
                ..rules()
            },
        )
        .await;
        let who = learner(&db, "甲", "water").await;
        assert_eq!(
            my_rank(&Boards::new(db.clone()), &who, id, minute(30))
                .await
                .expect("an answer"),
            None
        );
        begin(&db, &who, id, NOW).await;
        assert_eq!(
            my_rank(&Boards::new(db.clone()), &who, id, minute(30))
                .await
                .expect("an answer"),
            None,
            "nothing is saved yet"
        );
        reach(&db, &who, id, minute(5), 3, 2).await;
        assert_eq!(mine(&db, &who, id).await, (1, 30, 2));
        reach(&db, &who, id, minute(10), 2, 1).await;
        assert_eq!(mine(&db, &who, id).await, (1, 30, 2), "fewer points");
        reach(&db, &who, id, minute(20), 3, 1).await;
        assert_eq!(
            mine(&db, &who, id).await,
            (1, 30, 1),
            "the same points sooner"
        );
    })
    .await;
}

#[tokio::test]
async fn equal_scores_share_a_rank_and_the_next_is_left_out() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        // Name, unit, right answers, minutes.
        let field = [
            ("甲", "water", 3, 2),
            ("乙", "farm", 3, 2),
            ("丙", "justice", 3, 3),
            ("丁", "water", 4, 4),
            ("戊", "water", 1, 1),
        ];
        let mut people = Vec::new();
        for (name, unit, rights, minutes) in field {
            let who = learner(&db, name, unit).await;
            reach(&db, &who, id, NOW, rights, minutes).await;
            people.push(who);
        }
        let ranks = async |who: &Viewer, scope| {
            let board = board(&Boards::new(db.clone()), who, id, scope, minute(10))
                .await
                .expect("a board");
            let mut rows: Vec<(i64, String)> = board
                .rows
                .iter()
                .map(|(rank, row)| (*rank, row.who.name.clone()))
                .collect();
            rows.sort();
            let marked: Vec<i64> = board
                .rows
                .iter()
                .filter(|(_, r)| r.who.mine)
                .map(|(rank, _)| *rank)
                .collect();
            let rank = board.mine.map(|(rank, _)| rank);
            assert_eq!(marked, rank.into_iter().collect::<Vec<_>>());
            assert_eq!(usize::try_from(board.total).expect("few"), rows.len());
            (
                board.place,
                rank,
                rows.iter()
                    .map(|(r, n)| format!("{r}{n}"))
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        let all = "1丁 2乙 2甲 4丙 5戊".to_owned();
        assert_eq!(
            ranks(&people[0], Scope::Contest).await,
            (None, Some(2), all.clone())
        );
        assert_eq!(
            ranks(&people[2], Scope::Contest).await,
            (None, Some(4), all.clone())
        );
        let water = (Some("水务局".to_owned()), Some(2), "1丁 2甲 3戊".to_owned());
        assert_eq!(ranks(&people[0], Scope::Unit).await, water);
        let east = (
            Some("东市".to_owned()),
            Some(3),
            "1丁 2甲 3丙 4戊".to_owned(),
        );
        assert_eq!(ranks(&people[2], Scope::Prefecture).await, east);
        let west = (Some("西市".to_owned()), Some(1), "1乙".to_owned());
        assert_eq!(ranks(&people[1], Scope::Prefecture).await, west);
        // Who looks on stands nowhere.
        let looker = learner(&db, "己", "farm").await;
        assert_eq!(ranks(&looker, Scope::Contest).await, (None, None, all));
        let farm = (Some("农业局".to_owned()), None, "1乙".to_owned());
        assert_eq!(ranks(&looker, Scope::Unit).await, farm);
    })
    .await;
}

#[tokio::test]
async fn first_ones_who_are_equal_are_all_first() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let mut last = None;
        for (name, rights) in [("甲", 2), ("乙", 2), ("丙", 1)] {
            let who = learner(&db, name, "water").await;
            reach(&db, &who, id, NOW, rights, 1).await;
            last = Some(who);
        }
        let who = last.expect("丙");
        let board = board(&Boards::new(db.clone()), &who, id, Scope::Contest, NOW)
            .await
            .expect("a board");
        let ranks: Vec<i64> = board.rows.iter().map(|(rank, _)| *rank).collect();
        assert_eq!(ranks, [1, 1, 3]);
        assert_eq!(mine(&db, &who, id).await.0, 3);
    })
    .await;
}

#[tokio::test]
async fn an_attempt_stands_in_the_unit_where_it_was_begun() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        reach(&db, &who, id, NOW, 3, 1).await;
        join(&db, who.learner, "farm", minute(10)).await;
        // A worse attempt from the new unit does not move the better one there.
        reach(&db, &who, id, minute(10), 1, 1).await;
        let standing = |unit: &str, prefecture: &str| {
            format!(
                "select count(*) from contest_standing where unit_id = '{unit}' \
                 and prefecture_id = '{prefecture}' and points = 30"
            )
        };
        assert_eq!(number(&db, &standing("water", "5101")).await, 1);
        assert_eq!(number(&db, &standing("farm", "5107")).await, 0);
    })
    .await;
}
