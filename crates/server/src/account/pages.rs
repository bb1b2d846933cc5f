//! The pages of the account.

use super::{
    apps, confirm_email, email, language, leaving, names, overview, password, recovery_codes, second_factor,
    sessions, tokens,
};
use crate::http::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/account", overview::show)
        .get("/account/name", names::show)
        .form("/account/name", names::save)
        .get("/account/language", language::show)
        .form("/account/language", language::save)
        .get("/account/email", email::show)
        .form("/account/email", email::ask)
        .get("/account/email/remove", email::show_removal)
        .form("/account/email/remove", email::remove)
        .get("/auth/confirm-email/{token}", confirm_email::show)
        .form("/auth/confirm-email/{token}", confirm_email::confirm)
        .get("/account/password", password::show)
        .form("/account/password", password::save)
        .get("/account/second-factor", second_factor::show)
        .form("/account/second-factor", second_factor::turn_on)
        .get("/account/second-factor/remove", second_factor::show_removal)
        .form("/account/second-factor/remove", second_factor::remove)
        .get("/account/second-factor/codes", recovery_codes::show)
        .form("/account/second-factor/codes", recovery_codes::renew)
        .get("/account/sessions", sessions::show)
        .form("/account/sessions", sessions::end)
        .get("/account/tokens", tokens::show)
        .form("/account/tokens", tokens::revoke)
        .get("/account/tokens/new", tokens::show_form)
        .form("/account/tokens/new", tokens::make)
        .get("/account/apps", apps::show)
        .form("/account/apps", apps::revoke)
        .get("/account/school", leaving::show_school)
        .get("/account/leave", leaving::show)
        .form("/account/leave", leaving::leave)
}
