//! Messages that an LMS sends, and what becomes of them: good ones, and bad ones each with its reason.
#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod platform;
mod return_url;
mod roles;
mod v1p1;
mod v1p1_bad;
mod v1p1_content_item;
mod v1p1_signature;
mod v1p1_xml;
mod v1p3;
mod v1p3_bad;
mod v1p3_deep_linking;
mod v1p3_registration;
mod v1p3_services;
