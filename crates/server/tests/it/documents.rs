//! Documents: stored once, for as long as somebody uses them. Large bodies, and how many at once.

use std::time::Duration;

use homeroom_client::{Client, Scope, ScoreId};
use homeroom_server::jobs;

use crate::scores::{privacy, singer};
use crate::support::music::{
    FORK, long_musicxml, musician, musicxml, request, revision, score, stranger, text,
};
use crate::support::{DAY, TestApp, code, refusal};

const MIB: usize = 1 << 20;

async fn rows(app: &TestApp) -> (usize, usize) {
    let documents = app.column("SELECT id FROM documents").await.len();
    (documents, app.column("SELECT document_id FROM document_pieces").await.len())
}

#[tokio::test]
async fn the_same_document_is_stored_once_and_goes_with_its_last_use() {
    let app = TestApp::start().await;
    let (_, ada) = singer(&app, "ada").await;
    let (_, bea) = singer(&app, "bea").await;
    let ids = [score(&ada, "Same").await.summary.id, score(&ada, "Same").await.summary.id];
    let theirs = score(&bea, "Same").await.summary.id;
    ada.scores().revise(&ids[0], &revision(musicxml("Same"))).await.unwrap();
    assert_eq!(rows(&app).await, (1, 1));
    assert_eq!(app.column("SELECT CAST(uses AS TEXT) FROM documents").await, ["4"]);

    for id in &ids {
        ada.scores().remove_now(id).await.unwrap();
    }
    assert_eq!(rows(&app).await, (1, 1));
    bea.scores().file(&theirs, &"last".into(), "xml").await.unwrap();
    bea.scores().remove_now(&theirs).await.unwrap();
    assert_eq!(rows(&app).await, (0, 0));
}

#[tokio::test]
async fn another_school_has_documents_of_its_own() {
    let app = TestApp::start().await;
    let other = stranger(&app).await;
    score(&musician(&app).await, "Same").await;
    let theirs = score(&other, "Same").await.summary.id;
    assert_eq!(rows(&app).await, (2, 2));
    other.scores().remove_now(&theirs).await.unwrap();
    assert_eq!(rows(&app).await, (1, 1));
}

#[tokio::test]
async fn a_large_document_is_stored_in_pieces_and_comes_back_whole() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let id = score(&admin, "Small").await.summary.id;
    let file = long_musicxml(1, 7 * MIB).into_bytes();
    admin.scores().upload(&id, file.clone()).await.unwrap();
    assert!(rows(&app).await.1 > 8, "{:?}", rows(&app).await);
    assert!(admin.scores().file(&id, &"last".into(), "xml").await.unwrap() == file);
    admin.scores().upload(&id, file).await.unwrap();
    assert_eq!(rows(&app).await.0, 2);
    assert_eq!(admin.scores().revisions(&id).await.unwrap().len(), 2); // the second upload was the first again
    admin.scores().remove_now(&id).await.unwrap();
    assert_eq!(rows(&app).await, (0, 0));
}

#[tokio::test]
async fn what_was_not_finished_is_deleted_after_an_hour() {
    let app = TestApp::start().await;
    let mut tx = app.app.db.write().await.unwrap();
    for sql in [
        "INSERT INTO documents (organization_id, id, hash, size, stored, uses, created_at)
         SELECT $1, 'unfinished', $2, 5, FALSE, 0, CAST($3 AS BIGINT)",
        "INSERT INTO document_pieces (organization_id, document_id, position, bytes)
         SELECT $1, 'unfinished', 0, $2 WHERE CAST($3 AS BIGINT) > 0",
    ] {
        tx.execute(sql, (&app.school.organization, vec![7_u8; 32], app.app.clock.now())).await.unwrap();
    }
    tx.commit().await.unwrap();
    jobs::keep_up(&app.app).await.unwrap();
    assert_eq!(rows(&app).await, (1, 1));
    app.app.clock.advance(DAY / 24 + Duration::from_secs(1));
    jobs::keep_up(&app.app).await.unwrap();
    assert_eq!(rows(&app).await, (0, 0));
}

#[tokio::test]
async fn a_json_body_has_8_mib_at_most_and_an_upload_50() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let id = score(&admin, "Small").await.summary.id;
    let json = |length: usize| {
        let frame = serde_json::to_string(&text("")).unwrap().len();
        text("<".repeat(length - frame))
    };
    assert_eq!(refusal(admin.scores().create(&json(8 * MIB)).await).1.as_deref(), Some("data"));
    let too_large = admin.scores().create(&json(8 * MIB + 1)).await.unwrap_err();
    assert_eq!(too_large.status().unwrap(), 413);
    assert!(too_large.api().unwrap().message.contains("8 MiB"), "{too_large}");
    let large = admin.scores().upload(&id, vec![b' '; 50 * MIB + 1]).await.unwrap_err();
    assert_eq!(large.status().map(|status| status.as_u16()), Some(413), "{large}");
    let other =
        request(&app, reqwest::Method::POST, "/v2/organizations/users").await.body(vec![b' '; MIB + 1]);
    let other = other.header("content-type", "application/json").send().await.unwrap();
    assert_eq!(other.status(), 413);
}

