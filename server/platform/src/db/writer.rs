//! The one writer of SQLite: a task with the only writing connection.
//!
//! Jobs that wait are put into one transaction, each inside a savepoint of its own, and every
//! caller is answered after the commit that holds its job. With `synchronous=full` a commit costs
//! a sync of the disk; sharing it is what makes many small writes cheap.

use super::{Tx, Work};
use crate::{Error, Result};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::SqliteConnection;
use std::panic::AssertUnwindSafe;
use tokio::sync::{mpsc, oneshot};

/// The most jobs in one commit.
const GROUP: usize = 256;
/// The most jobs that wait; who comes then waits at the door.
const QUEUE: usize = 4096;

/// Tells a caller how its job ended, once it is known whether the commit held.
type Answer = Box<dyn FnOnce(Option<Error>) + Send>;
/// Runs a job: whether its changes stay, and how to answer.
type Job = Box<dyn for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, (bool, Answer)> + Send>;

/// What the writer is told.
enum Message {
    /// Do this.
    Job(Job),
    /// Finish what waits and say so.
    Stop(oneshot::Sender<()>),
}

/// The way to the writing task.
#[derive(Clone)]
pub struct Writer(mpsc::Sender<Message>);

impl Writer {
    /// Starts the task; it ends when the last [`Writer`] is dropped or stopped.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(Tx::Sqlite(Box::new(connection)), receiver));
        Self(sender)
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
                let outcome = AssertUnwindSafe(work(tx)).catch_unwind().await;
                let outcome =
                    outcome.unwrap_or_else(|_| Err(Error::Fault(anyhow::anyhow!("panicked"))));
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

    /// Waits until everything queued before is committed, and ends the task.
    pub(super) async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.0.send(Message::Stop(done)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

async fn write_all(mut tx: Tx, mut queue: mpsc::Receiver<Message>) {
    while let Some(message) = queue.recv().await {
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
        if !jobs.is_empty() {
            commit_together(&mut tx, jobs).await;
        }
        if let Some(done) = stop {
            drop(tx);
            let _ = done.send(());
            return;
        }
    }
}

/// Runs a control statement; such statements are literals of this module.
async fn control(tx: &mut Tx, statement: &'static str) -> Result<()> {
    let Tx::Sqlite(connection) = tx else {
        unreachable!("the writer is SQLite's")
    };
    sqlx::query(statement).execute(&mut **connection).await?;
    Ok(())
}

async fn commit_together(tx: &mut Tx, jobs: Vec<Job>) {
    let mut answers = Vec::with_capacity(jobs.len());
    let begun = control(tx, "begin immediate").await;
    let mut failed = begun.is_err();
    for job in jobs {
        if failed {
            break; // dropped jobs are answered by their closed channel
        }
        failed |= control(tx, "savepoint job").await.is_err();
        let (keep, answer) = job(tx).await;
        if !keep {
            failed |= control(tx, "rollback to job").await.is_err();
        }
        failed |= control(tx, "release job").await.is_err();
        answers.push(answer);
    }
    let committed = if failed {
        Err(fault("a group could not be written"))
    } else {
        control(tx, "commit").await
    };
    metrics::histogram!("zhijian_commit_jobs").record(answers.len() as f64);
    let failure = committed.err();
    if let Some(error) = &failure {
        tracing::error!(error = format!("{error:#}"), "commit failed");
        // Nothing to do when there was no transaction to undo.
        let _ = control(tx, "rollback").await;
    }
    for answer in answers {
        answer(failure.as_ref().map(|e| fault(&e.to_string())));
    }
}

fn fault(why: &str) -> Error {
    Error::Fault(anyhow::anyhow!("not written: {why}"))
}
