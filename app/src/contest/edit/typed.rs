//! What an editor typed, as the form has it: names and values, rows numbered `s0-…`, `b0-…`.

use domain::contest::blueprint::Section;
use domain::contest::entry::Entry;
use domain::contest::group::GroupRule;
use domain::contest::stage::Line;
use domain::contest::team::TeamRules;
use domain::contest::{Band, ContestKind, Rules};
use domain::id::{TopicId, UnitId};
use domain::time::Millis;
use platform::contest::Contest;
use platform::contest::edit::{Draft, MOST_BANDS, MOST_SECTIONS, at_local, local};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Names and values, in the order of the form.
#[derive(Debug, Clone, Default)]
pub struct Typed(Vec<(String, String)>);

/// Rows of a kind that can be added and removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Sections of a paper.
    Sections,
    /// Bands of bonus credits.
    Bands,
}

impl Rows {
    /// The name of the field that counts them.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sections => "sections",
            Self::Bands => "bands",
        }
    }

    /// What the names of their fields begin with.
    pub const fn letter(self) -> char {
        match self {
            Self::Sections => 's',
            Self::Bands => 'b',
        }
    }

    /// How many there may be.
    pub const fn most(self) -> usize {
        match self {
            Self::Sections => MOST_SECTIONS,
            Self::Bands => MOST_BANDS,
        }
    }
}

