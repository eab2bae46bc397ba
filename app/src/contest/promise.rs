//! What a contest promises, in words: who may enter, the paper, the attempts, how points are made
//! of answers, the line, the bonus credits.

use crate::format;
use crate::words::Words;
use domain::contest::blueprint::Section;
use domain::contest::counting::Counting;
use domain::contest::entry::PostLevel;
use domain::contest::papers::Papers;
use domain::contest::stage::Line;
use domain::contest::team::TeamRules;
use domain::contest::{ContestKind, Phase, Rules};
use domain::org::UnitKind;
use domain::question::QuestionKind;
use domain::time::Millis;
use leptos::prelude::*;
use platform::contest::{Contest, NAMED, Names};

/// The facts of a contest, as in a notice. `used` attempts are begun already.
pub fn facts(
    words: Words,
    contest: &Contest,
    names: &Names,
    used: i64,
    now: Millis,
) -> impl IntoView + use<> {
    let rules = &contest.rules;
    let mut when = vec![words.f(
        "contest.window",
        &[
            ("from", &format::moment(words, contest.opens_at)),
            ("to", &format::moment(words, contest.closes_at)),
        ],
    )];
    if contest.phase(now) == Phase::Open {
        when.push(format::until(words, contest.closes_at, now));
    }
    let attempts = words.f(
        "contest.attempts-n",
        &[("n", &rules.attempts), ("used", &used)],
    );
    let counting = match rules.counting {
        Counting::Best => "contest.counting-best",
        Counting::Last => "contest.counting-last",
        Counting::First => "contest.counting-first",
    };
    // With one attempt there is nothing to choose from.
    let counting = (rules.attempts > 1).then(|| words.t(counting).to_owned());
    let practice =
        (rules.practice > 0).then(|| words.f("contest.practice-n", &[("n", &rules.practice)]));
    let freeze = (rules.freeze > 0).then(|| words.f("contest.freeze-n", &[("n", &rules.freeze)]));
    let saving = words.t("contest.saving-words").to_owned();
    view! {
        <dl class="facts">
            {fact(words, "contest.when", when)}
            {fact(words, "contest.entry", entry(words, contest, names))}
            {fact(words, "contest.questions", paper(words, rules, names))}
            {fact(words, "contest.attempts", std::iter::once(attempts).chain(counting).collect())}
            {practice.map(|sentence| fact(words, "contest.practice", vec![sentence]))}
            {fact(words, "contest.scoring", scoring(words, rules))}
            {freeze.map(|sentence| fact(words, "contest.freeze", vec![sentence]))}
            {fact(words, "ranking.units", vec![super::ranking::formula(words, rules.group)])}
            {rules.line.map(|at| fact(words, "contest.line", vec![line(words, at)]))}
            {fact(words, "contest.saving", vec![saving])}
        </dl>
    }
}

/// What a contest promises, as its page says it: the facts, and the bonus credits.
pub fn promise(words: Words, contest: &Contest, names: &Names, now: Millis) -> AnyView {
    let facts = match &contest.rules.team {
        Some(team) => team_facts(words, contest, team).into_any(),
        None => facts(words, contest, names, 0, now).into_any(),
    };
    view! { {facts}{bonus(words, contest)} }.into_any()
}

/// The facts of a team challenge.
pub fn team_facts(words: Words, contest: &Contest, team: &TeamRules) -> impl IntoView + use<> {
    let moment = |at| format::moment(words, at);
    let (opens, closes) = (moment(contest.opens_at), moment(contest.closes_at));
    let window = words.f("contest.window", &[("from", &opens), ("to", &closes)]);
    let until = moment(team.register_until);
    let made_of = made_of(words, team);
    view! {
        <dl class="facts">
            {fact(words, "contest.when", vec![window])}
            {fact(words, "contest-edit.register-until", vec![until])}
            {fact(words, "contest-edit.part-team", vec![made_of])}
        </dl>
    }
}

/// 每队 3 人，替补至多 1 人，每个单位至多 2 队.
pub(super) fn made_of(words: Words, team: &TeamRules) -> String {
    words.f(
        "contest-edit.team-words",
        &[
            ("size", &team.size),
            ("substitutes", &team.substitutes),
            ("teams", &team.teams),
        ],
    )
}

/// A term, what it says, and muted lines below.
fn fact(words: Words, key: &str, sentences: Vec<String>) -> impl IntoView + use<> {
    let lines = sentences.into_iter().enumerate().map(|(n, sentence)| {
        let class = (n > 0).then_some("muted");
        view! { <p class=class>{sentence}</p> }
    });
    view! { <div><dt>{words.t(key)}</dt><dd>{lines.collect_view()}</dd></div> }
}

/// Several things, any of them: 甲、乙.
fn either(words: Words, things: impl IntoIterator<Item = String>) -> String {
    let things: Vec<String> = things.into_iter().collect();
    things.join(words.t("question.and"))
}

/// Who may enter.
fn entry(words: Words, contest: &Contest, names: &Names) -> Vec<String> {
    let rule = &contest.rules.entry;
    let mut all = vec![if rule.within.is_empty() {
        words.f("contest.entry-unit", &[("unit", &names.unit)])
    } else {
        let units = either(words, names.within.clone());
        let key = if rule.within.len() > NAMED {
            "contest.entry-more"
        } else {
            "contest.entry-within"
        };
        words.f(key, &[("units", &units), ("n", &rule.within.len())])
    }];
    if !rule.kinds.is_empty() {
        let kind = |kind: &UnitKind| {
            let key = match kind {
                UnitKind::Province => "contest.of-province",
                UnitKind::Prefecture => "contest.of-prefecture",
                UnitKind::County => "contest.of-county",
                UnitKind::Unit => "contest.of-unit",
            };
            words.t(key).to_owned()
        };
        let kinds = either(words, rule.kinds.iter().map(kind));
        all.push(words.f("contest.entry-kinds", &[("kinds", &kinds)]));
    }
    if !rule.posts.is_empty() {
        let posts = either(words, rule.posts.iter().map(|post| post_name(words, *post)));
        all.push(words.f("contest.entry-posts", &[("posts", &posts)]));
    }
    if rule.listed {
        all.push(words.t("contest.entry-listed").to_owned());
    }
    all
}

