//! Codes that change every 30 seconds, and how a phone gets to know the secret.

use homeroom_api::Timestamp;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::{Error, Result};

/// 160 bits, as RFC 4226 §4 recommends.
pub const SECRET_BYTES: usize = 20;
/// How many steps a clock may be off.
const SKEW: u16 = 1;

/// The secret as text, as apps for phones take it.
pub fn to_text(secret: &[u8; SECRET_BYTES]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

/// The step whose code this is, now or one step off.
pub fn step_of(secret: &str, typed: &str, now: Timestamp) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.as_millis() / 1000).ok()?;
    let step = totp(secret, "").ok()?.check(&digits, seconds)?;
    i64::try_from(step).ok()
}

/// What the picture says: `otpauth://…`. A colon would end the name.
pub fn address(secret: &str, school: &str, username: &str) -> Result<String> {
    let plain = |text: &str| text.replace(':', " ");
    let issuer = format!("Homeroom {}", plain(school));
    let totp = builder(secret)?.with_issuer(Some(issuer.trim())).with_account_name(plain(username)).build();
    totp.and_then(|totp| totp.to_url()).map_err(|error| Error::internal(error.to_string()))
}

/// A picture of `address` for a phone's camera, as the address of an image (SVG).
pub fn picture(address: &str) -> Result<String> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let code = qrcode::QrCode::new(address).map_err(|error| Error::internal(error.to_string()))?;
    let svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(svg)))
}

fn totp(secret: &str, name: &str) -> Result<Totp> {
    let totp = builder(secret)?.with_account_name(name).build();
    totp.map_err(|error| Error::internal(error.to_string()))
}

fn builder(secret: &str) -> Result<Builder> {
    let secret = Secret::try_from_base32(secret).map_err(|_| Error::internal("a secret is not in base32"))?;
    Ok(Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(SKEW)
        .with_secret(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: &[u8; 20] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = to_text(SECRET);
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(step_of(&secret, code, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let secret = to_text(SECRET);
        for (seconds, step) in [(29, Some(1)), (89, Some(1)), (90, None)] {
            assert_eq!(step_of(&secret, "287082", at(seconds)), step, "{seconds}");
        }
        assert_eq!(step_of(&secret, " 287 082 ", at(59)), Some(1));
        assert_eq!(step_of(&secret, "+87082", at(59)), None);
    }

    #[test]
    fn a_phone_reads_school_and_name_from_the_picture() {
        let address = address(&to_text(SECRET), "Nord: Süd", "a:da&b").expect("an address");
        assert!(
            address.starts_with("otpauth://totp/Homeroom%20Nord%20%20S%C3%BCd:a%20da%26b?secret="),
            "{address}"
        );
        assert!(picture(&address).expect("a picture").starts_with("data:image/svg+xml;base64,"));
    }
}
