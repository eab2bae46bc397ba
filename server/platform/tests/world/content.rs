//! A small law, questions of every type, two lessons, a contest.

use super::{NOW, people};
use domain::contest::{Band, ContestKind, Rules};
use domain::id::{ContestId, QuestionId, TopicId};
use domain::question::{Answer, Key, Question, QuestionKind};
use domain::time::{MINUTE, Millis, SECOND};
use platform::contest::{AskedQuestion, NewContest, put_contest};
use platform::law::import::{Source, import};
use platform::study::{Lesson, LessonKind, put_lesson, put_topic};
use platform::{Db, id, question};

/// Units, 甲法 of three articles, a topic of `questions` questions, the lessons `text` and `video`
/// of a minute each: the first is checked by q000 and q001, the second by nothing.
pub async fn small(db: &Db, questions: usize) {
    people::units(db).await;
    law(db).await;
    let bank: Vec<Question> = (0..questions).map(numbered).collect();
    let done = db.write(move |tx| {
        Box::pin(async move {
            put_topic(tx, &"topic".into(), "专题", "一句话", 1).await?;
            for question in &bank {
                question::put(tx, question).await?;
            }
            let check = bank.iter().take(2).map(|q| q.id.clone()).collect();
            put_lesson(tx, &lesson("text", LessonKind::Text, check)).await?;
            put_lesson(tx, &lesson("video", LessonKind::Video, Vec::new())).await
        })
    });
    done.await.expect("content");
}

/// 甲法 of 2020, three articles.
pub async fn law(db: &Db) {
    let text = "# 中华人民共和国甲法\n\n2020年1月1日 通过\n\n<!-- INFO END -->\n\n\
                第一条 一。\n\n第二条 二。\n\n第三条 三。";
    let source = Source {
        name: "甲法.md".into(),
        category: String::new(),
        text: text.into(),
    };
    let report = import(db, vec![source], NOW, |_, _| {}).await;
    assert_eq!(report.expect("a report").created, 1);
}

/// The `n`th question, of the four types in turn.
pub fn numbered(n: usize) -> Question {
    let options = |n: usize| {
        ["甲", "乙", "丙", "丁"][..n]
            .iter()
            .map(|o| (*o).to_owned())
            .collect()
    };
    let (kind, options, key) = match n % 4 {
        0 => (QuestionKind::Single, options(4), Key::Choices([1].into())),
        1 => (
            QuestionKind::Multiple,
            options(4),
            Key::Choices([0, 2].into()),
        ),
        2 => (
            QuestionKind::TrueFalse,
            vec!["对".into(), "错".into()],
            Key::Choices([1].into()),
        ),
        _ => (
            QuestionKind::FillIn,
            vec![],
            Key::Words(vec!["三十日".into(), "30日".into()]),
        ),
    };
    let blank = if kind == QuestionKind::FillIn {
        "____"
    } else {
        ""
    };
    Question {
        id: QuestionId(format!("q{n:03}")),
        topic: TopicId("topic".into()),
        kind,
        difficulty: 1,
        stem: format!("第{n}题{blank}"),
        options,
        key,
        explanation: format!("说明{n}"),
        citations: vec!["甲法#第一条".parse().expect("a citation")],
        family: None,
    }
}

fn lesson(id: &str, kind: LessonKind, check: Vec<QuestionId>) -> Lesson {
    Lesson {
        id: id.into(),
        topic: "topic".into(),
        kind,
        title: format!("课件{id}"),
        summary: "一句话".into(),
        html: "<p>一。</p>".into(),
        length_ms: 60 * SECOND,
        share: 900,
        video: (kind == LessonKind::Video).then(|| id.to_owned()),
        position: 1,
        citations: vec!["甲法#2".parse().expect("a citation")],
        check,
    }
}

/// The right answer.
pub fn right(question: &Question) -> Answer {
    match &question.key {
        Key::Choices(options) => Answer::Choices(options.iter().copied().collect()),
        Key::Words(words) => Answer::Words(words[0].clone()),
    }
}

/// A wrong answer that fits.
pub fn wrong(question: &Question) -> Answer {
    match &question.key {
        Key::Choices(options) => {
            let other = (0_u8..).find(|o| !options.contains(o));
            Answer::Choices(other.into_iter().collect())
        }
        Key::Words(_) => Answer::Words("另一个".into()),
    }
}

/// An answer by option, in places as a paper shows them.
pub fn as_shown(asked: &AskedQuestion, answer: Answer) -> Answer {
    match answer {
        Answer::Choices(options) => {
            let place = |o: u8| asked.order.iter().position(|at| *at == o).expect("a place");
            Answer::Choices(
                options
                    .into_iter()
                    .map(|o| u8::try_from(place(o)).expect("few"))
                    .collect(),
            )
        }
        words => words,
    }
}

/// Four questions, five minutes, two attempts, ten points each; 5 credits for taking part, 50 for
/// the first and 30 for the second and third.
pub fn rules() -> Rules {
    let band = |from, to, credits| Band { from, to, credits };
    Rules {
        questions: 4,
        minutes: 5,
        attempts: 2,
        points: 10,
        topics: Vec::new(),
        bands: vec![band(1, 1, 50), band(2, 3, 30)],
        taking_part: 5,
        ..Rules::default()
    }
}

/// When the contest of [`contest`] ends.
pub const CLOSES: Millis = Millis(NOW.0 + 60 * MINUTE);

/// A contest of the learners of `unit`, open from an hour before [`NOW`] to an hour after.
pub async fn contest(db: &Db, unit: &str, rules: Rules) -> ContestId {
    let id = ContestId(id::fresh(NOW).expect("an id"));
    let contest = NewContest {
        kind: ContestKind::Themed,
        id,
        title: "竞赛".into(),
        summary: "一句话".into(),
        unit: unit.into(),
        opens_at: NOW.plus(-60 * MINUTE),
        closes_at: CLOSES,
        rules,
    };
    let done = db.write(move |tx| Box::pin(async move { put_contest(tx, &contest).await }));
    done.await.expect("a contest");
    id
}
