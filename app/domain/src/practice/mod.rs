//! Practice (练习): five questions a day.
//!
//! The rule guarded here: a day's questions are the same for a learner however often the page is
//! opened, and what was seen least comes first.

use crate::id::QuestionId;
use crate::seed::Draw;

/// Questions a day.
pub const PER_DAY: usize = 5;

/// A question that may be drawn, and how often the learner has met it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The question.
    pub id: QuestionId,
    /// How many times the learner answered it.
    pub seen: i64,
    /// Near doubles share a family.
    pub family: Option<String>,
}

/// The questions of a day: what was met least often first, by chance among equals, never two of
/// one family; fewer than [`PER_DAY`] when the bank is small.
#[must_use]
pub fn daily(mut pool: Vec<Candidate>, seed: u64) -> Vec<QuestionId> {
    pool.sort_by(|a, b| a.id.cmp(&b.id)); // the draw must not hang on the order of a query
    Draw::from_seed(seed).shuffle(&mut pool);
    pool.sort_by_key(|c| c.seen);
    let mut families = std::collections::HashSet::new();
    pool.into_iter()
        .filter(|c| c.family.as_ref().is_none_or(|f| families.insert(f.clone())))
        .map(|c| c.id)
        .take(PER_DAY)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Vec<Candidate> {
        (0..20)
            .map(|n| Candidate {
                id: QuestionId(format!("q{n:02}")),
                seen: i64::from(n < 10),
                family: (n >= 18).then(|| "same".to_owned()),
            })
            .collect()
    }

    #[test]
    fn a_day_has_the_same_questions_whatever_order_the_bank_came_in() {
        let mut turned = pool();
        turned.reverse();
        assert_eq!(daily(pool(), 42), daily(turned, 42));
        assert_ne!(daily(pool(), 42), daily(pool(), 43));
    }

    #[test]
    fn what_was_not_met_yet_comes_first() {
        for seed in 0..50 {
            assert!(daily(pool(), seed).iter().all(|id| id.0.as_str() >= "q10"));
        }
    }

    #[test]
    fn never_two_of_one_family() {
        for seed in 0..200 {
            let doubles = daily(pool(), seed)
                .iter()
                .filter(|id| id.0.as_str() >= "q18")
                .count();
            assert!(doubles <= 1);
        }
    }

    #[test]
    fn a_small_bank_gives_what_it_has() {
        assert_eq!(daily(pool().into_iter().take(3).collect(), 1).len(), 3);
        assert!(daily(Vec::new(), 1).is_empty());
    }
}
