//! A teacher chooses in Homeroom what a link in the LMS opens: Content-Item 1.0, and the older ways of Canvas.

use serde_json::{Value, json};

use super::parameters::Parameter;
use super::refusal::Refusal;
use super::request::Verified;
use super::signing::Signer;
use crate::return_url::ReturnUrl;

/// What is to be chosen, and how it goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    ContentItem(Box<Request>),
    /// Canvas' light-weight extension: a redirect to `return_url` with `return_type`, one of `types` if any are named.
    Redirect {
        return_url: ReturnUrl,
        types: Vec<String>,
    },
}

/// `ContentItemSelectionRequest`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub return_url: ReturnUrl,
    pub media_types: Vec<String>,
    /// `frame`, `iframe`, `window`, …
    pub targets: Vec<String>,
    pub multiple: bool,
    pub title: String,
    pub text: String,
    /// Opaque: goes back as it came.
    pub data: Option<String>,
}

/// A link that was chosen.
#[derive(Debug, Clone, Default)]
pub struct Item {
    pub url: String,
    pub title: String,
    pub text: String,
    /// The most points of the grade that the LMS is to make a column for.
    pub maximum: Option<f64>,
}

const LINK: &str = "application/vnd.ims.lti.v1.ltilink";

impl Selection {
    /// Absent where a link is to be opened.
    pub(super) fn read(verified: &Verified, message_type: &str) -> Result<Option<Self>, Refusal> {
        if message_type == "ContentItemSelectionRequest" {
            return Request::read(verified).map(|request| Some(Self::ContentItem(Box::new(request))));
        }
        let url = match verified.get("selection_directive")? {
            Some(_) => "launch_presentation_return_url",
            None => "ext_content_return_url",
        };
        let types = verified.list("ext_content_return_types")?;
        Ok(verified.return_url(url)?.map(|return_url| Self::Redirect { return_url, types }))
    }
}

impl Request {
    fn read(verified: &Verified) -> Result<Self, Refusal> {
        const RETURN: &str = "content_item_return_url";
        let return_url = verified.get(RETURN)?.ok_or(Refusal::Missing(RETURN))?;
        Ok(Self {
            return_url: ReturnUrl::read(return_url).ok_or(Refusal::Address(RETURN))?,
            media_types: verified.list("accept_media_types")?,
            targets: verified.list("accept_presentation_document_targets")?,
            multiple: verified
                .get("accept_multiple")?
                .is_some_and(|value| value.eq_ignore_ascii_case("true")),
            title: verified.line("title")?,
            text: verified.line("text")?,
            data: verified.get("data")?.map(str::to_owned),
        })
    }

    /// Whether links can be returned at all.
    pub fn accepts_links(&self) -> bool {
        let links = |name: &String| matches!(name.as_str(), LINK | "application/*" | "*/*");
        self.media_types.is_empty() || self.media_types.iter().any(links)
    }

    /// The fields of the form that the browser posts to `return_url`; without items it says that nothing was chosen. Of
    /// several items the first goes where one alone is asked for.
    pub fn answer(&self, signer: &Signer<'_>, items: &[Item], message: &str) -> Vec<Parameter> {
        let most = if self.multiple { items.len() } else { 1 };
        let graph: Vec<_> = items.iter().take(most).map(|item| self.item(item)).collect();
        let content =
            json!({ "@context": "http://purl.imsglobal.org/ctx/lti/v1/ContentItem", "@graph": graph });
        let fields = [
            ("lti_message_type", Some("ContentItemSelection")),
            ("lti_version", Some("LTI-1p0")),
            ("data", self.data.as_deref()),
            ("lti_msg", Some(message).filter(|message| !message.is_empty())),
            ("content_items", Some(&content.to_string())),
        ];
        let fields =
            fields.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
        signer.form(self.return_url.as_str(), fields.collect())
    }

    fn item(&self, item: &Item) -> Value {
        let mut value = json!({ "@type": "LtiLinkItem", "mediaType": LINK, "url": item.url, "title": item.title,
            "text": item.text });
        let first = |wanted: &&str| self.targets.iter().any(|target| target == wanted);
        if let Some(target) = ["iframe", "frame", "window"].iter().find(|wanted| first(wanted)) {
            value["placementAdvice"] = json!({ "presentationDocumentTarget": target });
        }
        if let Some(maximum) = item.maximum {
            value["lineItem"] = json!({ "@type": "LineItem", "label": item.title, "reportingMethod": "res:totalScore",
                "scoreConstraints": { "@type": "NumericLimits", "normalMaximum": maximum } });
        }
        value
    }
}

/// Where the browser goes with a choice, the Canvas way: `return_type=lti_launch_url&url=…&title=…`.
pub fn redirect(return_url: &ReturnUrl, item: &Item) -> String {
    return_url.with(&[
        ("return_type", "lti_launch_url"),
        ("url", &item.url),
        ("title", &item.title),
        ("text", &item.text),
    ])
}
