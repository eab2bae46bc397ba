//! The roads of those to whom a proxy forbids WebSockets.

use super::*;
use app::contest::ranking::Wall;
use app::words::Language;
use axum::body::{Body, to_bytes};
use domain::contest::buzzer::{Clamp, Judged};
use domain::contest::r#match::message::{Move, Words};
use domain::contest::r#match::{
    Event as Happened, Kind, QuestionNumber, Round, Rules, Secret, Secrets, Setup, Steer, Team,
};
use domain::id::{DeviceId, QuestionId, TeamId};
use domain::question::{Key, QuestionKind};
use domain::time::Millis;
use platform::contest::Boards;
use platform::contest::r#match::Hall;
use platform::db::{Statement, Value};
use platform::id;
use platform::identity::Hasher;
use uuid::Uuid;

const HOST: LearnerId = person(9);
const PLAYER: LearnerId = person(1);
const QUESTION: QuestionNumber = QuestionNumber(0);
/// The phone's clock runs so many microseconds ahead: an hour.
const AHEAD: i64 = 3_600_000_000;

const fn person(n: u128) -> LearnerId {
    LearnerId(Uuid::from_u128(n))
}

struct World {
    state: AppState,
    id: MatchId,
    _folder: tempfile::TempDir,
}

impl World {
    /// A match of a question for the buzzer, which a host leads.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        let db = Db::open(&format!("sqlite:{}", file.display()))
            .await
            .unwrap();
        let team = |n: u128| Team {
            id: TeamId(Uuid::from_u128(n)),
            name: n.to_string(),
            members: vec![person(n)],
            substitutes: Vec::new(),
        };
        let setup = Setup {
            teams: vec![team(1), team(2)],
            hosts: vec![HOST],
            rounds: vec![Round {
                kind: Kind::Buzzer {
                    penalty: 5,
                    turns: 2,
                },
                questions: 1,
                seconds: 60,
                points: 10,
            }],
            rules: Rules::default(),
        };
        let secrets = Secrets {
            questions: vec![Secret {
                id: QuestionId::from("q"),
                kind: QuestionKind::TrueFalse,
                options: 2,
                key: Key::Choices([0].into()),
            }],
            seed: 7,
        };
        let words = [Words {
            kind: QuestionKind::TrueFalse,
            stem: "题".into(),
            options: vec!["对".into(), "错".into()],
        }];
        let id = MatchId(id::fresh(clock::now()).unwrap());
        let values: Vec<Value> = vec![
            id.into(),
            serde_json::to_string(&setup).unwrap().into(),
            serde_json::to_string(&secrets).unwrap().into(),
            serde_json::to_string(&words).unwrap().into(),
            "07".repeat(32).into(),
        ];
        db.write(move |tx| {
            Box::pin(async move {
                let text = "insert into live_match \
                    (id, title, setup, secrets, words, seal, number, created_at) \
                    values ($1, '决赛', $2, $3, $4, $5, 0, 0)";
                tx.run(Statement(text), values).await
            })
        })
        .await
        .unwrap();
        let state = AppState {
            hasher: Hasher::new(1, 1).unwrap(),
            hall: Hall::new(db.clone()),
            boards: Boards::new(db.clone()),
            wall: Wall::default(),
            assets: Arc::default(),
            shelf: app::law::Shelf::default(),
            secure: false,
            db,
        };
        Self {
            state,
            id,
            _folder: folder,
        }
    }

    fn visit(who: LearnerId) -> Visit {
        let viewer = Viewer {
            learner: who,
            session: String::new(),
            name: String::new(),
            must_change_password: false,
            language: None,
            type_size: 100,
            signed_in_at: Millis(0),
            grants: Vec::new(),
        };
        Visit {
            viewer: Some(Arc::new(viewer)),
            language: Language::ZhCn,
            flash: None,
            request_id: String::new(),
            nonce: String::new(),
            path: String::new(),
            type_size: 100,
        }
    }

    fn look(&self) -> (State<AppState>, Path<MatchId>, Query<Look>) {
        let look = Look {
            after: 0,
            public: None,
        };
        (State(self.state.clone()), Path(self.id), Query(look))
    }

    async fn post(&self, who: LearnerId, asked: Asked) -> StatusCode {
        let (state, path, _) = self.look();
        let answer = wish(state, Self::visit(who), path, Json(asked)).await;
        answer.unwrap_or_else(|_| panic!("no answer")).status()
    }

    async fn play(&self, play: Move) {
        let device = DeviceId(PLAYER.0);
        let asked = Asked::Play {
            id: 1,
            device,
            play,
        };
        assert_eq!(self.post(PLAYER, asked).await, StatusCode::OK);
    }

    async fn polled(&self, who: LearnerId) -> Vec<Told> {
        let (state, path, look) = self.look();
        let answer = log(state, Self::visit(who), path, look).await;
        let body = answer.unwrap_or_else(|_| panic!("no answer")).into_body();
        serde_json::from_slice(&to_bytes(body, usize::MAX).await.unwrap()).unwrap()
    }

    async fn streamed(&self) -> Body {
        let (state, path, look) = self.look();
        let answer = events(state, Self::visit(PLAYER), path, look).await;
        answer.unwrap_or_else(|_| panic!("no answer")).into_body()
    }

    /// Answers a ping as a phone does whose clock is ahead.
    async fn pong(&self, id: u32) -> StatusCode {
        let now = clock::micros() + AHEAD;
        let pong = Asked::Pong {
            id,
            received: now,
            sent: now,
        };
        self.post(PLAYER, pong).await
    }

    /// Presses once the question has been open for a while, and says so by the phone's clock
    /// `early` microseconds before; what the match makes of it, and when it was pressed.
    async fn press(&self, early: i64) -> (Judged, i64) {
        self.play(Move::Join).await;
        for (expects, steer) in [(1, Steer::Start), (2, Steer::Open)] {
            let step = Asked::Steer {
                id: 1,
                expects,
                steer,
            };
            assert_eq!(self.post(HOST, step).await, StatusCode::OK);
        }
        tokio::time::sleep(Duration::from_millis(700)).await;
        let now = clock::micros();
        self.play(Move::Press {
            question: QUESTION,
            pressed: now + AHEAD - early,
        })
        .await;
        let told = self.polled(HOST).await;
        let judged = told.iter().find_map(|told| match told {
            Told::Event(event) => match event.event {
                Happened::Pressed { judged, .. } => Some(judged),
                _ => None,
            },
            _ => None,
        });
        (judged.unwrap(), now)
    }
}

