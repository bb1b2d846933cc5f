//! LTI 1.3 and Advantage: OpenID Connect launches, and services with tokens.
//!
//! A launch: [`login::Login::read`] and [`login::Login::redirect`], then the LMS posts an id_token; the login is looked
//! up by its state, then [`jwt::Unverified::read`], then the LMS's keys are fetched, then [`jwt::Unverified::verify`],
//! then [`launch::Launch::read`].
//!
//! What a launch offers beside: [`deep_linking`] answers with links; [`ags`] takes grades and [`nrps`] gives rosters, both
//! with a token that [`service_token`] asks for; [`registration`] sets all of it up.

pub mod ags;
pub mod claims;
pub mod deep_linking;
pub mod jwt;
pub mod keys;
pub mod launch;
pub mod login;
pub mod migration;
pub mod nrps;
pub mod pages;
pub mod refusal;
pub mod registration;
pub mod service_token;
pub mod signing;

/// What the names of LTI's claims begin with.
const CLAIM: &str = "https://purl.imsglobal.org/spec/lti/claim/";
