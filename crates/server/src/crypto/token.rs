//! Opaque tokens: `hr_`, 43 base62 characters, and 6 of checksum, so that scanners for leaked secrets find them.

use aws_lc_rs::digest::{SHA256, digest};
use secrecy::SecretString;

use crate::random::Random;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX: &str = "hr_";
/// 43 characters of base62 are 256 bits.
const BODY: usize = 43;
const CHECKSUM: usize = 6;

/// SHA-256 of a token: all that the database keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    pub fn of(secret: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
        Self(hash)
    }

    /// The hash of an access token; nothing where the text is not one of ours.
    pub fn of_access_token(token: &str) -> Option<Self> {
        let body = token.strip_prefix(PREFIX)?;
        let (body, sum) = body.split_at_checked(BODY)?;
        (checksum(body) == sum).then(|| Self::of(token))
    }

    pub fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// A token that was just drawn: shown once, kept as its hash.
pub struct NewToken {
    pub secret: SecretString,
    pub hash: TokenHash,
    /// The four characters after `hr_`.
    pub prefix: String,
}

impl NewToken {
    /// An access token.
    pub fn access(random: &Random) -> Self {
        let body = random.text(BASE62, BODY);
        let secret = format!("{PREFIX}{body}{}", checksum(&body));
        Self { hash: TokenHash::of(&secret), prefix: body[..4].to_owned(), secret: secret.into() }
    }

    /// What an app is given beside access tokens; `kind` is how it begins, `hrr_` for example.
    pub fn of_kind(random: &Random, kind: &str) -> Self {
        let secret = format!("{kind}{}", random.text(BASE62, BODY));
        Self { hash: TokenHash::of(&secret), prefix: String::new(), secret: secret.into() }
    }

    /// The secret part of a link.
    pub fn link(random: &Random) -> Self {
        let secret = random.text(BASE62, BODY);
        Self { hash: TokenHash::of(&secret), prefix: String::new(), secret: secret.into() }
    }
}

/// CRC-32 of `body` in base62, six digits.
fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes()) as usize;
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[rest % 62];
        rest /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_token_is_known_by_its_checksum() {
        let token = NewToken::access(&Random::seeded(1));
        let text = token.secret.expose_secret();
        assert_eq!(text.len(), 3 + 43 + 6);
        assert_eq!(TokenHash::of_access_token(text), Some(token.hash));
        assert_eq!(&text[3..7], token.prefix);
    }

    #[test]
    fn a_token_with_one_character_changed_is_none() {
        let token = NewToken::access(&Random::seeded(1));
        let text = token.secret.expose_secret();
        for at in 0..text.len() {
            let mut wrong = text.as_bytes().to_vec();
            wrong[at] = if wrong[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(TokenHash::of_access_token(std::str::from_utf8(&wrong).unwrap()), None, "{at}");
        }
        for wrong in ["", "hr_", "hr_short", &text[..51], &format!("{text}0"), "hr_ééééééééééééééééééééééééé"]
        {
            assert_eq!(TokenHash::of_access_token(wrong), None, "{wrong}");
        }
    }
}
