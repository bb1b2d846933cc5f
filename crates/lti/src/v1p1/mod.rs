//! LTI 1.0 and 1.1: a form, signed by OAuth 1.0a with a secret that both sides know.
//!
//! A launch: [`request::Signed::read`], then the secret is looked up by its consumer key, then
//! [`request::Signed::verify`], then the nonce is stored (it must not be there), then [`launch::Message::read`].

pub mod cartridge;
pub mod content_item;
mod fields;
pub mod launch;
pub mod outcomes;
pub mod parameters;
pub mod refusal;
pub mod request;
pub mod signature;
pub mod signing;
