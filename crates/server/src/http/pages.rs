//! The table of pages, beside that of the API: a test walks it and tries every form without its token.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{get, post};

use crate::App;

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct PageRoute {
    pub method: &'static str,
    pub path: &'static str,
}

#[derive(Default)]
pub struct Pages {
    router: Router<App>,
    table: Vec<PageRoute>,
}

impl Pages {
    pub fn new() -> Self {
        Self::default()
    }

    /// A page to look at.
    #[must_use]
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add("GET", path, get(handler))
    }

    /// What a form is sent to. That it is ours is checked before the handler (`visitor.rs`).
    #[must_use]
    pub fn form<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add("POST", path, post(handler))
    }

    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.table.extend(other.table);
        Self { router: self.router.merge(other.router), table: self.table }
    }

    pub fn table(&self) -> &[PageRoute] {
        &self.table
    }

    pub fn into_router(self) -> Router<App> {
        self.router
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        route: axum::routing::MethodRouter<App>,
    ) -> Self {
        self.table.push(PageRoute { method, path });
        Self { router: self.router.route(path, route), table: self.table }
    }
}
