//! A programme that outlives its contest, and one that goes with a draft.

use super::*;
use crate::world::{code, each};
use domain::id::EventId;
use platform::contest::challenge::{Next, composed, day, programme};
use platform::contest::edit::{copy, create, delete};

async fn draft(db: &Db, editor: &Viewer, event: EventId) -> ContestId {
    let kind = ContestKind::Team;
    let title = "2025年团体挑战赛".to_owned();
    let made = create(db, editor, event, kind, "51".into(), title, NOW).await;
    made.expect("a draft")
}

#[tokio::test]
async fn a_copy_of_last_year_s_challenge_has_its_programme_a_lot_of_its_own_and_no_hosts() {
    each(async |db| {
        content::small(&db, 8).await;
        let editor = official(&db, "编辑", Role::Editor, "51").await;
        let last = draft(&db, &editor, event()).await;
        save_programme(&db, &editor, last, &short())
            .await
            .expect("kept");
        add_host(&db, &editor, last, editor.learner)
            .await
            .expect("named");
        let click = event();
        let made = copy(&db, &editor, click, last, NOW).await.expect("a copy");
        let copied = day(&db, &editor, made).await.expect("a day");
        assert_eq!((copied.programme, copied.composed), (short(), true));
        assert!(copied.hosts.is_empty());
        assert_ne!(
            copied.lot,
            day(&db, &editor, last).await.expect("a day").lot
        );

        // What was composed since stays when the click comes again.
        let mut longer = short();
        longer.rounds[0].questions = 5;
        save_programme(&db, &editor, made, &longer)
            .await
            .expect("kept");
        assert_eq!(
            copy(&db, &editor, click, last, NOW).await.expect("it"),
            made
        );
        let kept = programme(&db, &editor, made).await.expect("a programme");
        assert_eq!(kept, longer);
    })
    .await;
}

#[tokio::test]
async fn everyone_sees_a_programme_once_it_can_be_played() {
    each(async |db| {
        content::small(&db, 8).await;
        let editor = official(&db, "编辑", Role::Editor, "51").await;
        let contest = draft(&db, &editor, event()).await;
        assert_eq!(composed(&db, contest).await.expect("read"), None);
        let mut bad = short();
        bad.rounds[0].questions = 0;
        save_programme(&db, &editor, contest, &bad)
            .await
            .expect("kept");
        assert_eq!(composed(&db, contest).await.expect("read"), None);
        save_programme(&db, &editor, contest, &short())
            .await
            .expect("kept");
        assert_eq!(composed(&db, contest).await.expect("read"), Some(short()));
    })
    .await;
}

#[tokio::test]
async fn a_draft_goes_with_what_was_composed_for_it() {
    each(async |db| {
        content::small(&db, 8).await;
        let editor = official(&db, "编辑", Role::Editor, "51").await;
        let contest = draft(&db, &editor, event()).await;
        save_programme(&db, &editor, contest, &short())
            .await
            .expect("kept");
        let next = day(&db, &editor, contest).await.expect("a day").next();
        assert_eq!(next, Next::Teams);
        delete(&db, &editor, contest).await.expect("deleted");
        assert_eq!(code(day(&db, &editor, contest).await), "not-found");
        assert_eq!(number(&db, "select count(*) from contest_day").await, 0);
    })
    .await;
}
