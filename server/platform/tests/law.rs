//! Laws, brought in and read, on both databases: those of the starter always, the whole
//! collection where it lies (beside the repository, or at `ZHIJIAN_SHARED_DATA`).

mod reading;
use crate::world;

use domain::law::{ArticleNumber, FindingReason};
use domain::time::Millis;
use platform::Db;
use platform::law::import::{
    ImportReason, ImportReport, Refusal, Source, Unreadable, UnreadableReason, import, read_folder,
};
use platform::law::read::{self, Contents, NodeKind, Section};
use std::io::Write;
use std::path::{Path, PathBuf};

const NOW: Millis = Millis(1_795_000_000_000);

fn starter() -> Vec<Source> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("starter/laws");
    read_folder(&dir).expect("the starter's laws").0
}

/// The whole collection; says aloud where there is none.
fn collection() -> Option<Vec<Source>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("ZHIJIAN_SHARED_DATA").map_or_else(beside, PathBuf::from);
    match read_folder(&data.join("laws")) {
        Ok((sources, unreadable)) => {
            assert_eq!(unreadable, []);
            Some(sources)
        }
        Err(error) => {
            let words = format!("== NOT TESTED: no laws in {} ({error})", data.display());
            // A test that can not speak still tests.
            let _ = writeln!(std::io::stderr(), "{words}");
            None
        }
    }
}

async fn take(db: &Db, sources: Vec<Source>) -> ImportReport {
    let all = sources.len();
    let mut heard = Vec::new();
    let report = import(db, sources, NOW, |done, of| heard.push((done, of)))
        .await
        .expect("report");
    assert_eq!(heard, (1..=all).map(|done| (done, all)).collect::<Vec<_>>());
    let done = report.created + report.changed + report.unchanged + report.refused;
    assert_eq!((report.files, done), (all, all));
    report
}

fn source(name: &str, text: &str) -> Source {
    let category = name
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder)
        .to_owned();
    Source {
        name: name.into(),
        category,
        text: text.into(),
    }
}

/// A small law of 甲法 with the words given.
fn law(name: &str, part: &str, date: &str, body: &str) -> Source {
    let part = if part.is_empty() {
        String::new()
    } else {
        format!("# {part}\n\n")
    };
    let text = format!("# 中华人民共和国甲法\n\n{part}{date} 通过\n\n<!-- INFO END -->\n\n{body}");
    source(name, &text)
}

/// Created, changed, unchanged, refused.
fn outcome(report: &ImportReport) -> [usize; 4] {
    [
        report.created,
        report.changed,
        report.unchanged,
        report.refused,
    ]
}

/// Files, laws, versions, parts, articles.
fn inside(report: &ImportReport) -> [usize; 5] {
    [
        report.files,
        report.laws,
        report.versions,
        report.parts,
        report.articles,
    ]
}

async fn contents(db: &Db, law: &str, version: Option<&str>) -> Contents {
    read::contents(db, &law.into(), version)
        .await
        .expect("an answer")
        .expect("a law")
}

async fn find(db: &Db, law: &str, address: &str) -> Option<Section> {
    read::section(db, &law.into(), None, address)
        .await
        .expect("an answer")
}

async fn section(db: &Db, law: &str, address: &str) -> Section {
    find(db, law, address).await.expect("a section")
}

fn number(text: &str) -> ArticleNumber {
    text.parse().expect("a number")
}

#[tokio::test]
async fn the_revision_is_another_after_every_change_and_the_same_after_a_repetition() {
    world::each(async |db| {
        let revision = async || read::revision(&db).await.expect("a revision");
        let first = law("a.md", "", "2020年1月1日", "第一条 甲。");
        let changed = law("a.md", "", "2020年1月1日", "第一条 乙。");
        let mut seen = vec![revision().await];
        for text in [&first, &first, &changed, &changed] {
            take(&db, vec![text.clone()]).await;
            seen.push(revision().await);
        }
        let moved: Vec<_> = seen.windows(2).map(|pair| pair[0] != pair[1]).collect();
        assert_eq!(moved, [true, false, true, false]);
    })
    .await;
}

/// Walks from the first section to the last and back, and answers how many nodes it met.
async fn walk(db: &Db, law: &str) -> usize {
    let contents = contents(db, law, None).await;
    let first = contents
        .parts
        .iter()
        .flat_map(|part| &part.entries)
        .next()
        .expect("an entry");
    let mut here = section(db, law, &first.address).await;
    assert_eq!(here.previous, None, "{law}");
    let mut nodes = here.nodes.len();
    while let Some(next) = &here.next {
        let there = section(db, law, &next.address).await;
        let back = there.previous.as_ref().expect("the way back");
        assert_eq!(back.address, here.address, "{law}");
        nodes += there.nodes.len();
        here = there;
    }
    for entry in contents.parts.iter().flat_map(|part| &part.entries) {
        assert!(
            find(db, law, &entry.address).await.is_some(),
            "{law} {}",
            entry.address
        );
    }
    nodes
}

