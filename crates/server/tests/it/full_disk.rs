//! A full disk, as SQLite tells it: `PRAGMA max_page_count` gives the same error in the same places.

use homeroom_server::db::{Db, Engine, Error, Read as _};

use crate::support::Database;

/// Runs on the writer's own connection, whose limit it sets.
async fn limit(db: &Db, sql: &'static str) {
    let mut tx = db.write().await.unwrap();
    tx.all::<(i64,)>(sql, ()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Many pages, or one row in a page that is there.
async fn put(db: &Db, name: &str, bytes: usize) -> Result<(), Error> {
    let mut tx = db.write().await?;
    let put =
        tx.execute("INSERT INTO settings (name, value) VALUES ($1, $2)", (name, "x".repeat(bytes))).await;
    tx.finish(put.map(drop)).await
}

async fn names(db: &Db) -> Vec<String> {
    let rows = db.read().await.unwrap().all("SELECT name FROM settings ORDER BY name", ()).await.unwrap();
    rows.into_iter().map(|(name,): (String,)| name).collect()
}

/// Writers that wait in line together, every third of them with too much.
async fn crowd(db: &Db) -> Vec<(String, Result<(), Error>)> {
    let first = db.write().await.unwrap(); // the others gather behind it
    let writers: Vec<_> = (0..30)
        .map(|number| {
            let (db, name) = (db.clone(), format!("{number:02}"));
            let bytes = if number % 3 == 2 { 1_000_000 } else { 10 };
            tokio::spawn(async move { (name.clone(), put(&db, &name, bytes).await) })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    first.commit().await.unwrap();
    let mut ends = Vec::new();
    for writer in writers {
        ends.push(writer.await.unwrap());
    }
    ends
}

#[tokio::test]
async fn on_a_full_disk_neighbours_in_a_group_commit_are_neither_lost_nor_half_done() {
    let database = Database::create().await;
    let db = database.open().await;
    if db.engine() != Engine::Sqlite {
        return;
    }
    limit(&db, "PRAGMA max_page_count = 1").await; // as many as there are
    let ends = crowd(&db).await;
    let done: Vec<String> =
        ends.iter().filter(|(_, end)| end.is_ok()).map(|(name, _)| name.clone()).collect();
    assert_eq!(names(&db).await, done, "what was acknowledged, and nothing else");
    let refused: Vec<&Error> = ends.iter().filter_map(|(_, end)| end.as_ref().err()).collect();
    assert!(refused.len() >= 10 && refused.iter().all(|e| matches!(e, Error::Unavailable(_))), "{refused:?}");
    limit(&db, "PRAGMA max_page_count = 1000000").await;
    assert!(crowd(&db).await.iter().all(|(name, end)| end.is_ok() || done.contains(name)));
    assert_eq!(names(&db).await.len(), 30);
    assert_eq!(db.damage().await.unwrap(), Vec::<String>::new());
}
