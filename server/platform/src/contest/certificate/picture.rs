//! The picture of a certificate: an upright sheet with the double border of an old printed page,
//! and on it the vermilion label of a thread-bound book, which is ours and no office's.
//!
//! [`svg`] draws it. It says nothing by itself: every word comes with [`Wording`].

use super::outline::{self, known};
use crate::{Error, Result};
use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;

/// The sheet, in pixels.
pub(super) const SHEET: (u32, u32) = (1200, 1600);
const PAPER: &str = "#fbfaf7";
const INK: &str = "#1f1b16";
const MUTED: &str = "#6b645a";
const VERMILION: &str = "#b3261e";
const GOLD: &str = "#9a6b00";

/// Left edge of the label and of the code to scan.
const LEFT: f32 = 128.0;
/// The width of both.
const LABEL: f32 = 168.0;
/// Where the column of words begins.
const COLUMN: f32 = 360.0;
/// Its right edge, and that of the rule at the foot.
const RIGHT: f32 = 1072.0;
/// Where the label and the words begin.
const TOP: f32 = 136.0;
/// Where the foot begins.
const FOOT: f32 = 1288.0;

/// What stands on the sheet.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    /// On the label, from top to bottom: four letters.
    pub heading: String,
    /// The contest.
    pub title: String,
    /// The learner, whole or masked.
    pub name: String,
    /// Their unit.
    pub unit: String,
    /// What comes before the honour.
    pub attests: String,
    /// The honour.
    pub honour: String,
    /// What comes after it; nothing when empty.
    pub note: String,
    /// Who gives it.
    pub issuer: String,
    /// When.
    pub date: String,
    /// The code, with its name.
    pub number: String,
    /// How it is checked.
    pub how: String,
    /// Said where the font lacks a character of a name.
    pub lacking: String,
    /// What the code to scan leads to.
    pub address: String,
}

/// Text of one colour at one size.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    leading: f32,
    colour: &'static str,
    /// How much heavier than the font it is drawn, in pixels.
    weight: f32,
    spacing: f32,
}

const fn style(size: f32, leading: f32, colour: &'static str, weight: f32) -> Style {
    Style {
        size,
        leading,
        colour,
        weight,
        spacing: 0.0,
    }
}

/// Lines of a style, as they stand under each other.
struct Block {
    lines: Vec<String>,
    style: Style,
}

impl Block {
    /// A text in the first of the styles in which it takes no more lines than stand beside it.
    fn fitted(text: &str, styles: &[(Style, usize)]) -> Option<Self> {
        let blocks = styles.iter().map(|(style, most)| {
            let lines = outline::lines(text, style.size, RIGHT - COLUMN);
            (
                Self {
                    lines,
                    style: *style,
                },
                *most,
            )
        });
        let last = styles.len().saturating_sub(1);
        let (_, (mut block, most)) = blocks
            .enumerate()
            .find(|(n, (block, most))| *n == last || block.lines.len() <= *most)?;
        if block.lines.len() > most {
            // Smaller could not be read; the page that the code leads to has all of it.
            block.lines.truncate(most);
            if let Some(line) = block.lines.last_mut() {
                line.pop();
                line.push('…');
            }
        }
        Some(block)
    }

    fn height(&self) -> f32 {
        self.lines.iter().map(|_| self.style.leading).sum()
    }

    fn draw(&self, out: &mut String, top: f32) {
        let mut y = top + self.style.size * 0.88;
        for line in &self.lines {
            words(out, line, COLUMN, y, self.style);
            y += self.style.leading;
        }
    }
}

/// Puts a line down.
fn words(out: &mut String, text: &str, x: f32, y: f32, style: Style) {
    let data = outline::path(text, x, y, style.size, style.spacing);
    let Style { colour, weight, .. } = style;
    // Writing to a string never fails.
    let _ = if weight > 0.0 {
        write!(
            out,
            r#"<path fill="{colour}" stroke="{colour}" stroke-width="{weight}" stroke-linejoin="round" d="{data}"/>"#
        )
    } else {
        write!(out, r#"<path fill="{colour}" d="{data}"/>"#)
    };
}

fn escaped(text: &str) -> String {
    let plain = text.replace('&', "&amp;").replace('<', "&lt;");
    plain.replace('"', "&quot;").replace('\0', "")
}

/// Draws the sheet; all words in it are outlines.
///
/// # Errors
/// [`Error::Fault`] when the address is too long for a code to scan.
pub fn svg(wording: &Wording) -> Result<String> {
    let (width, height) = SHEET;
    let about = format!("{} {} {}", wording.name, wording.title, wording.honour);
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img"><title>{}</title><desc>{}</desc><path fill="{PAPER}" d="M0 0H{width}V{height}H0Z"/>"#,
        escaped(&about),
        escaped(&wording.number),
    );
    out.push_str(&format!(
        r#"<path fill="none" stroke="{INK}" stroke-width="6" d="M47 47H1153V1553H47Z"/><path fill="none" stroke="{INK}" stroke-width="1.5" d="M60 60H1140V1540H60Z"/>"#
    ));
    label(&mut out, &wording.heading);
    column(&mut out, wording);
    foot(&mut out, wording)?;
    out.push_str("</svg>");
    Ok(out)
}

