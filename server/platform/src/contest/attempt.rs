//! Attempts: starting one, and what a page shows of it.

use super::bank;
use super::entry::{Door, door};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, clock, sql, values};
use domain::contest::counting::Purpose;
use domain::contest::{ContestKind, Item, Phase, Score, deadline};
use domain::id::{AttemptId, ContestId, EventId};
use domain::question::{Answer, Question};
use domain::time::Millis;
use std::time::{Duration, Instant};

/// How often a start looks again when another one, or the first freezing, came between.
const TRIES: usize = 4;
/// What is shorter is no queue, and not to be told from what the network takes.
const QUEUED: Duration = Duration::from_millis(500);

/// An attempt that was started, now or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// The attempt.
    pub attempt: AttemptId,
    /// When it ends.
    pub deadline: Millis,
}

/// Starts an attempt, or gives the one that is still running: a double click, a reload and a
/// second device all come to the same attempt. The client's event id becomes the attempt's.
///
/// # Errors
/// [`Error::NotFound`] for a contest that the viewer does not see; [`Error::NotOpen`] before and
/// after its window; [`Error::Barred`] for one that is not for the viewer;
/// [`Error::NoAttemptLeft`] when all attempts are used.
pub async fn start(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    now: Millis,
) -> Result<Started> {
    begin(db, viewer, event, contest, Purpose::Rank, now).await
}

/// Starts a practice attempt, or gives the one that is still running. It never counts and takes
/// none of the attempts that do.
///
/// # Errors
/// As [`start`]; [`Error::Invalid`] with `practice-used` when no practice is left, and with
/// `practice-empty` when the bank has no question for it.
pub async fn practise(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    now: Millis,
) -> Result<Started> {
    begin(db, viewer, event, contest, Purpose::Practice, now).await
}

/// One reading, a draw in memory and one statement that writes. Most begin for the first time, so
/// whether somebody does is found out by writing. Nothing is locked: two who start at once reach for
/// the same number, which only one gets, and the other looks what there is.
async fn begin(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    purpose: Purpose,
    now: Millis,
) -> Result<Started> {
    let arrived = Instant::now();
    for tried in 0..TRIES {
        let door = door(db, viewer.learner, contest, now).await?;
        if door.contest.kind == ContestKind::Team || door.contest.phase(now) != Phase::Open {
            return Err(Error::NotOpen);
        }
        let allowed = door.contest.rules.allowed(purpose);
        let mut used = 0;
        // Who is barred, or may not at all, may still go on with what they began.
        if tried > 0 || allowed == 0 || door.contest.admits().is_err() {
            used = match place(db, viewer, event, contest, purpose, now).await? {
                Place::Taken(started) => return Ok(started),
                Place::Free { used } => used,
            };
            door.contest.admits()?;
        }
        if used >= allowed {
            return Err(match purpose {
                Purpose::Rank => Error::NoAttemptLeft,
                Purpose::Practice => Error::Invalid("practice-used"),
            });
        }
        if door.frozen_as.is_none() {
            bank::freeze_once(db, contest).await?; // with it comes the secret
            continue;
        }
        let came = (now, arrived);
        if let Some(started) = open(db, viewer, event, &door, purpose, used + 1, came).await? {
            return Ok(started);
        }
    }
    Err(Error::Forbidden) // someone else's id
}

/// Whether there is room for another attempt.
enum Place {
    /// One is running, or the event has its attempt already.
    Taken(Started),
    /// So many for the same purpose are over.
    Free { used: i64 },
}

async fn place(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    contest: ContestId,
    purpose: Purpose,
    now: Millis,
) -> Result<Place> {
    let earlier: Vec<(String, String, i64, Option<i64>)> = db
        .all(
            sql!(
                "select id, purpose, deadline_at, submitted_at from contest_attempt \
                 where contest_id = $1 and learner_id = $2 order by number"
            ),
            values![contest, viewer.learner],
        )
        .await?;
    let click = event.to_string();
    let mut used = 0;
    for (id, its_purpose, ends, submitted) in earlier {
        let is_same = its_purpose == purpose.as_str();
        let is_running = submitted.is_none() && now < Millis(ends);
        if (is_same && is_running) || id == click {
            let attempt = id
                .parse()
                .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
            let deadline = Millis(ends);
            return Ok(Place::Taken(Started { attempt, deadline }));
        }
        used += i64::from(is_same);
    }
    Ok(Place::Free { used })
}

