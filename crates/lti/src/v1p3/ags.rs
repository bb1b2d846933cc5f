//! Grades to an LMS of LTI 1.3 (Assignment and Grade Services 2.0).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::claims::Claims;
use super::refusal::Refusal;
use crate::return_url::ReturnUrl;

const CLAIM: &str = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint";
pub const LINE_ITEM: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem";
pub const LINE_ITEM_READONLY: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly";
pub const RESULT_READONLY: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly";
pub const SCORE: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";

pub const LINE_ITEM_TYPE: &str = "application/vnd.ims.lis.v2.lineitem+json";
pub const LINE_ITEMS_TYPE: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
pub const SCORE_TYPE: &str = "application/vnd.ims.lis.v1.score+json";
pub const RESULTS_TYPE: &str = "application/vnd.ims.lis.v2.resultcontainer+json";

/// What a launch says of the service. Store it by class and link, and anew with each launch (§3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub scopes: Vec<String>,
    pub line_items: Option<String>,
    /// The link's own, where it has one: then no other is made (§4.3.1).
    pub line_item: Option<String>,
}

impl Endpoint {
    /// Absent where the LMS does not offer the service, or no web address for it.
    pub fn read(claims: &Claims) -> Result<Option<Self>, Refusal> {
        let claim = claims.full_object(CLAIM, "endpoint")?;
        let address = |name: &str| claim.text(name).filter(|text| ReturnUrl::read(text).is_some());
        let (line_items, line_item) = (address("lineitems"), address("lineitem"));
        let offered = line_items.is_some() || line_item.is_some();
        Ok(offered.then(|| Self { scopes: claim.texts("scope"), line_items, line_item }))
    }

    /// Whether `scope` was granted: others are not to be asked for.
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// A column for grades (§3.2). What the LMS adds of its own comes and goes in `rest`, since a PUT replaces all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub label: String,
    pub score_maximum: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_link_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

/// A grade as the LMS has it (§3.3).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grade {
    pub user_id: String,
    #[serde(default)]
    pub result_score: Option<f64>,
    #[serde(default)]
    pub result_maximum: Option<f64>,
    #[serde(default)]
    pub comment: Option<String>,
}

/// How far somebody is (§3.4.7, §3.4.8).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    TurnedIn,
    Graded {
        given: f64,
        maximum: f64,
    },
    /// The grade is taken away.
    Cleared,
}

/// What is posted to [`scores_url`]. `at`, in milliseconds since 1970, grows with each of a person and column (§3.4.9).
#[derive(Debug, Clone, Copy)]
pub struct Score<'a> {
    pub user_id: &'a str,
    pub at: i64,
    pub progress: Progress,
    pub comment: Option<&'a str>,
    /// When it was turned in, in milliseconds since 1970.
    pub submitted_at: Option<i64>,
    /// A page for Canvas' SpeedGrader, if the LMS is Canvas.
    pub canvas_url: Option<&'a str>,
}

impl Score<'_> {
    pub fn json(&self) -> Value {
        let (activity, grading) = match self.progress {
            Progress::TurnedIn => ("Submitted", "PendingManual"),
            Progress::Graded { .. } => ("Completed", "FullyGraded"),
            Progress::Cleared => ("Initialized", "NotReady"),
        };
        let mut json = json!({ "userId": self.user_id, "timestamp": instant(self.at),
            "activityProgress": activity, "gradingProgress": grading });
        if let Progress::Graded { given, maximum } = self.progress {
            json["scoreGiven"] = json!(given.max(0.0));
            json["scoreMaximum"] = json!(maximum);
        }
        if let Some(comment) = self.comment {
            json["comment"] = json!(comment);
        }
        if let Some(at) = self.submitted_at {
            json["submission"] = json!({ "submittedAt": instant(at) });
        }
        if let Some(url) = self.canvas_url {
            json["https://canvas.instructure.com/lti/submission"] = json!({ "new_submission": self.progress == Progress::TurnedIn,
                "submission_type": "basic_lti_launch", "submission_data": url });
        }
        json
    }
}

/// RFC 3339 with milliseconds, in UTC.
fn instant(milliseconds: i64) -> String {
    format!("{:.3}", Timestamp::from_millisecond(milliseconds).unwrap_or_default())
}

/// Where scores of a column are posted: after its path, before its query (§3.4.1). Absent for what is no address.
pub fn scores_url(line_item: &str) -> Option<String> {
    below(line_item, "scores").map(Into::into)
}

/// Where the grade that the LMS has for somebody is read (§3.3).
pub fn results_url(line_item: &str, user_id: &str) -> Option<String> {
    let mut url = below(line_item, "results")?;
    url.query_pairs_mut().append_pair("user_id", user_id);
    Some(url.into())
}

/// Where the columns of an assignment of ours are read (§3.2.5).
pub fn line_items_url(line_items: &str, resource_id: &str) -> Option<String> {
    Some(ReturnUrl::read(line_items)?.with(&[("resource_id", resource_id)]))
}

fn below(line_item: &str, name: &str) -> Option<Url> {
    let mut url = Url::parse(ReturnUrl::read(line_item)?.as_str()).ok()?;
    let path = format!("{}/{name}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Some(url)
}
