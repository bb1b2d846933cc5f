//! Access tokens: what they look like, how long they last, and what they end with.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use homeroom_client::{
    AccessTokenQuery, AccessTokenSummary, ApiAccessToken, Client, OrganizationUserAccessTokenCreation, Role,
    Scope, Scopes, Timestamp, UserId,
};
use homeroom_server::access_tokens::{self, New};
use homeroom_server::crypto::NewToken;
use secrecy::ExposeSecret as _;

use crate::ranks::{account, let_teachers, to_firstname, to_role};
use crate::support::{DAY, NOW, TestApp, code, refusal};

const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// How old what a read sees of a token may be.
const STALE: Duration = Duration::from_secs(1);

pub fn carrying(scopes: &[Scope]) -> OrganizationUserAccessTokenCreation {
    OrganizationUserAccessTokenCreation { scopes: scopes.to_vec() }
}

/// A personal token that ends.
pub async fn ending_token(app: &TestApp, user: &UserId, scopes: &[Scope], expires_at: Timestamp) -> Client {
    let (id, token) = (app.app.random.id(NOW), NewToken::access(&app.app.random));
    let scopes = Scopes::of(scopes);
    let new = New { id, user, name: "Ending", scopes, created_at: NOW, expires_at, maker: None };
    let mut tx = app.app.db.write().await.unwrap();
    access_tokens::insert(&mut tx, &app.school.organization, &new, &token).await.unwrap();
    tx.commit().await.unwrap();
    app.client(token.secret.expose_secret())
}

/// A token of an account admin, made by `maker`.
async fn delegated(app: &TestApp, maker: &Client, username: &str) -> (UserId, Client) {
    let user = app.user(username, Role::AccountAdmin).await;
    let made = maker.users().create_access_token(&user, &carrying(&[Scope::EduAdminUsers])).await.unwrap();
    (user, app.client(&made.token))
}

pub async fn tokens_of(app: &TestApp, user: &UserId) -> Vec<AccessTokenSummary> {
    app.admin().users().list_access_tokens(user, &AccessTokenQuery::default()).await.unwrap().items
}

/// Whether the token writes: a write reads it again.
async fn writes(app: &TestApp, client: &Client) -> bool {
    let user = app.user(&app.app.random.id::<String>(NOW), Role::User).await;
    match client.users().update(&user, &to_firstname("Ada")).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.api().unwrap().code, "UNAUTHORIZED");
            false
        }
    }
}

async fn one(app: &TestApp) -> (UserId, ApiAccessToken) {
    let user = app.user("pupil", Role::User).await;
    let scopes = [Scope::AccountPublicProfile, Scope::Scores];
    let made = app.admin().users().create_access_token(&user, &carrying(&scopes)).await.unwrap();
    (user, made)
}

#[tokio::test]
async fn a_token_is_43_base62_characters_and_their_crc_32() {
    let app = TestApp::start().await;
    let (_, made) = one(&app).await;
    let (body, sum) = made.token.strip_prefix("hr_").unwrap().split_at(43);

    assert!(body.chars().all(|c| BASE62.contains(c)), "{body}");
    assert_eq!(sum.len(), 6);
    let number = sum.chars().fold(0, |number, digit| number * 62 + BASE62.find(digit).unwrap());
    assert_eq!(number, crc32fast::hash(body.as_bytes()) as usize);
}

#[tokio::test]
async fn a_new_token_stands_for_its_user_with_its_scopes() {
    let app = TestApp::start().await;
    let (user, made) = one(&app).await;
    let me = app.client(&made.token).me().await.unwrap();

    assert_eq!((me.id, me.email, me.organization), (user, None, None));
    assert_eq!(made.scopes, Scopes::of(&[Scope::AccountPublicProfile, Scope::Scores]));
    assert_eq!(made.issued_date, NOW);
}

