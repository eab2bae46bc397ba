//! Rounds: byes, groups, ties on the line, matches unmade, questions that come once.

use super::*;
use crate::world::people::learner;
use crate::world::{code, each};
use domain::contest::challenge::Outcome;
use domain::contest::freeze::{Audience, Shown};
use platform::contest::challenge::{Next, day, decide, decider, declare, placed, remake, unmake};
use platform::contest::{Boards, Of, Reached};

pub async fn next(db: &Db, scene: &Scene) -> Next {
    day(db, &scene.boss, scene.contest)
        .await
        .expect("a day")
        .next()
}

#[tokio::test]
async fn a_knockout_of_five_is_played_with_byes_to_its_places() {
    each(async |db| {
        let scene = scene(&db, 5, 12).await;
        let knockout = scene.by_hand(Form::Knockout);
        scene.make(&db, knockout.clone()).await.expect("made");
        assert_eq!(
            scene.drawn(&db, 1).await,
            [vec![1], vec![4, 5], vec![2], vec![3]]
        );
        assert_eq!(matches(&db).await, 1);
        assert_eq!(next(&db, &scene).await, Next::Play);
        let early = scene.boss.clone();
        let early = preview(&db, &early, scene.contest, &knockout, NOW).await;
        assert_eq!(code(early), "day-not-yet");
        let game = scene.game(&db, 1, 1).await;
        scene.ended(&db, game, &[(4, 10), (5, 30)]).await;
        assert_eq!(next(&db, &scene).await, Next::After);
        assert_eq!(scene.make(&db, knockout.clone()).await.expect("made"), 2);
        assert_eq!(scene.drawn(&db, 2).await, [[1, 5], [2, 3]]);
        let games = scene.pair(&db, 2).await;
        scene.ended(&db, games[0], &[(1, 10), (5, 30)]).await;
        assert_eq!(next(&db, &scene).await, Next::Play);
        scene.ended(&db, games[1], &[(2, 10), (3, 0)]).await;
        scene.make(&db, knockout).await.expect("made");
        let last = scene.game(&db, 3, 0).await;
        scene.ended(&db, last, &[(5, 10), (2, 40)]).await;
        assert_eq!(next(&db, &scene).await, Next::Declare);
        declare(&db, &scene.boss, scene.contest, NOW)
            .await
            .expect("declared");
        let places = placed(&db, scene.contest)
            .await
            .expect("an answer")
            .expect("places");
        let teams: Vec<_> = places.iter().map(|placed| placed.team).collect();
        let ranks: Vec<_> = places.iter().map(|placed| placed.place).collect();
        assert_eq!(ranks, [1, 2, 3, 3, 5]);
        assert_eq!(scene.numbers(&teams), [2, 5, 1, 3, 4]);
    })
    .await;
}

#[tokio::test]
async fn the_public_board_of_a_challenge_follows_its_matches_and_ends_with_the_places() {
    each(async |db| {
        let scene = scene(&db, 4, 12).await;
        let boards = Boards::new(db.clone());
        let mut minutes = 0;
        let mut seen = async || {
            minutes += 1; // each look is at a new picture
            let taken = boards.snapshot(scene.contest, Of::Teams, Audience::Public, later(minutes));
            let picture = taken.await.expect("a picture").picture;
            let rows = picture.rows.iter().map(|row| {
                let Reached::Team(come) = row.reached else {
                    panic!("no team: {row:?}");
                };
                let points = come.points.map_or(-1, |points| points.0);
                (row.rank, row.name.to_string(), come.round, points)
            });
            (picture.shown, rows.collect::<Vec<_>>())
        };
        let row = |rank, name: &str, round, points| (rank, name.to_owned(), round, points);
        assert_eq!(seen().await, (Shown::Live, vec![]));
        let knockout = scene.by_hand(Form::Knockout);
        scene.make(&db, knockout.clone()).await.expect("made");
        let drawn = scene.drawn(&db, 1).await;
        assert_eq!(drawn, [[1, 4], [2, 3]]);
        scene
            .ended(&db, scene.game(&db, 1, 0).await, &[(1, 10), (4, 30)])
            .await;
        assert_eq!(
            seen().await,
            (
                Shown::Live,
                vec![
                    row(1, "4队", 1, 30),
                    row(2, "1队", 1, 10),
                    row(3, "2队", 1, -1),
                    row(3, "3队", 1, -1),
                ]
            )
        );
        scene
            .ended(&db, scene.game(&db, 1, 1).await, &[(2, 50), (3, 0)])
            .await;
        scene.make(&db, knockout).await.expect("made");
        let (_, rows) = seen().await;
        let ranks: Vec<_> = rows
            .iter()
            .map(|(rank, name, ..)| (*rank, name.as_str()))
            .collect();
        assert_eq!(ranks, [(1, "4队"), (1, "2队"), (3, "1队"), (4, "3队")]);
        scene
            .ended(&db, scene.game(&db, 2, 0).await, &[(4, 10), (2, 40)])
            .await;
        declare(&db, &scene.boss, scene.contest, NOW)
            .await
            .expect("declared");
        assert_eq!(
            seen().await,
            (
                Shown::Final,
                vec![
                    row(1, "2队", 2, 40),
                    row(2, "4队", 2, 10),
                    row(3, "1队", 1, 10),
                    row(3, "3队", 1, 0),
                ]
            )
        );
    })
    .await;
}

