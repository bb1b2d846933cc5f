//! Every statement that the API runs finds its rows by an index.

use homeroom_client::{
    AccessTokenQuery, AuditQuery, InvitationQuery, LmsName, LtiCredentialsCreation, MailQuery, MailState,
    OrganizationAppUpdate, OrganizationInvitationCreation, OrganizationUserAccessTokenCreation, Role, Scope,
    Update, UserAdminUpdate, UserCreation, UserFilter, UserQuery, UserSigninLinkCreation, UserSort,
};
use homeroom_server::http::Origin;
use homeroom_server::{audit, db, jobs, licenses, mail, oauth};

use crate::mail_servers::nobody_listens;
use crate::ranks::to_role;
use crate::support::oauth::diary;
use crate::support::{DAY, NOW, TestApp, named, with_email};
use crate::{account, joining, resets};

/// Statements that may scan, with the reason.
const MAY_SCAN: &[(&str, &str)] = &[
    ("SELECT count(*) FROM settings", "readiness: a table of one row"),
    ("WHERE id <> $1 ORDER BY id", "the operator's list of all organizations"),
    ("licenses_change_at > 0", "organizations, once a second, in the background"),
    (
        "GROUP BY user_id HAVING count(*) > 1",
        "the seats of one organization, by its index, when a licence changes",
    ),
    ("FROM signing_keys", "a few rows: a key every 90 days"),
];

/// Calls every operation, each with what makes it run its rarer statements.
pub async fn call_everything(app: &TestApp) {
    let admin = app.admin();
    let new = UserCreation {
        username: "ada".to_owned(),
        password: "correct horse".to_owned(),
        ..UserCreation::default()
    };
    let ada = admin.users().create(&new).await.unwrap().id;
    let bea = app.user("bea", Role::User).await;
    let update = UserAdminUpdate {
        email: Update::Set("ada@school.example".to_owned()),
        password: Some("battery staple".to_owned()),
        organization_role: Some(Role::Teacher),
        ..UserAdminUpdate::default()
    };
    admin.users().update(&ada, &update).await.unwrap();
    list_everything(app).await;
    filter_everything(app).await;
    sign_in_everywhere(app).await;
    let_apps_in(app).await;
    admin.users().create_signin_link(&ada, &UserSigninLinkCreation::default()).await.unwrap();
    let scopes = OrganizationUserAccessTokenCreation { scopes: vec![Scope::AccountPublicProfile] };
    let token = admin.users().create_access_token(&ada, &scopes).await.unwrap();
    app.client(&token.token).me().await.unwrap();
    admin.users().list_access_tokens(&ada, &AccessTokenQuery::default()).await.unwrap();
    admin.users().revoke_access_token(&ada, &token.id).await.unwrap();
    for email in [None, Some("new@school.example"), Some("new@school.example"), Some("ada@school.example")] {
        let new = OrganizationInvitationCreation { email: email.map(str::to_owned), ..Default::default() };
        admin.invitations().create(&new).await.unwrap();
    }
    let open = admin.invitations().list(&InvitationQuery::default()).await.unwrap();
    admin.invitations().resend(&open.items[0].id).await.unwrap();
    admin.invitations().remove(&open.items[0].id).await.unwrap();
    let new = LtiCredentialsCreation { name: "Canvas".to_owned(), lms: LmsName::Canvas };
    let credentials = admin.lti_credentials().create(&new).await.unwrap();
    admin.lti_credentials().list().await.unwrap();
    admin.lti_credentials().revoke(&credentials.id).await.unwrap();
    deliver_mails(app).await;
    joining::join_in_every_way(app).await;
    resets::set_a_password(app).await;
    account::look_after_an_account(app).await;
    admin.users().export(&ada).await.unwrap();
    admin.users().convert_to_individual(&bea).await.unwrap();
    admin.users().remove(&ada).await.unwrap();
    jobs::run_due_erasures(&app.app).await.unwrap();
    admin.users().erasure(&ada).await.unwrap();
    audit::seal_due(&app.app).await.unwrap();
    read_the_log(app).await;
    jobs::keep_up(&app.app).await.unwrap();
    licenses::settle_due(&app.app).await.unwrap();
    app.app.activity.write(&app.app).await.unwrap();
}

