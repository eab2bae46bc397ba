//! The order in which each seat sees the options of a question.
//!
//! The rule guarded here: neighbours see the options in different orders, and everyone who has to
//! know an order finds it by themselves, so that it never travels: it hangs on nothing but the
//! seat and the question.

use super::QuestionNumber;
use crate::id::LearnerId;
use crate::question::QuestionKind;
use crate::seed::{Draw, seed_of};

/// The order of a question's options as one seat sees them: `order[place]` is the option shown at
/// that place, and [`Answer::through`](crate::question::Answer::through) turns the chosen places
/// back. 对 and 错 stay where they are.
///
/// No secret: whoever knows a person's id can tell the order that they see.
#[must_use]
pub fn options_of(
    seat: LearnerId,
    question: QuestionNumber,
    options: u8,
    kind: QuestionKind,
) -> Vec<u8> {
    let mut order: Vec<u8> = (0..options).collect();
    if kind != QuestionKind::TrueFalse {
        let seed = seed_of(&["options", &seat.to_string(), &question.0.to_string()]);
        Draw::from_seed(seed).shuffle(&mut order);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::Answer;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    const FIRST: QuestionNumber = QuestionNumber(0);

    fn seat(n: u128) -> LearnerId {
        LearnerId(Uuid::from_u128(n))
    }

    #[test]
    fn a_phone_and_a_server_of_any_version_find_the_same_order() {
        let order = options_of(seat(11), FIRST, 4, QuestionKind::Single);
        // Pinned: a change here would grade answers of a phone that is one version behind by
        // other options than it showed.
        assert_eq!(order, [1, 3, 0, 2]);
    }

    #[test]
    fn neighbours_and_questions_differ_and_no_order_is_left_out() {
        let orders: BTreeSet<_> = (0..200)
            .map(|n| options_of(seat(n), FIRST, 4, QuestionKind::Multiple))
            .collect();
        assert_eq!(orders.len(), 24);
        let questions: BTreeSet<_> = (0..200)
            .map(|n| options_of(seat(1), QuestionNumber(n), 4, QuestionKind::Single))
            .collect();
        assert_eq!(questions.len(), 24);
    }

    #[test]
    fn true_and_false_stay_where_they_are_and_a_blank_has_no_options() {
        for n in 0..50 {
            let order = options_of(seat(n), FIRST, 2, QuestionKind::TrueFalse);
            assert_eq!(order, [0, 1]);
            assert!(options_of(seat(n), FIRST, 0, QuestionKind::FillIn).is_empty());
        }
    }

    proptest! {
        #[test]
        fn a_place_that_a_phone_shows_is_turned_back_into_its_option(
            n: u128, question: u32, options: u8, chosen: u8,
        ) {
            let order = options_of(seat(n), QuestionNumber(question), options, QuestionKind::Single);
            let shown: BTreeSet<u8> = order.iter().copied().collect();
            prop_assert_eq!(shown.len(), usize::from(options));
            let place = order.iter().position(|option| *option == chosen);
            let place = place.and_then(|place| u8::try_from(place).ok());
            if let Some(place) = place {
                let answer = Answer::Choices(vec![place]).through(&order);
                prop_assert_eq!(answer, Some(Answer::Choices(vec![chosen])));
            } else {
                prop_assert!(chosen >= options);
            }
        }
    }
}