#[tokio::test]
async fn winners_of_groups_meet_seconds_of_the_other_group() {
    each(async |db| {
        let scene = scene(&db, 6, 12).await;
        let groups = Wish {
            places: 2,
            ..scene.by_hand(Form::Groups(3))
        };
        scene.make(&db, groups).await.expect("made");
        assert_eq!(scene.drawn(&db, 1).await, [[1, 4, 5], [2, 3, 6]]);
        let games = scene.pair(&db, 1).await;
        scene
            .ended(&db, games[0], &[(1, 30), (4, 50), (5, 10)])
            .await;
        scene
            .ended(&db, games[1], &[(2, 30), (3, 20), (6, 10)])
            .await;
        assert_eq!(next(&db, &scene).await, Next::AfterOrDeclare);
        scene
            .make(&db, scene.by_hand(Form::Knockout))
            .await
            .expect("made");
        assert_eq!(scene.drawn(&db, 2).await, [[4, 3], [2, 1]]);
    })
    .await;
}

#[tokio::test]
async fn a_tie_on_the_line_is_named_and_settled_by_a_decision_with_a_reason() {
    each(async |db| {
        let scene = made(&db, 4, 12, Form::Knockout).await;
        let games = scene.pair(&db, 1).await;
        scene.ended(&db, games[0], &[(1, 30), (4, 30)]).await;
        scene.ended(&db, games[1], &[(2, 30), (3, 10)]).await;
        assert_eq!(next(&db, &scene).await, Next::Settle);
        let bracket = scene.bracket(&db).await;
        let tie = bracket.rounds[0].slots[0].tie.clone().expect("a tie");
        assert_eq!((scene.numbers(&tie.teams), tie.places), (vec![1, 4], 1));
        let [one, three] = [scene.teams[0].0, scene.teams[2].0];
        let settle = async |chosen, why: &str| {
            decide(&db, &scene.boss, scene.contest, games[0], chosen, why, NOW).await
        };
        assert_eq!(code(settle(vec![one], "  ").await), "settle-why");
        assert_eq!(code(settle(vec![three], "理由").await), "settle-choice");
        assert_eq!(code(settle(vec![], "理由").await), "settle-choice");
        let other = learner(&db, "学员", "justice").await;
        let by_other = decide(&db, &other, scene.contest, games[0], vec![one], "理由", NOW).await;
        assert_eq!(code(by_other), "forbidden");
        settle(vec![one], "加赛前一队弃权").await.expect("settled");
        assert_eq!(code(settle(vec![one], "再来一次").await), "day-changed");
        let bracket = scene.bracket(&db).await;
        let slot = &bracket.rounds[0].slots[0];
        assert_eq!(slot.why.as_deref(), Some("加赛前一队弃权"));
        assert_eq!(slot.meeting.outcome(), Outcome::Through(vec![one]));
        let by = format!(
            "select count(*) from contest_match where settled_by = '{}'",
            scene.boss.learner
        );
        assert_eq!(number(&db, &by).await, 1);
        assert_eq!(next(&db, &scene).await, Next::After);
    })
    .await;
}

