//! Caps: no day and no year of a person holds more of a source than a policy of that time allowed.

use super::LISTED;
use crate::db::Db;
use crate::{Result, sql, values};
use domain::credits::{Cap, Policy, Source};
use domain::time::Millis;

/// Sums above their caps, each as `learner period source`.
#[derive(Default)]
pub(super) struct Above {
    pub(super) days: Vec<(String,)>,
    pub(super) years: Vec<(String,)>,
}

/// A policy, and from which day on it was in force, `2026-11-24`; the first since ever.
struct Version {
    from: String,
    policy: Policy,
}

/// All sums above their caps.
pub(super) async fn above(db: &Db) -> Result<Above> {
    let versions = versions(db).await?;
    let mut above = Above::default();
    for source in Source::ALL {
        above
            .days
            .extend(of(db, &versions, source, 10, |cap| cap.daily).await?);
        above
            .years
            .extend(of(db, &versions, source, 4, |cap| cap.yearly).await?);
    }
    above.days.truncate(LISTED);
    above.years.truncate(LISTED);
    Ok(above)
}

async fn versions(db: &Db) -> Result<Vec<Version>> {
    let rows: Vec<(String, i64)> = db
        .all(
            sql!("select policy, changed_at from credit_policy order by version"),
            values![],
        )
        .await?;
    let mut versions = vec![Version {
        from: String::new(),
        policy: Policy::default(),
    }];
    for (policy, changed_at) in rows {
        versions.push(Version {
            from: Millis(changed_at).day().to_string(),
            policy: serde_json::from_str(&policy)?,
        });
    }
    Ok(versions)
}

/// The sums of a source above what `limit` picks of its caps; `letters` of a period are 10 for a
/// day and 4 for a year.
async fn of(
    db: &Db,
    versions: &[Version],
    source: Source,
    letters: usize,
    limit: fn(Cap) -> Option<i64>,
) -> Result<Vec<(String,)>> {
    let Some(least) = versions
        .iter()
        .filter_map(|v| limit(v.policy.cap(source)))
        .min()
    else {
        return Ok(Vec::new());
    };
    let sums: Vec<(String, String, i64)> = db
        .all(
            sql!(
                "select learner_id, period, amount from credit_sum \
                 where source = $1 and length(period) = $2 and amount > $3 order by 1, 2"
            ),
            values![
                source.as_str(),
                i64::try_from(letters).unwrap_or(i64::MAX),
                least
            ],
        )
        .await?;
    Ok(sums
        .into_iter()
        .filter(|(_, period, amount)| {
            most(versions, period, |policy| limit(policy.cap(source))).is_some_and(|m| *amount > m)
        })
        .map(|(learner, period, _)| (format!("{learner} {period} {}", source.as_str()),))
        .collect())
}

/// The largest limit of a day or year, `None` when one was without. Where the policy changed within
/// it, what was earned under the larger one was earned by right.
fn most(versions: &[Version], period: &str, limit: impl Fn(&Policy) -> Option<i64>) -> Option<i64> {
    let at = |version: &Version| version.from.get(..period.len()).unwrap_or("").to_owned();
    let in_force = versions.iter().enumerate().filter(|(place, version)| {
        let until = versions.get(place + 1);
        at(version).as_str() <= period && until.is_none_or(|until| at(until).as_str() >= period)
    });
    // None is less than any number: a limit that there is not must not lose against one.
    in_force
        .map(|(_, version)| limit(&version.policy).unwrap_or(i64::MAX))
        .max()
        .filter(|most| *most < i64::MAX)
}
