//! Who changes a team, when, and in the same instant as others.

use super::world::people::join;
use super::world::{self, code, minute, number};
use super::*;
use domain::contest::team::{Seat, State};
use futures_util::future::join_all;
use platform::contest::team::{approved, change, register, renew_invitation, teams};

#[tokio::test]
async fn a_team_is_registered_filled_handed_in_and_approved() {
    world::each(async |db| {
        let scene = scene(&db).await;
        let at = async |by: &Viewer, change: Change, n: i64| {
            let done = scene.change_at(&db, by, change, minute(n)).await;
            done.expect("done");
        };
        at(&scene.people[1], Change::Join, 1).await;
        let third = scene.people[2].learner;
        at(&scene.people[0], Change::Add(third), 2).await;
        let seats = [("甲", "member"), ("乙", "member"), ("丙", "substitute")];
        assert_eq!(
            scene.seats(&db).await,
            seats.map(|(name, seat)| (name.to_owned(), seat))
        );
        assert_eq!(approved(&db, scene.contest).await.expect("teams"), []);
        at(&scene.people[0], Change::HandIn, 3).await;
        at(&scene.boss, Change::Approve, 4).await;
        let plays = approved(&db, scene.contest).await.expect("teams");
        assert_eq!(
            (plays[0].name.as_str(), plays[0].unit.0.as_str()),
            ("锦绣队", "justice")
        );
        assert_eq!(
            plays[0].members,
            [scene.people[0].learner, scene.people[1].learner]
        );
        assert_eq!(plays[0].substitutes, [third]);
        let page = scene.page(&db, &scene.boss).await.expect("a team");
        let record: Vec<&str> = page.record.iter().map(|r| r.what.as_str()).collect();
        assert_eq!(record, ["approve", "hand-in", "add", "join", "register"]);
        assert_eq!(page.record[2].whom.as_deref(), Some("丙"));
    })
    .await;
}

