//! Pages: one layout, one stylesheet, a few small scripts. They work without scripts, and load nothing from elsewhere.
mod assets;
mod failure;
mod layout;
mod problem;
mod respond;
mod told;

pub use assets::asset;
pub use layout::Layout;
pub use problem::{Problem, problem};
pub use respond::{finish, page, page_with_status, see_other};
pub use told::Told;
