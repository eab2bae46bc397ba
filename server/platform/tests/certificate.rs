//! Certificates: who may have one, that there is one, what a correction does, what a stranger sees.

use crate::world;

use domain::contest::certificate::{Code, Honour};
use domain::id::ContestId;
use domain::time::{MINUTE, Millis};
use futures_util::future::join_all;
use platform::Db;
use platform::contest::certificate::{Holding, Stands, check, claim, held, holding};
use platform::contest::{Given, attempt, post_due, save, start};
use platform::identity::Viewer;
use world::content::{CLOSES, as_shown, contest, right, rules, small, wrong};
use world::people::{join, learner};
use world::{NOW, by_hand, code, event, minute, number};

/// So long after the end that everything is settled.
const AFTER: Millis = Millis(CLOSES.0 + MINUTE);

/// Takes part: `rights` of four answers are right.
async fn play(db: &Db, who: &Viewer, contest: ContestId, rights: usize) {
    let begun = start(db, who, event(), contest, NOW).await.expect("begun");
    let paper = attempt(db, who, begun.attempt).await.expect("a paper");
    for (n, asked) in paper.questions.iter().enumerate() {
        let answer = if n < rights {
            right(&asked.question)
        } else {
            wrong(&asked.question)
        };
        let given = Given {
            event: event(),
            attempt: begun.attempt,
            question: asked.question.id.clone(),
            revision: 1,
            answer: as_shown(asked, answer),
        };
        save(db, who, given, minute(1)).await.expect("saved");
    }
}

/// A contest that is over: 王小明 first, 乙 second, 丙 third and 丁 without a band.
async fn over(db: &Db) -> (ContestId, Vec<Viewer>) {
    small(db, 12).await;
    let id = contest(db, "51", rules()).await;
    let mut people = Vec::new();
    for (name, rights) in [("王小明", 4), ("乙", 3), ("丙", 2), ("丁", 1)] {
        let who = learner(db, name, "water").await;
        play(db, &who, id, rights).await;
        people.push(who);
    }
    post_due(db, AFTER).await.expect("posted");
    (id, people)
}

#[tokio::test]
async fn it_is_made_on_first_asking_and_the_same_on_every_other() {
    world::each(async |db| {
        let (id, people) = over(&db).await;
        let first = &people[0];
        assert_eq!(
            holding(&db, first, id).await.expect("one"),
            Some(Holding::Due)
        );
        // A double click, two phones, two processes.
        let asked = join_all((0..8).map(|_| claim(&db, first, id, AFTER))).await;
        let codes: Vec<Code> = asked.into_iter().map(|c| c.expect("a code")).collect();
        assert!(codes.iter().all(|c| *c == codes[0]), "{codes:?}");
        assert_eq!(
            claim(&db, first, id, AFTER.plus(MINUTE)).await.expect("it"),
            codes[0]
        );
        let kept = number(&db, "select count(*) from contest_certificate").await;
        assert_eq!(kept, 1);
        assert_eq!(
            holding(&db, first, id).await.expect("one"),
            Some(Holding::Made(codes[0]))
        );
        let all = held(&db, first).await.expect("a list");
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].holding, Holding::Made(codes[0]));
    })
    .await;
}

