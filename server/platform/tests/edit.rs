//! Making contests: drafts, publishing, invitation lists, copies, finals.

mod entry;
mod publish;
mod stages;
use crate::world;

use domain::contest::blueprint::Section;
use domain::contest::{Band, ContestKind, Rules};
use domain::id::ContestId;
use domain::org::Role;
use domain::question::{Answer, QuestionKind};
use domain::time::{DAY, MINUTE, Millis, SECOND};
use platform::Db;
use platform::contest::edit::{
    Draft, Edited, Wrong, bank, create, delete, edited, grade, one_edited, save, trial, unready,
    withdraw,
};
use platform::contest::{self, contests};
use platform::identity::Viewer;
use world::content::{as_shown, right, rules, small};
use world::people::{learner, official};
use world::{NOW, code, event, number};

async fn editor(db: &Db) -> Viewer {
    official(db, "编", Role::Editor, "5101").await
}

async fn draft(db: &Db, who: &Viewer, kind: ContestKind) -> ContestId {
    let unit = "5101".into();
    create(db, who, event(), kind, unit, "宪法".into(), NOW)
        .await
        .expect("a draft")
}

/// Four questions, from tomorrow on for a day.
fn typed() -> Draft {
    Draft {
        title: "宪法知识竞赛".into(),
        summary: "一句话".into(),
        opens_at: Some(NOW.plus(DAY)),
        closes_at: Some(NOW.plus(2 * DAY)),
        rules: rules(),
    }
}

async fn seen(db: &Db, who: &Viewer, id: ContestId) -> Edited {
    one_edited(db, who, id).await.expect("the contest")
}

/// Saves on top of what is there now.
async fn put(db: &Db, who: &Viewer, id: ContestId, draft: Draft, publish: bool) -> Vec<Wrong> {
    let stamp = seen(db, who, id).await.stamp();
    save(db, who, id, &stamp, draft, publish, NOW)
        .await
        .expect("an answer")
}

fn fields(wrong: &[Wrong]) -> Vec<(&str, &str)> {
    wrong.iter().map(|w| (w.field.as_str(), w.code)).collect()
}