#[tokio::test]
async fn the_starters_laws_are_taken_over_once() {
    world::each(async |db| {
        let report = take(&db, starter()).await;
        assert_eq!(inside(&report), [10, 8, 8, 10, 974]);
        assert_eq!(
            (outcome(&report), report.findings.len()),
            ([10, 0, 0, 0], 0)
        );
        let before = read::list(&db).await.expect("a list");
        let slugs: Vec<&str> = before.iter().map(|law| law.slug.as_str()).collect();
        let wanted = [
            "个人信息保护法",
            "乡村振兴促进法",
            "公务员法",
            "宪法",
            "数据安全法",
            "民法典",
            "网络安全法",
            "行政处罚法",
        ];
        assert_eq!(slugs, wanted);
        let again = take(&db, starter()).await;
        assert_eq!(
            (inside(&again), outcome(&again)),
            (inside(&report), [0, 0, 10, 0])
        );
        assert_eq!(read::list(&db).await.expect("a list"), before);
        for law in wanted {
            assert!(read::exists(&db, &law.into()).await.expect("an answer"));
            assert!(walk(&db, law).await > 0);
        }
        assert!(!read::exists(&db, &"刑法".into()).await.expect("an answer"));
    })
    .await;
}

#[tokio::test]
async fn the_whole_collection_is_taken_over() {
    let Some(sources) = collection() else { return };
    world::each(async |db| {
        // The starter was here first, without folders: its laws get their categories.
        assert_eq!(outcome(&take(&db, starter()).await), [10, 0, 0, 0]);
        let report = take(&db, sources.clone()).await;
        assert_eq!(inside(&report), [52, 41, 47, 52, 4359]);
        assert_eq!(outcome(&report), [42, 8, 2, 0]);
        let again = take(&db, sources.clone()).await;
        assert_eq!(
            (outcome(&again), &again.findings),
            ([0, 0, 52, 0], &report.findings)
        );

        let laws = read::list(&db).await.expect("a list");
        assert!(laws.iter().all(|law| !law.category.is_empty()));
        assert_eq!((laws.len(), laws[0].slug.as_str()), (41, "宪法"));
        let twice: Vec<&str> = laws
            .iter()
            .filter(|law| law.versions == 2)
            .map(|law| law.slug.as_str())
            .collect();
        let wanted = [
            "监察法",
            "立法法",
            "保守国家秘密法",
            "反间谍法",
            "未成年人保护法",
            "行政复议法",
        ];
        assert_eq!(twice, wanted);
        for law in ["宪法", "民法典", "户口登记条例", "人体损伤程度鉴定标准"] {
            let summary = laws
                .iter()
                .find(|summary| summary.slug == law)
                .expect("a law");
            let articles = usize::try_from(summary.articles).expect("few");
            assert!(walk(&db, law).await >= articles.max(1), "{law}");
        }

        let page = section(&db, "刑法", "第一百二十条之一").await;
        assert_eq!(page, section(&db, "刑法", "120-1").await);
        assert_eq!(page.marked.as_deref(), Some("120-1"));
        assert_eq!(page.breadcrumb[0], ("第二编".into(), "分则".into()));
        let inserted = page
            .nodes
            .iter()
            .find(|node| node.address == "120-1")
            .expect("it");
        assert_eq!(inserted.label, "第一百二十条之一");

        let standard = contents(&db, "人体损伤程度鉴定标准", None).await;
        let entry = |title: &str| {
            let found = standard.parts[0]
                .entries
                .iter()
                .find(|entry| entry.title == title);
            found.expect("an entry").clone()
        };
        let page = section(&db, "人体损伤程度鉴定标准", &entry("术语定义").address).await;
        let kinds: Vec<NodeKind> = page.nodes.iter().map(|node| node.kind).collect();
        assert_eq!(kinds, [NodeKind::Heading, NodeKind::Text].repeat(3));
        assert_eq!((page.marked, page.breadcrumb.len()), (None, 1));
        let address = entry("轻伤").address;
        let inner = section(&db, "人体损伤程度鉴定标准", &address).await;
        assert_eq!((inner.nodes, inner.marked), (page.nodes, Some(address)));
    })
    .await;
}

#[tokio::test]
async fn a_changed_file_replaces_its_part_and_nothing_else() {
    world::each(async |db| {
        let date = "2020年1月1日";
        let one = law("甲/一.md", "一编", date, "第一条 甲。\n\n第二条 <乙>。");
        let two = law("甲/二.md", "二编", date, "第三条 丙。");
        take(&db, vec![two.clone(), one]).await;
        let changed = law(
            "乙/一.md",
            "一编",
            date,
            "第一条 改。\n\n## 第一章 章\n\n第二条 乙。",
        );
        assert_eq!(
            outcome(&take(&db, vec![changed.clone(), two.clone()]).await),
            [0, 1, 1, 0]
        );
        let entries = &contents(&db, "甲法", None).await.parts[0].entries;
        let lines: Vec<(&str, &str)> = entries
            .iter()
            .map(|e| (e.title.as_str(), e.address.as_str()))
            .collect();
        assert_eq!(lines, [("", "1"), ("章", "2")]);
        assert_eq!(section(&db, "甲法", "1").await.nodes[0].html, "<p>改。</p>");
        assert_eq!(walk(&db, "甲法").await, 3);
        // Its articles now stand behind those of the other part.
        let moved = law("一.md", "一编", date, "第四条 丁。");
        assert_eq!(
            outcome(&take(&db, vec![moved, two.clone()]).await),
            [0, 1, 1, 0]
        );
        // The part of a file may get another name.
        let renamed = law("一.md", "三编", date, "第四条 丁。");
        assert_eq!(outcome(&take(&db, vec![renamed, two]).await), [0, 1, 1, 0]);
        let parts = contents(&db, "甲法", None).await.parts;
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["二编", "三编"]);
    })
    .await;
}

