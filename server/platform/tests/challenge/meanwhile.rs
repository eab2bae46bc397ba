//! What others do while a round stands, or in the moment in which it is made.

use super::rounds::next;
use super::*;
use crate::world::{code, each};
use domain::contest::challenge::Outcome;
use domain::contest::team::Change;
use platform::contest::challenge::{Next, decide, decider, declare, placed, unmake};
use platform::contest::team;
use platform::db::Statement;
use std::time::Duration;
use tokio::sync::oneshot;

/// What comes of `work`, which has read what it wants and waits for the day, when somebody else's
/// `change` is written just before it.
async fn meanwhile<T>(db: &Db, change: String, work: impl Future<Output = T>) -> T {
    let (holds, held) = oneshot::channel();
    let (lets_go, let_go) = oneshot::channel::<()>();
    let first = db.write(move |tx| {
        Box::pin(async move {
            let hold = Statement("update contest_day set lot = lot");
            tx.run(hold, vec![]).await?;
            let _ = holds.send(());
            let _ = let_go.await;
            tx.run(Statement(change.leak()), vec![]).await?;
            Ok(())
        })
    });
    let steps = async {
        held.await.expect("held");
        let waits = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let _ = lets_go.send(());
        };
        futures_util::future::join(work, waits).await.0
    };
    let (first, done) = futures_util::future::join(first, steps).await;
    first.expect("changed");
    done
}

#[tokio::test]
async fn a_team_that_was_drawn_is_neither_withdrawn_nor_returned_until_its_round_is_gone() {
    each(async |db| {
        let scene = scene(&db, 2, 8).await;
        let rules = "update contest set rules = replace(rules, '\"team\":null', \
                     '\"team\":{\"size\":1,\"substitutes\":1,\"teams\":9,\"register_until\":0}')";
        by_hand(&db, rules).await;
        scene
            .make(&db, scene.by_hand(Form::One))
            .await
            .expect("made");
        let team = scene.teams[0].0;
        let change = async |what| {
            team::change(&db, &scene.boss, event(), scene.contest, team, what, NOW).await
        };
        for what in [
            Change::Withdraw,
            Change::TakeBack,
            Change::Refuse("人员有误".into()),
        ] {
            assert_eq!(code(change(what).await), "team-drawn");
        }
        change(Change::Rename("新名".into()))
            .await
            .expect("called otherwise");
        let page = team::team(&db, &scene.boss, scene.contest, team, NOW).await;
        assert!(page.expect("a team").team.drawn);
        let game = scene.game(&db, 1, 0).await;
        unmake(&db, &scene.boss, scene.contest, game)
            .await
            .expect("unmade");
        change(Change::Withdraw)
            .await
            .expect("nothing is drawn any more");
    })
    .await;
}

#[tokio::test]
async fn a_team_that_is_withdrawn_while_a_round_is_made_is_not_in_it() {
    each(async |db| {
        let scene = scene(&db, 3, 8).await;
        let gone = format!(
            "update contest_team set state = 'withdrawn' where id = '{}'",
            scene.teams[2].0
        );
        let made = meanwhile(&db, gone, scene.make(&db, scene.by_hand(Form::One))).await;
        assert_eq!(code(made), "day-changed");
        assert_eq!(matches(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_built_on_a_result_that_is_taken_back_meanwhile() {
    each(async |db| {
        let scene = scene(&db, 4, 12).await;
        let groups = scene.by_hand(Form::Groups(2));
        scene.make(&db, groups).await.expect("made");
        let games = scene.pair(&db, 1).await;
        scene.ended(&db, games[0], &[(1, 30), (4, 10)]).await;
        scene.ended(&db, games[1], &[(2, 30), (3, 10)]).await;
        assert_eq!(next(&db, &scene).await, Next::AfterOrDeclare);
        let undone = || {
            format!(
                "update live_match set result = null, finished_at = null where id = '{}'",
                games[1]
            )
        };
        let knockout = scene.by_hand(Form::Knockout);
        let made = meanwhile(&db, undone(), scene.make(&db, knockout.clone())).await;
        assert_eq!(code(made), "day-changed");
        assert_eq!(scene.bracket(&db).await.rounds.len(), 1);
        scene.ended(&db, games[1], &[(2, 30), (3, 10)]).await;
        let declared = declare(&db, &scene.boss, scene.contest, NOW);
        let declared = meanwhile(&db, undone(), declared).await;
        assert_eq!(code(declared), "day-changed");
        assert_eq!(placed(&db, scene.contest).await.expect("an answer"), None);
        assert_eq!(number(&db, "select count(*) from credit_entry").await, 0);
        scene.ended(&db, games[1], &[(2, 30), (3, 10)]).await;
        scene.make(&db, knockout).await.expect("made");
    })
    .await;
}

#[tokio::test]
async fn a_tie_that_is_settled_meanwhile_keeps_the_first_decision_and_is_not_played() {
    each(async |db| {
        let scene = made(&db, 4, 12, Form::Knockout).await;
        let games = scene.pair(&db, 1).await;
        scene.ended(&db, games[0], &[(1, 30), (4, 30)]).await;
        scene.ended(&db, games[1], &[(2, 30), (3, 30)]).await;
        let boss = &scene.boss;
        let settled = |game, team: usize| {
            let first = serde_json::to_string(&[scene.teams[team].0]).expect("text");
            format!(
                "update contest_match set settled = '{first}', settled_why = '先到' \
                 where match_id = '{game}'"
            )
        };
        let (one, chosen) = (scene.teams[0].0, vec![scene.teams[3].0]);
        let late = decide(&db, boss, scene.contest, games[0], chosen, "后到", NOW);
        let late = meanwhile(&db, settled(games[0], 0), late).await;
        assert_eq!(code(late), "day-changed");
        let hosts = vec![boss.learner];
        let title = "加赛".to_owned();
        let played = decider(
            &db,
            boss,
            event(),
            scene.contest,
            games[1],
            hosts,
            title,
            NOW,
        );
        let played = meanwhile(&db, settled(games[1], 1), played).await;
        assert_eq!(code(played), "day-changed");
        assert_eq!(matches(&db).await, 2);
        let slot = &scene.bracket(&db).await.rounds[0].slots[0];
        assert_eq!(slot.why.as_deref(), Some("先到"));
        assert_eq!(slot.meeting.outcome(), Outcome::Through(vec![one]));
    })
    .await;
}
