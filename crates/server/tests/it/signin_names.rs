//! Usernames and e-mail addresses: what is taken, and the one namespace that they are.

use homeroom_client::{Role, Update, UserAdminUpdate, UserId};

use crate::support::{TestApp, with_email};
use crate::users::{
    at, called, create, creation_refused, readdress, refused, rename, update, update_refused,
};

#[tokio::test]
async fn a_username_is_taken_whatever_its_case_and_accents() {
    let app = TestApp::start().await;
    for (first, same) in [
        ("jose", "  JOSÉ "),
        ("Ångström", "angstrom"),
        ("Łukasz", "LUKASZ"),
        ("Straße", "strasse"),
        ("a b", "A \u{a0} B"),
        ("ａｄａ", "Ada"),
        ("Ærø", "aero"),
        ("o\u{300}x\u{36f}", "ox"),
        ("Σίσυφος", "ΣΙΣΥΦΟΣ"),
    ] {
        let other = create(&app.admin(), &called(first)).await;
        assert_eq!(
            creation_refused(&app, &called(same)).await,
            refused("USERNAME_TAKEN", "username"),
            "{same}"
        );
        let user = app.user("somebody", Role::User).await;
        assert_eq!(
            update_refused(&app, &user, &rename(same)).await,
            refused("USERNAME_TAKEN", "username"),
            "{same}"
        );
        for user in [other.id, user] {
            app.admin().users().remove(&user).await.unwrap();
        }
    }
}

#[tokio::test]
async fn usernames_that_differ_in_a_letter_of_any_script_are_two() {
    let app = TestApp::start().await;
    for username in ["か", "が", "क", "कि", "ab", "a b", "山田", "山", "ox", "ox\u{1ab0}"] {
        assert_eq!(create(&app.admin(), &called(username)).await.username, username);
    }
}

#[tokio::test]
async fn ones_own_username_may_be_written_another_way() {
    let app = TestApp::start().await;
    let user = app.user("jose", Role::User).await;
    for username in ["JOSÉ", "josé", "jose"] {
        assert_eq!(update(&app, &user, &rename(username)).await.username, username);
    }
}

#[tokio::test]
async fn names_are_unique_in_one_organization_not_across_them() {
    let app = TestApp::start().await;
    let other = app.client(&app.other_school().await.token);
    let new = at("ada", "ada@school.example");
    create(&app.admin(), &new).await;
    assert_eq!(create(&other, &new).await.email.as_deref(), Some("ada@school.example"));
    assert_eq!(create(&other, &at("x@y.example", "b@school.example")).await.username, "x@y.example");
    create(&app.admin(), &at("b", "x@y.example")).await;
}

#[tokio::test]
async fn a_username_that_was_given_up_is_free() {
    let app = TestApp::start().await;
    let (old, user) = (app.user("old@name", Role::User).await, app.user("b", Role::User).await);
    update(&app, &old, &rename("new")).await;
    assert_eq!(update(&app, &user, &rename("OLD@name")).await.username, "OLD@name");
}

#[tokio::test]
async fn an_email_is_taken_whatever_its_case() {
    let app = TestApp::start().await;
    create(&app.admin(), &at("ada", "Ada@School.example")).await;
    let bob = create(&app.admin(), &at("bob", "bob@school.example")).await;
    for email in ["Ada@School.example", "ada@school.example", " ADA@SCHOOL.EXAMPLE "] {
        assert_eq!(
            creation_refused(&app, &at("eve", email)).await,
            refused("EMAIL_TAKEN", "email"),
            "{email}"
        );
        assert_eq!(
            update_refused(&app, &bob.id, &readdress(email)).await,
            refused("EMAIL_TAKEN", "email"),
            "{email}"
        );
    }
    assert_eq!(app.admin().users().get(&bob.id).await.unwrap(), bob);
}

#[tokio::test]
async fn an_email_that_was_cleared_or_changed_is_free() {
    let app = TestApp::start().await;
    let cleared = app.add(&app.school, with_email("a", "one@school.example"), Role::User).await;
    let changed = app.add(&app.school, with_email("b", "two@school.example"), Role::User).await;
    update(&app, &cleared, &UserAdminUpdate { email: Update::Clear, ..UserAdminUpdate::default() }).await;
    update(&app, &changed, &readdress("one@school.example")).await;
    assert_eq!(
        update(&app, &cleared, &readdress("two@school.example")).await.email.as_deref(),
        Some("two@school.example")
    );
}

