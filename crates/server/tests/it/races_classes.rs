//! Rules of classes that hold when requests race.

use homeroom_client::{Role, UserFilter, UserId};

use crate::races::{TASKS, at_once, went_through};
use crate::ranks::to_role;
use crate::support::classes::{in_group, members, sub_group};
use crate::support::{TestApp, code};

#[tokio::test(flavor = "multi_thread")]
async fn who_enrolls_many_times_at_once_is_in_the_class_once() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let join_code = class.enrollment_code.unwrap();
    let (ada, pupil) = app.pupil("ada").await;
    let results = at_once(8, |_| {
        let (pupil, join_code) = (pupil.clone(), join_code.clone());
        async move { pupil.classes().enroll(&join_code).await.map(drop) }
    })
    .await;
    assert_eq!(went_through(results, "none is refused"), 8);
    assert_eq!(members(&teacher, &class.id).await.0, [ada]);
    let joined = app.column("SELECT event FROM audit_events WHERE event = 'class.user_added'").await;
    assert_eq!(joined.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_count_as_many() {
    let app = TestApp::start().await;
    let (_, pupil) = app.pupil("ada").await;
    let results = at_once(TASKS, |which| {
        let pupil = pupil.clone();
        async move { pupil.classes().enroll(&format!("GUESS{which}")).await.map(drop) }
    })
    .await;
    let codes: Vec<String> = results.into_iter().map(code).collect();
    assert_eq!(codes.iter().filter(|code| *code == "NOT_FOUND").count(), 10);
    assert_eq!(codes.iter().filter(|code| *code == "API_RATE_LIMIT_EXCEEDED").count(), TASKS - 10);
}

/// In which groups of the class somebody is: 's' and 't'.
async fn sides(app: &TestApp, class: &homeroom_client::ClassId, user: &UserId) -> String {
    let (students, teachers) = members(&app.head().await, class).await;
    let side = |list: &[UserId], letter: &str| list.contains(user).then(|| letter.to_owned());
    [side(&students, "s"), side(&teachers, "t")].into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_changes_while_somebody_joins_puts_them_on_one_side() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let join_code = class.enrollment_code.clone().unwrap();
    for number in 0..12 {
        let (ada, pupil) = app.pupil(&format!("ada{number}")).await;
        let (admin, role) = (app.admin(), to_role(Role::Teacher));
        let (classes, promoted) = (teacher.classes(), admin.users());
        if number % 2 == 0 {
            let (added, changed) =
                tokio::join!(classes.add_user(&class.id, &ada), promoted.update(&ada, &role));
            added.unwrap();
            changed.unwrap();
        } else {
            let own = pupil.classes();
            let (added, changed) = tokio::join!(own.enroll(&join_code), promoted.update(&ada, &role));
            added.unwrap();
            changed.unwrap();
        }
        assert_eq!(sides(&app, &class.id, &ada).await, "t");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_resets_at_once_one_test_student_is_left() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let results = at_once(8, |which| {
        let (teacher, class) = (teacher.clone(), class.id.clone());
        async move {
            let classes = teacher.classes();
            let call = if which % 2 == 0 {
                classes.reset_test_student(&class)
            } else {
                classes.create_test_student(&class)
            };
            call.await.map(drop)
        }
    })
    .await;
    assert_eq!(went_through(results, "none is refused"), 8);
    assert_eq!(members(&teacher, &class.id).await.0.len(), 1);
    let filter =
        UserFilter { test_accounts: Some(homeroom_client::TestAccounts::Only), ..Default::default() };
    assert_eq!(app.admin().users().count(&filter).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_joins_once_the_class_is_archived() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let join_code = class.enrollment_code.clone().unwrap();
    let mut pupils = Vec::new();
    for number in 0..TASKS {
        pupils.push(app.pupil(&format!("ada{number}")).await.1);
    }
    let joining = at_once(TASKS, |which| {
        let (pupil, join_code) = (pupils[which].clone(), join_code.clone());
        async move { pupil.classes().enroll(&join_code).await.map(drop) }
    });
    let archiving = async {
        teacher.classes().archive(&class.id).await.unwrap();
        members(&teacher, &class.id).await.0.len()
    };
    let (results, when_archived) = tokio::join!(joining, archiving);
    assert_eq!(went_through(results, "CONFLICT"), when_archived);
    assert_eq!(members(&teacher, &class.id).await.0.len(), when_archived);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_class_while_put_into_a_group_is_in_neither() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let (ada, _) = app.pupil("ada").await;
    for number in 0..10 {
        teacher.classes().add_user(&class.id, &ada).await.unwrap();
        let group = teacher.groups().create(&sub_group(&class.id, &format!("{number}"), &[])).await.unwrap();
        let (classes, groups) = (teacher.classes(), teacher.groups());
        let (left, put) =
            tokio::join!(classes.remove_user(&class.id, &ada), groups.add_user(&group.id, &ada));
        left.unwrap();
        if let Err(error) = put {
            assert_eq!(error.api().unwrap().code, "INVALID_PARAMETER");
        }
        assert_eq!(in_group(&teacher, &group.id).await, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_is_deleted_meanwhile_is_not_found() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let (ada, _) = app.pupil("ada").await;
    teacher.classes().add_user(&class.id, &ada).await.unwrap();
    for _ in 0..10 {
        let group = teacher.groups().create(&sub_group(&class.id, "Altos", &[])).await.unwrap();
        let groups = teacher.groups();
        let (deleted, put) = tokio::join!(groups.delete(&group.id), groups.add_user(&group.id, &ada));
        deleted.unwrap();
        if let Err(error) = put {
            assert_eq!(error.api().unwrap().code, "NOT_FOUND");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_groups_at_once_one_gets_a_name() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let results = at_once(8, |_| {
        let (teacher, new) = (teacher.clone(), sub_group(&class.id, "Altos", &[]));
        async move { teacher.groups().create(&new).await.map(drop) }
    })
    .await;
    assert_eq!(went_through(results, "CONFLICT"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_is_never_led_by_who_has_left() {
    let app = TestApp::start().await;
    let (class, emmy, _) = app.class().await;
    let (noether, _) = app.teaching("noether").await;
    let head = app.head().await;
    for _ in 0..8 {
        for user in [&emmy, &noether] {
            head.classes().add_user(&class.id, user).await.unwrap();
        }
        let (classes, users, role) = (head.classes(), head.users(), to_role(Role::User));
        let (left, fell) = tokio::join!(classes.remove_user(&class.id, &emmy), users.update(&noether, &role));
        left.unwrap();
        fell.unwrap();
        assert_eq!(head.classes().get(&class.id).await.unwrap().owner, None);
        head.users().update(&noether, &to_role(Role::Teacher)).await.unwrap();
        head.classes().remove_user(&class.id, &noether).await.unwrap();
    }
}
