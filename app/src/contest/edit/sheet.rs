//! The form of a contest, part by part.

use super::field::{Choice, Fields};
use super::typed::{Rows, word};
use crate::format as shown;
use crate::words::Words;
use domain::contest::ContestKind;
use domain::contest::counting::Counting;
use domain::contest::format::Format;
use domain::contest::papers::Papers;
use domain::question::QuestionKind;
use leptos::prelude::*;
use platform::contest::edit::{LONGEST_SUMMARY, LONGEST_TITLE, Topic, UnitFound};

/// What the form needs besides what was typed.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The topics of the bank.
    pub topics: Vec<Topic>,
    /// Names of the units that are chosen.
    pub chosen: Vec<(String, String)>,
    /// Units to choose from now, and the name of the unit whose they are or the words looked for.
    pub offered: Option<(String, Vec<UnitFound>)>,
    /// People on the list.
    pub listed: i64,
    /// The name of the contest's unit.
    pub unit: String,
}

/// A part of the form with its heading.
pub(super) fn part(
    id: &'static str,
    title: &'static str,
    body: impl IntoView + 'static,
) -> AnyView {
    let heading = format!("{id}-heading");
    view! {
        <section class="sheet" id=id aria-labelledby=heading.clone()>
            <div class="section-head"><h2 id=heading.clone()>{title}</h2></div>
            {body}
        </section>
    }
    .into_any()
}

pub(super) fn button(action: &str, at: &str, name: String, about: Option<String>) -> AnyView {
    let about = about.map(|a| view! { <span class="visually-hidden">{a}</span> });
    view! { <button class="button" name="do" value=action.to_owned() formaction=at.to_owned() formnovalidate=true>{name}{about}</button> }
        .into_any()
}

