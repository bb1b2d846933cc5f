//! Lists of users: order, filters, count. What a list must hold is worked out in `support::people`.

use homeroom_client::{Direction, LicenseMode, Role, TestAccounts, UserFilter, UserQuery, UserSort};
use homeroom_server::users::NewUser;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::people::{People, Span, day, usernames};
use crate::support::{TestApp, named, person, refusal};

const USERS: &str = "/v2/organizations/users";

/// The usernames that a raw query lists.
async fn listed(app: &TestApp, query: &str) -> Vec<String> {
    let answer = app.request(Method::GET, &format!("{USERS}?{query}")).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{query}");
    let users: Vec<Value> = answer.json().await.unwrap();
    users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

/// The parameter that a raw query, sent to the list and to the count, is refused for.
async fn refused_param(app: &TestApp, query: &str) -> String {
    let mut params = Vec::new();
    for path in [USERS.to_owned(), format!("{USERS}/count")] {
        let answer = app.request(Method::GET, &format!("{path}?{query}")).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{query}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["code"], "INVALID_PARAMETER");
        params.push(body["param"].as_str().unwrap().to_owned());
    }
    assert_eq!(params[0], params[1]);
    params.remove(0)
}

/// Every order of every choice of sort keys, none included.
fn every_sort() -> Vec<Vec<UserSort>> {
    let mut sorts: Vec<Vec<UserSort>> = vec![Vec::new()];
    let mut done = 0;
    while done < sorts.len() {
        let sort = sorts[done].clone();
        let more = UserSort::ALL.iter().filter(|key| !sort.contains(key));
        sorts.extend(more.map(|key| [sort.as_slice(), &[*key]].concat()).collect::<Vec<_>>());
        done += 1;
    }
    sorts
}

#[tokio::test]
async fn every_combination_of_sort_keys_sorts_by_the_first_one_first_and_then_by_id() {
    let people = People::start(None).await;
    let sorts = every_sort();
    assert_eq!(sorts.len(), 65);
    for sort in sorts {
        let query = UserQuery { sort, ..UserQuery::default() };
        assert_eq!(people.listed(&query).await, people.expected(&query), "{:?}", query.sort);
    }
}

#[tokio::test]
async fn desc_is_the_exact_reverse_of_asc_and_asc_is_the_default() {
    let people = People::start(None).await;
    for sort in every_sort() {
        let list = |direction| people.listed_in(&sort, direction);
        let ascending = list(Some(Direction::Asc)).await;
        let mut descending = list(Some(Direction::Desc)).await;
        assert_eq!(list(None).await, ascending, "{sort:?}");
        descending.reverse();
        assert_eq!(descending, ascending, "{sort:?}");
    }
}

impl People {
    async fn listed_in(&self, sort: &[UserSort], direction: Option<Direction>) -> Vec<String> {
        self.listed(&UserQuery { sort: sort.to_vec(), direction, ..UserQuery::default() }).await
    }
}

#[tokio::test]
async fn a_site_licence_counts_in_the_order_too() {
    for site in [(day("01-01"), day("05-31")), (day("01-01"), day("02-15")), (day("04-01"), day("07-31"))] {
        let people = People::start(Some(site)).await;
        for direction in [Direction::Asc, Direction::Desc] {
            let sort = vec![UserSort::LicenseExpirationDate];
            let query = UserQuery { sort, direction: Some(direction), ..UserQuery::default() };
            assert_eq!(people.listed(&query).await, people.expected(&query), "{site:?} {direction}");
        }
    }
}

#[tokio::test]
async fn names_sort_by_their_fold_bytewise_and_a_missing_one_first() {
    let app = TestApp::start().await;
    for name in ["山田", "Zoë", "élan", "Ela", "ada", "Łuk", "lua", "Ωmega", "a b", "a-b", "Ада"] {
        app.add(&app.school, named(name, name, ""), Role::User).await;
    }
    let sorted = ["head", "a b", "a-b", "ada", "Ela", "élan", "lua", "Łuk", "Zoë", "Ωmega", "Ада", "山田"];
    assert_eq!(listed(&app, "sort=firstname").await, sorted);
}

