//! A small school of many languages, and what each list of it must hold, worked out without the server.

use homeroom_client::{
    Direction, GroupId, LicenseMode, OrganizationId, Role, TestAccounts, Timestamp, UserDetailsAdmin,
    UserFilter, UserId, UserQuery, UserSort,
};
use homeroom_server::users::{NewUser, Profile};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::{DAY, NOW, TestApp};

/// From when to when a licence is active.
pub type Span = (Timestamp, Timestamp);

/// A name and its fold, written by hand.
type Name = (&'static str, &'static str);

const FIRSTNAMES: &[Name] = &[
    ("", ""),
    ("José", "jose"),
    ("JOSE", "jose"),
    ("Łukasz", "lukasz"),
    ("Mary Ann", "mary ann"),
    ("Ада", "ада"),
    ("山田", "山田"),
    ("Đặng", "dang"),
];
const LASTNAMES: &[Name] = &[
    ("", ""),
    ("Ångström", "angstrom"),
    ("Straße", "strasse"),
    ("STRASSE", "strasse"),
    ("O'Neil", "o'neil"),
    ("Þórðarson", "thordarson"),
    ("का", "का"),
    ("🎵 50%", "🎵 50%"),
];
const ROLES: &[Role] = &[Role::User, Role::User, Role::Teacher, Role::AccountAdmin, Role::Admin];

/// Midnight in UTC that begins a day of 2026 (`01-31`).
pub fn day(month_and_day: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-{month_and_day}")).unwrap()
}

/// Licences that have ended, that are active, and one that has yet to begin.
fn credits() -> [Span; 5] {
    [
        (day("01-01"), day("02-01")),
        (day("01-01"), day("03-15")),
        (day("02-01"), day("06-30")),
        (day("02-01"), day("06-30") + DAY / 2),
        (day("06-01"), day("12-31")),
    ]
}

pub struct Person {
    pub id: UserId,
    pub username: String,
    first: Name,
    last: Name,
    email: Option<String>,
    role: Role,
    is_test: bool,
    active_at: Option<Timestamp>,
    groups: Vec<GroupId>,
    licenses: Vec<Span>,
}

pub struct People {
    pub app: TestApp,
    pub groups: [GroupId; 2],
    pub all: Vec<Person>,
}

impl People {
    /// Forty people, and a site licence if there is to be one.
    pub async fn start(site: Option<Span>) -> Self {
        let app = TestApp::start().await;
        let mut all = vec![Person::head(&app)];
        let mut random = StdRng::seed_from_u64(7);
        for number in 0..39 {
            all.push(Person::make(&app, number, &mut random).await);
        }
        let groups = [Self::group(&app, &mut all, 3).await, Self::group(&app, &mut all, 5).await];
        for (number, span) in credits().into_iter().enumerate() {
            let holds = |i: &usize| (i * 7 + number * 3) % 10 < 2 && !all[*i].is_test;
            let holders: Vec<usize> = (0..all.len()).filter(holds).collect();
            let seats: Vec<&UserId> = holders.iter().map(|i| &all[*i].id).collect();
            app.license(LicenseMode::Credit, span, &seats).await;
            holders.into_iter().for_each(|i| all[i].licenses.push(span));
        }
        if let Some(site) = site {
            app.license(LicenseMode::Site, site, &[]).await;
            all.iter_mut().for_each(|person| person.licenses.push(site));
        }
        Self { app, groups, all }
    }

    /// A group of every `nth` person.
    async fn group(app: &TestApp, all: &mut [Person], nth: usize) -> GroupId {
        let members: Vec<&UserId> = all.iter().step_by(nth).map(|person| &person.id).collect();
        let group = app.group(&members).await;
        all.iter_mut().step_by(nth).for_each(|person| person.groups.push(group.clone()));
        group
    }

    /// The usernames that a query without cursor and limit must list, in their order.
    pub fn expected(&self, query: &UserQuery) -> Vec<String> {
        let mut found: Vec<&Person> =
            self.all.iter().filter(|person| person.matches(&query.filter)).collect();
        found.sort_by_key(|person| (person.keys(&query.sort), person.id.clone()));
        if query.direction == Some(Direction::Desc) {
            found.reverse();
        }
        found.into_iter().map(|person| person.username.clone()).collect()
    }

    /// The usernames that the server lists on one page of at most 1000.
    pub async fn listed(&self, query: &UserQuery) -> Vec<String> {
        let query = UserQuery { limit: Some(1000), ..query.clone() };
        usernames(&self.app.admin().users().list(&query).await.unwrap().items)
    }
}