/// The word of a choice, as it is stored.
pub fn word<T: Serialize>(choice: T) -> String {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// The choice behind a word or a figure; none for one that there is not.
fn choice<T: DeserializeOwned>(word: &str) -> Option<T> {
    let figure = word.parse::<u8>().map(serde_json::Value::from);
    let value = figure.unwrap_or_else(|_| serde_json::Value::from(word));
    serde_json::from_value(value).ok()
}

impl Typed {
    /// What was posted.
    pub const fn of_form(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// What a contest says.
    pub fn of_contest(contest: &Contest) -> Self {
        let rules = &contest.rules;
        let mut typed = Self::default();
        typed.put("title", &contest.title);
        typed.put("summary", &contest.summary);
        typed.put("opens", local(contest.opens_at));
        typed.put("closes", local(contest.closes_at));
        for (name, n) in [
            ("minutes", rules.minutes),
            ("attempts", rules.attempts),
            ("practice", rules.practice),
            ("points", rules.points),
            ("freeze", rules.freeze),
            ("taking-part", rules.taking_part),
            ("least", rules.group.least),
            ("share", rules.group.share),
            ("weight", rules.group.weight),
        ] {
            typed.put(name, n.to_string());
        }
        typed.put("questions", rules.questions.to_string());
        typed.put("counting", word(rules.counting));
        typed.put("format", word(rules.format));
        typed.put("papers", word(rules.papers));
        let (line, at) = match rules.line {
            None => ("none", String::new()),
            Some(Line::Rank(at)) => ("rank", at.to_string()),
            Some(Line::Points(at)) => ("points", at.to_string()),
        };
        typed.put("line", line);
        typed.put("line-at", at);
        typed.put_all("topics", &rules.topics);
        typed.put_all("within", &rules.entry.within);
        typed.put_words("unit-kinds", &rules.entry.kinds);
        typed.put_words("posts", &rules.entry.posts);
        if rules.entry.listed {
            typed.put("listed", "on");
        }
        for (at, section) in rules.sections.iter().enumerate() {
            typed.put_all(&format!("s{at}-topics"), &section.topics);
            typed.put_words(&format!("s{at}-kinds"), &section.kinds);
            typed.put_words(&format!("s{at}-difficulties"), &section.difficulties);
            typed.put(&format!("s{at}-count"), section.count.to_string());
        }
        typed.put("sections", rules.sections.len().to_string());
        for (at, band) in rules.bands.iter().enumerate() {
            for (name, n) in [
                ("from", band.from),
                ("to", band.to),
                ("credits", band.credits),
            ] {
                typed.put(&format!("b{at}-{name}"), n.to_string());
            }
        }
        typed.put("bands", rules.bands.len().to_string());
        if let Some(team) = &rules.team {
            typed.put("size", team.size.to_string());
            typed.put("substitutes", team.substitutes.to_string());
            typed.put("teams", team.teams.to_string());
            typed.put("register", local(team.register_until));
        }
        typed
    }

    fn put(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    fn put_all<T: AsRef<str>>(&mut self, name: &str, values: &[T]) {
        values.iter().for_each(|v| self.put(name, v.as_ref()));
    }

    fn put_words<T: Serialize>(&mut self, name: &str, values: &[T]) {
        values.iter().for_each(|v| self.put(name, word(v)));
    }

    /// The value of a field; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value)
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let same = self.0.iter().filter(move |(n, _)| n == name);
        same.map(|(_, value)| value.as_str())
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|v| v == value)
    }

    /// Puts one value into the place of all that a field had.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(n, _)| n != name);
        self.put(name, value);
    }

    /// How many rows of a kind there are.
    pub fn rows(&self, rows: Rows) -> usize {
        let count = self.get(rows.name()).parse().unwrap_or(0);
        usize::min(count, rows.most() + 1)
    }

    /// Adds an empty row.
    pub fn add(&mut self, rows: Rows) {
        let count = self.rows(rows);
        if count >= rows.most() {
            return;
        }
        self.set(rows.name(), (count + 1).to_string());
        if rows == Rows::Sections {
            // The first section takes over what the paper was drawn by.
            let asked = if count == 0 {
                self.get("questions")
            } else {
                "5"
            };
            let (asked, topics) = (
                asked.to_owned(),
                match count {
                    0 => self.all("topics").map(str::to_owned).collect(),
                    _ => Vec::new(),
                },
            );
            self.put(&format!("s{count}-count"), asked);
            self.put_all(&format!("s{count}-topics"), &topics);
        } else {
            let last = count
                .checked_sub(1)
                .map(|at| self.number(&format!("b{at}-to")));
            let from = last.filter(|to| *to > 0).unwrap_or(0) + 1;
            self.put(&format!("b{count}-from"), from.to_string());
        }
    }

    /// Removes a row; those after it move up.
    pub fn remove(&mut self, rows: Rows, at: usize) {
        let count = self.rows(rows);
        if at >= count {
            return;
        }
        let letter = rows.letter();
        let row = |name: &str| -> Option<(usize, String)> {
            let (n, rest) = name.strip_prefix(letter)?.split_once('-')?;
            Some((n.parse().ok()?, rest.to_owned()))
        };
        self.0
            .retain(|(name, _)| row(name).is_none_or(|(n, _)| n != at));
        for (name, _) in &mut self.0 {
            if let Some((n, rest)) = row(name).filter(|(n, _)| *n > at) {
                *name = format!("{letter}{}-{rest}", n - 1);
            }
        }
        self.set(rows.name(), (count - 1).to_string());
    }

    /// Chooses a unit, or takes it back.
    pub fn choose(&mut self, unit: &str, chosen: bool) {
        self.0.retain(|(n, v)| n != "within" || v != unit);
        if chosen {
            self.put("within", unit);
        }
    }

    /// A number; what is none is below every range.
    fn number(&self, name: &str) -> i64 {
        self.get(name).trim().parse().unwrap_or(-1)
    }

    /// A count; what is none is above every range.
    fn count(&self, name: &str) -> usize {
        self.get(name).trim().parse().unwrap_or(usize::MAX)
    }

    fn choices<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        self.all(name).filter_map(choice).collect()
    }

    fn topics(&self, name: &str) -> Vec<TopicId> {
        self.all(name).map(TopicId::from).collect()
    }

    /// What the editor means by it.
    pub fn draft(&self, kind: ContestKind) -> Draft {
        let section = |at| Section {
            topics: self.topics(&format!("s{at}-topics")),
            kinds: self.choices(&format!("s{at}-kinds")),
            difficulties: self.choices(&format!("s{at}-difficulties")),
            count: self.count(&format!("s{at}-count")),
        };
        let band = |at| Band {
            from: self.number(&format!("b{at}-from")),
            to: self.number(&format!("b{at}-to")),
            credits: self.number(&format!("b{at}-credits")),
        };
        let line = match self.get("line") {
            "rank" => Some(Line::Rank(self.number("line-at"))),
            "points" => Some(Line::Points(self.number("line-at"))),
            _ => None,
        };
        let entry = Entry {
            within: self.all("within").map(UnitId::from).collect(),
            kinds: self.choices("unit-kinds"),
            posts: self.choices("posts"),
            listed: !self.get("listed").is_empty(),
        };
        let common = Rules {
            topics: self.topics("topics"),
            bands: (0..self.rows(Rows::Bands)).map(band).collect(),
            taking_part: self.number("taking-part"),
            entry,
            ..Rules::default()
        };
        let rules = if kind == ContestKind::Team {
            Rules {
                team: Some(TeamRules {
                    size: self.count("size"),
                    substitutes: self.count("substitutes"),
                    teams: self.number("teams"),
                    register_until: at_local(self.get("register")).unwrap_or(Millis(0)),
                }),
                ..common
            }
        } else {
            Rules {
                questions: self.count("questions"),
                minutes: self.number("minutes"),
                attempts: self.number("attempts"),
                points: self.number("points"),
                sections: (0..self.rows(Rows::Sections)).map(section).collect(),
                papers: choice(self.get("papers")).unwrap_or_default(),
                practice: self.number("practice"),
                counting: choice(self.get("counting")).unwrap_or_default(),
                format: choice(self.get("format")).unwrap_or_default(),
                line,
                group: GroupRule {
                    least: self.number("least"),
                    share: self.number("share"),
                    weight: self.number("weight"),
                },
                freeze: self.number("freeze"),
                ..common
            }
        };
        Draft {
            title: self.get("title").to_owned(),
            summary: self.get("summary").to_owned(),
            opens_at: at_local(self.get("opens")),
            closes_at: at_local(self.get("closes")),
            rules,
        }
    }
}

#[cfg(test)]
mod tests;
