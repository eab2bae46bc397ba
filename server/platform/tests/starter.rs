//! The starter content: what `zhijian demo` puts in.

use crate::world;

use domain::contest::Phase;
use domain::question::{Key, Question, QuestionKind};
use domain::time::DAY;
use platform::check::check;
use platform::identity::{self, sign_in};
use platform::starter::{DEMO_ACCOUNTS, DEMO_PASSWORD, DemoReport, demo, is_empty};
use platform::study::lessons;
use platform::{Db, contest, law, question};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use world::people::hasher;
use world::{NOW, code, number};

async fn fill(db: &Db) -> DemoReport {
    let mut steps = Vec::new();
    let report = demo(db, &hasher(), NOW, |step| steps.push(step.to_owned())).await;
    assert_eq!(steps.len(), 4);
    report.expect("a demo")
}

/// Ids, by a query that gives one column of text.
async fn ids(db: &Db, query: &'static str) -> Vec<String> {
    match db {
        Db::Sqlite { readers, .. } => sqlx::query_scalar(query)
            .fetch_all(readers)
            .await
            .expect("ids"),
        Db::Postgres(pool) => sqlx::query_scalar(query)
            .fetch_all(pool)
            .await
            .expect("ids"),
    }
}

async fn bank(db: &Db) -> Vec<Question> {
    let mut all = Vec::new();
    for id in ids(db, "select id from question order by id").await {
        all.push(
            question::question(db, &id.as_str().into())
                .await
                .expect("a question"),
        );
    }
    all
}

/// Words without marks and white space.
fn words(html: &str) -> String {
    let mut inside = false;
    let kept = html.chars().filter(|c| {
        inside = (inside || *c == '<') && *c != '>';
        !inside && *c != '>' && !c.is_whitespace()
    });
    kept.collect()
}

