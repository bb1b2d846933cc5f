//! Pages of users: forwards, backwards, and while rows come and go.

use homeroom_client::{
    Client, Direction, InvitationQuery, Page, Role, TestAccounts, UserDetailsAdmin, UserFilter, UserQuery,
    UserSort,
};
use reqwest::Method;
use serde_json::Value;

use crate::support::people::{People, usernames};
use crate::support::{TestApp, named, refusal};

type Users = Page<UserDetailsAdmin>;

const USERS: &str = "/v2/organizations/users";

async fn list(client: &Client, query: &UserQuery) -> Users {
    client.users().list(query).await.unwrap()
}

/// The pages from this one to the end; each but the first has a previous one.
async fn forwards(first: Users) -> Vec<Users> {
    let mut pages = vec![first];
    while let Some(page) = pages.last().unwrap().next().await.unwrap() {
        assert!(page.has_previous());
        pages.push(page);
    }
    pages
}

/// The pages from this one to the start, in the order of the list.
async fn backwards(last: Users) -> Vec<Users> {
    let mut pages = vec![last];
    while let Some(page) = pages.last().unwrap().previous().await.unwrap() {
        assert!(page.has_next());
        pages.push(page);
    }
    pages.reverse();
    pages
}

fn on_pages(pages: &[Users]) -> Vec<Vec<String>> {
    pages.iter().map(|page| usernames(&page.items)).collect()
}

/// Pages through a list and back with a limit, and compares each page with its part of the whole list.
async fn walk(people: &People, query: &UserQuery, limit: u16) {
    let whole = people.expected(query);
    let parts: Vec<Vec<String>> = whole.chunks(limit.into()).map(<[String]>::to_vec).collect();
    let query = UserQuery { limit: Some(limit), ..query.clone() };
    let first = list(&people.app.admin(), &query).await;
    assert!(!first.has_previous());
    let pages = forwards(first).await;
    assert_eq!(on_pages(&pages), parts, "{query:?}");
    let back = backwards(pages.last().unwrap().clone()).await;
    assert_eq!(on_pages(&back), parts, "back, {query:?}");
    assert_eq!(on_pages(&forwards(back[0].clone()).await), parts, "and forth, {query:?}");
}

async fn walk_each(sorts: &[&[UserSort]], limits: &[u16]) {
    let people = People::start(None).await;
    for sort in sorts {
        for direction in [Direction::Asc, Direction::Desc] {
            for limit in limits {
                let direction = Some(direction);
                walk(&people, &UserQuery { sort: sort.to_vec(), direction, ..UserQuery::default() }, *limit)
                    .await;
            }
        }
    }
}

#[tokio::test]
async fn paging_to_the_end_and_back_shows_each_row_once_in_creation_order() {
    walk_each(&[&[]], &[1, 2, 7, 39, 40, 41, 1000]).await;
}

#[tokio::test]
async fn paging_to_the_end_and_back_shows_each_row_once_by_every_sort_key() {
    for key in UserSort::ALL {
        walk_each(&[&[*key]], &[1, 3, 8, 20, 40]).await;
    }
}

#[tokio::test]
async fn paging_to_the_end_and_back_shows_each_row_once_by_several_sort_keys() {
    use UserSort::{Firstname, LastActivityDate, Lastname, LicenseExpirationDate};
    let sorts: [&[UserSort]; 4] = [
        &[Lastname, Firstname],
        &[LicenseExpirationDate, Lastname],
        &[LastActivityDate, LicenseExpirationDate, Firstname],
        &[Firstname, Lastname, LicenseExpirationDate, LastActivityDate],
    ];
    walk_each(&sorts, &[1, 6, 39]).await;
}

#[tokio::test]
async fn paging_keeps_to_the_filters() {
    let people = People::start(None).await;
    let filter = UserFilter {
        role: vec![Role::User, Role::Teacher],
        q: Some("p".into()),
        no_active_license: true,
        test_accounts: Some(TestAccounts::Exclude),
        ..UserFilter::default()
    };
    let query = UserQuery { filter, sort: vec![UserSort::Lastname], ..UserQuery::default() };
    assert!(people.expected(&query).len() > 5);
    for limit in [1, 2, 3, 5] {
        walk(&people, &query, limit).await;
    }
}

