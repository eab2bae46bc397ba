//! The number of an article.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::numeral;

/// The number of an article within a law: 第一百二十条, or 第一百二十条之一 where one was inserted.
///
/// Ordered as the articles stand in the law: 第一百二十条, 第一百二十条之一, 第一百二十一条.
/// In JSON, in addresses and in the database it is the string that [`address`](Self::address)
/// answers; both forms are read by [`FromStr`].
///
/// ```
/// use domain::law::ArticleNumber;
///
/// let number: ArticleNumber = "第一百二十条之一".parse()?;
/// assert_eq!(number.address(), "120-1");
/// assert_eq!("120-1".parse::<ArticleNumber>()?.to_string(), "第一百二十条之一");
/// # Ok::<(), domain::law::ArticleNumberError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ArticleNumber {
    base: u32,
    sub: u32,
}

/// Why a text is not the number of an article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArticleNumberError {
    /// The text has neither of the forms `第一百二十条之一` and `120-1`.
    #[error("not the number of an article: {0:?}")]
    Form(String),
    /// Articles are numbered from 1 to 9999, inserted ones (`之一`) up to 9999 too.
    #[error("article number out of range: {base}-{sub}")]
    Range {
        /// The number of the article.
        base: u32,
        /// The number behind 之, 0 for none.
        sub: u32,
    },
}

impl ArticleNumber {
    /// Makes the number 第`base`条之`sub`; `sub` 0 is an article without 之.
    ///
    /// # Errors
    /// [`ArticleNumberError::Range`] unless `base` is 1 to 9999 and `sub` at most 9999.
    pub const fn new(base: u32, sub: u32) -> Result<Self, ArticleNumberError> {
        if base == 0 || base > numeral::GREATEST || sub > numeral::GREATEST {
            return Err(ArticleNumberError::Range { base, sub });
        }
        Ok(Self { base, sub })
    }

    /// The number before 条: 120 in 第一百二十条之一.
    #[must_use]
    pub const fn base(self) -> u32 {
        self.base
    }

    /// The number behind 之: 1 in 第一百二十条之一, 0 where there is none.
    #[must_use]
    pub const fn sub(self) -> u32 {
        self.sub
    }

    /// The form for addresses, file names and the database: `120-1`, or `120` without 之.
    #[must_use]
    pub fn address(self) -> String {
        match self.sub {
            0 => self.base.to_string(),
            sub => format!("{}-{sub}", self.base),
        }
    }

    /// Whether this number may directly follow `earlier` in a law that skips nothing.
    #[must_use]
    pub const fn follows(self, earlier: Self) -> bool {
        (self.base == earlier.base && self.sub == earlier.sub + 1)
            || (self.base == earlier.base + 1 && self.sub == 0)
    }

    /// Reads the number at the beginning of a line, white space inside allowed, and answers
    /// it with what follows: `第 十 条 之一 文` gives 第十条之一 and ` 文`.
    pub(super) fn leading(text: &str) -> Option<(Self, &str)> {
        let inside = text.strip_prefix('第')?;
        let (words, rest) = inside.split_once('条')?;
        let base = numeral::read(&words.split_whitespace().collect::<String>())?;
        let plain = (Self { base, sub: 0 }, rest);
        let Some(behind) = rest.trim_start().strip_prefix('之') else {
            return Some(plain);
        };
        let behind = behind.trim_start();
        let after = behind.trim_start_matches(numeral::is_numeral);
        let spaced = after.is_empty() || after.starts_with(char::is_whitespace);
        match numeral::read(&behind[..behind.len() - after.len()]) {
            Some(sub) if spaced || rest.starts_with('之') => Some((Self { base, sub }, after)),
            _ => Some(plain),
        }
    }
}

impl fmt::Display for ArticleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第{}条", numeral::write(self.base))?;
        match self.sub {
            0 => Ok(()),
            sub => write!(f, "之{}", numeral::write(sub)),
        }
    }
}

