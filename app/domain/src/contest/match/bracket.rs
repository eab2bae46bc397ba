//! Several matches in a day: who meets whom, and who goes on.
//!
//! The rule guarded here: the line between going on and going home never falls silently inside a
//! tie; [`going_on`] names those on the line, and people decide.

use super::Points;
use crate::id::TeamId;
use serde::{Deserialize, Serialize};

/// A place in a round of a knockout. Neighbours in the list meet in the next round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pairing {
    /// Two teams play; the better seeded one is first.
    Match(TeamId, TeamId),
    /// A team goes on without playing.
    Bye(TeamId),
}

/// The first round of a knockout, from teams by their seeds, best first. The best meets the last
/// and the two best can meet only in the final; where the teams are no power of two, the best
/// have byes.
#[must_use]
pub fn knockout(seeds: &[TeamId]) -> Vec<Pairing> {
    let mut bracket: Vec<usize> = vec![0];
    while bracket.len() < seeds.len() {
        let last = bracket.len() * 2 - 1;
        // Each place of the smaller bracket becomes a match against the weakest newcomer.
        bracket = bracket
            .into_iter()
            .flat_map(|place| [place, last - place])
            .collect();
    }
    let teams: Vec<Option<TeamId>> = bracket
        .into_iter()
        .map(|place| seeds.get(place).copied())
        .collect();
    teams
        .chunks(2)
        .filter_map(|pair| match *pair {
            [Some(a), Some(b)] => Some(Pairing::Match(a, b)),
            [Some(only), ..] => Some(Pairing::Bye(only)),
            _ => None,
        })
        .collect()
}

/// The next round, from who went on, in the order of the pairings they came from.
#[must_use]
pub fn next_round(went_on: &[TeamId]) -> Vec<Pairing> {
    went_on
        .chunks(2)
        .filter_map(|pair| match *pair {
            [a, b] => Some(Pairing::Match(a, b)),
            [only] => Some(Pairing::Bye(only)),
            _ => None,
        })
        .collect()
}

/// Teams by their seeds, best first, dealt into `count` groups to and fro (1 2 3, 3 2 1, …), so
/// that the groups are about as strong; fewer groups when there are fewer teams.
#[must_use]
pub fn groups(seeds: &[TeamId], count: usize) -> Vec<Vec<TeamId>> {
    let count = count.max(1).min(seeds.len());
    let mut groups = vec![Vec::new(); count];
    for (row, teams) in seeds.chunks(count.max(1)).enumerate() {
        for (column, team) in teams.iter().enumerate() {
            let group = if row % 2 == 0 {
                column
            } else {
                count - 1 - column
            };
            groups[group].push(*team);
        }
    }
    groups
}

/// Who goes on from a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoingOn {
    /// Who goes on for certain, best first.
    pub through: Vec<TeamId>,
    /// Who is tied on the line; empty when the line is clear.
    pub tied: Vec<TeamId>,
    /// How many of the tied can go on.
    pub places: usize,
}

