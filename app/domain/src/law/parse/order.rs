//! Which of the numbered lines are the articles, when some do not fit.

use crate::law::ArticleNumber;

/// Chooses the longest strictly ascending row, and answers for each number whether it is in it.
///
/// One number gone astray (第四百条 for 第四十条) so costs one article, not all that follow.
/// Of two equal numbers in a row the first stays.
pub(super) fn ascending(numbers: &[ArticleNumber]) -> Vec<bool> {
    // ends[n] is the place where the row of n + 1 numbers with the lowest end has its end.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (place, number) in numbers.iter().enumerate() {
        if place > 0 && numbers[place - 1] == *number {
            continue;
        }
        let length = ends.partition_point(|&end| numbers[end] < *number);
        before[place] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut chosen = vec![false; numbers.len()];
    let mut next = ends.last().copied();
    while let Some(place) = next {
        chosen[place] = true;
        next = before[place];
    }
    chosen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chosen(bases: &[u32]) -> Vec<u32> {
        let numbers: Vec<_> = bases
            .iter()
            .map(|&base| ArticleNumber::new(base, 0).expect("in range"))
            .collect();
        ascending(&numbers)
            .into_iter()
            .zip(bases)
            .filter_map(|(chosen, &base)| chosen.then_some(base))
            .collect()
    }

    #[test]
    fn a_number_gone_astray_costs_only_itself() {
        assert_eq!(chosen(&[1, 2, 3, 400, 5, 6]), [1, 2, 3, 5, 6]);
        assert_eq!(chosen(&[41, 42, 4, 44, 45]), [41, 42, 44, 45]);
        assert_eq!(chosen(&[]), [] as [u32; 0]);
    }

    #[test]
    fn of_equal_neighbours_the_first_stays() {
        let numbers = [1, 1, 2].map(|base| ArticleNumber::new(base, 0).expect("in range"));
        assert_eq!(ascending(&numbers), [true, false, true]);
    }

    #[test]
    fn of_a_short_decision_and_the_law_behind_it_the_law_stays() {
        let numbers = [1, 2, 1, 2, 3].map(|base| ArticleNumber::new(base, 0).expect("in range"));
        assert_eq!(ascending(&numbers), [false, false, true, true, true]);
    }

    proptest! {
        #[test]
        fn what_is_chosen_ascends(bases in prop::collection::vec(1..30_u32, 0..40)) {
            let row = chosen(&bases);
            prop_assert!(row.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(row.is_empty(), bases.is_empty());
        }
    }
}