#[tokio::test]
async fn the_demo_fills_an_empty_database_and_it_is_sound() {
    world::each(async |db| {
        assert!(is_empty(&db).await.expect("an answer"));
        let report = fill(&db).await;
        assert_eq!(
            (report.laws, report.contests, report.accounts),
            (8, 2, DEMO_ACCOUNTS.len())
        );
        assert!(
            report.lessons >= 12 && report.questions >= 200,
            "{report:?}"
        );
        assert_eq!(check(&db, NOW).await.expect("findings"), []);
        assert_eq!(check(&db, NOW.plus(300 * DAY)).await.expect("findings"), []);
        assert!(!is_empty(&db).await.expect("an answer"));
        let counties = number(&db, "select count(*) from unit where kind = 'county'").await;
        let cities = number(&db, "select count(*) from unit where kind = 'prefecture'").await;
        assert_eq!((counties, cities), (183, 21));
        // A second demo changes nothing.
        let rows = "select (select count(*) from learner) + (select count(*) from contest)";
        let before = number(&db, rows).await;
        assert_eq!(code(demo(&db, &hasher(), NOW, |_| {}).await), "not-empty");
        assert_eq!(number(&db, rows).await, before);
        // Everybody can sign in, by phone and by staff number, and has a contest to enter.
        for account in DEMO_ACCOUNTS {
            for name in [account.phone, account.staff_number] {
                let (token, _) = sign_in(&db, &hasher(), name, DEMO_PASSWORD, NOW)
                    .await
                    .expect(name);
                let viewer = identity::viewer(&db, &token.0, NOW)
                    .await
                    .expect("an answer");
                let viewer = viewer.expect("a viewer");
                assert_eq!(viewer.name, account.name);
                assert_eq!(viewer.must_change_password, account.phone == "13800000003");
                let open = contest::contests(&db, &viewer, NOW)
                    .await
                    .expect("contests");
                let phases: Vec<Phase> = open.iter().map(|c| c.phase(NOW)).collect();
                assert_eq!(phases, [Phase::Coming, Phase::Open]);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_database_that_holds_anything_is_left_alone() {
    world::each(async |db| {
        world::people::units(&db).await;
        assert_eq!(code(demo(&db, &hasher(), NOW, |_| {}).await), "not-empty");
        assert_eq!(number(&db, "select count(*) from unit").await, 8);
        assert_eq!(number(&db, "select count(*) from law").await, 0);
    })
    .await;
}

#[tokio::test]
async fn every_question_is_sound_and_rests_on_an_article() {
    world::each(async |db| {
        fill(&db).await;
        let bank = bank(&db).await;
        assert!(bank.len() >= 200, "{}", bank.len());
        let kinds: BTreeSet<&str> = bank.iter().map(|q| q.kind.as_str()).collect();
        assert_eq!(kinds.len(), 4);
        let stems: BTreeSet<&str> = bank.iter().map(|q| q.stem.as_str()).collect();
        assert_eq!(stems.len(), bank.len(), "a stem stands twice");
        let mut off = Vec::new();
        for question in &bank {
            let mut cited = String::new();
            for citation in &question.citations {
                let article = law::read::article(&db, &citation.law, None, citation.article).await;
                match article.expect("an answer") {
                    Some(article) => cited += &words(&article.html),
                    None => off.push(format!("{}: cites what is not there", question.id)),
                }
            }
            if let Some(defect) = question.defect() {
                off.push(format!("{}: {defect}", question.id));
            }
            if question.explanation.trim().is_empty() || !(1..=3).contains(&question.difficulty) {
                off.push(format!("{}: no explanation or difficulty", question.id));
            }
            if let (QuestionKind::FillIn, Key::Words(accepted)) = (question.kind, &question.key)
                && !accepted.iter().any(|word| cited.contains(&words(word)))
            {
                off.push(format!(
                    "{}: {accepted:?} is not in what it cites",
                    question.id
                ));
            }
        }
        assert!(off.is_empty(), "{off:#?}");
    })
    .await;
}

#[tokio::test]
async fn four_topics_have_lessons_with_sound_links_and_checks() {
    world::each(async |db| {
        fill(&db).await;
        let nobody = domain::id::LearnerId(world::event().0);
        let topics = lessons(&db, nobody).await.expect("lessons");
        let names: Vec<&str> = topics.iter().map(|t| t.id.as_str()).collect();
        assert_eq!(
            names,
            ["constitution", "civil-code", "network-security", "rural"]
        );
        assert!(topics.iter().map(|t| t.lessons.len()).sum::<usize>() >= 12);
        let mut videos = 0;
        for row in topics.iter().flat_map(|t| &t.lessons) {
            let found = platform::study::lesson(&db, nobody, &row.id.as_str().into()).await;
            let (lesson, checks, ..) = found.expect("a lesson");
            assert!((1..=3).contains(&checks.len()), "{}", row.id);
            assert!(
                !lesson.citations.is_empty() && lesson.length_ms > 0,
                "{}",
                row.id
            );
            let long = words(&lesson.html).chars().count();
            assert!(
                (400..=2000).contains(&long),
                "{}: {long} characters",
                row.id
            );
            assert!(
                !lesson.html.contains("law:"),
                "{}: a link that leads nowhere",
                row.id
            );
            for link in lesson.html.split("href=\"").skip(1) {
                let link = link.split('"').next().expect("its end");
                let place = link.strip_prefix("/laws/").expect(link);
                let (law, number) = place.split_once('/').expect(link);
                let number = number.split('#').next().expect(link);
                // The slug may stand in the page as it is or in per cent.
                let law = percent(law);
                let page = law::read::section(&db, &law.as_str().into(), None, number).await;
                assert!(page.expect("an answer").is_some(), "{}: {link}", row.id);
            }
            if let Some(video) = &lesson.video {
                videos += 1;
                video_files(video, lesson.length_ms);
            }
        }
        assert!(videos >= 3, "{videos}");
    })
    .await;
}

/// `%E5` and the like turned back.
fn percent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let two = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                let two = String::from_utf8_lossy(&two).into_owned();
                u8::from_str_radix(&two, 16).expect("a byte")
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// The boxes of an MP4 file or of a box in one: its name and what it holds (ISO/IEC 14496-12).
fn boxes(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut all = Vec::new();
    while let [a, b, c, d, rest @ ..] = bytes {
        let size = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        all.push((&rest[..4], &bytes[8..size]));
        bytes = &bytes[size..];
    }
    all
}

/// Two sizes of at most a mebibyte, H.264, its head before its pictures so that it plays while it
/// comes, as long as the lesson says; captions that run forward, a poster.
fn video_files(name: &str, length_ms: i64) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/videos");
    let at = |ending: &str| -> PathBuf { folder.join(format!("{name}{ending}")) };
    for size in ["-360.mp4", "-720.mp4"] {
        let file = std::fs::read(at(size)).expect("a video");
        assert!(file.len() <= 1 << 20, "{name}{size}: {} bytes", file.len());
        let parts = boxes(&file);
        let place = |wanted: &[u8]| parts.iter().position(|(name, _)| *name == wanted);
        assert_eq!(place(b"ftyp"), Some(0), "{name}{size}");
        assert!(
            place(b"moov") < place(b"mdat"),
            "{name}{size}: no faststart"
        );
        let head = parts[place(b"moov").expect("a head")].1;
        assert!(head.windows(4).any(|w| w == b"avc1"), "{name}{size}");
        let movie = boxes(head)[0].1; // mvhd, version 0: times, then the scale and the length
        let number = |at: usize| u32::from_be_bytes(movie[at..at + 4].try_into().expect("4"));
        let length = i64::from(number(16)) * 1_000 / i64::from(number(12));
        assert!(
            (40_000..=90_000).contains(&length),
            "{name}{size}: {length}"
        );
        assert!((length - length_ms).abs() < 1_000, "{name}{size}: {length}");
    }
    let poster = std::fs::read(at(".jpg")).expect("a poster");
    assert_eq!(&poster[..2], [0xFF, 0xD8], "{name}");
    let captions = std::fs::read_to_string(at(".vtt")).expect("captions");
    assert!(captions.starts_with("WEBVTT"), "{name}");
    let cues: Vec<(&str, &str)> = captions
        .lines()
        .filter_map(|line| line.split_once(" --> "))
        .collect();
    assert!(cues.len() > 5, "{name}");
    assert!(cues.iter().all(|(from, to)| from < to), "{name}");
    assert!(
        cues.windows(2).all(|c| c[0].1 <= c[1].0),
        "{name}: captions overlap"
    );
}