/// Who goes on when the best `places` of a match do. Teams with equal points of which only some
/// would go on are named as tied; equal teams that go on anyway stand in the order given.
#[must_use]
pub fn going_on(results: &[(TeamId, Points)], places: usize) -> GoingOn {
    let mut ranked = results.to_vec();
    ranked.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
    let line = places.checked_sub(1).and_then(|last| ranked.get(last));
    let below = ranked.get(places);
    let split = match (line, below) {
        (Some((_, last_in)), Some((_, first_out))) if last_in == first_out => Some(*last_in),
        _ => None,
    };
    let teams = |of: &[(TeamId, Points)]| of.iter().map(|(team, _)| *team).collect::<Vec<_>>();
    let Some(split) = split else {
        return GoingOn {
            through: teams(&ranked[..places.min(ranked.len())]),
            tied: Vec::new(),
            places: 0,
        };
    };
    let from = ranked.partition_point(|(_, points)| *points > split);
    let to = ranked.partition_point(|(_, points)| *points >= split);
    GoingOn {
        through: teams(&ranked[..from]),
        tied: teams(&ranked[from..to]),
        places: places - from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn team(seed: u128) -> TeamId {
        TeamId(Uuid::from_u128(seed))
    }

    fn teams(count: u128) -> Vec<TeamId> {
        (1..=count).map(team).collect()
    }

    #[test]
    fn the_two_best_can_meet_only_in_the_final() {
        let pairs = knockout(&teams(8));
        let expected = [(1, 8), (4, 5), (2, 7), (3, 6)];
        assert_eq!(
            pairs,
            expected.map(|(a, b)| Pairing::Match(team(a), team(b)))
        );
    }

    #[test]
    fn the_best_have_byes_where_teams_are_no_power_of_two() {
        assert_eq!(
            knockout(&teams(6)),
            [
                Pairing::Bye(team(1)),
                Pairing::Match(team(4), team(5)),
                Pairing::Bye(team(2)),
                Pairing::Match(team(3), team(6)),
            ]
        );
        assert_eq!(knockout(&teams(1)), [Pairing::Bye(team(1))]);
        assert_eq!(knockout(&[]), []);
    }

    #[test]
    fn every_team_is_in_the_first_round_once_and_rounds_halve() {
        for count in 2..70 {
            let mut seen = Vec::new();
            let pairs = knockout(&teams(count));
            for pairing in &pairs {
                match *pairing {
                    Pairing::Match(a, b) => seen.extend([a, b]),
                    Pairing::Bye(only) => seen.push(only),
                }
            }
            seen.sort();
            assert_eq!(seen, teams(count));
            assert_eq!(pairs.len() * 2, (count as usize).next_power_of_two());
        }
    }

    #[test]
    fn neighbours_meet_in_the_next_round() {
        let went_on = [team(1), team(5), team(2)];
        assert_eq!(
            next_round(&went_on),
            [Pairing::Match(team(1), team(5)), Pairing::Bye(team(2))]
        );
    }

    #[test]
    fn groups_are_dealt_to_and_fro() {
        let dealt = groups(&teams(7), 3);
        let expected: [&[u128]; 3] = [&[1, 6, 7], &[2, 5], &[3, 4]];
        for (group, seeds) in dealt.iter().zip(expected) {
            assert_eq!(*group, seeds.iter().map(|s| team(*s)).collect::<Vec<_>>());
        }
        assert!(groups(&[], 3).is_empty());
        assert_eq!(groups(&teams(2), 0), [teams(2)]);
    }

    #[test]
    fn a_clear_line_lets_the_best_through() {
        let results = [
            (team(1), Points(10)),
            (team(2), Points(30)),
            (team(3), Points(20)),
        ];
        let on = going_on(&results, 2);
        assert_eq!(on.through, [team(2), team(3)]);
        assert_eq!((on.tied.len(), on.places), (0, 0));
    }

    #[test]
    fn a_tie_on_the_line_is_named_and_not_resolved() {
        let results = [
            (team(1), Points(30)),
            (team(2), Points(20)),
            (team(3), Points(20)),
            (team(4), Points(20)),
            (team(5), Points(10)),
        ];
        let on = going_on(&results, 2);
        assert_eq!(on.through, [team(1)]);
        assert_eq!(on.tied, [team(2), team(3), team(4)]);
        assert_eq!(on.places, 1);
    }

    #[test]
    fn a_tie_above_the_line_goes_on_together() {
        let results = [
            (team(1), Points(20)),
            (team(2), Points(20)),
            (team(3), Points(10)),
        ];
        assert_eq!(going_on(&results, 2).through, [team(1), team(2)]);
        assert_eq!(going_on(&results, 9).through.len(), 3);
        assert!(going_on(&results, 0).through.is_empty());
    }
}
