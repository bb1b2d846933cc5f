//! The description of the API (OpenAPI 3.1), from the types and the route table.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use homeroom_api::{
    ClassListState, CommentSort, CommentType, Direction, ErasureState, ErrorCode, GroupSource,
    InvitationStatus, LibrarySort, MailState, Role, Scope, SubGroupType, TestAccounts, UserSort,
};
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::App;
use crate::{
    access_tokens, apps, assignments, audit, classes, collections, groups, invitations, licenses, lti, mail,
    me, router, scores, second_factors, signin_links, submissions, users,
};

#[derive(OpenApi)]
#[openapi(
    components(schemas(
        ClassListState,
        CommentSort,
        CommentType,
        Direction,
        ErasureState,
        GroupSource,
        InvitationStatus,
        LibrarySort,
        MailState,
        Role,
        SubGroupType,
        TestAccounts,
        UserSort
    )),
    paths(
        me::api::get,
        users::api::list,
        users::api::count,
        users::api::create,
        users::api::get,
        users::api::update,
        users::api::remove,
        users::api::export,
        users::api::get_erasure,
        signin_links::api::create,
        access_tokens::api::create,
        access_tokens::api::list,
        access_tokens::api::revoke,
        second_factors::api::remove,
        invitations::api::list,
        invitations::api::create,
        invitations::api::remove,
        invitations::api::resend,
        licenses::api::list,
        licenses::api::create,
        licenses::api::report,
        licenses::api::settings,
        licenses::api::set_settings,
        licenses::api::update,
        licenses::api::delete,
        licenses::api::assign,
        licenses::api::unassign,
        lti::api::list,
        lti::api::create,
        lti::api::revoke,
        apps::api::list,
        apps::api::create,
        apps::api::get,
        apps::api::update,
        apps::api::remove,
        apps::api::rotate_secret,
        mail::api::list,
        assignments::api::list,
        assignments::api::create,
        assignments::api::copy,
        assignments::api::archive,
        assignments::api::unarchive,
        submissions::api::list,
        submissions::api::create,
        submissions::api::export_csv,
        submissions::api::export_excel,
        submissions::api::get,
        submissions::api::update,
        submissions::api::remove,
        submissions::api::list_history,
        submissions::api::list_comments,
        submissions::api::post_comment,
        submissions::api::update_comment,
        submissions::api::remove_comment,
        submissions::api::list_of_student,
        submissions::api::list_of_score,
        audit::api::list,
        users::api::get_public,
        classes::api::list,
        classes::api::create,
        classes::api::get,
        classes::api::update,
        classes::api::archive,
        classes::api::unarchive,
        classes::api::activate,
        classes::api::add_user,
        classes::api::delete_user,
        classes::api::create_test_student,
        classes::api::enroll,
        groups::api::list,
        groups::api::create,
        groups::api::get,
        groups::api::rename,
        groups::api::delete,
        groups::api::list_users,
        groups::api::add_user,
        groups::api::remove_user,
        scores::api::create,
        scores::api::get,
        scores::api::edit,
        scores::api::remove,
        scores::api::restore,
        scores::api::fork,
        scores::revisions_api::list,
        scores::revisions_api::create,
        scores::revisions_api::upload,
        scores::revisions_api::get,
        scores::revisions_api::data,
        scores::collaborators::api::list_all,
        scores::collaborators::api::share,
        scores::collaborators::api::get_one,
        scores::collaborators::api::remove_one,
        scores::comments::api::list,
        scores::comments::api::create,
        scores::comments::api::update,
        scores::comments::api::delete,
        scores::comments::api::resolve,
        scores::comments::api::unresolve,
        scores::lists::api::of_user,
        scores::lists::api::of_group,
        collections::api::list,
        collections::api::create,
        collections::api::get,
        collections::api::edit,
        collections::api::delete,
        collections::api::untrash,
        collections::api::list_scores,
        collections::api::add_score,
        collections::api::remove_score,
        collections::api::list_liked,
    )
)]
struct Operations;