#[tokio::test]
async fn two_files_never_share_a_part() {
    world::each(async |db| {
        let first = law("a/甲法.md", "", "2020年1月1日", "第一条 甲。");
        let second = law("b/甲法.md", "", "2020年1月1日", "第一条 乙。");
        let same = source("c/丙.md", &first.text);
        let other = law("其他.md", "", "2020年1月1日", "第一条 丙。");
        for round in [[1, 0, 1, 2], [0, 0, 2, 2]] {
            let all = vec![first.clone(), second.clone(), same.clone(), other.clone()];
            let report = take(&db, all).await;
            assert_eq!(
                (outcome(&report), inside(&report)),
                (round, [4, 1, 1, 1, 1])
            );
            let reasons: Vec<_> = report
                .findings
                .iter()
                .map(|f| (f.file.as_str(), f.line, &f.reason))
                .collect();
            let taken = by("a/甲法.md");
            assert_eq!(reasons, [("b/甲法.md", 0, &taken), ("其他.md", 0, &taken)]);
        }
        let alone = take(&db, vec![other]).await;
        assert_eq!(alone.findings[0].reason, by("a/甲法.md"));
        assert_eq!(section(&db, "甲法", "1").await.nodes[0].html, "<p>甲。</p>");
    })
    .await;
}

fn by(file: &str) -> ImportReason {
    ImportReason::File(Refusal::Taken { by: file.into() })
}

#[tokio::test]
async fn a_bad_file_stops_no_other() {
    world::each(async |db| {
        let good = law(
            "甲法.md",
            "",
            "2020年1月1日",
            "第一条 甲。\n\n第一条 又甲。",
        );
        let bad = [
            source("空.md", " \n"),
            source("头.md", "# 乙法\n\n<!-- INFO END -->\n"),
        ];
        let mut report = take(&db, [bad.to_vec(), vec![good]].concat()).await;
        assert_eq!(
            (outcome(&report), inside(&report)),
            ([1, 0, 0, 2], [3, 1, 1, 1, 1])
        );
        let reason = UnreadableReason::TooLarge;
        report.add_unreadable(vec![Unreadable {
            name: "大.md".into(),
            reason,
        }]);
        assert_eq!((report.files, report.refused), (4, 3));
        let json = serde_json::to_value(&report.findings).expect("JSON");
        assert_eq!(json[0]["reason"]["kind"], "no_law");
        assert_eq!(json[1]["reason"]["because"], "no_body");
        assert_eq!(json[3]["reason"]["because"]["kind"], "too_large");
        let repeated = &report.findings[2];
        assert_eq!((repeated.file.as_str(), repeated.line), ("甲法.md", 9));
        assert_eq!(
            repeated.reason,
            ImportReason::Line(FindingReason::NumberRepeated)
        );
        assert_eq!(read::list(&db).await.expect("a list").len(), 1);
    })
    .await;
}

#[test]
fn a_folder_is_read_whatever_lies_in_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = |name: &str| dir.path().join(name);
    std::fs::create_dir_all(at("乙/丙")).expect("folders");
    std::fs::write(at("乙/丙/二.MD"), [0xBC, 0xD7]).expect("甲 in GB18030");
    std::fs::write(at("一.md"), "甲").expect("a file");
    std::fs::write(at("一.txt"), "甲").expect("a file");
    std::fs::write(at("乙/坏.md"), [0xFF; 4]).expect("a file");
    std::fs::File::create(at("大.md"))
        .and_then(|f| f.set_len(8 << 20 | 1))
        .expect("a file");
    let (sources, unreadable) = read_folder(dir.path()).expect("the folder");
    let found = |name: &str, category: &str| Source {
        name: name.into(),
        category: category.into(),
        text: "甲".into(),
    };
    assert_eq!(sources, [found("一.md", ""), found("乙/丙/二.MD", "丙")]);
    let bad = |name: &str, reason| Unreadable {
        name: name.into(),
        reason,
    };
    let wanted = [
        bad("乙/坏.md", UnreadableReason::NotText),
        bad("大.md", UnreadableReason::TooLarge),
    ];
    assert_eq!(unreadable, wanted);
    assert!(read_folder(&at("没有")).is_err());
}
