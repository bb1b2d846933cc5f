//! Cursors: where a page ends. Encrypted and authenticated, so that names stay out of logs and nobody makes one
//! up; bound to the list that it was made for.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use homeroom_api::ErrorCode;
use serde::{Deserialize, Serialize};

use crate::{App, Error, Result};

/// Raised whenever what a cursor holds changes.
const VERSION: u8 = 1;

/// A place in a list: the values of the sort keys, then the id. A page begins after it, or ends before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub keys: Vec<Key>,
    pub id: String,
    /// Whether the row at this place belongs to the page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inclusive: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    Int(i64),
    Text(String),
}

/// What a cursor is bound to: organization, filters, sort and direction, but not `limit` or `onlyIds`.
pub struct List([u8; 33]);

impl List {
    /// The list that `parts` describe; equal parts in equal order are the same list.
    pub fn of(parts: &impl Serialize) -> Self {
        let text = serde_json::to_vec(parts).unwrap_or_default();
        let mut list = [VERSION; 33];
        list[1..].copy_from_slice(digest(&SHA256, &text).as_ref());
        Self(list)
    }
}

pub fn write(app: &App, list: &List, position: &Position) -> String {
    let plain = serde_json::to_vec(position).unwrap_or_default();
    let mut cursor = vec![VERSION];
    cursor.extend(app.keys.seal_cursor(&app.random, &list.0, &plain));
    BASE64_URL_SAFE_NO_PAD.encode(cursor)
}

/// Reads `cursor`, which came as `param`.
pub fn read(app: &App, list: &List, param: &'static str, cursor: &str) -> Result<Position> {
    let position = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| {
        let (version, sealed) = bytes.split_first()?;
        let plain = (*version == VERSION).then(|| app.keys.open_cursor(&list.0, sealed))??;
        serde_json::from_slice(&plain).ok()
    });
    position.ok_or_else(|| {
        let message = format!(
            "`{param}` is damaged, or was made for another list: keep filters, sort and direction as they were, \
             or begin again without it."
        );
        Error::new(ErrorCode::InvalidCursor, message).with_param(param)
    })
}
