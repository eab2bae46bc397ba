//! What runs beside the site: posting the bonus credits of contests that are over, carrying on with
//! corrections that were confirmed and are not done, sweeping out what counts for nothing any more,
//! pairing and leading quick matches.

use platform::contest::r#match::Hall;
use platform::contest::quick::Desk;
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

/// How often those who wait for a quick match are paired.
const PAIRING: Duration = Duration::from_millis(500);

/// Pairs and leads quick matches until told to stop; a failure is logged and tried again.
pub async fn quick_matches(db: Db, hall: Hall, mut stop: watch::Receiver<bool>) {
    let mut desk = Desk::new(db, hall);
    loop {
        if let Err(error) = desk.turn(clock::now()).await {
            tracing::error!(cause = format!("{error:#}"), "quick matches wait");
        }
        tokio::select! {
            () = tokio::time::sleep(PAIRING) => {}
            _ = stop.changed() => return,
        }
    }
}