/// Draws the paper and puts the attempt in; `None` where its number or its id is taken. Its time
/// begins when it is put in: what a queue took of it since it was asked for was not the learner's.
async fn open(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    door: &Door,
    purpose: Purpose,
    number: i64,
    (now, arrived): (Millis, Instant),
) -> Result<Option<Started>> {
    let (contest, learner) = (&door.contest, viewer.learner);
    let rules = &contest.rules;
    let bank = bank::kept(db, contest.id, door.frozen_as).await?;
    let secret = door.secret;
    let seed = rules
        .papers
        .seed(secret, contest.id, learner, purpose, number);
    let paper = rules.paper(
        bank.described(),
        secret,
        contest.id,
        learner,
        purpose,
        number,
    );
    if paper.is_empty() {
        return Err(match purpose {
            Purpose::Practice => Error::Invalid("practice-empty"),
            Purpose::Rank => {
                Error::Fault(anyhow::anyhow!("contest {} has no questions", contest.id))
            }
        });
    }
    // Practice counts down, so that it takes no number from those that count.
    let number = match purpose {
        Purpose::Practice => -number,
        Purpose::Rank => number,
    };
    let mut values = values![
        event,
        contest.id,
        learner,
        &door.unit,
        number,
        purpose.as_str(),
        seed.cast_signed(),
        serde_json::to_string(&paper)?
    ];
    let (rules, closes) = (rules.clone(), contest.closes_at);
    let (new, ends) = db
        .write(move |tx| {
            let began = begins(now, arrived);
            let ends = deadline(&rules, began, closes);
            values.extend(values![began, ends]);
            Box::pin(async move {
                if began >= closes {
                    return Err(Error::NotOpen);
                }
                let new = tx.run(
                    sql!(
                        "insert into contest_attempt (id, contest_id, learner_id, unit_id, number, \
                           purpose, seed, paper, started_at, deadline_at, submitted_at, answered, \
                           points, time_ms) \
                         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, 0, 0, 0) \
                         on conflict do nothing"
                    ),
                    values,
                );
                Ok((new.await?, ends))
            })
        })
        .await?;
    Ok((new == 1).then_some(Started {
        attempt: AttemptId(event.0),
        deadline: ends,
    }))
}

/// When an attempt begins that was asked for at `now`, when `arrived` was, and waits until here.
fn begins(now: Millis, arrived: Instant) -> Millis {
    if arrived.elapsed() < QUEUED {
        return now;
    }
    clock::after(now, arrived)
}

/// A question of a paper as its owner sees it.
#[derive(Debug, Clone)]
pub struct AskedQuestion {
    /// The question; its key and explanation are not for the page before the attempt is over.
    pub question: Question,
    /// `order[place]` is the option shown at that place.
    pub order: Vec<u8>,
    /// The saved answer in places as shown, and its revision.
    pub saved: Option<(Answer, i64)>,
    /// Whether the saved answer is right.
    pub right: Option<bool>,
}

/// An attempt as its owner sees it.
#[derive(Debug, Clone)]
pub struct AttemptView {
    /// The attempt.
    pub id: AttemptId,
    /// What it is for.
    pub purpose: Purpose,
    /// Which one of the learner's for that purpose, from 1.
    pub number: i64,
    /// When it began.
    pub started_at: Millis,
    /// When it ends.
    pub deadline: Millis,
    /// When it was handed in, if it was.
    pub submitted_at: Option<Millis>,
    /// The paper.
    pub questions: Vec<AskedQuestion>,
    /// Questions with a saved answer.
    pub answered: i64,
    /// What the saved answers are worth.
    pub score: Score,
    /// Questions with an answer that came too late: kept, not counted.
    pub late: i64,
}

impl AttemptView {
    /// Whether nothing can be answered any more.
    #[must_use]
    pub fn is_over(&self, now: Millis) -> bool {
        self.submitted_at.is_some() || now >= self.deadline
    }
}

/// An attempt without its paper: id, whether it is over, answered, score.
type Brief = (AttemptId, bool, i64, Score);

/// The viewer's attempts in a contest that count, without their papers, the first one first: id,
/// whether it is over, answered, score.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn attempts(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    now: Millis,
) -> Result<Vec<Brief>> {
    briefs(db, viewer, contest, Purpose::Rank, now).await
}

