//! Signing in, sessions, passwords.

use crate::world;

use domain::id::LearnerId;
use domain::time::{DAY, MINUTE, Millis, SECOND};
use platform::identity::{
    self, FREE_TRIES, NewLearner, SESSION_DAYS, Token, Viewer, change_password, put_learner,
    set_language, set_type_size, sign_in, sign_out, sign_out_everywhere,
};
use platform::{Db, Error, id};
use std::time::{Duration, Instant};
use world::people::{PASSWORD, account, cheap_hash, hasher, put, signed_in_at, units};
use world::{NOW, code, event, minute, number};

async fn enter(db: &Db, account: &str, password: &str, at: Millis) -> Result<Token, Error> {
    let entered = sign_in(db, &hasher(), account, password, at).await;
    entered.map(|(token, _)| token)
}

async fn who(db: &Db, token: &Token, at: Millis) -> Option<Viewer> {
    identity::viewer(db, &token.0, at).await.expect("an answer")
}

fn new(phone: Option<&str>, staff_number: Option<&str>) -> NewLearner {
    NewLearner {
        id: LearnerId(id::fresh(NOW).expect("an id")),
        name: "甲".into(),
        phone: phone.map(Into::into),
        staff_number: staff_number.map(Into::into),
        password_hash: cheap_hash(),
        must_change_password: false,
    }
}

#[tokio::test]
async fn phone_and_staff_number_lead_to_the_same_person_however_they_are_typed() {
    world::each(async |db| {
        let person = new(Some("139 0000 0001"), Some("Sc-0007"));
        let learner = person.id;
        put(&db, person).await;
        let typed = [
            "13900000001",
            " 139 0000 0001 ",
            "１３９００００ 0001",
            "Sc-0007",
            "sc-0007",
            " SC-00 07",
        ];
        for typed in typed {
            let token = enter(&db, typed, PASSWORD, NOW).await.expect(typed);
            assert_eq!(
                who(&db, &token, NOW).await.expect("a viewer").learner,
                learner
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_phone_or_staff_number_is_one_persons() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), Some("A1"))).await;
        for taken in [new(Some("139 0000 0001"), None), new(None, Some("a1"))] {
            let done = db.write(|tx| Box::pin(put_learner(tx, taken, NOW))).await;
            assert!(matches!(done, Err(Error::Fault(_))));
        }
        put(&db, new(None, None)).await;
        put(&db, new(None, None)).await;
        assert_eq!(number(&db, "select count(*) from learner").await, 3);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_get_the_same_answer() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        let long = "长".repeat(200);
        for (account, password) in [
            ("13900000001", "wrong"),
            ("13900000002", "wrong"),
            ("13900000002", PASSWORD),
            ("13900000001", ""),
            ("", PASSWORD),
            (long.as_str(), PASSWORD),
            ("13900000001", long.as_str()),
            ("13900000001' or '1'='1", PASSWORD),
            ("13900000001\0", PASSWORD),
        ] {
            let outcome = enter(&db, account, password, NOW).await.map(drop);
            assert!(
                matches!(outcome, Err(Error::WrongPassword)),
                "{account:?} {outcome:?}"
            );
        }
        assert_eq!(number(&db, "select count(*) from session").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_account_takes_as_long_as_a_wrong_password() {
    world::each(async |db| {
        let password_hash = hasher().hash(PASSWORD.into()).await.expect("a hash");
        put(
            &db,
            NewLearner {
                password_hash,
                ..new(Some("13900000001"), None)
            },
        )
        .await;
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for n in 0..9 {
            // Far enough apart that no try has to wait.
            let at = minute(60 * n);
            for (account, times) in [("13900000001", &mut known), ("13900000002", &mut unknown)] {
                let begun = Instant::now();
                assert_eq!(
                    code(enter(&db, account, "wrong", at).await.map(drop)),
                    "wrong-password"
                );
                times.push(begun.elapsed());
            }
        }
        let median = |times: &mut Vec<Duration>| {
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64()
        };
        let ratio = median(&mut known) / median(&mut unknown);
        assert!((0.4..2.5).contains(&ratio), "{ratio}");
    })
    .await;
}

#[tokio::test]
async fn the_sixth_try_waits_and_says_how_long() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        put(&db, new(Some("13900000002"), None)).await;
        let phone = "13900000001";
        for _ in 0..FREE_TRIES {
            assert_eq!(
                code(enter(&db, phone, "wrong", NOW).await.map(drop)),
                "wrong-password"
            );
        }
        // Neither a wrong password nor the right one is looked at before the time is over.
        for password in ["wrong", PASSWORD] {
            let outcome = enter(&db, " 139 0000 0001", password, NOW.plus(1))
                .await
                .map(drop);
            assert!(matches!(outcome, Err(Error::Wait(2))), "{outcome:?}");
        }
        // Nobody else is slowed by it.
        assert!(enter(&db, "13900000002", PASSWORD, NOW).await.is_ok());
        // The next wrong one waits longer.
        let later = NOW.plus(2 * SECOND);
        assert_eq!(
            code(enter(&db, phone, "wrong", later).await.map(drop)),
            "wrong-password"
        );
        let outcome = enter(&db, phone, PASSWORD, later).await.map(drop);
        assert!(matches!(outcome, Err(Error::Wait(4))), "{outcome:?}");
        // A right one afterwards begins anew.
        let later = later.plus(4 * SECOND);
        assert!(enter(&db, phone, PASSWORD, later).await.is_ok());
        for _ in 0..FREE_TRIES {
            assert_eq!(
                code(enter(&db, phone, "wrong", later).await.map(drop)),
                "wrong-password"
            );
        }
        assert_eq!(
            code(enter(&db, phone, PASSWORD, later).await.map(drop)),
            "wait"
        );
    })
    .await;
}