fn kind_name(words: Words, kind: QuestionKind) -> String {
    let key = match kind {
        QuestionKind::Single => "contest.kind-single",
        QuestionKind::Multiple => "contest.kind-multiple",
        QuestionKind::TrueFalse => "contest.kind-true-false",
        QuestionKind::FillIn => "contest.kind-fill-in",
    };
    words.t(key).to_owned()
}

fn post_name(words: Words, post: PostLevel) -> String {
    let key = match post {
        PostLevel::Staff => "contest.post-staff",
        PostLevel::Section => "contest.post-section",
        PostLevel::Division => "contest.post-division",
        PostLevel::Bureau => "contest.post-bureau",
    };
    words.t(key).to_owned()
}

/// What a paper is made of: how much, how it is drawn, its sections.
fn paper(words: Words, rules: &Rules, names: &Names) -> Vec<String> {
    let drawn = match rules.papers {
        Papers::Same => "contest.papers-same",
        Papers::Each => "contest.papers-each",
    };
    let size = [("n", &rules.questions as _), ("m", &rules.minutes as _)];
    let mut all = vec![words.f("contest.questions-n", &size)];
    all.push(words.t(drawn).to_owned());
    if rules.sections.is_empty() && !rules.topics.is_empty() {
        let topics = topics(words, &rules.topics, names);
        all.push(words.f("contest.from-topics", &[("topics", &topics)]));
    }
    let sections = (1..).zip(&rules.sections);
    all.extend(sections.map(|(n, of)| section(words, n, of, names)));
    all
}

fn topics(words: Words, of: &[domain::id::TopicId], names: &Names) -> String {
    let known = of.iter().filter_map(|topic| names.topics.get(topic));
    either(words, known.cloned())
}

/// 第 1 部分 3 题：宪法，单选、判断，较易.
fn section(words: Words, n: usize, of: &Section, names: &Names) -> String {
    let mut parts = vec![if of.topics.is_empty() {
        words.t("contest.any-topic").to_owned()
    } else {
        topics(words, &of.topics, names)
    }];
    if !of.kinds.is_empty() {
        let kind = |kind: &QuestionKind| kind_name(words, *kind);
        parts.push(either(words, of.kinds.iter().map(kind)));
    }
    if !of.difficulties.is_empty() {
        let difficulty = |level: &u8| {
            let key = match level {
                1 => "contest.easy",
                2 => "contest.middling",
                _ => "contest.hard",
            };
            words.t(key).to_owned()
        };
        parts.push(either(words, of.difficulties.iter().map(difficulty)));
    }
    let what = parts.join(words.t("contest.comma"));
    words.f(
        "contest.section",
        &[("n", &n), ("count", &of.count), ("what", &what)],
    )
}

/// The format by its name, its formula, and what breaks ties.
fn scoring(words: Words, rules: &Rules) -> Vec<String> {
    let format = rules.format;
    let formula = words.f(
        format.formula_key(),
        &[("points", &rules.points), ("bonus", &format.bonus(rules))],
    );
    vec![
        words.t(format.name_key()).to_owned(),
        formula,
        words.t("contest.ties").to_owned(),
    ]
}

fn line(words: Words, line: Line) -> String {
    match line {
        Line::Rank(n) => words.f("contest.line-rank", &[("n", &format::figure(n))]),
        Line::Points(n) => words.f("contest.line-points", &[("n", &format::figure(n))]),
    }
}

/// The bonus credits by rank and for taking part, as far as there are any.
pub fn bonus(words: Words, contest: &Contest) -> impl IntoView + use<> {
    let credits = |n: i64| words.f("credits.amount", &[("n", &n)]);
    let rows = contest.rules.bands.iter().map(|band| {
        let ranks = words.f("contest.ranks", &[("from", &band.from), ("to", &band.to)]);
        view! { <tr><th scope="row">{ranks}</th><td class="number">{credits(band.credits)}</td></tr> }
    });
    let rows = rows.collect_view();
    let when = match contest.kind {
        ContestKind::Team => words.t("challenge.posted-when"),
        _ => words.t("contest.posted-when"),
    };
    let taking_part = contest.rules.taking_part;
    if contest.rules.bands.is_empty() && taking_part == 0 {
        return None;
    }
    let taking_part = (taking_part > 0).then(|| {
        view! { <tr><th scope="row">{words.t("contest.taking-part")}</th><td class="number">{credits(taking_part)}</td></tr> }
    });
    Some(view! {
        <section aria-labelledby="bonus">
            <div class="section-head"><h2 id="bonus">{words.t("credits.bonus")}</h2><p>{when}</p></div>
            <div class="table-wrap" role="region" tabindex="0" aria-label=words.t("contest.bonus-table")>
                <table class="table">
                    <thead><tr>
                        <th scope="col"><span>{words.t("contest.rank")}</span></th>
                        <th scope="col" class="number"><span>{words.t("credits.credits")}</span></th>
                    </tr></thead>
                    <tbody>
                        {rows}
                        {taking_part}
                    </tbody>
                </table>
            </div>
        </section>
    })
}
