//! Scores: who may do what with them, what they say of themselves, the trash and forks.

use homeroom_client::{
    Client, CollaboratorType, Role, Scope, ScoreCreation, ScoreDetails, ScoreId, ScoreModification,
    ScorePrivacy, Update, UserId,
};
use homeroom_server::db::Value;
use homeroom_server::jobs;

use crate::support::music::{FORK, musician, musicxml, request, revision, score, stranger, text};
use crate::support::{DAY, NOW, TestApp, code, refusal};

pub async fn singer(app: &TestApp, name: &str) -> (UserId, Client) {
    app.caller(name, Role::User, &[Scope::Scores]).await
}

pub fn privacy(privacy: ScorePrivacy) -> ScoreModification {
    ScoreModification { privacy: Some(privacy), ..ScoreModification::default() }
}

/// Shares a score as its owner would.
pub async fn share(app: &TestApp, score: &ScoreId, user: &UserId, write: bool, admin: bool) {
    let id: ScoreId = app.app.random.id(NOW);
    let args: Vec<Value> = vec![
        (&app.school.organization).into(),
        score.into(),
        (&id).into(),
        user.into(),
        write.into(),
        admin.into(),
    ];
    let sql = "INSERT INTO score_collaborators (organization_id, score_id, id, user_id, acl_write, acl_admin, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, 0)";
    let mut tx = app.app.db.write().await.unwrap();
    tx.execute(sql, args).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_score_of_musicxml_says_what_the_file_says() {
    let app = TestApp::start().await;
    let (ada, client) = singer(&app, "ada").await;
    let made = score(&client, "Lorelei").await;

    assert_eq!(made.summary.title, "Lorelei");
    assert_eq!(made.composer.as_deref(), Some("Clara Schumann"));
    assert_eq!(made.lyricist.as_deref(), Some("Heinrich Heine"));
    assert_eq!(made.arranger.as_deref(), Some("Ada & Bea"));
    assert_eq!((made.summary.privacy, &made.summary.user.id), (ScorePrivacy::Private, &ada));
    assert_eq!(made.summary.html_url, format!("{}/score/{}", app.url, made.summary.id));
    assert_eq!(made.collaborators[0].rights.collaborator_type, Some(CollaboratorType::Owner));
    assert!(made.rights.unwrap().acl_admin);
    assert_eq!(client.scores().get(&made.summary.id).await.unwrap(), made);
}

#[tokio::test]
async fn the_title_is_that_of_the_request_else_of_the_file_else_its_name() {
    let app = TestApp::start().await;
    let plain = "<score-partwise><part/></score-partwise>";
    let movement = "<score-partwise><movement-title> Second\n movement </movement-title></score-partwise>";
    let credit = "<score-timewise><credit><credit-type>composer</credit-type><credit-words>Bach</credit-words></credit>
        <credit><credit-type>title</credit-type><credit-words>Fugue</credit-words></credit></score-timewise>";
    let titled = ScoreCreation { title: Some(" Mine ".into()), ..text(musicxml("Theirs")) };
    let named = ScoreCreation { filename: Some("C:\\a\\Song.v2.musicxml".into()), ..text(plain) };
    for (new, title) in [
        (titled, "Mine"),
        (text(movement), "Second movement"),
        (text(credit), "Fugue"),
        (named, "Song.v2"),
        (text(plain), "Untitled score"),
        (text(musicxml(&"x".repeat(5000))), &"x".repeat(300)),
    ] {
        assert_eq!(musician(&app).await.scores().create(&new).await.unwrap().summary.title, title);
    }
}

#[tokio::test]
async fn who_may_not_read_a_score_is_told_that_it_is_not_there() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let (_, bea) = singer(&app, "bea").await;
    let id = score(&ada, "Secret").await.summary.id;
    let change = ScoreModification { title: Some("Mine".into()), ..Default::default() };
    for other in [&bea, &musician(&app).await] {
        let scores = other.scores();
        assert_eq!(code(scores.get(&id).await), "NOT_FOUND");
        assert_eq!(code(scores.edit(&id, &change).await), "NOT_FOUND");
        assert_eq!(code(scores.remove(&id).await), "NOT_FOUND");
        assert_eq!(code(scores.remove_now(&id).await), "NOT_FOUND");
        assert_eq!(code(scores.restore(&id).await), "NOT_FOUND");
        assert_eq!(code(scores.fork(&id, &FORK).await), "NOT_FOUND");
        assert_eq!(code(scores.revisions(&id).await), "NOT_FOUND");
        assert_eq!(code(scores.revise(&id, &revision(musicxml("x"))).await), "NOT_FOUND");
        assert_eq!(code(scores.upload(&id, musicxml("x").into_bytes()).await), "NOT_FOUND");
        assert_eq!(code(scores.file(&id, &"last".into(), "xml").await), "NOT_FOUND");
        assert_eq!(code(scores.file(&id, &"last".into(), "mp3").await), "NOT_FOUND");
    }
}

