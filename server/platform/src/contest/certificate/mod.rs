//! Certificates (证书): made when they are first asked for, checked by anyone who has the code.
//!
//! The rules guarded here: one person has one certificate of a contest that stands, the same one
//! on every asking; it never changes, and when a correction moves what it attests, it is
//! superseded and a new one is made. A stranger sees a masked name. Start at [`claim`] and
//! [`check`]; [`draw`] and [`paint`] make the picture.
//!
//! A public page can not show the whole name by a second secret address: whoever forwards the
//! address would forward the name with it. So the picture with the whole name is for its owner
//! alone, who shares the file if they want to ([`Certificate::name_for`]).

mod outline;
mod paint;
mod picture;

pub use paint::{Drawing, QUEUE, draw, paint};
pub use picture::Wording;

use super::challenge;
use crate::db::{Db, Statement};
use crate::identity::Viewer;
use crate::{Error, Result, id, sql, values};
use domain::contest::certificate::{Code, Honour, masked};
use domain::contest::{ContestKind, Rules};
use domain::id::{ContestId, LearnerId};
use domain::time::Millis;

/// While a correction is on its way.
const CORRECTING: &str = "correction-running";

/// A certificate as it was made.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// What it is checked by.
    pub code: Code,
    /// Of which contest.
    pub contest: ContestId,
    /// Whose.
    pub learner: LearnerId,
    /// What the contest was called.
    pub title: String,
    /// What the learner was called.
    name: String,
    /// The unit that the learner stood in; of a team challenge the one that sent the team, and
    /// the team.
    pub unit: String,
    /// What it attests.
    pub honour: Honour,
    /// How many were ranked.
    pub among: i64,
    /// Whether it was teams that were ranked.
    pub of_teams: bool,
    /// With how many points; 0 in a team challenge.
    pub points: i64,
    /// When it was made.
    pub made_at: Millis,
    /// Whether it still holds.
    pub standing: Stands,
}

/// Whether a certificate still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It does.
    Yes,
    /// A correction moved what it attests.
    Superseded {
        /// The certificate in its place, if one has been asked for.
        by: Option<Code>,
    },
}

impl Certificate {
    /// Whether `viewer` is its owner.
    #[must_use]
    pub fn is_of(&self, viewer: Option<&Viewer>) -> bool {
        viewer.is_some_and(|viewer| viewer.learner == self.learner)
    }

    /// The name: whole for its owner, masked for everyone else.
    #[must_use]
    pub fn name_for(&self, viewer: Option<&Viewer>) -> String {
        if self.is_of(viewer) {
            self.name.clone()
        } else {
            masked(&self.name)
        }
    }
}

/// What a learner has of a contest that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// A certificate.
    Made(Code),
    /// The right to one.
    Due,
}

/// A contest that a learner has a certificate of, or may have.
#[derive(Debug, Clone)]
pub struct Held {
    /// The contest.
    pub contest: ContestId,
    /// What it is called.
    pub title: String,
    /// When it ended.
    pub closed_at: Millis,
    /// What there is.
    pub holding: Holding,
}

/// Where a learner ended.
struct Ended {
    title: String,
    name: String,
    unit: String,
    honour: Honour,
    rank: i64,
    among: i64,
    points: i64,
}

#[derive(sqlx::FromRow)]
struct EndedRow {
    title: String,
    rules: String,
    name: String,
    unit: Option<String>,
    answered: i64,
    points: i64,
    rank: i64,
    among: i64,
    correcting: bool,
}

#[derive(sqlx::FromRow)]
struct CertificateRow {
    code: String,
    contest_id: String,
    learner_id: String,
    title: String,
    name: String,
    unit: String,
    honour: String,
    rank: i64,
    among: i64,
    points: i64,
    made_at: i64,
    superseded_at: Option<i64>,
    superseded_by: Option<String>,
    kind: String,
}

fn stored<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse()
        .map_err(|_| Error::Fault(anyhow::anyhow!("stored in a certificate: {text}")))
}

impl TryFrom<CertificateRow> for Certificate {
    type Error = Error;

    fn try_from(row: CertificateRow) -> Result<Self> {
        let by = row.superseded_by.as_deref().map(stored).transpose()?;
        Ok(Self {
            code: stored(&row.code)?,
            contest: stored(&row.contest_id)?,
            learner: stored(&row.learner_id)?,
            title: row.title,
            name: row.name,
            unit: row.unit,
            honour: match row.honour.as_str() {
                "rank" => Honour::Rank(row.rank),
                _ => Honour::TakingPart,
            },
            among: row.among,
            of_teams: row.kind == ContestKind::Team.as_str(),
            points: row.points,
            made_at: Millis(row.made_at),
            standing: match row.superseded_at {
                Some(_) => Stands::Superseded { by },
                None => Stands::Yes,
            },
        })
    }
}

