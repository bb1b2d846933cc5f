//! Why a launch of LTI 1.3 is refused.

/// Each says to whoever looks after the LMS what is wrong and what to do, and nothing about the person who launched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("`{0}` is missing from the login request. Register this tool as LTI 1.3 in the LMS.")]
    LoginMissing(&'static str),
    #[error("`{0}` came more than once in the login request, with different values.")]
    Repeated(&'static str),
    #[error("`{0}` is longer than {1} characters.")]
    TooLong(&'static str, usize),
    #[error("`{0}` has a character in it that no text has (U+0000).")]
    NotText(&'static str),
    #[error(
        "The authorization URL of the configuration is no http or https address. Paste it from the LMS again."
    )]
    AuthorizationUrl,
    #[error("The launch belongs to no login that began here. Click the link in the LMS again.")]
    StateUnknown,
    #[error(
        "The login of this launch was used before. Click the link in the LMS again rather than reload the page."
    )]
    StateUsed,
    #[error("The login of this launch began more than ten minutes ago. Click the link in the LMS again.")]
    StateExpired,
    #[error(
        "The login of this launch began in another browser, or the browser keeps no cookies in frames. Open the link in a new tab."
    )]
    OtherBrowser,
    #[error("The LMS refused to sign the person in: {0}.")]
    Platform(String),
    #[error("The id_token is larger than 64 KiB. Send fewer custom parameters.")]
    TooLarge,
    #[error("The id_token is no JWT of three parts.")]
    NotJwt,
    #[error("The id_token is signed by an algorithm that is not allowed here. Let the LMS sign with RS256.")]
    Algorithm,
    #[error("The header of the id_token names no key (`kid`). Update the LMS.")]
    NoKid,
    #[error("The header of the id_token has extensions that must be understood (`crit`) and are not.")]
    Critical,
    #[error(
        "The id_token is signed with a key that is not in the LMS's key set. Check the key set URL of the configuration."
    )]
    UnknownKid,
    #[error(
        "The signature of the id_token is not that of the LMS. Check the key set URL of the configuration."
    )]
    Signature,
    #[error("`iss` is not the issuer of the configuration. Check the platform id, to the last slash.")]
    Issuer,
    #[error("`aud` does not name the client id of the configuration. Check the client id.")]
    Audience,
    #[error("`aud` names others beside the client id of the configuration.")]
    OtherAudience,
    #[error("`aud` names several, and `azp` does not say for whom the id_token is.")]
    NoParty,
    #[error("`azp` is not the client id of the configuration.")]
    Party,
    #[error("The id_token expired {0} seconds ago. Set the clock of the LMS, or click the link again.")]
    Expired(i64),
    #[error("The id_token was issued {0} seconds ago, which is too long. Set the clock of the LMS.")]
    TooOld(i64),
    #[error("The id_token was issued {0} seconds in the future. Set the clock of the LMS.")]
    TooNew(i64),
    #[error("`nonce` is not that of the login. Click the link in the LMS again.")]
    Nonce,
    #[error("`{0}` is missing from the id_token. The LMS must send it.")]
    Missing(&'static str),
    #[error("`{0}` in the id_token has another shape than the specification says.")]
    Shape(&'static str),
    #[error("The version of the message is not 1.3.0.")]
    Version,
    #[error("The message is none that is known here: LtiResourceLinkRequest and LtiDeepLinkingRequest are.")]
    MessageType,
    #[error(
        "`target_link_uri` is no address of this server. Paste the launch URL into the link in the LMS again."
    )]
    Target,
    #[error(
        "The launch does not say who launches (`sub`). Launches without a person can't sign anybody in: let the LMS send the user id."
    )]
    Anonymous,
}
