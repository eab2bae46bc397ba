//! Papers by sections: so many questions of a topic, a type, a difficulty.
//!
//! The rule guarded here: the same seed and the same bank give the same paper, whatever order the
//! bank comes in, and never two of one family. Start at [`Section`] and [`draw_sections`].
//!
//! Sections may want the same questions ("ten of any topic, of them two hard ones of the
//! Constitution"), so taking what fits section by section can run dry although the bank suffices.
//! Families are therefore matched to sections by augmenting paths (Ford and Fulkerson 1956, Kuhn's
//! form for assignments): a section that finds nothing free takes a family from another that can
//! do without, and a question is missing only if no choice whatever could have filled its place.

use super::{Candidate, Item, draw};
use crate::id::TopicId;
use crate::question::QuestionKind;
use crate::seed::Draw;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::collections::HashMap;

/// A section of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct Section {
    /// Topics; any when empty.
    pub topics: Vec<TopicId>,
    /// Types of question; any when empty.
    pub kinds: Vec<QuestionKind>,
    /// Difficulties, 1 easy to 3 hard; any when empty.
    pub difficulties: Vec<u8>,
    /// How many questions.
    pub count: usize,
}

/// A candidate with what sections ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The question as it is drawn.
    pub candidate: Candidate,
    /// Its topic.
    pub topic: TopicId,
    /// 1 easy, 2 middling, 3 hard.
    pub difficulty: u8,
}

/// A paper by sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The paper, section by section.
    pub items: Vec<Item>,
    /// How many questions each section is short of, because the bank does not hold them.
    pub missing: Vec<usize>,
}

impl Section {
    fn takes(&self, question: &Described) -> bool {
        (self.topics.is_empty() || self.topics.contains(&question.topic))
            && (self.kinds.is_empty() || self.kinds.contains(&question.candidate.kind))
            && (self.difficulties.is_empty() || self.difficulties.contains(&question.difficulty))
    }
}

/// Draws a paper of `sections`, in their order, from `pool`. Where the bank is too small the
/// sections that come first are served first; how many are missing is the same for every seed, so
/// that an editor can be told beforehand. A pool of references is drawn from without copying it.
#[must_use]
pub fn draw_sections<D: Borrow<Described>>(pool: Vec<D>, sections: &[Section], seed: u64) -> Drawn {
    let mut pool: Vec<&Described> = pool.iter().map(Borrow::borrow).collect();
    pool.sort_by(|a, b| a.candidate.id.cmp(&b.candidate.id)); // as draw() does
    Draw::from_seed(seed).shuffle(&mut pool);
    let mut matching = Matching::new(&pool, sections);
    let missing = (0..sections.len())
        .map(|section| {
            let filled = (0..sections[section].count)
                .take_while(|_| matching.fill(section, &mut vec![false; sections.len()]))
                .count();
            sections[section].count - filled
        })
        .collect();
    let mut chosen: Vec<Vec<&Candidate>> = vec![Vec::new(); sections.len()];
    for (family, section) in matching.given.iter().enumerate() {
        if let Some(section) = *section {
            let question = matching.offers[section].iter().find(|o| o.0 == family);
            chosen[section].extend(question.map(|o| &pool[o.1].candidate));
        }
    }
    let items = chosen
        .into_iter()
        .zip(0..)
        .flat_map(|(pool, n): (_, u64)| draw(pool, usize::MAX, seed.wrapping_add(n)))
        .collect();
    Drawn { items, missing }
}

/// Which family goes to which section.
struct Matching {
    /// What each section could take: a family and the place in the pool of one of its questions.
    offers: Vec<Vec<(usize, usize)>>,
    /// The section that each family is given to.
    given: Vec<Option<usize>>,
}

impl Matching {
    fn new(pool: &[&Described], sections: &[Section]) -> Self {
        // A question without a family is a family of one.
        let mut numbers = HashMap::new();
        let mut families = 0;
        let family: Vec<usize> = pool
            .iter()
            .map(|question| {
                let mut fresh = || {
                    families += 1;
                    families - 1
                };
                match &question.candidate.family {
                    Some(name) => *numbers.entry(name).or_insert_with(fresh),
                    None => fresh(),
                }
            })
            .collect();
        let offers = sections
            .iter()
            .map(|section| {
                let fitting = (0..pool.len()).filter(|at| section.takes(pool[*at]));
                fitting.map(|at| (family[at], at)).collect()
            })
            .collect();
        Self {
            offers,
            given: vec![None; families],
        }
    }

    /// Gives one more family to `section`, by taking others from sections that find another one
    /// if need be. `asked` are sections that were asked already.
    fn fill(&mut self, section: usize, asked: &mut [bool]) -> bool {
        asked[section] = true;
        let free = self.offers[section]
            .iter()
            .find(|o| self.given[o.0].is_none());
        let family = free.map(|o| o.0).or_else(|| {
            let offers: Vec<usize> = self.offers[section].iter().map(|o| o.0).collect();
            offers.into_iter().find(|family| {
                self.given[*family].is_some_and(|holder| !asked[holder] && self.fill(holder, asked))
            })
        });
        if let Some(family) = family {
            self.given[family] = Some(section);
        }
        family.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::QuestionId;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, HashSet};

