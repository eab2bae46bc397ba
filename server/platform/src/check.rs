//! `zhijian check`: the database against its own rules.

use crate::contest::{self, review, standing};
use crate::db::Db;
use crate::{Result, sql, values};
use domain::contest::Rules;
use domain::time::{MINUTE, Millis};
use serde::Serialize;
use std::collections::HashMap;

mod caps;
mod content;
mod tree;

/// One thing that is off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static str,
    /// What is off, without personal data.
    pub what: String,
}

/// How long a closed contest may wait for its credits before that is a finding.
const OVERDUE: i64 = 10 * MINUTE;

/// The most findings of one rule that are listed.
const MOST: i64 = 100;
/// The same, as a length.
const LISTED: usize = MOST as usize;

/// Everything that is off; empty for a sound database.
///
/// # Errors
/// [`crate::Error::Fault`] when the database can not be read.
pub async fn check(db: &Db, now: Millis) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut note = |rule: &'static str, rows: Vec<(String,)>| {
        findings.extend(rows.into_iter().map(|(what,)| Finding { rule, what }));
    };
    note("ledger-sum", sums_without_entries(db).await?);
    note("ledger-sum", entries_without_sums(db).await?);
    let above = caps::above(db).await?;
    note("daily-cap", above.days);
    note("yearly-cap", above.years);
    note("question", content::questions_off(db).await?);
    note("dangling-citation", dangling_question_citations(db).await?);
    note("dangling-citation", dangling_lesson_citations(db).await?);
    note("unanswered-event", unanswered(db).await?);
    note("attempt-sum", attempts_off(db).await?);
    note("attempt-score", review::scores_off(db, LISTED).await?);
    note("late-answer", late(db).await?);
    note("standing", standings_off(db).await?);
    note("memberships-overlap", overlaps(db).await?);
    note("unit-tree", tree::ancestors_off(db).await?);
    note("match-log", contest::r#match::logs_off(db).await?);
    note("quick-match", contest::quick::quick_off(db, MOST).await?);
    let overdue = contest::unposted(db, now.plus(-OVERDUE)).await?;
    note(
        "bonus-overdue",
        overdue.into_iter().map(|id| (id,)).collect(),
    );
    note("bonus-credits", review::bonus_off(db, LISTED).await?);
    let late = review::corrections_overdue(db, now.plus(-OVERDUE)).await?;
    note("correction-overdue", late);
    Ok(findings)
}

async fn sums_without_entries(db: &Db) -> Result<Vec<(String,)>> {
    db.all(
        sql!(
            "select s.learner_id || ' ' || s.period || ' ' || s.source from credit_sum s \
             left join (select learner_id, cast(year as text) as period, source, \
                   sum(amount) as amount from credit_entry group by learner_id, year, source \
               union all select learner_id, day, source, sum(amount) from credit_entry \
                   group by learner_id, day, source) e \
               on e.learner_id = s.learner_id and e.period = s.period and e.source = s.source \
             where s.amount <> coalesce(e.amount, 0) order by 1 limit $1"
        ),
        values![MOST],
    )
    .await
}

async fn entries_without_sums(db: &Db) -> Result<Vec<(String,)>> {
    db.all(
        sql!(
            "select e.id from credit_entry e where not exists (select 1 from credit_sum s \
               where s.learner_id = e.learner_id and s.period = e.day and s.source = e.source) \
             or not exists (select 1 from credit_sum s where s.learner_id = e.learner_id \
               and s.period = cast(e.year as text) and s.source = e.source) \
             order by e.id limit $1"
        ),
        values![MOST],
    )
    .await
}

async fn dangling_question_citations(db: &Db) -> Result<Vec<(String,)>> {
    db.all(
        sql!(
            "select q.question_id || ' ' || q.law_slug || '#' || cast(q.base as text) \
             from question_citation q where not exists (select 1 from law_version v \
               join law_node n on n.version_id = v.id and n.kind = 'article' \
               where v.law_slug = q.law_slug and v.version_date = q.version_date \
                 and n.base = q.base and n.sub = q.sub) order by 1 limit $1"
        ),
        values![MOST],
    )
    .await
}

async fn dangling_lesson_citations(db: &Db) -> Result<Vec<(String,)>> {
    db.all(
        sql!(
            "select c.lesson_id || ' ' || c.law_slug || '#' || cast(c.base as text) \
             from lesson_citation c where not exists (select 1 from law_version v \
               join law_node n on n.version_id = v.id and n.kind = 'article' \
               where v.law_slug = c.law_slug and n.base = c.base and n.sub = c.sub) \
             order by 1 limit $1"
        ),
        values![MOST],
    )
    .await
}

async fn unanswered(db: &Db) -> Result<Vec<(String,)>> {
    db.all(
        sql!("select id from client_event where outcome is null order by id limit $1"),
        values![MOST],
    )
    .await
}

async fn attempts_off(db: &Db) -> Result<Vec<(String,)>> {
    db.all(
        sql!(
            "select a.id from contest_attempt a where a.answered <> \
               (select count(*) from contest_answer w where w.attempt_id = a.id) \
             order by a.id limit $1"
        ),
        values![MOST],
    )
    .await
}

/// The rules of every contest.
async fn rules_of_all(db: &Db) -> Result<HashMap<String, Rules>> {
    let rows: Vec<(String, String)> = db
        .all(sql!("select id, rules from contest"), values![])
        .await?;
    rows.into_iter()
        .map(|(contest, text)| Ok((contest, serde_json::from_str(&text)?)))
        .collect()
}

async fn late(db: &Db) -> Result<Vec<(String,)>> {
    db.all(
        sql!(
            "select w.event_id from contest_answer w join contest_attempt a on a.id = w.attempt_id \
             where w.received_at >= a.deadline_at order by 1 limit $1"
        ),
        values![MOST],
    )
    .await
}

async fn standings_off(db: &Db) -> Result<Vec<(String,)>> {
    let mut off = Vec::new();
    for (contest, rules) in rules_of_all(db).await? {
        off.extend(standing::standings_off(db, &contest, &rules).await?);
    }
    off.sort();
    off.truncate(LISTED);
    Ok(off.into_iter().map(|id| (id,)).collect())
}

async fn overlaps(db: &Db) -> Result<Vec<(String,)>> {
    db.all(
        sql!(
            "select m.id from membership m join membership o on o.learner_id = m.learner_id \
               and o.id <> m.id and o.from_at <= m.from_at \
               and (o.until_at is null or o.until_at > m.from_at) \
             where m.until_at is null or m.until_at > m.from_at order by 1 limit $1"
        ),
        values![MOST],
    )
    .await
}
