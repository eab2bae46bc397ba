//! Whole texts, right and wrong; those that turn on the head stand beside it.

use proptest::prelude::*;

use super::*;
use crate::law::{Heading, Level};

pub(super) const HEAD: &str = "# 中华人民共和国甲法\n\n2020年5月28日 通过\n\n<!-- INFO END -->\n\n";

/// Reads a body under a right head.
fn law(body: &str) -> ParsedLaw {
    parse(&format!("{HEAD}{body}"), "甲法.md").expect("a law")
}

/// The body in short: `#2 第一章|总则`, `1: 甲/乙`, `甲/乙`.
pub(super) fn outline(law: &ParsedLaw) -> Vec<String> {
    law.body
        .iter()
        .map(|node| match node {
            Node::Heading(Heading {
                depth,
                label,
                title,
                ..
            }) => {
                format!("#{depth} {}|{title}", label.as_deref().unwrap_or(""))
            }
            Node::Article { number, paragraphs } => {
                format!("{}: {}", number.address(), paragraphs.join("/"))
            }
            Node::Text { paragraphs } => paragraphs.join("/"),
        })
        .collect()
}

pub(super) fn reasons(law: &ParsedLaw) -> Vec<(usize, FindingReason)> {
    law.findings
        .iter()
        .map(|f| (f.line, f.reason.clone()))
        .collect()
}

fn number(address: &str) -> crate::law::ArticleNumber {
    address.parse().expect(address)
}

#[test]
fn words_outside_articles_are_texts() {
    let law = law("## 序言\n\n甲。\n\n乙。\n\n## 第一章 总纲\n\n第一条 丙。\n\n## 附件一\n\n丁。");
    assert_eq!(
        outline(&law),
        [
            "#1 |序言",
            "甲。/乙。",
            "#1 第一章|总纲",
            "1: 丙。",
            "#1 |附件一",
            "丁。"
        ]
    );
}

#[test]
fn a_text_without_any_article_is_a_law_too() {
    let law = law("根据需要，决定：\n\n一、甲。\n\n“第一条 乙。”\n\n二、丙。");
    assert_eq!(
        outline(&law),
        ["根据需要，决定：/一、甲。/“第一条 乙。”/二、丙。"]
    );
    assert_eq!(law.articles().count(), 0);
    assert_eq!(law.findings, []);
}

#[test]
fn inserted_articles_follow_theirs() {
    let law = law(
        "第一百二十条 甲。\n\n第一百二十条之一 乙。\n\n第一百二十条之二　丙。\n\n第一百二十一条 丁。",
    );
    assert_eq!(
        outline(&law),
        ["120: 甲。", "120-1: 乙。", "120-2: 丙。", "121: 丁。"]
    );
    assert_eq!(law.findings, []);
}

#[test]
fn an_article_that_is_only_mentioned_opens_none() {
    let law =
        law("第一条 甲。\n\n第三十八条规定的，从其规定。\n\n第一条之规定适用。\n\n第二条 乙。");
    assert_eq!(
        outline(&law),
        [
            "1: 甲。/第三十八条规定的，从其规定。/第一条之规定适用。",
            "2: 乙。"
        ]
    );
    assert_eq!(law.findings, []);
}

#[test]
fn the_next_number_without_white_space_is_told() {
    let law = law("第一条 甲。\n第二条乙。\n第三条 丙。");
    assert_eq!(outline(&law), ["1: 甲。/第二条乙。", "3: 丙。"]);
    assert_eq!(
        reasons(&law),
        [
            (8, FindingReason::PerhapsArticle),
            (9, FindingReason::NumbersSkipped { after: number("1") }),
        ]
    );
}

#[test]
fn a_number_that_can_not_be_read_is_told() {
    let law = law(
        "第一条 甲。\n第一万亿条 乙。\n**第廿条** 丙。\n## 第零条 丁\n第条 戊。\n\
         第三人按照前条规定办理。\n第二条 己。",
    );
    let unread: Vec<usize> = reasons(&law)
        .into_iter()
        .filter(|(_, reason)| *reason == FindingReason::NumberUnread)
        .map(|(line, _)| line)
        .collect();
    assert_eq!(unread, [8, 9, 10, 11]);
}

