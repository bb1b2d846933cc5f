//! Looking at a page: as screenshots in `target/screenshots`, and through axe-core.

use serde_json::json;

use crate::{Browser, target};

/// A desk's width, and that of a small phone.
const DESK: (u32, u32) = (1100, 760);
const PHONE: (u32, u32) = (360, 720);

/// How a page is looked at.
struct Way {
    name: &'static str,
    colours: &'static str,
    size: (u32, u32),
}

const WAYS: &[Way] = &[
    Way { name: "light", colours: "light", size: DESK },
    Way { name: "dark", colours: "dark", size: DESK },
    Way { name: "phone", colours: "light", size: PHONE },
];

impl Browser {
    /// Keeps screenshots of this page. Fails where axe-core finds anything in light or dark, where the page is wider than
    /// a phone, or holds what its policy refuses.
    pub async fn look(&self, name: &str) {
        self.keeps_to_its_policy(name).await;
        for way in WAYS {
            self.keep(name, way).await;
            if way.size == DESK {
                self.is_accessible(&format!("{name} in {}", way.name)).await;
            }
        }
        self.fits(name).await;
    }

    /// Keeps screenshots of what is no page of ours: a mail.
    pub async fn picture(&self, name: &str) {
        for way in WAYS {
            self.keep(name, way).await;
        }
        self.fits(name).await;
    }

    /// Fails where it is wider than the phone that it was shown on last.
    async fn fits(&self, name: &str) {
        let over = "const page = document.scrollingElement; return page.scrollWidth - page.clientWidth";
        assert_eq!(self.ask(over).await, 0, "{name} is wider than a phone");
        self.show("light", DESK).await;
    }

    async fn keep(&self, name: &str, way: &Way) {
        self.show(way.colours, way.size).await;
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        self.driver.screenshot(&folder.join(format!("{name}-{}.png", way.name))).await.unwrap();
    }

    /// Shows the page in these colours at this size; where it is longer, at its whole length.
    async fn show(&self, colours: &str, (width, height): (u32, u32)) {
        let colours = json!({ "name": "prefers-color-scheme", "value": colours });
        let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        self.tell("Emulation.setEmulatedMedia", json!({ "features": [colours, still] })).await;
        self.resize(width, height).await;
        let length = self.ask("return document.scrollingElement.scrollHeight").await;
        let length = length.as_u64().and_then(|length| u32::try_from(length).ok()).unwrap();
        if length > height {
            self.resize(width, length).await;
        }
    }

    async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
    }
}