/// `/v2/openapi.json`.
pub async fn document(State(app): State<App>) -> impl IntoResponse {
    let text = app.document.get_or_init(|| write(&app.settings.public_url).to_string().into()).clone();
    ([(header::CONTENT_TYPE, "application/json"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], text)
}

/// The document of a server at `public_url`.
pub fn write(public_url: &str) -> Value {
    let mut document = serde_json::to_value(Operations::openapi()).unwrap_or_default();
    let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| format!("`{code}`")).collect();
    document["info"] = json!({
        "title": "Homeroom",
        "version": env!("CARGO_PKG_VERSION"),
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        "description": format!(
            "The organization server for schools: accounts, invitations, sign-in links, tokens and LTI, as the \
             Organization API v2 of Flat for Education has them.\n\nSend a token with every request: \
             `Authorization: Bearer hr_…`. An error is an object with `code`, `message`, `id` (also in \
             `X-Request-Id`) and, where one is to blame, `param`. The codes: {}.", codes.join(", ")),
    });
    document["servers"] = json!([{ "url": public_url }]);
    document["components"]["securitySchemes"] = security_schemes(public_url);
    for (method, path, name, _) in scores::unimplemented::OPERATIONS {
        document["paths"][path][method.to_ascii_lowercase()] = scores::unimplemented::described(path, name);
    }
    describe_access(&mut document);
    plain_parameters(&mut document);
    document
}

fn security_schemes(public_url: &str) -> Value {
    let scopes: serde_json::Map<_, _> =
        Scope::ALL.iter().map(|scope| (scope.to_string(), Value::from(about(*scope)))).collect();
    json!({
        "OAuth2": {
            "type": "oauth2",
            "flows": { "authorizationCode": {
                "authorizationUrl": format!("{public_url}/auth/oauth"),
                "tokenUrl": format!("{public_url}/oauth/access_token"),
                "scopes": scopes,
            } },
        },
        "Bearer": { "type": "http", "scheme": "bearer", "description": "An access token: `hr_…`" },
    })
}

fn about(scope: Scope) -> String {
    let what = scope.as_str().trim_end_matches(".readonly").replace(['.', '_'], " ");
    let may = if scope.as_str().ends_with(".readonly") { "Read" } else { "Read and change" };
    match scope {
        Scope::AccountPublicProfile => "See the user's name".to_owned(),
        Scope::AccountEmail => "See the user's e-mail address".to_owned(),
        Scope::AccountEducationProfile => "See the user's organization, role and groups".to_owned(),
        Scope::EduAdmin => "Do everything that an administrator can".to_owned(),
        _ => format!("{may}: {what}"),
    }
}

/// A file, in the description of the API.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code)] // described, not made
pub struct Binary(Vec<u8>);

/// What the contract calls deprecated: configurations replace credentials, and collections are gone once deleted.
const DEPRECATED: [&str; 2] = ["/v2/organizations/lti/credentials", "/v2/collections/{collection}/untrash"];

/// Each operation asks for what the route table says.
fn describe_access(document: &mut Value) {
    for route in router::routes().table() {
        let operation = &mut document["paths"][route.path][route.method.to_ascii_lowercase()];
        let scopes: Vec<_> = route.access.scopes.iter().collect();
        operation["security"] = json!([{ "OAuth2": scopes }, { "Bearer": [] }]);
        if DEPRECATED.iter().any(|path| route.path.starts_with(path)) {
            operation["deprecated"] = json!(true);
        }
    }
}

/// A query parameter is there or not; it is never `null`.
fn plain_parameters(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(serde_json::Map::values_mut);
    let operations = paths.filter_map(Value::as_object_mut).flat_map(serde_json::Map::values_mut);
    for parameter in
        operations.filter_map(|operation| operation.get_mut("parameters")?.as_array_mut()).flatten()
    {
        let default = parameter.as_object_mut().and_then(|parameter| parameter.remove("example"));
        let schema = &mut parameter["schema"];
        if let Some(types) = schema["type"].as_array() {
            schema["type"] = types.iter().find(|ty| *ty != "null").cloned().unwrap_or_default();
        }
        if let Some(plain) =
            schema["oneOf"].as_array().and_then(|one| one.iter().find(|s| s["type"] != "null"))
        {
            *schema = plain.clone();
        }
        let Some(schema) = schema.as_object_mut() else { continue };
        schema.remove("format"); // how wide our own integers are is nobody's business
        schema.extend(default.map(|default| ("default".to_owned(), default)));
    }
}
