//! The day of a group challenge (团体挑战赛): rounds, who meets whom in them, places at the end.
//!
//! The rule guarded here: a place on the line is never given silently. [`Meeting::outcome`] says
//! who goes on once it is certain, and until then who is tied; [`places`] waits for all of it. Who
//! meets whom is [`super::match`]'s bracket; here it is chosen by a [`Form`].

use super::r#match::{
    Defect, Kind, Pairing, Points, Round, Rules, Secret, Secrets, Setup, Team, going_on, groups,
    knockout, next_round,
};
use crate::id::{LearnerId, QuestionId, TeamId};
use crate::question::{Key, QuestionKind};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::HashSet;
use uuid::Uuid;

/// The most rounds that a programme is composed of.
pub const MOST_ROUNDS: usize = 12;

/// What the matches of a round are made of, but for teams and hosts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// Parts of each match, in their order.
    pub rounds: Vec<Round>,
    /// What is promised for all of them.
    pub rules: Rules,
    /// Types of question that are drawn.
    pub kinds: Vec<QuestionKind>,
}

impl Default for Programme {
    /// What the form of a new day shows: required, buzzer, wager, relay.
    fn default() -> Self {
        let kinds = [
            Kind::Required,
            Kind::Buzzer {
                penalty: 5,
                turns: 2,
            },
            Kind::Wager {
                stakes: vec![10, 20, 30],
            },
            Kind::Relay,
        ];
        Self {
            rounds: kinds.map(Self::round).into(),
            rules: Rules::default(),
            kinds: vec![QuestionKind::Single, QuestionKind::TrueFalse],
        }
    }
}

impl Programme {
    /// A part as it is added: two questions of thirty seconds for ten points.
    #[must_use]
    pub const fn round(kind: Kind) -> Round {
        Round {
            kind,
            questions: 2,
            seconds: 30,
            points: 10,
        }
    }

    /// How many questions a match has.
    #[must_use]
    pub fn questions(&self) -> usize {
        let questions = self.rounds.iter().map(|round| round.questions as usize);
        questions.fold(0, usize::saturating_add)
    }

    /// What keeps any match from being made of it: [`Setup::defect`] with teams that have none.
    #[must_use]
    pub fn defect(&self) -> Option<Defect> {
        let person = |n| LearnerId(Uuid::from_u128(n));
        let team = |n| Team {
            id: TeamId(Uuid::from_u128(n)),
            name: String::new(),
            members: vec![person(n)],
            substitutes: Vec::new(),
        };
        let setup = Setup {
            teams: vec![team(1), team(2)],
            hosts: vec![person(3)],
            rounds: self.rounds.clone(),
            rules: self.rules.clone(),
        };
        let none = Secret {
            id: QuestionId::from(""),
            kind: QuestionKind::Single,
            options: 0,
            key: Key::Words(Vec::new()),
        };
        // So many that a number typed by mistake takes no memory: those are out of range already.
        let questions = vec![none; self.questions().min(2_000)];
        let is_empty = self.kinds.is_empty().then_some(Defect::NoQuestions);
        is_empty.or_else(|| setup.defect(&Secrets { questions, seed: 0 }))
    }
}

/// How the teams of a round meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// 淘汰: two and two.
    Knockout,
    /// 分组: in groups of at least so many.
    Groups(usize),
    /// All teams in one match.
    One,
}

impl Form {
    /// The word in the database and in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Knockout => "knockout",
            Self::Groups(_) => "groups",
            Self::One => "one",
        }
    }

    /// Who meets whom, of teams by their seeds, best first; one alone goes on without playing.
    #[must_use]
    pub fn first(self, seeds: &[TeamId]) -> Vec<Vec<TeamId>> {
        match self {
            Self::Knockout => lists(knockout(seeds)),
            Self::Groups(size) => groups(seeds, seeds.len() / size.max(2)),
            Self::One => vec![seeds.to_vec()],
        }
    }

    /// Who meets whom after a round, of those who went on, in the order of where they met. After
    /// a knockout neighbours meet; after groups their winners are seeded before their seconds.
    #[must_use]
    pub fn after(self, round: &[Vec<TeamId>], was_knockout: bool) -> Vec<Vec<TeamId>> {
        if self == Self::Knockout && was_knockout {
            return lists(next_round(&round.concat()));
        }
        let most = round.iter().map(Vec::len).max().unwrap_or(0);
        let seeds: Vec<TeamId> = (0..most)
            .flat_map(|place| round.iter().filter_map(move |on| on.get(place).copied()))
            .collect();
        self.first(&seeds)
    }
}