impl FromStr for ArticleNumber {
    type Err = ArticleNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ArticleNumberError::Form(text.chars().take(40).collect());
        let trimmed = text.trim();
        if trimmed.starts_with('第') {
            return match Self::leading(trimmed) {
                Some((number, "")) => Ok(number),
                _ => Err(wrong()),
            };
        }
        let figure = |digits: &str| {
            let canonical = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
            digits.parse::<u32>().ok().filter(|_| canonical)
        };
        let (base, sub) = match trimmed.split_once('-') {
            Some((base, sub)) => (figure(base), figure(sub)),
            None => (figure(trimmed), Some(0)),
        };
        Self::new(base.ok_or_else(wrong)?, sub.ok_or_else(wrong)?)
    }
}

impl From<ArticleNumber> for String {
    fn from(number: ArticleNumber) -> Self {
        number.address()
    }
}

impl TryFrom<String> for ArticleNumber {
    type Error = ArticleNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> ArticleNumber {
        text.parse().expect(text)
    }

    #[test]
    fn every_number_survives_both_forms() {
        for base in 1..=9_999 {
            for sub in [0, 1, 2, 10, 11, 20, 99] {
                let made = ArticleNumber::new(base, sub).expect("in range");
                assert_eq!(number(&made.to_string()), made);
                assert_eq!(number(&made.address()), made);
            }
        }
    }

    #[test]
    fn the_two_forms_of_a_number_name_the_same_article() {
        for (words, address) in [
            ("第一条", "1"),
            ("第十条", "10"),
            ("第十六条", "16"),
            ("第一百零二条", "102"),
            ("第一百二十条", "120"),
            ("第一百二十条之一", "120-1"),
            ("第一百二十条之十二", "120-12"),
            ("第一千二百六十条", "1260"),
        ] {
            assert_eq!(number(words).address(), address);
            assert_eq!(number(address).to_string(), words);
        }
    }

    #[test]
    fn inserted_articles_stand_between_their_neighbours() {
        let inserted = number("120-1");
        assert!(number("120") < inserted && inserted < number("120-2"));
        assert!(inserted < number("121"));
        assert!(inserted.follows(number("120")) && number("121").follows(inserted));
        assert!(!number("122").follows(number("120")) && !inserted.follows(inserted));
    }

    #[test]
    fn digits_old_zeros_and_inner_white_space_are_read() {
        for text in [
            "第120条之1",
            "第一二〇条之一",
            "第　一百二十 条 之一",
            " 第１２０条之１ ",
        ] {
            assert_eq!(number(text).address(), "120-1", "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "第条",
            "第零条",
            "第两百条",
            "第一百条第二款",
            "第一条之",
            "第一条之零",
            "一条",
            "120-",
            "-1",
            "120-0",
            "012",
            "+5",
            "1-2-3",
            "１２０",
            "第一条 为了",
        ] {
            let refused = text.parse::<ArticleNumber>();
            assert!(
                matches!(refused, Err(ArticleNumberError::Form(_))),
                "{text}"
            );
        }
        for text in ["10000", "1-10000"] {
            let refused = text.parse::<ArticleNumber>();
            assert!(
                matches!(refused, Err(ArticleNumberError::Range { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn json_holds_the_address() {
        let json = serde_json::to_string(&number("第一百二十条之一")).expect("json");
        assert_eq!(json, "\"120-1\"");
        assert_eq!(
            serde_json::from_str::<ArticleNumber>(&json).expect("number"),
            number("120-1")
        );
        assert!(serde_json::from_str::<ArticleNumber>("\"x\"").is_err());
    }

    #[test]
    fn a_number_in_running_text_keeps_its_rest() {
        let rest = |text| ArticleNumber::leading(text).map(|(n, rest)| (n.address(), rest));
        assert_eq!(rest("第三条 文"), Some(("3".into(), " 文")));
        assert_eq!(rest("第三条规定"), Some(("3".into(), "规定")));
        assert_eq!(rest("第三条之规定"), Some(("3".into(), "之规定")));
        assert_eq!(rest("第三条 之一般"), Some(("3".into(), " 之一般")));
        assert_eq!(rest("第三条之二 二十人"), Some(("3-2".into(), " 二十人")));
        assert_eq!(rest("第三章"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = text.parse::<ArticleNumber>();
            let _ = ArticleNumber::leading(&text);
        }

        #[test]
        fn no_text_of_its_own_letters_makes_it_panic(text in "第?[第条之一二十百千零〇0-9 \\-]{0,12}") {
            if let Ok(read) = text.parse::<ArticleNumber>() {
                prop_assert_eq!(number(&read.to_string()), read);
            }
        }
    }
}
