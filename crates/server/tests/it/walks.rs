//! Lists of more people than a search looks up one by one: whichever way they are found, they are the same.

use homeroom_client::{Direction, Role, UserDetailsAdmin, UserFilter, UserQuery, UserSort};
use homeroom_server::users::{self, NewUser};

use crate::support::{TestApp, named};

/// More than a search looks up one by one.
const PEOPLE: usize = 4_200;
const PAGE: u16 = 900;

/// Everybody has `common` in the name; every 7th is a teacher, every 100th is called `Zoë`.
fn person(number: usize) -> NewUser {
    let firstname = if number.is_multiple_of(100) { "Zoë" } else { "Ada" };
    let profile = named(&format!("common{number}"), firstname, &format!("L{}", number * 7919 % 1000));
    let role = if number.is_multiple_of(7) { Role::Teacher } else { Role::User };
    NewUser { profile, role, locale: "en".to_owned(), password: None, is_test: false }
}

async fn school() -> TestApp {
    let app = TestApp::start().await;
    let mut tx = app.app.db.write().await.unwrap();
    for number in 0..PEOPLE {
        users::insert(&app.app, &mut tx, &app.school.organization, &person(number)).await.unwrap();
    }
    tx.commit().await.unwrap();
    app
}

/// Words, roles, and whose number the list holds.
type Filtered = (&'static str, &'static [Role], fn(usize) -> bool);

/// What the list must hold, worked out without the server.
fn expected(holds: impl Fn(usize) -> bool, query: &UserQuery) -> Vec<String> {
    let mut numbers: Vec<usize> = (0..PEOPLE).filter(|number| holds(*number)).collect();
    if query.sort == [UserSort::Lastname] {
        numbers.sort_by_key(|number| (format!("l{}", number * 7919 % 1000), *number));
    }
    if query.direction == Some(Direction::Desc) {
        numbers.reverse();
    }
    numbers.into_iter().map(|number| format!("common{number}")).collect()
}

/// The whole list page by page, and again from its end back to its beginning.
async fn both_ways(app: &TestApp, query: &UserQuery) -> [Vec<String>; 2] {
    let names =
        |items: &[UserDetailsAdmin]| items.iter().map(|user| user.username.clone()).collect::<Vec<_>>();
    let mut page = app.admin().users().list(query).await.unwrap();
    assert!(page.previous().await.unwrap().is_none());
    let mut forward = names(&page.items);
    while let Some(next) = page.next().await.unwrap() {
        page = next;
        forward.extend(names(&page.items));
    }
    let mut back = names(&page.items);
    while let Some(previous) = page.previous().await.unwrap() {
        page = previous;
        back.splice(..0, names(&page.items));
    }
    [forward, back]
}

#[tokio::test]
async fn a_filtered_list_is_the_same_however_its_users_are_found() {
    let app = school().await;
    let teacher: fn(usize) -> bool = |number| number.is_multiple_of(7);
    let zoe: fn(usize) -> bool = |number| number.is_multiple_of(100);
    let filters: [Filtered; 7] = [
        ("common", &[], |_| true),         // too many to look up: walked
        ("common zoe", &[], zoe),          // few: looked up
        ("zo", &[], zoe),                  // too short for trigrams: walked, then gathered
        ("mo", &[Role::Teacher], teacher), // walked until the last page
        ("", &[Role::Teacher], teacher),
        ("common", &[Role::Admin], |_| false), // the walk finds none
        ("qqq", &[], |_| false),
    ];
    for (q, role, holds) in filters {
        let filter = UserFilter { q: Some(q.to_owned()), role: role.to_vec(), ..UserFilter::default() };
        let wanted = expected(holds, &UserQuery::default()).len() as u64;
        assert_eq!(app.admin().users().count(&filter).await.unwrap(), wanted, "{q} {role:?}");
        for (sort, direction) in [
            (vec![], Direction::Asc),
            (vec![UserSort::Lastname], Direction::Asc),
            (vec![UserSort::Lastname], Direction::Desc),
        ] {
            let query = UserQuery {
                filter: filter.clone(),
                sort,
                direction: Some(direction),
                limit: Some(PAGE),
                ..UserQuery::default()
            };
            let wanted = expected(holds, &query);
            assert_eq!(both_ways(&app, &query).await, [wanted.clone(), wanted], "{q} {role:?} {query:?}");
        }
    }
}

#[tokio::test]
async fn nothing_of_a_removed_or_renamed_person_is_found() {
    let app = school().await;
    let found = async |q: &str| {
        let filter = UserFilter { q: Some(q.to_owned()), ..UserFilter::default() };
        let list = app
            .admin()
            .users()
            .list(&UserQuery { filter: filter.clone(), ..UserQuery::default() })
            .await
            .unwrap();
        assert_eq!(app.admin().users().count(&filter).await.unwrap(), list.items.len() as u64);
        list.items
    };
    let [one] = &found("common4199").await[..] else { panic!() };
    app.admin().users().remove(&one.id).await.unwrap();
    assert!(found("common4199").await.is_empty());
    let [other] = &found("common4198").await[..] else { panic!() };
    app.admin().users().convert_to_individual(&other.id).await.unwrap();
    assert!(found("common4198").await.is_empty());
    let again = app.add(&app.school, named("common4199", "", "Again"), Role::User).await;
    assert_eq!(found("common4199").await[0].id, again);
}
