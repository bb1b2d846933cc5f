//! That looking finds what is wrong.

use homeroom_browser::{Browser, Server};

/// The page for signing in, after a script has spoilt it.
async fn look_at_spoilt(script: &str) {
    let server = Server::start().await;
    let browser = Browser::start().await;
    browser.open(&server.page("/auth/signin")).await;
    browser.ask(script).await;
    browser.look("spoilt").await;
}

#[tokio::test]
#[should_panic(expected = "critical label")]
async fn a_field_without_a_name_is_found() {
    look_at_spoilt("document.querySelector('label[for=password]').remove()").await;
}

#[tokio::test]
#[should_panic(expected = "color-contrast")]
async fn grey_on_grey_is_found() {
    look_at_spoilt("document.querySelector('h1').style.color = '#999'").await;
}

#[tokio::test]
#[should_panic(expected = "spoilt is wider than a phone")]
async fn what_is_too_wide_for_a_phone_is_found() {
    look_at_spoilt("document.querySelector('h1').style.width = '500px'").await;
}

#[tokio::test]
#[should_panic(expected = "Content Security Policy")]
async fn a_picture_from_elsewhere_is_found() {
    look_at_spoilt(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img alt=\"\" src=\"http://127.0.0.1:1/x\">');
         return new Promise(done => setTimeout(done, 200))",
    )
    .await;
}
