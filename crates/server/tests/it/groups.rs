//! Groups of users.

use homeroom_client::{Client, GroupCreation, GroupQuery, GroupSource, GroupUserQuery, SubGroupType, UserId};

use crate::support::classes::{class, in_group, listed, sub_group};
use crate::support::{TestApp, code, refusal};

fn query() -> GroupQuery {
    GroupQuery {
        r#type: SubGroupType::ClassStudentsSubGroup,
        classroom: None,
        assignment: None,
        next: None,
        previous: None,
        limit: None,
    }
}

async fn names(client: &Client, query: &GroupQuery) -> Vec<String> {
    client.groups().list(query).await.unwrap().items.into_iter().map(|group| group.name).collect()
}

/// A class with two students, of whom the first is in a group.
struct Choir {
    app: TestApp,
    class: homeroom_client::ClassDetails,
    teacher: Client,
    ada: (UserId, Client),
    bea: (UserId, Client),
    altos: homeroom_client::GroupDetails,
}

async fn choir() -> Choir {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let (ada, bea) = (app.pupil("ada").await, app.pupil("bea").await);
    for (user, _) in [&ada, &bea] {
        teacher.classes().add_user(&class.id, user).await.unwrap();
    }
    let altos = teacher.groups().create(&sub_group(&class.id, "Altos", &[&ada.0, &ada.0])).await.unwrap();
    Choir { app, class, teacher, ada, bea, altos }
}

#[tokio::test]
async fn a_teacher_makes_a_group_of_students() {
    let Choir { app: _app, class, teacher, ada, altos, .. } = choir().await;
    assert_eq!((altos.name.as_str(), altos.users_count, altos.read_only), ("Altos", 1, false));
    assert_eq!(
        (altos.classroom.as_ref(), altos.parent.as_ref()),
        (Some(&class.id), Some(&class.students_group.as_ref().unwrap().id))
    );
    assert_eq!(listed(&teacher, &altos).await, [ada.0]);
}

#[tokio::test]
async fn members_are_added_once_and_removed() {
    let Choir { app: _app, teacher, ada, bea, altos, .. } = choir().await;
    for _ in 0..2 {
        assert_eq!(teacher.groups().add_user(&altos.id, &bea.0).await.unwrap().user, bea.0);
    }
    assert_eq!(teacher.groups().get(&altos.id).await.unwrap().users_count, 2);
    assert_eq!(in_group(&teacher, &altos.id).await, [ada.0.clone(), bea.0]);
    teacher.groups().remove_user(&altos.id, &ada.0).await.unwrap();
    assert_eq!(code(teacher.groups().remove_user(&altos.id, &ada.0).await), "NOT_FOUND");
    assert_eq!(teacher.groups().get(&altos.id).await.unwrap().users_count, 1);
}

#[tokio::test]
async fn only_students_of_the_class_come_into_its_groups() {
    let Choir { app, class, teacher, ada, altos, .. } = choir().await;
    let (cleo, _) = app.pupil("cleo").await;
    let (noether, _) = app.teaching("noether").await;
    teacher.classes().add_user(&class.id, &noether).await.unwrap();
    let elsewhere = app.other_school().await.admin;
    for stranger in [cleo, noether, elsewhere, "nobody".into(), "".into()] {
        let refused = refusal(teacher.groups().add_user(&altos.id, &stranger).await);
        assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("user".to_owned())));
        let refused = teacher.groups().create(&sub_group(&class.id, "Basses", &[&ada.0, &stranger])).await;
        assert_eq!(refusal(refused), ("INVALID_PARAMETER".to_owned(), Some("members".to_owned())));
    }
    assert_eq!(names(&teacher, &query()).await, ["Altos"]);
}

#[tokio::test]
async fn names_are_unique_in_a_class_and_chosen_where_absent() {
    let Choir { app: _app, class: choir, teacher, altos, .. } = choir().await;
    let taken = ("CONFLICT".to_owned(), Some("name".to_owned()));
    assert_eq!(refusal(teacher.groups().create(&sub_group(&choir.id, " ÁLTOS ", &[])).await), taken);
    let unnamed = GroupCreation { name: None, ..sub_group(&choir.id, "", &[]) };
    let basses = teacher.groups().create(&sub_group(&choir.id, "group 1", &[])).await.unwrap();
    for number in 2..4 {
        assert_eq!(teacher.groups().create(&unnamed).await.unwrap().name, format!("Group {number}"));
    }
    assert_eq!(refusal(teacher.groups().rename(&basses.id, "altos").await), taken);
    assert_eq!(teacher.groups().rename(&altos.id, "ALTOS").await.unwrap().name, "ALTOS");
    let band = teacher.classes().create(&class("Band")).await.unwrap();
    teacher.groups().create(&sub_group(&band.id, "Altos", &[])).await.unwrap();
}

#[tokio::test]
async fn a_deleted_group_leaves_its_members_in_the_class() {
    let Choir { app: _app, class, teacher, ada, bea, altos, .. } = choir().await;
    teacher.groups().delete(&altos.id).await.unwrap();
    for refused in [
        code(teacher.groups().get(&altos.id).await),
        code(teacher.groups().delete(&altos.id).await),
        code(teacher.groups().add_user(&altos.id, &bea.0).await),
    ] {
        assert_eq!(refused, "NOT_FOUND");
    }
    assert_eq!(in_group(&teacher, &class.students_group.unwrap().id).await, [ada.0, bea.0]);
}