#[tokio::test]
async fn many_users_have_no_email() {
    let app = TestApp::start().await;
    for username in ["a", "b", "c"] {
        assert_eq!(create(&app.admin(), &called(username)).await.email, None);
    }
}

#[tokio::test]
async fn a_creation_that_is_refused_leaves_nothing_behind() {
    let app = TestApp::start().await;
    create(&app.admin(), &at("bob", "bob@school.example")).await;
    assert_eq!(creation_refused(&app, &at("ada", "bob@school.example")).await.0, "EMAIL_TAKEN");
    assert_eq!(creation_refused(&app, &at("bob", "ada@school.example")).await.0, "USERNAME_TAKEN");
    create(&app.admin(), &at("ada", "ada@school.example")).await;
}

#[tokio::test]
async fn no_username_folds_to_another_accounts_email() {
    let app = TestApp::start().await;
    app.add(&app.school, with_email("bob", "Bob@School.example"), Role::User).await;
    let user = app.user("somebody", Role::User).await;
    for username in ["bob@school.example", "BÓB@SCHOOL.EXAMPLE", "bob＠school.example"] {
        assert_eq!(
            creation_refused(&app, &called(username)).await,
            refused("USERNAME_TAKEN", "username"),
            "{username}"
        );
        assert_eq!(
            update_refused(&app, &user, &rename(username)).await,
            refused("USERNAME_TAKEN", "username"),
            "{username}"
        );
    }
    assert_eq!(update(&app, &user, &rename("bob@school")).await.username, "bob@school");
}

#[tokio::test]
async fn no_email_folds_to_another_accounts_username() {
    let app = TestApp::start().await;
    app.user("Bob@School.example", Role::User).await;
    let user = app.user("somebody", Role::User).await;
    for email in ["bob@school.example", "BOB@SCHOOL.EXAMPLE"] {
        assert_eq!(
            creation_refused(&app, &at("eve", email)).await,
            refused("EMAIL_TAKEN", "email"),
            "{email}"
        );
        assert_eq!(
            update_refused(&app, &user, &readdress(email)).await,
            refused("EMAIL_TAKEN", "email"),
            "{email}"
        );
    }
}

#[tokio::test]
async fn a_username_may_be_ones_own_email() {
    let app = TestApp::start().await;
    let ada = create(&app.admin(), &at("ada@school.example", "Ada@school.example")).await;
    let bob = app.add(&app.school, with_email("bob", "bob@school.example"), Role::User).await;
    assert_eq!(update(&app, &bob, &rename("bob@school.example")).await.username, "bob@school.example");
    assert_eq!(creation_refused(&app, &called("ADA@school.example")).await.0, "USERNAME_TAKEN");
    assert_eq!(creation_refused(&app, &at("x", "ADA@school.example")).await.0, "EMAIL_TAKEN");
    assert_eq!(update(&app, &ada.id, &rename("ada")).await.email, ada.email);
}

#[tokio::test]
async fn the_email_that_is_the_username_changes_only_with_the_username() {
    let app = TestApp::start().await;
    let user = app.add(&app.school, with_email("Ada@School.example", "ada@school.example"), Role::User).await;
    let clear = |username: Option<&str>| UserAdminUpdate {
        username: username.map(str::to_owned),
        email: Update::Clear,
        ..UserAdminUpdate::default()
    };
    let change = |username: Option<&str>| UserAdminUpdate {
        email: Update::Set("new@school.example".into()),
        ..clear(username)
    };
    for username in [None, Some("Ada@School.example"), Some(" ada@school.example ")] {
        for wrong in [clear(username), change(username)] {
            assert_eq!(
                update_refused(&app, &user, &wrong).await,
                refused("INVALID_PARAMETER", "username"),
                "{wrong:?}"
            );
        }
    }
    assert_eq!(update(&app, &user, &readdress("ada@school.example")).await.username, "Ada@School.example");
    let changed = update(&app, &user, &change(Some("ada"))).await;
    assert_eq!((changed.username.as_str(), changed.email.as_deref()), ("ada", Some("new@school.example")));
    create(&app.admin(), &at("next", "ada@school.example")).await;
}

