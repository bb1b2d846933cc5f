//! Every page, to be looked at: screenshots in light, dark and at a phone's width, and axe-core over each.
mod account;
mod getting_in;
mod itself;
mod letting_in;

use std::collections::BTreeSet;

/// Pages, and a screenshot that shows each.
const SHOWN: &[(&str, &str)] = &[
    ("/auth/signin", "signin"),
    ("/o/{slug}/auth/signin", "signin-school"),
    ("/auth/confirm", "confirm"),
    ("/auth/signin-link/{token}", "link"),
    ("/auth/reset", "reset"),
    ("/auth/reset/{token}", "reset-set"),
    ("/auth/confirm-email/{token}", "confirm-email"),
    ("/auth/oauth", "consent"),
    ("/organization/enroll", "join"),
    ("/account", "account"),
    ("/account/name", "account-name"),
    ("/account/language", "account-language"),
    ("/account/email", "account-email"),
    ("/account/email/remove", "account-email-remove"),
    ("/account/password", "account-password"),
    ("/account/second-factor", "account-factor"),
    ("/account/second-factor/codes", "account-factor-codes-new"),
    ("/account/second-factor/remove", "account-factor-remove"),
    ("/account/sessions", "account-sessions"),
    ("/account/tokens", "account-tokens"),
    ("/account/tokens/new", "account-token-wrong"),
    ("/account/apps", "account-apps"),
    ("/account/school", "account-school"),
    ("/account/leave", "individual-leave"),
    // These lead on at once; the second is shown after the password.
    ("/", "signin"),
    ("/auth/signin/code", "signin-code"),
];

#[test]
fn no_page_is_left_out() {
    let pages = homeroom_server::router::pages();
    let all: BTreeSet<_> =
        pages.table().iter().filter(|page| page.method == "GET").map(|page| page.path).collect();
    let shown: BTreeSet<_> = SHOWN.iter().map(|(page, _)| *page).collect();
    assert_eq!(all, shown, "look at a new page in these tests, and name its screenshot here");
}
