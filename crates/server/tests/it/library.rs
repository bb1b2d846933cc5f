//! People with scores, for the tests of what becomes of them.

use homeroom_client::{
    ClassCreation, Client, GroupId, ResourceCollaboratorCreation, Role, Scope, ScoreDetails, ScoreId,
    ScorePrivacy, ScoreQuery, UserId,
};
use homeroom_server::crypto::TokenHash;
use homeroom_server::groups;

use crate::support::TestApp;

/// What somebody needs who works with scores.
pub const LIBRARY: &[Scope] = &[
    Scope::Scores,
    Scope::ScoresReadonly,
    Scope::Collections,
    Scope::EduClasses,
    Scope::AccountPublicProfile,
];

/// The key of every score that is open by a private link.
pub const KEY: &str = "a key that nobody guesses";

pub async fn pupil(app: &TestApp, username: &str) -> (UserId, Client) {
    app.caller(username, Role::User, LIBRARY).await
}

pub async fn teacher(app: &TestApp, username: &str) -> (UserId, Client) {
    app.caller(username, Role::Teacher, LIBRARY).await
}

/// The admin, with every scope.
pub async fn head(app: &TestApp) -> Client {
    app.client(&app.token(&app.school.admin, Scope::ALL).await)
}

/// A score without a revision.
pub async fn score(app: &TestApp, owner: &UserId, title: &str, privacy: ScorePrivacy) -> ScoreId {
    let now = app.app.clock.now();
    let id: ScoreId = app.app.random.id(now);
    let key = (privacy == ScorePrivacy::PrivateLink).then(|| TokenHash::of(KEY).to_vec());
    let mut tx = app.app.db.write().await.unwrap();
    tx.execute(
        "INSERT INTO scores (organization_id, id, user_id, title, title_key, subtitle, composer, lyricist, arranger,
                             description, tags, creation_type, license, license_text, privacy, sharing_key_hash,
                             created_at, modified_at, trashed_at, delete_at)
         VALUES ($1, $2, $3, $4, $4, '', '', '', '', '', '', '', '', '', $5, $6, $7, $7, 0, 0)",
        (&app.school.organization, &id, owner, title, privacy, key, now),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn private(app: &TestApp, owner: &UserId, title: &str) -> ScoreId {
    score(app, owner, title, ScorePrivacy::Private).await
}

pub async fn public(app: &TestApp, owner: &UserId, title: &str) -> ScoreId {
    score(app, owner, title, ScorePrivacy::OrganizationPublic).await
}

/// As if the owner had set it.
pub async fn set_privacy(app: &TestApp, score: &ScoreId, privacy: ScorePrivacy) {
    let sql = "UPDATE scores SET privacy = $2 WHERE id = $1";
    run(app, sql, (score, privacy)).await;
}

/// As if the owner had put it into the trash.
pub async fn trash(app: &TestApp, score: &ScoreId) {
    run(app, "UPDATE scores SET trashed_at = 1 WHERE id = $1", (score,)).await;
}

pub async fn run(app: &TestApp, sql: &'static str, args: impl homeroom_server::db::Args) {
    let mut tx = app.app.db.write().await.unwrap();
    tx.execute(sql, args).await.unwrap();
    tx.commit().await.unwrap();
}

/// A class of a teacher with these students: the group of the students.
pub async fn class(app: &TestApp, teacher: &Client, students: &[&UserId]) -> GroupId {
    let new = ClassCreation { name: "Choir 7b".to_owned(), ..ClassCreation::default() };
    let made = teacher.classes().create(&new).await.unwrap();
    let group = made.students_group.unwrap().id;
    let mut tx = app.app.db.write().await.unwrap();
    for student in students {
        groups::add_user(&mut tx, &app.school.organization, &group, student).await.unwrap();
    }
    tx.commit().await.unwrap();
    group
}

pub fn with_user(user: &UserId) -> ResourceCollaboratorCreation {
    ResourceCollaboratorCreation { user: Some(user.clone()), ..Default::default() }
}

pub fn with_group(group: &GroupId) -> ResourceCollaboratorCreation {
    ResourceCollaboratorCreation { group: Some(group.clone()), ..Default::default() }
}

pub fn titles(scores: &[ScoreDetails]) -> Vec<&str> {
    scores.iter().map(|score| score.summary.title.as_str()).collect()
}

/// The titles of a collection, whose count says the same.
pub async fn titles_in(client: &Client, collection: &str) -> Vec<String> {
    let collection = collection.into();
    let listed = client.collections().scores(&collection, &ScoreQuery::default()).await.unwrap().items;
    let counted = client.collections().get(&collection).await.unwrap().contents.scores_count;
    assert_eq!(listed.len() as u64, counted, "{collection}");
    titles(&listed).into_iter().map(str::to_owned).collect()
}
