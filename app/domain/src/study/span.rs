//! Unions of half-open intervals.

use serde::{Deserialize, Serialize};

/// A half-open interval `from..to`; empty or turned round it holds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First millisecond inside.
    pub from: i64,
    /// First millisecond after.
    pub to: i64,
}

/// A set of milliseconds, kept as disjoint intervals in ascending order, none touching the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Union(Vec<Span>);

impl Union {
    /// Adds `span` and returns how many milliseconds were not in the set before.
    pub fn add(&mut self, span: Span) -> i64 {
        if span.to <= span.from {
            return 0;
        }
        let before = self.total();
        let (mut from, mut to) = (span.from, span.to);
        self.0.retain(|old| {
            let touches = old.from <= to && old.to >= from;
            if touches {
                from = from.min(old.from);
                to = to.max(old.to);
            }
            !touches
        });
        let at = self.0.partition_point(|old| old.from < from);
        self.0.insert(at, Span { from, to });
        self.total() - before
    }

    /// Adds `span` from its beginning until `allowance` new milliseconds are counted; returns how
    /// many were.
    pub fn add_up_to(&mut self, span: Span, allowance: i64) -> i64 {
        if allowance <= 0 || span.to <= span.from {
            return 0;
        }
        // Where the allowance runs out: count free milliseconds from the start.
        let mut end = span.to;
        let (mut free, mut cursor) = (allowance, span.from);
        for known in self
            .0
            .iter()
            .filter(|known| known.to > span.from && known.from < span.to)
        {
            let gap = (known.from - cursor).max(0);
            if gap >= free {
                end = cursor + free;
                free = 0;
                break;
            }
            free -= gap;
            cursor = cursor.max(known.to);
        }
        if free > 0 {
            end = end.min(cursor.saturating_add(free));
        }
        self.add(Span {
            from: span.from,
            to: end,
        })
    }

    /// Milliseconds in the set.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.0.iter().map(|s| s.to - s.from).sum()
    }

    /// The intervals.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Forgets what ended before `limit`, so that the set stays small; returns how many
    /// milliseconds were forgotten.
    pub fn forget_before(&mut self, limit: i64) -> i64 {
        let before = self.total();
        self.0.retain(|s| s.to >= limit);
        before - self.total()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn touching_intervals_become_one() {
        let mut u = Union::default();
        assert_eq!(u.add(Span { from: 0, to: 10 }), 10);
        assert_eq!(u.add(Span { from: 20, to: 30 }), 10);
        assert_eq!(u.add(Span { from: 10, to: 20 }), 10);
        assert_eq!(u.spans(), [Span { from: 0, to: 30 }]);
    }

    #[test]
    fn an_allowance_is_spent_on_what_is_new() {
        let mut u = Union::default();
        u.add(Span { from: 5, to: 10 });
        assert_eq!(u.add_up_to(Span { from: 0, to: 30 }, 8), 8);
        assert_eq!(u.spans(), [Span { from: 0, to: 13 }]);
    }

    proptest! {
        #[test]
        fn a_union_is_the_set_of_its_members(spans in prop::collection::vec((0_i64..60, 0_i64..60), 0..20), allowance in 0_i64..40, last in (0_i64..60, 0_i64..60)) {
            let mut u = Union::default();
            let mut set = std::collections::BTreeSet::new();
            for (from, to) in spans {
                let before = set.len();
                set.extend(from..to);
                prop_assert_eq!(u.add(Span { from, to }), (set.len() - before) as i64);
            }
            prop_assert_eq!(u.total(), set.len() as i64);
            prop_assert!(u.spans().windows(2).all(|w| w[0].to < w[1].from));
            let mut left = allowance;
            for t in last.0..last.1 {
                if left > 0 && set.insert(t) { left -= 1; }
            }
            u.add_up_to(Span { from: last.0, to: last.1 }, allowance);
            prop_assert_eq!(u.total(), set.len() as i64);
        }
    }
}
