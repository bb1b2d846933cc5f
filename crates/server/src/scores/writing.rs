//! Writing scores: new ones, versions of them, forks.

use homeroom_api::{
    CollectionType, ErrorCode, RevisionId, ScoreCreation, ScoreFork, ScoreId, ScoreRevisionCreation, UserId,
};
use serde_json::Value;

use super::fields::{Fields, check_text};
use super::file::File;
use super::{Format, Revision, Score, open, store};
use crate::collections::{self, Name};
use crate::db::Tx;
use crate::documents::{self, DocumentId, Draft};
use crate::http::{Caller, Chunks};
use crate::{App, Error, Result};

/// So often a document may be deleted or stored by others while it is being written.
const TRIES: usize = 10;
const LONGEST_DESCRIPTION: usize = 500;

/// What is said about a version.
#[derive(Debug, Clone, Default)]
pub struct Note {
    pub description: String,
    pub autosave: bool,
}

impl Note {
    pub fn parse(description: Option<&str>, autosave: bool) -> Result<Self> {
        let description = check_text("description", description.unwrap_or_default(), LONGEST_DESCRIPTION)?;
        Ok(Self { description, autosave })
    }
}

/// What a document is written for.
enum Target<'a> {
    New {
        fields: &'a Fields,
        collection: Option<&'a Name>,
    },
    Revision {
        score: &'a ScoreId,
        note: &'a Note,
    },
    /// As a revision; what the newest one has already is not written again, so that a request may be repeated.
    Upload {
        score: &'a ScoreId,
        note: &'a Note,
    },
}

/// Makes a score of a file.
pub async fn create(app: &App, caller: &Caller, mut new: ScoreCreation) -> Result<ScoreId> {
    author(caller)?;
    if is_there(new.builder_data.as_ref()) || is_there(new.source.as_ref()) {
        let message = "Scores are made of files here: send MusicXML or MIDI in `data`.";
        return Err(Error::not_implemented(message));
    }
    let data =
        new.data.take().ok_or_else(|| Error::invalid("data", "Send a file in `data`: MusicXML or MIDI."))?;
    let mut fields = Fields::of_new(app, &caller.organization, &new)?;
    let collection = parse_collection(new.collection.take())?;
    let file = File::decode(data, new.data_encoding).await?;
    fields.fill(file.labels.clone(), new.filename.as_deref());
    let target = Target::New { fields: &fields, collection: collection.as_ref() };
    Ok(write(app, caller, &file, &target).await?.0)
}

fn is_there(value: Option<&Value>) -> bool {
    value.is_some_and(|value| !value.is_null())
}

/// A collection to put a new score into; its maker has it in `root` and `allScores` anyhow.
fn parse_collection(name: Option<String>) -> Result<Option<Name>> {
    let name = name.map(Name::parse).transpose().map_err(|_| no_collection())?;
    let is_anyhow =
        |name: &Name| matches!(name, Name::Everybodys(CollectionType::Root | CollectionType::AllScores));
    Ok(name.filter(|name| !is_anyhow(name)))
}

fn no_collection() -> Error {
    Error::invalid("collection", "You have no collection with this id.")
}

/// Who writes is a person: what an app does is nobody's.
fn author(caller: &Caller) -> Result<&UserId> {
    let message = "This token stands for an app, which has no scores of its own.";
    caller.person().ok_or_else(|| Error::forbidden(message))
}

/// Makes a version of a score from a file in a request.
pub async fn revise(
    app: &App,
    caller: &Caller,
    score: &ScoreId,
    new: ScoreRevisionCreation,
) -> Result<Revision> {
    let note = Note::parse(new.description.as_deref(), new.autosave.unwrap_or_default())?;
    may_revise(app, caller, score).await?;
    let file = File::decode(new.data, new.data_encoding).await?;
    revise_with(app, caller, &file, &Target::Revision { score, note: &note }).await
}

/// Makes a version of a score from the body of a request, once the caller may write the score.
pub async fn upload(
    app: &App,
    caller: &Caller,
    score: &ScoreId,
    chunks: Chunks,
    note: &Note,
) -> Result<Revision> {
    let file = File::receive(chunks).await?;
    revise_with(app, caller, &file, &Target::Upload { score, note }).await
}

/// Looks before a large body is read; the transaction looks again.
pub async fn may_revise(app: &App, caller: &Caller, score: &ScoreId) -> Result<()> {
    author(caller)?;
    open(&mut app.db.read().await?, caller, score, None).await?.must_write()
}

async fn revise_with(app: &App, caller: &Caller, file: &File, target: &Target<'_>) -> Result<Revision> {
    let (score, id) = write(app, caller, file, target).await?;
    let found = store::find_revision(&mut app.db.read().await?, &caller.organization, &score, &id).await?;
    found.ok_or_else(|| Error::not_found("revision"))
}

