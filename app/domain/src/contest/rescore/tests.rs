use super::*;
use crate::contest::format::Format;
use crate::contest::{Band, Scored, score};
use proptest::prelude::*;
use std::collections::HashMap;

const CONTEST: ContestId = ContestId(uuid::Uuid::nil());

fn rules() -> Rules {
    let band = |from, to, credits| Band { from, to, credits };
    Rules {
        bands: vec![band(1, 1, 50), band(2, 3, 30)],
        taking_part: 5,
        ..Rules::default()
    }
}

fn option(n: u8) -> Key {
    Key::Choices([n].into())
}

fn ruled(question: &str, ruling: Ruling) -> Ruled {
    Ruled {
        question: question.into(),
        ruling,
    }
}

/// The options chosen in a paper of q0, q1, …, whose option 0 is right.
struct Paper {
    ids: Vec<QuestionId>,
    key: Key,
    chosen: Vec<Option<Answer>>,
}

impl Paper {
    fn of(chosen: &[Option<u8>]) -> Self {
        Self {
            ids: (0..chosen.len())
                .map(|n| QuestionId(format!("q{n}")))
                .collect(),
            key: option(0),
            chosen: chosen
                .iter()
                .map(|c| c.map(|c| Answer::Choices(vec![c])))
                .collect(),
        }
    }

    fn asked(&self) -> Vec<Asked<'_>> {
        let saved = self.chosen.iter().zip(1_000..);
        self.ids
            .iter()
            .zip(saved)
            .map(|(question, (answer, at))| Asked {
                question,
                key: &self.key,
                saved: answer.as_ref().map(|a| (a, Millis(at))),
            })
            .collect()
    }

    fn points(&self, rulings: &[Ruled]) -> i64 {
        rescore(&rules(), Millis(0), &self.asked(), rulings).points
    }
}

#[test]
fn each_ruling_does_what_it_says() {
    let paper = Paper::of(&[Some(0), Some(1), Some(2), None, Some(0)]);
    assert_eq!(paper.points(&[]), 20);
    assert_eq!(paper.points(&[ruled("q1", Ruling::Accept(option(1)))]), 30);
    assert_eq!(paper.points(&[ruled("q2", Ruling::Accept(option(1)))]), 20);
    assert_eq!(paper.points(&[ruled("q3", Ruling::FullMarks)]), 30);
    assert_eq!(
        paper.points(&[ruled("q9", Ruling::FullMarks)]),
        20,
        "not in this paper"
    );
    assert_eq!(
        paper.points(&[ruled("q1", Ruling::Void)]),
        25,
        "2 of 4 is 25 of 50"
    );
    assert_eq!(
        paper.points(&[ruled("q0", Ruling::Void)]),
        12,
        "1 of 4, rounded down"
    );
}

#[test]
fn void_goes_before_full_marks_and_the_order_of_rulings_means_nothing() {
    let paper = Paper::of(&[Some(1), Some(0)]);
    let mut rulings = vec![
        ruled("q0", Ruling::FullMarks),
        ruled("q0", Ruling::Void),
        ruled("q0", Ruling::Accept(option(1))),
    ];
    let mark = |rulings: &[Ruled]| paper.asked()[0].mark(rulings).verdict;
    assert_eq!(mark(&rulings), Verdict::Void);
    rulings.reverse();
    assert_eq!(mark(&rulings), Verdict::Void);
    rulings.retain(|r| r.ruling != Ruling::Void);
    assert_eq!(mark(&rulings), Verdict::Right);
}

#[test]
fn a_ruling_changes_no_time() {
    let paper = Paper::of(&[Some(0), Some(1)]);
    for ruling in [Ruling::Void, Ruling::FullMarks, Ruling::Accept(option(1))] {
        let after = rescore(&rules(), Millis(0), &paper.asked(), &[ruled("q1", ruling)]);
        assert_eq!(after.time, 1_001);
    }
}

fn of(points: i64) -> Score {
    Score {
        right: points / 10,
        points,
        time: 7,
    }
}

fn everyone(moves: &[(i64, i64)]) -> Vec<Rescored<usize>> {
    let one = |(who, (before, after)): (usize, &(i64, i64))| Rescored {
        who,
        answered: 10,
        before: of(*before),
        after: of(*after),
    };
    moves.iter().enumerate().map(one).collect()
}

#[test]
fn a_diff_names_whose_points_rank_and_credits_move_and_nobody_else() {
    // 0 leads; 1 overtakes by the ruling; 2 moves down a place; 3 gets points; 4 is untouched.
    let changes = diff(
        &rules(),
        everyone(&[(90, 90), (80, 100), (85, 85), (40, 50), (30, 30)]),
    );
    let seen: Vec<_> = changes
        .iter()
        .map(|c| {
            let credits: Vec<_> = c.corrections.iter().map(|c| (c.rule, c.amount())).collect();
            ((c.who, c.before.rank, c.after.rank), credits)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ((1, 3, 1), vec![("rank", 20)]),
            ((0, 1, 2), vec![("rank", -20)]),
            ((2, 2, 3), vec![]),
            ((3, 4, 4), vec![]),
        ]
    );
    assert_eq!(
        (changes[3].before.points, changes[3].after.points),
        (40, 50)
    );
    assert!(diff(&rules(), everyone(&[(90, 90), (80, 80)])).is_empty());
}