#[tokio::test]
async fn what_is_open_to_the_school_is_read_by_it_and_not_by_another() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let (_, bea) = singer(&app, "bea").await;
    let other = stranger(&app).await;
    let id = score(&ada, "Open").await.summary.id;
    for kind in [ScorePrivacy::Public, ScorePrivacy::OrganizationPublic] {
        ada.scores().edit(&id, &privacy(kind)).await.unwrap();
        let rights = bea.scores().get(&id).await.unwrap().rights.unwrap();
        assert!(rights.acl_read && !rights.acl_write && !rights.is_collaborator);
        assert_eq!(code(other.scores().get(&id).await), "NOT_FOUND");
    }
    let change = ScoreModification { title: Some("Mine".into()), ..Default::default() };
    assert_eq!(code(bea.scores().edit(&id, &change).await), "FORBIDDEN");
    assert_eq!(code(bea.scores().remove(&id).await), "FORBIDDEN");
    assert_eq!(code(bea.scores().revise(&id, &revision(musicxml("x"))).await), "FORBIDDEN");
    assert_eq!(code(bea.scores().upload(&id, musicxml("x").into_bytes()).await), "FORBIDDEN");
    ada.scores().edit(&id, &privacy(ScorePrivacy::Private)).await.unwrap();
    assert_eq!(code(bea.scores().get(&id).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_private_link_opens_with_its_key_alone() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let (_, bea) = singer(&app, "bea").await;
    let id = score(&ada, "Linked").await.summary.id;
    let key = ada
        .scores()
        .edit(&id, &privacy(ScorePrivacy::PrivateLink))
        .await
        .unwrap()
        .summary
        .sharing_key
        .unwrap();
    assert_eq!(key.len(), 128);

    for wrong in [None, Some(&key[1..]), Some("")] {
        let scores = bea.scores();
        let scores = wrong.map_or(scores, |wrong| scores.with_sharing_key(wrong));
        assert_eq!(code(scores.get(&id).await), "NOT_FOUND");
    }
    let seen = bea.scores().with_sharing_key(&key).get(&id).await.unwrap();
    assert_eq!(seen.summary.sharing_key, None);
    bea.scores().with_sharing_key(&key).file(&id, &"last".into(), "xml").await.unwrap();
    bea.scores().with_sharing_key(&key).fork(&id, &FORK).await.unwrap();
    assert!(app.tables_that_hold(&key).await.is_empty());

    ada.scores().edit(&id, &privacy(ScorePrivacy::Private)).await.unwrap();
    assert_eq!(code(bea.scores().with_sharing_key(&key).get(&id).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_sharing_key_of_ones_own_is_128_hexadecimal_digits_of_a_private_link() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let id = score(&admin, "Linked").await.summary.id;
    let link =
        |key: &str| ScoreModification { sharing_key: Some(key.into()), ..privacy(ScorePrivacy::PrivateLink) };
    let key = "0123456789abcdef".repeat(8);
    for wrong in ["", "abc", &"A".repeat(128), &"é".repeat(64)] {
        let refused = refusal(admin.scores().edit(&id, &link(wrong)).await);
        assert_eq!(refused, ("INVALID_PARAMETER".into(), Some("sharingKey".into())), "{wrong}");
    }
    let made = admin.scores().edit(&id, &link(&key)).await.unwrap();
    assert_eq!(made.summary.sharing_key.as_deref(), Some(&*key));
    let other_mode = ScoreModification { sharing_key: Some(key), ..privacy(ScorePrivacy::Public) };
    assert_eq!(refusal(admin.scores().edit(&id, &other_mode).await).1.as_deref(), Some("sharingKey"));
}

#[tokio::test]
async fn who_has_a_score_shared_with_them_does_what_that_allows() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let id = score(&ada, "Ours").await.summary.id;
    let title = ScoreModification { title: Some("Theirs".into()), ..Default::default() };
    for (name, write, admin) in [("reader", false, false), ("writer", true, false), ("keeper", true, true)] {
        let (user, client) = singer(&app, name).await;
        share(&app, &id, &user, write, admin).await;
        client.scores().get(&id).await.unwrap();
        assert_eq!(client.scores().edit(&id, &title).await.is_ok(), write, "{name}");
        assert_eq!(client.scores().revise(&id, &revision(musicxml(name))).await.is_ok(), write, "{name}");
        assert_eq!(client.scores().edit(&id, &privacy(ScorePrivacy::Public)).await.is_ok(), admin, "{name}");
        ada.scores().edit(&id, &privacy(ScorePrivacy::Private)).await.unwrap();
        assert_eq!(client.scores().remove_now(&id).await.is_ok(), admin, "{name}");
    }
    assert_eq!(code(ada.scores().get(&id).await), "NOT_FOUND");
}

#[tokio::test]
async fn who_deletes_what_is_only_shared_with_them_gives_it_back() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let (bea, client) = singer(&app, "bea").await;
    let id = score(&ada, "Ours").await.summary.id;
    share(&app, &id, &bea, true, false).await;
    client.scores().remove(&id).await.unwrap();
    assert_eq!(code(client.scores().get(&id).await), "NOT_FOUND");
    assert!(ada.scores().get(&id).await.unwrap().scheduled_deletion_date.is_none());
}

#[tokio::test]
async fn what_is_shared_with_a_group_is_shared_with_its_members() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let (bea, client) = singer(&app, "bea").await;
    let id = score(&ada, "Ours").await.summary.id;
    let group = app.group(&[&bea]).await;
    let args: Vec<Value> = vec![(&app.school.organization).into(), (&id).into(), (&group).into()];
    let sql = "INSERT INTO score_collaborators (organization_id, score_id, id, group_id, acl_write, acl_admin, created_at)
               VALUES ($1, $2, $3, $3, TRUE, FALSE, 0)";
    let mut tx = app.app.db.write().await.unwrap();
    tx.execute(sql, args).await.unwrap();
    tx.commit().await.unwrap();
    let rights = client.scores().get(&id).await.unwrap().rights.unwrap();
    assert!(rights.acl_write && !rights.acl_admin);
    assert_eq!(rights.collaborator_type, Some(CollaboratorType::Group));
}

