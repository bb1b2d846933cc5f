//! What a score says about itself, and what its fields accept.

use homeroom_api::{
    OrganizationId, ScoreCreation, ScoreCreationType, ScoreLicense, ScoreModification, ScorePrivacy, Update,
};

use super::music::Labels;
use super::{Score, show};
use crate::organizations::INDIVIDUALS;
use crate::{App, Error, Result, text};

const LONGEST_LINE: usize = 300;
const LONGEST_TEXT: usize = 2_000;
const LONGEST_FILENAME: usize = 1_000;
const MOST_TAGS: usize = 30;
const LONGEST_TAG: usize = 30;
const UNTITLED: &str = "Untitled score";
const HEX: &[u8] = b"0123456789abcdef";
const KEY: usize = 128;

/// A missing text is ''.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pub title: String,
    pub subtitle: String,
    pub composer: String,
    pub lyricist: String,
    pub arranger: String,
    pub description: String,
    pub tags: Vec<String>,
    pub creation_type: Option<ScoreCreationType>,
    pub license: Option<ScoreLicense>,
    pub license_text: String,
    pub privacy: ScorePrivacy,
    /// There where the privacy is `privateLink`.
    pub sharing_key: Option<String>,
}

impl Fields {
    /// Of a new score, of which the file has yet to say the rest.
    pub fn of_new(app: &App, organization: &OrganizationId, new: &ScoreCreation) -> Result<Self> {
        let title = text::optional_line("title", new.title.as_deref(), LONGEST_LINE)?;
        let privacy = new.privacy.unwrap_or_default();
        may_be(organization, privacy)?;
        Ok(Self { title, privacy, sharing_key: draw_key(app, privacy), ..Self::default() })
    }

    /// Fills in what the file says of itself. Without any title, the name of the file is one.
    pub fn fill(&mut self, labels: Labels, filename: Option<&str>) {
        let titles = [std::mem::take(&mut self.title), labels.title, name_of(filename)];
        self.title =
            titles.into_iter().find(|title| !title.is_empty()).unwrap_or_else(|| UNTITLED.to_owned());
        (self.composer, self.lyricist, self.arranger) = (labels.composer, labels.lyricist, labels.arranger);
    }

    pub fn of(app: &App, score: &Score) -> Self {
        let key = score.sharing_key.as_deref();
        Self {
            title: score.title.clone(),
            subtitle: score.subtitle.clone(),
            composer: score.composer.clone(),
            lyricist: score.lyricist.clone(),
            arranger: score.arranger.clone(),
            description: score.description.clone(),
            tags: score.tags.clone(),
            creation_type: score.creation_type,
            license: score.license,
            license_text: score.license_text.clone(),
            privacy: score.privacy,
            sharing_key: key.and_then(|key| app.keys.open_secret(&show::place(&score.id), key)),
        }
    }

    /// Of a copy of a score, which nobody else sees.
    pub fn of_fork(app: &App, score: &Score, keep_title: bool) -> Self {
        let fields = Self::of(app, score);
        let title = if keep_title { fields.title } else { copied(&fields.title) };
        Self { title, privacy: ScorePrivacy::Private, sharing_key: None, ..fields }
    }

    /// Changes the fields that came.
    pub fn change(
        &mut self,
        app: &App,
        organization: &OrganizationId,
        change: ScoreModification,
    ) -> Result<()> {
        if let Some(title) = &change.title {
            self.title = text::line("title", title, 1, LONGEST_LINE)?;
        }
        set_line("subtitle", &mut self.subtitle, change.subtitle)?;
        set_line("composer", &mut self.composer, change.composer)?;
        set_line("lyricist", &mut self.lyricist, change.lyricist)?;
        set_line("arranger", &mut self.arranger, change.arranger)?;
        set_text("description", &mut self.description, change.description)?;
        set_text("licenseText", &mut self.license_text, change.license_text)?;
        set(&mut self.creation_type, change.creation_type);
        set(&mut self.license, change.license);
        if let Some(tags) = change.tags {
            self.tags = check_tags(tags)?;
        }
        self.change_privacy(app, organization, change.privacy, change.sharing_key)
    }

