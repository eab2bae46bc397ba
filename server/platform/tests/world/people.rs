//! A small province and the people in it.

use super::NOW;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use domain::id::{LearnerId, UnitId};
use domain::org::{Role, UnitKind};
use domain::time::{DAY, Millis};
use platform::identity::{self, Hasher, NewLearner, Viewer};
use platform::{Db, id, org};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Everybody's password.
pub const PASSWORD: &str = "纸上得来终觉浅";

/// Id, the unit above, kind, name.
const UNITS: [(&str, &str, UnitKind, &str); 8] = [
    ("51", "", UnitKind::Province, "省"),
    ("5101", "51", UnitKind::Prefecture, "东市"),
    ("5107", "51", UnitKind::Prefecture, "西市"),
    ("510104", "5101", UnitKind::County, "东市一区"),
    ("510703", "5107", UnitKind::County, "西市一区"),
    ("justice", "510104", UnitKind::Unit, "司法局"),
    ("water", "510104", UnitKind::Unit, "水务局"),
    ("farm", "510703", UnitKind::Unit, "农业局"),
];

/// Puts the units in: a province, two prefectures with a county each, three units.
pub async fn units(db: &Db) {
    let done = db.write(|tx| {
        Box::pin(async move {
            for (position, (id, parent, kind, name)) in (0..).zip(UNITS) {
                let parent = (!parent.is_empty()).then(|| UnitId::from(parent));
                org::put_unit(tx, &id.into(), parent.as_ref(), None, kind, name, position).await?;
            }
            Ok(())
        })
    });
    done.await.expect("units");
}

/// The pool for passwords, one for all tests of a file.
pub fn hasher() -> Hasher {
    static ONE: OnceLock<Hasher> = OnceLock::new();
    ONE.get_or_init(|| Hasher::new(2, 10_000).expect("a hasher"))
        .clone()
}

/// A hash of [`PASSWORD`] that costs next to nothing to check.
pub fn cheap_hash() -> String {
    let params = Params::new(8, 1, 1, None).expect("parameters");
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon.hash_password(PASSWORD.as_bytes());
    hash.expect("a hash").to_string()
}

/// A person of `unit` who can sign in by phone: the phone.
pub async fn account(db: &Db, name: &str, unit: &str) -> (LearnerId, String) {
    static NEXT: AtomicU64 = AtomicU64::new(13_900_000_000);
    let phone = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
    let learner = LearnerId(id::fresh(NOW).expect("an id"));
    let new = NewLearner {
        id: learner,
        name: name.into(),
        phone: Some(phone.clone()),
        staff_number: None,
        password_hash: cheap_hash(),
        must_change_password: false,
    };
    put(db, new).await;
    join(db, learner, unit, NOW.plus(-400 * DAY)).await;
    (learner, phone)
}

/// Puts a person in.
pub async fn put(db: &Db, new: NewLearner) {
    let done = db.write(|tx| Box::pin(identity::put_learner(tx, new, NOW.plus(-400 * DAY))));
    done.await.expect("a person");
}

/// Moves a person.
pub async fn join(db: &Db, learner: LearnerId, unit: &str, from: Millis) {
    let unit = UnitId::from(unit);
    let done =
        db.write(move |tx| Box::pin(async move { org::join(tx, learner, &unit, from).await }));
    done.await.expect("a membership");
}

/// Signs in with [`PASSWORD`] a day before [`NOW`].
pub async fn signed_in(db: &Db, phone: &str) -> Viewer {
    signed_in_at(db, phone, NOW.plus(-DAY)).await
}

/// Signs in with [`PASSWORD`].
pub async fn signed_in_at(db: &Db, phone: &str, at: Millis) -> Viewer {
    let (token, _) = identity::sign_in(db, &hasher(), phone, PASSWORD, at)
        .await
        .expect("a session");
    let viewer = identity::viewer(db, &token.0, at).await.expect("an answer");
    viewer.expect("a viewer")
}

/// A learner of `unit`, signed in.
pub async fn learner(db: &Db, name: &str, unit: &str) -> Viewer {
    let (_, phone) = account(db, name, unit).await;
    signed_in(db, &phone).await
}

/// Someone with a role in `unit` and below, signed in; a member of it too.
pub async fn official(db: &Db, name: &str, role: Role, unit: &str) -> Viewer {
    let (learner, phone) = account(db, name, unit).await;
    let at = UnitId::from(unit);
    let done =
        db.write(move |tx| Box::pin(async move { identity::grant(tx, learner, role, &at).await }));
    done.await.expect("a role");
    signed_in(db, &phone).await
}
