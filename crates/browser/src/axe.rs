//! axe-core, which looks for what keeps people with impairments out.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::{Browser, run, target};

/// All rules of WCAG 2.2 A and AA that it knows, and what it calls best practice.
const RUN: &str = "
    const [options, done] = arguments;
    axe.run(document, options).then(
        ({ passes, violations }) => done({ passes: passes.length, violations: violations.map(describe) }),
        error => done({ passes: 0, violations: [String(error)] }));
    function describe({ id, impact, help, nodes }) {
        const places = nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`);
        return `${impact} ${id} (${help}) at ${places.join('; ')}`;
    }";
const OPTIONS: &str =
    r#"{ "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }"#;

#[derive(Deserialize)]
struct Found {
    passes: usize,
    violations: Vec<String>,
}

impl Browser {
    /// Fails where axe-core finds anything on this page.
    pub async fn is_accessible(&self, page: &str) {
        self.driver.execute(source(), Vec::new()).await.unwrap();
        let options = serde_json::from_str(OPTIONS).unwrap();
        let found: Found = self.driver.execute_async(RUN, vec![options]).await.unwrap().convert().unwrap();
        assert!(found.violations.is_empty(), "{page}: {:#?}", found.violations);
        assert!(found.passes > 0, "axe-core looked at nothing of {page}");
    }
}

/// The script, from npm: the first test that needs it gets it.
fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let (own, folder) = (Path::new(env!("CARGO_MANIFEST_DIR")), target().join("browser"));
        let lock = std::fs::read(own.join("package-lock.json")).unwrap();
        let script = folder.join("node_modules/axe-core/axe.min.js");
        if !script.exists() || std::fs::read(folder.join("package-lock.json")).ok() != Some(lock) {
            std::fs::create_dir_all(&folder).unwrap();
            for name in ["package.json", "package-lock.json"] {
                std::fs::copy(own.join(name), folder.join(name)).unwrap();
            }
            let quietly = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"];
            run(Command::new("npm").args(quietly).current_dir(&folder));
        }
        std::fs::read_to_string(script).unwrap()
    })
}
