//! The other clients: they read a list again and again, and sometimes write; some over a new connection each time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinHandle;

use super::super::http::{Http, Outcome};
use crate::homeroom::School;

const PAUSE: Duration = Duration::from_millis(10);

type Times = Arc<Mutex<Vec<Duration>>>;

pub struct Others {
    stop: Arc<AtomicBool>,
    times: Times,
    tasks: Vec<JoinHandle<Vec<Outcome>>>,
}

/// How long each request took in a stretch of time.
pub struct Window {
    times: Times,
    from: usize,
    took: Vec<Duration>,
}

impl Others {
    pub fn start(url: &str, school: &School) -> Result<Self> {
        let (stop, times) = (Arc::new(AtomicBool::new(false)), Times::default());
        let clients: [fn(&str, &str) -> Result<Http>; 4] =
            [Http::new, Http::new, Http::new, Http::without_reuse];
        let client = |connect: fn(&str, &str) -> Result<Http>| {
            Ok(tokio::spawn(ask(connect(url, &school.token)?, stop.clone(), times.clone())))
        };
        let tasks = clients.into_iter().map(client).collect::<Result<_>>()?;
        Ok(Self { stop, times, tasks })
    }

    pub fn window(&self) -> Window {
        let from = self.times.lock().unwrap_or_else(PoisonError::into_inner).len();
        Window { times: self.times.clone(), from, took: Vec::new() }
    }

    /// Whether each request got its answer.
    pub async fn stop(self) -> Result<String> {
        self.stop.store(true, Ordering::Relaxed);
        let mut unserved = Vec::new();
        for task in self.tasks {
            unserved.extend(task.await?);
        }
        ensure!(unserved.is_empty(), "{} were not, the first: {:?}", unserved.len(), unserved[0]);
        Ok(String::new())
    }
}

/// Those that were not served.
async fn ask(http: Http, stop: Arc<AtomicBool>, times: Times) -> Vec<Outcome> {
    let mut unserved = Vec::new();
    for number in 1.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let began = Instant::now();
        let outcome = match number % 10 {
            0 => http.send(Method::POST, "/v2/organizations/invitations", Some(json!({}))).await,
            _ => http.send(Method::GET, "/v2/organizations/users", None).await,
        };
        times.lock().unwrap_or_else(PoisonError::into_inner).push(began.elapsed());
        if !matches!(outcome, Outcome::Done(_)) {
            unserved.push(outcome);
        }
        tokio::time::sleep(PAUSE).await;
    }
    unserved
}

impl Window {
    pub fn close(mut self) -> Self {
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        self.took = times[self.from..].to_vec();
        drop(times);
        self.took.sort();
        self
    }

    pub fn count(&self) -> usize {
        self.took.len()
    }

    pub fn percentile(&self, percent: usize) -> Duration {
        let place = (self.took.len() * percent).div_ceil(100).saturating_sub(1);
        self.took.get(place).copied().unwrap_or_default()
    }
}
