//! What a page of a match is given by the server: who and what it is about, and its sentences.

use domain::contest::r#match::{Kind, QuestionNumber, Round, Setup};
use domain::id::{LearnerId, MatchId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Display;

/// The sentences of a page, by key. A live page says so many of them, and by so many roads, that
/// a field for each would be a second table to keep; so it is given whole sections of the one
/// table, in the reader's language, and asks it as pages on the server do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sentences(pub BTreeMap<String, String>);

impl Sentences {
    /// The words of a key; the key itself where the page was not given its section.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.0.get(key).map_or(key, String::as_str).to_owned()
    }

    /// The words of a key with `{name}` replaced.
    #[must_use]
    pub fn f(&self, key: &str, fill: &[(&str, &dyn Display)]) -> String {
        let mut words = self.t(key);
        for (name, value) in fill {
            words = words.replace(&format!("{{{name}}}"), &value.to_string());
        }
        words
    }
}

/// What a page of a match is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// The match.
    pub id: MatchId,
    /// What it is called.
    pub title: String,
    /// What it is made of.
    pub setup: Setup,
    /// Who is called what: everyone on a roster, and the hosts.
    pub names: BTreeMap<LearnerId, String>,
    /// Who looks at the page, if they play or lead.
    pub person: Option<LearnerId>,
    /// The sentences.
    pub words: Sentences,
}

impl Scene {
    /// The words of a key.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// The words of a key with `{name}` replaced.
    #[must_use]
    pub fn f(&self, key: &str, fill: &[(&str, &dyn Display)]) -> String {
        self.words.f(key, fill)
    }

    /// Two texts put together.
    #[must_use]
    pub fn pair(&self, a: &str, b: &str) -> String {
        self.f("question.pair", &[("a", &a), ("b", &b)])
    }

    /// The name of a person; nothing for someone who was never on a list.
    #[must_use]
    pub fn name(&self, person: LearnerId) -> String {
        self.names.get(&person).cloned().unwrap_or_default()
    }

    /// The team of a person, as an index of the setup's list.
    #[must_use]
    pub fn team_of(&self, person: LearnerId) -> Option<usize> {
        self.setup
            .teams
            .iter()
            .position(|team| team.members.contains(&person) || team.substitutes.contains(&person))
    }

    /// The name of a person's team.
    #[must_use]
    pub fn team_name(&self, person: LearnerId) -> String {
        let team = self
            .team_of(person)
            .and_then(|index| self.setup.teams.get(index));
        team.map(|team| team.name.clone()).unwrap_or_default()
    }

    /// The round of a question, its index and the question's place in it.
    #[must_use]
    pub fn round_of(&self, question: Option<QuestionNumber>) -> Option<(usize, &Round, u32)> {
        self.setup.round_of(question?)
    }

    /// What a kind of round is called.
    #[must_use]
    pub fn kind(&self, kind: &Kind) -> String {
        self.t(match kind {
            Kind::Required => "match-kind.required",
            Kind::Buzzer { .. } => "match-kind.buzzer",
            Kind::Wager { .. } => "match-kind.wager",
            Kind::Relay => "match-kind.relay",
        })
    }

    /// How a round is counted.
    #[must_use]
    pub fn formula(&self, round: &Round) -> String {
        let (penalty, turns) = match round.kind {
            Kind::Buzzer { penalty, turns } => (penalty, turns),
            _ => (0, 0),
        };
        let stakes = self.stakes(round.kind.stakes());
        self.f(
            round.kind.formula(),
            &[
                ("points", &round.points),
                ("penalty", &penalty),
                ("turns", &turns),
                ("stakes", &stakes),
            ],
        )
    }

    /// The points that may be staked, as a list.
    #[must_use]
    pub fn stakes(&self, stakes: &[u32]) -> String {
        let all: Vec<String> = stakes.iter().map(u32::to_string).collect();
        all.join(&self.t("question.and"))
    }

    /// 必答，第 3 题，共 10 题.
    #[must_use]
    pub fn number(&self, question: Option<QuestionNumber>) -> String {
        let Some((_, round, place)) = self.round_of(question) else {
            return String::new();
        };
        self.f(
            "match.number",
            &[
                ("kind", &self.kind(&round.kind)),
                ("n", &(place + 1)),
                ("total", &round.questions),
            ],
        )
    }

    /// 第 2 轮 抢答，第 3 题: where a question stands in the match.
    #[must_use]
    pub fn place(&self, question: QuestionNumber) -> String {
        let Some((index, round, place)) = self.round_of(Some(question)) else {
            return String::new();
        };
        let (round, kind) = (index + 1, self.kind(&round.kind));
        self.f(
            "host.question-of",
            &[("round", &round), ("kind", &kind), ("n", &(place + 1))],
        )
    }

    /// 第 1 轮 必答 结束, once the question was the last of its round; else how far it is.
    #[must_use]
    pub fn so_far(&self, question: Option<QuestionNumber>) -> String {
        let Some((index, round, place)) = self.round_of(question) else {
            return self.title.clone();
        };
        if place + 1 < round.questions {
            return self.number(question);
        }
        let kind = self.kind(&round.kind);
        self.f("match.round-over", &[("n", &(index + 1)), ("kind", &kind)])
    }

    /// How many sit in the seats of all teams.
    #[must_use]
    pub fn seats(&self) -> usize {
        self.setup.teams.iter().map(|team| team.members.len()).sum()
    }
}
