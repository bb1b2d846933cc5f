//! Ways to a PostgreSQL server: over TLS to one that is known, over a socket of this machine.
//!
//! They need what `cargo xtask test` sets up; elsewhere there is nothing to test.

use std::path::PathBuf;
use std::process::Command;

use homeroom_server::db::{Db, Error, Read as _};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::Database;

/// A database, the port of its server, and the folder of the server's authority and socket.
struct Place {
    name: String,
    port: String,
    folder: PathBuf,
    _database: Database,
}

impl Place {
    async fn new() -> Option<Self> {
        let folder = std::env::var_os("HOMEROOM_TEST_POSTGRES_FOLDER")?.into();
        let database = Database::create().await;
        let url = database.url();
        let (server, name) = url.rsplit_once('/').unwrap();
        let port = server.rsplit_once(':').unwrap().1.to_owned();
        let name = name.to_owned();
        Some(Self { name, port, folder, _database: database })
    }

    fn url(&self, host: &str, query: &str) -> String {
        format!("postgres://postgres@{host}:{}/{}?{query}", self.port, self.name)
    }

    fn verified(&self, authority: &std::path::Path) -> String {
        format!("sslmode=verify-full&sslrootcert={}", authority.display())
    }
}

async fn open(url: &str) -> Result<Db, Error> {
    Db::open(&url.parse().unwrap()).await
}

/// Whether what goes to the server and back is encrypted.
async fn is_encrypted(url: &str) -> bool {
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let (encrypted,) = open(url).await.unwrap().read().await.unwrap().one(sql, ()).await.unwrap();
    encrypted
}

async fn refusal(url: &str) -> String {
    open(url).await.err().expect("it should have been refused").to_string()
}

/// The certificate of an authority that signed nothing.
fn strangers() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Strangers -keyout key.pem -out ca.pem";
    let mut openssl = Command::new("openssl");
    openssl.args(words.split(' ')).current_dir(folder.path());
    assert!(openssl.output().unwrap().status.success());
    let file = folder.path().join("ca.pem");
    (folder, file)
}

#[tokio::test]
async fn a_connection_is_encrypted_where_it_must_and_where_it_can_be() {
    let Some(place) = Place::new().await else { return };
    for (query, encrypted) in
        [("sslmode=require", true), ("sslmode=prefer", true), ("", true), ("sslmode=disable", false)]
    {
        assert_eq!(is_encrypted(&place.url("127.0.0.1", query)).await, encrypted, "{query}");
    }
}

#[tokio::test]
async fn a_server_is_believed_whose_name_an_authority_vouches_for() {
    let Some(place) = Place::new().await else { return };
    let query = place.verified(&place.folder.join("ca.pem"));
    assert!(is_encrypted(&place.url("localhost", &query)).await);
}

#[tokio::test]
async fn a_server_that_another_authority_vouches_for_is_refused() {
    let Some(place) = Place::new().await else { return };
    let (_folder, authority) = strangers();
    let refused = refusal(&place.url("localhost", &place.verified(&authority))).await;
    assert!(refused.contains("certificate") && refused.contains("sslrootcert"), "{refused}");
    // Those that the system trusts did not sign it either.
    let refused = refusal(&place.url("localhost", "sslmode=verify-full")).await;
    assert!(refused.contains("certificate") && refused.contains("sslrootcert"), "{refused}");
}

#[tokio::test]
async fn a_server_of_another_name_is_refused_with_both_names() {
    let Some(place) = Place::new().await else { return };
    let query = place.verified(&place.folder.join("ca.pem"));
    let refused = refusal(&place.url("127.0.0.1", &query)).await;
    assert!(refused.contains("127.0.0.1") && refused.contains("localhost"), "{refused}");
}

#[tokio::test]
async fn a_file_of_authorities_that_is_missing_or_empty_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let url = format!("postgres://postgres@127.0.0.1:1/x?sslmode=verify-full&sslrootcert={}", file.display());
    let missing = refusal(&url).await;
    assert!(missing.contains("sslrootcert") && missing.contains("ca.pem"), "{missing}");
    std::fs::write(&file, "").unwrap();
    let empty = refusal(&url).await;
    assert!(empty.contains("no certificate in it"), "{empty}");
}

/// A server that has no TLS: it answers `N` to the request for it (PostgreSQL manual, §55.2.10).
async fn plain() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 8];
            stream.read_exact(&mut request).await.unwrap();
            stream.write_all(b"N").await.unwrap();
        }
    });
    port
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_encryption_must_be() {
    let url = format!("postgres://postgres:geheim@127.0.0.1:{}/x?sslmode=require", plain().await);
    let refused = refusal(&url).await;
    assert!(refused.contains("TLS") && !refused.contains("geheim"), "{refused}");
}

#[tokio::test]
async fn a_socket_leads_to_the_server_of_this_machine() {
    let Some(place) = Place::new().await else { return };
    let query = format!("host={}&port={}", place.folder.display(), place.port);
    let db = open(&format!("postgres://postgres@/{}?{query}", place.name)).await.unwrap();
    let sql = "SELECT inet_client_addr() IS NULL";
    let (by_socket,): (bool,) = db.read().await.unwrap().one(sql, ()).await.unwrap();
    assert!(by_socket);
}
