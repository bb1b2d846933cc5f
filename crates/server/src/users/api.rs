use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use homeroom_api::{
    Direction, ErrorBody, OrganizationId, Product, Role, Scope, Scopes, TestAccounts, Timestamp,
    UserAdminUpdate, UserCreation, UserDetailsAdmin, UserErasure, UserPublic, UserSort,
};

use super::{Filter, LicenseFilter, Sorting, User};
use crate::http::cursor::List;
use crate::http::quirks::Sdk;
use crate::http::{Access, Allowed, Binary, Caller, Json, PageQuery, Params, Path, Routes, parse_id};
use crate::organizations::INDIVIDUALS;
use crate::text::fold;
use crate::{App, Error, Result, users};

pub const USERS_READ: Access = Access {
    scopes: Scopes::of(&[Scope::EduAdmin, Scope::EduAdminUsers, Scope::EduAdminUsersReadonly]),
    roles: Allowed::Administrators,
};
pub const USERS_WRITE: Access =
    Access { scopes: Scopes::of(&[Scope::EduAdmin, Scope::EduAdminUsers]), roles: Allowed::Administrators };
/// What is public of people.
pub const PROFILE: Access = Access {
    scopes: Scopes::of(&[Scope::AccountPublicProfile, Scope::AccountEducationProfile]),
    roles: Allowed::Everybody,
};

const USERS: &str = "/v2/organizations/users";

pub fn routes() -> Routes {
    Routes::new()
        .get(USERS, USERS_READ, list)
        .get("/v2/organizations/users/count", USERS_READ, count)
        .post(USERS, USERS_WRITE, create)
        .get("/v2/organizations/users/{user}", USERS_READ, get)
        .put("/v2/organizations/users/{user}", USERS_WRITE, update)
        .delete("/v2/organizations/users/{user}", USERS_WRITE, remove)
        .get("/v2/users/{user}", PROFILE, get_public)
        .get("/v2/organizations/users/{user}/export", USERS_WRITE, export)
        .get("/v2/organizations/users/{user}/erasure", USERS_READ, get_erasure)
}

