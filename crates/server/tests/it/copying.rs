//! Copying a database to another: everything, as of one moment, or nothing.

use std::sync::atomic::{AtomicUsize, Ordering};

use homeroom_client::{
    InvitationQuery, LicenseMode, LmsName, LtiCredentialsCreation, Role, UserFilter, UserQuery,
    UserSigninLinkCreation,
};
use homeroom_server::audit;
use homeroom_server::db::{Copied, Db, Engine, Error, Progress, Read as _, copy};
use homeroom_server::organizations::{self, OrganizationUpdate};

use tokio::runtime::Handle;

use crate::erasure;
use crate::invitations::invite;
use crate::ranks::account;
use crate::support::oauth::diary;
use crate::support::people::day;
use crate::support::{Database, TestApp, with_email};
use crate::tokens::carrying;

struct Unseen;

impl Progress for Unseen {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: &str, _: u64) {}
}

/// A school with something in every table.
async fn furnished() -> TestApp {
    let app = TestApp::start().await;
    let admin = app.admin();
    let pupil = app.user("Łukasz", Role::User).await;
    app.add(&app.school, with_email("grace", "grace@school.example"), Role::Teacher).await;
    app.group(&[&pupil]).await;
    app.license(LicenseMode::Credit, (day("01-01"), day("12-31")), &[&pupil]).await;
    for address in ["ada@school.example", "grace@school.example"] {
        admin.invitations().create(&invite(address, None)).await.unwrap();
    }
    let lti = LtiCredentialsCreation { name: "Canvas".to_owned(), lms: LmsName::Canvas };
    admin.lti_credentials().create(&lti).await.unwrap();
    admin.users().create_signin_link(&pupil, &UserSigninLinkCreation::default()).await.unwrap();
    admin.users().create_access_token(&pupil, &carrying(&[])).await.unwrap();
    furnish_sign_in(&app).await;
    let diary = admin.apps().create(&diary()).await.unwrap();
    app.tokens(&mut app.teacher("lise").await, &diary).await;
    erasure::at_work(&app).await;
    let gone = app.user("gone", Role::User).await;
    admin.users().remove(&gone).await.unwrap();
    audit::seal_due(&app.app).await.unwrap();
    app
}

async fn furnish_sign_in(app: &TestApp) {
    let domains = Some(vec!["school.example".to_owned()]);
    let update = OrganizationUpdate { email_domains: domains, ..OrganizationUpdate::default() };
    organizations::update(&app.app, "north-hill-school", update).await.unwrap();
    let user = app.member(with_email("hedy", "hedy@school.example"), Role::User).await;
    app.browser().sign_in("hedy").await;
    app.browser().sign_in_with("hedy", "wrong horse").await;
    let organization = &app.school.organization;
    let mut tx = app.app.db.write().await.unwrap();
    for sql in [
        "INSERT INTO second_factors (organization_id, user_id, secret, last_step, created_at) VALUES ($1, $2, $3, 0, 0)",
        "INSERT INTO recovery_codes (organization_id, user_id, code_hash) VALUES ($1, $2, $3)",
        "INSERT INTO mailed_links (organization_id, id, user_id, kind, email, token, created_at, expires_at)
         VALUES ($1, '1', $2, 'reset', 'hedy@school.example', $3, 0, 0)",
    ] {
        tx.execute(sql, (organization, &user, vec![1_u8])).await.unwrap();
    }
    let key = "INSERT INTO mailed_link_keys (token_hash, organization_id, link_id) VALUES ($2, $1, '1')";
    tx.execute(key, (organization, vec![2_u8])).await.unwrap();
    tx.commit().await.unwrap();
}

async fn to(source: &Db, target: &Database) -> Result<Vec<Copied>, Error> {
    let target = Db::connect(&target.address()).unwrap();
    copy(source, &target, &Unseen).await
}

#[tokio::test]
async fn every_table_comes_across_from_each_kind_of_database_to_each() {
    let app = furnished().await;
    let targets = [Database::file(), Database::create().await, Database::create().await, Database::file()];
    let mut source = app.app.db.clone();
    let mut first = None;
    for target in &targets {
        let copied = to(&source, target).await.unwrap();
        assert_eq!(*first.get_or_insert_with(|| copied.clone()), copied);
        source = target.open().await;
    }
    for Copied { table, rows, .. } in first.unwrap() {
        assert!(rows > 0, "{table} is empty: put something into it, that this test may see it come across");
    }
}

