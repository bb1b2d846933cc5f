//! The database layer: one text on both engines, and transactions that end well whatever happens in them.

use std::time::Duration;

use homeroom_server::db::{Db, Error, Read as _, Tx};

use crate::support::Database;

async fn fresh() -> (Database, Db) {
    let database = Database::create().await;
    let db = database.open().await;
    (database, db)
}

async fn put(tx: &mut Tx, name: &str) -> Result<u64, Error> {
    let sql = "INSERT INTO settings (name, value) VALUES ($1, $1) ON CONFLICT (name) DO NOTHING";
    tx.execute(sql, (name,)).await
}

async fn names(db: &Db) -> Vec<String> {
    let rows = db.read().await.unwrap().all("SELECT name FROM settings ORDER BY name", ()).await.unwrap();
    rows.into_iter().map(|(name,): (String,)| name).collect()
}

#[tokio::test]
async fn placeholders_are_numbers_not_positions() {
    let (_database, db) = fresh().await;
    let sql = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)";
    let row: (String, String, String) = db.read().await.unwrap().one(sql, ("first", "second")).await.unwrap();
    assert_eq!(row, ("second".to_owned(), "first".to_owned(), "second".to_owned()));
}

#[tokio::test]
async fn a_statement_with_another_number_of_arguments_is_an_error() {
    let (_database, db) = fresh().await;
    let sql = "SELECT name FROM settings WHERE name = $1";
    let mut conn = db.read().await.unwrap();
    assert!(conn.all::<(String,)>(sql, ()).await.is_err());
    assert!(conn.all::<(String,)>(sql, ("a", "b")).await.is_err());
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    let (_database, db) = fresh().await;
    let mut tx = db.write().await.unwrap();
    put(&mut tx, "dropped").await.unwrap();
    drop(tx);
    let mut tx = db.write().await.unwrap();
    put(&mut tx, "kept").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(&db).await, ["kept"]);
}

#[tokio::test]
async fn a_failed_transaction_gives_its_error_and_leaves_nothing() {
    let (_database, db) = fresh().await;
    let mut tx = db.write().await.unwrap();
    put(&mut tx, "half").await.unwrap();
    let result: Result<(), Error> = tx.finish(Err(Error::bug("as planned"))).await;
    assert!(matches!(result, Err(Error::Failed(text)) if text == "as planned"));
    assert!(names(&db).await.is_empty());
}

#[tokio::test]
async fn writers_that_wait_are_committed_together_and_each_alone() {
    let (_database, db) = fresh().await;
    let writers = (0..200).map(|number| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut tx = db.write().await?;
            put(&mut tx, &format!("{number:03}")).await?;
            if number % 3 != 0 {
                tx.commit().await?;
            }
            Ok::<_, Error>(())
        })
    });
    for writer in futures_util::future::join_all(writers).await {
        writer.unwrap().unwrap();
    }
    let expected: Vec<String> =
        (0..200).filter(|number| number % 3 != 0).map(|n| format!("{n:03}")).collect();
    assert_eq!(names(&db).await, expected);
}

#[tokio::test]
async fn a_statement_that_fails_does_not_spoil_the_neighbours() {
    let (_database, db) = fresh().await;
    let bad = async {
        let mut tx = db.write().await.unwrap();
        let failed = tx.execute("INSERT INTO settings (name, value) VALUES ($1, NULL)", ("null",)).await;
        assert!(matches!(failed, Err(Error::Failed(_))), "{failed:?}");
    };
    let good = async {
        let mut tx = db.write().await.unwrap();
        put(&mut tx, "good").await.unwrap();
        tx.commit().await.unwrap();
    };
    tokio::join!(bad, good);
    assert_eq!(names(&db).await, ["good"]);
}

#[tokio::test]
async fn a_transaction_that_says_nothing_is_rolled_back_and_others_go_on() {
    let (database, db) = fresh().await;
    if matches!(database, Database::Postgres(_)) {
        return; // there a silent transaction holds up nobody
    }
    let mut silent = db.write().await.unwrap();
    put(&mut silent, "silent").await.unwrap();
    tokio::time::sleep(Duration::from_millis(2_300)).await;
    let mut tx = db.write().await.unwrap();
    put(&mut tx, "other").await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(silent.commit().await, Err(Error::Unavailable(_))));
    assert_eq!(names(&db).await, ["other"]);
}

#[tokio::test]
async fn a_reader_can_not_write() {
    let (_database, db) = fresh().await;
    let mut conn = db.read().await.unwrap();
    let sql = "INSERT INTO settings (name, value) VALUES ('a', 'b') RETURNING name";
    if db.engine() == homeroom_server::db::Engine::Sqlite {
        assert!(conn.all::<(String,)>(sql, ()).await.is_err());
    }
}

#[tokio::test]
async fn opening_a_database_again_changes_nothing() {
    let (database, db) = fresh().await;
    let mut tx = db.write().await.unwrap();
    put(&mut tx, "kept").await.unwrap();
    tx.commit().await.unwrap();
    let again = database.open().await;
    assert_eq!(names(&again).await, ["kept"]);
    assert_eq!(again.schema().await.unwrap(), db.schema().await.unwrap());
    assert!(again.damage().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_fails_its_transaction_at_the_end_and_no_other() {
    let (_database, db) = fresh().await;
    let bad = async {
        let mut tx = db.write().await.unwrap();
        put(&mut tx, "half").await.unwrap();
        let sql = "INSERT INTO settings (name, value) VALUES ($1, NULL)";
        let told = tx.execute_later(sql, ("null",)).await; // PostgreSQL tells at once
        let result: Result<(), Error> = tx.finish(told).await;
        assert!(matches!(result, Err(Error::Failed(_))), "{result:?}");
    };
    let good = async {
        let mut tx = db.write().await.unwrap();
        tx.execute_later("INSERT INTO settings (name, value) VALUES ($1, $1)", ("good",)).await.unwrap();
        tx.commit().await.unwrap();
    };
    tokio::join!(bad, good);
    assert_eq!(names(&db).await, ["good"]);
}