/// The label with the heading.
fn label(out: &mut String, heading: &str) {
    let (text, _) = known(heading);
    let style = style(92.0, 116.0, PAPER, 1.5);
    let pad = 48.0;
    let letters: Vec<String> = text.chars().map(String::from).collect();
    let inside: f32 = letters.iter().map(|_| style.leading).sum();
    let (x, w, h) = (LEFT, LABEL, inside + 2.0 * pad - 24.0);
    let y = TOP;
    out.push_str(&format!(
        r#"<path fill="{VERMILION}" d="M{x} {y}h{w}v{h}h-{w}Z"/><path fill="none" stroke="{PAPER}" stroke-width="2" d="M{} {}h{}v{}h-{}Z"/>"#,
        x + 11.0,
        y + 11.0,
        w - 22.0,
        h - 22.0,
        w - 22.0,
    ));
    let mut base = y + pad + style.size * 0.88;
    for letter in letters {
        let left = x + (w - outline::width(&letter, style.size, 0.0)) / 2.0;
        words(out, &letter, left, base, style);
        base += style.leading;
    }
}

/// Contest, name and unit, honour, with what is left of the height between them.
fn column(out: &mut String, wording: &Wording) {
    let titles = [
        (style(58.0, 84.0, INK, 1.2), 3),
        (style(48.0, 70.0, INK, 1.0), 3),
        (style(40.0, 60.0, INK, 0.8), 4),
    ];
    let mut names = [
        (style(116.0, 150.0, INK, 2.0), 1),
        (style(88.0, 118.0, INK, 1.6), 1),
        (style(60.0, 84.0, INK, 1.2), 2),
    ];
    if wording.name.chars().count() <= 4 {
        names[0].0.spacing = 12.0;
    }
    let units = [
        (style(36.0, 56.0, MUTED, 0.0), 2),
        (style(30.0, 48.0, MUTED, 0.0), 3),
    ];
    let plain = [(style(38.0, 62.0, INK, 0.0), 2)];
    let honours = [
        (style(116.0, 156.0, GOLD, 2.0), 1),
        (style(84.0, 116.0, GOLD, 1.6), 1),
        (style(60.0, 84.0, GOLD, 1.2), 2),
    ];
    let notes = [(style(30.0, 48.0, MUTED, 0.0), 1)];
    let block = |text: &str, styles: &[(Style, usize)]| Block::fitted(&known(text).0, styles);
    let groups = [
        vec![block(&wording.title, &titles)],
        vec![block(&wording.name, &names), block(&wording.unit, &units)],
        vec![
            block(&wording.attests, &plain),
            block(&wording.honour, &honours),
            block(&wording.note, &notes),
        ],
    ];
    let height = |group: &Vec<Option<Block>>| -> f32 {
        let blocks = group.iter().flatten().filter(|b| !b.lines.is_empty());
        let (mut sum, mut gaps) = (0.0, -1.0);
        for block in blocks {
            sum += block.height();
            gaps += 1.0;
        }
        sum + 20.0 * f32::max(gaps, 0.0)
    };
    let all: f32 = groups.iter().map(height).sum();
    let gap = ((FOOT - 90.0 - TOP - all) / 2.0).clamp(40.0, 190.0);
    let mut y = TOP;
    for group in &groups {
        let end = y + height(group);
        for block in group.iter().flatten().filter(|b| !b.lines.is_empty()) {
            block.draw(out, y);
            y += block.height() + 20.0;
        }
        y = end + gap;
    }
}

