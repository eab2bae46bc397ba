//! What can go wrong, by what it means to whoever asked.
//!
//! Which to use: a person who may do something else gets a meaning of their own
//! ([`Error::code`] leads to a sentence in their language); what nobody can mend from outside is
//! [`Error::Fault`], whose cause only the log sees. "There is none" is an `Option` where it is an
//! ordinary answer and [`Error::NotFound`] where an address leads nowhere.

use domain::contest::entry::Barred;

/// What a service answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a service did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in.
    #[error("sign in first")]
    SignInNeeded,
    /// Signed in, but not allowed.
    #[error("not allowed")]
    Forbidden,
    /// No such thing.
    #[error("not found")]
    NotFound,
    /// What was sent can not be right; nothing was written. The word names a sentence.
    #[error("invalid: {0}")]
    Invalid(&'static str),
    /// The contest is not open, or no attempt is left.
    #[error("the contest is not open")]
    NotOpen,
    /// All attempts are used.
    #[error("no attempt left")]
    NoAttemptLeft,
    /// The contest is not for the viewer: the condition that fails.
    #[error("barred: {0}")]
    Barred(Barred),
    /// Received after the deadline.
    #[error("too late")]
    TooLate,
    /// A newer answer, from another page or device, is already saved; it has this revision.
    #[error("superseded by revision {0}")]
    Superseded(i64),
    /// The account or the password is wrong; never says which.
    #[error("account or password wrong")]
    WrongPassword,
    /// Too many wrong tries: wait so many seconds.
    #[error("wait {0} s")]
    Wait(i64),
    /// So many are before you in the queue; try again in a moment.
    #[error("{0} in the queue")]
    Busy(usize),
    /// It was not done in time; the same may be asked again.
    #[error("not done in time")]
    Timeout,
    /// Not the caller's doing.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

impl Error {
    /// The word behind `error.` in the table of words.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignInNeeded => "sign-in-needed",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Invalid(what) => what,
            Self::NotOpen => "not-open",
            Self::NoAttemptLeft => "no-attempt-left",
            Self::Barred(condition) => condition.as_str(),
            Self::TooLate => "too-late",
            Self::Superseded(_) => "superseded",
            Self::WrongPassword => "wrong-password",
            Self::Wait(_) => "wait",
            Self::Busy(_) => "busy",
            Self::Timeout => "timeout",
            Self::Fault(_) => "fault",
        }
    }

    /// The number in the sentence, where it has one: seconds to wait, people in the queue.
    #[must_use]
    pub fn figure(&self) -> Option<i64> {
        match self {
            Self::Wait(n) | Self::Superseded(n) => Some(*n),
            Self::Busy(n) => Some(i64::try_from(*n).unwrap_or(i64::MAX)),
            _ => None,
        }
    }

    /// The HTTP status that fits.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignInNeeded | Self::WrongPassword => 401,
            Self::Forbidden | Self::Barred(_) => 403,
            Self::NotFound => 404,
            Self::Invalid(_) => 422,
            Self::NotOpen | Self::NoAttemptLeft | Self::TooLate | Self::Superseded(_) => 409,
            Self::Wait(_) => 429,
            Self::Busy(_) | Self::Timeout => 503,
            Self::Fault(_) => 500,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(e: sqlx::Error) -> Self {
        Self::Fault(anyhow::Error::new(e).context("database"))
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Fault(anyhow::Error::new(e).context("stored JSON"))
    }
}
