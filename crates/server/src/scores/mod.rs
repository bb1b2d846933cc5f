//! Scores: what people write, in versions.
//!
//! A score is its owner's, who may share it with people and groups, open it to the organization, or to whoever has its
//! sharing key. Who may not read it is told that it is not there.
pub mod api;
pub mod collaborators;
pub mod comments;
mod data;
mod details;
mod editing;
pub mod erasure;
mod fields;
mod file;
pub mod lists;
pub mod moving;
mod music;
mod readable;
mod revision;
pub mod revisions_api;
mod rights;
mod score;
mod show;
mod store;
mod trash;
pub mod unimplemented;
mod writing;

use homeroom_api::ScoreId;

use crate::db::Read;
use crate::http::Caller;
use crate::{Error, Result};

pub use data::download;
pub use details::{show, show_page};
pub use editing::edit;
pub use lists::{of_group, of_user, reader, select};
pub use music::Format;
pub(crate) use readable::{kept, open_to, readable, there};
pub use revision::Revision;
pub use rights::Rights;
pub use score::{COLUMNS, PAGE, Score};
pub use store::hold;
pub use trash::{delete, empty as empty_trash, remove, restore};
pub use writing::{Note, create, fork, fork_in, may_revise, revise, upload};

/// A score that the caller may read, with what they may do with it; else 404.
pub async fn open(
    conn: &mut impl Read,
    caller: &Caller,
    score: &ScoreId,
    sharing_key: Option<&str>,
) -> Result<Score> {
    let not_found = || Error::not_found("score");
    let found = store::find(conn, caller, score).await?.ok_or_else(not_found)?;
    let mut score = found.seen_by(caller, sharing_key);
    if !score.rights.write {
        score.rights = rights::with_classes(conn, caller, &score).await?;
    }
    if score.rights.read { Ok(score) } else { Err(not_found()) }
}
