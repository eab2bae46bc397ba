//! What runs beside the site: posting the bonus credits of contests that are over, and sweeping out
//! what counts for nothing any more.

use platform::{Db, clock, contest, identity};
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
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => return,
        }
    }
}

/// How often is swept.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

/// Sweeps until told to stop; a failure is logged and tried again.
pub async fn sweep(db: Db, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = identity::sweep(&db, clock::now()).await {
            tracing::error!(cause = format!("{error:#}"), "nothing was swept out");
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            _ = stop.changed() => return,
        }
    }
}
