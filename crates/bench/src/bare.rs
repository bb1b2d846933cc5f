//! Bare servers: what a list of 25 users costs with no authentication, no limits, no links, no log.

mod postgres;
mod sqlite;

use anyhow::Result;
use axum::Router;
use axum::extract::Query;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use clap::Subcommand;
use homeroom_api::UserDetailsAdmin;
use serde::Deserialize;
use tokio::net::TcpListener;

/// Serve a list of users with as little as it takes
#[derive(Subcommand)]
pub enum Bare {
    /// The bytes of a file, from memory
    Memory {
        file: std::path::PathBuf,
        #[arg(long)]
        listen: String,
    },
    /// The server's query, by rusqlite on threads of its own
    Sqlite {
        file: std::path::PathBuf,
        #[arg(long)]
        listen: String,
    },
    /// The server's query, by tokio-postgres
    Postgres {
        url: String,
        #[arg(long)]
        listen: String,
    },
}

/// Where a page begins.
#[derive(Deserialize)]
struct Place {
    organization: String,
    #[serde(default)]
    lastname: String,
    #[serde(default)]
    id: String,
}

impl Bare {
    pub async fn run(self) -> Result<()> {
        let (router, listen) = match self {
            Self::Memory { file, listen } => (memory(std::fs::read(file)?), listen),
            Self::Sqlite { file, listen } => (sqlite::router(&file)?, listen),
            Self::Postgres { url, listen } => (postgres::router(&url)?, listen),
        };
        let listener = TcpListener::bind(listen).await?;
        println!("{}", listener.local_addr()?);
        Ok(axum::serve(listener, router).await?)
    }
}

fn memory(bytes: Vec<u8>) -> Router {
    let bytes = axum::body::Bytes::from(bytes);
    let answer = move |_: Query<Place>| {
        let bytes = bytes.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], bytes) }
    };
    Router::new().route("/", get(answer))
}

fn json(users: &[UserDetailsAdmin]) -> impl IntoResponse + use<> {
    ([(header::CONTENT_TYPE, "application/json")], serde_json::to_vec(users).unwrap_or_default())
}

/// The server's statement for a page sorted by last name, as `users/list.rs` and `http/keyset.rs` put it together.
const PAGE: &str = "SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.lastname_key, u.id
    FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL
    AND (u.lastname_key, u.id) > ($3, $4) ORDER BY u.lastname_key, u.id LIMIT $5)
    u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN
    CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END
    THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.lastname_key, u.id";
const LIMIT: i64 = 26;

fn now() -> i64 {
    homeroom_server::clock::Clock::system().now().as_millis()
}