#[tokio::test]
async fn tries_in_the_same_instant_are_counted_before_they_are_looked_at() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        let tries = (0..20).map(|_| enter(&db, "13900000001", "wrong", NOW));
        let answers = futures_util::future::join_all(tries).await;
        let codes: Vec<_> = answers.into_iter().map(|a| code(a.map(drop))).collect();
        let looked_at = codes.iter().filter(|c| **c == "wrong-password").count();
        assert_eq!(looked_at, usize::try_from(FREE_TRIES).expect("small"));
        assert_eq!(
            codes.iter().filter(|c| **c == "wait").count(),
            20 - looked_at
        );
    })
    .await;
}

#[tokio::test]
async fn who_is_turned_away_by_a_full_queue_has_not_tried() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        let full = identity::Hasher::new(1, 0).expect("a pool");
        for _ in 0..2 * FREE_TRIES {
            let outcome = identity::sign_in(&db, &full, "13900000001", PASSWORD, NOW).await;
            assert_eq!(code(outcome.map(drop)), "busy");
        }
        assert!(enter(&db, "13900000001", PASSWORD, NOW).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn wrong_tries_on_an_account_that_there_is_not_wait_as_well() {
    world::each(async |db| {
        for _ in 0..FREE_TRIES {
            assert_eq!(
                code(enter(&db, "nobody", "wrong", NOW).await.map(drop)),
                "wrong-password"
            );
        }
        assert_eq!(
            code(enter(&db, "nobody", "wrong", NOW).await.map(drop)),
            "wait"
        );
    })
    .await;
}

#[tokio::test]
async fn wrong_tries_are_forgotten_after_half_an_hour() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        for at in [0, 0, 0, 0, 31, 31, 31, 31] {
            let outcome = enter(&db, "13900000001", "wrong", minute(at))
                .await
                .map(drop);
            assert_eq!(code(outcome), "wrong-password", "minute {at}");
        }
        assert!(
            enter(&db, "13900000001", PASSWORD, minute(31))
                .await
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn a_first_sign_in_asks_for_a_new_password_until_there_is_one() {
    world::each(async |db| {
        put(
            &db,
            NewLearner {
                must_change_password: true,
                ..new(Some("13900000001"), None)
            },
        )
        .await;
        let token = enter(&db, "13900000001", PASSWORD, NOW)
            .await
            .expect("a session");
        let viewer = who(&db, &token, NOW).await.expect("a viewer");
        assert!(viewer.must_change_password);
        change_password(&db, &hasher(), &viewer, PASSWORD, "绝知此事要躬行啊", NOW)
            .await
            .expect("changed");
        assert!(
            !who(&db, &token, NOW)
                .await
                .expect("a viewer")
                .must_change_password
        );
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        put(&db, new(Some("13900000002"), None)).await;
        let here = enter(&db, "13900000001", PASSWORD, NOW)
            .await
            .expect("a session");
        let there = enter(&db, "13900000001", PASSWORD, NOW)
            .await
            .expect("a session");
        let other = enter(&db, "13900000002", PASSWORD, NOW)
            .await
            .expect("a session");
        let viewer = who(&db, &here, NOW).await.expect("a viewer");
        let fresh = "绝知此事要躬行啊";
        let change = async |old: &str, new: &str| {
            change_password(&db, &hasher(), &viewer, old, new, NOW).await
        };
        assert_eq!(code(change("wrong", fresh).await), "wrong-password");
        assert!(who(&db, &there, NOW).await.is_some());
        change(PASSWORD, fresh).await.expect("changed");
        assert!(who(&db, &here, NOW).await.is_some());
        assert!(who(&db, &there, NOW).await.is_none());
        assert!(who(&db, &other, NOW).await.is_some());
        assert_eq!(
            code(enter(&db, "13900000001", PASSWORD, NOW).await.map(drop)),
            "wrong-password"
        );
        assert!(enter(&db, "13900000001", fresh, NOW).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_new_password_has_at_least_eight_characters_and_is_not_the_old_one() {
    world::each(async |db| {
        units(&db).await;
        let (_, phone) = account(&db, "甲", "water").await;
        let viewer = signed_in_at(&db, &phone, NOW).await;
        let change =
            async |new: &str| change_password(&db, &hasher(), &viewer, PASSWORD, new, NOW).await;
        assert_eq!(code(change("").await), "password-short");
        assert_eq!(code(change("七个字的密码呀").await), "password-short");
        assert_eq!(code(change(PASSWORD).await), "password-short");
        let eight = "八个字的密码好了";
        change(eight)
            .await
            .expect("eight characters, however many bytes");
        assert_eq!(
            code(change_password(&db, &hasher(), &viewer, eight, eight, NOW).await),
            "password-same"
        );
        let bytes = |n: usize| "x".repeat(n);
        assert_eq!(
            code(change_password(&db, &hasher(), &viewer, eight, &bytes(257), NOW).await),
            "password-long"
        );
        change_password(&db, &hasher(), &viewer, eight, &bytes(256), NOW)
            .await
            .expect("the longest one");
        assert!(enter(&db, &phone, &bytes(256), NOW).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_this_session_or_all_of_them() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        put(&db, new(Some("13900000002"), None)).await;
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(
                enter(&db, "13900000001", PASSWORD, NOW)
                    .await
                    .expect("a session"),
            );
        }
        let other = enter(&db, "13900000002", PASSWORD, NOW)
            .await
            .expect("a session");
        let alive = async || {
            let mut alive = Vec::new();
            for token in &tokens {
                alive.push(who(&db, token, NOW).await.is_some());
            }
            alive
        };
        let viewer = who(&db, &tokens[0], NOW).await.expect("a viewer");
        let second = who(&db, &tokens[1], NOW).await.expect("a viewer");
        let goes_on = async |viewer: &Viewer, at| {
            let on = identity::is_signed_in(&db, viewer, at).await;
            on.expect("an answer")
        };
        assert!(goes_on(&second, NOW).await);
        assert!(!goes_on(&second, NOW.plus((SESSION_DAYS + 1) * DAY)).await);
        sign_out(&db, &viewer).await.expect("out");
        assert_eq!(alive().await, [false, true, true]);
        assert!(goes_on(&second, NOW).await);
        sign_out_everywhere(&db, &viewer).await.expect("out");
        assert_eq!(alive().await, [false; 3]);
        assert!(!goes_on(&second, NOW).await);
        assert!(who(&db, &other, NOW).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_thirty_days_after_its_last_use() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        let token = enter(&db, "13900000001", PASSWORD, NOW)
            .await
            .expect("a session");
        let end = NOW.plus(SESSION_DAYS * DAY);
        assert!(who(&db, &token, end).await.is_none());
        // Used just before the end it lasts thirty days more.
        let viewer = who(&db, &token, end.plus(-1))
            .await
            .expect("still a session");
        assert_eq!(viewer.signed_in_at, NOW);
        assert!(who(&db, &token, end.plus(MINUTE)).await.is_some());
        assert!(
            who(&db, &token, end.plus(SESSION_DAYS * DAY + MINUTE))
                .await
                .is_none()
        );
        // Signing in sweeps what has ended.
        let later = end.plus(2 * SESSION_DAYS * DAY);
        enter(&db, "13900000001", PASSWORD, later)
            .await
            .expect("a session");
        assert_eq!(number(&db, "select count(*) from session").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_cookie_that_is_no_token_is_nobody() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        let token = enter(&db, "13900000001", PASSWORD, NOW)
            .await
            .expect("a session");
        assert_eq!(token.0.len(), 64);
        let stored = who(&db, &token, NOW).await.expect("a viewer").session;
        let (short, long) = (&token.0[1..], format!("{}0", token.0));
        let zeros = "0".repeat(64);
        // What the table holds is no token either.
        for cookie in ["", short, &long, &zeros, &stored, &"字".repeat(64)] {
            let found = identity::viewer(&db, cookie, NOW).await.expect("an answer");
            assert!(found.is_none(), "{cookie}");
        }
    })
    .await;
}

#[tokio::test]
async fn language_and_size_of_type_are_kept_with_the_account() {
    world::each(async |db| {
        units(&db).await;
        let (learner, phone) = account(&db, "甲", "water").await;
        set_language(&db, learner, "zh-TW".into())
            .await
            .expect("kept");
        set_type_size(&db, learner, 150).await.expect("kept");
        assert_eq!(
            code(set_language(&db, learner, "fr".into()).await),
            "language"
        );
        assert_eq!(code(set_type_size(&db, learner, 300).await), "type-size");
        let viewer = signed_in_at(&db, &phone, NOW).await;
        assert_eq!(
            (viewer.language.as_deref(), viewer.type_size),
            (Some("zh-TW"), 150)
        );
        assert!(viewer.home_unit().is_none());
    })
    .await;
}

#[tokio::test]
async fn an_event_is_answered_to_its_owner_and_its_kind_alone() {
    world::each(async |db| {
        units(&db).await;
        let (mine, _) = account(&db, "甲", "water").await;
        let (theirs, _) = account(&db, "乙", "water").await;
        let event = event();
        let ask = async |learner: LearnerId, kind: &'static str| {
            db.write(move |tx| {
                Box::pin(async move {
                    match platform::event::once::<i64>(tx, event, learner, kind, NOW).await? {
                        Some(before) => Ok(before),
                        None => platform::event::answered(tx, event, 7).await,
                    }
                })
            })
            .await
        };
        assert_eq!(ask(mine, "a").await.expect("an answer"), 7);
        assert_eq!(ask(mine, "a").await.expect("the same answer"), 7);
        assert_eq!(code(ask(theirs, "a").await), "forbidden");
        assert_eq!(code(ask(mine, "b").await), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn what_counts_for_nothing_any_more_is_swept_out_and_nothing_else() {
    world::each(async |db| {
        put(&db, new(Some("13900000001"), None)).await;
        let token = enter(&db, "13900000001", PASSWORD, NOW).await.expect("in");
        assert_eq!(
            code(enter(&db, "nobody", "wrong", NOW).await.map(drop)),
            "wrong-password"
        );
        let rows = async || {
            let sessions = number(&db, "select count(*) from session").await;
            (
                sessions,
                number(&db, "select count(*) from sign_in_failure").await,
            )
        };
        identity::sweep(&db, NOW.plus(29 * MINUTE))
            .await
            .expect("swept");
        assert_eq!(rows().await, (1, 1));
        identity::sweep(&db, NOW.plus(31 * MINUTE))
            .await
            .expect("swept");
        assert_eq!(rows().await, (1, 0));
        let ended = NOW.plus(SESSION_DAYS * DAY);
        assert!(who(&db, &token, ended).await.is_none());
        identity::sweep(&db, ended).await.expect("swept");
        assert_eq!(rows().await, (0, 0));
    })
    .await;
}