/// The viewer's practice attempts in a contest, as [`attempts`].
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn practised(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    now: Millis,
) -> Result<Vec<Brief>> {
    briefs(db, viewer, contest, Purpose::Practice, now).await
}

async fn briefs(
    db: &Db,
    viewer: &Viewer,
    contest: ContestId,
    purpose: Purpose,
    now: Millis,
) -> Result<Vec<Brief>> {
    type Row = (String, i64, Option<i64>, i64, i64, i64);
    let rows: Vec<Row> = db
        .all(
            sql!(
                "select id, deadline_at, submitted_at, answered, points, time_ms \
                 from contest_attempt where contest_id = $1 and learner_id = $2 and purpose = $3 \
                 order by started_at, id"
            ),
            values![contest, viewer.learner, purpose.as_str()],
        )
        .await?;
    rows.into_iter()
        .map(|(id, ends, submitted, answered, points, time)| {
            let id = id
                .parse()
                .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
            let over = submitted.is_some() || now >= Millis(ends);
            let right = 0;
            Ok((
                id,
                over,
                answered,
                Score {
                    right,
                    points,
                    time,
                },
            ))
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    contest_id: String,
    frozen_as: Option<i64>,
    number: i64,
    purpose: String,
    paper: String,
    started_at: i64,
    deadline_at: i64,
    submitted_at: Option<i64>,
    answered: i64,
    points: i64,
    time_ms: i64,
    late: i64,
}

/// One attempt of the viewer with its paper and saved answers.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is someone else's.
pub async fn attempt(db: &Db, viewer: &Viewer, id: AttemptId) -> Result<AttemptView> {
    let row: AttemptRow = db
        .one(
            sql!(
                "select a.contest_id, c.frozen_as, a.number, a.purpose, a.paper, a.started_at, \
                   a.deadline_at, a.submitted_at, a.answered, a.points, a.time_ms, \
                   (select count(*) from contest_late_answer l where l.attempt_id = a.id) as late \
                 from contest_attempt a join contest c on c.id = a.contest_id \
                 where a.id = $1 and a.learner_id = $2"
            ),
            values![id, viewer.learner],
        )
        .await?;
    let mut answers: Vec<(String, i64, String, bool)> = Vec::new();
    if row.answered > 0 {
        let statement = sql!(
            "select question_id, revision, answer, is_right from contest_answer \
             where attempt_id = $1"
        );
        answers = db.all(statement, values![id]).await?;
    }
    let contest = row
        .contest_id
        .parse()
        .map_err(|e| Error::Fault(anyhow::Error::new(e)))?;
    let bank = bank::kept(db, contest, row.frozen_as).await?;
    let paper: Vec<Item> = serde_json::from_str(&row.paper)?;
    let mut asked = Vec::with_capacity(paper.len());
    for item in paper {
        let question = bank.question(&item.question).cloned();
        let question = question
            .ok_or_else(|| anyhow::anyhow!("{} is not in the bank of {contest}", item.question))?;
        let given = answers.iter().find(|(q, ..)| *q == item.question.0);
        let (saved, right) = match given {
            Some((_, revision, answer, right)) => {
                let answer: Answer = serde_json::from_str(answer)?;
                (
                    Some((to_places(answer, &item.order), *revision)),
                    Some(*right),
                )
            }
            None => (None, None),
        };
        asked.push(AskedQuestion {
            question,
            order: item.order,
            saved,
            right,
        });
    }
    let right = asked.iter().filter(|a| a.right == Some(true)).count() as i64;
    Ok(AttemptView {
        id,
        purpose: Purpose::parse(&row.purpose).unwrap_or_default(),
        number: row.number.abs(),
        started_at: Millis(row.started_at),
        deadline: Millis(row.deadline_at),
        submitted_at: row.submitted_at.map(Millis),
        answered: row.answered,
        score: Score {
            right,
            points: row.points,
            time: row.time_ms,
        },
        questions: asked,
        late: row.late,
    })
}

/// Options turned back into the places where they are shown.
fn to_places(answer: Answer, order: &[u8]) -> Answer {
    match answer {
        Answer::Choices(options) => {
            let place = |option: &u8| order.iter().position(|o| o == option);
            let places = options.iter().filter_map(place);
            Answer::Choices(places.filter_map(|p| u8::try_from(p).ok()).collect())
        }
        words @ Answer::Words(_) => words,
    }
}
