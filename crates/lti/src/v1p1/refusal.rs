//! Why a launch of LTI 1.1 is refused.

/// Each says to whoever looks after the LMS what is wrong and what to do, and nothing about the person who launched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("The launch is larger than 256 KiB. Send fewer custom parameters.")]
    TooLarge,
    #[error(
        "The launch did not come as a POST. Something on the way, often a redirect, made another request of it: use the launch URL as it is shown, with https."
    )]
    NotPosted,
    #[error(
        "The launch did not come as a form (application/x-www-form-urlencoded). Choose LTI 1.1 in the LMS."
    )]
    NotForm,
    #[error(
        "`{0}` came more than once, with different values. Take it out of the launch URL's query and the custom parameters."
    )]
    Repeated(String),
    #[error("`{0}` is missing or empty. Choose LTI 1.1 in the LMS, and let it send this parameter.")]
    Missing(&'static str),
    #[error("`{0}` is longer than {1} characters.")]
    TooLong(&'static str, usize),
    #[error("`{0}` has a character in it that no text has (U+0000).")]
    NotText(String),
    #[error("There is no such consumer key, or it was revoked. Paste the key from here into the LMS again.")]
    UnknownKey,
    #[error(
        "The launch is signed by another method than HMAC-SHA1 or HMAC-SHA256. Choose one of them in the LMS."
    )]
    SignatureMethod,
    #[error("`oauth_version` is not 1.0. Choose OAuth 1.0a in the LMS.")]
    OAuthVersion,
    #[error(
        "The launch is signed with a token of a user (`oauth_token`). LTI signs with key and secret alone."
    )]
    Token,
    #[error("`oauth_timestamp` is not a number of seconds since 1970.")]
    Timestamp,
    #[error(
        "The launch was signed {0} seconds ago, which is too long. Set the clock of the LMS, or reload the page there if it stood open."
    )]
    TooOld(i64),
    #[error("The launch was signed {0} seconds in the future. Set the clock of the LMS.")]
    TooNew(i64),
    #[error(
        "The signature is not that of this launch. Paste the secret into the LMS again, and use the launch URL as it is shown: scheme, host and path are signed."
    )]
    Signature,
    #[error("This launch came before. Click the link in the LMS again rather than reload the page.")]
    Replayed,
    #[error(
        "`lti_message_type` is none that is known here: basic-lti-launch-request and ContentItemSelectionRequest are."
    )]
    MessageType,
    #[error("`lti_version` is not LTI-1p0.")]
    Version,
    #[error("`{0}` is no http or https address.")]
    Address(&'static str),
}

impl Refusal {
    /// What the browser is told. Whether there is such a key is not to be found out: a wrong signature has the same
    /// answer.
    pub fn answer(&self) -> String {
        match self {
            Self::UnknownKey | Self::Signature => {
                "The key or the signature of the launch is wrong. Ask whoever looks after the LMS to check key, secret and launch URL.".to_owned()
            }
            other => other.to_string(),
        }
    }
}
