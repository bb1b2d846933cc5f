//! The cartridge: XML by which an LMS of LTI 1.1 sets Homeroom up (IMS Common Cartridge, `cartridge_basiclti_link`).

use quick_xml::escape::escape;

/// What the cartridge says. The addresses are whole.
#[derive(Debug, Clone, Copy)]
pub struct Cartridge<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub launch_url: &'a str,
    pub icon_url: &'a str,
    /// Canvas knows launch addresses by it: host, with the port if there is one.
    pub domain: &'a str,
}

/// Where Canvas offers Homeroom, and the message type that it sends from there.
const PLACEMENTS: [(&str, Option<&str>); 4] = [
    ("course_navigation", None),
    ("editor_button", Some("ContentItemSelectionRequest")),
    ("resource_selection", Some("ContentItemSelectionRequest")),
    ("homework_submission", Some("ContentItemSelectionRequest")),
];

impl Cartridge<'_> {
    pub fn xml(&self) -> String {
        let [title, description, launch, icon, domain] =
            [self.title, self.description, self.launch_url, self.icon_url, self.domain].map(escape);
        let options: String = PLACEMENTS.iter().map(|&(name, message)| self.option(name, message)).collect();
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<cartridge_basiclti_link xmlns="http://www.imsglobal.org/xsd/imslticc_v1p0" xmlns:blti="http://www.imsglobal.org/xsd/imsbasiclti_v1p0" xmlns:lticm="http://www.imsglobal.org/xsd/imslticm_v1p0" xmlns:lticp="http://www.imsglobal.org/xsd/imslticp_v1p0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.imsglobal.org/xsd/imslticc_v1p0 http://www.imsglobal.org/xsd/lti/ltiv1p0/imslticc_v1p0.xsd http://www.imsglobal.org/xsd/imsbasiclti_v1p0 http://www.imsglobal.org/xsd/lti/ltiv1p0/imsbasiclti_v1p0p1.xsd http://www.imsglobal.org/xsd/imslticm_v1p0 http://www.imsglobal.org/xsd/lti/ltiv1p0/imslticm_v1p0.xsd http://www.imsglobal.org/xsd/imslticp_v1p0 http://www.imsglobal.org/xsd/lti/ltiv1p0/imslticp_v1p0.xsd">
<blti:title>{title}</blti:title>
<blti:description>{description}</blti:description>
<blti:launch_url>{launch}</blti:launch_url>
<blti:secure_launch_url>{launch}</blti:secure_launch_url>
<blti:icon>{icon}</blti:icon>
<blti:vendor><lticp:code>homeroom</lticp:code><lticp:name>{title}</lticp:name></blti:vendor>
<blti:extensions platform="canvas.instructure.com">
<lticm:property name="tool_id">homeroom</lticm:property>
<lticm:property name="privacy_level">public</lticm:property>
<lticm:property name="domain">{domain}</lticm:property>
{options}</blti:extensions>
</cartridge_basiclti_link>
"#
        )
    }

    fn option(&self, name: &str, message_type: Option<&str>) -> String {
        let property = |name: &str, value: &str| {
            format!("<lticm:property name=\"{name}\">{}</lticm:property>", escape(value))
        };
        let message = message_type.map(|value| property("message_type", value)).unwrap_or_default();
        let of = [
            ("enabled", "true"),
            ("text", self.title),
            ("url", self.launch_url),
            ("icon_url", self.icon_url),
        ];
        let of: String = of.iter().map(|(name, value)| property(name, value)).collect();
        format!("<lticm:options name=\"{name}\">{of}{message}</lticm:options>\n")
    }
}
