//! Pages of a list, and the `Link` header that leads to their neighbours (RFC 8288).

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::cursor::{self, List, Position};
use super::{Json, Params};
use crate::{App, Error, Result};

/// Which page of a list.
#[derive(Debug, Clone, Default)]
pub struct PageQuery {
    pub from: Option<From>,
    pub limit: usize,
}

/// Where a page begins or ends.
#[derive(Debug, Clone)]
pub enum From {
    After(Position),
    Before(Position),
}

impl PageQuery {
    /// Reads `next`, `previous` and `limit`.
    pub fn read(app: &App, params: &Params, list: &List, default_limit: u16) -> Result<Self> {
        Self::read_within(app, params, list, default_limit, 1000)
    }

    /// As [`PageQuery::read`], with a smaller limit that may be asked for.
    pub fn read_within(
        app: &App,
        params: &Params,
        list: &List,
        default_limit: u16,
        most: u16,
    ) -> Result<Self> {
        let limit = params.number("limit", 1, most)?.unwrap_or(default_limit).into();
        let from = match (params.text("next")?, params.text("previous")?) {
            (Some(_), Some(_)) => {
                return Err(Error::invalid("previous", "Send `next` or `previous`, not both."));
            }
            (Some(next), None) => Some(From::After(cursor::read(app, list, "next", next)?)),
            (None, Some(previous)) => Some(From::Before(cursor::read(app, list, "previous", previous)?)),
            (None, None) => None,
        };
        Ok(Self { from, limit })
    }
}

/// One page, and where its neighbours begin, if there are any.
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Position>,
    pub previous: Option<Position>,
}

impl<T> Page<T> {
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(to).collect(), next: self.next, previous: self.previous }
    }
}

impl<T: Serialize> Page<T> {
    /// The items as JSON, and a `Link` header with absolute addresses that repeat all other parameters.
    pub fn respond(self, app: &App, list: &List, path: &str, params: &Params) -> Response {
        let link = |rel: &'static str, position: Option<&Position>| {
            let cursor = cursor::write(app, list, position?);
            let query = query(params, rel, &cursor);
            Some(format!("<{}{path}?{query}>; rel=\"{rel}\"", app.settings.public_url))
        };
        let links = [link("previous", self.previous.as_ref()), link("next", self.next.as_ref())];
        let links: Vec<String> = links.into_iter().flatten().collect();
        let mut response = Json(self.items).into_response();
        if let Ok(value) = HeaderValue::from_str(&links.join(", "))
            && !links.is_empty()
        {
            response.headers_mut().insert(header::LINK, value);
        }
        response
    }
}

/// The query of `params` with another cursor.
fn query(params: &Params, cursor_param: &str, cursor: &str) -> String {
    let others = params.pairs().iter().filter(|(name, _)| name != "next" && name != "previous");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(others).append_pair(cursor_param, cursor).finish()
}
