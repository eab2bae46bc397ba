//! The parser over the laws that the project has: all of them are read, and nothing is lost.
//!
//! The laws lie outside the repository, at `ZHIJIAN_SHARED_DATA` or beside it; where they are
//! not, the tests that need them say so and pass. The starter's laws lie inside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use domain::law::{FindingReason, Node, ParsedLaw, parse};

/// A file, by its name, with its text.
type Files = BTreeMap<String, String>;

fn shared_laws() -> Option<Files> {
    let root = env::var_os("ZHIJIAN_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let laws = root.join("laws");
    if !laws.is_dir() {
        eprintln!(
            "SKIPPED: no laws at {}; set ZHIJIAN_SHARED_DATA",
            laws.display()
        );
        return None;
    }
    let mut files = Files::new();
    collect(&laws, &mut files);
    Some(files)
}

fn starter_laws() -> Option<Files> {
    let laws = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../server/platform/starter/laws");
    if !laws.is_dir() {
        eprintln!("SKIPPED: no starter laws at {}", laws.display());
        return None;
    }
    let mut files = Files::new();
    collect(&laws, &mut files);
    Some(files)
}

fn collect(folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let name = path.file_name().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("a text");
            files.insert(name.into_owned(), text);
        }
    }
}

fn read(files: &Files, name: &str) -> ParsedLaw {
    parse(&files[name], name).expect(name)
}

/// The words of a file without marks, comments and white space.
fn words_of_file(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("<!--"))
        .flat_map(|line| line.trim_start_matches('#').chars())
        .filter(|c| !c.is_whitespace() && *c != '\u{200B}')
        .collect()
}

/// The words of a law in the order of its file, without white space.
fn words_of_law(law: &ParsedLaw) -> String {
    let mut words = law.title.clone();
    words.extend(law.part.clone());
    words.extend(law.history.iter().map(|line| line.text.as_str()));
    for node in &law.body {
        match node {
            Node::Heading(heading) => {
                words.extend(heading.label.clone());
                words.push_str(&heading.title);
            }
            Node::Article { number, paragraphs } => {
                words.push_str(&number.to_string());
                words.extend(paragraphs.iter().map(String::as_str));
            }
            Node::Text { paragraphs } => words.extend(paragraphs.iter().map(String::as_str)),
        }
    }
    words.split_whitespace().collect()
}

fn nothing_is_lost_in(files: &Files) {
    for (name, text) in files {
        let law = read(files, name);
        assert_eq!(words_of_law(&law), words_of_file(text), "{name}");
    }
}

#[test]
fn nothing_is_lost() {
    if let Some(files) = shared_laws() {
        assert_eq!(files.len(), 52);
        nothing_is_lost_in(&files);
    }
}

#[test]
fn nothing_is_lost_of_the_starter() {
    if let Some(files) = starter_laws() {
        assert_eq!(files.len(), 10);
        nothing_is_lost_in(&files);
        let mut slugs: Vec<String> = files.keys().map(|name| read(&files, name).slug).collect();
        slugs.sort();
        slugs.dedup();
        let known = [
            "个人信息保护法",
            "乡村振兴促进法",
            "公务员法",
            "宪法",
            "数据安全法",
            "民法典",
            "网络安全法",
            "行政处罚法",
        ];
        assert_eq!(slugs, known);
    }
}

/// How many articles a file has, and which are the first and the last.
const COUNTS: [(&str, usize, &str, &str); 18] = [
    ("刑法.md", 505, "1", "452"),
    ("宪法.md", 143, "1", "143"),
    ("宪法修正案（2018年）.md", 21, "32", "52"),
    ("总则.md", 204, "1", "204"),
    ("合同编.md", 526, "463", "988"),
    ("人格权编.md", 51, "989", "1039"),
    ("婚姻家庭编.md", 79, "1040", "1118"),
    ("侵权责任编.md", 95, "1164", "1258"),
    ("附则.md", 2, "1259", "1260"),
    ("立法法(2023-03-13).md", 120, "1", "120"),
    ("行政处罚法(2021-01-22).md", 86, "1", "86"),
    ("网络安全法(2016-11-07).md", 79, "1", "79"),
    ("个人信息保护法(2021-08-20).md", 74, "1", "74"),
    ("户口登记条例(1958-01-09).md", 24, "1", "24"),
    ("军队参加抢险救灾条例(2005-06-07).md", 18, "1", "18"),
    ("刑法修正案（十二）(2023-12-29).md", 0, "", ""),
    ("人体损伤程度鉴定标准(2014-01-01).md", 0, "", ""),
    (
        "最高人民法院关于修改《关于上海金融法院案件管辖的规定》的决定.md",
        0,
        "",
        "",
    ),
];

#[test]
fn every_law_has_its_articles() {
    let Some(files) = shared_laws() else { return };
    for (name, count, first, last) in COUNTS {
        let law = read(&files, name);
        let numbers: Vec<String> = law.articles().map(|(n, _)| n.address()).collect();
        assert_eq!(numbers.len(), count, "{name}");
        assert_eq!(numbers.first().map_or("", String::as_str), first, "{name}");
        assert_eq!(numbers.last().map_or("", String::as_str), last, "{name}");
    }
}

#[test]
fn all_laws_together_have_their_articles() {
    let Some(files) = shared_laws() else { return };
    let laws = files.keys().map(|name| read(&files, name));
    // 4 364 lines begin with a number; five of them an amendment quotes.
    assert_eq!(laws.map(|law| law.articles().count()).sum::<usize>(), 4_359);
}

#[test]
fn the_inserted_articles_of_the_criminal_law_are_its_own() {
    let Some(files) = shared_laws() else { return };
    let law = read(&files, "刑法.md");
    let inserted = law.articles().filter(|(number, _)| number.sub() > 0);
    assert_eq!(inserted.count(), 53);
    let wanted = "第一百二十条之一".parse().expect("a number");
    let (_, paragraphs) = law
        .articles()
        .find(|(number, _)| *number == wanted)
        .expect("it");
    assert_eq!(paragraphs.len(), 3);
    assert!(paragraphs[0].starts_with("资助恐怖活动组织"));
}

#[test]
fn every_law_has_a_version() {
    let Some(files) = shared_laws() else { return };
    for name in files.keys() {
        assert!(read(&files, name).version.is_some(), "{name}");
    }
}

#[test]
fn the_findings_are_known() {
    let Some(files) = shared_laws() else { return };
    let found: Vec<(&str, usize, FindingReason)> = files
        .keys()
        .flat_map(|name| {
            let law = read(&files, name);
            law.findings
                .into_iter()
                .map(move |f| (name.as_str(), f.line, f.reason))
        })
        .collect();
    let quoted = |line| {
        let by = "52".parse().expect("a number");
        let reason = FindingReason::NumberQuoted { by };
        ("宪法修正案（2018年）.md", line, reason)
    };
    let mut known: Vec<_> = [53, 55, 69, 73, 75].map(quoted).into();
    known.push(("附则.md", 11, FindingReason::BlankHeading));
    assert_eq!(found, known);
}
