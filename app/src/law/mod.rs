//! Laws: the list, the contents of a law, and the reader.

pub mod page;
mod shelf;

pub use shelf::Shelf;