#[tokio::test]
async fn a_rank_in_a_band_and_taking_part_are_attested() {
    world::each(async |db| {
        let (id, people) = over(&db).await;
        let mut attested = Vec::new();
        for who in &people {
            let code = claim(&db, who, id, AFTER).await.expect("a code");
            let found = check(&db, code).await.expect("an answer").expect("it");
            assert_eq!(found.standing, Stands::Yes);
            assert_eq!((found.among, found.unit.as_str()), (4, "水务局"));
            assert_eq!((found.title.as_str(), found.made_at), ("竞赛", AFTER));
            attested.push((found.honour, found.points));
        }
        assert_eq!(
            attested,
            [
                (Honour::Rank(1), 40),
                (Honour::Rank(2), 30),
                (Honour::Rank(3), 20),
                (Honour::TakingPart, 10)
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_stranger_sees_a_masked_name_and_the_owner_the_whole() {
    world::each(async |db| {
        let (id, people) = over(&db).await;
        let code = claim(&db, &people[0], id, AFTER).await.expect("a code");
        let found = check(&db, code).await.expect("an answer").expect("it");
        assert_eq!(found.name_for(None), "王＊明");
        // Neither does a colleague of the same unit see more.
        assert_eq!(found.name_for(Some(&people[1])), "王＊明");
        assert_eq!(found.name_for(Some(&people[0])), "王小明");
    })
    .await;
}

#[tokio::test]
async fn an_unknown_code_leads_nowhere() {
    world::each(async |db| {
        let (id, people) = over(&db).await;
        let code = claim(&db, &people[0], id, AFTER).await.expect("a code");
        assert!(check(&db, Code::of([7; 10])).await.expect("none").is_none());
        // One letter of a real one is another.
        let text = code.to_string();
        let last = if text.ends_with('A') { "B" } else { "A" };
        let near: Code = format!("{}{last}", &text[..15]).parse().expect("a code");
        assert!(check(&db, near).await.expect("none").is_none());
    })
    .await;
}

#[tokio::test]
async fn nobody_has_one_before_the_results_or_without_standing() {
    world::each(async |db| {
        small(&db, 12).await;
        let id = contest(&db, "51", rules()).await;
        let who = learner(&db, "甲", "water").await;
        play(&db, &who, id, 4).await;
        // Open, and over but not posted.
        for at in [minute(2), AFTER] {
            assert_eq!(code(claim(&db, &who, id, at).await), "certificate-early");
        }
        assert_eq!(holding(&db, &who, id).await.expect("none"), None);
        post_due(&db, AFTER).await.expect("posted");
        let absent = learner(&db, "乙", "water").await;
        let stranger = learner(&db, "丙", "farm").await;
        // Handed in without an answer.
        for other in [absent, stranger] {
            assert_eq!(code(claim(&db, &other, id, AFTER).await), "not-found");
            assert!(held(&db, &other).await.expect("none").is_empty());
        }
        let nothing = ContestId(platform::id::fresh(NOW).expect("an id"));
        assert_eq!(code(claim(&db, &who, nothing, AFTER).await), "not-found");
        assert!(claim(&db, &who, id, AFTER).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_correction_of_the_rank_supersedes_it_and_makes_a_new_one() {
    world::each(async |db| {
        let (id, people) = over(&db).await;
        let mut before = Vec::new();
        for who in &people {
            before.push(claim(&db, who, id, AFTER).await.expect("a code"));
        }
        // 乙 overtakes 王小明: a question was found wrong.
        let points = "update contest_standing set points = 50 where learner_id =";
        by_hand(&db, &format!("{points} '{}'", people[1].learner)).await;
        // The old ones fall at once, also before anyone asks for a new one.
        let mut stands = Vec::new();
        for code in &before {
            stands.push(check(&db, *code).await.expect("it").expect("it").standing);
        }
        let fallen = Stands::Superseded { by: None };
        assert_eq!(stands, [fallen, fallen, Stands::Yes, Stands::Yes]);
        assert_eq!(
            holding(&db, &people[0], id).await.expect("one"),
            Some(Holding::Due)
        );
        let later = AFTER.plus(MINUTE);
        let asked = join_all((0..8).map(|_| claim(&db, &people[0], id, later))).await;
        let newer: Vec<Code> = asked.into_iter().map(|c| c.expect("a code")).collect();
        assert!(newer.iter().all(|c| *c == newer[0] && *c != before[0]));
        let old = check(&db, before[0]).await.expect("it").expect("it");
        assert_eq!(old.standing, Stands::Superseded { by: Some(newer[0]) });
        assert_eq!(old.honour, Honour::Rank(1));
        let new = check(&db, newer[0]).await.expect("it").expect("it");
        assert_eq!((new.honour, new.standing), (Honour::Rank(2), Stands::Yes));
        assert_eq!(new.made_at, later);
        // Who keeps the rank keeps the certificate.
        assert_eq!(
            claim(&db, &people[2], id, later).await.expect("it"),
            before[2]
        );
    })
    .await;
}

#[tokio::test]
async fn it_stays_as_it_was_when_the_name_the_unit_or_the_title_change() {
    world::each(async |db| {
        let (id, people) = over(&db).await;
        let code = claim(&db, &people[0], id, AFTER).await.expect("a code");
        by_hand(&db, "update learner set name = '别人'").await;
        by_hand(&db, "update contest set title = '别的'").await;
        join(&db, people[0].learner, "farm", AFTER).await;
        let found = check(&db, code).await.expect("it").expect("it");
        assert_eq!(found.name_for(Some(&people[0])), "王小明");
        assert_eq!(
            (found.title.as_str(), found.unit.as_str()),
            ("竞赛", "水务局")
        );
        // Who has moved to another unit since may still ask, and is told of the same one.
        let again = claim(&db, &people[0], id, AFTER).await.expect("it");
        assert_eq!(again, code);
    })
    .await;
}

#[tokio::test]
async fn whose_standing_is_gone_has_none_that_holds() {
    world::each(async |db| {
        let (id, people) = over(&db).await;
        let code = claim(&db, &people[3], id, AFTER).await.expect("a code");
        let gone = format!(
            "delete from contest_standing where learner_id = '{}'",
            people[3].learner
        );
        by_hand(&db, &gone).await;
        let found = check(&db, code).await.expect("it").expect("it");
        assert_eq!(found.standing, Stands::Superseded { by: None });
        assert_eq!(
            world::code(claim(&db, &people[3], id, AFTER).await),
            "not-found"
        );
    })
    .await;
}

#[tokio::test]
async fn while_a_correction_is_on_its_way_nothing_is_made_and_nothing_falls() {
    world::each(async |db| {
        let (id, people) = over(&db).await;
        let made = claim(&db, &people[0], id, AFTER).await.expect("a code");
        let running = format!(
            "insert into contest_correction (contest_id, number, question_id, ruling, takes_back, \
               reason, decided_by, decided_at, after_final, points_moved, ranks_moved, \
               credits_moved, credits_added, credits_taken, done_until, done_at) \
             values ('{id}', 1, 'q000', null, null, '因', '{}', 1, false, 0, 0, 0, 0, 0, '', null)",
            people[0].learner
        );
        by_hand(&db, &running).await;
        // So far as it has come 乙 is first; whether that stays is not known yet.
        let half = format!(
            "update contest_standing set points = 50 where learner_id = '{}'",
            people[1].learner
        );
        by_hand(&db, &half).await;
        for who in &people[..2] {
            let refused = claim(&db, who, id, AFTER).await;
            assert_eq!(code(refused), "correction-running");
        }
        let found = check(&db, made).await.expect("it").expect("it");
        assert_eq!(found.standing, Stands::Yes);
        let has = [
            holding(&db, &people[0], id).await.expect("one"),
            holding(&db, &people[1], id).await.expect("one"),
        ];
        assert_eq!(has, [Some(Holding::Made(made)), Some(Holding::Due)]);
        by_hand(&db, "update contest_correction set done_at = 1").await;
        let found = check(&db, made).await.expect("it").expect("it");
        assert_eq!(found.standing, Stands::Superseded { by: None });
        assert_ne!(claim(&db, &people[0], id, AFTER).await.expect("it"), made);
    })
    .await;
}