/// List the users of the organization
///
/// Filters of different kinds are combined with *and*, values of one kind with *or*. Follow the `Link` header for
/// more pages: rows added or removed meanwhile make no other row appear twice or be skipped.
#[utoipa::path(
    get, path = "/v2/organizations/users", operation_id = "listOrganizationUsers", tag = "Organization",
    params(
        ("sort" = Option<Vec<UserSort>>, Query, description = "What to sort by, first one first; then, and by default, the order of creation. Missing values come first in `asc`"),
        ("direction" = Option<Direction>, Query, description = "`asc` by default; `desc` is its exact reverse"),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
        ("role" = Option<Vec<Role>>, Query, description = "Any of these roles"),
        ("q" = Option<String>, Query, description = "Words, each of which must be found in username, first name, last name or e-mail, whatever case and accents: at most 10 words and 200 characters"),
        ("group" = Option<Vec<String>>, Query, description = "Members of any of these groups"),
        ("noActiveLicense" = Option<bool>, Query, description = "`true`: only users without an active licence"),
        ("testAccounts" = Option<TestAccounts>, Query, description = "Leave out the test students of teachers, or list nothing else"),
        ("licenseExpirationDate" = Option<Vec<String>>, Query, description = "`active`; `notActive` (has a licence, none of them active); or a date, on which (in UTC) the licence that counts ends"),
        ("onlyIds" = Option<bool>, Query, description = "`true`: only `id`, `type`, `product`, `username` and `picture` of each user"),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 1000, example = 25),
    ),
    responses((status = 200, description = "One page of users", body = [UserDetailsAdmin]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, sdk: Sdk, params: Params) -> Result<Response> {
    let filter = read_filter(&params)?;
    let keys = params.words("sort")?;
    let descending = params.word("direction")? == Some(Direction::Desc);
    let sorting = Sorting { keys, descending };
    let list = List::of(&("users", &caller.organization, &filter, &sorting));
    let page = PageQuery::read(&app, &params, &list, 25)?;
    let only_ids = params.flag("onlyIds")?;
    let page = users::list(&app, &caller, &filter, &sorting, &page).await?;
    let shown = page.map(|user| if only_ids { user.basics(sdk) } else { user.details(sdk) });
    Ok(sdk.vary(shown.respond(&app, &list, USERS, &params)))
}

/// Count the users of the organization
///
/// With the filters of the list: always as many as the list is long.
#[utoipa::path(
    get, path = "/v2/organizations/users/count", operation_id = "countOrgaUsers", tag = "Organization",
    params(
        ("role" = Option<Vec<Role>>, Query, description = "Any of these roles"),
        ("q" = Option<String>, Query, description = "Words, each of which must be found in username, first name, last name or e-mail"),
        ("group" = Option<Vec<String>>, Query, description = "Members of any of these groups"),
        ("noActiveLicense" = Option<bool>, Query, description = "`true`: only users without an active licence"),
        ("testAccounts" = Option<TestAccounts>, Query, description = "Leave out the test students of teachers, or count nothing else"),
        ("licenseExpirationDate" = Option<Vec<String>>, Query, description = "`active`, `notActive`, or a date on which the licence that counts ends"),
    ),
    responses((status = 200, description = "How many", body = u64, content_type = "application/json"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn count(app: App, caller: Caller, sdk: Sdk, params: Params) -> Result<Response> {
    let count = users::count(&app, &caller, &read_filter(&params)?).await?;
    Ok(sdk.vary(sdk.count(count)?))
}

/// Create a user
///
/// Pupils need no e-mail address.
#[utoipa::path(
    post, path = "/v2/organizations/users", operation_id = "createOrganizationUser", tag = "Organization",
    request_body = UserCreation,
    responses((status = 200, description = "The new user", body = UserDetailsAdmin), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(app: App, caller: Caller, sdk: Sdk, Json(new): Json<UserCreation>) -> Result<Response> {
    Ok(shown(&users::create(&app, &caller, new).await?, sdk))
}

/// Get a user
///
/// Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/users/{user}", operation_id = "getOrganizationUser", tag = "Organization",
    params(("user" = String, Path, description = "The id of the user")),
    responses((status = 200, description = "The user", body = UserDetailsAdmin), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get(app: App, caller: Caller, sdk: Sdk, Path([user]): Path<1>) -> Result<Response> {
    let user = parse_id("user", user)?;
    Ok(shown(&users::get(&app, &caller, &user).await?, sdk))
}

/// Change a user
///
/// Only the fields that come are changed; `null` clears `email`, `firstname` and `lastname`. A new e-mail or
/// password ends the user's open sign-in links, and a password set by somebody else also the tokens of the user.
#[utoipa::path(
    put, path = "/v2/organizations/users/{user}", operation_id = "updateOrganizationUser", tag = "Organization",
    params(("user" = String, Path, description = "The id of the user")), request_body = UserAdminUpdate,
    responses((status = 200, description = "The user as they are now", body = UserDetailsAdmin), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn update(
    app: App,
    caller: Caller,
    sdk: Sdk,
    Path([user]): Path<1>,
    Json(update): Json<UserAdminUpdate>,
) -> Result<Response> {
    let user = parse_id("user", user)?;
    Ok(shown(&users::update(&app, &caller, &user, update, sdk).await?, sdk))
}

/// Remove a user
///
/// The account is gone when this answers; what it had made is erased in the background. With
/// `convertToIndividual` the user leaves the organization and keeps the account.
#[utoipa::path(
    delete, path = "/v2/organizations/users/{user}", operation_id = "removeOrganizationUser", tag = "Organization",
    params(
        ("user" = String, Path, description = "The id of the user"),
        ("convertToIndividual" = Option<bool>, Query, description = "`true`: keep the account, outside the organization"),
    ),
    responses((status = 204, description = "Removed"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn remove(app: App, caller: Caller, Path([user]): Path<1>, params: Params) -> Result<StatusCode> {
    let user = parse_id("user", user)?;
    if params.flag("convertToIndividual")? {
        users::convert_to_individual(&app, &caller, &user).await?;
    } else {
        users::remove(&app, &caller, &user).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Get a person, as others see them
///
/// Teachers and administrators see everybody of their organization; students see themselves, who is more than a
/// student, and whom they share a class with. Organization and role with `account.education_profile`.
#[utoipa::path(
    get, path = "/v2/users/{user}", operation_id = "getUser", tag = "User",
    params(("user" = String, Path, description = "The id of the user, or `me`")),
    responses((status = 200, description = "The user", body = UserPublic), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get_public(app: App, caller: Caller, sdk: Sdk, Path([user]): Path<1>) -> Result<Response> {
    let person = users::get_public(&app, &caller, &users::named(&caller, user)?).await?;
    let with_education = caller.scopes.has(Scope::AccountEducationProfile);
    let shown = if with_education { person.show(sdk, None) } else { person.show_alone(sdk) };
    Ok(sdk.vary(Json(shown).into_response()))
}

/// Get all that is held about a user
///
/// A ZIP: a JSON file for each kind of thing, and the documents of the user's scores as they were stored. Nothing secret
/// is in it. It is having the user's data, so it takes the scopes that change users, and is not for delegated tokens.
/// Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/users/{user}/export", operation_id = "exportOrganizationUser", tag = "Organization",
    params(("user" = String, Path, description = "The id of the user")),
    responses((status = 200, description = "The ZIP", content_type = "application/zip", body = Binary), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn export(app: App, caller: Caller, Path([user]): Path<1>) -> Result<Response> {
    let user = parse_id("user", user)?;
    let body = users::export::export(&app, &caller, &user).await?;
    let name = format!("attachment; filename=\"{user}.zip\"");
    Ok(([(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)], body)
        .into_response())
}

/// Get the erasure of a user
///
/// Of one who was removed, or left the organization with the account. It goes on in the background, and ends with a
/// receipt in the audit log. Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/users/{user}/erasure", operation_id = "getOrganizationUserErasure",
    tag = "Organization",
    params(("user" = String, Path, description = "The id that the user had")),
    responses((status = 200, description = "How far it has come", body = UserErasure), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get_erasure(app: App, caller: Caller, Path([user]): Path<1>) -> Result<Json<UserErasure>> {
    users::find_erasure(&app, &caller, &parse_id("erasure", user)?).await.map(Json)
}

fn shown(user: &User, sdk: Sdk) -> Response {
    sdk.vary(Json(user.clone().details(sdk)).into_response())
}

/// The most of `q`.
const MOST_WORDS: usize = 10;
const LONGEST_SEARCH: usize = 200;

fn read_filter(params: &Params) -> Result<Filter> {
    Ok(Filter {
        roles: params.words("role")?,
        groups: params.texts("group")?.into_iter().map(Into::into).collect(),
        words: read_search(params.text("q")?.unwrap_or_default())?,
        no_active_license: params.flag("noActiveLicense")?,
        test_accounts: params.word("testAccounts")?,
        license: read_license(&params.texts("licenseExpirationDate")?)?,
    })
}

fn read_search(q: &str) -> Result<Vec<String>> {
    if q.trim().chars().count() > LONGEST_SEARCH {
        return Err(Error::invalid("q", format!("`q` is longer than {LONGEST_SEARCH} characters.")));
    }
    let words: Vec<String> = fold(q).split_whitespace().map(str::to_owned).collect();
    if words.len() > MOST_WORDS {
        return Err(Error::invalid("q", format!("`q` has more than {MOST_WORDS} words.")));
    }
    Ok(words)
}

fn read_license(values: &[&str]) -> Result<Option<LicenseFilter>> {
    const DAY: i64 = 86_400_000;
    let mut filter = LicenseFilter::default();
    for value in values {
        match *value {
            "active" => filter.active = true,
            "notActive" => filter.not_active = true,
            date => {
                let wrong = || {
                    let message = format!(
                        "`licenseExpirationDate` is `active`, `notActive` or a date like 2026-06-30, not `{date}`."
                    );
                    Error::invalid("licenseExpirationDate", message)
                };
                // A `+` of an offset that was not encoded arrives as a space.
                filter.days.push(
                    Timestamp::parse(&date.replace(' ', "+")).ok_or_else(wrong)?.as_millis().div_euclid(DAY),
                );
            }
        }
    }
    Ok((!values.is_empty()).then_some(filter))
}

/// "firstname lastname" where there is either, else the username.
pub fn printable_name(firstname: &str, lastname: &str, username: &str) -> String {
    let name = format!("{firstname} {lastname}");
    let name = name.trim();
    if name.is_empty() { username.to_owned() } else { name.to_owned() }
}

/// The product that accounts of an organization belong to.
pub fn product(organization: &OrganizationId) -> Product {
    if organization.as_str() == INDIVIDUALS { Product::Flat } else { Product::FlatEdu }
}

impl User {
    pub fn basics(self, sdk: Sdk) -> UserDetailsAdmin {
        let product = product(&self.organization);
        UserDetailsAdmin {
            picture: sdk.no_picture(),
            ..UserDetailsAdmin::basics(self.id, product, self.username)
        }
    }

    pub fn details(self, sdk: Sdk) -> UserDetailsAdmin {
        let present = |text: String| Some(text).filter(|text| !text.is_empty());
        let product = product(&self.organization);
        UserDetailsAdmin {
            picture: sdk.no_picture(),
            printable_name: Some(printable_name(&self.firstname, &self.lastname, &self.username)),
            firstname: present(self.firstname),
            lastname: present(self.lastname),
            organization: Some(self.organization),
            organization_role: Some(sdk.sees(self.role)),
            email: self.email,
            last_activity_date: Some(self.last_activity_at).filter(|at| *at != Timestamp::default()),
            license: self.license,
            groups: Some(self.groups),
            is_edu_testing_student: Some(self.is_test),
            ..UserDetailsAdmin::basics(self.id, product, self.username)
        }
    }
}
