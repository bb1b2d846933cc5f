//! LTI messages: parsed, verified, built. An LMS (the platform) launches people into Homeroom (the tool).
//!
//! Pure: what time it is, what is random, what a key is and what stands in the database comes as an argument, and what
//! must be sent comes back as a value. So every check can be tested without a server.
//!
//! | module | what |
//! |---|---|
//! | [`roles`] | what the LMS says a person is, and what this makes of them here |
//! | [`person`], [`place`] | the parts that launches of every version have |
//! | [`return_url`] | the address at the LMS to which a person goes back |
//! | [`v1p1`] | LTI 1.0 and 1.1: signed forms, outcomes, Content-Item, the cartridge |
//! | [`v1p3`] | LTI 1.3 and Advantage: id_tokens, Deep Linking, grades, rosters, registration |

pub mod person;
pub mod place;
pub mod return_url;
pub mod roles;
pub mod v1p1;
pub mod v1p3;
