//! What administrators and liaisons see of the organisation.

use crate::world;

use domain::credits::Source;
use domain::id::{LearnerId, UnitId};
use domain::org::{Role, UnitKind};
use domain::time::{DAY, Millis};
use platform::credits::{Earned, post};
use platform::identity::Viewer;
use platform::org::{
    self, Branch, branch, import_divisions, learners, parse_divisions, path, put_unit, unit_of,
    visible,
};
use platform::{Db, Error};
use world::people::{account, join, learner, official, units};
use world::{NOW, code, minute, number};

async fn earn(db: &Db, learner: LearnerId, amount: i64) {
    let earned = Earned {
        learner,
        source: Source::Manual,
        amount,
        reason: "manual",
        detail: String::new(),
        event: "once".into(),
    };
    let done = db.write(move |tx| Box::pin(async move { post(tx, earned, NOW).await }));
    done.await.expect("posted");
}

/// 甲 and 乙 in 水务局, 丙 in 司法局, 丁 in 农业局; with 1, 2, 4 and 8 credits.
async fn province(db: &Db) -> Vec<LearnerId> {
    units(db).await;
    let mut all = Vec::new();
    let field = [
        ("甲", "water", 1),
        ("乙", "water", 2),
        ("丙", "justice", 4),
        ("丁", "farm", 8),
    ];
    for (name, unit, credits) in field {
        let (learner, _) = account(db, name, unit).await;
        earn(db, learner, credits).await;
        all.push(learner);
    }
    all
}

async fn see(db: &Db, who: &Viewer, unit: &str, at: Millis) -> Result<Branch, Error> {
    branch(db, who, &unit.into(), at).await
}

/// Name, learners and credits of each unit right below.
fn below(branch: &Branch) -> Vec<(&str, i64, i64)> {
    branch
        .units
        .iter()
        .map(|u| (u.name.as_str(), u.learners, u.credits))
        .collect()
}

async fn total(db: &Db, who: &Viewer, unit: &str, at: Millis) -> i64 {
    learners(db, who, &unit.into(), 1, at)
        .await
        .expect("a page")
        .total
}

#[tokio::test]
async fn an_administrator_sees_the_units_below_and_their_learners() {
    world::each(async |db| {
        province(&db).await;
        let admin = official(&db, "管", Role::Administrator, "51").await;
        let top = see(&db, &admin, "51", NOW).await.expect("a branch");
        assert_eq!(below(&top), [("东市", 3, 7), ("西市", 1, 8)]);
        assert_eq!(top.path.len(), 1);
        let county = see(&db, &admin, "510104", NOW).await.expect("a branch");
        assert_eq!(below(&county), [("司法局", 1, 4), ("水务局", 2, 3)]);
        let names: Vec<&str> = county
            .path
            .iter()
            .map(|(_, _, name)| name.as_str())
            .collect();
        assert_eq!(names, ["省", "东市", "东市一区"]);
        let page = learners(&db, &admin, &"5101".into(), 1, NOW)
            .await
            .expect("a page");
        let rows: Vec<_> = page
            .rows
            .iter()
            .map(|r| (r.name.as_str(), r.unit.as_str(), r.credits))
            .collect();
        assert_eq!(
            rows,
            [
                ("丙", "司法局", 4),
                ("乙", "水务局", 2),
                ("甲", "水务局", 1)
            ]
        );
        assert_eq!((page.total, page.page), (3, 1));
    })
    .await;
}

#[tokio::test]
async fn the_children_add_up_to_their_parent() {
    world::each(async |db| {
        province(&db).await;
        let admin = official(&db, "管", Role::Administrator, "51").await;
        // The administrator is a member of the province itself, not of a unit below.
        world::by_hand(&db, "delete from membership where unit_id = '51'").await;
        let mut rest = vec![("51".to_owned(), 4, 15)];
        let mut met = 0;
        while let Some((unit, people, credits)) = rest.pop() {
            met += 1;
            let page = learners(&db, &admin, &unit.as_str().into(), 1, NOW)
                .await
                .expect("a page");
            assert_eq!(page.total, people, "{unit}");
            assert_eq!(
                page.rows.iter().map(|r| r.credits).sum::<i64>(),
                credits,
                "{unit}"
            );
            let units = see(&db, &admin, &unit, NOW).await.expect("a branch").units;
            if !units.is_empty() {
                assert_eq!(
                    units.iter().map(|u| u.learners).sum::<i64>(),
                    people,
                    "{unit}"
                );
                assert_eq!(
                    units.iter().map(|u| u.credits).sum::<i64>(),
                    credits,
                    "{unit}"
                );
            }
            rest.extend(units.into_iter().map(|u| (u.id, u.learners, u.credits)));
        }
        assert_eq!(met, 8);
    })
    .await;
}

