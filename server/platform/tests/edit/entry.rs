//! Who may enter: units by name and by the tree, and invitation lists.

use super::{draft, editor, put, seen, typed};
use crate::world::people::{account, learner, official};
use crate::world::{self, NOW, by_hand, code, number};
use domain::contest::ContestKind;
use domain::contest::entry::PostLevel;
use domain::org::Role;
use platform::contest::edit::{Reason, check_list, find_units, put_list, units_below};
use world::content::small;

#[tokio::test]
async fn units_are_found_by_a_part_of_their_name_inside_the_editor_s_alone() {
    world::each(async |db| {
        small(&db, 1).await;
        let top = "5101".into();
        let names = async |part: &str| -> Vec<String> {
            let found = find_units(&db, &top, part).await.expect("units");
            found.into_iter().map(|u| u.name).collect()
        };
        assert_eq!(names("局").await, ["司法局", "水务局"]);
        assert_eq!(names("东市").await, ["东市", "东市一区"]);
        for none in ["农业", "%", "_", "", "  "] {
            assert!(names(none).await.is_empty(), "{none}");
        }
        let below = units_below(&db, &top, &"510104".into())
            .await
            .expect("units");
        assert_eq!(below.len(), 2);
        assert_eq!((below[0].above.as_str(), below[0].below), ("东市一区", 0));
        let elsewhere = units_below(&db, &top, &"51".into()).await.expect("units");
        assert!(elsewhere.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_list_is_looked_through_first_and_every_line_is_accounted_for() {
    world::each(async |db| {
        small(&db, 1).await;
        let who = editor(&db).await;
        let id = draft(&db, &who, ContestKind::Special).await;
        let (first, a) = account(&db, "甲", "water").await;
        let (_, b) = account(&db, "乙", "justice").await;
        let (_, outside) = account(&db, "丙", "farm").await;
        let staff = format!("update learner set staff_number = 'S-1' where id = '{first}'");
        world::by_hand(&db, &staff).await;
        let spaced = format!("{} {}", &b[..3], &b[3..]);
        let text = format!("{a}\n\n{spaced}\r\nS-1\n{outside}\n没有\n{a}\n");
        let checked = check_list(&db, &who, id, &text, NOW)
            .await
            .expect("an outcome");
        let (found, unknown, twice) = (checked.found.len(), checked.unknown(), checked.twice());
        assert_eq!((checked.lines, found, unknown, twice), (6, 2, 2, 2));
        assert_eq!(checked.lines, found + unknown + twice);
        let refused: Vec<_> = checked.refused.iter().map(|r| (r.row, r.reason)).collect();
        let expected = [
            (4, Reason::Twice(1)),
            (5, Reason::Unknown),
            (6, Reason::Unknown),
            (7, Reason::Twice(1)),
        ];
        assert_eq!(refused, expected);
        assert_eq!(number(&db, "select count(*) from contest_listed").await, 0);

        put_list(&db, &who, id, &text, 2, NOW)
            .await
            .expect("put in");
        let now = seen(&db, &who, id).await;
        assert_eq!((now.listed, now.contest.rules.entry.listed), (2, true));
        // It is replaced as a whole, and only by what was seen.
        assert_eq!(
            code(put_list(&db, &who, id, &a, 2, NOW).await),
            "contest-list-moved"
        );
        assert_eq!(seen(&db, &who, id).await.listed, 2);
        put_list(&db, &who, id, &a, 1, NOW).await.expect("put in");
        assert_eq!(seen(&db, &who, id).await.listed, 1);
    })
    .await;
}

#[tokio::test]
async fn a_contest_for_levels_of_post_that_nobody_has_is_not_published() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let (person, _) = account(&db, "甲", "water").await;
        let id = draft(&db, &who, ContestKind::Special).await;
        let mut posts = typed();
        posts.rules.entry.posts = vec![PostLevel::Division, PostLevel::Bureau];
        assert_eq!(put(&db, &who, id, posts.clone(), false).await, []);
        for post in ["null", "'section'"] {
            by_hand(
                &db,
                &format!("update learner set post = {post} where id = '{person}'"),
            )
            .await;
            let told = put(&db, &who, id, posts.clone(), true).await;
            assert_eq!(super::fields(&told), [("posts", "contest-posts")]);
        }
        by_hand(
            &db,
            &format!("update learner set post = 'bureau' where id = '{person}'"),
        )
        .await;
        assert_eq!(put(&db, &who, id, posts, true).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_for_the_contest_s_editor_while_it_is_a_draft() {
    world::each(async |db| {
        small(&db, 12).await;
        let who = editor(&db).await;
        let (_, phone) = account(&db, "甲", "water").await;
        let id = draft(&db, &who, ContestKind::Special).await;
        let other = official(&db, "邻编", Role::Editor, "5107").await;
        let mere = learner(&db, "乙", "water").await;
        assert_eq!(
            code(check_list(&db, &other, id, &phone, NOW).await),
            "not-found"
        );
        assert_eq!(
            code(check_list(&db, &mere, id, &phone, NOW).await),
            "forbidden"
        );
        let long = "1\n".repeat(100_001);
        assert_eq!(
            code(check_list(&db, &who, id, &long, NOW).await),
            "contest-list-long"
        );
        let mut listed = typed();
        listed.rules.entry.listed = true;
        let told = put(&db, &who, id, listed.clone(), true).await;
        assert_eq!(super::fields(&told), [("listed", "contest-list-empty")]);
        put_list(&db, &who, id, &phone, 1, NOW)
            .await
            .expect("put in");
        assert_eq!(put(&db, &who, id, listed, true).await, []);
        assert_eq!(
            code(put_list(&db, &who, id, &phone, 1, NOW).await),
            "contest-published"
        );
    })
    .await;
}
