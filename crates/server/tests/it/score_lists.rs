//! Lists of scores: of a user, of a group, of what somebody likes.

use homeroom_client::{Client, Direction, LibrarySort, Scope, ScorePrivacy, ScoreQuery, UserId};

use crate::library::{
    class, head, private, public, pupil, score, teacher, titles, trash, with_group, with_user,
};
use crate::support::{TestApp, code, refusal};

async fn of(client: &Client, user: &UserId) -> Vec<String> {
    let page = client.score_lists().of_user(user, &ScoreQuery::default()).await.unwrap();
    titles(&page.items).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn one_sees_all_of_ones_own_scores_and_of_others_those_that_one_may_read() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    let (_, eve) = pupil(&app, "eve").await;
    let choir = app.group(&[&a, &e]).await;
    for (title, privacy) in [
        ("private", ScorePrivacy::Private),
        ("link", ScorePrivacy::PrivateLink),
        ("school", ScorePrivacy::OrganizationPublic),
        ("public", ScorePrivacy::Public),
    ] {
        score(&app, &e, title, privacy).await;
    }
    let [shared, grouped] = [private(&app, &e, "shared").await, private(&app, &e, "grouped").await];
    emmy.collaborators(&shared).add(&with_user(&a)).await.unwrap();
    emmy.collaborators(&grouped).add(&with_group(&choir)).await.unwrap();
    trash(&app, &public(&app, &e, "gone").await).await;

    assert_eq!(of(&emmy, &e).await, ["private", "link", "school", "public", "shared", "grouped"]);
    assert_eq!(of(&emmy, &"me".into()).await.len(), 6);
    assert_eq!(of(&ada, &e).await, ["school", "public", "shared", "grouped"]);
    for client in [&eve, &head(&app).await] {
        assert_eq!(of(client, &e).await, ["school", "public"]);
    }
}

#[tokio::test]
async fn the_scores_of_a_user_come_in_every_order_and_page_by_page() {
    let app = TestApp::start().await;
    let (_, ada) = pupil(&app, "ada").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    for title in ["b", "c", "a"] {
        public(&app, &e, title).await;
    }
    for client in [&ada, &emmy] {
        for (sort, direction, expected) in [
            (None, None, ["b", "c", "a"]),
            (Some(LibrarySort::Title), None, ["a", "b", "c"]),
            (Some(LibrarySort::ModificationDate), Some(Direction::Desc), ["a", "c", "b"]),
        ] {
            let query = ScoreQuery { sort, direction, limit: Some(2), ..ScoreQuery::default() };
            let first = client.score_lists().of_user(&e, &query).await.unwrap();
            let second = first.next().await.unwrap().unwrap();
            assert_eq!(titles(&[first.items.clone(), second.items.clone()].concat()), expected);
            assert_eq!(second.previous().await.unwrap().unwrap().items, first.items);
        }
    }
    let query = ScoreQuery { limit: Some(101), ..ScoreQuery::default() };
    assert_eq!(refusal(ada.score_lists().of_user(&e, &query).await).1.as_deref(), Some("limit"));
}

#[tokio::test]
async fn pupils_see_nothing_of_pupils_of_other_classes() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let (_, emmy) = teacher(&app, "emmy").await;
    let song = public(&app, &b, "Song").await;
    bea.collections().add_score(&"likes".into(), &song, None).await.unwrap();
    assert_eq!(code(ada.score_lists().of_user(&b, &ScoreQuery::default()).await), "NOT_FOUND");
    assert_eq!(code(ada.score_lists().liked_by(&b, &ScoreQuery::default()).await), "NOT_FOUND");
    class(&app, &emmy, &[&a, &b]).await;
    assert_eq!(of(&ada, &b).await, ["Song"]);
    let liked = ada.score_lists().liked_by(&b, &ScoreQuery::default()).await.unwrap();
    assert_eq!(titles(&liked.items), ["Song"]);
    app.admin().users().remove(&b).await.unwrap();
    assert_eq!(code(ada.score_lists().of_user(&b, &ScoreQuery::default()).await), "NOT_FOUND");
}

#[tokio::test]
async fn of_what_somebody_likes_others_see_what_they_may_read() {
    let app = TestApp::start().await;
    let (_, ada) = pupil(&app, "ada").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    for id in [private(&app, &e, "own").await, public(&app, &e, "open").await] {
        emmy.collections().add_score(&"likes".into(), &id, None).await.unwrap();
    }
    let query = ScoreQuery { limit: Some(1), ..ScoreQuery::default() };
    let first = emmy.score_lists().liked_by(&"me".into(), &query).await.unwrap();
    assert_eq!((titles(&first.items), first.has_next()), (vec!["own"], true));
    let seen = ada.score_lists().liked_by(&e, &ScoreQuery::default()).await.unwrap();
    assert_eq!((titles(&seen.items), seen.items[0].likes.clone().unwrap().total), (vec!["open"], 1));
}

#[tokio::test]
async fn ids_of_likes_are_the_least_that_every_sdk_reads() {
    let app = TestApp::start().await;
    let (a, token) = (&app.school.admin, app.token(&app.school.admin, Scope::ALL).await);
    let song = private(&app, a, "Song").await;
    app.client(&token).collections().add_score(&"likes".into(), &song, None).await.unwrap();
    let request = app.http().get(format!("{}/v2/users/me/likes?ids=true", app.url)).bearer_auth(token);
    let body: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body[0]["id"], song.as_str());
    for field in
        ["title", "privacy", "user", "htmlUrl", "editHtmlUrl", "creationDate", "collaborators", "samples"]
    {
        assert!(!body[0][field].is_null(), "{field}");
    }
}

#[tokio::test]
async fn the_scores_of_a_group_are_for_its_members_and_the_teachers_of_its_class() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let (_, emmy) = teacher(&app, "emmy").await;
    let (_, fred) = teacher(&app, "fred").await;
    let (_, eve) = pupil(&app, "eve").await;
    let students = class(&app, &emmy, &[&a, &b]).await;
    let [song, gone] = [private(&app, &a, "Song").await, private(&app, &a, "Gone").await];
    for id in [&song, &gone] {
        ada.collaborators(id).add(&with_group(&students)).await.unwrap();
    }
    trash(&app, &gone).await;
    for client in [&ada, &bea, &emmy] {
        assert_eq!(titles(&client.score_lists().of_group(&students).await.unwrap().items), ["Song"]);
    }
    for client in [&eve, &fred] {
        assert_eq!(code(client.score_lists().of_group(&students).await), "NOT_FOUND");
    }
    let seen = head(&app).await.score_lists().of_group(&students).await.unwrap();
    assert_eq!(titles(&seen.items), Vec::<&str>::new(), "an admin reads what is open to everybody");
}
