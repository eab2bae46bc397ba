//! The lines of a file without what nobody sees: byte order marks, zero width, indentation.

/// A line that holds something, with its number in the file, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub number: usize,
    pub text: String,
}

/// The lines of the text that are not blank.
pub(super) fn lines(text: &str) -> Vec<Line> {
    text.replace("\r\n", "\n")
        .split(['\n', '\r'])
        .enumerate()
        .map(|(index, line)| Line {
            number: index + 1,
            text: line
                .chars()
                .filter(|&c| !is_invisible(c))
                .map(|c| if is_odd_space(c) { ' ' } else { c })
                .collect::<String>()
                .trim()
                .to_owned(),
        })
        .filter(|line| !line.text.is_empty())
        .collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}')
        || (c.is_control() && !c.is_whitespace())
}

fn is_odd_space(c: char) -> bool {
    c.is_whitespace() && c != '　'
}

/// The beginning of a line for a finding, at most 80 characters.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(80).collect()
}

/// The text without any white space.
pub(super) fn compact(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_taken_away() {
        let texts = |text| {
            lines(text)
                .into_iter()
                .map(|line| line.text)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts("\u{FEFF}# 法\r\n\r\n　　第一条\u{A0}文 \t\n"),
            ["# 法", "第一条 文"]
        );
        assert_eq!(texts("\u{200B}\n甲\u{200D}乙\u{0}\n　\n"), ["甲乙"]);
        assert_eq!(texts("一\r二\r"), ["一", "二"]);
    }

    #[test]
    fn lines_keep_their_number_in_the_file() {
        let numbers = lines("甲\r\n\r\n乙\n\n\n丙")
            .iter()
            .map(|l| l.number)
            .collect::<Vec<_>>();
        assert_eq!(numbers, [1, 3, 6]);
    }
}
