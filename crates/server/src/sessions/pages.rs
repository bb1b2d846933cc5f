//! Signing in and out.

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::Response;
use homeroom_api::{OrganizationId, Timestamp};

use super::{Attempt, Refused, confirming, second_step};
use crate::html::{Layout, page, page_with_status, see_other};
use crate::http::{Fields, Pages, Params, SignedIn, Visitor, WRONG_FORM, set_cookie};
use crate::organizations::{self, INDIVIDUALS};
use crate::{App, Error, Result, signin_links};

pub fn pages() -> Pages {
    Pages::new()
        .get("/", home)
        .get("/auth/signin", show)
        .form("/auth/signin", sign_in)
        .form("/auth/signin/school", find_school)
        .get("/o/{slug}/auth/signin", show_school)
        .form("/o/{slug}/auth/signin", sign_in_school)
        .form("/auth/signout", sign_out)
        .merge(second_step::pages())
        .merge(confirming::pages())
}

/// Where to sign in, to come back to `next` after it.
pub fn signin_address(app: &App, next: Option<&str>) -> String {
    let page = app.site.path("/auth/signin");
    next.map_or_else(|| page.clone(), |next| format!("{page}?{}", next_query(next)))
}

fn next_query(next: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish()
}

#[derive(Template)]
#[template(path = "sessions/signin.html")]
struct SigninPage {
    page: Layout,
    /// Its name and slug.
    school: Option<(String, String)>,
    name: String,
    next: String,
    problem: Option<String>,
    school_problem: bool,
    /// Asked for an individual account, whatever domain its address has.
    individual: bool,
}

impl SigninPage {
    fn new(app: &App, visitor: &Visitor, next: &str) -> Self {
        let page = Layout::new(app, visitor);
        Self {
            page,
            school: None,
            name: String::new(),
            next: next.to_owned(),
            problem: None,
            school_problem: false,
            individual: false,
        }
    }

    fn action(&self) -> String {
        match &self.school {
            Some((_, slug)) => self.page.url(&format!("/o/{slug}/auth/signin")),
            None => self.page.url("/auth/signin"),
        }
    }
}

/// `/`: one's account, or where to sign in.
async fn home(app: App, visitor: Visitor) -> Response {
    let page = if visitor.session.is_some() { "/account" } else { "/auth/signin" };
    see_other(&app, &app.site.path(page))
}

/// Where to go after it: a path on this site, else one's account.
pub(super) fn destination(app: &App, next: &str) -> String {
    signin_links::destination(next).map_or_else(|_| app.site.path("/account"), ToOwned::to_owned)
}

async fn show(app: App, visitor: Visitor, params: Params) -> Result<Response> {
    let next = params.text("next")?.unwrap_or_default();
    if visitor.session.is_some() {
        return Ok(see_other(&app, &destination(&app, next)));
    }
    Ok(page(&SigninPage::new(&app, &visitor, next)))
}

async fn show_school(
    app: App,
    visitor: Visitor,
    Path(slug): Path<String>,
    params: Params,
) -> Result<Response> {
    let school = organizations::find_by_slug(&app, &slug).await?.ok_or_else(|| Error::not_found("school"))?;
    let next = params.text("next")?.unwrap_or_default();
    if visitor.session.as_ref().is_some_and(|session| session.organization == school.id) {
        return Ok(see_other(&app, &destination(&app, next)));
    }
    let visitor = visitor.reading(&school.locale);
    Ok(page(&SigninPage {
        school: Some((school.name, school.slug)),
        name: params.text("name")?.unwrap_or_default().to_owned(), // whom an app thinks that it is
        ..SigninPage::new(&app, &visitor, next)
    }))
}

/// From the short name of a school to its page.
async fn find_school(app: App, visitor: Visitor, fields: Fields) -> Result<Response> {
    let (slug, next) = (fields.text("school").trim().to_lowercase(), fields.text("next"));
    match organizations::find_by_slug(&app, &slug).await? {
        Some(school) => {
            let address = app.site.path(&format!("/o/{}/auth/signin", school.slug));
            let query = if next.is_empty() { String::new() } else { format!("?{}", next_query(next)) };
            Ok(see_other(&app, &(address + &query)))
        }
        None => {
            let shown = SigninPage { school_problem: true, ..SigninPage::new(&app, &visitor, next) };
            Ok(page_with_status(WRONG_FORM, &shown))
        }
    }
}

