//! Invitations: codes, members' addresses, one open for each address, and what closes them.

use std::time::Duration;

use homeroom_client::{
    InvitationQuery, InvitationStatus, InvitedRole, OrganizationInvitation, OrganizationInvitationCreation,
    Role, Scope,
};
use homeroom_server::jobs::keep_up;

use crate::audit::everything;
use crate::ranks::{role_of, to_role};
use crate::support::{DAY, NOW, TestApp, code, refusal, with_email};
use crate::tokens::carrying;

const ADA: &str = "ada@school.example";

pub fn invite(email: &str, role: Option<InvitedRole>) -> OrganizationInvitationCreation {
    let email = Some(email.to_owned());
    OrganizationInvitationCreation { email, organization_role: role, allow_multiple_use: false }
}

pub fn link_for(role: InvitedRole) -> OrganizationInvitationCreation {
    OrganizationInvitationCreation { organization_role: Some(role), ..Default::default() }
}

pub async fn mails(app: &TestApp) -> Vec<String> {
    app.column("SELECT kind || ' ' || subject_id FROM outbox ORDER BY id").await
}

async fn new(app: &TestApp, new: &OrganizationInvitationCreation) -> OrganizationInvitation {
    app.admin().invitations().create(new).await.unwrap()
}

async fn list(app: &TestApp, status: &[InvitationStatus]) -> Vec<OrganizationInvitation> {
    let query = InvitationQuery { status: status.to_vec(), ..InvitationQuery::default() };
    app.admin().invitations().list(&query).await.unwrap().items
}

#[tokio::test]
async fn an_invitation_is_for_a_teacher_for_14_days_and_once() {
    let app = TestApp::start().await;
    let made = new(&app, &OrganizationInvitationCreation::default()).await;

    assert_eq!((made.organization_role, made.allow_multiple_use), (Role::Teacher, false));
    assert_eq!((made.creation_date, made.expiration_date), (NOW, Some(NOW + DAY * 14)));
    assert_eq!((made.status, made.used_by.len()), (Some(InvitationStatus::Open), 0));
    assert_eq!(made.invited_by.as_ref(), Some(&app.school.admin));
}

#[tokio::test]
async fn an_invitation_for_many_is_for_teachers_and_has_no_address() {
    let app = TestApp::start().await;
    let many = |new| OrganizationInvitationCreation { allow_multiple_use: true, ..new };
    for allowed in [OrganizationInvitationCreation::default(), link_for(InvitedRole::Teacher)] {
        let made = new(&app, &many(allowed)).await;
        assert_eq!((made.organization_role, made.allow_multiple_use), (Role::Teacher, true));
    }
    let before = everything(&app).await;
    for wrong in [link_for(InvitedRole::Admin), link_for(InvitedRole::AccountAdmin), invite(ADA, None)] {
        let refused = app.admin().invitations().create(&many(wrong)).await;
        assert_eq!(refusal(refused), ("INVALID_PARAMETER".to_owned(), Some("allowMultipleUse".to_owned())));
    }
    assert_eq!(everything(&app).await, before);
    assert!(list(&app, &[]).await.iter().all(|made| made.allow_multiple_use));
}

#[tokio::test]
async fn a_code_is_ten_characters_that_do_not_look_alike_and_stands_in_the_link() {
    let app = TestApp::start().await;
    let mut seen = std::collections::HashSet::new();
    for _ in 0..20 {
        let made = new(&app, &link_for(InvitedRole::Teacher)).await;
        let code = made.custom_code.unwrap();
        assert!(
            code.len() == 10 && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()),
            "{code}"
        );
        assert!(!code.contains(['0', 'O', '1', 'I', 'L']), "{code}");
        assert_eq!(made.html_url.unwrap(), format!("{}/organization/enroll?enrollcode={code}", app.url));
        assert!(seen.insert(code), "drawn twice");
    }
}

#[tokio::test]
async fn a_code_stands_in_the_database_encrypted() {
    let app = TestApp::start().await;
    let made = new(&app, &invite(ADA, None)).await;
    let code = made.custom_code.unwrap();

    assert_eq!(app.tables_that_hold(&code).await, Vec::<String>::new());
    assert_eq!(list(&app, &[]).await[0].custom_code, Some(code));
}

