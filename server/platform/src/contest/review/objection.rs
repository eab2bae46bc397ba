//! Objections of learners (这道题有问题).

use super::super::{Contest, attempt};
use super::plan::asked_in;
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, event, sql, values};
use domain::id::{AttemptId, EventId, QuestionId};
use domain::time::{DAY, Millis};

/// The longest objection, in characters.
pub const MAX_OBJECTION: usize = 500;
/// Objections that a learner may make in 24 hours.
const A_DAY: i64 = 10;
/// Objections that a learner's list shows.
pub const MINE: i64 = 100;

/// What is wrong with a question, as a learner sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// 答案有误.
    WrongKey,
    /// 题目有歧义.
    Ambiguous,
    /// 法条已修改.
    LawChanged,
    /// 其他.
    Other,
}

impl Ground {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [
        Self::WrongKey,
        Self::Ambiguous,
        Self::LawChanged,
        Self::Other,
    ];

    /// The word in the database and in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongKey => "wrong-key",
            Self::Ambiguous => "ambiguous",
            Self::LawChanged => "law-changed",
            Self::Other => "other",
        }
    }

    /// The ground behind a word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.as_str() == word)
    }
}

/// Whether questions of an attempt may be objected to: it is over, and it is handed in or the
/// contest is over, so that nothing is said while its owner could still be answering.
#[must_use]
pub fn objectionable(
    contest: &Contest,
    deadline: Millis,
    submitted: Option<Millis>,
    now: Millis,
) -> bool {
    submitted.is_some() || (now >= deadline && now >= contest.closes_at)
}

/// An objection as it is sent.
#[derive(Debug, Clone)]
pub struct Raised {
    /// The click: the same one objects once.
    pub event: EventId,
    /// In which attempt.
    pub attempt: AttemptId,
    /// To which question.
    pub question: QuestionId,
    /// What is wrong.
    pub ground: Ground,
    /// In the learner's words.
    pub words: String,
}

/// Objects to a question of an attempt. While an objection of the learner to that question waits
/// for its answer, another one is the same one.
///
/// # Errors
/// [`Error::NotFound`] for an attempt of someone else and a question that is not in it;
/// [`Error::Invalid`] with `objection-early`, with `objection-words` without words or with too
/// many, and with `objection-many` when ten were made in a day.
pub async fn object(
    db: &Db,
    viewer: &Viewer,
    contest: &Contest,
    raised: Raised,
    now: Millis,
) -> Result<()> {
    let Raised {
        event: event_id,
        attempt,
        question,
        ground,
        words,
    } = raised;
    let mine = attempt::attempt(db, viewer, attempt).await?;
    let words = words.trim().to_owned();
    if words.is_empty() || words.chars().count() > MAX_OBJECTION {
        return Err(Error::Invalid("objection-words"));
    }
    if !objectionable(contest, mine.deadline, mine.submitted_at, now) {
        return Err(Error::Invalid("objection-early"));
    }
    let (learner, contest) = (viewer.learner, contest.id);
    db.write(move |tx| {
        Box::pin(async move {
            // Holding the learner's row lets two clicks at once come one after the other.
            tx.run(
                sql!("update learner set name = name where id = $1"),
                values![learner],
            )
            .await?;
            if event::once::<()>(tx, event_id, learner, "objection", now)
                .await?
                .is_some()
            {
                return Ok(());
            }
            let (paper,): (String,) = tx
                .one(
                    sql!("select paper from contest_attempt where id = $1 and contest_id = $2"),
                    values![attempt, contest],
                )
                .await?;
            if !asked_in(&paper)?.contains(&question) {
                return Err(Error::NotFound);
            }
            let open: Option<(String,)> = tx
                .optional(
                    sql!(
                        "select id from contest_objection where contest_id = $1 \
                         and question_id = $2 and learner_id = $3 and reply_id is null"
                    ),
                    values![contest, &question, learner],
                )
                .await?;
            if open.is_none() {
                let (made,): (i64,) = tx
                    .one(
                        sql!(
                            "select count(*) from contest_objection \
                             where learner_id = $1 and made_at > $2"
                        ),
                        values![learner, now.plus(-DAY)],
                    )
                    .await?;
                if made >= A_DAY {
                    return Err(Error::Invalid("objection-many"));
                }
                tx.run(
                    sql!(
                        "insert into contest_objection (id, contest_id, question_id, learner_id, \
                           attempt_id, ground, words, made_at, reply_id) \
                         values ($1, $2, $3, $4, $5, $6, $7, $8, null)"
                    ),
                    values![
                        event_id,
                        contest,
                        &question,
                        learner,
                        attempt,
                        ground.as_str(),
                        words,
                        now
                    ],
                )
                .await?;
            }
            event::answered(tx, event_id, ()).await
        })
    })
    .await
}

/// An objection of a learner, with its answer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Objection {
    /// The contest.
    pub contest_id: String,
    /// What it is called.
    pub title: String,
    /// In which attempt.
    pub attempt_id: String,
    /// To which question.
    pub question_id: String,
    /// What is asked there.
    pub stem: String,
    /// The word of [`Ground::as_str`].
    pub ground: String,
    /// The learner's words.
    pub words: String,
    /// When it was made.
    pub made_at: i64,
    /// The answer, if there is one.
    pub reply: Option<String>,
    /// When it was given.
    pub replied_at: Option<i64>,
}

/// The viewer's last [`MINE`] objections, the newest first; of one contest or of all.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn objections(
    db: &Db,
    viewer: &Viewer,
    contest: Option<&Contest>,
) -> Result<Vec<Objection>> {
    db.all(
        sql!(
            "select o.contest_id, c.title, o.attempt_id, o.question_id, \
               coalesce(f.stem, q.stem) as stem, o.ground, o.words, o.made_at, \
               r.words as reply, r.replied_at \
             from contest_objection o join contest c on c.id = o.contest_id \
             join question q on q.id = o.question_id \
             left join contest_question f on f.contest_id = o.contest_id \
               and f.question_id = o.question_id \
             left join contest_reply r on r.id = o.reply_id \
             where o.learner_id = $1 and (cast($2 as text) is null or o.contest_id = $2) \
             order by o.made_at desc, o.id desc limit $3"
        ),
        values![viewer.learner, contest.map(|c| c.id.to_string()), MINE],
    )
    .await
}
