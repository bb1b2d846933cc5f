//! Sign-in links: their address, where they lead, and what they end with.

use std::time::Duration;

use homeroom_client::{Client, Role, Scope, Update, UserId, UserSigninLink, UserSigninLinkCreation};
use homeroom_server::crypto::TokenHash;
use homeroom_server::signin_links;

use crate::audit::everything;
use crate::ranks::{to_email, to_firstname, to_password, to_role};
use crate::support::{DAY, NOW, TestApp, code, refusal};
use crate::tokens::{ending_token, tokens_of};

const HOUR: Duration = Duration::from_secs(3600);

/// What a browser could take for another site, or for two header lines.
const ELSEWHERE: [&str; 17] = [
    "",
    "classes",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https://evil.example",
    "HTTPS:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/a\r\nb",
    "/\u{0}",
    "/\u{7f}",
    "/\u{85}",
    " //evil.example",
    "\u{1}//evil.example",
];

fn to(path: &str) -> UserSigninLinkCreation {
    UserSigninLinkCreation { destination_path: Some(path.to_owned()) }
}

async fn link(client: &Client, user: &UserId) -> UserSigninLink {
    client.users().create_signin_link(user, &to("/classes")).await.unwrap()
}

/// Opens a link: whose it is and where it leads.
async fn open(app: &TestApp, link: &UserSigninLink) -> Option<(UserId, String)> {
    let mut tx = app.app.db.write().await.unwrap();
    let found = signin_links::find(&mut tx, TokenHash::of(&link.token)).await.unwrap()?;
    let taken = signin_links::take(&mut tx, &found, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    taken.then_some((found.user, found.destination))
}

#[tokio::test]
async fn a_link_is_an_address_of_the_public_url_with_the_path_encoded() {
    let app = TestApp::start_with(|settings| settings.public_url = "https://school.example".to_owned()).await;
    let user = app.user("pupil", Role::User).await;
    let made = app.admin().users().create_signin_link(&user, &to("/a b?c=d&e#é")).await.unwrap();

    let next = "%2Fa+b%3Fc%3Dd%26e%23%C3%A9";
    assert_eq!(made.url, format!("https://school.example/auth/signin-link/{}?next={next}", made.token));
    assert!(
        made.token.len() == 43 && made.token.bytes().all(|b| b.is_ascii_alphanumeric()),
        "{}",
        made.token
    );
    assert_eq!(made.expiration_date, NOW + HOUR);
}

#[tokio::test]
async fn a_link_leads_home_by_default() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let made =
        app.admin().users().create_signin_link(&user, &UserSigninLinkCreation::default()).await.unwrap();

    assert!(made.url.ends_with("?next=%2F"), "{}", made.url);
    assert_eq!(open(&app, &made).await, Some((user, "/".to_owned())));
}

#[tokio::test]
async fn a_link_leads_to_a_path_on_this_site_alone() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let before = everything(&app).await;
    for path in ELSEWHERE {
        let refused = app.admin().users().create_signin_link(&user, &to(path)).await;
        assert_eq!(
            refusal(refused),
            ("INVALID_PARAMETER".to_owned(), Some("destinationPath".to_owned())),
            "{path:?}"
        );
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn a_link_is_used_once() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let made = link(&app.admin(), &user).await;

    assert_eq!(open(&app, &made).await, Some((user, "/classes".to_owned())));
    assert_eq!(open(&app, &made).await, None);
}

#[tokio::test]
async fn a_link_lasts_an_hour() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let (early, late) = (link(&app.admin(), &user).await, link(&app.admin(), &user).await);

    app.app.clock.advance(HOUR - Duration::from_millis(1));
    assert!(open(&app, &early).await.is_some());
    app.app.clock.advance(Duration::from_millis(1));
    assert_eq!(open(&app, &late).await, None);
}

#[tokio::test]
async fn a_link_lasts_as_long_as_the_setting_says() {
    let app = TestApp::start_with(|settings| settings.signin_link_ttl = DAY).await;
    let user = app.user("pupil", Role::User).await;
    assert_eq!(link(&app.admin(), &user).await.expiration_date, NOW + DAY);
}

