//! LTI 1.0 and 1.1: a form, signed by OAuth 1.0a with a secret that both sides know.

pub mod parameters;
pub mod signature;
pub mod signing;