#[tokio::test]
async fn only_an_editor_of_the_unit_or_of_one_above_makes_and_sees_a_contest() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        let above = official(&db, "省编", Role::Editor, "51").await;
        let other = official(&db, "邻编", Role::Editor, "5107").await;
        let below = official(&db, "区编", Role::Editor, "510104").await;
        assert_eq!(edited(&db, &above).await.expect("contests").len(), 1);
        assert!(one_edited(&db, &above, id).await.is_ok());
        for stranger in [&other, &below] {
            assert!(edited(&db, stranger).await.expect("contests").is_empty());
            assert_eq!(code(one_edited(&db, stranger, id).await), "not-found");
            assert_eq!(code(delete(&db, stranger, id).await), "not-found");
            assert_eq!(code(withdraw(&db, stranger, id, NOW).await), "not-found");
            let stamp = seen(&db, &who, id).await.stamp();
            let saved = save(&db, stranger, id, &stamp, typed(), true, NOW).await;
            assert_eq!(code(saved), "not-found");
        }
        let liaison = official(&db, "联", Role::Liaison, "5101").await;
        let admin = official(&db, "管", Role::Administrator, "51").await;
        let mere = learner(&db, "甲", "water").await;
        for nobody in [&liaison, &admin, &mere] {
            assert_eq!(code(edited(&db, nobody).await), "forbidden");
            assert_eq!(code(one_edited(&db, nobody, id).await), "forbidden");
            assert_eq!(code(trial(&db, nobody, id, 1).await), "forbidden");
            let unit = "5101".into();
            let made = create(
                &db,
                nobody,
                event(),
                ContestKind::Themed,
                unit,
                "题".into(),
                NOW,
            );
            assert_eq!(code(made.await), "forbidden");
        }
        let elsewhere = create(
            &db,
            &who,
            event(),
            ContestKind::Themed,
            "51".into(),
            "题".into(),
            NOW,
        );
        assert_eq!(code(elsewhere.await), "forbidden");
        assert_eq!(number(&db, "select count(*) from contest").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_double_click_makes_one_draft() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let click = event();
        let make = || {
            create(
                &db,
                &who,
                click,
                ContestKind::Special,
                "5101".into(),
                "题".into(),
                NOW,
            )
        };
        let (first, second) = (make().await.expect("a draft"), make().await.expect("it"));
        assert_eq!(first, second);
        assert_eq!(number(&db, "select count(*) from contest").await, 1);
        let other = official(&db, "省编", Role::Editor, "51").await;
        let replay = create(
            &db,
            &other,
            click,
            ContestKind::Themed,
            "51".into(),
            "题".into(),
            NOW,
        );
        assert_eq!(code(replay.await), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_for_its_editors_alone_until_it_is_published() {
    world::each(async |db| {
        small(&db, 12).await;
        let (who, mere) = (editor(&db).await, learner(&db, "甲", "water").await);
        let id = draft(&db, &who, ContestKind::Themed).await;
        assert_eq!(put(&db, &who, id, typed(), false).await, []);
        assert!(
            contests(&db, &mere, NOW)
                .await
                .expect("contests")
                .is_empty()
        );
        assert_eq!(
            code(contest::contest(&db, &mere, id, NOW).await),
            "not-found"
        );
        let later = NOW.plus(DAY);
        let begun = contest::start(&db, &mere, event(), id, later).await;
        assert_eq!(code(begun), "not-found");
        // Its end, should it pass, posts nothing.
        assert!(
            contest::unposted(&db, NOW.plus(9 * DAY))
                .await
                .expect("ids")
                .is_empty()
        );

        assert_eq!(put(&db, &who, id, typed(), true).await, []);
        let shown = contest::contest(&db, &mere, id, NOW)
            .await
            .expect("the contest");
        assert_eq!(shown.title, "宪法知识竞赛");
        assert_eq!(shown.rules, rules());
        let frozen = number(&db, "select count(*) from contest_question").await;
        assert_eq!(frozen, 12);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_field_and_nothing_is_written() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        let band = |from, to| Band {
            from,
            to,
            credits: 5,
        };
        let wrong = Draft {
            title: "长".repeat(61),
            summary: "长".repeat(501),
            opens_at: Some(NOW.plus(2 * DAY)),
            closes_at: Some(NOW.plus(DAY)),
            rules: Rules {
                questions: usize::MAX,
                minutes: -1,
                bands: vec![band(1, 3), band(3, 2)],
                ..rules()
            },
        };
        let told = put(&db, &who, id, wrong, true).await;
        let expected = [
            ("title", "contest-title"),
            ("summary", "contest-summary"),
            ("closes", "contest-order"),
            ("questions", "contest-range"),
            ("minutes", "contest-range"),
            ("b1-to", "contest-band"),
            ("b1-from", "contest-overlap"),
        ];
        assert_eq!(fields(&told), expected);
        let nothing = Draft {
            title: "  ".into(),
            opens_at: None,
            closes_at: None,
            ..typed()
        };
        let told = put(&db, &who, id, nothing, false).await;
        let expected = [
            ("title", "contest-title"),
            ("opens", "contest-time"),
            ("closes", "contest-time"),
        ];
        assert_eq!(fields(&told), expected);
        let mut outside = typed();
        outside.rules.entry.within = vec!["farm".into(), "water".into()];
        let told = put(&db, &who, id, outside, false).await;
        assert_eq!(fields(&told), [("within", "contest-outside")]);
        let now = seen(&db, &who, id).await.contest;
        assert_eq!((now.title.as_str(), now.rules), ("宪法", Rules::default()));
    })
    .await;
}

#[tokio::test]
async fn a_draft_may_wait_for_the_bank_and_its_time_and_publishing_may_not() {
    world::each(async |db| {
        small(&db, 12).await; // three of each type, all easy
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        let section = |kinds: &[QuestionKind], count| Section {
            kinds: kinds.to_vec(),
            count,
            ..Section::default()
        };
        let mut by_sections = typed();
        by_sections.rules.sections = vec![
            section(&[], 2),
            section(&[QuestionKind::Single], 6),
            section(&[QuestionKind::FillIn], 3),
        ];
        assert_eq!(put(&db, &who, id, by_sections.clone(), false).await, []);
        assert_eq!(seen(&db, &who, id).await.contest.rules.questions, 11);
        let told = put(&db, &who, id, by_sections.clone(), true).await;
        assert_eq!(told, [Wrong::new("s1-count", "contest-short").with("n", 3)]);
        let now = bank(&db).await.expect("the bank");
        assert_eq!(unready(&now, &seen(&db, &who, id).await, NOW), told);
        by_sections.rules.sections[1].count = 3;
        by_sections.opens_at = Some(NOW.plus(-2 * 60 * MINUTE));
        assert_eq!(put(&db, &who, id, by_sections.clone(), false).await, []);
        let told = put(&db, &who, id, by_sections.clone(), true).await;
        assert_eq!(fields(&told), [("opens", "contest-past")]);
        // An editor who takes a while is not sent back for it.
        by_sections.opens_at = Some(NOW.plus(-5 * MINUTE));
        assert_eq!(put(&db, &who, id, by_sections, true).await, []);
        let mut many = typed();
        many.rules.questions = 13;
        let other = draft(&db, &who, ContestKind::Themed).await;
        let told = put(&db, &who, other, many, true).await;
        assert_eq!(
            told,
            [Wrong::new("questions", "contest-short").with("n", 1)]
        );
    })
    .await;
}

#[tokio::test]
async fn what_two_editors_save_at_once_does_not_get_lost_unseen() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        let before = seen(&db, &who, id).await.stamp();
        assert_eq!(put(&db, &who, id, typed(), false).await, []);
        let mine = Draft {
            title: "我的".into(),
            ..typed()
        };
        let told = save(&db, &who, id, &before, mine.clone(), false, NOW).await;
        assert_eq!(
            fields(&told.expect("an answer")),
            [("title", "contest-changed")]
        );
        assert_eq!(seen(&db, &who, id).await.contest.title, "宪法知识竞赛");
        assert_eq!(put(&db, &who, id, mine, false).await, []);
        assert_eq!(seen(&db, &who, id).await.contest.title, "我的");
    })
    .await;
}

