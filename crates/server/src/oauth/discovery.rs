//! What apps can find out by themselves (OpenID Connect Discovery; RFC 8414).

use homeroom_api::{IdentityScope, Scope};
use serde_json::{Value, json};

use crate::App;

/// The description of this server.
pub fn describe(app: &App) -> Value {
    let url = &app.settings.public_url;
    let identity = IdentityScope::ALL.iter().map(|scope| scope.as_str());
    let scopes: Vec<&str> = identity.chain(Scope::ALL.iter().map(|scope| scope.as_str())).collect();
    let implicit = app.settings.oauth_implicit;
    let with_implicit = |words: &[&str], more: &str| -> Vec<String> {
        words.iter().copied().chain(implicit.then_some(more)).map(str::to_owned).collect()
    };
    let client = ["client_secret_basic", "client_secret_post", "none"];
    json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/auth/oauth"),
        "token_endpoint": format!("{url}/oauth/access_token"),
        "revocation_endpoint": format!("{url}/oauth/invalidate_token"),
        "introspection_endpoint": format!("{url}/oauth/introspect"),
        "userinfo_endpoint": format!("{url}/oauth/userinfo"),
        "jwks_uri": format!("{url}/oauth/jwks"),
        "scopes_supported": scopes,
        "response_types_supported": with_implicit(&["code"], "token"),
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported":
            with_implicit(&["authorization_code", "refresh_token", "client_credentials"], "implicit"),
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": client,
        "revocation_endpoint_auth_methods_supported": client,
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name", "given_name",
                             "family_name", "preferred_username", "locale", "email"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["en", "fr", "es", "de"],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
        "service_documentation": format!("{url}/docs"),
    })
}
