//! What makes no contest, each with the field that it stands in.

use super::Draft;
use domain::contest::stage::Line;
use domain::contest::{Band, ContestKind};
use domain::time::{DAY, MINUTE, Millis};

/// Characters of a title.
pub const LONGEST_TITLE: usize = 60;
/// Characters of a summary.
pub const LONGEST_SUMMARY: usize = 500;
/// Sections of a paper.
pub const MOST_SECTIONS: usize = 20;
/// Bands of bonus credits.
pub const MOST_BANDS: usize = 20;
/// Units that may be chosen.
pub const MOST_UNITS: usize = 50;
/// How long ago a contest may have opened when it is published: the editor needs a while.
const LATE: i64 = 60 * MINUTE;
/// The longest window, in milliseconds.
const LONGEST_WINDOW: i64 = 366 * DAY;

/// Something wrong in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The name of the field: `title`, `s0-count`, `b1-to`.
    pub field: String,
    /// The word behind `error.`.
    pub code: &'static str,
    /// Figures in the sentence.
    pub fill: Vec<(&'static str, i64)>,
}

impl Wrong {
    /// Something wrong with a field.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self {
            field: field.into(),
            code,
            fill: Vec::new(),
        }
    }

    /// With a figure in its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, n: i64) -> Self {
        self.fill.push((name, n));
        self
    }
}

struct Found(Vec<Wrong>);

impl Found {
    fn unless(&mut self, sound: bool, wrong: impl FnOnce() -> Wrong) {
        if !sound {
            self.0.push(wrong());
        }
    }

    fn range(&mut self, field: impl Into<String>, n: i64, from: i64, to: i64) {
        self.unless((from..=to).contains(&n), || {
            Wrong::new(field, "contest-range")
                .with("from", from)
                .with("to", to)
        });
    }
}

/// A count as a number; what was no number is far outside every range.
fn n(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What is wrong with the words, which may be changed at any time.
pub(super) fn words(title: &str, summary: &str) -> Vec<Wrong> {
    let mut found = Found(Vec::new());
    let long = title.chars().count();
    found.unless((1..=LONGEST_TITLE).contains(&long), || {
        Wrong::new("title", "contest-title").with("n", n(LONGEST_TITLE))
    });
    found.unless(summary.chars().count() <= LONGEST_SUMMARY, || {
        Wrong::new("summary", "contest-summary").with("n", n(LONGEST_SUMMARY))
    });
    found.0
}

/// Everything that is wrong with a draft by itself, in the order of the form; with `publishing`
/// at an instant also what hinders it from being published then. What hangs on the bank, the
/// list and the organisation is not seen here.
#[must_use]
pub fn defects(kind: ContestKind, draft: &Draft, publishing: Option<Millis>) -> Vec<Wrong> {
    let mut found = Found(words(&draft.title, &draft.summary));
    window(&mut found, draft, publishing);
    if kind == ContestKind::Team {
        team(&mut found, draft);
    } else {
        paper(&mut found, draft);
        counting(&mut found, draft);
    }
    credits(&mut found, &draft.rules.bands, draft.rules.taking_part);
    let within = draft.rules.entry.within.len();
    found.unless(within <= MOST_UNITS, || {
        Wrong::new("within", "contest-units").with("n", n(MOST_UNITS))
    });
    // What this form does not know of is still said.
    if found.0.is_empty()
        && let Some(field) = draft.rules.defect()
    {
        found.0.push(Wrong::new(field, "contest-defect"));
    }
    found.0
}

fn window(found: &mut Found, draft: &Draft, publishing: Option<Millis>) {
    let (opens, closes) = (draft.opens_at, draft.closes_at);
    let given = |at: Option<Millis>| at.is_some();
    found.unless(given(opens), || Wrong::new("opens", "contest-time"));
    found.unless(given(closes), || Wrong::new("closes", "contest-time"));
    let (Some(opens), Some(closes)) = (opens, closes) else {
        return;
    };
    found.unless(opens < closes, || Wrong::new("closes", "contest-order"));
    found.unless(closes.since(opens) <= LONGEST_WINDOW, || {
        Wrong::new("closes", "contest-window").with("n", LONGEST_WINDOW / DAY)
    });
    let on_time = publishing.is_none_or(|now| opens >= now.plus(-LATE) && closes > now);
    found.unless(on_time, || Wrong::new("opens", "contest-past"));
}

fn team(found: &mut Found, draft: &Draft) {
    let Some(rules) = &draft.rules.team else {
        found.0.push(Wrong::new("size", "contest-defect"));
        return;
    };
    found.range("size", n(rules.size), 1, 20);
    found.range("substitutes", n(rules.substitutes), 0, 20);
    found.range("teams", rules.teams, 1, 100);
    found.unless(rules.register_until.0 > 0, || {
        Wrong::new("register", "contest-time")
    });
    let in_time = draft.opens_at.is_none_or(|at| rules.register_until <= at);
    found.unless(in_time, || Wrong::new("register", "contest-register"));
}

fn paper(found: &mut Found, draft: &Draft) {
    let rules = &draft.rules;
    if rules.sections.is_empty() {
        found.range("questions", n(rules.questions), 1, 200);
    }
    for (at, section) in rules.sections.iter().enumerate() {
        found.range(format!("s{at}-count"), n(section.count), 1, 200);
    }
    found.unless(rules.sections.len() <= MOST_SECTIONS, || {
        Wrong::new("sections", "contest-sections").with("n", n(MOST_SECTIONS))
    });
    let all: usize = rules
        .sections
        .iter()
        .fold(0, |sum, s| sum.saturating_add(s.count));
    let each_fits = rules.sections.iter().all(|s| s.count <= 200);
    found.unless(all <= 200 || !each_fits, || {
        Wrong::new("s0-count", "contest-long").with("n", 200)
    });
    found.range("minutes", rules.minutes, 1, 600);
}

fn counting(found: &mut Found, draft: &Draft) {
    let rules = &draft.rules;
    found.range("attempts", rules.attempts, 1, 100);
    found.range("practice", rules.practice, 0, 100);
    found.range("points", rules.points, 1, 1_000);
    let window = draft.opens_at.zip(draft.closes_at);
    let minutes = window.map_or(i64::MAX, |(from, to)| (to.since(from) / MINUTE).max(0));
    found.range("freeze", rules.freeze, 0, minutes);
    found.range("least", rules.group.least, 1, 1_000);
    found.range("share", rules.group.share, 0, 100);
    found.range("weight", rules.group.weight, 0, 100);
    if let Some(Line::Rank(at) | Line::Points(at)) = rules.line {
        found.range("line-at", at, 1, 1_000_000);
    }
}

fn credits(found: &mut Found, bands: &[Band], taking_part: i64) {
    found.range("taking-part", taking_part, 0, 1_000);
    found.unless(bands.len() <= MOST_BANDS, || {
        Wrong::new("bands", "contest-bands").with("n", n(MOST_BANDS))
    });
    let mut before = 0;
    for (at, band) in bands.iter().enumerate() {
        found.range(format!("b{at}-from"), band.from, 1, 1_000_000);
        found.range(format!("b{at}-to"), band.to, 1, 1_000_000);
        found.range(format!("b{at}-credits"), band.credits, 1, 10_000);
        let typed = band.from > 0 && band.to > 0;
        found.unless(!typed || band.from <= band.to, || {
            Wrong::new(format!("b{at}-to"), "contest-band")
        });
        found.unless(!typed || band.from > before, || {
            Wrong::new(format!("b{at}-from"), "contest-overlap")
        });
        before = before.max(band.to);
    }
}