fn pings(told: &[Told]) -> Vec<u32> {
    let pings = told.iter().filter_map(|told| match told {
        Told::Ping { id } => Some(*id),
        _ => None,
    });
    pings.collect()
}

/// The pings that come by a stream, as many as are wanted.
async fn pings_of(body: Body, wanted: usize, mut each: impl AsyncFnMut(u32)) {
    let mut chunks = body.into_data_stream();
    let mut seen = 0;
    while seen < wanted {
        let chunk = chunks.next().await.unwrap().unwrap();
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        for line in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
            for id in pings(&serde_json::from_str::<Vec<Told>>(line).unwrap()) {
                each(id).await;
                seen += 1;
            }
        }
    }
}

#[tokio::test]
async fn a_press_is_measured_where_pings_come_by_server_sent_events() {
    let world = World::new().await;
    pings_of(world.streamed().await, 8, async |id| {
        assert_eq!(world.pong(id).await, StatusCode::OK);
    })
    .await;
    let (judged, pressed) = world.press(0).await;
    assert_ne!(judged.clamped, Some(Clamp::Unmeasured));
    assert!((judged.made - pressed).abs() < 50_000, "{judged:?}");
}

#[tokio::test]
async fn a_press_is_measured_where_pings_come_by_polling() {
    let world = World::new().await;
    for _ in 0..8 {
        let told = world.polled(PLAYER).await;
        let [id] = pings(&told)[..] else {
            panic!("one ping a poll")
        };
        assert_eq!(world.pong(id).await, StatusCode::OK);
    }
    let (judged, pressed) = world.press(0).await;
    assert_ne!(judged.clamped, Some(Clamp::Unmeasured));
    assert!((judged.made - pressed).abs() < 50_000, "{judged:?}");
}

#[tokio::test]
async fn a_press_of_a_phone_that_answers_no_ping_counts_from_its_arrival() {
    let world = World::new().await;
    world.polled(PLAYER).await;
    let (judged, _) = world.press(0).await;
    assert_eq!(judged.clamped, Some(Clamp::Unmeasured));
}

#[tokio::test]
async fn a_connection_ends_with_its_session_and_not_before() {
    let world = World::new().await;
    let (_, _, Query(look)) = world.look();
    let soon = Duration::from_millis(20);
    let guest = async |visit: &Visit| guest(&world.state, visit, world.id, &look).await.unwrap();
    // The session of the visit is none of the database's: it is over.
    let over = guest(&World::visit(PLAYER)).await.signed_out(soon);
    let over = tokio::time::timeout(Duration::from_secs(5), over).await;
    over.expect("it is seen");
    let mut anybody = World::visit(PLAYER);
    anybody.viewer = None;
    let never = guest(&anybody).await.signed_out(soon);
    assert!(tokio::time::timeout(10 * soon, never).await.is_err());
}

#[tokio::test]
async fn a_page_of_somebodys_own_is_told_that_nobody_is_signed_in() {
    let world = World::new().await;
    let told = async |public| {
        let (state, path, Query(look)) = world.look();
        let look = Query(Look { public, ..look });
        let mut visit = World::visit(PLAYER);
        visit.viewer = None;
        let polled = log(state, visit, path, look);
        let body = polled
            .await
            .unwrap_or_else(|_| panic!("no answer"))
            .into_body();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        serde_json::from_slice::<Vec<Told>>(&body).unwrap()
    };
    assert_eq!(told(Some(false)).await, [Told::SignedOut]);
    for public in [None, Some(true)] {
        assert!(!told(public).await.contains(&Told::SignedOut));
    }
}

#[tokio::test]
async fn a_pong_by_post_that_is_doubled_guessed_or_a_strangers_is_refused() {
    let world = World::new().await;
    let id = pings(&world.polled(PLAYER).await)[0];
    assert_eq!(world.pong(id.wrapping_add(1)).await, StatusCode::CONFLICT);
    let stolen = Asked::Pong {
        id,
        received: 0,
        sent: 0,
    };
    for other in [HOST, person(2), person(77)] {
        assert_eq!(
            world.post(other, stolen.clone()).await,
            StatusCode::CONFLICT
        );
    }
    assert_eq!(world.pong(id).await, StatusCode::OK);
    assert_eq!(world.pong(id).await, StatusCode::CONFLICT);
    assert!(pings(&world.polled(HOST).await).is_empty(), "hosts");
}

#[tokio::test]
async fn a_lie_about_a_press_by_post_gains_the_bound_at_most() {
    let world = World::new().await;
    for _ in 0..8 {
        let id = pings(&world.polled(PLAYER).await)[0];
        world.pong(id).await;
    }
    let (judged, pressed) = world.press(600_000).await;
    assert!(judged.clamped.is_some(), "{judged:?}");
    let bound = Rules::default().buzzer.bound_ms * 1_000;
    assert!(pressed - judged.made <= bound, "{judged:?}");
}