    fn change_privacy(
        &mut self,
        app: &App,
        organization: &OrganizationId,
        privacy: Option<ScorePrivacy>,
        key: Option<String>,
    ) -> Result<()> {
        self.privacy = privacy.unwrap_or(self.privacy);
        may_be(organization, self.privacy)?;
        if self.privacy != ScorePrivacy::PrivateLink {
            self.sharing_key = None;
            return match key {
                Some(_) => Err(Error::invalid(
                    "sharingKey",
                    "Only a score whose `privacy` is `privateLink` has a key.",
                )),
                None => Ok(()),
            };
        }
        let key = key.map(check_key).transpose()?;
        self.sharing_key = key.or_else(|| self.sharing_key.take()).or_else(|| draw_key(app, self.privacy));
        Ok(())
    }
}

fn may_be(organization: &OrganizationId, privacy: ScorePrivacy) -> Result<()> {
    if privacy == ScorePrivacy::OrganizationPublic && organization.as_str() == INDIVIDUALS {
        let message = "You are in no organization that a score could be open to: choose another `privacy`.";
        return Err(Error::invalid("privacy", message));
    }
    Ok(())
}

fn draw_key(app: &App, privacy: ScorePrivacy) -> Option<String> {
    (privacy == ScorePrivacy::PrivateLink).then(|| app.random.text(HEX, KEY))
}

fn check_key(key: String) -> Result<String> {
    if key.len() == KEY && key.bytes().all(|byte| HEX.contains(&byte)) {
        return Ok(key);
    }
    Err(Error::invalid("sharingKey", "`sharingKey` is 128 hexadecimal digits, in lower case."))
}

fn check_tags(tags: Vec<String>) -> Result<Vec<String>> {
    if tags.len() > MOST_TAGS {
        return Err(Error::invalid(
            "tags",
            format!("There are {} tags: {MOST_TAGS} are the most.", tags.len()),
        ));
    }
    let is_tag = |tag: &String| {
        (1..=LONGEST_TAG).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if tags.iter().all(is_tag) {
        return Ok(tags);
    }
    Err(Error::invalid("tags", format!("A tag is 1 to {LONGEST_TAG} letters (a to z) and digits.")))
}

fn set<T>(field: &mut Option<T>, update: Update<T>) {
    match update {
        Update::Keep => {}
        Update::Clear => *field = None,
        Update::Set(value) => *field = Some(value),
    }
}

fn set_line(param: &'static str, field: &mut String, update: Update<String>) -> Result<()> {
    match update {
        Update::Keep => {}
        Update::Clear => field.clear(),
        Update::Set(text) => *field = text::optional_line(param, Some(&text), LONGEST_LINE)?,
    }
    Ok(())
}

fn set_text(param: &'static str, field: &mut String, update: Update<String>) -> Result<()> {
    match update {
        Update::Keep => {}
        Update::Clear => field.clear(),
        Update::Set(text) => *field = check_text(param, &text, LONGEST_TEXT)?,
    }
    Ok(())
}

/// A text of several lines.
pub(super) fn check_text(param: &'static str, text: &str, most: usize) -> Result<String> {
    text::reject_nul(param, text)?;
    let text = text.trim();
    let length = text.chars().count();
    if length > most {
        return Err(Error::invalid(
            param,
            format!("`{param}` has {length} characters: {most} are the most."),
        ));
    }
    Ok(text.to_owned())
}

/// The name of a file, without folders and ending. What can't stand in a title is left out.
fn name_of(filename: Option<&str>) -> String {
    let name = filename.unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let name: String = name.chars().take(LONGEST_FILENAME).collect();
    text::optional_line("filename", Some(&name), LONGEST_LINE).unwrap_or_default()
}

/// "Fugue (copy)", cut so that both fit.
fn copied(title: &str) -> String {
    const SUFFIX: &str = " (copy)";
    let kept: String = title.chars().take(LONGEST_LINE - SUFFIX.len()).collect();
    format!("{}{SUFFIX}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_is_a_title_without_folders_and_ending() {
        for (name, title) in [
            ("fugue.mxl", "fugue"),
            ("C:\\music\\Fugue No. 2.musicxml", "Fugue No. 2"),
            ("../../etc/passwd", "passwd"),
            ("noending", "noending"),
            (".mid", ""),
            ("a\u{0}b.mid", ""),
            ("", ""),
        ] {
            assert_eq!(name_of(Some(name)), title, "{name}");
        }
    }
}
