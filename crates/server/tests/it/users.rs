//! Creating, reading and changing users.

use homeroom_client::{
    Client, Product, Role, Scope, Update, UserAdminUpdate, UserCreation, UserDetailsAdmin, UserId,
};

use crate::support::{TestApp, named, refusal};

pub fn ada() -> UserCreation {
    UserCreation {
        username: "ada".to_owned(),
        password: "correct horse".to_owned(),
        ..UserCreation::default()
    }
}

pub fn called(username: &str) -> UserCreation {
    UserCreation { username: username.to_owned(), ..ada() }
}

pub fn at(username: &str, email: &str) -> UserCreation {
    UserCreation { email: Some(email.to_owned()), ..called(username) }
}

pub fn rename(username: &str) -> UserAdminUpdate {
    UserAdminUpdate { username: Some(username.to_owned()), ..UserAdminUpdate::default() }
}

pub fn readdress(email: &str) -> UserAdminUpdate {
    UserAdminUpdate { email: Update::Set(email.to_owned()), ..UserAdminUpdate::default() }
}

pub async fn create(client: &Client, new: &UserCreation) -> UserDetailsAdmin {
    client.users().create(new).await.unwrap()
}

pub async fn update(app: &TestApp, user: &UserId, update: &UserAdminUpdate) -> UserDetailsAdmin {
    app.admin().users().update(user, update).await.unwrap()
}

pub fn refused(code: &str, param: &str) -> (String, Option<String>) {
    (code.to_owned(), Some(param.to_owned()))
}

pub async fn creation_refused(app: &TestApp, new: &UserCreation) -> (String, Option<String>) {
    refusal(app.admin().users().create(new).await)
}

pub async fn update_refused(
    app: &TestApp,
    user: &UserId,
    update: &UserAdminUpdate,
) -> (String, Option<String>) {
    refusal(app.admin().users().update(user, update).await)
}

#[tokio::test]
async fn a_new_user_is_a_pupil_and_is_there_at_once() {
    let app = TestApp::start().await;
    let admin = app.admin();

    let created = admin.users().create(&ada()).await.unwrap();

    assert_eq!(created.organization_role, Some(Role::User));
    assert_eq!(created.printable_name.as_deref(), Some("ada"));
    assert_eq!(admin.users().get(&created.id).await.unwrap(), created);
}

#[tokio::test]
async fn a_new_user_has_what_was_asked_for_as_it_came_but_trimmed() {
    let app = TestApp::start().await;
    let new = UserCreation {
        username: "\u{3000}Ada  L\u{a0}".into(),
        firstname: Some(" José\t".into()),
        lastname: Some("  Łovelace ".into()),
        email: Some(" Ada.L@School.Example ".into()),
        role: Some(Role::Teacher),
        ..ada()
    };
    let user = create(&app.admin(), &new).await;
    assert_eq!(user.username, "Ada  L");
    assert_eq!((user.firstname.as_deref(), user.lastname.as_deref()), (Some("José"), Some("Łovelace")));
    assert_eq!(user.email.as_deref(), Some("Ada.L@School.Example"));
    assert_eq!((user.organization_role, user.product), (Some(Role::Teacher), Product::FlatEdu));
    assert_eq!(
        (user.is_edu_testing_student, user.organization),
        (Some(false), Some(app.school.organization.clone()))
    );
}

#[tokio::test]
async fn a_new_user_may_have_any_role() {
    let app = TestApp::start().await;
    for role in Role::ALL {
        let new = UserCreation { role: Some(*role), ..called(role.as_str()) };
        assert_eq!(create(&app.admin(), &new).await.organization_role, Some(*role));
    }
}

#[tokio::test]
async fn an_empty_name_is_a_missing_name() {
    let app = TestApp::start().await;
    let new = UserCreation { firstname: Some(" \u{a0}".into()), lastname: Some(String::new()), ..ada() };
    let user = create(&app.admin(), &new).await;
    assert_eq!((&user.firstname, &user.lastname), (&None, &None));

    let set =
        |text: &str| UserAdminUpdate { firstname: Update::Set(text.into()), ..UserAdminUpdate::default() };
    assert_eq!(update(&app, &user.id, &set("Ada")).await.firstname.as_deref(), Some("Ada"));
    assert_eq!(update(&app, &user.id, &set("  ")).await.firstname, None);
}

