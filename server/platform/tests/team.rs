//! Teams of a team challenge: registered, filled, handed in, approved.

mod changes;
mod seen;
use crate::world;

use domain::contest::team::{Change, TeamRules};
use domain::contest::{ContestKind, Rules};
use domain::id::{ContestId, TeamId};
use domain::org::Role;
use domain::time::{DAY, MINUTE, Millis};
use platform::contest::team::{self, TeamPage};
use platform::contest::{NewContest, put_contest};
use platform::identity::Viewer;
use platform::{Db, Error, id};
use world::people::{learner, official, units};
use world::{NOW, content, event};

const HOUR: i64 = 60 * MINUTE;
/// Registration ends an hour after now.
const UNTIL: Millis = Millis(NOW.0 + HOUR);

/// Why it was refused; nothing when it was done.
fn said<T>(outcome: Result<T, Error>) -> &'static str {
    outcome.map_or_else(|error| error.code(), |_| "")
}

/// A challenge of teams of two with a substitute, for the whole province.
async fn challenge(db: &Db) -> ContestId {
    let contest = ContestId(id::fresh(NOW).expect("an id"));
    let rules = Rules {
        team: Some(TeamRules {
            size: 2,
            substitutes: 1,
            teams: 1,
            register_until: UNTIL,
        }),
        ..content::rules()
    };
    let new = NewContest {
        id: contest,
        kind: ContestKind::Team,
        title: "挑战赛".into(),
        summary: "一句话".into(),
        unit: "51".into(),
        opens_at: NOW.plus(DAY),
        closes_at: NOW.plus(2 * DAY),
        rules,
    };
    let done = db.write(move |tx| Box::pin(async move { put_contest(tx, &new).await }));
    done.await.expect("a contest");
    contest
}

/// A challenge, three people of the justice bureau of whom the first leads its team, and the
/// administrator of the province.
struct Scene {
    contest: ContestId,
    team: TeamId,
    people: [Viewer; 3],
    boss: Viewer,
}

async fn scene(db: &Db) -> Scene {
    units(db).await;
    let contest = challenge(db).await;
    let people = [
        learner(db, "甲", "justice").await,
        learner(db, "乙", "justice").await,
        learner(db, "丙", "justice").await,
    ];
    let boss = official(db, "主任", Role::Administrator, "51").await;
    let registered = team::register(db, &people[0], event(), contest, " 锦绣队 ", NOW).await;
    Scene {
        contest,
        team: registered.expect("a team"),
        people,
        boss,
    }
}

impl Scene {
    async fn change(&self, db: &Db, by: &Viewer, change: Change) -> Result<(), Error> {
        self.change_at(db, by, change, NOW).await
    }

    async fn change_at(
        &self,
        db: &Db,
        by: &Viewer,
        change: Change,
        at: Millis,
    ) -> Result<(), Error> {
        if change == Change::Join {
            let code = self.code(db).await;
            let joined = team::join(db, by, event(), self.contest, &code, at).await;
            return joined.map(drop);
        }
        team::change(db, by, event(), self.contest, self.team, change, at).await
    }

    async fn done(&self, db: &Db, by: &Viewer, change: Change) {
        let said = format!("{change:?}");
        self.change(db, by, change).await.expect(&said);
    }

    /// The invitation of today.
    async fn code(&self, db: &Db) -> String {
        let page = self.page(db, &self.boss).await.expect("a team");
        page.invitation.expect("a code")
    }

    async fn page(&self, db: &Db, by: &Viewer) -> Result<TeamPage, Error> {
        team::team(db, by, self.contest, self.team, NOW).await
    }

    /// Names and seats, in order.
    async fn seats(&self, db: &Db) -> Vec<(String, &'static str)> {
        let page = self.page(db, &self.boss).await.expect("a team");
        let seats = page.team.seats.iter();
        seats
            .map(|(who, seat)| (page.names[who].clone(), seat.as_str()))
            .collect()
    }

    async fn complete(&self, db: &Db) {
        self.done(db, &self.people[1], Change::Join).await;
        self.done(db, &self.people[0], Change::HandIn).await;
    }
}
