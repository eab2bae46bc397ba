//! Teams (代表队) of a team challenge: how many, until when.

use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What a team is made of; stated before anyone registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRules {
    /// Members of a team: exactly so many, the captain among them.
    pub size: usize,
    /// The most substitutes.
    pub substitutes: usize,
    /// The most teams of one unit.
    pub teams: i64,
    /// Until when teams register; that instant itself is too late.
    pub register_until: Millis,
}
