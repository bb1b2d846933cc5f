//! Every statement that the API runs finds its rows by an index.

use homeroom_client::{
    AccessTokenQuery, AuditQuery, ClassId, ClassQuery, ClassUpdate, Client, CollectionId, CollectionQuery,
    CommentQuery, Direction, GroupCreation, GroupQuery, InvitationQuery, LibrarySort, LicenseMode,
    LicenseSource, LmsName, LtiCredentialsCreation, MailQuery, MailState, OrganizationAppUpdate,
    OrganizationInvitationCreation, OrganizationLicenseCreation, OrganizationLicenseUpdate,
    OrganizationUserAccessTokenCreation, Role, Scope, ScoreCommentCreation, ScoreQuery, SubGroupType,
    TestAccounts, Update, UserAdminUpdate, UserCreation, UserFilter, UserId, UserQuery,
    UserSigninLinkCreation, UserSort,
};
use homeroom_server::http::Origin;
use homeroom_server::scores::comments;
use homeroom_server::{audit, collections, db, jobs, licenses, mail, oauth};

use crate::collections::{called, make};
use crate::comments::{answering, instead, saying};
use crate::library::{class, public, pupil, teacher, with_group, with_user};
use crate::mail_servers::nobody_listens;
use crate::ranks::to_role;
use crate::support::classes::{self, sub_group};
use crate::support::oauth::diary;
use crate::support::{DAY, NOW, TestApp, named, person, with_email};
use crate::{account, joining, resets, scores};