#[tokio::test]
async fn a_copy_serves_as_the_original_did() {
    let app = furnished().await;
    let target = Database::create().await;
    to(&app.app.db, &target).await.unwrap();
    let copy = app.on(target).await;
    for q in ["lukasz", "grace", "head"] {
        let query = UserQuery {
            filter: UserFilter { q: Some(q.to_owned()), ..UserFilter::default() },
            ..UserQuery::default()
        };
        let (original, copied) = (
            app.admin().users().list(&query).await.unwrap(),
            copy.admin().users().list(&query).await.unwrap(),
        );
        assert_eq!(copied.items.len(), 1);
        assert_eq!(format!("{:?}", copied.items), format!("{:?}", original.items));
    }
    let codes = copy.admin().invitations().list(&InvitationQuery::default()).await.unwrap().items;
    assert!(codes.iter().any(|invitation| invitation.custom_code.is_some()), "secrets can be read");
    copy.admin().users().create(&account("new", Role::User)).await.unwrap();
}

/// What no copy needs: how the schema came about, and what is made from the users.
fn is_derived(table: &str) -> bool {
    table == "refinery_schema_history" || table.starts_with("user_search")
}

#[tokio::test]
async fn no_table_of_the_schema_is_left_out() {
    let app = TestApp::start().await;
    let list = match app.app.db.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Engine::Postgres => "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'",
    };
    let mut expected: Vec<String> =
        app.column(list).await.into_iter().filter(|table| !is_derived(table)).collect();
    let copied = to(&app.app.db, &Database::file()).await.unwrap();
    let mut tables: Vec<String> = copied.into_iter().map(|copied| copied.table).collect();
    expected.sort();
    tables.sort();
    assert_eq!(tables, expected);
}

#[tokio::test]
async fn many_rows_come_across_and_rows_that_refer_to_later_ones() {
    let app = furnished().await;
    let db = &app.app.db;
    db.batch(
        "INSERT INTO settings (name, value)
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4500)
         SELECT 'note' || n, n FROM n",
    )
    .await
    .unwrap();
    // Made by a replica whose clock was behind: it stands before the token that made it.
    db.batch(
        "INSERT INTO access_tokens (organization_id, id, user_id, name, prefix, scopes, created_at, expires_at,
                                    last_used_at, delegated, maker_user_id, maker_token_id)
         SELECT organization_id, '0', user_id, name, prefix, scopes, created_at, expires_at, last_used_at, delegated,
                maker_user_id, maker_token_id FROM access_tokens WHERE delegated",
    )
    .await
    .unwrap();
    for target in [Database::create().await, Database::file()] {
        let copied = to(db, &target).await.unwrap();
        let rows = |table: &str| copied.iter().find(|copied| copied.table == table).unwrap().rows;
        assert_eq!((rows("settings"), rows("access_tokens")), (4501, 4));
        assert!(target.open().await.damage().await.unwrap().is_empty());
    }
}

async fn users(db: &Db) -> i64 {
    let (users,): (i64,) = db.read().await.unwrap().one("SELECT count(*) FROM users", ()).await.unwrap();
    users
}

#[tokio::test]
async fn a_database_with_something_in_it_is_refused_and_stays_as_it_is() {
    let (app, other) = (furnished().await, TestApp::start().await);
    let Err(Error::Unfit(refusal)) = copy(&app.app.db, &other.app.db, &Unseen).await else { panic!() };
    assert!(refusal.contains("--to"), "{refusal}");
    assert_eq!(users(&other.app.db).await, 1);
    let database = Database::create().await;
    let fresh = database.open().await;
    fresh.batch("INSERT INTO settings (name, value) VALUES ('key_check', 'x')").await.unwrap();
    assert!(copy(&app.app.db, &fresh, &Unseen).await.is_err(), "it has a key");
}

