//! Signing in, through the queue where there is one, and signing out.

use crate::acks::Acks;
use crate::browser::{Browser, Outcome};
use crate::people::PASSWORD;
use platform::{Db, clock, identity};
use reqwest::StatusCode;
use std::time::{Duration, Instant};

/// The first pause after "so many are before you".
const PAUSE_MS: u32 = 500;
/// The longest pause.
const LONGEST_PAUSE_MS: u32 = 8_000;
/// How long a learner goes on trying.
const PATIENCE: Duration = Duration::from_secs(180);

/// Signs in; when the server says that the queue is full, again after a pause that doubles.
pub async fn sign_in(b: &mut Browser, account: &str, acks: &mut Acks) -> Outcome<()> {
    let fields = [
        ("account".to_owned(), account.to_owned()),
        ("password".to_owned(), PASSWORD.to_owned()),
    ];
    b.think().await;
    let began = Instant::now();
    let mut pause = PAUSE_MS;
    loop {
        let tried = Instant::now();
        let answered = b.post("/sign-in", &fields).await;
        // Being sent away is a step of its own.
        let busy =
            matches!(&answered, Ok(a) if a.status == StatusCode::SERVICE_UNAVAILABLE && a.html);
        let step = if busy { "sign-in-busy" } else { "sign-in" };
        b.steps.took(step, tried.elapsed());
        match answered {
            Ok(answered) if answered.status == StatusCode::SEE_OTHER => break,
            Ok(_) if busy => {}
            Ok(answered) => return b.fail(step, format!("status {}", answered.status.as_u16())),
            Err(why) => return b.fail(step, why),
        }
        if began.elapsed() > PATIENCE {
            return b.fail(step, "still busy after three minutes");
        }
        let wait = pause / 2 + b.draw.below(pause);
        tokio::time::sleep(Duration::from_millis(u64::from(wait))).await;
        pause = (pause * 2).min(LONGEST_PAUSE_MS);
    }
    b.steps.took("sign-in-until-in", began.elapsed());
    let token = b.cookie("session");
    let token = b.need("sign-in", token, "no session")?;
    acks.session = Some((token, false));
    Ok(())
}

/// Signs out. The session is looked up just before, since afterwards it must be gone.
pub async fn sign_out(b: &mut Browser, acks: &mut Acks, db: &Db) -> Outcome<()> {
    if let Some((token, known)) = &mut acks.session {
        match identity::viewer(db, token, clock::now()).await {
            Ok(viewer) => *known = viewer.is_some_and(|v| v.learner == acks.learner),
            Err(error) => return b.fail("sign-out", format!("session: {error}")),
        }
    }
    b.submit("sign-out", "/sign-out", &[]).await?;
    acks.signed_out = true;
    Ok(())
}
