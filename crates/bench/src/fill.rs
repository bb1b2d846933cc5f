//! A school to measure, and the people who ask.

use anyhow::{Context as _, Result};
use clap::Args;
use homeroom_api::{OrganizationId, Role, Scope, Scopes, Timestamp, UserId};
use homeroom_server::clock::Clock;
use homeroom_server::config::Settings;
use homeroom_server::crypto::{NewToken, SecretKey};
use homeroom_server::db::{Conn, Db, Read as _, Tx};
use homeroom_server::organizations::Created;
use homeroom_server::random::Random;
use homeroom_server::users::{self, NewUser, Profile};
use homeroom_server::{App, access_tokens, demo, groups};
use rusqlite::Connection;
use secrecy::ExposeSecret as _;
use serde_json::json;

/// Make a school, and tokens of administrators; prints what the load needs to know
#[derive(Args)]
pub struct Fill {
    #[arg(long)]
    database: String,
    /// How many people the school has
    #[arg(long)]
    people: usize,
    /// How many forms it has: groups that share the people out
    #[arg(long, default_value_t = 0)]
    forms: usize,
    /// How many of its administrators get a token
    #[arg(long, default_value_t = 1000)]
    tokens: usize,
}

/// With the key in `HOMEROOM_SECRET_KEY`.
pub async fn open(database: &str) -> Result<App> {
    let url = database.parse().map_err(anyhow::Error::msg)?;
    let key = std::env::var("HOMEROOM_SECRET_KEY").context("HOMEROOM_SECRET_KEY is not set")?;
    let key = SecretKey::parse(&key).context("HOMEROOM_SECRET_KEY is no key")?;
    let db = Db::open(&url).await?;
    Ok(App::new(db, &key, Settings::default(), Clock::system(), Random::system()).await?)
}

impl Fill {
    pub async fn run(self) -> Result<()> {
        let app = open(&self.database).await?;
        let index = SearchIndex::put_off(&self.database)?;
        let created = demo::fill_with(&app, self.people - self.tokens, person).await?;
        let mut tokens = Vec::new();
        for number in 0..self.tokens {
            tokens.push(administrator(&app, &created, number).await?);
        }
        be_active(&app).await?;
        form(&app, &created.organization.id, self.forms).await?;
        index.make()?;
        app.db.analyze().await?;
        let organization = &created.organization.id;
        let mut conn = app.db.read().await?;
        let (group,): (String,) =
            conn.one("SELECT min(id) FROM groups WHERE organization_id = $1", (organization,)).await?;
        let sql = "SELECT id FROM groups WHERE organization_id = $1 AND name = $2 ORDER BY id LIMIT 1000";
        let forms: Vec<(String,)> = conn.all(sql, (organization, FORM)).await?;
        let forms: Vec<String> = forms.into_iter().map(|(id,)| id).collect();
        let sql = "SELECT max(expires_at) FROM licenses WHERE organization_id = $1";
        let (license_ends,): (Timestamp,) = conn.one(sql, (organization,)).await?;
        let sql = "SELECT id FROM users WHERE organization_id = $1 AND role = 'user' ORDER BY id LIMIT 1000";
        let pupils: Vec<(String,)> = conn.all(sql, (organization,)).await?;
        let pupils: Vec<String> = pupils.into_iter().map(|(id,)| id).collect();
        let places = places(&mut conn, organization, self.people).await?;
        println!(
            "{}",
            json!({ "organization": organization, "tokens": tokens, "group": group, "forms": forms,
                    "licenseEnds": license_ends, "pupils": pupils, "places": places })
        );
        Ok(())
    }
}

/// Forty places all along the list by last name.
async fn places(
    conn: &mut Conn,
    organization: &OrganizationId,
    people: usize,
) -> Result<Vec<(String, String)>> {
    let mut places = vec![(String::new(), String::new())];
    for place in 0..40 {
        let skip = i64::try_from(people * place / 41 + 1)?;
        let sql = "SELECT lastname_key, id FROM users WHERE organization_id = $1 AND removed_at IS NULL
                   ORDER BY lastname_key, id LIMIT 1 OFFSET $2";
        places.push(conn.one(sql, (organization, skip)).await?);
    }
    Ok(places)
}

