//! Credits: the ledger as its owner sees it.

pub mod page;
