//! The body of a law: headings, articles, and the words outside them.

use std::collections::BTreeSet;

use super::Findings;
use super::clean::Line;
use super::comment::{self, Comment};
use super::heading::{self, Outline, RawHeading};
use super::order;
use crate::law::{ArticleNumber, FindingReason, Node};

/// What a line of the body is, taken alone.
enum Piece {
    Heading(RawHeading),
    /// A heading without words: what follows it is a text of its own.
    Blank,
    /// The number of an article, and the words behind it.
    Number(ArticleNumber, String),
    Words,
}

/// Reads the body.
pub(super) fn read(lines: &[Line], findings: &mut Findings) -> Vec<Node> {
    let pieces = pieces(lines, findings);
    let numbers: Vec<ArticleNumber> = pieces
        .iter()
        .filter_map(|(_, piece)| match piece {
            Piece::Number(number, _) => Some(*number),
            _ => None,
        })
        .collect();
    let mut fits = order::ascending(&numbers).into_iter();
    let mut body = Body::new(findings);
    for (line, piece) in pieces {
        match piece {
            Piece::Heading(raw) => body.heading(raw),
            Piece::Blank => body.apart = true,
            Piece::Words => body.words(line),
            Piece::Number(number, words) if fits.next() == Some(true) => {
                body.article(line, number, words);
            }
            Piece::Number(number, _) => body.refused(line, number),
        }
    }
    body.finish()
}

/// Reads a line that begins an article: the number with white space or 【 behind it, or in bold.
/// Answers the number and the words behind it.
pub(super) fn article(line: &str) -> Option<(ArticleNumber, String)> {
    let line = heading::marked(line).map_or(line, |(_, words)| words);
    let bold = line.strip_prefix("**");
    let (number, rest) = ArticleNumber::leading(bold.unwrap_or(line).trim_start())?;
    if let (Some(_), Some(rest)) = (bold, rest.trim_start().strip_prefix("**")) {
        return Some((number, rest.trim().to_owned()));
    }
    let apart = rest.is_empty() || rest.starts_with(char::is_whitespace) || rest.starts_with('【');
    let emphasis = if bold.is_some() { "**" } else { "" };
    apart.then(|| (number, format!("{emphasis}{}", rest.trim())))
}

/// Whether a line is set like the beginning of an [`article`] and its number can not be read:
/// 第一万亿条, 第廿条, 第零条.
fn misnumbered(line: &str) -> bool {
    /// The longest number that is looked for, in characters.
    const LONGEST: usize = 16;
    const NUMERALS: &str = "〇○零一二三四五六七八九十百千万亿兆两廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟";
    let line = heading::marked(line).map_or(line, |(_, words)| words);
    let bold = line.strip_prefix("**");
    let inside = bold.unwrap_or(line).trim_start().strip_prefix('第');
    let Some((number, rest)) = inside.and_then(|inside| inside.split_once('条')) else {
        return false;
    };
    let numeral = |c: char| c.is_numeric() || c.is_whitespace() || NUMERALS.contains(c);
    let apart =
        rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || "【*".contains(c));
    apart && number.chars().count() <= LONGEST && number.chars().all(numeral)
}

/// How far the reading of a table of contents has come.
enum Contents {
    Outside,
    Opened,
    /// Its first entry; the contents end where that comes again, as a heading.
    First(String),
}

/// Says of every line what it is.
fn pieces<'a>(lines: &'a [Line], findings: &mut Findings) -> Vec<(&'a Line, Piece)> {
    let mut pieces = Vec::new();
    let mut contents = Contents::Outside;
    let mut place = Place::default();
    for line in lines {
        let piece = match comment::read(&line.text) {
            Some(Comment::InfoEnd | Comment::Layout) => continue,
            Some(Comment::Unknown) => {
                findings.add(line, FindingReason::UnknownComment);
                Piece::Words
            }
            None => piece(line, &mut contents),
        };
        if !matches!(piece, Piece::Number(..)) && misnumbered(&line.text) {
            findings.add(line, FindingReason::NumberUnread);
        }
        pieces.push((line, place.judge(line, piece, findings)));
    }
    pieces
}

/// Where in the body a line stands, as far as that decides what it is.
#[derive(Default)]
struct Place {
    /// The last article; none any more in an annex that counts for itself.
    last: Option<ArticleNumber>,
    in_annex: bool,
    /// Within articles that an article quotes, as an amendment does that inserts some.
    in_quote: bool,
    /// Behind a line that ends in a colon.
    behind_colon: bool,
}