#[tokio::test]
async fn a_sort_key_that_comes_twice_counts_once() {
    let people = People::start(None).await;
    let once = listed(&people.app, "sort=lastname&sort=firstname&limit=1000").await;
    assert_eq!(listed(&people.app, "sort=lastname,firstname,lastname&limit=1000").await, once);
}

#[tokio::test]
async fn a_page_holds_25_users_unless_it_says_otherwise() {
    let people = People::start(None).await;
    assert_eq!(listed(&people.app, "").await.len(), 25);
    assert_eq!(listed(&people.app, "limit=1").await.len(), 1);
    assert_eq!(listed(&people.app, "limit=1000").await.len(), people.all.len());
}

/// Filters of every kind in every combination.
fn filters(people: &People) -> Vec<UserFilter> {
    let [a, b] = people.groups.clone();
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let roles = [vec![], vec![Role::User], vec![Role::Teacher, Role::Admin]];
    let groups = [vec![], vec![a.clone()], vec![b.clone(), a], vec!["0123456789abcdef01234567".into(), b]];
    let searches = [None, Some("s"), Some("jose strasse"), Some("school.example p"), Some("0")];
    let licenses: [&[&str]; 7] = [
        &[],
        &["active"],
        &["notActive"],
        &["2026-06-30"],
        &["2026-03-15T23:59:59Z", "notActive"],
        &["active", "notActive", "2026-06-30"],
        &["2026-05-31"],
    ];
    let mut filters = Vec::new();
    for role in &roles {
        for group in &groups {
            for q in searches {
                for license in licenses {
                    for (no_active_license, test_accounts) in [
                        (false, None),
                        (true, None),
                        (true, Some(TestAccounts::Exclude)),
                        (false, Some(TestAccounts::Only)),
                    ] {
                        filters.push(UserFilter {
                            role: role.clone(),
                            group: group.clone(),
                            q: q.map(str::to_owned),
                            no_active_license,
                            test_accounts,
                            license_expiration_date: texts(license),
                        });
                    }
                }
            }
        }
    }
    filters
}

/// Compares list and count with what they must be, for one in `nth` combinations of filters; how many were not empty.
async fn compare(site: Option<Span>, nth: usize) -> usize {
    let people = People::start(site).await;
    let mut not_empty = 0;
    for filter in filters(&people).into_iter().step_by(nth) {
        let query = UserQuery { filter, ..UserQuery::default() };
        let expected = people.expected(&query);
        assert_eq!(people.listed(&query).await, expected, "{query:?}");
        let count = people.app.admin().users().count(&query.filter).await.unwrap();
        assert_eq!(count, expected.len() as u64, "{query:?}");
        not_empty += usize::from(!expected.is_empty());
    }
    not_empty
}

#[tokio::test]
async fn list_and_count_agree_for_every_combination_of_filters() {
    assert!(compare(None, 5).await > 100);
}

#[tokio::test]
async fn list_and_count_agree_where_a_site_licence_covers_everybody() {
    assert!(compare(Some((day("01-01"), day("05-31"))), 11).await > 20);
}

#[tokio::test]
async fn list_and_count_agree_where_a_site_licence_has_ended() {
    assert!(compare(Some((day("01-01"), day("02-15"))), 11).await > 40);
}

#[tokio::test]
async fn an_array_may_come_in_every_spelling() {
    let app = TestApp::start().await;
    for (name, role) in [("t", Role::Teacher), ("u", Role::User), ("a", Role::AccountAdmin)] {
        app.user(name, role).await;
    }
    for query in [
        "role=user&role=teacher",
        "role[]=user&role[]=teacher",
        "role%5B%5D=user&role%5B%5D=teacher",
        "role[0]=user&role[1]=teacher",
        "role%5B1%5D=user&role%5B0%5D=teacher",
        "role=user,teacher",
        "role=user%2Cteacher",
        "role=,user,,teacher,&role=",
        "role=user&role[]=teacher&role=user",
    ] {
        assert_eq!(listed(&app, query).await, ["t", "u"], "{query}");
    }
    assert_eq!(
        listed(&app, "roles=user&role[x]=user&rolex=user").await.len(),
        4,
        "these are other parameters"
    );
}

