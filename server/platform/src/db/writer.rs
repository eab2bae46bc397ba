//! The one writer of SQLite: a thread with the only writing connection.
//!
//! Jobs that wait are put into one transaction, each inside a savepoint of its own, and every
//! caller is answered after the commit that holds its job. With `synchronous=full` a commit costs
//! a sync of the disk; sharing it is what makes many small writes cheap.
//!
//! What is left of a job's cost is not SQLite's work but the way there and back: sqlx runs each
//! statement on a thread of the connection's own. As a task among those that answer requests the
//! writer waited its turn after each of them; on a thread of its own it does not. The two threads
//! work by turns, so both stay on one core, where a turn is handed over without waking another.

use super::checkpoint::Log;
use super::sqlite::{Ahead, Writing};
use super::{Tx, Work};
use crate::{Error, Result};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// The most jobs in one commit.
const GROUP: usize = 256;
/// The most jobs that wait; who comes then waits at the door.
const QUEUE: usize = 4096;

/// The shortest time from one commit to the next while several jobs come at once: those that come
/// meanwhile share it. Who writes alone never waits.
const APART: Duration = Duration::from_millis(2);

/// Tells a caller how its job ended, once it is known whether the commit held.
type Answer = Box<dyn FnOnce(Option<Error>) + Send>;
/// Runs a job, or tells it why there is no transaction: whether its changes stay, and how to answer.
type Job = Box<dyn for<'a> FnOnce(Result<&'a mut Tx>) -> BoxFuture<'a, (bool, Answer)> + Send>;

/// What the writer is told.
enum Message {
    /// Do this.
    Job(Job),
    /// Finish what waits and say so.
    Stop(oneshot::Sender<()>),
}

/// The way to the writing thread.
#[derive(Clone)]
pub struct Writer(mpsc::Sender<Message>);

impl Writer {
    /// Starts the thread, which opens the database and runs the migrations that are new; it ends
    /// when the last [`Writer`] is dropped or stopped.
    ///
    /// # Errors
    /// A database that can not be opened or migrated.
    pub(super) async fn start(options: SqliteConnectOptions) -> anyhow::Result<Self> {
        // Opened here, so that its thread is none of those that come first.
        let log = Log::new(SqliteConnection::connect_with(&options).await?);
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (ready, opened) = oneshot::channel();
        // No sockets and no clock: so it sleeps on a lock, and the other thread wakes it without a
        // detour by the selector.
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let thread = std::thread::Builder::new().name("writer".to_owned());
        thread.spawn(move || {
            // With it the thread that sqlx starts for the connection.
            stay_on_one_core();
            come_first();
            runtime.block_on(async {
                let connection = open(&options).await;
                let (connection, outcome) = match connection {
                    Ok(connection) => (Some(connection), Ok(())),
                    Err(error) => (None, Err(error)),
                };
                let _ = ready.send(outcome);
                if let Some(connection) = connection {
                    let tx = Tx::Sqlite(Box::new(Writing::new(connection)));
                    write_all(tx, log, receiver).await;
                }
            });
        })?;
        opened.await??;
        Ok(Self(sender))
    }

