//! What readers find, and what they do not.

use super::*;

#[tokio::test]
async fn the_parts_of_a_law_stand_in_the_order_of_their_articles() {
    world::each(async |db| {
        let mut sources = starter();
        sources.reverse();
        take(&db, sources).await;
        let code = contents(&db, "民法典", None).await;
        let parts: Vec<&str> = code.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(parts, ["总则", "人格权编", "侵权责任编"]);
        assert_eq!(code.versions, ["2020-05-28"]);
        assert_eq!(code.effective_date.as_deref(), Some("2021-01-01"));
        assert_eq!(
            code.parts[0].history,
            [
                "2020年5月28日 第十三届全国人民代表大会第三次会议通过",
                "2021年1月1日 施行"
            ]
        );
        let entry = &code.parts[0].entries[2];
        assert_eq!(
            (entry.label.as_str(), entry.title.as_str()),
            ("第一节", "民事权利能力和民事行为能力")
        );
        assert_eq!(
            (entry.from, entry.to),
            (Some(number("13")), Some(number("25")))
        );
        // 第二章 has no words of its own: it leads to its first 节, and spans them all.
        let above = &code.parts[0].entries[1];
        assert_eq!(
            (above.address.as_str(), above.to),
            ("13", Some(number("56")))
        );

        let page = section(&db, "民法典", "1032").await;
        assert_eq!(
            (page.part.as_str(), page.address.as_str()),
            ("人格权编", "1032")
        );
        assert_eq!(
            page.breadcrumb,
            [("第六章".into(), "隐私权和个人信息保护".into())]
        );
        assert_eq!(page.nodes.len(), 8);
        assert_eq!(page.nodes[0].label, "第一千零三十二条");
        assert!(page.nodes[0].html.starts_with("<p>自然人享有隐私权。"));
        assert_eq!(page.marked.as_deref(), Some("1032"));
        let previous = page.previous.expect("a section before");
        assert_eq!(
            (previous.address.as_str(), previous.label.as_str()),
            ("1024", "第五章")
        );
        let next = page.next.expect("a section after");
        assert_eq!(
            (next.address.as_str(), next.part.as_str()),
            ("1164", "侵权责任编")
        );
    })
    .await;
}

#[tokio::test]
async fn a_preamble_is_read_like_an_article() {
    world::each(async |db| {
        take(&db, starter()).await;
        let law = contents(&db, "宪法", None).await;
        let entry = &law.parts[0].entries[0];
        assert_eq!((entry.title.as_str(), entry.from), ("序言", None));
        let page = section(&db, "宪法", &entry.address).await;
        assert_eq!((page.nodes[0].kind, page.marked), (NodeKind::Text, None));
        assert!(
            page.nodes[0]
                .html
                .starts_with("<p>中国是世界上历史最悠久的国家之一。")
        );
        assert_eq!(page.next.expect("a section after").address, "1");
        assert_eq!(section(&db, "宪法", "s0-0").await.address, page.address);
        for nowhere in [
            "144",
            "0",
            "s0-9999",
            "s7-1",
            "s0-",
            "s-1-1",
            "",
            "../1",
            "第九百条",
        ] {
            assert_eq!(find(&db, "宪法", nowhere).await, None, "{nowhere}");
        }
    })
    .await;
}

#[tokio::test]
async fn versions_stand_side_by_side() {
    world::each(async |db| {
        let old = law(
            "旧/甲法.md",
            "",
            "2001年1月1日",
            "第一条 旧一。\n\n第二条 旧二。",
        );
        let new = law("新/甲法.md", "", "2020年1月1日", "第一条 新一。");
        take(&db, vec![new, old]).await;
        let law = contents(&db, "甲法", None).await;
        assert_eq!((law.category.as_str(), law.is_latest), ("新", true));
        assert_eq!(law.versions, ["2020-01-01", "2001-01-01"]);
        assert!(!contents(&db, "甲法", Some("2001-01-01")).await.is_latest);
        let none = read::contents(&db, &"甲法".into(), Some("1999-01-01")).await;
        assert_eq!(none.expect("an answer"), None);
        let words = async |version, article: &str| {
            let text = read::article(&db, &"甲法".into(), version, number(article)).await;
            text.expect("an answer")
                .map(|text| (text.label, text.html, text.version_date))
        };
        let text = |label: &str, words: &str, date: &str| {
            Some((label.to_owned(), format!("<p>{words}</p>"), date.to_owned()))
        };
        assert_eq!(
            words(None, "1").await,
            text("第一条", "新一。", "2020-01-01")
        );
        assert_eq!(
            words(Some("2001-01-01"), "2").await,
            text("第二条", "旧二。", "2001-01-01")
        );
        // An article that the newest version dropped is not shown from an older one.
        assert_eq!(words(None, "2").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_law_without_headings_is_read_in_pages() {
    world::each(async |db| {
        let articles: Vec<String> = (1..=170)
            .map(|n| format!("{} 文。", ArticleNumber::new(n, 0).expect("it")))
            .collect();
        take(&db, vec![law("甲法.md", "", "", &articles.join("\n\n"))]).await;
        let law = contents(&db, "甲法", None).await;
        assert_eq!(
            (law.version_date.as_str(), &law.versions[..]),
            ("", &[String::new()][..])
        );
        let pages: Vec<&str> = law.parts[0]
            .entries
            .iter()
            .map(|e| e.address.as_str())
            .collect();
        assert_eq!(pages, ["1", "58", "115"]);
        let page = section(&db, "甲法", "60").await;
        assert_eq!(
            (page.nodes[0].address.as_str(), page.nodes.len()),
            ("58", 57)
        );
        assert_eq!(page.next.expect("a page after").label, "第一百一十五条");
        assert_eq!((page.breadcrumb, walk(&db, "甲法").await), (vec![], 170));
    })
    .await;
}