#[tokio::test]
async fn a_mail_goes_out_with_an_address_and_none_without() {
    let app = TestApp::start().await;
    new(&app, &link_for(InvitedRole::Teacher)).await;
    assert_eq!(mails(&app).await, Vec::<String>::new());

    let made = new(&app, &invite(ADA, None)).await;
    assert_eq!(mails(&app).await, [format!("invitation {}", made.id)]);
}

#[tokio::test]
async fn the_address_of_a_member_gives_the_member_the_role_that_is_named() {
    let app = TestApp::start().await;
    let member = app.add(&app.school, with_email("ada", ADA), Role::AccountAdmin).await;

    let made = new(&app, &invite("ADA@school.example", Some(InvitedRole::Teacher))).await;

    assert_eq!(role_of(&app, &member).await, Some(Role::Teacher));
    assert_eq!((made.organization_role, made.status), (Role::Teacher, Some(InvitationStatus::Used)));
    assert_eq!((made.used_by, made.custom_code, made.html_url), (vec![member], None, None));
    assert_eq!(mails(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_address_of_a_member_without_a_role_raises_and_never_lowers() {
    let app = TestApp::start().await;
    for (username, role, becomes) in [
        ("p", Role::User, Role::Teacher),
        ("t", Role::Teacher, Role::Teacher),
        ("a", Role::AccountAdmin, Role::AccountAdmin),
        ("b", Role::Admin, Role::Admin),
    ] {
        let email = format!("{username}@school.example");
        let member = app.add(&app.school, with_email(username, &email), role).await;
        assert_eq!(new(&app, &invite(&email, None)).await.organization_role, becomes);
        assert_eq!(role_of(&app, &member).await, Some(becomes));
    }
    assert_eq!(mails(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_address_of_an_admin_is_above_an_account_admin() {
    let app = TestApp::start().await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let before = everything(&app).await;

    for role in [None, Some(InvitedRole::Teacher), Some(InvitedRole::AccountAdmin)] {
        let invited = clerk.invitations().create(&invite("head@school.example", role)).await;
        assert_eq!(code(invited), "FORBIDDEN", "{role:?}");
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn an_address_that_only_looks_like_a_members_gives_the_member_nothing() {
    let app = TestApp::start().await;
    let member = app.add(&app.school, with_email("jose", "jose@school.example"), Role::User).await;
    let before = everything(&app).await;

    for alike in ["josé@school.example", "ｊose@school.example"] {
        let invited = app.admin().invitations().create(&invite(alike, Some(InvitedRole::Admin))).await;
        assert_eq!(refusal(invited), ("EMAIL_TAKEN".to_owned(), Some("email".to_owned())));
    }
    assert_eq!(role_of(&app, &member).await, Some(Role::User));
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn a_second_invitation_for_an_address_replaces_the_open_one_and_sends_again() {
    let app = TestApp::start().await;
    let first = new(&app, &invite(ADA, None)).await;
    app.app.clock.advance(DAY);
    let second = new(&app, &invite("Ada@School.example", Some(InvitedRole::Admin))).await;

    assert_eq!(first.id, second.id);
    assert_ne!(first.custom_code, second.custom_code);
    assert_eq!((second.organization_role, second.expiration_date), (Role::Admin, Some(NOW + DAY * 15)));
    assert_eq!(list(&app, &[]).await, [second]);
    assert_eq!(mails(&app).await, vec![format!("invitation {}", first.id); 2]);
    assert_eq!(
        app.column("SELECT invitation_id FROM invitation_keys").await.len(),
        1,
        "the old code is void"
    );
}

#[tokio::test]
async fn another_invitation_for_an_address_whose_first_is_revoked_is_a_new_one() {
    let app = TestApp::start().await;
    let first = new(&app, &invite(ADA, None)).await;
    app.admin().invitations().remove(&first.id).await.unwrap();

    assert_ne!(new(&app, &invite(ADA, None)).await.id, first.id);
}

#[tokio::test]
async fn another_invitation_for_an_address_whose_first_has_expired_opens_it_again() {
    let app = TestApp::start().await;
    new(&app, &invite(ADA, None)).await;
    app.app.clock.advance(DAY * 20);

    let second = new(&app, &invite(ADA, None)).await;

    assert_eq!((second.status, second.expiration_date), (Some(InvitationStatus::Open), Some(NOW + DAY * 34)));
    assert_eq!(list(&app, &[]).await, [second]);
}

#[tokio::test]
async fn who_ranks_below_an_invitation_does_not_see_its_code() {
    let app = TestApp::start().await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    new(&app, &link_for(InvitedRole::Admin)).await;
    new(&app, &link_for(InvitedRole::AccountAdmin)).await;
    let seen = clerk.invitations().list(&InvitationQuery::default()).await.unwrap().items;

    assert_eq!((&seen[0].custom_code, &seen[0].html_url), (&None, &None));
    assert!(seen[1].custom_code.is_some() && seen[1].html_url.is_some());
}

#[tokio::test]
async fn a_token_that_only_reads_does_not_see_codes() {
    let app = TestApp::start().await;
    let (_, reader) = app.caller("reader", Role::Admin, &[Scope::EduAdminUsersReadonly]).await;
    new(&app, &link_for(InvitedRole::Teacher)).await;
    let seen = reader.invitations().list(&InvitationQuery::default()).await.unwrap().items;

    assert_eq!((seen.len(), &seen[0].custom_code, &seen[0].html_url), (1, &None, &None));
}

#[tokio::test]
async fn a_token_that_could_not_make_an_invitation_does_not_see_its_code() {
    let app = TestApp::start().await;
    for role in [InvitedRole::Admin, InvitedRole::AccountAdmin, InvitedRole::Teacher] {
        new(&app, &link_for(role)).await;
    }
    let part = app.client(&app.token(&app.school.admin, &[Scope::EduAdminUsers]).await);
    let (delegate, whole) = (carrying(&[Scope::EduAdmin]), [true, true, true]);
    let delegated = app.admin().users().create_access_token(&app.school.admin, &delegate).await.unwrap();

    for (client, sees) in [
        (app.admin(), whole),
        (part, [false, true, true]),
        (app.client(&delegated.token), [false, false, true]),
    ] {
        let seen = client.invitations().list(&InvitationQuery::default()).await.unwrap().items;
        assert_eq!(seen.iter().map(|one| one.custom_code.is_some()).collect::<Vec<_>>(), sees);
        assert_eq!(seen.iter().map(|one| one.html_url.is_some()).collect::<Vec<_>>(), sees);
    }
}

#[tokio::test]
async fn a_token_that_could_not_make_an_invitation_can_neither_replace_nor_revoke_it() {
    let app = TestApp::start().await;
    let made = new(&app, &invite(ADA, Some(InvitedRole::Admin))).await;
    let part = app.client(&app.token(&app.school.admin, &[Scope::EduAdminUsers]).await);
    let delegate = carrying(&[Scope::EduAdmin]);
    let delegated = app.admin().users().create_access_token(&app.school.admin, &delegate).await.unwrap();
    let before = everything(&app).await;

    for (client, refused) in [(part, "INSUFFICIENT_SCOPE"), (app.client(&delegated.token), "FORBIDDEN")] {
        assert_eq!(code(client.invitations().create(&invite(ADA, None)).await), refused);
        assert_eq!(code(client.invitations().remove(&made.id).await), refused);
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn a_code_that_is_hidden_is_null_and_the_link_absent() {
    let app = TestApp::start().await;
    let made = new(&app, &link_for(InvitedRole::Teacher)).await;
    app.admin().invitations().remove(&made.id).await.unwrap();
    let path = "/v2/organizations/invitations?status=revoked";
    let answer = app.request(reqwest::Method::GET, path).send().await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();

    let seen = answer[0].as_object().unwrap();
    assert_eq!(seen.get("customCode"), Some(&serde_json::Value::Null));
    assert!(!seen.contains_key("htmlUrl"), "{seen:?}");
}

#[tokio::test]
async fn who_ranks_below_an_invitation_can_neither_replace_nor_revoke_it() {
    let app = TestApp::start().await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let made = new(&app, &invite(ADA, Some(InvitedRole::Admin))).await;
    let before = everything(&app).await;

    assert_eq!(code(clerk.invitations().create(&invite(ADA, None)).await), "FORBIDDEN");
    assert_eq!(code(clerk.invitations().remove(&made.id).await), "FORBIDDEN");
    assert_eq!(everything(&app).await, before);
    assert_eq!(list(&app, &[]).await, [made]);
}

#[tokio::test]
async fn an_invitation_that_has_expired_is_replaced_by_whoever_may_invite() {
    let app = TestApp::start().await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    new(&app, &invite(ADA, Some(InvitedRole::Admin))).await;
    app.app.clock.advance(DAY * 14);

    let made = clerk.invitations().create(&invite(ADA, None)).await.unwrap();
    assert_eq!((made.organization_role, made.status), (Role::Teacher, Some(InvitationStatus::Open)));
}

#[tokio::test]
async fn the_list_holds_open_and_used_ones_in_the_order_of_their_creation() {
    let app = TestApp::start().await;
    app.add(&app.school, with_email("ada", ADA), Role::User).await;
    let used = new(&app, &invite(ADA, None)).await;
    let revoked = new(&app, &link_for(InvitedRole::Teacher)).await;
    app.admin().invitations().remove(&revoked.id).await.unwrap();
    let expired = new(&app, &link_for(InvitedRole::Teacher)).await;
    app.app.clock.advance(DAY * 14);
    let open = new(&app, &link_for(InvitedRole::Admin)).await;
    let ids = |items: Vec<OrganizationInvitation>| items.into_iter().map(|i| i.id).collect::<Vec<_>>();

    use InvitationStatus::{Expired, Open, Revoked, Used};
    assert_eq!(ids(list(&app, &[]).await), [used.id.clone(), open.id.clone()]);
    for (status, id) in [(Used, &used.id), (Revoked, &revoked.id), (Expired, &expired.id), (Open, &open.id)] {
        assert_eq!(ids(list(&app, &[status]).await), std::slice::from_ref(id), "{status}");
    }
    assert_eq!(ids(list(&app, InvitationStatus::ALL).await), [used.id, revoked.id, expired.id, open.id]);
}

#[tokio::test]
async fn the_list_is_filtered_by_role_and_has_pages() {
    let app = TestApp::start().await;
    let mut teachers = Vec::new();
    for _ in 0..3 {
        new(&app, &link_for(InvitedRole::Admin)).await;
        teachers.push(new(&app, &link_for(InvitedRole::Teacher)).await);
    }
    let query = InvitationQuery { role: Some(Role::Teacher), limit: Some(2), ..InvitationQuery::default() };
    let first = app.admin().invitations().list(&query).await.unwrap();
    let second = first.next().await.unwrap().unwrap();

    assert_eq!([&first.items[..], &second.items].concat(), teachers);
    assert!(!first.has_previous() && !second.has_next());
    assert_eq!(second.previous().await.unwrap().unwrap().items, first.items);
}

#[tokio::test]
async fn an_open_invitation_is_revoked_and_nothing_else_is() {
    let app = TestApp::start().await;
    app.add(&app.school, with_email("ada", ADA), Role::User).await;
    let used = new(&app, &invite(ADA, None)).await;
    let expires = new(&app, &link_for(InvitedRole::Teacher)).await;
    app.app.clock.advance(DAY * 14);
    let revoked = new(&app, &link_for(InvitedRole::Teacher)).await;
    app.admin().invitations().remove(&revoked.id).await.unwrap();

    for closed in [used, expires, revoked] {
        assert_eq!(code(app.admin().invitations().remove(&closed.id).await), "NOT_FOUND", "{closed:?}");
    }
}

#[tokio::test]
async fn an_invitation_expires_on_the_minute_and_upkeep_destroys_its_code() {
    let app = TestApp::start().await;
    let made = new(&app, &invite(ADA, None)).await;
    app.app.clock.advance(DAY * 14 - Duration::from_millis(1));
    keep_up(&app.app).await.unwrap();
    assert_eq!(list(&app, &[]).await, [made]);

    app.app.clock.advance(Duration::from_millis(1));
    let expired = list(&app, &[InvitationStatus::Expired]).await.remove(0);
    assert_eq!((expired.custom_code, expired.html_url), (None, None));
    keep_up(&app.app).await.unwrap();
    assert_eq!(app.column("SELECT status FROM invitations WHERE code IS NULL").await, ["expired"]);
}

#[tokio::test]
async fn an_invitation_lasts_as_long_as_the_setting_says() {
    let app = TestApp::start_with(|settings| settings.invitation_ttl = DAY).await;
    assert_eq!(new(&app, &invite(ADA, None)).await.expiration_date, Some(NOW + DAY));
}

#[tokio::test]
async fn a_closed_invitation_forgets_its_address_after_90_days() {
    let app = TestApp::start().await;
    app.add(&app.school, with_email("bob", "bob@school.example"), Role::User).await;
    new(&app, &invite("bob@school.example", None)).await;
    let revoked = new(&app, &invite("carol@school.example", None)).await;
    app.admin().invitations().remove(&revoked.id).await.unwrap();
    new(&app, &invite(ADA, None)).await; // expires, 14 days later

    let emails =
        async || app.column("SELECT email FROM invitations WHERE email IS NOT NULL ORDER BY id").await;
    app.app.clock.advance(DAY * 90);
    keep_up(&app.app).await.unwrap();
    assert_eq!(emails().await, ["bob@school.example", "carol@school.example", ADA]);
    app.app.clock.advance(DAY * 14);
    keep_up(&app.app).await.unwrap();
    assert_eq!(emails().await, [ADA]);
    app.app.clock.advance(DAY);
    keep_up(&app.app).await.unwrap();
    assert_eq!(emails().await, Vec::<String>::new());
    assert_eq!(app.tables_that_hold(ADA).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_open_invitation_keeps_its_address_however_old() {
    let app = TestApp::start_with(|settings| settings.invitation_ttl = DAY * 1000).await;
    new(&app, &invite(ADA, None)).await;
    app.app.clock.advance(DAY * 999);
    keep_up(&app.app).await.unwrap();

    assert_eq!(list(&app, &[]).await[0].email.as_deref(), Some(ADA));
}

#[tokio::test]
async fn an_inviter_who_is_demoted_loses_the_invitations_that_they_could_no_longer_make() {
    let app = TestApp::start().await;
    for (role, open) in [
        (Role::AccountAdmin, vec![Role::AccountAdmin, Role::Teacher]),
        (Role::Teacher, vec![]),
        (Role::User, vec![]),
    ] {
        let (inviter, client) = app.caller(role.as_str(), Role::Admin, &[Scope::EduAdmin]).await;
        for invited in [InvitedRole::Admin, InvitedRole::AccountAdmin, InvitedRole::Teacher] {
            client.invitations().create(&link_for(invited)).await.unwrap();
        }
        app.admin().users().update(&inviter, &to_role(role)).await.unwrap();
        let left = list(&app, &[InvitationStatus::Open]).await;
        let left: Vec<Role> = left
            .into_iter()
            .filter(|i| i.invited_by == Some(inviter.clone()))
            .map(|i| i.organization_role)
            .collect();
        assert_eq!(left, open);
    }
}

#[tokio::test]
async fn an_inviter_who_is_removed_loses_all_invitations_and_is_not_named() {
    let app = TestApp::start().await;
    let (inviter, client) = app.caller("inviter", Role::Admin, &[Scope::EduAdmin]).await;
    client.invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
    let of_another = new(&app, &link_for(InvitedRole::Teacher)).await;

    app.admin().users().remove(&inviter).await.unwrap();

    assert_eq!(list(&app, &[InvitationStatus::Open]).await, [of_another]);
    assert_eq!(list(&app, &[InvitationStatus::Revoked]).await[0].invited_by, None);
}

#[tokio::test]
async fn an_invitation_that_another_admin_replaced_is_theirs_from_then_on() {
    let app = TestApp::start().await;
    let (inviter, client) = app.caller("inviter", Role::Admin, &[Scope::EduAdmin]).await;
    client.invitations().create(&invite(ADA, None)).await.unwrap();
    let replaced = new(&app, &invite(ADA, None)).await;

    app.admin().users().remove(&inviter).await.unwrap();

    assert_eq!(list(&app, &[InvitationStatus::Open]).await, [replaced]);
}
