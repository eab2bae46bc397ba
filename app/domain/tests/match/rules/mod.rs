//! The rules one by one.

mod answered;
mod buzzer;
mod host;
mod players;
mod rounds;
mod undo;
