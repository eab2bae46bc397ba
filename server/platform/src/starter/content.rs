//! Starter content: laws, lessons, questions and a contest, from the files in `starter/`.

use crate::contest::{NewContest, put_contest};
use crate::db::Db;
use crate::law::import::Source;
use crate::study::{Lesson, LessonKind, put_lesson, put_topic};
use crate::{Error, Result, id, question};
use domain::contest::team::TeamRules;
use domain::contest::{Band, ContestKind, Rules};
use domain::id::{ContestId, LessonId, QuestionId, TopicId, UnitId};
use domain::question::{Key, Question, QuestionKind};
use domain::study::DEFAULT_SHARE;
use domain::time::{DAY, Millis, SECOND};
use include_dir::{Dir, include_dir};
use pulldown_cmark::{Event, Tag, html};
use serde::Deserialize;

static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter");

/// Characters of a text that a quick reader takes in a second; a text lesson's length is its
/// characters at that pace, so that reading it honestly always covers it.
const QUICK_READING: i64 = 10;

/// A file of a topic.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StarterFile {
    /// The topic; a file without one only adds to the topics of others.
    pub topic: Option<StarterTopic>,
    /// Lessons.
    #[serde(default)]
    pub lesson: Vec<StarterLesson>,
    /// Questions.
    #[serde(default)]
    pub question: Vec<StarterQuestion>,
}

/// A topic.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StarterTopic {
    id: String,
    name: String,
    summary: String,
    position: i64,
}

/// A lesson.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StarterLesson {
    id: String,
    topic: Option<String>,
    kind: LessonKind,
    title: String,
    summary: String,
    #[allow(
        dead_code,
        reason = "written for editors; the length is counted from the words"
    )]
    minutes: Option<i64>,
    citations: Vec<String>,
    check: Vec<String>,
    body: String,
    video: Option<String>,
    /// Seconds of the video.
    seconds: Option<i64>,
}

/// A question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StarterQuestion {
    id: String,
    topic: Option<String>,
    kind: QuestionKind,
    difficulty: u8,
    citations: Vec<String>,
    stem: String,
    #[serde(default)]
    options: Vec<String>,
    answer: String,
    explanation: String,
    family: Option<String>,
}

/// Reads a topic's file.
///
/// # Errors
/// [`Error::Fault`] saying where the text is not what it should be.
pub fn parse(text: &str) -> Result<StarterFile> {
    toml::from_str(text).map_err(|e| Error::Fault(anyhow::Error::new(e)))
}

/// The starter topics that ship with the program.
///
/// # Errors
/// [`Error::Fault`] naming the file that can not be read.
pub fn files() -> Result<Vec<StarterFile>> {
    let mut files = Vec::new();
    for file in texts("topics") {
        let (name, text) = file?;
        files.push(parse(text).map_err(|e| Error::Fault(anyhow::anyhow!("{name}: {e}")))?);
    }
    // Files with a topic first, so that the others find theirs.
    files.sort_by_key(|f| f.topic.as_ref().map_or(i64::MAX, |t| t.position));
    Ok(files)
}

fn texts(folder: &str) -> impl Iterator<Item = Result<(String, &'static str)>> {
    let files = STARTER.get_dir(folder).into_iter().flat_map(Dir::files);
    files.map(|file| {
        let name = file
            .path()
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = file.contents_utf8();
        text.map(|t| (name.clone(), t))
            .ok_or_else(|| Error::Fault(anyhow::anyhow!("{name} is not UTF-8")))
    })
}

/// The divisions of the province.
pub(super) fn divisions() -> Result<&'static str> {
    STARTER
        .get_file("divisions.csv")
        .and_then(|f| f.contents_utf8())
        .ok_or_else(|| Error::Fault(anyhow::anyhow!("starter divisions are missing")))
}

/// The starter laws.
pub(super) fn laws() -> Vec<Source> {
    texts("laws")
        .flatten()
        .map(|(name, text)| Source {
            name,
            category: String::new(),
            text: text.to_owned(),
        })
        .collect()
}

impl StarterQuestion {
    /// The question as the bank holds it.
    fn question(self, topic: Option<&str>) -> Result<Question> {
        let off = |what: &str| Error::Fault(anyhow::anyhow!("question {}: {what}", self.id));
        let topic = self
            .topic
            .as_deref()
            .or(topic)
            .ok_or_else(|| off("no topic"))?;
        let key = match self.kind {
            QuestionKind::FillIn => Key::Words(
                self.answer
                    .split('|')
                    .map(|w| w.trim().to_owned())
                    .collect(),
            ),
            QuestionKind::TrueFalse => match self.answer.as_str() {
                "对" => Key::Choices([0].into()),
                "错" => Key::Choices([1].into()),
                _ => return Err(off("the answer is 对 or 错")),
            },
            QuestionKind::Single | QuestionKind::Multiple => Key::Choices(
                self.answer
                    .bytes()
                    .map(|b| b.is_ascii_uppercase().then(|| b - b'A'))
                    .collect::<Option<_>>()
                    .ok_or_else(|| off("the answer is letters from A on"))?,
            ),
        };
        let options = match self.kind {
            QuestionKind::TrueFalse => vec!["对".to_owned(), "错".to_owned()],
            _ => self.options.clone(),
        };
        let citations = self
            .citations
            .iter()
            .map(|c| c.parse())
            .collect::<Result<_, _>>();
        Ok(Question {
            id: QuestionId(self.id.clone()),
            topic: TopicId(topic.to_owned()),
            kind: self.kind,
            difficulty: self.difficulty,
            stem: self.stem.clone(),
            options,
            key,
            explanation: self.explanation.clone(),
            citations: citations.map_err(|_| off("a citation names no article"))?,
            family: self.family.clone(),
        })
    }
}

