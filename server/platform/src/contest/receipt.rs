//! Receipts: what the server has of an attempt and when it came, signed.
//!
//! The rule guarded here: a dispute ("I did answer") is settled by a file that its owner keeps.
//! The signature is Ed25519 (RFC 8032) over the very text of the receipt, so that nothing hangs on
//! how JSON is written. There is nobody's name in it, only ids.

use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, id, sql, values};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::id::{AttemptId, ContestId, LearnerId, QuestionId};
use domain::question::Answer;
use domain::time::Millis;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What the server has of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The contest.
    pub contest: ContestId,
    /// What it is called.
    pub title: String,
    /// The attempt.
    pub attempt: AttemptId,
    /// Whose it is.
    pub learner: LearnerId,
    /// Which one of theirs, from 1.
    pub number: i64,
    /// When it began.
    pub started_at: Millis,
    /// When its time was over.
    pub deadline_at: Millis,
    /// When it was handed in, if it was.
    pub submitted_at: Option<Millis>,
    /// When the receipt was made.
    pub issued_at: Millis,
    /// The answers that count, in the order in which they came.
    pub answers: Vec<Received>,
    /// Answers that came after the time was over: they are kept and do not count.
    pub late: Vec<Received>,
}

/// An answer that the server has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// To which question.
    pub question: QuestionId,
    /// The answer, by the options' order in the bank.
    pub answer: Answer,
    /// Which revision it is.
    pub revision: i64,
    /// When it came.
    pub received_at: Millis,
}

/// The file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Signed {
    /// [`Receipt`] as text; the signature is over its bytes.
    receipt: String,
    /// The public key, in base64.
    key: String,
    /// In base64.
    signature: String,
}

/// What is to be said of a file that somebody brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Examined {
    /// It is no receipt of this server, or a letter of it was changed.
    NotGenuine,
    /// It is what the server once signed.
    Genuine {
        /// What it says.
        receipt: Receipt,
        /// What the database holds otherwise; empty when it holds all of it.
        differences: Vec<Difference>,
    },
}

