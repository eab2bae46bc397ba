//! Pages of laws, kept ready. The words of a version change by an import and by nothing else, so
//! the HTML of its contents and of each section is made once and belongs to a revision of the
//! laws; after an import nobody asks for the old ones any more and they are pushed out.
//!
//! What hangs on the visitor (the place they read last, their clock) is not kept.

use crate::words::Language;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// Bytes of HTML that are kept at most: about the 100 laws that are read.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Which page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The revision of the laws.
    pub revision: i64,
    /// The language of what is not statute.
    pub language: Language,
    /// The law's address.
    pub law: String,
    /// The version that was asked for; the newest where none was.
    pub version: Option<String>,
    /// The place in the law; its contents where there is none.
    pub place: Option<String>,
}

/// A page of a law without its frame.
pub struct Leaf {
    /// What it is called.
    pub title: String,
    /// The date of its version.
    pub version_date: String,
    /// The date of the law's newest version.
    pub newest: String,
    /// What stands in `main`.
    pub html: String,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Leaf>> for Bytes {
    fn weight(&self, _: &Key, leaf: &Arc<Leaf>) -> u64 {
        leaf.html.len() as u64
    }
}

/// The pages that are ready.
#[derive(Clone)]
pub struct Shelf(Arc<Cache<Key, Arc<Leaf>, Bytes>>);

impl Default for Shelf {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(2_000, LARGEST, Bytes)))
    }
}

impl Shelf {
    /// A page, made now if it is not there. What can not be made is not kept.
    ///
    /// # Errors
    /// What `make` answers.
    pub async fn take<E>(
        &self,
        key: Key,
        make: impl Future<Output = Result<Leaf, E>>,
    ) -> Result<Arc<Leaf>, E> {
        if let Some(leaf) = self.0.get(&key) {
            return Ok(leaf);
        }
        let leaf = Arc::new(make.await?);
        self.0.insert(key, leaf.clone());
        Ok(leaf)
    }
}
