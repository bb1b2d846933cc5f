//! A page that says something, and leads on.

use askama::Template;

use super::Layout;
use crate::App;
use crate::http::Visitor;

#[derive(Template)]
#[template(path = "html/told.html")]
pub struct Told {
    page: Layout,
    title: &'static str,
    texts: Vec<&'static str>,
    href: String,
    label: &'static str,
}

impl Told {
    /// A title, paragraphs, and the button to a page of ours, by the keys of their messages.
    pub fn new(
        app: &App,
        visitor: &Visitor,
        title: &'static str,
        texts: &[&'static str],
        (path, label): (&str, &'static str),
    ) -> Self {
        let page = Layout::new(app, visitor);
        let texts = texts.iter().map(|text| page.t(text)).collect();
        Self { title: page.t(title), texts, href: page.url(path), label: page.t(label), page }
    }
}
