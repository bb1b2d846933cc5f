//! A browser, used as a person does: by what fields and buttons are called.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::command::{Command, ExtensionCommand};
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, ElementId, LoggingPrefsLogLevel};

use crate::driver::Driver;

/// Longer than any page takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// After this a page is taken to have stayed: a form that its own browser does not let go, say.
const STAYING: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);
/// Root may not use Chromium's sandbox; the rest keeps it from looking for anything by itself.
const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// A Chromium with a profile of its own.
pub struct Browser {
    pub driver: WebDriver,
    process: Driver,
    _profile: TempDir,
}

impl Browser {
    pub async fn start() -> Self {
        Self::start_with("en", json!({})).await
    }

    pub async fn without_scripts() -> Self {
        Self::start_with("en", json!({ "profile.managed_default_content_settings.javascript": 2 })).await
    }

    pub async fn speaking(language: &str) -> Self {
        Self::start_with(language, json!({})).await
    }

    async fn start_with(language: &str, mut preferences: Value) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let process = Driver::start(profile.path());
        preferences["intl.accept_languages"] = json!(language);
        // Chromium's questions about passwords would lie over the pages.
        preferences["credentials_enable_service"] = json!(false);
        let mut wanted = ChromeCapabilities::new();
        for argument in ARGUMENTS {
            wanted.add_arg(argument).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        wanted.add_arg(&format!("--lang={language}")).unwrap();
        wanted.add_experimental_option("prefs", preferences).unwrap();
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        let driver = WebDriver::new(process.url(), wanted).await.unwrap_or_else(|error| {
            panic!("Chromium can't be started: apt-get install chromium chromium-driver ({error})")
        });
        Self { driver, process, _profile: profile }
    }

    pub async fn open(&self, address: &str) {
        self.driver.goto(address).await.unwrap();
    }

    /// Types into the field that is called `label`, in place of what stood there; or chooses from it.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.named("input, select, textarea", label).await;
        if field.tag_name().await.unwrap() != "select" {
            field.clear().await.unwrap();
        }
        field.send_keys(text).await.unwrap();
    }

    /// Presses the button, link or other control that is called `name`, and waits for the page that it leads to.
    pub async fn press(&self, name: &str) {
        let control =
            self.named("button, a[href], summary, input[type=checkbox], input[type=radio]", name).await;
        control.scroll_into_view().await.unwrap();
        let page = self.driver.find(By::Tag("html")).await.unwrap();
        let leads_on = matches!(control.tag_name().await.unwrap().as_str(), "button" | "a");
        control.click().await.unwrap();
        let pressed = Instant::now();
        while leads_on && page.is_present().await.unwrap_or(false) && pressed.elapsed() < STAYING {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The element of these that assistive technology calls by this name.
    pub async fn named(&self, css: &str, name: &str) -> WebElement {
        let find = async || {
            for element in self.driver.find_all(By::Css(css)).await.ok()? {
                let is_it = label(&element).await.is_some_and(|label| label == name);
                if is_it && element.is_displayed().await.ok()? {
                    return Some(element);
                }
            }
            None
        };
        self.wait(&format!("nothing is called {name:?}"), find).await
    }

    /// Waits until the page shows this text.
    pub async fn sees(&self, text: &str) {
        let find = async || self.text().await.filter(|shown| shown.contains(text)).map(drop);
        self.wait(&format!("{text:?} is not to be seen"), find).await;
    }

    /// Waits until this is the heading.
    pub async fn reads(&self, title: &str) {
        let find = async || (self.title().await? == title).then_some(());
        self.wait(&format!("the heading is not {title:?}"), find).await;
    }

    /// Waits until the page is the one at this path (with its query).
    pub async fn arrives(&self, path: &str) {
        let find = async || (self.path().await == path).then_some(());
        self.wait(&format!("{path} was not reached"), find).await;
    }

    pub async fn title(&self) -> Option<String> {
        self.driver.find(By::Tag("h1")).await.ok()?.text().await.ok()
    }

    /// What is to be seen of the page.
    pub async fn text(&self) -> Option<String> {
        self.driver.find(By::Tag("body")).await.ok()?.text().await.ok()
    }

    /// The path of the address, with its query.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url[url::Position::BeforePath..].to_owned()
    }

    pub async fn address(&self) -> String {
        self.driver.current_url().await.unwrap().to_string()
    }

    /// Types into what has the focus. Keys without a letter have a number of their own (`\u{e004}` is Tab).
    pub async fn key(&self, keys: &str) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// What the element that has the focus is called.
    pub async fn focused(&self) -> String {
        label(&self.driver.active_element().await.unwrap()).await.unwrap()
    }

    /// What a script of ours, which pages' policies don't hold back, gives.
    pub async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Tells Chromium something that WebDriver has no word for.
    pub async fn tell(&self, command: &str, parameters: Value) {
        self.driver.cdp().send_raw(command, parameters).await.unwrap();
    }

    /// Fails where a page since the last look held something that its own policy refuses.
    pub async fn keeps_to_its_policy(&self, page: &str) {
        let mut said = self.driver.browser_log().await.unwrap().into_iter();
        let refused = said.find(|entry| entry.message.contains("Content Security Policy"));
        assert!(refused.is_none(), "{page}: {refused:?}");
    }

    /// Goes back, as by the browser's own button.
    pub async fn go_back(&self) {
        self.driver.back().await.unwrap();
    }

    /// Lets nothing in from addresses like this.
    pub async fn holds_back(&self, addresses: &str) {
        self.tell("Network.enable", json!({})).await;
        self.tell("Network.setBlockedURLs", json!({ "urls": [addresses] })).await;
    }

    /// Tries until there is something. The page may be changing meanwhile.
    async fn wait<T>(&self, otherwise: &str, find: impl AsyncFn() -> Option<T>) -> T {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(found) = find().await {
                return found;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{otherwise} on {}: {}", self.path().await, self.text().await.unwrap_or_default());
    }
}

impl Drop for Browser {
    /// `quit` would need the runtime that is about to end.
    fn drop(&mut self) {
        self.process.end_session(self.driver.session_id());
        let _ = self.driver.clone().leak();
    }
}

/// What assistive technology calls an element.
async fn label(element: &WebElement) -> Option<String> {
    let ask = Command::ExtensionCommand(Box::new(ComputedLabel(element.element_id())));
    element.handle().cmd(ask).await.ok()?.value().ok()
}

/// <https://www.w3.org/TR/webdriver2/#get-computed-label>
#[derive(Debug)]
struct ComputedLabel(ElementId);

impl ExtensionCommand for ComputedLabel {
    fn parameters_json(&self) -> Option<Value> {
        None
    }

    fn method(&self) -> Method {
        Method::GET
    }

    fn endpoint(&self) -> Arc<str> {
        format!("/element/{}/computedlabel", self.0).into()
    }
}
