//! The day of a group challenge: composed, drawn, played, declared.

mod copied;
#[path = "challenge/day.rs"]
mod day_of;
mod meanwhile;
mod rounds;
use crate::world;

use domain::contest::ContestKind;
use domain::contest::challenge::{Form, Programme};
use domain::contest::r#match::{Kind, Round};
use domain::id::{ContestId, LearnerId, MatchId, TeamId};
use domain::org::Role;
use domain::question::QuestionKind;
use domain::time::{DAY, Millis};
use platform::contest::challenge::{
    Bracket, Making, Order, Preview, Wish, add_host, bracket, make, preview, save_programme,
};
use platform::contest::{NewContest, put_contest};
use platform::identity::Viewer;
use platform::{Db, Error, id};
use world::people::{account, official};
use world::{NOW, by_hand, content, event, number};

/// A challenge with teams of a member each, an administrator who runs it and leads its matches.
struct Scene {
    contest: ContestId,
    boss: Viewer,
    /// The teams in the order in which they were made, with who is in each.
    teams: Vec<(TeamId, LearnerId)>,
}

/// Two required questions for ten points, of all types.
fn short() -> Programme {
    let round = Round {
        kind: Kind::Required,
        questions: 2,
        seconds: 60,
        points: 10,
    };
    Programme {
        rounds: vec![round],
        kinds: ["single", "multiple", "true-false", "fill-in"]
            .into_iter()
            .filter_map(QuestionKind::parse)
            .collect(),
        ..Programme::default()
    }
}

async fn challenge(db: &Db) -> ContestId {
    let contest = ContestId(id::fresh(NOW).expect("an id"));
    let new = NewContest {
        id: contest,
        kind: ContestKind::Team,
        title: "挑战赛".into(),
        summary: "一句话".into(),
        unit: "51".into(),
        opens_at: NOW.plus(-DAY),
        closes_at: NOW.plus(DAY),
        rules: content::rules(),
    };
    let done = db.write(move |tx| Box::pin(async move { put_contest(tx, &new).await }));
    done.await.expect("a contest");
    contest
}

async fn team(
    db: &Db,
    contest: ContestId,
    name: &str,
    state: &str,
    at: i64,
) -> (TeamId, LearnerId) {
    let (person, _) = account(db, name, "justice").await;
    let team = TeamId(id::fresh(NOW.plus(at)).expect("an id"));
    let statements = [
        format!(
            "insert into contest_team (id, contest_id, unit_id, name, captain_id, invitation, \
               state, note, created_at) values ('{team}', '{contest}', 'justice', '{name}', \
               '{person}', '{team}', '{state}', '', {at})"
        ),
        format!(
            "insert into contest_team_member (contest_id, learner_id, team_id, seat, position, \
               joined_at) values ('{contest}', '{person}', '{team}', 'member', 0, 0)"
        ),
    ];
    for statement in statements {
        by_hand(db, &statement).await;
    }
    (team, person)
}

async fn scene(db: &Db, count: i64, questions: usize) -> Scene {
    content::small(db, questions).await;
    let contest = challenge(db).await;
    let mut teams = Vec::new();
    for n in 1..=count {
        teams.push(team(db, contest, &format!("{n}队"), "approved", n).await);
    }
    let boss = official(db, "主任", Role::Administrator, "51").await;
    save_programme(db, &boss, contest, &short())
        .await
        .expect("kept");
    add_host(db, &boss, contest, boss.learner)
        .await
        .expect("named");
    Scene {
        contest,
        boss,
        teams,
    }
}

/// A scene whose first round is made, in the order in which the teams were.
async fn made(db: &Db, count: i64, questions: usize, form: Form) -> Scene {
    let scene = scene(db, count, questions).await;
    let round = scene.make(db, scene.by_hand(form)).await;
    round.expect("made");
    scene
}

impl Scene {
    /// In the order in which the teams were made.
    fn by_hand(&self, form: Form) -> Wish {
        Wish {
            form,
            places: 1,
            order: Order::Hand(self.teams.iter().map(|(team, _)| *team).collect()),
        }
    }

    async fn seen(&self, db: &Db, wish: &Wish) -> Preview {
        let seen = preview(db, &self.boss, self.contest, wish, NOW).await;
        seen.expect("a dry run")
    }

    async fn make(&self, db: &Db, wish: Wish) -> Result<i64, Error> {
        let seen = self.seen(db, &wish).await;
        let making = self.making(wish, &seen);
        make(db, &self.boss, event(), self.contest, making, NOW).await
    }

    fn making(&self, wish: Wish, seen: &Preview) -> Making {
        Making {
            wish,
            seen: seen.seen.clone(),
            hosts: vec![vec![self.boss.learner]; seen.drawn.len()],
            titles: (1..=seen.drawn.len()).map(|n| format!("第{n}场")).collect(),
        }
    }

    async fn bracket(&self, db: &Db) -> Bracket {
        bracket(db, self.contest).await.expect("what was drawn")
    }

    /// The match of a place of a round.
    async fn game(&self, db: &Db, round: usize, place: usize) -> MatchId {
        let bracket = self.bracket(db).await;
        let slot = &bracket.rounds[round - 1].slots[place];
        slot.game.as_ref().expect("a match").id
    }

    /// The first two matches of a round.
    async fn pair(&self, db: &Db, round: usize) -> [MatchId; 2] {
        [self.game(db, round, 0).await, self.game(db, round, 1).await]
    }

    /// Numbers of the teams that meet in a round.
    async fn drawn(&self, db: &Db, round: usize) -> Vec<Vec<usize>> {
        let bracket = self.bracket(db).await;
        let of = |slot: &platform::contest::challenge::Slot| self.numbers(&slot.meeting.teams);
        bracket.rounds[round - 1].slots.iter().map(of).collect()
    }

    fn numbers(&self, teams: &[TeamId]) -> Vec<usize> {
        let place = |team: &TeamId| self.teams.iter().position(|(known, _)| known == team);
        teams
            .iter()
            .map(|t| place(t).expect("a team") + 1)
            .collect()
    }

    /// Ends a match as its log would have: so many points for each of its teams.
    async fn ended(&self, db: &Db, game: MatchId, points: &[(usize, i64)]) {
        let of = |(n, points): &(usize, i64)| (self.teams[n - 1].0, *points);
        let result: Vec<_> = points.iter().map(of).collect();
        let result = serde_json::to_string(&result).expect("JSON");
        by_hand(
            db,
            &format!(
                "update live_match set begun_at = 1, finished_at = 2, result = '{result}' \
                 where id = '{game}'"
            ),
        )
        .await;
    }
}

async fn matches(db: &Db) -> i64 {
    number(db, "select count(*) from live_match").await
}

/// The questions of a match.
async fn asked(db: &Db, game: MatchId) -> Vec<String> {
    let mut all = Vec::new();
    for n in 0..40 {
        let query = format!(
            "select count(*) from live_match where id = '{game}' and secrets like '%\"q{n:03}\"%'"
        );
        if number(db, &query).await == 1 {
            all.push(format!("q{n:03}"));
        }
    }
    all
}

fn later(n: i64) -> Millis {
    NOW.plus(n * 60_000)
}
