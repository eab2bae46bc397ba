//! Stages: an open round, and a final for those who qualify.
//!
//! The rule guarded here: the line is known before, cuts no tie, and moves only on record. A final
//! is a contest of its own whose list ([`super::entry::Entry::listed`]) is those who qualified.
//! Start at [`Line::qualifies`].
//!
//! Who shares the rank at the line qualifies, all of them: to leave one of two equals out would
//! need a reason that nobody was told before. When there are not so many seats, [`qualify`] says
//! how many share the rank, and an editor moves the line to one of the two ranks beside the tie, or
//! anywhere else. Not taken: that nobody in a tie qualifies until an editor has settled it (a
//! hundred would wait for one who is on leave), and lots.

use super::{Score, Standing};
use crate::id::LearnerId;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// The qualification line (晋级线).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// Up to this rank.
    Rank(i64),
    /// From so many points on.
    Points(i64),
}

/// A move of the line, on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineMoved {
    /// Where to.
    pub to: Line,
    /// By whom.
    pub by: LearnerId,
    /// When.
    pub at: Millis,
    /// Why, in the editor's words, for everyone to read.
    pub reason: String,
}

/// More qualify than the line has places, because they share a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieAtLine {
    /// The rank they share.
    pub rank: i64,
    /// How many share it.
    pub tied: i64,
    /// How many more than the line's places qualify.
    pub over: i64,
    /// The line that leaves all of them out.
    pub up: Line,
    /// The line that has a place for each of them; the same people qualify as now.
    pub down: Line,
}

/// Who qualifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qualified {
    /// So many of the ranked standings, from the first on.
    pub count: usize,
    /// The tie at the line, if there is one.
    pub tie: Option<TieAtLine>,
}

impl Line {
    /// The line in force after `moves`, oldest first.
    #[must_use]
    pub fn after(self, moves: &[LineMoved]) -> Self {
        moves.last().map_or(self, |moved| moved.to)
    }

    /// Whether someone at `rank` with `score` qualifies.
    #[must_use]
    pub const fn qualifies(self, rank: i64, score: &Score) -> bool {
        match self {
            Self::Rank(last) => rank <= last,
            Self::Points(least) => score.points >= least,
        }
    }
}

/// Who of `ranked`, as [`ranks`](super::ranks) gives it, qualifies by the line in force.
#[must_use]
pub fn qualify<T>(line: Line, ranked: &[(i64, Standing<T>)]) -> Qualified {
    let count = ranked.partition_point(|(rank, standing)| line.qualifies(*rank, &standing.score));
    Qualified {
        count,
        tie: tie(line, &ranked[..count]),
    }
}

/// The tie at a line by rank among those who qualify. A line by points has none.
fn tie<T>(line: Line, qualified: &[(i64, Standing<T>)]) -> Option<TieAtLine> {
    let Line::Rank(places) = line else {
        return None;
    };
    let count = i64::try_from(qualified.len()).unwrap_or(i64::MAX);
    let (rank, _) = qualified.last()?;
    (count > places).then_some(TieAtLine {
        rank: *rank,
        tied: count - rank + 1,
        over: count - places,
        up: Line::Rank(rank - 1),
        down: Line::Rank(count),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::ranks;
    use proptest::prelude::*;

    fn ranked(points: &[i64]) -> Vec<(i64, Standing<usize>)> {
        let standing = |(who, points): (usize, &i64)| Standing {
            who,
            score: Score {
                right: 0,
                points: *points,
                time: 1,
            },
        };
        ranks(points.iter().enumerate().map(standing).collect())
    }

    #[test]
    fn a_line_beside_a_tie_cuts_nothing() {
        let ranked = ranked(&[90, 80, 80, 70]);
        for places in [1, 3, 4, 9] {
            let qualified = qualify(Line::Rank(places), &ranked);
            assert_eq!(qualified.count, (places as usize).min(4));
            assert_eq!(qualified.tie, None);
        }
    }

    #[test]
    fn who_is_tied_at_the_line_qualifies_and_the_tie_is_told() {
        let qualified = qualify(Line::Rank(3), &ranked(&[90, 80, 80, 80, 80, 70]));
        assert_eq!(qualified.count, 5);
        let tie = qualified.tie.unwrap();
        assert_eq!((tie.rank, tie.tied, tie.over), (2, 4, 2));
        assert_eq!((tie.up, tie.down), (Line::Rank(1), Line::Rank(5)));
    }

    #[test]
    fn equal_points_qualify_alike_whatever_the_time() {
        let mut slow = ranked(&[90, 80, 80, 70]);
        slow[2].1.score.time = 9;
        assert_eq!(qualify(Line::Points(80), &slow).count, 3);
    }

    #[test]
    fn the_last_move_on_record_is_the_line() {
        let moved = |to, reason: &str| LineMoved {
            to,
            by: LearnerId(uuid::Uuid::nil()),
            at: Millis(1),
            reason: reason.into(),
        };
        let moves = [
            moved(Line::Rank(120), "考场加座"),
            moved(Line::Points(600), "按分数"),
        ];
        assert_eq!(Line::Rank(100).after(&[]), Line::Rank(100));
        assert_eq!(Line::Rank(100).after(&moves[..1]), Line::Rank(120));
        assert_eq!(Line::Rank(100).after(&moves), Line::Points(600));
    }

    #[test]
    fn nobody_is_no_tie() {
        let none = qualify(Line::Rank(3), &ranked(&[]));
        assert_eq!((none.count, none.tie), (0, None));
    }

    proptest! {
        #[test]
        fn no_line_parts_equals_and_both_ways_out_of_a_tie_cut_nothing(
            points in prop::collection::vec(0_i64..6, 0..30), places in 0_i64..30,
        ) {
            let ranked = ranked(&points);
            let line = Line::Rank(places);
            let now = qualify(line, &ranked);
            let edge = |count: usize| (ranked.get(count.wrapping_sub(1)), ranked.get(count));
            if let (Some((_, last)), Some((_, next))) = edge(now.count) {
                prop_assert_ne!(last.score, next.score);
            }
            prop_assert!(now.count as i64 >= places.min(points.len() as i64));
            if let Some(tie) = now.tie {
                let (up, down) = (qualify(tie.up, &ranked), qualify(tie.down, &ranked));
                prop_assert_eq!((up.tie, down.tie), (None, None));
                prop_assert_eq!(down.count, now.count);
                prop_assert_eq!(up.count as i64, now.count as i64 - tie.tied);
                prop_assert!((up.count as i64) < places);
            }
        }
    }
}
