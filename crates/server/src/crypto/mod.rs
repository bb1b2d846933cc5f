//! Keys, tokens and password hashes.
mod keys;
mod password;
mod token;

pub use keys::{Keys, SecretKey};
pub use password::{PasswordHash, PasswordHasher};
pub use token::{NewToken, TokenHash};