#[tokio::test]
async fn an_edit_changes_what_came_and_null_clears() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let id = score(&admin, "Before").await.summary.id;
    app.app.clock.advance(DAY);
    let change = ScoreModification {
        subtitle: Update::Set("in two lines".into()),
        description: Update::Set("one\ntwo".into()),
        tags: Some(vec!["choir".into(), "7b".into()]),
        ..ScoreModification::default()
    };
    let changed = admin.scores().edit(&id, &change).await.unwrap();
    assert_eq!(
        (changed.summary.title.as_str(), changed.subtitle.as_deref()),
        ("Before", Some("in two lines"))
    );
    assert_eq!((changed.description.as_deref(), changed.tags.len()), (Some("one\ntwo"), 2));
    assert_eq!(changed.composer.as_deref(), Some("Clara Schumann"));
    assert_eq!(changed.modification_date, Some(NOW + DAY));
    let clear = ScoreModification { composer: Update::Clear, subtitle: Update::Clear, ..Default::default() };
    let cleared = admin.scores().edit(&id, &clear).await.unwrap();
    assert_eq!((cleared.composer, cleared.subtitle), (None, None));
}

#[tokio::test]
async fn a_wrong_field_is_named_and_nothing_is_changed() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let made = score(&admin, "Before").await;
    for (field, value) in [
        ("title", serde_json::json!("")),
        ("title", serde_json::json!(null)),
        ("title", serde_json::json!("x".repeat(301))),
        ("title", serde_json::json!("a\u{0}b")),
        ("subtitle", serde_json::json!("a\nb")),
        ("description", serde_json::json!("x".repeat(2001))),
        ("tags", serde_json::json!(["a b"])),
        ("tags", serde_json::json!(vec!["a"; 31])),
        ("privacy", serde_json::json!("secret")),
        ("license", serde_json::json!("mit")),
    ] {
        let path = format!("/v2/scores/{}", made.summary.id);
        let body = serde_json::json!({ "composer": "Eve", field: value });
        let answer = request(&app, reqwest::Method::PUT, &path).await.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{field}: {value}");
        let error: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(error["param"], field, "{error}");
    }
    assert_eq!(admin.scores().get(&made.summary.id).await.unwrap(), made);
}

