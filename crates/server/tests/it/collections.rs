//! Collections: one's own, those that everybody has, and what is in them.

use homeroom_client::{
    Client, Collection, CollectionCreation, CollectionId, CollectionModification, CollectionQuery,
    CollectionType, Direction, LibrarySort, Role, Scope, ScorePrivacy, ScoreQuery,
};
use homeroom_server::{collections, jobs};
use reqwest::Method;

use crate::library::{
    KEY, LIBRARY, class, head, private, public, pupil, run, score, set_privacy, teacher, titles, titles_in,
    trash, with_group, with_user,
};
use crate::support::{DAY, NOW, TestApp, code, refusal};

pub async fn make(client: &Client, title: &str) -> CollectionId {
    let new = CollectionCreation { title: Some(title.to_owned()), ..CollectionCreation::default() };
    client.collections().create(&new).await.unwrap().id
}

pub fn called(title: &str) -> CollectionModification {
    CollectionModification { title: Some(title.to_owned()), ..CollectionModification::default() }
}

fn names(collections: &[Collection]) -> Vec<&str> {
    collections.iter().map(|collection| collection.title.as_str()).collect()
}

async fn listed(client: &Client, parent: &str) -> Vec<String> {
    let query = CollectionQuery { parent: Some(parent.to_owned()), ..CollectionQuery::default() };
    let page = client.collections().list(&query).await.unwrap();
    names(&page.items).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_collection_is_made_and_renamed() {
    let app = TestApp::start().await;
    let (_, ada) = pupil(&app, "ada").await;
    let id = make(&ada, "  Concert  ").await;
    app.app.clock.advance(DAY);
    let renamed = ada.collections().edit(&id, &called("Spring concert")).await.unwrap();

    assert_eq!((renamed.title.as_str(), renamed.r#type), ("Spring concert", CollectionType::Regular));
    assert_eq!((renamed.creation_date, renamed.modification_date), (NOW, Some(NOW + DAY)));
    assert!(renamed.capabilities.can_edit && renamed.capabilities.can_add_scores);
    assert_eq!(ada.collections().get(&id).await.unwrap(), renamed);
    assert_eq!(listed(&ada, "user").await, ["Spring concert"]);
}

#[tokio::test]
async fn a_title_has_1_to_300_printable_characters() {
    let app = TestApp::start().await;
    let (_, ada) = pupil(&app, "ada").await;
    let id = make(&ada, "Concert").await;
    for wrong in ["", "  ", "a\0b", "a\nb", &"x".repeat(301)] {
        let new = CollectionCreation { title: Some(wrong.to_owned()), ..CollectionCreation::default() };
        for refused in
            [ada.collections().create(&new).await, ada.collections().edit(&id, &called(wrong)).await]
        {
            assert_eq!(
                refusal(refused),
                ("INVALID_PARAMETER".to_owned(), Some("title".to_owned())),
                "{wrong:?}"
            );
        }
    }
    let none = ada.collections().create(&CollectionCreation::default()).await;
    assert_eq!(refusal(none).1.as_deref(), Some("title"));
    assert_eq!(listed(&ada, "root").await, ["Concert"]);
}

#[tokio::test]
async fn to_others_a_collection_is_not_there() {
    let app = TestApp::start().await;
    let (owner, ada) = pupil(&app, "ada").await;
    let (_, eve) = pupil(&app, "eve").await;
    let (id, own) = (make(&ada, "Diary").await, public(&app, &owner, "Song").await);
    ada.collections().add_score(&id, &own, None).await.unwrap();
    for client in [&eve, &head(&app).await] {
        let collections = client.collections();
        assert_eq!(code(collections.get(&id).await), "NOT_FOUND");
        assert_eq!(code(collections.edit(&id, &called("Mine")).await), "NOT_FOUND");
        assert_eq!(code(collections.delete(&id).await), "NOT_FOUND");
        assert_eq!(code(collections.untrash(&id).await), "NOT_FOUND");
        assert_eq!(code(collections.scores(&id, &ScoreQuery::default()).await), "NOT_FOUND");
        assert_eq!(code(collections.add_score(&id, &own, None).await), "NOT_FOUND");
        assert_eq!(code(collections.remove_score(&id, &own).await), "NOT_FOUND");
        assert_eq!(listed(client, "user").await, Vec::<String>::new());
    }
    assert_eq!(titles_in(&ada, id.as_str()).await, ["Song"]);
}

#[tokio::test]
async fn collections_are_listed_in_every_order_and_page_by_page() {
    let app = TestApp::start().await;
    let (_, ada) = pupil(&app, "ada").await;
    for title in ["b", "Ä", "c", "a", "d"] {
        make(&ada, title).await;
    }
    for (sort, expected) in [
        (None, ["b", "Ä", "c", "a", "d"]),
        (Some(LibrarySort::CreationDate), ["b", "Ä", "c", "a", "d"]),
        (Some(LibrarySort::ModificationDate), ["b", "Ä", "c", "a", "d"]),
        (Some(LibrarySort::Title), ["Ä", "a", "b", "c", "d"]),
    ] {
        let query = CollectionQuery { sort, limit: Some(2), ..CollectionQuery::default() };
        let first = ada.collections().list(&query).await.unwrap();
        let second = first.next().await.unwrap().unwrap();
        let third = second.next().await.unwrap().unwrap();
        let all = [first.items, second.items.clone(), third.items.clone()].concat();
        assert_eq!(names(&all), expected, "{sort:?}");
        assert!(!third.has_next());
        assert_eq!(third.previous().await.unwrap().unwrap().items, second.items);
        let query = CollectionQuery { sort, direction: Some(Direction::Desc), ..CollectionQuery::default() };
        let turned = ada.collections().list(&query).await.unwrap().items;
        assert_eq!(names(&turned), expected.into_iter().rev().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_page_of_a_list_is_of_100_at_most_and_of_that_list_alone() {
    let app = TestApp::start().await;
    let (_, ada) = pupil(&app, "ada").await;
    let (_, eve) = pupil(&app, "eve").await;
    for client in [&ada, &eve] {
        make(client, "a").await;
        make(client, "b").await;
    }
    let query = CollectionQuery { limit: Some(101), ..CollectionQuery::default() };
    assert_eq!(refusal(ada.collections().list(&query).await).1.as_deref(), Some("limit"));
    let query = CollectionQuery { parent: Some("nobody".into()), ..CollectionQuery::default() };
    assert_eq!(refusal(ada.collections().list(&query).await).1.as_deref(), Some("parent"));
    let query = CollectionQuery { limit: Some(1), ..CollectionQuery::default() };
    let next = ada.collections().list(&query).await.unwrap().next_cursor();
    let stolen = CollectionQuery { next, ..query };
    assert_eq!(code(eve.collections().list(&stolen).await), "INVALID_CURSOR");
}

#[tokio::test]
async fn everybody_has_five_collections_that_stay_as_they_are() {
    let app = TestApp::start().await;
    let (_, ada) = pupil(&app, "ada").await;
    for kind in ["root", "trash", "allScores", "likes", "collaborations"] {
        let id = kind.into();
        let collection = ada.collections().get(&id).await.unwrap();
        assert_eq!((collection.id.as_str(), collection.r#type.as_str()), (kind, kind));
        assert!(!collection.capabilities.can_edit && !collection.capabilities.can_delete);
        assert_eq!(titles_in(&ada, kind).await, Vec::<String>::new());
        assert_eq!(code(ada.collections().edit(&id, &called("Mine")).await), "FORBIDDEN");
        assert_eq!(code(ada.collections().delete(&id).await), "FORBIDDEN");
        assert_eq!(code(ada.collections().untrash(&id).await), "FORBIDDEN");
    }
    for nothing in ["regular", "app", "Root", "sharedWithMe"] {
        assert_eq!(code(ada.collections().get(&nothing.into()).await), "NOT_FOUND");
    }
}

#[tokio::test]
async fn what_everybody_has_holds_what_its_name_says() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let group = app.group(&[&a, &b]).await;
    let [filed, _loose, gone] =
        [private(&app, &a, "filed").await, private(&app, &a, "loose").await, private(&app, &a, "gone").await];
    let [to_me, to_us] = [private(&app, &b, "to me").await, private(&app, &b, "to us").await];
    class(&app, &teacher(&app, "emmy").await.1, &[&a, &b]).await;
    private(&app, &b, "not shared").await;
    trash(&app, &gone).await;
    bea.collaborators(&to_me).add(&with_user(&a)).await.unwrap();
    bea.collaborators(&to_us).add(&with_group(&group)).await.unwrap();
    let made = make(&ada, "Concert").await;
    ada.collections().add_score(&made, &filed, None).await.unwrap();

    assert_eq!(titles_in(&ada, "root").await, ["loose"]);
    assert_eq!(titles_in(&ada, "allScores").await, ["filed", "loose"]);
    assert_eq!(titles_in(&ada, "trash").await, ["gone"]);
    assert_eq!(titles_in(&ada, "collaborations").await, ["to me", "to us"]);
}

#[tokio::test]
async fn scores_are_put_into_a_collection_once_and_taken_out() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let made = make(&ada, "Concert").await;
    let song = private(&app, &a, "Song").await;
    for _ in 0..2 {
        let added = ada.collections().add_score(&made, &song, None).await.unwrap();
        assert_eq!(added.collections, Some(vec![made.clone()]));
    }
    assert_eq!(titles_in(&ada, made.as_str()).await, ["Song"]);
    ada.collections().remove_score(&made, &song).await.unwrap();
    assert_eq!(code(ada.collections().remove_score(&made, &song).await), "NOT_FOUND");
    assert_eq!(titles_in(&ada, made.as_str()).await, Vec::<String>::new());
    assert_eq!(titles_in(&ada, "allScores").await, ["Song"]);
}

#[tokio::test]
async fn the_scores_of_a_collection_are_listed_in_every_order_and_page_by_page() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let made = make(&ada, "Concert").await;
    for title in ["b", "c", "a"] {
        let id = private(&app, &a, title).await;
        ada.collections().add_score(&made, &id, None).await.unwrap();
        ada.collections().add_score(&"likes".into(), &id, None).await.unwrap();
    }
    for collection in [made, "allScores".into(), "likes".into()] {
        for (sort, direction, expected) in [
            (None, Direction::Asc, ["b", "c", "a"]),
            (Some(LibrarySort::Title), Direction::Desc, ["c", "b", "a"]),
            (Some(LibrarySort::ModificationDate), Direction::Asc, ["b", "c", "a"]),
        ] {
            let query =
                ScoreQuery { sort, direction: Some(direction), limit: Some(2), ..ScoreQuery::default() };
            let first = ada.collections().scores(&collection, &query).await.unwrap();
            let second = first.next().await.unwrap().unwrap();
            assert_eq!(titles(&[first.items.clone(), second.items.clone()].concat()), expected);
            assert_eq!(second.previous().await.unwrap().unwrap().items, first.items);
        }
    }
}

#[tokio::test]
async fn somebodys_private_score_comes_into_no_collection() {
    let app = TestApp::start().await;
    let (a, _) = pupil(&app, "ada").await;
    let (_, eve) = pupil(&app, "eve").await;
    let diary = private(&app, &a, "Diary").await;
    let made = make(&eve, "Loot").await;
    for name in [made.as_str(), "likes", "root", "trash", "allScores", "collaborations"] {
        let name = name.into();
        assert_eq!(code(eve.collections().add_score(&name, &diary, None).await), "NOT_FOUND", "{name}");
        assert_eq!(code(eve.collections().remove_score(&name, &diary).await), "NOT_FOUND", "{name}");
    }
    assert_eq!(titles_in(&eve, made.as_str()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_score_that_became_private_or_was_thrown_away_is_in_nobodys_list_meanwhile() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (_, bea) = pupil(&app, "bea").await;
    let song = public(&app, &a, "Song").await;
    let made = make(&bea, "Concert").await;
    for name in [made.as_str(), "likes"] {
        bea.collections().add_score(&name.into(), &song, None).await.unwrap();
    }
    set_privacy(&app, &song, ScorePrivacy::Private).await;
    assert_eq!(titles_in(&bea, made.as_str()).await, Vec::<String>::new());
    assert_eq!(titles_in(&bea, "likes").await, Vec::<String>::new());
    set_privacy(&app, &song, ScorePrivacy::Public).await;
    assert_eq!(titles_in(&bea, made.as_str()).await, ["Song"]);
    trash(&app, &song).await;
    assert_eq!(titles_in(&bea, made.as_str()).await, Vec::<String>::new());
    assert_eq!(code(bea.collections().add_score(&made, &song, None).await), "NOT_FOUND");
    let own = make(&ada, "Own").await;
    assert_eq!(code(ada.collections().add_score(&own, &song, None).await), "FORBIDDEN");
}

#[tokio::test]
async fn a_score_with_a_private_link_is_kept_for_as_long_as_its_key_is_the_same() {
    let app = TestApp::start().await;
    let (a, _) = pupil(&app, "ada").await;
    let (_, bea) = pupil(&app, "bea").await;
    let song = score(&app, &a, "Song", ScorePrivacy::PrivateLink).await;
    let made = make(&bea, "Concert").await;
    assert_eq!(code(bea.collections().add_score(&made, &song, None).await), "NOT_FOUND");
    assert_eq!(code(bea.collections().add_score(&made, &song, Some("a guess")).await), "NOT_FOUND");
    bea.collections().add_score(&made, &song, Some(KEY)).await.unwrap();
    bea.collections().add_score(&"likes".into(), &song, Some(KEY)).await.unwrap();

    assert_eq!(titles_in(&bea, made.as_str()).await, ["Song"]);
    assert_eq!(titles_in(&bea, "likes").await, ["Song"]);
    run(&app, "UPDATE scores SET sharing_key_hash = $1", (&b"another"[..],)).await;
    assert_eq!(titles_in(&bea, made.as_str()).await, Vec::<String>::new());
    assert_eq!(titles_in(&bea, "likes").await, Vec::<String>::new());
}

#[tokio::test]
async fn who_puts_a_score_into_likes_likes_it() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let (likes, song) = ("likes".into(), public(&app, &a, "Song").await);
    ada.collections().add_score(&likes, &song, None).await.unwrap();
    let liked = bea.collections().add_score(&likes, &song, None).await.unwrap();
    bea.collections().add_score(&likes, &song, None).await.unwrap();

    assert_eq!((liked.likes.unwrap().total, liked.me.unwrap().is_liked), (2, true));
    assert_eq!(
        titles(&bea.score_lists().liked_by(&b, &ScoreQuery::default()).await.unwrap().items),
        ["Song"]
    );
    bea.collections().remove_score(&likes, &song).await.unwrap();
    assert_eq!(code(bea.collections().remove_score(&likes, &song).await), "NOT_FOUND");
    let seen = &bea.score_lists().liked_by(&b, &ScoreQuery::default()).await.unwrap().items;
    assert_eq!(titles(seen), Vec::<&str>::new());
    app.admin().users().remove(&a).await.unwrap();
    assert_eq!(code(bea.collections().add_score(&likes, &song, None).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_collection_is_in_the_trash_for_30_days() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (made, song) = (make(&ada, "Concert").await, private(&app, &a, "Song").await);
    ada.collections().add_score(&made, &song, None).await.unwrap();
    ada.collections().delete(&made).await.unwrap();

    assert_eq!((listed(&ada, "user").await.len(), listed(&ada, "trash").await.len()), (0, 1));
    assert_eq!(code(ada.collections().delete(&made).await), "NOT_FOUND");
    assert_eq!(code(ada.collections().edit(&made, &called("x")).await), "NOT_FOUND");
    assert_eq!(code(ada.collections().add_score(&made, &song, None).await), "NOT_FOUND");
    app.app.clock.advance(DAY * 29);
    jobs::keep_up(&app.app).await.unwrap();
    ada.collections().untrash(&made).await.unwrap();
    ada.collections().untrash(&made).await.unwrap();
    assert_eq!(titles_in(&ada, made.as_str()).await, ["Song"]);
    ada.collections().delete(&made).await.unwrap();
    app.app.clock.advance(DAY * 30);
    jobs::keep_up(&app.app).await.unwrap();
    assert_eq!(code(ada.collections().get(&made).await), "NOT_FOUND");
    assert_eq!(app.column("SELECT score_id FROM collection_scores").await, Vec::<String>::new());
    assert_eq!(titles_in(&ada, "root").await, ["Song"]);
}

#[tokio::test]
async fn a_scope_does_what_its_name_says() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (made, song) = (make(&ada, "Concert").await, private(&app, &a, "Song").await);
    let reader = app.client(&app.token(&a, &[Scope::CollectionsReadonly, Scope::ScoresReadonly]).await);
    let adder = app.client(&app.token(&a, &[Scope::CollectionsAddScores]).await);

    assert_eq!(reader.collections().get(&made).await.unwrap().title, "Concert");
    adder.collections().add_score(&made, &song, None).await.unwrap();
    for client in [&reader, &adder] {
        assert_eq!(code(client.collections().edit(&made, &called("x")).await), "INSUFFICIENT_SCOPE");
        assert_eq!(code(client.collections().delete(&made).await), "INSUFFICIENT_SCOPE");
        assert_eq!(code(client.collections().remove_score(&made, &song).await), "INSUFFICIENT_SCOPE");
    }
    assert_eq!(code(reader.collections().add_score(&made, &song, None).await), "INSUFFICIENT_SCOPE");
    assert_eq!(code(adder.collections().get(&made).await), "INSUFFICIENT_SCOPE");
}

#[tokio::test]
async fn a_form_that_an_sdk_sends_is_ignored() {
    let app = TestApp::start().await;
    let (song, token) =
        (private(&app, &app.school.admin, "Song").await, app.token(&app.school.admin, LIBRARY).await);
    let url = format!("{}/v2/collections/likes/scores/{song}", app.url);
    let send = |method: Method, body: &'static str| {
        let request = app.http().request(method, &url).bearer_auth(&token).body(body);
        request.header("content-type", "application/x-www-form-urlencoded").send()
    };
    for body in ["", "a=b"] {
        assert_eq!(send(Method::PUT, body).await.unwrap().status(), 200);
        assert_eq!(send(Method::DELETE, body).await.unwrap().status(), 204);
    }
}

#[tokio::test]
async fn an_app_has_no_collections() {
    let app = TestApp::start().await;
    let (_, as_app) = app.as_app(Role::Admin, LIBRARY).await;
    let song = public(&app, &app.school.admin, "Song").await;
    assert_eq!(code(as_app.collections().list(&CollectionQuery::default()).await), "FORBIDDEN");
    assert_eq!(code(as_app.collections().get(&"allScores".into()).await), "FORBIDDEN");
    assert_eq!(code(as_app.collections().add_score(&"likes".into(), &song, None).await), "FORBIDDEN");
    assert_eq!(code(as_app.score_lists().of_user(&"me".into(), &ScoreQuery::default()).await), "FORBIDDEN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_is_deleted_while_it_is_put_into_collections() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let made = make(&ada, "Concert").await;
    for _ in 0..10 {
        let song = private(&app, &a, "Song").await;
        let adding = (0..8).map(|which| {
            let name = if which % 2 == 0 { made.clone() } else { "likes".into() };
            let (ada, song) = (ada.clone(), song.clone());
            tokio::spawn(async move { ada.collections().add_score(&name, &song, None).await })
        });
        let adding: Vec<_> = adding.collect();
        run(&app, "DELETE FROM scores WHERE id = $1", (&song,)).await;
        for added in adding {
            let added = added.await.unwrap();
            assert!(added.is_ok() || code(added) == "NOT_FOUND");
        }
    }
    assert_eq!(titles_in(&ada, made.as_str()).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_collections_of_who_left_are_erased_piece_by_piece() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let made = [make(&ada, "one").await, make(&ada, "two").await];
    for title in ["x", "y", "z"] {
        let song = private(&app, &a, title).await;
        ada.collections().add_score(&"likes".into(), &song, None).await.unwrap();
        ada.collections().add_score(&made[0], &song, None).await.unwrap();
    }
    let mut counts = Vec::new();
    for _ in 0..5 {
        let mut tx = app.app.db.write().await.unwrap();
        let erased = collections::delete_some_of(&mut tx, &app.school.organization, &a, 2).await.unwrap();
        let unliked = collections::unlike_some_of(&mut tx, &app.school.organization, &a, 2).await.unwrap();
        tx.commit().await.unwrap();
        counts.push((erased, unliked));
    }
    assert_eq!(counts, [(2, 2), (1, 1), (2, 0), (0, 0), (0, 0)]);
}
