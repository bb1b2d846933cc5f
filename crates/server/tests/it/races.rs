//! Rules that hold when requests race.

use std::time::Duration;

use homeroom_client::{
    Client, InvitationQuery, Role, Scope, Update, UserAdminUpdate, UserCreation, UserFilter, UserId,
};

use crate::invitations::{invite, mails};
use crate::ranks::{account, to_email, to_firstname, to_role};
use crate::support::{TestApp, code};
use crate::tokens::carrying;

pub const TASKS: usize = 32;

/// Does `work` for 0, 1, 2… at the same time: the results in that order.
pub async fn at_once<F>(count: usize, work: impl Fn(usize) -> F) -> Vec<homeroom_client::Result<()>>
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
pub fn went_through(results: Vec<homeroom_client::Result<()>>, expected: &str) -> usize {
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