/// Where a learner ended in a contest whose bonus credits are posted; `None` when they do not
/// stand in it.
///
/// # Errors
/// [`Error::Invalid`] with `correction-running` while a correction is on its way: ranks of which a
/// half is corrected are nobody's.
async fn ended(db: &Db, contest: ContestId, learner: LearnerId) -> Result<Option<Ended>> {
    let row: Option<EndedRow> = db
        .optional(
            sql!(
                "select c.title, c.rules, l.name, u.name as unit, m.answered, m.points, \
                   1 + (select count(*) from contest_standing s where s.contest_id = m.contest_id \
                     and (s.points > m.points \
                       or (s.points = m.points and s.time_ms < m.time_ms))) as rank, \
                   (select count(*) from contest_standing s \
                     where s.contest_id = m.contest_id) as among, \
                   exists (select 1 from contest_correction k where k.contest_id = m.contest_id \
                     and k.done_at is null) as correcting \
                 from contest_standing m join contest c on c.id = m.contest_id \
                 join learner l on l.id = m.learner_id left join unit u on u.id = m.unit_id \
                 where m.contest_id = $1 and m.learner_id = $2 and c.posted_at is not null"
            ),
            values![contest, learner],
        )
        .await?;
    let Some(row) = row else {
        return ended_in_team(db, contest, learner).await;
    };
    if row.correcting {
        return Err(Error::Invalid(CORRECTING));
    }
    let rules: Rules = serde_json::from_str(&row.rules)?;
    Ok(
        Honour::of(&rules, row.rank, row.answered).map(|honour| Ended {
            title: row.title,
            name: row.name,
            unit: row.unit.unwrap_or_default(),
            honour,
            rank: row.rank,
            among: row.among,
            points: row.points,
        }),
    )
}

/// Where the learner's team ended in a challenge whose places are declared; a substitute stands with
/// the team.
async fn ended_in_team(db: &Db, contest: ContestId, learner: LearnerId) -> Result<Option<Ended>> {
    let row: Option<(String, String, String, String, String, String)> = db
        .optional(
            sql!(
                "select c.title, c.rules, l.name, u.name, t.id, t.name from contest_team_member m \
                 join contest_team t on t.id = m.team_id join contest c on c.id = t.contest_id \
                 join learner l on l.id = m.learner_id join unit u on u.id = t.unit_id \
                 where t.contest_id = $1 and m.learner_id = $2 and t.state = 'approved'"
            ),
            values![contest, learner],
        )
        .await?;
    let Some((title, rules, name, unit, team, called)) = row else {
        return Ok(None);
    };
    let Some(places) = challenge::placed(db, contest).await? else {
        return Ok(None);
    };
    let rules: Rules = serde_json::from_str(&rules)?;
    let place = places.iter().find(|placed| placed.team.to_string() == team);
    let honour =
        place.and_then(|placed| Some((placed.place, Honour::of(&rules, placed.place, 1)?)));
    Ok(honour.map(|(rank, honour)| Ended {
        title,
        name,
        unit: format!("{unit} {called}"),
        honour,
        rank,
        among: i64::try_from(places.len()).unwrap_or(i64::MAX),
        points: 0,
    }))
}

/// The certificate of a person and contest that is not superseded.
fn one_of() -> Statement {
    sql!(
        "select code, contest_id, learner_id, title, name, unit, honour, rank, among, points, \
           made_at, superseded_at, superseded_by, \
           (select kind from contest where id = contest_id) as kind from contest_certificate \
         where contest_id = $1 and learner_id = $2 and superseded_at is null"
    )
}

async fn present(db: &Db, contest: ContestId, learner: LearnerId) -> Result<Option<Certificate>> {
    let row: Option<CertificateRow> = db.optional(one_of(), values![contest, learner]).await?;
    row.map(TryInto::try_into).transpose()
}