#[tokio::test]
async fn a_tie_is_played_out_in_a_decider_with_questions_of_its_own() {
    each(async |db| {
        let scene = made(&db, 2, 12, Form::One).await;
        let game = scene.game(&db, 1, 0).await;
        scene.ended(&db, game, &[(1, 30), (2, 30)]).await;
        let once = event();
        for _ in 0..2 {
            let hosts = vec![scene.boss.learner];
            let (boss, title) = (&scene.boss, "加赛".to_owned());
            let made = decider(&db, boss, once, scene.contest, game, hosts, title, NOW).await;
            made.expect("made");
        }
        assert_eq!(matches(&db).await, 2);
        assert_eq!(next(&db, &scene).await, Next::Play);
        let bracket = scene.bracket(&db).await;
        let more = bracket.rounds[0].slots[0].deciders[0].id;
        let (first, second) = (asked(&db, game).await, asked(&db, more).await);
        assert!(first.iter().all(|question| !second.contains(question)));
        scene.ended(&db, more, &[(1, 10), (2, 20)]).await;
        declare(&db, &scene.boss, scene.contest, NOW)
            .await
            .expect("declared");
        let places = placed(&db, scene.contest)
            .await
            .expect("an answer")
            .expect("places");
        assert_eq!(scene.numbers(&[places[0].team, places[1].team]), [2, 1]);
    })
    .await;
}

#[tokio::test]
async fn each_match_of_a_round_asks_questions_of_its_own_and_no_later_one_asks_them_again() {
    each(async |db| {
        let scene = scene(&db, 4, 8).await;
        // Two near doubles: once one of them is asked, the other has been shown as well.
        scene.make(&db, scene.by_hand(Form::Knockout)).await.expect("made");
        let games = scene.pair(&db, 1).await;
        let (mut first, other) = (asked(&db, games[0]).await, asked(&db, games[1]).await);
        assert_eq!((first.len(), other.len()), (2, 2));
        assert!(other.iter().all(|question| !first.contains(question)));
        first.extend(other);
        let rest = "update question set family = 'doubles' where id in (select min(id) from question \
                    where id not in (ALL) union select 'A')";
        let all: Vec<String> = first.iter().map(|id| format!("'{id}'")).collect();
        by_hand(&db, &rest.replace("ALL", &all.join(", ")).replace("'A'", &all[0])).await;
        scene.ended(&db, games[0], &[(1, 30), (4, 10)]).await;
        scene.ended(&db, games[1], &[(2, 30), (3, 10)]).await;
        let seen = scene.seen(&db, &scene.by_hand(Form::Knockout)).await;
        assert_eq!(seen.there, 3); // of eight: four were asked, one is nearly one of them
        scene.make(&db, scene.by_hand(Form::Knockout)).await.expect("made");
        let last = asked(&db, scene.game(&db, 2, 0).await).await;
        assert!(last.iter().all(|question| !first.contains(question)));
    })
    .await;
}

#[tokio::test]
async fn where_the_bank_is_too_small_for_each_match_its_own_the_dry_run_says_that_they_share() {
    each(async |db| {
        // Two matches of two, the final, and two to spare are eight.
        let scene = scene(&db, 4, 7).await;
        let knockout = scene.by_hand(Form::Knockout);
        let seen = scene.seen(&db, &knockout).await;
        assert_eq!((seen.needed, seen.there, seen.wanted), (2, 7, 8));
        assert!(seen.shared);
        let one = scene.seen(&db, &scene.by_hand(Form::One)).await;
        assert!(!one.shared, "one match shares with none");
        scene.make(&db, knockout).await.expect("made");
        let games = scene.pair(&db, 1).await;
        let questions = asked(&db, games[0]).await;
        assert_eq!(asked(&db, games[1]).await, questions);
        // Made again it has those of its round: those of its own are for the final.
        unmake(&db, &scene.boss, scene.contest, games[0])
            .await
            .expect("unmade");
        let again = async || {
            let hosts = vec![scene.boss.learner];
            let (boss, title) = (&scene.boss, "第1场".to_owned());
            remake(&db, boss, event(), scene.contest, 0, hosts, title, NOW).await
        };
        again().await.expect("made again");
        let game = scene.game(&db, 1, 0).await;
        assert_eq!(asked(&db, game).await, questions);
        // Once the other has begun it has shown them: this one gets others.
        unmake(&db, &scene.boss, scene.contest, game)
            .await
            .expect("unmade");
        let begun = format!(
            "update live_match set begun_at = 1 where id = '{}'",
            games[1]
        );
        by_hand(&db, &begun).await;
        again().await.expect("made again");
        let new = asked(&db, scene.game(&db, 1, 0).await).await;
        assert!(new.iter().all(|question| !questions.contains(question)));
    })
    .await;
}