impl StarterLesson {
    /// The lesson as it is stored.
    fn lesson(self, topic: Option<&str>, position: i64) -> Result<Lesson> {
        let off = |what: &str| Error::Fault(anyhow::anyhow!("lesson {}: {what}", self.id));
        let topic = self
            .topic
            .as_deref()
            .or(topic)
            .ok_or_else(|| off("no topic"))?;
        let length_ms = match (self.kind, self.seconds) {
            (LessonKind::Video, Some(seconds)) => seconds * SECOND,
            (LessonKind::Video, None) => return Err(off("a video needs its seconds")),
            _ => {
                let words = self.body.chars().filter(|c| !c.is_whitespace()).count();
                i64::try_from(words).unwrap_or(i64::MAX) * SECOND / QUICK_READING
            }
        };
        let citations = self
            .citations
            .iter()
            .map(|c| c.parse())
            .collect::<Result<_, _>>();
        Ok(Lesson {
            id: LessonId(self.id.clone()),
            topic: TopicId(topic.to_owned()),
            kind: self.kind,
            title: self.title.clone(),
            summary: self.summary.clone(),
            html: html_of(&self.body),
            length_ms,
            share: DEFAULT_SHARE,
            video: self.video.clone(),
            position,
            citations: citations.map_err(|_| off("a citation names no article"))?,
            check: self.check.iter().map(|q| QuestionId(q.clone())).collect(),
        })
    }
}

/// HTML of a lesson's Markdown. Raw HTML is shown as text; `law:宪法#第五条` leads to the article.
fn html_of(markdown: &str) -> String {
    let events = pulldown_cmark::Parser::new(markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let dest_url = law_address(&dest_url).map_or(dest_url, Into::into);
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            })
        }
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

fn law_address(link: &str) -> Option<String> {
    let citation: domain::question::Citation = link.strip_prefix("law:")?.parse().ok()?;
    let number = citation.article.address();
    Some(format!("/laws/{}/{number}#a{number}", citation.law))
}

/// Puts topics, questions and lessons in, in one transaction; returns how many lessons and
/// questions.
pub(super) async fn put(db: &Db, files: Vec<StarterFile>) -> Result<(usize, usize)> {
    db.write(move |tx| {
        Box::pin(async move {
            for topic in files.iter().filter_map(|f| f.topic.as_ref()) {
                let id = TopicId(topic.id.clone());
                put_topic(tx, &id, &topic.name, &topic.summary, topic.position).await?;
            }
            let (mut lessons, mut questions) = (0, 0);
            for file in files {
                let topic = file.topic.as_ref().map(|t| t.id.clone());
                for starter in file.question {
                    question::put(tx, &starter.question(topic.as_deref())?).await?;
                    questions += 1;
                }
                for (position, starter) in (0_i64..).zip(file.lesson) {
                    // Cases explained come after the texts of their topic.
                    let position = if topic.is_none() {
                        1000 + position
                    } else {
                        position
                    };
                    put_lesson(tx, &starter.lesson(topic.as_deref(), position)?).await?;
                    lessons += 1;
                }
            }
            Ok((lessons, questions))
        })
    })
    .await
}

/// Puts the demo's contests in: one that is open from yesterday on for ten years, and a team
/// challenge to come, for which teams register.
pub(super) async fn put_contests(db: &Db, now: Millis) -> Result<usize> {
    let themed = NewContest {
        id: ContestId(id::fresh(now)?),
        kind: ContestKind::Themed,
        title: "宪法与身边的法".to_owned(),
        summary: "宪法、民法典、网络与数据安全、乡村振兴四个专题，随机十题。".to_owned(),
        unit: UnitId::from("51"),
        opens_at: now.plus(-DAY),
        closes_at: now.plus(3650 * DAY),
        rules: Rules {
            questions: 10,
            minutes: 5,
            attempts: 3,
            points: 10,
            topics: Vec::new(),
            bands: vec![
                Band {
                    from: 1,
                    to: 10,
                    credits: 50,
                },
                Band {
                    from: 11,
                    to: 100,
                    credits: 30,
                },
                Band {
                    from: 101,
                    to: 1000,
                    credits: 20,
                },
            ],
            taking_part: 10,
            ..Rules::default()
        },
    };
    let opens_at = now.plus(60 * DAY);
    let challenge = NewContest {
        id: ContestId(id::fresh(now)?),
        kind: ContestKind::Team,
        title: "单位团体挑战赛".to_owned(),
        summary: "各单位组队报名，一起答必答题、抢答题、风险题和接力题。".to_owned(),
        unit: UnitId::from("51"),
        opens_at,
        closes_at: opens_at.plus(DAY),
        rules: Rules {
            team: Some(TeamRules {
                size: 3,
                substitutes: 1,
                teams: 2,
                register_until: opens_at.plus(-2 * DAY),
            }),
            ..Rules::default()
        },
    };
    db.write(move |tx| {
        Box::pin(async move {
            put_contest(tx, &themed).await?;
            put_contest(tx, &challenge).await
        })
    })
    .await?;
    Ok(2)
}