impl Fields<'_> {
    /// Title, summary.
    pub fn words_part(&self) -> AnyView {
        let words = self.words;
        let body = view! {
            {self.text("title", words.t("contest-edit.title"), LONGEST_TITLE)}
            {self.long_text("summary", words.t("contest-edit.summary"), LONGEST_SUMMARY)}
        };
        part("words", words.t("contest-edit.part-words"), body)
    }

    /// The whole form of a draft.
    pub fn draft_parts(&self, kind: ContestKind, around: &Around, here: &str) -> AnyView {
        let (paper, scoring, board) = if kind == ContestKind::Team {
            (self.team_part(), ().into_any(), ().into_any())
        } else {
            (
                self.paper_part(around, here),
                self.scoring_part(),
                self.board_part(),
            )
        };
        view! {
            {self.words_part()}
            {self.window_part()}
            {paper}
            {scoring}
            {self.entry_part(around, here)}
            {self.credits_part(here)}
            {board}
        }
        .into_any()
    }

    fn window_part(&self) -> AnyView {
        let words = self.words;
        let body = view! {
            {self.time("opens", words.t("contest-edit.opens"))}
            {self.time("closes", words.t("contest-edit.closes"))}
        };
        part("window", words.t("contest-edit.part-window"), body)
    }

    fn topic_choices(around: &Around, words: Words) -> Vec<Choice> {
        let name = |t: &Topic| {
            let n = shown::figure(t.questions);
            words.f("contest-edit.topic-n", &[("topic", &t.name), ("n", &n)])
        };
        around
            .topics
            .iter()
            .map(|t| (t.id.clone(), name(t)))
            .collect()
    }

    fn paper_part(&self, around: &Around, here: &str) -> AnyView {
        let words = self.words;
        let count = self.typed.rows(Rows::Sections);
        let at = format!("{here}#paper");
        let simple = (count == 0).then(|| {
            view! {
                {self.number("questions", words.t("contest-edit.questions"), None)}
                {self.checks("topics", words.t("contest-edit.topics"), Self::topic_choices(around, words))}
            }
        });
        // Kept while the paper goes by sections, so that nothing typed is lost.
        let kept = (count > 0).then(|| {
            let topics = self.typed.all("topics");
            let topics =
                topics.map(|t| view! { <input type="hidden" name="topics" value=t.to_owned()/> });
            view! {
                <input type="hidden" name="questions" value=self.typed.get("questions").to_owned()/>
                {topics.collect_view()}
            }
        });
        let rows = (0..count)
            .map(|n| self.section_row(n, around, &at))
            .collect_view();
        let add = (count < Rows::Sections.most()).then(|| {
            let name = if count == 0 {
                "contest-edit.by-sections"
            } else {
                "contest-edit.add-section"
            };
            button("add-section", &at, words.t(name).to_owned(), None)
        });
        let same = |p| match p {
            Papers::Each => words.t("contest-edit.papers-each"),
            Papers::Same => words.t("contest-edit.papers-same"),
        };
        let papers = [Papers::Each, Papers::Same].map(|p| (word(p), same(p).to_owned()));
        let body = view! {
            <input type="hidden" name="sections" value=count.to_string()/>
            {simple}{kept}{rows}
            <p class="sheet-add">{add}</p>
            {self.number("minutes", words.t("contest-edit.minutes"), None)}
            {self.select("papers", words.t("contest-edit.papers"), None, papers.to_vec())}
        };
        part("paper", words.t("contest-edit.part-paper"), body)
    }

    fn section_row(&self, n: usize, around: &Around, at: &str) -> AnyView {
        let words = self.words;
        let title = words.f("contest-edit.section-n", &[("n", &(n + 1))]);
        let kinds = [
            (QuestionKind::Single, "contest-edit.kind-single"),
            (QuestionKind::Multiple, "contest-edit.kind-multiple"),
            (QuestionKind::TrueFalse, "contest-edit.kind-true-false"),
            (QuestionKind::FillIn, "contest-edit.kind-fill-in"),
        ];
        let kinds = kinds.map(|(k, key)| (k.as_str().to_owned(), words.t(key).to_owned()));
        let hard = [
            ("1", "contest-edit.easy"),
            ("2", "contest-edit.middling"),
            ("3", "contest-edit.hard"),
        ];
        let hard = hard.map(|(n, key)| (n.to_owned(), words.t(key).to_owned()));
        let remove = words.t("contest-edit.remove").to_owned();
        let topics = Self::topic_choices(around, words);
        view! {
            <fieldset class="sheet-row">
                <legend>{title.clone()}</legend>
                {self.number(&format!("s{n}-count"), words.t("contest-edit.count"), None)}
                {self.checks(&format!("s{n}-topics"), words.t("contest-edit.topics"), topics)}
                {self.checks(&format!("s{n}-kinds"), words.t("contest-edit.kinds"), kinds.to_vec())}
                {self.checks(&format!("s{n}-difficulties"), words.t("contest-edit.difficulties"), hard.to_vec())}
                <p class="sheet-add">{button(&format!("remove-section-{n}"), at, remove, Some(title))}</p>
            </fieldset>
        }
        .into_any()
    }

    fn scoring_part(&self) -> AnyView {
        let words = self.words;
        let points = self
            .typed
            .get("points")
            .trim()
            .parse()
            .unwrap_or(10_i64)
            .clamp(1, 1_000);
        let rules = domain::contest::Rules {
            points,
            ..Default::default()
        };
        let formulas = Format::ALL.map(|f| {
            let bonus = f.bonus(&rules);
            let formula = words.f(f.formula_key(), &[("points", &points), ("bonus", &bonus)]);
            view! { <div><dt>{words.t(f.name_key())}</dt><dd>{formula}</dd></div> }
        });
        let formats = Format::ALL.map(|f| (word(f), words.t(f.name_key()).to_owned()));
        let counts = |c| match c {
            Counting::Best => words.t("contest-edit.count-best"),
            Counting::Last => words.t("contest-edit.count-last"),
            Counting::First => words.t("contest-edit.count-first"),
        };
        let countings = Counting::ALL.map(|c| (word(c), counts(c).to_owned()));
        let practice = words.t("contest-edit.practice-hint").to_owned();
        let body = view! {
            {self.number("attempts", words.t("contest-edit.attempts"), None)}
            {self.select("counting", words.t("contest-edit.counting"), None, countings.to_vec())}
            {self.number("practice", words.t("contest-edit.practice"), Some(practice))}
            {self.number("points", words.t("contest-edit.points"), None)}
            {self.select("format", words.t("contest-edit.format"), None, formats.to_vec())}
            <details class="disclosure">
                <summary>{words.t("contest-edit.formulas")}</summary>
                <dl class="facts">{formulas.into_iter().collect_view()}</dl>
            </details>
        };
        part("scoring", words.t("contest-edit.part-scoring"), body)
    }

    fn team_part(&self) -> AnyView {
        let words = self.words;
        let body = view! {
            {self.time("register", words.t("contest-edit.register"))}
            {self.number("size", words.t("contest-edit.size"), Some(words.t("contest-edit.size-hint").to_owned()))}
            {self.number("substitutes", words.t("contest-edit.substitutes"), None)}
            {self.number("teams", words.t("contest-edit.teams"), None)}
        };
        part("team", words.t("contest-edit.part-team"), body)
    }

    fn credits_part(&self, here: &str) -> AnyView {
        let words = self.words;
        let count = self.typed.rows(Rows::Bands);
        let at = format!("{here}#credits");
        let rows = (0..count).map(|n| {
            let title = words.f("contest-edit.band-n", &[("n", &(n + 1))]);
            let remove = words.t("contest-edit.remove").to_owned();
            let number = |name: &str, key: &str| self.number(&format!("b{n}-{name}"), words.t(key), None);
            view! {
                <fieldset class="sheet-row">
                    <legend>{title.clone()}</legend>
                    <div class="abreast">
                        {number("from", "contest-edit.band-from")}
                        {number("to", "contest-edit.band-to")}
                        {number("credits", "contest-edit.band-credits")}
                    </div>
                    <p class="sheet-add">{button(&format!("remove-band-{n}"), &at, remove, Some(title))}</p>
                </fieldset>
            }
        });
        let rows = rows.collect_view();
        let add = (count < Rows::Bands.most()).then(|| {
            button(
                "add-band",
                &at,
                words.t("contest-edit.add-band").to_owned(),
                None,
            )
        });
        let body = view! {
            {self.number("taking-part", words.t("contest-edit.taking-part"), None)}
            {rows}
            <p class="sheet-add">{add}</p>
            <input type="hidden" name="bands" value=count.to_string()/>
        };
        part("credits", words.t("contest-edit.part-credits"), body)
    }

    fn board_part(&self) -> AnyView {
        let words = self.words;
        let lines = [
            ("none", "contest-edit.line-none"),
            ("rank", "contest-edit.line-rank"),
            ("points", "contest-edit.line-points"),
        ];
        let lines = lines.map(|(w, key)| (w.to_owned(), words.t(key).to_owned()));
        let hint = |key| Some(words.t(key).to_owned());
        let body = view! {
            {self.number("freeze", words.t("contest-edit.freeze"), hint("contest-edit.freeze-hint"))}
            {self.select("line", words.t("contest-edit.line"), None, lines.to_vec())}
            {self.number("line-at", words.t("contest-edit.line-at"), hint("contest-edit.line-hint"))}
            <fieldset class="sheet-row">
                <legend>{words.t("contest-edit.group")}</legend>
                <p class="hint">{words.t("contest-edit.group-hint")}</p>
                <div class="abreast">
                    {self.number("least", words.t("contest-edit.least"), None)}
                    {self.number("share", words.t("contest-edit.share"), None)}
                    {self.number("weight", words.t("contest-edit.weight"), None)}
                </div>
            </fieldset>
        };
        part("board", words.t("contest-edit.part-board"), body)
    }
}