    const KINDS: [QuestionKind; 3] = [
        QuestionKind::Single,
        QuestionKind::Multiple,
        QuestionKind::TrueFalse,
    ];

    fn question(n: usize, topic: usize, kind: usize, difficulty: u8, family: usize) -> Described {
        let kind = KINDS[kind];
        Described {
            candidate: Candidate {
                id: QuestionId(format!("q{n:03}")),
                kind,
                options: if kind == QuestionKind::TrueFalse {
                    2
                } else {
                    4
                },
                family: (family < 6).then(|| format!("f{family}")),
            },
            topic: TopicId(format!("t{topic}")),
            difficulty,
        }
    }

    fn any_pool() -> impl Strategy<Value = Vec<Described>> {
        prop::collection::vec((0_usize..3, 0_usize..3, 1_u8..4, 0_usize..12), 0..40).prop_map(
            |all| {
                let describe = |(n, (t, k, d, f))| question(n, t, k, d, f);
                all.into_iter().enumerate().map(describe).collect()
            },
        )
    }

    fn any_sections() -> impl Strategy<Value = Vec<Section>> {
        let topics =
            prop::collection::vec((0_usize..3).prop_map(|t| TopicId(format!("t{t}"))), 0..2);
        let kinds = prop::collection::vec(prop::sample::select(&KINDS[..]), 0..2);
        let one = (
            topics,
            kinds,
            prop::collection::vec(1_u8..4, 0..2),
            0_usize..8,
        );
        let section = one.prop_map(|(topics, kinds, difficulties, count)| Section {
            topics,
            kinds,
            difficulties,
            count,
        });
        prop::collection::vec(section, 0..5)
    }

    /// The most places that can be filled, by Hall's theorem in the form with deficiency (Ore
    /// 1955): the least over all sets of sections of the families that they could take between
    /// them and the places of the other sections.
    fn most(pool: &[Described], sections: &[Section]) -> usize {
        let family = |d: &Described| {
            let own = &d.candidate;
            own.family.clone().unwrap_or_else(|| own.id.0.clone())
        };
        (0..1_usize << sections.len())
            .map(|set| {
                let (inside, outside): (Vec<_>, Vec<_>) = sections
                    .iter()
                    .enumerate()
                    .partition(|(n, _)| set >> n & 1 == 1);
                let wanted = pool
                    .iter()
                    .filter(|d| inside.iter().any(|(_, s)| s.takes(d)));
                let places: usize = outside.iter().map(|(_, s)| s.count).sum();
                wanted.map(family).collect::<HashSet<_>>().len() + places
            })
            .min()
            .unwrap_or(0)
    }

    #[test]
    fn a_narrow_section_gets_its_question_although_a_wide_one_comes_first() {
        let pool = vec![question(0, 0, 0, 3, 9), question(1, 1, 0, 1, 9)];
        let wide = Section {
            count: 1,
            ..Section::default()
        };
        let hard = Section {
            difficulties: vec![3],
            ..wide.clone()
        };
        for seed in 0..20 {
            let drawn = draw_sections(pool.clone(), &[wide.clone(), hard.clone()], seed);
            let ids: Vec<_> = drawn.items.iter().map(|i| i.question.0.as_str()).collect();
            assert_eq!((ids, drawn.missing), (vec!["q001", "q000"], vec![0, 0]));
        }
    }

    proptest! {
        #[test]
        fn a_seed_gives_one_paper_whatever_order_the_bank_came_in(
            pool in any_pool().prop_shuffle(), sections in any_sections(), seed in any::<u64>(),
        ) {
            let mut sorted = pool.clone();
            sorted.sort_by(|a, b| a.candidate.id.cmp(&b.candidate.id));
            prop_assert_eq!(
                draw_sections(pool, &sections, seed),
                draw_sections(sorted, &sections, seed)
            );
        }

        #[test]
        fn a_paper_is_what_its_sections_ask_for_and_short_only_where_the_bank_is(
            pool in any_pool(), sections in any_sections(), seed in any::<u64>(),
        ) {
            let drawn = draw_sections(pool.clone(), &sections, seed);
            let bank: BTreeMap<_, _> = pool.iter().map(|d| (&d.candidate.id, d)).collect();
            let mut items = drawn.items.iter();
            for (section, missing) in sections.iter().zip(&drawn.missing) {
                for item in items.by_ref().take(section.count - missing) {
                    prop_assert!(section.takes(bank[&item.question]));
                }
            }
            prop_assert!(items.next().is_none());
            prop_assert_eq!(drawn.items.len(), most(&pool, &sections));

            let ids: HashSet<_> = drawn.items.iter().map(|i| &i.question).collect();
            prop_assert_eq!(ids.len(), drawn.items.len());
            let families = || ids.iter().filter_map(|id| bank[*id].candidate.family.as_ref());
            prop_assert_eq!(families().collect::<HashSet<_>>().len(), families().count());

            let other = draw_sections(pool.clone(), &sections, seed.wrapping_add(1));
            prop_assert_eq!(drawn.missing, other.missing);
        }
    }
}
