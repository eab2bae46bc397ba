use super::*;
use domain::contest::entry::PostLevel;
use domain::contest::{counting::Counting, format::Format, papers::Papers};
use domain::org::UnitKind;
use domain::question::QuestionKind;

fn contest(kind: ContestKind, rules: Rules) -> Contest {
    Contest {
        id: domain::id::ContestId(uuid::Uuid::nil()),
        kind,
        title: "竞赛".into(),
        summary: "一句话".into(),
        unit: "51".into(),
        opens_at: Millis(1_795_485_600_000),
        closes_at: Millis(1_795_572_000_000),
        rules,
        posted_at: None,
        barred: None,
    }
}

fn section(topic: &str, count: usize) -> Section {
    Section {
        topics: vec![topic.into()],
        kinds: vec![QuestionKind::TrueFalse],
        difficulties: vec![1, 3],
        count,
    }
}

#[test]
fn what_a_contest_says_comes_back_from_its_form_whole() {
    let rules = Rules {
        questions: 7,
        sections: vec![section("a", 3), section("b", 4)],
        bands: vec![Band {
            from: 1,
            to: 3,
            credits: 30,
        }],
        counting: Counting::Last,
        format: Format::Streak,
        papers: Papers::Same,
        line: Some(Line::Points(60)),
        entry: Entry {
            within: vec!["5101".into()],
            kinds: vec![UnitKind::County],
            posts: vec![PostLevel::Division],
            listed: true,
        },
        ..Rules::default()
    };
    let themed = contest(ContestKind::Themed, rules.clone());
    let draft = Typed::of_contest(&themed).draft(ContestKind::Themed);
    assert_eq!(draft.rules, rules);
    assert_eq!(
        (draft.opens_at, draft.closes_at),
        (Some(themed.opens_at), Some(themed.closes_at))
    );
}

#[test]
fn a_row_that_is_removed_lets_the_others_move_up() {
    let rules = Rules {
        sections: vec![section("a", 1), section("b", 2), section("c", 3)],
        ..Rules::default()
    };
    let mut typed = Typed::of_contest(&contest(ContestKind::Themed, rules));
    typed.remove(Rows::Sections, 1);
    typed.remove(Rows::Sections, 9);
    let left = typed.draft(ContestKind::Themed).rules.sections;
    assert_eq!(left, [section("a", 1), section("c", 3)]);
    typed.add(Rows::Bands);
    assert_eq!(typed.get("b0-from"), "1");
}

#[test]
fn the_first_section_takes_over_the_topics_and_the_number_of_questions() {
    let rules = Rules {
        topics: vec!["a".into()],
        questions: 12,
        ..Rules::default()
    };
    let mut typed = Typed::of_contest(&contest(ContestKind::Themed, rules));
    typed.add(Rows::Sections);
    let sections = typed.draft(ContestKind::Themed).rules.sections;
    assert_eq!(
        (sections[0].count, &sections[0].topics[..]),
        (12, &["a".into()][..])
    );
}

#[test]
fn what_is_no_number_is_outside_every_range() {
    let fields = [
        ("minutes", "十"),
        ("s0-count", ""),
        ("sections", "1"),
        ("points", "1.5"),
    ];
    let fields = fields.map(|(n, v)| (n.to_owned(), v.to_owned()));
    let rules = Typed::of_form(fields.to_vec())
        .draft(ContestKind::Themed)
        .rules;
    assert_eq!((rules.minutes, rules.points), (-1, -1));
    assert_eq!(rules.sections[0].count, usize::MAX);
}
