//! Rules that hold when requests race.

use std::time::Duration;

use homeroom_client::{
    Client, InvitationQuery, InvitedRole, OrganizationInvitationCreation, Role, Scope, Update,
    UserAdminUpdate, UserCreation, UserFilter, UserId,
};
use homeroom_server::invitations;
use reqwest::StatusCode;

use crate::invitations::{invite, link_for, mails};
use crate::ranks::{account, to_email, to_firstname, to_role};
use crate::support::{DAY, TestApp, code, person};
use crate::tokens::carrying;
use crate::{joining, resets};

const TASKS: usize = 32;

/// Does `work` for 0, 1, 2… at the same time: the results in that order.
async fn at_once<F>(count: usize, work: impl Fn(usize) -> F) -> Vec<homeroom_client::Result<()>>
where
    F: Future<Output = homeroom_client::Result<()>> + Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|which| tokio::spawn(work(which))).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

/// How many went through; the others were all refused with `expected`.
fn went_through(results: Vec<homeroom_client::Result<()>>, expected: &str) -> usize {
    let (good, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    for result in refused {
        assert_eq!(code(result), expected);
    }
    good.len()
}

async fn create(admin: Client, new: UserCreation) -> homeroom_client::Result<()> {
    admin.users().create(&new).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_gets_a_username() {
    let app = TestApp::start().await;
    let results = at_once(TASKS, |which| {
        let username = ["jose", "José", "JOSE", " josé "][which % 4];
        create(app.admin(), account(username, Role::User))
    })
    .await;

    assert_eq!(went_through(results, "USERNAME_TAKEN"), 1);
    assert_eq!(app.admin().users().count(&UserFilter::default()).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_gets_an_address() {
    let app = TestApp::start().await;
    let results = at_once(TASKS, |which| {
        let email = ["ada@school.example", "Ada@School.example"][which % 2].to_owned();
        let new = account(&format!("ada{which}"), Role::User);
        create(app.admin(), UserCreation { email: Some(email), ..new })
    })
    .await;

    assert_eq!(went_through(results, "EMAIL_TAKEN"), 1);
    assert_eq!(app.admin().users().count(&UserFilter::default()).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_username_and_an_address_that_are_the_same_one_is_given() {
    let app = TestApp::start().await;
    let results = at_once(TASKS, |which| {
        let (name, email) = ("ada@school.example", Some("ADA@school.example".to_owned()));
        let by_email = UserCreation { email, ..account(&format!("ada{which}"), Role::User) };
        create(app.admin(), if which % 2 == 0 { account(name, Role::User) } else { by_email })
    })
    .await;

    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for refused in results.into_iter().filter(Result::is_err) {
        assert!(["USERNAME_TAKEN", "EMAIL_TAKEN"].contains(&code(refused).as_str()));
    }
    assert_eq!(
        app.column("SELECT name_key FROM signin_names ORDER BY 1").await,
        ["ada@school.example", "head@school.example"]
    );
}

/// Pupils to rename.
async fn pupils(app: &TestApp) -> Vec<UserId> {
    let mut pupils = Vec::new();
    for which in 0..TASKS {
        pupils.push(app.user(&format!("pupil{which}"), Role::User).await);
    }
    pupils
}

async fn change(admin: Client, user: UserId, update: UserAdminUpdate) -> homeroom_client::Result<()> {
    admin.users().update(&user, &update).await.map(drop)
}

fn to_username(username: &str) -> UserAdminUpdate {
    UserAdminUpdate { username: Some(username.to_owned()), ..UserAdminUpdate::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_are_renamed_at_once_one_gets_the_username() {
    let app = TestApp::start().await;
    let pupils = pupils(&app).await;
    let results = at_once(TASKS, |which| {
        change(app.admin(), pupils[which].clone(), to_username(["jose", "José"][which % 2]))
    })
    .await;

    assert_eq!(went_through(results, "USERNAME_TAKEN"), 1);
    assert_eq!(app.column("SELECT username_key FROM users WHERE username_key = 'jose'").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_new_and_renamed_accounts_at_once_one_gets_the_username() {
    let app = TestApp::start().await;
    let pupils = pupils(&app).await;
    let results = at_once(TASKS, |which| {
        let (admin, user) = (app.admin(), pupils[which].clone());
        async move {
            match which % 2 {
                0 => create(admin, account("jose", Role::User)).await,
                // The other one's password is hashed meanwhile.
                _ => {
                    tokio::time::sleep(Duration::from_millis(which as u64 * 10)).await;
                    change(admin, user, to_username("José")).await
                }
            }
        }
    })
    .await;

    assert_eq!(went_through(results, "USERNAME_TAKEN"), 1);
    assert_eq!(app.column("SELECT username_key FROM users WHERE username_key = 'jose'").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_new_and_changed_accounts_at_once_one_gets_the_address() {
    let app = TestApp::start().await;
    let pupils = pupils(&app).await;
    let results = at_once(TASKS, |which| {
        let (admin, user, email) = (app.admin(), pupils[which].clone(), "ada@school.example".to_owned());
        async move {
            if which % 4 == 0 {
                let new = account(&format!("ada{which}"), Role::User);
                return create(admin, UserCreation { email: Some(email), ..new }).await;
            }
            change(admin, user, to_email(Update::Set(email))).await
        }
    })
    .await;

    assert_eq!(went_through(results, "EMAIL_TAKEN"), 1);
    assert_eq!(app.column("SELECT id FROM users WHERE email_key = 'ada@school.example'").await.len(), 1);
}

/// The admins of a school with eight more, each with a token of their own.
async fn admins(app: &TestApp) -> Vec<(UserId, Client)> {
    let mut admins = vec![(app.school.admin.clone(), app.admin())];
    for which in 0..8 {
        admins.push(app.caller(&format!("admin{which}"), Role::Admin, &[Scope::EduAdmin]).await);
    }
    admins
}

async fn how_many_admins(app: &TestApp) -> usize {
    app.column("SELECT id FROM users WHERE role = 'admin' AND removed_at IS NULL").await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_admins_who_all_leave_at_once_one_stays() {
    for _ in 0..5 {
        let app = TestApp::start().await;
        let admins = admins(&app).await;
        let results = at_once(admins.len(), |which| {
            let (user, client) = admins[which].clone();
            async move {
                match which % 3 {
                    0 => client.users().update(&user, &to_role(Role::User)).await.map(drop),
                    1 => client.users().remove(&user).await,
                    _ => client.users().convert_to_individual(&user).await,
                }
            }
        })
        .await;

        assert_eq!(went_through(results, "LAST_ADMIN"), admins.len() - 1);
        assert_eq!(how_many_admins(&app).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn activity_is_written_while_others_write_and_nobody_waits_in_a_circle() {
    let app = TestApp::start().await;
    let admins = admins(&app).await;
    for _ in 0..20 {
        app.app.clock.advance(Duration::from_secs(60));
        let writing = at_once(8, |which| {
            let (user, (_, client)) = (admins[(which + 1) % 8].0.clone(), admins[which].clone());
            async move {
                for name in ["Ada", "Grace"] {
                    client.users().update(&user, &to_firstname(name)).await?;
                }
                Ok(())
            }
        });
        let noting = async {
            for _ in 0..20 {
                app.app.activity.write(&app.app).await.unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let (written, ()) = tokio::join!(writing, noting);
        assert_eq!(went_through(written, "none"), 8);
    }
    app.app.activity.write(&app.app).await.unwrap();
    let late = app.column("SELECT username FROM users WHERE last_activity_at < 1772439600000").await;
    assert_eq!(late, ["admin7"], "who never called; the others did after 20 minutes");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_invitations_of_an_address_at_once_one_is_open() {
    let app = TestApp::start().await;
    let results = at_once(TASKS, |_| {
        let admin = app.admin();
        async move { admin.invitations().create(&invite("ada@school.example", None)).await.map(drop) }
    })
    .await;

    assert_eq!(went_through(results, "none"), TASKS);
    let open = app.admin().invitations().list(&InvitationQuery::default()).await.unwrap().items;
    assert_eq!(open.len(), 1);
    assert_eq!(mails(&app).await, vec![format!("invitation {}", open[0].id); TASKS]);
    assert_eq!(app.column("SELECT invitation_id FROM invitation_keys").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_removed_meanwhile_keeps_no_token() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let results = at_once(TASKS, |which| {
        let (admin, user) = (app.admin(), user.clone());
        async move {
            match which {
                16 => admin.users().remove(&user).await,
                _ => admin.users().create_access_token(&user, &carrying(&[])).await.map(drop),
            }
        }
    })
    .await;

    assert!(went_through(results, "NOT_FOUND") >= 1);
    assert_eq!(app.column("SELECT user_id FROM access_tokens").await, [app.school.admin.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_removed_by_many_at_once_is_removed_once() {
    let app = TestApp::start().await;
    let user = app.user("pupil", Role::User).await;
    let results = at_once(TASKS, |_| {
        let (admin, user) = (app.admin(), user.clone());
        async move { admin.users().remove(&user).await }
    })
    .await;

    assert_eq!(went_through(results, "NOT_FOUND"), 1);
    assert_eq!(app.column("SELECT event FROM audit_events WHERE event = 'user.removed'").await.len(), 1);
    assert_eq!(app.column("SELECT subject_id FROM jobs").await, [user.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_is_demoted_while_passwords_are_hashed_makes_no_admin_afterwards() {
    let app = TestApp::start().await;
    let (second, client) = app.caller("second", Role::Admin, &[Scope::EduAdmin]).await;
    let results = at_once(TASKS, |which| {
        let (admin, client, second) = (app.admin(), client.clone(), second.clone());
        async move {
            match which {
                0 => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    admin.users().update(&second, &to_role(Role::AccountAdmin)).await.map(drop)
                }
                _ => create(client, account(&format!("admin{which}"), Role::Admin)).await,
            }
        }
    })
    .await;

    let made = went_through(results, "INSUFFICIENT_SCOPE") - 1;
    assert!(made < TASKS - 1, "some were still to be hashed");
    assert_eq!(how_many_admins(&app).await, made + 1);
    let events = app.column("SELECT event FROM audit_events ORDER BY id").await;
    let fall = events.iter().position(|event| event == "user.role_changed").unwrap();
    assert!(!events[fall..].contains(&"user.created".to_owned()), "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_is_demoted_meanwhile_makes_nothing_afterwards() {
    let app = TestApp::start().await;
    let (clerk, client) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let pupil = app.user("pupil", Role::User).await;
    client.users().get(&pupil).await.unwrap();
    let results = at_once(TASKS, |which| {
        let (admin, client, clerk, pupil) = (app.admin(), client.clone(), clerk.clone(), pupil.clone());
        async move {
            match which {
                16 => admin.users().update(&clerk, &to_role(Role::User)).await.map(drop),
                _ => client.users().create_access_token(&pupil, &carrying(&[])).await.map(drop),
            }
        }
    })
    .await;
    went_through(results, "INSUFFICIENT_SCOPE");

    let events = app.column("SELECT event FROM audit_events ORDER BY id").await;
    let fall = events.iter().position(|event| event == "user.role_changed").unwrap();
    assert!(!events[fall..].contains(&"access_token.created".to_owned()), "{events:?}");
}

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
    assert_eq!((got, app.column("SELECT id FROM users").await.len()), (1, 2));
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
