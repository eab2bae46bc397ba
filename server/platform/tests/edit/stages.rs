//! Copies of earlier contests, and finals.

use super::{draft, editor, put, rules, seen, typed};
use crate::world::people::{learner, official};
use crate::world::{self, NOW, code, event, number};
use domain::contest::entry::Entry;
use domain::contest::stage::Line;
use domain::contest::{ContestKind, Rules};
use domain::id::ContestId;
use domain::org::{Role, UnitKind};
use domain::time::{DAY, MINUTE, Millis, SECOND};
use platform::Db;
use platform::contest::edit::{at_local, copy, final_of, local, make_final, moved, renew};
use world::content::{self, CLOSES, small};

/// So long after the end that everything is settled.
const AFTER: Millis = Millis(CLOSES.0 + MINUTE);

#[tokio::test]
async fn a_copy_is_the_same_contest_at_the_same_time_of_the_next_year_to_come() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Themed).await;
        let mut last = typed();
        last.title = "2025年宪法宣传周竞赛（第3届）".into();
        last.opens_at = at_local("2025-11-30T09:00");
        last.closes_at = at_local("2025-12-06T18:00");
        assert_eq!(put(&db, &who, id, last, false).await, []);
        let click = event();
        let made = copy(&db, &who, click, id, NOW).await.expect("a draft");
        assert_eq!(copy(&db, &who, click, id, NOW).await.expect("it"), made);
        let now = seen(&db, &who, made).await;
        assert!(now.is_draft && made != id);
        let new = now.contest;
        assert_eq!(new.title, "2026年宪法宣传周竞赛（第3届）");
        assert_eq!(local(new.opens_at), "2026-11-30T09:00");
        assert_eq!(local(new.closes_at), "2026-12-06T18:00");
        assert_eq!((new.rules, new.summary.as_str()), (rules(), "一句话"));
        let other = official(&db, "邻编", Role::Editor, "5107").await;
        assert_eq!(code(copy(&db, &other, event(), id, NOW).await), "not-found");
        // What would open in the past moves on by another year.
        let next = copy(&db, &who, event(), id, NOW.plus(30 * DAY))
            .await
            .expect("a draft");
        assert_eq!(
            local(seen(&db, &who, next).await.contest.opens_at),
            "2027-11-30T09:00"
        );
    })
    .await;
}

/// A contest that is over, with a line at `line`: 90, 80, 80, 80 and 70 points.
async fn over(db: &Db, line: Option<Line>) -> ContestId {
    let id = content::contest(db, "5101", Rules { line, ..rules() }).await;
    for points in [90, 80, 80, 80, 70] {
        let who = learner(db, "甲", "water").await.learner;
        let attempt = event();
        let made = format!(
            "insert into contest_attempt (id, contest_id, learner_id, number, seed, paper, \
               started_at, deadline_at, answered, points, time_ms) \
             values ('{attempt}', '{id}', '{who}', 1, 1, '[]', 1, 2, 4, {points}, 5)"
        );
        world::by_hand(db, &made).await;
        let stands = format!(
            "insert into contest_standing (contest_id, learner_id, attempt_id, answered, points, \
               time_ms) values ('{id}', '{who}', '{attempt}', 4, {points}, 5)"
        );
        world::by_hand(db, &stands).await;
    }
    id
}

#[tokio::test]
async fn a_final_is_for_those_who_qualify_and_a_tie_at_the_line_is_told_before() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = over(&db, Some(Line::Rank(2))).await;
        let plan = final_of(&db, &who, id, AFTER).await.expect("a plan");
        assert_eq!(plan.qualified.count, 4);
        let tie = plan.qualified.tie.expect("a tie");
        assert_eq!((tie.rank, tie.tied, tie.over), (2, 3, 2));
        assert_eq!((tie.up, tie.down), (Line::Rank(1), Line::Rank(4)));

        // As many, and others.
        for swap in [
            "points = 70, time_ms = 6 where learner_id = \
             (select min(learner_id) from contest_standing where points = 80)",
            "points = 80 where points = 70 and time_ms = 5",
        ] {
            let swap = format!("update contest_standing set {swap}");
            assert_eq!(world::by_hand(&db, &swap).await, 1);
        }
        let made = make_final(&db, &who, event(), id, "决赛", &plan.fingerprint, AFTER).await;
        assert_eq!(code(made), "contest-list-moved");
        let plan = final_of(&db, &who, id, AFTER).await.expect("a plan");
        let click = event();
        let make = || make_final(&db, &who, click, id, "竞赛决赛", &plan.fingerprint, AFTER);
        let made = make().await.expect("a draft");
        assert_eq!(make().await.expect("it"), made);
        let now = seen(&db, &who, made).await;
        assert!(now.is_draft && now.contest.rules.entry.listed);
        assert_eq!((now.listed, now.open_round), (4, Some(id)));
        assert_eq!(
            (now.contest.rules.line, now.contest.rules.attempts),
            (None, 1)
        );
        let least = format!(
            "select min(s.points) from contest_listed l join contest_standing s \
             on s.learner_id = l.learner_id and s.contest_id = '{id}' where l.contest_id = '{made}'"
        );
        assert_eq!(number(&db, &least).await, 80);
    })
    .await;
}

