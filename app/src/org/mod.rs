//! The organisation as its administrators and liaisons see it.

pub mod page;
