//! Why a command is refused: each a sentence that a page can say.

use serde::{Deserialize, Serialize};

/// Why a command is refused. A refusal changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Only a host of this match can do that.
    #[error("only a host of this match can do that")]
    NotAHost,
    /// Only a person on a team's roster can do that.
    #[error("only a person on the roster of a team can do that")]
    NotASeat,
    /// Only the server's timer does that.
    #[error("only the clock does that")]
    NotTheClock,
    /// Another host is in charge.
    #[error("another host is in charge")]
    NotInCharge,
    /// A step came in between: look again.
    #[error("the match has moved on since")]
    Stale,
    /// This does not fit what the match is doing.
    #[error("not now")]
    NotNow,
    /// The clock is stopped.
    #[error("the match is paused")]
    Paused,
    /// The time is over.
    #[error("the time is over")]
    TooLate,
    /// Made before the question was open.
    #[error("the question was not open yet")]
    TooEarly,
    /// On the bench: only who plays can do that.
    #[error("a substitute does not play")]
    Benched,
    /// The seat was not taken on this device.
    #[error("join first")]
    NotJoined,
    /// A newer device has the seat.
    #[error("the seat was taken over on another device")]
    TakenOver,
    /// Somebody else of the team, or another team, answers this question.
    #[error("it is not your turn")]
    NotYourTurn,
    /// This question is answered after pressing.
    #[error("press first")]
    PressFirst,
    /// The answer does not fit the question.
    #[error("the answer does not fit the question")]
    Unfitting,
    /// The round does not allow such a stake.
    #[error("that stake is not allowed")]
    StakeNotAllowed,
    /// The team has staked, and a stake stands.
    #[error("the stake stands")]
    AlreadyStaked,
    /// Presses are being judged; it takes less than the bound.
    #[error("presses are being judged")]
    Judging,
    /// There is no such question.
    #[error("there is no such question")]
    NoSuchQuestion,
    /// The programme is at its end.
    #[error("no question is left")]
    NoQuestionLeft,
    /// The question is void already.
    #[error("the question is void already")]
    AlreadyVoid,
    /// Nothing since the last scoreboard can be undone.
    #[error("nothing to undo")]
    NothingToUndo,
    /// No undo to take back.
    #[error("nothing to redo")]
    NothingToRedo,
    /// Nobody of that name sits there.
    #[error("there is no such seat")]
    NoSuchSeat,
    /// Not a substitute of that team.
    #[error("not a substitute of that team")]
    NotASubstitute,
    /// Not a host of this match.
    #[error("there is no such host")]
    NoSuchHost,
    /// The result was used already: the next round is drawn, or the places are declared.
    #[error("the result was used already")]
    Settled,
    /// A number that makes no sense here.
    #[error("out of range")]
    OutOfRange,
}

impl Refusal {
    /// The name of the sentence that tells it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAHost => "not-a-host",
            Self::NotASeat => "not-a-seat",
            Self::NotTheClock => "not-the-clock",
            Self::NotInCharge => "not-in-charge",
            Self::Stale => "stale",
            Self::NotNow => "not-now",
            Self::Paused => "paused",
            Self::TooLate => "too-late",
            Self::TooEarly => "too-early",
            Self::Benched => "benched",
            Self::NotJoined => "not-joined",
            Self::TakenOver => "taken-over",
            Self::NotYourTurn => "not-your-turn",
            Self::PressFirst => "press-first",
            Self::Unfitting => "unfitting",
            Self::StakeNotAllowed => "stake-not-allowed",
            Self::AlreadyStaked => "already-staked",
            Self::Judging => "judging",
            Self::NoSuchQuestion => "no-such-question",
            Self::NoQuestionLeft => "no-question-left",
            Self::AlreadyVoid => "already-void",
            Self::NothingToUndo => "nothing-to-undo",
            Self::NothingToRedo => "nothing-to-redo",
            Self::NoSuchSeat => "no-such-seat",
            Self::NotASubstitute => "not-a-substitute",
            Self::NoSuchHost => "no-such-host",
            Self::Settled => "settled",
            Self::OutOfRange => "out-of-range",
        }
    }
}
