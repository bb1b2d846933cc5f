//! A school of made-up people, with names of many languages: for `homeroom demo`, and for measuring.
mod names;

use std::time::Duration;

use homeroom_api::{GroupId, LicenseId, LicenseMode, LicenseSource, OrganizationId, Role};

use crate::db::Tx;
use crate::licenses::{self, NewLicense};
use crate::organizations::{self, Created, NewOrganization};
use crate::users::{self, NewUser, Profile};
use crate::{App, Result, groups};

use names::{LANGUAGES, Language};

/// People in one transaction.
const BATCH: usize = 200;
const GROUPS: &[&str] = &["Choir", "Orchestra", "Year 7", "Year 8", "Year 9", "Jazz band"];
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Makes the school; its admin is one of its `people`.
pub async fn fill(app: &App, people: usize) -> Result<Created> {
    fill_with(app, people, person).await
}

/// As [`fill`], with people of one's own making; `person` gets their number.
pub async fn fill_with(app: &App, people: usize, person: fn(usize) -> NewUser) -> Result<Created> {
    let new = NewOrganization {
        name: "Riverside School".to_owned(),
        slug: None,
        locale: "en".to_owned(),
        admin_username: "head".to_owned(),
        admin_email: "head@riverside.example".to_owned(),
    };
    let created = organizations::create(app, new).await?;
    let places = furnish(app, &created.organization.id).await?;
    let others: Vec<usize> = (0..people - 1).collect();
    for batch in others.chunks(BATCH) {
        let mut tx = app.db.write().await?;
        for number in batch {
            enrol(app, &mut tx, &created.organization.id, *number, &person(*number), &places).await?;
        }
        tx.commit().await?;
    }
    app.db.analyze().await?;
    Ok(created)
}

struct Places {
    groups: Vec<GroupId>,
    /// One that runs, one that has ended.
    licenses: [LicenseId; 2],
}

async fn furnish(app: &App, organization: &OrganizationId) -> Result<Places> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let ids: Vec<GroupId> = GROUPS.iter().map(|_| app.random.id(now)).collect();
    for (id, name) in ids.iter().zip(GROUPS) {
        groups::insert(&mut tx, organization, id, name, now).await?;
    }
    let running = (now - 100 * DAY, now + 265 * DAY);
    let ended = (now - 400 * DAY, now - 35 * DAY);
    let licenses = [app.random.id::<LicenseId>(now), app.random.id(now)];
    for (id, (starts_at, expires_at)) in licenses.iter().zip([running, ended]) {
        let (mode, source, seats) = (LicenseMode::Credit, LicenseSource::Order, 1_000_000);
        let license = NewLicense { id: id.clone(), mode, source, seats, starts_at, expires_at };
        licenses::insert(&mut tx, organization, &license, now).await?;
    }
    tx.commit().await?;
    Ok(Places { groups: ids, licenses })
}

async fn enrol(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    number: usize,
    person: &NewUser,
    places: &Places,
) -> Result<()> {
    let user = users::insert(app, tx, organization, person).await?;
    let group = &places.groups[(number + number / LANGUAGES.len()) % places.groups.len()];
    groups::add_user(tx, organization, group, &user).await?;
    if let Some(license) = places.licenses.get(number % 4)
        && !person.is_test
    {
        licenses::assign(tx, organization, license, &user, app.clock.now()).await?;
    }
    Ok(())
}

/// Every 15th is a teacher; the others are pupils, most without an e-mail address.
pub fn person(number: usize) -> NewUser {
    let Language { code, first, last } = LANGUAGES[number % LANGUAGES.len()];
    let round = number / LANGUAGES.len();
    let (firstname, lastname) =
        (first[round % first.len()], last[(round / first.len() + round) % last.len()]);
    let is_teacher = number.is_multiple_of(15);
    let username = format!("{firstname}.{lastname}").to_lowercase().replace([' ', '\''], "");
    let username: String = username.chars().take(22).collect();
    NewUser {
        profile: Profile {
            username: format!("{username}{number}"),
            firstname: firstname.to_owned(),
            lastname: lastname.to_owned(),
            email: is_teacher.then(|| format!("teacher{number}@riverside.example")),
        },
        role: if is_teacher { Role::Teacher } else { Role::User },
        locale: code.to_owned(),
        password: None,
        is_test: number % 97 == 96,
    }
}
