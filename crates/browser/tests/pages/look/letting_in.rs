//! Apps that ask.

use homeroom_browser::{Browser, Server};
use homeroom_client::Role;

use crate::consent::Diary;
use crate::support::sign_in;

#[tokio::test]
async fn consent() {
    let server = Server::start().await;
    server.person("grace", Role::Teacher).await;
    let diary = Diary::start(&server).await;
    let browser = Browser::start().await;
    browser.open(&server.page("/auth/oauth?client_id=nobody")).await;
    browser.reads("We don't know this app").await;
    browser.look("consent-no-app").await;
    sign_in(&browser, &server, "grace").await;
    browser.open(&diary.page).await;
    browser.look("consent").await;
    browser.open(&format!("{}&prompt=login", diary.page)).await;
    browser.look("consent-again").await;
    browser.open(&diary.page.replace("callback", "elsewhere")).await;
    browser.reads("The app's return address is not registered").await;
    browser.look("consent-no-address").await;
}
