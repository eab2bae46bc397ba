//! Password hashing: argon2id (RFC 9106; 19 MiB, two passes, one lane, as OWASP advises) on a
//! small pool of its own. One hash is about 20 ms of a core, so ten thousand people who sign in
//! at once are a queue: the queue has a limit and says how many are before you.

use crate::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// The pool.
#[derive(Clone)]
pub struct Hasher {
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    limit: usize,
    /// What an unknown account is checked against.
    nobody: Arc<str>,
}

/// Counts down when a waiter is served or gone.
struct Place(Arc<AtomicUsize>);
impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Hasher {
    /// A pool of `workers` that lets `limit` people wait.
    ///
    /// # Errors
    /// [`Error::Fault`] when the system has no randomness.
    pub fn new(workers: usize, limit: usize) -> Result<Self> {
        Ok(Self {
            permits: Arc::new(Semaphore::new(workers.max(1))),
            waiting: Arc::default(),
            limit,
            nobody: hash_now("nobody has this password")?.into(),
        })
    }

    /// The hash of a password, as a PHC string.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || hash_now(&password)).await
    }

    /// Whether `password` belongs to `stored`; false, after the same work, where there is none.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.to_string());
        let right = self
            .run(move || {
                let hash = PasswordHash::new(&stored)
                    .map_err(|e| Error::Fault(anyhow::anyhow!("stored hash: {e}")))?;
                Ok(Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok())
            })
            .await?;
        Ok(right && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Place(self.waiting.clone());
        if before >= self.limit {
            return Err(Error::Busy(before));
        }
        let permit = self.permits.clone().acquire_owned().await;
        let permit = permit.map_err(|e| Error::Fault(e.into()))?;
        // Permit and place move into the task: dropped with the request they would free a place
        // while the core still works.
        let task = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop((permit, place));
            outcome
        });
        task.await.map_err(|e| Error::Fault(e.into()))?
    }
}

fn hash_now(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|h| h.to_string())
        .map_err(|e| Error::Fault(anyhow::anyhow!("hashing: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let hasher = Hasher::new(1, 4).unwrap();
        let hash = hasher.hash("纸上得来终觉浅".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            hasher
                .verify("纸上得来终觉浅".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify("绝知此事要躬行".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify("nobody has this password".into(), None)
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn who_comes_when_the_queue_is_full_is_told_at_once() {
        let hasher = Hasher::new(1, 2).unwrap();
        let many = (0..6).map(|_| hasher.verify("x".into(), None));
        let answers = futures_util::future::join_all(many).await;
        let told = answers
            .iter()
            .filter(|a| matches!(a, Err(Error::Busy(_))))
            .count();
        assert_eq!(told, 4);
        assert!(
            hasher.verify("x".into(), None).await.is_ok(),
            "the queue is free again"
        );
    }
}
