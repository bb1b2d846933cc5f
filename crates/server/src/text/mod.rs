//! Text that people type: how it is compared, and what a field accepts.
mod email;
mod field;
mod fold;
mod locale;
mod messages;
mod strength;

pub use email::email;
pub use field::{is_variation_selector, line, optional_line, reject_nul};
pub use fold::fold;
pub use locale::locale;
pub use messages::Language;
pub use strength::{Weakness, weakness};
