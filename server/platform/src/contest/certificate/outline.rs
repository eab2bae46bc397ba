//! Words as outlines: lines of a width, and each line a path.
//!
//! The font goes with the program, so that a picture is the same on every machine, and its
//! letters become paths, so that a picture that is passed on needs no font. Chinese needs no
//! shaping, only widths and a rule for the ends of lines; a layout engine would bring a megabyte
//! of code for it.

use std::fmt::Write;
use std::sync::LazyLock;
use ttf_parser::{Face, OutlineBuilder};

static FONT: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(include_bytes!("../../../fonts/certificate.otf"), 0).ok());

/// What stands for a character that the font does not have: the printer's mark for a sort that is
/// not in the case, which nobody takes for a letter or for a fault. The sheet says what it means.
const UNKNOWN: char = '〓';
/// What no line begins with.
const NEVER_FIRST: &str = "，。；：？！、）》〉」』】〕％℃·…—,.;:?!)%";
/// What no line ends with.
const NEVER_LAST: &str = "（《〈「『【〔“‘(";

/// Whether the font has the character.
fn is_known(c: char) -> bool {
    FONT.as_ref()
        .is_some_and(|face| face.glyph_index(c).is_some())
}

/// The text with 〓 for every character that the font does not have, and whether there was one.
pub fn known(text: &str) -> (String, bool) {
    let plain: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = plain.chars().all(is_known);
    let shown = |c| if is_known(c) { c } else { UNKNOWN };
    (plain.chars().map(shown).collect(), !all)
}

/// How wide a character is, as a share of the size.
fn advance(c: char) -> f32 {
    let width = FONT.as_ref().and_then(|face| {
        let width = face.glyph_hor_advance(face.glyph_index(c)?)?;
        Some(f32::from(width) / f32::from(face.units_per_em()))
    });
    width.unwrap_or(1.0)
}

/// How wide a line is.
pub fn width(text: &str, size: f32, spacing: f32) -> f32 {
    let letters = text
        .chars()
        .map(|c| advance(c) * size + spacing)
        .sum::<f32>();
    (letters - spacing).max(0.0)
}

/// Breaks a text into as few lines of at most `most` as it needs, about as long as each other.
pub fn lines(text: &str, size: f32, most: f32) -> Vec<String> {
    let least = broken(text, size, most);
    if least.len() < 2 {
        return least;
    }
    let mut narrow = most / 2.0;
    let mut wide = most;
    while wide - narrow > size / 4.0 {
        let middle = f32::midpoint(narrow, wide);
        if broken(text, size, middle).len() == least.len() {
            wide = middle;
        } else {
            narrow = middle;
        }
    }
    broken(text, size, wide)
}

/// Breaks a text, filling each line. Letters and figures of one word stay together where a line
/// holds them.
fn broken(text: &str, size: f32, most: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // What may not be parted from the character: the rest of a word, a mark that follows.
        let mut piece = String::from(c);
        while let Some(&next) = rest.peek() {
            let last = piece.chars().next_back().unwrap_or(c);
            let in_word = last.is_ascii_alphanumeric() && next.is_ascii_alphanumeric();
            if !(in_word || NEVER_FIRST.contains(next) || NEVER_LAST.contains(last)) {
                break;
            }
            piece.push(next);
            rest.next();
        }
        if width(&format!("{line}{piece}"), size, 0.0) <= most {
            line.push_str(&piece);
            continue;
        }
        if width(&piece, size, 0.0) <= most {
            lines.push(std::mem::take(&mut line).trim().to_owned());
            line = piece.trim_start().to_owned();
            continue;
        }
        // A word longer than a line is cut where the line ends.
        for c in piece.chars() {
            if width(&format!("{line}{c}"), size, 0.0) > most && !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim().to_owned());
            }
            line.push(c);
        }
    }
    lines.push(line.trim().to_owned());
    lines.retain(|line| !line.is_empty());
    lines
}

/// A line as the data of a path; `x` is where it begins and `y` its base line.
pub fn path(text: &str, x: f32, y: f32, size: f32, spacing: f32) -> String {
    let mut pen = Pen {
        data: String::new(),
        x,
        y,
        scale: 0.0,
    };
    let Some(face) = FONT.as_ref() else {
        return pen.data;
    };
    pen.scale = size / f32::from(face.units_per_em());
    for c in text.chars() {
        if let Some(glyph) = face.glyph_index(c) {
            let _ = face.outline_glyph(glyph, &mut pen);
        }
        pen.x += advance(c) * size + spacing;
    }
    pen.data
}

struct Pen {
    data: String,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen {
    /// Writes a command; a letter's curves need no more than a tenth of a pixel.
    fn put(&mut self, command: char, points: &[(f32, f32)]) {
        self.data.push(command);
        for (n, (x, y)) in points.iter().enumerate() {
            let gap = if n == 0 { "" } else { " " };
            let (x, y) = (self.x + x * self.scale, self.y - y * self.scale);
            // Writing to a string never fails.
            let _ = write!(self.data, "{gap}{x:.1} {y:.1}");
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.put('M', &[(x, y)]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.put('L', &[(x, y)]);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.put('Q', &[(x1, y1), (x, y)]);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put('C', &[(x1, y1), (x2, y2), (x, y)]);
    }
    fn close(&mut self) {
        self.data.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_what_names_and_figures_are_made_of() {
        for text in [
            "王小明，第一百二十名",
            "堃喆祎昇镕玥䶮",
            "ABC-234 〓＊·",
            "臺灣蔣",
        ] {
            assert_eq!(known(text), (text.to_owned(), false));
        }
        assert_eq!(known("王😀明"), ("王〓明".to_owned(), true));
    }

    #[test]
    fn thirty_characters_become_lines_of_like_length_and_no_line_begins_with_a_mark() {
        let title = "二〇二六年全省公职人员宪法和民法典学习知识竞赛（第一场）决赛阶段";
        let lines = lines(title, 60.0, 760.0);
        assert_eq!(lines.concat(), title);
        assert_eq!(lines.len(), 3);
        let widths: Vec<_> = lines.iter().map(|l| width(l, 60.0, 0.0)).collect();
        assert!(
            widths.iter().all(|w| (480.0..=760.0).contains(w)),
            "{widths:?}"
        );
        for line in lines {
            assert!(!line.starts_with('）') && !line.ends_with('（'), "{line}");
        }
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut_and_nothing_is_lost() {
        let long = "A".repeat(100);
        let lines = lines(&long, 60.0, 300.0);
        assert_eq!(lines.concat(), long);
        assert!(lines.iter().all(|l| width(l, 60.0, 0.0) <= 300.0));
        assert!(self::lines("", 60.0, 300.0).is_empty());
    }

    #[test]
    fn a_line_is_a_path() {
        assert!(path("一", 0.0, 100.0, 100.0, 0.0).starts_with('M'));
        assert_eq!(path(" ", 0.0, 0.0, 10.0, 0.0), "");
    }
}
