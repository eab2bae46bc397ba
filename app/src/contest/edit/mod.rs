//! `/admin/contests`: an editor makes, tries and publishes contests.
//!
//! A contest is edited in one form ([`sheet`]) that posts flat fields ([`typed`]); what is wrong
//! comes back beside its field with everything that was typed. Start at [`form::save`].

mod entry;
mod field;
pub mod form;
pub mod list;
pub mod new;
pub mod page;
pub mod preview;
mod sheet;
pub mod stage;
mod typed;
