//! Learners of the load generator's own: new ones for each run, known by their staff number.

use anyhow::Context;
use domain::id::{LearnerId, UnitId};
use domain::org::UnitKind;
use domain::time::{DAY, Millis};
use platform::identity::{Hasher, NewLearner, put_learner};
use platform::{Db, id, org, sql, values};

/// The one password of all of them.
pub const PASSWORD: &str = "load-only-password";
/// How their staff numbers begin; lower case, as accounts are compared.
const PREFIX: &str = "load-";
/// Most counties that they are spread over.
const COUNTIES: i64 = 40;
/// Learners of one transaction.
const AT_ONCE: usize = 200;

/// A learner who can sign in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The id.
    pub learner: LearnerId,
    /// What to sign in with.
    pub account: String,
}

/// Puts `count` new learners in, in units of their own in up to forty counties.
pub async fn put(db: &Db, count: usize, now: Millis) -> anyhow::Result<Vec<Person>> {
    let hash = Hasher::new(1, 1)?.hash(PASSWORD.to_owned()).await?;
    let units = units(db).await?;
    let mut people = Vec::with_capacity(count);
    for number in 0..count {
        people.push(Person {
            learner: LearnerId(id::fresh(now)?),
            account: format!("{PREFIX}{:x}-{number}", now.0),
        });
    }
    let since = now.plus(-DAY);
    for (chunk, first) in people.chunks(AT_ONCE).zip((0..).step_by(AT_ONCE)) {
        let (chunk, units, hash) = (chunk.to_vec(), units.clone(), hash.clone());
        db.write(move |tx| {
            Box::pin(async move {
                for (person, number) in chunk.into_iter().zip(first..) {
                    let unit = &units[number % units.len()];
                    let new = NewLearner {
                        id: person.learner,
                        name: format!("负载学员{}", number + 1),
                        phone: None,
                        staff_number: Some(person.account),
                        password_hash: hash.clone(),
                        must_change_password: false,
                    };
                    put_learner(tx, new, now).await?;
                    org::join(tx, person.learner, unit, since).await?;
                }
                Ok(())
            })
        })
        .await?;
    }
    Ok(people)
}

/// A unit in each of the first counties; the same ones in every run.
async fn units(db: &Db) -> anyhow::Result<Vec<UnitId>> {
    let counties: Vec<(String,)> = db
        .all(
            sql!("select id from unit where kind = 'county' order by id limit $1"),
            values![COUNTIES],
        )
        .await?;
    anyhow::ensure!(
        !counties.is_empty(),
        "the database has no counties; run `zhijian demo` first"
    );
    db.write(move |tx| {
        Box::pin(async move {
            let mut units = Vec::with_capacity(counties.len());
            for (position, (county,)) in (900_000..).zip(counties) {
                let unit = UnitId(format!("{PREFIX}{county}"));
                let county = UnitId(county);
                let kind = UnitKind::Unit;
                org::put_unit(
                    tx,
                    &unit,
                    Some(&county),
                    None,
                    kind,
                    "负载测试单位",
                    position,
                )
                .await?;
                units.push(unit);
            }
            Ok(units)
        })
    })
    .await
    .context("units for the learners")
}
