//! After a contest closes: objections, rulings, the line, results made final.

mod decisions;
mod ledger;
use crate::world;

use domain::contest::Rules;
use domain::contest::rescore::{Ruled, Ruling};
use domain::id::{AttemptId, ContestId, QuestionId};
use domain::org::Role;
use domain::question::{Key, Question};
use domain::time::{DAY, MINUTE, Millis, SECOND};
use futures_util::future::join_all;
use platform::check::check;
use platform::contest::review::{
    Act, Decision, DryRun, Entry, carry_on, carry_on_in, confirm, decided, dry_run, moved, record,
    rulings,
};
use platform::contest::{Contest, Given, attempt, contest, post_due, save, start, submit};
use platform::identity::Viewer;
use platform::{Db, credits};
use world::content::{self, CLOSES, as_shown, right, rules, small, wrong};
use world::people::{learner, official};
use world::{NOW, by_hand, code, event, minute, number};

/// So long after the end that everything is settled.
const AFTER: Millis = Millis(CLOSES.0 + MINUTE);

/// The four questions that everyone is asked: of each type one.
const QUESTIONS: [&str; 4] = ["q000", "q001", "q002", "q003"];

/// What people answered, by question: right, wrong, or nothing.
const PEOPLE: [(&str, [Option<bool>; 4]); 5] = [
    ("甲", [Some(true), Some(true), Some(true), Some(false)]),
    ("乙", [Some(true), Some(true), Some(false), Some(true)]),
    ("丙", [Some(true), Some(false), Some(false), None]),
    ("丁", [None, Some(true), Some(true), Some(true)]),
    ("戊", [Some(false), None, Some(true), None]),
];

struct World {
    id: ContestId,
    contest: Contest,
    people: Vec<(Viewer, AttemptId)>,
    editor: Viewer,
}

/// A contest of four questions in which everyone of [`PEOPLE`] took part, a second apart.
async fn played(db: &Db, rules: Rules) -> World {
    small(db, 4).await;
    let id = content::contest(db, "51", rules).await;
    let mut people = Vec::new();
    for (second, (name, answers)) in (1..).zip(PEOPLE) {
        let who = learner(db, name, "water").await;
        let started = start(db, &who, event(), id, NOW).await.expect("an attempt");
        let paper = attempt(db, &who, started.attempt).await.expect("a paper");
        for asked in &paper.questions {
            let place = QUESTIONS.iter().position(|q| *q == asked.question.id.0);
            let Some(rightly) = answers[place.expect("one of four")] else {
                continue;
            };
            let answer = if rightly {
                right(&asked.question)
            } else {
                wrong(&asked.question)
            };
            let given = Given {
                event: event(),
                attempt: started.attempt,
                question: asked.question.id.clone(),
                revision: 1,
                answer: as_shown(asked, answer),
            };
            let at = NOW.plus(second * SECOND);
            save(db, &who, given, at).await.expect("saved");
        }
        people.push((who, started.attempt));
    }
    let editor = official(db, "编辑", Role::Editor, "51").await;
    let contest = contest(db, &editor, id, NOW).await.expect("the contest");
    World {
        id,
        contest,
        people,
        editor,
    }
}

fn rule(question: &str, ruling: Ruling) -> Act {
    Act::Rule(Ruled {
        question: question.into(),
        ruling,
    })
}

fn wrong_key(question: &Question) -> Key {
    match wrong(question) {
        domain::question::Answer::Choices(options) => Key::Choices(options.into_iter().collect()),
        domain::question::Answer::Words(words) => Key::Words(vec![words]),
    }
}

async fn tried(db: &Db, world: &World, act: &Act) -> DryRun {
    dry_run(db, &world.editor, world.id, act, AFTER)
        .await
        .expect("a dry run")
}

