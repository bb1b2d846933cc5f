//! A server of one's own for each test, and the people who call it.
pub mod browser;
pub mod classes;
mod database;
pub mod mailbox;
pub mod music;
pub mod oauth;
pub mod people;
pub mod phone;
pub mod schoolwork;
pub mod things;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use homeroom_client::{
    Client, GroupId, LicenseId, LicenseMode, LicenseSource, OrganizationId, Role, Scope, Scopes, Timestamp,
    UserId,
};
use homeroom_server::clock::Clock;
use homeroom_server::config::Settings;
use homeroom_server::crypto::{NewToken, SecretKey};
use homeroom_server::db::Db;
use homeroom_server::licenses::NewLicense;
use homeroom_server::organizations::{self, NewOrganization};
use homeroom_server::random::Random;
use homeroom_server::users::{self, NewUser, Profile};
use homeroom_server::{App, access_tokens, groups, http, licenses, mail, router};
use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;

pub use database::{Database, run_on};
pub use mailbox::{Arrived, Mailbox};

/// 2026-03-02T08:00:00Z, a Monday.
pub const NOW: Timestamp = Timestamp::from_millis(1_772_438_400_000);
pub const DAY: Duration = Duration::from_secs(24 * 3600);

/// A running server with one organization and its admin.
pub struct TestApp {
    pub app: App,
    pub url: String,
    pub school: School,
    pub database: Arc<Database>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

/// An organization, its first admin and that admin's token.
#[derive(Clone)]
pub struct School {
    pub organization: OrganizationId,
    pub admin: UserId,
    pub token: String,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let database = Arc::new(Database::create().await);
        let (clock, random) = (Clock::fixed(NOW), Random::seeded(1));
        Self::start_on(database, clock, random, None, change).await
    }

    /// The same database in a server that has just started.
    pub async fn restarted(self) -> Self {
        let (clock, random) = (self.app.clock.clone(), self.app.random.clone());
        Self::start_on(self.database, clock, random, Some(self.school), |_| {}).await
    }

    /// Another server over the same database, with the same key, clock and school, and ids of its own.
    pub async fn replica(&self) -> Self {
        self.replica_with(|_| {}).await
    }

