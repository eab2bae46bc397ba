//! Papers: frozen with the contest, drawn by a secret seed, by sections, never two of one family.

use super::*;
use domain::contest::blueprint::Section;
use domain::contest::papers::Papers;
use domain::question::{Key, Question};
use platform::contest::bank::{bank, freeze};
use platform::contest::practise;
use platform::{identity, question};
use std::fmt::Write as _;
use std::future::Future;
use std::time::{Duration, Instant};

/// Changes the bank as an editor does.
async fn edit(db: &Db, questions: Vec<Question>) {
    let done = db.write(move |tx| {
        Box::pin(async move {
            for one in &questions {
                question::put(tx, one).await?;
            }
            Ok(())
        })
    });
    done.await.expect("an edit");
}

/// The nth question of the other topic: hard, single choice.
fn hard(n: usize, family: Option<&str>) -> Question {
    Question {
        id: format!("h{n:03}").as_str().into(),
        topic: "hard".into(),
        difficulty: 3,
        family: family.map(Into::into),
        ..content::numbered(4 * n)
    }
}

async fn with_hard(db: &Db, families: &[Option<&str>]) {
    small(db, 12).await;
    let topic = db.write(|tx| {
        Box::pin(async move {
            platform::study::put_topic(tx, &"hard".into(), "难题", "一句话", 2).await
        })
    });
    topic.await.expect("a topic");
    let bank = families.iter().enumerate();
    edit(db, bank.map(|(n, family)| hard(n, *family)).collect()).await;
}

fn ids(asked: &[AskedQuestion]) -> Vec<QuestionId> {
    asked.iter().map(|a| a.question.id.clone()).collect()
}

#[tokio::test]
async fn an_edit_of_the_bank_during_the_window_changes_nothing() {
    world::each(async |db| {
        small(&db, 12).await;
        let all = Rules {
            questions: 12,
            attempts: 2,
            ..rules()
        };
        let id = content::contest(&db, "51", all).await;
        let who = learner(&db, "甲", "water").await;
        let mine = begin(&db, &who, id, NOW).await;
        let before = paper(&db, &who, mine).await;
        // Every stem, option, key and explanation, the topic and what is cited.
        let turned = |n: usize| {
            let old = content::numbered(n);
            Question {
                topic: "topic".into(),
                stem: format!("改过{}", old.stem),
                options: old.options.iter().map(|o| format!("改过{o}")).collect(),
                key: match old.key {
                    Key::Choices(_) if n % 4 == 1 => Key::Choices([1, 3].into()),
                    Key::Choices(_) => Key::Choices([0].into()),
                    Key::Words(_) => Key::Words(vec!["六十日".into()]),
                },
                explanation: "改过".into(),
                citations: vec!["甲法#第三条".parse().expect("a citation")],
                family: Some("one".into()),
                ..old
            }
        };
        let mut edited: Vec<Question> = (0..12).map(turned).collect();
        edited.push(content::numbered(12));
        edit(&db, edited).await;
        let now = paper(&db, &who, mine).await;
        let words = |p: &[AskedQuestion]| p.iter().map(|a| a.question.clone()).collect::<Vec<_>>();
        assert_eq!(words(&now), words(&before));
        // Graded by the key as it was.
        for asked in &before {
            save(&db, &who, given(mine, asked, 1, true), minute(1))
                .await
                .expect("saved");
        }
        let view = attempt(&db, &who, mine).await.expect("the attempt");
        assert_eq!(view.score.right, 12);
        submit(&db, &who, mine, minute(2)).await.expect("handed in");
        // A new paper is drawn from what was there, although all are of one family by now.
        let again = begin(&db, &who, id, minute(2)).await;
        let again = paper(&db, &who, again).await;
        let set = |p: &[AskedQuestion]| ids(p).into_iter().collect::<BTreeSet<_>>();
        assert_eq!(set(&again), set(&before));
        // Nor is it memory alone: a contest that is made now has the new words.
        let frozen = "select count(*) from contest_question where stem like '改过%'";
        assert_eq!(number(&db, frozen).await, 0);
        let later = content::contest(&db, "51", rules()).await;
        let bank = bank(&db, later).await.expect("a bank");
        assert_eq!(bank.all().len(), 13);
        let one = bank.question(&"q000".into()).expect("a question");
        assert_eq!(one.stem, "改过第0题");
        assert_eq!(one.citations, ["甲法#第三条".parse().expect("a citation")]);
    })
    .await;
}

