//! A page beside a bare handler that serves the same bytes: what rendering and everything around
//! it costs. Both are asked by the same client over as many connections, in turns, so that a
//! noisy machine is noisy for both.

pub mod bare;
mod wire;

use crate::machine::Machine;
use crate::stats::{hundredths, median};
use anyhow::{Context, bail};
use reqwest::Url;
use serde::Serialize;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use wire::Wire;

/// Connections at once.
const CONNECTIONS: usize = 16;
/// Rounds of each.
const ROUNDS: usize = 5;

/// The longest that is waited for an answer.
const LONGEST: Duration = Duration::from_secs(30);

/// What to ask for.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    base: crate::Base,
    /// The page, one that needs no account, as /laws/民法典.
    #[arg(long)]
    path: String,
    /// Seconds of a round; there are five of each, in turns.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// What to accept as Content-Encoding, as br or gzip; the plain page when left out.
    #[arg(long)]
    encoding: Option<String>,
}

#[derive(Serialize)]
struct Report {
    machine: Machine,
    path: String,
    encoding: Option<String>,
    bytes: usize,
    connections: usize,
    product_rounds: Vec<f64>,
    bare_rounds: Vec<f64>,
    product_per_s: f64,
    bare_per_s: f64,
    /// How many times as many the bare handler serves.
    ratio: f64,
}

/// Measures and prints; whether every answer was right.
pub async fn run(options: Options, json: bool) -> anyhow::Result<bool> {
    let url = options.base.base.join(&options.path)?;
    let request = request(&url, options.encoding.as_deref());
    let address = address(&url)?;
    let mut wire = Wire::connect(&address).await?;
    wire.ask(&request).await.context("the page")?;
    if wire.status() != Some(200) {
        bail!("{} answered {:?}", options.path, wire.status());
    }
    let bytes = wire.body().to_vec();
    let length = bytes.len();
    let encoding = wire.header("content-encoding");
    let bare = bare::serve(bytes, encoding.as_deref())?;

    let round = Duration::from_secs_f64(options.seconds.clamp(0.1, 600.0));
    let warm = round.min(Duration::from_secs(1));
    rate(&address, &request, length, warm).await?;
    rate(&bare, &request, length, warm).await?;
    let (mut product_rounds, mut bare_rounds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        product_rounds.push(hundredths(rate(&address, &request, length, round).await?));
        bare_rounds.push(hundredths(rate(&bare, &request, length, round).await?));
    }
    let (product, bare) = (median(&product_rounds), median(&bare_rounds));
    let report = Report {
        machine: Machine::here(),
        path: options.path,
        encoding,
        bytes: length,
        connections: CONNECTIONS,
        product_rounds,
        bare_rounds,
        product_per_s: product,
        bare_per_s: bare,
        ratio: hundredths(bare / product.max(0.01)),
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    Ok(true)
}

fn print(report: &Report) {
    let encoding = report.encoding.as_deref().unwrap_or("not compressed");
    println!("machine    {}", report.machine);
    println!(
        "page       {}, {} bytes, {encoding}, {} connections",
        report.path, report.bytes, report.connections
    );
    let line = |name: &str, rounds: &[f64], middle: f64| {
        let rounds: Vec<String> = rounds.iter().map(|r| format!("{r:.0}")).collect();
        println!(
            "{name:<11}{middle:.0} a second (rounds: {})",
            rounds.join(" ")
        );
    };
    line("product", &report.product_rounds, report.product_per_s);
    line("bare axum", &report.bare_rounds, report.bare_per_s);
    println!(
        "ratio      the bare handler serves {:.2} times as many",
        report.ratio
    );
}

/// Where to connect to.
fn address(url: &Url) -> anyhow::Result<String> {
    let host = url.host_str().context("the address has no host")?;
    let port = url.port_or_known_default().unwrap_or(80);
    Ok(format!("{host}:{port}"))
}

/// The bytes of a request for it.
fn request(url: &Url, encoding: Option<&str>) -> Vec<u8> {
    let accept = encoding.map_or(String::new(), |e| format!("Accept-Encoding: {e}\r\n"));
    let host = url.authority();
    format!(
        "GET {} HTTP/1.1\r\nHost: {host}\r\n{accept}\r\n",
        url.path()
    )
    .into_bytes()
}

/// Requests a second over all connections for so long.
async fn rate(
    address: &str,
    request: &[u8],
    length: usize,
    round: Duration,
) -> anyhow::Result<f64> {
    let mut wires = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        wires.push(Wire::connect(address).await?);
    }
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for mut wire in wires {
        let request = request.to_vec();
        tasks.spawn(async move {
            let mut count = 0_u64;
            while began.elapsed() < round {
                wire.ask(&request).await?;
                if wire.status() != Some(200) || !is_near(wire.body().len(), length) {
                    bail!("{:?}, {} bytes", wire.status(), wire.body().len());
                }
                count += 1;
            }
            anyhow::Ok(count)
        });
    }
    let mut count = 0;
    let all = async {
        while let Some(task) = tasks.join_next().await {
            count += task??;
        }
        anyhow::Ok(())
    };
    let late = "an answer that does not come";
    timeout(round + LONGEST, all).await.context(late)??;
    Ok(count as f64 / began.elapsed().as_secs_f64())
}

/// A nonce that is compressed has not always the same length; another page differs by more.
fn is_near(length: usize, expected: usize) -> bool {
    length.abs_diff(expected) <= 64
}