/// Everything that becomes of a mail, and looks at it.
async fn deliver_mails(app: &TestApp) {
    app.send_mails().await;
    let dead =
        MailQuery { state: vec![MailState::Dead, MailState::Waiting], limit: Some(1), ..Default::default() };
    for query in [MailQuery::default(), dead] {
        app.admin().mails().list(&query).await.unwrap();
    }
    for state in [None, Some(MailState::Waiting)] {
        for kept in mail::list_all(&app.app, state, 10).await.unwrap() {
            mail::look(&app.app, &kept.row.id).await.unwrap();
            let _ = mail::retry(&app.app, &kept.row.id).await;
        }
    }
    mail::kept_since(&app.app, "").await.unwrap();
    mail::retry_all_dead(&app.app).await.unwrap();
}

/// Every way in, and out again.
async fn sign_in_everywhere(app: &TestApp) {
    let user = app.member(with_email("carl", "carl@school.example"), Role::User).await;
    let mut browser = app.browser();
    browser.sign_in_with("carl", "wrong horse").await;
    browser.sign_in("carl@school.example").await;
    browser.submit("/auth/signin", &[("name", "carl@school.example"), ("password", "x")]).await;
    for _ in 0..2 {
        let link = app.admin().users().create_signin_link(&user, &Default::default()).await.unwrap();
        browser.submit(&format!("/auth/signin-link/{}", link.token), &[]).await;
    }
    app.app.clock.advance(DAY / 48);
    browser.get("/account").await;
    browser.post("/auth/signout", &[]).await;
}

