//! Who may do what: ranks, the last admin, the scopes of a role, and having somebody's account.

use std::time::Duration;

use homeroom_client::{
    Client, InvitedRole, Role, Scope, Update, UserAdminUpdate, UserCreation, UserId, UserSigninLinkCreation,
};
use homeroom_server::organizations::{self, OrganizationUpdate};

use crate::audit::everything;
use crate::invitations::{invite, link_for};
use crate::support::{School, TestApp, code, refusal, with_email};
use crate::tokens::carrying;

const NEW_PASSWORD: &str = "correct horse";

pub fn account(username: &str, role: Role) -> UserCreation {
    let (username, password) = (username.to_owned(), NEW_PASSWORD.to_owned());
    UserCreation { username, password, role: Some(role), ..UserCreation::default() }
}

pub fn to_role(role: Role) -> UserAdminUpdate {
    UserAdminUpdate { organization_role: Some(role), ..UserAdminUpdate::default() }
}

pub fn to_password() -> UserAdminUpdate {
    UserAdminUpdate { password: Some(NEW_PASSWORD.to_owned()), ..UserAdminUpdate::default() }
}

pub fn to_email(email: Update<String>) -> UserAdminUpdate {
    UserAdminUpdate { email, ..UserAdminUpdate::default() }
}

pub fn to_firstname(name: &str) -> UserAdminUpdate {
    UserAdminUpdate { firstname: Update::Set(name.to_owned()), ..UserAdminUpdate::default() }
}

/// Lets the teachers of the school make LTI credentials, or no longer.
pub async fn let_teachers(app: &TestApp, allow: bool) {
    let_teachers_of(app, &app.school, allow).await;
}

pub async fn let_teachers_of(app: &TestApp, school: &School, allow: bool) {
    let update = OrganizationUpdate { lti1p1_allow_teachers: Some(allow), ..OrganizationUpdate::default() };
    organizations::update(&app.app, school.organization.as_str(), update).await.unwrap();
}

pub async fn role_of(app: &TestApp, user: &UserId) -> Option<Role> {
    app.admin().users().get(user).await.unwrap().organization_role
}

/// How `caller` fares with each way to have the account of `user`: a link, a token, a password, an e-mail.
async fn ways_to_have(caller: &Client, user: &UserId) -> Vec<homeroom_client::Result<()>> {
    let users = caller.users();
    let email = Update::Set("mine@elsewhere.example".to_owned());
    vec![
        users.create_signin_link(user, &UserSigninLinkCreation::default()).await.map(drop),
        users.create_access_token(user, &carrying(&[Scope::AccountPublicProfile])).await.map(drop),
        users.update(user, &to_password()).await.map(drop),
        users.update(user, &to_email(email)).await.map(drop),
        users.update(user, &to_email(Update::Clear)).await.map(drop),
    ]
}