#[tokio::test]
async fn a_copy_that_fails_leaves_nothing_and_can_be_made_again() {
    let app = furnished().await;
    let target = Database::create().await;
    let db = target.open().await;
    db.batch("CREATE UNIQUE INDEX narrow ON signin_names (organization_id)").await.unwrap();
    copy(&app.app.db, &db, &Unseen).await.unwrap_err();
    assert_eq!(users(&db).await, 0);
    db.batch("DROP INDEX narrow").await.unwrap();
    copy(&app.app.db, &db, &Unseen).await.unwrap();
    assert_eq!(users(&db).await, users(&app.app.db).await);
}

/// Tells when the first rows of a table have been read.
struct Told(tokio::sync::mpsc::UnboundedSender<()>, &'static str);

impl Progress for Told {
    fn begin(&self, _: u64) {}

    fn advance(&self, table: &str, _: u64) {
        if table == self.1 {
            let _ = self.0.send(());
        }
    }
}

#[tokio::test]
async fn a_copy_that_is_interrupted_leaves_nothing_and_can_be_made_again() {
    let app = furnished().await;
    for moment in ["users", "signin_names"] {
        let target = Database::create().await;
        let db = target.open().await;
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let progress = Told(tell, moment);
        tokio::select! {
            biased;
            _ = told.recv() => {}
            copied = copy(&app.app.db, &db, &progress) => panic!("it was quicker: {copied:?}"),
        }
        let again = target.open().await;
        assert_eq!(users(&again).await, 0);
        copy(&app.app.db, &again, &Unseen).await.unwrap();
    }
}

/// Makes an account while the copy is between two tables.
struct Writing<'a>(&'a TestApp, AtomicUsize);

impl Progress for Writing<'_> {
    fn begin(&self, _: u64) {}

    fn advance(&self, _: &str, _: u64) {
        let number = self.1.fetch_add(1, Ordering::Relaxed);
        if number > 40 {
            return; // a copy that sees them would never end
        }
        let new = account(&format!("new{number}"), Role::User);
        let admin = self.0.admin();
        tokio::task::block_in_place(|| Handle::current().block_on(admin.users().create(&new).into_future()))
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_of_one_moment_whatever_is_written_meanwhile() {
    let app = furnished().await;
    let before = users(&app.app.db).await;
    let target = Database::create().await;
    let db = target.open().await;
    let writing = Writing(&app, AtomicUsize::new(0));
    copy(&app.app.db, &db, &writing).await.unwrap();
    assert!(writing.1.into_inner() > 10);
    assert_eq!(users(&db).await, before);
    let events = "SELECT count(*) FROM audit_events WHERE event = 'user.created'";
    assert_eq!(db.read().await.unwrap().one::<(i64,)>(events, ()).await.unwrap(), (0,));
}

#[tokio::test]
async fn a_copy_that_is_not_the_same_is_noticed() {
    let app = furnished().await;
    let target = Database::create().await;
    let db = target.open().await;
    db.batch(match db.engine() {
        Engine::Sqlite => {
            "CREATE TRIGGER spoil AFTER INSERT ON groups BEGIN UPDATE groups SET name = 'Quire' WHERE id = NEW.id; END"
        }
        Engine::Postgres => {
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN NEW.name := 'Quire'; RETURN NEW; END $$;
             CREATE TRIGGER spoil BEFORE INSERT ON groups FOR EACH ROW EXECUTE FUNCTION spoil()"
        }
    })
    .await
    .unwrap();
    let error = copy(&app.app.db, &db, &Unseen).await.unwrap_err().to_string();
    assert!(error.contains("groups differs"), "{error}");
    assert_eq!(users(&db).await, 0);
}

#[tokio::test]
async fn what_is_no_database_of_this_version_is_not_copied_from() {
    let (database, target) = (Database::create().await, Database::create().await);
    let empty = Db::connect(&database.address()).unwrap();
    let refusal = to(&empty, &target).await.unwrap_err().to_string();
    assert!(refusal.contains("--from"), "{refusal}");
    let newer = database.open().await;
    newer
        .batch("INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (999, 'x', 'x', '1')")
        .await
        .unwrap();
    let refusal = to(&newer, &target).await.unwrap_err().to_string();
    assert!(refusal.contains("newer program"), "{refusal}");
}
