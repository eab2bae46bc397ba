//! Rankings: which attempt stands, ladders in memory beside the database, the freeze, groups.
//!
//! `cargo test -p platform --release --test service -- --ignored --nocapture any_rank` prints what the ladder
//! of 200 000 learners costs while 2 000 answers a second come in, beside a count in SQL.

mod groups;
mod large;
use crate::world;

use domain::contest::counting::Counting;
use domain::contest::freeze::{Audience, Shown};
use domain::contest::group::GroupRule;
use domain::contest::{Rules, Score, Standing, ranks};
use domain::id::{AttemptId, ContestId, LearnerId};
use domain::org::Role;
use domain::seed::Draw;
use domain::time::{MINUTE, Millis, SECOND};
use platform::Db;
use platform::check::check;
use platform::contest::{
    Boards, Given, Of, Reached, Scope, Snapshot, Taken, attempt, board, masked, my_rank,
    neighbours, post_due, save, start,
};
use platform::identity::Viewer;
use platform::{sql, values};
use std::sync::Arc;
use world::content::{self, CLOSES, as_shown, right, rules, small, wrong};
use world::people::{join, learner, official};
use world::{NOW, by_hand, code, event, minute, number};

/// Begins an attempt and answers so many questions right, at `at`.
async fn reach(db: &Db, who: &Viewer, contest: ContestId, at: Millis, rights: usize) -> AttemptId {
    let started = start(db, who, event(), contest, at)
        .await
        .expect("an attempt");
    answer(db, who, started.attempt, at.plus(SECOND), rights, 1).await;
    started.attempt
}

async fn answer(db: &Db, who: &Viewer, id: AttemptId, at: Millis, rights: usize, revision: i64) {
    let paper = attempt(db, who, id).await.expect("the attempt").questions;
    for (n, asked) in paper.iter().enumerate() {
        let answer = match n < rights {
            true => right(&asked.question),
            false => wrong(&asked.question),
        };
        let given = Given {
            event: event(),
            attempt: id,
            question: asked.question.id.clone(),
            revision,
            answer: as_shown(asked, answer),
        };
        save(db, who, given, at).await.expect("saved");
    }
}

async fn picture(boards: &Boards, contest: ContestId, of: Of, now: Millis) -> Arc<Snapshot> {
    seen_by(Audience::Public, boards, contest, of, now).await
}

async fn seen_by(
    audience: Audience,
    boards: &Boards,
    contest: ContestId,
    of: Of,
    now: Millis,
) -> Arc<Snapshot> {
    let taken = boards.snapshot(contest, of, audience, now).await;
    let Taken { picture, .. } = taken.expect("a picture");
    picture
}

fn read(picture: &Snapshot) -> Vec<String> {
    let rows = picture.rows.iter();
    rows.map(|row| match &row.reached {
        Reached::Learner { score, .. } => format!("{}{} {}", row.rank, row.name, score.points),
        Reached::Group(score) => format!("{}{} {}", row.rank, row.name, score.milli_points),
        Reached::Team(come) => panic!("a team in a contest without: {come:?}"),
    })
    .collect()
}

