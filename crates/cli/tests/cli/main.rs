//! The program as its users meet it: started, given input, read, stopped.
#![allow(clippy::unwrap_used)]

mod apps;
mod audit;
mod backup;
mod copy;
mod crowding;
mod demo;
mod doctor;
mod help;
mod invitations;
mod licenses;
mod log;
mod lti_credentials;
mod mail;
mod me;
mod organizations;
mod restore;
mod serving;
mod settings;
mod stopping;
mod support;
mod tokens;
mod users;