#[tokio::test]
async fn nobody_touches_an_account_above_their_own_rank() {
    let app = TestApp::start().await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let admin = &app.school.admin;
    let own = app.admin().users().list_access_tokens(admin, &Default::default()).await.unwrap().items;
    let before = everything(&app).await;

    let mut refused = ways_to_have(&clerk, admin).await;
    refused.push(clerk.users().update(admin, &to_firstname("Eve")).await.map(drop));
    refused.push(clerk.users().update(admin, &to_role(Role::User)).await.map(drop));
    refused.push(clerk.users().remove(admin).await);
    refused.push(clerk.users().convert_to_individual(admin).await);
    refused.push(clerk.users().revoke_access_token(admin, &own[0].id).await);

    for (which, result) in refused.into_iter().enumerate() {
        assert_eq!(code(result), "FORBIDDEN", "{which}");
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn nobody_grants_a_role_above_their_own() {
    let app = TestApp::start().await;
    let (own, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let pupil = app.add(&app.school, with_email("pupil", "pupil@school.example"), Role::User).await;
    let before = everything(&app).await;
    let forbidden = |param: &str| ("FORBIDDEN".to_owned(), Some(param.to_owned()));

    assert_eq!(refusal(clerk.users().create(&account("eve", Role::Admin)).await), forbidden("role"));
    for user in [&own, &pupil] {
        let promoted = clerk.users().update(user, &to_role(Role::Admin)).await;
        assert_eq!(refusal(promoted), forbidden("organizationRole"));
    }
    for invitation in [link_for(InvitedRole::Admin), invite("pupil@school.example", Some(InvitedRole::Admin))]
    {
        assert_eq!(refusal(clerk.invitations().create(&invitation).await), forbidden("organizationRole"));
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn an_account_admin_has_and_removes_accounts_up_to_their_own_rank() {
    let app = TestApp::start().await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    for (username, role) in [("p", Role::User), ("t", Role::Teacher), ("a", Role::AccountAdmin)] {
        let user = clerk.users().create(&account(username, role)).await.unwrap().id;
        for way in ways_to_have(&clerk, &user).await {
            way.unwrap();
        }
        clerk.users().update(&user, &to_role(Role::AccountAdmin)).await.unwrap();
        clerk.users().remove(&user).await.unwrap();
        assert_eq!(code(clerk.users().get(&user).await), "NOT_FOUND");
    }
}

#[tokio::test]
async fn the_last_admin_can_be_neither_demoted_nor_removed_nor_converted() {
    let app = TestApp::start().await;
    let (admin, head) = (app.admin(), &app.school.admin);
    let (former, _) = app.caller("former", Role::Admin, &[]).await;
    app.admin().users().remove(&former).await.unwrap();
    let before = everything(&app).await;

    for role in [Role::AccountAdmin, Role::Teacher, Role::User] {
        assert_eq!(code(admin.users().update(head, &to_role(role)).await), "LAST_ADMIN", "{role}");
    }
    assert_eq!(code(admin.users().remove(head).await), "LAST_ADMIN");
    assert_eq!(code(admin.users().convert_to_individual(head).await), "LAST_ADMIN");
    let invited =
        admin.invitations().create(&invite("head@school.example", Some(InvitedRole::Teacher))).await;
    assert_eq!(code(invited), "LAST_ADMIN");
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn a_demotion_that_is_refused_takes_the_rest_of_its_update_with_it() {
    let app = TestApp::start().await;
    let update = UserAdminUpdate { organization_role: Some(Role::User), ..to_firstname("Eve") };

    assert_eq!(code(app.admin().users().update(&app.school.admin, &update).await), "LAST_ADMIN");

    assert_eq!(app.admin().users().get(&app.school.admin).await.unwrap().firstname, None);
}

#[tokio::test]
async fn an_admin_may_go_where_another_one_stays() {
    let app = TestApp::start().await;
    let (_, second) = app.caller("second", Role::Admin, &[Scope::EduAdmin]).await;

    second.users().update(&app.school.admin, &to_role(Role::User)).await.unwrap();

    assert_eq!(code(app.admin().users().create(&account("eve", Role::User)).await), "INSUFFICIENT_SCOPE");
}

/// What the rules say, in other words than the server's.
fn may_hold(role: Role, scope: Scope, lti_teachers: bool) -> bool {
    match scope {
        Scope::EduAdmin => role == Role::Admin,
        Scope::EduAdminUsers | Scope::EduAdminUsersReadonly => {
            matches!(role, Role::Admin | Role::AccountAdmin)
        }
        Scope::EduAdminLti | Scope::EduAdminLtiReadonly => {
            role == Role::Admin || (role == Role::Teacher && lti_teachers)
        }
        _ => true,
    }
}

#[tokio::test]
async fn a_delegated_token_carries_only_scopes_that_the_users_role_may_hold() {
    let app = TestApp::start().await;
    for lti_teachers in [false, true] {
        let_teachers(&app, lti_teachers).await;
        for role in [Role::User, Role::Teacher, Role::AccountAdmin, Role::Admin] {
            let user = app.user(&format!("{role} {lti_teachers}"), role).await;
            for scope in Scope::ALL {
                let made = app.admin().users().create_access_token(&user, &carrying(&[*scope])).await;
                if may_hold(role, *scope, lti_teachers) {
                    assert_eq!(made.unwrap().scopes, [*scope].into_iter().collect(), "{role} {scope}");
                } else {
                    let forbidden = ("FORBIDDEN".to_owned(), Some("scopes".to_owned()));
                    assert_eq!(refusal(made), forbidden, "{role} {scope}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_delegated_token_carries_no_administrative_scope_that_its_makers_token_lacks() {
    let app = TestApp::start().await;
    let_teachers(&app, true).await;
    let (_, maker) = app.caller("maker", Role::Admin, &[Scope::EduAdminUsers]).await;
    let (clerk, teacher) = (app.user("clerk", Role::AccountAdmin).await, app.user("t", Role::Teacher).await);

    for covered in [Scope::EduAdminUsers, Scope::EduAdminUsersReadonly, Scope::Scores] {
        maker.users().create_access_token(&clerk, &carrying(&[covered])).await.unwrap();
    }
    for lacking in [Scope::EduAdminLti, Scope::EduAdminLtiReadonly] {
        let made = maker.users().create_access_token(&teacher, &carrying(&[Scope::Scores, lacking])).await;
        assert_eq!(refusal(made), ("FORBIDDEN".to_owned(), Some("scopes".to_owned())));
    }
}

#[tokio::test]
async fn a_demotion_takes_scopes_that_a_promotion_does_not_bring_back() {
    let app = TestApp::start().await;
    let (user, fallen) = app.caller("fallen", Role::Admin, Scope::ALL).await;
    fallen.users().create(&account("before", Role::User)).await.unwrap();

    app.admin().users().update(&user, &to_role(Role::User)).await.unwrap();
    app.admin().users().update(&user, &to_role(Role::Admin)).await.unwrap();

    assert_eq!(code(fallen.users().create(&account("after", Role::User)).await), "INSUFFICIENT_SCOPE");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(code(fallen.users().get(&user).await), "INSUFFICIENT_SCOPE");
    assert_eq!(fallen.me().await.unwrap().username, "fallen");
}

#[tokio::test]
async fn a_demotion_to_account_admin_keeps_the_scopes_on_users_alone() {
    let app = TestApp::start().await;
    let (user, _) = app.caller("fallen", Role::Admin, Scope::ALL).await;

    app.admin().users().update(&user, &to_role(Role::AccountAdmin)).await.unwrap();

    let tokens = app.admin().users().list_access_tokens(&user, &Default::default()).await.unwrap();
    let kept: Vec<Scope> =
        tokens.items[0].scopes.iter().filter(|s| s.as_str().starts_with("edu.admin")).collect();
    assert_eq!(kept, [Scope::EduAdminUsers, Scope::EduAdminUsersReadonly]);
}

#[tokio::test]
async fn a_delegated_token_gives_nobodys_account() {
    let app = TestApp::start().await;
    let (clerk, pupil) = (app.user("clerk", Role::AccountAdmin).await, app.user("pupil", Role::User).await);
    let made =
        app.admin().users().create_access_token(&clerk, &carrying(&[Scope::EduAdminUsers])).await.unwrap();
    let delegated = app.client(&made.token);
    let before = everything(&app).await;

    for user in [&pupil, &clerk] {
        for way in ways_to_have(&delegated, user).await {
            assert_eq!(code(way), "FORBIDDEN");
        }
    }
    assert_eq!(everything(&app).await, before);
    delegated.users().update(&pupil, &to_firstname("Ada")).await.unwrap();
    delegated.users().remove(&pupil).await.unwrap();
}

#[tokio::test]
async fn not_even_a_delegated_token_with_every_scope_of_an_admin_gives_an_account() {
    let app = TestApp::start().await;
    let (admin, pupil) = (&app.school.admin, app.user("pupil", Role::User).await);
    let made = app.admin().users().create_access_token(admin, &carrying(Scope::ALL)).await.unwrap();
    let delegated = app.client(&made.token);

    for user in [&pupil, admin] {
        for way in ways_to_have(&delegated, user).await {
            assert_eq!(code(way), "FORBIDDEN");
        }
    }
    for role in [Role::AccountAdmin, Role::Admin] {
        assert_eq!(code(delegated.users().create(&account("eve", role)).await), "FORBIDDEN");
    }
}

#[tokio::test]
async fn over_an_admin_the_token_must_carry_the_whole_administrative_scope() {
    let app = TestApp::start().await;
    let (own, part) = app.caller("own", Role::Admin, &[Scope::EduAdminUsers]).await;
    let (_, whole) = app.caller("whole", Role::Admin, &[Scope::EduAdmin]).await;
    let other = app.user("other", Role::Admin).await;
    let before = everything(&app).await;

    for admin in [&own, &other] {
        for way in ways_to_have(&part, admin).await {
            assert_eq!(code(way), "INSUFFICIENT_SCOPE");
        }
    }
    assert_eq!(code(part.users().create(&account("eve", Role::Admin)).await), "INSUFFICIENT_SCOPE");
    assert_eq!(everything(&app).await, before);
    for way in ways_to_have(&whole, &other).await {
        way.unwrap();
    }
    whole.users().create(&account("eve", Role::Admin)).await.unwrap();
}

#[tokio::test]
async fn a_password_of_ones_own_does_not_end_ones_tokens_and_one_of_somebody_elses_does() {
    let app = TestApp::start().await;
    let (user, own) = app.caller("teacher", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let made =
        app.admin().users().create_access_token(&user, &carrying(&[Scope::EduAdminUsers])).await.unwrap();
    own.users().update(&user, &to_password()).await.unwrap();
    own.users().update(&user, &to_firstname("Ada")).await.unwrap();

    app.admin().users().update(&user, &to_password()).await.unwrap();

    assert_eq!(code(own.users().update(&user, &to_firstname("Eve")).await), "UNAUTHORIZED");
    app.client(&made.token).users().update(&user, &to_firstname("Eve")).await.unwrap();
}

/// How `caller` fares with each way to make an administrator of a kind: creation, promotion, invitation.
async fn ways_to_make(app: &TestApp, caller: &Client, role: Role) -> Vec<homeroom_client::Result<()>> {
    let pupil = app.user("pupil", Role::User).await;
    let invited = if role == Role::Admin { InvitedRole::Admin } else { InvitedRole::AccountAdmin };
    vec![
        caller.users().create(&account("new", role)).await.map(drop),
        caller.users().update(&pupil, &to_role(role)).await.map(drop),
        caller.invitations().create(&link_for(invited)).await.map(drop),
        caller.invitations().create(&invite("new@school.example", Some(invited))).await.map(drop),
    ]
}

#[tokio::test]
async fn an_admin_is_made_with_edu_admin_alone() {
    let app = TestApp::start().await;
    let head = app.client(&app.token(&app.school.admin, &[Scope::EduAdminUsers]).await);
    for way in ways_to_make(&app, &head, Role::Admin).await {
        assert_eq!(code(way), "INSUFFICIENT_SCOPE");
    }
    assert_eq!(app.column("SELECT id FROM users WHERE role = 'admin'").await.len(), 1);
    assert!(app.column("SELECT id FROM invitations").await.is_empty());
}

#[tokio::test]
async fn a_delegated_token_makes_no_administrator() {
    let app = TestApp::start().await;
    let clerk = app.user("clerk", Role::AccountAdmin).await;
    let made = app.admin().users().create_access_token(&clerk, &carrying(&[Scope::EduAdminUsers])).await;
    let script = app.client(&made.unwrap().token);
    for way in ways_to_make(&app, &script, Role::AccountAdmin).await {
        assert_eq!(code(way), "FORBIDDEN");
    }
    assert_eq!(app.column("SELECT id FROM users WHERE role = 'accountAdmin'").await, [clerk.to_string()]);
    assert!(app.column("SELECT id FROM invitations").await.is_empty());
    script.users().create(&account("ada", Role::Teacher)).await.unwrap();
}

#[tokio::test]
async fn a_delegated_token_takes_from_a_role_and_gives_none_that_administers() {
    let app = TestApp::start().await;
    let made =
        app.admin().users().create_access_token(&app.school.admin, &carrying(&[Scope::EduAdmin])).await;
    let script = app.client(&made.unwrap().token);
    let fallen = app.user("fallen", Role::Admin).await;

    for role in [Role::AccountAdmin, Role::Teacher, Role::User, Role::Teacher] {
        script.users().update(&fallen, &to_role(role)).await.unwrap();
        assert_eq!(role_of(&app, &fallen).await, Some(role));
    }
    for role in [Role::AccountAdmin, Role::Admin] {
        assert_eq!(code(script.users().update(&fallen, &to_role(role)).await), "FORBIDDEN");
    }
}

#[tokio::test]
async fn a_promotion_is_good_for_the_very_next_write() {
    let app = TestApp::start().await;
    let (ada, client) = app.caller("ada", Role::User, &[Scope::EduAdminUsers]).await;
    assert_eq!(code(client.users().create(&account("bob", Role::User)).await), "FORBIDDEN");
    app.admin().users().update(&ada, &to_role(Role::AccountAdmin)).await.unwrap();
    client.users().create(&account("bob", Role::User)).await.unwrap();
}