#[tokio::test]
async fn a_team_challenge_says_what_its_teams_are_made_of() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Team).await;
        let mut typed = Draft {
            rules: seen(&db, &who, id).await.contest.rules,
            ..typed()
        };
        let told = put(&db, &who, id, typed.clone(), false).await;
        assert_eq!(fields(&told), [("register", "contest-register")]);
        let team = typed.rules.team.as_mut().expect("rules of teams");
        team.register_until = NOW.plus(60 * MINUTE);
        team.size = 0;
        let told = put(&db, &who, id, typed.clone(), false).await;
        assert_eq!(fields(&told), [("size", "contest-range")]);
        typed.rules.team.as_mut().expect("rules of teams").size = 3;
        assert_eq!(put(&db, &who, id, typed, true).await, []);
        assert_eq!(seen(&db, &who, id).await.contest.kind, ContestKind::Team);
    })
    .await;
}

#[tokio::test]
async fn a_trial_is_drawn_by_its_seed_graded_by_the_rules_and_stored_nowhere() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        assert_eq!(put(&db, &who, id, typed(), false).await, []);
        let mut paper = trial(&db, &who, id, 7).await.expect("a paper").questions;
        let again = trial(&db, &who, id, 7).await.expect("the paper").questions;
        let ids = |p: &[contest::AskedQuestion]| -> Vec<_> {
            p.iter()
                .map(|q| (q.question.id.clone(), q.order.clone()))
                .collect()
        };
        assert_eq!((paper.len(), ids(&paper)), (4, ids(&again)));
        let mut answers: Vec<_> = paper
            .iter()
            .map(|q| Some(as_shown(q, right(&q.question))))
            .collect();
        answers[1] = None;
        answers[2] = Some(Answer::Choices(vec![9]));
        let score = grade(
            &rules(),
            &mut paper,
            answers,
            NOW,
            Millis(NOW.0 + 30 * SECOND),
        );
        assert_eq!(
            (score.right, score.points, score.time),
            (2, 20, 30 * SECOND)
        );
        assert_eq!(paper[0].right, Some(true));
        assert_eq!((paper[1].right, paper[2].right), (None, None));
        for table in ["contest_attempt", "contest_answer", "contest_standing"] {
            let rows = number(&db, &format!("select count(*) from {table}")).await;
            assert_eq!(rows, 0, "{table}");
        }
        let team = draft(&db, &who, ContestKind::Team).await;
        assert_eq!(code(trial(&db, &who, team, 7).await), "contest-no-paper");
    })
    .await;
}
