//! A quick match (快速对战) is played without a host: what the clock does in a host's place, and
//! what its end is worth.
//!
//! The rule guarded here: what happens next follows from the match and from two instants of its
//! log alone, so that whoever reads the log goes on where another stopped. Start at [`next`];
//! who plays whom is [`super::pair`]'s to say.

use super::r#match::{Kind, Match, Phase, Round, Rules, Setup, Steer, Team};
use super::score::Score;
use super::{Standing, ranks};
use crate::credits::QuickPolicy;
use crate::id::LearnerId;
use crate::time::{Millis, SECOND};
use uuid::Uuid;

/// Who steps in the place of a host: no account has this id, for those made are of version 7.
pub const CLOCKWORK: LearnerId = LearnerId(Uuid::nil());
/// Questions of a match.
pub const QUESTIONS: u32 = 5;
/// Seconds to answer one: a minute for all.
pub const SECONDS: u32 = 12;
/// Points of a right answer.
pub const POINTS: u32 = 20;
/// The fewest learners of a match.
pub const FEWEST: usize = 2;
/// How long the match waits for those who have not come, in milliseconds.
pub const COMING: i64 = 8 * SECOND;
/// When a match to which nobody came is given up, in milliseconds.
pub const DESERTED: i64 = 60 * SECOND;
/// How long "get ready" stands, in milliseconds.
pub const READY: i64 = 3 * SECOND;
/// How long what is right is shown, in milliseconds.
pub const REVEAL: i64 = 3 * SECOND;
/// How long the scoreboard stands before the end, in milliseconds.
pub const SCOREBOARD: i64 = 2 * SECOND;
/// Matches after which a rating is worth a word.
pub const TELLING: i64 = 5;

/// What a quick match of these teams is made of, a team being one learner under their own name.
#[must_use]
pub fn setup(teams: Vec<Team>) -> Setup {
    Setup {
        teams,
        hosts: vec![CLOCKWORK],
        rounds: vec![Round {
            kind: Kind::Required,
            questions: QUESTIONS,
            seconds: SECONDS,
            points: POINTS,
        }],
        rules: Rules::default(),
    }
}

/// What the clock does in a host's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// This step, at that time.
    Step(Millis, Steer),
    /// Gives the match up at that time, unless somebody comes.
    GiveUp(Millis),
    /// Nothing until the log has more: the question's own clock runs.
    Wait,
    /// The match is over.
    Over,
}

/// What is to happen next in a match that was made at `made` and is in its phase since `since`,
/// both by the clock of its log.
#[must_use]
pub fn next(game: &Match, made: Millis, since: Millis) -> Next {
    let tally = game.tally();
    let all = |counts: &[u32]| counts.iter().all(|n| *n > 0);
    match game.phase() {
        Phase::Lobby if all(&tally.present) => Next::Step(made, Steer::Start),
        Phase::Lobby if tally.present.iter().any(|n| *n > 0) => {
            Next::Step(made.plus(COMING), Steer::Start)
        }
        Phase::Lobby => Next::GiveUp(made.plus(DESERTED)),
        Phase::Ready if all(&tally.ready) => Next::Step(since, Steer::Open),
        Phase::Ready => Next::Step(since.plus(READY), Steer::Open),
        Phase::Open if game.all_answered() => Next::Step(since, Steer::Lock),
        Phase::Locked => Next::Step(since, Steer::Reveal),
        Phase::Reveal => {
            let asked = game.question().map_or(0, |question| question.0 + 1);
            let last = asked >= game.setup().questions();
            let step = if last { Steer::Scoreboard } else { Steer::Open };
            Next::Step(since.plus(REVEAL), step)
        }
        Phase::Scoreboard => Next::Step(since.plus(SCOREBOARD), Steer::Finish),
        Phase::Open | Phase::Stakes | Phase::Floor => Next::Wait,
        Phase::Finished => Next::Over,
    }
}

/// What became of a learner in a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Played {
    /// Who.
    pub who: LearnerId,
    /// Points, in tenths.
    pub points: i64,
    /// Whether they came.
    pub came: bool,
    /// Whether they answered anything.
    pub answered: bool,
}

/// A learner's place in a match that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// What became of them.
    pub played: Played,
    /// Their rank among those who came; who has as many points shares it.
    pub rank: i64,
    /// Credits, before the daily cap.
    pub credits: i64,
}

/// The places of those who came; none where fewer than two did, for such a match counts nothing.
/// Credits are for who answered, and more for who is first with points.
#[must_use]
pub fn places(played: &[Played], policy: &QuickPolicy) -> Vec<Placed> {
    let came = played.iter().filter(|one| one.came).copied();
    let standings: Vec<Standing<Played>> = came
        .map(|one| Standing {
            who: one,
            score: Score {
                right: 0,
                points: one.points,
                time: 0,
            },
        })
        .collect();
    if standings.len() < FEWEST {
        return Vec::new();
    }
    let placed = ranks(standings)
        .into_iter()
        .map(|(rank, Standing { who, .. })| {
            let part = if who.answered { policy.taking_part } else { 0 };
            let won = if rank == 1 && who.points > 0 {
                policy.winning
            } else {
                0
            };
            Placed {
                played: who,
                rank,
                credits: part + won,
            }
        });
    placed.collect()
}

/// How strong a learner is, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Too few matches to say.
    Unknown,
    /// 入门.
    First,
    /// 进阶.
    Second,
    /// 熟练.
    Third,
    /// 精通.
    Fourth,
}

