//! With whom scores are shared, by whom, and what who is asked gives away.

use homeroom_client::{
    CollaboratorType, CommentQuery, ResourceCollaborator, ResourceCollaboratorCreation, Role, Scope,
    ScorePrivacy, UserId,
};

use crate::library::{class, head, private, public, pupil, run, set_privacy, teacher, with_group, with_user};
use crate::races::at_once;
use crate::support::{TestApp, code, refusal, with_email};

fn by_email(email: &str) -> ResourceCollaboratorCreation {
    ResourceCollaboratorCreation { user_email: Some(email.to_owned()), ..Default::default() }
}

fn who(all: &[ResourceCollaborator]) -> Vec<&str> {
    let name =
        |one: &ResourceCollaborator| one.user.as_ref().map_or("a group", |user| &user.username).to_owned();
    all.iter().map(|one| name(one).leak() as &str).collect()
}

fn rights(one: &ResourceCollaborator) -> (bool, bool, bool) {
    (one.rights.acl_read, one.rights.acl_write, one.rights.acl_admin)
}

#[tokio::test]
async fn the_owner_comes_first_then_people_and_groups() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, _) = teacher(&app, "emmy").await;
    let choir = app.group(&[&a, &e]).await;
    let song = private(&app, &a, "Song").await;
    let shared = ada.collaborators(&song);
    let group = shared.add(&with_group(&choir)).await.unwrap();
    shared.add(&with_user(&e)).await.unwrap();

    let all = shared.list().await.unwrap();
    assert_eq!(who(&all), ["ada", "a group", "emmy"]);
    let kinds: Vec<_> = all.iter().map(|one| one.rights.collaborator_type.unwrap()).collect();
    assert_eq!(kinds, [CollaboratorType::Owner, CollaboratorType::Group, CollaboratorType::User]);
    assert_eq!((rights(&all[0]), rights(&all[1])), ((true, true, true), (true, false, false)));
    assert_eq!(group.group.as_ref().unwrap().users_count, 2);
    for one in &all {
        assert_eq!(&shared.get(one.id.as_ref().unwrap()).await.unwrap(), one);
    }
}

#[tokio::test]
async fn who_administers_may_write_and_who_writes_may_read() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    let song = private(&app, &a, "Song").await;
    let new =
        |write, admin| ResourceCollaboratorCreation { acl_write: write, acl_admin: admin, ..with_user(&e) };
    let first = ada.collaborators(&song).add(&new(false, true)).await.unwrap();
    assert_eq!(rights(&first), (true, true, true));
    for (write, admin) in [(true, false), (false, false)] {
        let again = ada.collaborators(&song).add(&new(write, admin)).await.unwrap();
        assert_eq!((&again.id, rights(&again)), (&first.id, (true, write, admin)));
    }
    let none = ResourceCollaboratorCreation { acl_read: false, ..with_user(&e) };
    assert_eq!(refusal(ada.collaborators(&song).add(&none).await).1.as_deref(), Some("aclRead"));
    assert_eq!(emmy.collaborators(&song).list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn exactly_one_is_named_and_not_the_owner() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, _) = teacher(&app, "emmy").await;
    let (song, choir) = (private(&app, &a, "Song").await, app.group(&[&a]).await);
    let shared = ada.collaborators(&song);
    for wrong in [
        ResourceCollaboratorCreation::default(),
        ResourceCollaboratorCreation { group: Some(choir.clone()), ..with_user(&e) },
        with_user(&a),
        with_user(&"nonsense".into()),
    ] {
        assert_eq!(refusal(shared.add(&wrong).await), ("INVALID_PARAMETER".into(), Some("user".into())));
    }
    let token = ResourceCollaboratorCreation { user_token: Some("x".into()), ..Default::default() };
    assert_eq!(code(shared.add(&token).await), "NOT_IMPLEMENTED");
    assert_eq!(shared.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_pupil_shares_with_teachers_and_with_who_is_in_a_class_with_them() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    let song = private(&app, &a, "Song").await;
    let shared = ada.collaborators(&song);
    let other = app.other_school().await;
    for stranger in [&b, &other.admin, &UserId::from("0123456789abcdef01234567")] {
        let refused = refusal(shared.add(&with_user(stranger)).await);
        assert_eq!(refused, ("INVALID_PARAMETER".into(), Some("user".into())), "{stranger}");
    }
    class(&app, &emmy, &[&a, &b]).await;
    for user in [&b, &e, &app.school.admin] {
        shared.add(&with_user(user)).await.unwrap();
    }
    assert_eq!(bea.collaborators(&song).list().await.unwrap().len(), 4);
    let own = private(&app, &e, "Lesson").await;
    let (stranger, _) = pupil(&app, "carl").await;
    emmy.collaborators(&own).add(&with_user(&stranger)).await.unwrap();
}