pub fn usernames(users: &[UserDetailsAdmin]) -> Vec<String> {
    users.iter().map(|user| user.username.clone()).collect()
}

impl Person {
    /// The admin whom every organization begins with.
    fn head(app: &TestApp) -> Self {
        Self {
            id: app.school.admin.clone(),
            username: "head".to_owned(),
            first: FIRSTNAMES[0],
            last: LASTNAMES[0],
            email: Some("head@school.example".to_owned()),
            role: Role::Admin,
            is_test: false,
            active_at: None,
            groups: Vec::new(),
            licenses: Vec::new(),
        }
    }

    async fn make(app: &TestApp, number: usize, random: &mut StdRng) -> Self {
        let mut person = Self {
            username: format!("P{number:02}"),
            first: FIRSTNAMES[random.random_range(0..FIRSTNAMES.len())],
            last: LASTNAMES[random.random_range(0..LASTNAMES.len())],
            email: number.is_multiple_of(3).then(|| format!("Pupil{number}@School.example")),
            role: ROLES[random.random_range(0..ROLES.len())],
            is_test: number % 6 == 1,
            active_at: (!number.is_multiple_of(4)).then(|| NOW - DAY * (number % 7) as u32),
            ..Self::head(app)
        };
        person.id = app.insert(&app.school, &person.new_user()).await;
        if let Some(at) = person.active_at {
            set_activity(app, &app.school.organization, &person.id, at).await;
        }
        person
    }

    fn new_user(&self) -> NewUser {
        let profile = Profile {
            username: self.username.clone(),
            firstname: self.first.0.to_owned(),
            lastname: self.last.0.to_owned(),
            email: self.email.clone(),
        };
        NewUser { profile, role: self.role, locale: "en".to_owned(), password: None, is_test: self.is_test }
    }

    /// `q` must come folded.
    fn matches(&self, filter: &UserFilter) -> bool {
        let email = self.email.as_deref().unwrap_or_default().to_lowercase();
        let fields = [&self.username.to_lowercase(), self.first.1, self.last.1, &email];
        let mut words = filter.q.as_deref().unwrap_or_default().split(' ');
        let is_test = filter.test_accounts.map(|kind| kind == TestAccounts::Only);
        let licenses = &filter.license_expiration_date;
        (filter.role.is_empty() || filter.role.contains(&self.role))
            && (filter.group.is_empty() || filter.group.iter().any(|group| self.groups.contains(group)))
            && words.all(|word| fields.iter().any(|field| field.contains(word)))
            && !(filter.no_active_license && self.license().is_some_and(is_active))
            && is_test.is_none_or(|is_test| is_test == self.is_test)
            && (licenses.is_empty() || licenses.iter().any(|value| self.has_license(value)))
    }

    /// The licence that counts: the active one that ends last, else the one that ends last.
    fn license(&self) -> Option<Span> {
        self.licenses.iter().copied().max_by_key(|span| (is_active(*span), span.1))
    }

    fn has_license(&self, value: &str) -> bool {
        match (value, self.license()) {
            (_, None) => false,
            ("active", Some(span)) => is_active(span),
            ("notActive", Some(span)) => !is_active(span),
            (date, Some((_, end))) => end.to_string()[..10] == date[..10],
        }
    }

    /// What the person is sorted by; what is missing is less than anything.
    fn keys(&self, sort: &[UserSort]) -> Vec<(Option<Timestamp>, &'static str)> {
        let key = |sort: &UserSort| match sort {
            UserSort::Firstname => (None, self.first.1),
            UserSort::Lastname => (None, self.last.1),
            UserSort::LastActivityDate => (self.active_at, ""),
            UserSort::LicenseExpirationDate => (self.license().map(|(_, end)| end), ""),
        };
        sort.iter().map(key).collect()
    }
}

fn is_active((start, end): Span) -> bool {
    start <= NOW && NOW < end
}

/// As if the user had last been active then.
pub async fn set_activity(app: &TestApp, organization: &OrganizationId, user: &UserId, at: Timestamp) {
    let sql = "UPDATE users SET last_activity_at = $3 WHERE organization_id = $1 AND id = $2";
    let mut tx = app.app.db.write().await.unwrap();
    tx.execute(sql, (organization, user, at)).await.unwrap();
    tx.commit().await.unwrap();
}
