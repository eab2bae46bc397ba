//! A draft from its first save to its publication, and back.

use super::bank::{bank, frozen, shortage};
use super::check::{Wrong, defects, words};
use super::unit::{inside, without_posts};
use super::window::coming_week;
use super::{Edited, editor_units, one_draft, one_edited};
use crate::contest::bank::freeze;
use crate::contest::{NewContest, put_contest};
use crate::db::Db;
use crate::identity::Viewer;
use crate::{Error, Result, event, id, sql, values};
use domain::contest::blueprint::Described;
use domain::contest::team::TeamRules;
use domain::contest::{ContestKind, Phase, Rules};
use domain::id::{ContestId, EventId, UnitId};
use domain::time::{DAY, Millis};

/// What an editor typed. A time that is none is `None`; a number that is none is one outside its
/// range, so that [`defects`] says so.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// When it opens.
    pub opens_at: Option<Millis>,
    /// When it closes.
    pub closes_at: Option<Millis>,
    /// What it promises.
    pub rules: Rules,
}

/// Makes a draft of a contest of `unit`, with the rules that a new contest begins with. The same
/// event again gets the same draft.
///
/// # Errors
/// [`Error::Forbidden`] where the viewer is no editor; [`Error::Invalid`] with `contest-title`.
pub async fn create(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    kind: ContestKind,
    unit: UnitId,
    title: String,
    now: Millis,
) -> Result<ContestId> {
    if !editor_units(viewer).any(|granted| *granted == unit) {
        return Err(Error::Forbidden);
    }
    if !words(&title, "").is_empty() {
        return Err(Error::Invalid("contest-title"));
    }
    let (opens_at, closes_at) = coming_week(now);
    let team = (kind == ContestKind::Team).then_some(TeamRules {
        size: 5,
        substitutes: 2,
        teams: 1,
        register_until: opens_at.plus(-2 * DAY),
    });
    let new = NewContest {
        id: ContestId(id::fresh(now)?),
        kind,
        title,
        summary: String::new(),
        unit,
        opens_at,
        closes_at,
        rules: Rules {
            team,
            ..Rules::default()
        },
    };
    put_draft(db, viewer, event, new, None, Vec::new(), now).await
}

/// Puts a draft in, once for an event; `listed` may enter it.
pub(super) async fn put_draft(
    db: &Db,
    viewer: &Viewer,
    event: EventId,
    new: NewContest,
    open_round: Option<ContestId>,
    listed: Vec<String>,
    now: Millis,
) -> Result<ContestId> {
    let learner = viewer.learner;
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(before) = event::once(tx, event, learner, "contest-draft", now).await? {
                return Ok(before);
            }
            put_contest(tx, &new).await?;
            tx.run(
                sql!("update contest set is_draft = $2, open_round_id = $3 where id = $1"),
                values![new.id, true, open_round.map(|id| id.to_string())],
            )
            .await?;
            super::listed::put(tx, new.id, &listed).await?;
            event::answered(tx, event, new.id).await
        })
    })
    .await
}

/// Saves what an editor typed, and publishes it if asked; answers what is wrong, and then nothing
/// was written. Of a contest that is published only the title and the summary are taken.
///
/// `stamp` is the [`Edited::stamp`] of what the editor had before them: when another editor has
/// saved since, that is wrong too.
///
/// # Errors
/// As [`one_edited`].
pub async fn save(
    db: &Db,
    viewer: &Viewer,
    id: ContestId,
    stamp: &str,
    mut draft: Draft,
    publish: bool,
    now: Millis,
) -> Result<Vec<Wrong>> {
    let edited = one_edited(db, viewer, id).await?;
    draft.title = draft.title.trim().to_owned();
    draft.summary = draft.summary.trim().replace("\r\n", "\n");
    let changed = || vec![Wrong::new("title", "contest-changed")];
    if edited.stamp() != stamp {
        return Ok(changed());
    }
    if !edited.is_draft {
        return save_words(db, id, draft).await;
    }
    if !draft.rules.sections.is_empty() {
        let counts = draft.rules.sections.iter().map(|s| s.count);
        draft.rules.questions = counts.fold(0, usize::saturating_add);
    }
    let mut wrong = defects(edited.contest.kind, &draft, publish.then_some(now));
    if !inside(db, &edited.contest.unit, &draft.rules.entry.within).await? {
        wrong.push(Wrong::new("within", "contest-outside"));
    }
    if publish && wrong.is_empty() {
        wrong = hindrances(&bank(db).await?, &edited, &draft.rules);
        let entry = &draft.rules.entry;
        wrong.extend(without_posts(db, &edited.contest.unit, entry, now).await?);
    }
    let (Some(opens_at), Some(closes_at), true) =
        (draft.opens_at, draft.closes_at, wrong.is_empty())
    else {
        return Ok(wrong);
    };
    let saved = db.write(move |tx| {
        Box::pin(async move {
            if publish {
                freeze(tx, id, &draft.rules.drawn_topics()).await?;
                // The bank may have lost questions since it was looked at.
                if !hindrances(&frozen(tx, id).await?, &edited, &draft.rules).is_empty() {
                    return Err(Error::Invalid("contest-changed"));
                }
            }
            let before = &edited.contest;
            let rows = tx
                .run(
                    sql!(
                        "update contest set title = $2, summary = $3, opens_at = $4, \
                           closes_at = $5, rules = $6, is_draft = $7 \
                         where id = $1 and is_draft and title = $8 and summary = $9 \
                           and opens_at = $10 and closes_at = $11 and rules = $12"
                    ),
                    values![
                        id,
                        &draft.title,
                        &draft.summary,
                        opens_at,
                        closes_at,
                        serde_json::to_string(&draft.rules)?,
                        !publish,
                        &before.title,
                        &before.summary,
                        before.opens_at,
                        before.closes_at,
                        &edited.stored
                    ],
                )
                .await?;
            // An error takes the frozen bank back as well.
            (rows == 1)
                .then_some(())
                .ok_or(Error::Invalid("contest-changed"))
        })
    });
    match saved.await {
        Ok(()) => Ok(Vec::new()),
        Err(Error::Invalid("contest-changed")) => Ok(changed()),
        Err(error) => Err(error),
    }
}

