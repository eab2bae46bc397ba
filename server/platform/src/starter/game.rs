//! A live match of the demo accounts, to be tried with four phones and a host.

use super::people::DEMO_ACCOUNTS;
use crate::contest::r#match::{NewMatch, put_match};
use crate::db::Db;
use crate::{Error, Result, id, sql, values};
use domain::contest::r#match::{Kind, Round, Rules, Setup, Team};
use domain::id::{LearnerId, MatchId, QuestionId, TeamId};
use domain::time::Millis;

/// The teams: their names and the phones of who plays, the captain first.
const TEAMS: [(&str, [&str; 2]); 2] = [
    ("锦江区司法局代表队", ["13800000001", "13800000010"]),
    ("涪城区司法局代表队", ["13800000002", "13800000003"]),
];
/// Who leads: the administrator of the province.
const HOST: &str = "13800000099";

/// Makes the match.
pub(super) async fn put(db: &Db, now: Millis) -> Result<()> {
    let round = |kind, questions| Round {
        kind,
        questions,
        seconds: 30,
        points: 10,
    };
    let buzzer = Kind::Buzzer {
        penalty: 5,
        turns: 2,
    };
    let stakes = vec![10, 20, 30];
    let rounds = vec![
        round(Kind::Required, 2),
        round(buzzer, 2),
        round(Kind::Wager { stakes }, 1),
        round(Kind::Relay, 2),
    ];
    let mut teams = Vec::new();
    for (name, phones) in TEAMS {
        let mut members = Vec::new();
        for phone in phones {
            members.push(person(db, phone).await?);
        }
        teams.push(Team {
            id: TeamId(id::fresh(now)?),
            name: name.to_owned(),
            members,
            substitutes: Vec::new(),
        });
    }
    let setup = Setup {
        teams,
        hosts: vec![person(db, HOST).await?],
        rounds,
        rules: Rules::default(),
    };
    let wanted = i64::from(setup.questions());
    let questions: Vec<(String,)> = db
        .all(
            sql!("select id from question where kind = 'single' order by id limit $1"),
            values![wanted],
        )
        .await?;
    let new = NewMatch {
        id: MatchId(id::fresh(now)?),
        title: "团体挑战赛演示".to_owned(),
        setup,
        questions: questions.into_iter().map(|(id,)| QuestionId(id)).collect(),
    };
    put_match(db, new, now).await
}

async fn person(db: &Db, phone: &str) -> Result<LearnerId> {
    debug_assert!(DEMO_ACCOUNTS.iter().any(|account| account.phone == phone));
    let (id,): (String,) = db
        .one(
            sql!("select id from learner where phone = $1"),
            values![phone],
        )
        .await?;
    id.parse()
        .map_err(|_| Error::Fault(anyhow::anyhow!("a learner's id")))
}