#[tokio::test]
async fn the_printable_name_is_the_names_where_there_is_either_else_the_username() {
    let app = TestApp::start().await;
    for (number, (firstname, lastname, printable)) in
        [("Ada", "Lovelace", "Ada Lovelace"), ("Ada", "", "Ada"), ("", "山田", "山田"), ("", "", "u3")]
            .into_iter()
            .enumerate()
    {
        let user = app.add(&app.school, named(&format!("u{number}"), firstname, lastname), Role::User).await;
        let shown = app.admin().users().get(&user).await.unwrap();
        assert_eq!(shown.printable_name.as_deref(), Some(printable));
    }
}

#[tokio::test]
async fn lengths_are_counted_in_code_points_after_trimming() {
    let app = TestApp::start().await;
    let padded = |letter: &str, length| format!("  {}  ", letter.repeat(length));
    let new = |username, name: String| UserCreation {
        username,
        firstname: Some(name.clone()),
        lastname: Some(name),
        ..ada()
    };
    let user = create(&app.admin(), &new(padded("山", 30), padded("🎵", 60))).await;
    assert_eq!(user.username, "山".repeat(30));
    assert_eq!(user.lastname.unwrap(), "🎵".repeat(60));
    for (username, name, param) in [(31, 60, "username"), (30, 61, "firstname")] {
        let wrong = new(padded("田", username), padded("🎵", name));
        assert_eq!(creation_refused(&app, &wrong).await, refused("INVALID_PARAMETER", param));
    }
    assert_eq!(
        update_refused(&app, &user.id, &rename(&"e\u{301}".repeat(16))).await,
        refused("INVALID_PARAMETER", "username")
    );
    assert_eq!(update(&app, &user.id, &rename(&"e\u{301}".repeat(15))).await.username.chars().count(), 30);
}

#[tokio::test]
async fn what_can_not_be_printed_is_refused_in_every_text() {
    let app = TestApp::start().await;
    for text in
        ["a\u{0}b", "a\nb", "a\u{7f}", "a\u{202e}b", "a\u{2028}b", "a\u{feff}b", "\u{200b}", "\u{e0041}"]
    {
        let wrong = [
            (called(&format!("x{text}x")), "username"),
            (UserCreation { firstname: Some(format!("x{text}x")), ..ada() }, "firstname"),
            (UserCreation { lastname: Some(format!("x{text}x")), ..ada() }, "lastname"),
            (at("ada", &format!("{text}@school.example")), "email"),
        ];
        for (new, param) in wrong {
            assert_eq!(creation_refused(&app, &new).await, refused("INVALID_PARAMETER", param), "{text:?}");
        }
    }
}

#[tokio::test]
async fn a_password_has_6_to_1000_characters() {
    let app = TestApp::start().await;
    let user = app.user("ada", Role::User).await;
    for (length, fits) in [(5, false), (6, true), (1000, true), (1001, false)] {
        let password = "山".repeat(length);
        let created = app
            .admin()
            .users()
            .create(&UserCreation { password: password.clone(), ..called(&format!("u{length}")) });
        let update = UserAdminUpdate { password: Some(password), ..UserAdminUpdate::default() };
        let answers = [created.await, app.admin().users().update(&user, &update).await];
        for answer in answers {
            assert_eq!(answer.is_ok(), fits, "{length}");
            if !fits {
                assert_eq!(refusal(answer), refused("INVALID_PARAMETER", "password"));
            }
        }
    }
}

#[tokio::test]
async fn a_password_is_stored_as_argon2id_with_a_salt_of_its_own() {
    let app = TestApp::start().await;
    let users = [create(&app.admin(), &called("a")).await, create(&app.admin(), &called("b")).await];
    let update_password =
        UserAdminUpdate { password: Some("correct horse".into()), ..UserAdminUpdate::default() };
    let hashes = "SELECT password_hash FROM users WHERE password_hash IS NOT NULL ORDER BY id";
    let before = app.column(hashes).await;
    update(&app, &users[0].id, &update_password).await;
    let after = app.column(hashes).await;
    assert!(
        before.iter().chain(&after).all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")),
        "{before:?}"
    );
    assert_ne!(before[0], before[1]);
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1]);
    assert_eq!(app.tables_that_hold("correct horse").await, [""; 0]);
}

