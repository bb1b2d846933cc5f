//! How quickly accounts are stored: by the server's own path from many clients at once, and bare.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use homeroom_api::OrganizationId;
use homeroom_server::db::DatabaseUrl;
use homeroom_server::users::{self, NewUser};
use homeroom_server::{App, demo};
use rusqlite::{Connection, params};

use crate::fill;

#[derive(Clone, Copy, ValueEnum)]
enum By {
    /// The server's store, a transaction for each account, from 16 clients
    Store,
    /// rusqlite, a transaction for each 1,000 accounts
    Bare,
}

/// Store accounts whose passwords are hashed; prints how many a second
#[derive(Args)]
pub struct Inserts {
    by: By,
    /// A database with a school in it
    #[arg(long)]
    database: String,
    #[arg(long)]
    organization: String,
    #[arg(long, default_value_t = 100_000)]
    accounts: usize,
}

const CLIENTS: usize = 16;
const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$0123456789012345678901234567890123456789012";

impl Inserts {
    pub async fn run(self) -> Result<()> {
        let organization = OrganizationId::from(self.organization);
        let app = fill::open(&self.database).await?;
        let started = Instant::now();
        match self.by {
            By::Store => store(&app, &organization, self.accounts).await?,
            By::Bare => bare(&self.database, &organization, &app, self.accounts)?,
        }
        println!("{:.0}", self.accounts as f64 / started.elapsed().as_secs_f64());
        Ok(())
    }
}

fn person(number: usize) -> NewUser {
    let mut person = demo::person(number);
    person.profile.username = format!("new{number}");
    person.profile.email = None;
    person.password = Some(homeroom_server::crypto::PasswordHash(HASH.to_owned()));
    person
}

async fn store(app: &App, organization: &OrganizationId, accounts: usize) -> Result<()> {
    let clients = (0..CLIENTS).map(|client| {
        let (app, organization) = (app.clone(), organization.clone());
        tokio::spawn(async move {
            for number in (client..accounts).step_by(CLIENTS) {
                let mut tx = app.db.write().await?;
                users::insert(&app, &mut tx, &organization, &person(number)).await?;
                tx.commit().await?;
            }
            Ok::<_, homeroom_server::Error>(())
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await??;
    }
    Ok(())
}

fn bare(database: &str, organization: &OrganizationId, app: &App, accounts: usize) -> Result<()> {
    let Ok(DatabaseUrl::Sqlite(file)) = database.parse() else { bail!("the bare path is for SQLite") };
    let mut connection = connect(&file)?;
    let numbers: Vec<usize> = (0..accounts).collect();
    for batch in numbers.chunks(1000) {
        let tx = connection.transaction()?;
        for number in batch {
            insert(&tx, organization, app, &person(*number))?;
        }
        tx.commit()?;
    }
    Ok(())
}

fn connect(file: &PathBuf) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;
         PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON",
    )?;
    Ok(connection)
}

/// The server's statement, in `users/store.rs`.
fn insert(tx: &Connection, organization: &OrganizationId, app: &App, new: &NewUser) -> Result<()> {
    let (now, profile) = (app.clock.now(), &new.profile);
    let id: String = app.random.id(now);
    let mut statement = tx.prepare_cached(
        "INSERT INTO users (organization_id, id, username, username_key, email, email_key, email_shared,
                            firstname, firstname_key, lastname, lastname_key, search_key, password_hash,
                            password_by_admin, role, locale, is_test, last_activity_at, seat_license_id,
                            seat_starts_at, seat_expires_at, version, created_at, removed_at)
         VALUES (?1, ?2, ?3, ?4, NULL, '', FALSE, ?5, ?6, ?7, ?8, ?9, ?10, TRUE, 'user', ?11, FALSE, 0, NULL, 0, 0, 0,
                 ?12, NULL)
         ON CONFLICT (organization_id, username_key) WHERE removed_at IS NULL DO NOTHING",
    )?;
    statement.execute(params![
        organization.as_str(),
        id,
        profile.username,
        profile.username_key(),
        profile.firstname,
        homeroom_server::text::fold(&profile.firstname),
        profile.lastname,
        homeroom_server::text::fold(&profile.lastname),
        profile.search_key(),
        HASH,
        new.locale,
        now.as_millis(),
    ])?;
    Ok(())
}
