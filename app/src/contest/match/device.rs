//! What tells the pages of a person apart: the server lets one of them play, the newest.
//!
//! The rule guarded here: two pages that are open never share an id, not even where a tab was
//! doubled with all that it keeps. So a page that is looked at has its id to itself, and lays it
//! down in its tab only while it is hidden or left: a reload, and a phone that let the page go in
//! the meantime, take it up again.

use crate::browser;
use domain::id::DeviceId;

/// Where a tab keeps the id of the page that was here.
const NAME: &str = "zhijian.device";

/// The id for a page that begins, and whether it is that of the page which was here before.
pub fn take() -> (DeviceId, bool) {
    let before = browser::in_session(NAME);
    hold();
    let fresh = || DeviceId(browser::event_id().0);
    (before.unwrap_or_else(fresh), before.is_some())
}

/// The page is looked at.
pub fn hold() {
    browser::keep_in_session(NAME, &None::<DeviceId>);
}

/// The page is hidden or left.
pub fn lay_down(device: DeviceId) {
    browser::keep_in_session(NAME, &device);
}
