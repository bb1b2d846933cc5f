//! What Homeroom signs: forms that a browser posts, and XML that goes to an LMS.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::parameters::{Parameter, encode, of_form, query_of};
use super::signature::{Method, base_string};

/// With what a message is signed. `nonce` is used once; `now` is in seconds since 1970.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    pub consumer_key: &'a str,
    pub secret: &'a str,
    pub method: Method,
    pub nonce: &'a str,
    pub now: i64,
}

impl Signer<'_> {
    /// The fields of a form to post to `url`: `fields`, and those of OAuth.
    pub fn form(&self, url: &str, mut fields: Vec<Parameter>) -> Vec<Parameter> {
        fields.extend(self.oauth());
        fields.push(("oauth_callback".to_owned(), "about:blank".to_owned()));
        let signature = self.signature(url, &fields);
        fields.push(("oauth_signature".to_owned(), signature));
        fields
    }

    /// The `Authorization` of a POST of `body` to `url`: the body is signed by its hash. Send these very bytes.
    pub fn authorization(&self, url: &str, body: &[u8]) -> String {
        let hash = BASE64_STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, body));
        let mut oauth = self.oauth();
        oauth.push(("oauth_body_hash".to_owned(), hash));
        let signature = self.signature(url, &oauth);
        oauth.push(("oauth_signature".to_owned(), signature));
        let pairs: Vec<_> =
            oauth.iter().map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect();
        format!("OAuth realm=\"\",{}", pairs.join(","))
    }

    fn oauth(&self) -> Vec<Parameter> {
        let now = self.now.to_string();
        let pairs = [
            ("oauth_consumer_key", self.consumer_key),
            ("oauth_nonce", self.nonce),
            ("oauth_signature_method", self.method.name()),
            ("oauth_timestamp", &now),
            ("oauth_version", "1.0"),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    fn signature(&self, url: &str, parameters: &[Parameter]) -> String {
        let query = query_of(url).map(|query| of_form(query.as_bytes())).unwrap_or_default();
        self.method.sign(self.secret, &base_string("POST", url, parameters.iter().chain(&query)))
    }
}