/// The rule, the code to scan, who gives it, when, and how it is checked.
fn foot(out: &mut String, wording: &Wording) -> Result<()> {
    out.push_str(&format!(
        r#"<path fill="none" stroke="{INK}" stroke-width="1.5" stroke-opacity=".35" d="M{LEFT} {FOOT}H{RIGHT}"/>"#
    ));
    let code = QRBuilder::new(wording.address.as_str())
        .ecl(ECL::M)
        .build()
        .map_err(|e| Error::Fault(anyhow::anyhow!("a code to scan: {e}")))?;
    let squares = code.size;
    let side = (LABEL / squares as f32).floor().max(1.0);
    let left = LEFT + ((LABEL - side * squares as f32) / 2.0).floor();
    let top = FOOT + 38.0;
    let mut data = String::new();
    for row in 0..squares {
        for (column, square) in code[row].iter().enumerate() {
            if square.value() {
                let (x, y) = (left + side * column as f32, top + side * row as f32);
                let _ = write!(data, "M{x} {y}h{side}v{side}h-{side}Z");
            }
        }
    }
    out.push_str(&format!(
        r#"<path fill="{INK}" shape-rendering="crispEdges" d="{data}"/>"#
    ));
    let (issuer, dated) = (style(40.0, 0.0, INK, 1.0), style(32.0, 0.0, INK, 0.0));
    words(out, &known(&wording.issuer).0, COLUMN, FOOT + 76.0, issuer);
    let date = known(&wording.date).0;
    let at = RIGHT - outline::width(&date, dated.size, 0.0);
    words(out, &date, at, FOOT + 74.0, dated);
    let number = style(30.0, 0.0, INK, 0.0);
    words(out, &known(&wording.number).0, COLUMN, FOOT + 134.0, number);
    let mut small = style(25.0, 0.0, MUTED, 0.0);
    let how = known(&wording.how).0;
    let wide = outline::width(&how, small.size, 0.0);
    small.size *= ((RIGHT - COLUMN) / wide).min(1.0);
    words(out, &how, COLUMN, FOOT + 180.0, small);
    let named = [&wording.title, &wording.name, &wording.unit];
    if named.iter().any(|text| known(text).1) {
        small.size = 25.0;
        words(out, &known(&wording.lacking).0, COLUMN, FOOT + 222.0, small);
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn wording() -> Wording {
        Wording {
            heading: "荣誉证书".into(),
            title: "二〇二六年全省公职人员宪法和民法典学习知识竞赛（第一场）决赛".into(),
            name: "王小明".into(),
            unit: "成都市锦江区司法局锦官驿街道司法所人民调解工作指导办公室".into(),
            attests: "在本次竞赛中荣获".into(),
            honour: "第一百二十八名".into(),
            note: "共 12 345 人参加".into(),
            issuer: "指尖学法".into(),
            date: "2026年11月25日".into(),
            number: "证书编号　7KQM-2VXR-9HCP-4TDW".into(),
            how: "扫码，或在 xuefa.example.gov.cn/certificates 输入编号核验".into(),
            lacking: "〓 为图片字库未收的字，以核验页为准。".into(),
            address: "https://xuefa.example.gov.cn/certificates/7KQM2VXR9HCP4TDW".into(),
        }
    }

    #[test]
    fn a_sheet_is_drawn_without_a_font() {
        let drawn = svg(&wording()).expect("a drawing");
        assert!(
            !drawn.contains("<text") && !drawn.contains("href"),
            "words are outlines"
        );
        assert!(drawn.len() < 600_000, "{}", drawn.len());
    }

    #[test]
    fn a_character_that_the_font_lacks_is_a_mark_that_the_sheet_explains() {
        let lacking = Wording {
            name: "王𰻞明".into(),
            ..wording()
        };
        let marked = Wording {
            name: "王〓明".into(),
            ..wording()
        };
        let (lacking, marked) = (svg(&lacking), svg(&marked));
        let paths = |svg: Result<String>| svg.expect("a drawing").matches("<path").count();
        // The same mark, and the line that says what it stands for.
        assert_eq!(paths(lacking), paths(marked) + 1);
    }

    #[test]
    fn what_a_name_brings_along_stays_words() {
        let wording = Wording {
            name: "</title><script>x</script>".into(),
            title: "a\"b&c".into(),
            ..wording()
        };
        let drawn = svg(&wording).expect("a drawing");
        assert!(!drawn.contains("<script"));
        assert!(resvg::usvg::Tree::from_str(&drawn, &resvg::usvg::Options::default()).is_ok());
    }

    #[test]
    fn a_title_without_end_ends_on_the_sheet() {
        let wording = Wording {
            title: "长".repeat(500),
            name: "长".repeat(100),
            unit: "长".repeat(300),
            ..wording()
        };
        assert!(svg(&wording).is_ok());
    }
}
