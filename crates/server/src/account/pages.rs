//! `/account`.

use askama::Template;
use axum::response::Response;

use crate::App;
use crate::html::{Layout, page};
use crate::http::{Pages, SignedIn};

pub fn pages() -> Pages {
    Pages::new().get("/account", show)
}

#[derive(Template)]
#[template(path = "account/account.html")]
struct AccountPage {
    page: Layout,
    name: String,
}

async fn show(app: App, signed_in: SignedIn) -> Response {
    page(&AccountPage { page: Layout::new(&app, &signed_in.visitor), name: signed_in.session.name() })
}
