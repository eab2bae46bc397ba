//! Questions of the bank and how an answer is graded.
//!
//! The rule guarded here: an answer is right or it is not, by the key alone, whatever order the
//! options were shown in and however the words were typed. Start at [`Key::grade`].

use crate::id::{LawSlug, QuestionId, TopicId};
use crate::law::ArticleNumber;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The four simple types of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    /// 单选题: one option is right.
    Single,
    /// 多选题: two or more options are right, all of them must be chosen and no other.
    Multiple,
    /// 判断题: option 0 is 对, option 1 is 错.
    TrueFalse,
    /// 填空题: one blank, written `____` in the stem.
    FillIn,
}

impl QuestionKind {
    /// The word in the database and in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Multiple => "multiple",
            Self::TrueFalse => "true-false",
            Self::FillIn => "fill-in",
        }
    }

    /// The kind behind a word of [`Self::as_str`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Single, Self::Multiple, Self::TrueFalse, Self::FillIn]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// What a learner answers. Choices are indices of options as the question lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Chosen options, in any order; repeats mean nothing.
    Choices(Vec<u8>),
    /// What was written into the blank.
    Words(String),
}

/// What is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// The right options.
    Choices(BTreeSet<u8>),
    /// The accepted wordings of the blank, the usual one first.
    Words(Vec<String>),
}

/// Longest text that is accepted for a blank, in characters.
pub const MAX_WORDS: usize = 100;

impl Key {
    /// Whether `answer` is right: all right options and no other, or one of the accepted wordings
    /// after [`plain`]. An answer of the other shape is wrong.
    #[must_use]
    pub fn grade(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Choices(right), Answer::Choices(chosen)) => {
                !chosen.is_empty() && chosen.iter().copied().collect::<BTreeSet<_>>() == *right
            }
            (Self::Words(accepted), Answer::Words(given)) => {
                let given = plain(given);
                !given.is_empty() && accepted.iter().any(|word| plain(word) == given)
            }
            _ => false,
        }
    }
}

impl Answer {
    /// Whether the answer fits a question of `kind` with `options` options: choices exist, and a
    /// single choice is one.
    #[must_use]
    pub fn fits(&self, kind: QuestionKind, options: usize) -> bool {
        match (self, kind) {
            (Self::Words(words), QuestionKind::FillIn) => words.chars().count() <= MAX_WORDS,
            (Self::Choices(chosen), QuestionKind::Single | QuestionKind::TrueFalse) => {
                chosen.len() == 1 && usize::from(chosen[0]) < options
            }
            (Self::Choices(chosen), QuestionKind::Multiple) => {
                chosen.len() <= options && chosen.iter().all(|c| usize::from(*c) < options)
            }
            _ => false,
        }
    }

    /// The answer with each chosen place of a shuffled list turned into the option that stood
    /// there: `order[place]` is the option. `None` when a place does not exist.
    #[must_use]
    pub fn through(self, order: &[u8]) -> Option<Self> {
        match self {
            Self::Words(words) => Some(Self::Words(words)),
            Self::Choices(places) => places
                .into_iter()
                .map(|place| order.get(usize::from(place)).copied())
                .collect::<Option<Vec<u8>>>()
                .map(Self::Choices),
        }
    }
}

/// Words as they are compared: without white space and punctuation at the ends, full-width
/// letters and figures as half-width ones, lower case.
#[must_use]
pub fn plain(words: &str) -> String {
    words
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .trim_matches(['。', '.', '，', ',', '；', ';', '“', '”', '"', '《', '》'])
        .to_owned()
}

/// An article that a question or a lesson rests on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Citation {
    /// The law.
    pub law: LawSlug,
    /// The article in it.
    pub article: ArticleNumber,
}

impl std::str::FromStr for Citation {
    type Err = BadCitation;

    /// Reads `民法典#第一千零三十二条` or `民法典#1032`.
    fn from_str(text: &str) -> Result<Self, BadCitation> {
        let (law, article) = text
            .split_once('#')
            .ok_or_else(|| BadCitation(text.to_owned()))?;
        let article = article.parse().map_err(|_| BadCitation(text.to_owned()))?;
        Ok(Self {
            law: LawSlug(law.to_owned()),
            article,
        })
    }
}