#[tokio::test]
async fn an_unknown_a_damaged_and_a_revoked_token_get_the_same_answer() {
    let app = TestApp::start().await;
    let (user, made) = one(&app).await;
    app.admin().users().revoke_access_token(&user, &made.id).await.unwrap();
    let unknown = NewToken::access(&app.app.random).secret.expose_secret().to_owned();
    let damaged = format!("{}{}", &made.token[..51], if made.token.ends_with('0') { '1' } else { '0' });
    let mut answers = Vec::new();
    for token in [&made.token, &unknown, &damaged] {
        let error = app.client(token).me().await.unwrap_err();
        let error = error.api().unwrap();
        answers.push((error.status.as_u16(), error.code.clone(), error.message.clone()));
        assert_eq!(error.headers["www-authenticate"], "Bearer");
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn a_delegated_token_lasts_24_hours() {
    let app = TestApp::start().await;
    let (user, made) = one(&app).await;
    assert_eq!(made.expiration_date, Some(NOW + DAY));

    app.app.clock.advance(DAY - Duration::from_millis(1));
    assert_eq!(app.client(&made.token).me().await.unwrap().id, user);
    app.app.clock.advance(Duration::from_millis(1));
    assert_eq!(code(app.client(&made.token).me().await), "UNAUTHORIZED");
    assert_eq!(tokens_of(&app, &user).await, []);
}

#[tokio::test]
async fn a_delegated_token_lasts_as_long_as_the_setting_says() {
    let app = TestApp::start_with(|settings| settings.access_token_ttl = DAY * 7).await;
    assert_eq!(one(&app).await.1.expiration_date, Some(NOW + DAY * 7));
}

#[tokio::test]
async fn a_delegated_token_ends_no_later_than_the_one_that_made_it() {
    let app = TestApp::start().await;
    let end = NOW + Duration::from_secs(90);
    let maker = ending_token(&app, &app.school.admin, &[Scope::EduAdmin], end).await;
    let user = app.user("pupil", Role::User).await;

    let made = maker.users().create_access_token(&user, &carrying(&[])).await.unwrap();

    assert_eq!(made.expiration_date, Some(end));
}

#[tokio::test]
async fn a_delegated_token_lasts_while_its_maker_stands() {
    let app = TestApp::start().await;
    let (maker, client) = app.caller("maker", Role::Admin, &[Scope::EduAdmin]).await;
    let (_, token) = delegated(&app, &client, "clerk").await;

    app.admin().users().update(&maker, &to_role(Role::AccountAdmin)).await.unwrap();

    assert!(writes(&app, &token).await, "the maker still has the user's rank");
}

#[tokio::test]
async fn a_delegated_token_ends_with_the_one_that_made_it() {
    let app = TestApp::start().await;
    let (maker, client) = app.caller("maker", Role::Admin, &[Scope::EduAdmin]).await;
    let (user, token) = delegated(&app, &client, "clerk").await;
    let (_, of_another) = delegated(&app, &app.admin(), "other").await;
    assert!(writes(&app, &token).await);

    let own = tokens_of(&app, &maker).await.remove(0);
    app.admin().users().revoke_access_token(&maker, &own.id).await.unwrap();

    assert!(!writes(&app, &token).await);
    assert_eq!(tokens_of(&app, &user).await, []);
    assert!(writes(&app, &of_another).await);
}

#[tokio::test]
async fn a_delegated_token_ends_when_its_maker_is_removed_or_converted() {
    let app = TestApp::start().await;
    for convert in [false, true] {
        let (maker, client) = app.caller("maker", Role::Admin, &[Scope::EduAdmin]).await;
        let (user, token) = delegated(&app, &client, &format!("clerk{convert}")).await;
        assert!(writes(&app, &token).await);
        let admin = app.admin();
        let gone =
            if convert { admin.users().convert_to_individual(&maker) } else { admin.users().remove(&maker) };
        gone.await.unwrap();

        assert!(!writes(&app, &token).await);
        assert_eq!(tokens_of(&app, &user).await, []);
    }
}

#[tokio::test]
async fn a_delegated_token_ends_for_good_when_its_maker_falls_below_its_user() {
    let app = TestApp::start().await;
    let (maker, client) = app.caller("maker", Role::Admin, &[Scope::EduAdmin]).await;
    let (user, token) = delegated(&app, &client, "clerk").await;

    for role in [Role::Teacher, Role::Admin] {
        app.admin().users().update(&maker, &to_role(role)).await.unwrap();
        assert!(!writes(&app, &token).await);
        assert_eq!(tokens_of(&app, &user).await, []);
    }
}

#[tokio::test]
async fn a_delegated_token_ends_for_good_when_its_user_is_promoted_above_its_maker() {
    let app = TestApp::start().await;
    let (_, client) = app.caller("maker", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let (user, token) = delegated(&app, &client, "clerk").await;

    for role in [Role::Admin, Role::AccountAdmin] {
        app.admin().users().update(&user, &to_role(role)).await.unwrap();
        assert!(!writes(&app, &token).await);
        assert_eq!(tokens_of(&app, &user).await, []);
    }
}

#[tokio::test]
async fn a_token_made_without_the_whole_administrative_scope_does_not_become_an_admins() {
    let app = TestApp::start().await;
    let (_, part) = app.caller("part", Role::Admin, &[Scope::EduAdminUsers]).await;
    let (_, whole) = app.caller("whole", Role::Admin, &[Scope::EduAdmin]).await;
    let (user, ends) = delegated(&app, &part, "clerk").await;
    let stays = whole.users().create_access_token(&user, &carrying(&[Scope::EduAdminUsers])).await.unwrap();

    app.admin().users().update(&user, &to_role(Role::Admin)).await.unwrap();

    assert!(!writes(&app, &ends).await);
    assert!(writes(&app, &app.client(&stays.token)).await);
}

#[tokio::test]
async fn a_revoked_token_writes_nothing_at_once_and_reads_nothing_after_a_second() {
    let app = TestApp::start().await;
    let (user, token) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    token.users().get(&user).await.unwrap(); // looked up, and remembered

    app.admin().users().revoke_access_token(&user, &tokens_of(&app, &user).await[0].id).await.unwrap();

    assert_eq!(code(token.users().create(&account("eve", Role::User)).await), "UNAUTHORIZED");
    tokio::time::sleep(STALE).await;
    assert_eq!(code(token.users().get(&user).await), "UNAUTHORIZED");
}

#[tokio::test]
async fn a_removed_users_token_writes_nothing_at_once_and_reads_nothing_after_a_second() {
    let app = TestApp::start().await;
    let (user, token) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    token.users().get(&user).await.unwrap();

    app.admin().users().remove(&user).await.unwrap();

    assert_eq!(code(token.users().create(&account("eve", Role::User)).await), "UNAUTHORIZED");
    let listed = app.admin().users().list_access_tokens(&user, &AccessTokenQuery::default()).await;
    assert_eq!(code(listed), "NOT_FOUND");
    tokio::time::sleep(STALE).await;
    assert_eq!(code(token.users().get(&app.school.admin).await), "UNAUTHORIZED");
}

#[tokio::test]
async fn a_demoted_callers_next_write_is_refused() {
    let app = TestApp::start().await;
    let (user, token) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    token.users().get(&user).await.unwrap();

    app.admin().users().update(&user, &to_role(Role::Teacher)).await.unwrap();

    assert_eq!(code(token.users().create(&account("eve", Role::User)).await), "INSUFFICIENT_SCOPE");
}

#[tokio::test]
async fn neither_the_list_nor_the_database_shows_a_token() {
    let app = TestApp::start().await;
    let (user, made) = one(&app).await;
    let path = format!("/v2/organizations/users/{user}/accessTokens");
    let list = app.request(reqwest::Method::GET, &path).send().await.unwrap().text().await.unwrap();

    assert!(list.contains(made.id.as_str()));
    for secret in [&made.token[3..], &made.token[8..20]] {
        assert!(!list.contains(secret), "{list}");
        assert_eq!(app.tables_that_hold(secret).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_list_tells_tokens_apart() {
    let app = TestApp::start().await;
    let (user, made) = one(&app).await;
    let own = app.token(&user, &[Scope::Omr]).await;
    let listed = tokens_of(&app, &user).await;

    let seen: Vec<_> =
        listed.iter().map(|token| (token.prefix.as_str(), token.delegated, token.scopes)).collect();
    let own_scopes = Scopes::of(&[Scope::Omr]);
    assert_eq!(seen, [(&made.token[3..7], true, made.scopes), (&own[3..7], false, own_scopes)]);
    assert_eq!((&listed[0].id, listed[0].expiration_date), (&made.id, made.expiration_date));
    assert_eq!(listed[1].expiration_date, None);
}

#[tokio::test]
async fn a_tokens_last_use_is_listed_to_the_minute() {
    let app = TestApp::start().await;
    let (user, made) = one(&app).await;
    app.app.clock.advance(Duration::from_secs(119));
    app.client(&made.token).me().await.unwrap();

    app.app.activity.write(&app.app).await.unwrap();

    assert_eq!(tokens_of(&app, &user).await[0].last_usage, Some(NOW + Duration::from_secs(60)));
}

#[tokio::test]
async fn the_list_of_tokens_has_pages_both_ways() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(app.admin().users().create_access_token(&user, &carrying(&[])).await.unwrap().id);
    }
    let ids = |items: &[AccessTokenSummary]| items.iter().map(|token| token.id.clone()).collect::<Vec<_>>();
    let query = AccessTokenQuery { limit: Some(2), ..AccessTokenQuery::default() };
    let first = app.admin().users().list_access_tokens(&user, &query).await.unwrap();
    let second = first.next().await.unwrap().unwrap();
    let back = second.previous().await.unwrap().unwrap();

    assert_eq!((ids(&first.items), ids(&second.items)), (made[..2].to_vec(), made[2..4].to_vec()));
    assert_eq!(ids(&back.items), made[..2]);
    assert!(!first.has_previous() && !back.has_previous());
    assert_eq!(ids(&first.into_stream().try_collect::<Vec<_>>().await.unwrap()), made);
}

#[tokio::test]
async fn the_cursor_of_one_users_tokens_does_not_open_anothers() {
    let app = TestApp::start().await;
    let (user, other) = (app.user("pupil", Role::User).await, app.user("other", Role::User).await);
    for _ in 0..2 {
        app.token(&user, &[]).await;
        app.token(&other, &[]).await;
    }
    let query = AccessTokenQuery { limit: Some(1), ..AccessTokenQuery::default() };
    let next = app.admin().users().list_access_tokens(&user, &query).await.unwrap().next_cursor();
    assert!(next.is_some());

    let query = AccessTokenQuery { next, ..query };
    assert_eq!(code(app.admin().users().list_access_tokens(&other, &query).await), "INVALID_CURSOR");
}

#[tokio::test]
async fn a_token_is_revoked_under_its_own_user_alone_and_once() {
    let app = TestApp::start().await;
    let (user, made) = one(&app).await;
    let other = app.user("other", Role::User).await;

    assert_eq!(code(app.admin().users().revoke_access_token(&other, &made.id).await), "NOT_FOUND");
    app.client(&made.token).me().await.unwrap();
    app.admin().users().revoke_access_token(&user, &made.id).await.unwrap();
    assert_eq!(code(app.admin().users().revoke_access_token(&user, &made.id).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_token_of_more_than_a_hundred_scopes_is_refused() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let made = app.admin().users().create_access_token(&user, &carrying(&[Scope::Omr; 101])).await;

    assert_eq!(refusal(made), ("INVALID_PARAMETER".to_owned(), Some("scopes".to_owned())));
    app.admin().users().create_access_token(&user, &carrying(&[Scope::Omr; 100])).await.unwrap();
}

#[tokio::test]
async fn teachers_lose_the_scopes_on_lti_with_the_organizations_setting() {
    let app = TestApp::start().await;
    let_teachers(&app, true).await;
    let (teacher, token) = app.caller("t", Role::Teacher, &[Scope::EduAdminLti, Scope::Scores]).await;
    token.lti_credentials().list().await.unwrap();

    let_teachers(&app, false).await;
    let_teachers(&app, true).await;

    assert_eq!(tokens_of(&app, &teacher).await[0].scopes, Scopes::of(&[Scope::Scores]));
}