#[tokio::test]
async fn the_trash_keeps_a_score_for_thirty_days_and_then_it_is_gone() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let (_, bea) = singer(&app, "bea").await;
    let id = score(&ada, "Trash").await.summary.id;
    ada.scores().edit(&id, &privacy(ScorePrivacy::Public)).await.unwrap();
    ada.scores().remove(&id).await.unwrap();
    assert_eq!(ada.scores().get(&id).await.unwrap().scheduled_deletion_date, Some(NOW + DAY * 30));
    assert_eq!(code(bea.scores().get(&id).await), "NOT_FOUND");
    ada.scores().restore(&id).await.unwrap();
    bea.scores().get(&id).await.unwrap();

    ada.scores().remove(&id).await.unwrap();
    app.app.clock.advance(DAY * 30 - DAY / 24);
    jobs::keep_up(&app.app).await.unwrap();
    ada.scores().get(&id).await.unwrap();
    app.app.clock.advance(DAY / 24);
    jobs::keep_up(&app.app).await.unwrap();
    assert_eq!(code(ada.scores().get(&id).await), "NOT_FOUND");
    for table in ["SELECT id FROM scores", "SELECT id FROM score_revisions", "SELECT id FROM documents"] {
        assert!(app.column(table).await.is_empty(), "{table}");
    }
}

