//! The first page: what to do next.

pub mod page;
