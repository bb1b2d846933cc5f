//! Several servers over one database answer as one.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use futures_util::future::{join_all, try_join_all};
use homeroom_client::LicenseMode::{Credit, Site};
use homeroom_client::{InvitationQuery, Role, Scope, UserFilter, UserId, UserQuery, UserSort};
use homeroom_server::{db::Engine, jobs, licenses};

use crate::invitations::invite;
use crate::ranks::{account, to_firstname};
use crate::support::people::{day, usernames};
use crate::support::{DAY, NOW, TestApp, code, named};
use crate::tokens::tokens_of;

async fn two() -> (TestApp, TestApp) {
    let one = TestApp::start().await;
    let other = one.replica().await;
    (one, other)
}

#[tokio::test]
async fn a_write_through_one_is_read_through_the_other_at_once() {
    let (one, other) = two().await;
    for number in 0..20 {
        let (writer, reader) = if number % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let new = account(&format!("pupil{number}"), Role::User);
        let user = writer.admin().users().create(&new).await.unwrap().id;
        assert_eq!(reader.admin().users().get(&user).await.unwrap().username, new.username);
        reader.admin().users().update(&user, &to_firstname("Ada")).await.unwrap();
        let changed = writer.admin().users().get(&user).await.unwrap();
        assert_eq!(changed.firstname.as_deref(), Some("Ada"));
        let count = reader.admin().users().count(&UserFilter::default()).await.unwrap();
        assert_eq!(count, number + 2);
    }
}

#[tokio::test]
async fn a_token_that_one_revokes_writes_nothing_through_the_other_and_reads_nothing_after_a_second() {
    let (one, other) = two().await;
    let (clerk, _) = one.caller("clerk", Role::AccountAdmin, &[]).await;
    let client = other.client(&one.token(&clerk, &[Scope::EduAdminUsers]).await);
    client.users().get(&clerk).await.unwrap(); // looked up, and remembered by the other
    let ids: Vec<_> = tokens_of(&one, &clerk).await.into_iter().map(|token| token.id).collect();
    for id in ids {
        one.admin().users().revoke_access_token(&clerk, &id).await.unwrap();
    }
    let revoked = Instant::now();
    assert_eq!(code(client.users().create(&account("eve", Role::User)).await), "UNAUTHORIZED");
    while let Ok(_read) = client.users().get(&clerk).await {
        assert!(revoked.elapsed() < Duration::from_millis(1_200), "it goes on reading");
    }
}

#[tokio::test]
async fn a_cursor_that_one_made_serves_on_the_other() {
    let (one, other) = two().await;
    for (number, lastname) in ["Ivers", "Adams", "Zola", "Mann", "Babel"].into_iter().enumerate() {
        one.add(&one.school, named(&format!("p{number}"), "", lastname), Role::User).await;
    }
    let first = UserQuery { sort: vec![UserSort::Lastname], limit: Some(1), ..UserQuery::default() };
    let (mut seen, mut next) = (Vec::new(), None);
    for server in [&one, &other].into_iter().cycle() {
        let query = UserQuery { next, ..first.clone() };
        let page = server.admin().users().list(&query).await.unwrap();
        seen.extend(usernames(&page.items));
        next = page.next_cursor();
        if next.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["head", "p1", "p4", "p0", "p3", "p2"]);
}

