//! The server's secret key, and what is derived from it: one key for each use (HKDF-SHA256, RFC 5869).

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use zeroize::{Zeroize, Zeroizing};

use crate::random::Random;

/// 32 bytes, which the operator keeps.
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    pub fn draw(random: &Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// Reads base64 of 32 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = BASE64_STANDARD.decode(text.trim()).ok()?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).ok();
        bytes.zeroize();
        key.map(|key| Self(Zeroizing::new(key)))
    }

    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(*self.0))
    }
}

/// The derived keys.
pub struct Keys {
    cursors: LessSafeKey,
    secrets: LessSafeKey,
    codes: hmac::Key,
    forms: hmac::Key,
    failures: hmac::Key,
    audit: hmac::Key,
    check: String,
}

impl Keys {
    pub fn derive(secret: &SecretKey) -> Self {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"homeroom").extract(secret.0.as_slice());
        Self {
            cursors: aead(&root, b"cursors"),
            secrets: aead(&root, b"secrets at rest"),
            codes: mac(&root, b"invitation codes"),
            forms: mac(&root, b"forms"),
            failures: mac(&root, b"failures to sign in"),
            audit: mac(&root, b"audit log"),
            check: BASE64_STANDARD.encode(hmac::sign(&mac(&root, b"check value"), b"")),
        }
    }

    /// What the database keeps, to know its key again.
    pub fn check_value(&self) -> &str {
        &self.check
    }

    /// Encrypts a secret for the database; `place` (where it stands) must be the same to read it.
    pub fn seal_secret(&self, random: &Random, place: &str, secret: &str) -> Vec<u8> {
        seal(&self.secrets, random, place.as_bytes(), secret.as_bytes())
    }

    pub fn open_secret(&self, place: &str, sealed: &[u8]) -> Option<String> {
        String::from_utf8(open(&self.secrets, place.as_bytes(), sealed)?).ok()
    }

    /// Encrypts a cursor, bound to the list that it was made for.
    pub fn seal_cursor(&self, random: &Random, list: &[u8], cursor: &[u8]) -> Vec<u8> {
        seal(&self.cursors, random, list, cursor)
    }

    pub fn open_cursor(&self, list: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.cursors, list, sealed)
    }

    /// The key under which a short code is looked up: without the secret key a code can't be guessed from it.
    pub fn hash_code(&self, code: &str) -> Vec<u8> {
        hmac::sign(&self.codes, code.as_bytes()).as_ref().to_vec()
    }

    /// What a form must send back, for a browser's cookie and its session ('' for none).
    pub fn form_token(&self, cookie: &str, session: &str) -> String {
        let text = format!("{cookie}\n{session}");
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.forms, text.as_bytes()))
    }

    /// Under what failures to sign in are counted: neither names nor addresses stand in that table.
    pub fn hash_failure(&self, whose: &str) -> Vec<u8> {
        hmac::sign(&self.failures, whose.as_bytes()).as_ref().to_vec()
    }

    /// The seal of a text of the audit log: who has the database alone can make none.
    pub fn seal_audit(&self, text: &[u8]) -> Vec<u8> {
        hmac::sign(&self.audit, text).as_ref().to_vec()
    }

    pub fn is_audit_seal(&self, text: &[u8], seal: &[u8]) -> bool {
        hmac::verify(&self.audit, text, seal).is_ok()
    }
}

fn aead(root: &hkdf::Prk, usage: &[u8]) -> LessSafeKey {
    let usage = [usage];
    let key = root.expand(&usage, &AES_256_GCM_SIV).expect("one key is not too much to expand");
    LessSafeKey::new(UnboundKey::from(key))
}

fn mac(root: &hkdf::Prk, usage: &[u8]) -> hmac::Key {
    let usage = [usage];
    let key =
        root.expand(&usage, hkdf::HKDF_SHA256.hmac_algorithm()).expect("one key is not too much to expand");
    hmac::Key::from(key)
}

/// GCM-SIV (RFC 8452): a nonce that is drawn twice by chance does no harm.
fn seal(key: &LessSafeKey, random: &Random, aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE_LEN] = random.bytes();
    let mut sealed = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut sealed)
        .expect("a text of a few bytes can be sealed");
    [nonce.as_slice(), &sealed].concat()
}

fn open(key: &LessSafeKey, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    key.open_in_place(nonce, Aad::from(aad), &mut sealed).ok().map(|plain| plain.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::derive(&SecretKey::draw(&Random::seeded(7)))
    }

    #[test]
    fn a_secret_opens_only_where_it_stands_and_only_whole() {
        let (keys, random) = (keys(), Random::seeded(1));
        let sealed = keys.seal_secret(&random, "lti/1", "secret");
        assert_eq!(keys.open_secret("lti/1", &sealed).as_deref(), Some("secret"));
        assert_eq!(keys.open_secret("lti/2", &sealed), None);
        for byte in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[byte] ^= 1;
            assert_eq!(keys.open_secret("lti/1", &damaged), None);
        }
        assert_eq!(keys.open_secret("lti/1", &sealed[..5]), None);
    }

    #[test]
    fn another_key_has_another_check_value_and_other_codes() {
        let other = Keys::derive(&SecretKey::draw(&Random::seeded(8)));
        assert_ne!(keys().check_value(), other.check_value());
        assert_ne!(keys().hash_code("ABCDE23456"), other.hash_code("ABCDE23456"));
    }

    #[test]
    fn a_key_reads_back_from_its_text() {
        let key = SecretKey::draw(&Random::seeded(7));
        let read = SecretKey::parse(&key.to_base64()).expect("base64 of 32 bytes");
        assert_eq!(*read.0, *key.0);
        assert!(SecretKey::parse("c2hvcnQ=").is_none() && SecretKey::parse("!").is_none());
    }
}