impl Class {
    /// The class of a rating on Glicko-2's scale, in whole points, after so many matches. A
    /// hundred points apart is a chance of 64 % to 36 %; half of all are between the middle two.
    #[must_use]
    pub const fn of(rating: i64, played: i64) -> Self {
        match rating {
            _ if played < TELLING => Self::Unknown,
            ..1400 => Self::First,
            1400..1550 => Self::Second,
            1550..1700 => Self::Third,
            _ => Self::Fourth,
        }
    }

    /// Its word in the table of words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
            Self::Fourth => "fourth",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::r#match::{Actor, Event, Numbered, QuestionNumber};
    use super::*;
    use crate::id::{DeviceId, TeamId};

    const MADE: Millis = Millis(1_000_000);

    fn who(n: u128) -> LearnerId {
        LearnerId(Uuid::from_u128(n))
    }

    fn of_two() -> Match {
        let team = |n| Team {
            id: TeamId(Uuid::from_u128(n)),
            name: n.to_string(),
            members: vec![who(n)],
            substitutes: Vec::new(),
        };
        Match::new(setup(vec![team(1), team(2)]))
    }

    fn happens(game: &mut Match, event: Event) {
        let numbered: Numbered = game.numbered(event, Actor::Clock, MADE);
        game.apply(&numbered);
    }

    fn comes(game: &mut Match, n: u128) {
        let device = DeviceId(Uuid::from_u128(n));
        happens(
            game,
            Event::Joined {
                seat: who(n),
                device,
            },
        );
    }

    #[test]
    fn it_begins_when_all_have_come_or_when_those_who_came_have_waited() {
        let mut game = of_two();
        assert_eq!(next(&game, MADE, MADE), Next::GiveUp(MADE.plus(DESERTED)));
        comes(&mut game, 1);
        assert_eq!(
            next(&game, MADE, MADE),
            Next::Step(MADE.plus(COMING), Steer::Start)
        );
        comes(&mut game, 2);
        assert_eq!(next(&game, MADE, MADE), Next::Step(MADE, Steer::Start));
    }

    #[test]
    fn it_goes_on_by_the_clock_to_its_end() {
        let mut game = of_two();
        comes(&mut game, 1);
        happens(&mut game, Event::Started);
        let since = MADE.plus(5);
        assert_eq!(
            next(&game, MADE, since),
            Next::Step(since.plus(READY), Steer::Open)
        );
        for n in 0..QUESTIONS {
            let question = QuestionNumber(n);
            happens(
                &mut game,
                Event::Opened {
                    question,
                    stakes: Vec::new(),
                },
            );
            assert_eq!(next(&game, MADE, since), Next::Wait);
            happens(
                &mut game,
                Event::Locked {
                    answered: vec![0, 0],
                },
            );
            assert_eq!(next(&game, MADE, since), Next::Step(since, Steer::Reveal));
            let key = crate::question::Key::Choices([0].into());
            happens(
                &mut game,
                Event::Revealed {
                    key,
                    right: vec![0, 0],
                    points: Vec::new(),
                },
            );
            let step = if n + 1 < QUESTIONS {
                Steer::Open
            } else {
                Steer::Scoreboard
            };
            assert_eq!(
                next(&game, MADE, since),
                Next::Step(since.plus(REVEAL), step)
            );
        }
        happens(&mut game, Event::ScoreboardShown);
        assert_eq!(
            next(&game, MADE, since),
            Next::Step(since.plus(SCOREBOARD), Steer::Finish)
        );
        happens(&mut game, Event::Finished);
        assert_eq!(next(&game, MADE, since), Next::Over);
    }

    fn played(n: u128, points: i64, came: bool) -> Played {
        Played {
            who: who(n),
            points,
            came,
            answered: came,
        }
    }

    #[test]
    fn who_came_is_placed_and_equal_points_share_a_rank() {
        let policy = QuickPolicy::default();
        let all = [
            played(1, 400, true),
            played(2, 600, true),
            played(3, 600, true),
            played(4, 0, false),
        ];
        let placed = places(&all, &policy);
        let ranks: Vec<_> = placed.iter().map(|p| (p.rank, p.played.who)).collect();
        assert_eq!(ranks.len(), 3);
        assert!(
            ranks.contains(&(1, who(2)))
                && ranks.contains(&(1, who(3)))
                && ranks.contains(&(3, who(1)))
        );
        assert!(placed.iter().all(
            |p| p.credits == policy.taking_part + if p.rank == 1 { policy.winning } else { 0 }
        ));
    }

    #[test]
    fn a_match_to_which_one_came_counts_nothing() {
        let all = [played(1, 1_000, true), played(2, 0, false)];
        assert!(places(&all, &QuickPolicy::default()).is_empty());
    }

    #[test]
    fn nobody_wins_by_no_points_and_silence_earns_nothing() {
        let silent = |n| Played {
            answered: false,
            ..played(n, 0, true)
        };
        let placed = places(&[silent(1), silent(2)], &QuickPolicy::default());
        assert!(placed.iter().all(|p| p.credits == 0));
    }

    #[test]
    fn a_class_is_told_after_some_matches() {
        assert_eq!(Class::of(2_000, TELLING - 1), Class::Unknown);
        let classes = [1_399, 1_400, 1_550, 1_700].map(|rating| Class::of(rating, TELLING));
        assert_eq!(
            classes,
            [Class::First, Class::Second, Class::Third, Class::Fourth]
        );
    }
}
