//! Certificates (证书) of a closed contest: what one attests, the code it is checked by, and how
//! a name is shown to strangers.
//!
//! The rule guarded here: a code is found by who was given it and by nobody else. It has 80 random
//! bits, so that who tries a thousand codes a second finds the first of a million certificates
//! after some 38 million years: a limit on guessing would only lock out the office that
//! checks a hundred certificates from one address. Start at [`Honour::of`] and [`Code`].

use super::Rules;
use crate::law::numeral;
use std::fmt;
use std::str::FromStr;

/// The letters of a code: none that is taken for another one in print (0 and O, 1 and I).
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters of a code.
const LENGTH: usize = 16;
/// What stands for a letter of a name that strangers do not see.
const HIDDEN: char = '＊';
/// The most hidden letters in a row, so that a long name does not show how long it is.
const MOST_HIDDEN: usize = 2;

/// What a certificate attests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Honour {
    /// A rank that a band of the contest rewards.
    Rank(i64),
    /// Taking part.
    TakingPart,
}

impl Honour {
    /// What someone who ended at `rank` with `answered` saved answers may have attested, if
    /// anything: the rank where a band holds it, else that they took part.
    #[must_use]
    pub fn of(rules: &Rules, rank: i64, answered: i64) -> Option<Self> {
        let banded = rules.bands.iter().any(|b| (b.from..=b.to).contains(&rank));
        (answered > 0).then_some(if banded {
            Self::Rank(rank)
        } else {
            Self::TakingPart
        })
    }

    /// The rank in words, 一百二十, if it is one.
    #[must_use]
    pub fn in_words(self) -> Option<String> {
        match self {
            Self::Rank(rank) => {
                Some(u32::try_from(rank).map_or_else(|_| rank.to_string(), numeral::write))
            }
            Self::TakingPart => None,
        }
    }
}

/// The code that a certificate is checked by: 16 letters, 80 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code([u8; LENGTH]);

/// What was typed is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no code of a certificate")]
pub struct CodeError;

impl Code {
    /// The code of ten random bytes.
    #[must_use]
    pub fn of(random: [u8; 10]) -> Self {
        let bits = random
            .iter()
            .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut place = 5 * LENGTH;
        Self([(); LENGTH].map(|()| {
            place -= 5;
            LETTERS[(bits >> place & 31) as usize]
        }))
    }

    /// The code as it is printed, in fours: `7KQM-2VXR-9HCP-4TDW`.
    #[must_use]
    pub fn grouped(&self) -> String {
        let code = self.to_string();
        let fours = [&code[..4], &code[4..8], &code[8..12], &code[12..]];
        fours.join("-")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

impl FromStr for Code {
    type Err = CodeError;

    /// Reads a code as people type it: small letters, full-width letters, spaces and dashes.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let mut code = [0; LENGTH];
        let mut read = 0;
        for c in text.chars() {
            if c.is_whitespace() || "-－—–_·".contains(c) {
                continue;
            }
            let narrow = match u32::from(c) {
                wide @ 0xff01..=0xff5e => u8::try_from(wide - 0xfee0),
                plain => u8::try_from(plain),
            };
            let letter = narrow.map_err(|_| CodeError)?.to_ascii_uppercase();
            if read == LENGTH || !LETTERS.contains(&letter) {
                return Err(CodeError);
            }
            code[read] = letter;
            read += 1;
        }
        (read == LENGTH).then_some(Self(code)).ok_or(CodeError)
    }
}

/// A name as strangers see it, 王＊明: the first and the last letter; of two the first.
#[must_use]
pub fn masked(name: &str) -> String {
    let letters: Vec<char> = name.trim().chars().collect();
    match letters[..] {
        [] => String::new(),
        [_] => HIDDEN.to_string(),
        [first, _] => [first, HIDDEN].iter().collect(),
        [first, .., last] => {
            let hidden = (letters.len() - 2).min(MOST_HIDDEN);
            let middle = std::iter::repeat_n(HIDDEN, hidden);
            std::iter::once(first).chain(middle).chain([last]).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::Band;
    use proptest::prelude::*;

    #[test]
    fn a_rank_in_a_band_is_attested_and_else_taking_part() {
        let band = Band {
            from: 1,
            to: 3,
            credits: 0,
        };
        let rules = Rules {
            bands: vec![band],
            ..Rules::default()
        };
        assert_eq!(Honour::of(&rules, 3, 1), Some(Honour::Rank(3)));
        assert_eq!(Honour::of(&rules, 4, 1), Some(Honour::TakingPart));
        assert_eq!(Honour::of(&rules, 1, 0), None);
        assert_eq!(Honour::Rank(120).in_words().as_deref(), Some("一百二十"));
        assert_eq!(Honour::TakingPart.in_words(), None);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::of([0xff; 10]);
        assert_eq!(code.grouped(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        for typed in [
            "zzzz zzzz zzzz zzzz",
            " ZZZZ－ZZZZ—ZZZZ-ZZZZ\n",
            "ＺＺＺＺzzzzＺＺＺＺzzzz",
        ] {
            assert_eq!(typed.parse(), Ok(code), "{typed}");
        }
        for none in [
            "",
            "ZZZZ",
            "ZZZZ-ZZZZ-ZZZZ-ZZZZ-Z",
            "OOOO-1111-IIII-0000",
            "王",
        ] {
            assert_eq!(none.parse::<Code>(), Err(CodeError), "{none}");
        }
    }

    #[test]
    fn strangers_see_the_ends_of_a_name_and_not_how_long_it_is() {
        for (name, seen) in [
            ("王小明", "王＊明"),
            ("王明", "王＊"),
            ("欧阳小明", "欧＊＊明"),
            ("阿依古丽·买买提", "阿＊＊提"),
            ("王", "＊"),
            ("", ""),
        ] {
            assert_eq!(masked(name), seen);
        }
    }

    proptest! {
        #[test]
        fn every_code_is_read_back_and_no_two_are_the_same(a: [u8; 10], b: [u8; 10]) {
            prop_assert_eq!(Code::of(a).grouped().parse(), Ok(Code::of(a)));
            prop_assert_eq!(a == b, Code::of(a) == Code::of(b));
        }

        #[test]
        fn nothing_typed_makes_it_panic(text: String) {
            let _ = text.parse::<Code>();
            let _ = masked(&text);
        }
    }
}