/// The viewer's certificate of a contest: the one that there is, or a new one when there is none
/// or a correction has moved what it attests.
///
/// # Errors
/// [`Error::NotFound`] when the viewer does not stand in the contest or there is none,
/// [`Error::Invalid`] `certificate-early` while its results are not posted and
/// `correction-running` while a correction of it is on its way.
pub async fn claim(db: &Db, viewer: &Viewer, contest: ContestId, now: Millis) -> Result<Code> {
    let learner = viewer.learner;
    let Some(ended) = ended(db, contest, learner).await? else {
        let early: Option<(i64,)> = db
            .optional(
                sql!(
                    "select s.answered from contest_standing s \
                     join contest c on c.id = s.contest_id \
                     where s.contest_id = $1 and s.learner_id = $2 and c.posted_at is null"
                ),
                values![contest, learner],
            )
            .await?;
        return Err(early.map_or(Error::NotFound, |_| Error::Invalid("certificate-early")));
    };
    if let Some(before) = present(db, contest, learner).await?
        && before.honour == ended.honour
    {
        return Ok(before.code);
    }
    let fresh = Code::of(id::random()?);
    // The read before may be old by now: only a certificate that attests something else goes.
    db.write(move |tx| {
        Box::pin(async move {
            let (honour, rank) = match ended.honour {
                Honour::Rank(rank) => ("rank", rank),
                Honour::TakingPart => ("part", ended.rank),
            };
            let before: Option<(String,)> = tx
                .optional(
                    sql!(
                        "update contest_certificate set superseded_at = $3 \
                         where contest_id = $1 and learner_id = $2 and superseded_at is null \
                           and (honour <> $4 or ($4 = 'rank' and rank <> $5)) returning code"
                    ),
                    values![contest, learner, now, honour, rank],
                )
                .await?;
            // Two askings at once: the second waits for the first here and changes nothing.
            tx.run(
                sql!(
                    "insert into contest_certificate (code, contest_id, learner_id, title, name, \
                       unit, honour, rank, among, points, made_at) \
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                     on conflict do nothing"
                ),
                values![
                    fresh.to_string(),
                    contest,
                    learner,
                    ended.title,
                    ended.name,
                    ended.unit,
                    honour,
                    rank,
                    ended.among,
                    ended.points,
                    now
                ],
            )
            .await?;
            let row: CertificateRow = tx.one(one_of(), values![contest, learner]).await?;
            let code = stored(&row.code)?;
            if let Some((before,)) = before {
                tx.run(
                    sql!("update contest_certificate set superseded_by = $2 where code = $1"),
                    values![before, row.code],
                )
                .await?;
            }
            Ok(code)
        })
    })
    .await
}

/// What the viewer has of a contest: `None` when it is not over, or they do not stand in it. While a
/// correction is on its way it is what it was before.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn holding(db: &Db, viewer: &Viewer, contest: ContestId) -> Result<Option<Holding>> {
    let honour = match ended(db, contest, viewer.learner).await {
        Ok(Some(ended)) => Some(ended.honour),
        Ok(None) => return Ok(None),
        Err(Error::Invalid(CORRECTING)) => None,
        Err(error) => return Err(error),
    };
    let present = present(db, contest, viewer.learner).await?;
    Ok(Some(match present {
        Some(one) if honour.is_none_or(|honour| honour == one.honour) => Holding::Made(one.code),
        _ => Holding::Due,
    }))
}

/// The contests that the viewer has certificates of or may have, the last one first.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn held(db: &Db, viewer: &Viewer) -> Result<Vec<Held>> {
    let rows: Vec<(String, String, i64, Option<String>)> = db
        .all(
            sql!(
                "select c.id, c.title, c.closes_at, t.code from contest c \
                 left join contest_certificate t on t.contest_id = c.id \
                   and t.learner_id = $1 and t.superseded_at is null \
                 where c.id in (select s.contest_id from contest_standing s \
                     join contest p on p.id = s.contest_id \
                     where s.learner_id = $1 and s.answered > 0 and p.posted_at is not null \
                   union select a.contest_id from contest_team_member m \
                     join contest_team a on a.id = m.team_id \
                     join contest_day d on d.contest_id = a.contest_id \
                     where m.learner_id = $1 and a.state = 'approved' and d.places is not null) \
                 order by c.closes_at desc limit 200"
            ),
            values![viewer.learner],
        )
        .await?;
    let held = |(contest, title, closed_at, code): (String, String, i64, Option<String>)| {
        Ok(Held {
            contest: stored(&contest)?,
            title,
            closed_at: Millis(closed_at),
            holding: match code {
                Some(code) => Holding::Made(stored(&code)?),
                None => Holding::Due,
            },
        })
    };
    rows.into_iter().map(held).collect()
}

/// The certificate behind a code, and whether it still holds; `None` when there is none.
///
/// # Errors
/// [`Error::Fault`] when the database does.
pub async fn check(db: &Db, code: Code) -> Result<Option<Certificate>> {
    let row: Option<CertificateRow> = db
        .optional(
            sql!(
                "select code, contest_id, learner_id, title, name, unit, honour, rank, among, \
                   points, made_at, superseded_at, superseded_by, \
                   (select kind from contest where id = contest_id) as kind \
                 from contest_certificate where code = $1"
            ),
            values![code.to_string()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut found = Certificate::try_from(row)?;
    // A correction needs nobody to ask for the new certificate before the old one falls.
    if found.standing == Stands::Yes {
        let falls = match ended(db, found.contest, found.learner).await {
            Ok(now) => now.is_none_or(|now| now.honour != found.honour),
            Err(Error::Invalid(CORRECTING)) => false, // by its end it is known
            Err(error) => return Err(error),
        };
        if falls {
            found.standing = Stands::Superseded { by: None };
        }
    }
    Ok(Some(found))
}