#[test]
fn numbers_are_read_however_they_are_set() {
    let law = law(
        "　　第 一 条　甲。\n**第二条** 乙。\n**第三条 立法目的** 丙。\n第四条【丁】戊。\n\
         ### 第五条 己\n庚。\n第六条\n辛。\n**第七条**壬。\n第8条 癸。",
    );
    assert_eq!(
        outline(&law),
        [
            "1: 甲。",
            "2: 乙。",
            "3: **立法目的** 丙。",
            "4: 【丁】戊。",
            "5: 己/庚。",
            "6: 辛。",
            "7: 壬。",
            "8: 癸。",
        ]
    );
    assert_eq!(law.findings, []);
}

#[test]
fn repeated_and_stray_numbers_are_told_and_kept_as_text() {
    let law = law("第一条 甲。\n第一条 乙。\n第二条 丙。\n第九十条 丁。\n第三条 戊。\n第二条 己。");
    assert_eq!(
        outline(&law),
        [
            "1: 甲。/第一条 乙。",
            "2: 丙。/第九十条 丁。",
            "3: 戊。/第二条 己。"
        ]
    );
    assert_eq!(
        reasons(&law),
        [
            (8, FindingReason::NumberRepeated),
            (
                10,
                FindingReason::NumberOutOfOrder {
                    after: Some(number("2"))
                }
            ),
            (12, FindingReason::NumberRepeated),
        ]
    );
}

#[test]
fn a_law_may_begin_anywhere_but_not_skip() {
    let law = law("第三十二条 甲。\n第三十三条 乙。\n第三十六条 丙。");
    assert_eq!(
        reasons(&law),
        [(
            9,
            FindingReason::NumbersSkipped {
                after: number("33")
            }
        )]
    );
}

#[test]
fn an_annex_has_no_articles_of_the_law() {
    let law = law("第一条 甲。\n第二条 乙。\n附件：名单\n第一条 丙。\n第二条 丁。\n第三条 戊。");
    assert_eq!(
        outline(&law),
        [
            "1: 甲。",
            "2: 乙。",
            "#1 |附件：名单",
            "第一条 丙。/第二条 丁。/第三条 戊。"
        ]
    );
    let lines: Vec<_> = reasons(&law).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [10, 11, 12]);
    assert_eq!(law.findings[0].reason, FindingReason::NumberInAnnex);
}

#[test]
fn a_list_amid_the_law_that_is_called_an_annex_does_not_end_it() {
    let law = law("第一条 甲。\n附表\n| 乙 |\n第二条 丙。");
    assert_eq!(outline(&law), ["1: 甲。", "#1 |附表", "| 乙 |", "2: 丙。"]);
    assert_eq!(law.findings, []);
}

#[test]
fn articles_that_an_amendment_quotes_are_its_words() {
    let law = law(
        "第五十一条 甲。\n第五十二条 增加一节，内容如下：\n第七节 乙\n第一百二十三条 丙。\n丁。\n\
         第一百二十四条 戊。\n第五十三条 己。\n## 附则\n第五十四条 庚。",
    );
    assert_eq!(
        outline(&law),
        [
            "51: 甲。",
            "52: 增加一节，内容如下：/第七节 乙/第一百二十三条 丙。/丁。/第一百二十四条 戊。",
            "53: 己。",
            "#1 |附则",
            "54: 庚。",
        ]
    );
    let by = number("52");
    assert_eq!(
        reasons(&law),
        [
            (10, FindingReason::NumberQuoted { by }),
            (12, FindingReason::NumberQuoted { by }),
        ]
    );
}

#[test]
fn headings_without_marks_and_a_table_of_contents_are_read() {
    let law = law(
        "目　录\n第一章 总则……1\n第二章 附则……2\n第一章 总 则\n第一条 甲。\n第二章 附 则\n第二条 乙。",
    );
    assert_eq!(
        outline(&law),
        [
            "#1 |目录",
            "第一章 总则……1/第二章 附则……2",
            "#1 第一章|总则",
            "1: 甲。",
            "#1 第二章|附则",
            "2: 乙。",
        ]
    );
    assert_eq!(law.findings, []);
}

