//! One's own account: the page on which a person sees and changes it.
pub mod pages;