/// What the database holds otherwise than a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Difference {
    /// The attempt is not there, or is somebody else's.
    NoAttempt,
    /// The answer is not there.
    Missing {
        /// To which question.
        question: QuestionId,
        /// Whether it is of those that came too late.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    /// A newer revision is there: it came after the receipt was made.
    Newer {
        /// To which question.
        question: QuestionId,
        /// Which revision.
        revision: i64,
        /// Whether it is of those that came too late.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    /// Another answer, revision or time than the receipt says, and not a newer one.
    Changed {
        /// To which question.
        question: QuestionId,
        /// Whether it is of those that came too late.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        late: bool,
    },
    /// Another time of the attempt than the receipt says.
    Moved {
        /// Which one: `started_at`, `deadline_at` or `submitted_at`.
        field: &'static str,
    },
    /// It was handed in after the receipt was made.
    HandedIn,
}

impl Difference {
    /// Whether something that was acknowledged is gone or is another now.
    #[must_use]
    pub const fn is_loss(&self) -> bool {
        !matches!(self, Self::Newer { .. } | Self::HandedIn)
    }
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    contest_id: String,
    title: String,
    number: i64,
    started_at: i64,
    deadline_at: i64,
    submitted_at: Option<i64>,
}

/// The receipt of an attempt of the viewer, as a file of JSON.
///
/// # Errors
/// [`Error::NotFound`] when there is no such attempt, it is someone else's, or it is practice: that
/// counts for nothing, and a receipt would not say so.
pub async fn receipt(db: &Db, viewer: &Viewer, attempt: AttemptId, now: Millis) -> Result<String> {
    let row: AttemptRow = db
        .one(
            sql!(
                "select a.contest_id, c.title, a.number, a.started_at, a.deadline_at, \
                   a.submitted_at \
                 from contest_attempt a join contest c on c.id = a.contest_id \
                 where a.id = $1 and a.learner_id = $2 and a.purpose = 'rank'"
            ),
            values![attempt, viewer.learner],
        )
        .await?;
    let mut answers = received(db, attempt).await?;
    let mut late = received_late(db, attempt).await?;
    for list in [&mut answers, &mut late] {
        list.sort_by(|a, b| (a.received_at, &a.question).cmp(&(b.received_at, &b.question)));
    }
    let contest = row.contest_id.parse();
    let receipt = Receipt {
        contest: contest.map_err(|e| Error::Fault(anyhow::Error::new(e)))?,
        title: row.title,
        attempt,
        learner: viewer.learner,
        number: row.number,
        started_at: Millis(row.started_at),
        deadline_at: Millis(row.deadline_at),
        submitted_at: row.submitted_at.map(Millis),
        issued_at: now,
        answers,
        late,
    };
    let text = serde_json::to_string(&receipt)?;
    let key = signing_key(db, now).await?;
    let signed = Signed {
        signature: BASE64.encode(key.sign(text.as_bytes()).to_bytes()),
        key: BASE64.encode(key.verifying_key().as_bytes()),
        receipt: text,
    };
    Ok(serde_json::to_string_pretty(&signed)?)
}

/// Whether a file is a receipt of this server, and what the database holds of it.
///
/// # Errors
/// [`Error::Fault`] when the database can not be read.
pub async fn examine(db: &Db, file: &str) -> Result<Examined> {
    let Some(receipt) = genuine(db, file).await? else {
        return Ok(Examined::NotGenuine);
    };
    let held: Option<(String, i64, i64, Option<i64>)> = db
        .optional(
            sql!(
                "select learner_id, started_at, deadline_at, submitted_at from contest_attempt \
                 where id = $1"
            ),
            values![receipt.attempt],
        )
        .await?;
    let held = held.filter(|(learner, ..)| *learner == receipt.learner.to_string());
    let Some((_, started, ends, submitted)) = held else {
        return Ok(Examined::Genuine {
            receipt,
            differences: vec![Difference::NoAttempt],
        });
    };
    let mut differences = times(&receipt, started, ends, submitted);
    let answers = received(db, receipt.attempt).await?;
    differences.extend(compared(&receipt.answers, &answers, false));
    let late = received_late(db, receipt.attempt).await?;
    differences.extend(compared(&receipt.late, &late, true));
    Ok(Examined::Genuine {
        receipt,
        differences,
    })
}

/// What the times of the attempt are otherwise than the receipt says.
fn times(said: &Receipt, started: i64, ends: i64, submitted: Option<i64>) -> Vec<Difference> {
    let moved = |field| Difference::Moved { field };
    let mut all = Vec::new();
    if said.started_at.0 != started {
        all.push(moved("started_at"));
    }
    if said.deadline_at.0 != ends {
        all.push(moved("deadline_at"));
    }
    match (said.submitted_at, submitted) {
        (None, Some(at)) if at >= said.issued_at.0 => all.push(Difference::HandedIn),
        (said, held) if said != held.map(Millis) => all.push(moved("submitted_at")),
        _ => {}
    }
    all
}

/// What of the answers that a receipt says is held otherwise.
fn compared(said: &[Received], held: &[Received], late: bool) -> Vec<Difference> {
    let held: HashMap<&QuestionId, &Received> = held.iter().map(|r| (&r.question, r)).collect();
    let one = |said: &Received| {
        let question = said.question.clone();
        match held.get(&said.question) {
            None => Some(Difference::Missing { question, late }),
            Some(held) if **held == *said => None,
            Some(held) if held.revision > said.revision => Some(Difference::Newer {
                question,
                revision: held.revision,
                late,
            }),
            Some(_) => Some(Difference::Changed { question, late }),
        }
    };
    said.iter().filter_map(one).collect()
}

async fn genuine(db: &Db, file: &str) -> Result<Option<Receipt>> {
    let Some(key) = stored_key(db).await? else {
        return Ok(None); // this server never signed anything
    };
    let Ok(signed) = serde_json::from_str::<Signed>(file) else {
        return Ok(None);
    };
    let key: VerifyingKey = key.verifying_key();
    let signature = BASE64.decode(&signed.signature).ok();
    let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
    let holds = signature.is_some_and(|signature| {
        key.verify_strict(signed.receipt.as_bytes(), &signature)
            .is_ok()
    });
    Ok(serde_json::from_str(&signed.receipt)
        .ok()
        .filter(|_: &Receipt| holds))
}

type Row = (String, String, i64, i64);

async fn received(db: &Db, attempt: AttemptId) -> Result<Vec<Received>> {
    let rows = db
        .all(
            sql!(
                "select question_id, answer, revision, received_at from contest_answer \
                 where attempt_id = $1"
            ),
            values![attempt],
        )
        .await?;
    read(rows)
}

async fn received_late(db: &Db, attempt: AttemptId) -> Result<Vec<Received>> {
    let rows = db
        .all(
            sql!(
                "select question_id, answer, revision, received_at from contest_late_answer \
                 where attempt_id = $1"
            ),
            values![attempt],
        )
        .await?;
    read(rows)
}

fn read(rows: Vec<Row>) -> Result<Vec<Received>> {
    rows.into_iter()
        .map(|(question, answer, revision, received_at)| {
            Ok(Received {
                question: QuestionId(question),
                answer: serde_json::from_str(&answer)?,
                revision,
                received_at: Millis(received_at),
            })
        })
        .collect()
}

/// The key of this product, made now when there is none.
async fn signing_key(db: &Db, now: Millis) -> Result<SigningKey> {
    if let Some(key) = stored_key(db).await? {
        return Ok(key);
    }
    let seed = BASE64.encode(id::random::<32>()?);
    db.write(move |tx| {
        Box::pin(async move {
            tx.run(
                sql!(
                    "insert into signing_key (one, seed, made_at) values (1, $1, $2) \
                     on conflict (one) do nothing"
                ),
                values![seed, now],
            )
            .await?;
            Ok(())
        })
    })
    .await?;
    let key = stored_key(db).await?;
    key.ok_or_else(|| Error::Fault(anyhow::anyhow!("no signing key")))
}

async fn stored_key(db: &Db) -> Result<Option<SigningKey>> {
    let row: Option<(String,)> = db
        .optional(
            sql!("select seed from signing_key where one = 1"),
            values![],
        )
        .await?;
    let Some((seed,)) = row else { return Ok(None) };
    let seed = BASE64.decode(seed).ok();
    let seed: Option<[u8; 32]> = seed.and_then(|bytes| bytes.try_into().ok());
    let seed = seed.ok_or_else(|| Error::Fault(anyhow::anyhow!("the signing key is spoilt")))?;
    Ok(Some(SigningKey::from_bytes(&seed)))
}
