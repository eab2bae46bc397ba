//! Types and rules of 指尖学法.
//!
//! Every rule is a pure function or a state machine: no clock, no I/O, no randomness that is not
//! passed in. The browser and the server run the same code. One module a capability, with the
//! same name as in `platform`, `app` and `end2end`. Start reading at [`credits`] for the ledger,
//! at [`study`] for study time and at [`contest`] for papers, ranks and bonus credits.
#![warn(missing_docs)]

pub mod contest;
pub mod credits;
pub mod id;
pub mod law;
pub mod org;
pub mod practice;
pub mod question;
pub mod seed;
pub mod study;
pub mod time;
