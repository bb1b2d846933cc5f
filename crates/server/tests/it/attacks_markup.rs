//! Markup in every name that somebody else reads. Those of apps, tokens and makers stand in `account_access.rs`.

use homeroom_client::{OrganizationInvitationCreation, Role, Scope};
use reqwest::Method;

use crate::mail::app_with;
use crate::support::{Mailbox, TestApp, named};

const MARKUP: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

#[track_caller]
fn is_harmless(page: &str) {
    assert!(page.contains("&#60;script&#62;"), "it is not shown: {page}");
    holds_no_markup(page);
}

#[track_caller]
fn holds_no_markup(page: &str) {
    assert!(!page.contains("<script>") && !page.contains("<img src=x"), "{page}");
}

/// As a school, a person and an inviter would be called if no operation refused it.
async fn called_by_markup(app: &TestApp) {
    let mut tx = app.app.db.write().await.unwrap();
    tx.execute("UPDATE organizations SET name = $1 WHERE slug = 'north-hill-school'", (MARKUP,))
        .await
        .unwrap();
    tx.execute("UPDATE users SET firstname = $1, lastname = $1", (MARKUP,)).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn names_of_schools_people_and_inviters_are_text_on_every_page_and_in_the_mail() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let ada = app.member(named("ada", "", ""), Role::User).await;
    app.member(named("bob", "", ""), Role::User).await;
    called_by_markup(&app).await;
    let (_, inviter) = app.caller("inviter", Role::Admin, &[Scope::EduAdmin]).await;
    called_by_markup(&app).await;
    let link = app.admin().users().create_signin_link(&ada, &Default::default()).await.unwrap();
    let email = Some("eve@school.example".to_owned());
    let new = OrganizationInvitationCreation { email, ..Default::default() };
    let invitation = inviter.invitations().create(&new).await.unwrap();
    let join = format!("/organization/enroll?enrollcode={}", invitation.custom_code.unwrap());

    is_harmless(&app.mail_to(&mailbox).await.html);
    let mut browser = app.browser();
    for page in ["/o/north-hill-school/auth/signin", &join, &link.url] {
        is_harmless(&browser.get(page).await.text);
    }
    browser.sign_in("bob").await;
    for page in [&link.url, &join, "/account", "/account/name", "/account/school"] {
        is_harmless(&browser.get(page).await.text);
    }
    let used = browser.post(&format!("/auth/signin-link/{}", link.token), &[]).await;
    assert_eq!(used.location(), "/", "{}", used.text);
    for page in ["/auth/confirm", "/account/sessions"] {
        is_harmless(&browser.get(page).await.text);
    }
}

#[tokio::test]
async fn what_is_typed_comes_back_as_text() {
    let app = TestApp::start().await;
    app.member(named("ada", "", ""), Role::User).await;
    let mut browser = app.browser();
    let page = "/o/north-hill-school/auth/signin";
    is_harmless(
        &browser.submit(page, &[("name", MARKUP), ("password", MARKUP), ("next", MARKUP)]).await.text,
    );
    let query: String = form_urlencoded::byte_serialize(MARKUP.as_bytes()).collect();
    for page in [
        format!("{page}?name={query}&next={query}"),
        format!("/auth/signin?next={query}"),
        format!("/auth/reset?school={query}"),
    ] {
        is_harmless(&browser.get(&page).await.text);
    }
    for page in [format!("/organization/enroll?enrollcode={query}"), format!("/auth/reset/{query}")] {
        holds_no_markup(&browser.get(&page).await.text);
    }
}

#[tokio::test]
async fn what_a_browser_says_of_itself_is_text_in_the_list_of_sessions() {
    let app = TestApp::start().await;
    app.member(named("ada", "", ""), Role::User).await;
    let mut browser = app.browser();
    let page = "/o/north-hill-school/auth/signin";
    browser.get(page).await;
    let csrf = browser.csrf.clone();
    let fields = [("csrf", csrf.as_str()), ("name", "ada"), ("password", crate::support::browser::PASSWORD)];
    browser.post_from(page, &fields, &[("user-agent", MARKUP)]).await;
    let seen = browser.send_from(Method::GET, "/account/sessions", &[]).await;
    assert!(
        seen.status == 200 && !seen.text.contains("<script>") && !seen.text.contains("<img"),
        "{}",
        seen.text
    );
}
