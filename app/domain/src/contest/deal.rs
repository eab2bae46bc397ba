//! Questions of matches that run at once: each match its own, of the same mix.
//!
//! The rules guarded here: no question, and no near double of one, is in two of the matches or twice
//! in one; the matches get types, difficulties and topics as alike as the bank allows, for their
//! points may be compared. The questions are cut into rows of one for each match, of one type,
//! difficulty and topic as far as there are enough, and rows are drawn.

use super::{Described, draw};
use crate::id::QuestionId;
use crate::seed::Draw;
use std::collections::{BTreeMap, HashMap};

/// Deals `count` questions to each of so many matches, which have them in the same order of types
/// and difficulties; nothing when the bank does not hold as many.
#[must_use]
pub fn deal(
    pool: &[Described],
    matches: usize,
    count: usize,
    seed: u64,
) -> Option<Vec<Vec<QuestionId>>> {
    let matches = matches.max(1);
    let known: HashMap<&QuestionId, &Described> =
        pool.iter().map(|q| (&q.candidate.id, q)).collect();
    let candidates = pool.iter().map(|q| &q.candidate).collect();
    let mut alike: BTreeMap<_, Vec<QuestionId>> = BTreeMap::new();
    for item in draw(candidates, usize::MAX, seed) {
        let question = known.get(&item.question)?;
        let mix = (
            question.candidate.kind.as_str(),
            question.difficulty,
            &question.topic.0,
        );
        alike.entry(mix).or_default().push(item.question);
    }
    let (mut rows, mut rest) = (Vec::new(), Vec::new());
    for mut questions in alike.into_values() {
        rest.extend(questions.split_off(questions.len() - questions.len() % matches));
        rows.extend(questions.chunks(matches).map(<[QuestionId]>::to_vec));
    }
    // What is left over lies in the order of the mix: its rows are nearly alike.
    let mut mixed: Vec<Vec<QuestionId>> = rest.chunks_exact(matches).map(<[_]>::to_vec).collect();
    let mut chance = Draw::from_seed(seed);
    chance.shuffle(&mut rows);
    chance.shuffle(&mut mixed);
    rows.extend(mixed);
    rows.truncate(count);
    if rows.len() < count {
        return None;
    }
    chance.shuffle(&mut rows);
    rows.iter_mut().for_each(|row| chance.shuffle(row));
    let hand = |n: usize| rows.iter().map(|row| row[n].clone()).collect();
    Some((0..matches).map(hand).collect())
}

/// How many questions there must be before each of so many matches gets `count` of its own: a round
/// must leave enough for the rounds by which the `on` teams that go on come down to one, for these
/// can share, and as many again for ties and matches that are made anew.
#[must_use]
pub const fn wanted(count: usize, matches: usize, on: usize) -> usize {
    let to_come = on.next_power_of_two().trailing_zeros() as usize;
    count.saturating_mul(matches.saturating_add(to_come + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::Candidate;
    use crate::id::TopicId;
    use crate::question::QuestionKind;
    use std::collections::HashSet;

    /// Of each of two types and three difficulties ten questions; two of them are near doubles.
    fn pool() -> Vec<Described> {
        let question = |n: u8| Described {
            candidate: Candidate {
                id: QuestionId(format!("q{n:02}")),
                kind: [QuestionKind::Single, QuestionKind::TrueFalse][usize::from(n % 2)],
                options: 2,
                family: (n < 2).then(|| "doubles".to_owned()),
            },
            topic: TopicId("topic".to_owned()),
            difficulty: n % 3 + 1,
        };
        (0..60).map(question).collect()
    }

    #[test]
    fn no_two_matches_have_a_question_or_near_doubles_in_common() {
        for seed in 0..50 {
            let hands = deal(&pool(), 7, 8, seed).expect("enough");
            assert_eq!(hands.len(), 7);
            let all: Vec<&QuestionId> = hands.iter().flatten().collect();
            let once: HashSet<_> = all.iter().collect();
            assert_eq!((all.len(), once.len()), (56, 56));
            let doubles = all.iter().filter(|id| id.0.as_str() < "q02").count();
            assert!(doubles < 2);
        }
    }

    #[test]
    fn matches_have_the_same_types_and_difficulties_in_the_same_order() {
        let pool = pool();
        let mix = |id: &QuestionId| {
            let known = pool.iter().find(|q| q.candidate.id == *id).expect("known");
            (known.candidate.kind, known.difficulty)
        };
        for seed in 0..50 {
            let hands = deal(&pool, 3, 12, seed).expect("enough");
            let mixes: Vec<Vec<_>> = hands.iter().map(|h| h.iter().map(mix).collect()).collect();
            assert!(mixes.iter().all(|of| *of == mixes[0]));
        }
    }

    #[test]
    fn every_question_is_used_before_the_bank_is_said_to_be_too_small() {
        assert!(deal(&pool(), 59, 1, 1).is_some()); // of sixty two are near doubles
        assert!(deal(&pool(), 60, 1, 1).is_none());
        assert!(deal(&pool(), 1, 59, 1).is_some());
        assert!(deal(&[], 2, 1, 1).is_none());
    }

    #[test]
    fn a_round_leaves_enough_for_the_rounds_after_it() {
        assert_eq!(wanted(8, 2, 2), 8 * (2 + 1 + 1)); // semi-finals, the final, one to spare
        assert_eq!(wanted(8, 98, 113), 8 * (98 + 7 + 1));
        assert_eq!(wanted(8, 1, 1), 8 * 2);
        assert_eq!(wanted(8, 3, 0), 8 * 4);
        assert_eq!(wanted(usize::MAX, 3, 5), usize::MAX);
    }

    #[test]
    fn a_seed_deals_the_same_whatever_order_the_bank_came_in() {
        let mut turned = pool();
        turned.reverse();
        assert_eq!(deal(&pool(), 3, 4, 9), deal(&turned, 3, 4, 9));
        assert_ne!(deal(&pool(), 3, 4, 9), deal(&pool(), 3, 4, 10));
    }
}