#[test]
fn a_correction_is_posted_under_a_name_of_its_own() {
    let correction = Correction {
        rule: "rank",
        from: 50,
        to: 30,
    };
    assert_eq!(
        correction.event(CONTEST, 2),
        format!("contest:{CONTEST}:rank:correction-2")
    );
}

/// A ledger that takes an event of a person once.
#[derive(Default)]
struct Ledger(HashMap<(usize, String), i64>);

impl Ledger {
    fn post(&mut self, changes: &[Change<usize>], number: i64) {
        for change in changes {
            for c in &change.corrections {
                let event = (change.who, c.event(CONTEST, number));
                self.0.entry(event).or_insert(c.amount());
            }
        }
    }

    fn credits(&self, who: usize) -> i64 {
        let mine = self.0.iter().filter(|((w, _), _)| *w == who);
        mine.map(|(_, amount)| amount).sum()
    }
}

/// What the ranks of `points` earn.
fn earned(points: &[i64]) -> Vec<i64> {
    let standings = points.iter().enumerate();
    let standings = standings.map(|(who, p)| Standing { who, score: of(*p) });
    let mut earned = vec![0; points.len()];
    for (rank, standing) in ranks(standings.collect()) {
        earned[standing.who] = bonus(&rules(), rank, 10).iter().map(|b| b.credits).sum();
    }
    earned
}

fn a_paper() -> impl Strategy<Value = Vec<Option<u8>>> {
    prop::collection::vec(prop::option::of(0_u8..3), 6)
}

fn some_rulings() -> impl Strategy<Value = Vec<Ruled>> {
    let ruling = prop_oneof![
        Just(Ruling::Void),
        Just(Ruling::FullMarks),
        Just(Ruling::Accept(option(1))),
    ];
    let one = (0..6, ruling).prop_map(|(n, ruling)| ruled(&format!("q{n}"), ruling));
    prop::collection::vec(one, 0..4)
}

proptest! {
    #[test]
    fn however_often_corrections_are_posted_the_ledger_is_what_the_ranks_earn(
        rounds in prop::collection::vec(prop::collection::vec(0_i64..12, 8), 2..5),
    ) {
        let mut ledger = Ledger::default();
        for (number, pair) in (1..).zip(rounds.windows(2)) {
            let moves: Vec<_> = pair[0].iter().copied().zip(pair[1].iter().copied()).collect();
            let changes = diff(&rules(), everyone(&moves));
            ledger.post(&changes, number);
            ledger.post(&changes, number);
        }
        let (first, last) = (earned(&rounds[0]), earned(&rounds[rounds.len() - 1]));
        for who in 0..8 {
            prop_assert_eq!(first[who] + ledger.credits(who), last[who]);
        }
    }

    #[test]
    fn without_rulings_a_score_is_what_it_was(chosen in a_paper()) {
        let paper = Paper::of(&chosen);
        let saved: Vec<_> = chosen
            .iter()
            .zip(1_000..)
            .filter_map(|(c, at)| c.map(|c| Scored { right: c == 0, received: Millis(at) }))
            .collect();
        prop_assert_eq!(
            rescore(&rules(), Millis(0), &paper.asked(), &[]),
            score(&rules(), Millis(0), &saved)
        );
    }

    #[test]
    fn full_marks_and_further_answers_take_points_from_nobody(
        chosen in a_paper(), rulings in some_rulings(),
    ) {
        let mild: Vec<_> = rulings.into_iter().filter(|r| r.ruling != Ruling::Void).collect();
        let paper = Paper::of(&chosen);
        for format in Format::ALL {
            let rules = Rules { format, ..rules() };
            let of = |rulings: &[Ruled]| rescore(&rules, Millis(0), &paper.asked(), rulings).points;
            prop_assert!(of(&mild) >= of(&[]));
        }
    }

    #[test]
    fn of_those_who_answered_a_void_question_alike_nobody_overtakes(
        a in a_paper(), b in a_paper(), n in 0_usize..6, same in prop::option::of(0_u8..3),
    ) {
        let (mut a, mut b) = (a, b);
        a[n] = same;
        b[n] = same;
        let (a, b) = (Paper::of(&a), Paper::of(&b));
        let void = [ruled(&format!("q{n}"), Ruling::Void)];
        prop_assert_eq!(a.points(&[]).cmp(&b.points(&[])), a.points(&void).cmp(&b.points(&void)));
    }

    #[test]
    fn a_full_score_stays_one_whatever_is_void(n in 0_usize..6) {
        let paper = Paper::of(&[Some(0); 6]);
        prop_assert_eq!(paper.points(&[ruled(&format!("q{n}"), Ruling::Void)]), 60);
    }
}
