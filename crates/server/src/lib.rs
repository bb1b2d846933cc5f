//! Homeroom's server: the organization server for schools. `ARCHITECTURE.md` is the map.

pub mod app;
pub mod config;
pub mod router;

// what a school has
pub mod access_tokens;
pub mod account;
pub mod apps;
pub mod assignments;
pub mod audit;
pub mod classes;
pub mod collections;
pub mod documents;
pub mod groups;
pub mod invitations;
pub mod licenses;
pub mod lti;
pub mod mail;
pub mod mailed_links;
pub mod me;
pub mod oauth;
pub mod organizations;
pub mod resets;
pub mod scores;
pub mod second_factors;
pub mod sessions;
pub mod signin_links;
pub mod submissions;
pub mod users;

// what they stand on
pub mod clock;
pub mod crypto;
pub mod db;
pub mod demo;
pub mod error;
pub mod html;
pub mod http;
pub mod jobs;
pub mod random;
pub mod text;

pub use app::App;
pub use error::{Error, Result};
