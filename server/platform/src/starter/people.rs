//! Demo accounts. Nothing else makes them.

use crate::db::Db;
use crate::identity::{Hasher, NewLearner, grant, put_learner};
use crate::{Result, id, org, sql, values};
use domain::contest::entry::PostLevel;
use domain::id::{LearnerId, UnitId};
use domain::org::{Role, UnitKind};
use domain::time::{DAY, Millis};

/// The one password of all demo accounts.
pub const DEMO_PASSWORD: &str = "zhijian-2026";

/// A demo account.
#[derive(Debug, Clone, Copy)]
pub struct DemoAccount {
    /// Phone to sign in with.
    pub phone: &'static str,
    /// Staff number to sign in with.
    pub staff_number: &'static str,
    /// The name.
    pub name: &'static str,
    /// What the account shows.
    pub what: &'static str,
    unit: &'static str,
    role: Option<(Role, &'static str)>,
    must_change_password: bool,
    post: PostLevel,
}

/// Units of the demo: id, the county or prefecture above, name.
const UNITS: [(&str, &str, &str); 5] = [
    ("demo-jinjiang-justice", "510104", "锦江区司法局"),
    ("demo-jinjiang-water", "510104", "锦江区水务局"),
    ("demo-fucheng-justice", "510703", "涪城区司法局"),
    ("demo-chengdu-data", "5101", "成都市数据局"),
    ("demo-province-law", "51", "四川省普法办公室"),
];

const fn account(
    phone: &'static str,
    staff_number: &'static str,
    name: &'static str,
    what: &'static str,
    unit: &'static str,
) -> DemoAccount {
    let (role, must_change_password, post) = (None, false, PostLevel::Staff);
    DemoAccount {
        phone,
        staff_number,
        name,
        what,
        unit,
        role,
        must_change_password,
        post,
    }
}

/// All demo accounts.
pub const DEMO_ACCOUNTS: [DemoAccount; 6] = [
    account(
        "13800000001",
        "D0001",
        "林知行",
        "学员（成都市锦江区）",
        "demo-jinjiang-justice",
    ),
    DemoAccount {
        post: PostLevel::Section,
        ..account(
            "13800000002",
            "D0002",
            "周明远",
            "学员（绵阳市涪城区）",
            "demo-fucheng-justice",
        )
    },
    DemoAccount {
        must_change_password: true,
        ..account(
            "13800000003",
            "D0003",
            "何清和",
            "学员，首次登录须改密码",
            "demo-jinjiang-water",
        )
    },
    DemoAccount {
        role: Some((Role::Liaison, "demo-jinjiang-justice")),
        post: PostLevel::Section,
        ..account(
            "13800000010",
            "D0010",
            "苏文静",
            "联络员（锦江区司法局）",
            "demo-jinjiang-justice",
        )
    },
    DemoAccount {
        role: Some((Role::Administrator, "51")),
        post: PostLevel::Bureau,
        ..account(
            "13800000099",
            "D0099",
            "赵守成",
            "省级管理员",
            "demo-province-law",
        )
    },
    DemoAccount {
        role: Some((Role::Editor, "51")),
        post: PostLevel::Division,
        ..account(
            "13800000050",
            "D0050",
            "秦书简",
            "内容编辑",
            "demo-province-law",
        )
    },
];

/// Puts the units and the accounts in; returns how many accounts.
pub(super) async fn put(db: &Db, hasher: &Hasher, now: Millis) -> Result<usize> {
    let hash = hasher.hash(DEMO_PASSWORD.to_owned()).await?;
    // They have been there for a year, so that statistics of this year hold them.
    let since = now.plus(-365 * DAY);
    db.write(move |tx| {
        Box::pin(async move {
            for (position, (unit, parent, name)) in (100_000_i64..).zip(UNITS) {
                let parent = UnitId::from(parent);
                let unit = UnitId::from(unit);
                org::put_unit(
                    tx,
                    &unit,
                    Some(&parent),
                    None,
                    UnitKind::Unit,
                    name,
                    position,
                )
                .await?;
            }
            for demo in DEMO_ACCOUNTS {
                let learner = LearnerId(id::fresh(now)?);
                put_learner(
                    tx,
                    NewLearner {
                        id: learner,
                        name: demo.name.to_owned(),
                        phone: Some(demo.phone.to_owned()),
                        staff_number: Some(demo.staff_number.to_owned()),
                        password_hash: hash.clone(),
                        must_change_password: demo.must_change_password,
                    },
                    now,
                )
                .await?;
                tx.run(
                    sql!("update learner set post = $2 where id = $1"),
                    values![learner, demo.post.as_str()],
                )
                .await?;
                org::join(tx, learner, &UnitId::from(demo.unit), since).await?;
                if let Some((role, unit)) = demo.role {
                    grant(tx, learner, role, &UnitId::from(unit)).await?;
                }
            }
            Ok(DEMO_ACCOUNTS.len())
        })
    })
    .await
}