#[tokio::test]
async fn a_link_ends_no_later_than_the_token_that_made_it() {
    let app = TestApp::start().await;
    let end = NOW + Duration::from_secs(60);
    let maker = ending_token(&app, &app.school.admin, &[Scope::EduAdmin], end).await;
    let user = app.user("pupil", Role::User).await;

    assert_eq!(link(&maker, &user).await.expiration_date, end);
}

#[tokio::test]
async fn of_a_link_the_database_holds_the_hash_alone() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let made = link(&app.admin(), &user).await;

    assert_eq!(app.tables_that_hold(&made.token).await, Vec::<String>::new());
    assert_eq!(app.tables_that_hold("/classes").await, ["signin_links.destination_path"]);
}

#[tokio::test]
async fn a_link_ends_with_the_token_that_made_it() {
    let app = TestApp::start().await;
    let (maker, client) = app.caller("maker", Role::Admin, &[Scope::EduAdmin]).await;
    let user = app.user("pupil", Role::User).await;
    let (ends, stays) = (link(&client, &user).await, link(&app.admin(), &user).await);

    app.admin().users().revoke_access_token(&maker, &tokens_of(&app, &maker).await[0].id).await.unwrap();

    assert_eq!(open(&app, &ends).await, None);
    assert!(open(&app, &stays).await.is_some());
}

#[tokio::test]
async fn a_link_ends_when_its_maker_is_removed() {
    let app = TestApp::start().await;
    let (maker, client) = app.caller("maker", Role::Admin, &[Scope::EduAdmin]).await;
    let made = link(&client, &app.user("pupil", Role::User).await).await;

    app.admin().users().remove(&maker).await.unwrap();

    assert_eq!(open(&app, &made).await, None);
}

#[tokio::test]
async fn a_link_ends_when_its_maker_falls_below_its_user() {
    let app = TestApp::start().await;
    let (maker, client) = app.caller("maker", Role::Admin, &[Scope::EduAdmin]).await;
    let (below, above) = (app.user("p", Role::User).await, app.user("a", Role::AccountAdmin).await);
    let (stays, ends) = (link(&client, &below).await, link(&client, &above).await);

    app.admin().users().update(&maker, &to_role(Role::Teacher)).await.unwrap();

    assert_eq!(open(&app, &ends).await, None);
    assert!(open(&app, &stays).await.is_some());
}

#[tokio::test]
async fn a_link_ends_when_its_user_is_promoted_above_its_maker() {
    let app = TestApp::start().await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let user = app.user("rising", Role::Teacher).await;
    let made = link(&clerk, &user).await;

    app.admin().users().update(&user, &to_role(Role::Admin)).await.unwrap();

    assert_eq!(open(&app, &made).await, None);
}

#[tokio::test]
async fn a_link_made_without_the_whole_administrative_scope_does_not_become_an_admins() {
    let app = TestApp::start().await;
    let (_, part) = app.caller("part", Role::Admin, &[Scope::EduAdminUsers]).await;
    let user = app.user("rising", Role::Teacher).await;
    let (ends, stays) = (link(&part, &user).await, link(&app.admin(), &user).await);

    app.admin().users().update(&user, &to_role(Role::Admin)).await.unwrap();

    assert_eq!(open(&app, &ends).await, None);
    assert!(open(&app, &stays).await.is_some());
}

#[tokio::test]
async fn a_new_password_or_email_ends_open_links_and_another_change_does_not() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let set = Update::Set("pupil@school.example".to_owned());
    for (update, ends) in [
        (to_firstname("Ada"), false),
        (to_password(), true),
        (to_email(set.clone()), true),
        (to_email(set), false),
        (to_email(Update::Clear), true),
    ] {
        let made = link(&app.admin(), &user).await;
        app.admin().users().update(&user, &update).await.unwrap();
        assert_eq!(open(&app, &made).await.is_none(), ends, "{update:?}");
    }
}

#[tokio::test]
async fn a_removed_user_has_neither_links_nor_gets_one() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let made = link(&app.admin(), &user).await;

    app.admin().users().remove(&user).await.unwrap();

    assert_eq!(open(&app, &made).await, None);
    assert_eq!(code(app.admin().users().create_signin_link(&user, &to("/")).await), "NOT_FOUND");
}