/// As in the demo. One in 20, in 1,000 and in 50,000 has a name that is found by a word of its own.
fn person(number: usize) -> NewUser {
    let mut person = demo::person(number);
    let lot = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40; // whatever language and group
    if lot % 50_000 == 7 {
        person.profile.lastname = "Qvortrup".into();
    } else if lot % 1_000 == 3 {
        person.profile.lastname = "Zwickelmann".into();
    }
    if lot % 20 == 1 {
        person.profile.firstname = "Xanthippe".into();
    }
    person
}

/// The name of groups that a school has by the thousand.
const FORM: &str = "Form";

/// Shares the people out among so many groups.
async fn form(app: &App, organization: &OrganizationId, forms: usize) -> Result<()> {
    let mut tx = app.db.write().await?;
    for _ in 0..forms {
        let now = app.clock.now();
        groups::insert(&mut tx, organization, &app.random.id(now), FORM, now).await?;
    }
    if forms > 0 {
        tx.execute(
            "INSERT INTO group_users (organization_id, group_id, user_id)
             SELECT $1, g.id, u.id
             FROM (SELECT id, row_number() OVER (ORDER BY lastname_key, id) AS place FROM users
                   WHERE organization_id = $1 AND removed_at IS NULL) u
             JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM groups
                   WHERE organization_id = $1 AND name = $3) g ON g.place = u.place % $2",
            (organization, i64::try_from(forms)?, FORM),
        )
        .await?;
    }
    Ok(tx.commit().await?)
}

/// Two of three people have been here, in some minute of the last year.
async fn be_active(app: &App) -> Result<()> {
    let sql = app.db.engine().pick(
        "UPDATE users SET last_activity_at = created_at / 60000 * 60000 - abs(random()) % 525600 * 60000
         WHERE role = 'user' AND abs(random()) % 3 > 0",
        "UPDATE users SET last_activity_at = created_at / 60000 * 60000 - floor(random() * 525600)::bigint * 60000
         WHERE role = 'user' AND random() < 0.67",
    );
    Ok(app.db.batch(sql).await?)
}

async fn administrator(app: &App, created: &Created, number: usize) -> Result<String> {
    let profile = Profile {
        username: format!("administrator{number}"),
        firstname: "Ada".to_owned(),
        lastname: format!("Adams {number}"),
        email: None,
    };
    let new = NewUser {
        profile,
        role: Role::AccountAdmin,
        locale: "en".to_owned(),
        password: None,
        is_test: false,
    };
    let mut tx = app.db.write().await?;
    let user = users::insert(app, &mut tx, &created.organization.id, &new).await?;
    let token = token(app, &mut tx, created, &user).await?;
    tx.commit().await?;
    Ok(token)
}

async fn token(app: &App, tx: &mut Tx, created: &Created, user: &UserId) -> Result<String> {
    let now = app.clock.now();
    let token = NewToken::access(&app.random);
    let new = access_tokens::New {
        id: app.random.id(now),
        user,
        name: "Bench",
        scopes: Scopes::of(&[Scope::EduAdminUsers]),
        created_at: now,
        expires_at: Timestamp::default(),
        maker: None,
    };
    access_tokens::insert(tx, &created.organization.id, &new, &token).await?;
    Ok(token.secret.expose_secret().to_owned())
}

/// On SQLite the index of trigrams is made at the end, all at once: in a fifth of the time.
struct SearchIndex(Option<(Connection, String)>);

impl SearchIndex {
    fn put_off(database: &str) -> Result<Self> {
        let Some(file) = database.strip_prefix("sqlite://") else { return Ok(Self(None)) };
        let connection = Connection::open(file)?;
        let sql = "SELECT sql FROM sqlite_master WHERE name = 'user_search_insert'";
        let trigger = connection.query_row(sql, [], |row| row.get(0))?;
        connection.execute_batch("DROP TRIGGER user_search_insert")?;
        Ok(Self(Some((connection, trigger))))
    }

    fn make(self) -> Result<()> {
        let Some((connection, trigger)) = self.0 else { return Ok(()) };
        connection.execute_batch(&format!(
            "BEGIN;
             INSERT INTO user_search_rows (organization_id, id, firstname_key, lastname_key, search_key)
                 SELECT organization_id, id, firstname_key, lastname_key, search_key FROM users
                 WHERE search_key <> '' ORDER BY organization_id, id;
             INSERT INTO user_search (rowid, search_key) SELECT number, search_key FROM user_search_rows;
             {trigger};
             COMMIT;
             PRAGMA wal_checkpoint(TRUNCATE);"
        ))?;
        Ok(())
    }
}