#[tokio::test]
async fn a_group_is_shared_with_by_who_is_in_it_or_teaches_it() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    let students = class(&app, &emmy, &[&b]).await;
    let [song, lesson] = [private(&app, &a, "Song").await, private(&app, &e, "Lesson").await];
    let refused = refusal(ada.collaborators(&song).add(&with_group(&students)).await);
    assert_eq!(refused, ("INVALID_PARAMETER".into(), Some("group".into())));
    emmy.collaborators(&lesson).add(&with_group(&students)).await.unwrap();
    assert_eq!(bea.collaborators(&lesson).list().await.unwrap().len(), 2);

    let own = private(&app, &b, "Homework").await;
    bea.collaborators(&own).add(&with_group(&students)).await.unwrap();
    assert!(
        emmy.comments(&own).list(&CommentQuery::default()).await.unwrap().is_empty(),
        "the teacher reads it"
    );
    assert_eq!(code(ada.comments(&own).list(&CommentQuery::default()).await), "NOT_FOUND");
}

#[tokio::test]
async fn pupils_cannot_find_out_by_an_address_who_is_here() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    app.add(&app.school, with_email("carl", "carl@school.example"), Role::User).await;
    let [song, lesson] = [private(&app, &a, "Song").await, private(&app, &e, "Lesson").await];
    let said = |email: &'static str| {
        let (ada, song) = (ada.clone(), song.clone());
        async move {
            ada.collaborators(&song).add(&by_email(email)).await.unwrap_err().api().unwrap().message.clone()
        }
    };
    assert_eq!(said("carl@school.example").await, said("nobody@school.example").await);
    let refused = refusal(ada.collaborators(&song).add(&by_email("carl@school.example")).await);
    assert_eq!(refused, ("FORBIDDEN".into(), Some("userEmail".into())));

    let shared = emmy.collaborators(&lesson).add(&by_email("Carl@school.example")).await.unwrap();
    assert_eq!((who(std::slice::from_ref(&shared)), &shared.user_email), (vec!["carl"], &None));
    for wrong in ["nobody@school.example", "nonsense"] {
        let refused = refusal(emmy.collaborators(&lesson).add(&by_email(wrong)).await);
        assert_eq!(refused, ("INVALID_PARAMETER".into(), Some("userEmail".into())));
    }
}

#[tokio::test]
async fn only_who_administers_a_score_shares_it() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    let (_, eve) = pupil(&app, "eve").await;
    let song = private(&app, &a, "Song").await;
    let more = with_user(&app.school.admin);
    for client in [&emmy, &eve, &head(&app).await] {
        assert_eq!(code(client.collaborators(&song).add(&more).await), "NOT_FOUND");
        assert_eq!(code(client.collaborators(&song).list().await), "NOT_FOUND");
    }
    let writer = ResourceCollaboratorCreation { acl_write: true, ..with_user(&e) };
    ada.collaborators(&song).add(&writer).await.unwrap();
    assert_eq!(code(emmy.collaborators(&song).add(&more).await), "FORBIDDEN");
    let me = ResourceCollaboratorCreation { acl_admin: true, ..with_user(&e) };
    assert_eq!(code(emmy.collaborators(&song).add(&me).await), "FORBIDDEN");
    ada.collaborators(&song).add(&me).await.unwrap();
    emmy.collaborators(&song).add(&more).await.unwrap();
    let reader = app.client(&app.token(&a, &[Scope::ScoresReadonly]).await);
    assert_eq!(code(reader.collaborators(&song).add(&more).await), "INSUFFICIENT_SCOPE");
}

