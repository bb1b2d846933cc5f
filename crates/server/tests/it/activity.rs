//! `lastActivityDate`: the last authenticated request, to the minute, written in the background.

use std::time::Duration;

use homeroom_client::{Role, Scope, Timestamp, UserFilter, UserId, UserQuery, UserSort};

use crate::support::people::{set_activity, usernames};
use crate::support::{NOW, TestApp};

const MINUTE: Duration = Duration::from_secs(60);

async fn last_activity(app: &TestApp, user: &UserId) -> Option<Timestamp> {
    app.app.activity.write(&app.app).await.unwrap();
    app.admin().users().get(user).await.unwrap().last_activity_date
}

#[tokio::test]
async fn who_was_never_here_has_no_last_activity() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    app.token(&ada, &[Scope::AccountPublicProfile]).await;
    assert_eq!(last_activity(&app, &ada).await, None);
}

#[tokio::test]
async fn activity_is_noted_to_the_minute() {
    let app = TestApp::start().await;
    let (ada, client) = app.caller("ada", Role::User, &[Scope::AccountPublicProfile]).await;
    for (seconds, minute) in [(59, 0), (30, 1), (31, 2), (3600, 62)] {
        app.app.clock.advance(Duration::from_secs(seconds));
        client.me().await.unwrap();
        assert_eq!(
            last_activity(&app, &ada).await,
            Some(NOW + MINUTE * minute),
            "after {seconds} more seconds"
        );
    }
}

#[tokio::test]
async fn activity_is_the_bearers_and_nobody_elses() {
    let app = TestApp::start().await;
    let (ada, client) = app.caller("ada", Role::User, &[Scope::AccountPublicProfile]).await;
    let bob = app.user("bob", Role::User).await;
    client.me().await.unwrap();
    assert_eq!(last_activity(&app, &ada).await, Some(NOW));
    assert_eq!(last_activity(&app, &bob).await, None);
}

#[tokio::test]
async fn a_request_that_is_refused_is_activity_too() {
    let app = TestApp::start().await;
    let (ada, client) = app.caller("ada", Role::User, &[Scope::AccountPublicProfile]).await;
    assert!(client.users().count(&UserFilter::default()).await.is_err());
    assert_eq!(last_activity(&app, &ada).await, Some(NOW));
}

#[tokio::test]
async fn being_changed_by_an_administrator_is_not_activity() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    let update = homeroom_client::UserAdminUpdate { username: Some("grace".into()), ..Default::default() };
    app.admin().users().update(&ada, &update).await.unwrap();
    assert_eq!(last_activity(&app, &ada).await, None);
}

#[tokio::test]
async fn all_tokens_of_a_user_count() {
    let app = TestApp::start().await;
    let (ada, first) = app.caller("ada", Role::User, &[Scope::AccountPublicProfile]).await;
    let second = app.client(&app.token(&ada, &[Scope::AccountPublicProfile]).await);
    for (minute, client) in [(0, &first), (1, &second), (2, &first)] {
        client.me().await.unwrap();
        assert_eq!(last_activity(&app, &ada).await, Some(NOW + MINUTE * minute));
        app.app.clock.advance(MINUTE);
    }
}

#[tokio::test]
async fn what_is_written_late_does_not_turn_the_date_back() {
    let app = TestApp::start().await;
    let (ada, client) = app.caller("ada", Role::User, &[Scope::AccountPublicProfile]).await;
    client.me().await.unwrap();
    set_activity(&app, &app.school.organization, &ada, NOW + MINUTE).await;
    assert_eq!(last_activity(&app, &ada).await, Some(NOW + MINUTE), "which another replica wrote meanwhile");
}

#[tokio::test]
async fn a_user_who_was_removed_meanwhile_stays_removed() {
    let app = TestApp::start().await;
    let (ada, client) = app.caller("ada", Role::User, &[Scope::AccountPublicProfile]).await;
    client.me().await.unwrap();
    app.admin().users().remove(&ada).await.unwrap();
    app.app.activity.write(&app.app).await.unwrap();
    assert_eq!(
        app.column("SELECT id FROM users WHERE last_activity_at > 0 AND username <> 'head'").await,
        [""; 0]
    );
    assert_eq!(app.admin().users().count(&UserFilter::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn the_list_sorts_by_activity_with_those_who_were_never_here_first() {
    let app = TestApp::start().await;
    for name in ["third", "first", "never", "second"] {
        app.user(name, Role::User).await;
    }
    let users = app.admin().users().list(&UserQuery::default()).await.unwrap().items;
    for name in ["first", "second", "third"] {
        app.app.clock.advance(MINUTE);
        let user = users.iter().find(|user| user.username == name).unwrap();
        app.client(&app.token(&user.id, &[Scope::AccountPublicProfile]).await).me().await.unwrap();
    }
    app.app.activity.write(&app.app).await.unwrap();
    let query = UserQuery { sort: vec![UserSort::LastActivityDate], ..UserQuery::default() };
    let listed = usernames(&app.admin().users().list(&query).await.unwrap().items);
    assert_eq!(listed, ["never", "head", "first", "second", "third"]);
}

#[tokio::test]
async fn the_background_work_makes_it_visible_within_ten_seconds() {
    let app = TestApp::start().await;
    let (ada, client) = app.caller("ada", Role::User, &[Scope::AccountPublicProfile]).await;
    app.app.start();
    client.me().await.unwrap();
    let shown = async {
        while app.admin().users().get(&ada).await.unwrap().last_activity_date.is_none() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), shown).await.expect("ten seconds");
    app.app.stop().await;
}
