//! Rules of links, codes and mails that hold when browsers race.

use std::time::Duration;

use homeroom_client::{InvitedRole, OrganizationInvitationCreation, Role};
use homeroom_server::invitations;
use reqwest::StatusCode;

use crate::invitations::link_for;
use crate::races::TASKS;
use crate::support::{DAY, TestApp, person};
use crate::{joining, resets};

/// How many of many at once, each in a transaction of its own, get what there is once.
async fn who_get_it<F>(take: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let tasks: Vec<_> = (0..TASKS).map(|which| tokio::spawn(take(which))).collect();
    let mut got = 0;
    for task in tasks {
        got += usize::from(task.await.unwrap());
    }
    got
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_open_a_sign_in_link_at_once_one_is_signed_in() {
    let one = TestApp::start().await;
    let other = one.replica().await;
    let user = one.user("pupil", Role::User).await;
    let link = one.admin().users().create_signin_link(&user, &Default::default()).await.unwrap();
    let got = who_get_it(|which| {
        let mut browser = if which % 2 == 0 { one.browser() } else { other.browser() };
        let page = format!("/auth/signin-link/{}", link.token);
        async move {
            let seen = browser.submit(&page, &[]).await;
            let is_in = browser.is_signed_in().await;
            assert_eq!(is_in, seen.status == StatusCode::SEE_OTHER);
            is_in
        }
    })
    .await;
    assert_eq!(got, 1);
}

/// How many of many browsers join at once, each with the code and username of its number.
async fn who_join(one: &TestApp, codes: &[String], username: impl Fn(usize) -> String) -> usize {
    let other = one.replica().await;
    who_get_it(|which| {
        let mut browser = if which % 2 == 0 { one.browser() } else { other.browser() };
        let (code, username) = (codes[which % codes.len()].clone(), username(which));
        async move {
            let seen = joining::join(&mut browser, &code, &username).await;
            assert!([303, 410, 422].contains(&seen.status.as_u16()), "{}", seen.text);
            let is_in = browser.is_signed_in().await;
            // Who finds the invitation gone is sent back to its page.
            assert_eq!(is_in, seen.location() == "/account");
            is_in
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_browsers_that_join_with_one_code_at_once_one_gets_in() {
    let app = TestApp::start().await;
    let made = app.admin().invitations().create(&link_for(InvitedRole::Admin)).await.unwrap();
    assert_eq!(who_join(&app, &[made.custom_code.unwrap()], |which| format!("ada{which}")).await, 1);
    let joined = app.column("SELECT user_id FROM invitation_uses").await;
    assert_eq!((joined.len(), app.column("SELECT id FROM users").await.len()), (1, 2));
    let mut browser = app.browser();
    assert_eq!(browser.get(&joining::page("ABCDE23456")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_browsers_that_join_with_a_link_for_many_at_once_get_in() {
    let app = TestApp::start().await;
    let new = OrganizationInvitationCreation { allow_multiple_use: true, ..Default::default() };
    let made = app.admin().invitations().create(&new).await.unwrap();
    assert_eq!(who_join(&app, &[made.custom_code.unwrap()], |which| format!("ada{which}")).await, TASKS);
    assert_eq!(app.column("SELECT user_id FROM invitation_uses").await.len(), TASKS);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_one_username_at_once_one_gets_it_and_the_others_keep_their_invitations() {
    let app = TestApp::start().await;
    let mut codes = Vec::new();
    for _ in 0..TASKS {
        let made = app.admin().invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
        codes.push(made.custom_code.unwrap());
    }
    let username = |which: usize| ["jose", "José", "JOSE"][which % 3].to_owned();
    assert_eq!(who_join(&app, &codes, username).await, 1);
    assert_eq!(app.column("SELECT id FROM invitations WHERE status = 'open'").await.len(), TASKS - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_moves_into_many_schools_at_once_is_in_one() {
    let app = TestApp::start().await;
    joining::individual(&app, person("ada")).await;
    let mut codes = Vec::new();
    for _ in 0..TASKS {
        let made = app.admin().invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
        codes.push(made.custom_code.unwrap());
    }
    let mut browsers = Vec::new();
    for code in &codes {
        browsers.push(Some((joining::signed_in(&app, "ada", code).await, code.clone())));
    }
    let browsers = std::sync::Mutex::new(browsers);
    let got = who_get_it(|which| {
        let (mut browser, code) = browsers.lock().unwrap()[which].take().unwrap();
        async move { joining::move_account(&mut browser, &code).await.location() == "/account" }
    })
    .await;
    assert_eq!((got, app.column("SELECT id FROM users WHERE removed_at IS NULL").await.len()), (1, 2));
    assert_eq!(app.column("SELECT id FROM invitations WHERE status = 'open'").await.len(), TASKS - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_set_a_password_with_one_link_at_once_one_does() {
    let one = TestApp::start().await;
    let other = one.replica().await;
    let link = resets::link_for_ada(&one).await;
    let got = who_get_it(|which| {
        let mut browser = if which % 2 == 0 { one.browser() } else { other.browser() };
        let link = link.clone();
        async move { resets::set(&mut browser, &link).await.location() == "/account" }
    })
    .await;
    assert_eq!(got, 1);
    let events = "SELECT event FROM audit_events WHERE event = 'user.password_reset'";
    assert_eq!(one.column(events).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_mails_that_are_asked_for_at_once_five_go_out() {
    let app = TestApp::start().await;
    resets::ask_often(&app, TASKS).await;
    assert_eq!(app.column("SELECT id FROM outbox").await.len(), 5);
}

/// How many of many at once come in with a code.
async fn who_come_in(one: &TestApp, code: &str) -> usize {
    let other = one.replica().await;
    who_get_it(|which| {
        let app = if which % 2 == 0 { one.app.clone() } else { other.app.clone() };
        let code = code.to_owned();
        async move {
            let mut tx = app.db.write().await.unwrap();
            let taken = invitations::take(&app, &mut tx, &code).await.unwrap();
            tx.commit().await.unwrap();
            taken.is_some()
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_come_with_one_code_at_once_one_is_let_in() {
    let app = TestApp::start().await;
    let made = app.admin().invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
    assert_eq!(who_come_in(&app, &made.custom_code.unwrap()).await, 1);
    assert_eq!(app.column("SELECT status FROM invitations WHERE code IS NULL").await, ["used"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_who_come_with_the_code_of_a_class_are_let_in() {
    let app = TestApp::start().await;
    let made = app.admin().invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
    app.app.db.batch("UPDATE invitations SET allow_multiple_use = TRUE").await.unwrap();
    assert_eq!(who_come_in(&app, &made.custom_code.unwrap()).await, TASKS);
    assert_eq!(app.column("SELECT status FROM invitations WHERE code IS NOT NULL").await, ["open"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_revoked_expired_or_unknown_lets_nobody_in() {
    let app = TestApp::start().await;
    let made = app.admin().invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
    let other = app.admin().invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
    app.admin().invitations().remove(&made.id).await.unwrap();
    assert_eq!(who_come_in(&app, &made.custom_code.unwrap()).await, 0);
    app.app.clock.advance(DAY * 14);
    assert_eq!(who_come_in(&app, &other.custom_code.unwrap()).await, 0);
    assert_eq!(who_come_in(&app, "ABCDEFGHJK").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_replaced_meanwhile_lets_nobody_in() {
    let app = TestApp::start().await;
    for which in 0..60 {
        let made = app.admin().invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
        let (server, code) = (app.app.clone(), made.custom_code.unwrap());
        let taking = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(which * 200)).await;
            let mut tx = server.db.write().await.unwrap();
            let taken = invitations::take(&server, &mut tx, &code).await.unwrap();
            tx.commit().await.unwrap();
            taken.is_some()
        });
        let resent = app.admin().invitations().resend(&made.id).await;
        assert_ne!(taking.await.unwrap(), resent.is_ok(), "one comes before the other");
    }
}