#[tokio::test]
async fn what_one_encrypted_the_other_reads() {
    let (one, other) = two().await;
    let made = one.admin().invitations().create(&invite("ada@school.example", None)).await.unwrap();
    let listed = other.admin().invitations().list(&InvitationQuery::default()).await.unwrap().items;
    assert!(made.custom_code.is_some());
    assert_eq!(listed[0].custom_code, made.custom_code);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_several_are_at_is_done_once() {
    let (one, other) = two().await;
    let mut removed = Vec::new();
    for number in 0..12 {
        let user = one.user(&format!("pupil{number}"), Role::User).await;
        one.admin().users().remove(&user).await.unwrap();
        removed.push(user.to_string());
    }
    let servers = [&one, &other, &one, &other];
    try_join_all(servers.map(|server| jobs::run_due_erasures(&server.app))).await.unwrap();

    let receipts = "SELECT target FROM audit_events WHERE event = 'user.erased' ORDER BY target";
    assert_eq!(one.column(receipts).await, removed);
    assert!(one.column("SELECT id FROM jobs").await.is_empty());
    assert_eq!(one.column("SELECT id FROM users").await, [one.school.admin.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_is_cleared_away_by_several_at_once() {
    let (one, other) = two().await;
    for number in 0..40 {
        let address = format!("pupil{number}@school.example");
        one.admin().invitations().create(&invite(&address, None)).await.unwrap();
    }
    one.app.clock.advance(DAY * 15);
    let servers = [&one, &other, &one, &other];
    try_join_all(servers.map(|server| jobs::keep_up(&server.app))).await.unwrap();

    let open = "SELECT id FROM invitations WHERE status <> 'expired' OR code IS NOT NULL";
    assert!(one.column(open).await.is_empty());
    assert!(one.column("SELECT event FROM audit_events WHERE event LIKE '%expired'").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn licences_that_several_settle_come_out_right() {
    let (one, other) = two().await;
    let pupil = one.user("pupil", Role::User).await;
    one.license(Credit, (day("01-01"), day("06-30")), &[&pupil]).await;
    let longer = one.license(Site, (day("03-05"), day("12-31")), &[]).await;
    one.app.clock.advance(DAY * 4);
    let servers = [&one, &other, &one, &other];
    try_join_all(servers.map(|server| licenses::settle_due(&server.app))).await.unwrap();

    let license = other.admin().users().get(&pupil).await.unwrap().license.unwrap();
    assert_eq!((license.active, license.expiration_date), (true, day("12-31")));
    let site = "SELECT site_license_id FROM organizations WHERE site_license_id IS NOT NULL";
    assert_eq!(one.column(site).await, [longer.to_string()]);
}

/// Each makes a request of every client through every server.
async fn visit(servers: &[&TestApp], tokens: &[String]) {
    for server in servers {
        for client in tokens.iter().map(|token| server.client(token)) {
            client.me().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn activity_that_several_noted_is_written_by_all_and_the_latest_stays() {
    let (one, other) = two().await;
    let mut people: Vec<(UserId, String)> = Vec::new();
    for number in 0..60 {
        let user = one.user(&format!("pupil{number}"), Role::User).await;
        let token = one.token(&user, &[Scope::AccountPublicProfile]).await;
        people.push((user, token));
    }
    let tokens: Vec<String> = people.iter().map(|(_, token)| token.clone()).collect();
    for round in 1..=5 {
        one.app.clock.advance(Duration::from_secs(60));
        visit(&[&one, &other], &tokens).await;
        let both = [&one, &other].map(|server| server.app.activity.write(&server.app));
        for written in join_all(both).await {
            written.unwrap(); // none waits for the other in a circle
        }
        let expected = NOW + Duration::from_secs(60) * round;
        for (user, _) in &people {
            let seen = other.admin().users().get(user).await.unwrap().last_activity_date;
            assert_eq!(seen, Some(expected));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_activity_does_not_overwrite_a_later_one() {
    let (one, other) = two().await;
    let (ada, early) = one.caller("ada", Role::User, &[Scope::AccountPublicProfile]).await;
    let late = other.client(&one.token(&ada, &[Scope::AccountPublicProfile]).await);
    early.me().await.unwrap();
    one.app.clock.advance(Duration::from_secs(600));
    late.me().await.unwrap();
    other.app.activity.write(&other.app).await.unwrap();
    one.app.activity.write(&one.app).await.unwrap();
    let seen = one.admin().users().get(&ada).await.unwrap().last_activity_date;
    assert_eq!(seen, Some(NOW + Duration::from_secs(600)));
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_several_differ_within_one_millisecond_and_grow_from_one_to_the_next() {
    let mut servers = vec![TestApp::start().await];
    for _ in 0..3 {
        servers.push(servers[0].replica().await);
    }
    let clock = &servers[0].app.clock;
    let (mut all, mut earlier) = (HashSet::new(), String::new());
    for _ in 0..5 {
        clock.advance(Duration::from_millis(1));
        let now = clock.now();
        let ids: Vec<String> =
            (0..10_000).map(|which| servers[which % 4].app.random.id::<String>(now)).collect();
        assert!(
            ids.iter().all(|id| *id > earlier),
            "an id of a later millisecond sorts before an earlier one"
        );
        earlier = ids.iter().max().unwrap().clone();
        all.extend(ids);
    }
    assert_eq!(all.len(), 50_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_remove_each_other_through_two_servers_one_stays() {
    for _ in 0..8 {
        let (one, other) = two().await;
        let (second, _) = one.caller("second", Role::Admin, &[]).await;
        let client = other.client(&one.token(&second, &[Scope::EduAdmin]).await);
        let admin = one.admin();
        let (first, second_id) = (one.school.admin.clone(), second.clone());
        let (left, right) = tokio::join!(async move { admin.users().remove(&second_id).await }, async move {
            client.users().remove(&first).await
        });
        let went_through = usize::from(left.is_ok()) + usize::from(right.is_ok());
        assert_eq!(went_through, 1, "{left:?} {right:?}");
        let admins = "SELECT id FROM users WHERE role = 'admin' AND removed_at IS NULL";
        assert_eq!(one.column(admins).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tasks_share_few_connections() {
    let app = TestApp::start().await;
    if app.app.db.engine() == Engine::Sqlite {
        return; // it has threads, not connections
    }
    let narrow = app.narrow(2).await;
    let tasks = (0..64).map(|number| {
        let admin = narrow.admin();
        tokio::spawn(async move {
            let made = admin.users().create(&account(&format!("pupil{number}"), Role::User)).await?;
            admin.users().list(&UserQuery::default()).await?;
            admin.users().remove(&made.id).await
        })
    });
    for done in join_all(tasks).await {
        done.unwrap().unwrap();
    }
}