/// Stores the document, and in one transaction with its last step what it is for.
async fn write(
    app: &App,
    caller: &Caller,
    file: &File,
    target: &Target<'_>,
) -> Result<(ScoreId, RevisionId)> {
    for _ in 0..TRIES {
        let draft = documents::draft(app, caller, &file.packed).await?;
        let written = try_to_write(app, caller, file, &draft, target).await;
        documents::discard(app, &caller.organization, draft).await?;
        if let Some(ids) = written? {
            return Ok(ids);
        }
    }
    Err(Error::unavailable("a document was stored and deleted by others again and again"))
}

/// Nothing where the document changed meanwhile.
async fn try_to_write(
    app: &App,
    caller: &Caller,
    file: &File,
    draft: &Draft,
    target: &Target<'_>,
) -> Result<Option<(ScoreId, RevisionId)>> {
    let (mut tx, caller) = app.begin(caller).await?;
    match write_in(app, &mut tx, &caller, file, draft, target).await {
        Ok(None) => Ok(None), // dropped, it is rolled back
        written => tx.finish(written).await,
    }
}

async fn write_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    file: &File,
    draft: &Draft,
    target: &Target<'_>,
) -> Result<Option<(ScoreId, RevisionId)>> {
    if let Target::Revision { score, .. } | Target::Upload { score, .. } = target {
        store::lock(tx, &caller.organization, score).await?;
        open(tx, caller, score, None).await?.must_write()?;
    }
    let claimed = documents::claim(app, tx, &caller.organization, &file.packed, draft).await?;
    let Some(document) = claimed else { return Ok(None) };
    if let Target::Upload { score, note } = target
        && let Some(newest) = store::find_last(tx, &caller.organization, score).await?
        && newest.is_by(caller, &document, note)
    {
        documents::release(tx, &caller.organization, vec![document]).await?;
        return Ok(Some((newest.score, newest.id)));
    }
    let (score, note) = match target {
        Target::New { fields, collection } => {
            (insert(app, tx, caller, fields, *collection, None).await?, &Note::default())
        }
        Target::Revision { score, note } | Target::Upload { score, note } => ((*score).clone(), *note),
    };
    let id = add_revision(app, tx, caller, &score, &document, file.format, note).await?;
    Ok(Some((score, id)))
}

async fn insert(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    fields: &Fields,
    collection: Option<&Name>,
    parent: Option<&ScoreId>,
) -> Result<ScoreId> {
    let (now, user) = (app.clock.now(), author(caller)?);
    let id = app.random.id(now);
    store::insert(app, tx, &caller.organization, user, &id, fields, parent).await?;
    if let Some(collection) = collection {
        collections::add_in(app, tx, caller, collection, &id, None).await.map_err(|error| {
            match error.code {
                ErrorCode::NotFound => no_collection(),
                _ => error.with_param("collection"),
            }
        })?;
    }
    Ok(id)
}

async fn add_revision(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    score: &ScoreId,
    document: &DocumentId,
    format: Format,
    note: &Note,
) -> Result<RevisionId> {
    let now = app.clock.now();
    let revision = Revision {
        id: app.random.id(now),
        score: score.clone(),
        document: document.clone(),
        format,
        user: Some(author(caller)?.clone()),
        description: note.description.clone(),
        autosave: note.autosave,
        created_at: now,
    };
    store::insert_revision(tx, &caller.organization, &revision).await?;
    Ok(revision.id)
}

/// Makes a score of the caller's of the newest version of another, with the same document.
pub async fn fork(
    app: &App,
    caller: &Caller,
    score: &ScoreId,
    sharing_key: Option<&str>,
    new: ScoreFork,
) -> Result<ScoreId> {
    author(caller)?;
    let collection = parse_collection(new.collection)?;
    let keep_title = new.keep_original_title.unwrap_or_default();
    let (mut tx, caller) = app.begin(caller).await?;
    let forked = async {
        let original = open(&mut tx, &caller, score, sharing_key).await?;
        fork_in(app, &mut tx, &caller, &original, keep_title, collection.as_ref()).await
    };
    let forked = forked.await;
    tx.finish(forked).await
}

/// As [`fork`], of a score that the caller has opened.
pub async fn fork_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    original: &Score,
    keep_title: bool,
    collection: Option<&Name>,
) -> Result<ScoreId> {
    let newest = store::find_last(tx, &caller.organization, &original.id).await?;
    let newest = newest.ok_or_else(|| Error::not_found("revision"))?;
    if !documents::share(tx, &caller.organization, &newest.document).await? {
        return Err(Error::not_found("score")); // deleted just now
    }
    let fields = Fields::of_fork(app, original, keep_title);
    let id = insert(app, tx, caller, &fields, collection, Some(&original.id)).await?;
    add_revision(app, tx, caller, &id, &newest.document, newest.format, &Note::default()).await?;
    Ok(id)
}