/// A decision as it is confirmed by a click of its own.
fn decision(act: &Act, seen: &str, reason: &str) -> Decision {
    Decision {
        event: event(),
        act: act.clone(),
        seen: seen.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Decides what a dry run of this moment shows; does not carry it out.
async fn decide(db: &Db, world: &World, act: Act) -> DryRun {
    let run = tried(db, world, &act).await;
    let seen = run.fingerprint.clone();
    let by = &world.editor;
    confirm(db, by, world.id, decision(&act, &seen, "题目有误"), AFTER)
        .await
        .expect("a correction");
    run
}

/// Credits of the contest and points in the standing, of everyone.
async fn books(db: &Db, world: &World) -> Vec<(i64, i64)> {
    let mut all = Vec::new();
    for (who, _) in &world.people {
        let total = credits::total(db, who.learner, AFTER).await.expect("sums");
        let points = format!(
            "select points from contest_standing where learner_id = '{}'",
            who.learner
        );
        all.push((total.all, number(db, &points).await));
    }
    all
}

/// Rulings of every kind, one taken back among them.
fn several() -> Vec<Act> {
    vec![
        rule("q000", Ruling::Void),
        rule("q001", Ruling::Accept(wrong_key(&content::numbered(1)))),
        rule("q003", Ruling::FullMarks),
        Act::TakeBack(1),
        rule("q002", Ruling::Void),
    ]
}

#[tokio::test]
async fn each_ruling_moves_points_ranks_and_credits_and_the_books_hold() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        post_due(&db, AFTER).await.expect("posted");
        // 甲, 乙 and 丁 have three right; earlier is better.
        let before = books(&db, &world).await;
        assert_eq!(before, [(55, 30), (35, 30), (5, 10), (35, 30), (5, 10)]);
        decide(&db, &world, rule("q002", Ruling::Void)).await;
        carry_on(&db, AFTER).await.expect("done");
        // Two of three right is 26 of 40; 乙 has all three of three.
        let void = books(&db, &world).await;
        assert_eq!(void, [(35, 26), (55, 40), (5, 13), (35, 26), (5, 0)]);
        assert_eq!(check(&db, AFTER).await.expect("findings"), []);
        decide(&db, &world, Act::TakeBack(1)).await;
        carry_on(&db, AFTER).await.expect("done");
        assert_eq!(books(&db, &world).await, before);
        decide(&db, &world, rule("q003", Ruling::FullMarks)).await;
        carry_on(&db, AFTER).await.expect("done");
        let full = books(&db, &world).await;
        assert_eq!(full, [(55, 40), (35, 30), (5, 20), (35, 30), (5, 20)]);
        let accept = Ruling::Accept(wrong_key(&content::numbered(2)));
        decide(&db, &world, rule("q002", accept)).await;
        carry_on(&db, AFTER).await.expect("done");
        let accepted = books(&db, &world).await;
        assert_eq!(accepted, [(55, 40), (35, 40), (35, 30), (5, 30), (5, 20)]);
        assert_eq!(check(&db, AFTER).await.expect("findings"), []);
        assert_eq!(rulings(&db, world.id).await.expect("rulings").len(), 2);
        // Saved answers are as they were.
        let answers = "select count(*) from contest_answer where revision = 1";
        assert_eq!(number(&db, answers).await, 16);
    })
    .await;
}

#[tokio::test]
async fn whether_credits_were_posted_before_or_not_the_sums_are_the_same() {
    for act in several()
        .into_iter()
        .filter(|a| !matches!(a, Act::TakeBack(_)))
    {
        let sums = std::sync::Mutex::new(Vec::new());
        for posted_first in [true, false] {
            world::each(async |db| {
                let world = played(&db, rules()).await;
                if posted_first {
                    post_due(&db, AFTER).await.expect("posted");
                }
                decide(&db, &world, act.clone()).await;
                carry_on(&db, AFTER).await.expect("done");
                post_due(&db, AFTER).await.expect("posted");
                assert_eq!(check(&db, AFTER).await.expect("findings"), []);
                let books = books(&db, &world).await;
                sums.lock().expect("one").push(books);
            })
            .await;
        }
        let sums = sums.into_inner().expect("one");
        assert!(sums.iter().all(|s| *s == sums[0]), "{act:?}: {sums:?}");
    }
}

