use super::*;
use crate::contest::{Standing, ranks, score};
use crate::time::SECOND;
use proptest::prelude::*;

const START: Millis = Millis(1_000);

fn rules(points: i64) -> Rules {
    Rules {
        minutes: 10,
        points,
        ..Rules::default()
    }
}

fn right_at(seconds: i64) -> Mark {
    Scored {
        right: true,
        received: START.plus(seconds * SECOND),
    }
    .into()
}

fn wrong_at(seconds: i64) -> Mark {
    Mark {
        verdict: Verdict::Wrong,
        ..right_at(seconds)
    }
}

const VOID: Mark = Mark {
    verdict: Verdict::Void,
    received: None,
};

fn points(format: Format, marks: &[Mark]) -> i64 {
    format.score(&rules(100), START, marks).points
}

/// The words are stored with contests: they never change.
#[test]
fn the_word_of_a_format_is_the_end_of_its_keys() {
    for format in Format::ALL {
        let word = serde_json::to_string(&format).unwrap();
        let word = word.trim_matches('"');
        assert_eq!(format.name_key(), format!("contest.format-{word}"));
        assert_eq!(format.formula_key(), format!("contest.formula-{word}"));
    }
}

#[test]
fn half_of_the_time_left_is_half_of_the_bonus_of_what_is_right() {
    let marks = [right_at(200), right_at(300)];
    assert_eq!(points(Format::RightFirst, &marks), 200);
    assert_eq!(points(Format::RightThenTime, &marks), 249); // 99 × 2/2 × 300/600 = 49.5
    let half = [right_at(200), wrong_at(300)];
    assert_eq!(points(Format::RightThenTime, &half), 124); // 99 × 1/2 × 300/600 = 24.75
    let late = [right_at(600), right_at(700)];
    assert_eq!(points(Format::RightThenTime, &late), 200);
}

#[test]
fn speed_without_a_right_answer_is_worth_nothing() {
    for format in Format::ALL {
        assert_eq!(points(format, &[wrong_at(1), Mark::OPEN]), 0);
        assert_eq!(format.score(&rules(100), START, &[]), Score::default());
    }
}

#[test]
fn the_longest_run_goes_by_the_order_of_the_paper_and_through_void_questions() {
    let (r, w) = (right_at(1), wrong_at(1));
    assert_eq!(points(Format::Streak, &[r, r, w, r]), 349); // 99 × 2/4 = 49.5
    assert_eq!(points(Format::Streak, &[r, r, Mark::OPEN, r]), 349);
    assert_eq!(points(Format::Streak, &[r, r, VOID, r]), 499); // 3 of 3 counted
    assert_eq!(
        points(Format::Streak, &[right_at(9), right_at(1), w, w]),
        249
    );
}

#[test]
fn the_others_share_the_points_of_a_void_question() {
    let (r, w) = (right_at(1), wrong_at(1));
    for format in Format::ALL {
        assert_eq!(points(format, &[VOID, VOID]), 0);
    }
    assert_eq!(points(Format::RightFirst, &[VOID, r, r, r]), 400);
    assert_eq!(points(Format::RightFirst, &[VOID, r, r, w]), 266);
}

fn a_mark() -> impl Strategy<Value = Mark> {
    let received = prop::option::of((0_i64..1_200_000).prop_map(|ms| START.plus(ms)));
    let verdict = prop_oneof![
        4 => Just(Verdict::Right),
        4 => Just(Verdict::Wrong),
        1 => Just(Verdict::Void),
    ];
    (verdict, received).prop_map(|(verdict, received)| Mark { verdict, received })
}

/// Two papers of one length with the same number of void questions.
fn two_papers() -> impl Strategy<Value = (Vec<Mark>, Vec<Mark>)> {
    (1_usize..30).prop_flat_map(|n| {
        (
            prop::collection::vec(a_mark(), n),
            prop::collection::vec(a_mark(), n),
        )
            .prop_map(|(a, mut b)| {
                for (one, other) in a.iter().zip(&mut b) {
                    if (one.verdict == Verdict::Void) != (other.verdict == Verdict::Void) {
                        other.verdict = one.verdict;
                    }
                }
                (a, b)
            })
    })
}

proptest! {
    #[test]
    fn one_more_right_answer_beats_any_bonus((a, b) in two_papers(), each in 1_i64..2_000) {
        for format in Format::ALL {
            let (a, b) = (
                format.score(&rules(each), START, &a),
                format.score(&rules(each), START, &b),
            );
            if a.right > b.right {
                prop_assert!(a.points > b.points);
                let ranked = ranks(vec![
                    Standing { who: "b", score: b },
                    Standing { who: "a", score: a },
                ]);
                prop_assert_eq!((ranked[0].0, ranked[0].1.who, ranked[1].0), (1, "a", 2));
            }
        }
    }

    #[test]
    fn turning_a_wrong_answer_right_wins_more_than_the_bonus_can_be(
        marks in prop::collection::vec(a_mark(), 1..30), at in any::<prop::sample::Index>(),
        each in 1_i64..2_000,
    ) {
        let at = at.index(marks.len());
        prop_assume!(marks[at].verdict == Verdict::Wrong);
        let mut better = marks.clone();
        better[at].verdict = Verdict::Right;
        for format in Format::ALL {
            let of = |marks: &[Mark]| format.score(&rules(each), START, marks).points;
            prop_assert!(of(&better) - of(&marks) >= each);
        }
    }

    #[test]
    fn nobody_has_more_than_the_maximum_and_the_bonus(
        marks in prop::collection::vec(a_mark(), 0..30), each in 1_i64..2_000,
    ) {
        let most = each * marks.len() as i64;
        for format in Format::ALL {
            let rules = rules(each);
            let got = format.score(&rules, START, &marks);
            prop_assert!((0..=most + format.bonus(&rules)).contains(&got.points));
            prop_assert!(format.bonus(&rules) < each);
        }
    }

    #[test]
    fn right_first_is_the_score_of_the_saved_answers_in_any_order(
        answers in prop::collection::vec((any::<bool>(), 0_i64..900_000), 0..20), open in 0_usize..5,
    ) {
        let saved: Vec<_> = answers
            .into_iter()
            .map(|(right, ms)| Scored { right, received: START.plus(ms) })
            .collect();
        let mut marks = vec![Mark::OPEN; open];
        marks.extend(saved.iter().rev().copied().map(Mark::from));
        let rules = rules(10);
        prop_assert_eq!(
            Format::RightFirst.score(&rules, START, &marks),
            score(&rules, START, &saved)
        );
    }
}