#[tokio::test]
async fn a_liaison_sees_the_own_unit_and_no_neighbour() {
    world::each(async |db| {
        province(&db).await;
        let liaison = official(&db, "联", Role::Liaison, "water").await;
        assert_eq!(liaison.home_unit(), Some(&UnitId::from("water")));
        let own = see(&db, &liaison, "water", NOW).await.expect("a branch");
        assert_eq!(
            (own.path.len(), own.path[0].2.as_str()),
            (1, "水务局"),
            "the way begins there"
        );
        assert_eq!(total(&db, &liaison, "water", NOW).await, 3);
        for unit in ["justice", "farm", "510104", "51", "none", ""] {
            assert!(
                !visible(&db, &liaison, &unit.into())
                    .await
                    .expect("an answer")
            );
            assert_eq!(
                code(see(&db, &liaison, unit, NOW).await),
                "forbidden",
                "{unit}"
            );
            let page = learners(&db, &liaison, &unit.into(), 1, NOW).await;
            assert_eq!(code(page), "forbidden", "{unit}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stranger_sees_nobody_and_learns_of_no_unit() {
    world::each(async |db| {
        province(&db).await;
        let plain = learner(&db, "学", "water").await;
        let editor = official(&db, "编", Role::Editor, "51").await;
        let west = official(&db, "西", Role::Administrator, "5107").await;
        for who in [&plain, &editor, &west] {
            // A unit that exists, the own one, and one that there is not: one answer.
            for unit in ["water", "510104", "none", "' or 1=1"] {
                let refused = see(&db, who, unit, NOW).await.expect_err("a refusal");
                assert!(matches!(refused, Error::Forbidden), "{unit} {refused}");
                assert_eq!(
                    code(learners(&db, who, &unit.into(), 1, NOW).await),
                    "forbidden"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_moved_is_counted_in_the_new_unit_alone() {
    world::each(async |db| {
        let people = province(&db).await;
        let admin = official(&db, "管", Role::Administrator, "51").await;
        world::by_hand(&db, "delete from membership where unit_id = '51'").await;
        join(&db, people[0], "farm", minute(10)).await;
        let at = async |unit: &str, minutes| total(&db, &admin, unit, minute(minutes)).await;
        assert_eq!((at("water", 9).await, at("farm", 9).await), (2, 1));
        assert_eq!((at("water", 10).await, at("farm", 10).await), (1, 2));
        assert_eq!((at("51", 9).await, at("51", 10).await), (4, 4));
        let top = see(&db, &admin, "51", minute(10)).await.expect("a branch");
        assert_eq!(
            below(&top),
            [("东市", 2, 6), ("西市", 2, 9)],
            "with all credits of the year"
        );
        for (minutes, unit) in [(9, "water"), (10, "farm")] {
            let found = unit_of(&db, people[0], minute(minutes))
                .await
                .expect("an answer");
            assert_eq!(found, Some(unit.into()));
        }
        assert_eq!(
            unit_of(&db, people[0], NOW.plus(-500 * DAY))
                .await
                .expect("an answer"),
            None
        );
        assert_eq!(
            platform::check::check(&db, NOW).await.expect("findings"),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn who_is_moved_twice_from_the_same_instant_is_where_the_last_word_says() {
    world::each(async |db| {
        let people = province(&db).await;
        join(&db, people[0], "farm", minute(10)).await;
        join(&db, people[0], "justice", minute(10)).await;
        assert_eq!(
            unit_of(&db, people[0], minute(10))
                .await
                .expect("an answer"),
            Some("justice".into())
        );
        assert_eq!(
            platform::check::check(&db, NOW).await.expect("findings"),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn a_unit_has_one_way_up_and_may_get_another_name() {
    world::each(async |db| {
        units(&db).await;
        let way = path(&db, &"water".into()).await.expect("a way");
        let kinds: Vec<UnitKind> = way.iter().map(|(_, kind, _)| *kind).collect();
        use UnitKind::{County, Prefecture, Province, Unit};
        assert_eq!(kinds, [Province, Prefecture, County, Unit]);
        let ways = number(&db, "select count(*) from unit_ancestor").await;
        let renamed = db.write(|tx| {
            Box::pin(async move {
                put_unit(
                    tx,
                    &"water".into(),
                    Some(&"510104".into()),
                    None,
                    Unit,
                    "水利局",
                    9,
                )
                .await
            })
        });
        renamed.await.expect("renamed");
        assert_eq!(
            path(&db, &"water".into()).await.expect("a way")[3].2,
            "水利局"
        );
        assert_eq!(
            number(&db, "select count(*) from unit_ancestor").await,
            ways
        );
        let orphan = db.write(|tx| {
            Box::pin(async move {
                put_unit(tx, &"x".into(), Some(&"none".into()), None, Unit, "孤", 1).await
            })
        });
        assert!(matches!(orphan.await, Err(Error::Fault(_))));
        assert!(path(&db, &"x".into()).await.expect("no way").is_empty());
    })
    .await;
}

#[tokio::test]
async fn divisions_come_from_a_file_that_may_come_again() {
    world::each(async |db| {
        let text = "code,name,level,parent\n51,省,province,\n5101,市,prefecture,51\n\
                    510104,区,county,5101\n510104001,街道,township,510104\n";
        let rows = parse_divisions(text).expect("rows");
        for _ in 0..2 {
            import_divisions(&db, rows.clone())
                .await
                .expect("divisions");
            assert_eq!(number(&db, "select count(*) from division").await, 4);
            assert_eq!(number(&db, "select count(*) from unit").await, 3);
            assert_eq!(number(&db, "select count(*) from unit_ancestor").await, 6);
        }
        let torn =
            parse_divisions("code,name,level,parent\n52,省,province,\n5201,市,prefecture,53\n");
        let outcome = import_divisions(&db, torn.expect("rows")).await;
        assert!(matches!(outcome, Err(Error::Fault(_))), "no parent");
        assert_eq!(
            number(&db, "select count(*) from division where code like '52%'").await,
            0
        );
        assert!(parse_divisions("code,name,level,parent\n51,省\n").is_err());
        assert_eq!(
            org::path(&db, &"510104".into()).await.expect("a way").len(),
            3
        );
    })
    .await;
}