/// As an individual, or in the school whose domain the e-mail address has.
async fn sign_in(app: App, visitor: Visitor, fields: Fields) -> Result<Response> {
    let organization = match fields.has("individual") {
        true => OrganizationId::from(INDIVIDUALS),
        false => organization_of(&app, fields.text("name")).await?,
    };
    try_password(&app, &visitor, &fields, &organization, None).await
}

/// Where somebody with this name is: in the school whose domain an address has, or an individual.
pub async fn organization_of(app: &App, name: &str) -> Result<OrganizationId> {
    let domain = name.rsplit_once('@').map_or("", |(_, domain)| domain).trim();
    let school = organizations::find_by_domain(app, domain).await?;
    Ok(school.unwrap_or_else(|| OrganizationId::from(INDIVIDUALS)))
}

async fn sign_in_school(
    app: App,
    visitor: Visitor,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let school = organizations::find_by_slug(&app, &slug).await?.ok_or_else(|| Error::not_found("school"))?;
    let visitor = visitor.reading(&school.locale);
    try_password(&app, &visitor, &fields, &school.id, Some((school.name, school.slug))).await
}

async fn try_password(
    app: &App,
    visitor: &Visitor,
    fields: &Fields,
    organization: &OrganizationId,
    school: Option<(String, String)>,
) -> Result<Response> {
    let password = fields.text("password").to_owned().into();
    let attempt = Attempt { organization, name: fields.text("name"), password };
    match super::check_password(app, &visitor.origin, attempt).await? {
        Ok(verified) => {
            let back = school.map_or("/auth/signin".to_owned(), |(_, slug)| format!("/o/{slug}/auth/signin"));
            let way = (fields.text("next"), app.site.path(&back));
            second_step::enter(app, visitor, organization, verified, way).await
        }
        Err(refused) => {
            let name = fields.text("name").to_owned();
            let individual = fields.has("individual");
            let shown =
                SigninPage { school, name, individual, ..SigninPage::new(app, visitor, fields.text("next")) };
            Ok(refuse(app, shown, refused))
        }
    }
}

fn refuse(app: &App, mut shown: SigninPage, refused: Refused) -> Response {
    match refused {
        Refused::Wrong => {
            shown.problem = Some(shown.page.t("signin.wrong").to_owned());
            page_with_status(WRONG_FORM, &shown)
        }
        Refused::Wait(until) => {
            shown.problem = Some(shown.page.fill("signin.wait", "minutes", &minutes_until(app, until)));
            page_to_wait(app, until, &shown)
        }
    }
}

/// A page for who tried too often, with the time to come back.
pub fn page_to_wait(app: &App, until: Timestamp, shown: &impl Template) -> Response {
    let mut response = page_with_status(StatusCode::TOO_MANY_REQUESTS, shown);
    response.headers_mut().insert(header::RETRY_AFTER, seconds_until(app, until).into());
    response
}

/// How many minutes that is, for people.
pub fn minutes_until(app: &App, until: Timestamp) -> String {
    seconds_until(app, until).div_ceil(60).to_string()
}

fn seconds_until(app: &App, until: Timestamp) -> u64 {
    let millis = until.as_millis() - app.clock.now().as_millis();
    u64::try_from(millis).unwrap_or(0).div_ceil(1000)
}

/// Sets the cookie and goes on.
pub async fn welcome(app: &App, secret: &secrecy::SecretString, next: &str) -> Response {
    let mut response = onward(app, next);
    set_cookie(&mut response, &super::cookie(app, secret).await);
    response
}

#[derive(Template)]
#[template(path = "sessions/onward.html")]
struct Onward {
    address: String,
}

/// Browsers hold a form's whole chain of redirects to the policy of its page, which knows nothing of apps: on the way
/// to one, a page goes on instead.
pub(super) fn onward(app: &App, next: &str) -> Response {
    if !next.starts_with(&app.site.path("/auth/oauth")) {
        return see_other(app, next);
    }
    match app.site.location(next) {
        Some(address) => page(&Onward { address }),
        None => see_other(app, next),
    }
}

async fn sign_out(app: App, signed_in: SignedIn) -> Result<Response> {
    super::end(&app, &signed_in.session, &signed_in.visitor.origin, &signed_in.session.id).await?;
    let mut response = see_other(&app, &app.site.path("/auth/signin"));
    set_cookie(&mut response, &super::no_cookie(&app));
    Ok(response)
}
