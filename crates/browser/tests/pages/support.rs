//! What several tests do in a browser.

use homeroom_browser::{Browser, PASSWORD, SCHOOL, Server};

use crate::mailbox::Mailbox;

/// A server whose mails go to this mailbox.
pub async fn with_mail(mailbox: &Mailbox) -> Server {
    Server::start_with(&[("HOMEROOM_SMTP_URL", &mailbox.url)]).await
}

/// Signs in at the school.
pub async fn sign_in(browser: &Browser, server: &Server, name: &str) {
    browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    fill_in(browser, name, PASSWORD).await;
    browser.sees("Sign out").await;
}

/// Fills in and sends the form for signing in.
pub async fn fill_in(browser: &Browser, name: &str, password: &str) {
    browser.fill("Username or e-mail address", name).await;
    browser.fill("Password", password).await;
    browser.press("Sign in").await;
}
