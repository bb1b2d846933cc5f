//! All that is held about a person, for the person who asks for it: a ZIP of JSON files by kind, and of the documents
//! that their scores are made of, as they came.
//!
//! It is made while it is sent: a page of rows, or a part of a document, is in memory at a time. Each page is read by
//! itself, so what changes meanwhile may be in it as it was or as it is. Nothing secret is in it: no hash, no code, no
//! key. The one slice that reads the tables of all others; a test sees that it knows each that names people.
mod archive;
mod kinds;

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt as _;
use homeroom_api::{OrganizationId, UserId};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, channel};

use super::store;
use crate::db::{self, FromRow, Read as _, Row};
use crate::documents::{self, DocumentId};
use crate::http::Caller;
use crate::{App, Error, Result};
use archive::Archive;
use kinds::{KINDS, Kind};

/// Rows of a page.
const PAGE: usize = 500;

/// What is held about a user of the caller's organization, who may have the account of the user.
pub async fn export(app: &App, caller: &Caller, user: &UserId) -> Result<Body> {
    let (mut tx, caller) = app.begin(caller).await?;
    let noted = async {
        let not_found = || Error::not_found("user");
        let role = store::find_role(&mut tx, &caller.organization, user).await?.ok_or_else(not_found)?;
        caller.must_rank_over(role)?;
        caller.may_have_account(role)?;
        caller.event("user.exported", user.as_str(), json!({})).record(app, &mut tx).await
    }
    .await;
    tx.finish(noted).await?;
    let (sender, parts) = channel(4);
    let export = Export { app: app.clone(), organization: caller.organization.clone(), user: user.clone() };
    let handle = Handle::current();
    app.tasks.spawn_blocking(move || export.write(&handle, Archive::new(sender)));
    Ok(Body::from_stream(futures_util::stream::unfold(parts, next).fuse())) // who compresses it asks again at the end
}

async fn next(
    mut parts: Receiver<std::io::Result<Bytes>>,
) -> Option<(std::io::Result<Bytes>, Receiver<std::io::Result<Bytes>>)> {
    parts.recv().await.map(|part| (part, parts))
}

struct Export {
    app: App,
    organization: OrganizationId,
    user: UserId,
}

/// The columns of a row.
struct Values(Vec<db::Value>);

impl FromRow for Values {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        row.rest().map(Self)
    }
}

impl Export {
    /// On a thread that may wait. What went wrong cuts the answer short, so that nobody takes it for the whole.
    fn write(self, handle: &Handle, mut archive: Archive) {
        if let Err(error) = self.write_all(handle, &mut archive).and_then(|()| archive.finish()) {
            tracing::warn!(%error, "an export was not finished");
            archive.fail();
        }
    }

    fn write_all(&self, handle: &Handle, archive: &mut Archive) -> Result<()> {
        let about =
            json!({ "user": self.user, "organization": self.organization, "date": self.app.clock.now() });
        archive.begin("about.json")?;
        archive.write(format!("{about:#}\n").as_bytes())?;
        for kind in KINDS {
            self.write_kind(handle, archive, kind)?;
        }
        self.write_documents(handle, archive)
    }

    fn write_kind(&self, handle: &Handle, archive: &mut Archive, kind: &Kind) -> Result<()> {
        archive.begin(&format!("{}.json", kind.name))?;
        let (mut after, mut separator) = (vec![db::Value::Text(String::new()); kind.keys], "[\n");
        loop {
            let rows = handle.block_on(self.page(kind.sql, &after))?;
            for Values(row) in &rows {
                archive.write(format!("{separator}{}", kind.show(row)).as_bytes())?;
                separator = ",\n";
            }
            match rows.last() {
                Some(Values(last)) if rows.len() >= PAGE => after = last[..kind.keys].to_vec(),
                _ => break,
            }
        }
        archive.write(if separator == "[\n" { b"[]\n" } else { b"\n]\n" })
    }

    async fn page(&self, sql: &'static str, after: &[db::Value]) -> Result<Vec<Values>> {
        let mut args = vec![(&self.organization).into(), (&self.user).into()];
        args.extend_from_slice(after);
        Ok(self.app.db.read().await?.fetch(sql.into(), args).await?)
    }

    /// The documents of the person's scores, each as it was stored.
    fn write_documents(&self, handle: &Handle, archive: &mut Archive) -> Result<()> {
        let mut after = vec![db::Value::Text(String::new()); 2];
        loop {
            let rows = handle.block_on(self.page(kinds::DOCUMENTS, &after))?;
            for Values(row) in &rows {
                let [score, revision, document, format] = [0, 1, 2, 3].map(|column| text(row.get(column)));
                archive.begin(&format!("scores/{score}/{revision}.{format}"))?;
                self.write_document(handle, archive, &document.into())?;
            }
            match rows.last() {
                Some(Values(last)) if rows.len() >= PAGE => after = last[..2].to_vec(),
                _ => return Ok(()),
            }
        }
    }

    fn write_document(&self, handle: &Handle, archive: &mut Archive, document: &DocumentId) -> Result<()> {
        let mut parts = Box::pin(documents::stream(&self.app, &self.organization, document)?);
        while let Some(part) = handle.block_on(parts.next()) {
            archive.write(&part?)?;
        }
        Ok(())
    }
}

fn text(value: Option<&db::Value>) -> String {
    match value {
        Some(db::Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

impl Kind {
    /// A row as JSON.
    fn show(&self, row: &[db::Value]) -> Value {
        let columns = self.columns.split_ascii_whitespace().zip(row);
        columns.map(|(column, value)| show(column, value)).collect::<serde_json::Map<_, _>>().into()
    }
}

/// A column `name`, or `name:type` where the value alone does not tell.
fn show(column: &str, value: &db::Value) -> (String, Value) {
    let (name, kind) = column.split_once(':').unwrap_or((column, ""));
    let shown = match (kind, value) {
        ("time", db::Value::Int(0)) | (_, db::Value::Null | db::Value::Bytes(_)) => Value::Null,
        ("time", db::Value::Int(at)) => json!(homeroom_api::Timestamp::from_millis(*at)),
        ("bool", db::Value::Int(int)) => json!(*int != 0),
        ("json", db::Value::Text(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
        ("origin", db::Value::Text(text)) => origin(text),
        (_, db::Value::Int(int)) => json!(int),
        (_, db::Value::Bool(bool)) => json!(bool),
        (_, db::Value::Text(text)) => json!(text),
    };
    (name.to_owned(), shown)
}

/// Of the details of what somebody did to others, what tells of themselves: from where.
fn origin(details: &str) -> Value {
    let details: Value = serde_json::from_str(details).unwrap_or(Value::Null);
    json!({ "address": details["address"], "device": details["device"] })
}

#[cfg(debug_assertions)]
pub use kinds::{LEFT_OUT, tables};
