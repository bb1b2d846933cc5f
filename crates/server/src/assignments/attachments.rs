//! Attachments of assignments and submissions: scores, and links from which nothing is fetched.

use homeroom_api::{
    AttachmentType, ClassAttachmentCreation, ErrorCode, MediaAttachment, ScoreId, SharingMode,
};

use crate::db::Tx;
use crate::http::{Caller, parse_id};
use crate::scores::Score;
use crate::{Error, Result, scores, text};

const PARAM: &str = "attachments";
const MOST: usize = 50;
const LONGEST_URL: usize = 2000;
const LONGEST_PART: usize = 100;

/// An attachment whose score, if it has one, is there.
pub struct Attached {
    pub shown: MediaAttachment,
    /// JSON: what is shown, without the title.
    pub content: String,
}

/// Checks what needs no database.
pub fn parse_all(new: Vec<ClassAttachmentCreation>) -> Result<Vec<MediaAttachment>> {
    if new.len() > MOST {
        let message = format!("There are {} attachments: {MOST} are the most.", new.len());
        return Err(Error::invalid(PARAM, message));
    }
    new.into_iter().map(parse).collect()
}

fn parse(new: ClassAttachmentCreation) -> Result<MediaAttachment> {
    let by_score = if new.score.is_some() { AttachmentType::Flat } else { AttachmentType::Link };
    let attachment = MediaAttachment {
        r#type: new.r#type.unwrap_or(by_score),
        score: None,
        revision: None,
        part_uuid: None,
        sharing_mode: None,
        lock_score_template: None,
        title: None,
        url: None,
        teacher_only: new.teacher_only,
    };
    match attachment.r#type {
        AttachmentType::Flat => of_score(attachment, new),
        AttachmentType::Link | AttachmentType::Rich | AttachmentType::Video | AttachmentType::Photo => {
            Ok(MediaAttachment { url: Some(url(new.url.as_deref().unwrap_or_default())?), ..attachment })
        }
        AttachmentType::GoogleDrive => Err(missing(
            "There is no connection to Google Drive here: attach the file's address as a `link`.",
        )),
        AttachmentType::Worksheet => {
            Err(missing("There are no worksheets here: attach a score or a `link`."))
        }
    }
}

fn missing(message: &'static str) -> Error {
    Error::new(ErrorCode::NotImplemented, message).with_param(PARAM)
}

fn of_score(attachment: MediaAttachment, new: ClassAttachmentCreation) -> Result<MediaAttachment> {
    let score = new.score.ok_or_else(|| Error::invalid(PARAM, "A `flat` attachment names its `score`."))?;
    let part = text::optional_line(PARAM, new.part_uuid.as_deref(), LONGEST_PART)?;
    let revision = new.revision.map(|id| known_id("revision", id.as_str())).transpose()?;
    Ok(MediaAttachment {
        score: Some(known_id("score", score.as_str())?),
        revision,
        part_uuid: Some(part).filter(|part| !part.is_empty()),
        sharing_mode: Some(new.sharing_mode.unwrap_or(SharingMode::Read)),
        lock_score_template: new.lock_score_template,
        ..attachment
    })
}

fn known_id<T: From<String>>(what: &'static str, id: &str) -> Result<T> {
    parse_id(what, id.to_owned()).map_err(|_| Error::invalid(PARAM, format!("`{what}` is not an id.")))
}

fn url(url: &str) -> Result<String> {
    let is_web =
        url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if url.len() > LONGEST_URL || !is_web || url.chars().any(char::is_control) {
        let message = "A link has a `url` that begins with `https://` or `http://`, of 2000 bytes at most.";
        return Err(Error::invalid(PARAM, message));
    }
    Ok(url.to_owned())
}

/// What a score is attached to: who may attach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A class gets to see what the teacher may read, and to write what the teacher may write otherwise than by a class:
    /// what one class gives to its teachers goes no further.
    Assignment,
    /// One hands in one's own work: what one may write.
    Submission,
}

/// Checks that the caller may attach the scores, which then stay until the transaction ends.
pub async fn check(
    tx: &mut Tx,
    caller: &Caller,
    attachments: &[MediaAttachment],
    purpose: Purpose,
) -> Result<Vec<Attached>> {
    let mut checked = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        if let Some(score) = &attachment.score {
            let is_given = attachment.sharing_mode == Some(SharingMode::Write);
            may_attach(tx, caller, score, purpose, is_given).await?;
        }
        checked.push(Attached::new(attachment.clone())?);
    }
    Ok(checked)
}

async fn may_attach(
    tx: &mut Tx,
    caller: &Caller,
    score: &ScoreId,
    purpose: Purpose,
    is_given: bool,
) -> Result<()> {
    scores::hold(tx, &caller.organization, score).await?;
    let may = |score: &Score| match purpose {
        Purpose::Submission => score.rights.write,
        Purpose::Assignment => !is_given || score.may_give_to_write(caller),
    };
    match scores::open(tx, caller, score, None).await {
        Ok(score) if !may(&score) => {
            let message =
                format!("The score {} is not one that you may write: attach a copy of it.", score.id);
            Err(Error::invalid(PARAM, message))
        }
        Err(error) if error.code == ErrorCode::NotFound => {
            Err(Error::invalid(PARAM, format!("The score {score} is not one that you may read.")))
        }
        opened => opened.map(drop),
    }
}

impl Attached {
    pub fn new(shown: MediaAttachment) -> Result<Self> {
        let shown = MediaAttachment { title: None, ..shown };
        let content = serde_json::to_string(&shown).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Self { shown, content })
    }

    /// A score of the student's own.
    pub fn score(score: ScoreId) -> Result<Self> {
        Self::new(MediaAttachment {
            r#type: AttachmentType::Flat,
            score: Some(score),
            revision: None,
            part_uuid: None,
            sharing_mode: Some(SharingMode::Read),
            lock_score_template: None,
            title: None,
            url: None,
            teacher_only: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn a_link_leads_to_the_web_and_nowhere_else() {
        for good in ["https://school.example/a?b#c", "http://school.example"] {
            assert_eq!(url(good).unwrap(), good);
        }
        for bad in
            ["", "javascript:alert(1)", "data:text/html,x", "ftp://a.example", "//a.example", "https://"]
        {
            assert!(url(bad).is_err(), "{bad}");
        }
    }
}