async fn save_words(db: &Db, id: ContestId, draft: Draft) -> Result<Vec<Wrong>> {
    let wrong = words(&draft.title, &draft.summary);
    if wrong.is_empty() {
        db.write(move |tx| {
            Box::pin(async move {
                tx.run(
                    sql!("update contest set title = $2, summary = $3 where id = $1"),
                    values![id, draft.title, draft.summary],
                )
                .await?;
                Ok(())
            })
        })
        .await?;
    }
    Ok(wrong)
}

/// What of the bank and of the list hinders a draft with these rules from being published.
fn hindrances(bank: &[Described], edited: &Edited, rules: &Rules) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if edited.contest.kind != ContestKind::Team {
        wrong = shortage(bank, rules);
    }
    if rules.entry.listed && edited.listed == 0 {
        wrong.push(Wrong::new("listed", "contest-list-empty"));
    }
    wrong
}

/// What hinders a saved draft from being published now, with the bank as it is.
#[must_use]
pub fn unready(bank: &[Described], edited: &Edited, now: Millis) -> Vec<Wrong> {
    let contest = &edited.contest;
    let draft = Draft {
        title: contest.title.clone(),
        summary: contest.summary.clone(),
        opens_at: Some(contest.opens_at),
        closes_at: Some(contest.closes_at),
        rules: contest.rules.clone(),
    };
    let mut wrong = defects(contest.kind, &draft, Some(now));
    wrong.extend(hindrances(bank, edited, &contest.rules));
    wrong
}

/// Takes a contest back to a draft, before it opens and while nobody has begun.
///
/// # Errors
/// [`Error::Invalid`] with `contest-begun` when it is too late; as [`one_edited`].
pub async fn withdraw(db: &Db, viewer: &Viewer, id: ContestId, now: Millis) -> Result<()> {
    let edited = one_edited(db, viewer, id).await?;
    if edited.is_draft {
        return Ok(());
    }
    if edited.contest.phase(now) != Phase::Coming {
        return Err(Error::Invalid("contest-begun"));
    }
    let rows = db
        .write(move |tx| {
            Box::pin(async move {
                tx.run(
                    sql!(
                        "update contest set is_draft = true where id = $1 and opens_at > $2 \
                           and not exists (select 1 from contest_attempt where contest_id = $1) \
                           and not exists (select 1 from contest_team where contest_id = $1)"
                    ),
                    values![id, now],
                )
                .await
            })
        })
        .await?;
    if rows == 0 {
        return Err(Error::Invalid("contest-begun"));
    }
    Ok(())
}

/// Deletes a draft.
///
/// # Errors
/// [`Error::Invalid`] with `contest-published` for what is none; as [`one_edited`].
pub async fn delete(db: &Db, viewer: &Viewer, id: ContestId) -> Result<()> {
    one_draft(db, viewer, id).await?;
    db.write(move |tx| {
        Box::pin(async move {
            for statement in [
                sql!("delete from contest_question_citation where contest_id = $1"),
                sql!("delete from contest_question where contest_id = $1"),
                sql!("delete from contest_listed where contest_id = $1"),
                sql!("delete from contest_day where contest_id = $1"),
            ] {
                tx.run(statement, values![id]).await?;
            }
            let gone = tx
                .run(
                    sql!("delete from contest where id = $1 and is_draft"),
                    values![id],
                )
                .await?;
            // Published in the same instant: then nothing goes.
            (gone == 1)
                .then_some(())
                .ok_or(Error::Invalid("contest-published"))
        })
    })
    .await
}
