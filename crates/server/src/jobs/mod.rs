//! Work in the background: what goes on after an answer, and upkeep. Every part of it may run on several replicas
//! at once, and may be cut short at any time.
mod erased;
mod erasure;
mod upkeep;

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::{App, Result};

pub use erased::Erased;
pub use erasure::{
    enqueue_erasure, enqueue_move, find as find_erasure, must_have_arrived, run_due as run_due_erasures,
    step_due as step_due_erasure,
};
pub use upkeep::keep_up;

/// How soon activity is visible, how soon an erasure goes on, how soon a mail leaves, how often the rest
/// is looked after.
const ACTIVITY: Duration = Duration::from_secs(3);
const ERASURE: Duration = Duration::from_millis(500);
const LICENSES: Duration = Duration::from_secs(1);
const MAIL: Duration = Duration::from_secs(1);
const SEALING: Duration = Duration::from_secs(1);
const UPKEEP: Duration = Duration::from_secs(60);

pub fn start(app: &App) {
    every(app, "activity", ACTIVITY, |app| Box::pin(app.activity.write(app)));
    every(app, "erasure", ERASURE, |app| Box::pin(erasure::run_due(app)));
    every(app, "licenses", LICENSES, |app| Box::pin(crate::licenses::settle_due(app)));
    for _ in 0..crate::mail::LANES {
        every(app, "mail", MAIL, |app| Box::pin(crate::mail::send_due(app)));
    }
    every(app, "sealing", SEALING, |app| Box::pin(crate::audit::seal_due(app)));
    every(app, "upkeep", UPKEEP, |app| Box::pin(upkeep::keep_up(app)));
}

/// Does `work` again and again until the server stops.
fn every(
    app: &App,
    name: &'static str,
    pause: Duration,
    work: for<'a> fn(&'a App) -> BoxFuture<'a, Result<()>>,
) {
    let tasks = app.tasks.clone();
    let app = app.clone();
    tasks.spawn(async move {
        loop {
            tokio::select! {
                () = app.stopping.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            if let Err(error) = work(&app).await {
                tracing::warn!(name, %error, "background work failed and will be tried again");
            }
        }
    });
}