    /// Queues `work` and waits for the commit that holds it.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> Work<'a, T> + Send + 'static,
    {
        let (done, answer) = oneshot::channel::<Result<T>>();
        let job: Job = Box::new(move |tx| {
            Box::pin(async move {
                let outcome = match tx {
                    Ok(tx) => AssertUnwindSafe(work(tx))
                        .catch_unwind()
                        .await
                        .unwrap_or_else(|_| Err(Error::Fault(anyhow::anyhow!("panicked")))),
                    Err(error) => Err(error),
                };
                let keep = outcome.is_ok();
                let answer: Answer = Box::new(move |failed: Option<Error>| {
                    // A caller who is gone needs no answer.
                    let _ = done.send(match failed {
                        Some(error) if keep => Err(error),
                        _ => outcome,
                    });
                });
                (keep, answer)
            })
        });
        let gone = || Error::Fault(anyhow::anyhow!("the writer has stopped"));
        self.0.send(Message::Job(job)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Waits until everything queued before is committed, and ends the thread.
    pub(super) async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.0.send(Message::Stop(done)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

/// Keeps this thread, and those it starts, on the last core that the program may use: the first
/// ones serve the interrupts of disks and networks. Where that is refused, it is only slower.
#[cfg(target_os = "linux")]
fn stay_on_one_core() {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let kept = sched_getaffinity(None).and_then(|allowed| {
        let last = (0..CpuSet::MAX_CPU).rev().find(|cpu| allowed.is_set(*cpu));
        let mut one = CpuSet::new();
        one.set(last.unwrap_or(0));
        sched_setaffinity(None, &one)
    });
    if let Err(error) = kept {
        tracing::warn!(%error, "the writer stays on no core");
    }
}

#[cfg(not(target_os = "linux"))]
fn stay_on_one_core() {}

/// Lets this thread, and those it starts, go before the others: everyone's answer waits for it, and
/// it never has more to do than they give it. Only where the program may (root, `CAP_SYS_NICE`,
/// systemd's `LimitNICE`); elsewhere it takes its turn.
#[cfg(target_os = "linux")]
fn come_first() {
    const NICE: i32 = -10;
    // Of Linux, "this process" is this thread alone.
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::info!(%error, "the writer takes its turn");
    }
}

#[cfg(not(target_os = "linux"))]
fn come_first() {}

async fn open(options: &SqliteConnectOptions) -> anyhow::Result<SqliteConnection> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    super::MIGRATIONS.run(&mut connection).await?;
    Ok(connection)
}

async fn write_all(mut tx: Tx, mut log: Log, mut queue: mpsc::Receiver<Message>) {
    let mut last = None;
    while let Some(message) = queue.recv().await {
        if let Some(last) = last {
            // This thread has nothing else to do.
            std::thread::sleep(APART.saturating_sub(Instant::elapsed(&last)));
        }
        let begun = Instant::now();
        let mut next = Some(message);
        let mut jobs = Vec::new();
        let mut stop = None;
        while let Some(message) = next.take() {
            match message {
                Message::Job(job) => jobs.push(job),
                Message::Stop(done) => {
                    stop = Some(done);
                    break;
                }
            }
            if jobs.len() < GROUP {
                next = queue.try_recv().ok();
            }
        }
        last = (jobs.len() > 1).then_some(begun);
        if !jobs.is_empty() {
            commit_together(&mut tx, jobs).await;
            log.follow(writing(&mut tx)).await;
        }
        if let Some(done) = stop {
            // Closed, and not only dropped: then nothing is left to be written into the file.
            let Tx::Sqlite(connection) = tx else { return };
            for closed in [log.close().await, connection.close().await] {
                if let Err(error) = closed {
                    tracing::error!(error = format!("{error:#}"), "the writer was not closed");
                }
            }
            let _ = done.send(());
            return;
        }
    }
}

fn writing(tx: &mut Tx) -> &mut Writing {
    let Tx::Sqlite(connection) = tx else {
        unreachable!("the writer is SQLite's")
    };
    connection
}

/// Runs `jobs` in one transaction and answers all of them.
async fn commit_together(tx: &mut Tx, jobs: Vec<Job>) {
    let mut answers = Vec::with_capacity(jobs.len());
    let mut outcome = Ok(());
    writing(tx).ahead = Some(Ahead::Begin);
    for job in jobs {
        let (keep, answer) = match &outcome {
            Ok(()) => job(Ok(tx)).await,
            Err(error) => job(Err(fault(error))).await,
        };
        answers.push(answer);
        if outcome.is_ok() {
            outcome = end_job(writing(tx), keep).await;
        }
    }
    let connection = writing(tx);
    // Of jobs that sent nothing there is nothing to commit.
    if outcome.is_ok() && connection.ahead != Some(Ahead::Begin) {
        outcome = connection.control("release job; commit").await;
    }
    connection.ahead = None;
    metrics::histogram!("zhijian_commit_jobs").record(answers.len() as f64);
    let failure = outcome.err();
    if let Some(error) = &failure {
        tracing::error!(error = format!("{error:#}"), "commit failed");
        // Nothing to do when there was no transaction to undo.
        let _ = connection.control("rollback").await;
    }
    for answer in answers {
        answer(failure.as_ref().map(fault));
    }
}

/// Ends a job: what it did stays, or is undone at once. One that sent nothing leaves to the next
/// what was to be sent ahead.
async fn end_job(connection: &mut Writing, keep: bool) -> Result<()> {
    if let Some(why) = connection.broken.take() {
        return Err(Error::Fault(anyhow::anyhow!(why)));
    }
    if connection.ahead.is_some() {
        return Ok(());
    }
    if keep {
        connection.ahead = Some(Ahead::Next);
        return Ok(());
    }
    connection.control("rollback to job").await // and the next job is in it
}

/// What a caller is told whose job shared the fate of its group.
fn fault(why: &Error) -> Error {
    let cause = match why {
        Error::Fault(cause) => format!("{cause:#}"),
        other => other.to_string(),
    };
    Error::Fault(anyhow::anyhow!("not written: {cause}"))
}
