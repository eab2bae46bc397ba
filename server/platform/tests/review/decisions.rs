//! Objections and their answers, the line, results made final.

use super::*;
use domain::contest::stage::Line;
use platform::contest::review::{
    Ground, Raised, asked_often, finalize, lie, line, move_line, notes, object, objected,
    objections, outcome, reopen, reply, reviewed,
};

async fn objects(
    db: &Db,
    world: &World,
    place: usize,
    question: &str,
    words: &str,
    now: Millis,
) -> platform::Result<()> {
    let (who, attempt) = &world.people[place];
    let raised = Raised {
        event: event(),
        attempt: *attempt,
        question: question.into(),
        ground: Ground::WrongKey,
        words: words.to_owned(),
    };
    object(db, who, &world.contest, raised, now).await
}

#[tokio::test]
async fn an_objection_is_seen_and_its_answer_reaches_all() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        for place in [0, 1] {
            objects(&db, &world, place, "q002", "法条是这样写的", AFTER)
                .await
                .expect("an objection");
        }
        // Again while it waits is the same one.
        objects(&db, &world, 0, "q002", "又来", AFTER)
            .await
            .expect("one");
        let list = reviewed(&db, &world.editor, world.id)
            .await
            .expect("a list");
        assert_eq!(list[0].question.0, "q002");
        assert_eq!((list[0].objections, list[0].open), (2, 2));
        assert_eq!((list[0].answered, list[0].right), (5, 3));
        let q002 = QuestionId::from("q002");
        let said = objected(&db, &world.editor, world.id, &q002).await;
        let said = said.expect("objections");
        assert!(
            said.iter()
                .all(|o| o.is_open && o.words == "法条是这样写的")
        );
        let often = asked_often(&db, &world.editor, world.id, &q002).await;
        let often = often.expect("answers");
        let times: Vec<i64> = often.chosen.iter().map(|c| c.times).collect();
        assert_eq!((often.answered, times), (5, vec![3, 2]));
        let click = event();
        for _ in 0..2 {
            let answered = reply(
                &db,
                &world.editor,
                click,
                world.id,
                q002.clone(),
                "确实有误，已作废。",
                AFTER,
            )
            .await;
            assert_eq!(answered.expect("an answer"), 2);
        }
        // All who objected, and everyone at that question.
        for (who, _) in &world.people {
            let notes = notes(&db, who, world.id).await.expect("notes");
            assert_eq!(notes[&q002].replies[0].words, "确实有误，已作废。");
            assert!(!notes[&q002].waits);
        }
        let mine = objections(&db, &world.people[1].0, None)
            .await
            .expect("mine");
        assert_eq!(mine.len(), 1);
        assert_eq!(mine[0].reply.as_deref(), Some("确实有误，已作废。"));
        let nothing = reply(&db, &world.editor, event(), world.id, q002, "再答", AFTER).await;
        assert_eq!(code(nothing), "nothing-open");
    })
    .await;
}

#[tokio::test]
async fn an_objection_comes_from_an_attempt_that_is_over_and_in_bounds() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        // Over by its time, while others still answer: not yet.
        for early in [minute(1), minute(6)] {
            let early = objects(&db, &world, 0, "q002", "错", early).await;
            assert_eq!(code(early), "objection-early");
        }
        let (who, mine) = &world.people[1];
        submit(&db, who, *mine, minute(2)).await.expect("handed in");
        objects(&db, &world, 1, "q002", "错", minute(3))
            .await
            .expect("one");
        let long = "长".repeat(501);
        for words in ["", "  ", &long] {
            let refused = objects(&db, &world, 0, "q002", words, AFTER).await;
            assert_eq!(code(refused), "objection-words");
        }
        let other = objects(&db, &world, 0, "q777", "错", AFTER).await;
        assert_eq!(code(other), "not-found");
        // Somebody else's attempt, and somebody else's event.
        let stranger = learner(&db, "外", "farm").await;
        let raised = |event, attempt, question: &str| Raised {
            event,
            attempt,
            question: question.into(),
            ground: Ground::Other,
            words: "错".to_owned(),
        };
        let foreign = object(
            &db,
            &stranger,
            &world.contest,
            raised(event(), *mine, "q002"),
            AFTER,
        );
        assert_eq!(code(foreign.await), "not-found");
        let click = event();
        let (first, attempt) = &world.people[0];
        let done = object(
            &db,
            first,
            &world.contest,
            raised(click, *attempt, "q002"),
            AFTER,
        )
        .await;
        done.expect("an objection");
        let stolen = object(
            &db,
            who,
            &world.contest,
            raised(click, *mine, "q001"),
            AFTER,
        );
        assert_eq!(code(stolen.await), "forbidden");
        // Ten a day.
        let filler = format!(
            "insert into contest_reply (id, contest_id, question_id, words, replied_by, \
             replied_at) values ('r', '{}', 'q001', '答', '{}', 1)",
            world.id, world.editor.learner
        );
        by_hand(&db, &filler).await;
        for _ in 0..9 {
            objects(&db, &world, 0, "q001", "错", AFTER)
                .await
                .expect("one");
            by_hand(&db, "update contest_objection set reply_id = 'r'").await;
        }
        let flood = objects(&db, &world, 0, "q001", "错", AFTER).await;
        assert_eq!(code(flood), "objection-many");
        objects(&db, &world, 0, "q001", "错", AFTER.plus(DAY))
            .await
            .expect("next day");
    })
    .await;
}