/// Every way in which an app gets a token, and loses it.
async fn let_apps_in(app: &TestApp) {
    let apps = app.admin();
    let (own, _) = app.as_app(Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    apps.apps().list().await.unwrap();
    apps.apps().get(&own.id).await.unwrap();
    let update = OrganizationAppUpdate { role: Update::Clear, ..Default::default() };
    apps.apps().update(&own.id, &update).await.unwrap();
    apps.apps().rotate_secret(&own.id).await.unwrap();
    let diary = apps.apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("emmy").await;
    let first = app.tokens(&mut browser, &diary).await;
    let second = app.refresh(&diary, &first.text("refresh_token")).await;
    for token in [second.text("access_token"), second.text("refresh_token")] {
        app.send(&diary, "/oauth/introspect", &[("token", &token)]).await;
        let url = format!("{}/oauth/userinfo", app.url);
        app.http().get(url).bearer_auth(&token).send().await.unwrap();
        app.send(&diary, "/oauth/invalidate_token", &[("token", &token)]).await;
    }
    let reused = app.tokens(&mut browser, &diary).await.text("refresh_token");
    for _ in 0..2 {
        app.refresh(&diary, &reused).await;
    }
    app.tokens(&mut browser, &diary).await;
    let session = app.session(&browser).await;
    oauth::consents(&app.app, &session.organization, &session.user).await.unwrap();
    app.admin().users().update(&session.user, &to_role(Role::User)).await.unwrap();
    let origin = Origin { address: [127, 0, 0, 1].into(), device: None };
    oauth::revoke_consent(&app.app, &session, &origin, &diary.id).await.unwrap();
    apps.apps().remove(&diary.id).await.unwrap();
}

/// The audit log by each of its indexes, and along the chain.
async fn read_the_log(app: &TestApp) {
    audit::verify(&app.app, &app.school.organization, Some(&audit::End::default())).await.unwrap();
    let (admin, none) = (Some(app.school.admin.to_string()), AuditQuery::default());
    let user = vec!["user.".to_owned(), "signin_link.created".to_owned()];
    for query in [
        none.clone(),
        AuditQuery { event: user.clone(), ..none.clone() },
        AuditQuery { actor: admin.clone(), ..none.clone() },
        AuditQuery { actor: admin.clone(), event: user.clone(), ..none.clone() },
        AuditQuery { target: admin.clone(), ..none.clone() },
        AuditQuery { target: admin, event: user, ..none },
    ] {
        for (since, until) in [(None, None), (Some(NOW - DAY), Some(NOW + DAY))] {
            let query = AuditQuery { limit: Some(1), since, until, ..query.clone() };
            let page = app.admin().audit_log().list(&query).await.unwrap();
            if let Some(next) = page.next().await.unwrap() {
                next.previous().await.unwrap().unwrap();
            }
        }
    }
}

async fn list_everything(app: &TestApp) {
    let sorts = [vec![], vec![UserSort::Firstname], vec![UserSort::Lastname, UserSort::Firstname]];
    for sort in
        sorts.into_iter().chain([vec![UserSort::LastActivityDate], vec![UserSort::LicenseExpirationDate]])
    {
        let query = UserQuery { sort, limit: Some(1), ..UserQuery::default() };
        let first = app.admin().users().list(&query).await.unwrap();
        let second = first.next().await.unwrap().unwrap();
        second.previous().await.unwrap().unwrap();
        app.admin().users().count(&query.filter).await.unwrap();
    }
}

/// Every way to find those that a filter lets through.
async fn filter_everything(app: &TestApp) {
    let group = app.group(&[]).await;
    let filters = [
        ("head", vec![], None),
        ("he", vec![], None),
        ("he", vec![Role::Admin], Some(group)),
        ("", vec![Role::Admin], None),
    ];
    for (q, role, group) in filters {
        let filter = UserFilter {
            q: Some(q.to_owned()),
            role,
            group: group.into_iter().collect(),
            ..UserFilter::default()
        };
        for sort in [UserSort::Lastname, UserSort::LastActivityDate] {
            let query = UserQuery { filter: filter.clone(), sort: vec![sort], ..UserQuery::default() };
            app.admin().users().list(&query).await.unwrap();
        }
        app.admin().users().count(&filter).await.unwrap();
    }
}

#[tokio::test]
async fn no_statement_of_an_operation_scans_a_table() {
    let app = TestApp::start_with(|settings| settings.smtp = Some(nobody_listens())).await;
    call_everything(&app).await;
    let plans = app.app.db.plans();
    if app.app.db.engine() == db::Engine::Postgres {
        return; // the plans are SQLite's
    }
    assert!(plans.len() > 60, "only {} statements ran", plans.len());
    let planned = plans.values().filter(|plan| !plan.is_empty()).count();
    assert!(planned > 100, "only {planned} statements have a plan"); // an INSERT has none
    let may_scan = |sql: &str| MAY_SCAN.iter().any(|(part, _)| sql.contains(part));
    for (sql, plan) in plans.iter().filter(|(sql, _)| !may_scan(sql)) {
        let scans = plan.iter().filter(|step| is_scan(step)).count();
        // What a part of the statement gives is read from end to end: that is no table.
        let parts = plan.iter().filter(|step| step.starts_with("CO-ROUTINE")).count();
        assert!(scans <= parts, "{sql}\n{plan:#?}");
    }
}

#[tokio::test]
async fn the_audit_log_is_walked_by_the_index_of_what_is_asked_for_and_never_sorted() {
    let app = TestApp::start().await;
    call_everything(&app).await;
    for (sql, plan) in app.app.db.plans().iter().filter(|(sql, _)| sql.contains("(SELECT e.*")) {
        let index = match sql {
            sql if sql.contains("e.target = ") => "audit_events_target",
            sql if sql.contains("e.actor = ") => "audit_events_actor",
            sql if sql.contains("e.event = ") => "audit_events_event",
            _ => "sqlite_autoindex_audit_events_1",
        };
        assert!(plan.iter().any(|step| step.contains(index)), "{index}: {sql}\n{plan:#?}");
        let sorts = plan.iter().filter(|step| step.contains("TEMP B-TREE")).count();
        assert!(sorts <= 1, "{sql}\n{plan:#?}"); // the page itself, of a few rows
    }
}

/// Not of what a `MATCH` finds.
fn is_scan(step: &str) -> bool {
    step.starts_with("SCAN") && !step.contains("CONSTANT ROW") && !step.contains("VIRTUAL TABLE INDEX 0:M")
}

#[tokio::test]
async fn a_page_in_an_order_that_has_an_index_is_not_sorted() {
    let app = TestApp::start().await;
    for number in 0..300 {
        app.add(&app.school, named(&format!("pupil{number}"), "Ada", &format!("L{number}")), Role::User)
            .await;
    }
    list_everything(&app).await;
    let plans = app.app.db.plans();
    let is_page = |sql: &str| sql.contains("(SELECT u.id,") && sql.contains("ORDER BY u.");
    let pages: Vec<_> = plans.iter().filter(|(sql, _)| is_page(sql)).collect();
    assert!(pages.len() >= 8 || plans.is_empty(), "only {} pages", pages.len());
    for (sql, plan) in pages {
        // The page itself, of a few rows, is sorted again after the joins; finding it is not.
        let sorts = plan.iter().filter(|step| step.contains("TEMP B-TREE")).count();
        assert!(sorts <= 1, "{sql}\n{plan:#?}");
    }
}