#[tokio::test]
async fn freezing_again_replaces_what_was_frozen_in_every_memory() {
    world::each(async |db| {
        with_hard(&db, &[None, None]).await;
        let id = content::contest(&db, "51", rules()).await;
        let sizes = async || {
            let found = bank(&db, id).await.expect("a bank");
            (found.all().len(), found.described().len())
        };
        assert_eq!(sizes().await, (14, 14));
        let again = async |topics: Vec<domain::id::TopicId>| {
            let done = db.write(move |tx| Box::pin(async move { freeze(tx, id, &topics).await }));
            done.await.expect("frozen");
        };
        again(vec!["hard".into()]).await;
        assert_eq!(sizes().await, (2, 2));
        assert!(
            bank(&db, id)
                .await
                .expect("a bank")
                .question(&"q000".into())
                .is_none()
        );
        again(vec![
            "hard".into(),
            "topic".into(),
            "none".into(),
            "hard".into(),
        ])
        .await;
        assert_eq!(sizes().await, (14, 14));
        again(vec![]).await;
        assert_eq!(sizes().await, (14, 14));
        let none = bank(&db, ContestId(event().0)).await;
        assert_eq!(code(none), "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_contest_from_before_there_was_freezing_is_frozen_at_its_first_use() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        let other = content::contest(&db, "51", rules()).await;
        for undone in [
            "delete from contest_question_citation",
            "delete from contest_question",
            "update contest set frozen_as = null, secret = 0",
        ] {
            world::by_hand(&db, undone).await;
        }
        let mut people = Vec::new();
        for n in 0..4 {
            people.push(learner(&db, &format!("{n}"), "water").await);
        }
        let all = join_all(people.iter().map(|who| start(&db, who, event(), id, NOW))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        let frozen = format!("select count(*) from contest_question where contest_id = '{id}'");
        assert_eq!(number(&db, &frozen).await, 12);
        let secret = format!("select count(*) from contest where id = '{id}' and secret <> 0");
        assert_eq!(number(&db, &secret).await, 1);
        // An attempt that ran before then: its first answer freezes.
        let mine = begin(&db, &people[0], other, NOW).await;
        let asked = paper(&db, &people[0], mine).await;
        world::by_hand(&db, "update contest set frozen_as = null").await;
        let answer = given(mine, &asked[0], 1, true);
        save(&db, &people[0], answer, minute(1))
            .await
            .expect("saved");
    })
    .await;
}

#[tokio::test]
async fn every_contest_has_a_secret_of_its_own_and_a_seed_nobody_can_work_out() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = content::contest(&db, "51", rules()).await;
        content::contest(&db, "51", rules()).await;
        let secrets = "select count(distinct secret) from contest where secret <> 0";
        assert_eq!(number(&db, secrets).await, 2);
        let who = learner(&db, "甲", "water").await;
        begin(&db, &who, id, NOW).await;
        let guess = |secret| {
            let purpose = domain::contest::counting::Purpose::Rank;
            Papers::Each.seed(secret, id, who.learner, purpose, 1)
        };
        let seed = number(&db, "select seed from contest_attempt").await;
        let secret = format!("select secret from contest where id = '{id}'");
        let secret = number(&db, &secret).await;
        assert_eq!(seed, guess(secret.cast_unsigned()).cast_signed());
        assert_ne!(seed, guess(0).cast_signed());
    })
    .await;
}

#[tokio::test]
async fn a_paper_by_sections_is_what_they_ask_for_in_their_order() {
    world::each(async |db| {
        with_hard(&db, &[None, None, None]).await;
        let sections = vec![
            Section {
                kinds: vec![QuestionKind::TrueFalse],
                count: 2,
                ..Section::default()
            },
            Section {
                topics: vec!["hard".into()],
                difficulties: vec![3],
                count: 2,
                ..Section::default()
            },
            Section {
                topics: vec!["topic".into()],
                kinds: vec![QuestionKind::Single, QuestionKind::FillIn],
                count: 3,
                ..Section::default()
            },
        ];
        let rules = Rules {
            questions: 7,
            sections,
            ..rules()
        };
        let id = content::contest(&db, "51", rules).await;
        for n in 0..5 {
            let who = learner(&db, &format!("{n}"), "water").await;
            let mine = begin(&db, &who, id, NOW).await;
            let asked = paper(&db, &who, mine).await;
            let (first, rest) = asked.split_at(2);
            let (second, third) = rest.split_at(2);
            assert!(
                first
                    .iter()
                    .all(|a| a.question.kind == QuestionKind::TrueFalse)
            );
            assert!(second.iter().all(|a| a.question.topic.0 == "hard"));
            assert!(third.iter().all(|a| a.question.topic.0 == "topic"));
            let kinds = [QuestionKind::Single, QuestionKind::FillIn];
            assert!(third.iter().all(|a| kinds.contains(&a.question.kind)));
            assert_eq!(third.len(), 3);
        }
    })
    .await;
}

