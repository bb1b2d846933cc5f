//! The app on a phone that shows codes.

use totp_rs::{Algorithm, Builder, Secret};

use super::TestApp;
use super::browser::{Browser, PASSWORD, Seen, between};

/// The page of the second factor.
pub const FACTOR: &str = "/account/second-factor";

pub struct Phone(String);

impl Phone {
    /// Knows the secret that a page shows to be typed by hand.
    pub fn with_secret_of(page: &Seen) -> Self {
        let shown = between(&page.text, "<code class=\"code\">", "</code>").unwrap();
        Self(shown.replace(' ', ""))
    }

    /// The code that it shows now.
    pub fn code(&self, app: &TestApp) -> String {
        let secret = Secret::try_from_base32(&self.0).unwrap();
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30);
        let totp = builder.with_secret(secret).with_account_name("test").build().unwrap();
        let seconds = u64::try_from(app.app.clock.now().as_millis() / 1000).unwrap();
        totp.generate(seconds).to_string()
    }

    /// The next code: each works once.
    pub fn next_code(&self, app: &TestApp) -> String {
        app.app.clock.advance(std::time::Duration::from_secs(30));
        self.code(app)
    }
}

impl TestApp {
    /// Turns the second factor on: the phone, and the recovery codes.
    pub async fn turn_on(&self, browser: &mut Browser) -> (Phone, Vec<String>) {
        let page = browser.get(FACTOR).await;
        let phone = Phone::with_secret_of(&page);
        let setup = between(&page.text, "name=\"setup\" value=\"", "\"").unwrap();
        let fields = [("setup", setup), ("first", &phone.code(self)), ("current", PASSWORD)];
        let on = browser.post(FACTOR, &fields).await;
        assert_eq!(on.title(), "Your recovery codes", "{}", on.text);
        (phone, recovery_codes(&on))
    }
}

/// The codes that a page shows.
pub fn recovery_codes(page: &Seen) -> Vec<String> {
    let codes = page.text.split("<li><code>").skip(1).map(|rest| rest.split_once('<').unwrap().0.to_owned());
    codes.collect()
}