#[test]
fn headings_are_nested_by_what_they_head() {
    let law =
        law("## 第一分编 通则\n## 第一章 甲\n第一条 乙。\n## 第三分编 准 合 同\n#### 第二章 丙");
    assert_eq!(
        outline(&law),
        [
            "#1 第一分编|通则",
            "#2 第一章|甲",
            "1: 乙。",
            "#1 第三分编|准合同",
            "#2 第二章|丙"
        ]
    );
    assert!(matches!(&law.body[0], Node::Heading(h) if h.level == Level::SubPart));
}

#[test]
fn a_blank_heading_is_left_out_and_told() {
    let law = law("##\n\n第一条 甲。\n\n##\n乙。");
    assert_eq!(outline(&law), ["1: 甲。", "乙。"]);
    assert_eq!(
        reasons(&law),
        [
            (7, FindingReason::BlankHeading),
            (11, FindingReason::BlankHeading)
        ]
    );
}

#[test]
fn what_is_no_law_fails_with_its_reason() {
    assert_eq!(parse(" \n\u{FEFF}\n", "甲.md"), Err(ParseFailure::Empty));
    assert_eq!(parse("第一条 甲。", ""), Err(ParseFailure::NoTitle));
    assert_eq!(parse("# ?\n第一条 甲。", ""), Err(ParseFailure::NoTitle));
    assert_eq!(parse(HEAD, ""), Err(ParseFailure::NoBody));
}

#[test]
fn odd_lines_are_told() {
    let law = parse(
        "# 甲法\n# 总则\n# 又一\n2021年2月30日 通过\n<!-- INFO END -->\n<!-- 待核 -->\n第一条\n第二条 \u{FFFD}。",
        "",
    )
    .expect("a law");
    assert_eq!(
        reasons(&law),
        [
            (3, FindingReason::ExtraTitle),
            (4, FindingReason::ImpossibleDate),
            (6, FindingReason::UnknownComment),
            (7, FindingReason::ArticleEmpty),
            (8, FindingReason::UnreadableCharacter),
        ]
    );
}

#[test]
fn marks_within_the_words_stay() {
    let law = law(
        "第一条 见[附件](a.md)和**重点**。\n\n| 甲 | 乙 |\n| --- | --- |\n\n<!-- FORCE BREAK -->\n\n> 丙",
    );
    assert_eq!(
        outline(&law),
        ["1: 见[附件](a.md)和**重点**。/| 甲 | 乙 |/| --- | --- |/> 丙"]
    );
    assert_eq!(law.findings, []);
}

#[test]
fn a_finding_quotes_at_most_eighty_characters() {
    let law = law(&format!("第一条 甲。\n第二条{}", "乙".repeat(300)));
    assert_eq!(law.findings[0].text.chars().count(), 80);
}

#[test]
fn a_law_survives_json() {
    let law = law("## 第一章 甲\n第一条 乙。\n第一条 丙。\n第四条 丁。");
    let json = serde_json::to_string(&law).expect("json");
    assert_eq!(
        serde_json::from_str::<ParsedLaw>(&json).expect("a law"),
        law
    );
}

/// Lines as files have them, and worse.
fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "第[一二三十百〇零]{1,4}条(之[一二十])?[ 　规甲]?甲?",
        "#{0,4} ?第[一二三]{1,2}(编|分编|章|节)[ 　]?[总则 ]{0,4}",
        "#{0,3} ?(附件|附则|序言|目 录|附表：甲)?",
        "[（(]?[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日[通过施行 ]{0,4}[）)]?",
        Just("<!-- INFO END -->".to_owned()),
        "# ?甲?法?",
        "[*#<>第条之一\\-! 　]{0,8}",
        "\\PC{0,12}",
    ]
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), name in any::<String>()) {
        let _ = parse(&text, &name);
    }

    #[test]
    fn no_lines_make_it_panic_or_break_the_order(lines in prop::collection::vec(any_line(), 0..30)) {
        if let Ok(law) = parse(&lines.join("\n"), "甲法.md") {
            let numbers: Vec<_> = law.articles().map(|(number, _)| number).collect();
            prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(law.findings.is_sorted_by_key(|finding| finding.line));
            prop_assert!(!law.slug.is_empty() && !law.slug.contains(['/', '?', '#', '%', '\\', ' ']));
            for node in &law.body {
                if let Node::Article { paragraphs, .. } | Node::Text { paragraphs } = node {
                    prop_assert!(paragraphs.iter().all(|words| words.trim() == words && !words.is_empty()));
                }
            }
        }
    }
}
