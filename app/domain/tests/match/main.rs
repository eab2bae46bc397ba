//! The live match: its rules one by one, every message in every phase from every role, and
//! a thousand whole matches over a network that loses, doubles, delays and crashes.

mod fuzz;
mod rules;
mod simulation;
mod table;
mod world;