#[tokio::test]
async fn the_line_is_told_where_it_cuts_a_tie_and_moves_on_record() {
    world::each(async |db| {
        let tied = Rules {
            line: Some(Line::Rank(2)),
            ..rules()
        };
        let world = played(&db, tied).await;
        by_hand(&db, "update contest_attempt set time_ms = 7").await;
        by_hand(&db, "update contest_standing set time_ms = 7").await;
        let shown = lie(&db, &world.contest)
            .await
            .expect("a lie")
            .expect("a line");
        assert_eq!((shown.line, shown.qualified.count), (Line::Rank(2), 3));
        let tie = shown.qualified.tie.expect("a tie");
        assert_eq!(
            (tie.tied, tie.up, tie.down),
            (3, Line::Rank(0), Line::Rank(3))
        );
        let by = &world.editor;
        let early = move_line(&db, by, event(), world.id, tie.down, "加座", NOW).await;
        assert_eq!(code(early), "review-open");
        let silent = move_line(&db, by, event(), world.id, tie.down, "", AFTER).await;
        assert_eq!(code(silent), "review-reason");
        let learner = &world.people[0].0;
        let theirs = move_line(&db, learner, event(), world.id, tie.down, "因", AFTER).await;
        assert_eq!(code(theirs), "forbidden");
        let click = event();
        for _ in 0..2 {
            let moved = move_line(&db, by, click, world.id, tie.down, "加座", AFTER).await;
            assert_eq!(moved.expect("moved"), 1);
        }
        let same = move_line(&db, by, event(), world.id, tie.down, "加座", AFTER).await;
        assert_eq!(code(same), "line-same");
        assert_eq!(
            line(&db, &world.contest).await.expect("a line"),
            Some(tie.down)
        );
        let shown = lie(&db, &world.contest)
            .await
            .expect("a lie")
            .expect("a line");
        assert_eq!((shown.qualified.count, shown.qualified.tie), (3, None));
        move_line(
            &db,
            by,
            event(),
            world.id,
            Line::Points(10),
            "按分数",
            AFTER,
        )
        .await
        .expect("moved");
        let shown = lie(&db, &world.contest)
            .await
            .expect("a lie")
            .expect("a line");
        assert_eq!(shown.qualified.count, 5);
        let record = record(&db, &world.contest).await.expect("a record");
        assert_eq!(record.len(), 2);
        assert!(record.iter().all(|entry| entry.by() == by.learner));
        // The final goes by the line as it was moved.
        let plan = platform::contest::edit::final_of(&db, by, world.id, AFTER).await;
        let plan = plan.expect("a plan");
        assert_eq!((plan.line, plan.qualified.count), (Line::Points(10), 5));
    })
    .await;
}

#[tokio::test]
async fn results_become_final_once_nothing_waits_and_only_a_record_opens_them_again() {
    world::each(async |db| {
        let world = played(&db, rules()).await;
        let by = &world.editor;
        objects(&db, &world, 0, "q002", "错", AFTER)
            .await
            .expect("one");
        let hasty = finalize(&db, by, event(), world.id, "", AFTER).await;
        assert_eq!(code(hasty), "objections-open");
        let early = finalize(&db, by, event(), world.id, "因", NOW).await;
        assert_eq!(code(early), "review-open");
        let learner = &world.people[0].0;
        let theirs = finalize(&db, learner, event(), world.id, "因", AFTER).await;
        assert_eq!(code(theirs), "forbidden");
        let click = event();
        for _ in 0..2 {
            finalize(&db, by, click, world.id, "异议与题目无关", AFTER)
                .await
                .expect("final");
        }
        let state = outcome(&db, world.id).await.expect("an outcome");
        assert_eq!((state.final_since, state.unanswered), (Some(AFTER), 1));
        let twice = finalize(&db, by, event(), world.id, "因", AFTER).await;
        assert_eq!(code(twice), "already-final");
        // A ruling afterwards says that it changes a final result.
        let run = decide(&db, &world, rule("q002", Ruling::Void)).await;
        assert!(run.after_final);
        let running = reopen(&db, by, event(), world.id, "因", AFTER).await;
        assert_eq!(code(running), "correction-running");
        carry_on(&db, AFTER).await.expect("done");
        let silent = reopen(&db, by, event(), world.id, "", AFTER).await;
        assert_eq!(code(silent), "review-reason");
        reopen(&db, by, event(), world.id, "重新评议", AFTER)
            .await
            .expect("open");
        let state = outcome(&db, world.id).await.expect("an outcome");
        assert_eq!(state.final_since, None);
        let record = record(&db, &world.contest).await.expect("a record");
        assert_eq!(record.len(), 3);
        assert_eq!(check(&db, AFTER).await.expect("findings"), []);
    })
    .await;
}
