//! Good launches of LTI 1.1.

use homeroom_lti::roles::{AccountRole, ClassRole};
use homeroom_lti::v1p1::launch::{Launch, Message};
use homeroom_lti::v1p1::parameters::Parameter;
use homeroom_lti::v1p1::refusal::Refusal;
use homeroom_lti::v1p1::request::{Request, Signed};
use homeroom_lti::v1p1::signature::Method;
use homeroom_lti::v1p1::signing::Signer;

pub const URL: &str = "https://school.example/lti/launch";
pub const NOW: i64 = 1_700_000_000;
pub const FORM: &str = "application/x-www-form-urlencoded";

pub fn signer() -> Signer<'static> {
    Signer { consumer_key: "KEY", secret: "secret", method: Method::HmacSha1, nonce: "n1", now: NOW }
}

/// A good launch, without signature.
pub fn launch() -> Vec<Parameter> {
    fields(&[
        ("lti_message_type", "basic-lti-launch-request"),
        ("lti_version", "LTI-1p0"),
        ("resource_link_id", "link-1"),
        ("resource_link_title", "Scales"),
        ("user_id", "42"),
        ("roles", "Instructor"),
        ("context_id", "course-1"),
        ("context_title", "Band"),
        ("lis_person_name_given", " Zoë "),
        ("lis_person_contact_email_primary", "zoe@school.example"),
        ("lis_outcome_service_url", "https://lms.example/outcomes"),
        ("lis_result_sourcedid", "{\"a\":1}"),
        ("ext_outcome_data_values_accepted", "url, text"),
        ("tool_consumer_instance_guid", "guid"),
        ("tool_consumer_info_product_family_code", "moodle"),
        ("launch_presentation_return_url", "https://lms.example/return?course=7"),
        ("role_scope_mentor", "a%2Cb,c"),
        ("custom_Level", "3"),
        ("empty", ""),
    ])
}

pub fn fields(of: &[(&str, &str)]) -> Vec<Parameter> {
    of.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

pub fn body(fields: &[Parameter]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub fn request<'a>(url: &'a str, body: &'a str) -> Request<'a> {
    Request { http_method: "POST", url, content_type: Some(FORM), authorization: None, body: body.as_bytes() }
}

pub fn read(request: &Request<'_>) -> Result<Message, Refusal> {
    Message::read(&Signed::read(request)?.verify(Some("secret"), 300, NOW)?)
}

pub fn read_signed(fields: Vec<Parameter>) -> Result<Message, Refusal> {
    read(&request(URL, &body(&signer().form(URL, fields))))
}

fn opened(fields: Vec<Parameter>) -> Launch {
    match read_signed(fields).unwrap() {
        Message::Launch(launch) => *launch,
        Message::Selection(..) => panic!("it selects"),
    }
}

#[test]
fn a_launch_says_who_comes_from_where() {
    let launch = opened(launch());
    assert_eq!(launch.user_id, "42");
    assert_eq!((launch.roles.class, launch.roles.account), (Some(ClassRole::Teacher), AccountRole::Teacher));
    assert_eq!((launch.person.given_name.as_str(), launch.person.family_name.as_str()), ("Zoë", ""));
    assert_eq!(launch.context.unwrap().title, "Band");
    assert_eq!(launch.link.unwrap().id, "link-1");
    let outcome = launch.outcome.unwrap();
    assert_eq!(
        (outcome.sourcedid.as_deref(), outcome.accepts),
        (Some("{\"a\":1}"), vec!["url".into(), "text".into()])
    );
    assert_eq!((launch.platform.product.as_str(), launch.platform.guid.as_str()), ("moodle", "guid"));
    assert_eq!(launch.mentees, ["a,b", "c"]);
    assert_eq!(launch.custom["level"], "3");
}

#[test]
fn a_launch_without_course_names_or_roles_is_good() {
    let fields = launch().into_iter().filter(|(name, _)| {
        ["lti_message_type", "lti_version", "resource_link_id", "user_id"].contains(&name.as_str())
    });
    let launch = opened(fields.collect());
    assert_eq!((launch.roles.class, launch.context, launch.outcome), (None, None, None));
}

#[test]
fn the_nonce_comes_back_to_be_stored() {
    let body = body(&signer().form(URL, launch()));
    let signed = Signed::read(&request(URL, &body)).unwrap();
    assert_eq!(signed.consumer_key(), "KEY");
    let verified = signed.verify(Some("secret"), 300, NOW + 300).unwrap();
    assert_eq!(
        (verified.consumer_key.as_str(), verified.nonce.as_str(), verified.timestamp),
        ("KEY", "n1", NOW)
    );
}

#[test]
fn a_launch_may_be_signed_by_sha_256_and_to_a_port() {
    let signer = Signer { method: Method::HmacSha256, ..signer() };
    let url = "https://school.example:8443/lti/launch?r=1";
    let body = body(&signer.form(url, launch()));
    assert!(read(&request(url, &body)).is_ok());
}

#[test]
fn the_oauth_parameters_may_stand_in_the_header() {
    let (oauth, rest): (Vec<_>, Vec<_>) =
        signer().form(URL, launch()).into_iter().partition(|(name, _)| name.starts_with("oauth_"));
    let pairs: Vec<_> =
        oauth.iter().map(|(n, v)| format!("{n}=\"{}\"", homeroom_lti::v1p1::parameters::encode(v))).collect();
    let header = format!("OAuth realm=\"x\", {}", pairs.join(", "));
    let body = body(&rest);
    assert!(read(&Request { authorization: Some(&header), ..request(URL, &body) }).is_ok());
}