#[tokio::test]
async fn an_upload_without_a_length_is_counted_as_it_comes() {
    let app = TestApp::start().await;
    let id = score(&musician(&app).await, "Small").await.summary.id;
    let path = format!("/v2/scores/{id}/revisions/upload");
    let chunks = futures_util::stream::iter((0..51).map(|_| Ok::<_, std::io::Error>(vec![b' '; MIB])));
    let sent = request(&app, reqwest::Method::PUT, &path)
        .await
        .body(reqwest::Body::wrap_stream(chunks))
        .send()
        .await;
    assert!(sent.is_err() || sent.unwrap().status() == 413);
    let small = musicxml("Streamed").into_bytes();
    let chunks = futures_util::stream::iter(
        small.chunks(100).map(|c| Ok::<_, std::io::Error>(c.to_vec())).collect::<Vec<_>>(),
    );
    let sent = request(&app, reqwest::Method::PUT, &path)
        .await
        .body(reqwest::Body::wrap_stream(chunks))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 200);
    assert_eq!(musician(&app).await.scores().file(&id, &"last".into(), "xml").await.unwrap(), small);
}

#[tokio::test]
async fn the_fifth_large_body_at_once_waits_and_is_then_told_when_to_come_back() {
    let app = TestApp::start().await;
    let token = app.token(&app.school.admin, Scope::ALL).await;
    let id = score(&musician(&app).await, "Small").await.summary.id;
    let path = format!("/v2/scores/{id}/revisions/upload");
    let silent: Vec<_> = (0..4)
        .map(|_| {
            let body =
                reqwest::Body::wrap_stream(futures_util::stream::pending::<std::io::Result<Vec<u8>>>());
            tokio::spawn(app.http().put(format!("{}{path}", app.url)).bearer_auth(&token).body(body).send())
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let fifth =
        request(&app, reqwest::Method::PUT, &path).await.body(vec![b' '; 2 * MIB]).send().await.unwrap();
    assert_eq!((fifth.status().as_u16(), &fifth.headers()["retry-after"]), (503, &"5".parse().unwrap()));
    musician(&app).await.scores().revise(&id, &revision(musicxml("small ones go on"))).await.unwrap();
    silent.iter().for_each(tokio::task::JoinHandle::abort);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let file = long_musicxml(2, 2 * MIB).into_bytes();
    musician(&app).await.scores().upload(&id, file).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn five_uploads_at_once_are_all_there() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let id = score(&musician(&app).await, "Small").await.summary.id;
    let uploads = (0..5).map(|seed| {
        let (client, id) = (admin.clone(), id.clone());
        async move { client.scores().upload(&id, long_musicxml(seed, 3 * MIB).into_bytes()).await }
    });
    for upload in futures_util::future::join_all(uploads).await {
        upload.unwrap();
    }
    assert_eq!(musician(&app).await.scores().revisions(&id).await.unwrap().len(), 6);
    assert_eq!(rows(&app).await.0, 6);
    musician(&app).await.scores().remove_now(&id).await.unwrap();
    assert_eq!(rows(&app).await, (0, 0));
}

/// Makes a score of the one document and deletes it, again and again.
async fn come_and_go(client: Client, file: String, times: usize) {
    for _ in 0..times {
        let id = client.scores().create(&text(file.clone())).await.unwrap().summary.id;
        assert_eq!(client.scores().file(&id, &"last".into(), "xml").await.unwrap(), file.as_bytes());
        client.scores().remove_now(&id).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_stores_while_another_deletes_it_is_not_lost() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    for file in [musicxml("Raced"), long_musicxml(3, 2 * MIB)] {
        let tasks = (0..6).map(|_| tokio::spawn(come_and_go(admin.clone(), file.clone(), 8)));
        for task in futures_util::future::join_all(tasks).await {
            task.unwrap();
        }
        jobs::keep_up(&app.app).await.unwrap();
        assert_eq!(rows(&app).await, (0, 0));
    }
}

async fn fork(client: Client, id: ScoreId) -> homeroom_client::Result<ScoreId> {
    Ok(client.scores().fork(&id, &FORK).await?.summary.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_that_races_with_a_deletion_is_whole_or_not_there() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let (_, ada) = singer(&app, "ada").await;
    for _ in 0..10 {
        let id = score(&ada, "Raced").await.summary.id;
        ada.scores().edit(&id, &privacy(homeroom_client::ScorePrivacy::Public)).await.unwrap();
        let forks: Vec<_> = (0..4).map(|_| tokio::spawn(fork(admin.clone(), id.clone()))).collect();
        ada.scores().remove_now(&id).await.unwrap();
        for task in forks {
            match task.await.unwrap() {
                Ok(fork) => {
                    let file =
                        musician(&app).await.scores().file(&fork, &"last".into(), "xml").await.unwrap();
                    assert_eq!(file, musicxml("Raced").into_bytes());
                    musician(&app).await.scores().remove_now(&fork).await.unwrap();
                }
                refused => assert_eq!(code(refused), "NOT_FOUND"),
            }
        }
        assert_eq!(rows(&app).await, (0, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_races_with_a_deletion_is_there_or_refused() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    for _ in 0..10 {
        let id = score(&musician(&app).await, "Raced").await.summary.id;
        let revise = |number: usize| {
            let (client, id) = (admin.clone(), id.clone());
            async move { client.scores().revise(&id, &revision(musicxml(&number.to_string()))).await }
        };
        let writes: Vec<_> = (0..4).map(|number| tokio::spawn(revise(number))).collect();
        musician(&app).await.scores().remove_now(&id).await.unwrap();
        for task in writes {
            if let refused @ Err(_) = task.await.unwrap() {
                assert_eq!(code(refused), "NOT_FOUND");
            }
        }
        assert_eq!(rows(&app).await, (0, 0));
    }
}
