//! Points by the format of the contest, and the practice round, which is worth none.

use super::*;
use domain::contest::Score;
use domain::contest::counting::Purpose;
use domain::contest::format::Format;
use platform::check::check;
use platform::contest::{post_due, practise, practised};

async fn practice(db: &Db, who: &Viewer, contest: ContestId, at: Millis) -> AttemptId {
    practise(db, who, event(), contest, at)
        .await
        .expect("a practice attempt")
        .attempt
}

/// Answers the questions of the paper by a pattern: `x` wrong, `o` right, `-` not at all.
async fn answer(db: &Db, who: &Viewer, id: AttemptId, pattern: &str, at: Millis) -> Score {
    for (asked, mark) in paper(db, who, id).await.iter().zip(pattern.chars()) {
        if mark != '-' {
            let given = given(id, asked, 1, mark == 'o');
            save(db, who, given, at).await.expect("saved");
        }
    }
    attempt(db, who, id).await.expect("the attempt").score
}

#[tokio::test]
async fn points_are_counted_by_the_format_and_check_counts_by_the_same() {
    world::each(async |db| {
        small(&db, 24).await;
        // 8 questions of 10 points in 5 minutes, all answered after one minute: 9 at most besides.
        let wanted = [
            (Format::RightFirst, "oooo-ooo", 70),
            (Format::RightThenTime, "oooo-ooo", 70 + 6), // ⌊9 × 7/8 × 4/5⌋
            (Format::Streak, "oooo-ooo", 70 + 4),        // ⌊9 × 4/8⌋
            (Format::Streak, "oxoxoxox", 40 + 1),
            (Format::RightThenTime, "xxxxxxxx", 0),
        ];
        for (n, (format, pattern, points)) in wanted.into_iter().enumerate() {
            let rules = Rules {
                format,
                questions: 8,
                ..rules()
            };
            let id = content::contest(&db, "51", rules).await;
            let who = learner(&db, &format!("{n}"), "water").await;
            let mine = begin(&db, &who, id, NOW).await;
            let score = answer(&db, &who, mine, pattern, minute(1)).await;
            assert_eq!(
                (score.points, score.time),
                (points, MINUTE),
                "{format:?} {pattern}"
            );
            let (_, stands) = my_rank(&db, &who, id).await.expect("a rank").expect("mine");
            assert_eq!(stands.points, points);
        }
        assert_eq!(check(&db, CLOSES).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn a_run_goes_by_the_order_of_the_paper_whatever_order_the_answers_came_in() {
    world::each(async |db| {
        small(&db, 24).await;
        let rules = Rules {
            format: Format::Streak,
            questions: 4,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let asked = paper(&db, &who, mine).await;
        let mut seen = Vec::new();
        for (place, is_right) in [(3, true), (0, true), (2, false), (1, true)] {
            let given = given(mine, &asked[place], 1, is_right);
            save(&db, &who, given, minute(1)).await.expect("saved");
            let view = attempt(&db, &who, mine).await.expect("the attempt");
            seen.push(view.score.points);
        }
        // Runs of 1, 1, 1 and 2 of 4: ⌊9 × run ÷ 4⌋ besides.
        assert_eq!(seen, [12, 22, 22, 34]);
    })
    .await;
}

#[tokio::test]
async fn check_finds_a_score_that_the_format_does_not_give() {
    world::each(async |db| {
        small(&db, 24).await;
        let rules = Rules {
            format: Format::Streak,
            practice: 1,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        let who = learner(&db, "甲", "water").await;
        let counts = begin(&db, &who, id, NOW).await;
        answer(&db, &who, counts, "oo", minute(1)).await;
        let does_not = practice(&db, &who, id, NOW).await;
        answer(&db, &who, does_not, "o", minute(1)).await;
        assert_eq!(check(&db, NOW).await.expect("findings"), []);
        // 20 is what two right answers are worth without the run; practice is looked at as well.
        world::by_hand(&db, "update contest_attempt set points = points - 2").await;
        world::by_hand(&db, "update contest_standing set points = points - 2").await;
        let found = check(&db, NOW).await.expect("findings");
        let mut wrong: Vec<_> = found.iter().map(|f| (f.rule, f.what.clone())).collect();
        wrong.sort();
        let mut wanted = [counts, does_not].map(|id| ("attempt-score", id.to_string()));
        wanted.sort();
        assert_eq!(wrong, wanted);
    })
    .await;
}

#[tokio::test]
async fn practice_takes_no_attempt_stands_on_no_board_and_earns_nothing() {
    world::each(async |db| {
        small(&db, 24).await;
        let rules = Rules {
            attempts: 1,
            practice: 2,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        let who = learner(&db, "甲", "water").await;
        let first = practice(&db, &who, id, NOW).await;
        assert_eq!(practice(&db, &who, id, NOW).await, first, "the running one");
        let score = answer(&db, &who, first, "oooo", minute(1)).await;
        assert_eq!((score.right, score.points), (4, 40));
        let view = attempt(&db, &who, first).await.expect("the attempt");
        assert_eq!((view.purpose, view.number), (Purpose::Practice, 1));
        assert_eq!(my_rank(&db, &who, id).await.expect("an answer"), None);
        assert_eq!(
            number(&db, "select count(*) from contest_standing").await,
            0
        );
        submit(&db, &who, first, minute(2))
            .await
            .expect("handed in");
        let second = practice(&db, &who, id, minute(2)).await;
        assert_ne!(first, second);
        submit(&db, &who, second, minute(3))
            .await
            .expect("handed in");
        let third = practise(&db, &who, event(), id, minute(3)).await;
        assert_eq!(code(third), "practice-used");

        // The attempts that count are as many as before, and numbered from 1.
        assert!(
            attempts(&db, &who, id, minute(3))
                .await
                .expect("none")
                .is_empty()
        );
        let counts = begin(&db, &who, id, minute(3)).await;
        let view = attempt(&db, &who, counts).await.expect("the attempt");
        assert_eq!((view.purpose, view.number), (Purpose::Rank, 1));
        let listed = |all: Vec<(AttemptId, bool, i64, Score)>| -> Vec<_> {
            all.into_iter().map(|(id, over, ..)| (id, over)).collect()
        };
        let mine = attempts(&db, &who, id, minute(3)).await.expect("one");
        assert_eq!(listed(mine), [(counts, false)]);
        let others = practised(&db, &who, id, minute(3)).await.expect("two");
        assert_eq!(listed(others), [(first, true), (second, true)]);

        assert_eq!(check(&db, NOW).await.expect("findings"), []);
        assert_eq!(post_due(&db, CLOSES.plus(MINUTE)).await.expect("posted"), 0);
    })
    .await;
}

#[tokio::test]
async fn practice_is_for_the_window_and_only_where_the_rules_have_it() {
    world::each(async |db| {
        small(&db, 24).await;
        let who = learner(&db, "甲", "water").await;
        let none = content::contest(&db, "51", rules()).await;
        let refused = practise(&db, &who, event(), none, NOW).await;
        assert_eq!(code(refused), "practice-used");
        let rules = Rules {
            practice: 1,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        for at in [minute(-61), CLOSES] {
            let refused = practise(&db, &who, event(), id, at).await;
            assert_eq!(code(refused), "not-open");
        }
        // Practice and what counts may run side by side, and neither is taken for the other.
        let counts = begin(&db, &who, id, NOW).await;
        let does_not = practice(&db, &who, id, NOW).await;
        assert_ne!(counts, does_not);
        assert_eq!(begin(&db, &who, id, minute(1)).await, counts);
        assert_eq!(practice(&db, &who, id, minute(1)).await, does_not);
        // A stranger finds neither.
        let stranger = learner(&db, "乙", "water").await;
        assert_eq!(code(attempt(&db, &stranger, does_not).await), "not-found");
    })
    .await;
}

#[tokio::test]
async fn practising_twice_at_once_is_one_attempt() {
    world::each(async |db| {
        small(&db, 24).await;
        let rules = Rules {
            practice: 3,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        let who = learner(&db, "甲", "water").await;
        let click = event();
        let events = [click, click, event(), event(), event(), click];
        let all = join_all(events.map(|e| practise(&db, &who, e, id, NOW))).await;
        let all: Vec<Started> = all.into_iter().map(|s| s.expect("an attempt")).collect();
        assert!(all.iter().all(|s| *s == all[0]), "{all:?}");
        let lowest = "select min(number) from contest_attempt";
        assert_eq!(number(&db, lowest).await, -1);
    })
    .await;
}
