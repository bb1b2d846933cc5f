use homeroom_api::{
    CommentId, RevisionId, ScoreCommentContext, ScoreCommentCreation, ScoreCommentUpdate, UserId,
};

use crate::http::parse_id;
use crate::{Error, Result, text};

const LONGEST: usize = 10_000;
const MOST_MENTIONS: usize = 100;
const MOST_MEASURES: usize = 1000;
const LONGEST_UUID: usize = 100;

/// What a new comment says, checked as far as its own fields go.
pub struct Fields {
    pub revision: Option<RevisionId>,
    pub comment: String,
    pub raw_comment: String,
    /// Each once.
    pub mentions: Vec<UserId>,
    pub reply_to: Option<CommentId>,
    /// JSON.
    pub context: Option<String>,
}

impl Fields {
    pub fn parse(new: ScoreCommentCreation) -> Result<Self> {
        let comment = said("comment", &new.comment)?;
        Ok(Self {
            revision: revision(new.revision)?,
            raw_comment: new.raw_comment.map_or(Ok(comment.clone()), |raw| said("rawComment", &raw))?,
            comment,
            mentions: mentions(new.mentions)?,
            reply_to: new.reply_to.map(|id| an_id("replyTo", id.as_str())).transpose()?,
            context: new.context.as_ref().map(context).transpose()?,
        })
    }
}

/// What changes of a comment.
pub struct Change {
    pub revision: Option<RevisionId>,
    pub comment: Option<String>,
    pub raw_comment: Option<String>,
    pub context: Option<String>,
}

impl Change {
    pub fn parse(change: ScoreCommentUpdate) -> Result<Self> {
        let comment = change.comment.map(|text| said("comment", &text)).transpose()?;
        Ok(Self {
            revision: revision(change.revision)?,
            raw_comment: match change.raw_comment {
                Some(raw) => Some(said("rawComment", &raw)?),
                None => comment.clone(),
            },
            comment,
            context: change.context.as_ref().map(context).transpose()?,
        })
    }
}

/// A text of several lines, trimmed.
fn said(param: &'static str, said: &str) -> Result<String> {
    text::reject_nul(param, said)?;
    let said = said.trim();
    let length = said.chars().count();
    if length == 0 || length > LONGEST {
        let message = format!("`{param}` has {length} characters: make it 1 to {LONGEST}.");
        return Err(Error::invalid(param, message));
    }
    Ok(said.to_owned())
}

/// `last` is the one that is the last, as where there is none.
fn revision(revision: Option<RevisionId>) -> Result<Option<RevisionId>> {
    let named = revision.filter(|revision| revision.as_str() != "last");
    named.map(|revision| an_id("revision", revision.as_str())).transpose()
}

fn mentions(mut users: Vec<UserId>) -> Result<Vec<UserId>> {
    users.sort();
    users.dedup();
    if users.len() > MOST_MENTIONS {
        let message = format!("`mentions` has {} people: {MOST_MENTIONS} are the most.", users.len());
        return Err(Error::invalid("mentions", message));
    }
    users.iter().map(|user| an_id("mentions", user.as_str())).collect()
}

fn an_id<T: From<String>>(param: &'static str, id: &str) -> Result<T> {
    parse_id(param, id.to_owned())
        .map_err(|_| Error::invalid(param, format!("`{param}`: `{id:.30}` is no id.")))
}

/// A place in a score, as JSON of a bounded length.
fn context(context: &ScoreCommentContext) -> Result<String> {
    let staff = context.staff_uuid.iter();
    let parts = context.measure_uuids.iter().chain(staff).chain([&context.part_uuid]);
    let is_uuid = |part: &&String| (1..=LONGEST_UUID).contains(&part.len()) && !part.contains('\0');
    if context.measure_uuids.len() > MOST_MEASURES || !parts.clone().all(|part| is_uuid(&part)) {
        let message = format!(
            "`context` names a part and up to {MOST_MEASURES} measures, each by an id of 1 to {LONGEST_UUID} bytes."
        );
        return Err(Error::invalid("context", message));
    }
    serde_json::to_string(context).map_err(|error| Error::internal(error.to_string()))
}
