use homeroom_lti::return_url::ReturnUrl;

#[test]
fn who_goes_back_keeps_the_query_and_goes_to_web_addresses_only() {
    let back = ReturnUrl::read("https://lms.example/return?course=7#top").unwrap();
    assert_eq!(back.failed("No seat", ""), "https://lms.example/return?course=7&lti_errormsg=No+seat#top");
    assert_eq!(back.done("Done", "ok"), "https://lms.example/return?course=7&lti_msg=Done&lti_log=ok#top");
    for attack in [
        "javascript:alert(1)",
        "//evil.example",
        "data:text/html,x",
        "ftp://a/b",
        "https://a@evil.example/",
        "",
    ] {
        assert_eq!(ReturnUrl::read(attack), None, "{attack}");
    }
}