#[tokio::test]
async fn the_attempt_that_counts_stands_by_the_contest_s_rule() {
    world::each(async |db| {
        small(&db, 12).await;
        let stands = async |counting, rights: [usize; 3]| {
            let rules = Rules {
                attempts: 3,
                counting,
                ..rules()
            };
            let id = content::contest(&db, "51", rules).await;
            let who = learner(&db, "甲", "water").await;
            for (n, rights) in (0..).zip(rights) {
                reach(&db, &who, id, minute(n * 6), rights).await;
            }
            let query = format!("select points from contest_standing where contest_id = '{id}'");
            number(&db, &query).await
        };
        assert_eq!(stands(Counting::Best, [1, 4, 2]).await, 40);
        assert_eq!(stands(Counting::Last, [1, 4, 2]).await, 20);
        assert_eq!(stands(Counting::First, [1, 4, 2]).await, 10);
        assert_eq!(check(&db, minute(60)).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn a_first_attempt_left_empty_is_what_counts_and_nothing_stands() {
    world::each(async |db| {
        small(&db, 12).await;
        let rules = Rules {
            attempts: 2,
            counting: Counting::First,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        let who = learner(&db, "甲", "water").await;
        start(&db, &who, event(), id, NOW).await.expect("a look");
        reach(&db, &who, id, minute(6), 4).await;
        assert_eq!(
            number(&db, "select count(*) from contest_standing").await,
            0
        );
        let boards = Boards::new(db.clone());
        assert_eq!(
            my_rank(&boards, &who, id, minute(7)).await.expect("none"),
            None
        );
        assert_eq!(check(&db, minute(60)).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn practice_never_stands() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        let practice = start(&db, &who, event(), id, NOW).await.expect("one");
        by_hand(
            &db,
            "update contest_attempt set purpose = 'practice', number = -1",
        )
        .await;
        answer(&db, &who, practice.attempt, minute(1), 4, 1).await;
        assert_eq!(
            number(&db, "select count(*) from contest_standing").await,
            0
        );
        assert_eq!(check(&db, minute(60)).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn a_standing_knows_its_county_and_prefecture_and_when_it_changed() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        reach(&db, &who, id, NOW, 2).await;
        let at = NOW.plus(SECOND).0;
        let query = format!(
            "select count(*) from contest_standing where county_id = '510104' \
             and prefecture_id = '5101' and changed_at - {at} between 0 and 999"
        );
        assert_eq!(number(&db, &query).await, 1);
        // The next attempt counts and was begun elsewhere: the standing moves with it.
        join(&db, who.learner, "farm", minute(5)).await;
        reach(&db, &who, id, minute(6), 3).await;
        let moved = "select count(*) from contest_standing where county_id = '510703' \
                     and prefecture_id = '5107' and unit_id = 'farm'";
        assert_eq!(number(&db, moved).await, 1);
    })
    .await;
}

/// Everyone's rank by the rule itself, of the rows in the database.
async fn by_rule(db: &Db, id: ContestId) -> Vec<(i64, LearnerId, i64)> {
    let rows: Vec<(String, i64, i64)> = db
        .all(
            sql!("select learner_id, points, time_ms from contest_standing where contest_id = $1"),
            values![id],
        )
        .await
        .expect("rows");
    let standings = rows.into_iter().map(|(learner, points, time)| Standing {
        who: learner.parse().expect("an id"),
        score: Score {
            right: 0,
            points,
            time,
        },
    });
    let mut all: Vec<_> = ranks(standings.collect())
        .into_iter()
        .map(|(rank, s)| (rank, s.who, s.score.points))
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn two_processes_say_what_the_database_says_after_every_change() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let mut people = Vec::new();
        for n in 0..30 {
            let unit = ["water", "justice", "farm"][n % 3];
            let who = learner(&db, &format!("学员{n}"), unit).await;
            reach(&db, &who, id, NOW, n % 4).await;
            people.push(who);
        }
        let processes = [Boards::new(db.clone()), Boards::new(db.clone())];
        let mut draw = Draw::from_seed(7);
        for round in 1..=8_i64 {
            let now = minute(round);
            for _ in 0..6 {
                let who = &people[draw.below(30) as usize];
                // A commit that comes half a second after its instant.
                let at = now.plus(-SECOND / 2);
                by_hand(
                    &db,
                    &format!(
                        "update contest_standing set points = {}, time_ms = {}, changed_at = {} \
                         where learner_id = '{}'",
                        i64::from(draw.below(5)) * 10,
                        draw.below(3),
                        at.0,
                        who.learner
                    ),
                )
                .await;
            }
            let truth = by_rule(&db, id).await;
            for boards in &processes {
                let mut seen = Vec::new();
                for who in &people {
                    let (rank, score) = my_rank(boards, who, id, now)
                        .await
                        .expect("an answer")
                        .expect("a place");
                    seen.push((rank.expect("a rank"), who.learner, score.points));
                }
                seen.sort();
                assert_eq!(seen, truth, "round {round}");
                let public = picture(boards, id, Of::Learners, now).await;
                let first: Vec<i64> = public.rows.iter().map(|row| row.rank).collect();
                let expected: Vec<i64> = truth.iter().map(|row| row.0).collect();
                assert_eq!((first, public.total), (expected, 30));
            }
            let one = picture(&processes[0], id, Of::Learners, now).await;
            let other = picture(&processes[1], id, Of::Learners, now).await;
            let set = |picture: &Snapshot| {
                let mut rows = read(picture);
                rows.sort();
                rows
            };
            assert_eq!(set(&one), set(&other));
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_committed_late_is_found_a_minute_later_however_often_somebody_looks() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        reach(&db, &who, id, NOW, 1).await;
        let boards = Boards::new(db.clone());
        let at = |seconds: i64| minute(5).plus(seconds * SECOND);
        assert_eq!(
            read(&*picture(&boards, id, Of::Learners, at(0)).await),
            ["1甲 10"]
        );
        picture(&boards, id, Of::Learners, at(8)).await;
        // Eight seconds under way: further back than a usual reading goes.
        by_hand(
            &db,
            &format!(
                "update contest_standing set points = 40, changed_at = {}",
                at(0).0
            ),
        )
        .await;
        for seconds in 9..=61 {
            picture(&boards, id, Of::Learners, at(seconds)).await;
        }
        let late = picture(&boards, id, Of::Learners, at(68)).await; // not the one from before
        assert_eq!(read(&late), ["1甲 40"]);
        // Where nobody looked meanwhile, nothing of it is passed over.
        by_hand(
            &db,
            &format!(
                "update contest_standing set points = 20, changed_at = {}",
                at(10).0
            ),
        )
        .await;
        let later = picture(&boards, id, Of::Learners, at(200)).await;
        assert_eq!(read(&later), ["1甲 20"]);
    })
    .await;
}

#[tokio::test]
async fn the_public_board_is_of_the_freeze_also_where_it_is_opened_late() {
    world::each(async |db| {
        small(&db, 12).await;
        let rules = Rules {
            attempts: 3,
            freeze: 20,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        let before = Boards::new(db.clone());
        let (one, two, three) = (
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "farm").await,
            learner(&db, "丙", "justice").await,
        );
        reach(&db, &one, id, NOW, 1).await;
        reach(&db, &two, id, NOW, 3).await;
        let live = picture(&before, id, Of::Learners, minute(39)).await;
        assert_eq!(
            (live.shown, read(&live)),
            (Shown::Live, vec!["1乙 30".into(), "2甲 10".into()])
        );
        // From the fortieth minute on it stands still: one gets better, twice, and one comes new.
        reach(&db, &one, id, minute(41), 3).await;
        reach(&db, &one, id, minute(47), 4).await;
        reach(&db, &three, id, minute(48), 4).await;
        let late = Boards::new(db.clone());
        for now in [minute(50), CLOSES.plus(MINUTE)] {
            for boards in [&before, &late] {
                let frozen = picture(boards, id, Of::Learners, now).await;
                assert_eq!(frozen.shown, Shown::Frozen(minute(40)));
                assert_eq!((read(&frozen), frozen.total), (read(&live), 2));
                let (rank, score) = my_rank(boards, &one, id, now)
                    .await
                    .expect("an answer")
                    .expect("a place");
                assert_eq!((rank, score.points), (Some(2), 40), "own points are live");
                let (rank, score) = my_rank(boards, &three, id, now)
                    .await
                    .expect("an answer")
                    .expect("a place");
                assert_eq!(
                    (rank, score.points),
                    (None, 40),
                    "no rank tells of the others"
                );
                let near = neighbours(boards, &three, id, now).await.expect("rows");
                assert!(near.is_empty());
                let own = board(boards, &one, id, Scope::Contest, now)
                    .await
                    .expect("a board");
                assert_eq!((own.total, own.mine.map(|mine| mine.0)), (2, Some(2)));
            }
        }
        // The credits are posted, which tell the ranks: the board thaws, and is not final yet.
        post_due(&db, CLOSES.plus(2 * MINUTE))
            .await
            .expect("posted");
        for boards in [&before, &late] {
            let thawed = picture(boards, id, Of::Learners, CLOSES.plus(3 * MINUTE)).await;
            assert_eq!((thawed.shown, thawed.total), (Shown::Provisional, 3));
        }
        // The review is done: it stays as it is.
        by_hand(
            &db,
            &format!("update contest set reviewed_at = {}", CLOSES.0),
        )
        .await;
        let now = CLOSES.plus(5 * MINUTE);
        for boards in [before, late] {
            let last = picture(&boards, id, Of::Learners, now).await;
            assert_eq!(last.shown, Shown::Final);
            let mut rows = read(&last);
            rows.sort();
            assert_eq!(rows, ["1丙 40", "1甲 40", "3乙 30"]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_frozen_board_goes_on_for_who_may_edit_the_contest_and_for_nobody_else() {
    world::each(async |db| {
        small(&db, 12).await;
        let rules = Rules {
            attempts: 3,
            freeze: 20,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        let boards = Boards::new(db.clone());
        let (one, two) = (
            learner(&db, "甲", "water").await,
            learner(&db, "乙", "farm").await,
        );
        reach(&db, &one, id, NOW, 1).await;
        reach(&db, &two, id, NOW, 3).await;
        reach(&db, &one, id, minute(41), 4).await;
        let now = minute(45);
        let editor = official(&db, "编", Role::Editor, "51").await;
        let others = [
            official(&db, "邻", Role::Editor, "5101").await,
            official(&db, "管", Role::Administrator, "51").await,
            two,
        ];
        for who in &others {
            let audience = boards.audience(who, id, now).await.expect("an audience");
            assert_eq!(audience, Audience::Public, "{}", who.name);
            let shown = board(&boards, who, id, Scope::Contest, now).await;
            let shown = shown.expect("a board");
            assert_eq!(shown.shown, Shown::Frozen(minute(40)));
            let points: Vec<i64> = shown.rows.iter().map(|row| row.1.score.points).collect();
            assert_eq!(points, [30, 10], "{}", who.name);
        }
        let audience = boards.audience(&editor, id, now).await;
        assert_eq!(audience.expect("an audience"), Audience::Staff);
        let shown = board(&boards, &editor, id, Scope::Contest, now).await;
        let shown = shown.expect("a board");
        assert_eq!(shown.shown, Shown::Live);
        let points: Vec<i64> = shown.rows.iter().map(|row| row.1.score.points).collect();
        assert_eq!(points, [40, 30]);
        // The pictures of the two are not taken for each other, whichever was asked for first.
        for of in [Of::Learners, Of::Units] {
            let staff = seen_by(Audience::Staff, &boards, id, of, now).await;
            let public = picture(&boards, id, of, now).await;
            assert_eq!(staff.shown, Shown::Live);
            assert_eq!(public.shown, Shown::Frozen(minute(40)));
            assert_ne!(read(&staff), read(&public));
        }
    })
    .await;
}

#[tokio::test]
async fn after_the_end_a_board_is_provisional_until_the_review_is_done() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let boards = Boards::new(db.clone());
        let shown = async |now| picture(&boards, id, Of::Learners, now).await.shown;
        assert_eq!(shown(NOW).await, Shown::Live);
        assert_eq!(shown(CLOSES).await, Shown::Provisional);
        by_hand(
            &db,
            &format!("update contest set reviewed_at = {}", CLOSES.0),
        )
        .await;
        assert_eq!(shown(CLOSES.plus(10 * SECOND)).await, Shown::Final);
    })
    .await;
}

#[tokio::test]
async fn groups_are_scored_by_the_rule_of_those_on_the_roster_at_the_opening() {
    world::each(async |db| {
        small(&db, 12).await;
        let group = GroupRule {
            least: 2,
            share: 10,
            weight: 20,
        };
        let id = content::contest(&db, "51", Rules { group, ..rules() }).await;
        // Water: three on the roster, two come. Farm: one. Justice: one on it, one who moved in later.
        let mut water = Vec::new();
        for name in ["甲", "乙", "丙"] {
            water.push(learner(&db, name, "water").await);
        }
        let farm = learner(&db, "丁", "farm").await;
        let justice = learner(&db, "戊", "justice").await;
        reach(&db, &water[0], id, NOW, 4).await;
        reach(&db, &water[1], id, NOW, 2).await;
        reach(&db, &farm, id, NOW, 4).await;
        // Whoever moves counts for where they were.
        join(&db, water[2].learner, "justice", minute(1)).await;
        reach(&db, &water[2], id, minute(2), 4).await;
        reach(&db, &justice, id, minute(2), 1).await;
        let boards = Boards::new(db.clone());
        let score = |members, points: &[i64]| group.score(members, points.to_vec()).milli_points;
        let units = picture(&boards, id, Of::Units, minute(5)).await;
        let expected = [
            format!("1水务局 {}", score(3, &[40, 20, 40])),
            format!("2农业局 {}", score(1, &[40])),
            format!("3司法局 {}", score(1, &[10])),
        ];
        assert_eq!(read(&units), expected);
        let counties = picture(&boards, id, Of::Counties, minute(5)).await;
        let east = score(4, &[40, 20, 40, 10]);
        let west = score(1, &[40]);
        assert_eq!(
            read(&counties),
            [format!("1东市一区 {east}"), format!("2西市一区 {west}")]
        );
        let prefectures = picture(&boards, id, Of::Prefectures, minute(5)).await;
        assert_eq!(
            read(&prefectures),
            [format!("1东市 {east}"), format!("2西市 {west}")]
        );
        let Reached::Group(made) = &units.rows[0].reached else {
            panic!("a group");
        };
        assert_eq!(
            (made.members, made.participants, made.places, made.sum),
            (3, 3, 2, 80)
        );
    })
    .await;
}

#[tokio::test]
async fn members_are_those_who_may_enter() {
    world::each(async |db| {
        small(&db, 12).await;
        let mut special = rules();
        special.entry.listed = true;
        let id = content::contest(&db, "51", special).await;
        let one = learner(&db, "甲", "water").await;
        learner(&db, "乙", "water").await;
        by_hand(
            &db,
            &format!(
                "insert into contest_listed (contest_id, learner_id) values ('{id}', '{}')",
                one.learner
            ),
        )
        .await;
        reach(&db, &one, id, NOW, 4).await;
        let boards = Boards::new(db.clone());
        let units = picture(&boards, id, Of::Units, minute(5)).await;
        let Reached::Group(made) = &units.rows[0].reached else {
            panic!("a group");
        };
        assert_eq!((made.members, made.participants), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn neighbours_are_five_before_and_five_after() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let mut people = Vec::new();
        for n in 0..14_i64 {
            let who = learner(&db, &format!("学员{n}"), "water").await;
            reach(&db, &who, id, NOW, 2).await;
            by_hand(
                &db,
                &format!(
                    "update contest_standing set points = {} where learner_id = '{}'",
                    140 - n * 10,
                    who.learner
                ),
            )
            .await;
            people.push(who);
        }
        let boards = Boards::new(db.clone());
        let near = async |n: usize| {
            let rows = neighbours(&boards, &people[n], id, minute(1))
                .await
                .expect("rows");
            rows.iter().map(|row| row.0).collect::<Vec<_>>()
        };
        assert_eq!(near(7).await, (3..=13).collect::<Vec<_>>());
        assert_eq!(near(0).await, (1..=6).collect::<Vec<_>>());
        assert_eq!(near(13).await, (9..=14).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_picture_is_the_very_same_while_nothing_changes() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let who = learner(&db, "王小明", "water").await;
        let attempt = reach(&db, &who, id, NOW, 2).await;
        let boards = Boards::new(db.clone());
        let at = |n: i64| minute(1).plus(n * 10 * SECOND);
        let first = picture(&boards, id, Of::Learners, at(0)).await;
        let second = picture(&boards, id, Of::Learners, at(1)).await;
        assert!(Arc::ptr_eq(&first, &second));
        answer(&db, &who, attempt, at(1), 3, 2).await;
        let third = picture(&boards, id, Of::Learners, at(2)).await;
        assert!(!Arc::ptr_eq(&first, &third));
        // What a row is known by is no id of a person.
        assert!(!first.rows[0].key.contains(&who.learner.to_string()[..8]));
        assert_eq!(first.rows[0].key, third.rows[0].key);
        assert_eq!(masked("王小明"), "王**");
        assert_eq!(masked(""), "**");
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_nobody_s_board_and_what_nobody_looks_at_is_let_go() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let boards = Boards::new(db.clone());
        let none = ContestId(event().0);
        assert_eq!(
            code(
                boards
                    .snapshot(none, Of::Learners, Audience::Public, NOW)
                    .await
            ),
            "not-found"
        );
        assert_eq!(boards.held(), 0);
        picture(&boards, id, Of::Learners, NOW).await;
        boards.tidy(minute(4));
        assert_eq!(boards.held(), 1);
        boards.tidy(minute(5));
        assert_eq!(boards.held(), 0);
        by_hand(&db, "update contest set is_draft = true").await;
        assert_eq!(
            code(
                boards
                    .snapshot(id, Of::Learners, Audience::Public, NOW)
                    .await
            ),
            "not-found"
        );
    })
    .await;
}