#[tokio::test]
async fn near_doubles_never_meet_in_a_paper_with_sections_or_without() {
    world::each(async |db| {
        with_hard(&db, &[Some("a"), Some("a"), Some("a"), Some("b"), None]).await;
        let plain = Rules {
            questions: 5,
            topics: vec!["hard".into()],
            ..rules()
        };
        let one = |count| Section {
            topics: vec!["hard".into()],
            count,
            ..Section::default()
        };
        let parted = Rules {
            topics: vec![],
            sections: vec![one(2), one(3)],
            ..plain.clone()
        };
        for rules in [plain, parted] {
            let id = content::contest(&db, "51", rules).await;
            for n in 0..6 {
                let who = learner(&db, &format!("{n}"), "water").await;
                let mine = begin(&db, &who, id, NOW).await;
                let asked = paper(&db, &who, mine).await;
                // One of a, one of b, one without.
                assert_eq!(asked.len(), 3);
                let families = asked.iter().filter_map(|a| a.question.family.as_ref());
                assert_eq!(families.collect::<BTreeSet<_>>().len(), 2);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_papers_for_all_and_practice_shows_none_of_them() {
    world::each(async |db| {
        small(&db, 16).await;
        let same = Rules {
            papers: Papers::Same,
            practice: 1,
            ..rules()
        };
        let id = content::contest(&db, "51", same.clone()).await;
        let mut papers = BTreeSet::new();
        let mut practice = BTreeSet::new();
        for n in 0..4 {
            let who = learner(&db, &format!("{n}"), "water").await;
            let first = begin(&db, &who, id, NOW).await;
            submit(&db, &who, first, minute(1))
                .await
                .expect("handed in");
            let second = begin(&db, &who, id, minute(1)).await;
            let view = async |attempt| {
                let asked = paper(&db, &who, attempt).await;
                (
                    ids(&asked),
                    asked.iter().map(|a| a.order.clone()).collect::<Vec<_>>(),
                )
            };
            papers.insert([view(first).await, view(second).await]);
            let mine = practise(&db, &who, event(), id, NOW)
                .await
                .expect("practice");
            practice.insert(view(mine.attempt).await);
        }
        assert_eq!((papers.len(), practice.len()), (1, 1));
        let shown: BTreeSet<_> = papers.iter().flatten().flat_map(|(ids, _)| ids).collect();
        assert!(
            practice
                .iter()
                .flat_map(|(ids, _)| ids)
                .all(|id| !shown.contains(id))
        );
        // A bank that the papers use up leaves nothing to practise on, and says so.
        let greedy = Rules {
            questions: 16,
            ..same
        };
        let id = content::contest(&db, "51", greedy).await;
        let who = learner(&db, "甲", "water").await;
        let refused = practise(&db, &who, event(), id, NOW).await;
        assert_eq!(code(refused), "practice-empty");
    })
    .await;
}

/// Learners who start in the measurement.
const STARTERS: usize = 2_000;
/// Questions of the bank that they draw from.
const BANK: usize = 2_000;

/// Signs a learner of water in whom a hand has put into the database.
fn put_by_hand(n: usize) -> (Viewer, String) {
    let id = domain::id::LearnerId(event().0);
    let row = format!("('{id}', '学员{n}', 'b{n}', '', false, 100, 0)");
    let viewer = Viewer {
        learner: id,
        name: format!("学员{n}"),
        language: None,
        type_size: 100,
        must_change_password: false,
        grants: Vec::<identity::Grant>::new(),
        session: String::new(),
        signed_in_at: NOW,
    };
    (viewer, row)
}

/// How long it takes until `STARTERS` who press at once have an attempt each, and then a saved
/// answer each; run it with
/// `cargo test -p platform --test service -- --ignored --nocapture measure`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, printed"]
async fn measure_how_long_a_start_takes_when_two_thousand_press_at_once() {
    world::each(async |db| {
        small(&db, BANK).await;
        let id = content::contest(&db, "51", rules()).await;
        let (mut viewers, mut rows, mut stays) = (Vec::new(), Vec::new(), String::new());
        for n in 0..STARTERS {
            let (viewer, row) = put_by_hand(n);
            let comma = if n == 0 { "" } else { "," };
            let _ = write!(stays, "{comma}('{}', '{}', 'water', 0)", event(), viewer.learner);
            viewers.push(viewer);
            rows.push(row);
        }
        let learners = rows.join(",");
        let into = "learner (id, name, staff_number, password_hash, must_change_password, type_size, created_at)";
        world::by_hand(&db, &format!("insert into {into} values {learners}")).await;
        world::by_hand(&db, &format!("insert into membership (id, learner_id, unit_id, from_at) values {stays}")).await;
        let viewers = timed(&db, "start", viewers, |db, viewer| async move {
            let attempt = begin(&db, &viewer, id, NOW).await;
            (viewer, attempt)
        })
        .await;
        let mut sends = Vec::new();
        for (viewer, attempt) in viewers {
            let asked = paper(&db, &viewer, attempt).await.remove(0);
            sends.push((viewer, given(attempt, &asked, 1, true)));
        }
        let again = sends.clone();
        timed(&db, "save", sends, |db, (viewer, given)| async move {
            save(&db, &viewer, given, minute(1)).await.expect("saved")
        })
        .await;
        steady(&db, again).await;
    })
    .await;
}

/// Saves two thousand answers a second for three seconds and prints what one costs.
async fn steady(db: &Db, sends: Vec<(Viewer, Given)>) {
    let (begun, spent) = (Instant::now(), cpu());
    let mut tick = tokio::time::interval(Duration::from_millis(1));
    let mut tasks = Vec::new();
    for revision in 2..5 {
        for two in sends.chunks(2) {
            tick.tick().await;
            for (viewer, given) in two.iter().cloned() {
                let (db, given) = (
                    db.clone(),
                    Given {
                        event: event(),
                        revision,
                        ..given
                    },
                );
                tasks.push(tokio::spawn(async move {
                    let sent = Instant::now();
                    save(&db, &viewer, given, minute(1)).await.expect("saved");
                    sent.elapsed().as_micros()
                }));
            }
        }
    }
    let mut each: Vec<u128> = join_all(tasks)
        .await
        .into_iter()
        .map(|one| one.expect("it ended"))
        .collect();
    let spent = cpu() - spent;
    each.sort_unstable();
    let count = each.len();
    println!(
        "== steady: {:.0} a second, PostgreSQL {}: {:.0} µs of processor each; p50 {} µs, p99 {} µs",
        count as f64 / begun.elapsed().as_secs_f64(),
        db.is_postgres(),
        spent / count as f64,
        each[count / 2],
        each[count * 99 / 100],
    );
}

/// What this process has used of the processors, in microseconds.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let ticks = stat.rsplit(')').next().expect("fields").split(' ');
    ticks
        .skip(12)
        .take(2)
        .map(|n| n.parse::<f64>().expect("a number"))
        .sum::<f64>()
        * 10_000.0
}

/// Does it for all of `whom` at once and prints how long that took.
async fn timed<W, T, F>(db: &Db, what: &str, whom: Vec<W>, act: impl Fn(Db, W) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let begun = Instant::now();
    let tasks = whom.into_iter().map(|who| {
        let done = act(db.clone(), who);
        tokio::spawn(async move { (done.await, begun.elapsed().as_millis()) })
    });
    let done = join_all(tasks).await;
    let all = begun.elapsed();
    let (done, mut each): (Vec<T>, Vec<u128>) =
        done.into_iter().map(|one| one.expect("it ended")).unzip();
    each.sort_unstable();
    let count = each.len();
    println!(
        "== {what}: {count} at once, bank of {BANK}, PostgreSQL {}: all in {} ms, {} µs each; \
         p50 {} ms, p99 {} ms",
        db.is_postgres(),
        all.as_millis(),
        all.as_micros() / count as u128,
        each[count / 2],
        each[count * 99 / 100],
    );
    done
}