    /// As [`TestApp::replica`], with settings of its own.
    pub async fn replica_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1000);
        let random = Random::seeded(NEXT.fetch_add(1, Ordering::Relaxed));
        let (database, clock) = (self.database.clone(), self.app.clock.clone());
        Self::start_on(database, clock, random, Some(self.school.clone()), change).await
    }

    /// Another server over the same database, through few connections.
    pub async fn narrow(&self, connections: usize) -> Self {
        let db = Db::open(&self.database.narrow(connections)).await.unwrap();
        let (clock, random) = (self.app.clock.clone(), Random::seeded(500));
        Self::serve(self.database.clone(), db, clock, random, Some(self.school.clone()), |_| {}).await
    }

    /// A server on another database that holds the same school.
    pub async fn on(&self, database: Database) -> Self {
        let (clock, random) = (self.app.clock.clone(), Random::seeded(600));
        Self::start_on(Arc::new(database), clock, random, Some(self.school.clone()), |_| {}).await
    }

    async fn start_on(
        database: Arc<Database>,
        clock: Clock,
        random: Random,
        school: Option<School>,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let db = database.open().await;
        Self::serve(database, db, clock, random, school, change).await
    }

    /// Serves the organization of a database, or makes one.
    async fn serve(
        database: Arc<Database>,
        db: Db,
        clock: Clock,
        random: Random,
        school: Option<School>,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut settings = Settings { public_url: url.clone(), ..Settings::default() };
        change(&mut settings);
        let key = SecretKey::draw(&Random::seeded(2));
        let app = App::new(db, &key, settings, clock, random).await.unwrap();
        let school = match school {
            Some(school) => school,
            None => make_school(&app, "North Hill School").await,
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let router = router::router(&app);
        tokio::spawn(http::serve(app.clone(), router, listener, async move { drop(stopped.await) }));
        Self { app, url, school, database, _stop: stop }
    }

    /// The organization's admin, with every scope.
    pub fn admin(&self) -> Client {
        self.client(&self.school.token)
    }

    /// A client with a token.
    pub fn client(&self, token: &str) -> Client {
        Client::builder(&self.url).token(token).max_retries(0).build().unwrap()
    }

    /// A new member of the school, without password or e-mail.
    pub async fn user(&self, username: &str, role: Role) -> UserId {
        self.add(&self.school, person(username), role).await
    }

    /// A new member with names or an e-mail.
    pub async fn add(&self, school: &School, profile: Profile, role: Role) -> UserId {
        let new = NewUser { profile, role, locale: "en".to_owned(), password: None, is_test: false };
        self.insert(school, &new).await
    }

    pub async fn insert(&self, school: &School, new: &NewUser) -> UserId {
        let mut tx = self.app.db.write().await.unwrap();
        let id = users::insert(&self.app, &mut tx, &school.organization, new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A personal token of a member.
    pub async fn token(&self, user: &UserId, scopes: &[Scope]) -> String {
        self.token_in(&self.school.organization, user, scopes).await
    }

    /// As [`TestApp::token`], of a member of any organization.
    pub async fn token_in(&self, organization: &OrganizationId, user: &UserId, scopes: &[Scope]) -> String {
        let now = self.app.clock.now();
        let token = NewToken::access(&self.app.random);
        let new = access_tokens::New {
            id: self.app.random.id(now),
            user,
            name: "Test",
            scopes: Scopes::of(scopes),
            created_at: now,
            expires_at: Timestamp::default(),
            maker: None,
        };
        let mut tx = self.app.db.write().await.unwrap();
        access_tokens::insert(&mut tx, organization, &new, &token).await.unwrap();
        tx.commit().await.unwrap();
        token.secret.expose_secret().to_owned()
    }

    /// A new member with a role, and their client with these scopes.
    pub async fn caller(&self, username: &str, role: Role, scopes: &[Scope]) -> (UserId, Client) {
        let user = self.user(username, role).await;
        let token = self.token(&user, scopes).await;
        (user, self.client(&token))
    }

    /// Another organization on the same server.
    pub async fn other_school(&self) -> School {
        make_school(&self.app, "South Vale School").await
    }

    pub async fn group(&self, members: &[&UserId]) -> GroupId {
        let now = self.app.clock.now();
        let id: GroupId = self.app.random.id(now);
        let mut tx = self.app.db.write().await.unwrap();
        groups::insert(&mut tx, &self.school.organization, &id, "Choir", now).await.unwrap();
        for member in members {
            groups::add_user(&mut tx, &self.school.organization, &id, member).await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    /// A licence from `starts_at` to `expires_at`, and its seats.
    pub async fn license(
        &self,
        mode: LicenseMode,
        (starts_at, expires_at): (Timestamp, Timestamp),
        seats: &[&UserId],
    ) -> LicenseId {
        let now = self.app.clock.now();
        let id: LicenseId = self.app.random.id(now);
        let source = LicenseSource::Order;
        let license = NewLicense { id: id.clone(), mode, source, seats: 100, starts_at, expires_at };
        let mut tx = self.app.db.write().await.unwrap();
        licenses::insert(&mut tx, &self.school.organization, &license, now).await.unwrap();
        for user in seats {
            licenses::assign(&mut tx, &self.school.organization, &id, user, now).await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    /// Sends the mails that are due.
    pub async fn send_mails(&self) {
        let lanes = (0..mail::LANES).map(|_| mail::send_due(&self.app));
        for sent in futures_util::future::join_all(lanes).await {
            sent.unwrap();
        }
    }

    /// Sends the mails that are due; the next one of those that `mailbox` got.
    pub async fn mail_to(&self, mailbox: &Mailbox) -> Arrived {
        self.send_mails().await;
        mailbox.next().await
    }

    /// A plain HTTP client, for what the SDK does not do.
    pub fn http(&self) -> reqwest::Client {
        reqwest::Client::builder().no_gzip().build().unwrap()
    }

    /// A request to a path, with the admin's token.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http().request(method, format!("{}{path}", self.url)).bearer_auth(&self.school.token)
    }

    /// The first column of every row, as text: for what no operation shows.
    pub async fn column(&self, sql: &'static str) -> Vec<String> {
        use homeroom_server::db::Read as _;
        let rows: Vec<(String,)> = self.app.db.read().await.unwrap().all(sql, ()).await.unwrap();
        rows.into_iter().map(|(text,)| text).collect()
    }

    /// Whether any row of any table holds this text in any column.
    pub async fn tables_that_hold(&self, text: &str) -> Vec<String> {
        self.database.tables_that_hold(&self.app.db, text).await
    }
}

async fn make_school(app: &App, name: &str) -> School {
    let new = NewOrganization {
        name: name.to_owned(),
        slug: None,
        locale: "en".to_owned(),
        admin_username: "head".to_owned(),
        admin_email: "head@school.example".to_owned(),
    };
    let created = organizations::create(app, new).await.unwrap();
    let token = created.token.expose_secret().to_owned();
    School { organization: created.organization.id, admin: created.admin, token }
}

pub fn person(username: &str) -> Profile {
    let none = String::new;
    Profile { username: username.to_owned(), firstname: none(), lastname: none(), email: None }
}

pub fn named(username: &str, firstname: &str, lastname: &str) -> Profile {
    Profile { firstname: firstname.to_owned(), lastname: lastname.to_owned(), ..person(username) }
}

pub fn with_email(username: &str, email: &str) -> Profile {
    Profile { email: Some(email.to_owned()), ..person(username) }
}

/// The code and parameter of a refusal.
pub fn refusal<T>(result: homeroom_client::Result<T>) -> (String, Option<String>) {
    match result {
        Ok(_) => panic!("this should have been refused"),
        Err(error) => {
            let api = error.api().unwrap_or_else(|| panic!("not an answer of the API: {error}"));
            (api.code.clone(), api.param.clone())
        }
    }
}

/// The code of a refusal.
pub fn code<T>(result: homeroom_client::Result<T>) -> String {
    refusal(result).0
}