#[tokio::test]
async fn groups_that_follow_from_something_else_are_read_only() {
    let Choir { app, class, teacher, ada, .. } = choir().await;
    let generic = app.group(&[&ada.0]).await;
    let head = app.head().await;
    let (students, teachers) = (class.students_group.unwrap().id, class.teachers_group.unwrap().id);
    for (client, group) in
        [(&teacher, &students), (&teacher, &teachers), (&head, &students), (&head, &generic)]
    {
        assert!(client.groups().get(group).await.unwrap().read_only);
        for refused in [
            code(client.groups().rename(group, "Mine").await),
            code(client.groups().delete(group).await),
            code(client.groups().add_user(group, &ada.0).await),
            code(client.groups().remove_user(group, &ada.0).await),
        ] {
            assert_eq!(refused, "FORBIDDEN");
        }
    }
}

#[tokio::test]
async fn a_group_is_there_for_who_is_in_it_teaches_its_class_or_administers() {
    let Choir { app, class, teacher, ada, bea, altos, .. } = choir().await;
    let (_, colleague) = app.teaching("noether").await;
    for client in [&ada.1, &teacher, &app.head().await] {
        assert_eq!(
            listed(client, &client.groups().get(&altos.id).await.unwrap()).await,
            std::slice::from_ref(&ada.0)
        );
    }
    for client in [&bea.1, &colleague] {
        assert_eq!(code(client.groups().get(&altos.id).await), "NOT_FOUND");
        assert_eq!(
            code(client.groups().list_users(&altos.id, &GroupUserQuery::default()).await),
            "NOT_FOUND"
        );
        assert_eq!(code(client.groups().delete(&altos.id).await), "NOT_FOUND");
    }
    assert_eq!(in_group(&bea.1, &class.students_group.unwrap().id).await, [ada.0, bea.0]);
    assert_eq!(code(bea.1.groups().get(&class.teachers_group.unwrap().id).await), "NOT_FOUND");
}

#[tokio::test]
async fn students_change_no_group_and_learn_no_addresses() {
    let Choir { app: _app, class, ada, bea, altos, .. } = choir().await;
    for refused in [
        code(ada.1.groups().rename(&altos.id, "Mine").await),
        code(ada.1.groups().delete(&altos.id).await),
        code(ada.1.groups().add_user(&altos.id, &bea.0).await),
        code(ada.1.groups().remove_user(&altos.id, &ada.0).await),
        code(ada.1.groups().create(&sub_group(&class.id, "Mine", &[])).await),
        code(ada.1.groups().list(&GroupQuery { classroom: Some(class.id.clone()), ..query() }).await),
    ] {
        assert_eq!(refused, "FORBIDDEN");
    }
    assert!(names(&ada.1, &query()).await.is_empty());
}

#[tokio::test]
async fn teachers_list_the_groups_of_their_classes_and_administrators_all() {
    let Choir { app, class: choir, teacher, .. } = choir().await;
    let (_, colleague) = app.teaching("noether").await;
    let band = colleague.classes().create(&class("Band")).await.unwrap();
    colleague.groups().create(&sub_group(&band.id, "Brass", &[])).await.unwrap();
    let head = app.head().await;
    assert_eq!(names(&teacher, &query()).await, ["Altos"]);
    assert_eq!(names(&colleague, &query()).await, ["Brass"]);
    assert_eq!(names(&head, &query()).await, ["Altos", "Brass"]);
    let of_choir = GroupQuery { classroom: Some(choir.id), ..query() };
    assert_eq!(names(&head, &of_choir).await, ["Altos"]);
    assert_eq!(code(colleague.groups().list(&of_choir).await), "NOT_FOUND");
    let of_assignments = GroupQuery { r#type: SubGroupType::AssignmentStudentsSubGroup, ..query() };
    assert!(names(&head, &of_assignments).await.is_empty());
    let of_one = GroupQuery { assignment: Some("0123456789abcdef01234567".into()), ..query() };
    assert!(names(&head, &of_one).await.is_empty());
}

#[tokio::test]
async fn nobody_is_synchronized_and_unknown_words_are_refused() {
    let Choir { app, teacher, altos, .. } = choir().await;
    let clever = GroupUserQuery { source: Some(GroupSource::Clever), ..GroupUserQuery::default() };
    assert!(teacher.groups().list_users(&altos.id, &clever).await.unwrap().items.is_empty());
    for (path, param) in [
        (format!("/v2/groups/{}/users?source=moodle", altos.id), "source"),
        ("/v2/groups".to_owned(), "type"),
        ("/v2/groups?type=generic".to_owned(), "type"),
    ] {
        let answer = app.request(reqwest::Method::GET, &path).send().await.unwrap();
        let answer: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(
            (&answer["code"], &answer["param"]),
            (&"INVALID_PARAMETER".into(), &param.into()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn pages_of_a_group_follow_each_other() {
    let Choir { app: _app, class, teacher, ada, bea, .. } = choir().await;
    let group = class.students_group.unwrap().id;
    let one = GroupUserQuery { limit: Some(1), ..GroupUserQuery::default() };
    let first = teacher.groups().list_users(&group, &one).await.unwrap();
    let second = first.next().await.unwrap().unwrap();
    assert_eq!((&first.items[0].id, &second.items[0].id), (&ada.0, &bea.0));
    assert!(second.next().await.unwrap().is_none());
    assert_eq!(second.previous().await.unwrap().unwrap().items[0].id, ada.0);
}
