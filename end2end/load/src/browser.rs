//! One learner's browser: a jar of cookies, a connection that stays open, time to think, and a
//! stopwatch on every request.

use crate::stats::Steps;
use domain::seed::Draw;
use platform::{clock, id};
use reqwest::cookie::{CookieStore, Jar};
use reqwest::{Client, RequestBuilder, StatusCode, Url, header};
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The longest that a request may take before it counts as failed.
const LONGEST: Duration = Duration::from_secs(30);

/// The step failed and is noted; what hangs on it can not be done.
#[derive(Debug)]
pub struct Failed;

/// What a step gives.
pub type Outcome<T> = Result<T, Failed>;

/// An answer that came, whatever it says.
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// Whether it is a page.
    pub html: bool,
    /// Where it sends to.
    pub location: Option<String>,
    /// The body.
    pub body: String,
}

/// A browser.
pub struct Browser {
    base: Url,
    client: Client,
    jar: Arc<Jar>,
    think: Duration,
    /// What was measured.
    pub steps: Steps,
    /// Chance, the same for the same seed.
    pub draw: Draw,
}

impl Browser {
    /// A browser without cookies that thinks `think` on average before each request.
    pub fn new(base: Url, think: Duration, seed: u64) -> anyhow::Result<Self> {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(jar.clone())
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(1)
            .tcp_nodelay(true)
            .no_proxy()
            .timeout(LONGEST)
            .build()?;
        Ok(Self {
            base,
            client,
            jar,
            think,
            steps: Steps::default(),
            draw: Draw::from_seed(seed),
        })
    }

    /// Waits between half and one and a half times the usual time.
    pub async fn think(&mut self) {
        let ms = u32::try_from(self.think.as_millis()).unwrap_or(u32::MAX / 2);
        if ms > 0 {
            let ms = ms / 2 + self.draw.below(ms + 1);
            tokio::time::sleep(Duration::from_millis(u64::from(ms))).await;
        }
    }

    /// A new id for a change.
    pub fn event(&mut self, step: &'static str) -> Outcome<domain::id::EventId> {
        match id::fresh(clock::now()) {
            Ok(id) => Ok(domain::id::EventId(id)),
            Err(error) => self.fail(step, error.to_string()),
        }
    }

    /// Notes a failure.
    pub fn fail<T>(&mut self, step: &'static str, why: impl Into<String>) -> Outcome<T> {
        self.steps.failed(step, why);
        Err(Failed)
    }

    /// The value, or a failure with a reason.
    pub fn need<T>(&mut self, step: &'static str, value: Option<T>, why: &str) -> Outcome<T> {
        value.map_or_else(|| self.fail(step, why), Ok)
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let all = self.jar.cookies(&self.base)?;
        let all = all.to_str().ok()?;
        all.split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(n, value)| (n == name).then(|| value.to_owned()))
    }

    fn url(&mut self, step: &'static str, path: &str) -> Outcome<Url> {
        match self.base.join(path) {
            Ok(url) => Ok(url),
            Err(_) => self.fail(step, "no such address"),
        }
    }

    async fn send(&mut self, step: &'static str, request: RequestBuilder) -> Outcome<Answered> {
        let began = Instant::now();
        let answered = read(request).await;
        self.steps.took(step, began.elapsed());
        answered.or_else(|why| self.fail(step, why))
    }

    /// Opens a page.
    pub async fn get(&mut self, step: &'static str, path: &str) -> Outcome<String> {
        self.think().await;
        let url = self.url(step, path)?;
        let answered = self.send(step, self.client.get(url)).await?;
        match (answered.status, answered.html) {
            (StatusCode::OK, true) => Ok(answered.body),
            (StatusCode::OK, false) => self.fail(step, "not a page"),
            (status, _) => self.fail(step, format!("status {}", status.as_u16())),
        }
    }

    /// Asks for something that is no page, without a thought and without a step.
    pub async fn plain(&self, path: &str) -> Result<Answered, String> {
        let url = self.base.join(path).map_err(|e| e.to_string())?;
        read(self.client.get(url)).await
    }

    /// Sends a form and takes whatever answer comes, without a thought and without a step; or
    /// says why there was none.
    pub async fn post(&self, path: &str, fields: &[(String, String)]) -> Result<Answered, String> {
        let url = self.base.join(path).map_err(|e| e.to_string())?;
        read(self.client.post(url).form(fields)).await
    }

    /// Sends a form that leads on, and says where to.
    pub async fn submit(
        &mut self,
        step: &'static str,
        path: &str,
        fields: &[(String, String)],
    ) -> Outcome<String> {
        self.think().await;
        let url = self.url(step, path)?;
        let answered = self.send(step, self.client.post(url).form(fields)).await?;
        match (answered.status, answered.location) {
            (StatusCode::SEE_OTHER, Some(to)) => Ok(to),
            (status, _) => self.fail(step, format!("status {}", status.as_u16())),
        }
    }

    /// Calls a server function.
    pub async fn call(&mut self, step: &'static str, path: &str, body: &Value) -> Outcome<Value> {
        let url = self.url(step, path)?;
        let request = self.client.post(url).json(body);
        let request = request.header(header::ACCEPT, "application/json");
        let answered = self.send(step, request).await?;
        let json: Value = serde_json::from_str(&answered.body).unwrap_or_default();
        if answered.status == StatusCode::OK {
            return Ok(json);
        }
        let code = json["code"].as_str().unwrap_or("no code");
        self.fail(step, format!("status {}: {code}", answered.status.as_u16()))
    }

    /// Calls again what was answered before: the answer must be the same.
    pub async fn again(
        &mut self,
        step: &'static str,
        path: &str,
        body: &Value,
        before: &Value,
    ) -> Outcome<()> {
        let now = self.call(step, path, body).await?;
        if now == *before {
            return Ok(());
        }
        self.fail(step, "another answer than before")
    }
}

/// The answer, or in a few words why there was none; no address in them, so that equal failures
/// are counted together.
async fn read(request: RequestBuilder) -> Result<Answered, String> {
    let answered = async {
        let response = request.send().await?;
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let location = header(header::LOCATION);
        let html = header(header::CONTENT_TYPE).is_some_and(|t| t.starts_with("text/html"));
        reqwest::Result::Ok(Answered {
            status: response.status(),
            html,
            location,
            body: response.text().await?,
        })
    };
    answered.await.map_err(|error| {
        if error.is_timeout() {
            "timed out".to_owned()
        } else if error.is_connect() {
            "no connection".to_owned()
        } else {
            format!("broken off: {}", innermost(&error))
        }
    })
}

/// The cause behind all others.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