fn lists(pairings: Vec<Pairing>) -> Vec<Vec<TeamId>> {
    let list = |pairing| match pairing {
        Pairing::Match(a, b) => vec![a, b],
        Pairing::Bye(only) => vec![only],
    };
    pairings.into_iter().map(list).collect()
}

/// Teams that meet in a round, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Who meets; one alone goes on without playing.
    pub teams: Vec<TeamId>,
    /// How many go on.
    pub places: usize,
    /// The points, once the match is finished.
    pub result: Option<Vec<(TeamId, Points)>>,
    /// Who of the tied goes on, best first, where people decided it.
    pub settled: Option<Vec<TeamId>>,
    /// The match that the tied play for it.
    pub decider: Option<Box<Meeting>>,
}

/// Who goes on from a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is not played to its end.
    Open,
    /// So many of these can go on, which nobody has settled.
    Tied {
        /// Who is tied.
        teams: Vec<TeamId>,
        /// How many of them go on.
        places: usize,
    },
    /// These, best first.
    Through(Vec<TeamId>),
}

impl Meeting {
    /// Who goes on.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.teams.len() < 2 {
            return Outcome::Through(self.teams.clone());
        }
        let Some(result) = &self.result else {
            return Outcome::Open;
        };
        let mut on = going_on(result, self.places);
        if on.tied.is_empty() {
            return Outcome::Through(on.through);
        }
        let rest = match (&self.settled, &self.decider) {
            (Some(settled), _) if fits(settled, &on.tied, on.places) => settled.clone(),
            (_, Some(decider)) => match decider.outcome() {
                Outcome::Through(rest) if fits(&rest, &on.tied, on.places) => rest,
                // The points were corrected after the decider was played: another tie stands.
                Outcome::Through(_) => {
                    return Outcome::Tied {
                        teams: on.tied,
                        places: on.places,
                    };
                }
                open_or_tied => return open_or_tied,
            },
            _ => {
                return Outcome::Tied {
                    teams: on.tied,
                    places: on.places,
                };
            }
        };
        on.through.extend(rest);
        Outcome::Through(on.through)
    }

    fn points(&self, team: TeamId) -> Points {
        let result = self.result.iter().flatten().find(|(who, _)| *who == team);
        result.map_or(Points(0), |(_, points)| *points)
    }
}

/// Whether a choice of the tied is one: so many of them, each once.
#[must_use]
pub fn fits(chosen: &[TeamId], tied: &[TeamId], places: usize) -> bool {
    let once: HashSet<&TeamId> = chosen.iter().collect();
    chosen.len() == places && once.len() == places && chosen.iter().all(|t| tied.contains(t))
}

/// The places of all teams once the rounds are played: in the last round by who went on and by
/// points; who left a round of pairs shares the place after all who went further (1, 2, 3, 3, 5),
/// who left a larger match is placed by points there. Nothing while anything is open or tied.
#[must_use]
pub fn places(rounds: &[Vec<Meeting>]) -> Option<Vec<(i64, TeamId)>> {
    let mut placed: Vec<(i64, TeamId)> = Vec::new();
    for (back, round) in rounds.iter().rev().enumerate() {
        let mut leaving = Vec::new();
        for meeting in round {
            let Outcome::Through(through) = meeting.outcome() else {
                return None;
            };
            let is_final = back == 0 && round.len() == 1;
            for team in &meeting.teams {
                // In a final whoever goes on stands before the others, whatever ties there were.
                let ahead = through
                    .iter()
                    .position(|on| on == team)
                    .filter(|_| is_final);
                let points = if back > 0 && meeting.teams.len() <= 2 {
                    Points(0)
                } else {
                    meeting.points(*team)
                };
                leaving.push((ahead.unwrap_or(usize::MAX), Reverse(points), *team));
            }
        }
        leaving.retain(|(.., team)| placed.iter().all(|(_, known)| known != team));
        leaving.sort_by_key(|(ahead, points, _)| (*ahead, *points));
        let leaving = leaving.into_iter();
        let leaving = leaving.map(|(ahead, points, team)| ((ahead, points), team));
        placed.extend(ranked(placed.len(), leaving));
    }
    Some(placed)
}

