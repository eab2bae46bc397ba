//! The rules one by one.

mod host;
mod players;
mod rounds;
mod undo;
