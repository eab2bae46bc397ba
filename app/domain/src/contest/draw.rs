//! Papers: the same seed and the same bank give the same paper.

use crate::id::QuestionId;
use crate::question::QuestionKind;
use crate::seed::Draw;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::collections::HashSet;

/// A question that may be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The question.
    pub id: QuestionId,
    /// Its type: options of true/false stay in their order.
    pub kind: QuestionKind,
    /// How many options it has.
    pub options: u8,
    /// Near doubles share a family.
    pub family: Option<String>,
}

/// A question as it stands in a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The question.
    pub question: QuestionId,
    /// `order[place]` is the option shown at that place.
    pub order: Vec<u8>,
}

/// Draws `count` questions, never two of one family, options shuffled. Fewer when the bank does
/// not hold as many. A pool of references is drawn from without copying the bank.
#[must_use]
pub fn draw<C: Borrow<Candidate>>(pool: Vec<C>, count: usize, seed: u64) -> Vec<Item> {
    let mut pool: Vec<&Candidate> = pool.iter().map(Borrow::borrow).collect();
    pool.sort_by(|a, b| a.id.cmp(&b.id)); // the draw must not hang on the order of a query
    let mut draw = Draw::from_seed(seed);
    draw.shuffle(&mut pool);
    let mut families = HashSet::new();
    pool.into_iter()
        .filter(|c| c.family.as_ref().is_none_or(|f| families.insert(f)))
        .take(count)
        .map(|candidate| {
            let mut order: Vec<u8> = (0..candidate.options).collect();
            if candidate.kind != QuestionKind::TrueFalse {
                draw.shuffle(&mut order);
            }
            Item {
                question: candidate.id.clone(),
                order,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Vec<Candidate> {
        (0..40)
            .map(|n| Candidate {
                id: QuestionId(format!("q{n:02}")),
                kind: if n % 4 == 0 {
                    QuestionKind::TrueFalse
                } else {
                    QuestionKind::Single
                },
                options: if n % 4 == 0 { 2 } else { 4 },
                family: (n < 10).then(|| "doubles".to_owned()),
            })
            .collect()
    }

    #[test]
    fn a_seed_gives_one_paper_whatever_order_the_bank_came_in() {
        let mut turned = pool();
        turned.reverse();
        assert_eq!(draw(pool(), 10, 9), draw(turned, 10, 9));
        assert_ne!(draw(pool(), 10, 9), draw(pool(), 10, 10));
    }

    #[test]
    fn a_paper_has_no_question_twice_and_one_of_a_family_at_most() {
        for seed in 0..100 {
            let paper = draw(pool(), 10, seed);
            let ids: HashSet<_> = paper.iter().map(|i| &i.question).collect();
            assert_eq!(ids.len(), 10);
            assert!(
                paper
                    .iter()
                    .filter(|i| i.question.0.as_str() < "q10")
                    .count()
                    <= 1
            );
        }
    }

    #[test]
    fn options_are_a_permutation_and_true_false_keeps_its_order() {
        for item in draw(pool(), 31, 3) {
            if item.order.len() == 2 {
                assert_eq!(item.order, [0, 1]);
            } else {
                let mut sorted = item.order.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, [0, 1, 2, 3]);
            }
        }
    }
}
