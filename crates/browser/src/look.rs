//! Looking at a page: as screenshots in `target/screenshots`, and through axe-core.

use serde_json::json;

use crate::{Browser, target};

/// A desk's width, and that of a small phone.
const DESK: (u32, u32) = (1100, 760);
const PHONE: (u32, u32) = (360, 720);

impl Browser {
    /// Keeps screenshots of this page. Fails where axe-core finds anything in light or dark, or where the page is wider
    /// than a phone.
    pub async fn look(&self, name: &str) {
        self.picture(name).await;
        for colours in ["light", "dark"] {
            self.show(colours, DESK).await;
            self.is_accessible(&format!("{name} in {colours}")).await;
        }
        self.show("light", DESK).await;
    }

    /// Keeps `NAME-light.png`, `NAME-dark.png` and `NAME-phone.png`.
    pub async fn picture(&self, name: &str) {
        for (kind, colours, size) in
            [("light", "light", DESK), ("dark", "dark", DESK), ("phone", "light", PHONE)]
        {
            self.show(colours, size).await;
            self.keep(name, kind).await;
        }
        let over = "const page = document.scrollingElement; return page.scrollWidth - page.clientWidth";
        assert_eq!(self.ask(over).await, 0, "{name} is wider than a phone");
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

    async fn keep(&self, name: &str, kind: &str) {
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        self.driver.screenshot(&folder.join(format!("{name}-{kind}.png"))).await.unwrap();
    }
}
