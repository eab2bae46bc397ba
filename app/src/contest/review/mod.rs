//! After a contest closes: what learners object to, what editors decide about it, and the record
//! that everyone reads.
//!
//! An editor decides in three steps that are three pages: the question with what was said of it
//! ([`question`]), the dry run that names whom a ruling would move ([`dry_run`]), and the record
//! ([`page`]). Learners object from the sheet of their own answers ([`objection`]) and read what
//! moved for them ([`record`]).

pub mod dry_run;
pub mod form;
pub mod objection;
pub mod page;
pub mod question;
pub mod record;
mod told;

pub use told::{marked, noted, standing_of};
