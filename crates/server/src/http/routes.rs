//! The route table: each operation stands in it with the access that it needs, so that an unprotected one can't
//! be written by accident and a test can walk them all.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, delete, get, post, put};
use homeroom_api::{ErrorCode, Scopes};

use super::Caller;
use crate::{App, Error, Result};

/// Who may call an operation: a token with any of the scopes, of a user with one of the roles.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    pub scopes: Scopes,
    pub roles: Allowed,
}

/// Which roles may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    Everybody,
    Admins,
    /// teacher and above
    Teachers,
    /// admin and accountAdmin
    Administrators,
    /// admin; teacher, where the organization lets teachers make LTI credentials
    AdminsAndLtiTeachers,
}

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
}

#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    table: Vec<Route>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add("GET", path, access, get(handler))
    }

    #[must_use]
    pub fn post<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.add("POST", path, access, post(handler))
    }

    #[must_use]
    pub fn put<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add("PUT", path, access, put(handler))
    }

    #[must_use]
    pub fn delete<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.add("DELETE", path, access, delete(handler))
    }

    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.table.extend(other.table);
        Self { router: self.router.merge(other.router), table: self.table }
    }

    pub fn table(&self) -> &[Route] {
        &self.table
    }

    pub fn into_router(self) -> Router<App> {
        self.router
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        access: Access,
        route: MethodRouter<App>,
    ) -> Self {
        let guarded = route.layer(from_fn(move |request: Request, next: Next| guard(access, request, next)));
        self.table.push(Route { method, path, access });
        Self { router: self.router.route(path, guarded), table: self.table }
    }
}

/// Lets the request through if its caller has `access`.
async fn guard(access: Access, mut request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions_mut().remove::<Caller>() else {
        return Error::unauthorized().into_response();
    };
    let caller = Caller { access, ..caller };
    if let Err(error) = access.check(&caller) {
        return error.into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

impl Access {
    /// 403 with what is missing: a scope, or a role.
    pub fn check(self, caller: &Caller) -> Result<()> {
        if !self.scopes.intersects(caller.scopes) {
            let scopes: Vec<_> = self.scopes.iter().map(|scope| format!("`{scope}`")).collect();
            let message = format!("The token needs one of these scopes: {}.", scopes.join(", "));
            return Err(Error::new(ErrorCode::InsufficientScope, message));
        }
        if !self.roles.include(caller) {
            let message = format!("Your role, `{}`, may not do this in your organization.", caller.role);
            return Err(Error::forbidden(message));
        }
        Ok(())
    }
}

impl Allowed {
    fn include(self, caller: &Caller) -> bool {
        use homeroom_api::Role::{AccountAdmin, Admin, Teacher};
        match self {
            Self::Everybody => true,
            Self::Teachers => matches!(caller.role, Admin | AccountAdmin | Teacher),
            Self::Admins => caller.role == Admin,
            Self::Administrators => matches!(caller.role, Admin | AccountAdmin),
            Self::AdminsAndLtiTeachers => {
                caller.role == Admin || (caller.role == Teacher && caller.lti_teachers)
            }
        }
    }
}

/// Runs a write in a task of its own: a client that hangs up stops neither it nor what follows its commit.
pub async fn detach(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match app.tasks.spawn(next.run(request)).await {
        Ok(response) => response,
        Err(panic) => Error::internal(panic.to_string()).into_response(),
    }
}
