//! What runs beside the site: posting the bonus credits of contests that are over, and carrying on
//! with corrections that were confirmed and are not done.

use platform::{Db, clock, contest};
use std::time::Duration;
use tokio::sync::watch;

/// How often contests are looked at.
const EVERY: Duration = Duration::from_secs(2);

/// Posts bonus credits until told to stop; a failure is logged and tried again.
pub async fn post_contests(db: Db, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = contest::post_due(&db, clock::now()).await {
            tracing::error!(
                cause = format!("{error:#}"),
                "bonus credits were not posted"
            );
        }
        if let Err(error) = contest::review::carry_on(&db, clock::now()).await {
            tracing::error!(
                cause = format!("{error:#}"),
                "a correction was not carried on"
            );
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => return,
        }
    }
}