#[tokio::test]
async fn an_array_of_sort_keys_may_come_in_every_spelling() {
    let people = People::start(None).await;
    let sort = vec![UserSort::Lastname, UserSort::LastActivityDate];
    let expected = people.expected(&UserQuery { sort, ..UserQuery::default() });
    for query in [
        "sort=lastname&sort=lastActivityDate",
        "sort[]=lastname&sort[]=lastActivityDate",
        "sort[0]=lastname&sort[1]=lastActivityDate",
        "sort=lastname,lastActivityDate",
    ] {
        assert_eq!(listed(&people.app, &format!("{query}&limit=1000")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn an_empty_value_is_an_absent_one() {
    let people = People::start(None).await;
    let everybody = listed(&people.app, "").await;
    for name in [
        "sort",
        "direction",
        "next",
        "previous",
        "role",
        "q",
        "group",
        "noActiveLicense",
        "testAccounts",
        "licenseExpirationDate",
        "onlyIds",
        "limit",
        "role[]",
        "sort[0]",
    ] {
        assert_eq!(listed(&people.app, &format!("{name}=")).await, everybody, "{name}=");
        assert_eq!(listed(&people.app, name).await, everybody, "{name}");
    }
    assert_eq!(listed(&people.app, "next=&limit=&limit=2&q=%20").await, everybody[..2]);
}

#[tokio::test]
async fn an_array_has_100_values_at_most() {
    let app = TestApp::start().await;
    for name in ["role", "group", "licenseExpirationDate"] {
        let value = if name == "role" { "admin" } else { "2026-06-30" };
        let values = |number| vec![value; number].join(",");
        listed(&app, &format!("{name}={}", values(100))).await;
        assert_eq!(refused_param(&app, &format!("{name}={}", values(101))).await, name);
        assert_eq!(refused_param(&app, &format!("{name}={}&{name}[]={value}", values(100))).await, name);
    }
    let many = app.request(Method::GET, &format!("{USERS}?{}", "sort=lastname&".repeat(101)));
    assert_eq!(many.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_wrong_licence_date_is_400() {
    let app = TestApp::start().await;
    for wrong in [
        "Active",
        "none",
        "2026-6-30",
        "2026-02-30",
        "2026-06",
        "2026-06-30T10:00:00",
        "30.06.2026",
        "1782777600",
    ] {
        let query = format!("licenseExpirationDate={wrong}");
        assert_eq!(refused_param(&app, &query).await, "licenseExpirationDate", "{wrong}");
        assert_eq!(
            refused_param(&app, &format!("licenseExpirationDate=active,{wrong}")).await,
            "licenseExpirationDate"
        );
    }
}

#[tokio::test]
async fn a_group_that_is_unknown_or_elsewhere_has_nobody() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    let group = app.group(&[&app.school.admin]).await;
    let of_group = |group: &str| UserFilter { group: vec![group.into()], ..UserFilter::default() };
    for unknown in ["0123456789abcdef01234567", "nonsense", "'; --"] {
        assert_eq!(app.admin().users().count(&of_group(unknown)).await.unwrap(), 0, "{unknown}");
    }
    assert_eq!(app.admin().users().count(&of_group(group.as_str())).await.unwrap(), 1);
    assert_eq!(app.client(&other.token).users().count(&of_group(group.as_str())).await.unwrap(), 0);
}

#[tokio::test]
async fn only_ids_answers_exactly_five_fields() {
    let app = TestApp::start().await;
    app.add(&app.school, named("ada", "Ada", "Lovelace"), Role::User).await;
    for flag in ["true", "True", "1"] {
        let answer =
            app.request(Method::GET, &format!("{USERS}?onlyIds={flag}&direction=desc&limit=1")).send().await;
        let users: Value = answer.unwrap().json().await.unwrap();
        let id = users[0]["id"].as_str().unwrap().to_owned();
        let ada =
            json!({ "id": id, "type": "user", "product": "flatEdu", "username": "ada", "picture": null });
        assert_eq!(users, json!([ada]));
    }
}

#[tokio::test]
async fn without_only_ids_everything_is_shown() {
    let app = TestApp::start().await;
    app.add(&app.school, named("ada", "Ada", "Lovelace"), Role::User).await;
    for query in ["", "&onlyIds=false", "&onlyIds=0"] {
        let answer =
            app.request(Method::GET, &format!("{USERS}?direction=desc&limit=1{query}")).send().await.unwrap();
        let user = &answer.json::<Value>().await.unwrap()[0];
        assert_eq!(user["printableName"], "Ada Lovelace");
        assert_eq!(user["organizationRole"], "user");
        assert_eq!(user["groups"], json!([]));
        for absent in ["email", "license", "lastActivityDate"] {
            assert_eq!(user.get(absent), None, "{absent}");
        }
    }
}

#[tokio::test]
async fn a_removed_user_is_neither_listed_nor_counted() {
    let app = TestApp::start().await;
    let ada = app.add(&app.school, named("ada", "Ada", ""), Role::User).await;
    let group = app.group(&[&ada]).await;
    app.license(LicenseMode::Credit, (day("01-01"), day("06-30")), &[&ada]).await;
    app.admin().users().remove(&ada).await.unwrap();
    assert_eq!(listed(&app, "").await, ["head"]);
    for query in [
        "q=ada".to_owned(),
        "role=user".into(),
        format!("group={group}"),
        "licenseExpirationDate=active".into(),
    ] {
        assert_eq!(listed(&app, &query).await, [""; 0], "{query}");
    }
    assert_eq!(app.admin().users().count(&UserFilter::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_user_who_left_as_an_individual_is_neither_listed_nor_counted() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    app.admin().users().convert_to_individual(&ada).await.unwrap();
    assert_eq!(listed(&app, "").await, ["head"]);
    assert_eq!(app.admin().users().count(&UserFilter::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn the_users_of_another_organization_are_not_listed() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    app.add(&other, person("south"), Role::User).await;
    let north = app.admin().users().list(&UserQuery::default()).await.unwrap();
    let south = app.client(&other.token).users().list(&UserQuery::default()).await.unwrap();
    assert_eq!(usernames(&north.items), ["head"]);
    assert_eq!(usernames(&south.items), ["head", "south"]);
}

#[tokio::test]
async fn test_students_are_listed_unless_a_filter_says_otherwise() {
    let app = TestApp::start().await;
    let new = NewUser {
        profile: person("test"),
        role: Role::User,
        locale: "en".into(),
        password: None,
        is_test: true,
    };
    app.insert(&app.school, &new).await;
    assert_eq!(listed(&app, "").await, ["head", "test"]);
    assert_eq!(listed(&app, "testAccounts=exclude").await, ["head"]);
    assert_eq!(listed(&app, "testAccounts=only").await, ["test"]);
    assert_eq!(refused_param(&app, "testAccounts=include").await, "testAccounts");
}

#[tokio::test]
async fn a_change_is_in_the_next_list() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    for (role, word) in
        [(Role::Teacher, "teacher"), (Role::AccountAdmin, "accountAdmin"), (Role::User, "user")]
    {
        let update = homeroom_client::UserAdminUpdate { organization_role: Some(role), ..Default::default() };
        app.admin().users().update(&ada, &update).await.unwrap();
        assert_eq!(listed(&app, &format!("role={word}")).await, ["ada"]);
    }
}

#[tokio::test]
async fn a_limit_outside_1_to_1000_is_400() {
    let app = TestApp::start().await;
    for limit in [0, 1001, u16::MAX] {
        let query = UserQuery { limit: Some(limit), ..UserQuery::default() };
        let refused = refusal(app.admin().users().list(&query).await);
        assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("limit".to_owned())), "{limit}");
    }
}
