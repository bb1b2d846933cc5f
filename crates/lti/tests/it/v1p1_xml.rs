//! Outcomes and the cartridge of LTI 1.1.

use homeroom_lti::v1p1::cartridge::Cartridge;
use homeroom_lti::v1p1::outcomes::{self, Answer, ResultData, Status, Unreadable, answer};
use proptest::prelude::*;

fn answered(status: &str, body: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><imsx_POXEnvelopeResponse xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0"><imsx_POXHeader><imsx_POXResponseHeaderInfo><imsx_version>V1.0</imsx_version><imsx_statusInfo><imsx_codeMajor>{status}</imsx_codeMajor><imsx_severity>status</imsx_severity><imsx_description>Score &lt;1&gt; &#233;</imsx_description></imsx_statusInfo></imsx_POXResponseHeaderInfo></imsx_POXHeader><imsx_POXBody>{body}</imsx_POXBody></imsx_POXEnvelopeResponse>"#
    )
}

#[test]
fn a_score_is_sent_between_0_and_1_with_a_point() {
    for (score, text) in [(0.85, "0.85"), (1.5, "1"), (-1.0, "0"), (f64::NAN, "0"), (1e-7, "0.0000001")] {
        let xml = outcomes::replace("m", "s", score, None);
        assert!(xml.contains(&format!("<textString>{text}</textString>")), "{xml}");
    }
}

#[test]
fn a_sourcedid_with_xml_in_it_stays_text() {
    let xml = outcomes::replace("m", "</sourcedId><x>&", 1.0, Some(ResultData::Url("https://a/?b&c")));
    assert!(xml.contains("<sourcedId>&lt;/sourcedId&gt;&lt;x&gt;&amp;</sourcedId>"), "{xml}");
    assert!(xml.contains("<resultData><url>https://a/?b&amp;c</url></resultData>"), "{xml}");
    assert!(outcomes::delete("m", "s").contains("<deleteResultRequest><resultRecord>"));
    assert!(outcomes::read("m", "s").contains("<readResultRequest><resultRecord>"));
}

#[test]
fn an_answer_says_whether_it_worked_and_the_grade() {
    let read = "<readResultResponse><result><resultScore><language>en</language><textString>0.91</textString></resultScore></result></readResultResponse>";
    let expected = Answer { status: Status::Success, description: "Score <1> é".into(), score: Some(0.91) };
    assert_eq!(answer(answered("success", read).as_bytes()), Ok(expected));
    let none = read.replace("0.91", "");
    assert_eq!(answer(answered("Success", &none).as_bytes()).unwrap().score, None);
    assert_eq!(answer(answered("failure", "").as_bytes()).unwrap().status, Status::Failure);
    assert_eq!(answer(answered("unsupported", "").as_bytes()).unwrap().status, Status::Unsupported);
}

#[test]
fn answers_that_attack_or_are_none_are_refused() {
    let large = "x".repeat((64 << 10) + 1);
    let deep = "<a>".repeat(100);
    let external = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#;
    let cases = [
        (large.as_str(), Unreadable::TooLarge),
        (deep.as_str(), Unreadable::NoXml),
        (external, Unreadable::DocumentType),
        ("<!DOCTYPE a><a/>", Unreadable::DocumentType),
        ("<a>&undefined;</a>", Unreadable::DocumentType),
        ("<a></b>", Unreadable::NoXml),
        ("<html>Sign in</html>", Unreadable::NoStatus),
        ("", Unreadable::NoStatus),
        ("<imsx_codeMajor>success</imsx_codeMajor>", Unreadable::NoStatus),
    ];
    for (body, expected) in cases {
        assert_eq!(answer(body.as_bytes()), Err(expected), "{}", &body[..body.len().min(60)]);
    }
}

/// `lti.ToolConfig.create_from_xml(xml)` of PyPI lti reads it with these values.
#[test]
fn the_cartridge_names_launch_and_placements() {
    let cartridge = Cartridge {
        title: "Music & more",
        description: "Scores",
        launch_url: "https://school.example/lti/launch",
        icon_url: "https://school.example/icon.png",
        domain: "school.example",
    };
    let xml = cartridge.xml();
    assert!(xml.contains("<blti:title>Music &amp; more</blti:title>"));
    assert!(
        xml.contains("<blti:secure_launch_url>https://school.example/lti/launch</blti:secure_launch_url>")
    );
    for placement in ["course_navigation", "editor_button", "resource_selection", "homework_submission"] {
        assert!(xml.contains(&format!("<lticm:options name=\"{placement}\">")));
    }
}

proptest! {
    #[test]
    fn any_answer_is_read_or_refused(body in "(<[a-z/!&;]{0,6}>|[ -~]){0,40}") {
        let _ = answer(body.as_bytes());
    }
}