/// Text that does not name a law and an article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} does not name a law and an article, as 民法典#第一千零三十二条 does")]
pub struct BadCitation(pub String);

/// A question with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The topic it belongs to.
    pub topic: TopicId,
    /// Its type.
    pub kind: QuestionKind,
    /// 1 easy, 2 middling, 3 hard.
    pub difficulty: u8,
    /// What is asked.
    pub stem: String,
    /// What can be chosen; 对 and 错 for true/false, empty for a blank.
    pub options: Vec<String>,
    /// What is right.
    pub key: Key,
    /// Why it is right.
    pub explanation: String,
    /// The articles it rests on.
    pub citations: Vec<Citation>,
    /// Near doubles share a family; never two of one in a paper.
    pub family: Option<String>,
}

impl Question {
    /// What is wrong with the question itself, if anything: a key outside the options, too few
    /// options, a missing or doubled blank, no citation.
    #[must_use]
    pub fn defect(&self) -> Option<&'static str> {
        let blanks = self.stem.matches("____").count();
        match (&self.key, self.kind) {
            _ if self.citations.is_empty() => Some("no citation"),
            (Key::Words(accepted), QuestionKind::FillIn) => {
                if blanks != 1 {
                    Some("a fill-in stem needs exactly one blank of four underscores")
                } else if accepted.iter().all(|w| plain(w).is_empty()) {
                    Some("no accepted wording")
                } else {
                    None
                }
            }
            (Key::Choices(right), kind) if kind != QuestionKind::FillIn => {
                let n = self.options.len();
                if right.iter().any(|c| usize::from(*c) >= n) {
                    Some("the key names an option that does not exist")
                } else if self.options.iter().collect::<BTreeSet<_>>().len() != n {
                    Some("two options are the same")
                } else {
                    match kind {
                        QuestionKind::Single if n < 3 || right.len() != 1 => {
                            Some("single choice needs three options and one right one")
                        }
                        QuestionKind::Multiple if n < 3 || right.len() < 2 => {
                            Some("multiple choice needs three options and two right ones")
                        }
                        QuestionKind::TrueFalse if n != 2 || right.len() != 1 => {
                            Some("true/false needs two options and one right one")
                        }
                        _ => None,
                    }
                }
            }
            _ => Some("the key is of another shape than the type"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(right: &[u8]) -> Key {
        Key::Choices(right.iter().copied().collect())
    }

    #[test]
    fn all_right_options_and_no_other_must_be_chosen() {
        let key = choices(&[0, 2]);
        assert!(key.grade(&Answer::Choices(vec![2, 0, 2])));
        assert!(!key.grade(&Answer::Choices(vec![0])));
        assert!(!key.grade(&Answer::Choices(vec![0, 1, 2])));
        assert!(!key.grade(&Answer::Choices(vec![])));
        assert!(!key.grade(&Answer::Words("A".into())));
    }

    #[test]
    fn a_blank_does_not_care_for_width_spaces_or_a_full_stop() {
        let key = Key::Words(vec!["60日".into(), "六十日".into()]);
        assert!(key.grade(&Answer::Words(" ６０ 日。".into())));
        assert!(key.grade(&Answer::Words("六十日".into())));
        assert!(!key.grade(&Answer::Words("".into())));
        assert!(!key.grade(&Answer::Words("30日".into())));
    }

    #[test]
    fn a_shuffled_place_is_turned_into_its_option() {
        let order = [2, 0, 3, 1];
        assert_eq!(
            Answer::Choices(vec![0, 3]).through(&order),
            Some(Answer::Choices(vec![2, 1]))
        );
        assert_eq!(Answer::Choices(vec![4]).through(&order), None);
    }

    #[test]
    fn an_answer_that_does_not_fit_is_told() {
        assert!(!Answer::Choices(vec![4]).fits(QuestionKind::Single, 4));
        assert!(!Answer::Choices(vec![0, 1]).fits(QuestionKind::Single, 4));
        assert!(!Answer::Words("x".repeat(101)).fits(QuestionKind::FillIn, 0));
        assert!(Answer::Choices(vec![0, 3]).fits(QuestionKind::Multiple, 4));
    }
}