#[tokio::test]
async fn a_locale_becomes_a_supported_one() {
    let app = TestApp::start().await;
    for (number, (locale, supported)) in [
        (None, "en"),
        (Some("fr"), "fr"),
        (Some("fr-CA"), "fr"),
        (Some("pt_br"), "pt-BR"),
        (Some("zh-TW"), "zh-Hant"),
        (Some(" DE "), "de"),
        (Some("tlh"), "en"),
        (Some(""), "en"),
    ]
    .into_iter()
    .enumerate()
    {
        let new = UserCreation { locale: locale.map(str::to_owned), ..called(&format!("u{number}")) };
        let user = create(&app.admin(), &new).await;
        let client = app.client(&app.token(&user.id, &[Scope::AccountPublicProfile]).await);
        assert_eq!(client.me().await.unwrap().locale.as_deref(), Some(supported), "{locale:?}");
    }
}

#[tokio::test]
async fn an_update_changes_only_the_fields_that_came() {
    let app = TestApp::start().await;
    let new = UserCreation {
        firstname: Some("Ada".into()),
        lastname: Some("Lovelace".into()),
        ..at("ada", "ada@school.example")
    };
    let mut expected = create(&app.admin(), &new).await;
    let none = UserAdminUpdate::default;
    assert_eq!(update(&app, &expected.id, &none()).await, expected);
    expected.username = "countess".into();
    assert_eq!(update(&app, &expected.id, &rename(" countess ")).await, expected);
    expected.email = Some("Ada@school.example".into());
    assert_eq!(update(&app, &expected.id, &readdress("Ada@school.example")).await, expected);
    expected.organization_role = Some(Role::Teacher);
    let role = UserAdminUpdate { organization_role: Some(Role::Teacher), ..none() };
    assert_eq!(update(&app, &expected.id, &role).await, expected);
    expected.lastname = Some("King".into());
    expected.printable_name = Some("Ada King".into());
    assert_eq!(
        update(&app, &expected.id, &UserAdminUpdate { lastname: Update::Set("King".into()), ..none() }).await,
        expected
    );
    assert_eq!(app.admin().users().get(&expected.id).await.unwrap(), expected);
}

#[tokio::test]
async fn null_clears_email_and_names() {
    let app = TestApp::start().await;
    let new = UserCreation {
        firstname: Some("Ada".into()),
        lastname: Some("Lovelace".into()),
        ..at("ada", "ada@school.example")
    };
    let user = create(&app.admin(), &new).await;
    let none = UserAdminUpdate::default;
    let cleared = update(&app, &user.id, &UserAdminUpdate { firstname: Update::Clear, ..none() }).await;
    assert_eq!((cleared.firstname, cleared.printable_name.as_deref()), (None, Some("Lovelace")));
    let cleared = update(&app, &user.id, &UserAdminUpdate { lastname: Update::Clear, ..none() }).await;
    assert_eq!((cleared.lastname, cleared.printable_name.as_deref()), (None, Some("ada")));
    assert_eq!(cleared.email, user.email);
    let cleared = update(&app, &user.id, &UserAdminUpdate { email: Update::Clear, ..none() }).await;
    assert_eq!(cleared.email, None);
}

#[tokio::test]
async fn null_in_a_creation_is_an_absent_field() {
    let app = TestApp::start().await;
    let body = serde_json::json!({ "username": "ada", "password": "correct horse", "firstname": null, "lastname": null, "email": null, "locale": null });
    let answer =
        app.request(reqwest::Method::POST, "/v2/organizations/users").json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let user: UserDetailsAdmin = answer.json().await.unwrap();
    assert_eq!((user.firstname, user.lastname, user.email), (None, None, None));
}
