//! Every route, and the middleware in order.

use axum::Router;
use axum::http::{HeaderName, Method};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use crate::http::{self, Pages, Routes};
use crate::{
    App, Error, access_tokens, account, apps, audit, classes, collections, html, invitations, lti, mail, me,
    oauth, resets, scores, second_factors, sessions, signin_links, users,
};

/// The operations of the API.
pub fn routes() -> Routes {
    Routes::new()
        .merge(me::api::routes())
        .merge(users::api::routes())
        .merge(signin_links::api::routes())
        .merge(access_tokens::api::routes())
        .merge(second_factors::api::routes())
        .merge(invitations::api::routes())
        .merge(lti::api::routes())
        .merge(apps::api::routes())
        .merge(mail::api::routes())
        .merge(audit::api::routes())
        .merge(classes::api::routes())
        .merge(scores::api::routes())
        .merge(scores::revisions_api::routes())
        .merge(scores::unimplemented::routes())
        .merge(scores::collaborators::api::routes())
        .merge(scores::comments::api::routes())
        .merge(scores::lists::api::routes())
        .merge(collections::api::routes())
}

/// The pages for people.
pub fn pages() -> Pages {
    Pages::new()
        .merge(sessions::pages::pages())
        .merge(signin_links::pages::pages())
        .merge(invitations::pages::pages())
        .merge(resets::pages::pages())
        .merge(account::pages::pages())
        .merge(oauth::pages::pages())
}

/// The whole site. The last layer is the first that a request meets.
pub fn router(app: &App) -> Router {
    let api = routes()
        .into_router()
        .route("/v2", any(http::not_found))
        .route("/v2/", any(http::not_found))
        .route("/v2/{*anything}", any(http::not_found))
        .method_not_allowed_fallback(http::method_not_allowed)
        .layer(from_fn_with_state(app.clone(), http::detach))
        .layer(from_fn_with_state(app.clone(), http::authenticate))
        .layer(cors());
    let site = Router::new()
        .route("/v2/openapi.json", get(http::document))
        .route("/healthz", get(http::health))
        .route("/readyz", get(http::ready))
        .route("/metrics", get(http::metrics_page))
        .route("/assets/{hash}/{name}", get(html::asset))
        .merge(http::docs())
        .merge(oauth::api::router(app).layer(cors()));
    let pages = pages()
        .into_router()
        .method_not_allowed_fallback(http::method_not_allowed)
        .layer(from_fn_with_state(app.clone(), http::detach))
        .layer(from_fn_with_state(app.clone(), http::visit));
    let lost = Router::new()
        .fallback(http::not_found)
        .layer(from_fn_with_state(app.clone(), http::visit_if_browser))
        .with_state(app.clone());
    site.merge(api)
        .merge(pages)
        .fallback_service(lost)
        .method_not_allowed_fallback(http::method_not_allowed)
        .layer(CompressionLayer::new())
        .layer(from_fn(http::time_out))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), http::observe))
        .with_state(app.clone())
}

/// Any site may call the API from a browser: tokens are sent by hand, never by cookie.
fn cors() -> CorsLayer {
    let exposed = [
        "link",
        "x-request-id",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ];
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(exposed.map(HeaderName::from_static))
        .max_age(std::time::Duration::from_hours(1))
}

#[allow(clippy::needless_pass_by_value)] // as the layer calls it
fn panicked(panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default();
    axum::response::IntoResponse::into_response(Error::internal(format!("panic: {text}")))
}