#[tokio::test]
async fn a_change_of_several_fields_is_made_whole_or_not_at_all() {
    let app = TestApp::start().await;
    app.user("taken", Role::User).await;
    let ada = create(&app.admin(), &at("ada", "ada@school.example")).await;
    let wrong = UserAdminUpdate {
        firstname: Update::Set("Ada".into()),
        email: Update::Set("new@school.example".into()),
        organization_role: Some(Role::Teacher),
        ..rename("TAKEN")
    };
    assert_eq!(update_refused(&app, &ada.id, &wrong).await, refused("USERNAME_TAKEN", "username"));
    assert_eq!(app.admin().users().get(&ada.id).await.unwrap(), ada);
    create(&app.admin(), &at("new", "new@school.example")).await;
}

/// Makes an account's address a shared one, as a launch of a configuration without matching by e-mail will.
async fn share_email(app: &TestApp, user: &UserId, email: &str) {
    let mut tx = app.app.db.write().await.unwrap();
    let organization = &app.school.organization;
    let share = "UPDATE users SET email = $3, email_key = $3, email_shared = TRUE WHERE organization_id = $1 AND id = $2";
    tx.execute(share, (organization, user, email)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn is_shared(app: &TestApp) -> Vec<String> {
    app.column("SELECT username FROM users WHERE email_shared ORDER BY id").await
}

#[tokio::test]
async fn no_username_folds_to_an_address_that_others_share() {
    let app = TestApp::start().await;
    let (a, b) = (app.user("a", Role::User).await, app.user("b", Role::User).await);
    share_email(&app, &a, "family@home.example").await;
    let taken = refused("USERNAME_TAKEN", "username");
    for username in ["family@home.example", "FÁMILY@Home.example"] {
        assert_eq!(creation_refused(&app, &called(username)).await, taken, "{username}");
        assert_eq!(update_refused(&app, &b, &rename(username)).await, taken, "{username}");
    }
    update(&app, &a, &rename("family@home.example")).await;
}

#[tokio::test]
async fn a_shared_email_stays_shared_while_something_else_changes() {
    let app = TestApp::start().await;
    let (a, b) = (app.user("a", Role::User).await, app.user("b", Role::User).await);
    for user in [&a, &b] {
        share_email(&app, user, "family@home.example").await;
    }
    update(&app, &a, &rename("ada")).await;
    update(&app, &b, &UserAdminUpdate { firstname: Update::Set("Bob".into()), ..UserAdminUpdate::default() })
        .await;
    assert_eq!(is_shared(&app).await, ["ada", "b"]);
}

#[tokio::test]
async fn putting_a_shared_email_makes_it_exclusive() {
    let app = TestApp::start().await;
    let (a, b) = (app.user("a", Role::User).await, app.user("b", Role::User).await);
    share_email(&app, &a, "family@home.example").await;
    let updated = update(&app, &a, &readdress("family@home.example")).await;
    assert_eq!(updated.email.as_deref(), Some("family@home.example"));
    assert_eq!(is_shared(&app).await, [""; 0]);
    assert_eq!(
        update_refused(&app, &b, &readdress("family@home.example")).await,
        refused("EMAIL_TAKEN", "email")
    );
}

#[tokio::test]
async fn an_email_that_others_share_is_taken() {
    let app = TestApp::start().await;
    let (a, b) = (app.user("a", Role::User).await, app.user("b", Role::User).await);
    for user in [&a, &b] {
        share_email(&app, user, "family@home.example").await;
    }
    let taken = refused("EMAIL_TAKEN", "email");
    assert_eq!(update_refused(&app, &a, &readdress("Family@home.example")).await, taken);
    assert_eq!(creation_refused(&app, &at("c", "family@home.example")).await, taken);
    assert_eq!(is_shared(&app).await, ["a", "b"]);
    update(&app, &b, &UserAdminUpdate { email: Update::Clear, ..UserAdminUpdate::default() }).await;
    update(&app, &a, &readdress("family@home.example")).await;
    assert_eq!(is_shared(&app).await, [""; 0]);
}
