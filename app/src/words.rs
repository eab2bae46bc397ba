//! The words of the interface, in three languages: `app/words/*.toml`, read once at start.
//!
//! Pages are made on the server, so words never travel to the browser but in pages and in props.
//! Why a table of our own: what keeps words at compile time (leptos_i18n) brings an island with
//! it, and what reads them at run time (fluent) brings a grammar that three languages without
//! plural forms in the interface do not need. A test compares every key used with every table.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Simplified Chinese.
    ZhCn,
    /// Traditional Chinese.
    ZhTw,
    /// English.
    En,
}

impl Language {
    /// All of them, the first one first.
    pub const ALL: [Self; 3] = [Self::ZhCn, Self::ZhTw, Self::En];

    /// The tag in `lang` attributes and in the account (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::ZhTw => "zh-TW",
            Self::En => "en",
        }
    }

    /// What the language calls itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ZhCn => "简体中文",
            Self::ZhTw => "繁體中文",
            Self::En => "English",
        }
    }

    /// The language of a tag; region and script as they are met in the wild.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        let traditional = ["zh-tw", "zh-hk", "zh-mo", "zh-hant"];
        if traditional.iter().any(|t| tag.starts_with(t)) {
            Some(Self::ZhTw)
        } else if tag == "zh" || tag.starts_with("zh-") {
            Some(Self::ZhCn)
        } else if tag == "en" || tag.starts_with("en-") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The first language of an `Accept-Language` header that there is; simplified Chinese when
    /// there is none.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut wishes: Vec<(f32, &str)> = header
            .split(',')
            .take(20)
            .map(|wish| {
                let (tag, q) = wish.split_once(";q=").unwrap_or((wish, "1"));
                (q.trim().parse().unwrap_or(0.0), tag)
            })
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0)); // stable: equal wishes keep their order
        wishes
            .iter()
            .find_map(|(_, tag)| Self::of_tag(tag))
            .unwrap_or(Self::ZhCn)
    }
}

type Table = HashMap<String, String>;

static TABLES: LazyLock<[Table; 3]> = LazyLock::new(|| {
    [
        read(include_str!("../words/zh-CN.toml")),
        read(include_str!("../words/zh-TW.toml")),
        read(include_str!("../words/en.toml")),
    ]
});

/// A table with keys `section.key`. What is compiled in is valid, as a test shows.
fn read(text: &str) -> Table {
    let sections: HashMap<String, HashMap<String, String>> =
        toml::from_str(text).unwrap_or_default();
    sections
        .into_iter()
        .flat_map(|(section, words)| {
            words
                .into_iter()
                .map(move |(key, word)| (format!("{section}.{key}"), word))
        })
        .collect()
}

