//! What goes to an LMS of LTI 1.3 beside launches, and what comes back.

use homeroom_lti::v1p3::ags::{self, Endpoint, LineItem, Progress, Score};
use homeroom_lti::v1p3::claims::Claims;
use homeroom_lti::v1p3::jwt::Unverified;
use homeroom_lti::v1p3::nrps::{self, Page, Status};
use homeroom_lti::v1p3::pages::{Elsewhere, Relation, link};
use homeroom_lti::v1p3::service_token::{Refused, Request, Token};
use homeroom_lti::v1p3::signing::Signer;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::platform::{KEY, NOW, claims_with, expected, header, keys, sign};

pub fn verified(name: &str, claim: Value) -> Claims {
    let token = sign(&header(), &claims_with(&[(name, claim)]), &KEY);
    Unverified::read(&token).unwrap().verify(&keys(), &expected()).unwrap()
}

#[test]
fn a_token_is_asked_for_with_a_signed_assertion() {
    let request = Request {
        client_id: "client",
        audience: "https://lms.example/token",
        deployment_id: Some("d1"),
        scopes: &[ags::SCORE, nrps::SCOPE],
        id: "j1",
        now: NOW,
    };
    let form = request.form(&Signer { kid: "k1", key: &KEY }).unwrap();
    let fields: std::collections::HashMap<_, _> =
        form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    assert_eq!(fields["grant_type"], "client_credentials");
    assert_eq!(fields["scope"], format!("{} {}", ags::SCORE, nrps::SCOPE));
    let (header, claims) = decoded(&fields["client_assertion"]);
    assert_eq!((&header["alg"], &header["kid"]), (&json!("RS256"), &json!("k1")));
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["jti"]),
        (&json!("client"), &json!("client"), &json!("j1"))
    );
    assert_eq!((&claims["aud"], &claims["exp"]), (&json!("https://lms.example/token"), &json!(NOW + 300)));
}

pub fn decoded(token: &str) -> (Value, Value) {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
    let part = |part: &str| serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let mut parts = token.split('.');
    (part(parts.next().unwrap()), part(parts.next().unwrap()))
}