#[tokio::test]
async fn the_dry_run_is_what_is_done_and_writes_nothing() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        post_due(&db, AFTER).await.expect("posted");
        for (n, act) in (1..).zip(several()) {
            let before = books(&db, &world).await;
            tried(&db, &world, &act).await;
            assert_eq!(books(&db, &world).await, before);
            let run = decide(&db, &world, act).await;
            assert_eq!(books(&db, &world).await, before, "decided, not done");
            carry_on(&db, AFTER).await.expect("done");
            let after = books(&db, &world).await;
            for (place, (who, _)) in world.people.iter().enumerate() {
                let change = run.changes.iter().find(|c| c.who == who.learner);
                let credits: i64 =
                    change.map_or(0, |c| c.corrections.iter().map(|c| c.amount()).sum());
                assert_eq!(after[place].0 - before[place].0, credits);
                let points = change.map_or(before[place].1, |c| c.after.points);
                assert_eq!(after[place].1, points);
                let noted = moved(&db, who, world.id).await.expect("changes");
                let noted = noted.iter().find(|m| m.number == n);
                assert_eq!(noted.is_some(), change.is_some());
                if let (Some(noted), Some(change)) = (noted, change) {
                    assert_eq!(noted.rank_after, change.after.rank);
                    assert_eq!(noted.credits, credits);
                    assert_eq!(noted.reason, "题目有误");
                }
            }
            assert_eq!(check(&db, AFTER).await.expect("findings"), []);
        }
    })
    .await;
}

#[tokio::test]
async fn a_crash_in_the_middle_is_gone_on_from_and_nothing_moves_twice() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        post_due(&db, AFTER).await.expect("posted");
        let before = books(&db, &world).await;
        let run = decide(&db, &world, rule("q002", Ruling::Void)).await;
        let mut halfway = 0;
        while !carry_on_in(&db, AFTER, 1, 1).await.expect("a step") {
            halfway += 1;
            // Nobody decides anything else meanwhile, and a finished half is not lost.
            let other = rule("q000", Ruling::Void);
            let refused = dry_run(&db, &world.editor, world.id, &other, AFTER).await;
            assert_eq!(code(refused), "correction-running");
            if halfway == 2 {
                assert_ne!(books(&db, &world).await, before);
                let late = AFTER.plus(DAY);
                let found = check(&db, late).await.expect("findings");
                let found: Vec<_> = found.iter().map(|f| f.rule).collect();
                assert_eq!(found, ["correction-overdue"]);
            }
        }
        assert!(halfway >= 4, "{halfway}");
        assert!(run.changes.len() >= 4);
        let done = books(&db, &world).await;
        assert_eq!(done, [(35, 26), (55, 40), (5, 13), (35, 26), (5, 0)]);
        // Run again, and as if it had never been noted that it is done.
        carry_on(&db, AFTER).await.expect("nothing");
        by_hand(
            &db,
            "update contest_correction set done_at = null, done_until = ''",
        )
        .await;
        carry_on(&db, AFTER).await.expect("the same again");
        assert_eq!(books(&db, &world).await, done);
        assert_eq!(check(&db, AFTER).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn two_processes_at_once_take_turns() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        decide(&db, &world, rule("q002", Ruling::Void)).await;
        let all = join_all((0..4).map(|_| carry_on_in(&db, AFTER, 1, usize::MAX))).await;
        assert!(all.into_iter().all(|done| done.expect("done")));
        let done = books(&db, &world).await;
        assert_eq!(done, [(35, 26), (55, 40), (5, 13), (35, 26), (5, 0)]);
        assert_eq!(check(&db, AFTER).await.expect("findings"), []);
    })
    .await;
}

#[tokio::test]
async fn what_was_seen_is_what_is_done_or_it_is_refused() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        post_due(&db, AFTER).await.expect("posted");
        let (void, full) = (rule("q002", Ruling::Void), rule("q003", Ruling::FullMarks));
        let seen = tried(&db, &world, &void).await.fingerprint;
        decide(&db, &world, full).await;
        carry_on(&db, AFTER).await.expect("done");
        let by = &world.editor;
        let stale = confirm(&db, by, world.id, decision(&void, &seen, "因"), AFTER).await;
        assert_eq!(code(stale), "review-changed");
        let seen = tried(&db, &world, &void).await.fingerprint;
        let silent = confirm(&db, by, world.id, decision(&void, &seen, " "), AFTER).await;
        assert_eq!(code(silent), "review-reason");
        // A double click, and a replay when it is long done, are one correction.
        let click = decision(&void, &seen, "因");
        let clicks = [click.clone(), click.clone()];
        let twice = join_all(clicks.map(|click| confirm(&db, by, world.id, click, AFTER))).await;
        for number in twice {
            assert_eq!(number.expect("a number"), 2);
        }
        carry_on(&db, AFTER).await.expect("done");
        let replay = confirm(&db, by, world.id, click, AFTER).await;
        assert_eq!(replay.expect("the same"), 2);
        assert_eq!(decided(&db, world.id).await.expect("two").len(), 2);
        let again = dry_run(&db, by, world.id, &void, AFTER).await;
        assert_eq!(code(again), "ruling-twice");
        let gone = dry_run(&db, by, world.id, &Act::TakeBack(7), AFTER).await;
        assert_eq!(code(gone), "ruling-gone");
        let none = rule("q999", Ruling::Void);
        assert_eq!(
            code(dry_run(&db, by, world.id, &none, AFTER).await),
            "not-found"
        );
        for key in [
            Key::Choices([9].into()),
            Key::Choices([0, 2].into()),
            Key::Words(vec!["甲".into()]),
            Key::Choices([1].into()),
        ] {
            let odd = rule("q000", Ruling::Accept(key));
            let refused = dry_run(&db, by, world.id, &odd, AFTER).await;
            assert_eq!(code(refused), "ruling-answer");
        }
    })
    .await;
}