/// The targets of a `Link` header by their relation.
fn links(headers: &reqwest::header::HeaderMap) -> Vec<(String, String)> {
    let Some(links) = headers.get("link") else { return Vec::new() };
    let parts = links.to_str().unwrap().split(", ");
    parts
        .map(|link| {
            let (target, relation) = link.strip_prefix('<').unwrap().split_once(">; rel=\"").unwrap();
            (relation.strip_suffix('"').unwrap().to_owned(), target.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn links_are_there_only_for_pages_that_exist() {
    let people = People::start(None).await;
    let query = UserQuery { limit: Some(20), ..UserQuery::default() };
    let pages = forwards(list(&people.app.admin(), &query).await).await;
    let relations: Vec<Vec<String>> =
        pages.iter().map(|page| links(page.headers()).into_iter().map(|(rel, _)| rel).collect()).collect();
    assert_eq!(relations, [vec!["next"], vec!["previous"]]);
    let nobody = UserFilter { q: Some("nobody at all".into()), ..UserFilter::default() };
    let empty = list(&people.app.admin(), &UserQuery { filter: nobody, ..UserQuery::default() }).await;
    assert_eq!(empty.headers().get("link"), None);
}

#[tokio::test]
async fn links_are_absolute_and_repeat_all_other_parameters() {
    let people = People::start(None).await;
    let asked = "role[]=user&role[]=teacher,admin&q=P+%C3%89&sort=lastname&direction=desc&limit=2&onlyIds=true\
                 &testAccounts=exclude&colour=sky+%26+sea&empty=";
    let asked = asked.replace("+%C3%89", "");
    let mut url = format!("{}{USERS}?{asked}", people.app.url);
    let wanted: Vec<(String, String)> = form(&asked);
    for step in ["next", "next", "previous"] {
        let answer = people.app.http().get(&url).bearer_auth(&people.app.school.token).send().await.unwrap();
        let links = links(answer.headers());
        for (relation, target) in &links {
            let query =
                target.strip_prefix(&format!("{}{USERS}?", people.app.url)).expect("an absolute address");
            let (cursors, others): (Vec<_>, Vec<_>) =
                form(query).into_iter().partition(|(name, _)| name == "next" || name == "previous");
            assert_eq!(others, wanted);
            assert_eq!(cursors.iter().map(|(name, _)| name).collect::<Vec<_>>(), [relation]);
        }
        url = links.into_iter().find(|(relation, _)| relation == step).expect(step).1;
    }
}

fn form(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn links_lead_to_the_public_url_whatever_host_was_asked() {
    let app =
        TestApp::start_with(|settings| settings.public_url = "https://school.example/homeroom".into()).await;
    app.user("ada", Role::User).await;
    let answer =
        app.request(Method::GET, &format!("{USERS}?limit=1")).header("host", "evil.example").send().await;
    let links = links(answer.unwrap().headers());
    let start = "https://school.example/homeroom/v2/organizations/users?limit=1&next=";
    assert!(links.len() == 1 && links[0].1.starts_with(start), "{links:?}");
}

/// A school with pupils of these first names, which are their usernames too.
async fn pupils(names: &[&str]) -> TestApp {
    let app = TestApp::start().await;
    for name in names {
        app.add(&app.school, named(name, name, ""), Role::User).await;
    }
    app
}

/// Pupils by first name.
fn by_name(limit: u16) -> UserQuery {
    let filter = UserFilter { role: vec![Role::User], ..UserFilter::default() };
    UserQuery { filter, sort: vec![UserSort::Firstname], limit: Some(limit), ..UserQuery::default() }
}

async fn remove(app: &TestApp, names: &[&str]) {
    for user in list(&app.admin(), &by_name(1000)).await.items {
        if names.contains(&user.username.as_str()) {
            app.admin().users().remove(&user.id).await.unwrap();
        }
    }
}

#[tokio::test]
async fn rows_added_between_pages_make_no_other_row_appear_twice_or_be_skipped() {
    let app = pupils(&["b", "d", "f", "h"]).await;
    let first = list(&app.admin(), &by_name(2)).await;
    for name in ["a", "c", "e", "g", "i"] {
        app.add(&app.school, named(name, name, ""), Role::User).await;
    }
    let pages = forwards(first).await;
    assert_eq!(on_pages(&pages).concat(), ["b", "d", "e", "f", "g", "h", "i"]);
    let back = backwards(pages.last().unwrap().clone()).await;
    assert_eq!(on_pages(&back).concat(), ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
}

#[tokio::test]
async fn rows_removed_between_pages_make_no_other_row_appear_twice_or_be_skipped() {
    let app = pupils(&["a", "b", "c", "d", "e", "f"]).await;
    let first = list(&app.admin(), &by_name(2)).await;
    remove(&app, &["a", "b", "d"]).await;
    let second = first.next().await.unwrap().unwrap();
    assert_eq!(usernames(&second.items), ["c", "e"]);
    assert!(!second.has_previous(), "both rows before it are gone");
    remove(&app, &["c"]).await;
    assert_eq!(on_pages(&forwards(second).await), [vec!["c", "e"], vec!["f"]]);
}

#[tokio::test]
async fn a_next_page_that_was_emptied_meanwhile_leads_back() {
    let app = pupils(&["a", "b", "c", "d"]).await;
    let first = list(&app.admin(), &by_name(2)).await;
    remove(&app, &["c", "d"]).await;
    let empty = first.next().await.unwrap().unwrap();
    assert_eq!((empty.items.len(), empty.has_next(), empty.has_previous()), (0, false, true));
    let back = empty.previous().await.unwrap().unwrap();
    assert_eq!(usernames(&back.items), ["a", "b"]);
    assert!(!back.has_next() && !back.has_previous());
}

#[tokio::test]
async fn a_previous_page_that_was_emptied_meanwhile_leads_on() {
    let app = pupils(&["a", "b", "c", "d"]).await;
    let second = list(&app.admin(), &by_name(2)).await.next().await.unwrap().unwrap();
    remove(&app, &["a", "b"]).await;
    let empty = second.previous().await.unwrap().unwrap();
    assert_eq!((empty.items.len(), empty.has_next(), empty.has_previous()), (0, true, false));
    let on = empty.next().await.unwrap().unwrap();
    assert_eq!(usernames(&on.items), ["c", "d"]);
    assert!(!on.has_next() && !on.has_previous());
}

#[tokio::test]
async fn a_list_that_was_emptied_meanwhile_has_no_other_pages() {
    let app = pupils(&["a", "b", "c"]).await;
    let first = list(&app.admin(), &by_name(2)).await;
    remove(&app, &["a", "b", "c"]).await;
    let empty = first.next().await.unwrap().unwrap();
    assert_eq!((empty.items.len(), empty.has_next(), empty.has_previous()), (0, false, false));
}

#[tokio::test]
async fn a_row_added_at_the_end_of_an_emptied_page_is_reached_by_going_on() {
    let app = pupils(&["a", "b", "c"]).await;
    let first = list(&app.admin(), &by_name(2)).await;
    remove(&app, &["c"]).await;
    let empty = first.next().await.unwrap().unwrap();
    app.add(&app.school, named("z", "z", ""), Role::User).await;
    let back = empty.previous().await.unwrap().unwrap();
    assert_eq!(on_pages(&forwards(back).await), [vec!["a", "b"], vec!["z"]]);
}

#[tokio::test]
async fn limit_and_only_ids_may_change_under_a_cursor() {
    let app = pupils(&["a", "b", "c", "d"]).await;
    let next = list(&app.admin(), &by_name(1)).await.next_cursor();
    let page = list(&app.admin(), &UserQuery { next, only_ids: true, ..by_name(2) }).await;
    assert_eq!(usernames(&page.items), ["b", "c"]);
    assert_eq!(page.items[0].firstname, None);
    let previous = page.previous_cursor();
    let back = list(&app.admin(), &UserQuery { previous, ..by_name(1000) }).await;
    assert_eq!(usernames(&back.items), ["a"]);
    assert_eq!(back.items[0].firstname.as_deref(), Some("a"));
}

#[tokio::test]
async fn a_cursor_serves_more_than_once_and_after_an_hour() {
    let app = pupils(&["a", "b"]).await;
    let first = list(&app.admin(), &by_name(1)).await;
    for _ in 0..2 {
        app.app.clock.advance(std::time::Duration::from_secs(3600));
        assert_eq!(usernames(&first.next().await.unwrap().unwrap().items), ["b"]);
    }
}

/// Asserts that a cursor is refused, as `next` and as `previous`.
async fn refuses(client: &Client, query: &UserQuery, cursor: &str) {
    let next = UserQuery { next: Some(cursor.to_owned()), ..query.clone() };
    let previous = UserQuery { previous: Some(cursor.to_owned()), ..query.clone() };
    for (query, param) in [(next, "next"), (previous, "previous")] {
        let refused = refusal(client.users().list(&query).await);
        assert_eq!(refused, ("INVALID_CURSOR".to_owned(), Some(param.to_owned())), "{query:?}");
    }
}

#[tokio::test]
async fn a_cursor_of_other_filters_sort_or_direction_is_refused() {
    let app = pupils(&["a", "b", "c"]).await;
    let group = app.group(&[]).await;
    let cursor = list(&app.admin(), &by_name(1)).await.next_cursor().unwrap();
    let query = by_name(1);
    let filter = query.filter.clone();
    for filter in [
        UserFilter::default(),
        UserFilter { role: vec![Role::User, Role::Teacher], ..filter.clone() },
        UserFilter { group: vec![group], ..filter.clone() },
        UserFilter { q: Some("a".into()), ..filter.clone() },
        UserFilter { no_active_license: true, ..filter.clone() },
        UserFilter { test_accounts: Some(TestAccounts::Exclude), ..filter.clone() },
        UserFilter { license_expiration_date: vec!["active".into()], ..filter },
    ] {
        refuses(&app.admin(), &UserQuery { filter, ..query.clone() }, &cursor).await;
    }
    for sort in [vec![], vec![UserSort::Lastname], vec![UserSort::Firstname, UserSort::Lastname]] {
        refuses(&app.admin(), &UserQuery { sort, ..query.clone() }, &cursor).await;
    }
    refuses(&app.admin(), &UserQuery { direction: Some(Direction::Desc), ..query }, &cursor).await;
}

#[tokio::test]
async fn a_cursor_serves_where_the_same_list_is_asked_for_in_other_words() {
    let app = pupils(&["a", "b", "c"]).await;
    let cursor = list(&app.admin(), &by_name(1)).await.next_cursor().unwrap();
    for query in [
        "role[]=user&sort[]=firstname",
        "direction=asc&sort=firstname&q=&role=user",
        "role=user,user&sort=firstname",
    ] {
        let answer =
            app.request(Method::GET, &format!("{USERS}?{query}&limit=1&next={cursor}")).send().await.unwrap();
        assert_eq!(answer.json::<Value>().await.unwrap()[0]["username"], "b", "{query}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_organization_is_refused() {
    let app = pupils(&["a", "b"]).await;
    let other = app.other_school().await;
    let cursor = list(&app.admin(), &by_name(1)).await.next_cursor().unwrap();
    refuses(&app.client(&other.token), &by_name(1), &cursor).await;
}

#[tokio::test]
async fn a_cursor_serves_another_administrator_of_the_organization() {
    let app = pupils(&["a", "b"]).await;
    let (_, colleague) = app.caller("zz", Role::AccountAdmin, &[homeroom_client::Scope::EduAdminUsers]).await;
    let next = list(&app.admin(), &by_name(1)).await.next_cursor();
    assert_eq!(usernames(&list(&colleague, &UserQuery { next, ..by_name(1) }).await.items), ["b"]);
}

#[tokio::test]
async fn a_cursor_that_is_damaged_in_any_character_is_refused() {
    let app = pupils(&["a", "b"]).await;
    let cursor = list(&app.admin(), &by_name(1)).await.next_cursor().unwrap();
    for at in 0..cursor.len() {
        // The lowest bits of the last character may carry nothing: 'A' and 'w' differ in the highest.
        let other = if cursor.as_bytes()[at] < b'a' { "w" } else { "A" };
        let damaged = format!("{}{other}{}", &cursor[..at], &cursor[at + 1..]);
        refuses(&app.admin(), &by_name(1), &damaged).await;
    }
}

#[tokio::test]
async fn a_cursor_that_is_cut_or_longer_or_nonsense_is_refused() {
    let app = pupils(&["a", "b"]).await;
    let cursor = list(&app.admin(), &by_name(1)).await.next_cursor().unwrap();
    for length in 1..cursor.len() {
        refuses(&app.admin(), &by_name(1), &cursor[..length]).await;
    }
    for wrong in [
        format!("{cursor}A"),
        format!("{cursor}="),
        format!("{cursor}{cursor}"),
        " ".into(),
        "é".into(),
        "eyJpZCI6IjEifQ".into(),
    ] {
        refuses(&app.admin(), &by_name(1), &wrong).await;
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let app = pupils(&["a", "b"]).await;
    for _ in 0..2 {
        app.admin()
            .invitations()
            .create(&homeroom_client::OrganizationInvitationCreation::default())
            .await
            .unwrap();
    }
    let query = InvitationQuery { limit: Some(1), ..InvitationQuery::default() };
    let foreign = app.admin().invitations().list(&query).await.unwrap().next_cursor().unwrap();
    let unsorted = UserQuery { limit: Some(1), ..UserQuery::default() };
    refuses(&app.admin(), &unsorted, &foreign).await;
    let own = list(&app.admin(), &unsorted).await.next_cursor();
    let refused = refusal(app.admin().invitations().list(&InvitationQuery { next: own, ..query }).await);
    assert_eq!(refused.0, "INVALID_CURSOR");
}

#[tokio::test]
async fn next_and_previous_at_once_are_refused() {
    let app = pupils(&["a", "b", "c"]).await;
    let second = list(&app.admin(), &by_name(1)).await.next().await.unwrap().unwrap();
    let (next, previous) = (second.next_cursor(), second.previous_cursor());
    assert!(next.is_some() && previous.is_some());
    let refused = app.admin().users().list(&UserQuery { next, previous, ..by_name(1) }).await;
    assert_eq!(refused.unwrap_err().status().unwrap(), 400);
}

#[tokio::test]
async fn a_cursor_shows_no_name_and_is_never_the_same_twice() {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
    let app = pupils(&["margaret-the-first", "z"]).await;
    let cursor = list(&app.admin(), &by_name(1)).await.next_cursor().unwrap();
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(&cursor).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("margaret"));
    assert_ne!(list(&app.admin(), &by_name(1)).await.next_cursor().unwrap(), cursor);
}
