//! Who someone is: signing in and out, the password, the account's page.

pub mod form;
pub mod page;