#[tokio::test]
async fn a_contest_that_runs_is_not_ruled_and_only_its_editors_rule() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        let void = rule("q002", Ruling::Void);
        for early in [NOW, CLOSES, CLOSES.plus(14 * SECOND)] {
            let refused = dry_run(&db, &world.editor, world.id, &void, early).await;
            assert_eq!(code(refused), "review-open");
        }
        let seen = tried(&db, &world, &void).await.fingerprint;
        let neighbour = official(&db, "邻", Role::Editor, "5107").await;
        let liaison = official(&db, "联", Role::Liaison, "51").await;
        let stranger = &world.people[0].0;
        for (who, why) in [
            (&neighbour, "not-found"),
            (&liaison, "forbidden"),
            (stranger, "forbidden"),
        ] {
            assert_eq!(code(dry_run(&db, who, world.id, &void, AFTER).await), why);
            let done = confirm(&db, who, world.id, decision(&void, &seen, "因"), AFTER);
            assert_eq!(code(done.await), why);
        }
        assert_eq!(decided(&db, world.id).await.expect("none").len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_learner_reads_the_reason_in_the_ledger_and_everyone_in_the_record() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        post_due(&db, AFTER).await.expect("posted");
        decide(&db, &world, rule("q002", Ruling::Void)).await;
        carry_on(&db, AFTER).await.expect("done");
        let first = &world.people[0].0;
        let ledger = credits::ledger(&db, first.learner, 1, AFTER).await;
        let ledger = ledger.expect("entries");
        let entry = ledger.iter().find(|e| e.amount < 0).expect("a correction");
        assert_eq!(
            (entry.amount, entry.reason.as_str(), entry.detail.as_str()),
            (-20, "contest-rank-corrected", "题目有误#竞赛")
        );
        let record = record(&db, &world.contest).await.expect("a record");
        let [Entry::Decided(decided, question)] = &record[..] else {
            panic!("{record:?}");
        };
        assert_eq!(question.stem, "第2题");
        assert_eq!(decided.question, QuestionId::from("q002"));
        assert_eq!(decided.by, world.editor.learner);
        assert_eq!((decided.points_moved, decided.ranks_moved), (5, 2));
        assert_eq!((decided.credits_added, decided.credits_taken), (20, 20));
        assert_eq!(decided.done_at, Some(AFTER));
    })
    .await;
}

#[tokio::test]
async fn credits_that_a_hand_has_changed_are_found() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        post_due(&db, AFTER).await.expect("posted");
        decide(&db, &world, rule("q002", Ruling::Void)).await;
        carry_on(&db, AFTER).await.expect("done");
        for table in ["credit_entry", "credit_sum"] {
            let change = format!("update {table} set amount = amount + 1 where source = 'contest'");
            let one = format!("{change} and learner_id = '{}'", world.people[3].0.learner);
            assert!(by_hand(&db, &one).await > 0);
        }
        let found = check(&db, AFTER).await.expect("findings");
        assert!(found.iter().any(|f| f.rule == "bonus-credits"), "{found:?}");
        let done = submit(&db, &world.people[0].0, world.people[0].1, AFTER).await;
        assert!(done.is_ok(), "handing in late changes nothing");
    })
    .await;
}