/// The words in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// The words of a key; the key itself where a table lacks it, which a test does not let pass.
    #[must_use]
    pub fn t(self, key: &str) -> &'static str {
        let table = &TABLES[self.0 as usize];
        if let Some(word) = table.get(key) {
            return word;
        }
        tracing::error!(key, language = self.0.tag(), "missing words");
        TABLES[0].get(key).map_or("", String::as_str)
    }

    /// The words of a key with `{name}` replaced.
    #[must_use]
    pub fn f(self, key: &str, fill: &[(&str, &dyn Display)]) -> String {
        let mut words = self.t(key).to_owned();
        for (name, value) in fill {
            words = words.replace(&format!("{{{name}}}"), &value.to_string());
        }
        words
    }

    /// The sentence for an error.
    #[must_use]
    pub fn error(self, error: &platform::Error) -> String {
        let n = error.figure().unwrap_or_default();
        self.f(&format!("error.{}", error.code()), &[("n", &n)])
    }

    /// All words of some sections, for a page that says them by itself.
    #[must_use]
    pub fn sections(self, names: &[&str]) -> std::collections::BTreeMap<String, String> {
        let is_wanted = |key: &str| {
            let section = key.split('.').next().unwrap_or_default();
            names.contains(&section)
        };
        let table = TABLES[self.0 as usize].iter();
        table
            .filter(|(key, _)| is_wanted(key))
            .map(|(key, words)| (key.clone(), words.clone()))
            .collect()
    }

    /// Whether a key has words.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        TABLES[self.0 as usize].contains_key(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(language: Language) -> BTreeSet<&'static String> {
        TABLES[language as usize].keys().collect()
    }

    #[test]
    fn every_language_has_the_same_keys_and_the_same_blanks() {
        let first = keys(Language::ZhCn);
        assert!(first.len() > 100, "the table was read");
        for language in Language::ALL {
            let there = keys(language);
            let differ: Vec<_> = first.symmetric_difference(&there).collect();
            assert!(differ.is_empty(), "{}: {differ:?}", language.tag());
            for key in &first {
                let blanks = |l: Language| -> BTreeSet<String> {
                    TABLES[l as usize][*key]
                        .split('{')
                        .skip(1)
                        .filter_map(|s| s.split_once('}'))
                        .map(|(name, _)| name.to_owned())
                        .collect()
                };
                assert_eq!(
                    blanks(Language::ZhCn),
                    blanks(language),
                    "{key} in {}",
                    language.tag()
                );
            }
        }
    }

    /// The text of each file of this crate, with its path.
    fn sources() -> Vec<(std::path::PathBuf, String)> {
        let mut sources = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    sources.push((path, text));
                }
            }
        }
        sources
    }

    /// What stands in the source though it is Chinese: what languages call themselves, and the words
    /// of a law's title after which its line may break.
    const OF_ALL_LANGUAGES: [&str; 3] = ["简体中文", "繁體中文", "中华人民共和国"];

    /// Sees that no line of the source outside of tests has such a character.
    fn no_code_has(is_said: impl Fn(char) -> bool) {
        let mut looked_at = 0;
        for (path, text) in sources() {
            let is_test = |part: &std::ffi::OsStr| part == "tests.rs" || part == "tests";
            if path.iter().any(is_test) {
                continue;
            }
            let code = text.split("#[cfg(test)]").next().unwrap();
            for (number, line) in (1..).zip(code.lines()) {
                let code = line.split("//").next().unwrap();
                let mut said = code.to_owned();
                OF_ALL_LANGUAGES
                    .iter()
                    .for_each(|known| said = said.replace(known, ""));
                assert!(
                    !said.contains(&is_said),
                    "{}:{number}: {line}",
                    path.display()
                );
                looked_at += 1;
            }
        }
        assert!(looked_at > 10_000, "the source was read");
    }

    #[test]
    fn no_component_says_anything_in_words_of_its_own() {
        no_code_has(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    }

    #[test]
    fn no_component_puts_texts_together_with_full_width_punctuation_of_its_own() {
        // A space and a blank of that width are no punctuation.
        no_code_has(
            |c| matches!(c, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'),
        );
    }

    #[test]
    fn every_key_that_the_source_uses_is_there_and_every_key_there_is_used() {
        let source: String = sources().into_iter().map(|(_, text)| text).collect();
        for call in [".t(\"", ".f(\""] {
            for used in source.split(call).skip(1) {
                let key = used.split('"').next().unwrap();
                if key.contains('.') {
                    assert!(
                        Words(Language::ZhCn).has(key),
                        "{key} is used and has no words"
                    );
                }
            }
        }
        // Sections whose keys are put together: errors, flashes, reasons of credits, sources, kinds.
        let made = [
            "error.",
            "flash.",
            "reason.",
            "source.",
            "kind.",
            "lesson-kind.",
            "phase.",
            "match-formula.",
            "match-phase.",
            "quick-match.",
            "quick.class-",
            "refusal.",
            "clamp.",
            "defect.",
            "contest.format-",
            "contest.formula-",
            "review.ground-",
            "review.rule-",
            "team.state-",
            "team.what-",
        ];
        for key in keys(Language::ZhCn) {
            let literal = source.contains(&format!("\"{key}\""));
            assert!(
                literal || made.iter().any(|m| key.starts_with(m)),
                "{key} has words and is not used"
            );
        }
    }

    #[test]
    fn a_browser_s_wishes_are_followed_by_their_weight() {
        assert_eq!(Language::accepted("en-US,en;q=0.9,zh;q=0.8"), Language::En);
        assert_eq!(
            Language::accepted("fr,zh-Hant-HK;q=0.5,en;q=0.4"),
            Language::ZhTw
        );
        assert_eq!(Language::accepted("fr"), Language::ZhCn);
        assert_eq!(Language::accepted(""), Language::ZhCn);
    }
}
