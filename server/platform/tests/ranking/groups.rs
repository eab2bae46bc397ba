//! More groups than a picture shows.

use super::*;
use domain::org::UnitKind;

/// A county with a unit of one learner who reached `points`: that learner.
async fn county(db: &Db, contest: ContestId, n: i64, points: i64) -> Viewer {
    let done = db.write(move |tx| {
        Box::pin(async move {
            let (county, unit) = (format!("c{n}"), format!("u{n}"));
            let (county, unit) = (county.as_str().into(), unit.as_str().into());
            let above = "5101".into();
            let (c, u) = (format!("区{n}"), format!("局{n}"));
            platform::org::put_unit(tx, &county, Some(&above), None, UnitKind::County, &c, n)
                .await?;
            platform::org::put_unit(tx, &unit, Some(&county), None, UnitKind::Unit, &u, n).await
        })
    });
    done.await.expect("units");
    let who = learner(db, "甲", &format!("u{n}")).await;
    let (learner, attempt) = (who.learner, event());
    let made = format!(
        "insert into contest_attempt (id, contest_id, learner_id, unit_id, number, seed, paper, \
           started_at, deadline_at, answered, points, time_ms) \
         values ('{attempt}', '{contest}', '{learner}', 'u{n}', 1, 1, '[]', 1, 2, 4, {points}, 5)"
    );
    by_hand(db, &made).await;
    let stands = format!(
        "insert into contest_standing (contest_id, learner_id, unit_id, county_id, prefecture_id, \
           attempt_id, answered, points, time_ms, changed_at) values ('{contest}', '{learner}', \
           'u{n}', 'c{n}', '5101', '{attempt}', 4, {points}, 5, {})",
        NOW.0
    );
    by_hand(db, &stands).await;
    who
}

#[tokio::test]
async fn every_county_is_shown_and_a_unit_below_the_first_hundred_finds_its_row() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let mut people = Vec::new();
        for n in 1..=103 {
            people.push(county(&db, id, n, 1_000 - n).await);
        }
        let boards = Boards::new(db.clone());
        let counties = picture(&boards, id, Of::Counties, minute(5)).await;
        assert_eq!((counties.rows.len(), counties.total), (103, 103));
        let units = boards.snapshot(id, Of::Units, Audience::Public, minute(5));
        let units = units.await.expect("a picture");
        assert_eq!((units.picture.rows.len(), units.picture.total), (100, 103));
        let below = async |unit: &str| {
            let row = boards.below(id, &units, &unit.into(), minute(5)).await;
            row.expect("an answer")
                .map(|row| (row.rank, row.name.to_string()))
        };
        assert_eq!(below("u102").await, Some((102, "局102".to_owned())));
        assert_eq!(below("u100").await, None);
        assert_eq!(below("water").await, None);
    })
    .await;
}