/// Ranks of what comes in order after so many others: equal keys share one.
fn ranked<K: Copy + PartialEq, T>(
    before: usize,
    ordered: impl Iterator<Item = (K, T)>,
) -> Vec<(i64, T)> {
    let mut last = None;
    let ranked = (before + 1..).zip(ordered).map(|(n, (key, of))| {
        let rank = match last {
            Some((same, rank)) if same == key => rank,
            _ => i64::try_from(n).unwrap_or(i64::MAX),
        };
        last = Some((key, rank));
        (rank, of)
    });
    ranked.collect()
}

/// How far a team has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Come {
    /// The last round that it is in, from 1.
    pub round: usize,
    /// Its points there, once its match is finished.
    pub points: Option<Points>,
}

/// The teams as they stand while rounds are played, with their ranks: whoever is in a later round
/// before all others, in the same one by the points of its match there, whoever has none yet last.
/// Equal ones share a rank. Where somebody ends is said by [`places`], and by nothing before it.
#[must_use]
pub fn so_far(rounds: &[Vec<Meeting>]) -> Vec<(i64, TeamId, Come)> {
    let mut come: Vec<(TeamId, Come)> = Vec::new();
    let mut known = HashSet::new();
    for (round, meetings) in rounds.iter().enumerate().rev() {
        for (meeting, team) in meetings
            .iter()
            .flat_map(|m| m.teams.iter().map(move |t| (m, t)))
        {
            if known.insert(*team) {
                let points = meeting.result.is_some().then(|| meeting.points(*team));
                let round = round + 1;
                come.push((*team, Come { round, points }));
            }
        }
    }
    let order = |come: &Come| (Reverse(come.round), Reverse(come.points));
    come.sort_by_key(|(_, come)| order(come));
    let ordered = come
        .into_iter()
        .map(|(team, come)| (order(&come), (team, come)));
    let ranked = ranked(0, ordered).into_iter();
    let ranked = ranked.map(|(rank, (team, come))| (rank, team, come));
    ranked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(n: u128) -> TeamId {
        TeamId(Uuid::from_u128(n))
    }

    fn met(results: &[(u128, i64)], places: usize) -> Meeting {
        let result: Vec<_> = results
            .iter()
            .map(|(t, p)| (team(*t), Points(*p)))
            .collect();
        Meeting {
            teams: result.iter().map(|(team, _)| *team).collect(),
            places,
            result: Some(result),
            settled: None,
            decider: None,
        }
    }

    fn seen(placed: Option<Vec<(i64, TeamId)>>) -> Vec<(i64, u128)> {
        let placed = placed.expect("places");
        placed.iter().map(|(n, t)| (*n, t.0.as_u128())).collect()
    }

    #[test]
    fn the_programme_of_a_new_day_can_be_played_and_what_can_not_is_named() {
        let new = Programme::default();
        assert_eq!((new.defect(), new.questions()), (None, 8));
        let mut none = new.clone();
        none.rounds.clear();
        assert_eq!(none.defect(), Some(Defect::NoQuestions));
        let mut much = new.clone();
        much.rounds[0].questions = u32::MAX;
        assert_eq!(much.defect(), Some(Defect::OutOfRange));
        let without_kinds = Programme {
            kinds: vec![],
            ..new
        };
        assert_eq!(without_kinds.defect(), Some(Defect::NoQuestions));
    }

    #[test]
    fn while_rounds_are_played_who_is_further_stands_first_and_then_who_has_more_points() {
        let mut waiting = met(&[(1, 0), (4, 0)], 1);
        waiting.result = None;
        let rounds = [
            vec![
                met(&[(1, 5)], 1),
                met(&[(4, 9), (5, 3)], 1),
                met(&[(2, 8), (3, 3)], 1),
            ],
            vec![waiting, met(&[(2, 1)], 1)],
        ];
        let seen = |rounds: &[Vec<Meeting>]| -> Vec<(i64, u128, usize, Option<i64>)> {
            let tell = |(rank, team, come): (i64, TeamId, Come)| {
                (rank, team.0.as_u128(), come.round, come.points.map(|p| p.0))
            };
            so_far(rounds).into_iter().map(tell).collect()
        };
        assert_eq!(
            seen(&rounds),
            [
                (1, 2, 2, Some(1)),
                (2, 1, 2, None),
                (2, 4, 2, None),
                (4, 5, 1, Some(3)),
                (4, 3, 1, Some(3)),
            ]
        );
        assert_eq!(seen(&[]), []);
    }

    #[test]
    fn losers_of_a_round_share_the_place_after_all_who_went_further() {
        let rounds = [
            vec![met(&[(1, 5)], 1), met(&[(4, 9), (5, 3)], 1)],
            vec![met(&[(1, 7), (4, 2)], 1)],
        ];
        assert_eq!(seen(places(&rounds)), [(1, 1), (2, 4), (3, 5)]);
        let four = [
            vec![met(&[(1, 5), (4, 1)], 1), met(&[(2, 9), (3, 3)], 1)],
            vec![met(&[(1, 2), (2, 7)], 1)],
        ];
        assert_eq!(seen(places(&four)), [(1, 2), (2, 1), (3, 4), (3, 3)]);
    }

    #[test]
    fn teams_of_groups_are_placed_by_points() {
        let groups = [vec![
            met(&[(1, 50), (2, 30), (3, 10)], 1),
            met(&[(4, 40), (5, 30), (6, 20)], 1),
        ]];
        let expected = [(1, 1), (2, 4), (3, 2), (3, 5), (5, 6), (6, 3)];
        assert_eq!(seen(places(&groups)), expected);
    }

    #[test]
    fn a_tie_on_the_line_waits_for_a_decision_or_a_decider() {
        let mut tied = met(&[(1, 20), (2, 20)], 1);
        let both = vec![team(1), team(2)];
        assert_eq!(
            tied.outcome(),
            Outcome::Tied {
                teams: both,
                places: 1
            }
        );
        assert_eq!(places(&[vec![tied.clone()]]), None);
        let settled = Meeting {
            settled: Some(vec![team(2)]),
            ..tied.clone()
        };
        assert_eq!(settled.outcome(), Outcome::Through(vec![team(2)]));
        assert_eq!(seen(places(&[vec![settled]])), [(1, 2), (2, 1)]);
        let mut decider = met(&[(1, 10), (2, 0)], 1);
        decider.result = None;
        tied.decider = Some(Box::new(decider));
        assert_eq!(tied.outcome(), Outcome::Open);
        tied.decider = Some(Box::new(met(&[(1, 10), (2, 0)], 1)));
        assert_eq!(tied.outcome(), Outcome::Through(vec![team(1)]));
    }

    #[test]
    fn a_decision_that_names_someone_else_decides_nothing() {
        let mut tied = met(&[(1, 20), (2, 20), (3, 5)], 1);
        for wrong in [vec![], vec![team(3)], vec![team(1), team(2)]] {
            tied.settled = Some(wrong);
            assert!(matches!(tied.outcome(), Outcome::Tied { .. }));
        }
    }

    #[test]
    fn winners_of_groups_meet_seconds_of_other_groups_and_neighbours_meet_after_a_knockout() {
        let on = [vec![team(1), team(3)], vec![team(2), team(4)]];
        let crossed = Form::Knockout.after(&on, false);
        assert_eq!(crossed, [[team(1), team(4)], [team(2), team(3)]]);
        let one = [vec![team(1)], vec![team(5)], vec![team(2)], vec![team(3)]];
        let next = Form::Knockout.after(&one, true);
        assert_eq!(next, [[team(1), team(5)], [team(2), team(3)]]);
        assert_eq!(Form::One.after(&one, true)[0].len(), 4);
    }

    #[test]
    fn groups_hold_at_least_as_many_as_asked_for() {
        let seeds: Vec<TeamId> = (1..=7).map(team).collect();
        let sizes: Vec<usize> = Form::Groups(3).first(&seeds).iter().map(Vec::len).collect();
        // Dealt there and back: the seventh, who is weakest, is dealt to the second group.
        assert_eq!(sizes, [3, 4]);
        assert_eq!(Form::Groups(0).first(&seeds[..3]).len(), 1);
    }
}