/// Statements that may scan, with the reason.
const MAY_SCAN: &[(&str, &str)] = &[
    ("SELECT count(*) FROM settings", "readiness: a table of one row"),
    ("WHERE id <> $1 ORDER BY id", "the operator's list of all organizations"),
    ("licenses_change_at > 0", "organizations, once a second, in the background"),
    (
        "GROUP BY user_id HAVING count(*) > 1",
        "the seats of one organization, by its index, when a licence changes",
    ),
    ("INSERT INTO groups", "the two groups of a class, which the statement itself has"),
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
    license_everybody(app).await;
    fill_a_library(app).await;
    deliver_mails(app).await;
    scores::do_everything(app).await;
    joining::join_in_every_way(app).await;
    resets::set_a_password(app).await;
    account::look_after_an_account(app).await;
    teach(app).await;
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

/// Everything that becomes of a class, its members and its groups.
async fn teach(app: &TestApp) {
    let (head, (choir, emmy, teacher), (dora, pupil)) =
        (app.head().await, app.class().await, app.pupil("dora").await);
    let (courses, groups) = (teacher.classes(), teacher.groups());
    pupil.classes().enroll(&choir.enrollment_code.unwrap()).await.unwrap();
    pupil.classes().enroll("WRONG").await.unwrap_err();
    let update = ClassUpdate { name: Some("Band".to_owned()), ..ClassUpdate::default() };
    courses.update(&choir.id, &update).await.unwrap();
    courses.archive(&choir.id).await.unwrap();
    courses.unarchive(&choir.id).await.unwrap();
    courses.activate(&choir.id).await.unwrap();
    courses.create_test_student(&choir.id).await.unwrap();
    courses.reset_test_student(&choir.id).await.unwrap();
    let altos = groups.create(&sub_group(&choir.id, "Altos", &[&dora])).await.unwrap().id;
    groups.create(&GroupCreation { name: None, ..sub_group(&choir.id, "", &[]) }).await.unwrap();
    groups.rename(&altos, "Basses").await.unwrap();
    groups.remove_user(&altos, &dora).await.unwrap();
    groups.add_user(&altos, &dora).await.unwrap();
    courses.create(&classes::class("Duo")).await.unwrap();
    list_classes(&teacher, &choir.id).await;
    list_classes(&head, &choir.id).await;
    pupil.users().get_public(&app.user("stranger", Role::User).await).await.unwrap_err();
    groups.delete(&altos).await.unwrap();
    courses.add_user(&choir.id, &app.school.admin).await.unwrap();
    courses.remove_user(&choir.id, &emmy).await.unwrap();
    for (user, role) in [(&dora, Role::Teacher), (&emmy, Role::User)] {
        head.users().update(user, &to_role(role)).await.unwrap();
    }
}

/// Classes, groups and members, along their pages.
async fn list_classes(client: &Client, choir: &ClassId) {
    for all in [false, client.me().await.unwrap().organization_role == Some(Role::Admin)] {
        let first =
            client.classes().list(&ClassQuery { limit: Some(1), all, ..Default::default() }).await.unwrap();
        if let Some(second) = first.next().await.unwrap() {
            second.previous().await.unwrap();
        }
    }
    let all = GroupQuery {
        r#type: SubGroupType::ClassStudentsSubGroup,
        classroom: None,
        assignment: None,
        limit: Some(1),
        next: None,
        previous: None,
    };
    let of_choir = GroupQuery { classroom: Some(choir.clone()), ..all.clone() };
    let of_one = GroupQuery { assignment: Some("0123456789abcdef01234567".into()), ..all.clone() };
    for query in [all, of_choir, of_one] {
        let first = client.groups().list(&query).await.unwrap();
        let Some(second) = first.next().await.unwrap() else { continue };
        second.previous().await.unwrap();
        client.groups().list_users(&first.items[0].id, &Default::default()).await.unwrap();
    }
}

/// Licences and their seats.
async fn license_everybody(app: &TestApp) {
    let carl = app.member(person("carla"), Role::User).await;
    let client = app.admin();
    let licenses = client.licenses();
    let new = OrganizationLicenseCreation {
        mode: LicenseMode::Credit,
        source: LicenseSource::Order,
        seats: Some(5),
        start_date: NOW - DAY,
        expiration_date: NOW + DAY,
    };
    let (first, second) = (licenses.create(&new).await.unwrap(), licenses.create(&new).await.unwrap());
    app.browser().sign_in("carla").await;
    for license in [&first, &second] {
        licenses.assign(&license.id, &carl).await.unwrap();
    }
    let longer = OrganizationLicenseUpdate { expiration_date: Some(NOW + 3 * DAY), ..Default::default() };
    licenses.update(&first.id, &longer).await.unwrap();
    licenses.report().await.unwrap();
    let settings = licenses.settings().await.unwrap();
    licenses.set_settings(settings).await.unwrap();
    licenses.delete(&second.id).await.unwrap();
    licenses.unassign(&first.id, &carl).await.unwrap();
    licenses.list().await.unwrap();
}

/// Scores that are shared, commented on, liked and collected, and every list of them.
async fn fill_a_library(app: &TestApp) {
    let ((a, ada), (_, emmy)) = (pupil(app, "ada2").await, teacher(app, "emmy2").await);
    let students = class(app, &emmy, &[&a]).await;
    let song = public(app, &a, "Song").await;
    for with in [with_user(&app.school.admin), with_group(&students)] {
        let id = ada.collaborators(&song).add(&with).await.unwrap().id.unwrap();
        ada.collaborators(&song).get(&id).await.unwrap();
        emmy.score_lists().of_group(&students).await.unwrap();
        ada.collaborators(&song).remove(&id).await.unwrap();
    }
    ada.collaborators(&song).list().await.unwrap();
    let new = ScoreCommentCreation { mentions: vec![a.clone()], ..saying("Slow") };
    let id = ada.comments(&song).create(&new).await.unwrap().id;
    ada.comments(&song).create(&answering(&id)).await.unwrap();
    ada.comments(&song).update(&id, &instead("Slower")).await.unwrap();
    ada.comments(&song).resolve(&id).await.unwrap();
    ada.comments(&song).delete(&id).await.unwrap();
    for direction in [None, Some(Direction::Desc)] {
        ada.comments(&song).list(&CommentQuery { direction, ..Default::default() }).await.unwrap();
    }
    let made = make(&emmy, "Concert").await;
    for name in [
        made.clone(),
        "likes".into(),
        "root".into(),
        "trash".into(),
        "allScores".into(),
        "collaborations".into(),
    ] {
        let _ = emmy.collections().add_score(&name, &song, None).await;
        emmy.collections().get(&name).await.unwrap();
        walk_scores(&emmy, &name, &a).await;
        let _ = emmy.collections().remove_score(&name, &song).await;
    }
    make(&emmy, "Another").await;
    for sort in [None, Some(LibrarySort::Title), Some(LibrarySort::ModificationDate)] {
        let query = CollectionQuery { sort, limit: Some(1), ..Default::default() };
        let first = emmy.collections().list(&query).await.unwrap();
        first.next().await.unwrap().unwrap().previous().await.unwrap();
    }
    emmy.collections().edit(&made, &called("Spring")).await.unwrap();
    emmy.collections().delete(&made).await.unwrap();
    emmy.collections().untrash(&made).await.unwrap();
    erase_a_library(app, &a).await;
}

/// Each list of scores, in each of its orders.
async fn walk_scores(client: &Client, collection: &CollectionId, user: &UserId) {
    for sort in [None, Some(LibrarySort::Title), Some(LibrarySort::ModificationDate)] {
        let query = ScoreQuery { sort, limit: Some(1), ..Default::default() };
        client.collections().scores(collection, &query).await.unwrap();
        for user in [user, &"me".into()] {
            client.score_lists().of_user(user, &query).await.unwrap();
            client.score_lists().liked_by(user, &query).await.unwrap();
        }
    }
}

/// What is left of who left.
async fn erase_a_library(app: &TestApp, user: &UserId) {
    let (mut tx, organization) = (app.app.db.write().await.unwrap(), &app.school.organization);
    collections::delete_some_of(&mut tx, organization, user, 5).await.unwrap();
    collections::unlike_some_of(&mut tx, organization, user, 5).await.unwrap();
    comments::delete_some_of(&mut tx, organization, user, 5).await.unwrap();
    comments::forget_some_of(&mut tx, organization, user, 5).await.unwrap();
    tx.commit().await.unwrap();
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

/// The plans of the statements that find a page of users with this filter, in this order. SQLite.
async fn plans_of(filter: &UserFilter, sort: &[UserSort]) -> Vec<(String, Vec<String>)> {
    let app = TestApp::start().await;
    let query = UserQuery { filter: filter.clone(), sort: sort.to_vec(), ..UserQuery::default() };
    app.admin().users().list(&query).await.unwrap();
    let plans = app.app.db.plans();
    let is_page =
        |sql: &str| sql.contains("(SELECT u.id, u.organization_id") && sql.contains(" FROM users u WHERE");
    let pages: Vec<_> = plans.into_iter().filter(|(sql, _)| is_page(sql)).collect();
    assert!(!pages.is_empty() || app.app.db.engine() == db::Engine::Postgres, "the plans are SQLite's");
    pages
}

#[tokio::test]
async fn a_filter_that_leads_to_few_users_goes_by_its_own_index() {
    let group = vec![homeroom_client::GroupId::from("0123456789abcdef01234567")];
    let by_group = UserFilter { group, ..UserFilter::default() };
    let tests = UserFilter { test_accounts: Some(TestAccounts::Only), ..UserFilter::default() };
    let day = UserFilter { license_expiration_date: vec!["2026-06-30".to_owned()], ..UserFilter::default() };
    let both = UserFilter { no_active_license: true, ..by_group.clone() };
    let teachers = UserFilter { role: vec![Role::Teacher], ..by_group.clone() };
    let tests_without = UserFilter { no_active_license: true, ..tests.clone() };
    for (filter, index) in [
        (by_group, "sqlite_autoindex_group_users_1 (organization_id=? AND group_id=?"),
        (both, "sqlite_autoindex_group_users_1 (organization_id=? AND group_id=?"),
        (teachers, "sqlite_autoindex_group_users_1 (organization_id=? AND group_id=?"),
        (tests, "users_test (organization_id=?"),
        (tests_without, "users_test (organization_id=?"),
        (day, "users_seat (organization_id=? AND seat_expires_at>? AND seat_expires_at<?"),
    ] {
        for sort in [vec![], vec![UserSort::Lastname], vec![UserSort::LicenseExpirationDate]] {
            for (sql, plan) in plans_of(&filter, &sort).await {
                assert!(plan.iter().any(|step| step.contains(index)), "{index}: {sql}\n{plan:#?}");
            }
        }
    }
}

#[tokio::test]
async fn a_filter_that_many_users_pass_is_walked_in_the_order_of_the_list() {
    let exclude = UserFilter { test_accounts: Some(TestAccounts::Exclude), ..UserFilter::default() };
    let without = UserFilter { no_active_license: true, ..UserFilter::default() };
    let active = UserFilter { license_expiration_date: vec!["active".to_owned()], ..UserFilter::default() };
    let not_active = UserFilter { license_expiration_date: vec!["notActive".to_owned()], ..exclude.clone() };
    for filter in [exclude, without, active, not_active] {
        for (sort, index) in
            [(vec![], "sqlite_autoindex_users_1"), (vec![UserSort::Lastname], "users_lastname")]
        {
            let plans = plans_of(&filter, &sort).await;
            let walks = plans.iter().filter(|(_, plan)| plan.iter().any(|step| step.contains(index))).count();
            assert!(walks > 0 || plans.is_empty(), "{index}: {plans:#?}");
        }
    }
}