#[tokio::test]
async fn the_same_event_again_changes_nothing_more() {
    world::each(async |db| {
        let scene = scene(&db).await;
        let (twice, captain) = (event(), &scene.people[0]);
        let add = || Change::Add(scene.people[1].learner);
        for _ in 0..2 {
            change(&db, captain, twice, scene.contest, scene.team, add(), NOW)
                .await
                .expect("done, or done before");
        }
        assert_eq!(
            number(&db, "select count(*) from contest_team_change").await,
            2
        );
        let other = learner(&db, "丁", "water").await;
        let (again, name) = (event(), "水滴队");
        let first = register(&db, &other, again, scene.contest, name, NOW).await;
        let second = register(&db, &other, again, scene.contest, name, NOW).await;
        assert_eq!(first.expect("a team"), second.expect("the same"));
        let stolen = register(&db, &scene.people[2], again, scene.contest, name, NOW).await;
        assert_eq!(code(stolen), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn of_three_who_take_the_last_two_seats_at_once_two_get_one() {
    world::each(async |db| {
        let scene = scene(&db).await;
        let fourth = learner(&db, "丁", "justice").await;
        let all = [&scene.people[1], &scene.people[2], &fourth];
        let joins = all.map(|who| scene.change(&db, who, Change::Join));
        let done = join_all(joins).await;
        let mut codes: Vec<&str> = done.into_iter().map(said).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["", "", "team-full"]);
        assert_eq!(scene.seats(&db).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_person_is_in_one_team_even_when_two_take_them_at_once() {
    world::each(async |db| {
        let scene = scene(&db).await;
    world::by_hand(
        &db,
        &format!(
            "update contest set rules = replace(rules, '\"teams\":1', '\"teams\":2') where id = '{}'",
            scene.contest
        ),
    )
    .await;
    let (second, fourth) = (&scene.people[2], learner(&db, "丁", "justice").await);
    let other = register(&db, second, event(), scene.contest, "二队", NOW).await;
    let other = other.expect("a second team");
    let add = || Change::Add(fourth.learner);
    let one = change(&db, &scene.people[0], event(), scene.contest, scene.team, add(), NOW);
    let two = change(&db, second, event(), scene.contest, other, add(), NOW);
    let (one, two) = futures_util::future::join(one, two).await;
    let mut codes = [said(one), said(two)];
    codes.sort_unstable();
    assert_eq!(codes, ["", "team-already"]);
    let own = register(&db, &fourth, event(), scene.contest, "三队", NOW).await;
    assert!(["team-exists", "team-already"].contains(&said(own)));
    })
    .await;
}

#[tokio::test]
async fn a_unit_has_no_more_teams_than_it_may_even_when_two_register_at_once() {
    world::each(async |db| {
        units(&db).await;
        let contest = challenge(&db).await;
        let two = [
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "water").await,
        ];
        let both = two
            .iter()
            .map(|who| register(&db, who, event(), contest, "水滴队", NOW));
        let mut codes: Vec<&str> = join_all(both).await.into_iter().map(said).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["", "team-exists"]);
        assert_eq!(number(&db, "select count(*) from contest_team").await, 1);
        assert_eq!(
            number(&db, "select count(*) from contest_team_member").await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn strangers_neighbours_and_mere_members_are_refused() {
    world::each(async |db| {
        let scene = scene(&db).await;
        scene.done(&db, &scene.people[1], Change::Join).await;
        let neighbour = learner(&db, "丁", "water").await;
        assert_eq!(
            code(scene.change(&db, &neighbour, Change::Join).await),
            "team-other-unit"
        );
        let add = Change::Add(neighbour.learner);
        assert_eq!(
            code(scene.change(&db, &scene.people[0], add).await),
            "team-other-unit"
        );
        let official_there = official(&db, "戊", Role::Administrator, "510703").await;
        let liaison = official(&db, "己", Role::Liaison, "justice").await;
        for stranger in [&neighbour, &official_there, &liaison, &scene.people[1]] {
            for change in [
                Change::HandIn,
                Change::Approve,
                Change::Refuse("不行".into()),
                Change::Withdraw,
                Change::Rename("别名".into()),
                Change::Captain(stranger.learner),
                Change::Remove(scene.people[0].learner),
            ] {
                let what = format!("{change:?}");
                let done = scene.change(&db, stranger, change).await;
                assert_eq!(code(done), "forbidden", "{what}");
            }
            let renewed = renew_invitation(&db, stranger, scene.contest, scene.team, NOW).await;
            assert_eq!(code(renewed), "forbidden");
        }
        let elsewhere = change(
            &db,
            &scene.boss,
            event(),
            challenge(&db).await,
            scene.team,
            Change::Withdraw,
            NOW,
        );
        assert_eq!(code(elsewhere.await), "not-found");
    })
    .await;
}

#[tokio::test]
async fn the_administrator_of_the_county_decides_about_its_teams_and_no_others() {
    world::each(async |db| {
        let scene = scene(&db).await;
        scene.complete(&db).await;
        let theirs = official(&db, "县", Role::Administrator, "510104").await;
        let others = official(&db, "邻", Role::Administrator, "510703").await;
        let refuse = || Change::Refuse("人员有误".into());
        assert_eq!(
            code(scene.change(&db, &others, refuse()).await),
            "forbidden"
        );
        scene.done(&db, &theirs, refuse()).await;
        let page = scene.page(&db, &scene.people[0]).await.expect("a team");
        assert_eq!(
            (page.team.state, page.team.note.as_str()),
            (State::Refused, "人员有误")
        );
    })
    .await;
}

#[tokio::test]
async fn after_registration_only_who_decides_changes_a_team_and_on_record() {
    world::each(async |db| {
        let scene = scene(&db).await;
        scene.complete(&db).await;
        scene.done(&db, &scene.boss, Change::Approve).await;
        let late = register(&db, &scene.people[2], event(), scene.contest, "晚", UNTIL).await;
        assert_eq!(code(late), "team-closed");
        let join = scene
            .change_at(&db, &scene.people[2], Change::Join, UNTIL)
            .await;
        assert_eq!(code(join), "team-closed");
        let add = Change::Add(scene.people[2].learner);
        let added = scene
            .change_at(&db, &scene.boss, add, UNTIL.plus(DAY))
            .await;
        added.expect("put in");
        let page = scene.page(&db, &scene.boss).await.expect("a team");
        assert_eq!(
            (page.record[0].what.as_str(), page.record[0].by.as_str()),
            ("add", "主任")
        );
        assert_eq!(page.record[0].at, UNTIL.plus(DAY));
    })
    .await;
}

#[tokio::test]
async fn a_seat_stays_a_persons_when_they_move_and_a_new_one_is_of_the_unit_of_today() {
    world::each(async |db| {
        let scene = scene(&db).await;
        scene.done(&db, &scene.people[1], Change::Join).await;
        join(&db, scene.people[1].learner, "farm", NOW).await;
        join(&db, scene.people[2].learner, "farm", NOW).await;
        assert_eq!(scene.seats(&db).await.len(), 2);
        assert_eq!(
            code(scene.change(&db, &scene.people[2], Change::Join).await),
            "team-other-unit"
        );
    })
    .await;
}

#[tokio::test]
async fn a_team_that_is_given_up_frees_its_people_and_its_place() {
    world::each(async |db| {
        let scene = scene(&db).await;
        scene.complete(&db).await;
        scene.done(&db, &scene.people[0], Change::TakeBack).await;
        let moved = Change::Captain(scene.people[1].learner);
        scene.done(&db, &scene.people[0], moved).await;
        scene.done(&db, &scene.people[1], Change::Withdraw).await;
        let list = teams(&db, &scene.people[0], scene.contest, NOW).await;
        let list = list.expect("teams");
        assert_eq!(
            (list.rows.len(), list.mine, list.may_register),
            (0, None, true)
        );
        let again = register(&db, &scene.people[0], event(), scene.contest, "再来", NOW).await;
        assert!(again.is_ok());
    })
    .await;
}

#[tokio::test]
async fn seats_change_and_an_approved_team_stays_complete() {
    world::each(async |db| {
        let scene = scene(&db).await;
        let [captain, second, third] = &scene.people;
        scene.done(&db, second, Change::Join).await;
        scene.done(&db, third, Change::Join).await;
        scene
            .done(&db, captain, Change::Remove(second.learner))
            .await;
        let up = Change::Move(third.learner, Seat::Member);
        scene.done(&db, captain, up).await;
        scene.done(&db, captain, Change::HandIn).await;
        scene.done(&db, &scene.boss, Change::Approve).await;
        let fewer = scene
            .change(&db, &scene.boss, Change::Remove(third.learner))
            .await;
        assert_eq!(code(fewer), "team-short");
        assert_eq!(scene.seats(&db).await.len(), 2);
    })
    .await;
}