#[tokio::test]
async fn a_round_that_the_bank_can_not_fill_is_not_made() {
    each(async |db| {
        let scene = scene(&db, 2, 2).await;
        let mut long = short();
        long.rounds[0].questions = 3;
        save_programme(&db, &scene.boss, scene.contest, &long)
            .await
            .expect("kept");
        let seen = scene.seen(&db, &scene.by_hand(Form::One)).await;
        assert_eq!((seen.needed, seen.there), (3, 2));
        let made = scene.make(&db, scene.by_hand(Form::One)).await;
        assert_eq!(code(made), "questions-short");
        assert_eq!(matches(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_match_is_unmade_only_before_it_begins_and_made_again_with_questions_of_its_own() {
    each(async |db| {
        let scene = made(&db, 4, 12, Form::Knockout).await;
        let games = scene.pair(&db, 1).await;
        let others = asked(&db, games[1]).await;
        let other = learner(&db, "学员", "justice").await;
        let by_other = unmake(&db, &other, scene.contest, games[0]).await;
        assert_eq!(code(by_other), "forbidden");
        unmake(&db, &scene.boss, scene.contest, games[0])
            .await
            .expect("unmade");
        let again = unmake(&db, &scene.boss, scene.contest, games[0]).await;
        assert_eq!(code(again), "not-found");
        assert_eq!(next(&db, &scene).await, Next::Play);
        let once = event();
        for _ in 0..2 {
            let hosts = vec![scene.boss.learner];
            let (boss, title) = (&scene.boss, "第1场".to_owned());
            let made = remake(&db, boss, once, scene.contest, 0, hosts, title, NOW).await;
            made.expect("made again");
        }
        assert_eq!(matches(&db).await, 2);
        let game = scene.game(&db, 1, 0).await;
        let questions = asked(&db, game).await;
        assert!(questions.iter().all(|question| !others.contains(question)));
        by_hand(
            &db,
            &format!(
                "update live_match set begun_at = 1 where id = '{}'",
                games[1]
            ),
        )
        .await;
        let begun = unmake(&db, &scene.boss, scene.contest, games[1]).await;
        assert_eq!(code(begun), "match-begun");
    })
    .await;
}

#[tokio::test]
async fn a_round_is_gone_with_the_last_of_its_matches() {
    each(async |db| {
        let scene = made(&db, 2, 8, Form::One).await;
        let game = scene.game(&db, 1, 0).await;
        unmake(&db, &scene.boss, scene.contest, game)
            .await
            .expect("unmade");
        assert_eq!(next(&db, &scene).await, Next::First);
        assert_eq!(matches(&db).await, 0);
        scene
            .make(&db, scene.by_hand(Form::One))
            .await
            .expect("made");
    })
    .await;
}

#[tokio::test]
async fn teams_are_seeded_by_the_points_of_their_members_in_an_earlier_contest() {
    each(async |db| {
        let scene = scene(&db, 4, 12).await;
        let earlier = content::contest(&db, "51", content::rules()).await;
        by_hand(&db, &format!("update contest set closes_at = {} where id = '{earlier}'", NOW.0 - 1)).await;
        for (n, points) in [(2, 40), (3, 30), (0, 10)] {
            let person = scene.teams[n].1;
            by_hand(&db, &format!("insert into contest_attempt (id, contest_id, learner_id, number, seed, paper, started_at, deadline_at, answered, points, time_ms) values ('{person}', '{earlier}', '{person}', 1, 1, '[]', 0, 0, 4, {points}, 1)")).await;
            by_hand(&db, &format!("insert into contest_standing (contest_id, learner_id, attempt_id, answered, points, time_ms) values ('{earlier}', '{person}', '{person}', 4, {points}, 1)")).await;
        }
        let wish = Wish {
            form: Form::Knockout,
            places: 1,
            order: Order::Earlier(earlier),
        };
        let seen = scene.seen(&db, &wish).await;
        assert_eq!(scene.numbers(&seen.seeding.seeds), [3, 4, 1, 2]);
        let unknown = Wish {
            order: Order::Earlier(scene.contest),
            ..wish
        };
        let refused = preview(&db, &scene.boss, scene.contest, &unknown, NOW).await;
        assert_eq!(code(refused), "not-found");
    })
    .await;
}
