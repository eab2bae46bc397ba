//! The laws: brought in from files, and read.
//!
//! A law has versions, a version has parts (人格权编; one part with no name where the law is in
//! one piece), and a part has nodes: headings, articles, and text outside articles. Nodes are
//! gathered into sections; one section is what one page of the reader shows. [`import`] is the
//! only writer of these tables and makes the HTML once; [`read`] hands it out. How a file is
//! understood is [`domain::law`]'s matter, how it is cut into sections is `layout`'s.

mod folder;
pub mod import;
mod layout;
mod outline;
pub mod read;
mod report;
mod view;

pub use read::exists;
