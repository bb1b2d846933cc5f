//! How good a new password is, by zxcvbn.

use zxcvbn::{Score, zxcvbn};

/// Whether a password could be guessed in a few tries, by somebody who knows the words `about` its owner too.
pub fn is_weak(password: &str, about: &[&str]) -> bool {
    zxcvbn(password, about).score() < Score::Two
}
