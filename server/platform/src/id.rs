//! The one place that makes ids and secrets.

use crate::{Error, Result};
use domain::time::Millis;
use uuid::Uuid;

/// Random bytes from the operating system.
///
/// # Errors
/// [`Error::Fault`] when the system has none.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::Fault(anyhow::anyhow!("no randomness: {e}")))?;
    Ok(bytes)
}

/// A new time-ordered id.
///
/// # Errors
/// As [`random`].
pub fn fresh(now: Millis) -> Result<Uuid> {
    Ok(domain::id::uuid_v7(now, &random()?))
}
