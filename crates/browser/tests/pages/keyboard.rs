//! Without a mouse.

use homeroom_browser::{Browser, PASSWORD, SCHOOL, Server};

/// Presses Tab: what has the focus then, and whether that is to be seen.
async fn tab(browser: &Browser) -> String {
    browser.key("\u{e004}").await;
    let outline = "const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
                   return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2";
    let name = browser.focused().await;
    assert_eq!(browser.ask(outline).await, true, "the focus on {name} is not to be seen");
    name
}

#[tokio::test]
async fn signing_in_takes_no_mouse() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    assert_eq!(browser.focused().await, "Username or e-mail address");
    browser.key("ada").await;
    assert_eq!(tab(&browser).await, "Password");
    browser.key(PASSWORD).await;
    assert_eq!(tab(&browser).await, "Sign in");
    browser.key(" ").await;
    browser.arrives("/account").await;
    assert_eq!(tab(&browser).await, "Skip to the content");
    browser.key("\u{e007}").await;
    assert!(browser.address().await.ends_with("/account#main"), "{}", browser.address().await);
}

#[tokio::test]
async fn tab_goes_through_the_page_in_the_order_in_which_it_is_read() {
    let server = Server::start().await;
    let browser = Browser::start().await;
    browser.open(&server.page("/auth/signin")).await;
    for name in ["Password", "Sign in", "I can't sign in", "My account is with a school"] {
        assert_eq!(tab(&browser).await, name);
    }
}
