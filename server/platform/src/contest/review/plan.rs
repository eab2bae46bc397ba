//! The dry run: whose points, rank or credits a ruling would move. Nothing is written.

use super::super::Contest;
use super::ruling::{Act, Decided, decided, must_make_sense, ruled};
use super::scores::scores;
use super::{must_be_over, reviewable, stored};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, sql, values};
use domain::contest::counting::{Begun, Purpose, counted};
use domain::contest::rescore::{Change, Rescored, Ruled, diff};
use domain::contest::{Item, Score};
use domain::id::{AttemptId, ContestId, LearnerId, QuestionId};
use domain::time::Millis;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// What would move.
#[derive(Debug, Clone)]
pub struct DryRun {
    /// The number that the correction would have.
    pub number: i64,
    /// The question.
    pub question: QuestionId,
    /// Attempts in whose paper the question is.
    pub attempts: usize,
    /// Learners in the standings.
    pub learners: usize,
    /// For whom something moves, those who lead afterwards first.
    pub changes: Vec<Change<LearnerId>>,
    /// Whether the results are final already.
    pub after_final: bool,
    /// Names what was seen: the confirmation carries it, and is refused if it is another now.
    pub fingerprint: String,
}

impl DryRun {
    /// How many learners' points, ranks and credits move.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |moves: fn(&Change<LearnerId>) -> bool| {
            self.changes.iter().filter(|change| moves(change)).count()
        };
        (
            count(|c| c.before.points != c.after.points),
            count(|c| c.before.rank != c.after.rank),
            count(|c| credits(c) != 0),
        )
    }

    /// For whom something moves, as it is listed: first those whose credits do, then those whose rank
    /// does, then the others; those who lead afterwards first in each.
    #[must_use]
    pub fn listed(&self) -> Vec<&Change<LearnerId>> {
        let mut all: Vec<_> = self.changes.iter().collect();
        all.sort_by_key(|c| (credits(c) == 0, c.before.rank == c.after.rank)); // a stable sort
        all
    }

    /// Credits that are added, and credits that are taken.
    #[must_use]
    pub fn sums(&self) -> (i64, i64) {
        let amounts = || self.changes.iter().map(credits);
        (
            amounts().filter(|n| *n > 0).sum(),
            -amounts().filter(|n| *n < 0).sum::<i64>(),
        )
    }
}

/// What a change adds to the credits of its learner.
pub(super) fn credits(change: &Change<LearnerId>) -> i64 {
    change.corrections.iter().map(|c| c.amount()).sum()
}

/// A correction worked out: what attempts are worth afterwards, and for whom something moves.
pub(super) struct Plan {
    /// By learner, the attempts that hold the question with their new scores.
    pub attempts: BTreeMap<LearnerId, Vec<(AttemptId, Score)>>,
    /// Learners in the standings.
    pub learners: usize,
    /// For whom something moves.
    pub changes: Vec<Change<LearnerId>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    learner_id: String,
    number: i64,
    purpose: String,
    answered: i64,
    points: i64,
    time_ms: i64,
}

/// Works out what changes when the rulings in force go from `before` to `after`, which differ in
/// what they say about `question` only.
pub(super) async fn plan(
    db: &Db,
    contest: &Contest,
    question: &QuestionId,
    before: &[Ruled],
    after: &[Ruled],
) -> Result<Plan> {
    let worth = scores(db, contest, Some(question), [before, after]).await?;
    let mut attempts: BTreeMap<LearnerId, Vec<(AttemptId, Score)>> = BTreeMap::new();
    let mut moved: HashMap<AttemptId, [Score; 2]> = HashMap::new();
    for one in worth {
        let list = attempts.entry(one.learner).or_default();
        list.push((one.attempt, one.scores[1]));
        moved.insert(one.attempt, one.scores);
    }
    let rows: Vec<Row> = db
        .all(
            sql!(
                // Those too in which nothing was saved: where the first counts, such a one does.
                "select id, learner_id, number, purpose, answered, points, time_ms \
                 from contest_attempt where contest_id = $1"
            ),
            values![contest.id],
        )
        .await?;
    // An attempt without the question keeps the score that it has.
    let mut begun: BTreeMap<LearnerId, Vec<[Begun; 2]>> = BTreeMap::new();
    for row in rows {
        let has = Score {
            right: 0,
            points: row.points,
            time: row.time_ms,
        };
        let scores = moved.get(&stored::<AttemptId>(&row.id)?);
        let one = |score| Begun {
            number: row.number,
            purpose: purpose(&row.purpose),
            answered: row.answered,
            score,
        };
        let scores = scores.copied().unwrap_or([has, has]).map(one);
        begun
            .entry(stored(&row.learner_id)?)
            .or_default()
            .push(scores);
    }
    let counting = contest.rules.counting;
    let everyone = begun.into_iter().filter_map(|(who, pairs)| {
        let side = |n: usize| pairs.iter().map(|p| p[n]).collect::<Vec<_>>();
        let (before, after) = (side(0), side(1));
        let now = counted(counting, &after)?;
        Some(Rescored {
            who,
            answered: now.answered,
            before: counted(counting, &before)?.score,
            after: now.score,
        })
    });
    let everyone: Vec<Rescored<LearnerId>> = everyone.collect();
    Ok(Plan {
        attempts,
        learners: everyone.len(),
        changes: diff(&contest.rules, everyone),
    })
}

