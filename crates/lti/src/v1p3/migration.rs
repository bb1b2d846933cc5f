//! Who somebody was when the LMS still spoke LTI 1.1 (Core, migration guide): proved by the old secret.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::claims::Claims;
use super::refusal::Refusal;

/// The claim `lti1p1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub consumer_key: String,
    /// The id in LTI 1.1; the same as `sub` where it did not come.
    pub user_id: String,
    signature: String,
    signed: String,
}

impl Migration {
    /// Absent where the claim is missing, or not signed.
    pub(super) fn read(claims: &Claims, deployment_id: &str, subject: &str) -> Result<Option<Self>, Refusal> {
        let claim = claims.lti_object("lti1p1")?;
        let text = |name: &str| claims.text(name).unwrap_or_default();
        let (Some(consumer_key), Some(signature)) =
            (claim.text("oauth_consumer_key"), claim.text("oauth_consumer_key_sign"))
        else {
            return Ok(None);
        };
        let client_id =
            claims.text("aud").or_else(|| claims.texts("aud").into_iter().next()).unwrap_or_default();
        let signed = [
            &consumer_key,
            deployment_id,
            &text("iss"),
            &client_id,
            &claims.seconds("exp")?.to_string(),
            &text("nonce"),
        ]
        .join("&");
        let user_id = claim.text("user_id").unwrap_or_else(|| subject.to_owned());
        Ok(Some(Self { consumer_key, user_id, signature, signed }))
    }

    /// Whether who signed knows the secret of the consumer key.
    pub fn verifies(&self, secret: &str) -> bool {
        let Ok(signature) = BASE64_STANDARD.decode(&self.signature) else { return false };
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        hmac::verify(&key, self.signed.as_bytes(), &signature).is_ok()
    }
}