#[tokio::test]
async fn a_final_whose_list_is_no_longer_of_the_present_scores_says_so_and_can_have_it_made_anew() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = over(&db, Some(Line::Rank(2))).await;
        let plan = final_of(&db, &who, id, AFTER).await.expect("a plan");
        let made = make_final(&db, &who, event(), id, "决赛", &plan.fingerprint, AFTER).await;
        let made = made.expect("a draft");
        let as_it_is = async || {
            let edited = seen(&db, &who, made).await;
            moved(&db, &who, &edited, AFTER).await.expect("compared")
        };
        assert_eq!(as_it_is().await, None);
        let open_round = seen(&db, &who, id).await;
        assert_eq!(
            moved(&db, &who, &open_round, AFTER).await.expect("none"),
            None
        );

        // A ruling moves one person behind the line, and another one in front of it.
        for change in [
            "points = 60 where points = 90",
            "points = 80 where points = 70",
        ] {
            let change = format!("update contest_standing set {change}");
            assert_eq!(world::by_hand(&db, &change).await, 1);
        }
        let differs = as_it_is().await.expect("moved");
        assert_eq!(differs.missing, (1, vec!["甲".to_owned()]));
        assert_eq!(differs.extra, (1, vec!["甲".to_owned()]));

        let neighbour = official(&db, "邻编", Role::Editor, "5107").await;
        let refused = renew(&db, &neighbour, made, &differs.fingerprint, AFTER).await;
        assert_eq!(code(refused), "not-found");
        let old = renew(&db, &who, made, &plan.fingerprint, AFTER).await;
        assert_eq!(code(old), "contest-list-moved");
        let count = renew(&db, &who, made, &differs.fingerprint, AFTER).await;
        assert_eq!(count.expect("made anew"), 4);
        assert_eq!(as_it_is().await, None);
        let least = format!(
            "select min(s.points) from contest_listed l join contest_standing s \
             on s.learner_id = l.learner_id and s.contest_id = '{id}' where l.contest_id = '{made}'"
        );
        assert_eq!(number(&db, &least).await, 80);

        // What is published stays.
        let publish = format!("update contest set is_draft = false where id = '{made}'");
        world::by_hand(&db, &publish).await;
        let late = renew(&db, &who, made, &differs.fingerprint, AFTER).await;
        assert_eq!(code(late), "contest-published");
    })
    .await;
}

#[tokio::test]
async fn there_is_no_final_before_the_end_nor_without_a_line() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = over(&db, Some(Line::Points(80))).await;
        for early in [NOW, CLOSES, CLOSES.plus(14 * SECOND)] {
            let early = final_of(&db, &who, id, early).await;
            assert_eq!(code(early), "contest-no-final");
        }
        let plan = final_of(&db, &who, id, AFTER).await.expect("a plan");
        assert_eq!((plan.qualified.count, plan.qualified.tie), (4, None));
        let without = over(&db, None).await;
        assert_eq!(
            code(final_of(&db, &who, without, AFTER).await),
            "contest-no-final"
        );
        let other = official(&db, "邻编", Role::Editor, "5107").await;
        assert_eq!(code(final_of(&db, &other, id, AFTER).await), "not-found");
        let mere = learner(&db, "甲", "water").await;
        assert_eq!(code(final_of(&db, &mere, id, AFTER).await), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn no_list_is_made_of_standings_of_which_a_half_is_corrected() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = over(&db, Some(Line::Rank(2))).await;
        let seen = final_of(&db, &who, id, AFTER).await.expect("a plan");
        let running = format!(
            "insert into contest_correction (contest_id, number, question_id, ruling, takes_back, \
               reason, decided_by, decided_at, after_final, points_moved, ranks_moved, \
               credits_moved, credits_added, credits_taken, done_until, done_at) \
             values ('{id}', 1, 'q000', null, null, '因', '{}', 1, false, 0, 0, 0, 0, 0, '', null)",
            who.learner
        );
        world::by_hand(&db, &running).await;
        let refused = final_of(&db, &who, id, AFTER).await;
        assert_eq!(code(refused), "correction-running");
        let made = make_final(&db, &who, event(), id, "决赛", &seen.fingerprint, AFTER).await;
        assert_eq!(code(made), "correction-running");
    })
    .await;
}

#[tokio::test]
async fn who_has_qualified_may_enter_the_final_wherever_they_have_moved_since() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let id = over(&db, Some(Line::Rank(5))).await;
        let mut strict = rules();
        strict.entry.within = vec!["water".into()];
        strict.entry.kinds = vec![UnitKind::Unit];
        strict.line = Some(Line::Rank(5));
        let strict = serde_json::to_string(&strict).expect("rules");
        let narrow = format!("update contest set rules = '{strict}' where id = '{id}'");
        world::by_hand(&db, &narrow).await;
        let plan = final_of(&db, &who, id, AFTER).await.expect("a plan");
        let made = make_final(&db, &who, event(), id, "决赛", &plan.fingerprint, AFTER).await;
        let made = seen(&db, &who, made.expect("a draft")).await;
        let listed = Entry {
            listed: true,
            ..Entry::default()
        };
        assert_eq!(made.contest.rules.entry, listed);
    })
    .await;
}