fn purpose(word: &str) -> Purpose {
    match word {
        "practice" => Purpose::Practice,
        _ => Purpose::Rank,
    }
}

/// The rulings before and after the correction `number`.
pub(super) fn sides(decided: &[Decided], number: i64) -> (Vec<Ruled>, Vec<Ruled>) {
    (ruled(decided, number - 1), ruled(decided, number))
}

/// What a ruling, or taking one back, would move.
///
/// # Errors
/// As [`reviewable`]; [`Error::Invalid`] with `review-open` before the contest is over, with
/// `correction-running` while another correction is on its way, and for what can not be ruled:
/// `ruling-answer`, `ruling-twice`, `ruling-gone`.
pub async fn dry_run(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    act: &Act,
    now: Millis,
) -> Result<DryRun> {
    let contest = reviewable(db, viewer, id).await?;
    must_be_over(&contest, now)?;
    let decided = decided(db, id).await?;
    if decided.iter().any(|one| one.done_at.is_none()) {
        return Err(Error::Invalid("correction-running"));
    }
    let question = must_make_sense(db, &contest, &decided, act).await?;
    let before = ruled(&decided, i64::MAX);
    let mut after = before.clone();
    match act {
        Act::Rule(new) => after.push(new.clone()),
        Act::TakeBack(number) => {
            let gone = decided.iter().find(|one| one.number == *number);
            let gone = gone.and_then(|one| one.ruling.as_ref());
            after.retain(|r| r.question != question || Some(&r.ruling) != gone);
        }
    }
    let Plan {
        attempts,
        learners,
        changes,
    } = plan(db, &contest, &question, &before, &after).await?;
    let (reviewed,): (Option<i64>,) = db
        .one(
            sql!("select reviewed_at from contest where id = $1"),
            values![id],
        )
        .await?;
    let number = decided.last().map_or(0, |one| one.number) + 1;
    let after_final = reviewed.is_some();
    Ok(DryRun {
        fingerprint: fingerprint(id, number, act, after_final, &changes)?,
        number,
        question,
        attempts: attempts.values().map(Vec::len).sum(),
        learners,
        changes,
        after_final,
    })
}

/// A digest of everything that a dry run shows.
fn fingerprint(
    contest: ContestId,
    number: i64,
    act: &Act,
    after_final: bool,
    changes: &[Change<LearnerId>],
) -> Result<String> {
    let mut digest = Sha256::new();
    let act = serde_json::to_string(act)?;
    digest.update(format!("{contest} {number} {act} {after_final}\n"));
    for change in changes {
        let (b, a) = (change.before, change.after);
        let credits = credits(change);
        digest.update(format!(
            "{} {} {} {} {} {credits}\n",
            change.who, b.rank, b.points, a.rank, a.points
        ));
    }
    let mut text = String::new();
    for byte in digest.finalize() {
        let _ = write!(text, "{byte:02x}"); // a string takes it
    }
    Ok(text)
}

/// A learner's name and unit.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The unit that they stand for in the contest.
    pub unit: String,
}

/// What learners of a contest are called; for a page of them.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn named(db: &Db, contest: ContestId, learners: &[LearnerId]) -> Result<Vec<Named>> {
    let mut all = Vec::with_capacity(learners.len());
    for learner in learners {
        let one: Option<Named> = db
            .optional(
                sql!(
                    "select l.name, coalesce(u.name, '') as unit from learner l \
                     left join contest_standing s on s.learner_id = l.id and s.contest_id = $1 \
                     left join unit u on u.id = s.unit_id where l.id = $2"
                ),
                values![contest, *learner],
            )
            .await?;
        all.push(one.unwrap_or_default());
    }
    Ok(all)
}

/// The questions of a paper.
pub(super) fn asked_in(paper: &str) -> Result<Vec<QuestionId>> {
    let paper: Vec<Item> = serde_json::from_str(paper)?;
    Ok(paper.into_iter().map(|item| item.question).collect())
}