impl Place {
    /// Takes the articles and headings that do not belong to the law itself for words.
    fn judge(&mut self, line: &Line, piece: Piece, findings: &mut Findings) -> Piece {
        let introduced = self.in_quote || self.behind_colon;
        self.behind_colon = line.text.ends_with(['：', ':']);
        match &piece {
            Piece::Number(number, _) => {
                let out_of_row = self.last.filter(|last| !number.follows(*last));
                match out_of_row {
                    _ if self.in_annex && (self.last.is_none() || out_of_row.is_some()) => {
                        findings.add(line, FindingReason::NumberInAnnex);
                        self.last = None;
                        return Piece::Words;
                    }
                    Some(by) if introduced => {
                        findings.add(line, FindingReason::NumberQuoted { by });
                        self.in_quote = true;
                        return Piece::Words;
                    }
                    _ => {}
                }
                self.in_annex = false;
                self.in_quote = false;
                self.last = Some(*number);
            }
            Piece::Heading(raw) if raw.is_annex() => {
                self.in_annex |= self.last.is_some();
                self.in_quote = false;
            }
            Piece::Heading(_)
                if introduced && self.last.is_some() && heading::marked(&line.text).is_none() =>
            {
                self.in_quote = true;
                return Piece::Words;
            }
            Piece::Heading(_) => self.in_quote = false,
            Piece::Blank => findings.add(line, FindingReason::BlankHeading),
            Piece::Words => {}
        }
        piece
    }
}

fn piece(line: &Line, contents: &mut Contents) -> Piece {
    if let Some((number, words)) = article(&line.text) {
        *contents = Contents::Outside;
        return Piece::Number(number, words);
    }
    let raw = match heading::marked(&line.text) {
        Some((marks, words)) => {
            *contents = Contents::Outside;
            RawHeading::new(marks, words)
        }
        None => {
            let Some(raw) = heading::unmarked(&line.text) else {
                return Piece::Words;
            };
            let entry = raw.label.as_ref().unwrap_or(&raw.title);
            match contents {
                Contents::Outside => {}
                Contents::Opened => {
                    *contents = Contents::First(entry.clone());
                    return Piece::Words;
                }
                Contents::First(first) if first != entry => return Piece::Words,
                Contents::First(_) => *contents = Contents::Outside,
            }
            raw
        }
    };
    if raw.is_blank() {
        return Piece::Blank;
    }
    if raw.is_contents() {
        *contents = Contents::Opened;
    }
    Piece::Heading(raw)
}

/// The nodes made so far.
struct Body<'a> {
    nodes: Vec<Node>,
    outline: Outline,
    /// The last article.
    last: Option<ArticleNumber>,
    /// Every number met, refused ones too.
    met: BTreeSet<ArticleNumber>,
    /// The line of the last article, while that has no words yet.
    empty: Option<Line>,
    /// Whether the next words begin a text of their own.
    apart: bool,
    findings: &'a mut Findings,
}

impl<'a> Body<'a> {
    fn new(findings: &'a mut Findings) -> Self {
        Self {
            nodes: Vec::new(),
            outline: Outline::default(),
            last: None,
            met: BTreeSet::new(),
            empty: None,
            apart: false,
            findings,
        }
    }

    fn heading(&mut self, raw: RawHeading) {
        self.close();
        self.nodes.push(Node::Heading(self.outline.place(raw)));
    }

    fn article(&mut self, line: &Line, number: ArticleNumber, words: String) {
        self.close();
        if let Some(after) = self.last.filter(|last| !number.follows(*last)) {
            self.findings
                .add(line, FindingReason::NumbersSkipped { after });
        }
        self.last = Some(number);
        self.met.insert(number);
        let paragraphs = if words.is_empty() {
            self.empty = Some(line.clone());
            Vec::new()
        } else {
            vec![words]
        };
        self.nodes.push(Node::Article { number, paragraphs });
    }

    /// Keeps a line whose number does not fit as words.
    fn refused(&mut self, line: &Line, number: ArticleNumber) {
        let reason = if self.met.insert(number) {
            FindingReason::NumberOutOfOrder { after: self.last }
        } else {
            FindingReason::NumberRepeated
        };
        self.findings.add(line, reason);
        self.append(&line.text);
    }

    fn words(&mut self, line: &Line) {
        if let Some((number, _)) = ArticleNumber::leading(&line.text) {
            let next = match self.last {
                Some(last) => number.follows(last),
                None => number.address() == "1",
            };
            if next && article(&line.text).is_none() {
                self.findings.add(line, FindingReason::PerhapsArticle);
            }
        }
        self.append(&line.text);
    }

    fn append(&mut self, words: &str) {
        let apart = std::mem::take(&mut self.apart);
        match self.nodes.last_mut() {
            Some(Node::Article { paragraphs, .. } | Node::Text { paragraphs }) if !apart => {
                self.empty = None;
                paragraphs.push(words.to_owned());
            }
            _ => self.nodes.push(Node::Text {
                paragraphs: vec![words.to_owned()],
            }),
        }
    }

    /// Ends what is open.
    fn close(&mut self) {
        self.apart = false;
        if let Some(line) = self.empty.take() {
            self.findings.add(&line, FindingReason::ArticleEmpty);
        }
    }

    fn finish(mut self) -> Vec<Node> {
        self.close();
        self.nodes
    }
}
