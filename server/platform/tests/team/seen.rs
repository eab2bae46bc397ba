//! What of teams who sees.

use super::world::{self, code};
use super::*;
use platform::contest::team::{change, invited, join, renew_invitation, roster, teams};

#[tokio::test]
async fn an_open_team_is_seen_by_its_unit_and_who_decides_and_an_approved_one_by_everyone() {
    world::each(async |db| {
        let scene = scene(&db).await;
        let neighbour = learner(&db, "丁", "water").await;
        let seen = async |by: &Viewer| {
            let list = teams(&db, by, scene.contest, NOW).await.expect("teams");
            (list.rows.len(), scene.page(&db, by).await.is_ok())
        };
        assert_eq!(seen(&neighbour).await, (0, false));
        assert_eq!(seen(&scene.people[2]).await, (1, true));
        assert_eq!(seen(&scene.boss).await, (1, true));
        scene.complete(&db).await;
        scene.done(&db, &scene.boss, Change::Approve).await;
        assert_eq!(seen(&neighbour).await, (1, true));
        let page = scene.page(&db, &neighbour).await.expect("a team");
        assert_eq!(page.invitation, None, "only for who may invite");
        assert!(page.record.is_empty() && !page.leads && !page.decides);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_leads_to_the_team_until_it_is_renewed() {
    world::each(async |db| {
        let scene = scene(&db).await;
        let captain = &scene.people[0];
        let link = async || scene.page(&db, captain).await.expect("a team").invitation;
        let old = link().await.expect("a code");
        assert_eq!(old.len(), 32);
        let found = invited(&db, &scene.people[1], scene.contest, &old, NOW).await;
        let found = found.expect("an invitation");
        assert_eq!(
            (found.name.as_str(), found.captain.as_str()),
            ("锦绣队", "甲")
        );
        assert!(!found.is_in);
        let alone = change(
            &db,
            &scene.people[1],
            event(),
            scene.contest,
            scene.team,
            Change::Join,
            NOW,
        );
        assert_eq!(
            code(alone.await),
            "forbidden",
            "the team's address opens nothing"
        );
        renew_invitation(&db, captain, scene.contest, scene.team, NOW)
            .await
            .expect("renewed");
        assert_ne!(link().await.expect("a code"), old);
        for void in [old.as_str(), "", "x"] {
            let found = invited(&db, &scene.people[1], scene.contest, void, NOW).await;
            assert_eq!(code(found.map(drop)), "not-found");
            let joined = join(&db, &scene.people[1], event(), scene.contest, void, NOW).await;
            assert_eq!(code(joined), "team-invitation");
        }
    })
    .await;
}

#[tokio::test]
async fn the_roster_is_searched_by_the_captain_in_the_units_of_the_team_alone() {
    world::each(async |db| {
        let scene = scene(&db).await;
        learner(&db, "丁乙", "water").await;
        let search = async |by: &Viewer, text: &str| {
            roster(&db, by, scene.contest, scene.team, text, NOW).await
        };
        let found = search(&scene.people[0], "乙").await.expect("people");
        let names: Vec<(&str, bool)> = found.iter().map(|c| (c.name.as_str(), c.taken)).collect();
        assert_eq!(names, [("乙", false)]);
        let own = search(&scene.people[0], " 甲 ").await.expect("people");
        assert!(own[0].taken);
        for none in ["", "  ", "%", "无", &"甲".repeat(31)] {
            assert_eq!(search(&scene.people[0], none).await.expect("people"), []);
        }
        assert_eq!(
            code(search(&scene.people[1], "乙").await.map(drop)),
            "forbidden"
        );
        assert!(search(&scene.boss, "乙").await.is_ok());
    })
    .await;
}
