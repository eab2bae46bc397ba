//! Every service, on SQLite and on PostgreSQL. One program: twenty of them took longer to link than to
//! run, and while one test waits for a clock others run.

mod certificate;
mod challenge;
mod check;
mod contest;
mod credits;
mod db;
mod edit;
mod identity;
mod law;
mod r#match;
mod org;
mod practice;
mod quick;
mod ranking;
mod receipt;
mod review;
mod starter;
mod study;
mod team;
mod world;