#[tokio::test]
async fn a_fork_is_its_makers_and_outlives_the_original() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let (bea, client) = singer(&app, "bea").await;
    let id = score(&ada, "Lorelei").await.summary.id;
    ada.scores().revise(&id, &revision(musicxml("Newest"))).await.unwrap();
    ada.scores().edit(&id, &privacy(ScorePrivacy::Public)).await.unwrap();
    let fork = client.scores().fork(&id, &FORK).await.unwrap();
    let same = homeroom_client::ScoreFork { keep_original_title: Some(true), ..FORK };
    assert_eq!(client.scores().fork(&id, &same).await.unwrap().summary.title, "Lorelei");
    assert_eq!((fork.summary.title.as_str(), &fork.summary.user.id), ("Lorelei (copy)", &bea));
    assert_eq!((fork.summary.privacy, fork.parent_score.as_ref()), (ScorePrivacy::Private, Some(&id)));

    ada.scores().remove_now(&id).await.unwrap();
    let file = client.scores().file(&fork.summary.id, &"last".into(), "xml").await.unwrap();
    assert_eq!(file, musicxml("Newest").into_bytes());
    assert_eq!(client.scores().revisions(&fork.summary.id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_score_goes_into_a_collection_of_ones_own_alone() {
    let app = TestApp::start().await;
    let (ada, client) = singer(&app, "ada").await;
    let collection = collection(&app, &ada).await;
    let into = |id: &str| ScoreCreation { collection: Some(id.into()), ..text(musicxml("x")) };
    let made = client.scores().create(&into(collection.as_str())).await.unwrap();
    assert_eq!(app.column("SELECT score_id FROM collection_scores").await, [made.summary.id.to_string()]);
    for (who, id) in [(&musician(&app).await, collection.as_str()), (&client, "0123456789abcdef01234567")] {
        let refused = refusal(who.scores().create(&into(id)).await);
        assert_eq!(refused, ("INVALID_PARAMETER".into(), Some("collection".into())), "{id}");
    }
    assert_eq!(app.column("SELECT id FROM scores").await.len(), 1);
}

#[tokio::test]
async fn a_new_score_in_root_is_anywhere_and_a_full_collection_takes_none() {
    let app = TestApp::start().await;
    let (ada, client) = singer(&app, "ada").await;
    let collection = collection(&app, &ada).await;
    let into = |id: &str| ScoreCreation { collection: Some(id.into()), ..text(musicxml("x")) };
    for everybodys in ["root", "allScores"] {
        client.scores().create(&into(everybodys)).await.unwrap();
    }
    assert_eq!(app.column("SELECT score_id FROM collection_scores").await, [""; 0]);
    fill(&app).await;
    let before = app.column("SELECT id FROM scores").await.len();
    for full in [collection.as_str(), "trash"] {
        let refused = refusal(client.scores().create(&into(full)).await);
        assert_eq!(refused, ("FORBIDDEN".into(), Some("collection".into())));
    }
    assert_eq!(app.column("SELECT id FROM scores").await.len(), before);
}

/// Copies a score until the collection has as many as there can be.
async fn fill(app: &TestApp) {
    let columns =
        "user_id, title, title_key, subtitle, composer, lyricist, arranger, description, tags, creation_type,
                   license, license_text, privacy, created_at, modified_at, trashed_at, delete_at";
    app.sql(format!(
        "INSERT INTO scores (organization_id, id, {columns})
         WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 5000)
         SELECT organization_id, 'copy' || number, {columns} FROM numbers
         CROSS JOIN (SELECT * FROM scores ORDER BY id LIMIT 1) one"
    ))
    .await;
    app.sql(
        "INSERT INTO collection_scores (organization_id, collection_id, score_id, created_at)
         SELECT s.organization_id, c.id, s.id, 0 FROM collections c CROSS JOIN scores s WHERE s.id LIKE 'copy%'"
            .to_owned(),
    )
    .await;
}

async fn collection(app: &TestApp, user: &UserId) -> homeroom_client::CollectionId {
    let id: homeroom_client::CollectionId = app.app.random.id(NOW);
    let sql = "INSERT INTO collections (organization_id, id, user_id, title, title_key, created_at, modified_at,
                                        trashed_at, delete_at) VALUES ($1, $2, $3, 'Songs', 'songs', 0, 0, 0, 0)";
    let mut tx = app.app.db.write().await.unwrap();
    tx.execute(sql, (&app.school.organization, &id, user)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn what_is_not_implemented_says_so() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let id = score(&admin, "Plain").await.summary.id;
    for format in ["mp3", "wav", "pdf", "json", "thumbnail.png"] {
        assert_eq!(code(admin.scores().file(&id, &"last".into(), format).await), "NOT_IMPLEMENTED");
    }
    let builder = ScoreCreation { builder_data: Some(serde_json::json!({})), ..ScoreCreation::default() };
    let drive =
        ScoreCreation { source: Some(serde_json::json!({ "googleDrive": "x" })), ..ScoreCreation::default() };
    for new in [builder, drive] {
        assert_eq!(code(admin.scores().create(&new).await), "NOT_IMPLEMENTED");
    }
    for (path, status) in [
        (format!("/v2/scores/{id}/tracks"), 501),
        ("/v2/omr/jobs".into(), 501),
        ("/v2/eduResources".into(), 501),
    ] {
        let answer = request(&app, reqwest::Method::GET, &path).await.send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
}

#[tokio::test]
async fn the_scores_of_who_was_removed_are_not_found() {
    let app = TestApp::start().await;
    let (ada, client) = singer(&app, "ada").await;
    let id = score(&client, "Open").await.summary.id;
    client.scores().edit(&id, &privacy(ScorePrivacy::Public)).await.unwrap();
    musician(&app).await.scores().get(&id).await.unwrap();
    app.admin().users().remove(&ada).await.unwrap();
    assert_eq!(code(musician(&app).await.scores().get(&id).await), "NOT_FOUND");
}

/// Every statement of scores, for the test that looks at plans.
pub async fn do_everything(app: &TestApp) {
    let admin = musician(app).await;
    let made: ScoreDetails = score(&admin, "One").await;
    let id = made.summary.id;
    admin.scores().edit(&id, &privacy(ScorePrivacy::Public)).await.unwrap();
    let written = admin.scores().revise(&id, &revision(musicxml("Two"))).await.unwrap();
    let large = crate::support::music::long_musicxml(1, 3 << 20);
    admin.scores().upload(&id, large.into_bytes()).await.unwrap();
    admin.scores().revisions(&id).await.unwrap();
    admin.scores().revision(&id, &written.id).await.unwrap();
    admin.scores().file(&id, &written.id, "xml").await.unwrap();
    let (reader, client) = singer(app, "reader").await;
    client.scores().get(&id).await.unwrap();
    share(app, &id, &reader, false, false).await;
    client.scores().fork(&id, &FORK).await.unwrap();
    client.scores().remove(&id).await.unwrap();
    admin.scores().edit(&id, &privacy(ScorePrivacy::Private)).await.unwrap();
    assert_eq!(code(client.scores().get(&id).await), "NOT_FOUND");
    admin.scores().remove(&id).await.unwrap();
    admin.scores().restore(&id).await.unwrap();
    admin.scores().remove_now(&id).await.unwrap();
    score(&admin, "Kept").await;
}