#[test]
fn a_token_is_used_a_minute_less_than_it_is_good_for() {
    let token = Token::read(
        br#"{"access_token":"t","token_type":"Bearer","expires_in":3600,"scope":"a"}"#,
        &["a", "b"],
        NOW,
    )
    .ok()
    .unwrap();
    assert_eq!(
        (token.value.as_str(), token.scopes, token.use_until),
        ("t", vec!["a".to_owned()], NOW + 3540)
    );
    for broken in [
        "{}",
        "<html>",
        r#"{"access_token":""}"#,
        r#"{"access_token":"a\r\nX: y"}"#,
        r#"{"access_token":"t","token_type":"mac"}"#,
    ] {
        assert_eq!(Token::read(broken.as_bytes(), &[], NOW).err(), Some(Refused::Unreadable), "{broken}");
    }
    assert_eq!(Refused::read(br#"{"error":"invalid_scope"}"#), Refused::Scope);
    assert_eq!(Refused::read(br#"{"error":"invalid_client"}"#), Refused::Client);
    assert_eq!(Refused::read(b"<html>"), Refused::Unreadable);
}

const ENDPOINT: &str = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint";

#[test]
fn the_grade_service_is_as_a_launch_says() {
    let claim = json!({ "scope": [ags::SCORE], "lineitem": "https://lms.example/i/1", "lineitems": "file:///etc/passwd" });
    let endpoint = Endpoint::read(&verified(ENDPOINT, claim)).unwrap().unwrap();
    assert_eq!(
        (endpoint.line_item.as_deref(), endpoint.line_items.as_deref()),
        (Some("https://lms.example/i/1"), None)
    );
    assert!(endpoint.has(ags::SCORE) && !endpoint.has(ags::LINE_ITEM));
    assert_eq!(Endpoint::read(&verified(ENDPOINT, json!({ "scope": [] }))).unwrap(), None);
    assert!(Endpoint::read(&verified(ENDPOINT, json!("x"))).is_err());
}

#[test]
fn scores_are_posted_after_the_path_and_before_the_query() {
    let scores = ags::scores_url("https://lms.example/i/1/lineitem?type_id=1");
    assert_eq!(scores.as_deref(), Some("https://lms.example/i/1/lineitem/scores?type_id=1"));
    let results = ags::results_url("https://lms.example/i/1/lineitem?type_id=1", "u&1");
    assert_eq!(results.as_deref(), Some("https://lms.example/i/1/lineitem/results?type_id=1&user_id=u%261"));
    assert_eq!(ags::scores_url("https://lms.example/i/").as_deref(), Some("https://lms.example/i/scores"));
    let columns = ags::line_items_url("https://lms.example/i?c=1", "7");
    assert_eq!(columns.as_deref(), Some("https://lms.example/i?c=1&resource_id=7"));
    assert_eq!(ags::scores_url("/lineitem"), None);
}

#[test]
fn a_score_says_how_far_somebody_is() {
    let score = Score {
        user_id: "u1",
        at: NOW * 1000 + 5,
        progress: Progress::TurnedIn,
        comment: None,
        submitted_at: Some(NOW * 1000),
        canvas_url: None,
    };
    assert_eq!(
        score.json(),
        json!({ "userId": "u1", "timestamp": "2023-11-14T22:13:20.005Z", "activityProgress": "Submitted",
        "gradingProgress": "PendingManual", "submission": { "submittedAt": "2023-11-14T22:13:20.000Z" } })
    );
    let graded =
        Score { progress: Progress::Graded { given: 12.0, maximum: 10.0 }, comment: Some("Bravo"), ..score }
            .json();
    assert_eq!(
        (&graded["scoreGiven"], &graded["scoreMaximum"], &graded["comment"]),
        (&json!(12.0), &json!(10.0), &json!("Bravo"))
    );
    let cleared = Score { progress: Progress::Cleared, ..score }.json();
    assert_eq!((&cleared["gradingProgress"], cleared.get("scoreGiven")), (&json!("NotReady"), None));
}

#[test]
fn a_column_keeps_what_the_lms_added() {
    let json = json!({ "id": "https://lms.example/i/1", "label": "Scales", "scoreMaximum": 10.0, "startDateTime": "x" });
    let item: LineItem = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(item).unwrap(), json);
}

#[test]
fn the_next_page_is_on_the_same_host_and_keeps_its_case() {
    let from = "https://lms.example/Members?p=1";
    let next = |header| link([header], Relation::Next, from);
    assert_eq!(
        next("<https://lms.example/Members?p=Ab>; rel=\"next\""),
        Ok(Some("https://lms.example/Members?p=Ab".into()))
    );
    assert_eq!(
        next("<https://lms.example/a>; rel=prev, </b,c>; Rel=\"x NEXT\""),
        Ok(Some("https://lms.example/b,c".into()))
    );
    assert_eq!(next("<https://lms.example/a>; rel=\"differences\""), Ok(None));
    assert_eq!(
        link(["<?d=1>;rel=differences"], Relation::Differences, from),
        Ok(Some("https://lms.example/Members?d=1".into()))
    );
    for attack in
        ["<https://evil.example/>; rel=next", "<http://lms.example/>; rel=next", "<//10.0.0.1/>; rel=next"]
    {
        assert_eq!(next(attack), Err(Elsewhere), "{attack}");
    }
}

#[test]
fn a_roster_says_who_is_in_a_course_without_the_student_view() {
    let page = json!({ "id": "x", "context": { "id": "course-1" }, "members": [
        { "user_id": "u1", "roles": ["Instructor"], "name": "Zoë", "email": "zoe@school.example" },
        { "user_id": "u2", "roles": [], "status": "Inactive" },
        { "user_id": "u3", "roles": ["Learner"], "status": "Deleted" },
        { "user_id": "u4", "roles": ["Learner", "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"] },
    ]});
    let page = Page::read(page.to_string().as_bytes()).unwrap();
    let found: Vec<_> = page.members.iter().map(|member| (member.user_id.as_str(), member.status)).collect();
    assert_eq!(found, [("u1", Status::Active), ("u2", Status::Inactive), ("u3", Status::Deleted)]);
    assert_eq!((page.context_id.as_str(), page.members[0].person.full_name.as_str()), ("course-1", "Zoë"));
    for broken in [
        json!({}),
        json!({ "members": [{ "roles": [] }] }),
        json!({ "members": [{ "user_id": "a\0", "roles": [] }] }),
    ] {
        assert!(Page::read(broken.to_string().as_bytes()).is_err(), "{broken}");
    }
}

#[test]
fn a_roster_is_offered_in_version_2() {
    let claim = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice";
    let offered = |versions: Value| {
        let value =
            json!({ "context_memberships_url": "https://lms.example/m", "service_versions": versions });
        nrps::memberships_url(&verified(claim, value)).unwrap()
    };
    assert_eq!(offered(json!(["2.0"])).as_deref(), Some("https://lms.example/m"));
    assert_eq!(offered(json!(["1.0"])), None);
}

proptest! {
    #[test]
    fn any_link_header_is_read_or_refused(header in "[<>;,=\" a-z:/.]{0,60}|\\PC{0,40}") {
        let found = link([header.as_str()], Relation::Next, "https://lms.example/");
        prop_assert!(found.is_err() || found.unwrap().is_none_or(|url| url.starts_with("https://lms.example/")));
    }
}