#[tokio::test]
async fn who_reads_an_open_score_sees_the_owner_alone() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, _) = teacher(&app, "emmy").await;
    let (_, eve) = pupil(&app, "eve").await;
    let song = public(&app, &a, "Song").await;
    let id = ada.collaborators(&song).add(&with_user(&e)).await.unwrap().id.unwrap();

    assert_eq!(who(&eve.collaborators(&song).list().await.unwrap()), ["ada"]);
    assert_eq!(code(eve.collaborators(&song).get(&id).await), "NOT_FOUND");
    assert_eq!(code(eve.collaborators(&song).remove(&id).await), "NOT_FOUND");
    let liked = eve.collections().add_score(&"likes".into(), &song, None).await.unwrap();
    assert_eq!(who(&liked.collaborators), ["ada"]);
    let own = ada.collections().add_score(&"likes".into(), &song, None).await.unwrap();
    assert_eq!(who(&own.collaborators), ["ada", "emmy"]);
}

#[tokio::test]
async fn a_collaborator_may_leave_and_the_owner_can_not_be_removed() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    let (f, fred) = teacher(&app, "fred").await;
    let song = private(&app, &a, "Song").await;
    let shared = ada.collaborators(&song);
    let [first, second] =
        [shared.add(&with_user(&e)).await.unwrap(), shared.add(&with_user(&f)).await.unwrap()];
    let (first, second) = (first.id.unwrap(), second.id.unwrap());

    assert_eq!(code(fred.collaborators(&song).remove(&first).await), "FORBIDDEN");
    assert_eq!(code(shared.remove(&a.as_str().into()).await), "FORBIDDEN");
    emmy.collaborators(&song).remove(&first).await.unwrap();
    assert_eq!(code(emmy.collaborators(&song).list().await), "NOT_FOUND");
    shared.remove(&second).await.unwrap();
    assert_eq!(code(shared.remove(&second).await), "NOT_FOUND");
    assert_eq!(who(&shared.list().await.unwrap()), ["ada"]);
}

#[tokio::test]
async fn a_score_has_100_collaborators_at_most() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, _) = teacher(&app, "emmy").await;
    let song = private(&app, &a, "Song").await;
    let shared = ada.collaborators(&song);
    let mut groups = Vec::new();
    for _ in 0..100 {
        groups.push(app.group(&[&a]).await);
        shared.add(&with_group(&groups[groups.len() - 1])).await.unwrap();
    }
    assert_eq!(code(shared.add(&with_user(&e)).await), "FORBIDDEN");
    shared.add(&with_group(&groups[0])).await.unwrap();
    assert_eq!(shared.list().await.unwrap().len(), 101);
}

#[tokio::test]
async fn who_is_removed_collaborates_no_more() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, _) = teacher(&app, "emmy").await;
    let song = private(&app, &a, "Song").await;
    let id = ada.collaborators(&song).add(&with_user(&e)).await.unwrap().id.unwrap();
    app.admin().users().remove(&e).await.unwrap();

    assert_eq!(who(&ada.collaborators(&song).list().await.unwrap()), ["ada"]);
    assert_eq!(code(ada.collaborators(&song).get(&id).await), "NOT_FOUND");
    assert_eq!(code(ada.collaborators(&song).add(&with_user(&e)).await), "INVALID_PARAMETER");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_add_and_remove_the_same_person_at_once_each_is_answered() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, _) = teacher(&app, "emmy").await;
    let song = private(&app, &a, "Song").await;
    let results = at_once(32, |which| {
        let (ada, song, new) = (ada.clone(), song.clone(), with_user(&e));
        async move {
            let added = ada.collaborators(&song).add(&new).await?;
            let leave = ada.collaborators(&song).remove(&added.id.unwrap());
            if which % 2 == 0 { leave.await } else { Ok(()) }
        }
    })
    .await;
    for refused in results.into_iter().filter(Result::is_err) {
        assert_eq!(code(refused), "NOT_FOUND"); // somebody else removed it first
    }
    assert!(ada.collaborators(&song).list().await.unwrap().len() <= 2);
}

#[tokio::test]
async fn what_is_shared_stays_shared_when_it_becomes_private() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    let song = public(&app, &a, "Song").await;
    ada.collaborators(&song).add(&with_user(&e)).await.unwrap();
    set_privacy(&app, &song, ScorePrivacy::Private).await;
    assert_eq!(emmy.collaborators(&song).list().await.unwrap().len(), 2);
    run(&app, "UPDATE scores SET trashed_at = 1 WHERE id = $1", (&song,)).await;
    assert_eq!(code(emmy.collaborators(&song).list().await), "NOT_FOUND");
    assert_eq!(ada.collaborators(&song).list().await.unwrap().len(), 2);
}
